"""The modules of one run, made now or in an earlier run: of each the little that is compared and told.

What is as it was in an earlier run, spec and folder, needs no import of what reads or renders specs. Of a new module
only its text is kept, so that a thousand take little memory.
"""

from __future__ import annotations

import gc
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import astuple, field, fields, replace
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from generator.cli.batch import Batch, Owner, refuse_warnings
from generator.cli.boundary import today
from generator.cli.kept import Kept
from generator.cli.printing import show_lines_of, show_templates
from generator.cli.profile import profile_of
from generator.cli.scope import Scope
from generator.fleet.keys import module_name
from generator.intent.claims import MISSING, service_in
from generator.output import manifest
from generator.source.diagnostics import Diagnostic, Place, outcome
from generator.source.draft import Row, Source
from generator.source.frozen import frozen
from generator.source.marks import Marks, at, in_file
from generator.source.reading import contents, is_file, is_there, noted

if TYPE_CHECKING:
    from gen_endpoints import Meaning, Rendered
    from generator.fleet.overlays import Target
    from generator.output.recall import Memory
    from generator.output.same import Folders

_MANY = 20


@frozen(kw_only=True, eq=False)
class Made:
    """A module: what other specs are compared with, and what is printed."""

    key: str
    label: str
    file: str
    path: str
    named: Place
    """Where it has its name."""
    name: str
    region: str | None
    vpc: str
    """What only one VPC has, if it is known."""
    alike: str
    """What rows have by which nobody tells their VPCs apart, if their accounts are not known."""
    near: str
    """What only specs have whose VPCs may be one; empty where nothing tells."""
    services: tuple[str, ...]
    """The types and services of its endpoints, by `service_in`."""
    endpoints: int
    claims: tuple[tuple[str, Place], ...]
    """What no other module may have in the VPC, and where the spec says so."""
    warnings: tuple[Diagnostic, ...]
    was: str
    retired: bool
    digests: Mapping[str, str]
    """The rendered files; none where the spec was only validated."""
    templates: str = ""
    """The folder of a team's templates for it."""
    added: tuple[str, ...] = ()
    """The files that are these templates'."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What they are given."""
    packed: bytes = b""
    """The text alone, compressed, where nothing is compared."""
    rendered: Rendered | None = None
    """All of it, where something may be compared."""

    @property
    def files(self) -> Mapping[str, str]:
        """The text by path; none where the folder has just that."""
        packed: Mapping[str, str] = json.loads(zlib.decompress(self.packed)) if self.packed else {}
        return self.rendered.files if self.rendered else packed

    @property
    def is_same(self) -> bool:
        """Whether the folder was found to hold just this, as it did at git's base revision."""
        return not (self.packed or self.rendered)

    @property
    def module(self) -> str:
        """The name of its module, as file systems compare it."""
        return module_name(self.key).casefold()

    @property
    def source(self) -> Source:
        """The spec, with nothing but the place of its name where nothing is compared."""
        row, place = Row(self.label, retired=self.retired) if self.label else None, self.named
        marks: Marks = {"name": in_file(at(place.line, place.column), 1)}
        return self.rendered.spec if self.rendered else Source(self.file, {"name": ""}, marks, (place.file,), row)


def make_all(
    scope: Scope, kept: Kept, batch: Batch, *, strict: bool, lean: bool = False, is_rendered: bool = True
) -> tuple[list[Made], list[Owner]]:
    """Return a module for each target that is right, where it is not `is_rendered` without its files; and all targets.

    With `lean`, no more than its text is kept of one that has no folder yet, in no repository.
    """
    folders = _folders(scope) if is_rendered else None
    memory, number = kept.memory, count(1)
    reads: dict[str, dict[str, str]] = {}
    fresh: dict[str, list[Target]] = {}
    show_lines_of(scope.specs)

    def find(spec: str) -> Sequence[Owner]:
        return (memory and _recalled(name_of(spec), memory, folders)) or fresh.setdefault(
            spec, fresh_targets(spec, scope, reads)
        )

    def name_of(spec: str) -> str:
        return "\0".join((scope.file, scope.source.templates if scope.source else "", spec))

    def make(each: Owner) -> Made:
        if not isinstance(each, Made):
            if not next(number) % _MANY:  # what was read and rendered has circles
                gc.collect()
                gc.freeze()
            with noted(reads.get(each.source.file)):
                each = _make(cast("Target", each), kept, folders, scope, lean=lean)
        refuse_warnings(tuple(one for one in each.warnings if one.code not in MISSING), strict=strict)
        return each

    targets = [each for found in batch.each_of(scope.specs, find, is_last=False).values() for each in found]
    right = batch.each_of(targets, make, is_last=False)
    digests = {each: made.digests for each, made in right.items()}
    found = {
        each: right[each] for each in (batch.distinct(right, scope, digests) if scope.project or folders else right)
    }
    batch.settle(found)
    names = [each.name for each in fields(Made)][:-5]  # but those that are of this run alone
    for spec, of_it in fresh.items():
        made = [found[each] for each in of_it if each in found]
        is_kept = len(made) == len(of_it) and not any(each.templates for each in made)  # what those hold is not noted
        if memory and is_kept and is_file(spec):
            values = [{name: getattr(each, name) for name in names} for each in made]
            memory.keep(name_of(spec), reads[spec], values, default=astuple)
    return [*found.values()], targets


def _folders(scope: Scope) -> Folders:
    """Return the folders of a run; raises Refused where a link leads them elsewhere: once, even if they are right."""
    from generator.output.disk import refuse_outside
    from generator.output.same import Folders

    refuse_outside([scope.out])
    return Folders(scope.out, is_strict=scope.project is not None)


def _recalled(name: str, memory: Memory, folders: Folders | None) -> list[Made]:
    """Return what an earlier run made of a spec, if its folders are just that."""
    found = [_of_json(each) for each in memory.recall(name) or ()]
    is_same = not any(each.was for each in found) and (
        folders is None or all(each.digests and folders.hold(each.key, each.digests) for each in found)
    )
    return found if is_same else []


def _of_json(kept: Any) -> Made:
    claims = tuple((what, Place(*place)) for what, place in kept.pop("claims"))
    warnings = tuple(Diagnostic(Place(*place), *rest) for place, *rest in kept.pop("warnings"))
    return Made(named=Place(*kept.pop("named")), claims=claims, warnings=warnings, **kept)


def fresh_targets(spec: str, scope: Scope, reads: dict[str, dict[str, str]]) -> list[Target]:
    """Return the targets of a spec, and note what is read for them."""
    from generator.generate import targets_of

    with noted() as reads[spec]:
        if scope.file:
            contents(scope.file)
        found = [*targets_of(spec, scope.source)]
    show_templates({each.source.templates for each in found})
    return found


def _make(target: Target, kept: Kept, folders: Folders | None, scope: Scope, *, lean: bool) -> Made:
    import gen_endpoints
    from generator.output.tree import refuse_link

    if folders is None:
        return made(target, scope, gen_endpoints.understand(target.source, today=today()))
    refuse_link(scope.out / target.key, scope.out)
    rendered = gen_endpoints.render(target.source, today=today(), cache=kept.cache)
    found = made(target, scope, rendered.meaning, rendered)
    is_new = lean and not (folders.top or found.was or is_there(folders.out / found.key))
    packed = zlib.compress(json.dumps(dict(rendered.files)).encode()) if is_new else b""
    return replace(found, rendered=None, packed=packed) if is_new else found


def made(target: Target, scope: Scope, meaning: Meaning, rendered: Rendered | None = None) -> Made:
    """Return what is compared and told of a spec that is right."""
    source, row = target.source, target.source.row
    files = rendered.files if rendered else {}
    vpc, alike, near = vpc_of(target, scope, meaning.region)
    return Made(
        key=source.label or meaning.name,
        label=source.label,
        file=source.file,
        path=source.path,
        named=source.place(("name",)),
        name=meaning.name,
        region=meaning.region,
        vpc=vpc,
        alike=alike,
        near=near,
        services=tuple(service_in(each.type, each.target, each.region) for each in meaning.endpoints),
        endpoints=len(meaning.endpoints),
        claims=meaning.claims,
        warnings=meaning.warnings,
        was=row.was if row else "",
        retired=source.is_retired,
        digests={path: manifest.digest(text.encode()) for path, text in files.items()},
        templates=source.templates if rendered else "",
        added=rendered.added if rendered else (),
        values=rendered.values if rendered else {},
        rendered=rendered,
    )


def vpc_of(target: Target, scope: Scope, region: str | None) -> tuple[str, str, str]:
    """Return what only the VPC of a target has, and what others may have that are it; empty where it is not known.

    The last is the same for all of which nothing tells that they have several VPCs.
    """
    data: Any = target.source.data
    vpc = data["vpc"]
    if "id" in vpc:
        return str(vpc["id"]), "", str(vpc["id"])
    if not region or "variable" in vpc:
        return "", "", ""
    by, account = f"{region} {sorted(vpc.items())}", target.values.get("account", "")
    profile = outcome(lambda each: profile_of(scope, each, region), target)
    if account or isinstance(profile, str):
        sure = f"{f'account {account}' if account else f'profile {profile}'} {by}"
        return sure, "", sure
    values = {name: value for name, value in target.values.items() if name != "name"}
    alike = f"{target.source.file} {sorted(values.items())} {by}" if target.label else ""
    return "", alike, alike or by

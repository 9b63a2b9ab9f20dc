"""The public API: what the commands of `gen-endpoints` do, as functions from plain data to plain data.

    path ──parse, targets──▶ Source ──understand──▶ Meaning
                               └────render──────▶ Rendered ──.files──▶ read_back ──▶ Facts ──check──▶ findings
                                             └─────.files──▶ differences, changes, refusals, write ──▶ a folder

What is in `__all__` stays, and what it names is frozen; all else in this package and in `generator` may change. Nothing
here prints, exits or reads the clock. A function that refuses raises Refused, with every finding at its place.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gen_endpoints.data import Endpoint, Meaning, Rendered, meaning_of, rendered_of
from generator.change.change import Change, Planned
from generator.hcl.facts import Facts, read_back, readable
from generator.hcl.hcl import Block, Call, Expression, Value
from generator.hcl.memory import Cache
from generator.module.check import check
from generator.module.module import Module
from generator.output import tree
from generator.output.difference import Difference
from generator.output.tree import Written, differences
from generator.source.diagnostics import Diagnostic, ExitCode, Place, Refused
from generator.source.draft import Source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from generator.change.baseline import Baseline
    from generator.change.edit import Edit
    from generator.generate import Generated

__all__ = ["changes", "check", "differences", "parse", "planned", "read_back", "refusals", "render"]
__all__ += ["targets", "understand"]
__all__ += ["Cache", "Endpoint", "Facts", "Meaning", "Module", "Rendered", "Source", "Written", "write"]
__all__ += ["Change", "Diagnostic", "Difference", "ExitCode", "Place", "Planned", "Refused"]
__all__ += ["Block", "Call", "Expression", "Value"]


def parse(path: str, text: str | bytes | None = None) -> Source:
    """Return what the spec at `path` holds, or `text` in its place; every scalar is text, and knows its line.

    Raises Refused for a file that can't be read (E030), and for one that is neither YAML nor JSON.
    """
    from generator.source import source

    return source.read(path) if text is None else source.parse(text, path)


def targets(path: str, *, project: Source | None = None) -> tuple[Source, ...]:
    """Return each target of the spec at `path` as a spec by itself; of one without `targets`, itself.

    `FILE:KEY` is the one of that key. `project` is the project file, parsed, whose `vars`, `templates` and `rules` hold
    for it too. Raises Refused for what can't be read or makes no targets.
    """
    from generator import __version__, generate
    from generator.project.project import decode

    if project and (refused := decode(project, __version__)[1]):
        raise refused
    return tuple(each.source for each in generate.targets_of(path, project))


def understand(spec: Source, *, today: date | None = None) -> Meaning:
    """Return what a spec means; the policy files and the lists of Regions beside it are read, and nothing else.

    Data that is old by `today` gets a warning. Raises Refused with everything that is wrong with the spec.
    """
    from generator import generate

    return meaning_of(generate.understand_source(spec, today))


def render(spec: Source, *, templates: str = "", today: date | None = None, cache: Cache | None = None) -> Rendered:
    """Return the module that a spec means, read back and proven; nothing is written.

    `templates` is a folder of templates, whose files come with it, in place of the one that the spec names.

    `cache` keeps what one call learns for the next, and on the disk after `cache.save()`. Raises Refused as
    `understand` does, and with `exit_code` BUG where the files say anything else than the spec.
    """
    return rendered_of(generated(spec, templates, today=today, cache=cache))


def generated(spec: Source, templates: str = "", *, today: date | None = None, cache: Cache | None = None) -> Generated:
    """Return what `render` does, with the Intent."""
    from generator import generate

    cache = Cache(None) if cache is None else cache
    spec = replace(spec, templates=templates) if templates else spec
    found = generate.generate_source(spec, cache, today)
    if not (templates := found.intent.source.templates):
        return found
    from generator.team_templates import folder, stamp

    plain = stamp.Stamped(found.module, found.files, found.facts)
    made = stamp.stamped(found.intent, plain, folder.read(templates), cache.known)
    return replace(found, **made._asdict())


def refusals(
    modules: Mapping[Path, Rendered | Mapping[str, str]], *, allow: Iterable[str] = (), cache: Cache | None = None
) -> tuple[Diagnostic, ...]:
    """Return why `write` would refuse to turn what each of these folders was into its module; nothing is written.

    It was what git's base revision has of it, or else what it holds. Terraform would destroy or replace an endpoint,
    could not apply the edit, or would leave behind what the spec states no longer. `allow` names what may be so, as
    `destroy:app/logs`, `replace:app/*` or `keep:logs.policy`; text is one of these. A warning, of what no commit has,
    refuses nothing.
    """
    return forbidden(edits(modules, cache=cache), (allow,) if isinstance(allow, str) else tuple(allow))


def forbidden(found: Collection[Edit], allow: Collection[str]) -> tuple[Diagnostic, ...]:
    """Return what forbids edits, but for what is allowed; of a first render, or of no change, without a long import."""
    if not allow and not any(each.before or each.baseline.is_told or each.unread for each in found):
        return ()
    from generator.change.refusals import judge

    return tuple(judge(found, allow)[1])


def changes(
    modules: Mapping[Path, Rendered | Mapping[str, str]],
    *,
    before: Mapping[Path, Mapping[str, str]] | None = None,
    cache: Cache | None = None,
) -> tuple[Change, ...]:
    """Return what Terraform will do to get from what each of these folders holds to its module; nothing is written.

    `before` has what each folder held at the time to compare with, as text by relative path, in place of what it holds
    now; a folder that is not in it held nothing. A module without files is one that goes.
    """
    from generator.change.changes import changes as found_in

    return tuple(change for edit in edits(modules, _states(modules, before), cache) for change in found_in(edit))


def planned(
    modules: Mapping[Path, Rendered | Mapping[str, str]],
    plan: str,
    *,
    before: Mapping[Path, Mapping[str, str]] | None = None,
    cache: Cache | None = None,
) -> Planned:
    """Return what Terraform planned to do to the modules, and where that is not what `changes` says.

    `plan` is a file of what `terraform show -json PLAN` printed; `-` is standard input. Raises Refused for any other.
    """
    from generator.change.plan import planned as found_in
    from generator.source.terraform_json import read_plan

    return found_in(edits(modules, _states(modules, before), cache, every=True), read_plan(plan))


def edits(
    modules: Mapping[Path, Rendered | Mapping[str, str]],
    before: Mapping[Path, Baseline] | None = None,
    cache: Cache | None = None,
    *,
    every: bool = False,
) -> tuple[Edit, ...]:
    """Return the edit of each folder that comes to hold something else than it was, by `before` or by its baseline.

    With `every`, also of those that stay as they are: a plan may change them all the same.
    """
    from generator.change.baseline import baselines, ours
    from generator.change.departures import with_moves
    from generator.change.edit import edit

    known, found = (cache or Cache(None)).known, {}
    specs = {path: each.spec if isinstance(each, Rendered) else Source(str(path), {}) for path, each in modules.items()}
    if before is None:
        before = baselines({path: (_files(each), specs[path]) for path, each in modules.items()})
    for folder, module in modules.items():
        files, baseline = _files(module), before[folder]
        held = ours(baseline.files, files)
        is_same = held == ours(files, files)
        if every or baseline.is_told or not is_same:
            new = module.facts if isinstance(module, Rendered) else readable(files, known)
            old = new if is_same else readable(held, known)
            name = module.module.name if isinstance(module, Rendered) else folder.name
            compared = edit(specs[folder], old, new, name)
            unread = {path: baseline.unread(folder, why) for path, why in compared.unread.items()}
            found[folder] = replace(compared, baseline=baseline, unread=unread)
    return with_moves(found)


def _states(
    modules: Mapping[Path, Rendered | Mapping[str, str]], before: Mapping[Path, Mapping[str, str]] | None
) -> Mapping[Path, Baseline]:
    """Return what each folder is compared with: what it held at some time, or else what it holds."""
    from generator.change.baseline import Baseline, held

    texts = {path: held(path) for path in modules} if before is None else before
    return {folder: Baseline(texts.get(folder, {})) for folder in modules}


def _files(module: Rendered | Mapping[str, str]) -> Mapping[str, str]:
    return module.files if isinstance(module, Rendered) else module


def write(
    files: Rendered | Mapping[str, str], folder: Path, *, force: bool = False, allow: Iterable[str] = ()
) -> Written:
    """Make `folder` hold exactly these files among those that are ours, and leave the user's own alone.

    With `force`, what was edited by hand is overwritten. Raises Refused with the `refusals`, which of a Rendered are at
    the spec's lines, and for what is in the way.
    """
    if found := [each for each in refusals({folder: files}, allow=allow) if not each.is_warning]:
        raise Refused(found)
    return tree.write(_files(files), folder, force=force)

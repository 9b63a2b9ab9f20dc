"""What commands share that read specs: the work for each of several, and what comes of all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gen_endpoints
from gen_endpoints import Cache, Difference, Meaning, Rendered, Source
from generator.cli.batch import Batch
from generator.cli.boundary import today
from generator.cli.printing import note, print_diagnostics, printing, say, say_diff
from generator.cli.scope import Scope, one
from generator.fleet.told import fold
from generator.source.diagnostics import Code, Diagnostic, Refused

if TYPE_CHECKING:
    from generator.change.edit import Edit
    from generator.fleet.overlays import Target
    from generator.intent.intent import Intent
    from generator.spec.project import Project

TWIN = Code("E035")
CHANGED = "changed by other files"


def render_all(
    targets: Iterable[Target], cache: Cache, batch: Batch, scope: Scope, *, strict: bool = False
) -> dict[Path, Rendered]:
    """Render every target that is right to its folder, and print the warnings and what templates add."""
    from generator.output.tree import refuse_link

    def render(target: Target) -> Rendered:
        refuse_link(scope.out / target.key, scope.out)
        rendered = gen_endpoints.render(target.source, templates=scope.templates, today=today(), cache=cache)
        refuse_warnings(rendered.meaning.warnings, strict=strict)
        return rendered

    all_rendered = batch.each_of(targets if scope.project else batch.distinct([*targets], scope), render)
    for target in refuse_twins({target: each.meaning for target, each in all_rendered.items()}, batch):
        del all_rendered[target]
    print_diagnostics(fold((each.spec.label, each.meaning.warnings) for each in all_rendered.values()))
    if added := sorted({path for each in all_rendered.values() for path in each.added}):
        batch.note(f"{scope.templates} adds {', '.join(added)}")
    return {scope.out / each.key: each for each in all_rendered.values()}


def refuse_twins(found: Mapping[Target, Meaning], batch: Batch) -> list[Target]:
    """Keep as refused, and return, the targets with a private name that another has in what surely is the same VPC."""
    owners, refused = dict[tuple[str, str], str](), []
    for target, meaning in found.items():
        vpc = _vpc_of(target, meaning.region)
        names = [(each, (vpc, each.target)) for each in meaning.endpoints if vpc and each.private_dns]
        twins = [
            TWIN.at(
                target.source.key_place(("endpoints", each.key)),
                f"{owner} has an endpoint of {each.target} with private DNS in the same VPC",
            )
            for each, name in names
            if (owner := owners.setdefault(name, target.source.path)) != target.source.path
        ]
        if twins:
            batch.refused.append(found_twice := Refused(twins))
            found_twice.label = target.label
            refused.append(target)
    return refused


def _vpc_of(target: Target, region: str | None) -> str:
    """Return what only one VPC has: its id, or how it is found where account and Region are known; else nothing."""
    data: Any = target.source.data
    account, vpc = target.values.get("account", ""), data["vpc"]
    found_by = f"{account} {region} {sorted(vpc.items())}" if account and region and "variable" not in vpc else ""
    return str(vpc.get("id") or found_by)


def found_beside(
    all_rendered: Mapping[Path, Rendered], project: Project | None, batch: Batch
) -> dict[Path, list[Diagnostic]]:
    """Return what other files in the modules' folders do to what the specs decide, and what a project does not own.

    What is to be renamed is looked at where it is.
    """
    from generator.change.baseline import folder_before
    from generator.module.intrusion import intrusions
    from generator.output.beside import beside, unowned
    from generator.project.project import USUAL, is_own

    own = USUAL if project is None or project.own is None else project.own

    def look(folder: Path) -> list[Diagnostic]:
        each = all_rendered[folder]
        at = folder_before(folder, each.spec) or folder
        others = beside(at, each.files)
        left = unowned(at, others, lambda path: is_own(path, own)) if project else []
        return [*intrusions(each.facts.blocks, others, folder=str(at), spec=each.spec.file, own=own), *left]

    return batch.each_of(all_rendered, look)


def is_changed(beside: Iterable[Diagnostic], *, strict: bool) -> bool:
    """Tell whether `check` refuses a module for what is beside it."""
    return any(strict or not each.is_warning for each in beside)


def intent_of(spec: str | Source, *, strict: bool = False) -> Intent:
    """Return what a spec means, and print its warnings; raise Refused as `validate` does."""
    from generator.generate import understand_source

    printing().sources.add(spec.partition(":")[0] if isinstance(spec, str) else spec.file)
    intent = understand_source(one(spec) if isinstance(spec, str) else spec, today())
    refuse_warnings(intent.warnings, strict=strict)
    print_diagnostics(intent.warnings)
    return intent


def compare_all(
    all_rendered: Mapping[Path, Rendered],
    cache: Cache,
    allow: Iterable[str] = (),
    *,
    strict: bool,
    batch: Batch,
    beside: Mapping[Path, Iterable[Diagnostic]],
    tell: Callable[[Path, Difference], object] | None = None,
) -> tuple[dict[Path, tuple[Difference, ...]], list[Diagnostic]]:
    """Print what each edit means, how folders differ, and what `render` would refuse; return the last two.

    Each difference is told by its finding, and of a folder that is not there yet nothing; or all by `tell`. What
    `render` would rename is compared where it is.
    """
    from generator.change.baseline import folder_before, unfollowed
    from generator.change.refusals import judge
    from generator.cli.views.diff import lines

    edits = gen_endpoints.edits(all_rendered, cache=cache)
    changes, found = judge(edits, allow)
    found += unfollowed({folder: each.spec for folder, each in all_rendered.items()}).values()
    before = {folder: folder_before(folder, each.spec) or folder for folder, each in all_rendered.items()}
    untold = {each.module.name for folder, each in all_rendered.items() if not (tell or before[folder].exists())}
    told = [*lines([each for each in changes if each.module not in untold])]
    say("\n".join((*told[1:], "")) if told else "", end="\n" if told else "")
    differences = batch.each_of(
        all_rendered, lambda folder: gen_endpoints.differences(all_rendered[folder].files, before[folder])
    )
    for folder, of_it in differences.items():
        if before[folder] != folder:
            say(f"render would rename {before[folder]} to {folder}, with all that is in it")
        for difference in () if all_rendered[folder].module.name in untold else of_it:
            found_there = tell(folder, difference) if tell else difference.diagnostic
            if isinstance(found_there, Diagnostic):
                print_diagnostics([found_there], as_result=True)
            else:
                say(found_there)
            say_diff(difference.diff)
        if not of_it and not is_changed(beside.get(folder, ()), strict=strict):
            batch.say(f"{folder}: up to date")
    print_base((each for each in edits if each.module not in untold), is_decisive=bool(found))
    print_diagnostics(found)
    return differences, [each for each in found if strict or not each.is_warning]


def changed_folders(
    targets: Iterable[Target], cache: Cache, batch: Batch, against: str, scope: Scope
) -> dict[Path, str]:
    """Return the modules' folders that are not what they were, each with what it is now: added, changed or removed."""
    from generator.change.baseline import compared_with, ours

    rendered = render_all(targets, cache, batch, scope)
    found = compared_with({at: (each.files, each.spec) for at, each in rendered.items()}, against, scope.out)
    states = dict[Path, str]()
    for at, before in found.items():
        files = rendered[at].files if at in rendered else {}
        if (old := ours(before.files, files, every=True)) != ours(files, files, every=True):
            states[at] = "changed" if old and files else "added" if files else "removed"
    return states


def print_base(edits: Iterable[Edit], *, is_decisive: bool) -> None:
    """Print with what modules are compared, where that decides what is refused; and which are with nothing, and why."""
    decisive = (each.baseline.name for each in edits if is_decisive and (each.before or each.baseline.was))
    new = (f"nothing: {each.baseline.lacks}" for each in edits if each.baseline.lacks and not each.before)
    for name in dict.fromkeys((*decisive, *new)):
        note(f"compared with {name}")


@contextmanager
def kept_cache(*, no_cache: bool) -> Iterator[Cache]:
    """Yield what earlier runs learned, and keep what this one adds, in the user's cache folder.

    With `no_cache`, nothing of both; and where `CI` is set, since others may have filled the folder.
    """
    from platformdirs import user_cache_path

    folder = None
    with suppress(RuntimeError):  # there is no home folder
        if not (no_cache or os.environ.get("CI")):
            folder = user_cache_path("gen-endpoints", appauthor=False)
    cache = Cache(folder)
    try:
        yield cache
    finally:
        cache.save()


def refuse_warnings(warnings: tuple[Diagnostic, ...], *, strict: bool) -> None:
    """Raise Refused where a spec comes with warnings and they are to be taken for errors."""
    if strict and warnings:
        raise Refused(warnings)

"""What commands share that read specs: the work for each of several, and what comes of all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.cli.batch import Batch, refuse_warnings
from generator.cli.beside import is_changed, lost_imports
from generator.cli.boundary import today
from generator.cli.kept import Kept, kept
from generator.cli.made import Made, made, vpc_of
from generator.cli.printing import FOR_PEOPLE, note, of_templates, print_diagnostics, printing, say, say_diff, take_for
from generator.cli.scope import Scope
from generator.cli.twins import print_warnings, without_found, without_twins
from generator.intent.claims import of_service
from generator.source.diagnostics import Diagnostic
from generator.source.reading import is_there

if TYPE_CHECKING:
    from gen_endpoints import Cache, Difference, Rendered, Source
    from generator.change.edit import Edit
    from generator.fleet.overlays import Target
    from generator.intent.intent import Intent

CHANGED = "changed by other files"


def render_all(targets: Iterable[Target], cache: Cache, batch: Batch, scope: Scope) -> dict[Path, Rendered]:
    """Render every target that is right to its folder, and print the warnings and what templates add."""
    import gen_endpoints
    from generator.output.tree import refuse_link

    def render(target: Target) -> Rendered:
        refuse_link(scope.out / target.key, scope.out)
        return gen_endpoints.render(target.source, today=today(), cache=cache)

    right = batch.each_of(targets, render, is_last=False)
    all_rendered = {each: right[each] for each in (right if scope.project else batch.distinct(right, scope))}
    batch.settle(all_rendered)
    found = {made(target, scope, each.meaning, each): each for target, each in all_rendered.items()}
    return {at: found[each] for at, each in judged(found, batch, scope).items()}


def judged(found: Iterable[Made], batch: Batch, scope: Scope, *, strict: bool = False) -> dict[Path, Made]:
    """Return by their folders the modules that go together, and print the warnings and what templates add."""
    left = without_twins(found, batch, strict=strict)
    for line in of_templates(((each.templates, path) for each in left for path in each.added), "adds"):
        batch.note(line)
    return {scope.out / each.key: each for each in left}


def folders_before(sources: Mapping[Path, Source]) -> dict[Path, Path]:
    """Return where each folder is till `render` renames it."""
    if not any(each.row and each.row.was for each in sources.values()):
        return {folder: folder for folder in sources}
    from generator.change.former import folder_before

    return {folder: folder_before(folder, each) or folder for folder, each in sources.items()}


def unfollowed(made: Mapping[Path, Made]) -> dict[Path, Diagnostic]:
    """Return why `was` can't be followed, by folder."""
    if not any(each.was for each in made.values()):
        return {}
    from generator.change import baseline

    return baseline.unfollowed({folder: each.source for folder, each in made.items()})


def edits_of(made: Mapping[Path, Made], kept: Kept) -> tuple[Edit, ...]:
    """Return the edits of modules that may be something else than they were."""
    if not (rendered := {folder: each.rendered for folder, each in made.items() if each.rendered}):
        return ()
    import gen_endpoints

    return gen_endpoints.edits(rendered, cache=kept.cache)


def intents_of(targets: Iterable[Target], batch: Batch, scope: Scope, *, strict: bool = False) -> dict[Target, Intent]:
    """Return what specs mean, and print their warnings."""
    from generator.generate import understand_source

    known = batch.each_of(targets, lambda target: understand_source(target.source, today()), is_last=False)
    warnings = _warnings_of(known, scope)

    def judge(target: Target) -> Intent:
        is_due = any(each.code not in batch.later for each in warnings[target])
        refuse_warnings(warnings[target] if is_due else (), strict=strict)
        return known[target]

    found = batch.each_of(known, judge)
    print_warnings(batch.hold({target: warnings[target] for target in found}))
    return found


def print_held(found: Mapping[Target, Intent], batch: Batch, scope: Scope) -> None:
    """Print the warnings of specs but those that the batch holds."""
    print_warnings(batch.hold(_warnings_of(found, scope)))


def _warnings_of(found: Mapping[Target, Intent], scope: Scope) -> dict[Target, tuple[Diagnostic, ...]]:
    return without_found(
        {
            target: (
                vpc_of(target, scope, each.spec.known_region)[-1],
                [*map(of_service, each.rendered)],
                each.warnings,
            )
            for target, each in found.items()
        }
    )


def compare_all(
    made: Mapping[Path, Made],
    kept: Kept,
    allow: Collection[str] = (),
    *,
    strict: bool,
    batch: Batch,
    beside: Mapping[Path, Iterable[Diagnostic]],
    tell: Callable[[Path, Difference], None] | None = None,
    orphaned: Collection[str] = (),
) -> tuple[dict[Path, tuple[Difference, ...]], list[Diagnostic]]:
    """Print what each edit means, how folders differ, and what `render` would refuse; return the last two.

    Each difference is told by its finding, and of a folder that is not there yet nothing; or all are printed by `tell`.
    What `render` would rename is compared where it is. That a module stays behind is said of the orphans, where it is
    one of them and the other is rendered already.
    """
    edits, before = edits_of(made, kept), folders_before({folder: each.source for folder, each in made.items()})
    edits = tuple(
        each for each in edits if each.before != each.after or each.unread or each.baseline.was not in orphaned
    )
    untold = {each.name for folder, each in made.items() if not (tell or is_there(before[folder]))}
    is_brief = not tell and printing().form != "json" and (batch.quiet or printing().form not in FOR_PEOPLE)
    hidden = {each.name for each in made.values()} if is_brief else untold
    found = _print_edits(edits, allow, hidden) if edits or allow else []
    found += [*unfollowed(made).values(), *(lost_imports(beside).values() if tell else ())]
    differences = batch.each_of(made, lambda folder: _differences(made[folder], before[folder]))
    for folder, of_it in differences.items():
        if before[folder] != folder:
            say(f"render would rename {before[folder]} to {folder}, with all that is in it")
        shown = () if made[folder].name in untold else of_it
        if shown and is_brief:
            _print_briefly(made[folder], shown)
        for difference in () if is_brief else shown:
            if tell:
                tell(folder, difference)
            else:
                print_diagnostics([difference.diagnostic], as_result=True)
            say_diff(difference.diff)
        if not of_it and not is_changed(beside.get(folder, ()), strict=strict):
            batch.say(f"{folder}: up to date")
    print_base((each for each in edits if each.module not in untold), is_decisive=bool(found))
    print_diagnostics(found)
    if not tell:  # `check` tells, and lets pass
        take_for("warning", found)
    return differences, [each for each in found if strict or not each.is_warning]


def _print_edits(edits: Iterable[Edit], allow: Iterable[str], untold: Collection[str]) -> list[Diagnostic]:
    """Print what edits do, and return what forbids them."""
    from generator.change.refusals import judge
    from generator.cli.views.diff import lines

    changes, found = judge(edits, allow)
    if told := [*lines([each for each in changes if each.module not in untold])][1:]:
        say("\n".join((*told, "")))
    return found


def _print_briefly(made: Made, found: Collection[Difference]) -> None:
    """Print one finding of a module, for programs at the line of the spec, which is what was edited."""
    from generator.output.tree import worst

    if printing().form in FOR_PEOPLE:
        say(replace(worst(found), fix=""))
    else:
        print_diagnostics([worst(found, made.source.place(("name",)))], as_result=True)


def _differences(made: Made, folder: Path) -> tuple[Difference, ...]:
    if made.is_same:
        return ()
    from generator.output.tree import differences

    return differences(made.files, folder)


def print_base(edits: Iterable[Edit], *, is_decisive: bool) -> None:
    """Print with what modules are compared, where that decides what is refused; and which are with nothing, and why."""
    decisive = (each.baseline.name for each in edits if is_decisive and (each.before or each.baseline.was))
    new = (f"nothing: {each.baseline.lacks}" for each in edits if each.baseline.lacks and not each.before)
    for name in dict.fromkeys((*decisive, *new)):
        note(f"compared with {name}")


@contextmanager
def kept_cache(*, no_cache: bool) -> Iterator[Cache]:
    """Yield the shapes that earlier runs learned, as `kept` does."""
    with kept(no_cache=no_cache) as found:
        yield found.cache

"""The command that says what an edit of specs will do to what exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

import gen_endpoints
from gen_endpoints import Diagnostic, Rendered
from generator.cli.app import EPILOG, DiffFormat, Named, NoCache, Out, ProjectFile, TemplatesFolder, app, stated
from generator.cli.batch import Batch
from generator.cli.boundary import boundary
from generator.cli.orphaned import orphans_of, said_of_orphan
from generator.cli.printing import keep, note, of_templates, print_diagnostics, say_result
from generator.cli.scope import scoped
from generator.cli.specs import kept_cache, render_all
from generator.source.diagnostics import Code, ExitCode
from generator.source.reading import is_folder

if TYPE_CHECKING:
    from generator.change.baseline import Baseline
    from generator.change.change import Change, Planned
    from generator.change.edit import Edit
    from generator.cli.views.diff_rows import Report
    from generator.output.beside import Orphan

BEHIND = Code("W512")
RENAMED = Code("W513")


FailOn = Literal["destroy", "replace", "any"]


@app.command(epilog=EPILOG)
def diff(
    specs: Named = None,
    *,
    against: Annotated[
        str | None,
        typer.Option(
            metavar="REV|DIR",
            callback=stated,
            help="What to compare with: a git revision, as origin/main, or another folder of modules' folders.  "
            "[default: the modules on disk]",
        ),
    ] = None,
    plan: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            callback=stated,
            help="Tell what Terraform planned, and where that differs: what `terraform show -json PLAN` printed; "
            "- for standard input.",
        ),
    ] = None,
    out: Out = None,
    project: ProjectFile = None,
    templates: TemplatesFolder = None,
    form: DiffFormat = "text",
    fail_on: Annotated[
        FailOn,
        typer.Option(
            help="From which change on the exit code is 4; what can't be applied, and a plan that "
            "disagrees with the files (E510), count as destroyed; so does a module of no spec any more (E315).",
        ),
    ] = "any",
    no_cache: NoCache = False,
) -> None:
    """Say what an edit of specs will do to endpoints.

    Modules are compared as text of Terraform, so that it does not matter who wrote them, or which version of the tool.
    With --against, a module whose folder is gone is destroyed. One whose folder stays, of no spec any more, is told
    where all specs are known, as by check (E315); else it is not compared. What a comment of a pull request is to have
    comes with --format markdown. Exit 4 where there is a change.
    """
    with boundary(form), kept_cache(no_cache=no_cache) as cache:
        from generator.change.around import UNREAD
        from generator.change.baseline import compared_with, unfollowed
        from generator.cli.views import diff as views

        scope = scoped(specs, project, out, templates=templates, any_version=True)
        batch = Batch(quiet=True)  # of what templates add, only what changes is told, below
        targets = batch.targets_of(scope)
        rendered = render_all(targets, cache, batch, scope)
        held = {at: (each.files, each.spec) for at, each in rendered.items()}
        revision = "" if against and is_folder(against) else against or ""
        orphaned = {Path(each.finding.place.file): each for each in orphans_of(scope, targets, revision)}
        before = compared_with(held, against or "", scope.out, orphaned)
        modules: dict[Path, Rendered | Mapping[str, str]] = {
            at: rendered.get(at) or (each.files if each.is_left else {}) for at, each in before.items()
        }
        changed = [(at, each, path) for at, each in rendered.items() for path in each.added]
        changed = [(at, each, path) for at, each, path in changed if _is_other(path, each, before[at].files)]
        there = {(each.spec.templates, path) for at, each, path in changed if path in before[at].files}
        new = {(each.spec.templates, path) for _, each, path in changed} - there
        for line in (*of_templates(new, "adds"), *of_templates(there, "changes")):
            note(f"{line}; what that does is not compared")
        report = _report(gen_endpoints.edits(modules, before, cache, every=True), against or "", plan)
        stuck = unfollowed({at: each.spec for at, each in rendered.items()}).values()
        report = replace(report, findings=(*stuck, *_left(before, orphaned, scope.out), *report.findings))
        report = replace(report, templates=tuple((at / path).as_posix() for at, _, path in changed))
        print_as = {"text": views.as_text, "json": views.as_json, "markdown": views.as_markdown}
        say_result(print_as.get(form, views.as_text)(report))
        if form not in {"json", "markdown"}:
            print_diagnostics(report.findings, as_result=True)
        code = ExitCode.FINE
        if any(each.code == UNREAD.code for each in report.changes):
            code = ExitCode.REFUSED
        elif any(_fails(each, fail_on) for found in (report.changes, report.findings) for each in found):
            code = ExitCode.STALE
        batch.end((), code)


def _is_other(path: str, now: Rendered, before: Mapping[str, str]) -> bool:
    """Tell whether a file of Terraform's that templates add is not what it was."""
    return path.endswith(".tf") and "/" not in path and before.get(path) != now.files[path]


def _fails(found: Change | Diagnostic, fail_on: FailOn) -> bool:
    """Tell whether it is what `--fail-on` names, or worse: E158 and E510 may be, and E504 destroys nothing."""
    from generator.change.faults import LEFT_BEHIND
    from generator.change.plan import DISAGREES
    from generator.change.refusals import LEFT_FOLDER
    from generator.fleet.rows import FORMER
    from generator.output.beside import ORPHAN

    if isinstance(found, Diagnostic):
        return found.code in {LEFT_FOLDER.code, DISAGREES.code, FORMER.code, ORPHAN.code}
    destroys = found.action in {"destroy", "rename"} or (found.action == "refused" and found.code != LEFT_BEHIND.code)
    return destroys or fail_on == "any" or (fail_on == "replace" and found.action == "replace")


def _left(before: Mapping[Path, Baseline], orphaned: Mapping[Path, Orphan], out: Path) -> Iterator[Diagnostic]:
    """Yield that modules which make something are of no spec any more, but for those of which E512 is told."""
    from generator.output.beside import makes

    behind = {out / each.was for each in before.values() if each.was}
    for at, each in before.items():
        if each.is_left and at in orphaned and at not in behind and makes(each.files.values()):
            yield said_of_orphan(orphaned[at])


def _report(edits: Sequence[Edit], against: str, plan: str | None) -> Report:
    """Return what becomes of each module, by the files or by a plan; what is in the way is told in any case."""
    from decimal import Decimal

    from generator.change.around import UNREAD
    from generator.change.plan import planned
    from generator.change.refusals import GROUP_ANEW, LEFT_FOLDER, NO_FORMER, judge
    from generator.cli.views.diff_rows import Report
    from generator.cost.rendered import monthly
    from generator.source.terraform_json import read_plan

    found, findings = judge(each for each in edits if each.before != each.after or each.unread or each.baseline.is_told)
    keep(findings)
    told = planned(edits, read_plan(plan)) if plan else None
    if told:
        found = [each for each in found if each.action == "refused" or each.code == UNREAD.code]
    left = [each for each in findings if each.code in {LEFT_FOLDER.code, NO_FORMER.code, GROUP_ANEW.code}]
    read: list[Any] = [(edit.before, edit.after, edit.spec.data) for edit in edits if not edit.unread]
    costs = [[monthly(side.values(), data.get("region")) for side in sides] for *sides, data in read]
    return Report(
        against=against,
        modules=tuple(each.module for each in edits),
        changes=(*(told.changes if told else ()), *found),
        findings=(*left, *(told.findings if told else ()), *_renamed(edits), *_behind(edits)),
        others=told.others if told else 0,
        before=sum((before for (before, _), _ in costs), Decimal(0)),
        after=sum((after for _, (after, _) in costs), Decimal(0)),
        unpriced=(sum(before for (_, before), _ in costs), sum(after for _, (_, after) in costs)),
        endpoints={each.module: tuple(_keys(each, told)) for each in edits},
    )


def _keys(edit: Edit, plan: Planned | None) -> Iterator[str]:
    """Yield the keys of a module's endpoints, before and after, of which the files and the plan, if any, tell all."""
    from generator.change.edit import ENDPOINT

    for address in dict.fromkeys((*edit.before, *edit.after)) if not edit.unread else ():
        kind, _, key = address.partition(".")
        if kind == ENDPOINT and (plan is None or key in plan.told.get(edit.module, ())):
            yield key


def _renamed(edits: Iterable[Edit]) -> Iterator[Diagnostic]:
    """Yield a finding for each module whose folder had another name, which `was` says."""
    for each in (edit for edit in edits if edit.baseline.renamed):
        key = each.spec.row.key if each.spec.row else each.module
        message = f"{key} is renamed from {each.baseline.renamed}, and compared with what that was"
        yield RENAMED.at(each.spec.place_of_was, message)


def _behind(edits: Iterable[Edit]) -> Iterator[Diagnostic]:
    """Yield a finding for each bundle of a spec of which there is a newer version."""
    from generator.catalog import bundles

    for spec in (each.spec for each in edits):
        data: Any = spec.data
        for index, pinned in enumerate(data.get("bundles") or ()):
            newest = bundles.newest(bundles.load()[pinned.partition("@")[0]]).pinned
            if newest != pinned:
                fix = f"gen-endpoints bundles {newest} has what it brings"
                yield BEHIND.at(spec.place(("bundles", index)), f"{pinned}: there is {newest}", fix)

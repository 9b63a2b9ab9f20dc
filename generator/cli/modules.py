"""The commands that read specs and write, compare and show the modules that they mean."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from generator.cli.app import EPILOG, Format, Out, OutputFormat, Specs, Strict, app
from generator.cli.edge import edge, harmless, print_diagnostics, today
from generator.source.diagnostics import ExitCode, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from generator.generate import Generated
    from generator.intent.intent import Intent
    from generator.output.difference import Difference
    from generator.output.tree import Written
    from generator.source.diagnostics import Diagnostic

Result = TypeVar("Result")


@app.command(epilog=EPILOG)
def render(
    specs: Specs,
    *,
    out: Out = Path("out"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change and write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that were edited by hand.")] = False,
    strict: Strict = False,
) -> None:
    """Render specs to Terraform modules.

    Each module goes to a folder of its spec's name, and nothing is written unless all of them are proven. Files of your
    own in the folder are left alone.
    """
    with edge():
        from generator.output import tree

        refused: list[Difference] = []
        for generated in generate_all(specs, strict=strict):
            folder = out / generated.module.name
            if not dry_run:
                _print_written(tree.write(generated.files, folder, force=force), folder)
                continue
            differences = tree.differences(generated.files, folder)
            _print_differences(differences)
            refused += tree.in_the_way(differences, force=force)
        if refused:
            print("\nrender would refuse for what is in the way: see the fix of each", file=sys.stderr)
            raise typer.Exit(ExitCode.REFUSED)


@app.command(epilog=EPILOG)
def check(specs: Specs, *, out: Out = Path("out"), strict: Strict = False) -> None:
    """Compare the modules' folders with their specs.

    Writes nothing; exit 4 and a diff where a folder is not what its spec renders to. Files of your own do not count.
    """
    with edge():
        from generator.output import tree

        stale: list[str] = []
        in_the_way: list[Difference] = []
        for path, generated in zip(dict.fromkeys(specs), generate_all(specs, strict=strict), strict=True):
            folder = out / generated.module.name
            differences = tree.differences(generated.files, folder)
            _print_differences(differences)
            in_the_way += tree.in_the_way(differences)
            if differences:
                stale.append(path)
            else:
                print(f"{folder}: up to date")
        if stale:
            first = "mend what is in the way, then " if in_the_way else ""
            command = shlex.join(("gen-endpoints", "render", *stale, "--out", str(out)))
            print(f"\nout of date; {first}run: {command}", file=sys.stderr)
            raise typer.Exit(ExitCode.STALE)


@app.command(epilog=EPILOG)
def validate(specs: Specs, *, strict: Strict = False) -> None:
    """Say whether specs are right, and render nothing.

    Every mistake is told at its line: first those of form, and once there is none, those of meaning.
    """
    with edge():
        from generator.generate import understand

        day = today()
        intents = each_of(specs, lambda path: _accepted(understand(path, day), strict=strict))
        for path, intent in zip(dict.fromkeys(specs), intents, strict=True):
            print_diagnostics(intent.warnings)
            count = len(intent.endpoints)
            print(f"{path}: fine, {count} endpoint{'s' if count > 1 else ''}")


@app.command(epilog=EPILOG)
def show(
    target: Annotated[str, typer.Argument(metavar="DIR|SPEC", help="A rendered module's folder, or a spec.")],
    *,
    output_format: OutputFormat = Format.TABLE,
) -> None:
    """Show a module's endpoints, read from its HCL."""
    with edge():
        from generator.cli.views.endpoints import as_json, as_table, overview

        rows = overview(_files_of(target), target)
        print(as_json(rows) if output_format is Format.JSON else as_table(rows))


def generate_all(specs: Iterable[str], *, strict: bool = False) -> list[Generated]:
    """Generate every spec before anything is written, and keep what was read back for the next run."""
    from generator.generate import distinct, generate
    from generator.output.cache import Cache

    cache = Cache(_cache_folder())

    def work(path: str) -> Generated:
        generated = generate(path, cache, today())
        _accepted(generated.intent, strict=strict)
        return generated

    generated = each_of(specs, work)
    cache.save()
    distinct(generated)
    for each in generated:
        print_diagnostics(each.intent.warnings)
    return generated


def _accepted(intent: Intent, *, strict: bool) -> Intent:
    """Return what a spec means; raise Refused where it comes with warnings and they are to be taken for errors."""
    if strict and intent.warnings:
        raise Refused(intent.warnings)
    return intent


def _cache_folder() -> Path | None:
    from platformdirs import user_cache_path

    try:
        return user_cache_path("gen-endpoints", appauthor=False)
    except RuntimeError:  # there is no home folder
        return None


def each_of(specs: Iterable[str], work: Callable[[str], Result]) -> list[Result]:
    """Do the work for each spec; where any is refused, raise all that was found in all of them."""
    results: list[Result] = []
    findings: list[Diagnostic] = []
    codes: list[ExitCode] = []
    for path in dict.fromkeys(specs):
        try:
            results.append(work(path))
        except Refused as refused:
            findings += refused.diagnostics
            codes.append(refused.exit_code)
    if findings:
        raise Refused(findings, max(codes))
    return results


def _print_differences(differences: Iterable[Difference]) -> None:
    for difference in differences:
        print(difference.diagnostic)
        print(harmless(difference.diff), end="")


def _print_written(written: Written, folder: Path) -> None:
    for verb, paths in (("created", written.created), ("changed", written.changed), ("removed", written.removed)):
        for path in paths:
            print(f"{verb} {folder / path}")
    if not (written.created or written.changed or written.removed):
        print(f"{folder}: up to date")


def _files_of(target: str) -> Mapping[str, str]:
    """Return the files of a rendered module's folder, or those that a spec renders to."""
    folder = Path(target)
    if not folder.is_dir():
        files = generate_all([target])[0].files
        return {path: text for path, text in files.items() if path.endswith(".tf")}
    from generator.source.reading import contents

    return {path.name: contents(str(path)).decode(errors="surrogateescape") for path in sorted(folder.glob("*.tf"))}

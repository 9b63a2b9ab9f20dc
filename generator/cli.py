"""The command line: the only module that prints, exits, or reads the environment."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from generator.diagnostics import ExitCode, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from generator.diagnostics import Diagnostic
    from generator.difference import Difference
    from generator.generate import Generated
    from generator.tree import Written

Result = TypeVar("Result")

EPILOG = (
    "Exit codes: 0 fine, 1 your turn (the spec, or files in the way), 2 wrong usage, 3 our bug, "
    "4 out of date (check), 130 interrupted."
)

app = typer.Typer(
    help="AWS VPC endpoints: one YAML spec in, one proven Terraform module out.",
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Specs = Annotated[list[str], typer.Argument(metavar="SPEC...", help="Specs to read, as specs/band-up.yaml.")]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The folder that the modules' folders are in.")]


class Format(StrEnum):
    """How `show` prints."""

    TABLE = "table"
    JSON = "json"


@app.callback(invoke_without_command=True)
def _version(
    *, version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False
) -> None:
    if version:
        from importlib.metadata import version as installed

        print(f"gen-endpoints {installed('gen-endpoints')}")
        raise typer.Exit


@app.command(epilog=EPILOG)
def render(
    specs: Specs,
    *,
    out: Out = Path("out"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change and write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that were edited by hand.")] = False,
) -> None:
    """Render specs to Terraform modules, each in a folder of its name; nothing is written unless all are proven."""
    with _edge():
        from generator import tree

        for generated in _generate_all(specs):
            folder = out / generated.module.name
            if dry_run:
                _print_differences(tree.differences(generated.files, folder))
            else:
                _print_written(tree.write(generated.files, folder, force=force), folder)


@app.command(epilog=EPILOG)
def check(specs: Specs, *, out: Out = Path("out")) -> None:
    """Say whether the modules' folders are what the specs render to; write nothing. Exit 4 and a diff where not."""
    with _edge():
        from generator import tree

        stale = []
        for path, generated in zip(dict.fromkeys(specs), _generate_all(specs), strict=True):
            folder = out / generated.module.name
            differences = tree.differences(generated.files, folder)
            _print_differences(differences)
            if differences:
                stale.append(path)
            else:
                print(f"{folder}: up to date")
        if stale:
            print(f"\nout of date; run: gen-endpoints render {' '.join(stale)} --out {out}", file=sys.stderr)
            raise typer.Exit(ExitCode.STALE)


@app.command(epilog=EPILOG)
def validate(specs: Specs) -> None:
    """Say whether specs are right, every mistake at its line; render nothing."""
    with _edge():
        from generator.generate import understand

        for path, module in zip(dict.fromkeys(specs), _each(specs, understand), strict=True):
            _print_diagnostics(module.warnings)
            count = len(module.endpoints)
            print(f"{path}: fine, {count} endpoint{'s' if count > 1 else ''}")


@app.command(epilog=EPILOG)
def show(
    target: Annotated[str, typer.Argument(metavar="DIR|SPEC", help="A rendered module's folder, or a spec.")],
    *,
    output_format: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
) -> None:
    """Show a module's endpoints, as read back from its HCL."""
    with _edge():
        from generator.overview import as_json, as_table, overview

        rows = overview(_files_of(target))
        print(as_json(rows) if output_format is Format.JSON else as_table(rows))


@app.command(epilog=EPILOG)
def explain(
    code: Annotated[str, typer.Argument(metavar="[CODE]", help="A code, as E101; without one, all are listed.")] = "",
) -> None:
    """Explain what a code means, why it is one, and where it comes from."""
    with _edge():
        from generator.codes import codes

        known = codes()
        if not code:
            print("\n".join(f"{each.code}  {each.title}" for each in known.values()))
        elif code.upper() in known:
            each = known[code.upper()]
            print(
                "\n".join(
                    filter(
                        None,
                        (
                            f"{each.code}: {each.title}",
                            "",
                            each.explanation,
                            f"Source: {each.source}" if each.source else "",
                        ),
                    )
                )
            )
        else:
            print(f"no code {code}; gen-endpoints explain lists them", file=sys.stderr)
            raise typer.Exit(ExitCode.USAGE)


@app.command(epilog=EPILOG)
def schema() -> None:
    """Print the JSON Schema of specs, for editors."""
    with _edge():
        import json

        from generator.spec import json_schema

        print(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def run() -> int:
    """Run the command that the arguments name, and return its exit code."""
    try:
        app()
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    return ExitCode.FINE


@contextmanager
def _edge() -> Iterator[None]:
    """Print what a command could not do, once, and exit with the code that says whose turn it is."""
    try:
        yield
        sys.stdout.flush()
    except Refused as refused:
        _print_diagnostics(refused.diagnostics)
        for difference in getattr(refused, "differences", ()):
            print(_harmless(difference.diff), end="", file=sys.stderr)
        raise typer.Exit(refused.exit_code) from refused
    except KeyboardInterrupt as interrupt:
        print("interrupted", file=sys.stderr)
        raise typer.Exit(ExitCode.INTERRUPTED) from interrupt
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it flushes at the end
        raise typer.Exit(ExitCode.FINE) from None
    except typer.Exit:
        raise
    except Exception as error:
        if "GEN_ENDPOINTS_TRACEBACK" in os.environ:
            raise
        _print_bug(error)
        raise typer.Exit(ExitCode.BUG) from error


def _print_bug(error: Exception) -> None:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    print(
        f"gen-endpoints has a bug: {type(error).__name__} at {where}: {error}\n"
        "    please report this line and the spec; GEN_ENDPOINTS_TRACEBACK=1 shows the whole trace",
        file=sys.stderr,
    )


def _generate_all(specs: Iterable[str]) -> list[Generated]:
    """Generate every spec before anything is written, and keep what was read back for the next run."""
    from generator.cache import Cache
    from generator.generate import distinct, generate

    cache = Cache(_cache_folder())
    generated = _each(specs, lambda path: generate(path, cache))
    cache.save()
    distinct(generated)
    for each in generated:
        _print_diagnostics(each.module.warnings)
    return generated


def _cache_folder() -> Path | None:
    from platformdirs import user_cache_path

    try:
        return user_cache_path("gen-endpoints", appauthor=False)
    except RuntimeError:  # there is no home folder
        return None


def _each(specs: Iterable[str], work: Callable[[str], Result]) -> list[Result]:
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


def _print_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    for diagnostic in diagnostics:
        print(diagnostic, file=sys.stderr)


def _print_differences(differences: Iterable[Difference]) -> None:
    for difference in differences:
        print(difference.diagnostic)
        print(_harmless(difference.diff), end="")


def _harmless(text: str) -> str:
    """Return text without the control characters by which a file could steer the terminal."""
    return "".join(character if character.isprintable() or character in "\n\t" else "\ufffd" for character in text)


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
        files = _generate_all([target])[0].files
        return {path: text for path, text in files.items() if path.endswith(".tf")}
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.tf"))}

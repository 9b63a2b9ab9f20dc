"""The application that every command belongs to: its options, and what they share."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

EPILOG = (
    "Exit codes: 0 fine, 1 your turn (the spec, or files in the way), 2 wrong usage, 3 our bug, "
    "4 out of date (check) or drifted (drift), 130 interrupted."
)

_ORDER = (
    *("init", "render", "check", "validate", "show", "adopt", "preflight", "verify", "drift", "cost"),
    *("services", "bundles", "policies", "explain", "schema"),
)
"""The order in which a user comes to need the commands; one that is not here comes after them."""


class _InOrder(TyperGroup):
    """Lists the commands in the order in which a user comes to need them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands."""
        return sorted(
            super().list_commands(ctx), key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER)
        )


app = typer.Typer(
    cls=_InOrder,
    help="AWS VPC endpoints: one YAML spec in, one proven Terraform module out.",
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Specs = Annotated[list[str], typer.Argument(metavar="SPEC...", help="Specs to read, as specs/band-up.yaml.")]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The folder that the modules' folders are in.")]
Strict = Annotated[bool, typer.Option("--strict", help="Take warnings for errors.")]


REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]+")
"""How the name of a Region looks."""


def as_region(text: str | None) -> str | None:
    """Return a Region as it is; it becomes a file's name, so it may be nothing else."""
    if text is not None and not REGION.fullmatch(text):
        raise typer.BadParameter(f"{text} is no Region such as ap-southeast-1")
    return text


class Format(StrEnum):
    """How a command prints what it found."""

    TABLE = "table"
    JSON = "json"


OutputFormat = Annotated[Format, typer.Option("--format", help="How to print.")]


@app.callback(invoke_without_command=True)
def _version(
    *, version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False
) -> None:
    if version:
        from importlib.metadata import version as installed

        print(f"gen-endpoints {installed('gen-endpoints')}")
        raise typer.Exit

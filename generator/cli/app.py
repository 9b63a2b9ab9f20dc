"""The application that every command belongs to, and the options that commands share.

Typer evaluates the annotations of commands in each run: here, and where commands are that find most unchanged, they are
no text, which would have to be compiled.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup, TyperOption

from generator import __version__
from generator.cli import complete
from generator.cli.printing import printing
from generator.source.reading import is_folder
from generator.source.region import is_region

EPILOG = (
    "Exit codes: 0 fine, 1 your turn (the spec, or files in the way), 2 wrong usage, 3 our bug, "
    "4 out of date (check), a change (diff) or drift, 130 interrupted."
)

GROUPS = {
    "Write specs and modules": ("init", "render", "adopt", "targets"),
    "Change them": ("check", "diff", "validate"),
    "Check against AWS": ("preflight", "verify", "drift"),
    "Look at modules": ("show", "draw", "page", "cost"),
    "Look things up": ("services", "bundles", "policies", "templates", "explain", "schema"),
}
"""What a user wants to do, and the commands for it, in the order in which they come to be needed."""


def _one_of(*names: str) -> Callable[[Any, Any, str], str]:
    """Return what refuses other values of an option, and sets that of how the command prints."""

    def take(context: Any, option: Any, value: str) -> str:
        if value and value not in names:
            out = (each.metavar for each in context.command.params if "-o" in each.opts)
            hint = "".join(f"; -o {each} names what is written" for each in out)
            raise typer.BadParameter(f"{value!r} is not one of {', '.join(filter(None, names))}{hint}")
        setattr(printing(), option.name, value or names[0])
        return value

    return take


def _look() -> list[TyperOption]:
    """Return the options of every command that say how it looks."""
    styles, colors = ("concise", "full"), ("auto", "always", "never")
    return [
        TyperOption(
            param_decls=["style", "--output"],
            metavar=f"<{'|'.join(styles)}>",
            callback=_one_of("", *styles),
            expose_value=False,
            envvar="GEN_ENDPOINTS_OUTPUT",
            show_envvar=True,
            help="Tell each finding in one line, or with the spec's line and the fix.  [default: full on a terminal]",
        ),
        TyperOption(
            param_decls=["--color"],
            metavar=f"<{'|'.join(colors)}>",
            callback=_one_of(*colors),
            expose_value=False,
            help="Whether to print in color.  [default: auto]",
        ),
    ]


class _Group(TyperGroup):
    """A group each of whose commands has the options of how it looks, listed under what it is for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands."""
        order = [name for names in GROUPS.values() for name in names]
        return sorted(super().list_commands(ctx), key=lambda name: order.index(name) if name in order else len(order))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Show each command with the whole of its first sentence; all texts of a page line up."""
        width = max(map(len, self.commands))
        others = self.commands.keys() - {name for names in GROUPS.values() for name in names}
        for title, names in {**GROUPS, "Commands": sorted(others)}.items():
            found = ((name, self.get_command(ctx, name)) for name in names if name in self.commands)
            if rows := [(name.ljust(width), each.get_short_help_str(1_000)) for name, each in found]:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command by its name."""
        command = super().get_command(ctx, cmd_name)
        if command and not isinstance(command, TyperGroup) and not any(each.name == "color" for each in command.params):
            command.params += _look()
        return command


class QueryFirst(_Group):
    """A group whose first word, where it is no command, is a query."""

    query = "find"
    """The command that the query is of."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read `services docker` as `services find docker`."""
        is_command = args[:1] and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if is_command else [self.query, *args])

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Show the options of a query too, since its command is seldom written."""
        self.get_command(ctx, self.query).format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


app = typer.Typer(
    cls=_Group,
    help="AWS VPC endpoints: one YAML spec in, one proven Terraform module out.",
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def as_path(text: str) -> Path:
    """Return the path that an option is given; a usage error where it is empty, which would be this folder."""
    return Path(_not_empty(text))


Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing of what is as it should be.")]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "--dir",
        "-o",
        metavar="DIR",
        parser=as_path,
        help="The folder of the modules' folders.  [default: the project's, else out]",
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="Treat warnings as errors.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Neither believe nor keep what earlier runs have read.")]


def as_region(text: str | None) -> str | None:
    """Return the name of a Region as it is; a usage error for anything else, since it becomes a file's name."""
    if text is not None and not is_region(text):
        raise typer.BadParameter(f"{text} is not the name of a Region, such as eu-west-1")
    return text


def _not_empty(value: Any) -> Any:
    """Return what an option is given; a usage error where it is empty, as from a variable that is not set."""
    if "" in (value if isinstance(value, list) else [value]):
        raise typer.BadParameter("it is empty; is a variable not set?")
    return value


def stated(context: typer.Context, value: Any) -> Any:
    """Return the same; a usage error also where standard input is given twice, here or in another option."""
    context.meta["-"] = context.meta.get("-", 0) + (value if isinstance(value, list) else [value]).count("-")
    if context.meta["-"] > 1:
        raise typer.BadParameter("standard input (-) can be read once: give the other by a file")
    return _not_empty(value)


def _allowances(texts: list[str] | None) -> list[str]:
    """Return what `--allow` is given as it is; a usage error for what allows nothing whatever the specs say."""
    for text in texts or ():
        from generator.change.refusals import ALLOWANCE

        if not ALLOWANCE.fullmatch(text):
            forms = "destroy:MODULE/KEY, replace:MODULE/KEY and keep:KEY.FIELD, with * for any"
            raise typer.BadParameter(f"{text} is none of {forms}")
    return texts or []


Allow = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WHAT",
        callback=_allowances,
        help="Let an endpoint go (destroy:MODULE/KEY), be made anew (replace:MODULE/KEY), or AWS keep what it states "
        "no longer (keep:KEY.FIELD); * for any name. May be repeated.",
    ),
]

specs_argument = partial(typer.Argument, callback=stated, autocompletion=complete.specs)
Named = Annotated[
    list[str] | None,
    specs_argument(metavar="[SPEC]...", help="Specs, folders of specs, or quoted patterns.  [default: the project's]"),
]
ProjectFile = Annotated[
    str | None,
    typer.Option(
        "--project",
        metavar="FILE",
        callback=stated,
        help="The project file.  [default: gen-endpoints.yaml, here or above]",
    ),
]

TemplatesFolder = Annotated[
    str | None,
    typer.Option(
        "--templates",
        metavar="DIR",
        callback=stated,
        help="A folder of your own templates.  [default: the spec's or project's]",
    ),
]


def specs_folder(stated: Path | None = None) -> Path:
    """Return the folder of the specs: as stated, else `specs` where there is one, else this one."""
    return stated or (Path("specs") if is_folder("specs") else Path())


def region_option(text: str) -> Any:
    """Return the option `--region`, the same in every command but for the text of its help."""
    offer = complete.names("RegionName")
    return typer.Option("--region", metavar="REGION", callback=as_region, autocompletion=offer, help=text)


def name_argument(metavar: str, kind: str, text: str) -> Any:
    """Return an argument that a shell completes by the names of a kind."""
    return typer.Argument(metavar=metavar, autocompletion=complete.names(kind), help=text)


Region = Annotated[str | None, region_option("The Region, where the spec does not state it.")]


_OfFindings = Literal["github", "gitlab", "sarif", "junit"]
"""The formats that have the findings of a command alone, for those who show them: CI, forges, editors."""
_FORMAT = typer.Option("--format", help="How to print; github, gitlab, sarif and junit have the findings.")
FindingsFormat = Annotated[Literal["text", "json", _OfFindings], _FORMAT]
OutputFormat = Annotated[Literal["table", "json", _OfFindings], _FORMAT]
DiffFormat = Annotated[Literal["text", "json", "markdown", _OfFindings], _FORMAT]


@app.callback(invoke_without_command=True)
def _version(
    *, version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False
) -> None:
    if version:
        print(f"gen-endpoints {__version__}")
        raise typer.Exit

"""The command that writes a first spec, from options or, in a terminal, from answers."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from generator.cli.app import EPILOG, app, region_option, specs_folder
from generator.cli.boundary import boundary, stop
from generator.cli.printing import harmless, print_diagnostics, say
from generator.source.diagnostics import Refused

Answer = TypeVar("Answer")
_OTHER_NAME = "choose another name, or --out FILE"
_SUBNETS = "Subnets, one in each zone, separated by commas"


@app.command(epilog=EPILOG)
def init(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The spec's name, and its module's.")] = "",
    *,
    region: Annotated[str | None, region_option("The Region of the VPC.")] = None,
    vpc: Annotated[str, typer.Option("--vpc", metavar="NAME|ID", help="The VPC, by its Name tag or its id.")] = "",
    subnet: Annotated[
        list[str] | None,
        typer.Option(
            "--subnet", metavar="NAME|ID", help="A subnet, one in each zone; may be repeated, or with commas."
        ),
    ] = None,
    bundle: Annotated[
        list[str] | None,
        typer.Option("--bundle", metavar="NAME", help="A bundle of endpoints; may be repeated, or with commas."),
    ] = None,
    security_group: Annotated[
        str, typer.Option("--security-group", metavar="create|NAME|ID", help="The security group of the endpoints.")
    ] = "create",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="The file to write.  [default: specs/NAME.yaml if the folder specs exists, else NAME.yaml]",
        ),
    ] = None,
) -> None:
    """Write a first spec.

    In a terminal, it asks for what the options leave out. No file is ever overwritten.
    """
    with boundary():
        given = {"NAME": name, "--region": region, "--vpc": vpc, "--subnet": subnet, "--bundle": bundle}
        lacks = [option for option, value in given.items() if not value]
        if lacks and not (sys.stdin.isatty() and sys.stdout.isatty()):
            stop(f"init needs {', '.join(lacks)}; in a terminal it asks for what is left out")
        from generator.authoring import first_spec
        from generator.output.disk import refuse_existing

        name = _ask("Name of the spec and its module", first_spec.take_name, name)
        path = out or specs_folder() / f"{name}.yaml"
        if lacks:  # before anything is asked
            refuse_existing([path], _OTHER_NAME)
        default_region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")  # as the AWS CLI does
        take_vpc = partial(first_spec.take_reference, "vpc", "--vpc")
        take_group = partial(first_spec.take_reference, "sg", "--security-group")
        answers = first_spec.FirstSpec(
            name=name,
            region=_ask("Region", first_spec.take_region, region, default=default_region),
            vpc=_ask("VPC, by its Name tag or its id", take_vpc, vpc),
            subnets=first_spec.take_subnets(",".join(subnet)) if subnet else _ask(_SUBNETS, first_spec.take_subnets),
            bundles=first_spec.take_bundles(",".join(bundle)) if bundle else _ask_bundles(),
            security_group=_ask("Security group: create, a name or an id", take_group, default=security_group)
            if lacks
            else take_group(security_group),
        )
        _write(first_spec.text(answers), path)


def _ask(
    question: str, take: Callable[[str], Answer], given: str | None = None, *, default: str | None = None
) -> Answer:
    """Return what `take` makes of what is given, else of what the user answers; where it refuses that, ask again."""
    if given:
        return take(given)

    def taken(text: str) -> Answer:
        try:
            return take(text.strip())
        except Refused as refused:
            found = refused.diagnostics[0]
            raise typer.BadParameter(harmless(f"{found.message}; {found.fix}")) from refused

    try:
        answer: Answer = typer.prompt(question, default=default and harmless(default), value_proc=taken)
    except typer.Abort as abort:  # Ctrl-C, or the end of the input
        say("")
        raise KeyboardInterrupt from abort
    return answer


def _ask_bundles() -> tuple[str, ...]:
    from generator.authoring.first_spec import take_bundles
    from generator.catalog import bundles as shipped
    from generator.cli.views import bundles as shown

    say(shown.table(map(shipped.newest, shipped.load().values())))
    return _ask("Bundles, separated by commas", take_bundles, default="ecs-fargate")


def _write(text: str, path: Path) -> None:
    """Write the spec to a new file, if it is right."""
    from generator.authoring.first_spec import explain_refusal
    from generator.generate import understand_text
    from generator.output import disk

    try:
        intent = understand_text(text, str(path))
    except Refused as refused:
        raise Refused(explain_refusal(refused.diagnostics, text, str(path))) from refused
    written = disk.write({path: text}, fix=_OTHER_NAME)
    print_diagnostics(intent.warnings)
    say(f"{'created' if written else 'unchanged'} {path}\nnext: gen-endpoints render {path}")

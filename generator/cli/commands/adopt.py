"""The command that writes a spec of endpoints that exist, and the blocks by which Terraform imports them."""

from __future__ import annotations

import os
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.cli.app import EPILOG, OutputFormat, app, as_path, region_option
from generator.cli.aws_options import EndpointUrl, From, Profile, States, estate_of
from generator.cli.boundary import boundary, today
from generator.cli.printing import print_diagnostics, say, say_result
from generator.cli.scope import usual_out

if TYPE_CHECKING:
    from collections.abc import Iterable

    from generator.authoring.adopt.adoption import AdoptOptions
    from generator.authoring.adopt.state import State
    from generator.live.estate import Estate

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_ADDRESS = re.compile(rf"(module\.)?{_NAME.pattern}(\[[^\]]+\])?(\.module\.{_NAME.pattern}(\[[^\]]+\])?)*")


def _within(value: str) -> str:
    """Return the address of a module, given by its name or as Terraform writes it; a usage error for anything else."""
    if not value:
        return ""
    if not _ADDRESS.fullmatch(value):
        raise typer.BadParameter(
            f"{value!r} is not the name of a module block, nor an address such as module.network.module.vpc"
        )
    return value if value.startswith("module.") else f"module.{value}"


def _floor(value: str) -> str:
    """Return a provider floor as a spec writes it; a usage error for anything else."""
    if value and not re.fullmatch(r"(>= ?)?[0-9]{1,3}\.[0-9]{1,3}(\.[0-9]{1,3})?", value):
        raise typer.BadParameter(f"{value!r} is not of the form '>= 5.0'")
    return f">= {value.removeprefix('>=').strip()}" if value else ""


@app.command(epilog=EPILOG)
def adopt(
    *,
    region: Annotated[str, region_option("The Region of the VPC.")],
    vpc: Annotated[str, typer.Option("--vpc", metavar="NAME|ID", help="The VPC, by its Name tag or its id.")],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", parser=as_path, help="The spec to write, as specs/app.yaml."),
    ],
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="KEY|ID|NAME|SERVICE", help="Adopt only all that have it; may be repeated."),
    ] = None,
    leave_out: Annotated[
        list[str] | None,
        typer.Option(
            "--except",
            metavar="KEY|ID|NAME|SERVICE",
            help="Leave out all that have it; may be repeated.",
        ),
    ] = None,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="The spec's name.  [default: that of its file]")
    ] = "",
    own_security_groups: Annotated[
        bool, typer.Option("--own-security-groups", help="Adopt the endpoints' security groups with their rules.")
    ] = False,
    module: Annotated[
        str,
        typer.Option(
            "--module",
            metavar="NAME",
            callback=_within,
            help="The module block with which a root module calls this one.",
        ),
    ] = "",
    imports: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The import blocks.  [default: NAME/imports.tf in the project's out, else in out; imports.tf with "
            "--module]",
        ),
    ] = None,
    states: States = None,
    same_root: Annotated[
        bool | None,
        typer.Option(
            "--same-root/--other-root",
            help="Whether that is the root that takes over.  [default: same with --module, else other]",
        ),
    ] = None,
    aws_provider: Annotated[
        str, typer.Option(metavar="VERSION", callback=_floor, help="The oldest AWS provider to support.")
    ] = "",
    files: From = None,
    profile: Profile = None,
    endpoint_url: EndpointUrl = None,
    output_format: OutputFormat = "table",
) -> None:
    """Write a spec, and import blocks, for the endpoints of a VPC.

    Terraform takes them over with the import blocks. AWS is only read, and no file is ever overwritten. Where Terraform
    has them already, --state makes `moved` blocks of those of the same root, and says what another root has to let go.
    """
    with boundary(output_format):
        from generator.authoring.adopt.adoption import KINDS, OF_GROUPS, OPTIONAL, AdoptOptions
        from generator.authoring.adopt.choose import vpc_ids
        from generator.module.adopted_for import path_of
        from generator.output.tree import refuse_link
        from generator.spec.model import NAME

        if not re.fullmatch(NAME, name or out.stem):
            allowed = "letters, digits, hyphens and underscores, with a letter first"
            message = f"{name or out.stem!r} can't be a spec's name: {allowed}{'' if name else '; or give --name'}"
            raise typer.BadParameter(message, param_hint="--name" if name else "--out")
        is_other = not (module if same_root is None else same_root)
        options = AdoptOptions(
            vpc=vpc,
            name=name or out.stem,
            path=str(out),
            shown=path_of(str(out)),
            select=tuple(select or ()),
            leave_out=tuple(leave_out or ()),
            own_security_groups=own_security_groups,
            aws_provider=aws_provider,
            within=module,
            states=_states(states or (), is_of_other_root=is_other),
        )
        out_of_all = usual_out()
        there = imports or (Path("imports.tf") if module else out_of_all / options.name / "imports.tf")
        if why := _no_imports(there, out, out_of_all / options.name, module):
            raise typer.BadParameter(f"{there}: {why}", param_hint="--imports")
        refuse_link(Path(os.path.relpath(there.parent)), out_of_all)  # as render does: what is moved loses them
        kinds = KINDS + (OF_GROUPS if own_security_groups else ())
        ask = partial(estate_of, files=files, profile=profile, endpoint_url=endpoint_url, optional=OPTIONAL)
        found = ask(region, kinds, partial(vpc_ids, wanted=vpc))
        _adopt(options, found, there, "" if module else str(out_of_all / options.name), output_format)


def _states(files: Iterable[str], *, is_of_other_root: bool) -> tuple[State, ...]:
    """Return what states have, of a root each; raises Refused (E408) for what is there twice."""
    from generator.authoring.adopt.state import State
    from generator.live.applied import applied
    from generator.source.terraform_json import read_state

    found = {each: read_state(each) for each in files}
    applied(found.values(), [*found])
    return tuple(State(file=file, resources=each, is_of_other_root=is_of_other_root) for file, each in found.items())


def _no_imports(file: Path, spec: Path, folder: Path, module: str) -> str:
    """Return why Terraform would not import by a file's blocks; empty where it would."""
    from generator.module.render import names, templates
    from generator.output.terraform import may_import

    is_within = os.path.realpath(file.parent) == os.path.realpath(folder)
    if os.path.realpath(file) == os.path.realpath(spec):
        return "the spec is written there"
    if not (file.name.endswith(".tf") and may_import(file.name)):
        return "Terraform imports by files that end in .tf, and by no hidden or override file, as imports.tf"
    if is_within and f"{file.name}.j2" in names(templates()):
        return "render writes that file: take another name, as imports.tf"
    return f"the blocks are for the root that has {module}, and not for its folder" if is_within and module else ""


def _adopt(options: AdoptOptions, found: Estate, imports: Path, module: str, output_format: str) -> None:
    """Write both files, and say what was adopted."""
    from generator.authoring.adopt.adoption import adopt as work
    from generator.cli.views import adopt as said
    from generator.output import disk

    adopted, spec = work(found, options, today()), Path(options.path)
    # The imports first: a spec without them would have Terraform create what is there already.
    written = disk.write(
        {imports: adopted.imports, spec: adopted.spec}, fix="move it away, or name others with --out or --imports"
    )
    print_diagnostics(adopted.warnings)
    if output_format == "json":
        say_result(said.as_json(adopted, str(spec), str(imports)))
        return
    say(f"{said.as_text(adopted)}\n")
    for path in (spec, imports):
        say(f"{'created' if path in written else 'unchanged'} {path}")
    say(said.next_steps(adopted, str(spec), str(imports), module=module, region=found.region))

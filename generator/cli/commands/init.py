"""The command that writes a first spec, from options or, in a terminal, from answers."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from generator import __version__
from generator.cli import complete
from generator.cli.app import EPILOG, FindingsFormat, app, as_path, region_option, specs_folder
from generator.cli.aws_options import EndpointUrl, Profile, estate_of
from generator.cli.boundary import boundary, stop
from generator.cli.harmless import harmless
from generator.cli.printing import print_diagnostics, say
from generator.cli.progress import still
from generator.live.estate import Estate
from generator.source.diagnostics import Refused

Answer = TypeVar("Answer")
_OTHER_NAME = "choose another name, or --out FILE"
_VPC = "VPC, by its Name tag or its id, as app or vpc-0a1b2c3d4e5f60718"
_SUBNETS = "Subnets, one in each zone, by comma (names without blanks also by blank), as private-a, private-b"
_WANTED = "Bundles or services, by comma or blank, as ecs-fargate, sqs"
_OUT = "The file to write.  [default: specs/NAME.yaml if the folder specs exists, else NAME.yaml]"


def _several(metavar: str, what: str, *names: str) -> Any:
    offer = complete.names("BundleVersion", "ServiceId") if "--bundle" in names else None
    by = "comma" if "--subnet" in names else "comma or blank"
    several = f"{what}; may be repeated, or a list by {by}."
    return typer.Option(*names, metavar=metavar, autocompletion=offer, help=several)


@app.command(epilog=EPILOG)
def init(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The spec's name, and its module's.")] = "",
    *,
    region: Annotated[str | None, region_option("The Region of the VPC.")] = None,
    vpc: Annotated[str, typer.Option("--vpc", metavar="NAME|ID", help="The VPC, by its Name tag or its id.")] = "",
    subnet: Annotated[list[str] | None, _several("NAME|ID", "A subnet, one in each zone", "--subnet")] = None,
    bundle: Annotated[
        list[str] | None,
        _several("NAME", "A bundle, or a service; what is the name of both is the bundle", "--bundle", "--service"),
    ] = None,
    security_group: Annotated[
        str, typer.Option("--security-group", metavar="create|NAME|ID", help="The security group of the endpoints.")
    ] = "create",
    from_aws: Annotated[
        bool, typer.Option("--from-aws", help="Ask AWS for VPCs and private subnets, and offer them.")
    ] = False,
    profile: Profile = None,
    endpoint_url: EndpointUrl = None,
    project: Annotated[
        bool, typer.Option("--project", help="Write a project file, and one spec of those of --from.")
    ] = False,
    from_specs: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="DIR", parser=as_path, help="With --project: the specs that become targets of one."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", parser=as_path, help=_OUT)] = None,
    form: FindingsFormat = "text",
) -> None:
    """Write a first spec, or one of many.

    In a terminal, it asks for what the options leave out. With --project, each target renders to the same bytes as the
    spec that it was, or nothing is written. No file is ever overwritten.
    """
    with boundary(form):
        if out and (out.suffix == ".json" or str(out) == "-"):
            why = "it writes a file" if str(out) == "-" else "a first spec has comments, which JSON has not"
            raise typer.BadParameter(f"{why}: name a .yaml file", param_hint="--out")
        if project or from_specs:
            if not (project and from_specs):
                raise typer.BadParameter("--project and --from DIR go together", param_hint="--project")
            _write_project(from_specs, out or from_specs / "network.yaml")
            return
        given = {"NAME": name, "--region": region, "--vpc": vpc, "--subnet": subnet, "--bundle": bundle}
        lacks = [option for option, value in given.items() if not value]
        if lacks and not (sys.stdin.isatty() and sys.stdout.isatty()):
            stop(f"init needs {', '.join(lacks)}; in a terminal it asks for what is left out")
        from generator.authoring import first_spec
        from generator.output.disk import refuse_existing

        name = _ask("Name of the spec and its module, as app-prod", first_spec.take_name, name)
        path = out or specs_folder() / f"{name}.yaml"
        if lacks:  # before anything is asked
            refuse_existing([path], _OTHER_NAME)
        default_region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")  # as the AWS CLI does
        region = _ask("Region, as eu-west-1", first_spec.take_region, region, default=default_region)
        ask = partial(estate_of, region, profile=profile, endpoint_url=endpoint_url) if from_aws else None
        vpc, subnets = _ask_place(vpc, subnet or [], region, ask)
        bundles, services = first_spec.take_wanted(*bundle) if bundle else _ask_wanted()
        take_group = partial(first_spec.take_reference, "sg", "--security-group", region=region)
        question = "Security group: create for a new one, default for the VPC's, or a name or an id"
        group = _ask(question, take_group, default=security_group) if lacks else take_group(security_group)
        answers = first_spec.FirstSpec(
            name=name, region=region, vpc=vpc, subnets=subnets, bundles=bundles, services=services, security_group=group
        )
        _write(first_spec.text(answers), path)


def _write_project(folder: Path, path: Path) -> None:
    """Write one spec of those in a folder, and the project file that has it."""
    from generator.authoring.one_spec import one_spec
    from generator.authoring.yaml_text import schema_line
    from generator.cli.scope import scoped
    from generator.cli.specs import kept_cache
    from generator.output import disk
    from generator.project import FILE
    from generator.source.reading import contents, resolved
    from generator.source.source import read
    from generator.source.text import decode

    fix = f"move it away, or name another FILE than {path} with --out FILE"
    found = [each for each in map(Path, scoped([str(folder)]).specs) if resolved(each) != resolved(path)]
    if not found:
        disk.refuse_existing([path], fix)
    specs = {each.stem: read(str(each)) for each in found}
    with kept_cache(no_cache=False) as cache:
        text = one_spec(specs, str(path), cache)
    text = schema_line({each.file: decode(contents(each.file), each.file) for each in specs.values()}, str(path)) + text
    minor = ".".join(__version__.split(".")[:2])
    project = f'gen_endpoints: "{minor}"\nspecs: [{path.as_posix()}]\n'
    written = disk.write({path: text, Path(FILE): project}, fix=fix)  # last what makes a project of it
    project_did, spec_did = ("created" if each in written else "unchanged" for each in (Path(FILE), path))
    say(f"{project_did} {FILE}\n{spec_did} {path}: {len(specs)} targets, which render the same bytes as their specs")
    say("next: look at it, delete the specs that became targets, then gen-endpoints check")


def _ask_place(
    vpc: str, given: list[str], region: str, ask: Callable[..., Estate] | None
) -> tuple[str, tuple[str, ...]]:
    """Return the VPC and its subnets: as given, or as answered, of those that exist where AWS may be asked."""
    from generator.authoring import first_spec, offers
    from generator.authoring.adopt.choose import vpc_of, vpcs_of

    take_vpc = partial(first_spec.take_reference, "vpc", "--vpc", region=region)
    take_all = partial(first_spec.take_subnets, region=region)
    if ask is None:
        vpc = _ask(_VPC, take_vpc, vpc)
        return vpc, take_all(*given, are_options=True) if given else _ask_subnets(take_all)
    there = ask((), lambda _: ())
    found_vpcs = vpcs_of(there, ", or leave --from-aws out for a VPC that is yet to come")
    vpcs = offers.offers("Vpcs", found_vpcs, "CidrBlock")
    if not vpc:
        _print_offers("VPC", vpcs)
    one = next(iter(vpcs)) if len(vpcs) == 1 else None
    vpc = _ask(_VPC, lambda text: offers.existing_vpc(there, take_vpc(text)), vpc, default=one)
    asked = ("Subnets",) if given else ("Subnets", "RouteTables")
    there = ask(asked, lambda vpcs: [str(vpc_of(vpcs, vpc)["VpcId"])])

    def take_subnets(*lists: str) -> tuple[str, ...]:
        return offers.existing_subnets(there, vpc, take_all(*offers.with_blanks(there, vpc, lists)))

    if given:
        return vpc, take_subnets(*given)
    found = offers.private_subnets(there)
    _print_offers("Private subnet", found)
    zones = {zone: answer for answer, (_, zone, _) in reversed(found.items())}
    default = ", ".join(sorted(zones.values()))
    return vpc, _ask_subnets(take_subnets, f"{default}," if " " in "".join(zones.values()) else default or None)


def _ask_subnets(take: Callable[[str], tuple[str, ...]], default: str | None = None) -> tuple[str, ...]:
    """Return the subnets that are answered, and say which they are: blanks may be of a name."""
    from generator.cli.views.words import counted

    subnets = _ask(_SUBNETS, take, default=default)
    say(f"{counted(len(subnets), 'subnet')}: {harmless(', '.join(subnets))}")
    return subnets


def _print_offers(kind: str, offered: dict[str, tuple[str, ...]]) -> None:
    """Print what is offered, if anything."""
    from generator.cli.views.table import table

    if offered:
        rows = [(answer, *facts) for answer, facts in offered.items()]
        say(table([(kind, "Id or Name", *("Zone", "CIDR block")[-len(rows[0]) + 2 :]), *rows]))


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
        with still():
            answer: Answer = typer.prompt(question, default=default and harmless(default), value_proc=taken)
    except typer.Abort as abort:  # Ctrl-C, or the end of the input
        say("")
        raise KeyboardInterrupt from abort
    return answer


def _ask_wanted() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the bundles and the services that are answered."""
    from generator.authoring.first_spec import take_wanted
    from generator.catalog import bundles as shipped
    from generator.cli.views import bundles as shown

    say(shown.table(map(shipped.newest, shipped.load().values())))
    say("gen-endpoints services lists the services.")
    return _ask(_WANTED, take_wanted, default="ecs-fargate")


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

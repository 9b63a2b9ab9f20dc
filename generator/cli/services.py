"""The commands on AWS's services: what is known of them, and what a Region has now."""

from __future__ import annotations

import re
import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from generator.cli.app import EPILOG, Format, OutputFormat, app
from generator.cli.edge import edge, harmless, print_diagnostics, today
from generator.diagnostics import Place, Refused

if TYPE_CHECKING:
    from datetime import date

    from generator.catalog import Catalog
    from generator.regional.lists import RegionalList

_FIND = "find"
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]+")


class _QueryFirst(TyperGroup):
    """A group whose first word, where it is no command, is a query."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read `services docker` as `services find docker`."""
        is_command = args[:1] and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if is_command else [_FIND, *args])

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Show the options of a query too, since its command is seldom written."""
        self.commands[_FIND].format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


services = typer.Typer(
    cls=_QueryFirst,
    subcommand_metavar="[QUERY] | refresh",
    rich_markup_mode=None,
    help="""Find AWS services that have VPC endpoints, and say what is known of them; ask AWS what a Region has.

    `services docker` searches by id, title or full name; `services ecr.dkr`, an exact id, shows that one, with the
    source and date of each fact; without a query all are listed. `services refresh` asks AWS.""",
)
app.add_typer(services, name="services", epilog=EPILOG)


def _as_region(text: str | None) -> str | None:
    """Return a Region as it is; it becomes a file's name, so it may be nothing else."""
    if text is not None and not _REGION.fullmatch(text):
        raise typer.BadParameter(f"{text} is no Region such as ap-southeast-1")
    return text


Dir = Annotated[
    Path | None,
    typer.Option("--dir", metavar="DIR", help="The specs' folder, which has services/REGION.json. [specs, else .]"),
]


class Kind(StrEnum):
    """The types of endpoints that AWS's own services have."""

    INTERFACE = "Interface"
    GATEWAY = "Gateway"
    GATEWAY_LOAD_BALANCER = "GatewayLoadBalancer"


@services.command(_FIND, epilog=EPILOG)
def find(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Words of an id, a title or a full name.")] = "",
    *,
    region: Annotated[
        str | None, typer.Option("--region", callback=_as_region, help="Show names and facts in this Region.")
    ] = None,
    kind: Annotated[
        Kind | None, typer.Option("--type", case_sensitive=False, help="Only services with this type of endpoint.")
    ] = None,
    folder: Dir = None,
    output_format: OutputFormat = Format.TABLE,
) -> None:
    """Find services: `services docker` means `services find docker`."""
    with edge():
        from generator import services as known
        from generator import services_text as text
        from generator.catalog import Catalog

        region = region or known.region_in(Catalog.load(), query)
        listed = _listed(folder, region)
        catalog = _catalog(listed)
        _note_region(region, catalog)
        one = known.exact(catalog, query)
        ids, holds = known.find(catalog, query)
        rows = [known.row(catalog, service_id, region, listed) for service_id in ([one] if one else ids)]
        rows = [row for row in rows if kind is None or kind in row.types]
        if not rows:
            what = " ".join(filter(None, (query, kind and f"of type {kind}")))
            raise Refused([known.NO_SERVICE.at(Place("services"), f"nothing fits {what}", _ELSE)])
        if not (one or holds):
            print(f"note: no service has {query} in its id or title; these come close", file=sys.stderr)
        sources = known.sources(catalog, rows[0], listed) if one else None
        if output_format is Format.JSON:
            print(harmless(text.as_json(rows, sources)))
        elif sources is None:
            print(harmless(text.as_table(rows, region=region, width=_width())))
        else:
            also = [service_id for service_id in ids if service_id != one][:_MOST]
            print(harmless(text.page(rows[0], sources, region=region, also=also)))


_ELSE = "gen-endpoints services lists them all; services refresh --region asks AWS"
_MOST = 8


def _width() -> int | None:
    """Return how wide a terminal is; a pipe has no end."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _folder(stated: Path | None) -> Path:
    from generator.regional.lists import DEFAULT

    return stated or (Path(DEFAULT) if Path(DEFAULT).is_dir() else Path())


def _listed(stated: Path | None, region: str | None) -> RegionalList | None:
    """Return the list of a Region, if there is one, and say where it is old."""
    if region is None:
        return None
    from generator.regional import files
    from generator.regional.lists import stale

    listed = files.read(_folder(stated), [region]).get(region)
    if listed is not None:
        print_diagnostics(stale(listed, today()))
    return listed


def _catalog(listed: RegionalList | None) -> Catalog:
    """Return the catalog, outranked by the list of a Region where there is one."""
    from generator.catalog import Catalog

    if listed is None:
        return Catalog.load()
    from generator.regional.listed_catalog import ListedCatalog

    return ListedCatalog(Catalog.load(), {listed.region: listed})


def _note_region(region: str | None, catalog: Catalog) -> None:
    """Say that a Region is none that the catalog knows; it may be a new one, or a slip."""
    if region is not None and region not in catalog.regions:
        from difflib import get_close_matches

        close = ", ".join(get_close_matches(region, catalog.regions))
        hint = f"; did you mean {close}?" if close else ""
        print(f"note: the catalog does not know the Region {region}{hint}", file=sys.stderr)


@services.command(epilog=EPILOG)
def refresh(
    region: Annotated[str, typer.Option("--region", callback=_as_region, help="The Region to ask about.")],
    *,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Read what `aws ec2 describe-vpc-endpoint-services --region REGION --output json` printed (- for "
            "standard input), instead of asking AWS.",
        ),
    ] = None,
    folder: Dir = None,
    profile: Annotated[str | None, typer.Option("--profile", help="The profile of the AWS configuration.")] = None,
    endpoint_url: Annotated[str | None, typer.Option("--endpoint-url", help="Another URL of the EC2 API.")] = None,
) -> None:
    """Write services/REGION.json: what AWS has there, which outranks the shipped catalog. Commit it with the specs."""
    if source is not None and (profile or endpoint_url):
        raise typer.BadParameter("--profile and --endpoint-url ask AWS, and --from does not")
    with edge():
        from generator.regional import details, files

        given = _live(region, profile, endpoint_url) if source is None else _pasted(source, region)
        listed, others = details.listed(
            given,
            region=region,
            taken=today() if source in {None, "-"} else _written(Path(str(source))),
            source="api" if source is None else "standard input" if source == "-" else harmless(Path(source).name),
            place=Place(f"AWS {region}" if source is None else source),
        )
        file = files.path(_folder(folder), region)
        before = _before(file, region)
        _write(listed, file)
        _print_refreshed(listed, before, file, others)


def _pasted(source: str, region: str) -> list[Any]:
    """Return what a file, or standard input, has of a Region's services."""
    from generator.regional import details

    try:
        read = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except (OSError, ValueError) as error:
        why = f"can't be read: {getattr(error, 'strerror', None) or error}"
        raise Refused(
            [details.NO_ANSWER.at(Place(source), why, "give the file that the AWS CLI's output is in")]
        ) from error
    return details.pasted(read, source, region)


def _written(file: Path) -> date:
    """Return the day on which a file was last written: what it says can be no newer."""
    from datetime import UTC, datetime

    return datetime.fromtimestamp(file.stat().st_mtime, UTC).date()


def _live(region: str, profile: str | None, endpoint_url: str | None) -> list[Any]:
    """Return what AWS's API says of a Region's services."""
    from generator.aws import NO_AWS
    from generator.regional.details import COMMAND

    otherwise = (
        f"{COMMAND.format(region=region)} > FILE, and gen-endpoints services refresh --region {region} --from FILE"
    )
    place = Place(f"AWS {region}")
    try:
        from generator.aws.services import described
    except ModuleNotFoundError as error:
        fix = f"pip install 'gen-endpoints[aws]', or with the AWS CLI: {otherwise}"
        raise Refused([NO_AWS.at(place, f"{error.name} is not installed", fix)]) from error
    try:
        return list(described(region=region, profile=profile, endpoint_url=endpoint_url))
    except Refused as refused:
        raise Refused(
            NO_AWS.at(each.place, each.message, f"{each.fix}; or elsewhere: {otherwise}".removeprefix("; or "))
            for each in refused.diagnostics
        ) from refused


def _before(file: Path, region: str) -> RegionalList | None:
    """Return the list that is about to be replaced; one that is damaged is told, and replaced all the same."""
    from generator.regional import files

    try:
        return files.read(file.parent.parent, [region]).get(region)
    except Refused as refused:
        print_diagnostics(refused.diagnostics)
        print(f"note: {file} is replaced as a whole", file=sys.stderr)
        return None


def _write(listed: RegionalList, file: Path) -> None:
    from generator.regional import files
    from generator.tree import SYSTEM

    try:
        files.write(listed, file)
    except OSError as error:
        why = f"the system says: {error.strerror or error}"
        raise Refused([SYSTEM.at(Place(str(file)), why, "choose another folder with --dir")]) from error


def _print_refreshed(listed: RegionalList, before: RegionalList | None, file: Path, others: int) -> None:
    """Print what was written, and what it changes in the list before."""
    from generator.regional.lists import changes

    counts = ", ".join(
        f"{sum(kind in offers for offers in listed.services.values())} {kind}" for kind in sorted(listed.types)
    )
    print(f"wrote {file}: {len(listed.services)} services ({counts}), from {listed.source} of {listed.taken}")
    if others:
        print(f"left out {others} of other owners: which there are depends on the account")
    if before is not None:
        lines = [harmless(line) for line in changes(before, listed)]
        print("\n".join(lines or [f"nothing changed since {before.taken}"]))

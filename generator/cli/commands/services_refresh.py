"""The command that asks AWS, or reads what its CLI printed, and keeps the list of a Region beside the specs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from generator.catalog.lists import RegionalList, changes
from generator.cli.app import EPILOG, FindingsFormat, region_option, specs_folder, stated
from generator.cli.aws_options import log_in, text_in
from generator.cli.boundary import boundary, today
from generator.cli.commands.services import Dir, services
from generator.cli.harmless import harmless
from generator.cli.printing import note, print_diagnostics, say
from generator.cli.progress import doing
from generator.cli.views.table import prose
from generator.live.estate import Estate
from generator.source.diagnostics import MOST, Place, Refused


@services.command(epilog=EPILOG)
def refresh(
    region: Annotated[str, region_option("The Region to ask about.")],
    *,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FILE",
            callback=stated,
            help="Read what `aws ec2 describe-vpc-endpoint-services --region REGION --output json` printed (- for "
            "standard input), instead of asking AWS.",
        ),
    ] = None,
    folder: Dir = None,
    profile: Annotated[str | None, typer.Option("--profile", help="The profile of the AWS configuration.")] = None,
    endpoint_url: Annotated[str | None, typer.Option("--endpoint-url", help="Another URL of the EC2 API.")] = None,
    form: FindingsFormat = "text",
) -> None:
    """Write services/REGION.json: what AWS has there, which outranks the shipped catalog. Commit it with the specs."""
    if source is not None and (profile or endpoint_url):
        raise typer.BadParameter("--profile and --endpoint-url ask AWS, and --from does not")
    with boundary(form):
        from generator.catalog import details, files, lists
        from generator.live import answers
        from generator.output import disk

        texts = ((file, text_in(file)) for file in [source] if file)
        found = answers.read(texts, region) if source else _live(region, profile, endpoint_url)
        listed, others = details.list_services(
            found.all("ServiceDetails"),
            region=region,
            taken=today() if source in {None, "-"} else _written(Path(str(source))),
            source="api" if source is None else "standard input" if source == "-" else harmless(Path(source).name),
            place=Place(f"AWS {region}" if source is None else source),
        )
        file = files.path(specs_folder(folder), region)
        before = _before(file, region)
        disk.write({file: lists.dumps(listed)}, overwrite=True)
        _print_refreshed(listed, before, file, others)


def _written(file: Path) -> date:
    """Return the day on which a file was last written: what it says can be no newer."""
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).date()


def _live(region: str, profile: str | None, endpoint_url: str | None) -> Estate:
    """Return what AWS's API says of a Region's services."""
    from generator.catalog.details import COMMAND
    from generator.live.aws import NO_AWS

    otherwise = (
        f"{COMMAND.format(region=region)} > FILE, and gen-endpoints services refresh --region {region} --from FILE"
    )
    reached = log_in(region, profile, endpoint_url, f"with the AWS CLI: {otherwise}")
    from generator.live.aws.reading import read_services

    try:
        with doing(lambda: f"asking {reached.place}"):
            return read_services(reached)
    except Refused as refused:
        raise Refused(
            NO_AWS.at(each.place, each.message, f"{each.fix}; or elsewhere: {otherwise}".removeprefix("; or "))
            for each in refused.diagnostics
        ) from refused


def _before(file: Path, region: str) -> RegionalList | None:
    """Return the list that is about to be replaced; one that is damaged is told, and replaced all the same."""
    from generator.catalog import files

    try:
        return files.read(file.parent.parent, [region]).get(region)
    except Refused as refused:
        print_diagnostics(refused.diagnostics)
        note(f"note: {file} is replaced as a whole")
        return None


def _print_refreshed(listed: RegionalList, before: RegionalList | None, file: Path, others: int) -> None:
    """Print what was written, and what it changes in the list before."""
    counts = ", ".join(
        f"{sum(kind in offers for offers in listed.services.values())} {kind}" for kind in sorted(listed.types)
    )
    say(prose(f"wrote {file}: {len(listed.services)} services ({counts}), from {listed.source} of {listed.taken}"))
    if others:
        say(prose(f"left out {others} of other owners: which there are depends on the account"))
    if before is not None:
        changed = [*changes(before, listed)]
        more = [f"and {len(changed) - MOST} more changes"] if len(changed) > MOST else []
        say("\n".join([*changed[:MOST], *more]) or f"nothing changed since {before.taken}")

"""The commands on AWS's services: what is known of them, and what a Region has now."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Literal

import typer

from generator.catalog.lists import RegionalList, warn_of_age
from generator.cli.app import EPILOG, OutputFormat, QueryFirst, app, name_argument, region_option, specs_folder
from generator.cli.boundary import boundary, today
from generator.cli.printing import note, print_diagnostics, say_result
from generator.source.diagnostics import Place, Refused
from generator.source.region import is_region

services = typer.Typer(
    cls=QueryFirst,
    subcommand_metavar="[QUERY] | refresh",
    rich_markup_mode=None,
    help="""Find AWS services that have VPC endpoints.

    `services docker` searches by id, title or full name; `services ecr.dkr`, an exact id, shows that one, with the
    source and date of each fact; without a query all are listed. `services refresh` asks AWS.""",
)
app.add_typer(services, name="services", epilog=EPILOG)


Dir = Annotated[
    Path | None,
    typer.Option(
        "--dir",
        metavar="DIR",
        help="The specs' folder, with services/REGION.json: a search looks into that of --region, else into all.  "
        "[default: specs where there is one, else .]",
    ),
]


@services.command(QueryFirst.query, epilog=EPILOG)
def find(
    query: Annotated[str, name_argument("QUERY", "ServiceId", "Words of an id, a title or a full name.")] = "",
    *,
    region: Annotated[str | None, region_option("Show names and facts in this Region.")] = None,
    kind: Annotated[
        Literal["Interface", "Gateway", "GatewayLoadBalancer"] | None,
        typer.Option("--type", case_sensitive=False, help="Only services with this type of endpoint."),
    ] = None,
    folder: Dir = None,
    output_format: OutputFormat = "table",
) -> None:
    """Find services: `services docker` means `services find docker`."""
    with boundary(output_format):
        from generator.catalog import services as known
        from generator.catalog.bundles import with_word
        from generator.catalog.catalog import Catalog
        from generator.catalog.listed import ListedCatalog
        from generator.cli.views import services as text
        from generator.source.suggest import not_made

        region = region or known.find_region(Catalog.load(), query)
        lists = _lists(folder, region)
        catalog = ListedCatalog(Catalog.load(), lists) if lists else Catalog.load()  # the lists outrank it
        _note_region(region, catalog.regions)
        one, (ids, holds) = known.match_exactly(catalog, query), known.find(catalog, query)
        shown = {each: region or known.only_region(catalog, each) for each in ([one] if one else ids)}
        found = [known.describe(catalog, each, where, lists.get(where or "")) for each, where in shown.items()]
        rows = [row for row in found if kind is None or kind in row.types]
        unmade, bundle = ("", "") if one else (not_made(query), with_word(query))
        if not rows or (not (one or holds) and (unmade or bundle)):
            what = " ".join(filter(None, (query, kind and f"of type {kind}")))
            why, _, fix = (unmade or bundle).partition("; ")
            raise Refused(
                [known.NO_SERVICE.at(Place("services"), f"nothing fits {what}{why and f'; {why}'}", fix or _ELSE)]
            )
        if unmade or bundle:
            note(f"note: {unmade or bundle}")
        elif not (one or holds):
            note(f"note: no service has {query} in its id or title; these come close")
        used = [lists[where] for where in dict.fromkeys(shown.values()) if where in lists]
        print_diagnostics(warning for listed in used for warning in warn_of_age(listed, today()))
        region = shown[one] if one else region
        sources = known.sources(catalog, rows[0], lists.get(region or "")) if one else None
        if output_format == "json":
            printed = text.as_json(rows, sources)
        elif sources is None:
            printed = text.as_table(rows, region=region)
        else:
            also = [service_id for service_id in ids if service_id != one][:_MOST]
            printed = text.page(rows[0], sources, region=region, also=also)
        say_result(printed)


_ELSE = "gen-endpoints services lists them all; services refresh --region asks AWS"
_MOST = 8


def _lists(stated: Path | None, region: str | None) -> dict[str, RegionalList]:
    """Return the list of a Region, if there is one; where none is asked for, all lists that there are."""
    from generator.catalog import files

    folder = specs_folder(stated)
    regions = filter(is_region, files.regions(folder)) if region is None else [region]
    return files.read(folder, regions)


def _note_region(region: str | None, known: Collection[str]) -> None:
    """Note that the catalog does not know a Region; it may be new, or misspelt."""
    if region is not None and region not in known:
        from generator.source.suggest import did_you_mean, nearest

        hint = did_you_mean(nearest(region, known))
        note(f"note: the catalog does not know the Region {region}{hint and f'; {hint}'}")

"""What `gen-endpoints policies` says: the presets in rows, and one of them as the document that a Region gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from generator.catalog.catalog import Catalog
from generator.catalog.presets import Arguments, Preset, UnknownFactError, find_owned
from generator.cli.views import data, table
from generator.intent.policies import encode
from generator.spec.policy_text import VERSION

_PLACEHOLDERS = {"org_id": "<org_id>", "account_id": "<account_id>"}
"""What stands in a shown document for an argument that was not given."""
_SUM = "A policy may be a list of presets: each allows more, and none takes back what another allows."
_UNVERIFIED = "unverified"


def rows(presets: Iterable[Preset], region: str | None, catalog: Catalog) -> list[dict[str, Any]]:
    """Return what each preset is: its services, its arguments, and what is known of it in a Region, if one is given."""
    return [_row(preset, region, catalog) for preset in presets]


def _row(preset: Preset, region: str | None, catalog: Catalog) -> dict[str, Any]:
    return {
        "name": preset.name,
        "services": list(preset.services),
        "takes": list(preset.takes),
        "by_region": preset.by_region,
        "region": region,
        "facts": None if region is None else _facts(preset, region, catalog),
        "title": preset.title,
        "note": preset.note,
    }


def _facts(preset: Preset, region: str, catalog: Catalog) -> str:
    """Return how well a preset's names are known in a Region."""
    try:
        preset.statements(region, catalog, _PLACEHOLDERS)
    except UnknownFactError:
        return "unknown"
    return "known" if preset.is_verified(region, catalog) else _UNVERIFIED


def resolve_preset(
    preset: Preset, region: str | None, catalog: Catalog, arguments: Arguments, *, service: str = ""
) -> dict[str, Any]:
    """Return a preset as the endpoint of a service, or of any, gets it in a Region, with its sources.

    Raises UnknownFactError where a fact is not known.
    """
    given = {**_PLACEHOLDERS, **arguments}
    owned = find_owned(service) if preset.whose else None
    statements = preset.statements(region, catalog, given) + preset.statements_on_owned(service, region, catalog, given)
    document = {"Version": VERSION, "Statement": statements}
    missing = [name for name in preset.takes if name not in arguments]
    return {
        **_row(preset, region, catalog),
        "missing": missing,
        "characters": None if missing else len(encode(document)),
        "document": document,
        "service": service or None,
        "sources": [asdict(source) for source in (*preset.sources, *([owned.source] if owned else []))],
    }


def as_table(found: Iterable[dict[str, Any]]) -> str:
    """Return rows as columns, as wide as they need to be."""
    found = list(found)
    region = next((row["region"] for row in found), None)
    lines = [("Preset", "For", "Takes", f"In {region}" if region else "Per Region", "Lets through")]
    for row in found:
        services, takes = ", ".join(row["services"]) or "any", ", ".join(row["takes"]) or "-"
        lines.append((row["name"], services, takes, row["facts"] or ("yes" if row["by_region"] else "-"), row["title"]))
    return "\n".join((table.table(lines), "", table.prose(_SUM)))


def as_text(preset: Mapping[str, Any]) -> str:
    """Return a shown preset as text: what it is, its document, and where its facts come from."""
    services, region = preset["service"] or ", ".join(preset["services"]) or "any service", preset["region"]
    said = [
        f"{preset['name']}: {preset['title']}",
        f"For {services}{f' in {region}' if preset['by_region'] or (region and preset['service']) else ''}.",
        preset["note"],
        f"No source says that the buckets have these names in {region}." if preset["facts"] == _UNVERIFIED else "",
        *(f"The spec must state {name}." for name in preset["missing"]),
        f"{preset['characters']} characters as sent." if preset["characters"] else "",
    ]
    sources = [f"Source: {each['source']}, {each['url']} (checked {each['checked']})" for each in preset["sources"]]
    texts = (table.prose("\n".join(each)) for each in (filter(None, said), sources))
    return f"\n\n{data.as_json(preset['document'])}\n\n".join(texts)

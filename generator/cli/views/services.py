"""Services as text: a table fit for a pipe or a terminal, a page on one of them, or JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from generator.catalog.catalog import Reference
from generator.catalog.services import Row
from generator.cli.views import data, table
from generator.cli.views.words import in_words

_MOST = ("OFFERED", "TYPES", "PRIVATE DNS", "POLICY", "IPV6", "NAME", "PORTS", "CROSS-REGION", "DOCS")
"""The columns that a narrow terminal may do without, the last first."""
_TITLE = 26
"""How wide the titles are at least beside other columns, with the gap after them."""


def as_json(rows: Iterable[Row], sources: Mapping[str, Sequence[Reference]] | None = None) -> str:
    """Return rows as JSON; with `sources`, each says where its facts come from."""
    found: list[dict[str, Any]] = [asdict(row) for row in rows]
    if sources is not None:
        said = {field: [asdict(each) for each in references] for field, references in sources.items()}
        found = [{**row, "sources": said} for row in found]
    return data.document("services", {"services": found})


def as_table(rows: Sequence[Row], *, region: str | None, room: int | None = None) -> str:
    """Return a line for each service, with the columns that fit into so many cells, or into the terminal."""
    room = room or table.terminal_width()
    columns = {name: (name, *map(cell, rows)) for name, cell in _CELLS.items() if name != "OFFERED" or region}
    kept = _fitting(columns, room, region)
    text = table.table(zip(*(cells for name, cells in columns.items() if name in kept), strict=True), room=room)
    missing = ", ".join(name.lower() for name in columns if name not in kept)
    return f"{text}\n{table.prose(f'(left out: {missing}; --format json has all)')}" if missing else text


def _fitting(columns: Mapping[str, Sequence[str]], room: int, region: str | None) -> frozenset[str]:
    """Return the columns that fit, those first that are wanted most; a long title may be folded.

    The name that is of no Region mostly says no more than the id.
    """
    widths = {name: len(table.GAP) + max(map(table.width, cells)) for name, cells in columns.items()}
    widths["TITLE"] = min(widths["TITLE"], _TITLE)
    kept = frozenset(widths.keys() - set(_MOST))
    for name in _MOST if region else sorted(_MOST, key=lambda name: name in {"DOCS", "NAME"}):
        if name in widths and sum(widths[each] for each in {*kept, name}) - len(table.GAP) <= room:
            kept |= {name}
    return kept


def _names(names: Mapping[str, str]) -> str:
    """Return the name, or each with its type where they differ."""
    known = set(names.values())
    return ", ".join(known) if len(known) == 1 else ", ".join(f"{name} ({kind})" for kind, name in names.items())


_CELLS: Mapping[str, Callable[[Row], str]] = {
    "SERVICE": lambda row: row.service,
    "TYPES": lambda row: ",".join(row.types),
    "PORTS": lambda row: ",".join(row.ports or ()) or in_words(None),
    "PRIVATE DNS": lambda row: in_words(row.private_dns_supported),
    "POLICY": lambda row: in_words(row.policy),
    "IPV6": lambda row: in_words(row.ipv6),
    "CROSS-REGION": lambda row: in_words(row.cross_region),
    "OFFERED": lambda row: in_words(row.offered),
    "TITLE": lambda row: row.title,
    "NAME": lambda row: _names(row.service_names),
    "DOCS": lambda row: in_words(row.doc or None),
}


def page(row: Row, sources: Mapping[str, Sequence[Reference]], *, region: str | None, also: Sequence[str] = ()) -> str:
    """Return all that is known of one service, each fact with its sources and the day on which they were looked up."""
    labels = {
        "types": "types",
        "service_names": f"name in {region}" if region else "name",
        "offered": f"offered in {region}" if region else "",
        "ports": "ports",
        "private_dns_supported": "private DNS",
        "private_dns": "private DNS names",
        "policy": "endpoint policy",
        "ipv6": "IPv6",
        "cross_region": "cross-Region",
        "doc": "docs",
    }
    numbers: dict[Reference, int] = {}

    def marks(field: str) -> str:
        """Return the numbers of a field's sources, in the order in which facts name them, as ` [1][3]`."""
        own = [numbers.setdefault(each, len(numbers) + 1) for each in sources.get(field, ())]
        return f" {''.join(f'[{number}]' for number in own)}" if own else ""

    lines = [f"{row.service}: {row.title}{marks('title')}"]
    if row.aliases:
        lines.append(f"also called {', '.join(row.aliases)}{marks('aliases')}")
    lines.append("")
    width = max(map(len, labels.values()))
    for field, label in labels.items():
        if label:
            value = _names(row.service_names) if field == "service_names" else in_words(getattr(row, field))
            lines.append(f"{label.ljust(width)}  {value}{marks(field)}")
    if row.notes:
        lines += ["", f"notes{marks('notes')}", *(f"  {note}" for note in row.notes)]
    if also:
        lines += ["", f"see also: {', '.join(also)}"]
    lines.append("")
    for each, number in numbers.items():
        lines += [f"[{number}] {each.checked}  {each.source}", *([f"    {each.url}"] if each.url else [])]
    return table.prose("\n".join(lines), hang=4)

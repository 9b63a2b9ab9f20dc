"""Services as text: a table fit for a pipe or a terminal, a page on one of them, or JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from generator.catalog.catalog import Reference
from generator.catalog.services import Row
from generator.cli.views import data, table

UNKNOWN = "unknown"
_HEADS = (
    "SERVICE",
    "TYPES",
    "PORTS",
    "PRIVATE DNS",
    "POLICY",
    "IPV6",
    "CROSS-REGION",
    "OFFERED",
    "TITLE",
    "NAME",
    "DOCS",
)
_MOST = ("OFFERED", "TYPES", "PRIVATE DNS", "POLICY", "IPV6", "NAME", "PORTS", "CROSS-REGION", "DOCS")
"""The columns that a narrow terminal may do without, the last first."""
_TITLE = 26
"""How wide the titles are at least beside other columns, with the gap after them."""


def as_json(rows: Iterable[Row], sources: Mapping[str, Sequence[Reference]] | None = None) -> str:
    """Return rows as a JSON list; with `sources`, each says where its facts come from."""
    found: list[dict[str, Any]] = [asdict(row) for row in rows]
    if sources is not None:
        said = {field: [asdict(each) for each in references] for field, references in sources.items()}
        found = [{**row, "sources": said} for row in found]
    return data.as_json(found)


def as_table(rows: Sequence[Row], *, region: str | None, room: int | None = None) -> str:
    """Return a line for each service; where `room` is given, with the columns that fit into so many cells."""
    head = tuple(name for name in _HEADS if name != "OFFERED" or region is not None)
    cells = [head, *(tuple(_cells(row, with_offer=region is not None)) for row in rows)]
    kept = head if room is None else _fitting(dict(zip(head, zip(*cells, strict=True), strict=True)), room, region)
    columns = [at for at, name in enumerate(head) if name in kept]
    text = table.table([[line[at] for at in columns] for line in cells], room=room)
    missing = ", ".join(name.lower() for name in head if name not in kept)
    return f"{text}\n(left out: {missing}; a pipe or --format json has all)" if missing else text


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


def _cells(row: Row, *, with_offer: bool) -> Iterator[str]:
    yield row.service
    yield ",".join(row.types)
    yield ",".join(row.ports) if row.ports else UNKNOWN
    for fact in (row.private_dns_supported, row.policy, row.ipv6, row.cross_region):
        yield as_word(fact)
    if with_offer:
        yield as_word(row.offered)
    yield row.title
    yield _names(row.service_names)
    yield row.doc or UNKNOWN


def as_word(fact: object) -> str:
    """Return a fact in words: yes, no, a list, or `unknown`."""
    if fact is None:
        return UNKNOWN
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    if isinstance(fact, tuple):
        return ", ".join(map(str, fact)) or "none"
    return str(fact)


def _names(names: Mapping[str, str]) -> str:
    """Return the name, or each with its type where they differ."""
    different = set(names.values())
    return (
        ", ".join(different) if len(different) == 1 else ", ".join(f"{name} ({kind})" for kind, name in names.items())
    )


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
    marks = _Marks()
    lines = [f"{row.service}: {row.title}{marks.of(sources, 'title')}"]
    if row.aliases:
        lines.append(f"also called {', '.join(row.aliases)}{marks.of(sources, 'aliases')}")
    lines.append("")
    width = max(map(len, labels.values()))
    for field, label in labels.items():
        if label:
            value = _names(row.service_names) if field == "service_names" else as_word(getattr(row, field))
            lines.append(f"{label.ljust(width)}  {value}{marks.of(sources, field)}")
    if row.notes:
        lines += ["", f"notes{marks.of(sources, 'notes')}", *(f"  {note}" for note in row.notes)]
    if also:
        lines += ["", f"see also: {', '.join(also)}"]
    return "\n".join([*lines, "", *marks.lines()])


class _Marks:
    """Numbers for sources, in the order in which facts name them."""

    def __init__(self) -> None:
        self._known: dict[Reference, int] = {}

    def of(self, sources: Mapping[str, Sequence[Reference]], field: str) -> str:
        """Return the numbers of a field's sources, as ` [1][3]`."""
        numbers = [self._known.setdefault(each, len(self._known) + 1) for each in sources.get(field, ())]
        return f" {''.join(f'[{number}]' for number in numbers)}" if numbers else ""

    def lines(self) -> Iterator[str]:
        """Yield each source with its number and day, and its address beneath."""
        for each, number in self._known.items():
            yield f"[{number}] {each.checked}  {each.source}"
            if each.url:
                yield f"    {each.url}"

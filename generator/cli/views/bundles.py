"""What `gen-endpoints bundles` prints: the bundles at a glance, and one in detail, as text or as data for JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from generator.catalog.bundles import Bundle, Bundles
from generator.cli.views import table as columns
from generator.cli.views.words import counted

_WIDTH = 100
"""How wide a page of prose is at most, whatever it is printed to."""
_HEAD = ("Bundle", "What it is for", "Endpoints", "Paid by the hour")


def every(bundles: Bundles) -> tuple[Bundle, ...]:
    """Return every version of every bundle, the bundles in their own order and the newest version first."""
    return tuple(versions[number] for versions in bundles.values() for number in sorted(versions, reverse=True))


def rows(bundles: Iterable[Bundle]) -> list[dict[str, object]]:
    """Return a row for each bundle: its pinned name, its title, how many endpoints it brings and how many cost."""
    return [
        {"bundle": each.pinned, "title": each.title, "endpoints": len(each.endpoints), "paid": each.paid}
        for each in bundles
    ]


def table(bundles: Iterable[Bundle]) -> str:
    """Return the rows as columns, as wide as they need to be, and how to go on."""
    lines = [_HEAD, *(tuple(map(str, row.values())) for row in rows(bundles))]
    return f"{columns.table(lines)}\n\ngen-endpoints bundles NAME says what one brings, and why."


def detail(bundle: Bundle) -> dict[str, object]:
    """Return all that is known of one bundle, as data for JSON."""
    return {"bundle": bundle.pinned, **asdict(bundle), "paid": bundle.paid}


def page(bundle: Bundle) -> str:
    """Return all that is known of one bundle, as text."""
    room = min(_WIDTH, columns.terminal_width())
    lines = [f"{bundle.pinned}: {bundle.title}", "", columns.prose(bundle.why, room)]
    lines.append(columns.prose(f"Source: {bundle.source} (checked {bundle.checked})", room))
    brings = f"{counted(len(bundle.endpoints), 'endpoint')}, {bundle.paid} paid by the hour"
    included = f", those of {', '.join(bundle.includes)} included" if bundle.includes else ""
    headings = {
        f"It brings {brings}{included}:": bundle.endpoints,
        "Not in it, for those who need them; add them under endpoints:": bundle.optional,
        "Not in it, because it is not needed:": bundle.excluded,
    }
    for heading, members in headings.items():
        if members:
            rows = [(f"  {member.service}", member.type, member.why) for member in members]
            lines += ["", columns.prose(heading), *columns.lines(rows, room=room, has_head=False)]
    return "\n".join((*lines, "", f"In a spec: bundles: [{bundle.pinned}]"))

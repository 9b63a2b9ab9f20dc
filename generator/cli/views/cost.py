"""An Estimate as people and programs read it: columns and sentences, or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import Any

from generator.cli.views import table
from generator.cli.views.words import counted
from generator.cost.break_even import BreakEven
from generator.cost.cost import Estimate, Nat, Row

_HEAD = ("Endpoint", "Type", "Zones", "USD/hour", "USD/month")
_MODULES = ("Module", "Region", "Endpoints", "USD/month")
_NUMBERS = (2, 3, 4)
_CENT = Decimal("0.01")
_WIDE = Context(prec=80)  # a break-even may be far away, where two prices are nearly the same


def as_table(estimate: Estimate) -> str:
    """Return the endpoints as columns, the totals under them, and below what they rest on, in sentences."""
    if estimate.is_retired:
        return table.prose(
            f"{estimate.module} in {estimate.region}: retired, it has no endpoints\n\ntotal: 0.00 USD a month"
        )
    hours = estimate.assumptions.hours
    amounts = (estimate.hourly, *(row.hourly or Decimal(0) for row in estimate.rows))
    places = max(len(_plain(amount).partition(".")[2]) for amount in amounts)  # all of a column alike
    lines = [_HEAD, *(_cells(row, hours, places) for row in estimate.rows)]
    if estimate.nat is not None:
        traffic = f"{_plain(estimate.assumptions.traffic_gb, ',f')} GB"
        lines.append(("traffic", traffic, "", "", _month(estimate.traffic)))
    total = "total" if estimate.is_complete else "total known"
    lines.append((total, "", "", f"{estimate.hourly:,.{places}f}", _month(estimate.monthly)))
    number = counted(len(estimate.rows), "endpoint")
    unknown = sum(row.hourly is None for row in estimate.rows)
    scope = f"{estimate.module} in {estimate.region}: {number}{f', {unknown} of unknown price' if unknown else ''}"
    conclusion = f"{total}: {_month(estimate.monthly)} USD a month"
    told = table.prose("\n".join(_sentences(estimate)))
    return "\n".join((table.prose(scope), "", table.table(lines, right=_NUMBERS), "", told, "", conclusion))


def by_module(found: Sequence[Estimate]) -> str:
    """Return a line for each of several modules, as columns; what is not known as a whole is marked."""
    lines = [_MODULES]
    for each in found:
        number, known = str(len(each.rows)), each.is_retired or each.is_complete
        month = _month(Decimal(0) if each.is_retired else each.monthly) + ("" if known else " known")
        lines.append((each.module, each.region, "retired" if each.is_retired else number, month))
    return table.table(lines, right=(2, 3))


def total_line(found: Sequence[Estimate]) -> str:
    """Return what several modules cost together, in a line."""
    all_of_it = total(found)
    number = f"{counted(len(found), 'module')}, {counted(all_of_it['endpoints'], 'endpoint')}"
    name = "total" if all_of_it["complete"] else "total known"
    return f"{number}: {name} {_month(all_of_it['monthly'])} USD a month"


def total(found: Sequence[Estimate]) -> dict[str, Any]:
    """Return what several modules cost together, as data for JSON; `complete` says whether each price is known."""
    return {
        "modules": len(found),
        "endpoints": sum(len(each.rows) for each in found),
        "currency": "USD",
        "hourly": sum((each.hourly for each in found), Decimal(0)),
        "monthly": sum((each.monthly for each in found), Decimal(0)),
        "complete": all(each.is_retired or each.is_complete for each in found),
    }


def as_data(estimate: Estimate) -> dict[str, object]:
    """Return the estimate as data for JSON, amounts as decimal numbers; null is unknown.

    The GB of a break-even are rounded to hundredths; null there is never.
    """
    hours, nat = estimate.assumptions.hours, estimate.nat
    return {
        "module": estimate.module,
        "region": estimate.region,
        "retired": estimate.is_retired,
        "currency": "USD",
        "hours": hours,
        "traffic_gb": estimate.assumptions.traffic_gb,
        "endpoints": [
            {**asdict(row), "monthly": None if row.hourly is None else row.hourly * hours} for row in estimate.rows
        ],
        "traffic": {"monthly": estimate.traffic} if nat else None,
        "total": {"hourly": estimate.hourly, "monthly": estimate.monthly, "complete": estimate.is_complete},
        "nat_gateways": _nat(nat) if nat else None,
        "notes": estimate.notes,
        "sources": [asdict(source) for source in estimate.sources],
    }


def _nat(nat: Nat) -> dict[str, object]:
    return {
        "gateways": nat.gateways,
        "hourly": nat.hour,
        "hourly_with_address": nat.with_address,
        "gb": nat.gb,
        "break_even": {name: _break_even(getattr(nat, name)) for name in ("there_anyway", "only_for_this")},
    }


def _cells(row: Row, hours: Decimal, places: int) -> tuple[str, ...]:
    zones = "-" if row.type == "Gateway" else str(row.zones or "unknown")
    if row.hourly is None:
        return (row.endpoint, row.type, zones, "unknown", "unknown")
    if not row.hourly:
        return (row.endpoint, row.type, zones, "free", "free")
    return (row.endpoint, row.type, zones, f"{row.hourly:,.{places}f}", _month(row.hourly * hours))


def _sentences(estimate: Estimate) -> Iterator[str]:
    assumptions = estimate.assumptions
    traffic = f" and {_plain(assumptions.traffic_gb, ',f')} GB through the interface endpoints" if estimate.nat else ""
    options = "--hours, --traffic-gb" if estimate.nat else "--hours"
    yield f"Assumed: {_plain(assumptions.hours, ',f')} hours{traffic} a month ({options})."
    yield from (f"Note: {note}." for note in estimate.notes)
    if estimate.nat is not None:
        yield from _against(estimate.nat)
    yield from _prices(estimate)


def _prices(estimate: Estimate) -> Iterator[str]:
    checked = sorted({source.checked for source in estimate.sources if source.checked})
    looked_up = f", looked up on {checked[0]}" if checked else ""
    yield f"Prices: {estimate.region}, on demand, without tax{looked_up}."
    for source in estimate.sources:
        yield "  " + "  ".join(filter(None, (source.published, source.title)))
        yield f"    {source.url}"


def _against(nat: Nat) -> Iterator[str]:
    if nat.there_anyway is None or nat.gb is None:
        yield "Break-even with NAT gateways: unknown."
        return
    hour = "" if nat.hour is None else f"; {_plain(nat.hour)} USD/hour"
    address = " with the public IPv4 address" if hour and nat.with_address else ""
    yield f"Break-even with NAT gateways ({_plain(nat.gb)} USD/GB{hour}{address}):"
    only = f"{nat.gateways or 'some'} only for this"
    yield f"  {'there anyway'.ljust(len(only))}  {_in_words(nat.there_anyway)}"
    yield f"  {only}  {_in_words(nat.only_for_this)}"


def _in_words(found: BreakEven | None) -> str:
    if found is None:
        return "unknown"
    if found.gb is None:
        return f"the endpoints cost {'no more' if found.first_is_cheaper else 'more'} at any traffic"
    if found.first_is_cheaper:
        return f"the endpoints cost less up to {_whole(found.gb, ROUND_FLOOR)} GB a month"
    return f"the endpoints cost less from {_whole(found.gb, ROUND_CEILING)} GB a month"


def _whole(gb: Decimal, rounding: str) -> str:
    return f"{gb.quantize(Decimal(1), rounding, _WIDE):,}"


def _break_even(found: BreakEven | None) -> dict[str, object] | None:
    if found is None:
        return None
    gb = None if found.gb is None else found.gb.quantize(_CENT, ROUND_HALF_UP, _WIDE)
    return {"cheaper_below": "endpoints" if found.first_is_cheaper else "nat_gateways", "gb": gb}


def _month(amount: Decimal | None) -> str:
    return "unknown" if amount is None else f"{amount.quantize(_CENT, ROUND_HALF_UP, _WIDE):,}"


def _plain(number: Decimal, form: str = "f") -> str:
    """Return a number without an exponent and without zeros at its end; `,f` has commas between thousands."""
    text = format(number, form)
    return text.rstrip("0").rstrip(".") if "." in text else text

"""What AWS charges for endpoints and for what replaces them: a Region and a kind in, a price with its sources out.

    shipped data/prices.json ──load──▶ Prices ──with_file──▶ Prices, in which the user's own outrank the shipped
                                         └─price─▶ USD an hour (and zone), USD a GB in tiers

It alone reads `data/prices.json`, which `scripts/build_prices.py` writes. None means that no source says: an unknown
price is never taken for 0. The kinds are the endpoint types, `NatGateway` and `PublicIPv4`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from decimal import Decimal
from functools import cache
from typing import Any

from generator.catalog.catalog import read_data
from generator.source.diagnostics import Code, Diagnostic, Refused
from generator.source.frozen import frozen
from generator.source.source import Data, Source
from generator.source.text import quote

NOT_A_PRICE_KEY = Code("E281")
NOT_A_PRICE = Code("E282")

KINDS = ("Interface", "GatewayLoadBalancer", "Resource", "ServiceNetwork", "NatGateway", "PublicIPv4")
Path = tuple[str | int, ...]
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,8})?")
_EXAMPLE = "write it as ap-southeast-1: {Interface: {hour: 0.013, gb: 0.01}}"


@frozen(kw_only=True)
class Tier:
    """The price of each GB `up_to` so many a month; None: of all the rest."""

    price: Decimal
    up_to: Decimal | None = None


@frozen(kw_only=True)
class Price:
    """One price: USD an hour, USD a GB in tiers, and the names of the sources. None and () are unknown."""

    hour: Decimal | None = None
    gb: tuple[Tier, ...] = ()
    sources: tuple[str, ...] = ()


@frozen(kw_only=True)
class PriceSource:
    """Where prices come from; `published` is the day (ISO) of the source, `checked` the day it was looked up."""

    title: str
    url: str
    published: str
    checked: str


@frozen(kw_only=True)
class Prices:
    """All that is known, by Region and kind, and by kind for every Region."""

    regions: Mapping[str, Mapping[str, Price]]
    everywhere: Mapping[str, Price] = field(default_factory=dict)
    sources: Mapping[str, PriceSource] = field(default_factory=dict)

    @staticmethod
    @cache
    def load() -> Prices:
        """Return the shipped prices; they are read once."""
        return Prices.of(read_data("prices.json"))

    @staticmethod
    def of(data: Mapping[str, Any]) -> Prices:
        """Return the prices of `data`, which has the shape of the shipped `data/prices.json`."""
        return Prices(
            regions={region: _kinds(kinds) for region, kinds in data["regions"].items()},
            everywhere=_kinds(data["everywhere"]),
            sources={key: PriceSource(**each, checked=data["checked"]) for key, each in data["sources"].items()},
        )

    def price(self, region: str, kind: str) -> Price:
        """Return the price of a kind in a Region; what nobody states is unknown."""
        return self.regions.get(region, {}).get(kind) or self.everywhere.get(kind) or Price()

    def with_file(self, source: Source) -> Prices:
        """Return these prices, outranked by those that a user's file states; raises Refused with its mistakes."""
        if findings := tuple(_mistakes(source)):
            raise Refused(findings)
        stated = {region: _kinds(kinds or {}) for region, kinds in _mapping(source.data).items()}
        regions = {
            region: {
                **self.regions.get(region, {}),
                **{kind: self._outranked(region, kind, price, source.file) for kind, price in kinds.items()},
            }
            for region, kinds in stated.items()
        }
        own = PriceSource(title=source.file, url="", published="", checked="")
        return replace(self, regions={**self.regions, **regions}, sources={**self.sources, source.file: own})

    def _outranked(self, region: str, kind: str, stated: Price, file: str) -> Price:
        shipped = self.price(region, kind)
        whole = stated.hour is not None and bool(stated.gb)
        return Price(
            hour=shipped.hour if stated.hour is None else stated.hour,
            gb=stated.gb or shipped.gb,
            sources=(file,) if whole else (file, *shipped.sources),
        )


def amount(tiers: tuple[Tier, ...], gb: Decimal) -> Decimal:
    """Return what so many GB a month cost in tiers; each tier's price is for its own part alone."""
    total, below = Decimal(0), Decimal(0)
    for tier in tiers:
        top = gb if tier.up_to is None else min(gb, tier.up_to)
        total += (top - below) * tier.price
        below = top
    return total


def _kinds(kinds: Mapping[str, Mapping[str, Any]]) -> dict[str, Price]:
    return {
        kind: Price(
            hour=None if raw.get("hour") is None else Decimal(raw["hour"]),
            gb=_tiers(raw.get("gb")),
            sources=tuple(raw.get("sources", ())),
        )
        for kind, raw in kinds.items()
        if raw is not None
    }


def _tiers(raw: str | list[Mapping[str, str]] | None) -> tuple[Tier, ...]:
    tiers = [{"price": raw}] if isinstance(raw, str) else raw or ()
    return tuple(Tier(**{key: Decimal(value) for key, value in tier.items()}) for tier in tiers)


def _mistakes(source: Source) -> Iterator[Diagnostic]:
    for region, kinds in _mapping(source.data).items():
        yield from _unknown_keys(source, (region,), kinds, KINDS)
        for kind, price in _mapping(kinds).items():
            yield from _unknown_keys(source, (region, kind), price, ("hour", "gb"))
            stated = _mapping(price)
            yield from _no_price(source, (region, kind, "hour"), stated.get("hour"))
            data = stated.get("gb")
            if isinstance(data, list):
                yield from _wrong_tiers(source, (region, kind, "gb"), data)
            else:
                yield from _no_price(source, (region, kind, "gb"), data)


def _unknown_keys(source: Source, path: Path, data: Data, known: tuple[str, ...]) -> Iterator[Diagnostic]:
    if data is not None and not isinstance(data, dict):
        yield NOT_A_PRICE.at(source.place(path), f"{path[-1]} is not a mapping", _EXAMPLE)
    for key in _mapping(data):
        if key not in known:
            fix = f"write {', '.join(known[:-1])} or {known[-1]}"
            yield NOT_A_PRICE_KEY.at(source.key_place((*path, key)), f"a price file has no key {quote(key)} here", fix)


def _wrong_tiers(source: Source, path: Path, tiers: list[Data]) -> Iterator[Diagnostic]:
    if not tiers:
        yield NOT_A_PRICE.at(source.place(path), "gb is a list without tiers", "write one price, or leave gb out")
    below = Decimal(0)
    for index, tier in enumerate(tiers):
        here = (*path, index)
        if not isinstance(tier, dict):
            yield NOT_A_PRICE.at(source.place(here), f"tier {index + 1} is not a mapping", "write {up_to: …, price: …}")
            continue
        yield from _unknown_keys(source, here, tier, ("up_to", "price"))
        if tier.get("price") is None:
            yield NOT_A_PRICE.at(source.place(here), f"tier {index + 1} has no price", "write price: and USD, as 0.013")
        yield from _no_price(source, (*here, "price"), tier.get("price"))
        end = tier.get("up_to")
        if index == len(tiers) - 1:
            if "up_to" in tier:
                yield NOT_A_PRICE.at(source.place((*here, "up_to")), "the last tier has no end", "remove up_to")
        elif isinstance(end, str) and _is_number(end) and Decimal(end) > below:
            below = Decimal(end)
        else:
            fix = "write up_to: and the GB a month to which the price holds"
            yield NOT_A_PRICE.at(source.place((*here, "up_to")), f"tier {index + 1} does not end above {below} GB", fix)


def _no_price(source: Source, path: Path, value: Data) -> Iterator[Diagnostic]:
    if value is not None and not _is_number(value):
        given = quote(value) if isinstance(value, str) else "a list or a mapping"
        yield NOT_A_PRICE.at(source.place(path), f"{path[-1]} is {given}", "write USD, as 0.013")


def _is_number(value: Data) -> bool:
    return isinstance(value, str) and bool(_NUMBER.fullmatch(value))


def _mapping(data: Data) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}

"""The list of one Region: services by full name, by type what AWS says of each; as data, and as text that diffs well.

Facts have the names that Terraform's `aws_vpc_endpoint_service` gives them. A fact that is absent is unknown.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, fields
from datetime import date
from pathlib import PurePath
from typing import Any

from generator.source.diagnostics import MOST as MOST_TOLD
from generator.source.diagnostics import Code, Diagnostic, Place, Refused
from generator.source.draft import more_mistakes
from generator.source.frozen import frozen
from generator.source.text import Position, positions

NO_LIST = Code("E275")
OLD = Code("W251")
STALE_AFTER_DAYS = 180
MOST = 5000
LARGEST = 8 * 2**20
"""Bytes of a list: the longest is a quarter of that, and reading more may take more than 300 MiB."""
"""So many services a list may have: ten times what a Region has."""
DEFAULT = "specs"
"""The folder that the commands take when none is given, where there is one."""


@frozen(kw_only=True)
class Offer:
    """What AWS says of one service as one type of endpoint; None is what it does not say."""

    acceptance_required: bool | None = None
    availability_zone_ids: tuple[str, ...] | None = None
    availability_zones: tuple[str, ...] | None = None
    private_dns_names: tuple[str, ...] | None = None
    supported_ip_address_types: tuple[str, ...] | None = None
    vpc_endpoint_policy_supported: bool | None = None


NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
KIND = re.compile(r"[A-Za-z]+")
FACTS = tuple(field.name for field in fields(Offer))
_FLAGS = frozenset({"acceptance_required", "vpc_endpoint_policy_supported"})


@frozen(kw_only=True)
class RegionalList:
    """The AWS services that one Region has: full name → endpoint type → what is said of it."""

    region: str
    taken: date
    source: str
    """Where it was taken from: `api`, or the name of a file."""
    services: Mapping[str, Mapping[str, Offer]]
    file: str = ""
    """Where it was read, as a finding names it."""

    @property
    def types(self) -> frozenset[str]:
        """Return the types that it speaks of: a list without a gateway was filtered, since each Region has some."""
        return frozenset(kind for offers in self.services.values() for kind in offers)

    def offer(self, name: str, vpc_endpoint_type: str) -> Offer | None:
        """Return what is said of a service as a type of endpoint, or None where it is not listed."""
        return self.services.get(name, {}).get(vpc_endpoint_type)


def dumps(listed: RegionalList) -> str:
    """Return a list as JSON, sorted, with a line for each type of each service, so that a diff shows what changed."""
    head = {"region": listed.region, "taken": listed.taken.isoformat(), "source": listed.source}
    lines = [f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}," for key, value in head.items()]
    services = (f"  {json.dumps(name)}: {{\n{_offers(listed.services[name])}\n  }}" for name in sorted(listed.services))
    return "\n".join(["{", *lines, ' "services": {', ",\n".join(services), " }", "}", ""])


def _offers(offers: Mapping[str, Offer]) -> str:
    facts = {kind: {k: v for k, v in asdict(offers[kind]).items() if v is not None} for kind in sorted(offers)}
    return ",\n".join(f"   {json.dumps(kind)}: {json.dumps(stated)}" for kind, stated in facts.items())


def loads(text: str, *, file: str, region: str) -> RegionalList:
    """Read what `dumps` wrote; raises Refused (E275) with everything that is not so."""
    fix = f"take the list again: {command(region, file)}"
    if len(text) > LARGEST:
        raise Refused([NO_LIST.at(Place(file), f"it has more than {LARGEST >> 20} MiB", fix)])
    twice: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        twice.extend(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        return dict(pairs)

    try:
        data = json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        place = Place(file, error.lineno, error.colno)
        raise Refused([NO_LIST.at(place, f"not JSON: {error.msg}", fix)]) from error
    except (RecursionError, ValueError) as error:  # Python's words of a number are of its own limits
        message = "it nests too deep" if isinstance(error, RecursionError) else "it has a number of too many digits"
        raise Refused([NO_LIST.at(Place(file), message, fix)]) from error
    wrong: list[_Wrong] = [(_second, (key,), f"the key {key} is there twice") for key in twice]
    wrong += [(_place, keys, why) for keys, why in _objections(data, region)]
    if wrong:
        at = positions(text)
        found = [NO_LIST.at(where(text, file, at, *keys), why, fix) for where, keys, why in wrong[:MOST_TOLD]]
        raise Refused(found + more_mistakes(file, len(wrong) - len(found)))
    return RegionalList(
        region=region,
        taken=date.fromisoformat(data["taken"]),
        source=data["source"],
        services={
            name: {kind: Offer(**with_tuples(said)) for kind, said in offers.items()}
            for name, offers in data["services"].items()
        },
        file=file,
    )


def too_many(number: int) -> str:
    """Return why a list of so many services is none."""
    return f"it has {number} services, and a list at most {MOST}"


def command(region: str, file: str) -> str:
    """Return the command that writes the list of a Region at `file`, a path that ends in `services/<region>.json`."""
    folder = PurePath(file).parent.parent.as_posix()
    return f"gen-endpoints services refresh --region {region}{'' if folder == DEFAULT else f' --dir {folder}'}"


_Wrong = tuple[Callable[..., Place], tuple[str, ...], str]
"""What finds the place of a mistake, the keys that it takes for that, and why it is one."""


def _place(text: str, file: str, at: Position, *keys: str) -> Place:
    """Return where the last of some keys is, each looked for after the one before it."""
    offset = 0
    for key in keys:
        offset = max(text.find(json.dumps(key), offset), offset)
    return Place(file, *at(offset)) if keys else Place(file)


def _second(text: str, file: str, at: Position, key: str) -> Place:
    """Return where a key is the second time; where it is there yet again, another mapping may have it."""
    word = json.dumps(key)
    last = text.rfind(word)
    return Place(file, *at(last)) if text.find(word, text.find(word) + 1) == last else Place(file)


def _objections(data: Any, region: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield why JSON is not a list of the Region: the keys that lead there, and why."""
    if not isinstance(data, dict) or data.keys() != {"region", "taken", "source", "services"}:
        yield (), "it does not hold region, taken, source and services, and those alone"
        return
    if data["region"] != region:
        yield ("region",), f"it lists the services of {data['region']}, but the file is named {region}"
    if not isinstance(data["taken"], str) or not _is_date(data["taken"]):
        yield ("taken",), "taken is not a date such as 2026-11-24"
    if not isinstance(data["source"], str) or not data["source"].isprintable():
        yield ("source",), "source is not printable text"
    if not isinstance(data["services"], dict):
        yield ("services",), "services is not a mapping of names"
    elif not data["services"]:
        yield ("services",), "services is empty, and every Region has some"
    elif len(data["services"]) > MOST:
        yield ("services",), too_many(len(data["services"]))
    else:
        yield from _wrong_services(data["services"])


def _wrong_services(services: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    for name, offers in services.items():
        if not NAME.fullmatch(name):
            yield (name,), f"{name!a} is not a service name"
        elif not isinstance(offers, dict) or not offers:
            yield (name,), f"{name} has no types"
        else:
            for kind, said in offers.items():
                why = () if KIND.fullmatch(kind) else ((kind, f"{kind!a} is not an endpoint type"),)
                yield from (((name, kind, at), f"{name}: {what}") for at, what in (*why, *_wrong_facts(said)))


def _wrong_facts(said: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(said, dict):
        yield "", "the value of a type must be a mapping of facts"
        return
    for fact, value in said.items():
        if fact not in FACTS:
            yield fact, f"{fact} is not one of the facts {', '.join(FACTS)}"
        elif fact in _FLAGS:
            if not isinstance(value, bool):
                yield fact, f"{fact} is neither true nor false"
        elif not isinstance(value, list) or not all(isinstance(item, str) and item.isprintable() for item in value):
            yield fact, f"{fact} is not a list of text"


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def with_tuples(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as JSON holds them, with tuples in place of lists."""
    return {fact: tuple(value) if isinstance(value, list) else value for fact, value in facts.items()}


def warn_of_age(listed: RegionalList, today: date) -> Iterator[Diagnostic]:
    """Warn of a list that is old by the day that is today."""
    if (age := (today - listed.taken).days) > STALE_AFTER_DAYS:
        message = f"the list of {listed.region} was taken {age} days ago, on {listed.taken}"
        yield OLD.at(Place(listed.file), message, f"take the list again: {command(listed.region, listed.file)}")


def changes(before: RegionalList, after: RegionalList) -> Iterator[str]:
    """Yield a line for what a list added to, removed from and changed in the one before, by name and type."""
    old, new = _flat(before), _flat(after)
    yield from (f"added {' '.join(key)}" for key in sorted(new.keys() - old.keys()))
    yield from (f"removed {' '.join(key)}" for key in sorted(old.keys() - new.keys()))
    for key in sorted(new.keys() & old.keys()):
        for fact in FACTS:
            was, now = getattr(old[key], fact), getattr(new[key], fact)
            if was != now:
                yield f"changed {' '.join(key)}: {fact} {_as_text(was)} → {_as_text(now)}"


def _flat(listed: RegionalList) -> dict[tuple[str, str], Offer]:
    return {(name, kind): offer for name, offers in listed.services.items() for kind, offer in offers.items()}


def _as_text(value: object) -> str:
    return "unknown" if value is None else json.dumps(value)

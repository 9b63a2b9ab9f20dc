"""Which services a query means, best first, and what is known of each. Pure, and quick: it reads no spec.

query ──find──▶ ids ──row──▶ Row (as JSON; None is unknown) ──views──▶ table, page
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from generator.catalog import everyday
from generator.catalog.catalog import Catalog, IncompleteNameError, Reference, Service
from generator.catalog.listed import refine
from generator.catalog.lists import RegionalList
from generator.catalog.policy_needs import prefix_of, prefixes_of_actions
from generator.source import suggest
from generator.source.diagnostics import Code
from generator.source.frozen import frozen

NO_SERVICE = Code("E279")
_WORD = r"[a-z0-9]+"
_SLIP = 0.75
"""How like a word of the catalog another must be to be taken for it: one slip in four letters."""
_SHORT = 3
"""The letters of words whose `s` makes no plural."""
_LONG = 7
"""The letters of words that are in a name with its blanks left out by no chance."""
_OF_ENDPOINTS = {"interface": "Interface", "gateway": "Gateway", "endpoint": "", "endpoints": "", "vpc": ""}
"""Words of what every endpoint is, and the type that they say."""
_INSIDE = 3
"""The rank of a service that holds the words as parts of other words alone."""
_OF_OFFERS = {
    "policy": "vpc_endpoint_policy_supported",
    "ipv6": "supported_ip_address_types",
    "private_dns": "private_dns_names",
    "private_dns_supported": "private_dns_names",
}
"""The fields of a row that a Region's list can settle, and by which of its facts."""
_FACTS = ("policy", "ipv6", "cross_region", "private_dns_supported", "private_dns")
_SAME = ("title", "aliases", "private_dns_supported", "policy", "ipv6", "cross_region", "doc", "notes")
"""The fields of a row that are those of the service."""


@frozen(kw_only=True)
class Row:
    """What is known of one service, in a Region if one is given; None is unknown throughout."""

    service: str
    title: str
    aliases: tuple[str, ...]
    types: tuple[str, ...]
    service_names: Mapping[str, str]
    """By type; `{region}` and the like stand for what is not given."""
    offered: bool | None
    ports: tuple[str, ...] | None
    private_dns_supported: bool | None
    private_dns: tuple[str, ...] | None
    policy: bool | None
    ipv6: bool | None
    cross_region: bool | None
    doc: str | None
    notes: tuple[str, ...]


def match_exactly(catalog: Catalog, query: str) -> str | None:
    """Return the id that a query is, or the id in the full name that it is; None where it is neither."""
    wanted = query.casefold().strip()
    if wanted in catalog.services:
        return wanted
    if not re.search(r"(^|\.)(aws|amazonaws)\.", wanted):
        return None
    ends = [service_id for service_id in catalog.services if wanted.endswith(f".{service_id}")]
    return max(ends, key=len, default=None)


def find_region(catalog: Catalog, query: str) -> str | None:
    """Return the Region in a full name, or None where there is none that the catalog knows."""
    return next((part for part in query.casefold().split(".") if part in catalog.regions), None)


def find(catalog: Catalog, query: str) -> tuple[tuple[str, ...], bool]:
    """Return the ids that a query may mean, best first, and whether they hold all of its words, or are only close."""
    if not query.strip():
        return tuple(sorted(catalog.services)), True
    texts = everyday.readings(query.casefold().strip(), find_region(catalog, query))
    found = next(filter(None, (_holding(catalog, text) for text in texts)), ())
    found = found or _of_prefixes(catalog, prefixes_of_actions().get(texts[0], ()))
    if found:
        return found, True
    words, services = re.findall(_WORD, texts[0]), catalog.services.values()
    vocabulary = {word for service in services for word in _words(service.id, service.title, *service.aliases)}
    meant = [next(iter(_nearest(word, vocabulary, n=1, cutoff=_SLIP)), word) for word in words]
    return _rank_by_words(meant, " ".join(meant), services) or _nearest(texts[0], catalog.services, n=5), False


def _holding(catalog: Catalog, query: str) -> tuple[str, ...]:
    """Return the ids that hold all words of a query, first those that it names without being in their names."""
    words, services = re.findall(_WORD, query), catalog.services.values()
    named = _of_prefixes(catalog, [query]) or everyday.everyday_ids(query)
    first = tuple(each for each in named if each in catalog.services and query not in catalog.services)
    if found := (*first, *(each for each in _rank_by_words(words, query, services) if each not in first)):
        return found
    plain = [word.removesuffix("s") if len(word) > _SHORT else word for word in words if word not in _OF_ENDPOINTS]
    kinds = {kind for word in words if (kind := _OF_ENDPOINTS.get(word))}
    return _rank_by_words(plain, " ".join(plain), [each for each in services if kinds <= {*each.types}])


def _of_prefixes(catalog: Catalog, prefixes: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of the services whose actions begin so, as `ecr:`."""
    found = [catalog.services[each] for each in catalog.services if prefixes and prefix_of(each) in prefixes]
    ordered = sorted(found, key=lambda service: (service.fips, -_known(service), service.id))
    return tuple(service.id for service in ordered)


def _known(service: Service) -> int:
    """Return how much AWS documents of a service, which comes nearest to how much is asked for it."""
    return sum(getattr(service, fact) is not None for fact in _FACTS)


def _nearest(text: str, known: Iterable[str], *, n: int, cutoff: float = suggest.CLOSE) -> tuple[str, ...]:
    """Return what a text may be a slip of: few slips are in the first letter, and `postgres` means no `outposts`."""
    return suggest.nearest(text, (each for each in known if each[:1] == text[:1]), n=n, cutoff=cutoff)


def _rank_by_words(words: Sequence[str], query: str, services: Iterable[Service]) -> tuple[str, ...]:
    """Return the ids of the services that hold each word; of those that hold them alike, the best known one first."""
    ranked = sorted(rank for service in services if (rank := _rank(words, query.casefold().strip(), service)))
    is_sure = any(misses < _INSIDE for misses, *_ in ranked)
    return tuple(service_id for misses, *_, service_id in ranked if misses < _INSIDE or not is_sure)


def _rank(words: Sequence[str], query: str, service: Service) -> tuple[int, bool, int, float, str] | None:
    """Return what orders a service among others, the least first; None where it does not hold each word.

    It is the very service, or holds the words whole, or as beginnings of words, or as parts of them. The last counts
    only where nothing else holds them, since `ecr` is in `secrets` by chance.
    """
    aliases = (*service.aliases, *everyday.words_of(service.id))
    text = _folded(service.id, service.title, *aliases)
    run = re.sub(r"[^a-z0-9]", "", text)  # `sessionmanager`
    is_named = query == service.id or query.endswith(f".{service.id}")
    if not words or not (is_named or all(word in text or (len(word) > _LONG and word in run) for word in words)):
        return None
    own, named = _words(service.id, service.title), _words(service.id, service.title, *aliases)
    tests = (
        is_named,
        named.issuperset(words),
        all(any(known.startswith(word) for known in named) for word in words),
    )
    misses = next((number for number, holds in enumerate(tests) if holds), _INSIDE)
    return misses, service.fips != ("fips" in query), -_known(service), -len(words) / len(own), service.id


@cache
def _folded(*texts: str) -> str:
    return " ".join(texts).casefold()


@cache
def _words(*texts: str) -> frozenset[str]:
    return frozenset(re.findall(_WORD, _folded(*texts)))


def only_region(catalog: Catalog, service_id: str) -> str | None:
    """Return the first Region whose list brings a service that the shipped catalog does not have; mostly None."""
    if service_id in catalog.data["services"]:
        return None
    return next(iter(catalog.services[service_id].regions or ()), None)


def describe(catalog: Catalog, service_id: str, region: str | None = None, listed: RegionalList | None = None) -> Row:
    """Return what is known of a service: in a Region by its list where there is one, for all Regions without one."""
    service = catalog.services[service_id]
    names = {kind: _name(catalog, service, region, kind) for kind in service.types}
    here = {kind: offer for kind, name in names.items() if listed and (offer := listed.offer(name, kind))}
    service = refine(service, here.get("Interface") or next(iter(here.values()), None))
    types = tuple(kind for kind in service.types if kind in here) or service.types
    dns_names = service.private_dns
    return Row(
        service=service_id,
        types=types,
        service_names={kind: names[kind] for kind in types},
        offered=catalog.offered_in(service_id, region) if region else None,
        ports=tuple(map(str, service.ports)) or None,
        private_dns=dns_names and tuple(name.replace("{region}", region or "{region}") for name in dns_names),
        **{field: getattr(service, field) for field in _SAME},
    )


def sources(catalog: Catalog, of: Row, listed: RegionalList | None = None) -> Mapping[str, tuple[Reference, ...]]:
    """Return where each fact of a row comes from, by the row's fields: the list of the Region before the catalog."""
    known = catalog.references(of.service)
    found = {field: known.get(field, ()) for field in Row.__dataclass_fields__}
    found["service_names"] = known.get("service_name", ())
    found["types"] = found["types"] or found["service_names"]  # each source of a name says of which type it is
    found["offered"] = (*known.get("regions", ()), *known.get("regions_excluded", ()))
    if of.ports == ("443",) and not found["ports"]:
        found["ports"] = (Reference("no source names another port", "", catalog.checked.isoformat()),)
    if listed is not None:
        taken = (Reference(f"{listed.file}, from {listed.source}", "", listed.taken.isoformat()),)
        found |= dict.fromkeys(_listed_fields(of, listed), taken)
    return {field: references for field, references in found.items() if references}


def _listed_fields(of: Row, listed: RegionalList) -> Iterator[str]:
    offers = [offer for kind, name in of.service_names.items() if (offer := listed.offer(name, kind))]
    if offers or listed.types.intersection(of.types):
        yield "offered"
    if offers:
        yield from ("types", "service_names")
    for field, fact in _OF_OFFERS.items():
        if any(getattr(offer, fact) is not None for offer in offers):
            yield field


def _name(catalog: Catalog, service: Service, region: str | None, kind: str) -> str:
    if region is None:
        return service.template
    try:
        return catalog.service_name(service.id, region, kind)
    except IncompleteNameError:
        return service.template.replace("{region}", region)

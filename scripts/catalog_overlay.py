"""The hand-kept facts of `scripts/overlay/`, each with its source and the day it was checked, and how they are settled.

    overlay/*.yaml ──read_claims──▶ claims ─┐
    overlay/conflicts.yaml ──read_decisions──▶ decisions ──settle──▶ facts, each with its references

Sources that contradict each other are an error unless the contradiction is listed with what to make of it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

FIELDS = frozenset(
    {
        "title",
        "aliases",
        "doc",
        "types",
        "service_name",
        "ports",
        "private_dns_supported",
        "private_dns",
        "policy",
        "ipv6",
        "cross_region",
        "regions",
        "regions_may_lag",
        "regions_excluded",
        "az_ids_unsupported",
        "notes",
    }
)
_SEVERAL = frozenset({"title", "doc"})  # a service that stands in several entries has several; the first holds
_UNKNOWN = "unknown"


class OverlayError(Exception):
    """The overlay says something that can't be, or contradicts itself or a package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one source says of one field of one service."""

    service: str
    field: str
    value: Any
    source: str
    checked: str
    introduces: bool = False
    """Whether the service need not be known from elsewhere."""

    @property
    def reference(self) -> str:
        """Return source and day in one word, as the provenance has them."""
        return f"{self.source}@{self.checked}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the catalog makes of a contradiction: the word of the source `keep`, or nothing."""

    keep: str
    because: str
    reference: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that is settled, and the references that bear it out."""

    value: Any
    references: tuple[str, ...]


def read_claims(folder: Path) -> list[Claim]:
    """Return the claims of every file in the overlay but the conflicts; raises OverlayError for what is no claim."""
    claims: list[Claim] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name != "conflicts.yaml":
            for block in yaml.safe_load(path.read_text(encoding="utf-8")):
                claims += _claims(path.name, block)
    return claims


def _claims(file: str, block: Mapping[str, Any]) -> Iterator[Claim]:
    introduces = "names" in block
    if block.keys() != {"source", "checked", "names" if introduces else "facts"}:
        raise OverlayError(f"{file}: a block is source, checked, and facts or names, not {', '.join(block)}")
    if not isinstance(block["checked"], date):
        raise OverlayError(f"{file}: {block['checked']} is no date")
    origin = {"source": block["source"], "checked": block["checked"].isoformat(), "introduces": introduces}
    for entry in block["names" if introduces else "facts"]:
        facts = {field: value for field, value in entry.items() if field != "services"}
        if not facts.keys() <= FIELDS or not entry.get("services"):
            raise OverlayError(f"{file}: an entry is services and facts, not {', '.join(entry)}")
        if introduces:
            facts.setdefault("service_name", "com.amazonaws.{region}.{id}")
        for service in entry["services"]:
            for field, value in facts.items():
                said = value.replace("{id}", service) if field == "service_name" else value
                yield Claim(service=service, field=field, value=said, **origin)


def read_decisions(path: Path) -> dict[tuple[str, str], Decision]:
    """Return what is decided of each contradiction, by service and field."""
    return {
        (entry["service"], entry["field"]): Decision(
            keep=entry["keep"],
            because=entry["because"],
            reference=f"{entry['source']}@{entry['checked'].isoformat()}",
        )
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
    }


def settle(
    claims: Iterable[Claim], decisions: Mapping[tuple[str, str], Decision]
) -> tuple[dict[str, dict[str, Fact]], list[str]]:
    """Return the facts by service and field, and what forbids to settle the rest.

    A claim that does not introduce its service outranks one that does, since it is more specific.
    """
    grouped: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda claim: claim.introduces):
        grouped[claim.service, claim.field].append(claim)
    facts: dict[str, dict[str, Fact]] = defaultdict(dict)
    notes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    errors = [f"{service}: {field} is no conflict any more" for service, field in decisions.keys() - grouped.keys()]
    for (service, field), said in grouped.items():
        decision = decisions.get((service, field))
        if field == "notes":
            notes[service] += [(claim.value, claim.reference) for claim in said]
        elif field in _SEVERAL:
            facts[service][field] = _agreed(said, said[0].value)
        elif all(claim.value == said[0].value for claim in said):
            facts[service][field] = _agreed(said, said[0].value)
            errors += [f"{service}: {field} is no conflict any more"] if decision else []
        elif decision is None:
            sources = ", ".join(f"{claim.value} ({claim.source})" for claim in said)
            errors.append(f"{service}: {field} is in conflict: {sources}; decide it in conflicts.yaml")
        else:
            notes[service].append((decision.because, decision.reference))
            kept = [claim for claim in said if claim.source == decision.keep]
            if kept:
                facts[service][field] = _agreed(said, kept[0].value)
            elif decision.keep != _UNKNOWN:
                errors.append(f"{service}: {decision.keep} says nothing of {field}, so its word can't be kept")
    for service, texts in notes.items():
        facts[service]["notes"] = Fact([text for text, _ in texts], tuple(reference for _, reference in texts))
    return dict(facts), errors


def _agreed(claims: Iterable[Claim], value: Any) -> Fact:
    """Return the fact with the references of those claims that agree with it, each once."""
    return Fact(value, tuple(dict.fromkeys(claim.reference for claim in claims if claim.value == value)))

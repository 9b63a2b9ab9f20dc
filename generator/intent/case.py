"""What a rule looks at: the spec, its endpoints with their defaults, their policies, and what is known of AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.intent.endpoints import region_of
from generator.spec.scalars import Model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from generator.catalog.catalog import Catalog
    from generator.intent.endpoints import Wanted
    from generator.intent.policies import Policies
    from generator.source.diagnostics import Place
    from generator.source.source import Source
    from generator.spec import Spec
    from generator.spec.references import Choice, CreatedSecurityGroup

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A value that the spec or an endpoint states for a field."""

    subject: str
    """Who states it, for messages: an endpoint's key, or "the spec"."""
    path: Path
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One spec before the rules."""

    spec: Spec
    source: Source
    catalog: Catalog
    endpoints: tuple[Wanted, ...]
    policies: Policies
    today: date | None
    """The day by which a list is old; None asks nobody's age."""

    def place(self, wish: Wanted, field: str, *parts: str | int) -> Place:
        """Return where a field of an endpoint is stated: in the endpoint or, as a default, in the spec."""
        return self.source.place((*wish.at(field), *parts))

    def own_place(self, wish: Wanted, field: str) -> Place:
        """Return where an endpoint itself states a field, else where the endpoint stands."""
        return self.source.place(wish.path(field)) if field in wish.endpoint.model_fields_set else wish.place

    def subject(self, wish: Wanted, field: str) -> str:
        """Return who states a field of an endpoint, for messages: the endpoint's key, or "the spec"."""
        return wish.key if field in wish.endpoint.model_fields_set else "the spec"

    def region(self, wish: Wanted) -> str | None:
        """Return the Region that an endpoint is in, where the spec says it."""
        return wish.endpoint.region or self.spec.region

    def by_list(self, wish: Wanted, fact: str) -> str:
        """Return the words that name the Region's list, where a fact of the service is the list's; else nothing."""
        listed = self.catalog.lists.get(region_of(wish.endpoint, self.spec) or "")
        offer = listed.offer(str(wish.service_name), wish.type) if listed and wish.service else None
        return f", by {listed.file} of {listed.taken}" if listed and getattr(offer, fact, None) is not None else ""

    def stated(self, field: str) -> Iterator[Stated]:
        """Yield each value that is stated for a field, once: the spec's default, then the endpoints' own."""
        if field in self.spec.model_fields_set:
            yield Stated(subject="the spec", path=(field,), value=getattr(self.spec, field))
        seen: set[Path] = set()
        for wish in self.endpoints:
            path = wish.path(field)
            if field in wish.endpoint.model_fields_set and path not in seen:
                seen.add(path)
                yield Stated(subject=wish.key, path=path, value=getattr(wish.endpoint, field))

    def created(self) -> Iterator[tuple[Path, CreatedSecurityGroup]]:
        """Yield each security group that the module makes, with the path of its `create`."""
        for stated in self.stated("security_groups"):
            for index, reference in enumerate(stated.value):
                if reference.create is not None:
                    yield (*stated.path, index, "create"), reference.create


def shown(reference: Choice) -> str:
    """Return a reference as the spec writes it: `{name: private-a}`."""
    return _flow({reference.form: getattr(reference, reference.form)})


def _flow(value: object) -> str:
    if isinstance(value, Model):
        value = value.stated()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def same(reference: Choice) -> str:
    """Return a key that two references share if they name the same thing in the same words."""
    return repr(reference.stated())

"""What a rule looks at: the spec, its endpoints with their defaults, their policies, and what is known of AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from generator.catalog import Catalog
    from generator.diagnostics import Place
    from generator.source import Source
    from generator.spec import Spec
    from generator.wanted import Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One spec before the rules."""

    spec: Spec
    source: Source
    catalog: Catalog
    endpoints: tuple[Wanted, ...]
    policies: Mapping[str, object]
    """The policy document of each endpoint that has one, as JSON's values, by the endpoint's key."""
    today: date | None
    """The day by which a list is old; None asks nobody's age."""

    def place(self, wish: Wanted, field: str, *parts: str | int) -> Place:
        """Return where a field of an endpoint is stated: in the endpoint or, as a default, in the spec."""
        return self.source.place((*wish.at(field), *parts))

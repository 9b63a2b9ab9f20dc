"""What `verify` finds: a row for each endpoint, with what makes it work under it."""

from __future__ import annotations

from enum import StrEnum

from generator.source.diagnostics import Code
from generator.source.frozen import frozen

FAILS = Code("E442")


class Outcome(StrEnum):
    """How a check came out."""

    PASSED = "passed"
    FAILED = "failed"
    PENDING = "pending"
    """AWS, or the owner of the service, is still at it."""
    UNKNOWN = "unknown"
    """What is seen from here does not say."""


@frozen(kw_only=True)
class Check:
    """One thing that makes an endpoint work, what was seen of it, and what to do where it does not hold."""

    what: str
    outcome: Outcome
    seen: str
    fix: str = ""
    known: bool = True
    """Whether it is told of which live endpoint it is: of several, each fails it, or fails one."""


@frozen(kw_only=True)
class Row:
    """One endpoint of the spec, as the console lists it: `name` and `id` are empty for one that is not there."""

    key: str
    name: str
    id: str
    type: str
    service: str
    """The service's full name, or the ARN of what the endpoint leads to."""
    state: str
    checks: tuple[Check, ...]


@frozen(kw_only=True)
class Report:
    """All endpoints of a spec."""

    spec: str
    region: str
    vpc_id: str
    rows: tuple[Row, ...]

    def count(self, outcome: Outcome) -> int:
        """Return how many checks came out so."""
        return sum(check.outcome is outcome for row in self.rows for check in row.checks)

    @property
    def passed(self) -> bool:
        """Tell whether each endpoint is seen, and nothing failed or is awaited; what is unknown does not count."""
        return self.is_seen and not self.count(Outcome.FAILED) and not self.is_pending

    @property
    def is_seen(self) -> bool:
        """Tell whether each endpoint is there or known not to be."""
        return all(row.id or any(each.outcome is Outcome.FAILED for each in row.checks) for row in self.rows)

    @property
    def is_known(self) -> bool:
        """Tell whether each check could be made, and of which endpoint it is."""
        return all(check.known and check.outcome is not Outcome.UNKNOWN for row in self.rows for check in row.checks)

    @property
    def is_pending(self) -> bool:
        """Tell whether waiting may change anything."""
        return bool(self.count(Outcome.PENDING))

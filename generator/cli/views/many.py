"""What came of each of several specs: a table under what is told of them, or one object of JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from generator.cli.views import data, table
from generator.source.diagnostics import Diagnostic, ExitCode

FINE = "ok"
AS_ASKED = "as far as asked"
"""Of what is fine as far as it is known, which is not all."""
QUIET = frozenset({FINE, AS_ASKED, "retired"})
"""Of what the table has no row where only what is wrong is told; what is not known is told above it."""
_WHOLE = {("endpoints", None), ("more", 0), ("findings", None)}
"""Where the report itself has each endpoint and all that was found, or there is none."""


class Entry(NamedTuple):
    """What came of a spec, or of what several share (None): in a word, why, and what is printed of it alone as JSON."""

    spec: str | None
    state: str
    why: str = ""
    report: object = None
    endpoints: tuple[str, ...] | None = None
    """The keys of the endpoints that were looked at, where the report has but those in which something was found."""
    more: int = 0
    """How many of the findings are counted alone, the report having the first of very many."""
    findings: tuple[Diagnostic, ...] | None = None
    """Why there is no report."""


def code(entries: Iterable[Entry]) -> ExitCode:
    """Return how a command ends where every spec is to be fine, as far as that is known."""
    return ExitCode.FINE if all(each.state in {FINE, AS_ASKED} for each in entries) else ExitCode.REFUSED


def as_table(entries: Iterable[Entry]) -> str:
    """Return a row a spec."""
    rows = ((each.spec or "several specs of a VPC", each.state, each.why) for each in entries)
    return table.table([("Spec", "Result", "Why"), *rows])


def as_json(command: str, entries: Iterable[Entry]) -> str:
    """Return an object with an entry a spec; of one that is refused, or could not be asked, there is no report.

    It has what was found in its place.
    """
    specs = [{k: v for k, v in each._asdict().items() if k == "report" or (k, v) not in _WHOLE} for each in entries]
    for each in specs:
        if found := each.get("findings"):
            from generator.cli.views.findings import row  # few runs need it

            each["findings"] = [row(one) for one in found]
    return data.document(command, {"specs": specs})

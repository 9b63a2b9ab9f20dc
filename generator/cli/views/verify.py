"""A report of `verify` as text: a table, JSON or JUnit's XML."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from generator.live.verify.verified import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.live.verify.verified import Check, Report, Row

_HEAD = ("Name", "Endpoint id", "Type", "Service", "State")
_SHOWN = {Outcome.PASSED: "passed", Outcome.FAILED: "FAILED", Outcome.PENDING: "PENDING", Outcome.UNKNOWN: "unknown"}


def as_table(report: Report) -> str:
    """Return a line for each endpoint as the console lists it, and under it a line for each check."""
    rows = [_HEAD, *((row.name or row.key, row.id or "-", row.type, row.service, row.state) for row in report.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    head, *lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    width = max((len(check.what) for row in report.rows for check in row.checks), default=0)
    text = [head]
    for line, row in zip(lines, report.rows, strict=True):
        text += [line, *(under for check in row.checks for under in _under(check, width))]
    return _harmless("\n".join([*text, "", summary(report)]))


def _under(check: Check, width: int) -> Iterator[str]:
    yield f"  {_SHOWN[check.outcome]:7}  {check.what:{width}}  {check.seen}"
    if check.fix:
        yield f"           {'':{width}}  {check.fix}"


def summary(report: Report) -> str:
    """Return what came out in one line."""
    counts = [f"{report.count(outcome)} {outcome}" for outcome in Outcome if report.count(outcome)]
    number = f"{len(report.rows)} endpoint{'s' if len(report.rows) != 1 else ''}"
    return f"{report.spec} in {report.region}, VPC {report.vpc_id}: {number}; checks: {', '.join(counts)}"


def as_json(report: Report) -> str:
    """Return the report as JSON."""
    data = {
        "spec": report.spec,
        "region": report.region,
        "vpc": report.vpc_id,
        "passed": report.passed,
        "endpoints": [asdict(row) for row in report.rows],
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def as_junit(report: Report) -> str:
    """Return the report as JUnit's XML: a suite for the spec, a case for each check; what is unknown is skipped."""
    counts = {
        "tests": str(sum(len(row.checks) for row in report.rows)),
        "failures": str(report.count(Outcome.FAILED) + report.count(Outcome.PENDING)),
        "errors": "0",
        "skipped": str(report.count(Outcome.UNKNOWN)),
    }
    suites = ET.Element("testsuites", counts)
    suite = ET.SubElement(suites, "testsuite", {"name": report.spec, **counts})
    for row in report.rows:
        for check in row.checks:
            _case(suite, report, row, check)
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode")


def _case(suite: ET.Element, report: Report, row: Row, check: Check) -> None:
    attributes = {"classname": f"{report.spec}.{row.key}", "name": check.what}
    case = ET.SubElement(suite, "testcase", attributes)
    seen = _harmless(check.seen)
    if check.outcome is Outcome.UNKNOWN:
        ET.SubElement(case, "skipped", {"message": seen})
    elif check.outcome is not Outcome.PASSED:
        failure = ET.SubElement(case, "failure", {"message": seen, "type": check.outcome})
        failure.text = _harmless(f"{row.name or row.key} {row.id}\n{check.fix}")
    else:
        ET.SubElement(case, "system-out").text = seen


def _harmless(text: str) -> str:
    """Return text without the characters that XML does not take, and a terminal should not."""
    return "".join(character if character.isprintable() or character == "\n" else "\ufffd" for character in text)

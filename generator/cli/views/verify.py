"""A report of `verify` as text: a table, JSON or JUnit's XML."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from xml.etree import ElementTree as ET

from generator.cli.views import findings as of_findings
from generator.cli.views import table
from generator.cli.views.findings import as_suite, xml
from generator.cli.views.many import AS_ASKED, FINE, Entry
from generator.cli.views.words import counted, shortened
from generator.live.untold import NOT_CHECKED
from generator.live.verify.report import FAILS, Check, Outcome, Report, Row
from generator.source.diagnostics import MOST, Diagnostic
from generator.source.draft import Source

_HEAD = ("Name", "Endpoint id", "Type", "Service", "State")
_SHOWN = {Outcome.PASSED: "passed", Outcome.FAILED: "FAILED", Outcome.PENDING: "PENDING", Outcome.UNKNOWN: "unknown"}
_FIRST = (Outcome.FAILED, Outcome.PENDING, Outcome.UNKNOWN)


def as_tables(reports: Iterable[Report], *, with_passed: bool = False, quiet: bool = False) -> str:
    """Return the tables of reports, until very many checks are told in them; the specs after that are counted.

    Where it is `quiet`, of one that passed as far as asked the last line alone, and of one that passed nothing.
    """
    room, tables, left = MOST, list[str](), 0
    for each in reports:
        if quiet and each.passed:
            tables += [] if each.is_known else [_conclusion(each)]
        elif room > 0:
            tables.append(as_table(each, with_passed=with_passed, most=room))
            room -= sum(check.outcome is not Outcome.PASSED for row in each.rows for check in row.checks)
        else:
            left += 1
    return "\n\n".join([*tables, *([f"and {counted(left, 'more spec')}: name one to see its checks"] if left else [])])


def as_table(report: Report, *, with_passed: bool = False, most: int = MOST) -> str:
    """Return a line for each endpoint as the console lists it, and under it one for each check, or how many passed.

    Of very many that did not pass, `most` are told, what fails before what is unknown.
    """
    endpoints = [(row.name or row.key, row.id or "-", row.type, row.service, row.state) for row in report.rows]
    heads = table.lines([_HEAD, *endpoints])
    wrong = [each for row in report.rows for each in row.checks if each.outcome is not Outcome.PASSED]
    untold = {id(each) for each in sorted(wrong, key=lambda each: _FIRST.index(each.outcome))[most:]}
    under = [[*_checks(row, untold, with_passed=with_passed)] for row in report.rows]
    checks = iter(table.lines([cells for several in under for cells in several], has_head=False))
    text = [summary(report), "", *heads[: -len(endpoints)]]
    for head, several in zip(heads[-len(endpoints) :], under, strict=True):
        text += [""] if "\n" in head and text[-1] else []
        text += [head.rstrip("\n"), *islice(checks, len(several))]
    text += [f"  and {counted(len(untold), 'more check')} that did not pass"] if untold else []
    return "\n".join([*text, "", _conclusion(report)])


def _checks(row: Row, untold: Container[int], *, with_passed: bool) -> Iterator[tuple[str, str, str]]:
    """Yield the cells of each check of an endpoint, and its fix under it."""
    passed = 0 if with_passed else sum(check.outcome is Outcome.PASSED for check in row.checks)
    if passed:
        yield f"  {_SHOWN[Outcome.PASSED]}", counted(passed, "check"), ""
    for check in row.checks:
        if (passed and check.outcome is Outcome.PASSED) or id(check) in untold:
            continue
        yield f"  {_SHOWN[check.outcome]}", check.what, shortened(check.seen)
        if check.fix:
            yield "", "", check.fix


def summary(report: Report) -> str:
    """Return what was looked at, in one line."""
    number, checks = counted(len(report.rows), "endpoint"), sum(len(row.checks) for row in report.rows)
    return f"{report.spec} in {report.region}, VPC {report.vpc_id}: {number}, {counted(checks, 'check')}"


def _conclusion(report: Report) -> str:
    as_asked = "" if report.is_known else f", {AS_ASKED}"
    verdict = f"all endpoints work{as_asked}" if report.passed else "not all endpoints work"
    if not report.passed and not report.count(Outcome.FAILED):
        verdict = "not all endpoints are ready yet" if report.is_seen else "not told whether all endpoints exist"
    return table.prose(f"{report.spec}: {verdict}; checks: {_counts(report)}")


def _counts(report: Report) -> str:
    return ", ".join(f"{report.count(outcome)} {outcome}" for outcome in Outcome if report.count(outcome))


def as_data(report: Report) -> dict[str, object]:
    """Return the report as data for JSON."""
    return {
        "spec": report.spec,
        "region": report.region,
        "vpc": report.vpc_id,
        "passed": report.passed,
        "known": report.is_known,
        "endpoints": [
            asdict(row)
            | {"checks": [asdict(each) | {"known": each.known and each.outcome != "unknown"} for each in row.checks]}
            for row in report.rows
        ],
    }


def entry(report: Report, spec: str) -> Entry:
    """Return what came of a spec."""
    works = FINE if report.is_known else AS_ASKED
    state = works if report.passed else "failed" if report.count(Outcome.FAILED) else _later(report)
    return Entry(spec, state, "" if state == FINE else _counts(report), as_data(report))


def _later(report: Report) -> str:
    return "pending" if report.is_seen else "not told"


def findings(report: Report, spec: Source) -> list[Diagnostic]:
    """Return what did not pass as findings, at the endpoints in their spec; what is unknown as not checked."""
    return [
        code.at(
            spec.key_place(("endpoints", row.key)),
            f"{words}{row.key}: {check.what}: {shortened(check.seen)}",
            check.fix,
        )
        for row in report.rows
        for check in row.checks
        if check.outcome is not Outcome.PASSED
        for code, words in [(NOT_CHECKED, "not checked: ") if check.outcome is Outcome.UNKNOWN else (FAILS, "")]
    ]


def as_junit(reports: Iterable[Report], refused: Sequence[Diagnostic] = ()) -> str:
    """Return reports as JUnit's XML: a suite for each spec, a case for each check; what is unknown is skipped.

    Of specs that were refused, or whose account could not be asked, there is a suite with why.
    """
    suites, names = ET.Element("testsuites"), ("tests", "failures", "errors", "skipped")
    for report in reports:
        tests = sum(len(row.checks) for row in report.rows)
        fails = report.count(Outcome.FAILED) + report.count(Outcome.PENDING)
        counts = zip(names, map(str, (tests, fails, 0, report.count(Outcome.UNKNOWN))), strict=True)
        suite = ET.SubElement(suites, "testsuite", {"name": report.spec, **dict(counts)})
        for row in report.rows:
            for check in row.checks:
                _case(suite, report, row, check)
    if refused:
        as_suite(suites, [of_findings.row(each) for each in refused])
    suites.attrib |= {name: str(sum(int(each.attrib[name]) for each in suites)) for name in names}
    return xml(suites)


def _case(suite: ET.Element, report: Report, row: Row, check: Check) -> None:
    case = ET.SubElement(suite, "testcase", {"classname": f"{report.spec}.{row.key}", "name": check.what})
    if check.outcome is Outcome.UNKNOWN:
        ET.SubElement(case, "skipped", {"message": check.seen})
    elif check.outcome is not Outcome.PASSED:
        failure = ET.SubElement(case, "failure", {"message": check.seen, "type": check.outcome})
        failure.text = f"{row.name or row.key} {row.id}\n{check.fix}"
    else:
        ET.SubElement(case, "system-out").text = check.seen

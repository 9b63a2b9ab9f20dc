"""What each command says of recorded answers, as findings that can be compared."""

from __future__ import annotations

import json
import re
from contextlib import chdir
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from generator.authoring.adopt.adoption import AdoptOptions, adopt
from generator.authoring.adopt.sayable import unsayable
from generator.cli.views import adopt as adopt_views
from generator.cli.views import drift as drift_views
from generator.cli.views import preflight as preflight_views
from generator.cli.views import verify as verify_views
from generator.cli.views.data import as_json
from generator.generate import understand
from generator.live import answers as gate
from generator.live.drift import compare as drift
from generator.live.drift.comparison import Comparison
from generator.live.drift.rendered import RenderedDifferences
from generator.live.drift.row import Commands
from generator.live.estate import require
from generator.live.locate import locate
from generator.live.preflight import checks
from generator.live.verify import check as verify
from generator.source.diagnostics import ExitCode, Place, Refused
from tests.answers import documents, matched, overlaid
from tests.cases import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from generator.intent.intent import Intent
    from generator.live.estate import Estate

TESTS = ROOT / "tests"
_SEVERITY = {"passed": 0, "unknown": 0, "pending": 1, "failed": 2, "info": 0, "not-told": 0, "warning": 1, "error": 2}


class Finding(NamedTuple):
    """What a command says: of what, which words, how bad it is, and whether it is known."""

    subject: str
    text: str
    severity: int = 0
    known: bool = True

    @property
    def words(self) -> frozenset[str]:
        """Its words, of which a finding that tells less has less."""
        return frozenset(re.findall(r"[\w.:/*-]*\w", self.text))


class Said(NamedTuple):
    """How a command ends, and all that it says; `codes` are those of a refusal."""

    exit: int
    findings: frozenset[Finding]
    codes: frozenset[str] = frozenset()


@dataclass(slots=True)
class Case:
    """One command on recorded answers: `reach` has all that each subject is, or uses, as text."""

    name: str
    region: str
    answers: list[dict[str, Any]]
    find: Callable[[Estate], tuple[int, Iterable[Finding], dict[str, str]]]
    reach: dict[str, str] = field(default_factory=dict)

    def said(self, answers: list[dict[str, Any]] | None = None) -> Said:
        """Return what the command says of answers; of its own if none are given, which are kept in `reach` then."""
        text = "\n".join(map(json.dumps, answers or self.answers))
        try:
            code, findings, reach = self.find(gate.read([("x.json", text)], self.region))
        except Refused as refused:
            wrong = frozenset(Finding("", _text(each.message), 2) for each in refused.diagnostics)
            return Said(int(refused.exit_code), wrong, frozenset(str(each.code) for each in refused.diagnostics))
        self.reach = self.reach if answers else reach
        return Said(code, frozenset(findings))


def _text(value: object) -> str:
    return re.sub(r"line \d+", "line", json.dumps(value))


def _finding(subject: str, row: dict[str, Any], *without: str) -> Finding:
    """Return a row of a command's JSON as a finding."""
    of = next((row[key] for key in ("outcome", "class", "severity") if key in row), "passed")
    kept = {key: value for key, value in row.items() if key not in {"next", "fix", "command", "known", *without}}
    return Finding(subject, _text(kept), _SEVERITY.get(of, 1), row.get("known", True))


def of_drift(intent: Intent, estate: Estate) -> tuple[int, Iterable[Finding], dict[str, str]]:
    """Return how `drift` ends, what it says, and what each endpoint uses."""
    require(estate, ("Vpcs", *drift.kinds([intent])), Place("x"))
    commands, located = Commands(spec="s", out="out", region=estate.region), locate(intent, estate)
    rows = drift.compare(
        [Comparison.of(located, commands=commands, rendered=RenderedDifferences())], unsayable=unsayable
    )
    code = 4 if drift_views.is_drifted(rows) else 0 if drift_views.is_told(rows) else 1
    return (
        code,
        [
            _finding(of_it, row, "also")
            for row in json.loads(as_json(drift_views.as_rows(rows)))
            for of_it in (row["subject"], *row["also"])
        ],
        _reach(intent, estate),
    )


def of_preflight(intent: Intent, estate: Estate) -> tuple[int, Iterable[Finding], dict[str, str]]:
    """Return how `preflight` ends, what it says, and what each endpoint uses."""
    require(estate, ("Vpcs", *checks.kinds(intent)[0]), Place("x"))
    outcome = checks.examine(matched(intent, estate))
    shown = json.loads(as_json(preflight_views.as_data(outcome, "s")))
    findings = [_finding("", row, "line", "column", "file") for row in (*shown["findings"], *shown["not_checked"])]
    findings += [Finding(each, "as stated") for each in shown["as_stated"]]
    return 0 if outcome.would_work else 1, findings, _reach(intent, estate)


def of_verify(intent: Intent, estate: Estate) -> tuple[int, Iterable[Finding], dict[str, str]]:
    """Return how `verify` ends, what it says, and what each endpoint uses."""
    require(estate, ("Vpcs", *verify.KINDS), Place("x"))
    report = verify.check(matched(intent, estate).require_all())
    rows = json.loads(as_json(verify_views.as_data(report)))["endpoints"]
    heads = [_finding(row["key"], row, "checks", "name") for row in rows]
    checked = [_finding(row["key"], check) for row in rows for check in row["checks"]]
    return 0 if report.passed else 1, [*heads, *checked], _reach(intent, estate)


def _reach(intent: Intent, estate: Estate) -> dict[str, str]:
    spec = matched(intent, estate)
    tables = estate.all("RouteTables", spec.vpc_id)
    return {
        each.endpoint.key: json.dumps(
            [spec.vpc, each.target, each.live, each.subnets, each.route_tables, each.security_groups, tables]
        )
        for each in spec.endpoints
    }


def _of_adopt(options: AdoptOptions, estate: Estate) -> tuple[int, Iterable[Finding], dict[str, str]]:
    of_groups = ("SecurityGroupRules", "PrefixLists") if options.own_security_groups else ()
    require(estate, ("Vpcs", "Subnets", "RouteTables", "SecurityGroups", "VpcEndpoints", *of_groups), Place("x"))
    adopted = adopt(estate, options)
    shown = json.loads(adopt_views.as_json(adopted, "x", "y"))
    findings = [_finding(row["endpoint"], row, "key") for row in (*shown["adopted"], *shown["left_out"])]
    findings += [_warning(row, {key: each.id for key, each in adopted.endpoints.items()}) for row in shown["warnings"]]
    for each in adopted.endpoints.values():
        ids = {
            kind: sorted(str(next(iter(found.values()))) for found in objects) for kind, objects in each.around.items()
        }
        for stated, value in {**each.stated, **ids}.items():
            told = vars(value) if hasattr(value, "__dict__") else value if isinstance(value, dict) else {"": value}
            findings += [Finding(each.id, _text([stated, key, repr(item)])) for key, item in told.items()]
    reach = {each.id: json.dumps([each.live, dict(each.around)], default=list) for each in adopted.endpoints.values()}
    reach |= {each.endpoint["VpcEndpointId"]: json.dumps(each.endpoint) for each in adopted.selection.left_out}
    return 0, findings, reach


def _warning(row: dict[str, Any], ids: dict[str, str]) -> Finding:
    """Return a warning of adopt, of the endpoint whose key its message begins with."""
    key, _, text = row["message"].partition(": ")
    return _finding(ids.get(key, ""), {**row, "message": text} if key in ids else row, "file", "line", "column")


def _loaded(*files: str) -> list[dict[str, Any]]:
    texts = overlaid((file, (TESTS / file).read_text(encoding="utf-8")) for file in files)
    return [each for _, text in texts for each in documents(text)]


def _intent(spec: str) -> Intent:
    folder, _, name = spec.rpartition("/")
    with chdir(TESTS / folder):
        return understand(name)


@cache
def cases() -> tuple[Case, ...]:
    """Return each command with each of its recorded answers that it does not refuse."""
    made = [
        Case(f"adopt {name}{' own' * own}", "eu-west-1", _loaded(f"adopt/{name}.json"), partial(_of_adopt, options))
        for name in ("many", "groups", "cannot", "odd-groups", "owners", "workshop", "global")
        for own in (False, name in {"groups", "odd-groups"})
        for options in [AdoptOptions(vpc="app", name="x", path="x.yaml", own_security_groups=own)]
    ]
    made.append(Case("drift", "eu-west-1", _loaded("drift/estate.json"), partial(of_drift, _intent("drift/spec.yaml"))))
    for spec in sorted((TESTS / "preflight").glob("*.yaml")):
        given = _loaded("preflight/estate.json", f"preflight/{spec.stem}.json")
        find = partial(of_preflight, _intent(f"preflight/{spec.name}"))
        made.append(Case(f"preflight {spec.stem}", "eu-west-1", given, find))
    for name, stated, files in _verified():
        intent = _intent(f"verify/{stated}")
        for command, find_all in (("verify", of_verify), ("drift of", of_drift)):
            given = _loaded(*(f"verify/{file}" for file in files))
            made.append(Case(f"{command} {name}", "ap-southeast-1", given, partial(find_all, intent)))
    return tuple(each for each in made if not each.said().codes)


def _verified() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield each pair of a spec and its files, once."""
    seen: set[tuple[str, ...]] = set()
    for case in sorted((TESTS / "verify").glob("*.txt")):
        command = case.read_text(encoding="utf-8").partition("\n")[0]
        spec, files = re.findall(r"(\S+\.yaml)", command)[0], tuple(re.findall(r"--from (\S+)", command))
        if "--var" not in command and (spec, *files) not in seen:
            seen.add((spec, *files))
            yield case.stem, spec, files


BUG = int(ExitCode.BUG)

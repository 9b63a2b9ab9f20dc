"""Preflight: each spec, with what its estate adds to that of all cases, gets exactly the text beside it."""

from __future__ import annotations

from contextlib import chdir
from dataclasses import replace
from datetime import date
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from generator import cli
from generator.cli.views.preflight import verdict
from generator.generate import understand, understand_text
from generator.live import answers, estate, preflight
from generator.live.applied import applied
from generator.live.aws import ACTIONS, NO_AWS
from generator.live.locate import locate
from generator.live.match import match
from generator.live.moves import imported
from generator.live.preflight import checks
from generator.live.refusals.quotas import summed
from generator.module.imports import brought_in
from generator.project.project import IMPORTS
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.terraform_json import read_state
from tests.agreement import agree
from tests.answers import matched, overlaid

if TYPE_CHECKING:
    from generator.live.preflight.checks import Check
    from generator.live.preflight.outcome import Outcome
    from tests.golden import Golden

FOLDER = Path(__file__).parent / "preflight"
CASES = sorted(FOLDER.glob("*.yaml"))
REGION = "eu-west-1"
TODAY = date(2026, 11, 25)
DECLARED = {
    value.code
    for module in (each.name for each in iter_modules(preflight.__path__, f"{preflight.__name__}."))
    for value in vars(import_module(module)).values()
    if isinstance(value, Code) and value.code[1] == "4" and value.code[2:] >= "20"
}


@cache
def _examine(case: Path) -> partial[Outcome]:
    """Return what examines a case, which is read once."""
    files = (FOLDER / "estate.json", case.with_suffix(".json"))
    with chdir(FOLDER):
        found = answers.read(overlaid((file.name, file.read_text(encoding="utf-8")) for file in files), REGION)
        state = case.with_suffix(".state")
        known = applied([read_state(str(state))]) if state.exists() else None
        imports = case.with_suffix(".imports")
        text = imports.read_text(encoding="utf-8") if imports.exists() else None
        blocks = None if text is None else imported({}, {IMPORTS: [*brought_in(IMPORTS, text)]})
        located = replace(locate(understand(case.name, TODAY), found), applied=known, imports=blocks)
        return partial(checks.examine, match([located])[0])


def outcome(case: Path) -> Outcome:
    """Return what preflight finds in a case."""
    return _examine(case)()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_each_case_gets_its_text(case: Path, golden: Golden) -> None:
    """All that is in the way in one run, each at its place, with the fix and the AWS CLI's line."""
    golden(case.with_suffix(".txt"), "".join(f"{finding}\n" for finding in outcome(case).findings))


@pytest.mark.parametrize(
    ("block", "brings"),
    [
        (
            'for_each = {\n    a = "vpce-1"\n    b = var.b\n  }\n  to = module.m[each.key].x.y\n  id = each.value',
            "a:vpce-1 b:",
        ),
        ('for_each = toset(["a", "b"])\n  to = module.m[each.value].x.y\n  id = each.key', "a:a b:b"),
        ('for_each = local.ids\n  to = module.m["a"].x.y\n  id = "vpce-1"', "a:vpce-1"),
        (
            'for_each = {\n    a = { id = "vpce-1" }\n  }\n  to = module.m[each.key].x.y\n  id = each.value["id"]',
            "a:vpce-1",
        ),
        ('for_each = {\n    a = { id = "vpce-1" }\n  }\n  to = module.m[each.key].x.y\n  id = each.value.at', "a:"),
        ('for_each = {}\n  to = module.m["a"].x.y\n  id = "vpce-1"', ""),
        ('to = module.m["a"].x.y\n  id = local.id', "a:"),
    ],
)
def test_an_import_block_brings_one_for_each_key(block: str, brings: str) -> None:
    """As far as it is written out: an id that is not is none, and no other's."""
    found = brought_in("imports.tf", f"import {{\n  {block}\n}}\n")

    assert [(to, what) for _, what, to in found] == [
        (f'module.m["{key}"].x.y', what) for key, what in (each.split(":") for each in brings.split())
    ]


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_exit_code_is_what_the_document_says(case: Path, monkeypatch: pytest.MonkeyPatch, *, strict: bool) -> None:
    """What would not work is never exit 0, and what would is, however much of it is not known."""
    read, state = answers.read, case.with_suffix(".state")
    monkeypatch.chdir(FOLDER)
    monkeypatch.setattr(answers, "read", lambda texts, *more: read(overlaid(texts), *more))
    command = ["preflight", case.name, "--from=estate.json", f"--from={case.stem}.json", "--format=json"]
    told = CliRunner().invoke(
        cli.application(),
        [*command, *([f"--state={state}"] if state.exists() else []), *(["--strict"] if strict else [])],
    )

    agree("preflight", told.exit_code, told.stdout, strict=strict)


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("W437-private-dns-moves", "the apply would work in the order that W437 says"),
        ("W437-table-moves", "the apply would work in the order that W437 says"),
        ("W427-tainted", "the apply would work, and replace what is tainted: logs"),
        ("E439-tainted-gateway", "the apply would fail"),
        ("W437-tables-in-a-circle", "the apply would work in the order that W437 says"),
        ("not-W437-given-up", "the apply would work"),
    ],
)
def test_the_last_line_says_under_which_condition(case: str, says: str) -> None:
    """An apply that works in an order alone, or replaces what did not change, does not just work."""
    assert verdict(outcome(FOLDER / f"{case}.yaml"), "a.yaml") == f"a.yaml: {says}"


def test_what_an_apply_fails_for_is_not_warned_of_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The private DNS of S3 that needs a gateway: E437 knows what W212 warns of."""
    read = answers.read
    monkeypatch.chdir(FOLDER)
    monkeypatch.setattr(answers, "read", lambda texts, *more: read(overlaid(texts), *more))
    case = "E437-deleting-gateway"
    command = ["preflight", f"{case}.yaml", "--from=estate.json", f"--from={case}.json", "--output=full"]
    told = CliRunner().invoke(cli.application(), command)

    assert "E437" in told.output
    assert "W212" not in told.output


@pytest.mark.parametrize("code", sorted(DECLARED - {"W420"}))
def test_each_code_has_a_refused_and_an_accepted_case(code: str) -> None:
    """The files named by a code show where its check begins and where it ends."""
    refused = [case for case in CASES if case.stem.startswith(f"{code}-")]
    accepted = [case for case in CASES if case.stem.startswith(f"not-{code}-")]

    assert refused
    assert accepted
    assert all(code in {finding.code for finding in outcome(case).findings} for case in refused)
    assert all(code not in {finding.code for finding in outcome(case).findings} for case in accepted)


def _findings(case: Path) -> list[Diagnostic]:
    """Return what preflight finds in a case, but that AWS does not show the endpoints of another's VPC."""
    hidden = "AWS does not show its endpoints"
    return [each for each in outcome(case).findings if each.code != "W420" or hidden not in each.message]


@cache
def _finders() -> dict[Path, dict[Check, set[Diagnostic]]]:
    """Return what each check finds in each refused case, and only where some check does."""
    found: dict[Path, dict[Check, set[Diagnostic]]] = {}
    for case in CASES:
        for check in checks.CHECKS:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(checks, "CHECKS", (check,))
                if findings := {*_findings(case)}:
                    found.setdefault(case, {})[check] = findings
    return found


def test_what_found_anything_is_not_among_the_checks_that_passed() -> None:
    """All relevant checks and the one of what references lead to are counted, but for those that found something."""
    counted = dict[Path, int]()
    for case in CASES:
        spec = _examine(case).args[0]
        if not (outcome(case).unchecked or spec.findings or spec.intent.spec.ignore):
            asked = {kind for several in checks.kinds_of_checks(spec.intent) for kind in several}
            counted[case] = 1 + sum(check.needs in asked for check in checks.CHECKS)
    assert len(counted) > len(CASES) / 2
    assert {case.stem: outcome(case).passed for case in counted} == {
        case.stem: number - len(_finders().get(case, ())) for case, number in counted.items()
    }


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.about)
def test_without_its_check_a_refused_case_passes(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """No check is dead, or does what another does: there is a case in which it alone finds anything."""
    alone = [case for case, found in _finders().items() if set(found) == {check}]
    assert alone

    monkeypatch.setattr(checks, "CHECKS", tuple(other for other in checks.CHECKS if other is not check))
    assert [_findings(case) for case in alone] == [[]] * len(alone)


@pytest.mark.parametrize(
    ("kind", "about", "command"),
    [
        ("Quotas", "quotas; the defaults are taken", "aws service-quotas list-service-quotas --service-code vpc"),
        ("HostedZoneSummaries", "private hosted zones", "aws route53 list-hosted-zones-by-vpc --vpc-id vpc-0a00000000"),
        ("ServiceDetails", "services of the zones", "aws ec2 describe-vpc-endpoint-services --region eu-west-1"),
    ],
)
def test_what_aws_refused_is_told_as_not_checked(kind: str, about: str, command: str) -> None:
    """A warning with what AWS said, beside the findings of the other checks; the apply may well work."""
    known = _estate()
    objects = {each: known.all(each) for each in known.objects if each != kind}
    found = _fine(replace(known, objects=objects, refused={kind: NO_AWS.at(Place("AWS"), "AccessDenied: not you")}))

    (finding,) = found.findings
    assert (finding.code, str(finding.place), found.would_work) == ("W420", "fine.yaml:3:6", True)
    assert about in finding.message
    assert finding.message.endswith(": AccessDenied: not you")
    assert finding.fix.startswith(f"allow {ACTIONS[kind]}, or give the output of this with --from DIR\n    {command}")
    asked = [each for each in checks.CHECKS if each.needs not in {"PrefixLists", "NetworkInterfaces"}]
    assert found.passed + len(found.unchecked[0].about) == 1 + len(asked)  # with the references


def test_a_zone_of_another_vpc_is_in_no_way() -> None:
    """Several VPCs are asked about together."""
    known = _estate()
    zone = {"HostedZoneId": "Z1", "Name": "ecr.eu-west-1.amazonaws.com."}
    (vpc, *_) = known.all("Vpcs")
    names = {name for each in known.all("ServiceDetails") for name in (each.get("PrivateDnsName"),) if name}
    zones = [{**zone, "HostedZoneId": name, "Name": f"{name}."} for name in names]
    for vpcs, is_taken in ((["vpc-2"], False), (["vpc-2", vpc["VpcId"]], True)):
        there = tuple({**each, "VPCs": vpcs} for each in zones)
        found = _fine(replace(known, objects={**known.objects, "HostedZoneSummaries": there}))
        assert ("E428" in {each.code for each in found.findings}) == is_taken


@pytest.mark.parametrize(
    ("endpoints", "code", "left", "told"),
    [
        ("logs kms sqs sns", None, 99, ""),
        ("logs kms sqs sns", "L-29B6F2EB", 99, "E430 sqs: VPC vpc-0a000000000000001 has 0 Interface or Gateway"),
        ("s3 s3 s3 s3", "L-1B52E74A", 99, "E430 s3: eu-west-1 has 0 Gateway endpoints, and the spec adds 1 after 2 of"),
        (
            "logs kms sqs sns",
            None,
            2,
            "E425 subnet a (subnet-0a000000000000001) has 2 free addresses for 2 of ",
        ),
    ],
)
def test_what_takes_room_is_summed_over_the_specs(endpoints: str, code: str | None, left: int, told: str) -> None:
    """Of a VPC, a Region or a subnet; it is told once, of the first that is one too many."""
    known, (head, *_) = _estate(), (FOLDER / "fine.yaml").read_text(encoding="utf-8").partition("endpoints:")
    subnets = tuple({**each, "AvailableIpAddressCount": left} for each in known.all("Subnets"))
    quotas = ({"QuotaCode": code, "Value": 2},) if code else ()
    known = replace(known, objects={**known.objects, "Quotas": quotas, "Subnets": subnets})
    texts = (f"{head}endpoints: {{{each}: {{service: {each}, {_type(each)}}}}}\n" for each in endpoints.split())
    specs = [locate(understand_text(text, f"{index}.yaml", TODAY), known) for index, text in enumerate(texts)]
    found = [checks.examine(each) for each in summed(match(specs))]
    full = [[str(each) for each in one.findings if each.code in {"E430", "E425"}] for one in found]

    assert [bool(each) for each in full] == [False, False, bool(told), False]
    assert told in "".join(full[2])


def _type(service: str) -> str:
    return "type: Gateway" if service == "s3" else "type: Interface"


def test_what_files_lack_is_told_as_not_checked() -> None:
    """Without the DNS attributes, the account and all that a spec can do without."""
    known = _estate()
    objects = {kind: known.all(kind) for kind in ("Vpcs", "Subnets", "RouteTables", "SecurityGroups", "VpcEndpoints")}
    found = _fine(replace(known, objects=objects, vpc_attributes={}, account=None))

    assert [each.kind for each in found.unchecked] == [
        "VpcAttributes",
        "Account",
        "ServiceDetails",
        "HostedZoneSummaries",
        "Quotas",
    ]
    assert [finding.code for finding in found.findings] == ["W420"] * 5
    assert not any("allow" in finding.fix for finding in found.findings), "of files, no permission is missing"
    assert "the files have no `VpcAttributes`" in found.findings[0].message + found.findings[-1].message
    assert "aws sts get-caller-identity" in {each.command for each in found.unchecked}


def test_the_catalog_knows_names_that_aws_did_not_say() -> None:
    """A hosted zone is in the way of a service whose private DNS names the catalog has."""
    known = _estate()
    zone = {"HostedZoneId": "Z1", "Name": "dkr.ecr.eu-west-1.amazonaws.com."}
    objects = {**known.objects, "HostedZoneSummaries": (zone,)}
    objects.pop("ServiceDetails")
    with chdir(FOLDER):
        found = checks.examine(matched(understand("E428-wildcard.yaml", TODAY), replace(known, objects=objects)))

    assert {finding.code for finding in found.findings} == {"E428", "W420"}


def test_inputs_lead_to_things() -> None:
    """What the caller of the module gives it stands on the command line."""
    with chdir(FOLDER):
        found = checks.examine(
            matched(understand("E404-input.yaml", TODAY), _estate(), {"vpc_id": ("vpc-0a000000000000001",)})
        )

    assert found.findings == ()


def test_only_what_matters_is_asked() -> None:
    """A gateway alone needs neither subnets, groups nor hosted zones; what routes and groups may name is asked."""
    with chdir(FOLDER):
        assert "PrefixLists" in checks.kinds(understand("fine.yaml", TODAY))[1]
        assert checks.kinds(understand("gateway.yaml", TODAY)) == (
            ("RouteTables", "VpcEndpoints"),
            ("ServiceDetails", "Quotas", "Account", "PrefixLists"),
        )


def _estate() -> estate.Estate:
    return answers.read([("estate.json", (FOLDER / "estate.json").read_text(encoding="utf-8"))], REGION)


def _fine(found: estate.Estate) -> Outcome:
    with chdir(FOLDER):
        return checks.examine(matched(understand("fine.yaml", TODAY), found))

"""Which live endpoint each endpoint of the specs is: one to one, living ones first, whatever the order."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from generator import cli, spec
from generator.authoring.adopt.sayable import unsayable
from generator.catalog.catalog import Catalog
from generator.cli.views.findings import is_known
from generator.generate import understand_text
from generator.intent.intent import settle
from generator.live import answers
from generator.live.applied import applied
from generator.live.drift.compare import compare
from generator.live.drift.comparison import Comparison
from generator.live.drift.rendered import RenderedDifferences
from generator.live.drift.row import Commands
from generator.live.estate import Estate, name
from generator.live.locate import Located, locate
from generator.live.match import match
from generator.live.moves import keys_of
from generator.live.preflight.checks import examine
from generator.live.refusals.exchange import given_up
from generator.live.states import is_dead
from generator.live.untold_root import untold_root
from generator.live.verify.check import check
from generator.source import source
from generator.source.terraform_json import Resource
from tests.answers import matched, of, overlaid, whole
from tests.applied_state import state_of
from tests.cases import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from generator.live.applied import Applied
    from generator.live.drift.row import Drift
    from generator.live.verify.report import Report

REGION = "eu-west-1"
SQS = f"com.amazonaws.{REGION}.sqs"
HEAD = f"""region: {REGION}
vpc: {{name: main}}
subnets: [{{name: a}}, {{name: b}}]
security_groups: [{{id: sg-0123456789abcdef0}}]
route_tables: [{{name: first}}]
private_dns_enabled: false
endpoints:
"""
TWINS = f"name: twins\n{HEAD}  one: {{service: sqs}}\n  other: {{service: sqs}}\n"
OWN = f"service_name: com.amazonaws.vpce.{REGION}.vpce-svc-0a0000000000000"
NAMED = "private_dns_enabled: true"
FIXED = "subnet_configuration: [{subnet: {name: a}, ipv4: 10.0.1.9}]"
TAGGED: dict[str, Any] = {"Tags": [{"Key": "T", "Value": "a"}]}
QUEUE = f"name: queue\n{HEAD}  queue: {{service: sqs, name: queue}}\n"


def _object(key: str, identifier: str, named: str = "", **more: Any) -> dict[str, Any]:
    tags = [{"Key": "Name", "Value": named}] if named else []
    return {key: identifier, "VpcId": "vpc-1", "Tags": tags, **more}


def _live(identifier: str, named: str = "", state: str = "available", **more: Any) -> dict[str, Any]:
    usual = {"ServiceName": SQS, "VpcEndpointType": "Interface", "State": state, "SubnetIds": ["subnet-a", "subnet-b"]}
    usual |= {"OwnerId": "111122223333"}
    groups = {"Groups": [{"GroupId": "sg-0123456789abcdef0"}], "PrivateDnsEnabled": False}
    return _object("VpcEndpointId", identifier, named, **{**usual, **groups, **more})


def _answers(*endpoints: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "Vpcs": [_object("VpcId", "vpc-1", "main", **more)],
        "Subnets": [
            _object("SubnetId", f"subnet-{each}", each, AvailabilityZone=each, AvailabilityZoneId=each) for each in "ab"
        ],
        "SecurityGroups": [_object("GroupId", "sg-0123456789abcdef0", "https", IpPermissions=[])],
        "RouteTables": [_object("RouteTableId", f"rtb-{each}", each) for each in ("first", "second")],
        "VpcEndpoints": list(endpoints),
        **{kind: [] for kind in ("PrefixLists", "NetworkInterfaces", "ServiceDetails")},
        "Account": "111122223333",
    }


def _text(*endpoints: dict[str, Any]) -> str:
    return _dumped(_answers(*endpoints))


def _dumped(given: dict[str, Any]) -> str:
    return json.dumps({kind: it if kind == "Account" else whole(kind, *it)[kind] for kind, it in given.items()})


def _estate(*endpoints: dict[str, Any], **more: Any) -> Estate:
    return of([_answers(*endpoints, **more)], REGION)


def _located(text: str, there: Estate, path: str = "spec.yaml") -> Located:
    """Return a spec in AWS whatever the rules say of it: what is matched is not the rules' affair."""
    found = source.parse(text, path)
    return locate(settle(spec.decode(found), found, Catalog.load(), {}, None)[0], there)


def _ids(located: Located) -> dict[str, str | None]:
    return {each.endpoint.key: str(each.live["VpcEndpointId"]) if each.live else None for each in located.endpoints}


def _matched(text: str, *endpoints: dict[str, Any]) -> dict[str, str | None]:
    return _ids(match([_located(text, _estate(*endpoints))])[0])


def _drift(*located: Located) -> tuple[Drift, ...]:
    return compare(
        (
            Comparison.of(
                each, commands=Commands(spec=each.path, out="out", region=REGION), rendered=RenderedDifferences()
            )
            for each in located
        ),
        unsayable=unsayable,
    )


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        ([_live("vpce-1", "queue", "rejected"), _live("vpce-2", "queue")], "vpce-2"),
        ([_live("vpce-1", "queue", "failed"), _live("vpce-2", "queue", "pendingAcceptance")], "vpce-2"),
        ([_live("vpce-1", "queue", "pendingAcceptance"), _live("vpce-2", "queue")], "vpce-2"),
        ([_live("vpce-1", "other", "Pending"), _live("vpce-2", "", "Available")], "vpce-2"),
        ([_live("vpce-1", "other"), _live("vpce-2", "queue", "pending")], "vpce-2"),
        ([_live("vpce-1", "queue", "pending")], "vpce-1"),
        ([_live("vpce-1", "queue", "Expired"), _live("vpce-2")], "vpce-2"),
        ([_live("vpce-1", "queue", "deleted"), _live("vpce-2", "queue", "deleting")], None),
        ([_live("vpce-1", "queue", "rejected")], "vpce-1"),
        ([_live("vpce-1", "other"), _live("vpce-2", "queue")], "vpce-2"),
        ([_live("vpce-1", "other")], "vpce-1"),
        ([_live("vpce-1", SubnetIds=["subnet-a"]), _live("vpce-2")], "vpce-2"),
        ([_live("vpce-1", "queue", VpcEndpointType="GatewayLoadBalancer")], None),
        ([_live("vpce-1", "queue", ServiceName="com.amazonaws.eu-west-1.sns")], None),
        ([{**_live("vpce-1", "queue"), "VpcId": "vpc-2"}], None),
    ],
)
def test_a_living_endpoint_comes_before_a_dead_one_and_its_name_before_its_id(
    live: list[dict[str, Any]], expected: str | None
) -> None:
    """Target and type make an endpoint a candidate; then its state, its name, its subnets and its id decide."""
    for order in itertools.permutations(live):
        assert _matched(QUEUE, *order) == {"queue": expected}


@pytest.mark.parametrize("state", ["available", "pending", "pendingAcceptance"])
def test_of_twins_what_is_not_up_yet_is_the_one_that_differs_least(state: str) -> None:
    """That one of them came later says less than what it is set to."""
    named = _live("vpce-2", PrivateDnsEnabled=True, State=state)
    text = f"name: twins\n{HEAD}  a: {{service: sqs, private_dns_enabled: true}}\n  b: {{service: sqs}}\n"
    for order in itertools.permutations([_live("vpce-1"), named, _live("vpce-3", "other")]):
        assert _matched(text, *order) == {"a": "vpce-2", "b": "vpce-1"}


@pytest.mark.parametrize("off", [{}, {"PrivateDnsPreference": "ALL_DOMAINS"}])
def test_twins_are_told_apart_where_one_has_no_private_dns_and_no_preference_of_it(off: dict[str, str]) -> None:
    """What means nothing there tells nothing, be it in AWS's answer or not."""
    arn = "arn:aws:vpc-lattice:eu-west-1:111122223333:servicenetwork/sn-0123456789abcdef0"
    own: dict[str, Any] = {"ServiceName": None, "ServiceNetworkArn": arn, "VpcEndpointType": "ServiceNetwork"}
    records, preferred = {"DnsRecordIpType": "ipv4"}, {"PrivateDnsPreference": "VERIFIED_DOMAINS_ONLY"}
    lives = [
        _live("vpce-1", **own, DnsOptions=records | off),
        _live("vpce-2", **own, PrivateDnsEnabled=True, DnsOptions=records | preferred),
    ]
    named = "private_dns_enabled: true, dns_options: {private_dns_preference: VERIFIED_DOMAINS_ONLY}"
    text = f"name: n\n{HEAD}  a: {{service_network_arn: '{arn}', {named}}}\n  b: {{service_network_arn: '{arn}'}}\n"
    (found,) = match([_located(text, _estate(*lives))])

    assert _ids(found) == {"a": "vpce-2", "b": "vpce-1"}
    assert not any(each.one_of for each in found.endpoints)


@pytest.mark.parametrize(
    ("stated", "live", "pairs"),
    [
        ("{service: sqs}", [_live("vpce-1", SubnetIds=["subnet-a"]), _live("vpce-2", "x")], {"q": "vpce-2"}),
        ("{service: sqs}", [_live("vpce-1", "x"), _live("vpce-2", "y")], {"q": "vpce-1"}),
        ("{service: sqs, name: x}", [_live("vpce-1", "y"), _live("vpce-2", "x")], {"q": "vpce-2"}),
        ("{service: sqs, tags: {T: a}}", [_live("vpce-1"), _live("vpce-2", **TAGGED)], {"q": "vpce-2"}),
    ],
)
def test_ignored_tags_count_in_pairing_where_the_spec_states_them(
    stated: str, live: list[dict[str, Any]], pairs: dict[str, str]
) -> None:
    """As in comparing: what differs in them alone is alike."""
    located = _located(f"name: q\n{HEAD}  q: {stated}\n", _estate(*live))
    (found,) = match([replace(located, ignored_tags={"Name", "T"})])

    assert _ids(found) == pairs
    assert not found.endpoints[0].one_of


def test_endpoints_of_a_gateway_load_balancer_are_told_apart_by_their_subnets() -> None:
    """AWS lets nobody change them, and anybody the Name tag."""
    name_, kind = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0", "GatewayLoadBalancer"
    text = f"name: x\n{HEAD}" + "".join(
        f"  {each}: {{service_name: {name_}, type: {kind}, name: {tag}, subnets: [{{name: {each}}}]}}\n"
        for each, tag in (("a", "first"), ("b", "second"))
    )
    live = [
        _live(f"vpce-{each}", tag, ServiceName=name_, VpcEndpointType=kind, SubnetIds=[f"subnet-{each}"])
        for each, tag in (("a", "second"), ("b", "first"))
    ]
    for order in itertools.permutations(live):
        assert _matched(text, *order) == {"a": "vpce-a", "b": "vpce-b"}


def test_gateways_without_a_name_are_told_apart_by_their_route_tables() -> None:
    """Nothing else of them differs."""
    text = f"name: x\n{HEAD}" + "".join(
        f"  {each}: {{service: s3, type: Gateway, route_tables: [{{name: {each}}}]}}\n" for each in ("first", "second")
    )
    more: dict[str, Any] = {"ServiceName": f"com.amazonaws.{REGION}.s3", "VpcEndpointType": "Gateway", "SubnetIds": []}
    live = [_live("vpce-1", RouteTableIds=["rtb-second"], **more), _live("vpce-2", RouteTableIds=["rtb-first"], **more)]
    for order in itertools.permutations(live):
        assert _matched(text, *order) == {"first": "vpce-2", "second": "vpce-1"}


NAMES = (None, "a", "b", "c")
STATES = ("available", "pending", "rejected", "deleted")


@pytest.mark.parametrize("seed", range(150))
def test_the_assignment_is_one_to_one_and_the_best_and_the_same_in_every_order(seed: int) -> None:
    """Of all ways to pair the specs' endpoints with the live ones it has the most pairs, and the best of these."""
    chance = random.Random(seed)
    paths = ["x.yaml", "y.yaml"][: chance.randint(1, 2)]
    wanted = [(path, f"k{index}", chance.choice(NAMES)) for path in paths for index in range(chance.randint(1, 3))]
    live = [
        _live(f"vpce-{index}", chance.choice(NAMES) or "", chance.choice(STATES))
        for index in range(chance.randint(0, 4))
    ]
    seen = [_assigned(paths, wanted, live)]
    for _ in range(3):
        chance.shuffle(paths)
        chance.shuffle(wanted)
        chance.shuffle(live)
        seen.append(_assigned(paths, wanted, live))
    found = seen[0]
    taken = [identifier for identifier in found.values() if identifier]

    assert all(each == found for each in seen)
    assert len(taken) == len(set(taken))
    names = {(path, key): tag for path, key, tag in wanted}
    there = [each for each in live if each["State"] != "deleted"]
    best = max(_quality(pairs) for pairs in _every(list(names.values()), there))
    by_id = {each["VpcEndpointId"]: each for each in there}
    assert _quality([(names[owner], by_id[each]) for owner, each in found.items() if each]) == best


def _assigned(
    paths: Sequence[str], wanted: Sequence[tuple[str, str, str | None]], live: Sequence[dict[str, Any]]
) -> dict[tuple[str, str], str | None]:
    there = _estate(*live)
    located = []
    for path in paths:
        keys = [
            f"  {key}: {{service: sqs{f', name: {tag}' if tag else ''}}}\n" for own, key, tag in wanted if own == path
        ]
        located.append(_located(f"name: x\n{HEAD}{''.join(keys)}", there, path))
    return {(each.path, key): identifier for each in match(located) for key, identifier in _ids(each).items()}


def _every(
    names: Sequence[str | None], live: Sequence[dict[str, Any]]
) -> Iterator[list[tuple[str | None, dict[str, Any]]]]:
    """Yield each way to pair as many as can be."""
    if len(names) <= len(live):
        for several in itertools.permutations(live, len(names)):
            yield list(zip(names, several, strict=True))
    else:
        for fewer in itertools.permutations(names, len(live)):
            yield list(zip(fewer, live, strict=True))


def _quality(pairs: Iterable[tuple[str | None, dict[str, Any]]]) -> tuple[int, ...]:
    """Return how many pairs there are of each kind, the best kind first."""
    ranks = Counter((is_dead(live), name(live) != tag, live["State"] != "available") for tag, live in pairs)
    both = (False, True)
    return tuple(ranks[dead, other, waits] for dead in both for other in both for waits in both)


def _run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.application(), arguments)
    return result.exit_code, result.output


def test_two_endpoints_of_a_spec_and_one_in_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second is missing to every command: it has no row of the first's."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "twins.yaml").write_text(TWINS, encoding="utf-8")
    (tmp_path / "estate.json").write_text(_text(_live("vpce-1")), encoding="utf-8")
    code, output = _run("verify", "twins.yaml", "--from", "estate.json", "--format", "json")
    rows = json.loads(output[output.index("{") :])["specs"][0]["report"]["endpoints"]

    assert (code, [(row["key"], row["id"], row["state"]) for row in rows]) == (
        1,
        [("one", "vpce-1", "available"), ("other", "", "absent")],
    )
    assert rows[1]["checks"][0]["seen"] == f"VPC vpc-1 has no other Interface endpoint for {SQS}"
    _run("render", "twins.yaml", "--out", "out")
    code, output = _run("drift", "twins.yaml", "--from", "estate.json", "--format", "json")
    rows = json.loads(output[output.index("{") :])["specs"][0]["report"]
    assert (code, [(row["class"], row["subject"]) for row in rows]) == (
        4,
        [("not-applied-or-changed-by-hand", "other")],
    )
    found = examine(matched(understand_text(TWINS, "twins.yaml"), _estate(_live("vpce-1"))))
    assert found.as_stated == ("one",)
    assert "W427" not in {finding.code for finding in found.findings}


def test_a_rejected_endpoint_beside_the_working_one() -> None:
    """Each command speaks of the one that works; the other is no drift, and can be deleted where no state has it."""
    there = _estate(_live("vpce-1", "queue", "rejected"), _live("vpce-2", "queue"))
    intent = understand_text(QUEUE, "queue.yaml")
    (row,) = check(matched(intent, there)).rows
    (other,), left = _drift(locate(intent, there)), _drift(replace(locate(intent, there), applied={}))[-1]

    assert (row.id, row.state) == ("vpce-2", "available")
    assert (other.kind, other.subject) == ("info", "vpce-1")
    assert other.found == f"Interface endpoint for {SQS}, queue, rejected"
    assert left.next.startswith("it carries no traffic: aws ec2 delete-vpc-endpoints")
    assert other.next.startswith("delete it, for it carries no traffic, unless it is queue, though")
    assert "vpce-2" not in left.next + other.next
    outcome = examine(matched(intent, there))
    assert outcome.as_stated == ("queue",)
    assert not [each.message for each in outcome.findings if "vpce-" in each.message]


def _verified(text: str, lives: list[dict[str, Any]]) -> Report:
    answers = _answers(*(_live(f"vpce-{number}", **each) for number, each in enumerate(lives, start=1000)))
    opened = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    answers["SecurityGroups"][0]["IpPermissions"] = [
        opened | {key: [] for key in ("Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs")}
    ]
    return check(matched(understand_text(text, "spec.yaml"), of([answers], REGION)))


CLOSED: dict[str, Any] = {"Groups": [{"GroupId": "sg-0123456789abcdef1"}]}
MARKED: dict[str, Any] = {"Tags": [{"Key": f"T{number}", "Value": "a"} for number in range(99)]}


@pytest.mark.parametrize(
    ("lives", "outcomes"),
    [
        ([CLOSED, CLOSED], {"security_groups": "failed"}),
        ([CLOSED, MARKED], {"security_groups": "unknown"}),
        ([CLOSED, CLOSED | MARKED, MARKED], {"security_groups": "unknown"}),
        ([CLOSED, MARKED | {"State": "failed"}], {"security_groups": "unknown", "each of several": "failed"}),
        ([CLOSED] * 1000, {"security_groups": "failed"}),
        ([CLOSED] * 1001, {"security_groups": "unknown"}),
    ],
)
def test_of_several_what_each_fails_is_failed(lives: list[dict[str, Any]], outcomes: dict[str, str]) -> None:
    """It is not told which it is, and of all that it may be none works; of more than a thousand it is not judged."""
    report = _verified(QUEUE.replace(", name: queue}", "}"), lives)
    (row,) = report.rows
    told = {each.what: str(each.outcome) for each in row.checks if "not told which of" in each.seen}

    assert row.id == "vpce-1000"
    assert told == outcomes
    assert not report.is_known


@pytest.mark.parametrize(
    ("lives", "failing"),
    [
        ([{}, CLOSED], {"other"}),
        ([{}, {}, CLOSED], set()),
        ([CLOSED, CLOSED, MARKED], {"one", "other"}),
        ([CLOSED, CLOSED, MARKED, MARKED], set()),
    ],
)
def test_of_several_that_endpoints_may_be_as_many_must_work(lives: list[dict[str, Any]], failing: set[str]) -> None:
    """Whichever they are, one of the endpoints is none that works."""
    report = _verified(TWINS, lives)

    assert {row.key for row in report.rows for each in row.checks if each.what == "each of several"} == failing
    assert report.passed is not bool(failing)


def test_what_is_not_told_of_an_endpoint_is_not_known_in_preflight() -> None:
    """As in the other commands: its finding begins with the endpoint."""
    found = examine(matched(understand_text(TWINS, "twins.yaml"), _estate(_live("vpce-1"), _live("vpce-2", **CLOSED))))
    untold = [each for each in found.findings if "not told which of" in each.message]

    assert [(each.code, is_known(each)) for each in untold] == [("W427", False)]


@pytest.mark.parametrize("paths", [("first.yaml", "second.yaml"), ("second.yaml", "first.yaml")])
def test_an_endpoint_that_two_specs_claim_is_said_to_be_that(paths: tuple[str, str]) -> None:
    """Terraform would make a second one: it is neither deleted nor to be applied."""
    there = _estate(_live("vpce-1", "queue"))
    (row,) = _drift(*(_located(QUEUE, there, path) for path in paths))

    assert (row.kind, row.spec, row.subject) == ("in-two-specs", "second.yaml", "queue")
    assert row.found == "vpce-1, and first.yaml has it as queue"
    assert row.next.endswith(": keep it in one of second.yaml and first.yaml")


@pytest.mark.parametrize("own", ["private_dns_enabled: true", "private_dns_enabled: false", "type: Gateway"])
@pytest.mark.parametrize("order", ["ab", "ba", "cab", "baa", "ab./a"])
def test_each_command_gives_a_live_endpoint_to_one_spec(
    order: str, own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the first one's, by their paths; of the others all commands say so, in whatever order they are named."""
    monkeypatch.chdir(tmp_path)
    more: dict[str, Any] = {"PrivateDnsEnabled": "true" in own}
    text = QUEUE.replace("private_dns_enabled: false\n", "")
    if "Gateway" in own:
        text = QUEUE.replace("sqs", "s3")
        more |= {"ServiceName": SQS.replace("sqs", "s3"), "VpcEndpointType": "Gateway", "RouteTableIds": ["rtb-first"]}
    (tmp_path / "estate.json").write_text(_text(_live("vpce-1", "queue", **more)), encoding="utf-8")
    for each in "abc":
        named = text.replace("name: queue", f"name: {each}", 1).replace("name: queue}", f"name: queue, {own}}}")
        (tmp_path / f"{each}.yaml").write_text(named, encoding="utf-8")
        assert _run("render", f"{each}.yaml")[0] == 0
    specs = [f"{each}.yaml" for each in re.findall(r"\./.|.", order)]
    told = {each: _told(each, *specs) for each in ("verify", "drift", "preflight")}
    others = sorted({*specs} - {"a.yaml", "./a.yaml"})

    for command, reports in told.items():
        assert len(reports) == len(others) + 1, command
        assert sorted(path for path, report in reports.items() if "a.yaml has it as queue" in report) == others, command
        assert all(f"keep it in one of {path} and " in reports[path] for path in others), command
    code = {"true": "E427", "Gateway": "E429"}.get(own.rsplit(maxsplit=1)[-1], "W427")
    assert all(f'"{code}"' in told["preflight"][path] for path in others)
    assert "E035" not in str(told["preflight"])  # one cause is told once


@pytest.mark.parametrize(
    ("own", "twice"),
    [
        ("{service: sqs, private_dns_enabled: true}", "an endpoint of com.amazonaws.eu-west-1.sqs with private DNS"),
        ("{service: s3, type: Gateway}", "a gateway endpoint of com.amazonaws.eu-west-1.s3 on route table"),
        (
            "{service: s3, type: Gateway} / {service: s3, type: Gateway, route_tables: [{tags: {Name: first}}]}",
            "a gateway endpoint of com.amazonaws.eu-west-1.s3 on route table first (rtb-first)",
        ),
        ("{service: sqs, security_groups: [{create: {name: x, ingress: [{vpc: true}]}}]}", "a security group named x"),
        (f"{{service: sqs, {FIXED}}} / {{service: sns, {FIXED}}}", "an endpoint with the address 10.0.1.9"),
        (f"{{{OWN}1, {NAMED}}} / {{{OWN}2, {NAMED}}}", "an endpoint with private DNS for api.example.com"),
        ("{service: sqs}", None),
    ],
)
def test_what_two_specs_would_make_in_one_vpc_and_aws_takes_once(
    own: str, twice: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """VPC and table of one may be found by name, and those of the other by tags; in another VPC it is no twin."""
    monkeypatch.chdir(tmp_path)
    answer = _answers()
    answer["Vpcs"] += [{**answer["Vpcs"][0], "VpcId": "vpc-2", "Tags": [{"Key": "Name", "Value": "other"}]}]
    answer["Subnets"] += [{**each, "SubnetId": f"{each['SubnetId']}2", "VpcId": "vpc-2"} for each in answer["Subnets"]]
    named = {"ServiceType": [{"ServiceType": "Interface"}], "PrivateDnsNames": [{"PrivateDnsName": "api.example.com"}]}
    offers = [{**named, "ServiceName": f"{OWN.rsplit(maxsplit=1)[-1]}{each}", "ServiceId": f"{each}"} for each in "12"]
    answer["ServiceDetails"] = whole("ServiceDetails", *offers)["ServiceDetails"]
    (tmp_path / "estate.json").write_text(_dumped(answer), encoding="utf-8")
    for name_, vpc in (("a", "{name: main}"), ("b", "{tags: {Name: main}}"), ("c", "{name: other}")):
        stated = own.split(" / ")[-1 if name_ == "b" else 0]
        text = f"name: {name_}\naws_provider: '>= 5.54'\n{HEAD}  x: {stated}\n".replace(
            "vpc: {name: main}", f"vpc: {vpc}"
        )
        (tmp_path / f"{name_}.yaml").write_text(text, encoding="utf-8")
    told = _told("preflight", "a.yaml", "b.yaml", "c.yaml")

    assert [path for path, report in told.items() if "E035" in report] == (["b.yaml"] if twice else [])
    assert not twice or f"a.yaml has {twice}" in told["b.yaml"]


MAKES = "{service: sqs, security_groups: [{create: {name: x, ingress: [{vpc: true}]}}]}"
LETS_IN = "{create: {name: y, ingress: [{security_group: {tags: {Name: x}}}]}}"


@pytest.mark.parametrize("order", ["ab", "ba"])
@pytest.mark.parametrize(
    ("own", "lacks"),
    [
        (f"{{service: s3, type: Interface, {NAMED}}} / {{service: s3, type: Gateway}}", "no gateway endpoint for it"),
        (f"{{service: sns, security_groups: [{{name: x}}]}} / {MAKES}", "no security group x"),
        (f"{{service: sns, security_groups: [{LETS_IN}]}} / {MAKES}", "no security group x"),
    ],
)
def test_what_another_of_the_specs_makes_is_applied_first(
    own: str, lacks: str, order: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In whatever order they are named; alone, the spec would fail."""
    monkeypatch.chdir(tmp_path)
    there = {kind: found for kind, found in _answers().items() if kind != "ServiceDetails"}
    (tmp_path / "estate.json").write_text(_dumped(there), encoding="utf-8")
    for each, stated in zip("ab", own.split(" / "), strict=True):
        (tmp_path / f"{each}.yaml").write_text(f"name: {each}\n{HEAD}  x: {stated}\n", encoding="utf-8")
    told = _told("preflight", *(f"{each}.yaml" for each in order), code=0)

    assert f"{lacks} yet; b.yaml makes it" in told["a.yaml"]
    assert "apply b.yaml before a.yaml" in told["a.yaml"]
    assert "W437" not in told["b.yaml"]
    _run("render", "a.yaml", "b.yaml")
    for command in ("drift", "verify"):
        assert "apply b.yaml before a.yaml" in _told(command, *(f"{each}.yaml" for each in order))["a.yaml"]
    assert _run("preflight", "a.yaml", "--from", "estate.json")[0] == 1


@pytest.mark.parametrize(
    "group", ["{id: %s}", "{create: {name: https, description: https, ingress: [{security_group: {id: %s}}]}}"]
)
def test_a_group_that_lets_in_itself_alone_is_judged_alike(
    group: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the module makes it or not: nobody tells whether each caller is a member."""
    monkeypatch.chdir(tmp_path)
    itself = "sg-0123456789abcdef0"
    pairs = [{"GroupId": itself, "UserId": "111122223333", "Description": "HTTPS"}]
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": pairs}
    there = _answers(_live("vpce-0a1", "x"))
    there["SecurityGroups"] = [_object("GroupId", itself, "https", GroupName="https", IpPermissions=[rule])]
    (tmp_path / "estate.json").write_text(_dumped(there), encoding="utf-8")
    head = HEAD.replace("{id: sg-0123456789abcdef0}", group % itself)
    (tmp_path / "a.yaml").write_text(f"name: a\n{head}  x: {{service: sqs, name: x}}\n", encoding="utf-8")

    assert "W432" in _told("preflight", "a.yaml")["a.yaml"]
    checks = json.loads(_told("verify", "a.yaml", code=0)["a.yaml"])["endpoints"][0]["checks"]
    assert [each["outcome"] for each in checks if each["what"] == "port 443"] == ["unknown"]


def _printed(held: str, lives: dict[str, dict[str, Any]]) -> str:
    """Return the state of a root that has live endpoints at some `MODULE.KEY`."""
    kind, modules = {"mode": "managed", "type": "aws_vpc_endpoint"}, []
    for module, _, key in (each.partition(".") for each in held.split()):
        values = {"id": lives[key]["VpcEndpointId"], "vpc_id": "vpc-1"}
        there = {"address": f"module.{module}.aws_vpc_endpoint.{key}", "name": key, **kind, "values": values}
        modules.append({"address": f"module.{module}", "resources": [there]})
    return json.dumps({"format_version": "1.0", "values": {"root_module": {"child_modules": modules}}})


@pytest.mark.parametrize(
    ("held", "beside", "is_told"),
    [
        ("x.sqs x.kms", "x.yaml", False),
        ("x.sqs x.kms", "out/x/.gen-endpoints.sha256", False),
        ("x.sqs", "x.yaml", True),
        ("endpoints.sqs endpoints.kms", "x.yaml", True),
        ("y.sqs y.kms", "x.yaml", True),
    ],
)
def test_a_module_that_a_state_has_by_the_name_of_another_spec_may_be_that_one(
    held: str, beside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_told: bool
) -> None:
    """If it has more than the spec; by any other name it is the spec's, for a root calls a module as it likes."""
    monkeypatch.chdir(tmp_path)
    lives = {"sqs": _live("vpce-0a1", "q"), "kms": _live("vpce-0a2", "k", ServiceName=f"com.amazonaws.{REGION}.kms")}
    (tmp_path / "estate.json").write_text(_text(*lives.values()), encoding="utf-8")
    (tmp_path / beside).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / beside).touch()
    (tmp_path / "y.yaml").write_text(f"name: y\n{HEAD}  sqs: {{service: sqs, name: q}}\n", encoding="utf-8")
    (tmp_path / "state").write_text(_printed(held, lives), encoding="utf-8")
    for command in ("preflight", "drift"):
        _, told = _run(command, "y.yaml", "--from", "estate.json", "--state", "state", "--format", "json")
        assert (
            f"not told whether module.{held.partition('.')[0]} of Terraform's state is this module" in told
        ) is not is_told, command


def test_an_endpoint_waits_for_the_group_that_another_spec_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There with other groups, it differs for certain, in each command; of what none of the specs makes, it is E402."""
    monkeypatch.chdir(tmp_path)
    live = _live("vpce-0a1", "x", ServiceName=f"com.amazonaws.{REGION}.sns")
    (tmp_path / "estate.json").write_text(_text(live), encoding="utf-8")
    both = {"a": "{service: sns, name: x, security_groups: [{tags: {Name: x}}]}", "b": MAKES}
    for each, stated in both.items():
        (tmp_path / f"{each}.yaml").write_text(f"name: {each}\n{HEAD}  x: {stated}\n", encoding="utf-8")

    for command in ("preflight", "drift", "verify"):
        told = _told(command, "a.yaml", "b.yaml")["a.yaml"]
        assert [each for each in ("security_groups", "apply b.yaml before a.yaml") if each not in told] == [], command
        code, alone = _run(command, "a.yaml", "--from", "estate.json")
        assert (code, "E402" in alone) == (1, True)


GIVES, TAKES = "  x: {service: sqs, name: x}\n", "  y: {service: sqs, name: y, private_dns_enabled: true}\n"
KEEPS = GIVES.replace("name: x", "name: x, private_dns_enabled: true")
CALLS = "{service: kms, security_groups: [{create: {name: %s, ingress: [{vpc: true}]}}, {name: %s}]}"
AT_ONCE = f"at once: first aws ec2 modify-vpc-endpoint --region {REGION} --vpc-endpoint-id vpce-0a1 --no-private-dns"


@pytest.mark.parametrize(
    ("texts", "held", "told"),
    [
        ((GIVES, TAKES), "", "x of a.yaml is to give it up | apply a.yaml before b.yaml"),
        ((GIVES, TAKES), "a.x b.y", f"x of a.yaml is to give it up | {AT_ONCE}"),
        ((GIVES + TAKES,), "a.x a.y", f"x is to give it up | {AT_ONCE}"),
        ((GIVES + TAKES,), "", f"x is to give it up | {AT_ONCE}"),
        ((GIVES + TAKES,), "a.y", "E427 | Terraform's state lacks it"),
        ((TAKES,), "a.x a.y", "E427 | state has it at module.a.aws_vpc_endpoint.x | if an apply deletes it, first aws"),
        (
            (GIVES, TAKES),
            "b.y",
            "E406 | is to give it up if its root has it, which is not told | the root of a.yaml has it, give its state",
        ),
        ((KEEPS, TAKES.replace("name: y", "name: z")), "a.x", "E427 | a.yaml has it as x"),
    ],
)
def test_what_gives_up_private_dns_is_applied_first(
    texts: tuple[str, ...], held: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one spec or of two, of one root or of two, in all commands; unless no apply frees it, for a state lacks it."""
    monkeypatch.chdir(tmp_path)
    lives = {"x": _live("vpce-0a1", "x", PrivateDnsEnabled=True), "y": _live("vpce-0a2", "y")}
    (tmp_path / "estate.json").write_text(_text(*lives.values()), encoding="utf-8")
    for each, lines in zip("ab", texts, strict=False):
        (tmp_path / f"{each}.yaml").write_text(f"name: {each}\n{HEAD}{lines}", encoding="utf-8")
    (tmp_path / "state.json").write_text(_printed(held, lives), encoding="utf-8")
    specs, state = [f"{each}.yaml" for each, _ in zip("ab", texts, strict=False)], ["--state", "state.json"]

    for command in ("preflight", "drift", *(() if held else ("verify",))):
        works = 0 if command == "preflight" and held and told[:4] not in {"E406", "E427"} else None
        last = _told(command, *specs, *(state if held else ()), code=works)[specs[-1]]
        parts = told.split(" | ")
        if command != "preflight" and "E406" in told:
            parts = parts[1:]
        elif command != "preflight" and "E427" in told:
            parts = ["AWS refuses it beside", *(each for each in parts if each.startswith("if "))]
        assert [each for each in parts if each not in last] == [], command


@pytest.mark.parametrize(
    ("texts", "states"),
    [
        ((f"  x: {CALLS % ('g', 'h')}\n", f"  y: {CALLS % ('h', 'g')}\n"), ["would fail", "would fail"]),
        (
            (GIVES.replace("x}", "x, security_groups: [{name: h}]}"), TAKES + f"  z: {CALLS % ('h', 'https')}\n"),
            ["would fail", "would fail"],
        ),
        ((GIVES + "  z: {service: kms, subnets: [{name: nowhere}]}\n", TAKES), ["would fail", "unknown"]),
        ((GIVES, TAKES), ["as far as asked"] * 2),
    ],
)
def test_what_waits_for_what_does_not_work_does_not_work(
    texts: tuple[str, ...], states: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of another spec, or in a circle: of groups that two make for each other, or of a group and private DNS."""
    monkeypatch.chdir(tmp_path)
    lives = {"x": _live("vpce-0a1", "x", PrivateDnsEnabled=True), "y": _live("vpce-0a2", "y")}
    (tmp_path / "estate.json").write_text(_text(*lives.values()), encoding="utf-8")
    for each, lines in zip("ab", texts, strict=True):
        (tmp_path / f"{each}.yaml").write_text(f"name: {each}\n{HEAD}{lines}", encoding="utf-8")
        (tmp_path / f"{each}.json").write_text(_printed({"a": "a.x", "b": "b.y"}[each], lives), encoding="utf-8")
    command = ("preflight", "a.yaml", "b.yaml", "--from", "estate.json", "--state", "a.json", "--state", "b.json")
    code, told = _run(*command)

    assert [
        line.split("  ")[1].strip() for line in told.splitlines() if line.startswith(("a.yaml  ", "b.yaml  "))
    ] == states
    assert (code == 0) == (states == ["as far as asked"] * 2)


def test_what_an_import_block_brings_gives_up_what_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for `preflight` and `drift`: an apply takes it in, and changes it."""
    monkeypatch.chdir(tmp_path)
    lives = {"x": _live("vpce-0a1", "x", PrivateDnsEnabled=True), "y": _live("vpce-0a2", "y")}
    (tmp_path / "estate.json").write_text(_text(*lives.values()), encoding="utf-8")
    (tmp_path / "a.yaml").write_text(f"name: a\n{HEAD}{GIVES}{TAKES}", encoding="utf-8")
    (tmp_path / "state.json").write_text(_printed("a.y", lives), encoding="utf-8")
    _run("render", "a.yaml")
    block = 'import {\n  to = module.a.aws_vpc_endpoint.x\n  id = "vpce-0a1"\n}\n'
    (tmp_path / "imports.tf").write_text(block + 'module "a" {\n  source = "./out/a"\n}\n', encoding="utf-8")

    for command in ("preflight", "drift"):
        assert (
            AT_ONCE
            in _told(command, "a.yaml", "--state", "state.json", code=None if command == "drift" else 0)["a.yaml"]
        )


@pytest.mark.parametrize("size", [4, 400])
def test_each_of_hundreds_is_told_what_gives_up_first(size: int) -> None:
    """Each gateway takes the route table of the next, the last that of the first: in one apply AWS's CLI helps."""
    tables = [_object("RouteTableId", f"rtb-{number}", str(number), Routes=[]) for number in range(size + 1)]
    shared: dict[str, Any] = {
        "ServiceName": f"com.amazonaws.{REGION}.s3",
        "VpcEndpointType": "Gateway",
        "SubnetIds": [],
        "Groups": [],
    }
    lives = [_live(f"vpce-{at}", f"g{at}", **shared, RouteTableIds=[f"rtb-{at}"]) for at in range(size)]
    there = of([{**_answers(*lives), "RouteTables": tables}], REGION)
    found = {}
    for end in (size, 0):
        wanted = [f"{{name: g{at}, route_tables: [{{name: '{at + 1}'}}]" for at in range(size)]
        wanted[-1] = f"{{name: g{size - 1}, route_tables: [{{name: '{end}'}}]"
        rows = "".join(f"  g{at}: {own}, service: s3, type: Gateway}}\n" for at, own in enumerate(wanted))
        (spec,) = match([_located(f"name: x\n{HEAD}{rows}", there)])
        found[end] = [each for located in spec.endpoints for each in given_up(spec, located)]

    assert [str(each.code) for each in found[size]] == ["W437"] * (size - 1)
    assert [str(each.code) for each in found[0]] == ["W437"] * size
    for several in found.values():
        ways = (f" vpce-{(at + 1) % size} --remove-route-table-ids rtb-{(at + 1) % size}\n" for at in range(size))
        assert [way in each.fix for each, way in zip(several, ways, strict=False)] == [True] * len(several)


def _told(command: str, *specs: str, code: int | None = None) -> dict[str, str]:
    """Return the reports of a command by their specs, as JSON."""
    ended, output = _run(command, *specs, "--from", "estate.json", "--format", "json")
    assert ended in ({1, 4} if code is None else {code})
    found = json.JSONDecoder().raw_decode(output[output.index("{") :])[0]
    return {each["spec"].removeprefix("./"): json.dumps(each["report"]) for each in found["specs"]}


def test_an_endpoint_of_another_name_is_not_claimed() -> None:
    """The other spec's name is on it; this one's endpoint is not made."""
    there = _estate(_live("vpce-1", "queue"))
    (row,) = _drift(
        _located(QUEUE.replace("name: queue}", "name: x}"), there, "a.yaml"), _located(QUEUE, there, "b.yaml")
    )

    assert (row.kind, row.spec) == ("not-applied-or-changed-by-hand", "a.yaml")


@pytest.mark.parametrize(("other", "are_compared"), [("222222222222", False), ("111111111111", True)])
def test_specs_of_two_accounts_are_not_compared(other: str, *, are_compared: bool) -> None:
    """A VPC's id may be in two answers, of two accounts."""
    live, owners = _live("vpce-1", "queue"), ("111111111111", other)
    specs = [_located(QUEUE, _estate(live, OwnerId=each), f"{index}.yaml") for index, each in enumerate(owners)]

    assert [_ids(each) for each in match(specs)] == [{"queue": "vpce-1"}, {"queue": None if are_compared else "vpce-1"}]


def _estates() -> Iterator[tuple[str, Estate]]:
    """Yield what each file of AWS's answers in the tests' folders says, with what lies beside it."""
    verify = ("network.json", "endpoints.json", "dns.json", "states.json")
    for folder, base in (("adopt", ()), ("drift", ()), ("preflight", ("estate.json",)), ("verify", verify)):
        for file in sorted((ROOT / "tests" / folder).glob("*.json")):
            if file.stem == "shared-vpc":  # who asks there sees none of the endpoints
                continue
            beside = [file.parent / each for each in base]
            files = dict.fromkeys((*(each for each in beside if each != file), file))
            region = "ap-southeast-1" if folder == "verify" else REGION
            texts = ((each.name, each.read_text(encoding="utf-8")) for each in files)
            yield f"{folder}/{file.stem}", answers.read(overlaid(texts), region)


ESTATES = dict(_estates())


@pytest.mark.parametrize("case", ESTATES)
def test_no_live_endpoint_is_in_two_rows_of_a_report(case: str) -> None:
    """For two specs that have each endpoint of each VPC twice, no command takes one live endpoint for two of them."""
    there = ESTATES[case]
    for vpc in there.all("Vpcs"):
        located = [_located(_twice(vpc["VpcId"], there), there, path) for path in ("x.yaml", "y.yaml")]
        if not located[0].endpoints:
            continue
        claims = Counter(each.live["VpcEndpointId"] for one in match(located) for each in one.endpoints if each.live)
        rows = Counter(row.id for row in check(matched(located[0].intent, there)).rows if row.id)
        found = Counter(
            identifier
            for finding in examine(matched(located[0].intent, there)).findings
            for identifier in set(re.findall(r"vpce-[0-9a-f]+\b(?!-)", finding.message))
            if finding.code in {"W427", "E427", "E429"}
        )
        subjects = Counter(row.subject for row in _drift(*located) if str(row.subject).startswith("vpce-"))
        assert not {
            each: count for count_of in (claims, rows, found, subjects) for each, count in count_of.items() if count > 1
        }
        assert not claims.keys() & subjects.keys()


def _twice(vpc_id: str, there: Estate) -> str:
    lines = [f"name: x\nregion: {there.region}\nvpc: {{id: {vpc_id}}}\nendpoints:\n  none: {{service_name: a.b.c}}\n"]
    for index, live in enumerate(there.all("VpcEndpoints", vpc_id)):
        kind, target = live.get("VpcEndpointType", "Interface"), live.get("ServiceName")
        stated = f"type: {kind}, name: {json.dumps(name(live))}" if name(live) else f"type: {kind}"
        tables = ", ".join(f"{{id: {each}}}" for each in live.get("RouteTableIds") or ())
        stated += f", route_tables: [{tables}]" if tables else ""
        known = target and kind in {"Interface", "Gateway", "GatewayLoadBalancer"}
        lines += [f"  e{index}{copy}: {{service_name: {target}, {stated}}}\n" for copy in "ab" if known]
    return "".join(lines)


def test_what_import_blocks_or_a_state_say_is_the_pair() -> None:
    """Endpoints that nothing else tells apart are what Terraform has them as, dead or not; not where two claim."""
    there = _estate(_live("vpce-1"), _live("vpce-2", state="failed"))
    told = [("vpce-1", "aws_vpc_endpoint.other"), ("vpce-2", "aws_vpc_endpoint.one")]
    imports = keys_of({}, told, ["one", "other"], "vpc-1")
    has = [(f"module.m.aws_vpc_endpoint.{key}[0]", each) for each, key in imports.items()]
    known = _state(*has, others=[("aws_vpc_endpoint.two", "vpce-3")])
    state = keys_of(known, [("vpce-1", "aws_vpc_endpoint.one")], ["one", "other"], "vpc-1")
    located = _located(TWINS, there)

    assert _ids(matched_one(located)) == {"one": "vpce-1", "other": "vpce-2"}
    assert imports == state
    assert not keys_of(known, (), ["one", "other"], "vpc-2")
    assert keys_of(known, [("aws_vpc_endpoint.two", "aws_vpc_endpoint.one")], ["one"], "vpc-1")["vpce-3"] == "one"
    assert _ids(matched_one(replace(located, keys=imports))) == {"one": "vpce-2", "other": "vpce-1"}
    both = match([replace(located, keys=imports), replace(_located(TWINS, there, "b.yaml"), keys=imports)])
    assert sorted(str(one) for each in both for one in _ids(each).values()) == ["None", "None", "vpce-1", "vpce-2"]


def matched_one(located: Located) -> Located:
    """Return one spec with its live endpoints."""
    return match([located])[0]


def _state(*endpoints: tuple[str, str], others: Sequence[tuple[str, str]] = ()) -> Applied:
    """Return what two states have of endpoints, each by its address and id."""
    return applied(
        [
            Resource(address=address, type="aws_vpc_endpoint", values={"id": each, "vpc_id": "vpc-1"})
            for address, each in state
        ]
        for state in (endpoints, others)
    )


def test_a_state_that_has_two_modules_alike_in_one_vpc_has_each_spec_where_its_own_is() -> None:
    """Of as many endpoints of the same keys, those that AWS has as another's are another module."""
    there = _estate(_live("vpce-1", "queue"), _live("vpce-2", "other"))
    known = _state(("module.x.aws_vpc_endpoint.queue", "vpce-1"), ("module.y.aws_vpc_endpoint.queue", "vpce-2"))
    other = QUEUE.replace("name: queue", "name: other")
    specs = match(replace(_located(text, there), applied=known) for text in (QUEUE, other))

    assert [each.roots for each in specs] == [("module.x.",), ("module.y.",)]


def _at(key: str, identifier: str, path: str = "") -> tuple[str, str]:
    return (f"{path}aws_vpc_endpoint.{key}", identifier)


@pytest.mark.parametrize(
    ("states", "is_astray", "is_shared"),
    [
        ([[_at("queue", "vpce-1", "module.queue."), _at("moved", "vpce-2", "module.queue.")]], True, False),
        ([[_at("queue", "vpce-1"), _at("moved", "vpce-2")]], False, True),
        ([[_at("queue", "vpce-1")], [_at("moved", "vpce-2")]], False, False),
        ([[_at("queue", "vpce-1", "module.queue."), _at("gone", "vpce-2", "module.queue.")]], True, False),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_a_path_of_a_state_is_of_one_spec(
    states: list[list[tuple[str, str]]], order: int, *, is_astray: bool, is_shared: bool
) -> None:
    """What a spec took over from another is not where its own module has it; where nothing tells, that is said."""
    there = _estate(_live("vpce-1", "queue"), _live("vpce-2", "other"))
    moved = f"name: moved\n{HEAD}  moved: {{service: sqs, name: other}}\n"
    known = _state(*states[0], others=[each for state in states[1:] for each in state])
    names = {"queue": "out/queue", "moved": "out/moved"}
    specs = match(replace(_located(text, there), applied=known, namesakes=names) for text in (QUEUE, moved)[::order])
    queue, other = specs[::order]

    assert not queue.elsewhere("vpce-1")
    assert bool(other.elsewhere("vpce-2")) == is_astray
    assert [bool(untold_root(each)) for each in specs] == [is_shared, is_shared]


@pytest.mark.parametrize("seed", range(40))
def test_what_answers_lack_brings_nothing_of_a_state_to_another_address(seed: int) -> None:
    """Whatever paths a state has a module below, and whatever AWS does not show: what stays where it was stays so."""
    drawn, folder = random.Random(seed), ROOT / "tests" / "drift"
    answers = json.loads((folder / "estate.json").read_text(encoding="utf-8"))
    resources = state_of(answers)["values"]["root_module"]["child_modules"][0]["resources"]
    for each in resources:
        path = drawn.choice(drawn.choice([["a", "b"], ["a", "b", "c"], ["a", "demo"]]))
        each["address"] = f"module.{path}.{each['type']}.{each['name']}"
    known = applied(
        [
            Resource(address=each["address"], type=each["type"], values=each["values"])
            for each in resources
            if drawn.random() > 0.1
        ]
        for _ in [0]
    )
    intent = understand_text((folder / "spec.yaml").read_text(encoding="utf-8"), "spec.yaml")

    def astray(there: dict[str, Any]) -> set[str]:
        spec = matched(intent, of([there], REGION), applied=known)
        return {each for each in spec.addresses if spec.elsewhere(each)}

    whole_set = astray(answers)
    for kind in ("VpcEndpoints", "SecurityGroups"):
        for gone in answers[kind]:
            assert astray({**answers, kind: [each for each in answers[kind] if each is not gone]}) <= whole_set

"""A Region's list: made of AWS's answer, written so that it diffs well, read back, and put before the catalog."""

from __future__ import annotations

import errno
import json
import os
import shutil
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from generator.catalog import details, files, services
from generator.catalog.catalog import Catalog
from generator.catalog.listed import ListedCatalog, refine
from generator.catalog.lists import MOST, NO_LIST, Offer, RegionalList, changes, dumps, loads, warn_of_age
from generator.cli.aws_options import text_in
from generator.generate import generate, understand
from generator.live import answers
from generator.module.resolve import resolve
from generator.output import disk
from generator.source.diagnostics import Place, Refused
from generator.source.text import LARGEST_FILE
from tests.answers import whole
from tests.cases import KEPT, ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REGION = "ap-southeast-1"
TODAY = date(2026, 11, 24)
ANSWER = (ROOT / "tests" / "data" / "describe_vpc_endpoint_services.json").read_bytes()
"""An answer in the form that AWS documents; its services and facts are made up where that is of use."""

SPEC = """
name: listed
region: ap-southeast-1
vpc: {id: vpc-0123456789abcdef0}
subnets: [{id: subnet-0123456789abcdef0}, {id: subnet-0123456789abcdef1}]
security_groups: [{id: sg-0123456789abcdef0}]
endpoints:
  new: {service: brand-new}
  s3: {service: s3, type: Gateway, route_tables: [{id: rtb-0123456789abcdef0}]}
"""


def _listed(answer: bytes = ANSWER, region: str = REGION) -> tuple[RegionalList, int]:
    given = answers.read([("out.json", answer.decode())], region).all("ServiceDetails")
    return details.list_services(given, region=region, taken=TODAY, source="out.json", place=Place("out.json"))


def _many(size: int) -> bytes:
    """Return an answer of many services, each as the first."""
    first = json.loads(ANSWER)["ServiceDetails"][0]
    numbered = [
        first | {"ServiceName": f"com.amazonaws.{REGION}.s{n}", "ServiceId": f"vpce-svc-{n:08x}"} for n in range(size)
    ]
    return json.dumps({"ServiceDetails": numbered}).encode()


def _large(size: int, facts: Mapping[str, int]) -> str:
    """Return a list of many services, each with these facts."""
    head = {"region": REGION, "taken": "2026-11-24", "source": "api"}
    return json.dumps({**head, "services": {f"s{number}": {"Interface": facts} for number in range(size)}})


def _changed(**changed: Any) -> bytes:
    """Return the answer with fields of its first service changed; None takes one out."""
    answer = json.loads(ANSWER)
    first = answer["ServiceDetails"][0] | changed
    answer["ServiceDetails"][0] = {field: value for field, value in first.items() if value is not None}
    answer["ServiceNames"] = [each.get("ServiceName") for each in answer["ServiceDetails"]]
    return json.dumps(answer).encode()


def test_a_list_has_the_services_of_aws_by_type() -> None:
    """Amazon S3 is there as two types, with what AWS says of each; services of others are counted alone."""
    listed, others = _listed()
    s3 = listed.services["com.amazonaws.ap-southeast-1.s3"]

    assert (len(listed.services), others, sorted(s3)) == (5, 1, ["Gateway", "Interface"])
    assert s3["Gateway"].private_dns_names is None
    assert s3["Interface"].private_dns_names == ("s3.ap-southeast-1.amazonaws.com",)
    assert listed.services["com.amazonaws.ap-southeast-1.logs"]["Interface"] == Offer(
        acceptance_required=False,
        availability_zone_ids=("apse1-az1", "apse1-az2", "apse1-az3"),
        availability_zones=("ap-southeast-1a", "ap-southeast-1b", "ap-southeast-1c"),
        private_dns_names=("logs.ap-southeast-1.amazonaws.com", "logs.ap-southeast-1.api.aws"),
        supported_ip_address_types=("ipv4", "ipv6"),
        vpc_endpoint_policy_supported=True,
    )


@pytest.mark.parametrize(
    ("changed", "others"),
    [
        ({"Owner": "123456789012"}, 2),
        ({"Owner": None}, 1),
        ({"Owner": None, "ServiceName": "com.amazonaws.vpce.ap-southeast-1.vpce-svc-0123456789abcdef1"}, 2),
    ],
)
def test_services_of_others_are_left_out(changed: dict[str, Any], others: int) -> None:
    """By their owner, and where it is not said, by the form of their names."""
    listed, left_out = _listed(_changed(**changed))

    assert (left_out, len(listed.services)) == (others, 6 - others)


def test_what_aws_leaves_out_stays_unknown() -> None:
    """No field, no fact: an empty list is a no, and a missing one is not."""
    services = _listed()[0].services

    told = Offer(acceptance_required=False, availability_zones=())  # which AWS always does
    assert services["aws.api.ap-southeast-1.freetier"]["Interface"] == told
    assert services["com.amazonaws.ap-southeast-1.brand-new"]["Interface"].private_dns_names == ()
    assert services["com.amazonaws.ap-southeast-1.ecr.dkr"]["Interface"].private_dns_names == (
        "*.dkr.ecr.ap-southeast-1.amazonaws.com",
    )


def test_the_answer_is_read_as_powershell_writes_it(tmp_path: Path) -> None:
    """UTF-16 with its mark."""
    file = tmp_path / "out.json"
    file.write_bytes(ANSWER.decode().encode("utf-16"))

    assert text_in(str(file)) == ANSWER.decode()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"ServiceDetails:\n- x", "out.json:1:1: E401 not JSON: Expecting value"),
        (json.dumps(json.loads(ANSWER)["ServiceDetails"]).encode(), "out.json: E401 a list, as --query prints it, and"),
        (b'{"ServiceNames": ["com.amazonaws.ap-southeast-1.s3"]}', "out.json: E401 not an answer of the AWS CLI"),
        (b'{"ServiceDetails": []}', "out.json: E277 none of its 0 services is AWS's own and has ap-southeast-1"),
        (_changed(ServiceName="a\x1b[2J"), "out.json: E277 ServiceDetails: 'a\\x1b[2J' is not the name of a service"),
        (_changed(ServiceType=[{"ServiceType": "a b"}]), "out.json: E277 ServiceDetails: 'com.amazonaws.ap-southeast-"),
        (b'{"ServiceDetails": [7]}', "out.json: E406 $.ServiceDetails[0] is a number, not an object"),
        (_changed(ServiceType=None), "out.json: E406 $.ServiceDetails[0] has no ServiceType"),
        (_changed(ServiceType=[]), "out.json: E277 ServiceDetails: 'com.amazonaws.ap-southeast-"),
        (
            _many(MOST + 1),
            "out.json: E277 it has 5001 services, and a list at most 5000",
        ),
        (_changed(ServiceType="x"), "out.json: E406 $.ServiceDetails[0].ServiceType is 'x', not a list"),
        (_changed(ServiceName=1), "out.json: E406 $.ServiceDetails[0].ServiceName is a number, not text"),
        (_changed(ServiceName=None), "out.json: E406 $.ServiceDetails[0] has no ServiceName"),
        (
            _changed(ServiceName="com.amazonaws.iam", ServiceRegion="eu-west-1"),
            "out.json: E277 it lists services of eu-west-1, not of ap-southeast-1 alone",
        ),
        (
            ANSWER.replace(b'"ServiceNames"', b'"NextToken": "x", "ServiceNames"'),
            "out.json: E406 $.NextToken: it is one page of ServiceDetails, and the last one is not given",
        ),
    ],
)
def test_what_is_not_the_whole_answer_is_refused(answer: bytes, said: str) -> None:
    """By the gate by which all answers come in, or for what a list can't be made of."""
    with pytest.raises(Refused) as refused:
        _listed(answer)

    assert str(refused.value).startswith(said)


def test_the_answer_of_another_region_is_refused() -> None:
    """By its fields, and where it has none, by its names."""
    nameless = _whole({"ServiceName": "aws.api.freetier", "ServiceType": [{"ServiceType": "Interface"}]})

    with pytest.raises(Refused, match=r"E407 \$.ServiceDetails\[0\] is of ap-southeast-1, by its ServiceName"):
        _listed(region="eu-west-1")
    with pytest.raises(Refused, match=r"none of its 1 services is AWS's own and has ap-southeast-1"):
        _listed(nameless)


@pytest.mark.parametrize(
    "own", [{"Owner": "123456789012"}, {"ServiceName": "com.amazonaws.vpce.ap-southeast-1.vpce-svc-0aaaabbbbccccdddd"}]
)
def test_an_answer_of_others_alone_makes_no_list(own: dict[str, str]) -> None:
    """It would have no service, which no reader takes."""
    service = {"ServiceName": "com.amazonaws.ap-southeast-1.sqs", "ServiceType": [{"ServiceType": "Interface"}]}

    with pytest.raises(Refused, match=r"E277 none of its 1 services is AWS's own"):
        _listed(_whole(service | own))


def _whole(*found: dict[str, Any]) -> bytes:
    return json.dumps(whole("ServiceDetails", *found)).encode()


def _write(listed: RegionalList, file: Path) -> None:
    disk.write({file: dumps(listed)}, overwrite=True)


def test_a_list_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Through a file: sorted whatever the order of the answer, one line a type, and nothing left beside it."""
    listed, _ = _listed()
    backwards = {"ServiceDetails": json.loads(ANSWER)["ServiceDetails"][::-1]}
    file = files.path(tmp_path, REGION)
    _write(listed, file)
    _write(listed, file)

    assert files.read(tmp_path, [REGION, "eu-west-1"]) == {REGION: replace(listed, file=str(file))}
    assert [each.name for each in file.parent.iterdir()] == ["ap-southeast-1.json"]
    assert dumps(_listed(json.dumps(backwards).encode())[0]) == file.read_text(encoding="utf-8") == dumps(listed)
    assert sum('": {"' in line for line in dumps(listed).splitlines()) == 6


def test_a_list_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads meanwhile reads the old one. Where the disk fails, that stays, and nothing is left beside it."""
    listed, _ = _listed()
    file = files.path(tmp_path, REGION)
    _write(listed, file)
    before = file.read_bytes()

    with file.open("rb") as reader:
        _write(replace(listed, source="x"), file)
        assert reader.read() == before
    _write(listed, file)

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(Refused, match="No space left"):
        _write(replace(listed, source="api"), file)

    assert (file.read_bytes(), [*file.parent.iterdir()]) == (before, [file])


def test_changes_are_told() -> None:
    """What came, what went, and which fact is another."""
    before, _ = _listed()
    services = dict(before.services)
    del services["com.amazonaws.ap-southeast-1.brand-new"]
    services["com.amazonaws.ap-southeast-1.sqs"] = {"Interface": Offer()}
    logs = services["com.amazonaws.ap-southeast-1.logs"]["Interface"]
    services["com.amazonaws.ap-southeast-1.logs"] = {"Interface": replace(logs, vpc_endpoint_policy_supported=None)}

    assert list(changes(before, before)) == []
    assert list(changes(before, replace(before, services=services))) == [
        "added com.amazonaws.ap-southeast-1.sqs Interface",
        "removed com.amazonaws.ap-southeast-1.brand-new Interface",
        "changed com.amazonaws.ap-southeast-1.logs Interface: vpc_endpoint_policy_supported true → unknown",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "x.json:1:1: E275 not JSON: Expecting value"),
        ('{\n "region": "ap-southeast-1",\n<<<<<<< HEAD', "x.json:3:1: E275 not JSON"),
        ("[" * 100_000, "x.json: E275 it nests too deep"),
        ('{"region": ' + "9" * 5000, "x.json: E275 it has a number of too many digits"),
        ("[]", "x.json: E275 it does not hold region, taken, source and services, and those alone"),
        (
            '{"region": "ap-southeast-1", "taken": "2026-11-24", "source": "api", "services": []}',
            "x.json:1:70: E275 services is not a mapping",
        ),
        (
            '{"region": "ap-southeast-1", "taken": "2026-11-24", "source": "api", "services": {}}',
            "x.json:1:70: E275 services is empty, and every Region has some",
        ),
        (
            dumps(_listed()[0]).replace('"ipv4"', "4"),
            "x.json:13:228: E275 com.amazonaws.ap-southeast-1.ecr.dkr: supported_ip",
        ),
        (
            dumps(_listed()[0]).replace(".brand-new", "\\u001b"),
            "x.json:9:3: E275 'com.amazonaws.ap-southeast-1\\x1b' is no",
        ),
        (
            dumps(_listed()[0]).replace("Gateway", "Gate way"),
            "x.json:19:4: E275 com.amazonaws.ap-southeast-1.s3: 'Gate way'",
        ),
        (dumps(_listed()[0]).replace("out.json", "\\u009b"), "x.json:4:2: E275 source is not printable text"),
        (dumps(_listed()[0]).replace("2026-11-24", "2026-11-31"), "x.json:3:2: E275 taken is not a date"),
        (dumps(_listed()[0]).replace(".brand-new", ".logs"), "x.json:15:3: E275 the key com.amazonaws.ap-southeast"),
        (_large(MOST + 1, {}), "x.json:1:70: E275 it has 5001 services, and a list at most 5000"),
        (_large(MOST, {"a": 1, "b": 2}), "x.json: E014 9000 more mistakes are not told"),
        (" " * (LARGEST_FILE + 1), "x.json: E275 it has more than 8 MiB"),
    ],
)
def test_a_damaged_list_is_refused(text: str, said: str) -> None:
    """Never passed over: at its place, with the command that writes it anew."""
    with pytest.raises(Refused) as refused:
        loads(text, file="x.json", region=REGION)

    assert str(refused.value).startswith(said), str(refused.value)
    assert "gen-endpoints services refresh --region ap-southeast-1" in str(refused.value)


def test_a_list_that_is_no_file_is_refused(tmp_path: Path) -> None:
    """A folder, or bytes that are no UTF-8, under its name; all of them at once."""
    (tmp_path / "services" / "eu-west-1.json").mkdir(parents=True)
    (tmp_path / "services" / "eu-west-2.json").write_bytes(b"\xff")
    with pytest.raises(Refused) as refused:
        files.read(tmp_path, ["eu-west-1", "eu-west-2", "eu-west-3"])

    assert [each.code for each in refused.value.diagnostics] == [NO_LIST.code] * 2


@pytest.mark.parametrize(("days", "is_old"), [(180, False), (181, True)])
def test_a_list_is_old_after_180_days(days: int, *, is_old: bool) -> None:
    """By the day that the caller gives."""
    listed = replace(_listed()[0], file="specs/services/ap-southeast-1.json")
    told = "\n".join(map(str, warn_of_age(listed, date.fromordinal(listed.taken.toordinal() + days))))
    file, fix = "specs/services/ap-southeast-1.json", "gen-endpoints services refresh --region ap-southeast-1"
    message = f"{file}: W251 the list of {REGION} was taken 181 days ago, on 2026-11-24\n    take the list again: {fix}"

    assert told == (message if is_old else "")


def test_the_list_outranks_the_catalog() -> None:
    """Names, services and facts; what it leaves out is as shipped."""
    shipped, (listed, _) = Catalog.load(), _listed()
    catalog = ListedCatalog(shipped, {REGION: listed})
    logs = refine(shipped.services["logs"], listed.services["com.amazonaws.ap-southeast-1.logs"]["Interface"])
    docker = refine(shipped.services["ecr.dkr"], listed.services["com.amazonaws.ap-southeast-1.ecr.dkr"]["Interface"])
    free = refine(shipped.services["freetier"], listed.services["aws.api.ap-southeast-1.freetier"]["Interface"])

    assert (logs.private_dns_supported, logs.ipv6, logs.policy, logs.ports) == (
        True,
        True,
        True,
        shipped.services["logs"].ports,
    )
    assert (shipped.services["ecr.dkr"].policy, docker.policy, docker.ipv6) == (True, False, False)
    assert free == shipped.services["freetier"]
    assert catalog.services.keys() - shipped.services.keys() == {"brand-new"}
    assert catalog.service_name("brand-new", REGION, "Interface") == "com.amazonaws.ap-southeast-1.brand-new"
    assert services.find(catalog, "brand-nwe")[0][0] == "brand-new"
    assert (catalog.offered_in("brand-new", REGION), catalog.offered_in("brand-new", "eu-west-1")) == (True, None)
    assert (catalog.offered_in("sqs", REGION), shipped.offered_in("sqs", REGION)) == (False, None)


@pytest.mark.parametrize(
    ("region", "name", "service_id"),
    [
        ("eu-west-1", "aws.sagemaker.eu-west-1.notebook", "sagemaker.notebook"),
        ("eu-west-1", "aws.sagemaker.eu-west-1.new", "sagemaker.new"),
        ("eu-west-1", "aws.api.eu-west-1.new", "new"),
        ("eu-west-1", "com.amazonaws.new", "new"),
        ("eu-west-1", "com.amazonaws.s3-global.accesspoint", "s3-global.accesspoint"),
        ("cn-north-1", "cn.com.amazonaws.cn-north-1.new", "new"),
        ("cn-north-1", "cn.com.amazonaws.cn-north-1.transcribe.cn", "transcribe"),
        ("cn-north-1", "com.amazonaws.cn-north-1.ecr.dkr", "ecr.dkr"),
        ("eu-west-1", "com.amazonaws.eu-west-1.timestream.ingest-cell1", "timestream.ingest-cell1"),
    ],
)
def test_an_id_has_its_name_in_any_form(region: str, name: str, service_id: str) -> None:
    """The prefixes of China, of SageMaker, of the newer services, and names without a Region."""
    listed = RegionalList(region=region, taken=TODAY, source="api", services={name: {"Interface": Offer()}})
    catalog = ListedCatalog(Catalog.load(), {region: listed})

    assert catalog.service_name(service_id, region, "Interface") == name


@pytest.mark.parametrize(
    ("service_id", "region", "name"),
    [
        ("sqs", "eu-west-1", "com.amazonaws.eu-west-1.sqs"),
        ("new", "eu-west-1", "com.amazonaws.eu-west-1.new"),
        ("freetier", "eu-west-1", "aws.api.eu-west-1.freetier"),
    ],
)
def test_of_several_names_one_counts(service_id: str, region: str, name: str) -> None:
    """The one that the catalog expects, else that with the common prefix; whichever comes first in the list."""
    names = [f"{prefix}.{region}.{service_id}" for prefix in ("aws.api", "com.amazonaws", "zz")]
    listed = RegionalList(
        region="eu-west-1", taken=TODAY, source="api", services={name: {"Interface": Offer()} for name in names}
    )

    assert ListedCatalog(Catalog.load(), {region: listed}).service_name(service_id, region, "Interface") == name


def test_a_list_without_gateways_says_nothing_of_them() -> None:
    """It was filtered: every Region has some."""
    services = {"com.amazonaws.eu-west-1.logs": {"Interface": Offer()}}
    listed = RegionalList(region="eu-west-1", taken=TODAY, source="api", services=services)
    catalog = ListedCatalog(Catalog.load(), {"eu-west-1": listed})

    assert [catalog.offered_in(each, "eu-west-1") for each in ("logs", "sqs", "s3")] == [True, False, None]


def test_render_takes_the_list_beside_the_spec(tmp_path: Path) -> None:
    """A service that only the list has is rendered with what the list says; the list's age changes no file."""
    spec = tmp_path / "listed.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    with pytest.raises(Refused, match="E201 brand-new is not a service id"):
        understand(str(spec), TODAY)
    _write(_listed()[0], files.path(tmp_path, REGION))
    fresh, old = generate(str(spec), KEPT, TODAY), generate(str(spec), KEPT, date(2028, 1, 1))
    new = fresh.module.endpoints[0].arguments

    assert new["service_name"] == "com.amazonaws.ap-southeast-1.brand-new"
    assert new["private_dns_enabled"] is False
    assert [each.code for each in old.intent.warnings] == ["W251"]
    assert (fresh.intent.warnings, fresh.files) == ((), old.files)


def test_the_list_is_that_of_the_service_s_region(tmp_path: Path) -> None:
    """`service_region` asks the list of that Region, and no other."""
    spec = tmp_path / "listed.yaml"
    spec.write_text(
        SPEC.replace("region: ap-southeast-1", 'region: eu-west-1\naws_provider: ">= 5.83"').replace(
            "brand-new", "brand-new, service_region: ap-southeast-1"
        ),
        encoding="utf-8",
    )
    _write(_listed()[0], files.path(tmp_path, REGION))
    services = {
        "com.amazonaws.eu-west-1.logs": {"Interface": Offer()},
        "com.amazonaws.eu-west-1.s3": {"Gateway": Offer()},
    }
    _write(
        RegionalList(region="eu-west-1", taken=TODAY, source="api", services=services),
        files.path(tmp_path, "eu-west-1"),
    )
    endpoint = resolve(understand(str(spec), TODAY)).endpoints[0]

    assert endpoint.arguments["service_name"] == "com.amazonaws.ap-southeast-1.brand-new"


def test_a_spec_without_a_region_asks_for_no_list(tmp_path: Path) -> None:
    """The provider's Region is not known, so no list can be the right one; a damaged one does no harm."""
    shutil.copy(ROOT / "specs" / "any-region.yaml", tmp_path)
    files.path(tmp_path, REGION).parent.mkdir()
    files.path(tmp_path, REGION).write_text("{", encoding="utf-8")

    assert understand(str(tmp_path / "any-region.yaml"), TODAY).warnings == ()


def test_a_type_that_is_none_of_ours_says_nothing(tmp_path: Path) -> None:
    """AWS may add a type of endpoints; a spec that says nothing of it stays as right as it was."""
    spec = tmp_path / "listed.yaml"
    spec.write_text(SPEC.replace("brand-new", "logs"), encoding="utf-8")
    name = f"com.amazonaws.{REGION}.logs"
    kinds = {"Interface": Offer(), "Tunnel": Offer()}
    listed = RegionalList(region=REGION, taken=TODAY, source="api", services={name: kinds})
    _write(listed, files.path(tmp_path, REGION))

    assert resolve(understand(str(spec), TODAY)).endpoints[0].arguments["vpc_endpoint_type"] == "Interface"

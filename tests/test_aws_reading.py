"""AWS, read: every kind from the emulated AWS, page after page, and what AWS refuses as a finding."""

from __future__ import annotations

import hashlib
import io
import json
import os
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

import boto3
import pytest
import typer
from botocore import exceptions
from botocore.config import Config
from botocore.tokens import SSOTokenProvider

from generator.cli import aws_options
from generator.live import estate
from generator.live.aws import ACTIONS, client, reading
from generator.live.aws.bounds import EndlessAnswerError, SlowAnswerError
from generator.live.aws.client import NOT_AWS, Access, explained
from generator.live.estate import ACCOUNT, KINDS, VPC_ATTRIBUTES
from generator.live.untold import lacking
from generator.source.diagnostics import Refused
from tests.answers import whole
from tests.cases import ROOT
from tests.terraform.emulated_aws import CREDENTIAL, EmulatedAws, emulated_aws
from tests.terraform.emulated_quotas import QUOTAS
from tests.terraform.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.terraform.network import Made

REGION = "eu-west-1"
HALF_A_MINUTE = 30
NETWORK = Network(
    region=REGION,
    vpc="app",
    subnets={"a": "a", "b": "b"},
    route_tables={"private": ("a",)},
    security_groups=("web",),
    prefix_lists=("office",),
)
ATTRIBUTE = (
    "<DescribeVpcAttributeResponse><vpcId>vpc-1</vpcId><enableDnsSupport><value>true</value></enableDnsSupport>"
    "<enableDnsHostnames><value>true</value></enableDnsHostnames></DescribeVpcAttributeResponse>"
)
SUBNET = (
    "<vpcId>vpc-1</vpcId><availabilityZone>eu-west-1a</availabilityZone><availabilityZoneId>euw1-az1</availabilityZoneId>"
    "<cidrBlock>10.0.0.0/24</cidrBlock><availableIpAddressCount>9</availableIpAddressCount>"
    "<ipv6Native>false</ipv6Native><ipv6CidrBlockAssociationSet/>"
)
ZONES = "<ListHostedZonesByVPCResponse><HostedZoneSummaries>{zone}</HostedZoneSummaries><MaxItems>100</MaxItems>{more}"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let boto3 find the emulated AWS's credentials, and neither settings of this machine nor a proxy."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", CREDENTIAL)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CREDENTIAL)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(scope="module")
def aws() -> Iterator[EmulatedAws]:
    """Run one emulated AWS for these tests."""
    with emulated_aws() as emulated:
        yield emulated


@pytest.fixture(scope="module")
def made(aws: EmulatedAws) -> Made:
    """Return a network with an endpoint and a private hosted zone, beside another of the same names."""
    made = NETWORK.make(aws)
    made.create(ServiceName=f"com.amazonaws.{REGION}.sqs", VpcEndpointType="Interface", SubnetIds=["subnet/a"])
    session = boto3.Session(aws_access_key_id=CREDENTIAL, aws_secret_access_key=CREDENTIAL, region_name=REGION)
    route53: Any = session.client("route53", endpoint_url=aws.url)
    for name, vpc in (("app.example.com", made.vpc_id), ("other.example.com", _other(made))):
        route53.create_hosted_zone(
            Name=name,
            CallerReference=name,
            VPC={"VPCRegion": REGION, "VPCId": vpc},
            HostedZoneConfig={"PrivateZone": True},  # on AWS the VPC makes it private
        )
    return made


def _other(made: Made) -> str:
    vpcs = made.client.describe_vpcs()["Vpcs"]
    return next(vpc["VpcId"] for vpc in vpcs if estate.name(vpc) == "another-vpc")


def _read(made: Made, *kinds: str, **more: Any) -> estate.Estate:
    access = Access(region=REGION, endpoint_url=made.aws.url)
    return reading.read(access, kinds, lambda _: [made.vpc_id], **more)


@pytest.mark.parametrize(
    ("kind", "ids"),
    [
        ("Subnets", ["subnet/a", "subnet/b"]),
        ("RouteTables", ["route_table/private"]),
        ("SecurityGroups", ["security_group/web"]),
        ("PrefixLists", ["prefix_list/office"]),
        ("Vpcs", ["vpc/app"]),
    ],
)
def test_what_was_made_is_read(made: Made, kind: str, ids: list[str]) -> None:
    """Each kind with the fields that identify its things, and what is in the VPC from that VPC alone."""
    found = _read(made, kind, VPC_ATTRIBUTES)

    assert all(found.one(kind, made.ids[each]) is not None for each in ids)
    assert kind in {"Vpcs", "PrefixLists"} or {thing["VpcId"] for thing in found.all(kind)} == {made.vpc_id}
    assert found.vpc_attributes == {made.vpc_id: {"EnableDnsSupport": True, "EnableDnsHostnames": True}}


def test_what_comes_with_it_is_read(made: Made) -> None:
    """An endpoint, its interface, the rules of groups, hosted zones, services, quotas of all pages, and who asks."""
    made.client.authorize_security_group_ingress(
        GroupId=made.ids["security_group/web"],
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}],
    )
    found = _read(made, *KINDS, ACCOUNT)

    assert [kind for kind in KINDS if not found.all(kind)] == []
    assert [each["ServiceName"] for each in found.all("VpcEndpoints")] == [f"com.amazonaws.{REGION}.sqs"]
    assert {each["SubnetId"] for each in found.all("NetworkInterfaces")} == {made.ids["subnet/a"]}
    assert {each["GroupId"] for each in found.all("SecurityGroupRules")} <= {
        each["GroupId"] for each in found.all("SecurityGroups", made.vpc_id)
    }
    assert [each["Name"] for each in found.all("HostedZoneSummaries")] == ["app.example.com."]
    assert {each["QuotaCode"] for each in found.all("Quotas")} == QUOTAS.keys()
    assert found.account == "123456789012"


def test_each_type_of_a_service_is_kept(made: Made) -> None:
    """Amazon S3 has two services of one name: that of gateways, and that of interfaces."""
    details = _read(made, "ServiceDetails").all("ServiceDetails")
    types = [each["ServiceType"][0]["ServiceType"] for each in details if each["ServiceName"].endswith(f"{REGION}.s3")]

    assert sorted(types) == ["Gateway", "Interface"]


def test_a_kind_may_come_from_everywhere(made: Made) -> None:
    """A quota of a Region counts what is in other VPCs too."""
    found = _read(made, "Subnets", everywhere=["Subnets"])

    assert {made.vpc_id, _other(made)} <= {each["VpcId"] for each in found.all("Subnets")}


def test_a_zone_is_of_the_vpcs_that_it_was_told_for(made: Made) -> None:
    """AWS lists those of one VPC, and does not say of which."""
    vpcs = {"app.example.com.": made.vpc_id, "other.example.com.": _other(made)}
    access = Access(region=REGION, endpoint_url=made.aws.url)
    found = reading.read(access, [], lambda _: vpcs.values(), optional=["HostedZoneSummaries"])

    zones = {zone["Name"]: zone["VPCs"] for zone in found.all("HostedZoneSummaries")}
    assert zones == {name: [vpc] for name, vpc in vpcs.items()}


def test_without_a_vpc_nothing_of_a_vpc_is_asked(made: Made) -> None:
    """AWS would refuse a filter without values."""
    access = Access(region=REGION, endpoint_url=made.aws.url)
    found = reading.read(access, ["Subnets", "HostedZoneSummaries"], lambda _: [])

    assert (found.all("Subnets"), found.all("HostedZoneSummaries"), found.vpc_attributes) == ((), (), {})
    assert found.knows("Subnets")


def test_every_kind_has_its_action() -> None:
    """What is asked, and the permission for it, are one list."""
    assert ACTIONS.keys() == KINDS.keys() | {"VpcAttributes", ACCOUNT}


class _Canned(BaseHTTPRequestHandler):
    """An AWS that has its answers ready, by what is in the request."""

    answers: ClassVar[dict[str, tuple[int, str]]] = {}

    def do_POST(self) -> None:
        """Answer a query."""
        self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def do_GET(self) -> None:
        """Answer a request that is all path."""
        self._answer(self.path)

    def _answer(self, asked: str) -> None:
        status, text = next(answer for part, answer in self.answers.items() if part in asked)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture
def canned() -> Iterator[Access]:
    """Return the way to an AWS that answers with what `_Canned.answers` holds."""
    server = HTTPServer(("127.0.0.1", 0), _Canned)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _Canned.answers = {
        "Action=DescribeVpcs": (200, "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>"),
        "Action=DescribeVpcAttribute": (200, ATTRIBUTE),
    }
    yield Access(region=REGION, endpoint_url=f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()


def _subnets(subnet: str, more: str = "") -> tuple[int, str]:
    item = f"<item><subnetId>{subnet}</subnetId>{SUBNET}</item>"
    return 200, f"<DescribeSubnetsResponse><subnetSet>{item}</subnetSet>{more}</DescribeSubnetsResponse>"


def test_all_pages_are_read(canned: Access) -> None:
    """Of EC2 by its paginators, of Route 53 by hand: it has none for this call. A page in between may be empty."""
    no_subnets = "<DescribeSubnetsResponse><subnetSet/><nextToken>two</nextToken></DescribeSubnetsResponse>"
    no_zones = ZONES.format(zone="", more="<NextToken>two</NextToken>") + "</ListHostedZonesByVPCResponse>"
    _Canned.answers |= {
        "NextToken=one": (200, no_subnets),
        "nexttoken=one": (200, no_zones),
        "NextToken=two": _subnets("subnet-2"),
        "Action=DescribeSubnets": _subnets("subnet-1", "<nextToken>one</nextToken>"),
        "nexttoken=two": (200, _zones("Z2")),
        "hostedzonesbyvpc": (200, _zones("Z1", "<NextToken>one</NextToken>")),
    }
    found = reading.read(canned, ["Subnets", "HostedZoneSummaries"], lambda _: ["vpc-1"])

    assert [each["SubnetId"] for each in found.all("Subnets")] == ["subnet-1", "subnet-2"]
    assert [each["HostedZoneId"] for each in found.all("HostedZoneSummaries")] == ["Z1", "Z2"]


def _zones(identifier: str, more: str = "") -> str:
    owner = "<Owner><OwningAccount>111111111111</OwningAccount></Owner>"
    zone = f"<HostedZoneId>{identifier}</HostedZoneId><Name>example.com.</Name>{owner}"
    summaries = f"<HostedZoneSummary>{zone}</HostedZoneSummary>"
    return ZONES.format(zone=summaries, more=more) + "</ListHostedZonesByVPCResponse>"


DENIED = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>Not\n you.</Message></Error></Errors>"


@pytest.mark.parametrize("body", ["<a/>", "", "<html><body>Sign in</body></html>", "{}", _subnets("s")[1][:60]])
def test_what_is_no_answer_of_aws_is_told(canned: Access, body: str) -> None:
    """A proxy's page, another server, half an answer: with what to look at."""
    _Canned.answers["Action=DescribeSubnets"] = (200, body)
    with pytest.raises(Refused) as refused:
        reading.read(canned, ["Subnets"], lambda _: ["vpc-1"])

    (finding,) = refused.value.diagnostics
    assert (finding.code, finding.place.file) == ("E278", "AWS eu-west-1")
    assert "what answers there is not AWS, or boto3 is old: check --endpoint-url" in finding.fix


def test_what_lacks_its_id_is_told(canned: Access) -> None:
    """Of what is asked about next, too."""
    group = "<securityGroupInfo><item><vpcId>vpc-1</vpcId><groupName>a</groupName></item></securityGroupInfo>"
    text = f"<DescribeSecurityGroupsResponse>{group}</DescribeSecurityGroupsResponse>"
    _Canned.answers["Action=DescribeSecurityGroups"] = (200, text)

    with pytest.raises(Refused, match=r"E278 .*SecurityGroups\[0\] has no GroupId"):
        reading.read(canned, ["SecurityGroups", "SecurityGroupRules"], lambda _: ["vpc-1"])


@pytest.mark.parametrize("kind", ["Subnets", "VpcEndpoints", "ServiceDetails", "NetworkInterfaces", "RouteTables"])
def test_a_refusal_is_a_finding(canned: Access, kind: str) -> None:
    """In AWS's words, with the permission that is missing."""
    _Canned.answers["Action="] = (403, f"{DENIED}<RequestID>x</RequestID></Response>")
    with pytest.raises(Refused) as refused:
        reading.read(canned, [kind], lambda _: ["vpc-1"])

    (finding,) = refused.value.diagnostics
    assert (finding.code, finding.place.file) == ("E278", "AWS eu-west-1")
    assert finding.fix == f"allow {ACTIONS[kind]}"


AGAIN = "the same again in a minute; if it stays so, check the network, the proxy and --endpoint-url"
LOG_IN = "aws sso login or aws configure, then the same again, with --profile NAME for another profile"
ALLOW = "allow ec2:DescribeSubnets"
ERRORS = {
    "UnauthorizedOperation": (403, ALLOW),
    "AccessDenied": (403, ALLOW),
    "AccessDeniedException": (400, ALLOW),
    "RequestLimitExceeded": (503, AGAIN),
    "Throttling": (400, AGAIN),
    "ThrottlingException": (400, AGAIN),
    "InternalError": (500, AGAIN),
    "InternalFailure": (500, AGAIN),
    "ServiceUnavailable": (503, AGAIN),
    "Unavailable": (503, AGAIN),
    "Whatever": (502, AGAIN),
    "ExpiredToken": (400, LOG_IN),
    "ExpiredTokenException": (403, LOG_IN),
    "RequestExpired": (400, LOG_IN),
    "AuthFailure": (401, LOG_IN),
    "InvalidClientTokenId": (403, LOG_IN),
    "UnrecognizedClientException": (403, LOG_IN),
    "SignatureDoesNotMatch": (403, LOG_IN),
    "InvalidNextToken": (400, "the credentials must be valid, and allow ec2:DescribeSubnets in the Region"),
}
"""AWS's codes, with their status and what helps."""
RAISED = {
    "read": (exceptions.ReadTimeoutError(endpoint_url="x"), AGAIN),
    "connect": (exceptions.ConnectTimeoutError(endpoint_url="x"), AGAIN),
    "closed": (exceptions.ConnectionClosedError(endpoint_url="x"), AGAIN),
    "slow": (SlowAnswerError(reason="took more than 60 s"), AGAIN),
    "endless": (EndlessAnswerError(reason="has more than 1,000 pages"), NOT_AWS),
    "nowhere": (
        exceptions.EndpointConnectionError(endpoint_url="x", error="y"),
        "check the Region's spelling, the network and the proxy",
    ),
}


@pytest.mark.parametrize("code", ERRORS)
def test_what_helps_is_by_the_code_of_the_error(canned: Access, code: str) -> None:
    """Whether AWS does not allow it, is busy, or does not know the credentials; so where the answer is lacking, too."""
    status, fix = ERRORS[code]
    given: Any = {"Error": {"Code": code, "Message": "No."}, "ResponseMetadata": {"HTTPStatusCode": status}}
    with pytest.raises(Refused) as refused, explained(canned, "ec2:DescribeSubnets"):
        raise exceptions.ClientError(given, "DescribeSubnets")

    (finding,) = refused.value.diagnostics
    assert finding.fix == fix
    assert lacking(["Subnets"], estate.Estate(region=REGION, refused={"Subnets": finding})) == (finding.message, fix)


@pytest.mark.parametrize("why", RAISED)
def test_what_does_not_answer_in_time_is_asked_again(canned: Access, why: str) -> None:
    """It is no matter of what is allowed."""
    error, fix = RAISED[why]
    with pytest.raises(Refused) as refused, explained(canned, "ec2:DescribeSubnets"):
        raise error

    assert [each.fix for each in refused.value.diagnostics] == [fix]


def test_what_is_optional_may_be_refused(canned: Access) -> None:
    """The estate lacks the kind, and says why in one line."""
    _Canned.answers["Action="] = (403, f"{DENIED}<RequestID>x</RequestID></Response>")
    found = reading.read(canned, [], lambda _: ["vpc-1"], optional=["ServiceDetails"])

    assert not found.knows("ServiceDetails")
    assert found.refused.keys() == {"ServiceDetails"}
    assert found.refused["ServiceDetails"].message.endswith("DescribeVpcEndpointServices operation: Not you.")


def test_without_credentials_the_ways_to_get_some_are_told(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3's own words, and what to do."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(Refused, match="E278 Unable to locate credentials\n    aws sso login"):
        _read(made)


def test_files_stand_for_aws(tmp_path: Path) -> None:
    """They must have what the command needs, and only that; a file that PowerShell wrote is UTF-16."""
    file = tmp_path / "vpcs.json"
    file.write_text(json.dumps(whole("Vpcs", {"VpcId": "vpc-1"})), encoding="utf-16")
    found = aws_options.estate_of(REGION, [], lambda _: [], files=[str(file)], optional=["Quotas"])

    assert found.one("Vpcs", "vpc-1") is not None
    with pytest.raises(Refused, match="E405 the files have no `Subnets`"):
        aws_options.estate_of(REGION, ["Subnets"], lambda _: [], files=[str(file)])
    with pytest.raises(typer.BadParameter):
        aws_options.estate_of(REGION, [], lambda _: [], files=[str(file)], profile="work")


def test_files_that_can_t_be_read_are_told(tmp_path: Path) -> None:
    """A file that is not there, and one that is no text."""
    file = tmp_path / "vpcs.json"
    with pytest.raises(Refused, match="E030 can't be read"):
        aws_options.estate_of(REGION, [], lambda _: [], files=[str(file)])
    file.write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(Refused, match="E401 not text"):
        aws_options.estate_of(REGION, [], lambda _: [], files=[str(file)])
    file.write_bytes(b'{"a": "caf\xe9"}')
    with pytest.raises(Refused, match="E401 not text: the byte 0xe9 is not UTF-8"):
        aws_options.estate_of(REGION, [], lambda _: [], files=[str(file)])


@pytest.mark.parametrize("text", ["vpc", "=vpc-1", "vpc="])
def test_inputs_are_names_and_ids(text: str) -> None:
    """A list of ids has commas; anything else is a usage error."""
    assert aws_options.inputs_of(["vpc=vpc-1", "subnets=subnet-1, subnet-2"]) == {
        "vpc": ("vpc-1",),
        "subnets": ("subnet-1", "subnet-2"),
    }
    with pytest.raises(typer.BadParameter):
        aws_options.inputs_of([text])


def test_a_page_of_somebody_else_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a proxy or a wrong address answers with is told in one line, with what to check."""

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(500)
            self.end_headers()
            self.wfile.write(b"<!doctype html>\n<title>500</title>\n" + b"<p>" * 1000)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", CREDENTIAL)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CREDENTIAL)
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        access = Access(region=REGION, endpoint_url=f"http://127.0.0.1:{server.server_port}")
        with pytest.raises(Refused, match="what answers there is not AWS"):
            reading.read(access, (), lambda _: ())
        server.shutdown()


def _given(*files: str) -> list[str]:
    found = aws_options.estate_of(REGION, [], lambda _: [], files=list(files), optional=["Subnets"])
    return [str(each["VpcId"]) for each in found.all("Vpcs")]


def test_files_come_by_folder_pattern_and_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of their names; of a folder its *.json alone, and in each file one answer after the other."""
    for name in ("a.json", "b.json", "c.txt"):
        lines = [json.dumps(whole("Vpcs", {"VpcId": f"vpc-{name[0]}{number}"})) for number in "12"]
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "[x].json").write_text(json.dumps(whole("Vpcs", {"VpcId": "vpc-x"})), encoding="utf-8")
    (tmp_path / "._a.json").write_bytes(b"\0\5\26\7")
    monkeypatch.chdir(tmp_path)

    assert _given(str(tmp_path)) == ["vpc-x", "vpc-a1", "vpc-a2", "vpc-b1", "vpc-b2"]
    assert _given("./[ab].*") == _given(f"{tmp_path}/[ab].json") == ["vpc-a1", "vpc-a2", "vpc-b1", "vpc-b2"]
    assert _given("[x].json", "c.txt") == ["vpc-x", "vpc-c1", "vpc-c2"]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO((tmp_path / "a.json").read_bytes())))
    assert _given("-") == ["vpc-a1", "vpc-a2"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("empty", "empty: E030 has no *.json"),
        ("no*.json", "no*.json: E030 no file has such a name"),
        ("nowhere.json", "nowhere.json: E030 can't be read: No such file"),
        ("a" * 300, "E030 can't be read: File name too long"),
        ("pipe", "pipe: E030 can't be read: it is not a plain file\n    have a pipe at standard input, "),
        ("blank", "blank: E030 it is empty: what should have written it printed nothing\n    run the AWS CLI"),
        ("/dev/zero", "/dev/zero: E030 can't be read: it is not a plain file"),
        ("large", "large: E013 the file is larger than 64 MiB\n    ask for one VPC"),
    ],
)
def test_files_that_can_not_be_read_are_told(
    name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever has no end, or is no file, is not waited for."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "blank").write_text("\n" * 2**20, encoding="utf-8")
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large").open("wb") as file:
        file.truncate(64 * 2**20 + 1)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refused) as refused:
        _given(name)

    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda file: file.symlink_to("gone"), "No such file"),
        (os.mkfifo, "it is not a plain file"),
        (lambda file: file.write_text('{"Vpcs": ['), "not JSON"),
    ],
    ids=["link", "pipe", "upper-case"],
)
def test_no_file_of_a_folder_is_left_out(make: Callable[[Path], None], said: str, tmp_path: Path) -> None:
    """It may be the page that has what is asked for."""
    (tmp_path / "a.json").write_text(json.dumps(whole("Vpcs", {"VpcId": "vpc-1"})), encoding="utf-8")
    make(tmp_path / "x.JSON")
    for given in (tmp_path, tmp_path / "*.[jJ]*"):
        with pytest.raises(Refused, match=f"x.JSON.*{said}"):
            _given(str(given))


PIPE = "pipe.yaml: E030 can't be read: it is not a plain file"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        *(
            (f"{command} pipe.yaml", PIPE)
            for command in ("render", "check", "validate", "diff", "show", "cost", "drift")
        ),
        ("diff app.yaml --plan pipe.yaml --out .", PIPE),
        ("adopt --state pipe.yaml --from none.json --vpc vpc-1 --region eu-west-1 --out x.yaml", PIPE),
        ("cost app.yaml --prices pipe.yaml", PIPE),
        ("show pipes", "pipes/main.tf: E030 can't be read: it is not a plain file"),
        ("validate policy.yaml", "E212 pipe.yaml: can't be read: it is not a plain file"),
        ("validate listed.yaml", "services/eu-west-1.json: E275 can't be read: it is not a plain file"),
    ],
)
def test_a_pipe_is_not_waited_for(words: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By no command, wherever it is read: nobody may be at its other end."""
    for name in ("pipe.yaml", "pipes/main.tf", "services/eu-west-1.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        os.mkfifo(tmp_path / name)
    base = "name: app\nvpc: {name: app}\nroute_tables: [{name: r}]\nendpoints: {s3: {service: s3, type: Gateway"
    (tmp_path / "app.yaml").write_text(f"{base}}}}}\n", encoding="utf-8")
    (tmp_path / "policy.yaml").write_text(f"{base}, policy: {{file: pipe.yaml}}}}}}\n", encoding="utf-8")
    (tmp_path / "listed.yaml").write_text(f"region: eu-west-1\n{base}}}}}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run = subprocess.run(
        [sys.executable, "-m", "generator", *words.split()],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )

    assert (run.returncode, said in run.stdout + run.stderr) == (1, True), run.stdout + run.stderr


def test_what_a_shell_has_opened_is_read() -> None:
    """As `--from <(aws ec2 describe-vpcs)`, which a shell gives as a file of its own."""
    reader, writer = os.pipe()
    os.write(writer, json.dumps(whole("Vpcs", {"VpcId": "vpc-1"})).encode())
    os.close(writer)

    assert _given(f"/dev/fd/{reader}") == ["vpc-1"]
    os.close(reader)


PROFILES = {
    "role_arn": "role_arn = arn:aws:iam::111122223333:role/r\nsource_profile = b",
    "sso_session": "sso_session = s\nsso_account_id = 111122223333\nsso_role_name = r",
}
"""What a profile says of a role, by whom it is asked for."""


@pytest.mark.parametrize("of_profile", ["role_arn", "sso_session"])
def test_a_silent_server_is_waited_for_as_long_for_credentials(
    of_profile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """STS and IAM Identity Center are asked by clients that botocore makes itself."""
    home = tmp_path / "cache"
    home.mkdir()
    token = {"accessToken": "t", "expiresAt": "2999-01-01T00:00:00Z", "startUrl": "https://x.awsapps.com/start"}
    (home / f"{hashlib.sha1(b's', usedforsecurity=False).hexdigest()}.json").write_text(json.dumps(token))
    (tmp_path / "config").write_text(
        f"[profile a]\n{PROFILES[of_profile]}\n[profile b]\naws_access_key_id = a\naws_secret_access_key = b\n"
        "[sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start\n"
    )
    monkeypatch.setattr(SSOTokenProvider, "_SSO_TOKEN_CACHE_DIR", str(home))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    patience: dict[str, Any] = {
        "connect_timeout": 0.2,
        "read_timeout": 0.2,
        "retries": {"mode": "standard", "total_max_attempts": 2},
    }
    monkeypatch.setattr(client, "_CONFIG", Config(**patience))
    with socket.create_server(("127.0.0.1", 0)) as server:
        for name in ("STS", "SSO"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{name}", f"http://127.0.0.1:{server.getsockname()[1]}")
        access, start = Access(region="eu-west-1", profile="a"), time.monotonic()
        with pytest.raises(Refused, match=r"E278 Read timeout on endpoint URL"), explained(access, "sts:AssumeRole"):
            access.client("ec2")
    assert time.monotonic() - start < 10


def test_a_silent_server_is_waited_for_half_a_minute() -> None:
    """Each attempt has its time, and botocore waits one second at most before the second, and two before the third."""
    config: Any = Access(region=REGION).config
    attempts = config.retries["total_max_attempts"]

    assert attempts == len("123")
    assert attempts * max(config.read_timeout, config.connect_timeout) + 1 + 2 <= HALF_A_MINUTE

"""`gen-endpoints services`, as its users run it: searches, and what AWS or its CLI says of a Region."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, ClassVar

import pytest
from moto.server import ThreadedMotoServer

from tests import forked
from tests.cases import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ANSWER = ROOT / "tests" / "data" / "describe_vpc_endpoint_services.json"
REGION = "ap-southeast-1"
KEYS = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "emulated")


class Runner:
    """`gen-endpoints services` in one folder, on a machine that knows no AWS account."""

    def __init__(self, folder: Path) -> None:
        """Start in an empty folder."""
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "HTTP", "http"))}
        self.environment = kept | {
            "HOME": str(folder / "home"),
            "AWS_CONFIG_FILE": str(folder / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "COLUMNS": "1000",
        }

    def __call__(self, *arguments: str, text: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `services` to its end."""
        return forked.run(
            "services", *arguments, folder=self.folder, environment=self.environment | environment, text=text
        )

    def listed(self, folder: str = ".", region: str = REGION) -> str:
        """Return the text of a Region's list."""
        return (self.folder / folder / "services" / f"{region}.json").read_text(encoding="utf-8")


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    """Run the command line in an empty folder."""
    return Runner(tmp_path)


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    """Return the URL of moto's AWS."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    server.stop()


def test_a_query_needs_no_command(run: Runner) -> None:
    """`services docker` is `services find docker`, wherever its options stand."""
    short, long = run("docker", "--region", REGION), run("find", "--region", REGION, "docker")

    assert short.stdout == long.stdout == run("--region", REGION, "docker").stdout
    assert (short.returncode, short.stdout.splitlines()[1].split()[0]) == (0, "ecr.dkr")
    assert "com.amazonaws.ap-southeast-1.ecr.dkr" in short.stdout


def test_an_exact_id_shows_one_with_its_sources(run: Runner) -> None:
    """As text and as JSON; its Region may come from its full name."""
    page, (row,) = run("logs").stdout, json.loads(run("logs", "--format", "json").stdout)["services"]
    (named,) = json.loads(run("com.amazonaws.cn-north-1.ecr.dkr", "--format", "json").stdout)["services"]

    assert page.startswith("logs: Amazon CloudWatch Logs [1]\n")
    assert (row["policy"], row["cross_region"]) == (True, None)
    assert {"source", "url", "checked"} == row["sources"]["policy"][0].keys()
    assert named["service_names"] == {"Interface": "cn.com.amazonaws.cn-north-1.ecr.dkr"}


def test_a_type_is_a_filter(run: Runner) -> None:
    """In any case of letters."""
    rows = json.loads(run("--type", "gateway", "--format", "json").stdout)["services"]

    assert [row["service"] for row in rows] == ["dynamodb", "s3", "s3express"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("zzzqqq",), 1, "services: E279 nothing fits zzzqqq"),
        (("docker", "--type", "Gateway"), 1, "services: E279 nothing fits docker of type Gateway"),
        (
            ("InstanceConnect",),
            1,
            "EC2 Instance Connect endpoints are another resource, aws_ec2_instance_connect_endpoint",
        ),
        (("cloudwach",), 0, "note: no service has cloudwach in its id or title; these come close"),
        (("logs", "--region", "ap-southest-1"), 0, "did you mean ap-southeast-1"),
        (("logs", "--region", "../x"), 2, "../x is not the name of a Region, such as eu-west-1"),
        (("logs", "--type", "x"), 2, "Invalid value for '--type'"),
        (("refresh",), 2, "Missing option '--region'"),
        (("refresh", "--region", "../x"), 2, "../x is not the name of a Region"),
        (("refresh", "--region", REGION, "--from", "x", "--profile", "y"), 2, "ask AWS, and --from does not"),
        (("refresh", "--region", REGION, "--from", "nowhere"), 1, "nowhere: E030 can't be read: No such file"),
    ],
)
def test_exit_codes_tell_whose_turn_it_is(run: Runner, arguments: tuple[str, ...], code: int, said: str) -> None:
    """0 fine, 1 the user's turn, 2 wrong usage; never a traceback."""
    done = run(*arguments)

    assert (done.returncode, said in " ".join(done.stderr.split())) == (code, True), done.stderr
    assert "Traceback" not in done.stderr


def test_help_explains_both(run: Runner) -> None:
    """The query with its options, and the refresh."""
    told = run("--help").stdout

    assert all(each in told for each in ("[QUERY] | refresh", "--region", "--format", "services docker", "  refresh  "))
    assert "--from FILE" in run("refresh", "--help").stdout


def test_the_output_of_the_aws_cli_becomes_a_list(run: Runner) -> None:
    """In `specs` where there is such a folder; its date is the file's, and the same again changes nothing."""
    (run.folder / "specs").mkdir()
    shutil.copy(ANSWER, run.folder / "out.json")
    then = datetime(2026, 11, 1, tzinfo=UTC).timestamp()
    os.utime(run.folder / "out.json", (then, then))
    first = run("refresh", "--region", REGION, "--from", "out.json")
    text = run.listed("specs")
    again = run("refresh", "--region", REGION, "--from", "out.json")

    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == (
        "wrote specs/services/ap-southeast-1.json: 5 services (1 Gateway, 5 Interface), from out.json of 2026-11-01\n"
        "left out 1 of other owners: which there are depends on the account\n"
    )
    assert again.stdout.splitlines()[-1] == "nothing changed since 2026-11-01"
    assert run.listed("specs") == text


def test_a_refresh_says_what_changed_and_search_takes_it(run: Runner) -> None:
    """From standard input; a service that went is named, and one that came is found."""
    answer = json.loads(ANSWER.read_bytes())
    run("refresh", "--region", REGION, "--from", "-", text=json.dumps(answer))
    answer["ServiceDetails"] = [
        {**each, "ServiceName": each["ServiceName"].replace("brand-new", "newer")} for each in answer["ServiceDetails"]
    ]
    answer["ServiceNames"] = [each["ServiceName"] for each in answer["ServiceDetails"]]
    told = run("refresh", "--region", REGION, "--from", "-", text=json.dumps(answer)).stdout
    (found,) = json.loads(run("newer", "--region", REGION, "--format", "json").stdout)["services"]
    (queue,) = json.loads(run("sqs", "--region", REGION, "--format", "json").stdout)["services"]

    assert told.splitlines()[2:] == [
        "added com.amazonaws.ap-southeast-1.newer Interface",
        "removed com.amazonaws.ap-southeast-1.brand-new Interface",
    ]
    assert (found["offered"], found["policy"], queue["offered"]) == (True, False, False)
    assert found["sources"]["policy"][0]["source"] == "services/ap-southeast-1.json, from standard input"
    assert '"source": "standard input"' in run.listed()


def test_a_search_without_a_region_looks_into_all_lists(run: Runner) -> None:
    """What only a list has is shown as in its Region; what the catalog has is shown as ever."""
    before = run("logs").stdout
    run("refresh", "--region", REGION, "--from", str(ANSWER))
    (run.folder / "services" / "notes.json").write_text("mine", encoding="utf-8")
    table, page = run("brand new"), run("brand-new")
    (row,) = json.loads(run("brand-new", "--format", "json").stdout)["services"]

    assert (table.returncode, "com.amazonaws.ap-southeast-1.brand-new" in table.stdout) == (0, True), table.stderr
    assert "name in ap-southeast-1" in page.stdout
    assert row["sources"]["policy"][0]["source"].startswith("services/ap-southeast-1.json, from ")
    assert run("logs").stdout == before
    assert "a search looks into that of --region, else into all" in " ".join(run("--help").stdout.split())


def test_a_damaged_list_is_told_and_replaced_by_a_refresh(run: Runner) -> None:
    """A search stops at it; a refresh mends it."""
    (run.folder / "services").mkdir()
    (run.folder / "services" / f"{REGION}.json").write_text("{", encoding="utf-8")
    search, refresh = run("logs", "--region", REGION), run("refresh", "--region", REGION, "--from", str(ANSWER))

    assert (search.returncode, "E275 not JSON" in search.stderr) == (1, True)
    assert (refresh.returncode, "is replaced as a whole" in refresh.stderr) == (0, True)
    assert run("logs", "--region", REGION).returncode == 0


def test_an_old_list_is_said_to_be_old(run: Runner) -> None:
    """The search goes on."""
    run("refresh", "--region", REGION, "--from", str(ANSWER))
    file = run.folder / "services" / f"{REGION}.json"
    taken = json.loads(run.listed())["taken"]
    file.write_text(run.listed().replace(taken, "2020-01-01"), encoding="utf-8")
    done = run("logs", "--region", REGION)

    assert (done.returncode, "W251 the list of ap-southeast-1 was taken" in done.stderr) == (0, True)


def test_a_list_that_can_t_be_written_is_told(run: Runner) -> None:
    """A file stands where the folder belongs."""
    (run.folder / "services").write_text("", encoding="utf-8")
    done = run("refresh", "--region", REGION, "--from", str(ANSWER))

    assert (done.returncode, "E306 the system says" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_aws_itself_is_asked(run: Runner, aws: str) -> None:
    """Here moto's, which has some 250 services."""
    days = [f"{datetime.now(UTC):%Y-%m-%d}"]
    done = run("refresh", "--region", REGION, "--endpoint-url", aws, **KEYS)
    days.append(f"{datetime.now(UTC):%Y-%m-%d}")
    listed = json.loads(run.listed())

    assert (done.returncode, done.stderr) == (0, "")
    assert (listed["region"], listed["source"], listed["taken"] in days) == (REGION, "api", True)
    assert listed["services"]["com.amazonaws.ap-southeast-1.s3"].keys() == {"Gateway", "Interface"}
    assert len(listed["services"]) > 200


def test_without_credentials_the_ways_to_get_some_are_told(run: Runner, aws: str) -> None:
    """Log in, or take the AWS CLI's output elsewhere."""
    done = run("refresh", "--region", REGION, "--endpoint-url", aws)

    assert (done.returncode, "AWS ap-southeast-1: E278 Unable to locate credentials" in done.stderr) == (1, True)
    assert "aws sso login" in done.stderr
    assert "aws ec2 describe-vpc-endpoint-services --region ap-southeast-1 --output json > FILE" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--profile", "nobody"), " as nobody: E278 The config profile (nobody) could not be found"),
        (
            ("--endpoint-url", "http://127.0.0.1:1"),
            ': E278 Could not connect to the endpoint URL: "http://127.0.0.1:1/"',
        ),
        (("--endpoint-url", "nonsense"), ": E278 no client of ec2 can be made: Invalid endpoint: nonsense"),
        (("--endpoint-url", "http://[::1"), ": E278 no client of ec2 can be made: Invalid IPv6 URL"),
        (("--endpoint-url", "http://a:99999"), ": E278 no client of ec2 can be made: Port out of range 0-65535"),
    ],
)
def test_what_boto3_says_is_a_finding(run: Runner, arguments: tuple[str, ...], said: str) -> None:
    """Never a traceback."""
    done = run("refresh", "--region", REGION, *arguments, **KEYS)

    assert (done.returncode, f"AWS ap-southeast-1{said}" in done.stderr) == (1, True), done.stderr
    assert "Traceback" not in done.stderr


def test_a_login_that_ran_out_is_a_finding(run: Runner) -> None:
    """An SSO profile without its token."""
    (run.folder / "config").write_text(
        "[profile work]\nsso_start_url = https://example.com\nsso_region = eu-west-1\nsso_account_id = 123456789012\n"
        "sso_role_name = reader\n",
        encoding="utf-8",
    )
    done = run("refresh", "--region", REGION, "--profile", "work")

    assert (done.returncode, "aws sso login" in done.stderr, "Traceback" in done.stderr) == (1, True, False)
    assert "E278 Error loading SSO Token" in done.stderr


def test_without_boto3_the_extra_is_told(run: Runner) -> None:
    """The rest of the tool does without."""
    (run.folder / "boto3.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'boto3'\", name='boto3')", encoding="utf-8"
    )
    environment = run.environment | {"PYTHONPATH": os.pathsep.join((str(run.folder), str(ROOT)))}
    command = (sys.executable, "-m", "generator", "services", "refresh", "--region", REGION)
    done, other = (
        subprocess.run([*command, *more], cwd=run.folder, env=environment, capture_output=True, text=True, check=False)
        for more in ((), ("--from", str(ANSWER)))
    )

    assert (done.returncode, "E278 boto3 is not installed" in done.stderr) == (1, True), done.stderr
    assert "pip install boto3" in done.stderr
    assert other.returncode == 0


class _Canned(BaseHTTPRequestHandler):
    """An EC2 that has its answers ready: to each request the next one."""

    answers: ClassVar[list[tuple[int, str]]] = []

    def do_POST(self) -> None:
        """Answer, whatever was asked."""
        self.rfile.read(int(self.headers["Content-Length"]))
        status, text = self.answers.pop(0)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def canned() -> Iterator[str]:
    """Return the URL of an EC2 that answers with what `_Canned.answers` holds."""
    server = HTTPServer(("127.0.0.1", 0), _Canned)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _page(name: str, rest: str) -> tuple[int, str]:
    """Return a page with one service, in the XML of EC2."""
    return 200, (
        "<DescribeVpcEndpointServicesResponse><serviceDetailSet><item>"
        f"<serviceName>com.amazonaws.{REGION}.{name}</serviceName><owner>amazon</owner>"
        f"<serviceId>vpce-svc-{name}</serviceId><managesVpcEndpoints>false</managesVpcEndpoints>"
        "<acceptanceRequired>false</acceptanceRequired><availabilityZoneSet/>"
        "<serviceType><item><serviceType>Interface</serviceType></item></serviceType>"
        "<availabilityZoneIdSet><item>apse1-az1</item></availabilityZoneIdSet>"
        "<supportedIpAddressTypeSet><item>ipv4</item><item>ipv6</item></supportedIpAddressTypeSet>"
        f"</item></serviceDetailSet>{rest}</DescribeVpcEndpointServicesResponse>"
    )


def test_all_pages_are_asked_for(run: Runner, canned: str) -> None:
    """With what moto lacks: the ids of zones, and the types of addresses."""
    _Canned.answers[:] = [_page("logs", "<nextToken>more</nextToken>"), _page("sqs", "")]
    done = run("refresh", "--region", REGION, "--endpoint-url", canned, **KEYS)
    services = json.loads(run.listed())["services"]

    assert (done.returncode, _Canned.answers) == (0, []), done.stderr
    assert list(services) == ["com.amazonaws.ap-southeast-1.logs", "com.amazonaws.ap-southeast-1.sqs"]
    assert services["com.amazonaws.ap-southeast-1.sqs"]["Interface"] == {
        "acceptance_required": False,
        "availability_zone_ids": ["apse1-az1"],
        "availability_zones": [],
        "supported_ip_address_types": ["ipv4", "ipv6"],
    }


def test_a_refusal_of_aws_is_a_finding(run: Runner, canned: str) -> None:
    """In AWS's words, and nothing is written."""
    refusal = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>Not you.</Message></Error></Errors>"
    _Canned.answers[:] = [(403, f"{refusal}<RequestID>x</RequestID></Response>")]
    done = run("refresh", "--region", REGION, "--endpoint-url", canned, **KEYS)

    assert (done.returncode, "(UnauthorizedOperation)" in done.stderr, "Traceback" in done.stderr) == (1, True, False)
    assert "allow ec2:DescribeVpcEndpointServices" in done.stderr
    assert not (run.folder / "services").exists()

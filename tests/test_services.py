"""Queries find services as people ask for them, and what is known of each is told as it is known."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date

import pytest

from generator.catalog import everyday, services
from generator.catalog.catalog import Catalog
from generator.catalog.listed import ListedCatalog
from generator.catalog.lists import Offer, RegionalList
from generator.cli.views import services as services_text

CATALOG = Catalog.load()
LISTED = RegionalList(
    region="eu-west-1",
    taken=date(2026, 11, 20),
    source="api",
    services={
        "com.amazonaws.eu-west-1.ecr.dkr": {
            "Interface": Offer(vpc_endpoint_policy_supported=False, supported_ip_address_types=("ipv4", "ipv6"))
        },
        "com.amazonaws.eu-west-1.s3": {"Gateway": Offer()},
    },
    file="services/eu-west-1.json",
)


def test_words_of_people_lead_to_services_that_there_are() -> None:
    """And each is first by each of its words, but where an id is that word."""
    for words, ids in everyday.CALLED.items():
        found = services.find(CATALOG, words)[0]
        assert set(ids.split()) <= CATALOG.services.keys()
        assert found[: len(ids.split())] == tuple(ids.split())


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("docker", "ecr.dkr"),
        ("Docker", "ecr.dkr"),
        ("docker registry", "ecr.dkr"),
        ("logs", "logs"),
        ("cloudwatch logs", "logs"),
        ("cloudwatch metrics", "monitoring"),
        ("secrets", "secretsmanager"),
        ("secrets manager", "secretsmanager"),
        ("ecr", "ecr.api"),
        ("com.amazonaws.eu-west-1.ecr.dkr", "ecr.dkr"),
        ("notebook", "sagemaker.notebook"),
        ("dynamo", "dynamodb"),
        ("logs fips", "logs-fips"),
        ("logs.eu-west-1.amazonaws.com", "logs"),
        ("s3.amazonaws.com", "s3"),
        ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "ecr.dkr"),
        ("vpce-0a1b-2c3d.kms.eu-west-1.vpce.amazonaws.com", "kms"),
        ("sts:AssumeRole", "sts"),
        ("s3 gateway", "s3"),
        ("s3 interface", "s3"),
        ("dynamodb gateway endpoints", "dynamodb"),
        ("storage gateway", "storagegateway"),
        ("lambda functions", "lambda"),
        ("k8s", "eks"),
        ("postgres", "rds"),
        ("bucket", "s3"),
        ("S3 Bucket", "s3"),
        ("logging", "logs"),
        ("topics", "sns"),
        ("load balancer", "elasticloadbalancing"),
        ("load-balancers", "elasticloadbalancing"),
        ("queue", "sqs"),
        ("secret", "secretsmanager"),
        ("container", "ecr.api"),
        ("registry", "ecr.api"),
        ("metrics", "monitoring"),
        ("email", "email"),
        ("cache", "elasticache"),
        ("kafka", "kafka"),
        ("search", "osis"),
        ("workflow", "states"),
        ("function", "lambda"),
        ("lambda", "lambda"),
        ("parameter", "ssm"),
        ("ssm shell", "ssmmessages"),
        ("kubernetes", "eks"),
        ("private ca", "acm-pca"),
        ("token", "sts"),
        ("https://logs.eu-west-1.amazonaws.com/x?y", "logs"),
        ("arn:aws:sqs:eu-west-1:123456789012:orders", "sqs"),
        ("arn:aws-us-gov:cloudwatch:us-gov-west-1:123456789012:alarm:a", "monitoring"),
        ("aws_sqs_queue", "sqs"),
        ("aws_sqs_queue.orders", "sqs"),
        ("aws_cloudwatch_log_group", "logs"),
        ("aws_kinesis_firehose_delivery_stream", "kinesis-firehose"),
        ("aws_efs_mount_target", "elasticfilesystem"),
        ("AWS::SecretsManager::Secret", "secretsmanager"),
        ("aws:sqs/queue:Queue", "sqs"),
        ("InterfaceVpcEndpointAwsService.ECR_DOCKER", "ecr.dkr"),
        ("AssumeRole", "sts"),
        ("getobject", "s3"),
        ("SendMessage", "sqs"),
        ("PutMetricData", "monitoring"),
        ("sessionmanager", "ssmmessages"),
        ("ddb", "dynamodb"),
        ("mwaa", "airflow.api"),
    ],
)
def test_a_query_finds_what_holds_its_words(query: str, first: str) -> None:
    """Words of the id or the title, their beginnings, or a full name."""
    found, holds = services.find(CATALOG, query)

    assert (found[0], holds) == (first, True)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("com.amazonaws.eu-central-1.sqz", "sqs"),
        ("cloudwach logs", "logs"),
        ("ecr.dkrr", "ecr.dkr"),
        ("secretmanager", "secretsmanager"),
        ("dokcer", "ecr.dkr"),
    ],
)
def test_a_slip_finds_what_is_close(query: str, first: str) -> None:
    """And it is said that it is no more than close."""
    found, holds = services.find(CATALOG, query)

    assert (found[0], holds) == (first, False)


def test_whole_words_come_before_beginnings() -> None:
    """What has the very word, then what has a word that begins so; what holds it anywhere only if there is no such."""
    found, _ = services.find(CATALOG, "data")
    known = [CATALOG.services[service_id] for service_id in found]
    names = [(each.id, each.title, *each.aliases, *everyday.words_of(each.id)) for each in known]
    texts = [" ".join(each).casefold() for each in names]
    ranks = [
        (1 - bool(re.search(r"(?<![a-z0-9])data(?![a-z0-9])", text)), 1 - bool(re.search(r"(?<![a-z0-9])data", text)))
        for text in texts
    ]

    assert set(ranks) == {(0, 0), (1, 0)}
    assert ranks == sorted(ranks)


def test_letters_inside_a_word_count_where_nothing_else_holds_them() -> None:
    """Nobody who asks for ECR means s-ecr-ets, but who asks for watch may mean CloudWatch."""
    assert {service_id.replace("-", ".").split(".")[0] for service_id in services.find(CATALOG, "ecr")[0]} == {"ecr"}
    assert "monitoring" in services.find(CATALOG, "watch")[0]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Simple Queue Service", "sqs"),
        ("Amazon Simple Storage Service", "s3"),
        ("simple notification service", "sns"),
        ("elastic container registry", "ecr.api"),
        ("Elastic Container Service", "ecs"),
        ("Elastic Compute Cloud", "ec2"),
        ("elastic kubernetes service", "eks"),
        ("elastic map reduce", "elasticmapreduce"),
        ("efs", "elasticfilesystem"),
        ("simpel queue service", "sqs"),
    ],
)
def test_a_long_name_finds_what_its_title_shortens(name: str, first: str) -> None:
    """AWS's full names are known beside the titles, and a suggestion knows them too."""
    assert services.find(CATALOG, name)[0][0] == first
    assert services.find(CATALOG, "simple-queue-service")[0][0] == "sqs"


def test_a_page_says_the_other_names() -> None:
    """With their source, as all facts."""
    row = services.describe(CATALOG, "sqs")
    page = services_text.page(row, services.sources(CATALOG, row), region=None).splitlines()

    assert page[1] == "also called Amazon Simple Queue Service [2]"
    assert "[2] 2026-11-24  botocore 1.44.5, serviceFullName in data/*/*/service-2.json" in page


def test_cloudwatch_is_the_whole_family() -> None:
    """What the console calls CloudWatch begins with metrics and logs; a slip finds the same."""
    found, _ = services.find(CATALOG, "cloudwatch")
    family = {service.id for service in CATALOG.services.values() if "CloudWatch" in service.title}

    assert set(found[:2]) == {"logs", "monitoring"}
    assert (len(found), set(found)) == (len(family), family)
    assert services.find(CATALOG, "cloudwach")[0] == found


@pytest.mark.parametrize("query", ["", " "])
def test_no_query_lists_all(query: str) -> None:
    """Sorted by id."""
    assert services.find(CATALOG, query) == (tuple(sorted(CATALOG.services)), True)


@pytest.mark.parametrize("query", ["zzzqqq", "?", "🐛"])
def test_nonsense_finds_nothing(query: str) -> None:
    """And not whatever is least unlike it."""
    assert services.find(CATALOG, query) == ((), False)


@pytest.mark.parametrize(
    ("query", "service_id"),
    [
        ("ecr.dkr", "ecr.dkr"),
        (" ECR.dkr ", "ecr.dkr"),
        ("com.amazonaws.eu-west-1.ecr.dkr", "ecr.dkr"),
        ("cn.com.amazonaws.cn-north-1.s3", "s3"),
        ("aws.sagemaker.eu-west-1.notebook", None),
        ("com.amazonaws.eu-west-1.logs-fips", "logs-fips"),
        ("api.logs", None),
        ("docker", None),
        ("", None),
    ],
)
def test_an_id_or_a_full_name_is_exactly_one(query: str, service_id: str | None) -> None:
    """Anything else is a search."""
    assert services.match_exactly(CATALOG, query) == service_id


def test_a_full_name_holds_its_region() -> None:
    """So that it need not be given again."""
    assert services.find_region(CATALOG, "com.amazonaws.eu-west-1.ecr.dkr") == "eu-west-1"
    assert services.find_region(CATALOG, "docker") is None


def test_unknown_is_null_in_json_and_a_word_in_tables() -> None:
    """Never a no."""
    row = services.describe(CATALOG, "stream-logs")
    (data,) = json.loads(services_text.as_json([row]))["services"]

    assert [data[fact] for fact in ("policy", "ipv6", "cross_region", "private_dns_supported", "offered")] == [None] * 5
    assert services_text.as_table([row], region=None, room=1000).splitlines()[1].split()[3:7] == ["unknown"] * 4
    assert "sources" not in data


def test_names_are_those_of_the_region() -> None:
    """By type, since in China they differ; a part that AWS gives each account stays open."""
    china, cells = (
        services.describe(CATALOG, "s3", "cn-north-1"),
        services.describe(CATALOG, "timestream.query-{cell}", "eu-west-1"),
    )

    assert china.service_names == {
        "Gateway": "com.amazonaws.cn-north-1.s3",
        "Interface": "cn.com.amazonaws.cn-north-1.s3",
    }
    assert cells.service_names == {"Interface": "com.amazonaws.eu-west-1.timestream.query-{cell}"}
    assert "s3.cn-north-1.amazonaws.com" in (china.private_dns or ())
    assert "cn.com.amazonaws.cn-north-1.s3 (Interface)" in services_text.as_table(
        [china], region="cn-north-1", room=1000
    )


def test_the_list_of_the_region_outranks_what_is_shipped() -> None:
    """Its facts, its types, and where they come from."""
    catalog = ListedCatalog(CATALOG, {"eu-west-1": LISTED})
    docker, s3 = (services.describe(catalog, each, "eu-west-1", LISTED) for each in ("ecr.dkr", "s3"))
    queue = services.describe(catalog, "sqs", "eu-west-1", LISTED)
    sources = services.sources(catalog, docker, LISTED)

    assert (docker.policy, docker.ipv6, docker.offered, docker.cross_region) == (False, True, True, True)
    assert (s3.types, queue.offered, queue.types) == (("Gateway",), False, ("Interface",))
    assert [(each.source, each.checked) for each in sources["policy"]] == [
        ("services/eu-west-1.json, from api", "2026-11-20")
    ]
    assert sources["cross_region"] == CATALOG.references("ecr.dkr")["cross_region"]
    assert sources["private_dns"] == CATALOG.references("ecr.dkr")["private_dns"]


def test_each_fact_on_a_page_has_its_source_and_date() -> None:
    """No fact of any service that is known, a no as well, stands there without where it comes from."""
    without = []
    for service_id in CATALOG.services:
        row = services.describe(CATALOG, service_id)
        sources = services.sources(CATALOG, row)
        known = (name for name in row.__dataclass_fields__ if getattr(row, name) not in (None, ()))
        without += [f"{service_id}: {name}" for name in known if name != "service" and name not in sources]
        assert all(each.source and each.checked for references in sources.values() for each in references)

    assert without == []


def test_a_page_numbers_its_sources() -> None:
    """Each source once, with its day and address."""
    row = services.describe(CATALOG, "logs", "eu-west-1")
    page = services_text.page(
        row, services.sources(CATALOG, row), region="eu-west-1", also=["stream-logs"]
    ).splitlines()

    assert page[0] == "logs: Amazon CloudWatch Logs [1]"
    assert "name in eu-west-1     com.amazonaws.eu-west-1.logs [2][1]" in page
    assert "private DNS           unknown" in page
    assert "see also: stream-logs" in page
    assert "[1] 2026-11-22  AWS documentation: AWS services that integrate with AWS PrivateLink" in page


@pytest.mark.parametrize("region", [None, "eu-west-1"])
@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_a_terminal_gets_what_fits(region: str | None, width: int) -> None:
    """No line is wider than the terminal, no title is cut; the documents go first, and what is missing is told."""
    rows = [services.describe(CATALOG, each, region) for each in CATALOG.services]
    wide = services_text.as_table(rows, region=region, room=1000)
    *lines, told = services_text.as_table(rows, region=region, room=width).splitlines()

    assert "https://" in wide
    assert len(wide.splitlines()) == len(rows) + 1
    assert {word for row in rows for word in row.title.split()} <= set(" ".join(lines).split())
    assert max(map(len, lines)) <= width
    assert told.startswith("(left out: ")
    assert "docs; --format json" in told
    assert "SERVICE" in lines[0]
    assert "TITLE" in lines[0]


def test_a_long_title_is_folded() -> None:
    """Under itself, and one that fits stands there as it is."""
    rows = [services.describe(CATALOG, each) for each in ("logs", "acm-pca")]
    folded = services_text.as_table(rows, region=None, room=30).splitlines()

    assert folded[1:3] == ["logs     Amazon CloudWatch", "         Logs"]
    assert "Amazon CloudWatch Logs" in services_text.as_table(rows, region=None, room=200)


def test_a_search_imports_no_stage() -> None:
    """It is quick: neither the parsers nor the templates, and boto3 least of all."""
    heavy = {"pydantic", "jinja2", "hcl2", "yaml", "boto3", "botocore"}
    stages = "from generator.catalog import files, listed, services\nfrom generator.cli.views import services as shown"
    code = f"import sys\n{stages}\nprint({heavy} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == "set()\n"

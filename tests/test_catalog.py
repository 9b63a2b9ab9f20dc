"""The catalog names services as AWS does, and holds no fact without a source."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from generator.catalog import services
from generator.catalog.catalog import Catalog
from tests.cases import ROOT

if TYPE_CHECKING:
    from datetime import date

GOLDEN = json.loads((ROOT / "tests" / "data" / "cdk_golden.json").read_text(encoding="utf-8"))
CATALOG = Catalog.load()
TEMPLATES = {service.template: service.id for service in CATALOG.services.values()}
STALE_AFTER_DAYS = 180


@pytest.mark.parametrize("region", GOLDEN["exceptions"])
def test_each_name_is_the_one_that_cdk_gives(region: str) -> None:
    """For each of CDK's 397 constants in each of 13 Regions the name is the same."""
    expected = {
        constant: GOLDEN["exceptions"][region].get(constant, template.replace("{region}", region))
        for constant, template in GOLDEN["names"].items()
    }
    given = {
        constant: CATALOG.service_name(TEMPLATES[template], region, "Interface")
        for constant, template in GOLDEN["names"].items()
    }

    assert given == expected


def test_the_golden_names_are_all_there() -> None:
    """The comparison speaks of all that CDK knows."""
    assert len(GOLDEN["names"]) * len(GOLDEN["exceptions"]) == 5161


@pytest.mark.parametrize("constant", GOLDEN["names"])
def test_each_port_is_in_reach_of_what_cdk_says(constant: str) -> None:
    """Where CDK knows another port than 443, so does the catalog."""
    service = CATALOG.services[TEMPLATES[GOLDEN["names"][constant]]]
    port = GOLDEN["ports"].get(constant)

    assert port is None or [(each.from_port, each.to_port) for each in service.ports] == [(port, port)]


@pytest.mark.parametrize("partition", sorted({region.partition for region in CATALOG.regions.values()}))
def test_a_name_without_a_region_is_that_of_each_region(partition: str) -> None:
    """One pattern gives the name in every Region of a partition; in partition `aws` there is one for each service."""
    regions = [region.id for region in CATALOG.regions.values() if region.partition == partition]
    services = [each for each in CATALOG.services.values() if not each.missing]
    for service, kind in ((each, kind) for each in services for kind in each.types):
        patterns = CATALOG.name_patterns(service.id, kind, partition)
        names = {region: CATALOG.service_name(service.id, region, kind) for region in regions}

        assert {pattern.replace("{region}", region) for region in regions for pattern in patterns} >= {*names.values()}
        assert partition != "aws" or len(patterns) == 1
        assert CATALOG.varies(service.id, kind) or len(patterns) == 1


def test_gateways_keep_their_names_in_china() -> None:
    """CDK's exceptions are of interface endpoints alone."""
    assert CATALOG.service_name("s3", "cn-north-1", "Gateway") == "com.amazonaws.cn-north-1.s3"
    assert CATALOG.service_name("s3", "cn-north-1", "Interface") == "cn.com.amazonaws.cn-north-1.s3"


def test_gateway_services_are_three() -> None:
    """Amazon S3, DynamoDB and S3 Express One Zone have gateway endpoints, and no other service."""
    gateways = {service.id for service in CATALOG.services.values() if "Gateway" in service.types}

    assert gateways == {"s3", "dynamodb", "s3express"}


@pytest.mark.parametrize("service_id", CATALOG.services)
def test_each_fact_has_its_source_and_date(service_id: str) -> None:
    """A service has a source, and each source the day on which it was looked up."""
    references = CATALOG.references(service_id)

    assert references
    assert all(reference.source and reference.checked for group in references.values() for reference in group)


def test_what_no_source_says_stays_unknown() -> None:
    """A fact that nobody states is None, and neither yes nor no."""
    policies = [service.policy for service in CATALOG.services.values()]

    assert policies.count(None) > policies.count(False) > 0


@pytest.mark.parametrize(
    ("text", "service_id"),
    [("ecr.dkrr", "ecr.dkr"), ("com.amazonaws.eu-west-1.logs", "logs"), ("secretmanager", "secretsmanager")],
)
def test_a_slip_finds_what_was_meant(text: str, service_id: str) -> None:
    """The nearest id comes first."""
    assert services.find(CATALOG, text)[0][0] == service_id


def test_old_data_is_said_to_be_old(capsys: pytest.CaptureFixture[str]) -> None:
    """Data older than 180 days prints a warning; time alone never fails a build."""
    today = datetime.now(UTC).date()
    with capsys.disabled():
        print(_warning(today), end="")

    assert (today - CATALOG.checked).days >= 0


def test_the_warning_comes_after_180_days() -> None:
    """Not on the last of them."""
    last = CATALOG.checked + timedelta(days=STALE_AFTER_DAYS)

    assert _warning(last) == ""
    assert "the catalog is 181 days old" in _warning(last + timedelta(days=1))


def _warning(today: date) -> str:
    age = (today - CATALOG.checked).days
    hint = "raise the versions in scripts/catalog-sources.toml"
    return f"\nthe catalog is {age} days old: {hint}\n" if age > STALE_AFTER_DAYS else ""

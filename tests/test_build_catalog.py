"""The script that builds the catalog loses nothing quietly, and takes no side between sources by itself."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from tests.cases import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = json.loads((ROOT / "generator" / "data" / "catalog.json").read_text(encoding="utf-8"))


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the script, as a module."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return import_module("build_catalog")


@pytest.fixture
def overlay(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the script's reader of the overlay."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return import_module("catalog_overlay")


@pytest.fixture
def packages(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the script's reader of packages."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return import_module("catalog_packages")


@pytest.fixture
def data(tmp_path: Path, script: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the script write in a folder of the test, where the shipped files are, and read a catalog without ecr.dkr."""
    for name in ("catalog.json", "provenance.json"):
        shutil.copy(ROOT / "generator" / "data" / name, tmp_path)
    services = {service: facts for service, facts in SHIPPED["services"].items() if service != "ecr.dkr"}
    monkeypatch.setattr(script, "DATA", tmp_path)
    monkeypatch.setattr(script, "read_packages", lambda *_: ())
    monkeypatch.setattr(script, "build", lambda *_: ({**SHIPPED, "services": services}, {}))
    monkeypatch.setattr(sys, "argv", ["build_catalog.py"])
    return tmp_path


def test_no_id_vanishes_silently(script: Any, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A build that lacks an id stops before it writes, and names it."""
    before = (data / "catalog.json").read_bytes()
    code = script.main()

    assert (code, "would vanish" in capsys.readouterr().err) == (1, True)
    assert (data / "catalog.json").read_bytes() == before


def test_an_id_that_is_listed_as_removed_may_go(script: Any, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On purpose, in catalog-sources.toml."""
    monkeypatch.setattr(script, "read_sources", lambda: {"checked": date.max, "removed": ["ecr.dkr"]})
    code = script.main()

    assert (code, "ecr.dkr" in json.loads((data / "catalog.json").read_text("utf-8"))["services"]) == (0, False)


def test_old_sources_are_said_to_be_old(
    script: Any, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The build says so, and goes on."""
    monkeypatch.setattr(script, "read_sources", lambda: {"checked": date(2020, 1, 1), "removed": ["ecr.dkr"]})

    assert script.main() == 0
    assert "warning: the sources were last checked" in capsys.readouterr().err
    assert data.exists()


def _claims(overlay: Any, *said: tuple[str, object]) -> list[Any]:
    return [
        overlay.Claim(service="sqs", field="policy", value=value, source=source, checked="2026-11-22")
        for source, value in said
    ]


def test_sources_that_contradict_each_other_stop_the_build(overlay: Any) -> None:
    """Both are named, and the file in which to decide."""
    facts, errors = overlay.settle(_claims(overlay, ("docs", True), ("lza", False)), {})

    assert "policy" not in facts.get("sqs", {})
    assert errors == ["sqs: policy is in conflict: True (docs), False (lza); decide it in conflicts.yaml"]


@pytest.mark.parametrize(("keep", "value"), [("lza", False), ("unknown", None)])
def test_a_decision_settles_a_contradiction_and_says_why(overlay: Any, keep: str, value: object) -> None:
    """The word of one source, or nothing; the reason becomes a note."""
    decision = overlay.Decision(keep=keep, because="The guide is newer.", reference="gen-endpoints@2026-11-22")
    facts, errors = overlay.settle(_claims(overlay, ("docs", True), ("lza", False)), {("sqs", "policy"): decision})

    assert errors == []
    assert facts["sqs"]["notes"].value == ["The guide is newer."]
    assert (facts["sqs"]["policy"].value if "policy" in facts["sqs"] else None) is value


def test_a_decision_of_what_is_no_conflict_stops_the_build(overlay: Any) -> None:
    """So that conflicts.yaml holds what there is, and no more."""
    decision = overlay.Decision(keep="lza", because="x", reference="x@2026-11-22")
    _, errors = overlay.settle(_claims(overlay, ("docs", True), ("lza", True)), {("sqs", "policy"): decision})

    assert errors == ["sqs: policy is no conflict any more"]


def test_the_conflicts_that_are_listed_are_in_the_catalog(overlay: Any) -> None:
    """Each with its reason as a note, and where nobody's word is kept, with nothing known."""
    decisions = overlay.read_decisions(ROOT / "scripts" / "overlay" / "conflicts.yaml")

    assert decisions
    for (service, field), decision in decisions.items():
        assert decision.because in SHIPPED["services"][service]["notes"]
        assert decision.keep != "unknown" or field not in SHIPPED["services"][service]


def test_packages_are_pinned_and_floors_stand(script: Any, packages: Any) -> None:
    """By version and hash; a package that gives less than it did is a parser that lost data."""
    sources = script.read_sources()
    names = packages.Names(templates={}, ports={}, gateways=("s3",), exceptions={}, suffix_regions=())
    told = "\n".join(script.shortfalls(names, {}, sources["expected"]))

    assert all(len(pinned["sha256"]) == 64 and pinned["version"] for pinned in sources["packages"].values())
    assert [line.partition(":")[0] for line in told.splitlines()] == [
        "interface_names",
        "exception_regions",
        "suffix_regions",
        "availability_zones",
        "gateway_names",
    ]


def test_a_package_that_is_not_the_pinned_one_is_refused(packages: Any, tmp_path: Path) -> None:
    """Whatever the index served."""
    (tmp_path / "botocore-1.0-py3-none-any.whl").write_bytes(b"another")

    with pytest.raises(packages.SourceChangedError, match="not the pinned 0000"):
        packages.fetch("botocore", version="1.0", sha256="0000", cache=tmp_path)

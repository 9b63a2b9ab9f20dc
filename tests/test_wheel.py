"""The artefact that ships: the wheel, installed by itself, renders a spec from another folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.cases import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as pip does for anybody."""
    folder = tmp_path_factory.mktemp("wheel")
    command = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


def test_holds_the_package_and_its_data_alone(wheel: Path) -> None:
    """Templates and the catalog are inside; tests, examples and scripts are not."""
    names = zipfile.ZipFile(wheel).namelist()

    assert {"generator/templates/main.tf.j2", "generator/data/catalog.json", "generator/data/policies.json"} <= set(
        names
    )
    assert {name.partition("/")[0] for name in names} == {"generator", "gen_endpoints-0.1.0.dist-info"}


def test_renders_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """The wheel, without the checkout, renders the same files."""
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    shutil.copy(ROOT / "specs" / "band-up.yaml", tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(site), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = (sys.executable, "-m", "generator", "render", "band-up.yaml")
    subprocess.run(command, check=True, cwd=tmp_path, env=environment)
    where = "import generator.module.render as render; print(render.__file__)"
    imported = subprocess.run(
        (sys.executable, "-c", where), check=True, cwd=tmp_path, env=environment, capture_output=True, text=True
    )

    assert imported.stdout.startswith(str(site))
    for path in (ROOT / "out" / "band-up").rglob("*.tf"):
        assert (tmp_path / "out" / "band-up" / path.name).read_bytes() == path.read_bytes()

"""The artefact that ships: the wheel, installed by itself, renders a spec from another folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
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


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of a bare environment that the wheel is installed in, with the libraries of this one."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    command = ("-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index", str(wheel))
    subprocess.run((sys.executable, *command), check=True)
    (site,) = (folder / "venv").glob("lib/*/site-packages")
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    (site / "libraries.pth").write_text("\n".join(libraries), encoding="utf-8")
    return python


def test_holds_the_package_and_its_data_alone(wheel: Path) -> None:
    """Templates and the catalog are inside; tests, examples and scripts are not."""
    names = zipfile.ZipFile(wheel).namelist()

    assert {"generator/templates/main.tf.j2", "generator/data/catalog.json", "generator/data/policies.json"} <= set(
        names
    )
    assert any(re.fullmatch(r"generator/templates/compiled/[^/]+/tmpl_\w+\.py", name) for name in names)
    assert {name.partition("/")[0] for name in names} == {
        "gen_endpoints",
        "generator",
        "gen_endpoints-0.1.0.dist-info",
    }
    assert {"gen_endpoints/py.typed", "generator/py.typed"} <= set(names)


def test_renders_from_another_folder(python: Path, tmp_path: Path) -> None:
    """The installed wheel, without the checkout, renders the same files."""
    shutil.copy(ROOT / "specs" / "band-up.yaml", tmp_path)
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = (python.with_name("gen-endpoints"), "render", "band-up.yaml")
    subprocess.run(command, check=True, cwd=tmp_path, env=environment)
    where = "import generator.generate; print(generator.generate.__file__)"
    imported = subprocess.run((python, "-c", where), check=True, cwd=tmp_path, capture_output=True, text=True)

    assert imported.stdout.startswith(str(python.parent.parent))
    for path in (ROOT / "out" / "band-up").rglob("*.tf"):
        assert (tmp_path / "out" / "band-up" / path.name).read_bytes() == path.read_bytes()


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """Return the program of docs/api.md, beside a spec."""
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    shutil.copy(ROOT / "specs" / "band-up.yaml", tmp_path)
    path = tmp_path / "script.py"
    path.write_text(text.partition("```python\n")[2].partition("```")[0], encoding="utf-8")
    return path


def test_the_program_in_the_docs_runs(python: Path, script: Path) -> None:
    """It renders, reads back and prints differences with the installed wheel, and says what is wrong with a spec."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(script.parent / "cache")}

    def run(spec: str) -> subprocess.CompletedProcess[str]:
        command = (python, script, spec)
        return subprocess.run(command, cwd=script.parent, env=environment, capture_output=True, text=True, check=False)

    shutil.copytree(ROOT / "out" / "band-up", script.parent / "out" / "band-up")
    (script.parent / "out" / "band-up" / "main.tf").unlink()
    run_with_difference, refused = run("band-up.yaml"), run("no.yaml")

    assert run_with_difference.stdout.startswith(
        "disagreements: 0\naws_vpc_endpoint.ecr_dkr Interface\naws_vpc_endpoint.ecr_api Interface\n"
        "aws_vpc_endpoint.logs Interface\naws_vpc_endpoint.s3 Gateway\n"
        "out/band-up/main.tf: E310 is missing\n"
    )
    assert "+++ main.tf\trendered\n" in run_with_difference.stdout
    told = "no.yaml: E030 can't be read: No such file or directory\n    this folder has band-up.yaml\n"
    assert (refused.returncode, refused.stderr) == (1, told)


def test_the_program_in_the_docs_has_types(python: Path, script: Path) -> None:
    """`mypy --strict` accepts it against the installed wheel, and refuses what the API does not have."""
    command = (sys.executable, "-m", "mypy", "--strict", "--python-executable", str(python), "--cache-dir", "cache")
    wrong = script.with_name("wrong.py")
    wrong.write_text("import gen_endpoints\n\ngen_endpoints.render(1).files.clear()\n", encoding="utf-8")

    run = subprocess.run(
        (*command, script.name, wrong.name), cwd=script.parent, capture_output=True, text=True, check=False
    )

    assert run.stdout.splitlines() == [
        'wrong.py:3: error: "Mapping[str, str]" has no attribute "clear"  [attr-defined]',
        'wrong.py:3: error: Argument 1 to "render" has incompatible type "int"; expected "Source"  [arg-type]',
        "Found 2 errors in 1 file (checked 2 source files)",
    ]

"""A verdict that is kept is the one that would be reached anew, or it is not kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date, timedelta
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.cli import verdicts
from generator.cli.verdicts import Verdict, Verdicts, dumps, loads
from generator.source.reading import Reading
from generator.understand import understand
from tests.cases import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = date(2026, 11, 24)
LIST = Path("services", "eu-west-1.json")
POLICY = Path("policies", "orders-table.yaml")
WARNED = "default-security-group.yaml"


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """Return a folder of specs, one of which has policy files."""
    return Path(shutil.copytree(ROOT / "specs", tmp_path / "specs"))


@pytest.fixture
def spec(specs: Path) -> str:
    """Return a spec with a policy file, of a Region that has no list, on which there is a verdict in `cache`."""
    path = specs / "endpoint-policies.yaml"
    cache = Verdicts(specs.parent / "cache", TODAY)
    _reach(cache, str(path))
    cache.save()
    return str(path)


def _reach(cache: Verdicts, path: str) -> Verdict:
    """Reach a verdict and keep it, as `validate` does."""
    reading = Reading()
    module = understand(path, TODAY, read_bytes=reading)
    verdict = Verdict(endpoints=len(module.endpoints), warnings=tuple(map(str, module.warnings)))
    cache.keep(path, verdict, reading)
    return verdict


def _known(spec: str) -> Verdict | None:
    return Verdicts(Path(spec).parent.parent / "cache", TODAY).known(spec)


def test_a_verdict_is_known_the_next_time(specs: Path, spec: str) -> None:
    """What was kept comes back as it was, warnings and all, and files that have nothing to do with it don't matter."""
    cache = Verdicts(specs.parent / "cache", TODAY)
    reached = _reach(cache, str(specs / WARNED))
    cache.save()
    (specs / "services").mkdir()
    (specs / "services" / "us-east-2.json").write_text("{}", encoding="utf-8")
    (specs / "band-up.yaml").unlink()

    assert _known(str(specs / WARNED)) == reached
    assert reached.warnings
    assert _known(spec) is not None


def _append(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("ab") as stream:
        stream.write(b"\n")


def _as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    "change",
    [
        _append,
        Path.unlink,
        lambda spec: _append(spec.parent / POLICY),
        lambda spec: (spec.parent / POLICY).unlink(),
        lambda spec: _as_folder(spec.parent / POLICY),
        lambda spec: _append(spec.parent / LIST),
        lambda spec: (spec.parent / LIST).mkdir(parents=True),
    ],
    ids=["spec", "no spec", "policy", "no policy", "policy a folder", "list", "list a folder"],
)
def test_what_it_was_reached_from_counts(spec: str, change: Callable[[Path], None]) -> None:
    """A change of the spec, of a policy or of a Region's list, and one that comes or goes, takes the verdict away."""
    known = _known(spec)
    change(Path(spec))

    assert known is not None
    assert _known(spec) is None


def test_a_list_that_goes_counts(specs: Path, spec: str) -> None:
    """A list that was there and no longer is takes the verdict away; one that comes back gives it back."""
    listed = specs / LIST
    listed.parent.mkdir()
    listed.write_text('{"region": "ap-southeast-1", "as": "kept"}', encoding="utf-8")
    cache, reading = Verdicts(specs.parent / "cache", TODAY), Reading()
    for path in (Path(spec), listed):
        reading(path)
    cache.keep(spec, Verdict(endpoints=1, warnings=()), reading)
    cache.save()
    known = _known(spec)
    content = listed.read_bytes()
    listed.unlink()
    without = _known(spec)
    listed.write_bytes(content)

    assert (known, without, _known(spec)) == (Verdict(endpoints=1, warnings=()), None, known)


def test_the_day_counts(spec: str) -> None:
    """What is old is told on the day on which it is."""
    cache = Path(spec).parent.parent / "cache"

    assert Verdicts(cache, TODAY).known(spec) is not None
    assert Verdicts(cache, TODAY + timedelta(days=1)).known(spec) is None


def test_the_path_counts(specs: Path, spec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Warnings name the spec as the user did, so another way to the same file is another spec."""
    monkeypatch.chdir(specs)

    assert _known(spec) is not None
    assert Verdicts(specs.parent / "cache", TODAY).known(Path(spec).name) is None


@pytest.mark.parametrize("file", ["rules/dns.py", "data/catalog.json", "new.py", "data/new.json"])
def test_the_tool_counts(file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte more in any file of the package, code or data, or a file more, makes another tool; bytecode does not."""
    package = shutil.copytree(ROOT / "generator", tmp_path / "generator")
    monkeypatch.setattr(verdicts, "__file__", str(package / "verdicts.py"))
    before = verdicts.fingerprint()
    (package / "__pycache__").mkdir(exist_ok=True)
    (package / "__pycache__" / "new.pyc").write_bytes(b"")
    with_bytecode = verdicts.fingerprint()
    written = (package / file).stat() if (package / file).exists() else None
    _append(package / file)
    if written is not None:
        os.utime(package / file, ns=(written.st_atime_ns, written.st_mtime_ns))

    assert with_bytecode == before
    assert verdicts.fingerprint() != before


def test_the_libraries_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of PyYAML or Python makes another tool."""
    before = verdicts.fingerprint()
    (tmp_path / "yaml").mkdir()
    (tmp_path / "yaml" / "__init__.py").write_text('__version__ = "7.0"\n', encoding="utf-8")
    origin = ModuleSpec("yaml", None, origin=str(tmp_path / "yaml" / "__init__.py"))
    monkeypatch.setattr(verdicts, "find_spec", lambda name: origin if name == "yaml" else find_spec(name))
    other_library = verdicts.fingerprint()
    (tmp_path / "yaml" / "__init__.py").write_text('__version__ = "7.1"\n', encoding="utf-8")
    another = verdicts.fingerprint()
    monkeypatch.undo()
    monkeypatch.setattr(sys, "version", "3.99")

    assert len({before, other_library, another, verdicts.fingerprint()}) == 4


def test_damage_is_forgotten() -> None:
    """A damaged text is none, and no error: whatever character is another, or gone, from some point on."""
    kept = {"0 a.yaml": {"endpoints": 1, "warnings": ["W"], "files": {"a.yaml": "0"}}}
    text = dumps(kept, "mine")
    for position in range(len(text)):
        other = "[" if text[position] != "[" else "{"

        assert loads(text[:position], "mine") == {}
        assert loads(text[:position] + other + text[position + 1 :], "mine") == {}
    assert loads(text, "mine") == kept


@pytest.mark.parametrize("content", [b"", b"\xff", b"{}", b"\0"])
def test_a_damaged_file_is_replaced(spec: str, content: bytes) -> None:
    """Where the file is damaged nothing is known, and the next verdict is kept as ever."""
    cache = Path(spec).parent.parent / "cache"
    (cache / "verdicts.json").write_bytes(content)
    unknown = _known(spec)
    again = Verdicts(cache, TODAY)
    _reach(again, spec)
    again.save()

    assert unknown is None
    assert _known(spec) is not None


def test_another_maker_s_verdicts_are_none() -> None:
    """What another version, or yesterday's run, wrote is whole and still not believed."""
    assert loads(dumps({"key": {}}, "mine"), "mine") == {"key": {}}
    assert loads(dumps({"key": {}}, "mine"), "theirs") == {}


def test_what_was_not_read_for_sure_is_not_kept(specs: Path) -> None:
    """A file that held two things while it was read makes no verdict."""
    path, cache, reading = specs / "ids.yaml", Verdicts(specs.parent / "cache", TODAY), Reading()
    reading(path)
    _append(path)
    reading(path)
    cache.keep(str(path), Verdict(endpoints=1, warnings=()), reading)
    cache.save()

    assert not (specs.parent / "cache").exists()


@pytest.mark.parametrize("place", [None, "file", "file/below"])
def test_where_nothing_can_be_kept_nothing_is(place: str | None, specs: Path) -> None:
    """No folder, or one that can't be made, costs time alone."""
    (specs.parent / "file").write_text("", encoding="utf-8")
    cache = Verdicts(specs.parent / place if place else None, TODAY)
    _reach(cache, str(specs / "ids.yaml"))
    cache.save()

    assert Verdicts(specs.parent / place if place else None, TODAY).known(str(specs / "ids.yaml")) is None


def test_the_oldest_are_forgotten(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file does not grow without end, and nothing lies about beside it."""
    monkeypatch.setattr(verdicts, "_MOST", 2)
    paths = [str(specs / name) for name in ("ids.yaml", "text.yaml", "inputs.yaml")]
    cache = Verdicts(specs.parent / "cache", TODAY)
    for path in paths:
        _reach(cache, path)
    cache.save()
    again = Verdicts(specs.parent / "cache", TODAY)

    assert [again.known(path) is not None for path in paths] == [False, True, True]
    assert [path.name for path in (specs.parent / "cache").iterdir()] == ["verdicts.json"]


def _validate(folder: Path, *arguments: str) -> tuple[int, str, str, bool]:
    """Validate as users do; return the exit code, what was printed, and whether the parser was loaded for it."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    code = "import sys\nfrom generator.cli import run\ncode = run()\nprint('yaml' in sys.modules)\nsys.exit(code)"
    done = subprocess.run(
        [sys.executable, "-c", code, "validate", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    printed, _, loaded = done.stdout.removesuffix("\n").rpartition("\n")
    return done.returncode, printed, done.stderr, loaded == "True"


@pytest.mark.parametrize("name", [WARNED, "endpoint-policies.yaml"])
def test_a_known_verdict_reads_the_same(specs: Path, name: str) -> None:
    """The second run prints what the first did, and loads no parser; a third without the cache prints it too."""
    first, second = _validate(specs, name, "band-up.yaml"), _validate(specs, name, "band-up.yaml")
    shutil.rmtree(specs / "cache")

    assert first[0] == 0
    assert (first[:3], first[3], second[3]) == (second[:3], True, False)
    assert _validate(specs, name, "band-up.yaml") == first


def test_strict_takes_kept_warnings_for_errors(specs: Path) -> None:
    """With --strict a spec with warnings is refused in the same words, whether its verdict is known or not."""
    without = _validate(specs, WARNED, "--strict")
    _validate(specs, WARNED)
    known = _validate(specs, WARNED, "--strict")

    assert known == without
    assert (known[0], "W" in known[2]) == (1, True)
    assert _validate(specs, "ids.yaml", "--strict")[3]
    assert not _validate(specs, "ids.yaml", "--strict")[3]


def test_what_is_refused_is_never_kept(specs: Path) -> None:
    """A wrong spec is told each time, also beside a right one, and leaves nothing behind."""
    (specs / "wrong.yaml").write_text("name: x\n", encoding="utf-8")
    first, second = _validate(specs, "wrong.yaml", "ids.yaml"), _validate(specs, "wrong.yaml", "ids.yaml")

    assert (first[0], first) == (1, second)
    assert not (specs / "cache").exists()


def test_what_cannot_be_put_in_its_place_is_taken_away(specs: Path) -> None:
    """Where the file can't be replaced nothing is left beside it."""
    (specs.parent / "cache" / "verdicts.json").mkdir(parents=True)
    cache = Verdicts(specs.parent / "cache", TODAY)
    _reach(cache, str(specs / "ids.yaml"))
    cache.save()

    assert [path.name for path in (specs.parent / "cache").iterdir()] == ["verdicts.json"]

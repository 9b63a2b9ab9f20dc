"""What is kept between runs comes back as it was, or not at all."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from generator import cli
from generator.cli.specs import kept_cache
from generator.cli.views.endpoints import read_all
from generator.hcl import facts, memory, parser
from generator.hcl.certain import is_certain
from generator.hcl.hcl import Block, Call, Expression, Value, literal
from tests.cases import SPECS, generated


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_what_was_read_comes_back(spec: Path) -> None:
    """Every shape of every example survives, and means the same the next time."""
    files = generated(spec).files
    known: dict[str, Block] = {}
    first = facts.read_back(files, known=known)
    again = memory.Known(memory.loads(memory.dumps(known)))

    assert facts.read_back(files, known=again) == first
    assert again == known


def invoke(*arguments: str) -> Result:
    """Run a command to its end, in this process."""
    return CliRunner().invoke(cli.application(), arguments)


def kept(folder: Path) -> Path:
    """Return the file in which a run has kept in the folder what it has read."""
    cache = memory.Cache(folder)
    facts.read_back(generated(SPECS[0]).files, cache.known)
    cache.save()
    (file,) = folder.glob("shapes-*/shapes.txt")
    return file


@pytest.mark.parametrize("umask", [0, 0o022, 0o077, 0o777], ids=oct)
def test_what_is_kept_is_data_and_private(tmp_path: Path, umask: int) -> None:
    """Under any umask: one file of data in folders that nobody else can enter."""
    before = os.umask(umask)
    try:
        file = kept(tmp_path / "cache")
    finally:
        os.umask(before)
    modes = [path.stat().st_mode & 0o777 for path in (file, *file.parents[:2])]

    assert modes == [0o600, 0o700, 0o700]
    assert len(memory.Cache(tmp_path / "cache").known.claimed) > 10


PLACES = ["shapes-*/shapes.txt", "shapes-*", "."]


def is_believed(folder: Path) -> bool:
    """Tell whether a run takes anything from the folder."""
    return bool(memory.Cache(folder).known.claimed)


@pytest.mark.parametrize("which", PLACES)
@pytest.mark.parametrize("mode", [0o720, 0o702], ids=oct)
def test_what_others_can_write_is_not_believed(which: str, mode: int, tmp_path: Path) -> None:
    """A folder or a file that others can write is as good as none."""
    kept(tmp_path)
    assert is_believed(tmp_path)
    (shared,) = tmp_path.glob(which) if which != "." else (tmp_path,)
    shared.chmod(mode)

    assert not is_believed(tmp_path)


@pytest.mark.parametrize("which", PLACES)
def test_what_somebody_else_owns_is_not_believed(which: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor with sudo, where the home folder is that of another user; only root can give away a part of it."""
    kept(tmp_path)
    if os.geteuid() == 0:
        os.chown(next(tmp_path.glob(which)) if which != "." else tmp_path, 12345, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)

    assert not is_believed(tmp_path)


@pytest.mark.parametrize("which", PLACES)
def test_a_link_is_not_followed(which: str, tmp_path: Path) -> None:
    """Not of the file, and not of a folder: it may lead into one that somebody else fills."""
    folder = tmp_path / "cache"
    kept(folder)
    place = next(folder.glob(which)) if which != "." else folder
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")

    assert not is_believed(folder)


def test_what_is_no_plain_file_is_not_read(tmp_path: Path) -> None:
    """A pipe would never end, nor a file without a limit."""
    file = kept(tmp_path)
    with file.open("ab") as opened:
        opened.truncate(2**30)
    assert not is_believed(tmp_path)
    file.unlink()
    os.mkfifo(file, 0o600)
    assert not is_believed(tmp_path)


@pytest.mark.parametrize(("variable", "no_cache"), [("true", False), ("", True)], ids=["CI", "--no-cache"])
def test_nothing_is_believed_or_kept_on_request(
    variable: str, *, no_cache: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In CI others may have filled the folder, as a pull request does."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("CI", variable)
    kept(tmp_path / "gen-endpoints")

    with kept_cache(no_cache=no_cache) as cache:
        assert not cache.known.claimed
        facts.read_back(generated(SPECS[1]).files, cache.known)
        before = {path: path.read_bytes() for path in tmp_path.rglob("shapes.txt")}
    assert {path: path.read_bytes() for path in tmp_path.rglob("shapes.txt")} == before
    monkeypatch.setenv("CI", "")
    with kept_cache(no_cache=False) as cache:
        assert cache.known.claimed


@pytest.mark.parametrize("command", ["render", "check", "diff", "drift", "show"])
def test_every_command_that_reads_what_was_kept_takes_no_cache(command: str) -> None:
    """Each lists the option."""
    assert "--no-cache" in invoke(command, "--help").stdout


def test_what_was_rendered_is_not_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither to show it nor to draw it, from its spec or its folder: python-hcl2 takes 20 s for 3,000 endpoints."""
    spec, cache, parsed = SPECS[0], memory.Cache(None), list[object]()
    folder = spec.parents[1] / "out" / generated(spec).module.name
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.tf")}
    assert read_all(texts, str(folder), cache) == {path: parser.read(text) for path, text in texts.items()}
    monkeypatch.setattr(parser, "read", lambda *_: parsed.append(_))
    assert {invoke(command, str(each)).exit_code for command in ("show", "draw") for each in (spec, folder)} == {0}
    monkeypatch.setattr(parser, "parse", lambda *_: parsed.append(_))
    read_all(texts, str(folder), cache)
    assert not parsed


def values(value: Value) -> Iterator[Value]:
    """Yield what may be forged in the place of a value, most of it written in the same way."""
    yield from (Expression("a.b"), "s 99", 7, (), {})
    if isinstance(value, bool):
        yield not value
    if isinstance(value, Expression):
        head, _, rest = value.text.partition("(")
        yield from (Expression(f"{value.text} "), Expression(f"{value.text} # true"), Expression(f"{value.text}\n"))
        yield Call(head, (Expression(rest.removesuffix(")")),))
        yield Call(head, tuple(map(Expression, rest.removesuffix(")").split(", "))))
        yield (Expression(value.text[1:-1]),)
        yield {"a": value}
    else:
        yield Expression(literal(value))
        yield Expression(literal(value).replace("\n", ""))
    if isinstance(value, Call):
        yield Call(value.function, (Expression(", ".join(map(literal, value.arguments))),))
    if isinstance(value, tuple):
        yield from (value[1:], (*value, *value))
        yield (Expression(", ".join(map(literal, value))),)
        yield from ((*value[:-1], forged) for forged in (values(value[-1]) if value else ()))
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield {name: each for name, each in value.items() if name != key}
            yield from ({**value, key: forged} for forged in values(item))


def forgeries(block: Block) -> Iterator[Block]:
    """Yield other blocks than the one that a text has, most of them written in the same way."""
    for name, value in block.arguments.items():
        rest = {each: item for each, item in block.arguments.items() if each != name}
        yield replace(block, arguments=rest)
        yield replace(block, arguments={f"{name} = 1\n{each}": item for each, item in block.arguments.items()})
        for forged in values(value):
            yield replace(block, arguments={**block.arguments, name: forged})
        yield replace(block, arguments={f"x{name}": value, **rest})
        lines = "\n".join(f"{each} = {literal(item)}" for each, item in block.arguments.items())
        yield replace(block, arguments={name: Expression(lines.partition(" = ")[2])})
    for number, inner in enumerate(block.blocks):
        yield replace(block, blocks=block.blocks[:number] + block.blocks[number + 1 :])
        for forged_block in forgeries(inner):
            yield replace(block, blocks=(*block.blocks[:number], forged_block, *block.blocks[number + 1 :]))
    yield from (replace(block, labels=block.labels[:-1]), replace(block, type=f"{block.type} x"))


def test_whoever_forges_what_was_kept_is_not_believed() -> None:
    """Nothing that was kept is believed but what the text says; that always is, or it would be read each time."""
    known: dict[str, Block] = {}
    for spec in SPECS:
        facts.read_back(generated(spec).files, known)
    seen = 0
    for number, (text, block) in enumerate(known.items()):
        assert is_certain(block, text)
        for forged in forgeries(block) if not number % 4 else ():
            assert forged == block or not is_certain(forged, text), text
            seen += 1

    assert seen > 5_000


def test_a_forged_memory_changes_no_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the same user, with a right digest: what is said of a module is the same, and it is mended."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.chdir(tmp_path)
    shutil.copy(SPECS[2], "app.yaml")
    assert invoke("render", "app.yaml").exit_code == 0
    (file,) = tmp_path.glob("cache/gen-endpoints/shapes-*/shapes.txt")
    whole: dict[str, Block] = {}
    facts.read_back(generated(SPECS[2]).files, whole)
    text = file.read_text(encoding="utf-8")
    assert sorted(text.splitlines()) == sorted(memory.dumps(whole).splitlines())
    for forged in (
        {text: next(forgeries(block)) for text, block in whole.items()},
        dict(zip(whole, reversed(whole.values()), strict=True)),
        {text: replace(block, arguments={"x": "\N{ESCAPE}"}, labels=()) for text, block in whole.items()},
    ):
        file.write_text(memory.dumps(forged), encoding="utf-8")
        shutil.rmtree(tmp_path / "cache/gen-endpoints/specs")
        assert (invoke("check", "app.yaml").exit_code, invoke("render", "app.yaml").exit_code) == (0, 0)
        assert sorted(file.read_text(encoding="utf-8").splitlines()) == sorted(text.splitlines())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.fixture
def _unshipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tool come without shapes."""
    monkeypatch.setattr(memory, "_shipped", dict)


@pytest.mark.usefixtures("_unshipped")
def test_damage_is_forgotten() -> None:
    """A damaged memory is no memory, and no error: whatever character is another, or gone, from some point on."""
    files, known = generated(SPECS[0]).files, dict[str, Block]()
    first = facts.read_back(files, known=known)
    text = memory.dumps(known)
    for position in range(0, len(text) - 1, 97):
        other = "[" if text[position] != "[" else "{"
        for damaged in (text[:position], text[:position] + other + text[position + 1 :]):
            again = memory.Known(memory.loads(damaged))
            for shape, block in known.items():
                with suppress(KeyError):
                    assert again[shape] == block
            assert len(again) < len(known)
    assert facts.read_back(files, known=memory.Known(memory.loads(text[: len(text) // 2]))) == first


@pytest.mark.usefixtures("_unshipped")
@pytest.mark.parametrize(
    "kept",
    ["not json", "", '{"$":"Nope"}', "[1]", '{"$":"Block","zz":1}', "1", "[" * 100_000, '{"$":"Block","type":[]}'],
)
def test_what_has_another_form_is_forgotten(kept: str) -> None:
    """Whoever can write the file can write a digest too: what has another form is as good as none."""
    digest = memory.dumps({"a {\n}\n": Block(type="a")}).partition(" ")[0]

    with pytest.raises(KeyError):
        memory.Known(memory.loads(f"{digest} {kept}\n"))["a {\n}\n"]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_the_tool_comes_with_the_shapes_of_its_examples(spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As python-hcl2 reads them anew, so that a first run never has to; the wheel brings them."""
    known: dict[str, Block] = {}
    facts.read_back(generated(spec).files, known=known)
    shipped = resources.files("generator").joinpath("data", "shapes.txt").read_text(encoding="utf-8").splitlines()

    assert {*memory.dumps(known).splitlines()} <= {*shipped}
    monkeypatch.setattr(parser, "parse", pytest.fail)
    facts.read_back(generated(spec).files, memory.Known({}))

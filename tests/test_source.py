"""What `source` makes of text: the data, the places, and what it refuses.

Case files stand in `tests/source/`: `<name>.yaml` beside the data (`.json`) or the findings (`.txt`) it gives; in its
folder `json/` the same for documents that are JSON, with data in `.data`. There `{"plain": "…"}` is a plain scalar.
"""

from __future__ import annotations

import codecs
import json
import re
import time
import tracemalloc
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.source import draft, source, text
from generator.source.diagnostics import Code, Diagnostic, Place, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.golden import Golden

Steps: TypeAlias = tuple[str | int, ...]

CASES = Path(__file__).parent / "source"
YAML = sorted(CASES.glob("*.yaml"))
ACCEPTED = [case for case in YAML if case.with_suffix(".json").exists()]
JSON = sorted((CASES / "json").glob("*.json"))
LOADERS = (yaml.CSafeLoader, yaml.SafeLoader)

LETTERS = st.characters(
    exclude_categories=["Cc", "Cs", "Cn"],
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff",
    include_characters="\n\r\t",
)
TEXT = st.text(LETTERS).map(lambda text: unicodedata.normalize("NFC", text))
KEY = st.text(LETTERS, max_size=8).map(lambda text: unicodedata.normalize("NFC", text))
TREE = st.recursive(
    KEY,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=3),
    max_leaves=10,
)
DATA = st.dictionaries(KEY, TREE, max_size=4)
FRAGMENTS = (
    *("a", "b", "é", "e\u0301", "🎉", "\x07", "\u2028", "\ufeff", "\ud800", "~", "null", "no", "<<", "1.10", "NaN"),
    *("\\ud800", "\\U00110000", "\\UFFFFFFFF", "\\/", "\\", " ", "  ", "\t", "\n", "\n", "\r\n", "\r", "\n  ", "\n- "),
    *("- ", ": ", ": ", ":", "? ", ", ", "#", " #", "|\n", ">-\n", "[", "]", "{", "}", "'", '"', '"a": ', "a: ", "b: "),
    *("&x ", "*x ", "!t ", "!!str ", "!%ED%A0%80 ", "---\n", "...\n", "%TAG ", "%YAML 1.1\n", "%", "@", "`"),
)
ROUGHLY_YAML = st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join)


def found_in(text: str | bytes, file: str = "a.yaml") -> list[tuple[str, int, int]]:
    """Return the code, line and column of each finding in a text that must have some."""
    with pytest.raises(Refused) as refused:
        source.parse(text, file)
    return [(finding.code, finding.place.line, finding.place.column) for finding in refused.value.diagnostics]


def typed(data: source.Data) -> object:
    """Return data with the plain scalars told from the quoted ones."""
    if isinstance(data, dict):
        return {key: typed(value) for key, value in data.items()}
    if isinstance(data, list):
        return [typed(value) for value in data]
    return {"plain": str(data)} if isinstance(data, source.Plain) else data


def shown(case: Path) -> str:
    """Return what a case file gives, as the file beside it says it."""
    try:
        data = source.parse(case.read_bytes(), case.name).data
    except Refused as refused:
        return f"{refused}\n"
    return json.dumps(typed(data), ensure_ascii=False, indent=2) + "\n"


def walk(data: source.Data, path: Steps = ()) -> Iterator[tuple[Steps, source.Data]]:
    """Yield the path and value of each node."""
    yield path, data
    if isinstance(data, dict | list):
        for step, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from walk(value, (*path, step))


def rest(text: str, place: Place) -> str:
    """Return what of a text stands at a place and after it."""
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    return "".join(lines[place.line - 1 :])[place.column - 1 :]


def written(case: Path, golden: Golden, data: str) -> None:
    """Compare what a case gives with the one file beside it: data in a file of that suffix, or findings."""
    said = shown(case)
    is_refused = said.startswith(f"{case.name}:")
    golden(case.with_suffix(".txt"), said if is_refused else None)
    golden(case.with_suffix(data), None if is_refused else said)


@pytest.mark.parametrize("case", YAML, ids=lambda case: case.stem)
def test_a_file_gives_its_data_or_its_findings(case: Path, golden: Golden) -> None:
    """Each case gives exactly what is beside it: the data in that order, or the findings."""
    written(case, golden, ".json")


@pytest.mark.parametrize("case", YAML, ids=lambda case: case.stem)
def test_without_libyaml_the_same_is_said(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML's own parser gives the same data and findings; only what is not YAML it words and places differently."""
    expected = shown(case)
    monkeypatch.setattr(source, "LOADER", yaml.SafeLoader)
    actual = shown(case)

    if " E002 " in expected:
        assert " E002 " in actual or " E011 " in actual
    else:
        assert expected == actual


@pytest.mark.parametrize("case", JSON, ids=lambda case: case.stem)
def test_a_json_file_gives_its_data_or_its_findings(case: Path, golden: Golden) -> None:
    """Each JSON case gives exactly what is beside it."""
    written(case, golden, ".data")


def test_each_code_has_a_case_or_a_test() -> None:
    """No code is without a case file, but for those whose files no editor should hold, which are tested below."""
    codes = {
        value.code for module in (draft, source, text) for value in vars(module).values() if isinstance(value, Code)
    }

    assert codes - {"E001", "E013", "E014"} == {case.stem.split("-")[0] for case in CASES.glob("*.txt")}


@settings(deadline=None)
@given(TEXT)
@example("${a} %{b} $${")
@example("a\u2028b\rc\r\nd")
@example("\U0001f389\u0301 \u200d\U000e0041\ue000")
def test_a_quoted_text_arrives_exactly(text: str) -> None:
    """Any text in NFC without control, noncharacter or bidi control is, in quotes, key and value as written."""
    dumped = yaml.safe_dump({text: [text]}, default_style='"')

    assert {text: [text]} == source.parse(dumped, "a.yaml").data


@settings(deadline=None)
@given(data=DATA, is_ascii=st.booleans(), indent=st.sampled_from([None, 1, "\t"]))
def test_json_arrives_exactly(*, data: source.Data, is_ascii: bool, indent: int | str | None) -> None:
    """Any JSON of texts is read as what it says, however it is indented and escaped."""
    dumped = json.dumps(data, ensure_ascii=is_ascii, indent=indent)
    for separator in "\u2028\u2029":
        dumped = dumped.replace(separator, f"\\u{ord(separator):x}")

    assert data == source.parse(dumped, "a.JSON").data


@given(data=DATA, is_flow=st.booleans(), is_ascii=st.booleans(), newline=st.sampled_from(["\n", "\r\n", "\r"]))
@settings(max_examples=150, deadline=None)
def test_every_place_is_where_the_token_stands(
    *, data: source.Data, is_flow: bool, is_ascii: bool, newline: str
) -> None:
    """Each value and key of a quoted dump stands at its opening quote, or at its first bracket, dash or key."""
    dumped = yaml.safe_dump(
        data,
        default_style='"',
        default_flow_style=is_flow,
        allow_unicode=not is_ascii,
        width=10**6,
        sort_keys=False,
        line_break=newline,
    )
    parsed = source.parse(dumped, "a.yaml")

    for path, value in walk(parsed.data):
        here = rest(dumped, parsed.place(path))
        if isinstance(value, str):
            assert value == first_scalar(here)
        elif is_flow or not value:
            assert here.startswith("{" if isinstance(value, dict) else "[")
        elif isinstance(value, list):
            assert here.startswith("- ")
        elif isinstance(value, dict):
            assert here.startswith("? ") or first_scalar(here) == next(iter(value))
        if path and isinstance(path[-1], str):
            assert path[-1] == first_scalar(rest(dumped, parsed.key_place(path)))
        else:
            assert parsed.place(path) == parsed.key_place(path)


def first_scalar(text: str) -> str:
    """Return the double-quoted scalar that a text begins with."""
    token = re.match(r'"(?:[^"\\]|\\.)*"', text, re.DOTALL)
    assert token, text[:40]
    return str(yaml.safe_load(token[0]))


def nodes(node: yaml.Node, path: Steps = ()) -> Iterator[tuple[Steps, object, tuple[int, int]]]:
    """Yield the path of each node of PyYAML's graph, what it holds, and where it starts."""
    value: object = node.value
    if isinstance(node, yaml.CollectionNode):
        value = dict if isinstance(node, yaml.MappingNode) else list
    if isinstance(node, yaml.ScalarNode) and not node.style and value in {"", "~", "null", "Null", "NULL"}:
        value = type(None)
    yield path, value, (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.MappingNode):
        for key, inner in node.value:
            yield from nodes(inner, (*path, key.value))
    if isinstance(node, yaml.SequenceNode):
        for index, inner in enumerate(node.value):
            yield from nodes(inner, (*path, index))


def agrees_with_nodes(text: str) -> bool:
    """Tell whether a text is accepted, and assert that it then says the same as PyYAML's node graph."""
    try:
        parsed = source.parse(text, "a.yaml")
    except Refused:
        return False
    top = yaml.compose(text, yaml.CSafeLoader)
    assert top
    expected = list(nodes(top))
    actual = []
    for path, data in walk(parsed.data):
        place = parsed.place(path)
        value = data if isinstance(data, str) else type(data)
        actual.append((path, value, (place.line, place.column)))
    assert expected == actual
    return True


@given(ROUGHLY_YAML)
@settings(max_examples=1000, deadline=None)
def test_what_is_accepted_is_what_the_nodes_say(text: str) -> None:
    """Whatever is accepted holds the same, at the same places, as PyYAML's node graph, of which no type is resolved."""
    agrees_with_nodes(f"a: {text}")


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case.stem)
def test_an_accepted_case_is_what_the_nodes_say(case: Path) -> None:
    """The case files hold the same, at the same places, as PyYAML's node graph."""
    assert agrees_with_nodes(case.read_text("utf-8"))


@given(text=ROUGHLY_YAML | st.text() | st.binary(), file=st.sampled_from(["a.yaml", "a.json"]))
@example(text="a: !%ED%A0%80 x", file="a.yaml")
@example(text="1" * 5000, file="a.json")
@settings(max_examples=2000, deadline=None)
def test_no_text_raises_anything_but_refused(*, text: str | bytes, file: str) -> None:
    """Whatever a file holds, it is accepted or refused, with each finding inside the file; so it is without libyaml."""
    for loader in LOADERS if file == "a.yaml" else LOADERS[:1]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(source, "LOADER", loader)
            try:
                source.parse(text, file)
                findings: tuple[Diagnostic, ...] = ()
            except Refused as refused:
                findings = refused.diagnostics
        assert all(finding.place.line <= len(text.splitlines()) + 1 for finding in findings)
        assert all(finding.message.isprintable() for finding in findings)


BOMBS = {
    "aliases": "a: &a [x]\n"
    + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{f'*{chr(97 + i)},' * 9}]\n" for i in range(20)),
    "merges": "a: &a {x: 1}\n" + "".join(f"b{i}: &b{i} {{<<: [*a, *a, *a], <<: *a}}\n" for i in range(40)),
    "lists": "a: " + "[" * 50_000,
    "mappings": "{a: " * 50_000,
    "dashes": "- " * 50_000,
    "questions": "? " * 50_000,
    "directives": "".join(f"%TAG !a{i}! x\n" for i in range(60_000)) + "--- {}",
    "late directives": "a: 1\n...\n" + "".join(f"%TAG !a{i}! x\n" for i in range(60_000)) + "--- {}",
    "combining marks": 'a: "' + "\u0301\u0323" * 200_000 + '"',
    "duplicates": "a: 1\n" * 100_000,
    "reordering": "a: " + "\u202e" * 300_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_answered_at_once(name: str) -> None:
    """A text that grows, nests or repeats without end is refused in less than a second and with bounded findings."""
    start = time.process_time()
    findings = found_in(BOMBS[name])

    assert time.process_time() - start < 1
    assert len(findings) <= 1001


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '{"a": ' + "[" * 33 + "]" * 33 + "}"])
def test_deep_json_is_refused(text: str) -> None:
    """JSON that nests deeper than 32 is refused where it does, however deep it goes on."""
    place = [match.start() for match in re.finditer(r"[\[{]", text)][32]

    assert [("E008", 1, place + 1)] == found_in(text, "policy.json")


def test_the_thousandth_finding_is_the_last() -> None:
    """After a thousand findings the reading ends, and says so."""
    text = "a: [" + "*x, " * 2000 + "]"
    expected = [*(("E004", 1, 5 + 4 * number) for number in range(1000)), ("E014", 1, 4001)]

    assert expected == found_in(text)


@pytest.mark.parametrize("text", ["#" * (2**20 + 1), b"#" * (2**20 + 1)], ids=["text", "bytes"])
def test_a_file_may_be_as_large_as_the_limit(text: str | bytes) -> None:
    """A file of the largest size is read; one that is a byte or a character longer is not."""
    nothing, too_large = [("E010", 0, 0)], [("E013", 0, 0)]

    assert nothing == found_in(text[1:])
    assert too_large == found_in(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"a: \xc3\xa9\nb: \xc3\xa9\xe9 \n", [("E001", 2, 5)]),
        (b"\xef\xbb\xbfa\xff", [("E001", 1, 2)]),
        (codecs.BOM_UTF16_LE + "a: 1".encode("utf-16-le"), [("E001", 0, 0)]),
        (codecs.BOM_UTF16_BE + "日本".encode("utf-16-be"), [("E001", 0, 0)]),
        (codecs.BOM_UTF32_LE + "a: 1".encode("utf-32-le"), [("E001", 0, 0)]),
        ("a: 1".encode("utf-16-be"), [("E001", 0, 0)]),
        ("a: 1".encode("utf-32-be"), [("E001", 0, 0)]),
    ],
)
def test_bytes_that_are_not_utf8_are_refused(text: bytes, expected: list[tuple[str, int, int]]) -> None:
    """Another encoding is refused, at the first byte that UTF-8 can't have where there is one."""
    assert expected == found_in(text)


@pytest.mark.parametrize("text", ["\ufeffa: é\na: 1", "\ufeffa: é\na: 1".encode()])
def test_a_byte_order_mark_at_the_start_takes_no_place(text: str | bytes) -> None:
    """A UTF-8 byte order mark is skipped and moves no column."""
    expected = [("E003", 2, 1)]

    assert expected == found_in(text)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("file", ["a.yaml", "a.json"])
def test_each_line_end_counts_once(newline: str, file: str) -> None:
    """Lines are counted as an editor counts them, by the parser and by the scan for characters."""
    text = newline.join(["{", '  "a": 1,', "", '  "b": "\u2028\x7f",', '  "a": 2', "}"])
    expected = [("E011", 4, 9), ("E011", 4, 10), ("E003", 5, 3)]

    assert expected == found_in(text, file)


@pytest.mark.parametrize(
    "character", "\0\x07\x0b\x1b\x7f\x80\x85\x9f\ud800\udfff\u202a\u202e\u2066\u2069\ufeff\ufdd0\ufffe\U0001ffff"
)
@pytest.mark.parametrize("file", ["a.yaml", "a.json"])
def test_a_character_that_does_not_travel_is_refused_anywhere(character: str, file: str) -> None:
    """It is refused raw, wherever it stands, once, and the rest of the file is still looked at."""
    text = f'{{"a": "é{character}",\n "b": 1, "b{character}": 2,\n "b": 3}}'
    expected = [("E011", 1, 9), ("E011", 2, 12), ("E003", 3, 2)]

    assert expected == found_in(text, file)


def test_a_raw_line_separator_comes_with_the_escape_that_is_accepted() -> None:
    """What stands raw but may be text is refused with the escape to write, and that is accepted."""
    with pytest.raises(Refused) as refused:
        source.parse("a: \u2028", "a.yaml")
    expected = ('write "\\u2028", in double quotes', {"a": "\u2028"})

    assert expected == (refused.value.diagnostics[0].fix, source.parse('a: "\\u2028"', "a.yaml").data)


def test_a_long_text_is_shown_short() -> None:
    """A message shows the beginning of a long text, not all of it."""
    with pytest.raises(Refused) as refused:
        source.parse(f"? {'k' * 9999}\n: 1\n? {'k' * 9999}\n: 2\n", "a.yaml")
    expected = f"key '{'k' * 60}…' is given twice, first at line 1, column 3"

    assert expected == refused.value.diagnostics[0].message


def test_a_place_beyond_the_data_is_that_of_its_nearest_ancestor() -> None:
    """Where a path leaves the data, its place is the last value before that, and its key place that value's key."""
    parsed = source.parse("a:\n  b: [c, {d: e}]\n", "a.yaml")

    assert Place("a.yaml", 2, 10) == parsed.place(("a", "b", 1))
    assert Place("a.yaml", 2, 10) == parsed.place(("a", "b", 1, "x", "y"))
    assert Place("a.yaml", 2, 14) == parsed.place(("a", "b", 1, "d", 0))
    assert Place("a.yaml", 2, 6) == parsed.place(("a", "b", 2))
    assert Place("a.yaml", 2, 3) == parsed.key_place(("a", "b", "x"))
    assert Place("a.yaml", 2, 10) == parsed.key_place(("a", "b", 1))
    assert Place("a.yaml", 1, 1) == parsed.place(())
    assert Place("a.yaml", 1, 1) == parsed.key_place(("x",))


def test_data_without_marks_stands_at_the_file() -> None:
    """A Source that was not parsed has every place at the file as a whole."""
    bare = source.Source("a.yaml", {"a": ["b"]})

    assert {Place("a.yaml")} == {bare.place(()), bare.place(("a", 0)), bare.key_place(("a",))}


def test_memory_stays_small() -> None:
    """A parsed endpoint takes less than 15 KB, its places and the work of the parser included."""
    endpoint = (
        "{{service: ecr.dkr, name: endpoint-{0}, subnets: [{{name: a{0}}}, {{name: b{0}}}], tags: {{Project: p{0}}}}}"
    )
    text = "endpoints:\n" + "".join(f"  endpoint_{i}: {endpoint.format(i)}\n" for i in range(1000))
    tracemalloc.start()
    try:
        source.parse(text, "a.yaml")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 1000 * 15_000


@pytest.mark.parametrize("file", ["main.tf", "out/x/main.tf.json", "x.tftest.hcl", "terraform.tfvars", "A.TFSTATE"])
def test_a_file_of_terraform_is_told_as_one(file: str) -> None:
    """Whatever it holds: its first line says nothing to who takes a spec for HCL."""
    with pytest.raises(Refused) as refused:
        source.parse('resource "aws_vpc" "x" {\n}\n', file)

    (found,) = refused.value.diagnostics
    assert (found.place, found.code, "a file of Terraform" in found.message) == (Place(file), "E002", True)


def test_a_link_out_of_the_repository_is_not_read(tmp_path: Path) -> None:
    """A pull request may have one, and what a file holds is printed where it is no spec."""
    (tmp_path / "secret").write_text("password: hunter2\n", encoding="utf-8")
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "real.yaml").write_text("name: x\n", encoding="utf-8")
    (tmp_path / "repository" / ".git" / "config").write_text("token: hunter2\n", encoding="utf-8")
    (tmp_path / "other" / ".git").mkdir(parents=True)
    (tmp_path / "other" / "secret").write_text("password: hunter2\n", encoding="utf-8")
    links = {"file": "../secret", "inside": "real.yaml", "folder": "..", "git": ".git/config", "other": "../other"}
    for name, leads in links.items():
        (tmp_path / "repository" / name).symlink_to(leads)
    (tmp_path / "outside").symlink_to("secret")

    outside = f", outside of {tmp_path}/repository"
    told = {"file": f"secret{outside}", "folder/secret": f"secret{outside}", "other/secret": f"other/secret{outside}"}
    for name, leads in {**told, "git": "repository/.git/config, which is git's own"}.items():
        path = tmp_path / "repository" / name
        said = f"{path}: E030 can't be read: it is a link to {tmp_path}/{leads}"
        with pytest.raises(Refused, match=re.escape(said)):
            source.read(str(path))
    assert source.read(str(tmp_path / "repository" / "inside")).data == {"name": "x"}
    assert source.read(str(tmp_path / "outside")).data == {"password": "hunter2"}

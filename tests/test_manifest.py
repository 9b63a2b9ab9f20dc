"""The manifest and the names of our files: whatever a merge or an attacker makes of them, nothing outside is named."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.output import manifest
from generator.source.diagnostics import ExitCode, Refused

DIGEST = hashlib.sha256(b"a\n").hexdigest()
PARTS = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="\\:/"), min_size=1, max_size=8)
PATHS = st.lists(PARTS, min_size=1, max_size=3).map("/".join).filter(lambda path: not manifest.flaw(path))
DIGESTS = st.binary(max_size=2).map(manifest.digest)

UNTRUSTED = {
    "a conflict marker": "<<<<<<< HEAD",
    "an upper-case hash": f"{DIGEST.upper()}  main.tf",
    "one space": f"{DIGEST} main.tf",
    "a short hash": f"{DIGEST[1:]}  main.tf",
    "no path": f"{DIGEST}  ",
    "an empty line": "",
    "a path upwards": f"{DIGEST}  ../main.tf",
    "a path that turns upwards": f"{DIGEST}  tests/../../main.tf",
    "an absolute path": f"{DIGEST}  /etc/passwd",
    "a drive": f"{DIGEST}  C:/main.tf",
    "a backslash": f"{DIGEST}  tests\\main.tf",
    "the manifest itself": f"{DIGEST}  {manifest.NAME}",
    "a control character": f"{DIGEST}  main\x1b.tf",
    "bytes that are no text": f"{DIGEST}  main\ud800.tf",
}


@pytest.mark.parametrize("line", UNTRUSTED.values(), ids=UNTRUSTED)
def test_a_line_that_says_nothing_we_can_trust_is_named_and_not_believed(line: str) -> None:
    """A bad line is reported with its number, and the good ones around it still count."""
    good = f"{DIGEST}  a.tf\n"
    found = manifest.parse(f"{good}{line}\n{DIGEST}  b.tf\n".encode(errors="surrogatepass"))

    assert found.hashes == {"a.tf": {DIGEST}, "b.tf": {DIGEST}}
    assert [number for number, _ in found.problems] == [2]


def test_a_manifest_that_is_cut_off_does_not_name_another_file() -> None:
    """The last line counts only when it is whole, since half a path may be another file's."""
    found = manifest.parse(f"{DIGEST}  main.tf".encode())

    assert dict(found.hashes) == {}
    assert found.problems == ((1, "is cut off"),)


def test_a_manifest_with_converted_line_ends_says_the_same() -> None:
    """A checkout with CRLF hides nothing that the manifest says."""
    found = manifest.parse(f"{DIGEST}  a.tf\r\n{DIGEST}  b.tf\r\n".encode())

    assert found == manifest.Manifest(hashes={"a.tf": frozenset({DIGEST}), "b.tf": frozenset({DIGEST})}, problems=())


@given(st.binary())
def test_any_bytes_are_a_manifest_and_name_nothing_outside(content: bytes) -> None:
    """Reading a manifest never fails, and no path that comes out of it leads out of the folder."""
    for path in manifest.parse(content).hashes:
        assert not PurePosixPath(path).is_absolute()
        assert not PureWindowsPath(path).is_absolute()
        assert ".." not in PureWindowsPath(path).parts


@given(st.dictionaries(PATHS, st.frozensets(DIGESTS, min_size=1)))
def test_what_is_listed_is_read_back(hashes: dict[str, frozenset[str]]) -> None:
    """A manifest of any files says, read again, what was written into it."""
    assert manifest.parse(manifest.dump(hashes)) == manifest.Manifest(hashes=hashes, problems=())


def test_lines_are_sorted_by_path() -> None:
    """The order in which files are rendered does not show in the manifest."""
    expected = f"{'1' * 64}  a\n{'2' * 64}  a\n{'0' * 64}  b\n".encode()

    assert manifest.dump({"b": ["0" * 64], "a": ["2" * 64, "1" * 64]}) == expected


def test_two_manifests_allow_what_either_allows() -> None:
    """A path's hashes are those of both manifests together."""
    first = manifest.parse(f"{'1' * 64}  a\n{'2' * 64}  b\n".encode())
    second = manifest.parse(f"{'3' * 64}  b\n".encode())

    assert manifest.merged(first.hashes, second.hashes) == {"a": {"1" * 64}, "b": {"2" * 64, "3" * 64}}


def test_only_our_own_temporary_names_are_recognised() -> None:
    """A name of a user's that merely looks like ours is no temporary file of ours."""
    assert manifest.is_temporary(manifest.temporary(4711, 0))
    for name in (manifest.NAME, manifest.PENDING, ".gen-endpoints.yaml", ".gen-endpoints.1.2.tmp.bak", "x.1.2.tmp"):
        assert not manifest.is_temporary(name)


@pytest.mark.parametrize(
    "path",
    ["", "/", "/a", "../a", "a/../b", "./a", "a/", "a//b", "a\\b", "C:a", "a\nb", "a\0", "\ud800", ".gen-endpoints.x"],
)
def test_a_path_that_is_no_plain_file_name_is_our_bug(path: str) -> None:
    """A rendered path that could name anything but one file in the folder ends the run as a bug, and is shown."""
    with pytest.raises(Refused) as refused:
        manifest.encoded({path: "x\n", "main.tf": "y\n"}, "out")

    assert refused.value.exit_code is ExitCode.BUG
    assert [(each.code, repr(path) in each.message) for each in refused.value.diagnostics] == [("E307", True)]


def test_a_file_that_is_also_a_folder_is_our_bug() -> None:
    """A module can't have a file and a folder of one name."""
    with pytest.raises(Refused, match=r"'tests/a' needs a folder where the file 'tests' belongs"):
        manifest.encoded({"tests": "", "tests/a": ""}, "out")


def test_text_that_is_no_unicode_is_our_bug() -> None:
    """A lone surrogate can't be written as UTF-8, and is said to be our mistake."""
    with pytest.raises(Refused, match=r"'main.tf' has text that is not Unicode") as refused:
        manifest.encoded({"main.tf": "\ud800\n"}, "out")

    assert refused.value.exit_code is ExitCode.BUG


def test_text_becomes_its_own_bytes() -> None:
    """No line end is converted and no byte order mark is added."""
    assert manifest.encoded({"a": "é\r\n\n"}, "out") == {"a": b"\xc3\xa9\r\n\n"}

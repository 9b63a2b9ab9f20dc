"""What a survey sees: each state that a path can be in, by name first; and it touches nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import pytest

from generator.output import difference, manifest
from generator.output.survey import survey
from generator.source.diagnostics import Place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.source.diagnostics import Code

OURS, OTHER, WANTED = manifest.HEADER + b"x.yaml\nours\n", b"other\n", b"wanted\n"


class State(NamedTuple):
    """The contents that a manifest lists, that stand there and that are rendered; and the kind of difference."""

    listed: bytes | None
    there: bytes | None
    wanted: bytes | None
    kind: Code | None


STATES: Mapping[str, State] = {
    "nothing": State(None, None, None, None),
    "the user's own": State(None, OTHER, None, None),
    "new": State(None, None, WANTED, difference.MISSING),
    "new and empty": State(None, None, b"", difference.MISSING),
    "the same by chance": State(None, WANTED, WANTED, None),
    "the user's in the way": State(None, OTHER, WANTED, difference.FOREIGN),
    "the user's in the way, empty": State(None, b"", WANTED, difference.FOREIGN),
    "left over, deleted": State(OURS, None, None, None),
    "left over": State(OURS, OURS, None, difference.ORPHANED),
    "the user's own, listed": State(OTHER, OTHER, None, None),
    "the user's own, listed and empty": State(b"", b"", None, None),
    "left over, edited": State(OURS, OTHER, None, difference.EDITED),
    "left over, emptied": State(OURS, b"", None, difference.EDITED),
    "deleted": State(OURS, None, WANTED, difference.MISSING),
    "stale": State(OURS, OURS, WANTED, difference.STALE),
    "edited": State(OURS, OTHER, WANTED, difference.EDITED),
    "edited, then rendered the same": State(OURS, WANTED, WANTED, None),
    "right": State(WANTED, WANTED, WANTED, None),
}


def lay(folder: Path, path: str, content: bytes | None) -> None:
    """Put a file there, unless there is none."""
    if content is not None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def list_as(folder: Path, contents: Mapping[str, bytes], name: str = manifest.NAME) -> None:
    """Write a manifest of these contents."""
    lay(folder, name, manifest.dump({path: [manifest.digest(content)] for path, content in contents.items()}))


def kinds(wanted: Mapping[str, bytes], folder: Path) -> list[tuple[str, Code]]:
    """Return what differs, and how."""
    return [(each.path, each.kind) for each in survey(wanted, folder).differences]


@pytest.mark.parametrize("path", ["main.tf", "tests/deep/main.tf"])
@pytest.mark.parametrize("listing", [manifest.NAME, manifest.PENDING])
@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_each_state_of_a_path_has_its_kind(tmp_path: Path, path: str, listing: str, state: State) -> None:
    """A path is judged by what either manifest knows, what is there and what is rendered, and by nothing else."""
    lay(tmp_path, path, state.there)
    list_as(tmp_path, {} if state.listed is None else {path: state.listed}, listing)
    found = survey({} if state.wanted is None else {path: state.wanted}, tmp_path)

    expected = [] if state.kind is None else [(state.kind, state.there, state.wanted)]
    assert [(each.kind, each.before, each.after) for each in found.differences if each.path == path] == expected


def test_a_folder_that_does_not_exist_lacks_every_file(tmp_path: Path) -> None:
    """A first run sees only missing files, sorted by path."""
    expected = [("a", difference.MISSING), ("b/c", difference.MISSING)]

    assert kinds({"b/c": WANTED, "a": WANTED}, tmp_path / "none") == expected


def test_a_pending_manifest_and_temporary_files_tell_of_a_run_that_did_not_end(tmp_path: Path) -> None:
    """What an interrupted run left is reported, and what only looks like it is not."""
    temporary = manifest.temporary(7, 0)
    for name in (temporary, ".gen-endpoints.yaml", f"{temporary}.bak"):
        lay(tmp_path, name, b"")
    (tmp_path / manifest.temporary(7, 1)).mkdir()
    (tmp_path / manifest.temporary(7, 2)).symlink_to(".gen-endpoints.yaml")
    list_as(tmp_path, {"main.tf": WANTED})
    list_as(tmp_path, {"main.tf": WANTED}, manifest.PENDING)
    lay(tmp_path, "main.tf", WANTED)

    expected = [(temporary, difference.INTERRUPTED), (manifest.PENDING, difference.INTERRUPTED)]
    assert kinds({"main.tf": WANTED}, tmp_path) == expected


@pytest.mark.parametrize(
    ("listing", "kind"),
    [
        (None, difference.MISSING),
        (manifest.dump({"main.tf": [manifest.digest(OTHER)]}), difference.UNLISTED),
        (manifest.dump({"main.tf": [manifest.digest(WANTED)], "x": [manifest.digest(b"")]}), difference.UNLISTED),
        (manifest.dump({"main.tf": [manifest.digest(WANTED)]}).replace(b"\n", b"\r\n"), difference.UNLISTED),
        (b"", difference.UNLISTED),
        (b"<<<<<<< HEAD\n", difference.DAMAGED),
    ],
    ids=["missing", "another hash", "a file too many", "CRLF", "empty", "damaged"],
)
def test_a_manifest_that_does_not_list_the_files_is_a_difference(
    tmp_path: Path, listing: bytes | None, kind: Code
) -> None:
    """Right files with a wrong manifest are not in order: the next run could not tell whose they are."""
    lay(tmp_path, "main.tf", WANTED)
    lay(tmp_path, manifest.NAME, listing)

    assert kinds({"main.tf": WANTED}, tmp_path) == [(manifest.NAME, kind)]


def test_a_damaged_manifest_is_named_by_its_first_bad_line(tmp_path: Path) -> None:
    """The finding leads an editor to the line, and what the other lines say still holds."""
    line = f"{manifest.digest(OURS)}  main.tf\n"
    lay(tmp_path, manifest.NAME, f"{line}=======\n>>>>>>> theirs\n".encode())
    lay(tmp_path, "main.tf", OURS)
    first, second = survey({"main.tf": WANTED}, tmp_path).differences

    assert str(first.diagnostic).splitlines() == [
        f"{tmp_path}/{manifest.NAME}:2:0: E305 the line is not a SHA-256, two spaces and a path",
        "    restore it from version control, or write a new one with --force",
    ]
    assert second.kind == difference.STALE


def test_a_stale_file_is_not_reported_a_second_time_for_its_line_in_the_manifest(tmp_path: Path) -> None:
    """One cause has one finding."""
    lay(tmp_path, "main.tf", OURS)
    list_as(tmp_path, {"main.tf": OURS})

    assert kinds({"main.tf": WANTED}, tmp_path) == [("main.tf", difference.STALE)]


@pytest.mark.parametrize(
    ("listed", "there", "kind"),
    [
        (None, WANTED, difference.FOREIGN),
        (WANTED, WANTED, difference.STALE),
        (OURS, WANTED, difference.STALE),
        (OURS, OURS, difference.STALE),
    ],
)
def test_files_that_differ_in_line_ends_alone_are_told_so(
    tmp_path: Path, listed: bytes | None, there: bytes, kind: Code
) -> None:
    """A checkout that converts line ends is not mistaken for an edit: the fix is one of git's settings."""
    lay(tmp_path, "main.tf", there.replace(b"\n", b"\r\n"))
    list_as(tmp_path, {} if listed is None else {"main.tf": listed})
    (found,) = survey({"main.tf": WANTED}, tmp_path).differences

    assert found.kind == kind
    assert (difference.CONVERTED in str(found.diagnostic)) == (there == WANTED)
    assert found.diagnostic.fix.startswith(difference.KEEP_LINE_ENDS) == (there == WANTED)
    assert bool(found.diff) == (there != WANTED), "each line would be told twice"


def test_a_real_edit_is_not_blamed_on_line_ends(tmp_path: Path) -> None:
    """The advice about line ends is given only where they explain everything."""
    lay(tmp_path, "main.tf", b"edited\r\n")
    list_as(tmp_path, {"main.tf": OURS})
    (found,) = survey({"main.tf": WANTED}, tmp_path).differences

    assert found.diagnostic.fix == "move the edit into the spec, then drop it here with --force"


@pytest.mark.parametrize("wanted", [{"tests/x": WANTED}, {}], ids=["rendered", "left over"])
@pytest.mark.parametrize("link", ["tests", "tests/x"])
def test_a_link_is_not_followed_even_where_it_leads_to_the_right_content(
    tmp_path: Path, link: str, wanted: Mapping[str, bytes]
) -> None:
    """A link on the way to one of our files is reported at the link, be the file rendered or left over."""
    folder, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    lay(elsewhere, "x", WANTED)
    list_as(folder, {"tests/x": WANTED})
    (folder / link).parent.mkdir(exist_ok=True)
    (folder / link).symlink_to(elsewhere if link == "tests" else elsewhere / "x")
    (found,) = survey(wanted, folder).differences

    assert (found.kind, found.diagnostic.place.file) == (difference.LINKED, str(folder / link))


@pytest.mark.parametrize("name", [manifest.NAME, manifest.PENDING])
def test_a_manifest_that_is_a_link_or_a_folder_is_reported(tmp_path: Path, name: str) -> None:
    """A manifest is read from the folder itself, never from elsewhere."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / name).symlink_to("nowhere")
    (tmp_path / "b" / name).mkdir(parents=True)

    assert (name, difference.LINKED) in kinds({}, tmp_path / "a")
    assert (name, difference.BLOCKED) in kinds({}, tmp_path / "b")


def test_what_is_no_file_is_in_the_way_of_one(tmp_path: Path) -> None:
    """A folder or a pipe where a file belongs, and a file where a folder does, are reported; no pipe is waited for."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    lay(tmp_path, "file", b"")
    wanted = {"folder": WANTED, "pipe": WANTED, "file/x": WANTED}

    expected = [(path, difference.BLOCKED) for path in sorted(wanted)]
    assert kinds(wanted, tmp_path) == expected
    assert "no plain file where one belongs" in str(difference.describe(difference.BLOCKED, Place("out/x/pipe")))


def test_what_took_the_place_of_a_file_no_longer_rendered_is_the_users(tmp_path: Path) -> None:
    """A folder under an old file's name, or a file under an old folder's, is not ours to report."""
    (tmp_path / "old").mkdir()
    lay(tmp_path, "tests", OTHER)
    list_as(tmp_path, {"old": OURS, "tests/x": OURS})

    assert kinds({}, tmp_path) == [(manifest.NAME, difference.UNLISTED)]


def test_a_survey_says_what_is_to_be_done(tmp_path: Path) -> None:
    """What to write, what to remove and what is gone follow from the differences."""
    for path in ("stale", "right", "old", "user"):
        lay(tmp_path, path, OURS)
    list_as(tmp_path, {"stale": OURS, "right": OURS, "old": OURS, "deleted": OURS})
    found = survey({"stale": WANTED, "right": OURS, "new": WANTED}, tmp_path)

    assert found.to_write == {"stale": WANTED, "new": WANTED}
    assert found.to_remove == ("old",)
    assert found.gone == ("deleted", "old")

"""Writing into a folder: ours as rendered, the user's own as it was, and a refusal where the two could be confused."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.output import difference, manifest, tree
from generator.source.diagnostics import ExitCode, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEAD = f"{manifest.HEADER.decode()}x.yaml\n"
FILES = {"main.tf": f"{HEAD}a\n", "outputs.tf": f"{HEAD}b\n", "tests/endpoints.tftest.hcl": f"{HEAD}c\n"}
CHANGED = {"main.tf": f"{HEAD}A\n", "outputs.tf": f"{HEAD}b\n", "data.tf": f"{HEAD}d\n"}
USERS = {"backend.tf": b"mine\n", ".terraform/terraform.tfstate": b"{}", "tests/mine.tftest.hcl": b"", "crlf": b"\r\n"}

POOL = ("a.tf", "b.tf", "x/c.tf", "x/y/d.tf", "z/e.tf")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5).map(lambda text: HEAD + text)
FILE_MAPS = st.dictionaries(st.sampled_from(POOL), TEXTS)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file under the folder with its content, and every empty folder with `/` after its name."""
    found = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file():
            found[name] = path.read_bytes()
        elif path.is_dir() and not any(path.iterdir()):
            found[f"{name}/"] = b""
    return found


def expected_of(files: Mapping[str, str], users: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """Return the snapshot of a folder that holds these files, their manifest, and the user's own."""
    contents = {path: text.encode() for path, text in files.items()}
    listing = manifest.dump({path: [manifest.digest(content)] for path, content in contents.items()})
    return {**contents, manifest.NAME: listing, **(users or {})}


def times(folder: Path) -> dict[str, int]:
    """Return when each file and folder was last changed."""
    return {str(path): path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder into which FILES were written, beside the user's own."""
    out = tmp_path / "out"
    for path, content in USERS.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)
    tree.write(FILES, out)
    return out


def test_a_first_write_makes_the_folder_and_a_manifest_of_the_files(tmp_path: Path) -> None:
    """A folder that does not exist is made, with its parents, and holds the files and their manifest."""
    out = tmp_path / "deep" / "out"
    written = tree.write(FILES, out)

    assert snapshot(out) == expected_of(FILES)
    assert written == tree.Written(created=tuple(sorted(FILES)), changed=(), unchanged=(), removed=())


def test_a_second_write_leaves_exactly_the_new_files(folder: Path) -> None:
    """New files come, old ones change or go with the folders that they leave empty, and the user's own stay."""
    written = tree.write(CHANGED, folder)

    assert snapshot(folder) == expected_of(CHANGED, USERS)
    assert written == tree.Written(
        created=("data.tf",), changed=("main.tf",), unchanged=("outputs.tf",), removed=("tests/endpoints.tftest.hcl",)
    )


def test_writing_the_same_again_touches_nothing(folder: Path) -> None:
    """The same files, written again, change no time of any file or folder."""
    before = times(folder)
    written = tree.write(FILES, folder)

    assert times(folder) == before
    assert written == tree.Written(created=(), changed=(), unchanged=tuple(sorted(FILES)), removed=())


def test_a_file_that_stays_the_same_is_not_touched(folder: Path) -> None:
    """A write that changes one file leaves the times of the others."""
    before = times(folder)[str(folder / "outputs.tf")]
    tree.write(CHANGED, folder)

    assert times(folder)[str(folder / "outputs.tf")] == before


def test_folders_that_become_empty_are_removed_and_others_are_kept(tmp_path: Path) -> None:
    """Only folders that held our files go, and only if nothing of the user's is in them."""
    (tmp_path / "empty").mkdir()
    tree.write({"a/b/c.tf": HEAD, "d/e.tf": HEAD}, tmp_path)
    (tmp_path / "d" / "mine").touch()
    tree.write({}, tmp_path)

    assert snapshot(tmp_path) == expected_of({}, {"empty/": b"", "d/mine": b""})


def test_sha256sum_accepts_the_manifest(folder: Path) -> None:
    """Whoever has the folder alone can check it with a tool that everybody has."""
    program = shutil.which("sha256sum")
    assert program is not None
    (folder / "main.tf").write_bytes(b"edited")
    done = subprocess.run([program, "-c", manifest.NAME], cwd=folder, capture_output=True, text=True, check=False)

    assert done.stdout.splitlines() == ["main.tf: FAILED", "outputs.tf: OK", "tests/endpoints.tftest.hcl: OK"]
    assert "improperly formatted" not in done.stderr


def test_new_files_have_the_rights_that_the_umask_gives(tmp_path: Path) -> None:
    """A rendered file is as readable as one made by hand, not private as temporary files are."""
    before = os.umask(0o022)
    try:
        tree.write(FILES, tmp_path)
    finally:
        os.umask(before)

    assert {oct((tmp_path / name).stat().st_mode) for name in expected_of(FILES)} == {"0o100644"}


def test_line_ends_are_written_as_they_are_rendered(tmp_path: Path) -> None:
    """The bytes on the disk are the text in UTF-8, whatever the platform."""
    tree.write({"a": "é\r\nb\n"}, tmp_path)

    assert (tmp_path / "a").read_bytes() == b"\xc3\xa9\r\nb\n"


def test_a_folder_as_rendered_has_no_differences(folder: Path) -> None:
    """What was just written is what would be written."""
    assert tree.differences(FILES, folder) == ()


def test_differences_are_told_and_nothing_is_written(folder: Path) -> None:
    """Looking changes nothing, and names every path at which a write would act."""
    (folder / "main.tf").write_text("edited\n")
    before = times(folder)
    found = tree.differences(CHANGED, folder)

    assert [(each.path, each.kind) for each in found] == [
        ("data.tf", difference.MISSING),
        ("main.tf", difference.EDITED),
        ("tests/endpoints.tftest.hcl", difference.ORPHANED),
    ]
    assert found[1].diff.splitlines()[-3::2] == ["-edited", "+A"]
    assert times(folder) == before


@pytest.mark.parametrize("listing", [manifest.NAME, manifest.PENDING])
def test_a_file_of_the_user_s_that_a_manifest_lists_is_not_removed(folder: Path, listing: str) -> None:
    """Whoever writes to the folder, as a pull request does, may list anything; what was rendered says so."""
    line = f"{manifest.digest(USERS['backend.tf'])}  backend.tf\n"
    with (folder / listing).open("a", encoding="utf-8") as opened:
        opened.write(line)

    assert tree.write(CHANGED, folder).removed == ("tests/endpoints.tftest.hcl",)
    assert snapshot(folder) == expected_of(CHANGED, USERS)


def test_looking_at_a_folder_that_is_not_there_does_not_make_it(tmp_path: Path) -> None:
    """A missing folder is all files missing, and stays missing."""
    found = tree.differences(FILES, tmp_path / "none")

    assert [each.kind for each in found] == [difference.MISSING] * 3
    assert not (tmp_path / "none").exists()


SPOILT = {
    "an edit": ("main.tf", "E302 edited by hand since gen-endpoints wrote it"),
    "an edited file that is left over": (
        "tests/endpoints.tftest.hcl",
        "E302 edited by hand since gen-endpoints wrote it",
    ),
    "a file of the user's": (
        "data.tf",
        "E301 not listed as written by gen-endpoints, and not what the spec renders to",
    ),
    "a conflict in the manifest": (manifest.NAME, "E305 the line is not a SHA-256, two spaces and a path"),
    "a conflict in the pending manifest": (manifest.PENDING, "E305 the line is not a SHA-256, two spaces and a path"),
}


@pytest.mark.parametrize(("path", "message"), SPOILT.values(), ids=SPOILT)
def test_what_is_not_as_we_left_it_is_refused_and_can_be_forced(folder: Path, path: str, message: str) -> None:
    """Without force nothing at all is touched, though other files could be; with force it is made right."""
    with (folder / path).open("a") as file:
        file.write("<<<<<<< HEAD\n")
    (folder / manifest.temporary(1, 1)).touch()
    before = times(folder)
    with pytest.raises(tree.WouldOverwrite) as refused:
        tree.write(CHANGED, folder)

    assert times(folder) == before
    assert [(each.place.file, f"{each.code} {each.message}") for each in refused.value.diagnostics] == [
        (str(folder / path), message)
    ]
    assert refused.value.exit_code is ExitCode.REFUSED
    tree.write(CHANGED, folder, force=True)
    assert snapshot(folder) == expected_of(CHANGED, USERS)


def test_a_refusal_carries_the_diff_of_what_would_be_lost(folder: Path) -> None:
    """Whoever is refused sees the edit, and can carry it over."""
    (folder / "main.tf").write_text(f"{HEAD}a\nedited\n")
    with pytest.raises(tree.WouldOverwrite) as refused:
        tree.write(FILES, folder)

    assert [each.diff for each in refused.value.differences] == [
        "--- main.tf\tin the folder\n+++ main.tf\trendered\n@@ -1,3 +1,2 @@\n " + HEAD + " a\n-edited\n"
    ]


def test_all_refusals_come_at_once(folder: Path) -> None:
    """One run tells everything that is in the way."""
    (folder / "main.tf").write_text("edited")
    (folder / "data.tf").write_text("mine")
    (folder / "tests/endpoints.tftest.hcl").unlink()
    (folder / "tests/endpoints.tftest.hcl").symlink_to("mine.tftest.hcl")
    with pytest.raises(tree.WouldOverwrite) as refused:
        tree.write(CHANGED, folder)

    assert [each.code for each in refused.value.diagnostics] == ["E301", "E302", "E303"]


def test_a_lost_manifest_is_written_again_where_the_files_are_right(folder: Path) -> None:
    """Files that are as they would be written need no leave to be ours."""
    (folder / manifest.NAME).unlink()
    assert [each.kind for each in tree.differences(FILES, folder)] == [difference.MISSING]
    written = tree.write(FILES, folder)

    assert snapshot(folder) == expected_of(FILES, USERS)
    assert written.unchanged == tuple(sorted(FILES))


def test_a_destroyed_manifest_removes_nothing(folder: Path) -> None:
    """What nothing says is ours any more is kept, even with force."""
    (folder / manifest.NAME).write_bytes(b"\x00\xff" * 100)
    tree.write(CHANGED, folder, force=True)

    kept = {"tests/endpoints.tftest.hcl": f"{HEAD}c\n".encode()}
    assert snapshot(folder) == expected_of(CHANGED, {**USERS, **kept})


@pytest.mark.parametrize("path", ["../outside", "tests/../../outside", "{outside}"])
@pytest.mark.parametrize("listing", [manifest.NAME, manifest.PENDING])
def test_no_manifest_can_lead_to_a_deletion_outside(folder: Path, path: str, listing: str) -> None:
    """A line that names a file elsewhere, with its very hash, is refused, and ignored under force."""
    outside = folder.parent / "outside"
    outside.write_bytes(b"precious")
    line = f"{manifest.digest(b'precious')}  {path.format(outside=outside)}\n"
    with (folder / listing).open("a") as file:
        file.write(line)
    with pytest.raises(tree.WouldOverwrite, match=r"E305 the line names a file that cannot be ours"):
        tree.write({}, folder)
    tree.write({}, folder, force=True)

    assert outside.read_bytes() == b"precious"
    assert snapshot(folder) == expected_of({}, USERS)


@pytest.mark.parametrize("force", [False, True], ids=["", "forced"])
@pytest.mark.parametrize("link", ["main.tf", "tests", manifest.NAME, manifest.PENDING])
def test_a_link_inside_the_folder_is_refused_even_by_force(tmp_path: Path, link: str, *, force: bool) -> None:
    """Nothing is written or deleted through a link, nor is the link replaced."""
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (elsewhere / "endpoints.tftest.hcl").write_text("precious")
    (out / link).symlink_to(elsewhere)
    with pytest.raises(tree.WouldOverwrite, match=rf"{link}: E303"):
        tree.write(FILES, out, force=force)

    assert (out / link).is_symlink()
    assert len(list(out.iterdir())) == 1
    assert snapshot(elsewhere) == {"endpoints.tftest.hcl": b"precious"}


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    """Where the output folder is a link to a folder, the files go into that, and the link stays."""
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to("real")
    tree.write(FILES, tmp_path / "out")

    assert (tmp_path / "out").is_symlink()
    assert snapshot(tmp_path / "real") == expected_of(FILES)
    assert tree.differences(FILES, tmp_path / "out") == ()
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "out").symlink_to(tmp_path / "real")
    with pytest.raises(Refused, match=r"repository/out: E303 a link leads it to .*/real, outside of .*/repository\n"):
        tree.write({}, tmp_path / "repository" / "out")
    assert snapshot(tmp_path / "real") == expected_of(FILES)


@pytest.mark.parametrize("force", [False, True], ids=["", "forced"])
def test_what_is_no_file_is_never_replaced(tmp_path: Path, *, force: bool) -> None:
    """A folder where a file belongs, and a file where a folder does, stay where they are."""
    (tmp_path / "main.tf").mkdir()
    (tmp_path / "tests").touch()
    with pytest.raises(tree.WouldOverwrite) as refused:
        tree.write(FILES, tmp_path, force=force)

    found = [(each.code, each.place.file) for each in refused.value.diagnostics]
    assert found == [("E304", str(tmp_path / "main.tf")), ("E304", str(tmp_path / "tests"))]
    assert snapshot(tmp_path) == {"main.tf/": b"", "tests": b""}


@pytest.mark.parametrize("kind", ["file", "link to nothing"])
def test_a_folder_that_is_none_is_refused(tmp_path: Path, kind: str) -> None:
    """A file, or a link that leads nowhere, under the folder's own name is named and kept."""
    out = tmp_path / "out"
    if kind == "file":
        out.write_bytes(b"mine")
    else:
        out.symlink_to("nowhere")
    for act in (tree.write, tree.differences):
        with pytest.raises(Refused) as refused:
            act(FILES, out)
        assert [(each.code, each.place.file) for each in refused.value.diagnostics] == [("E304", str(out))]

    assert [each.name for each in tmp_path.iterdir()] == ["out"]


def test_a_path_that_leads_outside_is_a_bug_and_writes_nothing(tmp_path: Path) -> None:
    """Templates can't write elsewhere; it ends the run as our bug, before the folder is made."""
    for act in (tree.write, tree.differences):
        with pytest.raises(Refused) as refused:
            act({"../main.tf": "", "a.tf": ""}, tmp_path / "out")
        assert refused.value.exit_code is ExitCode.BUG

    assert list(tmp_path.iterdir()) == []


def test_what_the_system_says_becomes_a_finding(tmp_path: Path) -> None:
    """A name too long for the file system is refused in the system's words, with its place."""
    out = tmp_path / "out"
    name = "x" * 300
    with pytest.raises(Refused) as refused:
        tree.write({"main.tf": "", name: ""}, out)

    (found,) = refused.value.diagnostics
    assert found.message == f"the system says: File name too long (ENAMETOOLONG) at {out / name}"
    assert found.fix == "remove the cause, then run the same again: no file is half written"
    assert found.place.file == str(out)
    assert snapshot(tmp_path) == {"out/": b""}


def test_a_parent_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """A folder can't be made below a file, and the file is not harmed."""
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(Refused, match=r"E306 the system says: Not a directory \(ENOTDIR\)"):
        tree.write(FILES, tmp_path / "file" / "out")

    assert snapshot(tmp_path) == {"file": b"mine"}


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.EIO])
def test_a_folder_that_cannot_be_read_is_refused(folder: Path, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither looking nor writing ends in a traceback where reading fails."""

    def failing(path: Path, mode: str) -> NoReturn:
        raise OSError(number, os.strerror(number), f"{path} {mode}")

    monkeypatch.setattr(Path, "open", failing)
    for act in (tree.write, tree.differences):
        with pytest.raises(Refused, match=rf"E306 the system says: {os.strerror(number)}"):
            act(FILES, folder)


def test_a_converted_checkout_is_told_from_an_edit_and_restored(folder: Path) -> None:
    """Where git converted every line end, the manifest's too, the advice is about line ends, and a write restores all.

    What is edited besides is kept.
    """
    for path in (*FILES, manifest.NAME):
        (folder / path).write_bytes((folder / path).read_bytes().replace(b"\n", b"\r\n"))
    found = tree.differences(FILES, folder)

    assert {(each.kind, each.diagnostic.message) for each in found} == {(difference.STALE, difference.CONVERTED)}
    edited = folder / found[0].path
    edited.write_bytes(b"edited\r\n" + (content := edited.read_bytes()))
    with pytest.raises(tree.WouldOverwrite):
        tree.write(FILES, folder)
    edited.write_bytes(content)
    tree.write(FILES, folder)
    assert snapshot(folder) == expected_of(FILES, USERS)


@settings(deadline=None)  # a disk may take its time
@given(st.lists(FILE_MAPS, min_size=1, max_size=5))
def test_after_any_writes_the_folder_holds_the_last_files_and_the_users(sequence: Sequence[Mapping[str, str]]) -> None:
    """Whatever was written before, the last write alone decides what is ours, and the user's own never change."""
    users = {"mine.tf": b"m", "x/mine.tf": b"", ".terraform/x": b"x"}
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        for path, content in users.items():
            (out / path).parent.mkdir(exist_ok=True)
            (out / path).write_bytes(content)
        for files in sequence:
            told = {each.path for each in tree.differences(files, out)}
            done = tree.write(files, out)

            assert snapshot(out) == expected_of(files, users)
            assert tree.differences(files, out) == ()
            assert told - {manifest.NAME} == {*done.created, *done.changed, *done.removed}

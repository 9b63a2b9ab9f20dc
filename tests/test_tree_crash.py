"""A run that fails or is killed at any point: each file whole, the user's own untouched, and the next run at its goal.

Three ways to stop a run: an error of the system at each single operation, an end of everything at each single operation
(what `kill -9` leaves, at every point where it can come), and the real `kill -9` at random times. And runs at once.
"""

from __future__ import annotations

import errno
import fcntl
import itertools
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from generator.output import difference, manifest, tree
from generator.source.diagnostics import Refused
from tests.cases import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path


def headed(files: dict[str, str]) -> dict[str, str]:
    """Return files that say of themselves that they were rendered."""
    return {path: f"{manifest.HEADER.decode()}x.yaml\n{text}" for path, text in files.items()}


OLD = headed({"main.tf": "old\n" * 9, "same.tf": "same\n", "left.tf": "left\n", "tests/a.tftest.hcl": "test\n"})
NEW = headed({"main.tf": "new\n" * 9, "same.tf": "same\n", "more.tf": "more\n", "deep/er/b.tf": "b\n"})
THIRD = headed({"main.tf": "third\n", "left.tf": "third\n", "tests/b.tftest.hcl": "third\n", "deep/er/b.tf": "third\n"})
USERS = {"backend.tf": b"mine\n", ".terraform/state": b"{}", ".gen-endpoints.yaml": b"mine"}

SETTINGS = {"PYTHONPATH": str(ROOT)}
"""The environment of the programs that these tests run."""

MUTATIONS = ("open", "write", "fsync", "link", "replace", "unlink", "mkdir", "rmdir")
"""Every function of `os` through which a run can change the disk."""


class Killed(BaseException):
    """What stands for the end of the process: nothing after it has an effect."""


class Machine:
    """Counts the operations of a run, keeps a log of them, and breaks at one: by one error, or for good."""

    def __init__(self, breaks_at: int, error: int | None) -> None:
        """Break at the operation of this number with this errno, or die there if there is none."""
        self.count = 0
        self.breaks_at = breaks_at
        self.error = error
        self.log: list[tuple[str, str]] = []
        self.opened: dict[int, str] = {}

    def fault(self) -> BaseException | None:
        """Count one operation, and return what it raises, if it does."""
        self.count += 1
        if self.error is None:
            return Killed() if self.count >= self.breaks_at else None
        return OSError(self.error, os.strerror(self.error)) if self.count == self.breaks_at else None

    def watched(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        """Return the function of `os`, made to break where the machine does."""

        def operation(*arguments: object, **keywords: object) -> object:
            if fault := self.fault():
                if name == "write" and self.count == self.breaks_at:
                    half_write(real, *arguments)
                raise fault
            first = arguments[1 if name in {"link", "replace"} else 0]
            self.log.append((name, self.opened[first] if isinstance(first, int) else str(first)))
            if name == "fsync":
                return None  # the disk is not waited for
            result = real(*arguments, **keywords)
            if isinstance(result, int) and name == "open":
                self.opened[result] = str(first)
            return result

        return operation


def half_write(real: Callable[..., object], handle: object, content: object) -> None:
    """Stop in the middle of a file, as a full disk does, or the end of the process."""
    assert isinstance(content, memoryview)
    real(handle, content[: len(content) // 2])


@contextmanager
def machine(breaks_at: int = sys.maxsize, error: int | None = None) -> Iterator[Machine]:
    """Run the body on a machine that breaks at one operation."""
    it = Machine(breaks_at, error)
    with pytest.MonkeyPatch.context() as patch:
        for name in MUTATIONS:
            patch.setattr(os, name, it.watched(name, getattr(os, name)))
        yield it


def prepared(folder: Path) -> Path:
    """Return the folder with OLD written into it, beside the user's own."""
    for path, content in USERS.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    with machine():
        tree.write(OLD, folder)
    return folder


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file under the folder, and every empty folder."""
    paths = [path for path in folder.rglob("*") if path.is_file() or not any(path.iterdir())]
    return {path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"" for path in paths}


def expected_of(files: Mapping[str, str]) -> dict[str, bytes]:
    """Return the snapshot of a folder that holds these files, their manifest and the user's own."""
    contents = {path: text.encode() for path, text in files.items()}
    listing = manifest.dump({path: [manifest.digest(content)] for path, content in contents.items()})
    return {**contents, manifest.NAME: listing, **USERS}


def assert_whole(folder: Path, *versions: Mapping[str, str]) -> None:
    """Each file is one of its versions, and absent only if it is in one of them; the user's own are as they were."""
    found = snapshot(folder)
    for path in {path for version in versions for path in version}:
        assert found.get(path) in {version[path].encode() if path in version else None for version in versions}
    assert {path: found[path] for path in USERS} == USERS


def assert_heals(folder: Path, *targets: Mapping[str, str]) -> None:
    """From this state, a run without force reaches any target, and leaves nothing else."""
    for number, target in enumerate(targets):
        copy = folder.with_name(f"{folder.name}-{number}")
        shutil.copytree(folder, copy)
        with machine():
            tree.write(target, copy)
        assert snapshot(copy) == expected_of(target)
        assert tree.differences(target, copy) == ()


def refusal(files: Mapping[str, str], folder: Path) -> str:
    """Write, and return the words with which that is refused, if it is."""
    try:
        tree.write(files, folder)
    except Refused as refused:
        return str(refused)
    return ""


def temporaries(folder: Path) -> list[str]:
    """Return the names of temporary files that are left."""
    return [path.name for path in folder.iterdir() if manifest.is_temporary(path.name)]


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS], ids=errno.errorcode.get)
def test_an_error_at_any_operation_is_refused_and_harms_nothing(tmp_path: Path, error: int) -> None:
    """The disk may be full, fail, or be taken away at each step: no torn file, no debris, and the next run heals."""
    refused = 0
    for breaks_at in itertools.count(1):
        folder = prepared(tmp_path / str(breaks_at))
        with machine(breaks_at, error) as broken:
            words = refusal(NEW, folder)
        if words:
            refused += 1
            assert words.startswith(f"{folder}: E306 the system says: {os.strerror(error)}")
        else:
            assert snapshot(folder) == expected_of(NEW)
        assert_whole(folder, OLD, NEW)
        assert temporaries(folder) == []
        assert_heals(folder, NEW, OLD)
        if broken.count < breaks_at:
            break

    assert refused > 30


def test_an_error_before_all_is_staged_leaves_the_old_files_and_nothing_else(tmp_path: Path) -> None:
    """A disk that fills up while the new files are put on it changes nothing at all."""
    folder = prepared(tmp_path / "out")
    with machine() as sound:
        tree.write(NEW, folder)
    staging = [name for name, _ in sound.log].index("replace")

    for breaks_at in range(2, staging + 1):  # the first makes the folder, which is there
        folder = prepared(tmp_path / str(breaks_at))
        with machine(breaks_at, errno.ENOSPC), pytest.raises(Refused, match="ENOSPC"):
            tree.write(NEW, folder)
        assert snapshot(folder) == expected_of(OLD)


def test_a_first_run_that_fails_leaves_nothing_of_ours(tmp_path: Path) -> None:
    """Where there was nothing, a failed run leaves no file before the pending manifest tells whose it is."""
    for breaks_at in itertools.count(1):
        folder = tmp_path / str(breaks_at)
        with machine(breaks_at, errno.ENOSPC) as broken, suppress(Refused):
            tree.write(NEW, folder)
        if broken.count < breaks_at:
            break
        found = snapshot(folder) if folder.exists() else {}
        assert not found.keys() & NEW.keys() or {manifest.PENDING, manifest.NAME} & found.keys()
        with machine():
            tree.write(OLD, folder)
        assert snapshot(folder) == {path: expected_of(OLD)[path] for path in (*OLD, manifest.NAME)}


def test_an_end_at_any_operation_leaves_whole_files_and_the_next_run_heals(tmp_path: Path) -> None:
    """Wherever a run is killed, no file is torn, a look tells that it did not end, and any run reaches its goal."""
    for breaks_at in itertools.count(1):
        folder = prepared(tmp_path / str(breaks_at))
        with machine(breaks_at) as broken, suppress(Killed):
            tree.write(NEW, folder)
        if broken.count < breaks_at:
            break
        assert_whole(folder, OLD, NEW)
        found = {each.kind for each in tree.differences(NEW, folder)}
        kinds = {difference.MISSING, difference.STALE, difference.ORPHANED, difference.INTERRUPTED, difference.UNLISTED}
        assert found <= kinds
        # A folder that still needs something says so, be it for the new files or the old.
        for files in (NEW, OLD):
            assert (tree.differences(files, folder) == ()) == (snapshot(folder) == expected_of(files))
        assert_heals(folder, NEW, OLD, THIRD)

    assert breaks_at > 40


def test_an_end_of_the_run_that_heals_is_healed_too(tmp_path: Path) -> None:
    """Runs for different files may be killed one after the other: every content that one of them left is known."""
    reached = 0
    for first, second in itertools.product(range(5, 60, 3), range(5, 60, 4)):
        folder = prepared(tmp_path / f"{first}-{second}")
        with machine(first), suppress(Killed):
            tree.write(NEW, folder)
        with machine(second) as broken, suppress(Killed):
            tree.write(THIRD, folder)
        reached += broken.count >= second
        assert_whole(folder, OLD, NEW, THIRD)
        with machine():
            tree.write(OLD, folder)
        assert snapshot(folder) == expected_of(OLD)
        shutil.rmtree(folder)

    assert reached > 150


def test_an_edit_that_a_forced_run_did_not_reach_is_still_kept(tmp_path: Path) -> None:
    """Force holds for one run: where it was killed before it overwrote the edit, the next one asks again."""
    asked = 0
    for breaks_at in itertools.count(1):
        folder = prepared(tmp_path / str(breaks_at))
        (folder / "main.tf").write_text("edited\n")
        with machine(breaks_at) as broken, suppress(Killed):
            tree.write(NEW, folder, force=True)
        if broken.count < breaks_at:
            break
        if (folder / "main.tf").read_text() == "edited\n":
            asked += 1
            with pytest.raises(tree.WouldOverwrite, match=r"main.tf: E302"):
                tree.write(NEW, folder)
        with machine():
            tree.write(NEW, folder, force=True)
        assert snapshot(folder) == expected_of(NEW)

    assert 20 < asked < breaks_at


def test_the_order_of_a_run_survives_a_loss_of_power(tmp_path: Path) -> None:
    """Each step is on the disk before one that relies on it: contents, pending manifest, names, and then its end."""
    folder = prepared(tmp_path / "out")
    with machine() as sound:
        tree.write(NEW, folder)
    log = [(name, os.path.relpath(path, folder)) for name, path in sound.log]
    replaces = [number for number, (name, _) in enumerate(log) if name == "replace"]
    done = log.index(("unlink", manifest.PENDING))

    staged = {path for name, path in log if name == "write"}
    assert len(staged) == 5
    assert {path for name, path in log[: replaces[0]] if name == "fsync"} == staged
    assert log[replaces[0] : replaces[0] + 3] == [("replace", manifest.PENDING), ("open", "."), ("fsync", ".")]
    assert {log[number][1] for number in replaces[1:-1]} == {"main.tf", "more.tf", "deep/er/b.tf"}
    settled = {path for name, path in log[replaces[-1] : done] if name == "fsync"}
    assert settled == {".", "deep", "deep/er"}
    assert log[replaces[-1]] == ("replace", manifest.NAME)
    assert log[done + 2] == ("fsync", ".")


SERVER = """
import json, os, signal, sys
from pathlib import Path
from generator.output import tree
versions = json.loads(sys.stdin.readline())
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        while True:
            for files in versions:
                tree.write(files, Path(line.strip()))
    print(child, flush=True)
    print(os.WTERMSIG(os.waitpid(child, 0)[1]), flush=True)
"""
"""For each folder named on its input: a process that writes into it, now these files, now those, until it is killed."""


def test_kill_9_at_any_time_tears_no_file_and_the_next_run_heals(tmp_path: Path) -> None:
    """A hundred runs, each killed while it writes for good: no torn file, and every next run ends without debris."""
    large = [{**NEW, "main.tf": "new\n" * 50_000}, {**OLD, "main.tf": "old\n" * 40_000}]
    folder = prepared(tmp_path / "out")
    interrupted = 0
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=SETTINGS) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        print(json.dumps(large), file=server.stdin, flush=True)
        for number in range(100):
            print(folder, file=server.stdin, flush=True)
            child = int(server.stdout.readline())
            # Spread evenly, and the same in each run, over the time of some two writes.
            time.sleep(0.002 + 0.025 * (number * 0.618 % 1))
            os.kill(child, signal.SIGKILL)
            assert server.stdout.readline() == f"{signal.SIGKILL.value}\n"

            assert_whole(folder, OLD, *large)
            interrupted += manifest.PENDING in snapshot(folder) or temporaries(folder) != []
            target = large[number % 2]
            tree.write(target, folder)
            assert snapshot(folder) == expected_of(target)
        server.stdin.close()

    assert interrupted > 5  # a busy machine has fewer: 14 beside other work


def test_a_disk_that_really_takes_no_more_leaves_the_old_files(tmp_path: Path) -> None:
    """Under a limit of the system's own, a file too large is refused in the system's words, and the old one is kept."""
    folder = prepared(tmp_path / "out")
    program = """
import json, resource, sys
from pathlib import Path
from generator.output import tree
from generator.source import diagnostics
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    tree.write(json.loads(sys.argv[1]), Path(sys.argv[2]))
except diagnostics.Refused as refused:
    print(refused)
"""
    command = [sys.executable, "-c", program, json.dumps({**NEW, "main.tf": "x" * 1001}), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, env=SETTINGS, check=True)

    assert done.stdout.startswith(f"{folder}: E306 the system says: File too large (EFBIG)")
    assert snapshot(folder) == expected_of(OLD)


def test_runs_at_once_never_mix(tmp_path: Path) -> None:
    """While two writers race, whoever looks sees the one's files or the other's; and so it is when they are done."""
    folder = prepared(tmp_path / "out")
    program = """
import json, sys
from pathlib import Path
from generator.output import tree
for _ in range(40):
    tree.write(json.loads(sys.argv[1]), Path(sys.argv[2]))
"""
    seen = set()
    with ExitStack() as running:
        writers = [
            running.enter_context(
                subprocess.Popen([sys.executable, "-c", program, json.dumps(files), str(folder)], env=SETTINGS)
            )
            for files in (OLD, NEW)
        ]
        while any(writer.poll() is None for writer in writers):
            seen.add(frozenset(each.path for each in tree.differences(OLD, folder)))

    other = {"main.tf", "left.tf", "more.tf", "tests/a.tftest.hcl", "deep/er/b.tf"}
    assert seen <= {frozenset(), frozenset(other)}
    assert [writer.returncode for writer in writers] == [0, 0]
    assert snapshot(folder) in [expected_of(OLD), expected_of(NEW)]


@pytest.mark.parametrize("error", [errno.EBADF, errno.ENOLCK, errno.EOPNOTSUPP], ids=errno.errorcode.get)
def test_a_file_system_without_locks_is_written_without_one(
    tmp_path: Path, error: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some network file systems can't lock a folder; a run alone is right there too."""

    def unsupported(handle: int, operation: int) -> None:
        raise OSError(error, f"{handle} {operation}")

    monkeypatch.setattr(fcntl, "flock", unsupported)
    folder = prepared(tmp_path / "out")

    assert snapshot(folder) == expected_of(OLD)


def test_a_lock_that_fails_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another error than a missing lock is not taken for one."""

    def failing(handle: int, operation: int) -> None:
        raise OSError(errno.EIO, f"{handle} {operation}")

    folder = prepared(tmp_path / "out")
    monkeypatch.setattr(fcntl, "flock", failing)
    with pytest.raises(Refused, match="EIO"):
        tree.write(NEW, folder)

    assert snapshot(folder) == expected_of(OLD)


def test_a_file_system_that_cannot_sync_folders_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where only files can be put on the disk one by one, that is done, and the rest is left to the system."""

    def files_only(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "not for a folder")

    folder = prepared(tmp_path / "out")
    monkeypatch.setattr(os, "fsync", files_only)
    tree.write(NEW, folder)

    assert snapshot(folder) == expected_of(NEW)

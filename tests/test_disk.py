"""Files by themselves are written whole or not at all, all or none of them, and never over another."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from generator.output import disk
from generator.source.diagnostics import Refused

if TYPE_CHECKING:
    from pathlib import Path


def _files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()}


def test_new_files_are_written_and_equal_ones_left(tmp_path: Path) -> None:
    """In folders that are made if need be; nothing is left beside them."""
    texts = {tmp_path / "a" / "b.yaml": "b", tmp_path / "c.tf": "c"}

    assert disk.write(texts) == tuple(texts)
    assert disk.write(texts) == ()
    assert _files(tmp_path) == {"b.yaml": "b", "c.tf": "c"}


def test_another_file_is_never_overwritten_unless_told(tmp_path: Path) -> None:
    """And where one is in the way, none is written."""
    (tmp_path / "b").write_text("mine", encoding="utf-8")
    texts = {tmp_path / "a": "new", tmp_path / "b": "new"}

    with pytest.raises(Refused, match="b: E285 is there already\n    take another"):
        disk.write(texts, fix="take another")
    assert _files(tmp_path) == {"b": "mine"}
    assert disk.write(texts, overwrite=True) == tuple(texts)
    assert _files(tmp_path) == {"a": "new", "b": "new"}


def test_what_came_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that appears between the look and the writing, or a link to nowhere, is in the way too."""
    path = tmp_path / "a"
    fsync = os.fsync

    def slow(handle: int) -> None:
        path.write_text("theirs", encoding="utf-8")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", slow)
    with pytest.raises(Refused, match="E285"):
        disk.write({path: "ours"})
    assert _files(tmp_path) == {"a": "theirs"}


def test_a_pipe_or_a_device_is_in_the_way(tmp_path: Path) -> None:
    """Neither is opened: the one would wait for a writer, and the other need not end."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")

    for name in ("pipe", "zero"):
        with pytest.raises(Refused, match="E285 is there already"):
            disk.write({tmp_path / name: "ours"})


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is half written, and the first is not there without the second."""
    calls: list[int] = []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="E306 the system says: No space left on device"):
        disk.write({tmp_path / "a": "a", tmp_path / "b": "b"})
    assert _files(tmp_path) == {}

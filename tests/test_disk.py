"""Files by themselves are written whole or not at all, all or none of them, and never over another."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from generator import cli
from generator.output import disk
from generator.source.diagnostics import Refused
from tests.cases import ROOT

if TYPE_CHECKING:
    from pathlib import Path

WORKSHOP = f"--region eu-west-1 --vpc app --from {ROOT}/tests/adopt/workshop.json"
SERVICES = ROOT / "tests" / "data" / "describe_vpc_endpoint_services.json"
SPEC = """\
name: x
region: eu-west-1
vpc: {id: vpc-0123456789abcdef0}
subnets: [{id: subnet-0123456789abcdef0}]
security_groups: [{id: sg-0123456789abcdef0}]
endpoints:
  sqs: {service: sqs, name: app-sqs, policy: full-access}
"""


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


def test_an_empty_file_is_nobodys_text(tmp_path: Path) -> None:
    """As a loss of power may leave one: it is not in the way, but for a link to one."""
    for name in ("a", "there"):
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to("there")

    assert disk.write({tmp_path / "a": "ours"}) == (tmp_path / "a",)
    with pytest.raises(Refused, match="link: E285 is there already"):
        disk.write({tmp_path / "link": "ours"})
    assert _files(tmp_path) == {"a": "ours", "there": "", "link": ""}


@pytest.mark.parametrize("leads", ["../elsewhere", "../other", ".git"])
@pytest.mark.parametrize(
    ("link", "command"),
    [
        ("out", "render x.yaml"),
        ("out", "render x.yaml --dry-run"),
        ("out", "check x.yaml"),
        ("mine", "render x.yaml --out mine"),
        ("out", f"adopt {WORKSHOP} -o ad.yaml"),
        ("specs", f"adopt {WORKSHOP} -o specs/ad.yaml"),
        ("in", f"adopt {WORKSHOP} -o ad.yaml --imports in/imports.tf"),
        ("specs/services", f"services refresh --region ap-southeast-1 --from {SERVICES}"),
        ("specs", "init app --region eu-west-1 --vpc v --subnet a,b --bundle ecs-fargate@1"),
        ("pictures", "draw x.yaml -o pictures/x.svg"),
    ],
)
def test_no_command_writes_through_a_link_out_of_the_repository(
    link: str, command: str, leads: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pull request may have one, to whatever a user has, to another repository or into git's own folder."""
    for name in ("repository/.git", "elsewhere", "other/.git"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "repository")
    (tmp_path / "repository" / "x.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "repository" / link).parent.mkdir(exist_ok=True)
    (tmp_path / "repository" / link).symlink_to(tmp_path / "repository" / leads)
    before = sorted(tmp_path.rglob("*"))
    run = CliRunner().invoke(cli.application(), command.split())

    assert (run.exit_code, run.output.count(" E303 a link leads it to ")) == (1, 1), run.output
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_elsewhere_that_is_named_plainly_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And so is one in the repository to which a link leads."""
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "real").mkdir()
    (tmp_path / "repository" / "out").symlink_to("real")
    (tmp_path / "repository" / "x.yaml").write_text(SPEC, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "repository")
    for words in ([], ["--out", "../elsewhere"], ["--out", str(tmp_path / "whole")]):
        assert CliRunner().invoke(cli.application(), ["render", "x.yaml", *words]).exit_code == 0
    for folder in ("repository/real", "elsewhere", "whole"):
        assert (tmp_path / folder / "x" / "main.tf").is_file()


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

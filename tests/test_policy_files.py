"""A spec names policy files of its own repository alone, and nothing is told of a file that is no policy."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from generator.generate import understand_text
from generator.source.diagnostics import Refused

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """
name: x
region: eu-west-1
vpc: {name: app}
subnets: [{name: a}]
security_groups: [{name: endpoints}]
endpoints:
  sqs: {service: sqs, policy: {file: FILE}}
"""
POLICY = """{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}]}"""
SENTINEL = "hunter"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of the specs, in a repository that has a policy beside it and one out of its reach."""
    folder = tmp_path / "repository" / "specs"
    for path in (folder, folder.parent / "policies", folder.parent / ".git", folder / "deep"):
        path.mkdir(parents=True)
    for path in (folder / "own.json", folder / "deep" / "deeper.json", folder.parent / "policies" / "shared.json"):
        path.write_text(POLICY, encoding="utf-8")
    (tmp_path / "outside.json").write_text(POLICY, encoding="utf-8")
    return folder


def refusal(file: object, folder: Path) -> str:
    """Return what is said of a policy file; empty where it is taken."""
    try:
        intent = understand_text(SPEC.replace("FILE", str(file)), str(folder / "app.yaml"))
    except Refused as refused:
        return str(refused)
    assert intent.policies.documents["sqs"]["Statement"][0]["Action"] == "sqs:*"
    return ""


@pytest.mark.parametrize("file", ["../.git/hooks/x.json", "link.json", "../.HG/store/x.json"])
def test_what_is_the_version_control_s_own_is_never_a_policy(file: str, folder: Path) -> None:
    """Though it is in the repository, and what a link leads to."""
    for own in (".git/hooks", ".HG/store"):
        (folder.parent / own).mkdir(parents=True)
        (folder.parent / own / "x.json").write_text(POLICY, encoding="utf-8")
    (folder / "link.json").symlink_to("../.git/hooks/x.json")

    assert f"E212 {file}: it is in .{'hg' if 'HG' in file else 'git'}, which is the version control's own" in refusal(
        file, folder
    )


@pytest.mark.parametrize("file", ["own.json", "./own.json", "deep/deeper.json", "../policies/shared.json", "link.json"])
def test_a_file_of_the_repository_is_taken(file: str, folder: Path) -> None:
    """Beside the spec or anywhere else in the repository, through links too."""
    (folder / "link.json").symlink_to("../policies/shared.json")

    assert refusal(file, folder) == ""


@pytest.mark.parametrize("file", ["../../outside.json", "link.json", "folder/outside.json", "../../nowhere.json"])
def test_what_is_outside_is_not_read(file: str, folder: Path) -> None:
    """By the path, by a link or by a folder that is one; and it is not told whether there is such a file."""
    (folder / "link.json").symlink_to("../../outside.json")
    (folder / "folder").symlink_to("../..")

    assert f"E212 {file}: it is outside of {folder.parent}\n    copy the policy" in refusal(file, folder)


def test_an_absolute_path_is_told_with_the_one_to_write(folder: Path) -> None:
    """Whoever has one is told what to write in its place; outside of the repository there is none."""
    said = refusal(folder.parent / "policies" / "shared.json", folder)

    assert "shared.json: the path is absolute\n    write {file: ../policies/shared.json}" in said
    assert "it is outside of" in refusal(folder.parent.parent / "outside.json", folder)
    assert "it is outside of" in refusal("/etc/passwd", folder)


def test_without_a_repository_the_folder_of_the_spec_is_the_limit(folder: Path) -> None:
    """Then nothing else says what belongs to the spec."""
    (folder.parent / ".git").rmdir()

    assert refusal("deep/deeper.json", folder) == ""
    assert f"it is outside of {folder}" in refusal("../policies/shared.json", folder)


FILES = {
    "shadow": f"root:$6${SENTINEL}:19000:0:99999:7:::\n",
    "env": f"AWS_SECRET_ACCESS_KEY={SENTINEL}\n",
    "key.pem": f"-----BEGIN PRIVATE KEY-----\n{SENTINEL}\n",
    "secrets.yaml": f"{SENTINEL}: 1\nother: &{SENTINEL} [*{SENTINEL}]\nbank: {{statement: {SENTINEL}}}\n",
    "plain.yaml": f"{SENTINEL}: 1\nbank: {{statement: {SENTINEL}}}\n",
    "secrets.json": f'{{"{SENTINEL}": 1, "{SENTINEL}": ',
    "list.yaml": f"[{SENTINEL}, Statement]\n",
    "text.txt": f"{SENTINEL}\nA statement of {SENTINEL}\u202e\n",
    "wide.txt": f"{SENTINEL}\n".encode("utf-16").decode("latin-1"),
}


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_told_of_a_file_that_is_no_policy(name: str, folder: Path) -> None:
    """No line of it and no key, whether or not it can be parsed."""
    (folder / name).write_text(FILES[name], encoding="latin-1" if name == "wide.txt" else "utf-8")
    said = refusal(name, folder)

    assert f"app.yaml:8:38: E212 {name}: it is not a policy, for it has no Statement\n    name a policy" in said
    assert SENTINEL not in said


def test_what_is_no_file_is_not_opened(folder: Path) -> None:
    """A pipe would wait for a writer for ever; a circle of links leads nowhere."""
    os.mkfifo(folder / "pipe")
    (folder / "circle").symlink_to("circle")

    assert "pipe: can't be read: it is not a plain file" in refusal("pipe", folder)
    assert "circle: can't be read: " in refusal("circle", folder)


def test_a_policy_with_mistakes_is_told_all_of_them(folder: Path) -> None:
    """What has a Statement is a policy, also where it can't be parsed."""
    wrong = f"Statement: []\nStatement: []\n{SENTINEL}: &{SENTINEL} 1\n'\"{SENTINEL}': 1\n'\"{SENTINEL}': *{SENTINEL}\n"
    (folder / "wrong.yaml").write_text(wrong, encoding="utf-8")
    (folder / "wide.json").write_text(POLICY, encoding="utf-16")

    said = refusal("wrong.yaml", folder)
    assert ("wrong.yaml:2:1: E003 a key is given twice" in said, "wrong.yaml:5:1: E003" in said) == (True, True), said
    assert ("3:9: E004 this is an anchor" in said, SENTINEL in said) == (True, False), said
    assert "wide.json: E001 the file is UTF-16" in refusal("wide.json", folder)


def test_no_key_of_a_policy_is_printed_that_is_unlike_an_element(folder: Path) -> None:
    """At any depth: it may be what nobody meant to show; a slip is told."""
    policy = json.loads(POLICY)
    policy["Statement"][0] |= {SENTINEL: 1, "Conditions": {}}
    (folder / "keys.json").write_text(json.dumps(policy | {SENTINEL: 1}), encoding="utf-8")
    said = refusal("keys.json", folder)

    assert ("a policy has an unknown element" in said, "a statement has an unknown element" in said) == (True, True)
    assert ("a statement has no element Conditions" in said, SENTINEL in said) == (True, False), said

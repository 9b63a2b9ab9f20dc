"""Stories of README and docs/ that need neither AWS nor Terraform; those that do are in tests/terraform."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from generator.live import answers, estate
from generator.live.estate import ACCOUNT, KINDS, VPC_ATTRIBUTES
from tests import stories
from tests.terraform.emulated_aws import CREDENTIAL, emulated_aws
from tests.terraform.examples import BAND_UP
from tests.terraform.test_adopt import by_hand
from tests.terraform.test_readme import let_in_https

if TYPE_CHECKING:
    from pathlib import Path

STORIES = {name: each for name, each in stories.stories().items() if not stories.needs_aws(each)}
(OF_THE_AWS_CLI,) = (each for each in stories.stories().values() if "aws sts" in stories.commands(each))
SET_UP = STORIES.pop("README-0")


@pytest.mark.parametrize("name", STORIES)
def test_a_story_runs_as_written(tmp_path: Path, name: str) -> None:
    """Each command does what the page says, and prints what it shows."""
    folder = stories.clone(tmp_path) if name.startswith("README") else tmp_path / "empty"
    folder.mkdir(exist_ok=True)
    told = stories.objections(STORIES[name], folder, stories.environment(tmp_path, {}))

    assert told == [], "\n".join(told)


def test_the_answers_that_the_aws_cli_collects_are_all_that_commands_read(tmp_path: Path) -> None:
    """In the files that the tool's own lines write, so that every command has what it needs, and nothing is unknown."""
    with emulated_aws() as aws:
        made = replace(BAND_UP, route_tables={}).make(aws)
        by_hand(made)
        let_in_https(made)
        made.client.modify_vpc_attribute(VpcId=made.vpc_id, EnableDnsHostnames={"Value": True})
        own = {"AWS_ENDPOINT_URL": aws.url, "AWS_ACCESS_KEY_ID": CREDENTIAL, "AWS_SECRET_ACCESS_KEY": CREDENTIAL}
        environment = stories.environment(tmp_path, {"aws": f'exec {sys.executable} -m tests.aws_cli "$@"'}) | own
        told = stories.objections(OF_THE_AWS_CLI, tmp_path, {**environment, "NO_PROXY": "*"})
    region, kinds = BAND_UP.region, (*KINDS, VPC_ATTRIBUTES, ACCOUNT)
    lines = [line for kind in kinds for line in estate.to_files(kind, region, "answers", made.vpc_id)]
    written = {f"answers/{each.name}" for each in (tmp_path / "answers").iterdir()}
    texts = {each.name: each.read_text(encoding="utf-8") for each in (tmp_path / "answers").iterdir()}
    found = answers.read(texts.items(), region)

    assert told == [], "\n".join(told)
    assert written == {line.rpartition(" > ")[2] for line in lines}
    assert [kind for kind in kinds if not found.knows(kind)] == []


def test_two_commands_set_up() -> None:
    """They make an environment and install into it what is here, with what asks AWS; test_wheel installs it."""
    assert len(SET_UP) == 2
    assert "pip install '.[aws]'" in stories.commands(SET_UP)

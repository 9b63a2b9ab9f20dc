"""Many modules in one run of Terraform, each in a VPC of its own: a run costs more than what is in it.

root/main.tf, provider.tf     a module for each folder, its inputs and its outputs, and the provider of one Region
root/NAME/                    the module's text, with the ids that AWS gave
root/NAME.tf                  what it has around it
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

from .network import provider_block

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .bench import Bench
    from .emulated_log import Call
    from .network import Made
    from .runner import Run

LIMIT = 600
"""The seconds in which a run ends by itself: Terraform waits for 15 minutes for a security group that is in use."""

AT_ONCE = "-parallelism=20"
"""The provider waits five seconds for each endpoint, whatever AWS says; a call that is sent twice is done once."""


class Root:
    """A root module in the emulated AWS."""

    def __init__(self, bench: Bench, made: Mapping[str, Made], version: str = "") -> None:
        """Make the folder for modules that are in networks, by name."""
        self.aws = bench.aws
        self.made = made
        self.folder = bench.folder / "root"
        self.folder.mkdir()
        self.terraform = bench.terraform(self.folder, version)
        blocks = []
        for name, each in made.items():
            lines = [
                f'  source = "./{name}"',
                *(f"  {key} = {json.dumps(value)}" for key, value in inputs(each).items()),
            ]
            blocks.append("\n".join([f'module "{name}" {{', *lines, "}"]))
            blocks.append(f'output "{name}" {{\n  value = module.{name}\n}}')
        (self.folder / "main.tf").write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
        regions = {each.network.region for each in made.values()}
        (region,) = regions
        (self.folder / "provider.tf").write_text(provider_block(self.aws.url, region), encoding="utf-8")

    def put(self, name: str, files: Mapping[str, str]) -> None:
        """Write a module's text in the place of what it was."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for file, text in files.items():
            if file.endswith(".tf") and "/" not in file:
                (folder / file).write_text(_with_ids(text, self.made[name]), encoding="utf-8")

    def stated(self, text: str) -> str:
        """Return text with the ids that stand for those of AWS."""
        for made in self.made.values():
            for identifier, thing in made.network.ids.items():
                text = text.replace(made.ids[thing], identifier)
        return text

    def recorded(self, *arguments: str) -> tuple[Run | None, Sequence[Call]]:
        """Run Terraform, and return the calls that changed something or wanted to; no Run is one that did not end."""
        run = None
        with self.aws.recorded() as calls, contextlib.suppress(subprocess.TimeoutExpired):
            run = self.terraform.run(arguments[0], "-input=false", *arguments[1:], timeout=LIMIT)
        return run, calls

    def applied(self, *arguments: str) -> Sequence[Call]:
        """Apply, and return the calls; raises AssertionError unless it ends, and ends well."""
        run, calls = self.recorded("apply", AT_ONCE, *arguments)
        assert run is not None, f"apply did not end in {LIMIT} seconds"
        assert run.code == 0, run
        return calls

    def pending(self, *options: str) -> list[str]:
        """Return what a plan would still change: the address, or the module whose outputs change."""
        run = self.terraform.must("plan", "-json", "-input=false", *options, timeout=LIMIT)
        found = [json.loads(line) for line in run.output.splitlines()]
        told = [each for each in found if each["type"] == "diagnostic"]
        assert told == []
        changes = [each["change"] for each in found if each["type"] == "planned_change"]
        outputs = [item for each in found if each["type"] == "outputs" for item in each["outputs"].items()]
        return [
            *(f"{each['resource']['addr']}: {each['action']}" for each in changes),
            *(f"module.{name}.outputs: {each['action']}" for name, each in outputs if each["action"] != "noop"),
        ]


def _with_ids(text: str, made: Made) -> str:
    for identifier, thing in made.network.ids.items():
        text = text.replace(identifier, made.ids[thing])
    return text


def inputs(made: Made) -> dict[str, Any]:
    """Return a module's inputs with the ids that AWS gave."""
    return {
        name: made.ids.get(things, things) if isinstance(things, str) else [made.ids[thing] for thing in things]
        for name, things in made.network.inputs.items()
    }


def parts(address: str) -> tuple[str, str]:
    """Return the module that an address is in, and the address there."""
    module, _, there = address.removeprefix("module.").partition(".")
    return module, there

"""`gen-endpoints drift` on a spec whose module was applied in the emulated AWS."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from generator import cli
from tests.cases import ROOT

from .emulated_aws import CREDENTIAL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

    from .network import Made

_SETTINGS = {"AWS_ACCESS_KEY_ID": CREDENTIAL, "AWS_SECRET_ACCESS_KEY": CREDENTIAL, "AWS_EC2_METADATA_DISABLED": "true"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drifting:
    """A spec with the ids of a made network in it, in a folder of its own, beside what it renders to."""

    made: Made
    folder: Path
    name: str

    @property
    def spec(self) -> Path:
        """The spec's file."""
        return self.folder / "specs" / f"{self.name}.yaml"

    @property
    def module(self) -> Path:
        """The rendered module's folder."""
        return self.folder / "out" / self.name

    def run(self, *arguments: str) -> Result:
        """Run a command of gen-endpoints with the emulated AWS in reach."""
        return CliRunner().invoke(cli.application(), arguments, env=_SETTINGS)

    def drift(self, *more: str) -> Result:
        """Run `drift`; its inputs are those of the network."""
        inputs = {
            name: [things] if isinstance(things, str) else list(things)
            for name, things in self.made.network.inputs.items()
        }
        given = [
            f"--var={name}={','.join(self.made.ids.get(thing, thing) for thing in things)}"
            for name, things in inputs.items()
        ]
        where = [
            f"--dir={self.folder / 'out'}",
            f"--endpoint-url={self.made.aws.url}",
            f"--region={self.made.network.region}",
        ]
        return self.run("drift", str(self.spec), *where, *given, *more)

    def rows(self, *more: str) -> list[tuple[str, str, str]]:
        """Return class, subject and field of each difference."""
        result = self.drift("--format=json", *more)
        specs = json.loads(result.stdout)["specs"]
        found: list[dict[str, Any]] = [row for each in specs for row in each["report"]]
        assert result.exit_code == (4 if [row for row in found if row["class"] != "info"] else 0), result.output
        return [(row["class"], row["subject"], row["field"]) for row in found]


def drifting(made: Made, folder: Path, name: str, change: Callable[[str], str] = str, *more: str) -> Drifting:
    """Return an example's spec as it is for a made network, after a change of its text, rendered."""
    shutil.copytree(ROOT / "specs", folder / "specs")
    found = Drifting(made=made, folder=folder, name=name)
    text = change(found.spec.read_text(encoding="utf-8"))
    for identifier, thing in made.network.ids.items():
        text = text.replace(identifier, made.ids[thing])
    found.spec.write_text(text, encoding="utf-8")
    rendered = found.run("render", str(found.spec), "--out", str(folder / "out"), *more)
    assert rendered.exit_code == 0, rendered.output
    return found

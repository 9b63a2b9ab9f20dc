"""Measure every goal and print the table: `python -m benchmarks.run`, or with --quick on tiny sizes.

A goal is a ratio against something measured in the same run, in turn with it, so that it means the same on any machine.
"""

from __future__ import annotations

import argparse
import ctypes
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from benchmarks import many, peers
from benchmarks.measure import Run, Work, environment, in_turn, once

ROOT = Path(__file__).parent.parent
SPEC = ROOT / "specs" / "band-up.yaml"
_DROP_CAPABILITY, _OVERRIDE_PERMISSIONS = 24, 1  # prctl's PR_CAPBSET_DROP and CAP_DAC_OVERRIDE, <linux/capability.h>


@dataclass(frozen=True, slots=True)
class Row:
    """One goal, and what was measured."""

    goal: str
    limit: str
    found: str
    holds: bool

    def __str__(self) -> str:
        """Return the row of the table."""
        return f"| {self.goal} | {self.limit} | {self.found} | {'holds' if self.holds else 'FAILS'} |"


def at_most(goal: str, limit: float, found: float, unit: str = "x") -> Row:
    """Return a row for a figure that must not pass its limit."""
    return Row(goal, f"{limit:g} {unit}", f"{found:.2f} {unit}", found <= limit)


class Bench:
    """The measurements, in a scratch folder that goes with them."""

    def __init__(self, scratch: Path, *, quick: bool) -> None:
        """Begin with empty caches; `quick` takes sizes that only show that everything runs."""
        self.scratch = scratch
        self.runs = 1 if quick else 15
        self.small, self.large, self.planned = (20, 40, 5) if quick else (1_000, 10_000, 500)
        self.environment = environment(scratch / "cache")

    def render(self, spec: Path, out: str = "out", command: str = "render") -> Work:
        """Return our own tool at work on a spec, into a folder that is not there yet."""
        folder = self.scratch / out
        words = {
            "render": (command, str(spec), "--out", str(folder)),
            "validate": (command, str(spec)),
            "services": (command, "docker"),
            "--help": (command,),
        }
        return Work(
            command=(sys.executable, "-m", "generator", *words[command]),
            folder=ROOT,
            environment=self.environment,
            before=partial(shutil.rmtree, folder, ignore_errors=True),
        )

    def against_peers(self) -> list[Row]:
        """Measure a cold render of the first user's spec against cookiecutter and copier."""
        ours, module = self.render(SPEC), self.scratch / "out" / "band-up"
        once(ours)
        cookie = peers.cookiecutter(module, self.scratch, self.environment)
        copier = peers.copier(module, self.scratch, self.environment)
        validate, services = self.render(SPEC, command="validate"), self.render(SPEC, command="services")
        help_ = self.render(SPEC, command="--help")
        unread = replace(self.render(SPEC, "unread"), before=self._forget)
        works = (ours, cookie, copier, unread, validate, services, help_)
        mine, theirs, others, first, judged, found, helped = in_turn(*works, runs=self.runs)
        return [
            at_most("cold render of band-up / cookiecutter, same files", 1.0, mine.seconds / theirs.seconds),
            at_most("cold render of band-up / copier, same files", 0.6, mine.seconds / others.seconds),
            at_most(
                "the same with no shape kept: python-hcl2 reads all / cookiecutter", 2.0, first.seconds / theirs.seconds
            ),
            at_most("peak memory of that render", 60, mine.memory, "MiB"),
            at_most("validate of band-up / its cold render", 1.0, judged.seconds / mine.seconds),
            at_most("services docker / cold render of band-up", 0.8, found.seconds / mine.seconds),
            at_most("--help / cold render of band-up", 1.0, helped.seconds / mine.seconds),
        ]

    def read_only(self) -> list[Row]:
        """Measure the second run of a fresh installation that can't be written to, against a warm one."""
        site, package = self.scratch / "site", find_spec("hcl2")
        if package is None or package.origin is None:
            message = "python-hcl2 is not installed"
            raise RuntimeError(message)
        ignored = shutil.ignore_patterns("__pycache__", ".lark_cache.bin")
        shutil.copytree(Path(package.origin).parent, site / "hcl2", ignore=ignored)
        for folder in (site / "hcl2", *(path for path in site.rglob("*") if path.is_dir())):
            folder.chmod(0o555)
        fresh = environment(self.scratch / "fresh-cache") | {"PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
        closed = replace(self.render(SPEC, "closed"), environment=fresh, within=_without_power)
        once(closed)  # the first run, which may take its time
        if list(site.rglob("*.bin")):
            message = "the installation that must not be written to was written to"
            raise RuntimeError(message)
        second, warm = in_turn(closed, self.render(SPEC), runs=self.runs)
        found = second.seconds / warm.seconds
        return [at_most("read-only fresh install, from the second run on / warm", 1.2, found)]

    def at_scale(self) -> list[Row]:
        """Measure a thousand and ten thousand endpoints, nothing kept from earlier runs, against python-hcl2 alone."""
        small, large = many.spec(self.small, self.scratch), many.spec(self.large, self.scratch)
        ours = replace(self.render(small, "many"), before=self._forget)
        once(ours)
        alone = many.python_hcl2(self.scratch / "many" / "many", self.scratch, self.environment)
        mine, theirs = in_turn(ours, alone, runs=min(self.runs, 5))
        four: Run = once(self.render(SPEC))
        most: Run = once(replace(self.render(large, "most"), before=self._forget))
        each = (most.seconds / self.large) / (mine.seconds / self.small)
        return [
            at_most(
                f"{self.small} endpoints, read back, nothing kept / python-hcl2 alone",
                1.3,
                mine.seconds / theirs.seconds,
            ),
            at_most(f"time an endpoint at {self.large} / at {self.small}", 1.3, each),
            at_most(f"memory an endpoint at {self.large}", 100, (most.memory - four.memory) * 1024 / self.large, "KiB"),
        ]

    def plan(self) -> list[Row]:
        """Measure Terraform's plan of our plain resources against `for_each` over a map."""
        # Here and not above: a child's peak memory counts this process as it was when it forked.
        from benchmarks import plans

        once(self.render(many.spec(self.planned, self.scratch), "planned"))
        rows = []
        for looked_up, how in ((False, "full service names"), (True, "service names looked up, as modules do")):
            scratch = self.scratch / how
            scratch.mkdir()
            module = self.scratch / "planned" / "many"
            found = plans.ratio(self.planned, module, scratch, runs=min(self.runs, 3), looked_up=looked_up)
            rows.append(at_most(f"plan of {self.planned} endpoints / through for_each over a map, {how}", 0.5, found))
        return rows

    def _forget(self) -> None:
        for name in ("cache/gen-endpoints/shapes-*", "many", "most", "unread"):
            for folder in self.scratch.glob(name):
                shutil.rmtree(folder, ignore_errors=True)


def _without_power() -> None:
    """Let permissions hold for root too, so that a folder that can't be written to can't be."""
    ctypes.CDLL(None).prctl(_DROP_CAPABILITY, _OVERRIDE_PERMISSIONS, 0, 0, 0)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="tiny sizes and single runs: shows that it runs, proves nothing"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(Path(scratch), quick=arguments.quick)
        print("| goal | limit | measured | verdict |\n| --- | --- | --- | --- |")
        for measure in (bench.against_peers, bench.read_only, bench.at_scale, bench.plan):
            print("\n".join(map(str, measure())), flush=True)


if __name__ == "__main__":
    main()

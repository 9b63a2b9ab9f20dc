"""Measure every goal and print the table: `python -m benchmarks.run`, or with --quick on tiny sizes.

A goal is a ratio of CPU time against something measured in the same run, in turn with it, so that it means the same on
any machine, busy or not.
"""

from __future__ import annotations

import argparse
import ctypes
import math
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import many, peers
from benchmarks.measure import Work, environment, in_turn, once

if TYPE_CHECKING:
    from collections.abc import Callable

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
        self.fleets = (3, 6) if quick else (1_000, 10_000)
        self.edits = 0
        self.environment = environment(scratch / "cache")

    def tool(self, *words: str, before: Callable[[], object] = lambda: None) -> Work:
        """Return our own tool at work."""
        command = (sys.executable, "-m", "generator", *words)
        return Work(command=command, folder=ROOT, environment=self.environment, before=before)

    def render(self, *specs: Path, out: str = "out") -> Work:
        """Return a render of specs, into a folder that is not there yet."""
        folder = self.scratch / out
        words = ("render", *map(str, specs), "--out", str(folder))
        return self.tool(*words, before=partial(shutil.rmtree, folder, ignore_errors=True))

    def starts(self) -> list[Row]:
        """Measure what people run most, on the first user's spec, against the start of Python and of two libraries."""
        nothing, libraries = (
            Work(command=(sys.executable, "-c", code), folder=ROOT, environment=self.environment)
            for code in ("pass", "import jinja2, yaml")
        )
        edited = many.edited(SPEC, 0, self.scratch)
        kept = self.render(SPEC, out="kept")
        once(kept)
        out = kept.command[-2:]
        same = (
            self.tool("render", str(SPEC), *out),
            self.tool("check", str(SPEC), *out),
            self.tool("validate", str(SPEC)),
        )
        works = (
            *(nothing, libraries, self.tool("--version"), self.render(SPEC)),
            replace(self.render(edited, out="edited"), before=partial(self._edit, edited, "edited")),
            replace(self.render(SPEC), before=self._forget),
            *same,
        )
        none, base, version, cold, after, forgotten, *unchanged = in_turn(*works, runs=self.runs)
        return [
            at_most("render of band-up / `import jinja2, yaml`", 3.0, cold.seconds / base.seconds),
            at_most("the same of an edited spec, an endpoint more", 3.0, after.seconds / base.seconds),
            at_most("its memory", 42, after.memory, "MiB"),
            at_most("the same in a fresh container, nothing kept / warm", 1.2, forgotten.seconds / cold.seconds),
            *(
                at_most(f"{name} of an unchanged band-up / `import jinja2, yaml`", 1.0, each.seconds / base.seconds)
                for name, each in zip(("render", "check", "validate"), unchanged, strict=True)
            ),
            at_most("--version / `python -c pass`", 7, version.seconds / none.seconds),
        ]

    def of_fleets(self) -> list[Row]:
        """Measure specs of six endpoints by the thousand: the first run, one where none changed, one where one did."""
        rows: list[Row] = []
        base = once(
            Work(command=(sys.executable, "-c", "import jinja2, yaml"), folder=ROOT, environment=self.environment)
        )
        for count in self.fleets:
            specs = many.fleet(count, self.scratch)
            render = self.render(*specs, out="fleet")
            first = once(replace(render, before=self._forget))
            same = once(replace(render, before=lambda: None))
            one = once(replace(render, before=partial(self._edit, specs[0])))
            rows += [
                at_most(f"{count} specs of six: unchanged / first run", 0.03, same.seconds / first.seconds),
                at_most(f"{count} specs of six: one changed / first run", 0.05, one.seconds / first.seconds),
                at_most(
                    f"{count} specs of six: a spec / `import jinja2, yaml`", 0.1, first.seconds / count / base.seconds
                ),
                at_most(f"{count} specs of six: memory a spec", 50, (first.memory - base.memory) * 1024 / count, "KiB"),
            ]
        return rows

    def of_a_page(self) -> list[Row]:
        """Measure in a browser the page of a thousand specs of six endpoints, in milliseconds of CPU beside a loop."""
        from benchmarks import opening

        if not opening.CHROMIUM:
            print("left out: the page in a browser, which needs Chromium; make browser installs it", file=sys.stderr)
            return []
        count, site = self.fleets[0], self.scratch / "site"
        once(self.tool("page", *map(str, many.fleet(count, self.scratch, "pages")), "--out", str(site)))
        opened, filtered, loop = opening.taken(site / "index.html", 1 if self.runs == 1 else 5)
        size = (site / "index.html").stat().st_size / 2**20
        return [
            Row(
                f"{goal} / a loop of 20 million", f"{limit} ms", f"{found:.0f} ms, {found / loop:.2f} x", found <= limit
            )
            for goal, limit, found in (
                (f"page of {count} specs of six: opens", 2000, opened),
                ("a search in it", 100, filtered),
            )
        ] + [at_most("its size", 20, size, "MiB")]

    def against_peers(self) -> list[Row]:
        """Measure a cold render of the first user's spec against cookiecutter and copier."""
        ours, module = self.render(SPEC), self.scratch / "out" / "band-up"
        once(ours)
        cookie = peers.cookiecutter(module, self.scratch, self.environment)
        copier = peers.copier(module, self.scratch, self.environment)
        works = (ours, cookie, copier, self.tool("services", "docker"), self.tool("--help"))
        mine, theirs, others, found, helped = in_turn(*works, runs=self.runs)
        return [
            at_most("render of band-up / cookiecutter, same files", 1.0, mine.seconds / theirs.seconds),
            at_most("render of band-up / copier, same files", 0.6, mine.seconds / others.seconds),
            at_most("services docker / render of band-up", 0.8, found.seconds / mine.seconds),
            at_most("--help / render of band-up", 1.0, helped.seconds / mine.seconds),
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
        closed = replace(self.render(SPEC, out="closed"), environment=fresh, within=_without_power)
        once(closed)  # the first run, which may take its time
        if list(site.rglob("*.bin")):
            message = "the installation that must not be written to was written to"
            raise RuntimeError(message)
        second, warm = in_turn(closed, self.render(SPEC), runs=self.runs)
        found = second.seconds / warm.seconds
        return [at_most("read-only fresh install, from the second run on / warm", 1.2, found)]

    def at_scale(self) -> list[Row]:
        """Measure a thousand and ten thousand endpoints, nothing kept from earlier runs, against python-hcl2 alone."""
        nine, small, large = (many.spec(count, self.scratch) for count in (9, self.small, self.large))
        for spec, out in ((nine, "nine"), (small, "many")):
            once(self.render(spec, out=out))
        alone = many.python_hcl2(self.scratch / "many" / "many", self.scratch, self.environment)
        script = many.unchecked(large, self.scratch / "nine" / "many", self.scratch, self.environment)
        mine, theirs = in_turn(self.render(small, out="many"), alone, runs=min(self.runs, 3))
        most, unchecked = in_turn(self.render(large, out="most"), script, runs=1)
        peers.compare(self.scratch / "most" / "many", self.scratch / "unchecked")
        four = once(self.render(SPEC))
        growth = math.log(most.seconds / mine.seconds) / math.log(self.large / self.small)
        return [
            at_most(f"{self.small} endpoints, read back / python-hcl2 alone", 0.3, mine.seconds / theirs.seconds),
            at_most(f"{self.large} endpoints / an unchecked script, same bytes", 9.6, most.seconds / unchecked.seconds),
            at_most(f"exponent of the time from {self.small} to {self.large}", 1.1, growth, ""),
            at_most(f"memory an endpoint at {self.large}", 15, (most.memory - four.memory) * 1024 / self.large, "KiB"),
        ]

    def plan(self) -> list[Row]:
        """Measure Terraform's plan of our plain resources against `for_each` over a map."""
        # Here and not above: a child's peak memory counts this process as it was when it forked.
        from benchmarks import plans

        once(self.render(many.spec(self.planned, self.scratch), out="planned"))
        rows = []
        for looked_up, how, limit in (
            (False, "full names", 0.8),
            (True, "service names looked up, as modules do", 0.35),
        ):
            scratch = self.scratch / how
            scratch.mkdir()
            module = self.scratch / "planned" / "many"
            found = plans.ratio(self.planned, module, scratch, runs=min(self.runs, 3), looked_up=looked_up)
            rows.append(at_most(f"plan of {self.planned} endpoints / through for_each over a map, {how}", limit, found))
        return rows

    def _forget(self) -> None:
        for name in ("cache/gen-endpoints", "out", "fleet"):
            shutil.rmtree(self.scratch / name, ignore_errors=True)

    def _edit(self, spec: Path, out: str = "") -> None:
        """Give a spec an endpoint more, of a label that was never seen; what it was rendered to before goes."""
        self.edits += 1
        if out:
            shutil.rmtree(self.scratch / out, ignore_errors=True)
        many.edited(spec, self.edits, spec.parent)


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
        for measure in (
            bench.starts,
            bench.against_peers,
            bench.read_only,
            bench.at_scale,
            bench.of_fleets,
            bench.of_a_page,
            bench.plan,
        ):
            print("\n".join(map(str, measure())), flush=True)


if __name__ == "__main__":
    main()

"""The command that compares the modules' folders with their specs."""

from __future__ import annotations

import shlex
from pathlib import Path

from generator.cli.app import EPILOG, NoCache, Out, Specs, Strict, app
from generator.cli.boundary import boundary, stop
from generator.cli.printing import say
from generator.cli.specs import compare_all, found_beside, kept_cache, render_all
from generator.source.diagnostics import ExitCode, Refused


@app.command(epilog=EPILOG)
def check(specs: Specs, *, out: Out = Path("out"), strict: Strict = False, no_cache: NoCache = False) -> None:
    """Compare the modules' folders with their specs.

    Writes nothing; exit 4 and a diff where a folder is not what its spec renders to, or where
    another file in it changes what the spec decides. Other files of your own do not count.
    It tells, and never refuses, what is destroyed or replaced and what render would refuse, as render --dry-run does.
    """
    with boundary(), kept_cache(no_cache=no_cache) as cache:
        from generator.change.baseline import no_folder
        from generator.output.tree import in_the_way

        all_rendered = render_all(specs, cache, out=out, strict=strict)
        if not out.exists() and any((each / out).is_dir() for each in Path.cwd().parents):
            raise Refused([no_folder(out)], ExitCode.STALE)
        differences, refused = compare_all(all_rendered, cache, strict=strict)
        found = found_beside(all_rendered)
        for each in found:
            say(each)
        stale = [all_rendered[folder].spec.file for folder, each in differences.items() if each]
        if stale:
            first = "fix what is in the way, then " if any(map(in_the_way, differences.values())) else ""
            first = "fix or allow what render would refuse, then " if refused else first
            command = shlex.join(("gen-endpoints", "render", *stale, "--out", str(out), *["--strict"][: int(strict)]))
            new = ", ".join(str(folder) for folder in differences if not folder.exists())
            is_all_new = not any(each and folder.exists() for folder, each in differences.items())
            state = "\nout of date" + (new and f" (not rendered yet: {new})")
            stop(f"{f'{new}: not rendered yet' if is_all_new else state}; {first}run: {command}", ExitCode.STALE)
        if any(strict or not each.is_warning for each in found):
            stop("\nother files in these folders change what the specs decide", ExitCode.STALE)

"""What is kept from run to run, in the user's cache folder: all of it can be lost, and none of it is believed blindly.

- `shapes.json`: the shapes that python-hcl2 has read, under a fingerprint of the parser and of our own reading;
- `grammar.bin`: python-hcl2's compiled grammar, which takes a second to make;
- `templates/`: Jinja's compiled templates, which Jinja checks against the templates;
- `verdicts.json`: what `validate` said today of specs that it accepted, of which `verdicts` takes care.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from generator.hcl import memory
from generator.output import tree
from generator.source.diagnostics import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from generator.hcl.hcl import Block

_LONGEST = 20_000  # characters: a longer shape is peculiar to one module
_MOST = 500  # shapes: enough for hundreds of specs, and read in a few milliseconds


class Cache:
    """The cache in one folder; without a folder, nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        """Read what an earlier run kept; a folder that can't be made is as good as none."""
        self.known: dict[str, Block] = {}
        self.bytecode: Path | None = None
        self.grammar: Path | None = None
        self._store: Path | None = None
        with suppress(OSError):
            if folder is not None:
                (folder / "templates").mkdir(parents=True, exist_ok=True)
                self.bytecode = folder / "templates"
                self._store = folder / f"shapes-{memory.fingerprint()}"
                self.grammar = folder / "grammar.bin"
        if self._store is not None:
            with suppress(OSError, UnicodeDecodeError):
                self.known = memory.loads((self._store / "shapes.json").read_text(encoding="utf-8"))
        self._before = len(self.known)

    def save(self) -> None:
        """Keep what this run has read; a disk that is full costs the next run time and nothing else."""
        if self._store is not None and len(self.known) != self._before:
            kept = {text: block for text, block in self.known.items() if len(text) < _LONGEST}
            newest = dict(list(kept.items())[-_MOST:])
            with suppress(Refused):
                tree.write({"shapes.json": memory.dumps(newest)}, self._store, force=True)

"""What can be wrong with a file of the output folder, in words and as a diff.

The kinds of difference are the E3xx codes of this module; `survey` finds them, `tree` acts on them, `cli` prints them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from difflib import unified_diff

from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.frozen import frozen

FOREIGN = Code("E301")
EDITED = Code("E302")
LINKED = Code("E303")
BLOCKED = Code("E304")
DAMAGED = Code("E305")
MISSING = Code("E310")
STALE = Code("E311")
ORPHANED = Code("E312")
UNLISTED = Code("E313")
INTERRUPTED = Code("E314")
IMPORTS = "move its import blocks into imports.tf, or take them out if they were applied; then again with --force"
_IMPORTS = re.compile(rb"""^[ \t]*import\s*\{|"import"\s*:""", re.MULTILINE)

_MOST_BYTES, _MOST_LINES = 2**18, 10_000
"""So much of a diff is shown, and so much more than twice what is rendered is compared."""

RENDER = "render the spec again"
CONVERTED = "has other line ends than were written, as git makes them where core.autocrlf is true"
KEEP_LINE_ENDS = "put `* -text` into the .gitattributes of the output folder, then "
_WORDS: Mapping[Code, tuple[str, str]] = {
    FOREIGN: (
        "not listed as written by gen-endpoints, and not what the spec renders to",
        "move it away, or let go of it with --force",
    ),
    EDITED: (
        "edited by hand since gen-endpoints wrote it",
        "move the edit into the spec, then drop it here with --force",
    ),
    LINKED: ("is a symbolic link inside the module's folder", "put a real file or folder in its place, or nothing"),
    BLOCKED: ("is no plain file where one belongs, or no folder where one does", "move it away"),
    DAMAGED: ("the manifest cannot be read", "restore it from version control, or write a new one with --force"),
    MISSING: ("is missing", RENDER),
    STALE: ("is out of date", RENDER),
    ORPHANED: ("is left over: the spec no longer renders it", RENDER),
    UNLISTED: ("does not list the files that are there", RENDER),
    INTERRUPTED: ("is left from a run that did not end", RENDER),
}
"""What each kind says, and the fix; `explain` has more, and is slower to load than a folder to compare."""


@frozen(kw_only=True)
class Difference:
    """One path at which the folder is not what it should be.

    `kind` is one of this module's codes, and `diagnostic` says it in words.
    `before` is what is there and `after` what should be: None for nothing.
    """

    path: str
    kind: Code
    diagnostic: Diagnostic
    before: bytes | None = None
    after: bytes | None = None

    @property
    def loses_imports(self) -> bool:
        """Whether what a hand wrote there has import blocks, without which an apply makes anew what exists."""
        is_by_hand = self.kind in {FOREIGN, EDITED} and self.path.endswith((".tf", ".tofu", ".json"))
        return is_by_hand and _IMPORTS.search(self.before or b"") is not None

    @property
    def diff(self) -> str:
        """The unified diff from what is there to what should be, as `patch` reads it; empty where no line differs.

        Line endings alone are told by the fix. Of very much, the first is shown, and how many lines more there are.
        """
        there, rendered = self.before or b"", self.after or b""
        if there and there.replace(b"\r\n", b"\n") == self.after:
            return ""
        is_long = len(there) > 2 * len(rendered) + _MOST_BYTES
        if is_long or there.count(b"\n") > 2 * rendered.count(b"\n") + _MOST_LINES:
            return f"{self.path}: {len(there):,} bytes are there, and {len(rendered):,} rendered: too many to compare\n"
        found = unified_diff(
            _lines(self.before),
            _lines(self.after),
            fromfile="/dev/null" if self.before is None else self.path,
            tofile="/dev/null" if self.after is None else self.path,
            fromfiledate="in the folder",
            tofiledate="rendered",
        )
        text = "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in found)
        more = text.count("\n", _MOST_BYTES)
        return text if len(text) <= _MOST_BYTES else f"{text[:_MOST_BYTES]}\n\\ {more:,} more lines are not shown\n"


def describe(kind: Code, place: Place, *, message: str = "", fix: str = "") -> Diagnostic:
    """Return the finding of this kind at `place`, in the words of the kind where no closer ones are given."""
    words, usual = _WORDS.get(kind, ("", RENDER))
    return kind.at(place, message or words, fix or usual)


def _lines(content: bytes | None) -> list[str]:
    # Only \n ends a line: str.splitlines also breaks at form feeds and U+2028, and such a diff cannot be applied.
    return list(io.StringIO((content or b"").decode(errors="backslashreplace"), newline="\n"))

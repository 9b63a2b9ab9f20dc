"""What can be wrong with a file of the output folder, in words and as a diff.

The kinds of difference are the E3xx codes of this module; `survey` finds them, `tree` acts on them, `cli` prints them.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from difflib import unified_diff
from typing import TYPE_CHECKING

from generator.source.diagnostics import Code, Diagnostic, Place

if TYPE_CHECKING:
    from collections.abc import Mapping

FOREIGN = Code(
    "E301",
    "not written by gen-endpoints, and not what the spec renders to",
    "The spec renders a file of this name; the folder has one with other content, and its manifest does not list it. "
    "Nothing is written until it is moved away, or --force says that it may be overwritten.",
)
EDITED = Code(
    "E302",
    "edited by hand since gen-endpoints wrote it",
    "The file is neither what gen-endpoints wrote (.gen-endpoints.sha256 has that hash) nor what it would write now. "
    "A rendered file has one source, the spec: an edit belongs there, or in a file of your own. --force drops it.",
)
LINKED = Code(
    "E303",
    "is a symbolic link inside the module's folder",
    "To write or delete through a link would touch files elsewhere, so neither is done, not even with --force. "
    "The module's folder itself may be a link.",
)
BLOCKED = Code(
    "E304",
    "is a folder where a file belongs, or the reverse",
    "The path of a rendered file is taken by a folder, a device or a pipe; or a folder that it needs, by a file. "
    "None of these is ever replaced, not even with --force.",
)
DAMAGED = Code(
    "E305",
    "the manifest cannot be read",
    "Each line of .gen-endpoints.sha256 is a SHA-256, two spaces and a path inside the folder; the markers of a merge "
    "are the usual reason for another line. --force believes the lines that are whole, and writes a new manifest.",
)
MISSING = Code(
    "E310",
    "is missing",
    "The spec renders this file, and the folder does not have it.",
)
STALE = Code(
    "E311",
    "is out of date",
    "The file is as gen-endpoints wrote it, but the spec, a template or the tool has changed since.",
)
ORPHANED = Code(
    "E312",
    "is left over: the spec no longer renders it",
    "gen-endpoints wrote this file for an earlier state of the spec. Terraform would still read it.",
)
UNLISTED = Code(
    "E313",
    "does not list the files that are there",
    "The files are right, but .gen-endpoints.sha256 has other lines. It is committed together with the files: "
    "without it the next run cannot tell a file of ours from one of yours.",
)
INTERRUPTED = Code(
    "E314",
    "is left from a run that did not end",
    "A run was killed, or ran out of room, while it wrote. Each file is whole, but old and new may be side by side.",
)

RENDER = "render the spec again"
LINE_ENDINGS = (
    "only the line endings differ: put `* text eol=lf` into .gitattributes, then restore the file with --force"
)
_FIXES: Mapping[Code, str] = {
    FOREIGN: "move it away, or overwrite it with --force",
    EDITED: "move the edit into the spec, then drop it here with --force",
    LINKED: "put a real file or folder in its place, or nothing",
    BLOCKED: "move it away",
    DAMAGED: "restore it from version control, or write a new one with --force",
}


@dataclass(frozen=True, slots=True, kw_only=True)
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
    def diff(self) -> str:
        """The unified diff from what is there to what should be, as `patch` reads it; empty where no line differs."""
        found = unified_diff(
            _lines(self.before),
            _lines(self.after),
            fromfile="/dev/null" if self.before is None else self.path,
            tofile="/dev/null" if self.after is None else self.path,
            fromfiledate="in the folder",
            tofiledate="rendered",
        )
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in found)


def describe(kind: Code, place: Place, *, message: str = "", fix: str = "") -> Diagnostic:
    """Return the finding of this kind at `place`, in the words of the kind where no closer ones are given."""
    return kind.at(place, message or kind.title, fix or _FIXES.get(kind, RENDER))


def _lines(content: bytes | None) -> list[str]:
    # Only \n ends a line: str.splitlines also breaks at form feeds and U+2028, and such a diff cannot be applied.
    return list(io.StringIO((content or b"").decode(errors="backslashreplace"), newline="\n"))

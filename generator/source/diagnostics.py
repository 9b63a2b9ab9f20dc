"""What is wrong, where, and what to do about it: the only words in which a stage complains.

    Code                 one kind of finding: E… an error, W… a warning; `gen-endpoints explain` prints it
    └── Diagnostic       one finding at one Place, made by `Code.at`
        └── Refused      what a stage raises once it has collected all its findings
            ├── exit 1   the user's turn: the spec, or files in the way
            ├── exit 3   our bug: the output does not say what the spec says
            └── exit 4   out of date: the folder is not what the spec renders to

Nothing here prints or exits; only `cli` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from functools import cache
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

from generator.source.frozen import frozen

MOST = 1000
"""So many findings are told; an error of one kind is not looked for after that."""
_LONGEST = 10_000
"""So many characters of a message are told: who writes a name of a million has no use for it."""
Item = TypeVar("Item")
Result = TypeVar("Result")


class ExitCode(IntEnum):
    """Whose turn it is when the command ends; usage errors (2) are Click's own."""

    FINE = 0
    REFUSED = 1
    USAGE = 2
    BUG = 3
    STALE = 4
    INTERRUPTED = 130


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the code of what several things came to: our bug before the user's turn, that before what is stale."""
    order = (ExitCode.BUG, ExitCode.USAGE, ExitCode.REFUSED, ExitCode.STALE, ExitCode.FINE)
    return min(codes, key=order.index, default=ExitCode.FINE)


@frozen(order=True)
class Place:
    """A position in a file the user knows: line and column count from 1; 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return `file:line:column`, the form that editors jump to."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@frozen()
class Diagnostic:
    """One finding: where, which code, what is wrong, and (when there is one) the fix."""

    place: Place
    code: str
    message: str
    fix: str = ""

    @property
    def is_warning(self) -> bool:
        """Tell whether the work goes on in spite of the finding."""
        return self.code.startswith("W")

    def __str__(self) -> str:
        """Return the finding on one line, and the fix indented under it."""
        line = f"{self.place}: {self.code} {self.message}".replace("\n", " ")
        return f"{line}\n    {self.fix}" if self.fix else line


@frozen()
class Code:
    """One kind of finding. What it means is in data/codes.toml, as `gen-endpoints explain` prints it."""

    code: str

    @property
    def title(self) -> str:
        """Return what was found, in a few words."""
        return texts()[self.code]["title"]

    @property
    def why(self) -> str:
        """Return why it is refused or warned of."""
        return texts()[self.code]["why"]

    @property
    def fix(self) -> str:
        """Return what helps in general; a finding says what helps where it is."""
        return texts()[self.code].get("fix", "")

    @property
    def source(self) -> str:
        """Return the AWS page, provider issue or specification that it comes from; empty where it is our own."""
        return texts()[self.code].get("source", "")

    def at(self, place: Place, message: str, fix: str = "") -> Diagnostic:
        """Return this finding at `place`; `message` has the words of the user, `fix` says what to write."""
        return Diagnostic(place, self.code, _shortened(message), _shortened(fix or self.fix))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """Return what each code means, by the code."""
    text = (Path(__file__).parents[1] / "data" / "codes.toml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, str]] = import_module("tomllib").loads(text)  # few runs need it
    return found


def in_order(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return findings by place, and at one by code."""
    by = attrgetter("place.file", "place.line", "place.column", "code", "message", "fix")
    return tuple(sorted(findings, key=by))  # which takes a tenth of what comparing them does


class Refused(Exception):  # noqa: N818 - it carries findings; "Error" would say that something broke
    """A stage collected findings that forbid the next stage."""

    label = ""
    """The target of a spec that they are about, where it has several."""
    path = ""
    """What commands take for what they are about."""
    state = "refused"
    """What came of it, in a few words."""

    def __init__(self, diagnostics: Iterable[Diagnostic], exit_code: ExitCode = ExitCode.REFUSED) -> None:
        """Keep the findings, sorted by place and without repetition."""
        self.diagnostics = in_order(set(diagnostics))
        self.exit_code = exit_code
        super().__init__(self.diagnostics, exit_code)

    def __str__(self) -> str:
        """Return the findings as they are printed."""
        return "\n".join(map(str, self.diagnostics))


def outcome(work: Callable[[Item], Result], item: Item) -> Result | Refused:
    """Return what the work for an item comes to, be it a refusal."""
    try:
        return work(item)
    except Refused as refused:
        return refused


def each_of(items: Iterable[Item], work: Callable[[Item], Result]) -> dict[Item, Result]:
    """Do the work for each item, each once; where any is refused, raise all that was found in all of them."""
    found = {item: outcome(work, item) for item in items}
    if refused := [each for each in found.values() if isinstance(each, Refused)]:
        raise Refused((one for each in refused for one in each.diagnostics), worst(each.exit_code for each in refused))
    return {item: each for item, each in found.items() if not isinstance(each, Refused)}

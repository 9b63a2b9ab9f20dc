"""What `validate` said of the specs that it accepted, kept in the user's cache folder until anything changes.

A verdict holds as long as all that it was reached from is as it was, and nothing else can change it:

- the day, since what is old by then gets a warning;
- every file of this package, and the versions of Python, pydantic and PyYAML;
- the spec's path, which the warnings name, and what the spec holds;
- each other file that was read on the way, or looked for in vain: policies, and the lists of Regions.

Files count by what they hold, not by when they were written. What was refused is never kept, and what is damaged or
can't be read is as good as never kept. A verdict that is known needs neither the parser nor the rules.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.source.reading import digest, state

if TYPE_CHECKING:
    from datetime import date

    from generator.source.reading import Reading

_NAME = "verdicts.json"
_MOST = 200  # specs: more than a day's work, and read in a millisecond
_LIBRARIES = (("pydantic", "version.py"), ("yaml", "__init__.py"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What there is to say of a spec that is accepted."""

    endpoints: int
    warnings: tuple[str, ...]


class Verdicts:
    """The verdicts of one day that a folder keeps; without a folder, nothing is kept."""

    def __init__(self, folder: Path | None, today: date) -> None:
        """Read what earlier runs of the same tool kept on the same day."""
        self._store: Path | None = None
        self._kept: dict[str, Any] = {}
        self._maker, self._has_news = "", False
        with suppress(OSError, ValueError):
            if folder is not None:
                self._maker = f"{today} {fingerprint()}"
                self._store = folder / _NAME
                self._kept = loads(self._store.read_bytes().decode("ascii"), self._maker)

    def known(self, path: str) -> Verdict | None:
        """Return the verdict on a spec, if everything that it was reached from is as it was."""
        with suppress(OSError, ValueError):
            kept = self._kept.get(f"{state(Path(path))} {path}")
            if kept is not None and all(state(Path(file)) == before for file, before in kept["files"].items()):
                return Verdict(endpoints=kept["endpoints"], warnings=tuple(kept["warnings"]))
        return None

    def keep(self, path: str, verdict: Verdict, reading: Reading) -> None:
        """Note the verdict on a spec, and the files that it was reached from."""
        if reading.is_sure():
            key = f"{reading.states[str(Path(path))]} {path}"
            kept = {"endpoints": verdict.endpoints, "warnings": verdict.warnings, "files": reading.states}
            self._kept = {**self._kept, key: kept}
            self._has_news = True

    def save(self) -> None:
        """Write what is new, if the system lets us; a file that was half written when the power went has no digest."""
        if self._store is None or not self._has_news:
            return
        temporary = self._store.with_name(f".{_NAME}.{os.getpid()}")
        newest = dict(list(self._kept.items())[-_MOST:])
        with suppress(OSError):
            self._store.parent.mkdir(parents=True, exist_ok=True)
            try:
                temporary.write_bytes(dumps(newest, self._maker).encode("ascii"))
                temporary.replace(self._store)
            finally:
                temporary.unlink(missing_ok=True)


def dumps(kept: dict[str, Any], maker: str) -> str:
    """Return verdicts, by whom and when they were reached, behind a digest of all that."""
    sealed = f"{maker}\n{json.dumps(kept)}\n"
    return f"{digest(sealed.encode('ascii'))} {sealed}"


def loads(text: str, maker: str) -> dict[str, Any]:
    """Return what `dumps` wrote for the same maker; nothing for another's, or where the text is damaged."""
    seal, _, sealed = text.partition(" ")
    made_by, _, kept = sealed.partition("\n")
    found: dict[str, Any] = json.loads(kept) if made_by == maker and seal == digest(sealed.encode("ascii")) else {}
    return found


def fingerprint() -> str:
    """Return what changes when a file of the tool does, its data among them, or what the tool stands on."""
    files: list[Path] = []
    for folder, folders, names in os.walk(Path(__file__).parent):
        folders[:] = sorted(set(folders) - {"__pycache__"})
        files += (Path(folder, name) for name in sorted(names))
    for library, name in _LIBRARIES:
        found = find_spec(library)
        files += [Path(found.origin).with_name(name)] if found is not None and found.origin is not None else []
    states = (f"{path} {state(path)}" for path in files)
    return digest("\n".join((sys.version, *states)).encode(errors="surrogateescape"))

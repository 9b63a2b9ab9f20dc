"""Drift as people read it, spec by spec, and as JSON."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from generator.cli.views import table
from generator.cli.views.many import FINE, Entry
from generator.cli.views.words import counted
from generator.live.drift.row import DRIFT, Drift, Kind
from generator.live.untold import NOT_CHECKED
from generator.source.diagnostics import MOST, Diagnostic, ExitCode
from generator.source.draft import Source
from generator.source.suggest import some
from generator.source.text import one_line

_LONGEST, _MOST = 100, 50
_COLUMNS = [("class" if each.name == "kind" else each.name, each.name) for each in fields(Drift)]
"""What each field is called in JSON."""
_ORDER = tuple(Kind)
_WORDS = {Kind.UNSURE: "not applied, or changed by hand", Kind.NOT_TOLD: "not told"}
"""What a class is called where that is not its name."""
_IN_FINDINGS = _WORDS | {Kind.NOT_TOLD: "possible difference", Kind.INFO: "not checked"}
_TOLD_APART = "to tell what is not applied from what was changed by hand: terraform show -json > FILE, and --state FILE"


def is_drifted(rows: Iterable[Drift]) -> bool:
    """Tell whether there is any difference at all."""
    return any(row.kind not in {Kind.INFO, Kind.NOT_TOLD} for row in rows)


def is_told(rows: Iterable[Drift]) -> bool:
    """Tell whether AWS's answers tell all that was compared with them."""
    return all(row.kind is not Kind.NOT_TOLD for row in rows)


def code(rows: Sequence[Drift]) -> ExitCode:
    """Return how a command ends that found these."""
    return ExitCode.STALE if is_drifted(rows) else ExitCode.FINE if is_told(rows) else ExitCode.REFUSED


def _is_known(rows: Iterable[Drift]) -> bool:
    """Tell whether nothing differs, nor is not told, whether that counts or not."""
    return all(row.kind is Kind.INFO and row.known for row in rows)


def entries(rows: Iterable[Drift], specs: Mapping[str, tuple[str, ...]], *, as_data: bool) -> list[Entry]:
    """Return what came of each spec, then of what exists in the VPC of several; `as_data` with all that is to print.

    `specs` has the keys of the endpoints by the spec's path.
    """
    own = _by_spec(rows)
    shared = [_entry(None, own[None], None, as_data=as_data)] if own[None] else []
    return [*(_entry(each, own[each], keys, as_data=as_data) for each, keys in specs.items()), *shared]


def _by_spec(rows: Iterable[Drift]) -> defaultdict[str | None, list[Drift]]:
    own = defaultdict[str | None, list[Drift]](list)
    for row in rows:
        own[row.spec].append(row)
    return own


def _entry(spec: str | None, rows: Sequence[Drift], keys: tuple[str, ...] | None, *, as_data: bool) -> Entry:
    state = "drifted" if is_drifted(rows) else FINE if is_told(rows) else "not told"
    first, left = _firsts(rows)
    untold = {each for row in left for each in (row.subject, *row.also)}
    known = keys and tuple(key for key in keys if key not in untold)
    report = as_rows(first) if as_data else None
    return Entry(spec, state, _differences(rows), report, known, len(left))


def _firsts(rows: Sequence[Drift], most: int = MOST) -> tuple[Sequence[Drift], Sequence[Drift]]:
    """Return what is told of the differences of a spec, and what is only counted, where these are very many."""
    if len(rows) <= most:
        return rows, ()
    found = sorted(rows, key=lambda row: _ORDER.index(row.kind))
    return found[:most], found[most:]


def findings(rows: Iterable[Drift], specs: Iterable[Source]) -> Iterator[Diagnostic]:
    """Yield differences, and what is not known, as findings, by class, at the endpoints in their specs if of one."""
    known = {each.path: each for each in specs}
    yield from (
        (NOT_CHECKED if row.kind in {Kind.NOT_TOLD, Kind.INFO} else DRIFT).at(
            known[row.spec].key_place(("endpoints", row.subject)) if row.spec else next(iter(known.values())).place(()),
            f"{' '.join(filter(None, (row.subject, row.field)))}: {_IN_FINDINGS.get(row.kind, row.kind)}: "
            f"{_as_text(row.found)}"
            + ("" if row.wanted is None else f", the spec has {_as_text(row.wanted)}")
            + (f"; so too {_also(row)}" if row.also else ""),
            row.next,
        )
        for row in sorted(rows, key=lambda row: _ORDER.index(row.kind))
        if row.kind is not Kind.INFO or not row.known
    )


def as_rows(rows: Iterable[Drift]) -> list[dict[str, Any]]:
    """Return the rows as data for JSON."""
    return [{called: getattr(row, name) for called, name in _COLUMNS} for row in rows]


def as_table(
    rows: Sequence[Drift], specs: Mapping[str, tuple[str, ...]], *, quiet: bool = False, has_state: bool = False
) -> str:
    """Return the rows under their specs, by class; `specs` has the keys of the endpoints by the spec's path.

    Of very many the first are told, and the specs after these counted. Where it `has_state`, none is asked for.
    """
    if not specs or (quiet and _is_known(rows)):
        return ""
    lines, by_spec, room, left = [_scope(specs), ""], _by_spec(rows), MOST, 0
    for spec, keys in specs.items():
        own = by_spec[spec]
        if quiet and _is_known(own):
            continue
        if not code(own):
            lines.append(f"{spec}: no drift, {counted(len(keys), 'endpoint')}")
        elif room <= 0:
            left += 1
            continue
        else:
            lines.append(spec)
        lines += _rows(own, room)
        room = max(0, room - len(own))
    lines += [f"and {counted(left, 'more spec')} with differences: name one to see them"] if left else []
    if by_spec[None]:
        lines += ["in the VPC of several specs", *_rows(by_spec[None], room)]
    return "\n".join((*lines, "", _summary(rows, specs, has_state=has_state)))


def _rows(rows: Sequence[Drift], most: int) -> list[str]:
    first, left = _firsts(rows, most)
    found = sorted(first, key=lambda row: _ORDER.index(row.kind))
    more = [f"  and {len(left)} more"] if left else []
    cells = [("", _WORDS.get(row.kind, row.kind), f"{row.subject}  {row.field}".rstrip()) for row in found]
    heads = table.lines(cells, has_head=False) if cells else []
    return [*(line for head, row in zip(heads, found, strict=False) for line in (head, *_under(row))), *more]


def _under(row: Drift) -> Iterator[str]:
    """Yield what is told under a difference, folded."""
    is_bare = row.wanted is None and not row.field
    both = (_as_text(row.found),) if is_bare else (f"spec: {_as_text(row.wanted)}", f"there: {_as_text(row.found)}")
    also = (f"so too: {_also(row)}",) if row.also else ()
    for each in map(one_line, (*also, *both, f"next: {row.next}")):
        yield table.prose(f"      {each}", hang=2)


def _also(row: Drift) -> str:
    return some(row.also, _MOST)


def _as_text(value: Any) -> str:
    """Return a value as one line of bounded length; `--format json` has it whole."""
    if value is None:
        return "nothing"
    if isinstance(value, list):
        text = some(map(str, value), _MOST) or "none"
    elif isinstance(value, str):
        text = value
    else:
        text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST or not isinstance(value, dict) else f"{text[:_LONGEST]}…"


def _scope(specs: Mapping[str, tuple[str, ...]]) -> str:
    whose, number = "its" if len(specs) == 1 else "their", sum(map(len, specs.values()))
    return f"compared {counted(len(specs), 'spec')} with {whose} files and AWS: {counted(number, 'endpoint')}"


def _differences(rows: Iterable[Drift]) -> str:
    """Return how many differences there are, possible ones where no other is; empty where there is none."""
    kinds = [row.kind for row in rows if row.kind is not Kind.INFO]
    is_sure = any(kind is not Kind.NOT_TOLD for kind in kinds)
    return counted(len(kinds), "difference" if is_sure else "possible difference") if kinds else ""


def _summary(rows: Collection[Drift], specs: Collection[str], *, has_state: bool) -> str:
    kinds: Counter[Kind] = Counter(row.kind for row in rows if row.kind is not Kind.INFO)
    total, of = sum(kinds.values()), counted(len(specs), "spec")
    if not total:
        return f"no drift in {of}"
    parts = ", ".join(f"{kinds[kind]} {_WORDS.get(kind, kind)}" for kind in _ORDER if kinds[kind])
    hint = f"{_TOLD_APART}\n" if kinds[Kind.UNSURE] and not has_state else ""
    return hint + table.prose(f"{_differences(rows)} in {of}: {parts}")

"""What `diff` prints: text for a terminal, Markdown for a comment of a pull request, and JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict

from generator.change.change import ORDER, Change
from generator.cli.harmless import harmless
from generator.cli.views import data, findings, table
from generator.cli.views.diff_rows import DONE, HURTS, Report, Row, rows
from generator.cli.views.words import counted

MARK = "<!-- gen-endpoints diff -->"
"""By which a pull request's comment is found again."""
LONGEST = 60_000
"""Characters of Markdown: GitHub takes 65,536 in one comment."""
_HEAD = "| Module | Object | What | Meaning | Spec |\n| --- | --- | --- | --- | --- |"
_ESCAPED = str.maketrans(
    {each: f"\\{each}" for each in "\\`*_[]|~"}
    | {"<": "&lt;", ">": "&gt;", "&": "&amp;", "$": "&#36;", "\n": " ", "\t": " "}
    | {each: f"{each}&#8203;" for each in "@#"}  # or somebody is called, or another issue gets a link
)


def as_text(report: Report) -> str:
    """Return the changes under what is done, what hurts first; each with what it means and the fix."""
    return "\n".join([table.prose(report.summary()), *lines(report.changes), *([""] if report.findings else [])])


def lines(changes: Collection[Change]) -> Iterator[str]:
    """Yield the lines of changes, those of each action under its name."""
    for action in ORDER:
        found = rows(changes, action, 1_000)
        yield from ("", DONE[action].upper()) if found else ()
        cells = [(f"  {row.where}", row.subject, row.detail, row.place) for row in found]
        for line, row in zip(table.lines(cells, has_head=False, whole={0, 1}) if cells else (), found, strict=True):
            yield line
            for each in row.lines:  # a fix is copied as it is
                yield f"      {each}" if each.startswith("fix: ") else table.prose(f"      {each}", 126)


def as_json(report: Report) -> str:
    """Return all of it as JSON, each change by itself; amounts are of USD a month."""
    found = {
        "against": report.against,
        "modules": {"compared": report.modules, "changed": report.changed},
        "endpoints": report.endpoints,
        "changes": [asdict(each) for each in report.changes],
        "others": report.others,
        "templates": report.templates,
        "findings": [findings.row(each) for each in report.findings],
        "cost": {
            "currency": "USD",
            "before": round(report.before, 2),
            "after": round(report.after, 2),
            "unpriced": max(report.unpriced),
        },
    }
    return data.document("diff", found, version=2)


def as_markdown(report: Report) -> str:
    """Return a page for one comment: what hurts first, the rest folded; what finds no room is counted by the row."""
    head, room = (MARK, f"**{_escape(report.summary())}**"), LONGEST - 2_000
    hurts, rest, left = list[str](), list[str](), list[str]()
    for action in ORDER:
        found = rows(report.changes, action, 100)
        shown, room = _fitting([_cells(row) for row in found], room)
        left += [f"{counted(len(found) - len(shown), 'row')} ({DONE[action]})"] if len(found) > len(shown) else []
        page = "\n".join([_HEAD, *shown])
        title = f"{DONE[action].capitalize()}: {sum(len(row.changes) for row in found)}"
        if shown and action in HURTS:
            hurts.append(f"### {title}\n\n{page}")
        elif shown:
            rest.append(f"<details><summary>{title}</summary>\n\n{page}\n\n</details>")
    told = ("<br>fix: ".join(map(_escape, str(each).split("\n    ", 1))) for each in report.findings)
    below, _ = _fitting([f"- {each}" for each in told], max(room, 1_000))
    end = [f"No room for {', '.join(left)}; `gen-endpoints diff` prints all."] if left else []
    return "\n\n".join(filter(None, (*head, *hurts, "\n".join(below), *rest, *end)))


def _fitting(lines: Iterable[str], room: int) -> tuple[list[str], int]:
    """Return the first lines that fit, each whole, and the room that is left; once one does not fit, there is none."""
    shown: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            return shown, 0
        shown.append(line)
    return shown, room


def _cells(row: Row) -> str:
    cells = (row.where, row.subject, row.detail)
    return f"| {' | '.join(map(_escape, cells))} | {'<br>'.join(map(_escape, row.lines))} | {_escape(row.place)} |"


def _escape(text: str) -> str:
    """Return text that is nothing but text in Markdown, and has no characters that hide or turn others."""
    return harmless(text).translate(_ESCAPED)

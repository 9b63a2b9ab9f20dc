"""What `diff` found, and its rows: equal changes of many objects and modules are one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from generator.change.around import UNREAD
from generator.change.change import ORDER, Action, Change, Values
from generator.cli.views.words import counted
from generator.source.diagnostics import Diagnostic
from generator.source.frozen import frozen
from generator.source.region import REGION_NAME
from generator.source.suggest import some

DONE: dict[Action, str] = {
    "destroy": "destroyed",
    "replace": "replaced",
    "rename": "renamed by mistake",
    "refused": "can't be applied",
    "create": "made",
    "update": "updated",
    "move": "moved",
}
HURTS = ORDER[:4]
_NOUNS = ("endpoint", "security group", "rules of security group", "input", "output")
_ALLOWANCE = re.compile(r"--allow (\w+):<module>/(\S+)")
_REGION = re.compile(rf"(?<![\w-]){REGION_NAME}(?!\w)")


@frozen(kw_only=True)
class Report:
    """All that one run found."""

    against: str
    """The revision or the folder that it is compared with; empty for what is on disk."""
    modules: tuple[str, ...]
    """Those that were compared."""
    changes: tuple[Change, ...]
    findings: tuple[Diagnostic, ...]
    """What can't be read, and what else there is to know."""
    others: int
    """Changes of other objects that a plan has."""
    before: Decimal
    """USD a month without traffic, of the endpoints whose price is known."""
    after: Decimal
    unpriced: tuple[int, int]
    """Endpoints whose price is not known, before and after."""
    templates: tuple[str, ...] = ()
    """The files of Terraform that templates add and that change: what that does is not compared."""
    endpoints: Mapping[str, tuple[str, ...]]
    """By module, the keys of the endpoints of which all is told: of one without a change, that it has none."""

    @property
    def changed(self) -> tuple[str, ...]:
        """The modules that change."""
        return tuple(dict.fromkeys(each.module for each in self.changes))

    def summary(self) -> str:
        """Return how many modules change, what becomes of how many objects, and what it costs."""
        number = Counter(each.action for each in self.changes)
        what = ", ".join(f"{number[action]} {DONE[action]}" for action in ORDER if number[action])
        changed = counted(len(self.changed), "module")
        scope = f"{changed} of {len(self.modules)} change{'' if changed.endswith('s') else 's'}"
        what += f"; the plan has {counted(self.others, 'other change')}" if self.others else ""
        return f"{scope}{': '[: 2 * (number.total() > 0)]}{what}. Cost without traffic: {self._cost()}."

    def _cost(self) -> str:
        """Return what it costs before and after; no difference where the price of one side alone is not known."""
        unread = {each.module for each in self.changes if each.code == UNREAD.code}
        if unread and unread >= {*self.modules}:
            return "not known"
        cost = f"{self.before:,.2f} -> {self.after:,.2f} USD a month ({self.after - self.before:+,.2f})"
        cost = cost if self.before != self.after else f"{self.after:,.2f} USD a month, as before"
        no_price = [f"{counted(each, 'endpoint')} of unknown price" if each else "" for each in self.unpriced]
        if self.unpriced[0] == self.unpriced[1]:
            cost += f", but for {no_price[0]}" if no_price[0] else ""
        else:
            amounts = (f"{each:,.2f} USD a month" if each else "" for each in (self.before, self.after))
            sides = (" and ".join(filter(None, side)) for side in zip(amounts, no_price, strict=True))
            cost = " -> ".join(each or "0.00 USD a month" for each in sides)
        return f"{cost}, without {counted(len(unread), 'module')} that can't be read" if unread else cost


class Row(NamedTuple):
    """Equal changes, with `<module>` and `<region>` in place of what is not equal."""

    changes: tuple[Change, ...]
    where: str
    subject: str
    detail: str
    lines: tuple[str, ...]
    """Which they are where they are several, what it means, and the fix."""
    place: str


def rows(changes: Iterable[Change], action: Action, most: int) -> list[Row]:
    """Return the rows of one action; names are listed up to so many, and the rest is counted."""
    groups: dict[tuple[str, ...], list[Change]] = {}
    for each in changes:
        if each.action == action:
            subject = each.subject if action in HURTS else _noun(each)
            texts = (_general(each, text) for text in (subject, *_texts(each)))
            groups.setdefault((each.code, *texts), []).append(each)
    return [_row(key[1:], group, most if action in HURTS else 3) for key, group in groups.items()]


def _row(general: tuple[str, ...], changes: list[Change], most: int) -> Row:
    subjects, modules, places = (
        tuple(dict.fromkeys(str(getattr(each, name)) for each in changes)) for name in ("subject", "module", "place")
    )
    own = {_texts(each) for each in changes}
    detail, *lines = own.pop() if len(own) == 1 else general[1:]
    told = {_detail(each, each.values) for each in changes}
    detail = told.pop() if len(told) == 1 else detail
    subject = subjects[0] if len(subjects) == 1 else general[0]
    subject += f" ({len(changes)})" if len(subjects) == 1 and len(changes) > len(modules) else ""
    if len(subjects) > 1 and changes[0].action not in HURTS:
        subject, keys = counted(len(changes), general[0]), dict.fromkeys(each.key or each.address for each in changes)
        lines[:0] = [some(keys, 8)] if len(keys) < len(changes) or len(modules) == 1 else []
    lines = [_ALLOWANCE.sub(r"--allow '\1:*/\2'", each) for each in lines]  # to be typed as it is
    if len(modules) > 1:
        lines.insert(0, f"in {some(modules, most)}")
    where = modules[0] if len(modules) == 1 else counted(len(modules), "module")
    return Row(tuple(changes), where, subject, detail, tuple(lines), some(places, 1))


def _texts(change: Change) -> tuple[str, ...]:
    """Return what happens, what it means, and the fix."""
    means = (f"{change.code} {change.means[0]}", *change.means[1:]) if change.code and change.means else change.means
    more = {"source": change.source, "fix": change.fix}
    return (_detail(change), *means, *(f"{name}: {text}" for name, text in more.items() if text))


def _detail(change: Change, values: Iterable[Values] = ()) -> str:
    """Return what happens to an object in a line, its arguments with their values before and after."""
    ends = (change.before, change.address) if change.before else ()
    is_one = len({each.rpartition(".aws_")[0] for each in ends}) == 1
    moved = " -> ".join(each.rpartition(".")[2] if is_one else each for each in ends)
    told = {each.argument: str(each) for each in values}
    return ", ".join(filter(None, (moved, *(told.get(each, each) for each in change.arguments)))) or change.what


def _noun(change: Change) -> str:
    """Return what kind of object it is, in the words of its subject; of any other kind the subject itself."""
    return next((noun for noun in _NOUNS if change.subject.startswith(f"{noun} ")), change.subject)


def _general(change: Change, text: str) -> str:
    """Return a text as it would be of any module in any Region."""
    return _REGION.sub("<region>", re.sub(rf"(?<![\w-]){re.escape(change.module)}", "<module>", text))

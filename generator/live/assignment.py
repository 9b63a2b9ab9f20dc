"""The cheapest assignment of what is of one class to what is of another, and what of it is not the only one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from generator.source.frozen import frozen


@frozen(kw_only=True)
class Plan:
    """How many of each row have each column: the last row or column, if it is one more, has what is left over."""

    counts: Mapping[tuple[int, int], int]
    possible: Mapping[int, frozenset[int]]
    """Which columns a row has in this plan, or in another that is as cheap."""
    open: frozenset[int]
    """The rows that have something else in another plan that is as cheap."""


def cheapest(costs: Sequence[Sequence[int]], rows: Sequence[int], columns: Sequence[int]) -> Plan:
    """Return the plan for so many of each row and of each column, of which as many as can be are assigned.

    A class is never split by chance: what is of one class costs the same, and is the same to whoever asks.
    """
    wanted, there = sum(rows), sum(columns)
    if wanted > there:
        costs, columns = [[*row, 0] for row in costs], [*columns, wanted - there]
    left = [row for row, count in enumerate(rows) for _ in range(count)]
    right = [column for column, count in enumerate(columns) for _ in range(min(count, wanted))]
    matched, potentials, prices = _hungarian([[costs[row][column] for column in right] for row in left])
    counts = Counter((row, right[at]) for row, at in zip(left, matched, strict=True))
    of_row, of_column = dict(zip(left, potentials, strict=True)), dict(zip(right, prices, strict=True))
    if wanted < there:
        rest = len(rows)
        costs, of_row[rest] = [*costs, [0] * len(columns)], 0
        for column, count in enumerate(columns):
            if free := count - sum(counts[row, column] for row in range(rest)):
                counts[rest, column] = free
    tight = defaultdict[int, set[int]](set)
    for row, several in enumerate(costs):
        tight[row] |= {at for at, cost in enumerate(several) if cost == of_row[row] + of_column[at]}
    return _plan({pair: count for pair, count in counts.items() if count}, tight)


def _plan(counts: Mapping[tuple[int, int], int], tight: Mapping[int, set[int]]) -> Plan:
    """Return a plan with what a turn of it round changes that costs nothing."""
    possible, holding = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
    for row, column in counts:
        possible[row].add(column)
        holding[column].add(row)
    changed = set[int]()
    for row, columns in tight.items():
        for column in columns:
            if _comes_round(row, column, tight, holding):
                changed.add(row)
                possible[row].add(column)
    return Plan(counts=counts, possible={row: frozenset(has) for row, has in possible.items()}, open=frozenset(changed))


def _comes_round(row: int, column: int, tight: Mapping[int, set[int]], holding: Mapping[int, set[int]]) -> bool:
    """Tell whether a row can take a column from others that take others, of which the last is the row's own."""
    seen, waiting = {column}, [each for each in holding[column] if each != row]
    passed = {*waiting}
    while waiting:
        for other in tight[waiting.pop()] - seen:
            if row in holding[other]:
                return True
            seen.add(other)
            waiting += holding[other] - passed
            passed |= holding[other]
    return False


def _hungarian(costs: Sequence[Sequence[int]]) -> tuple[list[int], list[int], list[int]]:
    """Return which column each row has, and the potentials of both, for no more rows than columns.

    https://en.wikipedia.org/wiki/Hungarian_algorithm#Matrix_interpretation (Jonker and Volgenant's way by shortest
    paths): a row less a row's and a column's potential is never below nothing, and nothing where they are a pair.
    """
    rows, columns = len(costs), len(costs[0])
    of_row, of_column, owner = [0] * rows, [0] * (columns + 1), [-1] * (columns + 1)
    for row in range(rows):
        at, owner[columns] = columns, row
        least: list[float] = [float("inf")] * columns
        before, seen = [columns] * columns, set[int]()
        while owner[at] >= 0:
            seen.add(at)
            held = owner[at]
            for each in range(columns):
                cost = costs[held][each] - of_row[held] - of_column[each]
                if each not in seen and cost < least[each]:
                    least[each], before[each] = cost, at
            following = min((each for each in range(columns) if each not in seen), key=least.__getitem__)
            step = int(least[following])
            for each in seen:
                of_row[owner[each]] += step
                of_column[each] -= step
            least = [cost if each in seen else cost - step for each, cost in enumerate(least)]
            at = following
        while at != columns:
            owner[at], at = owner[before[at]], before[at]
        owner[columns] = -1
    found = {held: column for column, held in enumerate(owner) if held >= 0}
    return [found[row] for row in range(rows)], of_row, of_column[:columns]

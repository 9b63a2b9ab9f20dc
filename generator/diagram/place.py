"""Where what a picture shows goes on a page: boxes and lines with their coordinates, in whole pixels.

An endpoint is a row, a subnet or a route table a column: where the endpoint has a network interface or a route, its
line comes to the front. So no line crosses another, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from generator.diagram.measure import NOTHING, Stack, stack
from generator.diagram.picture import Endpoint, Picture, Place
from generator.source.frozen import frozen

INSET = 12
_MARGIN, _PAD, _GAP, _ZONE, _STEP = 24, 20, 12, 22, 180
_CARD, _COLUMN, _TARGET, _GROUP = 220, 160, 340, 280


@frozen()
class Box:
    """What is written within a frame; `address` is that of what it stands for."""

    kind: str
    x: int
    y: int
    width: int
    height: int
    text: Stack = NOTHING
    address: str = ""
    is_centred: bool = False


@frozen()
class Line:
    """A line from left to right."""

    kind: str
    x: int
    y: int
    to: int


@frozen(kw_only=True)
class Mark:
    """What was found of an endpoint: `bad`, `warn`, `ok` or `info`, and in words."""

    tone: str
    text: str


def place(picture: Picture, marks: Mapping[str, Mark]) -> tuple[Box, list[Box | Line]]:
    """Return the page of a picture, and what is on it from back to front; `marks` go by the labels of endpoints."""
    return _Layout(picture, marks).page()


def summary(picture: Picture) -> str:
    """Return how much there is, and what it costs as far as that is known."""
    counts = (("endpoint", picture.endpoints), ("subnet", picture.subnets), ("security group", picture.groups))
    said = [f"{len(of)} {noun}{'s' * (len(of) != 1)}" for noun, of in counts if of]
    if picture.is_priced and picture.endpoints:
        known = [each.monthly for each in picture.endpoints if each.monthly is not None]
        more = len(picture.endpoints) - len(known)
        said.append(f"{sum(known):,.2f} USD a month without traffic{f', {more} of unknown price' if more else ''}")
    nothing = (
        "retired: no endpoints; until its apply, AWS has those that it made" if picture.is_retired else "no endpoints"
    )
    return " · ".join(said if picture.endpoints else [nothing, *said])


class _Layout:
    def __init__(self, picture: Picture, marks: Mapping[str, Mark]) -> None:
        self.picture, self.marks = picture, marks
        self.numbers = {each.address: number for number, each in enumerate(picture.groups, start=1)}
        self.left = _MARGIN + 2 * _PAD
        self.first = self.left + _CARD + 2 * _PAD
        columns = max(len(picture.subnets), len(picture.tables), 2)
        self.edge = self.first + columns * _STEP
        self.target = self.edge + 2 * _PAD
        self.border = self.target + _TARGET + _PAD
        self.abroad = self.border + 2 * _PAD

    def page(self) -> tuple[Box, list[Box | Line]]:
        picture, x = self.picture, _MARGIN
        right = (self.abroad + _TARGET if any(each.region for each in picture.endpoints) else self.border) + _MARGIN
        title = stack(right - 2 * _MARGIN, ("h", picture.name), ("t", summary(picture)))
        region = f"Region {picture.region}" if picture.region else "The provider's Region" * bool(picture.endpoints)
        where, vpc = (stack(self.edge - 3 * x - _PAD, ("b", text)) for text in (region, f"VPC {picture.vpc}"))
        top = _MARGIN + title.height + _PAD
        inner = top + where.height + _GAP
        is_gateway = {each.address: bool(each.tables) or each.type == "Gateway" for each in picture.endpoints}
        gateways = [each for each in picture.endpoints if is_gateway[each.address]]
        others = [each for each in picture.endpoints if not is_gateway[each.address]]
        tables = sorted(picture.tables, key=lambda each: each.is_otherwise)
        items, y = list[Box | Line](), inner + vpc.height + _GAP
        for of_it, places, kind in ((others, picture.subnets, "subnet"), (gateways, tables, "table")):
            if of_it or places:
                y, placed = self.band(of_it, places, kind, y)
                items += placed
        bottom, groups = self.groups(y)
        vpc_end = bottom + _PAD - _GAP
        around = [
            Box("title", x - INSET, _MARGIN, right - x, title.height, title),
            Box("region", x, top, self.border - x, vpc_end + _PAD - top, where),
            Box("vpc", x + _PAD, inner, self.edge - x - _PAD, vpc_end - inner, vpc),
        ]
        return Box("page", 0, 0, right, vpc_end + _PAD + _MARGIN), [*around, *items, *groups]

    def band(
        self, endpoints: Sequence[Endpoint], places: Sequence[Place], kind: str, top: int
    ) -> tuple[int, list[Box | Line]]:
        """Place endpoints as rows across places as columns; return where the next band begins, and what is placed."""
        inner = top + _ZONE * (kind == "subnet")
        heads = [stack(_COLUMN - 2 * INSET, ("b", each.name), ("s", noun(kind, each))) for each in places]
        y = inner + max((head.height for head in heads), default=0) + INSET
        xs = {each.address: self.first + index * _STEP for index, each in enumerate(places)}
        back, front = list[Box | Line](), list[Box | Line]()
        for endpoint in endpoints:
            height, row = self.row(endpoint, xs, y)
            back.append(row[0])
            front += row[1:]
            y += height + _GAP
        height = y - inner
        columns = [
            Box(kind + " otherwise" * each.is_otherwise, xs[each.address], inner, _COLUMN, height, head, each.address)
            for each, head in zip(places, heads, strict=True)
        ]
        zones = _zones(places, xs, top, height + _ZONE + 4) if kind == "subnet" else ()
        return y + 2 * _GAP, [*back, *zones, *columns, *front]

    def row(self, endpoint: Endpoint, xs: Mapping[str, int], y: int) -> tuple[int, list[Box | Line]]:
        """Return how high the row of an endpoint is, and its line, its card, where it leads, and where it is."""
        card, leads, mark = self.card(endpoint), self.leads(endpoint), self.marks.get(endpoint.label)
        words = {at: endpoint.addresses.get(at) or "ENI" for at in endpoint.subnets} | dict.fromkeys(
            endpoint.tables, "route"
        )
        inside = {at: stack(_COLUMN - 4 * INSET, ("s", said)) for at, said in words.items() if at in xs}
        height = max(each.height for each in (card, leads, *inside.values())) + INSET
        x, middle = self.abroad if endpoint.region else self.target, y + height // 2
        kind = f"endpoint {mark.tone}" if mark else "endpoint"
        row: list[Box | Line] = [
            Line("way", self.left + _CARD, middle, x),
            Box(kind, self.left, y, _CARD, height, card, endpoint.address, is_centred=True),
            Box("target", x, y, _TARGET, height, leads, is_centred=True),
        ]
        for at, said in inside.items():
            wide, high = said.width + 2 * INSET, said.height + 6
            row.append(Line("there", xs[at], middle, xs[at] + _COLUMN))
            left = xs[at] + (_COLUMN - wide) // 2
            row.append(Box("at", left, middle - high // 2, wide, high, said, is_centred=True))
        return height, row

    def card(self, endpoint: Endpoint) -> Stack:
        mark, numbers = self.marks.get(endpoint.label), [str(self.numbers[each]) for each in endpoint.groups]
        parts = [("b", endpoint.label), ("s", f"{endpoint.type}{' · private DNS' * endpoint.private_dns}")]
        parts += [("s", f"Security group{'s' * (len(numbers) > 1)} {', '.join(numbers)}")] if numbers else []
        return stack(_CARD - 2 * INSET, *parts, *((("b", mark.text),) if mark else ()))

    def leads(self, endpoint: Endpoint) -> Stack:
        first, *more = endpoint.private_names or ("",)
        costs = "price unknown" if endpoint.monthly is None else f"{endpoint.monthly:,.2f} USD a month"
        parts = [f"Region {endpoint.region}"] if endpoint.region else []
        parts += [f"{first} and {len(more)} more" if more else first] if first else []
        parts += [costs if endpoint.monthly != 0 else "free"] if self.picture.is_priced else []
        return stack(_TARGET - 2 * INSET, ("t", endpoint.service), *(("s", each) for each in parts))

    def groups(self, top: int) -> tuple[int, list[Box | Line]]:
        """Place the security groups, each where there is most room; return where they end, and what is placed."""
        inner = self.edge - _PAD - self.left
        count = max(1, (inner + _GAP) // (_GROUP + _GAP))
        width, ends = (inner + _GAP) // count - _GAP, [top] * count
        items: list[Box | Line] = []
        for group in self.picture.groups:
            column = ends.index(min(ends))
            ends[column], boxes = self.group(group, self.left + column * (width + _GAP), ends[column], width)
            items += boxes
        return max(ends), items

    def group(self, group: Place, x: int, y: int, width: int) -> tuple[int, list[Box]]:
        whose = "made here" if group.is_made else "from the caller" if group.address.startswith("var.") else "exists"
        name, what = f"{self.numbers[group.address]} · {group.name}", f"{noun('group', group)}, {whose}"
        head, boxes = stack(width - 2 * INSET, ("b", name), ("s", what)), []
        bottom = y + head.height + INSET
        for port in group.ports:
            opens = f"{port.opens} from {', '.join(port.sources) or 'what only the plan knows'}"
            said = stack(width - 4 * INSET, ("t", opens))
            at = x + INSET, bottom, width - 2 * INSET, said.height + 6
            boxes.append(Box("port", *at, said, port.address, is_centred=True))
            bottom += said.height + 10
        bottom += 8 * bool(boxes)
        return bottom + _GAP, [Box("group", x, y, width, bottom - y, head, group.address), *boxes]


def _zones(places: Sequence[Place], xs: Mapping[str, int], y: int, height: int) -> Iterator[Box]:
    """Yield the zones, as far as they are known: else each reference to subnets is by itself."""
    for _, (first, *others) in groupby(places, key=lambda each: each.zone or each.address):
        x, width = xs[first.address] - 4, xs[(first, *others)[-1].address] - xs[first.address] + _COLUMN + 8
        named = f"Zone {first.zone}" if first.zone else f"Zone{'s' * first.is_several} known at plan"
        yield Box("zone", x, y, width, height, stack(width - 2 * INSET, ("s", named)))


def noun(kind: str, place: Place) -> str:
    """Return what a place is, as pictures say it under its name."""
    if place.is_otherwise:
        return "if a subnet has no table of its own"
    return {"subnet": "Subnet", "table": "Route table", "group": "Security group"}[kind] + "s" * place.is_several

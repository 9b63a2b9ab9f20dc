"""A picture as Mermaid, which forges draw from the text of a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.diagram.picture import Picture, Place
from generator.diagram.place import noun

_NO_ID = re.compile(r"\W", re.ASCII)
_ODD = re.compile(r"[^\w .,:/=+@-]")


def mermaid(picture: Picture) -> str:
    """Return a picture as a flowchart; endpoints that are in the same places, in the same groups, are in one box."""
    return "\n".join(_lines(picture)) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    kinds = {
        "s": ("subnet", picture.subnets),
        "r": ("table", picture.tables),
        "g": ("group", picture.groups),
    }
    ids = {each.address: f"{key}{n}" for key, (_, of) in kinds.items() for n, each in enumerate(of, start=1)}
    yield f"flowchart LR\n  subgraph vpc[{_label(f'VPC {picture.vpc}')}]\n    direction LR"
    for kind, places in kinds.values():
        for place in places:
            yield f"    {ids[place.address]}[{_label(place.name, noun(kind, place), *_ports(place))}]"
    boxes: dict[tuple[str, ...], list[str]] = {}
    abroad: list[str] = []
    for endpoint in picture.endpoints:
        at, groups = ([ids[each] for each in of] for of in (endpoint.subnets + endpoint.tables, endpoint.groups))
        key = _NO_ID.sub(lambda odd: f"_{ord(odd[0])}_", endpoint.label)  # a number would be another beside one more
        node = f"      e_{key}([{_label(endpoint.label, endpoint.service)}])"
        boxes.setdefault((endpoint.type, " & ".join(at), " & ".join(groups)), []).append(node)
        abroad += [f"  e_{key} --> t_{key}[{_label(f'Region {endpoint.region}')}]"] if endpoint.region else []
    for number, ((kind, _, _), nodes) in enumerate(boxes.items(), start=1):
        yield "\n".join((f"    subgraph b{number}[{_label(kind)}]", "      direction LR", *nodes, "    end"))
    yield "  end"
    for number, (_, *ends) in enumerate(boxes, start=1):
        yield from (f"  {each} {line} b{number}" for each, line in zip(ends, ("---", "-.-"), strict=True) if each)
    yield from abroad


def _ports(place: Place) -> Iterator[str]:
    return (f"{port.opens} from {', '.join(port.sources)}" for port in place.ports)


def _label(*lines: str) -> str:
    """Return lines as a label that no name can end or make code of: what could is written by its number."""
    escaped = (_ODD.sub(lambda odd: f"#{ord(odd[0])};", line) for line in lines)
    return f'"{"<br>".join(escaped)}"'

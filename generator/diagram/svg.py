"""A picture as SVG: the same bytes on every machine, and nothing in it from elsewhere.

It may stand in a page beside others: it has no ids, and its style, the same for all, is for its own class alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape

from generator.catalog.catalog import text_of
from generator.diagram.picture import Picture
from generator.diagram.place import INSET, Box, Line, Mark, place, summary


@cache
def style() -> str:
    """Return the style of all pictures, in light and in dark."""
    return text_of("diagram.css")


def draw(picture: Picture, findings: Mapping[str, Mark] | None = None, *, is_styled: bool = True) -> str:
    """Return a picture as SVG; `findings` go by the labels of endpoints. Without its style a page must have that."""
    page, items = place(picture, findings or {})
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="gd" role="img" viewBox="0 0 {page.width} {page.height}"'
    size = f'width="{page.width}" height="{page.height}"'
    return "\n".join(
        (
            f"{head} {size}>",
            f"<title>{_text(picture.name)}: VPC endpoints</title>",
            f"<desc>{_text(description(picture))}</desc>",
            *((f"<style>\n{style()}</style>",) if is_styled else ()),
            f'<rect class="page" {size}/>',
            *map(_item, items),
            "</svg>\n",
        )
    )


def description(picture: Picture) -> str:
    """Return in words what a picture shows."""
    names = {each.address: each.name for each in (*picture.subnets, *picture.tables, *picture.groups)}
    said = [f"VPC {picture.vpc}: {summary(picture)}."]
    for each in picture.endpoints:
        places = ", ".join(names[address] for address in (*each.subnets, *each.tables)) or "no place"
        said.append(f"{each.label} ({each.type}) leads to {each.service} from {places}.")
    return " ".join(said)


def _text(text: str) -> str:
    """Return text as XML, without what no XML may hold, and what could steer a terminal."""
    return escape("".join(each if each.isprintable() else "\ufffd" for each in text))


def _item(item: Box | Line) -> str:
    if isinstance(item, Line):
        tip = "m-6 -4l6 4l-6 4" if item.kind == "way" else ""
        return f'<path class="{item.kind}" d="M{item.x} {item.y}H{item.to}{tip}"/>'
    size = f'x="{item.x}" y="{item.y}" width="{item.width}" height="{item.height}"'
    address = f' data-address="{_text(item.address)}"' if item.address else ""
    top = item.y + (item.height - item.text.height) // 2 - 2 if item.is_centred else item.y
    left = item.x + (item.width // 2 if item.kind == "at" else INSET)  # where the style has it begin, or its middle
    texts = (
        f'<text class="{kind}" x="{left}" y="{top + below}">{_text(text)}</text>'
        for kind, below, text in item.text.lines
    )
    return f'<g class="{item.kind}"{address}><rect {size}/>{"".join(texts)}</g>'

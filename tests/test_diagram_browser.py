"""A picture in a real browser: no text is cut or covered, in two fonts; and the real Mermaid draws each diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from generator.diagram.mermaid import mermaid
from generator.diagram.picture import picture
from generator.diagram.svg import draw
from tests.browser import browser
from tests.cases import ROOT
from tests.drawn import modules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

MERMAID = ROOT / ".venv" / "editor" / "node_modules" / "mermaid" / "dist" / "mermaid.min.js"
WRONG = """() => {
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5;
  const box = (node) => {
    const {x, y, width, height} = node.getBBox();
    return {left: x, top: y, right: x + width, bottom: y + height};
  };
  const texts = [...document.querySelectorAll("svg text")].map((node) => ({node, ...box(node)}));
  const rects = [...document.querySelectorAll("svg g > rect")].map((node) => ({node, ...box(node)}));
  const wrong = [];
  texts.forEach((text, index) => {
    const around = box(text.node.parentNode.querySelector("rect"));
    if (text.left < around.left || text.right > around.right || text.top < around.top || text.bottom > around.bottom)
      wrong.push("cut: " + text.node.textContent);
    for (const other of texts.slice(index + 1))
      if (over(text, other)) wrong.push(text.node.textContent + " over " + other.node.textContent);
    for (const rect of rects)
      if (text.node.compareDocumentPosition(rect.node) & Node.DOCUMENT_POSITION_FOLLOWING && over(text, rect))
        wrong.push("covered: " + text.node.textContent);
  });
  return wrong;
}"""
IS_XML = 'text => new DOMParser().parseFromString(text, "image/svg+xml").querySelector("parsererror") === null'
DRAWN = "async text => { await mermaid.parse(text); return (await mermaid.render('drawn', text)).svg; }"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """Return a page of a browser."""
    with browser() as opened:
        yield opened.new_page(viewport={"width": 1400, "height": 900})


@pytest.mark.parametrize("font", ["DejaVu Sans", "Liberation Sans"])
def test_no_text_is_cut_or_covered(page: Page, font: str) -> None:
    """Measured by `getBBox`: each is in its box, beside its neighbours, and under nothing that comes after it."""
    found = {}
    for name, blocks in modules():
        text = draw(picture(blocks, name))
        page.set_content(f"<style>.gd.gd text {{ font-family: '{font}' }}</style>{text}")
        found[name] = page.evaluate(WRONG)
        assert page.evaluate(IS_XML, text)

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_the_measure_sees_what_is_wrong(page: Page) -> None:
    """A text that is too long for its box, and one that is under another, are found."""
    texts = '<text x="2" y="15">much too long</text><text x="2" y="16">x</text>'
    page.set_content(f'<svg><g><rect width="20" height="20"/>{texts}</g></svg>')

    assert page.evaluate(WRONG) == ["cut: much too long", "much too long over x"]


def test_the_real_mermaid_draws_each_diagram(page: Page) -> None:
    """What is in a README is Mermaid, whatever names are in it."""
    if not MERMAID.exists():
        pytest.skip("what Mermaid draws needs its package: make editor installs it")
    page.set_content("<body></body>")
    page.add_script_tag(path=MERMAID)
    for name, blocks in modules():
        found = picture(blocks, name)
        drawn = page.evaluate(DRAWN, mermaid(found))
        assert "<svg" in drawn
        assert all(each.label in drawn for each in found.endpoints)

"""Tables come back as they were written."""

from hypothesis import given
from hypothesis import strategies as st

from generator.hcl import markdown

CELL = st.text(st.characters(exclude_categories=["C", "Z"])).map(lambda text: text or "x")


@given(st.lists(st.tuples(CELL, CELL), min_size=2))
def test_a_table_reads_back(rows: list[tuple[str, str]]) -> None:
    """Bars and backslashes in a cell are text."""
    page = markdown.read(f"# Head\n\n{markdown.table(rows)}\n")

    assert page.tables == {"Head": tuple(rows)}


def test_code_reads_back() -> None:
    """A fence is one piece, blank lines and all."""
    assert markdown.read("## Usage\n\n```hcl\na = 1\n\nb = 2\n```\n").code == {"Usage": "a = 1\n\nb = 2\n"}

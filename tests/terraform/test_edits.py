"""No edit hurts: what people had before and have after, they have all the while, and each apply ends by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .editing import EDITS, ENDS, Site, case, refused

if TYPE_CHECKING:
    from .bench import Bench

PARALLELISM = (30, 10, 1, 3)
"""Terraform's order varies by itself, and more with how much it does at once."""

APPLIED = [name for name in EDITS if case(name).get("refused", {}).keys() != set(ENDS)]
"""The edits of which `render` refuses one end at most; it stays where it is then."""


def test_no_edit_hurts(bench: Bench, pytestconfig: pytest.Config) -> None:
    """Each edit is applied forth and back, in many orders: nobody is shut out, nothing is refused or left to do."""
    names = pytestconfig.getoption("--edits")
    site = Site(bench, names.split(",") if names else APPLIED)
    for number in range(pytestconfig.getoption("--repetitions")):
        site.again()
        wrong: list[str] = []
        for which in ENDS:
            options = [f"-parallelism={PARALLELISM[number % len(PARALLELISM)]}", *["-refresh=false"] * bool(number)]
            wrong += [*site.apply(which, *options), *([] if number else site.left(which))]
        assert not wrong, "\n".join([f"in repetition {number + 1}", *sorted(wrong)])


@pytest.mark.parametrize("name", EDITS)
def test_render_refuses_what_is_said(name: str) -> None:
    """`render` refuses the ends of an edit that the case says, and no other."""
    found = {which: refused(name, which) for which in ENDS if refused(name, which)}

    assert found == case(name).get("refused", {})

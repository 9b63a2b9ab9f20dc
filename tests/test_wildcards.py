"""What AWS's filters take for a pattern."""

from time import process_time

import pytest

from generator.catalog.wildcards import escaped, finder, is_for_others, is_pattern


@pytest.mark.parametrize(
    ("pattern", "found", "other"),
    [
        ("ap*", "app", "xapp"),
        ("a?c", "abc", "ac"),
        (r"a\*", "a*", "ab"),
        (r"a\\b", "a\\b", "ab"),
        ("[a]*", "[a]b", "ab"),
        (r"a]^[*", "a]^[b", "a"),
        ("a*\nb", "ax\nb", "a"),
        ("ap*", "ap", "AP"),
    ],
)
def test_a_pattern_finds_what_a_filter_does(pattern: str, found: str, other: str) -> None:
    """And nothing else; escaped, a text finds itself alone."""
    assert is_pattern(pattern)
    assert finder({"Name": pattern})({"Name": found})
    assert not finder({"Name": pattern})({"Name": other})
    assert not finder({"Name": pattern})({})
    assert finder({"Name": escaped(found)})({"Name": found})
    assert not finder({"Name": escaped(pattern)})({"Name": found})
    assert not is_for_others(escaped(pattern))


@pytest.mark.parametrize(
    ("text", "is_told"),
    [("a*", True), (r"a\*", False), (r"a\\*", True), (r"\?\\b", False), (r"b\c", True), ("b\\", True)],
)
def test_a_sign_that_is_meant_itself_finds_nothing_else(text: str, *, is_told: bool) -> None:
    """Nor has a backslash before it that other signs keep."""
    assert is_for_others(text) == is_told


def test_a_pattern_of_many_signs_is_soon_tried() -> None:
    """One with a hundred asterisks is no way to stop the tool."""
    before = process_time()
    assert not finder({"Name": "*a" * 128 + "b"})({"Name": "a" * 256})
    assert process_time() - before < 1

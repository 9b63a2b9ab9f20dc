"""What a difference says, and its diff."""

from __future__ import annotations

import pytest

from generator.output import difference, disk, manifest, tree
from generator.output.difference import Difference
from generator.source.diagnostics import Code, Place

DIFFS = {
    "changed": (b"a\nb\n", b"a\nc\n", "--- x.tf\tin the folder\n+++ x.tf\trendered\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"),
    "missing": (None, b"a\n", "--- /dev/null\tin the folder\n+++ x.tf\trendered\n@@ -0,0 +1 @@\n+a\n"),
    "left over": (b"a\n", None, "--- x.tf\tin the folder\n+++ /dev/null\trendered\n@@ -1 +0,0 @@\n-a\n"),
    "left over and empty": (b"", None, ""),
    "no end of line": (
        b"a",
        b"a\n",
        "--- x.tf\tin the folder\n+++ x.tf\trendered\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n",
    ),
    "a form feed and U+2028 end no line": (
        b"a\x0cb\xe2\x80\xa8c\n",
        b"d\n",
        "--- x.tf\tin the folder\n+++ x.tf\trendered\n@@ -1 +1 @@\n-a\x0cb\u2028c\n+d\n",
    ),
    "no text": (b"\xff\n", b"a\n", "--- x.tf\tin the folder\n+++ x.tf\trendered\n@@ -1 +1 @@\n-\\xff\n+a\n"),
}


@pytest.mark.parametrize(("before", "after", "expected"), DIFFS.values(), ids=DIFFS)
def test_a_diff_leads_from_the_folder_to_what_is_rendered(
    before: bytes | None, after: bytes | None, expected: str
) -> None:
    """The diff is one that `patch` can apply to the folder."""
    diagnostic = difference.describe(difference.STALE, Place("out/x.tf"))
    found = Difference(path="x.tf", kind=difference.STALE, diagnostic=diagnostic, before=before, after=after)

    assert found.diff == expected


def test_every_kind_says_what_to_do() -> None:
    """Each code of the output folder has a number of its own in the range of `tree`, an explanation and a fix."""
    codes = {
        each
        for module in (difference, disk, manifest, tree)
        for each in vars(module).values()
        if isinstance(each, Code) and each is not disk.IN_THE_WAY  # which is of files outside of such folders
    }

    assert len({each.code for each in codes}) == len(codes) == 12
    for code in codes:
        assert "E300" < code.code < "E350"
        assert code.why
        assert difference.describe(code, Place("out")).fix
        message = difference.describe(code, Place("out")).message
        assert message.lower() in {"", code.title.lower()}, "the title in codes.toml and the message are one sentence"


def test_closer_words_replace_those_of_the_kind() -> None:
    """A finding may say more than its kind does."""
    found = difference.describe(difference.DAMAGED, Place("out/x", 3), message="line 3 is odd", fix="mend it")

    assert str(found) == "out/x:3:0: E305 line 3 is odd\n    mend it"

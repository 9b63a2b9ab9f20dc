r"""What a filter of the EC2 API takes for a pattern, as the lookups of names and tags are that Terraform makes.

"You can use wildcards with the filter values": `*`, `?`, and `\` before one that is meant itself.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html (checked 2026-11-24)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import translate

_ESCAPED = re.compile(r"\\[*?\\]")
_PART = re.compile(r"\\([*?\\])|(\[)")


def is_pattern(text: str) -> bool:
    """Tell whether a filter takes a text for anything else than itself."""
    return any(sign in text for sign in "*?\\")


def is_for_others(text: str) -> bool:
    """Tell whether a pattern has a sign that is not meant itself, so that it may find another text than one alone."""
    return is_pattern(_ESCAPED.sub("", text))


def escaped(text: str) -> str:
    """Return the pattern that finds a text alone."""
    return re.sub(r"([*?\\])", r"\\\1", text)


def finder(wanted: Mapping[str, str]) -> Callable[[Mapping[str, str]], bool]:
    """Return what tells whether something with some tags, or fields, has all that is wanted, as a filter does."""
    in_shell = {key: _PART.sub(_itself, text) for key, text in wanted.items()}
    forms = {key: re.compile(translate(text)) for key, text in in_shell.items()}  # which takes no more than linear time
    return lambda there: all(key in there and form.match(there[key]) for key, form in forms.items())


def _itself(part: re.Match[str]) -> str:
    sign = part[1] or part[2]
    return f"[{sign}]" if sign in "*?[" else sign

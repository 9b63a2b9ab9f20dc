"""Text of a policy of which Terraform alone knows a part: a mapping in place of the text, where policies have none.

IAM's own variables, as `${aws:PrincipalOrgID}`, are text like any other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from generator.spec.scalars import IDENTIFIER

Path = tuple[str | int, ...]
VERSION = "2012-10-17"
"""The version of the policy language that has policy variables."""


class Known(NamedTuple):
    """What Terraform knows: the provider's `account`, the module's `vpc`, or the `variable` of a name."""

    kind: str
    name: str = ""


def parts(value: object) -> tuple[str | Known, ...] | None:
    """Return what the text is made of that a mapping stands for; None for any other value."""
    ((kind, given),) = value.items() if isinstance(value, dict) and len(value) == 1 else (("", None),)
    if kind == "join" and isinstance(given, list):
        several = [(each,) if isinstance(each, str) else parts(each) for each in given]
        return None if None in several else tuple(part for each in several for part in each or ())
    if kind == "variable" and isinstance(given, str) and re.fullmatch(IDENTIFIER, given):
        return (Known(kind, given),)
    return (Known(kind),) if kind in {"account", "vpc"} and given is True else None


def as_text(value: object) -> str | None:
    """Return a text with `<NAME>` for what Terraform knows, which is a name and no pattern; None for no text.

    A number, `true` and `false` are the texts of that, as AWS reads them: `111122223333` is an account.
    """
    if isinstance(value, bool | int | float):
        return json.dumps(int(value) if isinstance(value, float) and value.is_integer() else value)
    found = (value,) if isinstance(value, str) else parts(value)
    names = (f"<{part.name or part.kind}>" if isinstance(part, Known) else part for part in found or ())
    return None if found is None else "".join(names)


def mappings(document: object, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the mappings in a document, each with its path; not those that are part of a text."""
    if isinstance(document, dict):
        yield path, document
    is_text, items = parts(document) is not None, enumerate(document) if isinstance(document, list) else ()
    for key, item in document.items() if isinstance(document, dict) and not is_text else items:
        yield from mappings(item, (*path, key))


def filled(document: Any, known: Callable[[Known], str]) -> Any:
    """Return a document with text in place of the mappings that stand for it."""
    if (found := parts(document)) is not None:
        return "".join(known(part) if isinstance(part, Known) else part for part in found)
    if isinstance(document, list):
        return [filled(item, known) for item in document]
    return {key: filled(item, known) for key, item in document.items()} if isinstance(document, dict) else document

"""What is found in many targets, each finding told once with the targets that have it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from generator.fleet.keys import module_name
from generator.source.diagnostics import Diagnostic, Place, Refused, outcome
from generator.source.suggest import DID_YOU_MEAN

Item = TypeVar("Item")
Result = TypeVar("Result")
_MOST = 3
_OF_ONE_CAUSE = "15"
"""The hundreds of codes of form and of edits: where these have one place, values that differ are no other mistake."""


def each_of(items: Iterable[tuple[str, Item]], work: Callable[[Item], Result]) -> tuple[Result, ...]:
    """Do the work for each target, by its key (empty of a spec by itself); raise what was found in all of them."""
    found = [(key, outcome(work, item)) for key, item in items]
    if refused := [(key, each) for key, each in found if isinstance(each, Refused)]:
        raise Refused(
            fold((key, each.diagnostics) for key, each in refused), max(each.exit_code for _, each in refused)
        )
    return tuple(each for _, each in found if not isinstance(each, Refused))


def fold(found: Iterable[tuple[str, Iterable[Diagnostic]]]) -> list[Diagnostic]:
    """Return findings by the target's key, empty of a spec by itself, with one for all that have its code and place.

    Where what they are about depends on the target, as an object of AWS, one for all that have its message, too.
    """
    alike: dict[tuple[Place, str, str, int | str], tuple[Diagnostic, list[str]]] = {}
    for key, findings in found:
        seen: Counter[tuple[Place, str, str]] = Counter()
        for each in findings:
            message = "" if each.code[1] in _OF_ONE_CAUSE else _of_any(each.message, key)
            seen[each.place, each.code, message] += 1
            is_named = key and each.code != "E160"  # a team's own rules, of which several may have one place
            same = (each.place, each.code, message, seen[each.place, each.code, message] if is_named else each.fix)
            first, keys = alike.setdefault(same, (each, []))
            keys += [key] if key else []
            # Targets before may have had no name near to it.
            if each.fix.startswith(DID_YOU_MEAN) > first.fix.startswith(DID_YOU_MEAN):
                alike[same] = replace(first, fix=each.fix), keys
    return [_of_all(each, keys) for each, keys in alike.values()]


def _of_all(found: Diagnostic, keys: list[str]) -> Diagnostic:
    """Return a finding with the targets that have it; where these are several, in words that name none of them."""
    message, fix = found.message.removesuffix(among(keys[:1])), found.fix  # of an edit that was judged by itself
    if len(keys) > 1:
        message, fix = _of_any(message, keys[0]), fix.replace(f":{module_name(keys[0])}/", ":*/")
    return replace(found, message=message + among(keys), fix=fix)


def _of_any(message: str, key: str) -> str:
    """Return the message of a target in words that do not name it."""
    return message.removesuffix(among([key])).replace(f" of {module_name(key)} ", " ") if key else message


def among(keys: Sequence[str]) -> str:
    """Return the end of a message that says for which targets it is; nothing where there are none."""
    shown = keys if len(keys) <= _MOST else [*keys[: _MOST - 1], f"{len(keys) - _MOST + 1} more"]
    return f", for {' and '.join(filter(None, [', '.join(shown[:-1]), shown[-1]]))}" if keys else ""


def of_values(values: Mapping[str, str]) -> str:
    """Return values as a message names them, as `account ml and tier prod`."""
    return " and ".join(f"{name} {value}" for name, value in values.items())

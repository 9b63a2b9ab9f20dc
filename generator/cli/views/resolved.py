"""A target as the spec that it is by itself, each value with the line that said it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.authoring.yaml_text import flow, scalar
from generator.fleet.overlays import Target
from generator.fleet.told import of_values
from generator.source.draft import ROW, Plain

_Path = tuple[str | int, ...]


def resolved(target: Target) -> str:
    """Return the spec of a target as YAML that may be rendered as it is, with where each value comes from."""
    found = [*_lines(target, target.source.data, (), "")]
    width = max(len(text) for text, _ in found)
    lines = [f"{text:{width}}  # {origin}" if origin else text for text, origin in found]
    place = target.source.place((ROW, "retired"))
    retired = [f"# retired, so its module makes nothing: {place.file}:{place.line}"] if target.is_retired else []
    return "\n".join([*retired, *lines])


def _lines(target: Target, data: Any, path: _Path, indent: str) -> Iterator[tuple[str, str]]:
    """Yield the lines of a map or a list, and for each that holds a value its origin."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        head = f"{indent}{scalar(str(key))}:" if isinstance(data, dict) else f"{indent}-"
        here = (*path, key)
        if isinstance(value, dict | list) and value:
            yield head, ""
            yield from _lines(target, value, here, f"{indent}  ")
        else:
            yield f"{head} {value if isinstance(value, Plain) else flow(value)}", _origin(target, here)


def _origin(target: Target, path: _Path) -> str:
    """Return where a value was said, in which overlay, and from what it was made."""
    made_by = target.formats.get(path)
    place, key = made_by[1:] if made_by else (target.source.place(path), target.source.key_place(path))
    is_named = path[-1] == "name" and place == target.source.place(("naming",))
    said = ("naming",) if is_named else path
    overlay = next((each for each in reversed(target.overlays) if each.sets(said) and each.at(said) == key), None)
    where = f" ({of_values(overlay.where)})" if overlay else ""
    at = f"line {target.row.line}" if target.row.file == place.file else f"{target.row.file}:{target.row.line}"
    made = f", {target.formats[said].text} of {at}" if said in target.formats else ""
    return f"{place.file}:{place.line}{where}{made}"

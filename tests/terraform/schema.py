"""The AWS provider's newest schema, and what rendered HCL says that it does not know.

The HCL is read by python-hcl2 itself, not by the generator, so that one misreading can't hide another.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DATA = Path(__file__).parents[1] / "data" / "aws_provider_6.62_schema.json"
META = {"for_each", "depends_on", "lifecycle"}
"""What Terraform itself takes in each block."""
_MARK = "__is_block__"
_REFERENCE = re.compile(r"\b(data\.)?(aws_\w+)\.([\w-]+)(?:\[[^\]]*\])?\.(\w+)")
_BLOCK = re.compile(r'(?ms)^(data|resource) "(\w+)" "[\w-]+" \{\n(.*?)^\}')
_SELF = re.compile(r"\bself\.(\w+)")
_WHOLE = re.compile(r"\$\{" + _REFERENCE.pattern + r"\}")


@cache
def schema() -> Mapping[str, Any]:
    """Return the schema: `resources` and `data_sources` by type."""
    loaded: Mapping[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return loaded


def of_type(kind: str, name: str) -> Mapping[str, Any] | None:
    """Return the schema of a type; `kind` is `resource` or `data`."""
    found: Mapping[str, Any] | None = schema()[{"resource": "resources", "data": "data_sources"}[kind]].get(name)
    return found


def objections(module: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the schema has against the resources and data sources of a file, as python-hcl2 reads it."""
    for kind in ("resource", "data"):
        for block in module.get(kind, []):
            ((quoted_type, named),) = ((key, value) for key, value in block.items() if key != _MARK)
            name = quoted_type.strip('"')
            for label, body in ((key, value) for key, value in named.items() if key != _MARK):
                address = f"{kind} {name}.{label.strip(chr(34))}"
                known = of_type(kind, name)
                yield from _body(body, known, address) if known else (f"{address}: no such type",)


def lost_references(text: str) -> Iterator[str]:
    """Yield each reference to an attribute that its type does not have, or that is deprecated, `self` and all."""
    for match in _REFERENCE.finditer(text):
        if _is_lost("data" if match[1] else "resource", match[2], match[4]):
            yield match[0]
    for kind, name, body in _BLOCK.findall(text):
        yield from (f"{name}: {match[0]}" for match in _SELF.finditer(body) if _is_lost(kind, name, match[1]))


def _is_lost(kind: str, name: str, attribute: str) -> bool:
    found = _attribute(kind, name, attribute)
    return found is None or bool(found.get("deprecated"))


def _attribute(kind: str, name: str, attribute: str) -> Mapping[str, Any] | None:
    known = of_type(kind, name)
    if known is None:
        return None
    found: Mapping[str, Any] | None = known["attributes"].get(attribute)
    return found


def _is_block(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and _MARK in value[0]


def _body(body: Mapping[str, Any], known: Mapping[str, Any], where: str) -> Iterator[str]:
    """Yield the objections to one body: unknown and missing names, types that do not fit, too many blocks."""
    attributes, blocks = known.get("attributes", {}), known.get("blocks", {})
    for name, value in body.items():
        if name in META or name == _MARK:
            continue
        if _is_block(value):
            yield from _blocks(value, blocks.get(name), f"{where}: {name}")
        elif name not in attributes:
            yield f"{where}: {name} is no argument"
        else:
            yield from _argument(value, attributes[name], f"{where}: {name}")
    for name, attribute in attributes.items():
        if attribute.get("required") and name not in body:
            yield f"{where}: {name} is missing"


def _blocks(values: list[Mapping[str, Any]], known: Mapping[str, Any] | None, where: str) -> Iterator[str]:
    if known is None:
        yield f"{where} is no block"
        return
    most = 1 if known.get("nesting") == "single" else known.get("max_items", len(values))
    if len(values) > most:
        yield f"{where} stands {len(values)} times and may stand {most}"
    for value in values:
        yield from _body(value, known, where)


def _argument(value: object, attribute: Mapping[str, Any], where: str) -> Iterator[str]:
    if not (attribute.get("required") or attribute.get("optional")):
        yield f"{where} can't be set"
    if attribute.get("deprecated"):
        yield f"{where} is deprecated"
    if not fits(value, attribute["type"]):
        yield f"{where} takes {attribute['type']}, not {value!r}"


def fits(value: object, wanted: str) -> bool:
    """Tell whether a value, as python-hcl2 reads it, fits a type of the schema: `string`, `set(string)`."""
    if isinstance(value, str) and value.startswith("${"):
        return _expression_fits(value, wanted)
    outer, _, inner = wanted.rstrip(")").partition("(")
    if outer in {"list", "set"}:
        return isinstance(value, list) and all(fits(item, inner) for item in value)
    if outer == "map":
        return isinstance(value, dict) and all(fits(item, inner) for item in value.values())
    if outer == "string":
        return isinstance(value, str) and value.startswith('"')
    if outer == "bool":
        return isinstance(value, bool)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _expression_fits(expression: str, wanted: str) -> bool:
    """Tell whether an expression may have a type, which is known of a plain reference and of `jsonencode`."""
    many = ("list", "set")
    if expression.startswith("${jsonencode("):
        return wanted == "string"
    whole = _WHOLE.fullmatch(expression)
    if whole is None:
        return True
    attribute = _attribute("data" if whole[1] else "resource", whole[2], whole[4])
    if attribute is None:
        return False
    given = str(attribute["type"])
    return given == wanted or (given.startswith(many) and wanted.startswith(many))

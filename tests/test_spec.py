"""The spec: whatever it states has an effect, and the JSON Schema says the same as the model."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator import spec
from generator.catalog import names
from generator.change.changes import changes
from generator.change.edit import edit
from generator.generate import generate
from generator.source import source
from generator.source.diagnostics import Refused
from generator.source.source import Plain
from generator.spec.misfit import FORMS
from generator.spec.project import Project
from tests.cases import KEPT, ROOT, SPECS, generated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.hcl.facts import Facts
    from generator.hcl.hcl import Block

Location = tuple[str | int, ...]
_REFUSED = sorted(ROOT.glob("tests/invalid/*.yaml"))
_OF_ONE = [each for each in _REFUSED if not each.name.startswith("W257-")]  # values are put in before a spec is decoded
CASES = [*SPECS, *_OF_ONE, *ROOT.glob("tests/valid/E274-*.yaml")]
OF_FORM = {"E101", "E102", "E103", "E104", "E105"}
VALIDATOR = jsonschema.Draft202012Validator(spec.json_schema())
INTEGER = re.compile(r"[-+]?[0-9]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def _as_editors_see(data: Any) -> Any:
    """Return data by YAML 1.2's core schema, which editors read a spec by."""
    if isinstance(data, dict):
        return {str(key): _as_editors_see(item) for key, item in data.items()}
    if isinstance(data, list):
        return [_as_editors_see(item) for item in data]
    if not isinstance(data, Plain):
        return data
    if data.lower() in {"true", "false"}:
        return data.lower() == "true"
    return int(data) if INTEGER.fullmatch(data) else float(data) if FLOAT.fullmatch(data) else str(data)


def _is_of_the_form(read: source.Source) -> bool:
    try:
        spec.decode(read)
    except Refused as refused:
        return not OF_FORM & {finding.code for finding in refused.diagnostics}
    return True


def _patterns(node: Any) -> Iterator[str]:
    """Yield the patterns of a JSON Schema, of values and of keys."""
    if isinstance(node, dict):
        yield from [each for each in (node.get("pattern"),) if isinstance(each, str)]
        yield from node.get("patternProperties", ())
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _patterns(each)


def test_no_message_shows_a_pattern() -> None:
    """What a text of each form is has words, with an example; those of a warning's code are of its key."""
    every = {*_patterns(spec.json_schema()), *_patterns(spec.json_schema(model=Project))}

    assert every - FORMS.keys() == {r"^W[0-9]+$"}


def test_the_names_that_editors_offer_are_no_limit() -> None:
    """Each is right, and so is one that is not among them: which there are is for the catalog to say."""
    offering = jsonschema.Draft202012Validator(spec.json_schema(names.names()))
    known = {kind: [*find()] for kind, find in names.KINDS.items()}
    others = {"BundleVersion": ["mine@7"], "PresetName": ["mine"], "RegionName": ["eu-far-9"], "ServiceId": ["mine"]}
    for by_kind in (known, others):
        data = {"name": "shop", "vpc": {"name": "shop"}, "bundles": by_kind["BundleVersion"]}
        rows = zip_longest(by_kind["RegionName"], by_kind["PresetName"], by_kind["ServiceId"])
        data["endpoints"] = {
            f"e{index}": {
                "service_region": region or "eu-west-1",
                "policy": preset or "full-access",
                "service": service,
            }
            for index, (region, preset, service) in enumerate(rows)
        }

        assert [error.message for error in offering.iter_errors(data)] == []


def test_editors_are_told_what_each_key_means() -> None:
    """Of every mapping in a spec."""
    schema = spec.json_schema()
    mappings = {"the spec": schema, **schema["$defs"]}

    assert [
        f"{name}.{key}"
        for name, mapping in mappings.items()
        for key, field in mapping.get("properties", {}).items()
        if not field.get("description")
    ] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_schema_and_model_agree_on_each_case(case: Path) -> None:
    """What the model refuses, an editor underlines, and nothing else."""
    read = source.parse(case.read_text(encoding="utf-8"), case.name)

    assert VALIDATOR.is_valid(_as_editors_see(read.data)) == _is_of_the_form(read)


def _leaves(node: Any, path: Location = ()) -> Iterator[Location]:
    if isinstance(node, dict):
        for key, item in node.items():
            yield from _leaves(item, (*path, str(key)))
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from _leaves(item, (*path, index))
    yield path


def _damaged(data: Any, path: Location, value: Any) -> Any:
    """Return the data with another value at a path; without the key there, for `...`."""
    if not path:
        return value
    items = dict(data.items() if isinstance(data, dict) else enumerate(data))
    if len(path) == 1 and value is ...:
        del items[path[0]]
    else:
        items[path[0]] = _damaged(items[path[0]], path[1:], value)
    return items if isinstance(data, dict) else list(items.values())


def _at(data: Any, path: Location) -> Any:
    return _at(data[path[0]], path[1:]) if path else data


def _yaml(data: Any) -> str:
    """Return data as YAML in which plain scalars are plain."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{json.dumps(str(key))}: {_yaml(item)}" for key, item in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(_yaml, data)) + "]"
    return str(data) if isinstance(data, Plain) and re.fullmatch(r"[\w.-]+", data) else json.dumps(data)


VALUES = st.sampled_from(
    [
        ...,
        Plain("true"),
        Plain("no"),
        Plain("1.10"),
        Plain("443"),
        "true",
        "",
        None,
        [],
        {},
        [""],
        {"name": "x"},
        "x" * 300,
    ]
)


@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=st.sampled_from(SPECS), choice=st.integers(0, 10_000), value=VALUES)
def test_schema_and_model_agree_on_damaged_specs(case: Path, choice: int, value: Any) -> None:
    """A value that does not belong where it stands is seen by both or by neither."""
    data = source.parse(case.read_text(encoding="utf-8"), case.name).data
    paths = list(_leaves(data))[:-1]
    text = _yaml(_damaged(data, paths[choice % len(paths)], value))
    read = source.parse(text, case.name)

    assert VALIDATOR.is_valid(_as_editors_see(read.data)) == _is_of_the_form(read), text


def _changed(value: str) -> list[Any]:
    """Return other values for a scalar: of its kind, so that the spec stays right where it can."""
    text = str(value)
    made = Plain if isinstance(value, Plain) else str
    if text in {"true", "false"}:
        return [Plain("false" if text == "true" else "true"), ...]
    digit = re.search(r"[0-9a-f](?=[^0-9a-z]*$)", text)
    nudged = text[: digit.start()] + ("1" if digit[0] != "1" else "2") + text[digit.end() :] if digit else text + "y"
    return [made(nudged), made(text + "x"), ...]


def _told(facts: Facts) -> list[Block]:
    """Return the blocks of which a change is told: not what guards them, nor where others were once that nobody has."""
    found = (each for path, blocks in facts.blocks.items() if path.endswith(".tf") for each in blocks)
    found = (block for block in found if block.type != "moved")
    return [replace(block, blocks=tuple(each for each in block.blocks if each.type != "lifecycle")) for block in found]


@pytest.mark.parametrize("case", SPECS, ids=lambda case: case.stem)
def test_each_field_changes_the_output(case: Path, tmp_path: Path) -> None:
    """A field without effect would do nothing: changed or left out, it shows and is told, or is refused."""
    data = source.parse(case.read_text(encoding="utf-8"), case.name).data
    before = generated(case)
    (tmp_path / "policies").symlink_to(ROOT / "specs" / "policies")
    path = tmp_path / case.name
    silent = []
    for leaf in filter(None, _leaves(data)):
        value = ... if leaf[0] == "vars" else _at(data, leaf)  # which the team's own templates and rules see alone
        for other in _changed(value) if isinstance(value, str) else [] if value is ... else [...]:
            path.write_text(_yaml(_damaged(data, leaf, other)), encoding="utf-8")
            try:
                after = generate(str(path), KEPT)
            except Refused:
                continue
            ends = ((before.facts, after.facts), (after.facts, before.facts))
            read = source.parse(path.read_text(encoding="utf-8"), case.name)
            said = all(changes(edit(read, *each)) for each in ends) or _told(after.facts) == _told(before.facts)
            if after.files == before.files or not said:
                silent.append((leaf, other))

    assert silent == []

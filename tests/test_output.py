"""What commands print as JSON is an object that docs/output.schema.json describes to the last property."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from generator import cli

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "docs" / "output.schema.json").read_text(encoding="utf-8"))
FOLDER = ROOT / "tests"
ANSWERS = ("network", "dns", "endpoints", "groups", "interfaces")
SPEC = str(ROOT / "specs" / "band-up.yaml")
COMMANDS = [
    ("validate", SPEC),
    ("validate", str(ROOT / "tests" / "invalid" / "E101-wrong-keys.yaml")),
    ("show", SPEC),
    ("show", str(ROOT / "out" / "band-up")),
    ("cost", SPEC),
    ("cost", SPEC, str(ROOT / "specs" / "any-region-ecr.yaml"), "--region", "eu-west-1"),
    ("policies",),
    ("policies", "org-perimeter", "--region", "eu-west-1"),
    ("policies", "ecr-layers", "--region", "eu-west-1"),
    ("bundles",),
    ("bundles", "ecs-fargate"),
    ("services", "logs"),
    ("services", "--region", "eu-west-1"),
    ("services", "--type", "gateway"),
    ("targets", SPEC),
    ("explain",),
    ("explain", "E201"),
    ("templates",),
    ("check", SPEC, "--out", str(ROOT / "out")),
    *(
        (command, str(FOLDER / "verify" / "band-up.yaml"), *(f"--from={FOLDER}/verify/{name}.json" for name in ANSWERS))
        for command in ("verify", "drift", "preflight")
    ),
]


def closed(schema: Any) -> Any:
    """Return a schema that lets no property be that it does not name."""
    if isinstance(schema, dict):
        found = {name: closed(each) for name, each in schema.items()}
        is_open = "properties" not in schema or "additionalProperties" in schema
        return (
            found if is_open or not isinstance(schema["properties"], dict) else found | {"additionalProperties": False}
        )
    return list(map(closed, schema)) if isinstance(schema, list) else schema


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_json_is_as_its_schema_says(command: tuple[str, ...]) -> None:
    """Nothing is there that the schema does not say, and another command's schema does not do."""
    done = CliRunner().invoke(cli.application(), [*command, "--format", "json"])
    data = json.loads(done.stdout)

    Draft202012Validator.check_schema(SCHEMA)
    name = "findings" if command[0] in {"validate", "check"} else command[0]
    assert data["schema"] == f"gen-endpoints/{name}/1"
    Draft202012Validator(closed(SCHEMA)).validate(data)
    assert not Draft202012Validator(SCHEMA).is_valid(data | {"schema": "gen-endpoints/show/0"})
    assert not Draft202012Validator(SCHEMA).is_valid({"schema": data["schema"]})

"""The template for Backstage: its form is a part of the schema of specs, and what comes of it is right.

Nunjucks, which Backstage fills it in by, is Jinja2 but for its filters; `dump` is JSON.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from typer.testing import CliRunner

from generator import cli
from generator.catalog.names import names
from generator.spec import json_schema
from tests.cases import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ROOT / "docs" / "backstage"
TEMPLATE: Any = yaml.safe_load((FOLDER / "template.yaml").read_text(encoding="utf-8"))
FORM: dict[str, Any] = {
    key: field for page in TEMPLATE["spec"]["parameters"] for key, field in page["properties"].items()
}
SCHEMA = json_schema(names())
SPEC = SCHEMA["properties"]
AWKWARD = ['it\'s "quoted"', "${{ values.name }}", "{% raw %}", "012", "true", "a: b # c", "ä\\u00e4", "[x]", "- y"]


def test_the_form_is_a_part_of_the_schema() -> None:
    """What may be answered is what the spec takes, and each name that it offers."""
    name, bundle = SPEC["name"]["anyOf"][0], SCHEMA["$defs"]["BundleVersion"]
    vpc = SCHEMA["$defs"]["VpcReference"]["properties"]["name"]["anyOf"][0]

    assert {key: FORM["name"][key] for key in name} == name
    assert FORM["name"]["description"] == SPEC["name"]["description"]
    assert FORM["region"]["enum"] == SCHEMA["$defs"]["RegionName"]["enum"]
    assert FORM["vpc"]["minLength"] == vpc["minLength"]
    assert FORM["bundles"]["minItems"] == SPEC["bundles"]["minItems"]
    assert FORM["bundles"]["items"]["enum"] == bundle["enum"]
    assert FORM["bundles"]["items"]["enumNames"] == bundle["enumDescriptions"]
    assert {*FORM} - {"repoUrl"} <= {*SPEC}


def _write(folder: Path, answers: dict[str, Any]) -> list[str]:
    """Fill in the form as Backstage does, and return the specs that come of it."""
    syntax = SandboxedEnvironment(
        undefined=StrictUndefined,
        variable_start_string="${{",
        variable_end_string="}}",
        keep_trailing_newline=True,
    )
    syntax.filters["dump"] = lambda value: json.dumps(value, ensure_ascii=False)
    step = TEMPLATE["spec"]["steps"][0]
    values = {key: answers.get(key) for key in step["input"]["values"]}
    written = []
    for each in (FOLDER / step["input"]["url"]).rglob("*.*"):
        path = folder / syntax.from_string(each.relative_to(FOLDER / "skeleton").as_posix()).render(values=values)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(syntax.from_string(each.read_text(encoding="utf-8")).render(values=values), encoding="utf-8")
        written.append(str(path))
    return written


@pytest.mark.parametrize("tags", [{}, {"Team": "a b", **dict.fromkeys(AWKWARD, "x"), "Zip": "012"}], ids=["", "tags"])
@pytest.mark.parametrize("bundle", FORM["bundles"]["items"]["enum"])
def test_what_comes_of_it_is_right(bundle: str, tags: dict[str, str], tmp_path: Path) -> None:
    """Of each bundle, with texts that mean something in YAML or in the template, `validate` takes it."""
    tags = {key: value for key, value in tags.items() if "{" not in key and '"' not in key and "\\" not in key}
    answers = {"name": "no", "region": "eu-west-1", "vpc": AWKWARD[0], "subnets": AWKWARD, "bundles": [bundle]}
    (path,) = _write(tmp_path, answers | ({"tags": tags} if tags else {}))
    said = CliRunner().invoke(cli.application("validate"), ["validate", path])

    assert path.endswith("specs/no.yaml")
    assert (said.exit_code, said.output) == (0, said.output)

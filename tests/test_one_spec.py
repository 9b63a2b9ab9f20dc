"""`init --project --from`: one spec of many, which renders the same bytes, or the reason why there is none."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from generator.authoring.one_spec import one_spec
from generator.authoring.yaml_text import schema_line
from generator.generate import generate_source, targets
from generator.hcl.memory import Cache
from generator.source import source
from generator.source.diagnostics import Refused
from tests.cases import ROOT
from tests.test_fleet import NETWORK, _alone
from tests.test_project import run

CACHE = Cache(None)
PLAIN = """name: {name}
region: eu-west-1
vpc: {{name: {vpc}}}
route_tables: [{{main: true}}]
endpoints: {{s3: {{service: s3, type: Gateway{more}}}}}
"""


def _specs() -> dict[str, str]:
    """Return the specs of the trial."""
    data: Any = source.read(str(NETWORK)).data
    return {name: _alone(**row) for name, row in data["targets"].items()}


def _joined(texts: dict[str, str]) -> str:
    return one_spec({name: source.parse(text, f"{name}.yaml") for name, text in texts.items()}, "network.yaml", CACHE)


def test_the_trial_becomes_one_spec() -> None:
    """60 specs, and what they render to is rendered anew here, from the text alone."""
    texts = _specs()
    text = _joined(texts)

    assert text.count("\n") < 100
    assert "\n  - {where: {region: eu-west-1, team: data}, set: {endpoints: {s3: {type: Interface}}}}\n" in text
    found = targets(source.parse(text, "network.yaml"))
    assert {each.key: dict(generate_source(each.source, CACHE).files) for each in found} == {
        name: dict(generate_source(source.parse(text, f"{name}.yaml"), CACHE).files) for name, text in texts.items()
    }


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({"a": PLAIN.format(name="a", vpc="a", more="")}, "a.yaml: E162 it is alone"),
        (
            {name: PLAIN.format(name=f"{name}x", vpc="v", more="") for name in "ab"},
            "a.yaml: E162 as a target it renders another README.md; a target is named as its file, a",
        ),
        (
            {
                name: PLAIN.format(name=name, vpc="v", more=more)
                for name, more in zip("abc", ("", ", tags: {A: b}", ""), strict=True)
            },
            "b.yaml:5:53: E162 no value tells b from the others, where endpoints.s3.tags.A differs",
        ),
        (
            {name: PLAIN.format(name=name, vpc="v", more="") + "values: {a: b}\n" for name in "ab"},
            "a.yaml: E162 it has targets or values",
        ),
        (dict.fromkeys("ab", "name: x\n"), "a.yaml:1:1: E102 the spec lacks vpc"),
    ],
)
def test_what_can_not_be_one_spec_is_told(texts: dict[str, str], told: str) -> None:
    """With the spec, and nothing is written."""
    with pytest.raises(Refused) as refused:
        _joined(texts)

    assert told in str(refused.value)


def test_values_are_what_a_spec_says_and_no_more() -> None:
    """Text that no value tells is in the rows, braces are braces, numbers and flags stay what they are."""
    texts = {
        name: PLAIN.format(name=name, vpc=vpc, more=f', private_dns_enabled: false, tags: {{A: "{{{name}}}", B: "7"}}')
        for name, vpc in (("app-eu", "one"), ("app-us", "two"))
    }
    text = _joined({name: each.replace("private_dns_enabled: false, ", "") for name, each in texts.items()})

    assert "values: {vpc_name: text}" in text
    assert 'A: {format: "{{{name}}}"}' in text
    assert "  app-us: {vpc_name: two}\n" in text


def test_what_is_of_some_is_not_of_all() -> None:
    """A new target gets no team's cost centre, and no tier's subnets; what nearly all say is said once."""
    texts = _specs()
    head, _, rows = _joined(texts).partition("targets:\n")

    assert "values: {tier: [prod, dev], team: [payments, orders, data, ml, edge]}\n" in head
    base, _, overlays = head.partition("overlays:\n")
    assert [each for each in ("CostCenter", "\nsubnets", "kms", "null") if each in base] == []
    assert "s3: {service: s3, type: Gateway" in base
    assert overlays.count("where:") == 5 + 2 + 1
    assert len({*re.findall(r"\{where: \{team: \w+\}, set: \{tags: \{CostCenter: cc-\d+\}", overlays)}) == 5
    assert {*re.findall(r": \{(\w+): \S+ (\w+): \S+ (\w+): \w+\}", rows)} == {("region", "tier", "team")}


def test_text_of_each_is_in_its_row() -> None:
    """What differs in each row is no overlay; what no more than some say of it is said where they are."""
    names = ["app-a", "app-b", "app-c", "app-d", "app-e"]
    more = {name: f"tags: {{Owner: x{name[-1]}{at}, Cost: c{at // 3}}}\n" for at, name in enumerate(names)}
    more = {name: each + ("vars: {big: true}\n" if name == "app-b" else "") for name, each in more.items()}
    text = _joined({name: PLAIN.format(name=name, vpc=f"v{name}", more="") + each for name, each in more.items()})

    assert 'tags: {Owner: {format: "{owner}"}, Cost: {format: "{cost}"}}' in text
    assert "set: {vars: {big: true}}" in text
    assert text.count("where:") == 1
    assert re.search(r"\n  app-c: \{[^}]*owner: xc2[,}]", text)


def test_the_name_of_a_vpc_is_a_value() -> None:
    """A target under a new name is in the same VPC; what its own name told could not be followed by `was`."""
    names = ("orders-dev", "orders-prod", "pay-dev")
    text = _joined({name: PLAIN.format(name=name, vpc=f"x-{name}", more="") for name in names})

    assert 'vpc: {name: {format: "{vpc_name}"}}' in text
    assert "  orders-dev: {vpc_name: x-orders-dev}\n" in text


def test_a_tag_tells_specs_apart() -> None:
    """As the fix says, wherever a spec has it."""
    more = {"a": ", tags: {A: b}", "b": ""}
    told = {
        name: PLAIN.format(name=name, vpc="v", more=each) + f"tags: {{Tier: t{name}}}\n" for name, each in more.items()
    }

    assert "[{where: {tier: ta}, set: {endpoints: {s3: {tags: {A: b}}}}}]" in _joined(told)


@pytest.mark.parametrize(
    ("names", "file", "name"),
    [
        (["../a.json", "../a.json", "b.json"], "specs/n.yaml", "../a.json"),
        (["../a.json"], "n.yaml", "a.json"),
        (["https://x.y/a.json", ""], "n.yaml", "https://x.y/a.json"),
        (["/a/b.json"], "n.yaml", "/a/b.json"),
        ([""], "n.yaml", ""),
    ],
)
def test_editors_find_the_schema_that_they_found(names: list[str], file: str, name: str) -> None:
    """By its path from the new file; where specs name several, the one that most do."""
    heads = [f"# yaml-language-server: $schema={each}\n" if each else "" for each in names]
    texts = {f"specs/{number}.yaml": f"{head}name: a\n" for number, head in enumerate(heads)}

    assert schema_line(texts, file) == (f"# yaml-language-server: $schema={name}\n" if name else "")


def test_init_writes_a_project_of_one_spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which `check` takes for the modules that there are, once the specs are gone; it overwrites nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    Path("specs").mkdir()
    for name, text in [*_specs().items()][:9]:
        line = "# yaml-language-server: $schema=../spec.schema.json\n"
        Path(f"specs/{name}.yaml").write_text(line + text.lstrip(), encoding="utf-8")
    assert run("render", "specs").exit_code == 0
    assert run("init", "--project").exit_code == 2
    told = run("init", "--project", "--from", "specs")
    assert (told.exit_code, "specs/network.yaml: 9 targets, which render the same bytes" in told.output) == (0, True)
    assert Path("specs/network.yaml").read_text(encoding="utf-8").startswith(f"{line}values: ")
    assert (
        "unchanged gen-endpoints.yaml\nunchanged specs/network.yaml"
        in run("init", "--project", "--from", "specs").output
    )
    for each in Path("specs").glob("*-*.yaml"):
        each.unlink()
    assert run("check", "-q").output == "9 modules: 9 up to date\n"
    assert "network.yaml: E285 is there already" in run("init", "--project", "--from", "specs").output
    shutil.rmtree("specs")
    Path("gen-endpoints.yaml").unlink()
    shutil.copytree(ROOT / "specs", "specs")
    assert (run("init", "--project", "--from", "specs").exit_code, Path("gen-endpoints.yaml").exists()) == (1, False)

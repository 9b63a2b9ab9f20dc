"""One spec, many targets: what is said of each file, and that order, other targets and the form mean nothing."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from generator import cli
from generator.cli.views.resolved import resolved
from generator.fleet.told import each_of, fold
from generator.generate import generate_source, targets, targets_of, understand_source
from generator.hcl.memory import Cache
from generator.source import source
from generator.source.diagnostics import Code, Place, Refused
from tests.test_revision import commit, git
from tests.test_spec import _yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.golden import Golden

FOLDER = Path(__file__).parent / "fleet"
CASES = sorted(FOLDER.glob("*.yaml"))
NETWORK = FOLDER / "trial" / "network.yaml"
TODAY = date(2026, 11, 26)
CACHE = Cache(None)
CODES = {"E012", "E101", "E102", "E103", "E104", "E105", *(f"E15{digit}" for digit in range(1, 9))}


def _said(path: str) -> str:
    """Return what is said of a spec: errors, or the warnings and the names of its endpoints."""
    try:
        found = targets_of(path)
        meant = each_of(
            ((each.source.label, each.source) for each in found), lambda each: understand_source(each, TODAY)
        )
    except Refused as refused:
        return f"{refused}\n"
    warnings = fold((each.source.label, intent.warnings) for each, intent in zip(found, meant, strict=True))
    names = (
        f"{each.key}: {[endpoint.tags for endpoint in intent.endpoints]}"
        for each, intent in zip(found, meant, strict=True)
    )
    return "".join(f"{line}\n" for line in (*warnings, *names))


def test_targets_that_lack_several_objects_are_told_apart() -> None:
    """Each finding with the targets that have just that."""
    place, lacks = Place("f.yaml", 3, 6), Code("E402")
    vpcs = {"a": "one", "b": "two", "c": "one"}
    found = fold((key, [lacks.at(place, f"eu-west-1 has no VPC {vpc}")]) for key, vpc in vpcs.items())
    assert [each.message for each in found] == [
        "eu-west-1 has no VPC one, for a and c",
        "eu-west-1 has no VPC two, for b",
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_each_finding_is_told_once_at_the_line_that_said_it(
    case: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the targets that share it."""
    monkeypatch.chdir(FOLDER)

    golden(case.with_suffix(".txt"), _said(case.name).replace(str(FOLDER.parent.parent), "REPOSITORY"))


def test_each_code_has_a_case() -> None:
    """Every message of fleets is in some case."""
    said = "".join(case.with_suffix(".txt").read_text(encoding="utf-8") for case in CASES)

    assert [code for code in sorted(CODES) if f" {code} " not in said] == []


def test_vars_of_all_files_are_one(tmp_path: Path) -> None:
    """By the one merge rule: the project's, a parent's, a file's, its overlays', a row's; each value knows its line."""
    (tmp_path / "base.yaml").write_text("vars: {a: base, b: base, c: base, map: {x: 1, y: base}}\n", encoding="utf-8")
    text = SMALL.replace("{tier: prod}", "{tier: prod, vars: {b: row, map: {z: null}}}", 1) + (
        "vars: {c: file, d: {format: 'of {tier}'}}\nextends: base.yaml\n"
        "overlays: [{where: {tier: prod}, set: {vars: {map: {y: overlay, z: true}, e: '1', account: 012345678901}}}]\n"
    )
    (tmp_path / "f.yaml").write_text(text, encoding="utf-8")
    project = source.parse("vars: {b: project, p: project, q: project}\n", str(tmp_path / "project.yaml"))
    (found, *_) = targets_of(str(tmp_path / "f.yaml"), project)

    assert understand_source(found.source).spec.vars == {
        "a": "base",
        "b": "row",
        "c": "file",
        "d": "of prod",
        "e": "1",
        "p": "project",
        "q": "project",
        "account": "012345678901",
        "map": {"x": 1, "y": "overlay"},
    }
    paths = (("p",), ("a",), ("b",), ("c",), ("map", "x"), ("map", "y"))
    places = [found.source.place(("vars", *path)) for path in paths]
    files = [Path(place.file).stem for place in places]
    assert files == ["project", "base", "f", "f", "base", "f"]
    assert "project.yaml:1" in next(line for line in resolved(found).splitlines() if line.startswith("  p: project"))


def _trial(first: int = 60) -> Any:
    """Return the file of the trial, with its first targets and the overlays that are for any of them."""
    data: Any = source.read(str(NETWORK)).data
    rows = dict([*data["targets"].items()][:first])
    overlays = [each for each in data["overlays"] if any(each["where"].items() <= row.items() for row in rows.values())]
    return {**data, "targets": rows, "overlays": overlays}


def _files(data: Any) -> dict[str, dict[str, str]]:
    """Return what each target renders to."""
    found = targets(source.parse(_yaml(data), str(NETWORK)))
    return {each.key: dict(generate_source(each.source, CACHE).files) for each in found}


def _alone(account: str, region: str, tier: str) -> str:
    """Return what a team writes for one VPC where each has a spec of its own."""
    name, prod, number = (
        f"{account}-{region}-{tier}",
        tier == "prod",
        ["payments", "orders", "data", "ml", "edge"].index(account),
    )
    endpoints = ["ecr_api: {service: ecr.api", "ecr_dkr: {service: ecr.dkr", "logs: {service: logs"]
    endpoints += [
        f"s3: {{service: s3, type: {'Interface' if (account, region) == ('data', 'eu-west-1') else 'Gateway'}"
    ]
    endpoints += ["kms: {service: kms", "secretsmanager: {service: secretsmanager"] if prod else []
    lines = (f"  {each}, name: {name}-{each.partition(':')[0].replace('_', '-')}}}" for each in endpoints)
    return f"""
name: {name}
region: {region}
vpc: {{name: {account}-{tier}-vpc}}
subnets: [{", ".join(f"{{name: {account}-{tier}-private-{zone}}}" for zone in ("ab" if prod else "a"))}]
route_tables: of_subnets
security_groups: [{{create: {{name: {name}-endpoints, ingress: [{{vpc: true}}]}}}}]
tags: {{Team: {account}, Tier: {tier}, CostCenter: cc-{str(number + 1) * 4}}}
{"" if prod else 'ignore: {W205: "dev: one zone is enough"}'}
{"bundles: [sagemaker-studio@1]" if account == "ml" else ""}
endpoints:
""" + "\n".join(lines)


def test_a_fleet_renders_what_its_specs_do() -> None:
    """Byte for byte: 88 lines in place of 60 specs, 2,154 lines of the trial."""
    data = _trial()
    specs = {name: _alone(**{key: str(value) for key, value in row.items()}) for name, row in data["targets"].items()}

    assert len(specs) == 60
    assert _files(data) == {
        name: dict(generate_source(source.parse(text, f"{name}.yaml"), CACHE).files) for name, text in specs.items()
    }


def _shuffled(data: Any, chance: random.Random, key: str = "") -> Any:
    """Return data with the keys of all maps, and the overlays, in another order.

    Endpoints and tags stay as they are: main.tf has them in the order of the spec, as that of a plain one. Other lists
    mean their order.
    """
    if isinstance(data, dict):
        items = [(name, _shuffled(each, chance, name)) for name, each in data.items()]
        return dict(items if key in {"endpoints", "tags"} else chance.sample(items, len(items)))
    if isinstance(data, list):
        items = [_shuffled(each, chance) for each in data]
        return chance.sample(items, len(items)) if key == "overlays" else items
    return data


@pytest.mark.parametrize("seed", range(4))
def test_order_means_nothing(seed: int) -> None:
    """Overlays, rows, values and fields in any order: each module has the same bytes."""
    data = _trial(14)

    assert _files(_shuffled(data, random.Random(seed))) == _files(data)


def test_another_target_changes_no_module() -> None:
    """Its folder comes beside the others, and that is all."""
    more, before = _files(_trial(13)), _files(_trial(12))

    assert {key: more[key] for key in before} == before
    assert len(more) == len(before) + 1


@pytest.mark.parametrize("file", ["trial/network.yaml", "W208-a-parent-is-named.yaml", "W205-naming.yaml"])
def test_each_value_is_read_where_it_is_said_to_be(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the line and column of its origin, whatever file that is in; a format with the target's values in place."""
    monkeypatch.chdir(FOLDER)
    for target in targets_of(file):
        stated: dict[Any, Any] = {}
        for name in {file, *target.source.parents}:
            read = source.read(name)
            stated |= {read.place(path): value for path, value in _nodes(read.data)}
        for path, value in _nodes(target.source.data):
            said = stated[target.source.place(path)]
            if path == ("name",) and target.source.row:
                assert value == target.key
            elif isinstance(said, dict) and "format" in said and isinstance(value, str) and path[0] != "naming":
                assert value == said["format"].format(**target.values, endpoint=str(path[-2:][0]).replace("_", "-"))
            elif isinstance(value, str) and path[0] != "naming":
                assert value == (f"base/{said}" if path[-1] == "file" else said)


def _nodes(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield each node with its path; of two at one place, the outer one last."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, each in items:
        yield from _nodes(each, (*path, key))
    yield path, data


SMALL = """
values: {tier: [prod, dev, test]}
region: eu-west-1
vpc: {name: {format: "{tier}"}}
route_tables: [{main: true}]
endpoints:
  s3: {service: s3, type: Gateway}
  dynamodb: {service: dynamodb, type: Gateway}
targets:
  data/eu/prod: {tier: prod}
  data/eu/dev: {tier: test}
  app: {tier: dev}
"""


def _run(*arguments: str, text: str | None = None) -> tuple[int, str]:
    """Run a command beside a spec `f.yaml`; return its exit code and what it prints."""
    if text is not None:
        Path("f.yaml").write_text(text, encoding="utf-8")
    result = CliRunner().invoke(cli.application(), [*arguments])
    assert "Traceback" not in result.output
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder in which a fleet is rendered, and be in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert _run("render", "f.yaml", text=SMALL)[0] == 0
    return tmp_path


def test_a_target_is_a_folder(folder: Path) -> None:
    """Each command takes the file, or one target of it as FILE:KEY."""
    there = sorted(path.parent.relative_to(folder).as_posix() for path in folder.rglob("main.tf"))

    assert there == ["out/app", "out/data/eu/dev", "out/data/eu/prod"]
    assert _run("validate", "f.yaml") == (0, "f.yaml: fine, 3 targets, 6 endpoints\n\n3 modules: 3 fine\n")
    assert _run("check", "f.yaml:data/eu/prod") == (0, "out/data/eu/prod: up to date\n")
    assert "\ndynamodb " in _run("show", "f.yaml:app")[1]
    assert "f.yaml:data/eu/prod:\n" in _run("show", "f.yaml")[1]
    assert "3 modules: 3 estimated" in _run("cost", "f.yaml")[1]
    assert "# data-eu-prod\n" in Path("out/data/eu/prod/README.md").read_text(encoding="utf-8")


def test_what_is_for_one_says_so(folder: Path) -> None:
    """And a target that is misspelt is told with the one that is meant."""
    assert "these are several specs: name one" in " ".join(_run("verify", "f.yaml", "--from-inside")[1].split())
    assert "did you mean f.yaml:data/eu/prod" in _run("cost", "f.yaml:data/eu/prd")[1]
    assert (folder / "f.yaml").exists()


@pytest.mark.usefixtures("folder")
def test_an_edit_of_all_is_refused_once() -> None:
    """With what lets it pass for all."""
    without = SMALL.replace("  dynamodb: {service: dynamodb, type: Gateway}\n", "")
    code, said = _run("render", "f.yaml", text=without)

    assert (code, said.count("E508")) == (1, 1)
    assert ", for data/eu/prod, data/eu/dev and app\n" in said
    assert "--allow 'destroy:*/dynamodb'" in said or "--allow destroy:*/dynamodb" in said
    assert _run("render", "f.yaml", "--allow", "destroy:*/dynamodb")[0] == 0
    shutil.rmtree("out/data/eu/dev")
    assert "DESTROYED" not in _run("diff", "f.yaml")[1]


def test_a_retired_target_makes_nothing(folder: Path) -> None:
    """Its module keeps its inputs and outputs, and the destroys are not refused; then the folder may go."""
    shutil.rmtree("out")
    text = SMALL.replace('vpc: {name: {format: "{tier}"}}', "vpc: {variable: vpc_id}")
    assert _run("render", "f.yaml", text=text)[0] == 0
    code, said = _run("render", "f.yaml", text=text.replace("tier: prod}", "tier: prod, retired: true}"))
    there = folder / "out/data/eu/prod"

    assert (code, "out/data/eu/prod: retired, " in said) == (0, True)
    assert sorted(path.name for path in there.iterdir() if path.suffix == ".tf") == [
        "outputs.tf",
        "variables.tf",
        "versions.tf",
    ]
    assert "value       = {}" in (there / "outputs.tf").read_text(encoding="utf-8")
    page = (there / "README.md").read_text(encoding="utf-8")
    assert ["\n\nRetired: it makes nothing any more" in page, "depends_on" in page] == [True, False]
    assert "Retired" not in (folder / "out/data/eu/dev/README.md").read_text(encoding="utf-8")
    assert "take the row out and delete the folder" in _run("check", "f.yaml")[1]
    assert _run("check", "f.yaml")[0] == 0
    assert _run("diff", "f.yaml")[0] == 0


def test_a_renamed_target_takes_its_folder_along(folder: Path) -> None:
    """With the user's own files, and what its endpoints were; to another Region or VPC it can't be renamed."""
    own = folder / "out/app/backend.tf"
    own.write_text("terraform {}\n", encoding="utf-8")
    text = SMALL.replace("  app: {tier: dev}", "  teams/app: {tier: dev, was: app}")
    other = text.replace("tier: dev, was: app", "tier: prod, was: app")
    code, said = _run("render", "f.yaml", text=other)
    assert (code, "f.yaml:12:32: E517 teams-app was app, of another VPC" in said, own.exists()) == (1, True, True)
    assert "    if it is the same VPC, have its name by a value that the row keeps, as {vpc}, not by" in said
    other = text.replace("region: eu-west-1", 'region: {format: "{region}"}').replace(
        "was: app", "was: app, region: eu-west-2"
    )
    other = other.replace("tier: prod}", "tier: prod, region: eu-west-1}").replace(
        "tier: test}", "tier: test, region: eu-west-1}"
    )
    code, said = _run("render", "f.yaml", text=other)
    assert (code, "f.yaml:12:36: E516 another Region (eu-west-1 -> eu-west-2)" in said) == (1, True)
    assert "write region: eu-west-1, and add a row of another key for eu-west-2" in said
    told = _run("check", "f.yaml", "--format", "github")[1].splitlines()
    kinds = [line.split(" ")[0] for line in told if line.startswith("::")]
    assert kinds == sorted(kinds) != []  # ::error before ::warning
    assert any(line.startswith("::warning file=f.yaml,line=12,col=36,title=E516::") for line in told), told

    code, said = _run("render", "f.yaml", text=text)

    assert (code, f"renamed {Path('out/app')} to {Path('out/teams/app')}" in said) == (0, True)
    assert (folder / "out/teams/app/backend.tf").exists()
    assert not (folder / "out/app").exists()
    assert "DESTROYED" not in said
    assert _run("check", "f.yaml")[0] == 0


def test_a_target_that_can_not_be_renamed_stays(folder: Path) -> None:
    """Nothing is moved or written that would be left half done, or that is another spec's."""
    text = SMALL.replace("  app: {tier: dev}", "  new: {tier: dev, was: app}")
    edited = folder / "out/app/README.md"
    before = edited.read_text(encoding="utf-8")
    edited.write_text("mine\n", encoding="utf-8")
    code, said = _run("render", "f.yaml", text=text)
    assert (code, "E302" in said, edited.exists(), (folder / "out/new").exists()) == (1, True, True, False)
    other, wanted = folder / "out/data/eu/prod/main.tf", f"tags: {{A: b}}\n{SMALL}"
    was = other.read_text(encoding="utf-8")
    assert _run("render", "f.yaml", "--all-or-nothing", text=wanted)[0] == 1
    assert other.read_text(encoding="utf-8") == was
    edited.write_text(before, encoding="utf-8")

    (folder / "out/new").mkdir()
    code, said = _run("render", "f.yaml", text=text)
    assert (code, "E158 was can't be followed: out/app is still there, and out/new is too" in said) == (1, True)
    (folder / "out/new").rmdir()
    code, said = _run("render", "f.yaml", text=text.replace("was: app", "was: nope"))
    assert "there is no folder of its key before, nope, so nothing is renamed" in said
    shutil.rmtree(folder / "out/new")
    code, said = _run("render", "f.yaml", text=SMALL.replace("  app: {tier: dev}", "  app/eu: {tier: dev, was: app}"))
    assert (code, "E158 was can't be followed: out/app/eu would be inside of out/app" in said) == (1, True)


@pytest.mark.parametrize("file", ["trial/network.yaml", "W205-naming.yaml", "orders.yaml"])
def test_a_resolved_target_renders_the_same(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `show --resolved` prints is the spec that the target is by itself."""
    monkeypatch.chdir(FOLDER)
    for target in targets_of(file)[:9]:
        text = resolved(target)
        alone = source.parse(text, f"{target.values['name']}.yaml")

        assert dict(generate_source(alone, CACHE).files) == dict(generate_source(target.source, CACHE).files), text


def test_resolved_says_where_each_value_comes_from(golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line, the overlay and the row."""
    monkeypatch.chdir(FOLDER)
    code, said = _run("show", "--resolved", "trial/network.yaml:data-eu-west-1-prod")

    assert code == 0
    golden(FOLDER / "trial" / "resolved.txt", said)


@pytest.mark.parametrize(
    "text", [f"{SMALL}# the end\n", SMALL.replace("\n", "\r\n"), SMALL.replace("s:\n", "s: # x\n")]
)
@pytest.mark.usefixtures("folder")
def test_a_target_is_added_and_nothing_else_changes(text: str) -> None:
    """Comments, quotes and the ends of lines stay."""
    Path("f.yaml").write_bytes(text.encode())
    last = "  app: {tier: dev}" + ("\r\n" if "\r" in text else "\n")
    added = last + last.replace("app", "new").replace("dev", "prod")

    for said in ("added new to f.yaml", "f.yaml has new already"):  # the same again adds nothing
        code, output = _run("targets", "add", "new", "tier=prod", "f.yaml")
        assert (code, said in output) == (0, True), output
        assert Path("f.yaml").read_bytes().decode() == text.replace(last, added)


@pytest.mark.usefixtures("folder")
def test_the_target_of_the_docs_is_added_to_their_spec() -> None:
    """And the result is one that can be applied."""
    page = (FOLDER.parent.parent / "docs" / "fleets.md").read_text(encoding="utf-8")
    Path("specs").mkdir()
    Path("specs/network.yaml").write_text(page.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    for line in re.findall(r"`gen-endpoints (targets add [^`]+)`", page):
        assert _run(*line.split())[1].startswith("added orders-eu to specs/network.yaml\n")
    assert _run("validate", "specs/network.yaml")[0] == 0


@pytest.mark.usefixtures("folder")
def test_a_target_that_is_wrong_is_not_added() -> None:
    """What is wrong with it is told, or what to write where no line fits, and nothing is written."""
    said = _run("targets", "add", "app", "tier=prod", "f.yaml")[1]
    assert "E161 app is a target already, with other values\n    write app: {tier: prod} in place of its row" in said
    assert (
        "E103 targets.b: tier takes prod, dev, test; found prd" in _run("targets", "add", "b", "tier=prd", "f.yaml")[1]
    )
    for text in (SMALL, SMALL.replace("region: eu-west-1", 'region: {format: "{region}"}')):
        Path("r.yaml").write_text(text.replace("{tier: dev}", "{tier: dev, region: eu-west-1}"), encoding="utf-8")
        said = _run("targets", "add", "b", "tier=dev", "region=Ireland", "r.yaml")[1]
        assert said.count("region takes a Region, as eu-central-1; found Ireland") == 1
    Path("r.yaml").unlink()
    assert "E102 targets.b lacks tier" in _run("targets", "add", "b", "f.yaml")[1]
    at = next(line for line, text in enumerate(Path("f.yaml").read_text("utf-8").splitlines(), 1) if text == "targets:")
    assert f"f.yaml:{at}:1: E102 " in _run("targets", "add", "b", "f.yaml")[1]
    after = Path("f.yaml").read_text("utf-8") + "overlays: [{where: {tier: dvv}, set: {tags: {a: b}}}]\n"
    Path("g.yaml").write_text(after, encoding="utf-8")
    said = _run("targets", "add", "b", "tier=dev", "g.yaml")[1]
    assert f"g.yaml:{len(after.splitlines())}:27: E103 where: tier takes" in said
    Path("g.yaml").unlink()
    assert _run("targets", "add", "b", "tier=prod")[0] == 2
    assert _run("targets", "add", "b", "tier=prod", "tier=dev", "f.yaml")[0] == 2
    Path("real.yaml").write_text(Path("f.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    Path("real.yaml").chmod(0o600)
    Path("link.yaml").symlink_to("real.yaml")
    assert _run("targets", "add", "linked", "tier=prod", "link.yaml")[0] == 0
    assert (Path("link.yaml").is_symlink(), Path("real.yaml").stat().st_mode & 0o777) == (True, 0o600)
    assert "linked" in Path("real.yaml").read_text(encoding="utf-8")
    assert Path("f.yaml").read_text(encoding="utf-8") == SMALL
    flow = SMALL.partition("targets:")[0] + "targets: {app: {tier: dev}}\n"
    Path("gen-endpoints.yaml").write_text('gen_endpoints: "0.1"\nspecs: [f.yaml]\n', encoding="utf-8")
    code, said = _run("targets", "add", "b", "tier=dev", text=SMALL)
    assert (code, said.startswith("added b to f.yaml\nnext: gen-endpoints render f.yaml\n")) == (0, True)
    assert "f.yaml:13:6: W035 f.yaml:app has a gateway endpoint" in said
    Path("gen-endpoints.yaml").write_text('gen_endpoints: "0.1"\nspecs: ["*.yaml"]\n', encoding="utf-8")
    code, said = _run("targets", "add", "c", "tier=dev")
    assert (code, "name the spec: f.yaml, link.yaml, real.yaml have targets" in " ".join(said.split())) == (2, True)
    said = _run("targets", "add", "b", "tier=dev", "f.yaml", text=flow.replace("{app: {tier: dev}}", "[a]"))[1]
    assert "write b: {tier: dev} indented below targets: in place of what is there" in said


@pytest.mark.parametrize(
    ("targets", "added"),
    [
        ("{app: {tier: dev}}", "{app: {tier: dev}, b: {tier: prod}}"),
        ("{app: {tier: dev},} # a } b", "{app: {tier: dev},b: {tier: prod}} # a } b"),
        ("{ app: {tier: dev}, # }\n  z: {tier: dev} }", "{ app: {tier: dev}, # }\n  z: {tier: dev}, b: {tier: prod} }"),
        ("{\n  app: {tier: dev}\n  }", "{\n  app: {tier: dev}, b: {tier: prod}\n  }"),
        ("{}", "{b: {tier: prod}}"),
        ("# none yet", "# none yet\n  b: {tier: prod}"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_target_is_added_to_a_mapping_in_braces_and_to_none(targets: str, added: str) -> None:
    """As it is written; only `targets` changes."""
    text = SMALL.partition("targets:")[0] + f"targets: {targets}\n"
    _run("targets", "add", "b", "tier=prod", "f.yaml", text=text)

    assert Path("f.yaml").read_text(encoding="utf-8") == text.replace(targets, added)


def test_changed_targets_are_a_matrix(folder: Path) -> None:
    """Those whose modules are not what they were, and those that are gone."""
    assert json.loads(_run("targets", "f.yaml", "--changed", "--format", "json")[1]) == {"include": []}
    git(folder, "init", "-q")
    commit(folder, {})
    text = SMALL.replace("  data/eu/dev: {tier: test}\n", "  new: {tier: test}\n")
    text += "overlays: [{where: {tier: prod}, set: {tags: {A: b}}}]\n"
    shutil.rmtree("out/data/eu/dev")
    assert _run("render", "f.yaml", text=text)[0] == 0
    said = json.loads(_run("targets", "f.yaml", "--changed", "--against", "HEAD", "--format", "json")[1])

    found = [
        (each["target"], each["folder"], each["action"], (each["values"] or {}).get("tier")) for each in said["include"]
    ]
    removed = next(each for each in said["include"] if each["action"] == "removed")
    assert {name: removed[name] for name in ("spec", "retired", "values")} == {
        "spec": None,
        "retired": False,
        "values": None,
    }
    assert sorted(found) == [
        ("data/eu/dev", "out/data/eu/dev", "removed", None),
        ("data/eu/prod", "out/data/eu/prod", "changed", "prod"),
        ("new", "out/new", "added", "test"),
    ]
    assert _run("targets", "f.yaml")[1].splitlines()[1].split() == ["data/eu/prod", "prod"]
    assert _run("targets", "f.yaml", "--against", "HEAD")[0] == 2

    assert _run("render", "f.yaml", text=text.replace("  app: {", "  apps: {was: app, "))[0] == 0
    arguments = ("targets", "f.yaml", "--changed", "--against", "HEAD")
    said = json.loads(_run(*arguments, "--format", "json")[1])
    assert {each["target"]: each["old_folder"] for each in said["include"]}["apps"] == "out/app"
    assert re.search(r"apps +dev +changed, was out/app\n", _run(*arguments)[1])


def test_a_removed_target_says_of_itself_what_its_module_says(folder: Path) -> None:
    """Whether it was retired; its values nobody knows, and it has no line of a spec."""
    row = "  data/eu/dev: {tier: test}\n"
    assert _run("render", "f.yaml", text=SMALL.replace(row, row.replace("test}", "test, retired: true}")))[0] == 0
    git(folder, "init", "-q")
    commit(folder, {"f.yaml": SMALL.replace(row, "")})
    shutil.rmtree("out/data/eu/dev")
    (removed,) = json.loads(_run("targets", "f.yaml", "--changed", "--against", "HEAD", "--format", "json")[1])[
        "include"
    ]

    assert {name: removed[name] for name in ("action", "spec", "retired", "values")} == {
        "action": "removed",
        "spec": None,
        "retired": True,
        "values": None,
    }
    told = _run("targets", "f.yaml", "--changed", "--against", "HEAD")[1]
    assert re.search(r"data/eu/dev +retired +removed\n", told)


def test_a_target_of_another_account_is_another(folder: Path) -> None:
    """By the value of that name, which the row had in git's base revision."""
    text = SMALL.replace("values: {", "values: {account: text, ").replace("{tier: ", "{account: a, tier: ")
    shutil.rmtree("out")
    assert _run("render", "f.yaml", text=text.replace("values: {account: a, tier", "values: {tier"))[0] == 0
    git(folder, "init", "-q")
    commit(folder, {})
    code, said = _run("render", "f.yaml", text=text.replace("  app: {account: a,", "  new: {was: app, account: b,"))

    assert (code, "E517 new was app, of another account" in said) == (1, True)
    assert _run("render", "f.yaml", text=text.replace("  app: {account: a,", "  new: {was: app, account: a,"))[0] == 0


def test_a_created_group_of_a_renamed_target_is_told(folder: Path) -> None:
    """By `render` and `check` as by `diff`: where the group's name has the target's, AWS has to have another."""
    groups = 'security_groups: [{create: {name: {format: "NAME-endpoints"}, ingress: [{vpc: true}]}}]\n'
    groups += "subnets: [{name: a}, {name: b}]\n"
    small = SMALL.replace("endpoints:\n", "endpoints:\n  ssm: {service: ssm}\n")
    for name, is_told in (("{name}", True), ("{tier}", False)):
        text = small.replace("values: {", groups.replace("NAME", name) + "values: {", 1)
        shutil.rmtree(folder / "out")
        assert _run("render", "f.yaml", text=text)[0] == 0
        text = text.replace("  app: {tier: dev}", "  new: {tier: dev, was: app}")
        Path("f.yaml").write_text(text, encoding="utf-8")
        assert ("DESTROYED" in _run("diff", "f.yaml")[1]) is is_told
        for words in (("check",), ("render", "--dry-run"), ("render",)):
            code, said = _run(*words, "f.yaml")
            assert (code, "endpoints would be destroyed" in said) == (
                4 if words[0] == "check" else 0,
                is_told,
            ), said


def test_a_folder_that_render_renames_is_compared_where_it_is(folder: Path) -> None:
    """And is no module of nobody, and nothing is made; where both folders are there, each command says so."""
    text = SMALL.replace("  app: {tier: dev}", "  new: {tier: dev, was: app}")
    told = f"render would rename {Path('out/app')} to {Path('out/new')}, with all that is in it\n"
    code, said = _run("check", "f.yaml", text=text)

    assert (code, told in said, f"{Path('out/app/main.tf')}: E311" in said, "E315" in said) == (4, True, True, False)
    code, said = _run("render", "--dry-run", "f.yaml")
    assert (code, told in said, "would create" in said) == (0, True, False)
    assert "0 modules of 3 change" in _run("diff", "f.yaml")[1]
    assert [each["action"] for each in _matrix()] == ["changed"]
    shutil.copytree(folder / "out", folder / "other")
    assert _run("render", "f.yaml")[0] == 0
    assert "0 modules of 3 change" in _run("diff", "f.yaml", "--against", "other")[1]
    shutil.copytree(folder / "out/new", folder / "out/app")
    for words, code in ((("check",), 4), (("render",), 1), (("diff",), 4), (("diff", "--fail-on", "destroy"), 4)):
        found = _run(*words, "f.yaml")
        assert (found[0], "E158 was can't be followed" in found[1]) == (code, True), found


def test_a_key_that_is_renamed_without_was_is_told(folder: Path) -> None:
    """By each command, with what to type, till it is done: the old module is not to be destroyed, nor both to stand."""
    git(folder, "init", "-q", "-b", "main")
    Path("gen-endpoints.yaml").write_text('gen_endpoints: "0.1"\nspecs: [f.yaml]\n', encoding="utf-8")
    commit(folder, {})
    text = SMALL.replace("  app: {tier: dev}", "  teams/new: {tier: dev}")
    for words, code in ((("diff",), 4), (("check",), 4), (("render",), 1), (("render", "--allow", "destroy:app/*"), 0)):
        found, said = _run(*words, text=text)
        is_told = "--allow" not in words
        told = "E512 the row has the values that app had, as if renamed" in said, "write was: app in the row" in said
        assert (found, *told) == (code, is_told, is_told), said
    new = Path("out/teams/new")
    under = "if teams/new is it under a new key, write was: app in that row; if"
    found, said = _run("check")
    assert (found, f"{under} {new} was not applied, delete it; then render; " in said, "E512" in said) == (
        4,
        True,
        False,
    )
    (new / "terraform.tfstate").touch()
    assert f"{under} {new} was not applied, move terraform.tfstate, which is not of" in _run("check")[1]
    both = text.replace("{tier: dev}", "{tier: dev, was: app}", 1)
    found, said = _run("render", text=both)
    assert (found, f"if {new} was not applied, move terraform.tfstate, which is" in said) == (1, True), said
    shutil.rmtree(folder / "out/teams")
    assert _run("render")[0] == 0
    assert _run("check")[0] == 0
    for row in ("{tier: prod}", "{tier: dev, retired: true}"):
        git(folder, "checkout", "-q", ".")
        assert "E512" not in _run("render", "--dry-run", text=text.replace("teams/new: {tier: dev}", f"new: {row}"))[1]


def test_a_folder_that_was_moved_by_hand_without_was_is_one_answer(folder: Path) -> None:
    """Refused by each command till the row says so, and then nothing in the folder is lost."""
    _in_a_project(folder)
    Path("out/teams").mkdir()
    git(folder, "mv", "out/app", "out/teams/new")
    Path("out/teams/new/terraform.tfstate").touch()
    text = SMALL.replace("  app: {tier: dev}", "  teams/new: {tier: dev}")
    for words, code in ((("diff",), 4), (("check",), 4), (("render", "--dry-run"), 0), (("render",), 1)):
        found, said = _run(*words, text=text)
        assert (found, "E512 the row has the values that app had, as if renamed: the folder" in said) == (code, True)
    assert "W513 teams/new is renamed from app" in _run("diff")[1]
    under = f"write was: app in that row, keep {Path('out/teams/new')}, and render; else"
    assert under in _run("check")[1]
    assert _run("render", text=text.replace("{tier: dev}", "{tier: dev, was: app}"))[0] == 0
    assert (_run("check")[0], Path("out/teams/new/terraform.tfstate").exists()) == (0, True)


def test_a_former_key_that_there_was_none_of_is_told(folder: Path) -> None:
    """It does not stand for the right one, and where nothing is to be lost it is a warning."""
    _in_a_project(folder)
    text = SMALL.replace("  app: {tier: dev}", "  new: {tier: dev, was: apq}")
    for words, code in ((("diff",), 4), (("check",), 4), (("render",), 1), (("validate",), 1)):
        found, said = _run(*words, text=text)
        told = "f.yaml:12:25: E512 was: apq names no target before, and the row has the values that app had" in said
        assert (found, told, "write was: app in the row" in said) == (code, True, True)
    assert "write was: app in that row" in _run("check")[1]
    text = SMALL.replace("  app: {tier: dev}", "  new: {tier: prod, was: apq}")
    for words, code in ((("diff",), 4), (("check",), 4), (("validate",), 0), (("render",), 0)):
        found, said = _run(*words, text=text)
        assert (found, "f.yaml:12:26: W515 was: apq names no target before" in said, "did you mean app?" in said) == (
            code,
            True,
            True,
        )
    commit(folder, {})
    assert "W515" not in _run("check")[1] + _run("validate")[1]


def test_what_no_commit_has_is_warned_of_once(folder: Path) -> None:
    """With the targets that share it, though each has its Region in it."""
    shutil.rmtree("out")
    text = SMALL.replace("region: eu-west-1", 'region: {format: "{region}"}')
    for number, tier in enumerate(("dev", "prod", "test"), 1):
        text = text.replace(f"tier: {tier}}}", f"tier: {tier}, region: eu-west-{number}}}")
    of_kms = "{service: kms, subnets: [{name: a}, {name: b}], security_groups: [{id: sg-0123456789abcdef0}]}"
    text = text.replace("  dynamodb", f"  kms: {of_kms}\n  dynamodb")
    _in_a_project(folder)
    assert _run("render", text=text)[0] == 0
    code, said = _run("render", text=text.replace("  kms", "  sns").replace("service: kms", "service: sns"))
    told = [line for line in said.splitlines() if "W501 endpoint kms" in line]
    assert (code, len(told), told[0].endswith(", for data/eu/prod, data/eu/dev and app")) == (0, 1, True), said


def test_a_module_that_stays_behind_is_counted_before_and_after(folder: Path) -> None:
    """It is on the bill in both, and for CI it is one that goes."""
    shutil.rmtree("out")
    text = SMALL.replace("  app: {tier: dev}", "  new: {tier: dev}").replace("type: Gateway", "type: Interface")
    groups = "security_groups: [{id: sg-0123456789abcdef0}]"
    text = text.replace("route_tables: [{main: true}]", f"subnets: [{{name: a}}, {{name: b}}]\n{groups}")
    text = text.replace("type: Interface", "type: Interface, private_dns_enabled: false")
    assert _run("render", "f.yaml", text=text.replace("  new: {tier", "  app: {tier"))[0] == 0
    _in_a_project(folder)
    for more in ((), ("--against", "HEAD")):
        report = json.loads(_run("diff", "--format", "json", *more, text=text)[1])
        assert report["modules"]["changed"] == ["new"]
        cost = [float(report["cost"][side]) for side in ("before", "after")]
        assert (cost[1] - cost[0]) * 3 == pytest.approx(cost[0])
        said = json.loads(_run("targets", "--changed", "--format", "json", *more)[1])
        assert [(each["target"], each["action"]) for each in said["include"]] == [("new", "added"), ("app", "removed")]


def test_a_row_that_was_deleted_is_one_that_goes(folder: Path) -> None:
    """Whether its folder stands or not, and whether it was retired; one that is renamed is none of them."""
    _in_a_project(folder)
    text = SMALL.replace("  app: {tier: dev}\n", "").replace("data/eu/dev: {", "new: {was: data/eu/dev, ")
    for is_there in (True, False):
        for more in ((), ("--against", "HEAD")):
            said = json.loads(_run("targets", "--changed", "--format", "json", *more, text=text)[1])["include"]
            told = [(each["target"], each["action"], each["retired"], each["old_folder"]) for each in said]
            gone = [("app", "removed", False, "")] if is_there or more else []
            assert told == [("new", "changed", False, "out/data/eu/dev"), *gone], (is_there, more)
        shutil.rmtree(folder / "out/app", ignore_errors=True)


def test_a_thousand_overlays_that_contradict_each_other_end() -> None:
    """The first thousand contradictions are told, of half a million."""
    overlays = "".join(f"  - {{where: {{tier: dev}}, set: {{tags: {{T: x{number}}}}}}}\n" for number in range(1000))
    rows = "".join(f"  t{number}: {{tier: dev}}\n" for number in range(1000))
    with pytest.raises(Refused) as refused:
        targets(source.parse(f"{SMALL}{rows}overlays:\n{overlays}", "f.yaml"))

    assert {each.code for each in refused.value.diagnostics} == {"E152"}
    assert len(refused.value.diagnostics) == 1000


def _in_a_project(folder: Path) -> None:
    """Commit the fleet as a project of its own, which knows all specs."""
    git(folder, "init", "-q", "-b", "main")
    Path("gen-endpoints.yaml").write_text('gen_endpoints: "0.1"\nspecs: [f.yaml]\n', encoding="utf-8")
    commit(folder, {})


@pytest.mark.parametrize("is_committed", [False, True])
def test_a_renamed_target_is_compared_with_the_old_folder_at_a_revision(folder: Path, *, is_committed: bool) -> None:
    """Before render as after it, and in each command: nothing is destroyed, and the new name is told."""
    git(folder, "init", "-q", "-b", "main")
    Path("gen-endpoints.yaml").write_text('gen_endpoints: "0.1"\nspecs: [f.yaml]\n', encoding="utf-8")
    commit(folder, {})
    git(folder, "branch", "base")
    renamed = "W513 teams/new is renamed from app"
    for is_rendered in (False, True):
        text = SMALL.replace("  app: {tier: dev}", "  teams/new: {tier: dev, was: app}")
        assert _run("render", text=text)[0] == 0 if is_rendered else Path("f.yaml").write_text(text, encoding="utf-8")
        if is_committed:
            commit(folder, {})
        code, said = _run("diff", "--against", "base")
        assert (code, "0 modules of 3 change" in said, renamed in said) == (0, True, True), said
        said = _run("targets", "--changed", "--against", "base", "--format", "json")[1]
        assert [(each["target"], each["action"]) for each in json.loads(said)["include"]] == [("teams/new", "changed")]
        code, said = _run("check")
        assert (code, "compared with nothing" in said) == (0 if is_rendered else 4, False), said


def _matrix() -> Any:
    return json.loads(_run("targets", "f.yaml", "--changed", "--format", "json")[1])["include"]


def test_the_origin_of_a_value_is_the_file_that_said_it_last(folder: Path) -> None:
    """A child over an overlay of its parent; a format tells of the values, and `naming` of the overlay that set it."""
    (folder / "base").mkdir()
    parent = SMALL.partition("targets:")[0].replace("region: eu-west-1", 'region: {format: "{region}"}')
    overlay = (
        "{endpoints: {s3: {policy: full-access}, sqs: {service: dynamodb}}, naming: {format: '{tier}-{endpoint}'}}"
    )
    parent += f"overlays: [{{where: {{tier: prod}}, set: {overlay}}}]\n"
    (folder / "base/n.yaml").write_text(parent, encoding="utf-8")
    child = "extends: base/n.yaml\nname: c\nvalues: {tier: prod, region: eu-west-1}\n"
    child += "endpoints: {s3: {policy: full-access}, sqs: {type: Gateway}, dynamodb: null}\n"
    code, said = _run("show", "--resolved", "f.yaml", text=child)

    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert code == 0
    assert {
        "region: eu-west-1 # base/n.yaml:3, {region} of f.yaml:3",
        "policy: full-access # f.yaml:4",
        "service: dynamodb # base/n.yaml:9 (tier prod)",
        "type: Gateway # f.yaml:4",
        "name: prod-sqs # base/n.yaml:9 (tier prod), {tier}-{endpoint} of f.yaml:3",
    } <= {*lines}, said


@pytest.mark.usefixtures("folder")
def test_a_row_is_added_as_it_is_meant() -> None:
    """A flag as one, a byte order mark where it was; a spec without targets has none added."""
    Path("f.yaml").write_text(f"\ufeff{SMALL}", encoding="utf-8")
    assert _run("targets", "add", "b", "tier=prod", "retired=true", "f.yaml")[0] == 0
    text = Path("f.yaml").read_text(encoding="utf-8")
    assert (text[0], text.endswith("  b: {tier: prod, retired: true}\n")) == ("\ufeff", True)
    assert _run("show", "--resolved", "f.yaml:b")[1].startswith(
        f"# retired, so its module makes nothing: f.yaml:{len(text.splitlines())}\nname: b "
    )
    said = _run("targets", "add", "b", "tier=prod", "f.yaml", text=SMALL.partition("targets:")[0])[1]
    assert "E161 the spec has no targets\n    write targets:, and below it, indented, b: {tier: prod}" in said


def test_a_shallow_clone_says_that_it_can_not_tell_what_is_gone(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row and its folder are gone in the one commit that it has; with its history it tells that."""
    git(folder, "init", "-q", "-b", "main")
    Path("gen-endpoints.yaml").write_text('gen_endpoints: "0.1"\nspecs: [f.yaml]\n', encoding="utf-8")
    commit(folder, {})
    git(folder, "checkout", "-q", "-b", "less")
    shutil.rmtree("out/data/eu/dev")
    commit(folder, {"f.yaml": SMALL.replace("  data/eu/dev: {tier: test}\n", "")})
    git(folder, "checkout", "-q", "main")
    there = tmp_path_factory.mktemp("ci") / "clone"
    git(folder, "clone", "-q", "--depth", "1", "-b", "less", folder.as_uri(), str(there))
    git(there, "checkout", "-q", "--detach")
    monkeypatch.chdir(there)

    code, said = _run("check")
    assert (code, "out: W315 the clone is shallow, so nobody can tell" in said) == (0, True)
    assert _run("check", "--strict")[0] == 1
    git(there, "remote", "set-branches", "origin", "*")
    git(there, "fetch", "-q", "--unshallow")
    code, said = _run("check")
    assert (code, "E315 it is gone without having been retired" in said, "W315" in said) == (4, True, False)


def test_a_target_goes_once_it_was_retired_at_the_base(folder: Path) -> None:
    """First `retired`, which is merged and applied; then the row and the folder, in any order."""
    git(folder, "init", "-q")
    Path("gen-endpoints.yaml").write_text('gen_endpoints: "0.1"\nspecs: [f.yaml]\n', encoding="utf-8")
    commit(folder, {})
    row = "  data/eu/dev: {tier: test}\n"
    gone, retired = SMALL.replace(row, ""), SMALL.replace(row, row.replace("test}", "test, retired: true}"))
    stand, back = "and its endpoints may still stand", "put the target back with retired: true, merge and apply that"
    at = f"{Path('out/data/eu/dev')}: E315 "

    code, said = _run("check", text=gone)
    assert (code, f"{at}no spec renders this module any more, {stand}\n    {back}" in said) == (4, True)
    Path("out/data/eu/dev/link.tf").symlink_to("nowhere")
    Path("a/b").mkdir(parents=True)
    os.chdir("a/b")
    assert (_run("check")[0], "dev: E315 no spec renders" in _run("check")[1]) == (4, True)
    os.chdir("../..")
    shutil.rmtree("out/data/eu/dev")
    code, said = _run("check")
    assert (code, f"{at}it is gone without having been retired, {stand}\n    {back}" in said) == (4, True)
    told = _run("check", "--format", "github")[1]
    assert (
        "::error file=f.yaml,line=9,col=1,title=E315::out/data/eu/dev: it is gone without having been retired" in told
    )
    assert _run("render", text=retired)[0] == 0
    assert (_run("check")[0], "take the row out and delete the folder" in _run("check")[1]) == (0, True)
    code, said = _run("check", text=gone)
    assert (code, f"{at}it is not retired at git's base yet, {stand}\n    {back}" in said) == (4, True)

    commit(folder, {"f.yaml": retired})
    code, said = _run("check", text=gone)
    assert (code, f"{at}it was retired, and no spec renders it any more\n    delete the folder\n" in said) == (4, True)
    shutil.rmtree("out/data/eu/dev")
    assert _run("check")[0] == 0
    commit(folder, {"f.yaml": gone})
    assert _run("render", text=gone.replace("  app: {", "  new: {was: app, "))[0] == 0
    assert _run("check")[0] == 0


@pytest.mark.parametrize("against", [("--against", "HEAD"), ()])
def test_a_row_that_goes_without_its_folder_fails_diff(folder: Path, against: tuple[str, ...]) -> None:
    """Its module is counted as it stands; once it was retired and committed, there is nothing to lose."""
    git(folder, "init", "-q")
    Path("gen-endpoints.yaml").write_text('gen_endpoints: "0.1"\nspecs: [f.yaml]\n', encoding="utf-8")
    text = SMALL.replace(
        "  s3:", "  sqs: {service: sqs, subnets: [{id: subnet-0a1b2c3d}], security_groups: [{id: sg-0a1b2c3d}]}\n  s3:"
    )
    row = "  data/eu/dev: {tier: test}\n"
    assert _run("render", text=text)[0] == 0
    commit(folder, {})
    cost = re.search(r"Cost[^:]*: ([\d.]+) USD", _run("diff", *against)[1])
    assert cost
    code, said = _run("diff", *against, "--fail-on", "destroy", text=text.replace(row, ""))
    told = f"{Path('out/data/eu/dev')}: E315 no spec renders this module any more, and its endpoints may still stand"
    assert (code, told in said, said.startswith("0 modules of 3 change.")) == (4, True, True), said
    assert f": {cost[1]} USD a month, as before" in said.replace("\n", " ")
    assert '"code": "E315"' in _run("diff", *against, "--format", "json")[1]
    assert "E315" not in _run("diff", *against, "f.yaml", "--out", "other")[1]
    retired = text.replace(row, row.replace("test}", "test, retired: true}"))
    assert _run("render", text=retired)[0] == 0
    commit(folder, {})
    assert _run("diff", *against, text=text.replace(row, ""))[0] == 0


@pytest.mark.parametrize("command", ["preflight", "drift", "verify"])
def test_nothing_is_looked_for_of_a_retired_target(folder: Path, command: str) -> None:
    """Whatever AWS says, and with where to look instead."""
    text = SMALL.replace("app: {tier: dev}", "app: {tier: dev, retired: true}")
    code, said = _run(command, "f.yaml:app", "--from", str(folder), text=text)

    told = "f.yaml:12:3: E164 app is retired: it has no endpoints to look for\n"
    line = "  12 |   app: {tier: dev, retired: true}\n     |   ^^^\n"
    assert (code, f"{told}{line}    its own plan has what is left\n" in said) == (1, True), said


def test_a_retired_target_has_no_endpoints(folder: Path) -> None:
    """In what each command shows and counts; and it is the one target by its key as by its file."""
    Path("f.yaml").write_text(SMALL.replace("app: {tier: dev}", "app: {tier: dev, retired: true}"), encoding="utf-8")
    Path("gen-endpoints.yaml").write_text("{gen_endpoints: '0.1', specs: [f.yaml]}\n", encoding="utf-8")
    ids = {
        name: json.JSONDecoder().raw_decode(_run(name, "--format", "json")[1])[0]
        for name in ("show", "cost", "targets")
    }
    assert [(each["retired"], len(each["endpoints"])) for each in ids["show"]["modules"]] == [
        *[(False, 2)] * 2,
        (True, 0),
    ]
    assert [len(each["endpoints"]) for each in ids["cost"]["estimates"]] == [2, 2, 0]
    assert [each["retired"] for each in ids["targets"]["targets"]] == [False, False, True]
    assert _run("show", "app")[1].startswith("retired: it has no endpoints\n")
    assert [each["retired"] for each in ids["cost"]["estimates"]] == [False, False, True]
    assert "app in eu-west-1: retired, it has no endpoints\n\ntotal: 0.00 USD a month\n" in _run("cost", "app")[1]
    assert _run("validate")[1].startswith("f.yaml: fine, 3 targets (1 retired), 4 endpoints\n")
    assert _run("validate", "app")[1].startswith("f.yaml: fine, 1 target (retired), 0 endpoints\n")
    assert '"state": "retired"' in _run("validate", "app", "--format", "json")[1]
    assert _run("page")[0] == 0
    data = re.search('"facts">(.*?)</script>', Path("site/index.html").read_text(encoding="utf-8"))
    assert data
    states = {each["key"]: (each["state"], len(each["endpoints"])) for each in json.loads(data[1])["modules"]}
    assert states["app"] == ("retired", 0)
    for command in ("preflight", "drift", "verify"):
        assert _run(command, "app", "--from", str(folder)) == _run(command, "f.yaml:app", "--from", str(folder))


@pytest.mark.usefixtures("folder")
def test_a_protected_endpoint_of_a_retired_target_stays() -> None:
    """Until `protect` is taken out and applied: Terraform would refuse the plan."""
    protected = SMALL.replace("s3: {service", "s3: {protect: true, service")
    assert _run("render", "f.yaml", text=protected)[0] == 0
    code, said = _run("render", "f.yaml", text=protected.replace("app: {tier: dev}", "app: {tier: dev, retired: true}"))
    assert (code, said.count("E505"), ", for app\n" in said, "2 up to date" in said) == (1, 1, True, True), said
    assert _run("render", "f.yaml", "--allow", "destroy:app/s3")[0] == 1
    assert _run("render", "f.yaml", text=SMALL)[0] == 0
    assert _run("render", "f.yaml", text=SMALL.replace("app: {tier: dev}", "app: {tier: dev, retired: true}"))[0] == 0


def test_a_renamed_target_is_edited_as_it_was(folder: Path) -> None:
    """What the edit destroys is refused under the new name, and then nothing is renamed; allowed, both are done."""
    text = SMALL.replace("  app: {tier: dev}", "  new: {tier: dev, was: app}")
    text += "overlays: [{where: {tier: prod}, set: {tags: {A: b}}}]\n"
    less = text.replace("endpoints:", "endpoints:").replace("  dynamodb: {service: dynamodb, type: Gateway}\n", "")
    code, said = _run("render", "f.yaml", text=less)
    assert (code, said.count("E508"), (folder / "out/app").exists()) == (1, 1, True), said
    code, said = _run("render", "f.yaml", "--allow", "destroy:*/dynamodb")
    assert (code, (folder / "out/app").exists(), "renamed" in said) == (0, False, True), said
    assert "dynamodb" not in (folder / "out/new/main.tf").read_text(encoding="utf-8")


@pytest.mark.parametrize("stated", ["policies/p.json", '{format: "policies/p.json"}'])
def test_a_policy_of_a_parent_is_beside_the_parent(folder: Path, stated: str) -> None:
    """In its overlays too, as a format too, from whatever folder the command is run; the child's is beside the child.

    What `vars` say is nobody's policy.
    """
    (folder / ".git").mkdir()
    for name in ("base/policies", "specs/policies"):
        (folder / name).mkdir(parents=True)
        statement = f'{{"Sid": "{name[:4]}", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}'
        (folder / name / "p.json").write_text(f'{{"Statement": [{statement}]}}\n', encoding="utf-8")
    parent = SMALL.partition("targets:")[0]
    parent += f"overlays: [{{where: {{tier: prod}}, set: {{endpoints: {{s3: {{policy: {{file: {stated}}}}}}}}}}}]\n"
    (folder / "base/n.yaml").write_text(f"{parent}vars: {{policy: {{file: x.json}}}}\n", encoding="utf-8")
    child = "extends: ../base/n.yaml\nname: c\nvalues: {tier: prod}\n"
    for more, sid in (("", "base"), ("endpoints: {s3: {policy: {file: policies/p.json}}}\n", "spec")):
        (folder / "specs/c.yaml").write_text(child + more, encoding="utf-8")
        assert _run("render", "specs/c.yaml")[0] == 0
        assert f'"{sid}"' in (folder / "out/c/main.tf").read_text(encoding="utf-8")
        assert "file: x.json" in _run("show", "--resolved", "specs/c.yaml")[1]
    (folder / "base/policies/p.json").unlink()
    (folder / "specs/c.yaml").write_text(child, encoding="utf-8")
    assert (
        "E212 base/policies/p.json" in _run("validate", "specs/c.yaml")[1]
        or "E212" in _run("validate", "specs/c.yaml")[1]
    )


@pytest.mark.usefixtures("folder")
def test_check_is_brief_where_asked_or_read_by_a_program() -> None:
    """A line a module with -q and no diff; for programs one finding a module, at the line of its row."""
    text = SMALL.replace("route_tables:", "tags: {A: b}\nroute_tables:")
    code, said = _run("check", "f.yaml", "-q", text=text)
    lines = [line for line in said.splitlines() if "E311" in line]

    assert (code, len(lines), f"{Path('out/app/main.tf')}: E311 is out of date" in lines) == (
        4,
        3,
        True,
    ), said
    assert len(said.splitlines()) <= len(lines) + 4, said
    for form in ("github", "gitlab", "sarif", "junit"):
        said = _run("check", "f.yaml", "--format", form)[1]
        assert ("@@" in said, "app/main.tf is out of date" in said) == (False, True), said
    assert "::error file=f.yaml,line=13,col=8" in _run("check", "f.yaml", "--format", "github")[1]


@pytest.mark.usefixtures("folder")
def test_a_row_of_an_unknown_region_is_told_as_it_is_added() -> None:
    """And it is the row that says it."""
    text = SMALL.replace("region: eu-west-1", 'region: {format: "{region}"}').partition("targets:")[0]
    text += "targets:\n  one: {tier: dev, region: eu-west-1}\n"
    code, said = _run("targets", "add", "two", "tier=prod", "region=eu-wst-1", "f.yaml", text=text)

    assert (code, "W208 the row: eu-wst-1 is not a Region in the catalog" in said) == (0, True), said
    assert "did you mean eu-west-1?" in said
    assert re.search(r"f.yaml:11:29: W208", said)

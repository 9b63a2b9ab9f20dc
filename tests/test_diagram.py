"""A picture says what a module's blocks say, each thing once, and nothing else."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from generator.cli.views.marks import read
from generator.diagram.mermaid import mermaid
from generator.diagram.picture import picture
from generator.diagram.place import Mark
from generator.diagram.svg import draw
from generator.hcl.hcl import Value
from generator.module.render import render
from generator.source.diagnostics import Refused
from tests.cases import ROOT, SPECS, generated, module
from tests.drawn import LONG, modules, sized, things
from tests.test_cli import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.drawn import Blocks

FACTS = {
    *(
        "subnet_ids",
        "security_group_ids",
        "route_table_ids",
        "service_name",
        "vpc_endpoint_type",
        "private_dns_enabled",
    ),
    *(
        "service_region",
        "from_port",
        "to_port",
        "protocol",
        "ip_protocol",
        "for_each",
        "cidr_blocks",
        "security_group_id",
    ),
}
"""What a picture shows of endpoints and rules."""
MODULES = dict(modules())


@pytest.mark.parametrize("name", MODULES)
def test_each_thing_is_in_the_picture_once(name: str) -> None:
    """Endpoints, subnets, route tables, groups and rules, as derived from the text of the blocks by another way."""
    drawn = draw(picture(MODULES[name], name))
    found = Counter(map(unescape, re.findall('data-address="([^"]*)"', drawn)))

    assert {*found} == things(MODULES[name])
    assert {*found.values()} == {1}


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_damage_changes_the_picture(spec: Path) -> None:
    """Without any one thing, or with another port, it is another picture."""
    blocks = generated(spec).facts.blocks
    before = _drawn(blocks)
    unchanged = [what for what, damaged in _damaged(blocks) if _drawn(damaged) == before]

    assert unchanged == []


def _drawn(blocks: Blocks) -> str:
    return draw(picture(blocks, "x"))


def _damaged(blocks: Blocks) -> Iterator[tuple[str, Blocks]]:
    for path in ("main.tf", "security_groups.tf"):
        for index, block in enumerate(blocks.get(path, ())):
            around = blocks[path][:index], blocks[path][index + 1 :]
            yield block.address, {**blocks, path: (*around[0], *around[1])}
            for name in FACTS & block.arguments.keys():
                for value in _others(block.arguments[name]):
                    other = replace(block, arguments={**block.arguments, name: value})
                    yield f"{block.address}.{name} = {value}", {**blocks, path: (*around[0], other, *around[1])}


def _others(value: Value) -> Iterator[Value]:
    match value:
        case bool():
            yield not value
        case int():
            yield value + 1
        case str():
            yield f"{value}x"
        case tuple():
            yield from (value[:index] + value[index + 1 :] for index in range(len(value)))
        case _:
            yield ()


def test_a_picture_is_the_same_bytes_and_takes_nothing_from_elsewhere() -> None:
    """No id, no script, no address but that of SVG itself; and the same text each time."""
    for name, blocks in MODULES.items():
        text = draw(picture(blocks, name))
        assert text == draw(picture(blocks, name))
        assert not re.search(r"<script|<image|href|url\(|@import|\bid=", text)
        assert re.findall(r"https?://[^\"]+", text) == ["http://www.w3.org/2000/svg"]


def test_a_private_name_is_of_the_partition() -> None:
    """What the services of another partition are called no source says; where none is stated, it is aws."""
    names = {
        name: {each.label: each.private_names for each in picture(MODULES[name], name).endpoints}
        for name in ("china", "any-region")
    }

    assert {*names["china"].values()} == {()}
    assert names["any-region"]["ssm"] == ("ssm.<region>.amazonaws.com",)


def test_no_name_ends_a_label_of_mermaid_or_svg() -> None:
    """What could is written by its number, or escaped."""
    text = (
        'name: x\nregion: eu-west-1\nvpc: {name: "a\\"]; click <b>`#"}\nsubnets: [{name: "]]"}]\n'
        "endpoints: {sqs: {service: sqs, name: s, security_groups: [{name: c}]}}\n"
    )
    found = picture(module(text).files, "x")

    assert 'vpc["VPC a#34;#93;#59; click #60;b#62;#96;#35;"]' in mermaid(found)
    assert "VPC a&quot;]; click &lt;b&gt;`#" in draw(found)


def test_the_readme_has_the_diagram_unless_the_spec_says_otherwise() -> None:
    """It is folded where there are more than 25 endpoints."""
    small, large = (render(module(sized(count, 1, LONG)))["README.md"] for count in (4, 40))
    none = render(module(f"readme_diagram: false\n{sized(4, 1, LONG)}"))["README.md"]

    assert ["```mermaid" in each for each in (small, large, none)] == [True, True, False]
    assert ["<summary>41 endpoints</summary>" in each for each in (small, large)] == [False, True]


REPORTS = {
    "verify": [{"key": "sqs", "checks": [{"outcome": "passed"}, {"outcome": "failed"}]}],
    "drift": [{"subject": "sqs", "class": "changed-by-hand", "field": "tags", "wanted": {}, "found": {}}],
    "nothing": [{"subject": "a", "class": "deleted", "field": "", "wanted": ["sqs", "s3"], "found": "nothing of it"}],
    "unsure": [{"subject": "sqs", "class": "info", "field": "policy", "wanted": {}, "found": "", "known": False}],
}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"schema": "gen-endpoints/verify/1", "report": {"endpoints": REPORTS["verify"]}}, {"sqs": "! passed, failed"}),
        (
            {"schema": "gen-endpoints/drift/1", "report": REPORTS["drift"]},
            {"sqs": "! changed-by-hand", "s3": "✓ no difference"},
        ),
        (
            {"schema": "gen-endpoints/drift/1", "report": REPORTS["nothing"]},
            {"sqs": "! deleted", "s3": "! deleted"},
        ),
        (
            {"schema": "gen-endpoints/drift/1", "report": REPORTS["unsure"], "endpoints": ["sqs"]},
            {"sqs": "? not-told", "s3": "? unknown"},
        ),
    ],
)
def test_findings_of_verify_and_drift_are_marks(tmp_path: Path, found: dict[str, object], said: dict[str, str]) -> None:
    """Each in words and with a sign, too; another spec of several is not spoken of."""
    one: dict[str, Any] = {"spec": "a.yaml", "endpoints": ["sqs", "s3", "old"]}
    file = tmp_path / "found.json"
    one |= {name: found.pop(name) for name in ("report", "endpoints") if name in found}
    if isinstance(one["report"], list):
        one["report"] = [{"known": True, **each} for each in one["report"]]
    specs = [one, one | {"spec": "deep/b.yaml", "report": None}, one | {"spec": None}]
    file.write_text(json.dumps(found | {"specs": specs}), encoding="utf-8")
    keys = ["sqs", "s3"]
    (tmp_path / "a").mkdir()
    for path in ("a.yaml", "./x/../a.yaml", str(tmp_path / "a")):
        marks, more = read(str(file)).marks("a", path, keys)
        assert ({key: mark.text for key, mark in marks.items()}, more) == (said, "")
    unknown = dict.fromkeys(keys, Mark(tone="warn", text="? unknown"))
    told = f"{file}: nothing was found out about deep/b.yaml"
    assert read(str(file)).marks("b", "deep/b.yaml", keys) == (unknown, told)
    others = read(str(file)).marks("a", "a.yaml", ["s3"])[1]
    assert others.startswith(f"{file}, of what is no endpoint of a.yaml: sqs (")
    for path in ("c.yaml", "b.yaml", "elsewhere/a.yaml"):
        with pytest.raises(Refused, match=f"no report of {path}; it is of .*a.yaml, .*b.yaml"):
            read(str(file)).marks("a", path, keys)


def test_findings_of_diff_are_marks(tmp_path: Path) -> None:
    """By the name of the module's folder; what AWS replaces is bad, what it makes or moves is not.

    What moves is known by its name now, in a picture of what was by its former one; in a plan by its whole address.
    """
    rows = (
        ("aws_vpc_endpoint.sqs", "", "sqs", "replace", ""),
        ('module.a["x.y"].aws_vpc_endpoint.s3', "", "s3", "create", ""),
        ("aws_vpc_endpoint.cw", "aws_vpc_endpoint.logs", "logs", "move", ""),
        ("aws_security_group.sts", "", "sts", "destroy", ""),
    )
    changes = [
        {"module": "a", "address": at, "before": was, "subject": f"{at[4:7]} {key}", "action": action, "code": code}
        for at, was, key, action, code in rows
    ]
    found = {"schema": "gen-endpoints/diff/2", "endpoints": {"a": ["sqs", "cw", "logs", "sts"]}, "changes": changes}
    (tmp_path / "found.json").write_text(json.dumps(found), encoding="utf-8")
    for moved in ("cw", "logs"):
        said, more = read(str(tmp_path / "found.json")).marks("a", "a.yaml", ["sqs", "s3", moved, "sts", "new"])

        assert more.endswith("of what is no endpoint of a.yaml: sec sts (destroy)")
        assert {key: (each.tone, each.text) for key, each in said.items()} == {
            "sqs": ("bad", "! replace"),
            "s3": ("info", "i create"),
            moved: ("info", "i move"),
            "sts": ("ok", "✓ no difference"),
            "new": ("warn", "? unknown"),
        }


def test_the_picture_of_an_edit_is_what_diff_says(tmp_path: Path) -> None:
    """An endpoint under a new key is moved; where a file can't be read, nothing is known of the others."""
    spec, file = tmp_path / "a.yaml", tmp_path / "out" / "band-up" / "main.tf"
    text = (ROOT / "specs" / "band-up.yaml").read_text(encoding="utf-8")
    spec.write_text(text, encoding="utf-8")
    run = Runner(tmp_path)
    assert run("render", "a.yaml").returncode == 0
    spec.write_text(text.replace("  logs: {", "  cw: {was: logs, "), encoding="utf-8")

    def marks() -> Counter[str]:
        (tmp_path / "found.json").write_text(run("diff", "a.yaml", "--format", "json").stdout, encoding="utf-8")
        return Counter(re.findall(">([✓i?!] [a-z ]+)<", run("draw", "a.yaml", "--findings", "found.json").stdout))

    assert marks() == {"i move": 1, "✓ no difference": 3}
    file.write_text(file.read_text(encoding="utf-8") + "}", encoding="utf-8")
    assert marks() == {"? unknown": 4}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 99_999,
        "[]",
        "{}",
        '{"schema": "gen-endpoints/show/1"}',
        '{"schema": 1}',
        '{"schema": "gen-endpoints/drift/1", "specs": 1}',
        '{"schema": "gen-endpoints/drift/2", "specs": []}',
        '{"schema": "gen-endpoints/drift/1", "specs": [{"spec": "a\\u0000", "report": []}]}',
        '{"schema": "gen-endpoints/drift/1", "specs": [{"spec": 5, "report": []}]}',
        '{"schema": ["gen-endpoints/drift/1"], "specs": []}',
        '{"schema": "gen-endpoints/diff/1", "endpoints": {}, "changes": []}',
        '{"schema": "gen-endpoints/diff/2", "modules": {"compared": []}, "changes": []}',
    ],
)
def test_other_files_have_no_findings(tmp_path: Path, text: str) -> None:
    """Whatever is in them, it is said so (E036)."""
    (tmp_path / "found.json").write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match="E036"):
        read(str(tmp_path / "found.json"))


def test_odd_paths_are_no_bug(tmp_path: Path) -> None:
    """A loop of links, names that no file can have, and values of another type: at most there is no report."""
    run, specs = Runner(tmp_path), ["loop.yaml", "n" * 300, "ids.yaml"]
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    report = [{"subject": "secretsmanager\ud800", "class": 1, "field": "x", "wanted": None, "found": None, "known": 1}]
    entries = [{"spec": each, "report": report, "endpoints": ["\ud800", 5]} for each in specs]
    found = {"schema": "gen-endpoints/drift/1", "specs": entries}
    (tmp_path / "found.json").write_text(json.dumps(found), encoding="utf-8")
    long, folder = "n" * 300, str(ROOT / "out" / "ids")
    wrong = (
        ("--findings", long),
        ("-o", f"{long}.svg"),
        ("-o", long),
        ("--findings", "loop.yaml"),
        ("-o", "loop.yaml/x.svg"),
    )

    assert [run("draw", folder, *each).returncode for each in wrong] == [1] * len(wrong)
    assert run("draw", folder, "--findings", "found.json").returncode == 0
    assert run("draw", str(ROOT / "specs" / "ids.yaml"), "--findings", "found.json").returncode == 1


def test_the_command_refuses_what_says_nothing(tmp_path: Path) -> None:
    """An option that is empty, and colours for a diagram that has none."""
    run, folder = Runner(tmp_path), str(ROOT / "out" / "ids")
    for arguments in (("-o", ""), ("--findings", ""), ("--findings", "x.json", "-o", "a.md")):
        assert run("draw", folder, *arguments).returncode == 2
    for command in ("render", "page", "init"):
        assert run(command, "-o", "").returncode == 2
    assert {each.name for each in tmp_path.iterdir()} <= {"cache"}


def test_the_command_writes_each_form(tmp_path: Path) -> None:
    """SVG, Mermaid and PNG to a file, SVG to a folder or alone to standard output; of a spec and of its folder."""
    run = Runner(tmp_path)
    spec = str(ROOT / "specs" / "all-types.yaml")
    assert run("draw", spec, "-o", "a.svg").stdout == "wrote a.svg\n"
    assert run("draw", spec, "-o", "a.svg").returncode == 0  # it knows its own
    assert run("draw", spec, "-o", "a.svg").stdout == "unchanged a.svg\n"
    assert run("draw", spec).stdout == (run.folder / "a.svg").read_text(encoding="utf-8")
    assert run("draw", spec, "-o", "a.md").returncode == 0
    assert "```mermaid\nflowchart" in (run.folder / "a.md").read_text(encoding="utf-8")
    assert run("draw", str(ROOT / "out" / "all-types"), str(ROOT / "out" / "ids"), "-o", "all").returncode == 0
    assert (run.folder / "all" / "all-types.svg").read_bytes() == (run.folder / "a.svg").read_bytes()

    pytest.importorskip("resvg_py")
    assert run("draw", spec, "-o", "a.png").returncode == 0
    assert (run.folder / "a.png").read_bytes()[:4] == b"\x89PNG"
    assert run("draw", spec, "-o", "a.png").returncode == 0  # it knows its own
    own = (run.folder / "a.png").read_bytes()
    for number, other in enumerate((own.replace(b"tEXtSoftware", b"tEXtXoftware"), own[:33] + b"\0\0\0\0" + own[33:])):
        (run.folder / f"other{number}.png").write_bytes(other + b"tEXtSoftware\0gen-endpoints")
        assert "E285" in run("draw", spec, "-o", f"other{number}.png").stderr  # the mark is not where PNG has text


def test_the_command_says_what_it_can_not_write(tmp_path: Path) -> None:
    """Many modules to one file, a form that there is not, and over a file of somebody else."""
    run = Runner(tmp_path)
    folders = [str(ROOT / "out" / name) for name in ("ids", "all-types")]
    (run.folder / "own.svg").write_text("<svg/>", encoding="utf-8")
    said = {
        arguments: run("draw", *arguments)
        for arguments in (
            (*folders,),
            (*folders, "-o", "a.svg"),
            (folders[0], "-o", "a.pdf"),
            (folders[0], "-o", "own.svg"),
            (folders[0], str(ROOT / "specs" / "ids.yaml"), "-o", "all"),
            (str(ROOT / "out"),),
        )
    }

    assert [each.returncode for each in said.values()] == [2, 2, 2, 1, 2, 1]
    wanted = ("-o DIR", "-o DIR", "FILE.svg", "E285", "the name ids", f"{ROOT / 'out' / 'all-types'} is one")
    assert all(text in " ".join(each.stderr.split()) for each, text in zip(said.values(), wanted, strict=True))
    assert (run.folder / "own.svg").read_text(encoding="utf-8") == "<svg/>"


@pytest.mark.parametrize("name", ["a.svg", "a.md", "a.png"])
@pytest.mark.parametrize(
    "own", ["\n", "# Notes\n\n<!-- Drawn by gen-endpoints. -->\n", "<!-- Generated by gen-endpoints from a.yaml -->\n"]
)
def test_what_only_speaks_of_the_tool_is_kept(tmp_path: Path, name: str, own: str) -> None:
    """A file of somebody else may name the tool, as a module's README does: its own begins with what drew it."""
    (tmp_path / name).write_text(own, encoding="utf-8")
    said = Runner(tmp_path)("draw", str(ROOT / "out" / "ids"), "-o", name)

    assert (said.returncode, "E285" in said.stderr) == (1, True)
    assert (tmp_path / name).read_text(encoding="utf-8") == own


def test_an_odd_folder_is_no_bug(tmp_path: Path) -> None:
    """HCL that Terraform would refuse, or that nobody renders, is drawn as far as it says something."""
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "main.tf").write_text(
        """locals {\n  a = local.b\n  b = local.a\n}\nvariable {\n}\nresource "aws_vpc_endpoint" {\n}
resource "aws_vpc_endpoint" "x" {\n  vpc_id = local.a\n  service_name = var.no\n  vpc_endpoint_type = var.no
  subnet_ids = concat(local.a, module.vpc.subnets, ["subnet-1"], data.aws_subnet.no.id)\n  route_table_ids = ["rtb-1"]
  security_group_ids = [aws_security_group.z.id]\n  subnet_configuration {\n  }\n}
data "aws_route_tables" "t" {\n  filter {\n    name = "association.subnet-id"\n    values = local.a\n  }\n}
resource "aws_vpc_endpoint" "y" {\n  vpc_endpoint_type = "Gateway"\n  route_table_ids = data.aws_route_tables.t.ids\n}
resource "aws_security_group" "z" {\n  name = "a\\u0007b"\n}\n""",
        encoding="utf-8",
    )
    run = Runner(tmp_path)

    assert (run("draw", "odd", "-o", "a.svg").returncode, run("show", "odd").returncode) == (0, 0)
    assert "a\ufffdb" in (run.folder / "a.svg").read_text(encoding="utf-8")


def test_the_main_table_of_subnets_is_last_and_has_its_condition() -> None:
    """It has a route only where a subnet has no table of its own; a main table that is named has it in any case."""
    drawn = {
        name: draw(picture(MODULES[name], name)) for name in ("band-up", "any-region", "all-types", "input-region")
    }
    found = {name: re.findall('class="table( otherwise)?"', text) for name, text in drawn.items()}

    assert found["band-up"] == ["", "", " otherwise"]
    assert {name: found[name][-1] for name in drawn} == {**dict.fromkeys(drawn, " otherwise"), "input-region": ""}
    assert all(("if a subnet has" in text) == (name != "input-region") for name, text in drawn.items())


def test_what_is_retired_is_not_taken_for_nothing(tmp_path: Path) -> None:
    """Its picture and its diagram say that AWS may still have what the module made."""
    run = Runner(tmp_path)
    spec = (
        'region: eu-west-1\nvpc: {name: {format: "{name}"}}\nsubnets: [{name: a}]\n'
        "security_groups: [{name: g}]\nendpoints: {kms: {service: kms}}\n"
    )
    (tmp_path / "net.yaml").write_text(f"{spec}targets:\n  shop: {{retired: true}}\n", encoding="utf-8")

    assert run("draw", "net.yaml", "-o", "shop.md").stdout == "wrote shop.md\n"
    for text in (run("draw", "net.yaml").stdout, (tmp_path / "shop.md").read_text(encoding="utf-8")):
        assert "retired: no endpoints; until its apply, AWS has those that it made" in text
    assert run("render", "net.yaml").returncode == 0
    assert "until its apply, AWS has those that it made" in run("draw", "out/shop").stdout
    assert run("show", "out/shop").stdout == "retired: it has no endpoints\n"


def test_what_a_folder_does_not_say_is_not_known(tmp_path: Path) -> None:
    """A VPC by an input is that input; nothing is said of a module that makes nothing but that it has no endpoints."""
    run = Runner(tmp_path)
    for name, text in (
        ("a", 'variable "x" {\n  default = null\n}\nresource "aws_vpc_endpoint" "s" {\n  vpc_id = var.x\n}\n'),
        ("b", 'variable "x" {\n}\n'),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(text, encoding="utf-8")

    assert ">VPC var.x<" in run("draw", "a").stdout
    assert (re.search("aws_vpc|provider", drawn := draw(picture({}, "b"))), "no endpoints" in drawn) == (None, True)

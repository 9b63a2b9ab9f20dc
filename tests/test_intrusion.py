"""What files beside the rendered ones do to what the spec decides: each kind of block and argument, in each form."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.hcl.hcl import Block
from generator.hcl.names import named
from generator.module.adopted_for import Specs
from generator.module.intrusion import ADDING, intrusions
from generator.module.root_files import RootFiles
from generator.module.root_imports import importing
from tests.cases import ROOT, SPECS, generated
from tests.terraform.schema import schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.source.diagnostics import Diagnostic

BAND_UP = ROOT / "specs" / "band-up.yaml"
ENDPOINT, GROUP = "aws_vpc_endpoint.logs", "aws_security_group.band_up_endpoints"
FORMS = ("mine.tf", "mine.tf.json", "override.tf", "mine_override.tf", "mine_override.tf.json", "mine.tofu")
NO_PART = {"aws_vpc_endpoint_connection_accepter", "aws_vpc_endpoint_connection_notification"}
NO_PART |= {"aws_vpc_security_group_vpc_association"}
"""What refers to an endpoint or a group, and changes nothing that a spec decides."""


def found(files: dict[str, str], **options: tuple[str, ...]) -> list[str]:
    """Return what is said of files beside those of an example."""
    others = {path: text.encode() for path, text in files.items()}
    told = intrusions(generated(BAND_UP).facts.blocks, others, folder="out/x", spec="s.yaml", **options)
    return [f"{each.place}: {each.code} {each.message}".removeprefix("out/x/") for each in told]


def place(form: str, text: str, name: str) -> str:
    """Return where a file of one block, in one line of JSON, has it: at its last label, or its type."""
    return f"{form}:1:{text.index(chr(34) + name) + 1 if form.endswith('.json') else 1}"


def written(form: str, kind: str, labels: tuple[str, ...], argument: str, value: str) -> str:
    """Return a block with one argument, in the syntax of a file of that name; the value is code."""
    if not form.endswith(".json"):
        heads = " ".join((kind, *(f'"{each}"' for each in labels)))
        return f"{heads} {{\n  {argument} = {value}\n}}\n"
    body: object = {argument: value if kind in {"import", "moved", "removed"} else f"${{{value}}}"}
    for label in reversed(labels):
        body = {label: body}
    return json.dumps({kind: body})


def _decided() -> Iterator[tuple[str, Block, str]]:
    """Yield each argument and each block of each kind of block that any example renders, with where it is."""
    seen = set()
    for spec in SPECS:
        blocks = [each for path, of in generated(spec).facts.blocks.items() if path.endswith(".tf") for each in of]
        for name, block in named(blocks):
            kind = (block.type, *block.labels[:-1]) if block.labels else (block.type,)
            for argument in (*block.arguments, *(each.type for each in block.blocks)):
                if (*kind, argument) not in seen and block.type not in {"terraform", "moved", "locals"}:
                    seen.add((*kind, argument))
                    yield name, block, argument


DECIDED = [*_decided()]


def test_there_is_a_case_for_each_kind_of_block() -> None:
    """The examples have them all."""
    assert {block.type for _, block, _ in DECIDED} == {"resource", "data", "variable", "output"}
    assert len(DECIDED) > 60


@pytest.mark.parametrize("form", FORMS)
def test_no_other_file_says_what_ours_say(form: str) -> None:
    """An override changes the argument, any other file declares the block a second time: both are refused."""
    for name, block, argument in DECIDED:
        other = written(form, block.type, block.labels, argument, "null")
        ours = {"main.tf": (block,)}
        (told,) = intrusions(ours, {form: other.encode()}, folder="out/x", spec="s.yaml")
        done = f"changes {argument} of {name}" if "override" in form else f"declares {name} a second time"

        assert (told.code, told.message) == ("E321", f"{done}, which s.yaml decides")
        assert (told.place.file, told.place.line) == (f"out/x/{form}", 1)


@pytest.mark.parametrize("form", FORMS)
def test_locals_are_ours_too(form: str) -> None:
    """A local of ours is set nowhere else."""
    done = "changes local.zone_ids" if "override" in form else "declares local.zone_ids a second time"

    assert found({form: written(form, "locals", (), "zone_ids", "[]")})[0].endswith(
        f"E321 {done}, which s.yaml decides"
    )


def test_the_terraform_block_is_the_users_but_for_what_it_requires() -> None:
    """A backend is their own; Terraform takes one `required_providers`, and an override lowers what ours need."""
    backend = 'terraform {\n  required_version = ">= 1.9"\n  backend "s3" {}\n}\n'
    random = 'terraform {\n  required_providers {\n    random = { source = "hashicorp/random" }\n  }\n}\n'
    aws = random.replace("random", "aws")

    assert found({"backend.tf": backend, "mine_override.tf": random}) == []
    assert found({"mine.tf": random}) == [
        "mine.tf:1:1: E321 declares required_providers a second time, beside versions.tf, which s.yaml decides"
    ]
    assert found({"mine_override.tf": aws, "override.tf": backend, "a_override.tf.json": '{"terraform":{}}'}) == [
        "mine_override.tf:1:1: E321 changes required_providers.aws of terraform, which s.yaml decides",
        "override.tf:1:1: E321 changes required_version of terraform, which s.yaml decides",
    ]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", sorted(ADDING))
def test_nothing_is_added_to_ours(kind: str, form: str) -> None:
    """Directly, through a local, a lookup or `for_each`; to what is not ours, anything."""
    address = ENDPOINT if "endpoint" in ADDING[kind] else GROUP
    ways = {
        f"{address}.id": "",
        f"resource.{address}.id": "",
        "local.it": f"locals {{\n  it = local.of\n  of = [{address}.id]\n}}\n",
        "terraform_data.it.output": f'resource "terraform_data" "it" {{\n  input = {address}.id\n}}\n',
        "data.aws_x.it.id": f'data "aws_x" "it" {{\n  id = "${{{address}.id}}"\n}}\n',
    }
    message = f"E322 adds {kind}.mine to {address}, which s.yaml decides"
    for value, more in ways.items():
        other = written(form, "resource", (kind, "mine"), ADDING[kind], value)

        assert found({form: other, "more.tf": more}) == [f"{place(form, other, 'mine')}: {message}"]
    loop = f'resource "{kind}" "mine" {{\n  for_each = {{ a = {address} }}\n  {ADDING[kind]} = each.value.id\n}}\n'
    theirs = written(form, "resource", (kind, "mine"), ADDING[kind], "aws_security_group.mine.id")

    assert found({"mine.tf": loop}) == [f"mine.tf:1:1: {message}"]
    assert found({form: theirs}) == []


def test_each_resource_that_changes_an_endpoint_or_a_group_is_known() -> None:
    """As the provider's schema has them: what takes the id of one."""
    ids = {"vpc_endpoint_id", "security_group_id"}
    taking = {name for name, each in schema()["resources"].items() if ids & each.get("arguments", each).keys()}

    assert {*ADDING} - {"aws_network_interface_sg_attachment", "aws_ec2_tag"} >= taking - NO_PART


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("kind", "argument", "done"),
    [
        ("import", "to", "imports into"),
        ("moved", "to", "moves something to"),
        ("moved", "from", "moves away"),
        ("removed", "from", "takes out of the state"),
    ],
)
def test_the_state_of_ours_is_the_specs(kind: str, argument: str, done: str, form: str) -> None:
    """But for what brings an object to us, in a file that is the team's own or that `adopt` wrote."""
    other = written(form, kind, (), argument, ENDPOINT)
    told = [f"{place(form, other, kind)}: E323 {done} {ENDPOINT}, which s.yaml decides"]
    taken = [] if argument == "to" else told

    assert found({form: other}) == told
    assert found({form: other}, own=(form,)) == taken
    assert found({form: written(form, kind, (), argument, f"module.x.{ENDPOINT}")}) == []
    if not form.endswith(".json"):
        assert [
            each.split(" ", 1)[1] for each in found({form: f"# Adopted by gen-endpoints for s.yaml.\n{other}"})
        ] == [each.split(" ", 1)[1] for each in taken]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["{} . {}", "{}.\t{}", "{}\t .{}", '{}["{}"]', '{} [ "{}" ]', "resource . {} . {}"])
def test_a_name_is_the_same_with_blanks(name: str, form: str) -> None:
    """HCL takes them around dots and indexes, in code, in templates and in JSON's strings."""
    endpoint, group = name.format(*ENDPOINT.split(".")), name.format(*GROUP.split("."))
    rule, inner = "aws_vpc_security_group_ingress_rule", f'"${{{group} . id}}"'

    for kind, argument in (("import", "to"), ("moved", "to"), ("moved", "from"), ("removed", "from")):
        (told,) = found({form: written(form, kind, (), argument, endpoint)})
        assert ": E323 " in told
    for value in (f"{group} . id", *([] if form.endswith(".json") else [inner])):
        (told,) = found({form: written(form, "resource", (rule, "r"), "security_group_id", value)})
        assert told.endswith(f"E322 adds {rule}.r to {GROUP}, which s.yaml decides")


@pytest.mark.parametrize("gap", ["\n.", "/* x */.", ". /* x */ ", "# x\n.", ".// x\n", " . # x\n "])
@pytest.mark.parametrize("form", FORMS)
def test_a_name_with_a_comment_is_refused(form: str, gap: str) -> None:
    """Or read; a slash in other text is no comment."""
    moved = written(form, "moved", (), "to", f"({ENDPOINT.replace('.', gap)})")
    theirs = written(form, "resource", ("aws_x", "x"), "a", '"s3/*" == "${a.b}/*" ? "http://x.y/#.z" : a.b')

    assert re.match(rf"{form}(:[0-9]+)*: E32[34] ", found({form: moved})[0])
    assert found({form: theirs}) == []


def test_each_block_is_told_at_its_line() -> None:
    """Also one of several that have no name, or share their last."""
    imports = "".join(f"import {{\n  to = aws_vpc_endpoint.{key}\n}}\n" for key in ("logs", "s3"))
    other = f'resource "aws_x" "logs" {{\n}}\n\nresource "aws_vpc_endpoint" "logs" {{\n}}\n{imports}'

    assert [each.partition(" ")[0] for each in found({"a.tf": other})] == ["a.tf:4:1:", "a.tf:6:1:", "a.tf:9:1:"]


def test_each_block_of_json_is_told_at_its_place() -> None:
    """Of lists too, and of one line; with a key twice, which is no spec's JSON, the file alone is named."""
    removed = f'{{\n "removed": [{{"from": "{ENDPOINT}"}},\n {{"from": "{GROUP}"}}],\n '
    tags = f'"resource": {{"aws_ec2_tag": [{{"a": {{}}}}, {{"t": {{"resource_id": "${{{ENDPOINT}.id}}"}}}}]}}}}'
    other = removed + tags

    told = [
        each.partition(" ")[0]
        for each in found({"a.tf.json": other, "b.tf.json": other.replace('"a": {', '"a": {"b": 1, "b": 2')})
    ]
    nested = f'{{"removed": [[], {{"from": "{ENDPOINT}"}}]}}'
    assert found({"a.tf.json": nested})[0].startswith("a.tf.json: E323 ")
    assert told == ["a.tf.json:2:14:", "a.tf.json:3:2:", "a.tf.json:4:43:", *["b.tf.json:"] * 3]


@pytest.mark.parametrize(
    ("how", "is_ours"),
    [
        ('service_name = "com.amazonaws.ap-southeast-1.logs"', True),
        ('service_name = "com.amazonaws.ap-southeast-1.logs"\n  vpc_id = data.aws_vpc.this.id', True),
        ('filter {\n    name = "service-name"\n    values = ["com.amazonaws.ap-southeast-1.logs"]\n  }', True),
        ('service_name = "com.amazonaws.ap-southeast-1.sqs"', False),
        ('service_name = "com.amazonaws.ap-southeast-1.logs"\n  vpc_id = "vpc-0a1b2c3d4e5f60718"', False),
        ("vpc_id = data.aws_vpc.this.id", False),
    ],
)
def test_a_lookup_of_what_the_spec_says_leads_to_it(how: str, *, is_ours: bool) -> None:
    """By the name of its service, as an argument or a filter; in another VPC it is another."""
    policy = 'resource "aws_vpc_endpoint_policy" "p" {\n  vpc_endpoint_id = data.aws_vpc_endpoint.x.id\n}\n'
    told = [f"a.tf:1:1: E322 adds aws_vpc_endpoint_policy.p to {ENDPOINT}, which s.yaml decides"]

    assert found({"a.tf": f'{policy}data "aws_vpc_endpoint" "x" {{\n  {how}\n}}\n'}) == (told if is_ours else [])


def test_what_is_not_read_is_told() -> None:
    """It is refused where it has a name of ours, or overrides others; a label may be a bare word."""
    assert found({"a.tf": "resource {{", "b.tf.json": "[", "c.tf": "resource a logs {{"}) == [
        "a.tf:1:1: W324 can't be read, so that nothing is known of what it does",
        "b.tf.json: W324 can't be read, so that nothing is known of what it does",
        "c.tf:1:1: E324 can't be read, and names aws_vpc_endpoint.logs",
    ]
    assert found({"a.tf": "resource aws_vpc_endpoint logs {\n}\n"}) == [
        "a.tf:1:1: E321 declares aws_vpc_endpoint.logs a second time, which s.yaml decides"
    ]
    assert found({"override.tf": '"', "b.tf": 'resource "aws_vpc_endpoint" "log\\u0073" {\n}\n'})[1:] == [
        "override.tf:1:1: E324 can't be read, and overrides other files"
    ]
    assert (
        found({"imports.tf": ""})
        == found({"imports.tf": " \n", "main.tofu": ""})
        == ["imports.tf: E325 has no blocks: what they were to import, an apply makes anew"]
    )
    assert found({"imports.tf": "# import {\n#   to = aws_vpc_endpoint.s3\n# }\n"}) == []  # as after the apply
    assert found({"main.tofu": "", "versions.tofu": "#\n"}) == [
        "versions.tofu: E321 takes the place of versions.tf: OpenTofu reads this file and not that one"
    ]


@pytest.mark.parametrize(
    ("to", "fix"),
    [
        (ENDPOINT, None),
        (f"resource.{ENDPOINT}", None),
        ("module.m.aws_vpc_endpoint.old", None),
        ("aws_vpc_endpoint.mine", None),
        ("aws_vpc_endpoint.moved", f"write to = {ENDPOINT}"),
        ("aws_vpc_endpoint.older", f"write to = {ENDPOINT}"),
        ("aws_security_group.old", f"if it is {GROUP} now, write to = and that; else take the block away"),
        ("aws_route_table.mine", "put it back into the spec, or take the block away"),
        (f'{ENDPOINT}["a"]', f"if it is {ENDPOINT} now, write to = and that; else take the block away"),
    ],
)
def test_an_import_block_leads_to_what_is_there(to: str, fix: str | None) -> None:
    """Terraform refuses the plan of any other; it may be of another file or module, and of one that can't be read."""
    moves = [("older", "moved"), ("moved", "logs")]
    moved = "".join(
        f"moved {{\n  from = aws_vpc_endpoint.{old}\n  to = aws_vpc_endpoint.{new}\n}}\n" for old, new in moves
    )
    files = {
        "mine.tf": 'resource "aws_vpc_endpoint" "mine" {\n}\n',
        "moved.tf": moved,
        "imports.tf": f'import {{\n  to = {to}\n  id = "a"\n}}\n',
    }
    blocks = generated(BAND_UP).facts.blocks
    others = {path: text.encode() for path, text in files.items()}
    told = intrusions(blocks, others, folder="out/x", spec="s.yaml")
    assert [(str(each.place), each.code, each.fix) for each in told] == (
        [("out/x/imports.tf:1:1", "E326", fix)] if fix else []
    )
    others |= {"b.tf": b"resource {{"}
    told = intrusions(blocks, others, folder="out/x", spec="s.yaml")
    assert [each.code for each in told] == ["W324"]


@pytest.mark.parametrize(
    ("index", "fix"),
    [
        ('["build-agents"]', None),
        ("[each.key]", None),
        ('["old"]', 'if it is {}["build-agents"] now, write to = and that; else take the block away'),
        ("", 'if it is {}["build-agents"] now, write to = and that; else take the block away'),
    ],
)
def test_an_import_block_of_a_rule_has_a_key_that_is_there(index: str, fix: str | None) -> None:
    """As far as the keys are in the text."""
    rules = "aws_vpc_security_group_ingress_rule.endpoints_443_security_groups"
    imports = f'import {{\n  to = {rules}{index}\n  id = "a"\n}}\n'.encode()
    blocks = generated(ROOT / "specs" / "security-groups.yaml").facts.blocks
    told = intrusions(blocks, {"imports.tf": imports}, folder="out/x", spec="s.yaml")
    assert [(each.code, each.fix) for each in told] == ([("E326", fix.format(rules))] if fix else [])


def test_what_is_not_read_for_what_is_beside_it_may_name_anything() -> None:
    """As what is too large by itself."""
    told = intrusions({}, {"a.tf": b"", "b.tf": None}, folder="out/x", spec="s.yaml")

    assert [(each.code, each.message) for each in told] == [
        ("E324", "is not read: the files there are too much together, and may name anything")
    ]


@pytest.mark.parametrize(
    ("to", "fix"),
    [
        (f"module.m.{ENDPOINT}", None),
        (f'module.m["a"].{ENDPOINT}', "write module.m in its addresses"),
        (f"module.m[each.key].{ENDPOINT}", None),
        ("module.other.aws_vpc_endpoint.old", None),
        ("module.m.module.inner.aws_vpc_endpoint.old", "write module.m in its addresses"),
        ("module.m.aws_vpc_endpoint.mine", "put it back into the spec, or take the block away"),
        ("module.m.aws_vpc_endpoint.moved", f"write to = module.m.{ENDPOINT}"),
        ("module.m.aws_security_group.old", f"if it is module.m.{GROUP} now, write to = and that; else take the block"),
    ],
)
@pytest.mark.parametrize("is_adopted", [False, True])
@pytest.mark.usefixtures("_here")
def test_an_import_block_of_a_root_leads_to_what_the_module_makes(
    to: str, fix: str | None, *, is_adopted: bool
) -> None:
    """The root calls it by its folder, or the blocks are those that `adopt` wrote for the spec."""
    head = "# Adopted by gen-endpoints for specs/s.yaml. " if is_adopted else ""
    calls = 'module "m" {\n  source = "./out/x"\n}\nmodule "other" {\n  source = "./out/y"\n}\n'
    moved = f"moved {{\n  from = module.m.aws_vpc_endpoint.moved\n  to = module.m.{ENDPOINT}\n}}\n"
    taken = "".join(
        f'import {{\n  to = module.m.{each}\n  id = "{each}"\n}}\n'
        for each in _addresses("aws_vpc_endpoint")
        if fix and fix.startswith("put")
    )
    files = {
        "imports.tf": f'{head}\nimport {{\n  to = {to}\n  id = "a"\n}}\n{taken}',
        "main.tf": "" if is_adopted else f'{calls}resource "aws_vpc_endpoint" "mine" {{\n}}\n',
        "moved.tf": moved,
    }
    told = _of_root(files)
    if is_adopted and to.startswith(('module.m["a"]', "module.m.module")):  # nothing tells how the root will call it
        fix = None
    if is_adopted and fix is None and "old" in to:  # its header says that they are of this spec
        assert [each.code for each in told] == ["E326"]
        return
    assert [(str(each.place), each.code) for each in told] == ([("imports.tf:2:1", "E326")] if fix else [])
    assert all(each.fix.startswith(fix or "-") for each in told)


@pytest.fixture
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _of_root(files: dict[str, str]) -> list[Diagnostic]:
    """Return what is said of the import blocks of a root, for the module in out/x, of specs/s.yaml."""
    for path, text in ({"specs/s.yaml": "", "specs/other.yaml": ""} | files).items():
        Path(path).parent.mkdir(exist_ok=True)
        Path(path).write_text(text, encoding="utf-8")
    root = importing(RootFiles(Path()), Specs(["specs/s.yaml", "specs/other.yaml"]))
    blocks = generated(BAND_UP).facts.blocks
    return [*root.nowhere(lambda: blocks, Path("out/x"), "specs/s.yaml")]


CORE, GONE, OTHER = (f"# Adopted by gen-endpoints for specs/{each}.yaml. \n" for each in ("s", "gone", "other"))
MOVED = "moved {\n  from = module.m.aws_vpc_endpoint.x\n  to = module.queue.aws_vpc_endpoint.x\n}\n"
KEYED = "write {} in its addresses"


@pytest.mark.parametrize(
    ("first", "more", "to", "fix"),
    [
        (CORE, 'module "queue" {\n  source = "./out/queue"\n}\n', "module.queue.aws_vpc_endpoint.sqs", ""),
        (CORE, 'module "vpc" {\n  source = "./modules/vpc"\n}\n', "module.vpc.aws_security_group.old", ""),
        (CORE, 'module "vpc" {\n  source = "a/b/c"\n}\n', "module.vpc.aws_security_group.old", ""),
        (CORE, MOVED, "module.m.aws_vpc_endpoint.x", "write to = module.queue.aws_vpc_endpoint.x"),
        (CORE, "", "aws_security_group.of_the_root", ""),
        (CORE, "", f"module.old.{ENDPOINT}", KEYED.format("module.m")),
        (GONE, "", f"module.old.{ENDPOINT}", KEYED.format("module.m")),
        (OTHER, "", f"module.old.{ENDPOINT}", ""),
        ("", "", f"module.old.{ENDPOINT}", KEYED.format("module.m")),
        ("", 'module "vpc" {\n  source = "a/b/c"\n}\n', f"module.vpc.module.old.{ENDPOINT}", ""),
        ("", "locals {{", f"module.old.{ENDPOINT}", ""),
        (GONE, "locals {{", f"module.old.{ENDPOINT}", ""),
        (GONE, '  for_each = toset(["main"])', f'module.m["main"].{ENDPOINT}', ""),
        ("", '  for_each = toset(["main"])', f'module.m["b"].{ENDPOINT}', KEYED.format('module.m["main"]')),
        ("", '  for_each = toset(["main"])', f"module.m.{ENDPOINT}", KEYED.format('module.m["main"]')),
        ("", '  for_each = { main = "a" }', f'module.m["b"].{ENDPOINT}', KEYED.format('module.m["main"]')),
        ("", "  for_each = { (var.a) = 1 }", f'module.m["b"].{ENDPOINT}', ""),
        ("", "  for_each = var.a", f'module.m["b"].{ENDPOINT}', ""),
        ("", "  for_each = var.a", f"module.m.{ENDPOINT}", KEYED.format("module.m[KEY]")),
        ("", "  count = 1", f"module.m.{ENDPOINT}", KEYED.format("module.m[0]")),
        ("", "  count = 1", f"module.m[0].{ENDPOINT}", ""),
    ],
)
@pytest.mark.usefixtures("_here")
def test_an_import_block_of_a_root_is_judged_by_the_call_that_its_address_names(
    first: str, more: str, to: str, fix: str
) -> None:
    """Not by the first line of its file, which says whose it was, where the root tells: as Terraform 1.11.4 plans."""
    inner, more = (more, "") if more.startswith("  ") else ("", more)
    files = {
        "imports.tf": f'{first}import {{\n  to = {to}\n  id = "a"\n}}\n',
        "main.tf": f'module "m" {{\n  source = "./out/x"\n{inner}\n}}\n',
        "more.tf": more,
    }
    told = _of_root(files)
    assert [(each.code, each.fix) for each in told] == ([("E326", fix)] if fix else [])


def _addresses(kind: str) -> list[str]:
    blocks = (each for of in generated(BAND_UP).facts.blocks.values() for each in of)
    return [each.address for each in blocks if each.type == "resource" and each.labels[0] == kind]


HIDDEN = 'resource "aws_vpc_endpoint" "logs" {\n  count = 0\n}\n'


@pytest.mark.parametrize("blank", [" ", "\t", "\x0c", "\x0b", "\xa0", "\u2003"])
@pytest.mark.parametrize("mark", ["<<", "<<-"])
@pytest.mark.parametrize("form", ["{}EOT{}", "{}EOT", " EOT{}\r"])
def test_no_heredoc_hides_a_block(mark: str, blank: str, form: str) -> None:
    """Terraform trims the line of an end marker, so that what python-hcl2 takes for text may be a block."""
    end = form.format(blank, blank)
    other = f"locals {{\n  my_x = {mark}EOT\na\n{end}\n}}\n{HIDDEN}locals {{\n  my_y = {mark}EOT\nEOT\n}}\n"

    (told,) = found({"a_override.tf": other})
    assert re.match("a_override.tf:([0-9]+:1:)? E32[14] ", told)


@pytest.mark.parametrize(
    "text",
    [
        f"locals {{\n  a = <<true\n${{\ntrue\n}}\nlocals {{\nb = <<EOU\ntrue\n}}\n{HIDDEN}locals {{\nc = 1\n}}\n",
        'locals {\n  a = <<true\n${ "}" == "" ? 1 :\ntrue\n}\n',
        "locals {\n  a = <<true\n${ /* } */\ntrue\n}\n",
        'locals {\n  a = "$${" # }\n}\nresource aws_vpc_endpoint logs {\n  count = 0\n}\nlocals {\n  b = "" # "\n}\n',
        'locals {\n  a = "\n}\nresource aws_vpc_endpoint logs {\n}\nlocals {\n  b = "\n}\n',
    ],
)
def test_no_string_hides_a_block(text: str) -> None:
    """Terraform ends no heredoc inside a `${…}`, and a string at its line's end."""
    (told,) = found({"a_override.tf": text})
    assert re.match("a_override.tf:([0-9]+:1:)? E324 can't be read, and ", told)


@pytest.mark.parametrize(
    "body",
    ["${var.a} {", '{"a": "${jsonencode({ b = ["x"] })}"}', "  EOTS", "a EOT", "%{ if a ~}\n\n%{ endif }", "$${a}"],
)
def test_other_heredocs_are_read(body: str) -> None:
    """One that ends to the letter at its marker, whatever is in it, is the team's own."""
    text = f"locals {{\n  mine = <<-EOT\n{body}\n  EOT\n}}\n"

    assert found({"a_override.tf": text, "b_override.tf": text.replace("\n", "\r\n")}) == []


def test_the_users_own_is_the_users_own() -> None:
    """What uses the endpoints, or is of something else, has nothing said of it, in an override neither."""
    text = f"""
resource "aws_route53_record" "r" {{
  alias {{
    name = {ENDPOINT}.dns_entry[0].dns_name
  }}
}}

resource "aws_vpc_security_group_ingress_rule" "mine" {{
  security_group_id            = aws_security_group.mine.id
  referenced_security_group_id = {GROUP}.id
  description                  = "beside {GROUP}.id"
}}

provider "aws" {{
  region = "eu-west-1"
}}
"""

    assert found({"mine.tf": text, "override.tf": text, "README.txt": "", "lambda/": ""}) == []

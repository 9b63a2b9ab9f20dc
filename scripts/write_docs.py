"""Write what comes from the code: the docs (commands, spec, JSON Schema, rules, codes, bundles), and the shapes.

python scripts/write_docs.py           writes docs/ and generator/data/shapes.txt
python scripts/write_docs.py --check   exit 4 where they are not what the code says now
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from answer_docs import answer_list
from draw_docs import pictures
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from generator import cli
from generator.catalog import bundles as shipped
from generator.catalog.names import names
from generator.cli.views import bundles as shown
from generator.generate import generate
from generator.hcl import facts, markdown, memory
from generator.hcl.memory import Cache
from generator.live.aws import ACTIONS
from generator.source.codes import codes
from generator.source.diagnostics import ExitCode
from generator.spec import json_schema
from generator.spec.project import Project
from generator.team_templates.model import INTERFACE, VALUES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.catalog.bundles import Bundle
    from generator.hcl.hcl import Block
    from generator.source.diagnostics import Code

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
CASES = ROOT / "tests" / "invalid"
WIDTH = 160
SEVERITY = {"E": "error", "W": "warning"}
NOTE = "<!-- Written by scripts/write_docs.py. DO NOT EDIT. -->\n\n"


def commands() -> str:
    """Return the reference of the command line: the help of each command."""
    command = get_command(cli.application())
    names = ["", *_names(command)]
    sections = (f"## gen-endpoints {name}".rstrip() + f"\n\n```text\n{_help(name)}```\n" for name in names)
    return f"{NOTE}# Commands\n\n" + "\n".join(sections)


def _names(command: object, parent: str = "") -> Iterator[str]:
    """Yield the names of a command's commands, and of theirs, each as it is written on the command line."""
    if isinstance(command, TyperGroup):
        for name in command.list_commands(typer.Context(command)):
            yield f"{parent} {name}".strip()
            yield from _names(command.commands[name], f"{parent} {name}".strip())


def _help(name: str) -> str:
    result = CliRunner().invoke(
        cli.application(), [*name.split(), "--help"], prog_name="gen-endpoints", terminal_width=100
    )
    return result.output


def spec_reference() -> str:
    """Return the reference of the spec: a table for each kind of mapping in it."""
    schema = json_schema()
    sections = [("The spec", schema), *schema["$defs"].items()]
    tables = (f"## {title}\n\n{node.get('description', '')}\n\n{_fields(node)}\n" for title, node in sections)
    intro = (
        "In place of any text of a value there may be a [Format](#format). `name` and `vpc` are required in a spec "
        "that is one by itself; [fleets.md](fleets.md) says how one spec is many.\n\n"
    )
    return f"{NOTE}# The spec\n\n{intro}" + "\n".join(tables)


def _fields(node: dict[str, Any]) -> str:
    required = node.get("required") or node.get("else", {}).get("required", ())
    rows = [("Field", "Type", "Required", "Meaning")]
    rows += [
        (f"`{name}`", _type(field), "yes" if name in required else "", str(field.get("description", "")))
        for name, field in sorted(node["properties"].items(), key=lambda item: item[0] not in required)
    ]
    return markdown.table(rows)


def _type(field: dict[str, Any]) -> str:
    """Return a field's type in words."""
    if "$ref" in field:
        return f"[{(name := field['$ref'].rpartition('/')[2])}](#{name.lower()})"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    for key in ("anyOf", "oneOf"):
        if key in field:
            forms = (inner for inner in field[key] if inner.get("$ref") != "#/$defs/Format")
            return " or ".join(dict.fromkeys(map(_type, forms)))
    if isinstance(field.get("type"), list) and "object" in field["type"]:
        return "anything"
    if field.get("type") == "array":
        return f"list of {_type(field['items'])}"
    if "patternProperties" in field:
        return f"map of {_type(next(iter(field['patternProperties'].values())))}"
    if isinstance(field.get("additionalProperties"), dict):
        return f"map of {_type(field['additionalProperties'])}"
    return {"object": "mapping", "boolean": "`true`, `false`"}.get(str(field.get("type")), "text")


def spec_codes() -> set[str]:
    """Return the codes that a spec can cause: those that the wrong specs of tests/invalid cause."""
    texts = (case.read_text("utf-8") for case in CASES.glob("*.txt"))
    return {code for text in texts for code in re.findall(r": ([EW][0-9]{3}) ", text)}


def rule_list() -> str:
    """Return what is refused in a spec, or warned of: each code with an example, what is printed, why and the fix."""
    caused = spec_codes()
    known = [code for name, code in codes().items() if name in caused]
    rows = [("Code", "Severity", "What it finds", "Source")]
    rows += [(f"[{code.code}](#{_anchor(code)})", SEVERITY[code.code[0]], code.title, _by(code)) for code in known]
    intro = (
        "What a spec must keep to, as far as it can be decided without asking AWS. A spec may silence a warning, with "
        "the reason: `ignore: {W205: one zone is enough here}`. `gen-endpoints explain E241` prints why one is there. "
        "The examples are files of `tests/invalid/`; long lines are cut. [codes.md](codes.md) has all other codes."
    )
    return f"{NOTE}# Rules\n\n{intro}\n\n{markdown.table(rows)}\n" + "".join(map(_rule, known))


def _rule(code: Code) -> str:
    """Return the section of a code that a spec can cause."""
    case = min(CASES.glob(f"{code.code}-*.yaml"), key=lambda case: (case.stat().st_size, case.name))
    example, printed = (_cut(case.with_suffix(suffix).read_text("utf-8")) for suffix in (".yaml", ".txt"))
    source = f"\nSource: <{code.source}>\n" if code.source else ""
    return (
        f"\n## {code.code}: {code.title}\n\nExample, `{case.name}`:\n\n```yaml\n{example}```\n\n"
        f"What is printed:\n\n```text\n{printed}```\n\nWhy: {code.why}\n\nFix: {code.fix}.\n{source}"
    )


def _cut(text: str) -> str:
    """Return text of which no line is longer than a page is wide."""
    return "".join(f"{line[:WIDTH]}…\n" if len(line) > WIDTH else f"{line}\n" for line in text.splitlines())


def _anchor(code: Code) -> str:
    """Return the anchor that GitHub gives the heading of a code."""
    heading = f"{code.code}: {code.title}".lower()
    return re.sub(r"[^\w -]", "", heading).replace(" ", "-")


def _by(code: Code) -> str:
    """Return a code's source as a link that names who says so."""
    owner = "AWS" if ".amazon.com" in code.source else "provider" if "terraform-provider-aws" in code.source else "page"
    return f"[{owner}]({code.source})" if code.source else "this tool"


def code_list() -> str:
    """Return the codes that no spec causes, each with its reason and source."""
    caused = spec_codes()
    sections = (_code(code) for name, code in codes().items() if name not in caused)
    intro = "Errors begin with E, warnings with W. `gen-endpoints explain E002` prints one."
    return f"{NOTE}# Codes\n\n{intro} [rules.md](rules.md) has the codes of specs.\n" + "".join(sections)


def _code(code: Code) -> str:
    fix = f"\nFix: {code.fix}.\n" if code.fix else ""
    source = f"\nSource: <{code.source}>\n" if code.source else ""
    return f"\n## {code.code}: {code.title}\n\n{code.why}\n{fix}{source}"


def bundle_list() -> str:
    """Return what each bundle brings, and does not bring, with its reason and source."""
    sections = (_bundle(bundle) for bundle in shown.every(shipped.load()))
    return f"{NOTE}# Bundles\n\n`bundles: [ecs-fargate@1]` in a spec. A version never changes.\n" + "".join(sections)


def _bundle(bundle: Bundle) -> str:
    rows = [("Service", "Type", "In the bundle", "What for, or why not")]
    for says, members in (("yes", bundle.endpoints), ("optional", bundle.optional), ("no", bundle.excluded)):
        rows += [(f"`{member.service}`", member.type, says, member.why) for member in members]
    included = f" Includes {', '.join(bundle.includes)}." if bundle.includes else ""
    return (
        f"\n## {bundle.pinned}: {bundle.title}\n\n{bundle.why}{included}\n\n"
        f"Source: <{bundle.source}>, checked {bundle.checked}\n\n{markdown.table(rows)}\n"
    )


def iam_policy() -> dict[str, Any]:
    """Return the least policy with which every command works that asks AWS."""
    statement = {"Sid": "GenEndpoints", "Effect": "Allow", "Action": sorted(ACTIONS.values()), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def shapes() -> str:
    """Return what python-hcl2 reads in each shape of the modules of the examples and of the specs of tests/valid."""
    known: dict[str, Block] = {}
    for spec in sorted([*ROOT.glob("specs/*.yaml"), *ROOT.glob("tests/valid/*.yaml")]):
        facts.read_back(generate(str(spec), Cache(None)).files, known)
    return "".join(sorted(memory.dumps(known).splitlines(keepends=True)))


def template_values() -> str:
    """Return what a team's templates are given, and the interface's version."""
    rows = [("Value", "Meaning"), *((f"`{name}`", meaning) for name, meaning in VALUES.items())]
    intro = (
        f"Interface {INTERFACE}: a value may come, none goes or changes its meaning without another number. "
        "`[]` is each of a list. [templates.md](templates.md) says how they are used."
    )
    return f"{NOTE}# Values of templates\n\n{intro}\n\n{markdown.table(rows)}\n"


def main() -> None:
    """Write all of it, or with --check say what is not what the code says."""
    texts = {
        "commands.md": commands(),
        "spec.md": spec_reference(),
        "spec.schema.json": json.dumps(json_schema(names()), indent=2, ensure_ascii=False) + "\n",
        "project.schema.json": json.dumps(json_schema(model=Project), indent=2, ensure_ascii=False) + "\n",
        "rules.md": rule_list(),
        "codes.md": code_list(),
        "bundles.md": bundle_list(),
        "answers.md": f"{NOTE}{answer_list()}",
        "template-values.md": template_values(),
        **{f"pictures/{name}.svg": text for name, text in pictures().items()},
        "iam-policy.json": json.dumps(iam_policy(), indent=2) + "\n",
    }
    wanted = {f"docs/{name}": text for name, text in texts.items()} | {"generator/data/shapes.txt": shapes()}
    stale = [
        name for name, text in wanted.items() if not (ROOT / name).is_file() or (ROOT / name).read_text("utf-8") != text
    ]
    if "--check" not in sys.argv:
        for name in stale:
            (ROOT / name).write_text(wanted[name], "utf-8")
            print(f"wrote {name}")
    elif stale:
        print(f"out of date: {', '.join(stale)}; run: make docs")
        sys.exit(ExitCode.STALE)


if __name__ == "__main__":
    main()

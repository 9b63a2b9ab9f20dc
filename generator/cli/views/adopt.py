"""What `adopt` says when it is done: what was adopted, what was left out and why, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.authoring.adopt.adoption import Adoption
from generator.authoring.adopt.private_dns import NO_DNS
from generator.authoring.adopt.state import LetGo
from generator.cli.views import data, table
from generator.cli.views.findings import row
from generator.hcl import layout
from generator.hcl.hcl import lines
from generator.live.estate import TARGETS, label, name
from generator.module.adopted import bring
from generator.source.reading import resolved
from generator.source.text import one_line, with_blanks

_LEFT_OUT = ("endpoint", "service", "reason", "known")
_COLUMNS = ("Key", "Endpoint", "Type", "Service", "Name", "State")


def as_text(adopted: Adoption) -> str:
    """Return the endpoints as columns, and below them those that are left out."""
    text = [table.table([_COLUMNS, *((*row[:4], with_blanks(row[4]), *row[5:]) for row in _rows(adopted))])]
    for endpoint, reason, known in adopted.selection.left_out:
        why = reason if known else f"not told: {reason}"
        what = ", ".join(filter(None, (label(endpoint, "VpcEndpointId"), endpoint.get("ServiceName"))))
        text.append(table.prose(one_line(f"left out: {what}: {why}"), hang=4))
    return "\n".join(text)


def as_json(adopted: Adoption, spec: str, imports: str) -> str:
    """Return the same as JSON, with the paths of the files."""
    let_go = adopted.handover.let_go
    return data.document(
        "adopt",
        {
            "spec": spec,
            "imports": imports,
            "to_import": _count(adopted, "import"),
            "to_move": _count(adopted, "moved"),
            "to_let_go": {
                "removed": "\n".join(filter(None, map(_removed, let_go))),
                "commands": [each for of_it in let_go for each in of_it.commands],
                "roots": [{"state": e.file, "removed": _removed(e), "commands": e.commands} for e in let_go],
            },
            "adopted": [dict(zip(map(str.lower, _COLUMNS), row, strict=True)) for row in _rows(adopted)],
            "left_out": [
                dict(zip(_LEFT_OUT, (each["VpcEndpointId"], each.get("ServiceName"), reason, is_told), strict=True))
                for each, reason, known in adopted.selection.left_out
                for is_told in [known and any(map(each.get, TARGETS))]
            ],
            "warnings": [row(each) for each in adopted.warnings],
        },
    )


def next_steps(adopted: Adoption, spec: str, imports: str, *, module: str, region: str) -> str:
    """Return what to run next; `module` is the folder that is rendered, empty where a root calls it."""
    handover, moved = adopted.handover, _count(adopted, "moved")
    and_moved = f", and {moved} moved" if moved else ""
    where = f"in {module}" if module else f"in the root that calls the module and holds {imports}"
    steps = [f"gen-endpoints render {spec}"]
    if module and resolved(imports).parent != resolved(module):
        # Terraform reads no other folder, and `render` refuses what has them elsewhere
        there = Path(module, "imports.tf")
        steps, imports = [bring(Path(imports), there), *steps], str(there)
    root = "in the root of the state{}: take their blocks, or keys of for_each, out of the configuration"
    root = root.replace("{}", " {}" if handover.files[1:] else "")
    for each in handover.let_go:
        steps += [root.format(each.file)]
        if each.removed:
            steps += ["write there, so that its plan has 0 to destroy:", *filter(None, _removed(each).splitlines())]
        if each.commands:
            steps += ["run there, before its next plan:", *each.commands]
    if moved and not handover.let_go:
        steps += [root.format(*handover.files)]
    off = [each.fix for each in adopted.dns if each.code == NO_DNS.code]
    if off:
        steps += ["turn on what private DNS needs, for the plan stops until then:", *off]
    counts = f"{_count(adopted, 'import')} to import, 0 to add, 0 to change, 0 to destroy{and_moved}"
    counts += ", if the VPC has the DNS attributes" if adopted.dns and not off else ""
    steps += [
        f"{where}: terraform init, then",
        f"{f'AWS_REGION={region} ' if module else ''}terraform plan: {counts};",
        f"apply it, and take {imports} away",
    ]
    return "\n      ".join((f"next: {steps[0]}", *steps[1:]))


def _count(adopted: Adoption, kind: str) -> int:
    return sum(block.type == kind for block in adopted.handover.blocks)


def _removed(of_it: LetGo) -> str:
    return layout.format("\n".join(line for block in of_it.removed for line in lines(block))).lstrip()


def _rows(adopted: Adoption) -> Iterator[tuple[str, ...]]:
    for key, each in adopted.endpoints.items():
        state = str(each.live.get("State", "available"))
        yield key, each.id, each.type, each.target, name(each.live) or "", state

"""What docs/answers.md says: which answers of AWS each command reads, as the commands themselves state it."""

from __future__ import annotations

from pathlib import Path

from generator.authoring.adopt import adoption
from generator.generate import understand
from generator.hcl import markdown
from generator.live import estate
from generator.live.drift import compare as drift
from generator.live.drift.private_dns import optional_kinds
from generator.live.estate import ACCOUNT, KINDS, VPC_ATTRIBUTES
from generator.live.preflight import checks as preflight
from generator.live.refusals.destroyed import USERS
from generator.live.verify import check as verify

ROOT = Path(__file__).parent.parent
READS = ("adopt", "preflight", "verify", "drift")


def reads() -> dict[str, dict[str, str]]:
    """Return by kind of AWS's answers how each command reads it, as the commands state it of the examples' specs."""
    sure, by_option, may = adoption.KINDS, adoption.OF_GROUPS, adoption.OPTIONAL
    intents = [understand(str(spec)) for spec in sorted(ROOT.glob("specs/*.yaml"))]
    found: dict[str, dict[str, set[str]]] = {kind: {} for kind in (*KINDS, VPC_ATTRIBUTES, ACCOUNT)}
    for command, needed, optional in (
        ("adopt", ("Vpcs", *sure), may),
        ("adopt", ("Vpcs", *sure, *by_option), may),
        ("verify", ("Vpcs", *verify.KINDS), verify.OPTIONAL),
        *(("preflight", ("Vpcs", *kinds[0]), kinds[1]) for kinds in map(preflight.kinds, intents)),
        *(("drift", ("Vpcs", *drift.kinds([intent])), optional_kinds(intent)) for intent in intents),
        *((command, (), (USERS,)) for command in ("preflight", "drift")),  # by a state, too
    ):
        for kind, row in found.items():
            how = "needed" if kind in needed else "optional" if kind in optional else ""
            row.setdefault(command, set()).add(how)
    return {kind: {command: _how(row[command], command) for command in READS} for kind, row in found.items()}


def _how(said: set[str], command: str) -> str:
    """Return how a command reads a kind, in words; what only some specs or options have it read, with that."""
    words = " or ".join({"needed": "needed", "optional": "may be left out"}[each] for each in sorted(said - {""}))
    some = "with --own-security-groups" if command == "adopt" else "by the spec"
    return f"{words}, {some}" if words and "" in said else words


def answer_list() -> str:
    """Return which answers of AWS each command reads with `--from`, and the lines that write all of them."""
    region, found = "$AWS_REGION", reads()
    rows = [("Answer", "File", *(f"`{command}`" for command in READS))]
    for kind, row in found.items():
        names = ", ".join(f"`{name}.json`" for name in estate.commands(kind, region))
        rows.append((f"`{kind}`", names, *row.values()))
    lines = [line for kind in found for line in estate.to_files(kind, region, "answers", vpc="$VPC")]
    intro = (
        "Where AWS can't be asked, `adopt`, `preflight`, `verify` and `drift` take what the AWS CLI printed: "
        "`--from DIR` reads all `*.json` of a folder, whatever their names. A command that lacks answers tells all of "
        "them at once. *By the spec*: only where the spec, or a state beside it, has what it is about. "
        "What may be left out stays unknown, and is told as such."
    )
    return (
        f"# Answers of AWS in files\n\n{intro}\n\n{markdown.table(rows)}\n\n"
        f"All of them, where `AWS_REGION` is the Region and `VPC` the VPC's id:\n\n```sh\nmkdir -p answers\n"
        + "\n".join(lines)
        + "\n```\n"
    )

"""What changes around the endpoints of a module that stays: its VPC, its inputs and outputs, the provider."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from generator.change.change import Change
from generator.change.edit import ENDPOINT, VPC, Edit
from generator.change.meaning import ANOTHER_VPC
from generator.change.replaces import effects
from generator.hcl.hcl import Block
from generator.source.diagnostics import Code

UNREAD = Code("W511")
_KINDS = {"variable": "input", "output": "output"}
_CALLER = "A caller {}, or Terraform refuses to plan."


def around(edit: Edit) -> Iterator[Change]:
    """Yield what changes around the resources; nothing where the module is made or goes as a whole."""
    for file, why in edit.unread.items():
        hand = f", as after an edit by hand: line {why.place.line}" if why.place.line else ""
        message = f"It can't be read back{hand}: {why.message}."
        message += " What it holds is not compared."
        yield _update(edit, file, f"file {file}", (), message, code=UNREAD.code)
    if "terraform" in edit.before and "terraform" in edit.after:  # both are whole
        yield from _vpc(edit)
        yield from _provider(edit)
        yield from _interface(edit)


def _update(edit: Edit, address: str, subject: str, arguments: tuple[str, ...], *means: str, code: str = "") -> Change:
    field = {VPC: "vpc", "terraform": "aws_provider"}.get(address, "")
    return Change(
        module=edit.module,
        action="update",
        address=address,
        subject=subject,
        arguments=arguments,
        means=means,
        code=code,
        place=(edit.said_place((field,)) if field else None) or edit.spec.key_place(()),
    )


def _vpc(edit: Edit) -> Iterator[Change]:
    """Yield that the VPC is looked up in another way, and what becomes of the endpoints if it is another."""
    old, new = edit.before.get(VPC), edit.after.get(VPC)
    names = dict.fromkeys((*old.arguments, *new.arguments)) if old and new else ()
    changed = tuple(n for n in names if n != "region" and old and new and old.arguments.get(n) != new.arguments.get(n))
    if not changed:
        return
    found = {effects(edit, old, new).get("vpc_id") for old, new in edit.pairs[ENDPOINT] if new}
    then = "Terraform makes the endpoints anew there" if "perhaps" in found else "the module refuses the plan"
    means = (f"If it is another VPC, {then}.",) if found & {"perhaps", "kept"} else ()
    yield replace(_update(edit, VPC, "the lookup of the VPC", changed, *means), fix=ANOTHER_VPC if means else "")


def _provider(edit: Edit) -> Iterator[Change]:
    old, new = replace(edit, after=edit.before).provider, edit.provider
    if old != new:
        means = "terraform init refuses an older provider, as one that a lock file or another module holds."
        yield _update(edit, "terraform", "the AWS provider", (f"{old} -> {new}",), means)


def _interface(edit: Edit) -> Iterator[Change]:
    """Yield which inputs and outputs come and go, and what outputs have no more of an endpoint that stays."""
    for name in dict.fromkeys((*edit.before, *edit.after)):
        kind, _, label = name.partition(".")
        old, new = edit.before.get(name), edit.after.get(name)
        subject = f"{_KINDS.get(kind)} {label}"
        left = _keys(new)
        lost = [each for each in _keys(old) if each not in left and f"{ENDPOINT}.{each}" in edit.after]
        if kind in _KINDS and new is None:
            must = "that gives it must take it out" if kind == "variable" else "must not read it any more"
            yield _update(edit, name, subject, ("taken out",), _CALLER.format(must))
        elif kind == "variable" and old is None and new and "default" not in new.arguments:
            yield _update(edit, name, subject, ("added",), _CALLER.format("must give it"))
        elif kind == "output" and old is None:
            yield _update(edit, name, subject, ("added",))
        elif kind == "output" and lost:
            without = tuple(f"without {each}" for each in lost)
            yield _update(edit, name, subject, without, _CALLER.format("must not read these any more"))


def _keys(output: Block | None) -> Collection[str]:
    value = output.arguments.get("value") if output else None
    return value.keys() if isinstance(value, Mapping) else ()

"""What the files of a module say otherwise than its spec: the third side of the comparison.

Where AWS differs from the spec in just what the files say otherwise, the files are to blame, and not the console.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from generator.hcl import facts
from generator.hcl.hcl import Block, Value, literal
from generator.intent.endpoints import ARGUMENTS
from generator.intent.targets import target_of
from generator.module.module import Module
from generator.output.difference import EDITED, FOREIGN, STALE, Difference
from generator.source.frozen import frozen
from generator.source.hcl_bounds import LARGEST

_FIELDS = {argument: field for field, argument in ARGUMENTS.items()}
"""The arguments whose field has another name."""
_ENDPOINT = "aws_vpc_endpoint"
_GROUP = "aws_security_group"
_OF_GROUP = re.compile(r"aws_security_group\.([\w-]+)\.id")

Target = tuple[str, str]
"""What an endpoint leads to: a service name or an ARN, and the endpoint's type."""


@frozen(kw_only=True)
class RenderedDifferences:
    """What the files say otherwise than the spec."""

    folder: str = ""
    differences: tuple[Difference, ...] = ()
    is_there: bool = True
    """Whether there is such a folder."""
    by_hand: bool = False
    """Whether it was written by hand: else, and where other files that nobody edited are, of an earlier spec."""
    fields: frozenset[tuple[str, str]] = frozenset()
    """The endpoint's key and the field."""
    added: frozenset[str] = frozenset()
    """The keys of endpoints that the spec has and the files do not, or not to this service."""
    removed: frozenset[Target] = frozenset()
    """Where the endpoints lead that the files have and the spec does not."""
    groups: frozenset[str] = frozenset()
    """The names of the security groups that the files make otherwise, or not at all."""

    def lacks(self, key: str) -> bool:
        """Tell whether the files do not have an endpoint."""
        return key in self.added or not self.is_there

    def covers(self, key: str, field: str) -> bool:
        """Tell whether the files say a field of an endpoint otherwise than the spec."""
        head = field.partition(".")[0]
        return bool({(key, field), (key, head)} & self.fields)


def rendered_differences(
    module: Module, differences: tuple[Difference, ...], region: str, *, folder: str, is_there: bool
) -> RenderedDifferences:
    """Return what the files of a folder say otherwise; nothing of those that are not there, or are no HCL."""
    changed = {each.path: each for each in differences if each.before is not None}
    wanted = {"main.tf": module.endpoints, "security_groups.tf": module.security_groups}
    found: dict[str, tuple[Block, ...]] = dict(wanted)
    by_hand, is_older = False, any(each.kind == STALE for each in changed.values())
    for path in wanted.keys() & changed.keys():
        there = (changed[path].before or b"")[: 4 * LARGEST + 4]  # more is not read, in however few characters
        blocks = facts.read(there.decode(errors="surrogateescape"))
        found[path] = wanted[path] if blocks is None else blocks
        by_hand = by_hand or (changed[path].kind in {EDITED, FOREIGN} and not is_older)
    mine, theirs = _endpoints(wanted["main.tf"]), _endpoints(found["main.tf"])
    targets, others = ({key: _target(each, region) for key, each in side.items()} for side in (mine, theirs))
    moved = {key for key, _ in targets.items() ^ others.items()}
    groups, other_groups = (_by_group(side["security_groups.tf"]) for side in (wanted, found))
    return RenderedDifferences(
        folder=folder,
        differences=differences,
        is_there=is_there,
        by_hand=by_hand,
        fields=frozenset(
            (key, field)
            for key in mine.keys() & theirs.keys() - moved
            for field in _fields(_values(mine[key]), _values(theirs[key]))
        ),
        added=frozenset(moved & mine.keys()),
        removed=frozenset(others[key] for key in moved & theirs.keys()),
        groups=frozenset(name for name, _ in groups.items() ^ other_groups.items()),
    )


def _endpoints(blocks: Iterable[Block]) -> dict[str, Block]:
    return {block.label: block for block in blocks if block.type == "resource" and block.labels[0] == _ENDPOINT}


def _target(block: Block, region: str) -> Target:
    target = target_of(block.arguments)
    return target.in_region(region) if target else "", str(block.arguments.get("vpc_endpoint_type", "Gateway"))


def _values(block: Block) -> dict[str, Value]:
    """Return the arguments of a block, and the blocks inside it by their type, each type as one value."""
    kinds = dict.fromkeys(inner.type for inner in block.blocks)
    nested = {kind: tuple(dict(inner.arguments) for inner in block.nested(kind)) for kind in kinds}
    return {**block.arguments, **nested}


def _fields(wanted: Mapping[str, Value], found: Mapping[str, Value], prefix: str = "") -> Iterator[str]:
    """Yield the fields in which the arguments differ; of tags each by itself."""
    for name in wanted.keys() | found.keys():
        mine, theirs = wanted.get(name), found.get(name)
        if name == "tags" and isinstance(mine, dict) and isinstance(theirs, dict):
            yield from _fields(mine, theirs, "tags.")
        elif _text(mine) != _text(theirs):
            yield "name" if prefix and name == "Name" else prefix + _FIELDS.get(name, name)


def _by_group(blocks: Iterable[Block]) -> dict[str, frozenset[str]]:
    """Return what is said of each group, by its name."""
    names: dict[str, str] = {}
    texts_of: dict[str, set[str]] = {}
    for block in blocks:
        if block.type != "resource":
            continue
        if block.labels[0] == _GROUP:
            names[block.label] = str(block.arguments.get("name"))
        of = _OF_GROUP.fullmatch(_text(block.arguments.get("security_group_id")))
        label = of[1] if of else block.label
        text = " ".join((block.address, *(f"{name}={_text(item)}" for name, item in sorted(block.arguments.items()))))
        texts_of.setdefault(label, set()).add(text)
    return {names.get(label, label): frozenset(texts) for label, texts in texts_of.items()}


def _text(value: Value) -> str:
    return " ".join(literal(value).split())

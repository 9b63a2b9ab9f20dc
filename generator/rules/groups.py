"""Security groups: how many, what they may be called, and whether anybody gets through. Facts checked 2026-11-22."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.hcl.hcl import slug
from generator.intent.intent import Intent, Path
from generator.rules.rule import rule
from generator.source.diagnostics import Diagnostic
from generator.spec.references import ByName, Create, Default

_ALLOWED = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*")
_GROUPS, _MOST_GROUPS = 5, 16


@rule("E243")
def no_group_name(intent: Intent) -> Iterator[Diagnostic]:
    """A name or description that AWS does not take for a security group."""
    for path, group in intent.created():
        place = intent.source.place((*path, "name"))
        if group.name.lower().startswith("sg-") or group.name.lower() == "default":
            message = f"security group {group.name}: AWS reserves this name"
            yield no_group_name.at(place, message, "choose another name")
        for words, where in _texts(path, group):
            if not _ALLOWED.fullmatch(words):
                odd = next(letter for letter in words if not _ALLOWED.fullmatch(letter))
                message = f"security group {group.name}: AWS does not take {odd!r} in its {where[-1]}"
                yield no_group_name.at(intent.source.place(where), message, "write it without that character")


def _texts(path: Path, group: Create) -> Iterator[tuple[str, Path]]:
    yield group.name, (*path, "name")
    yield group.description, (*path, "description")
    for index, ingress in enumerate(group.ingress):
        if ingress.description is not None:
            yield ingress.description, (*path, "ingress", index, "description")


@rule("E244")
def labels_alike(intent: Intent) -> Iterator[Diagnostic]:
    """Two created security groups with one label."""
    first: dict[str, str] = {}
    for path, group in intent.created():
        other = first.setdefault(slug(group.name, "group"), group.name)
        if other != group.name:
            message = f"security group {group.name}: its label is that of {other}"
            yield labels_alike.at(intent.source.place((*path, "name")), message)


@rule("E245")
def too_many_groups(intent: Intent) -> Iterator[Diagnostic]:
    """More than 16 security groups."""
    for stated in intent.stated("security_groups"):
        if (count := len(stated.value)) > _MOST_GROUPS:
            message = f"{stated.subject}: {count} security groups"
            yield too_many_groups.at(intent.source.place(stated.path), message)


@rule("W217")
def many_groups(intent: Intent) -> Iterator[Diagnostic]:
    """More security groups than AWS's default quota."""
    for stated in intent.stated("security_groups"):
        if _GROUPS < (count := len(stated.value)) <= _MOST_GROUPS:
            yield many_groups.at(intent.source.place(stated.path), f"{stated.subject}: {count} security groups")


@rule("W214")
def named_default(intent: Intent) -> Iterator[Diagnostic]:
    """A security group looked up by the name default."""
    for stated in intent.stated("security_groups"):
        for index, reference in enumerate(stated.value):
            if reference == ByName("default"):
                message = f"{stated.subject}: this looks for a security group with the Name tag default"
                yield named_default.at(intent.source.place((*stated.path, index)), message)


@rule("W201")
def default_group(intent: Intent) -> Iterator[Diagnostic]:
    """The VPC's default security group."""
    for path, value in intent.in_use("security_groups"):
        for index, reference in enumerate(value):
            if reference == Default():
                message = "the VPC's default security group lets in its own members alone"
                yield default_group.at(intent.source.place((*path, index)), message)
                return


@rule("E210")
def group_twice(intent: Intent) -> Iterator[Diagnostic]:
    """Two created security groups of one name."""
    first = {created.group.name: created.path for created in intent.groups}
    for path, value in intent.in_use("security_groups"):
        for index, reference in enumerate(value):
            own = (*path, index, "create")
            if isinstance(reference, Create) and first[reference.name] != own:
                line = intent.source.place(first[reference.name]).line
                message = f"security group {reference.name} is created already, in line {line}"
                yield group_twice.at(intent.source.place((*own, "name")), message)

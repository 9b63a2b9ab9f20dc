"""Security groups: how many, what they may be called, and whether anybody gets through. Facts checked 2026-11-22."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.hcl.hcl import slug
from generator.rules.rule import rule
from generator.spec.references import ByName, Create, Default

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.intent.intent import Intent, Path
    from generator.source.diagnostics import Diagnostic

_CREATE = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html"
_QUOTAS = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups"
_ALLOWED = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*")
_GROUPS, _MOST_GROUPS = 5, 16


@rule(
    "E243",
    "a name or description that AWS does not take for a security group",
    why="Letters of a to z, digits, spaces and ._-:/()#,@[]+=&;{}!$* are allowed. A group's name does not begin with "
    "`sg-`, as ids do, and is not `default`, which each VPC has already. A rule's description takes the same "
    "letters, with whichever resource makes the rule.",
    source=_CREATE,
    fix="rename the group, or write the description without the characters that AWS refuses",
)
def no_group_name(intent: Intent) -> Iterator[Diagnostic]:
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


@rule(
    "E244",
    "two created security groups with one label",
    why="A group's Terraform label is made of its name: small letters, digits and underscores. Two groups of one "
    "label would change places when the spec's order changes. AWS, too, tells names apart without regard to case.",
    source=_CREATE,
    fix="rename one of the groups so that more than case and punctuation differs",
)
def labels_alike(intent: Intent) -> Iterator[Diagnostic]:
    """Refuse two created groups whose names make one Terraform label; two of one name are E210."""
    first: dict[str, str] = {}
    for path, group in intent.created():
        other = first.setdefault(slug(group.name, "group"), group.name)
        if other != group.name:
            message = f"security group {group.name}: its label is that of {other}"
            yield labels_alike.at(intent.source.place((*path, "name")), message)


@rule(
    "E245",
    "more than 16 security groups",
    why="AWS takes 16 groups a network interface at most.",
    source=_QUOTAS,
    fix="keep 16 security groups or fewer",
)
def too_many_groups(intent: Intent) -> Iterator[Diagnostic]:
    for stated in intent.stated("security_groups"):
        if (count := len(stated.value)) > _MOST_GROUPS:
            message = f"{stated.subject}: {count} security groups"
            yield too_many_groups.at(intent.source.place(stated.path), message)


@rule(
    "W217",
    "more security groups than AWS's default quota",
    why="A network interface has at most 5 groups, unless AWS raises the quota for the account.",
    source=_QUOTAS,
    fix="keep 5 security groups, or have the quota raised in Service Quotas and ignore this warning",
)
def many_groups(intent: Intent) -> Iterator[Diagnostic]:
    for stated in intent.stated("security_groups"):
        if _GROUPS < (count := len(stated.value)) <= _MOST_GROUPS:
            yield many_groups.at(intent.source.place(stated.path), f"{stated.subject}: {count} security groups")


@rule(
    "W214",
    "a security group looked up by the name default",
    why="`name` is a Name tag, and the default group of a VPC has none unless somebody gave it one.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
    fix="for the VPC's default group write `{default: true}`",
)
def named_default(intent: Intent) -> Iterator[Diagnostic]:
    for stated in intent.stated("security_groups"):
        for index, reference in enumerate(stated.value):
            if reference == ByName("default"):
                message = f"{stated.subject}: this looks for a security group with the Name tag default"
                yield named_default.at(intent.source.place((*stated.path, index)), message)


@rule(
    "W201",
    "the VPC's default security group",
    why="As AWS makes it, the default group lets in its own members alone. An endpoint in it answers nobody whose "
    "network interface is not in the default group too: calls time out, without an error that names the cause.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
    fix="create a group with `create: {name: …, ingress: [{vpc: true}]}`, or see that every caller is in the default "
    "group",
)
def default_group(intent: Intent) -> Iterator[Diagnostic]:
    for path, value in intent.in_use("security_groups"):
        for index, reference in enumerate(value):
            if reference == Default():
                message = "the VPC's default security group lets in its own members alone"
                yield default_group.at(intent.source.place((*path, index)), message)
                return


@rule(
    "E210",
    "two created security groups of one name",
    why="AWS takes a group name once in a VPC.",
    source=_CREATE,
    fix="rename one of the groups, or state the group once, in the spec's `security_groups`",
)
def group_twice(intent: Intent) -> Iterator[Diagnostic]:
    first = {created.group.name: created.path for created in intent.groups}
    for path, value in intent.in_use("security_groups"):
        for index, reference in enumerate(value):
            own = (*path, index, "create")
            if isinstance(reference, Create) and first[reference.name] != own:
                line = intent.source.place(first[reference.name]).line
                message = f"security group {reference.name} is created already, in line {line}"
                yield group_twice.at(intent.source.place((*own, "name")), message)

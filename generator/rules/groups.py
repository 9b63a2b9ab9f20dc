"""Security groups: how many, what they may be called, and whether anybody gets through. Facts checked 2026-11-22."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from generator.hcl.hcl import slug
from generator.source.diagnostics import Code, Diagnostic
from generator.spec.references import ByName, Create, Default

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.intent.intent import Intent, Path

_CREATE = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html"
_QUOTAS = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups"
NO_GROUP_NAME = Code(
    "E243",
    "a name or description that AWS does not take for a security group",
    "Letters of a to z, digits, spaces and ._-:/()#,@[]+=&;{}!$* are allowed. A group's name does not begin with "
    "`sg-`, as ids do, and is not `default`, which each VPC has already. A rule's description takes the same letters, "
    "with whichever resource makes the rule.",
    _CREATE,
)
LABELS_ALIKE = Code(
    "E244",
    "two created security groups with one label",
    "A group's Terraform label is made of its name: small letters, digits and underscores. Two groups of one label "
    "would change places when the spec's order changes. AWS, too, tells names apart without regard to case.",
    _CREATE,
)
TOO_MANY_GROUPS = Code(
    "E245", "more than 16 security groups", "AWS takes 16 groups a network interface at most.", _QUOTAS
)
DEFAULT = Code(
    "W201",
    "the VPC's default security group",
    "As AWS makes it, the default group lets in its own members alone. An endpoint in it answers nobody whose network "
    "interface is not in the default group too: calls time out, without an error that names the cause.",
    "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
)
GROUP_TWICE = Code("E210", "two created security groups of one name", "AWS takes a group name once in a VPC.", _CREATE)
NAMED_DEFAULT = Code(
    "W214",
    "a security group looked up by the name default",
    "`name` is a Name tag, and the default group of a VPC has none unless somebody gave it one.",
    "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
)
MANY_GROUPS = Code(
    "W217",
    "more security groups than AWS's default quota",
    "A network interface has at most 5 groups, unless AWS raises the quota for the account.",
    _QUOTAS,
)
_ALLOWED = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*")
_GROUPS, _MOST_GROUPS = 5, 16


def no_group_name(intent: Intent) -> Iterator[Diagnostic]:
    """Refuse names and descriptions that AWS refuses."""
    for path, group in intent.created():
        place = intent.source.place((*path, "name"))
        if group.name.lower().startswith("sg-") or group.name.lower() == "default":
            message = f"security group {group.name}: AWS keeps this name for itself"
            yield NO_GROUP_NAME.at(place, message, "take another name")
        for words, where in _texts(path, group):
            if not _ALLOWED.fullmatch(words):
                odd = next(letter for letter in words if not _ALLOWED.fullmatch(letter))
                message = f"security group {group.name}: AWS does not take {odd!r} in its {where[-1]}"
                yield NO_GROUP_NAME.at(intent.source.place(where), message, "write it without that character")


def _texts(path: Path, group: Create) -> Iterator[tuple[str, Path]]:
    yield group.name, (*path, "name")
    yield group.description, (*path, "description")
    for index, ingress in enumerate(group.ingress):
        if ingress.description is not None:
            yield ingress.description, (*path, "ingress", index, "description")


def labels_alike(intent: Intent) -> Iterator[Diagnostic]:
    """Refuse two created groups whose names make one Terraform label; two of one name are E210."""
    first: dict[str, str] = {}
    for path, group in intent.created():
        other = first.setdefault(slug(group.name, "group"), group.name)
        if other != group.name:
            message = f"security group {group.name}: its label is that of {other}"
            fix = "take a name that differs in more than case and punctuation"
            yield LABELS_ALIKE.at(intent.source.place((*path, "name")), message, fix)


def group_count(intent: Intent) -> Iterator[Diagnostic]:
    """Refuse more groups than AWS takes, and warn of more than it takes at first."""
    for stated in intent.stated("security_groups"):
        count, place = len(stated.value), intent.source.place(stated.path)
        if count > _MOST_GROUPS:
            yield TOO_MANY_GROUPS.at(place, f"{stated.subject}: {count} security groups", f"keep {_MOST_GROUPS}")
        elif count > _GROUPS:
            fix = f"keep {_GROUPS}, or have the quota raised in Service Quotas and ignore this warning"
            yield MANY_GROUPS.at(place, f"{stated.subject}: {count} security groups", fix)


def named_default(intent: Intent) -> Iterator[Diagnostic]:
    """Warn of a lookup by a Name tag where the VPC's default group is meant."""
    for stated in intent.stated("security_groups"):
        for index, reference in enumerate(stated.value):
            if reference == ByName("default"):
                message = f"{stated.subject}: this looks for a security group with the Name tag default"
                fix = "for the VPC's default group write {default: true}"
                yield NAMED_DEFAULT.at(intent.source.place((*stated.path, index)), message, fix)


def default_group(intent: Intent) -> Iterator[Diagnostic]:
    """Warn once of the VPC's default group, where endpoints are in it."""
    for path, value in intent.in_use("security_groups"):
        for index, reference in enumerate(value):
            if reference == Default():
                message = "the VPC's default security group lets in its own members alone"
                fix = (
                    "see that every caller is in the default group, or write create: {name: …, ingress: [{vpc: true}]}"
                )
                yield DEFAULT.at(intent.source.place((*path, index)), message, fix)
                return


def group_twice(intent: Intent) -> Iterator[Diagnostic]:
    """Refuse a second group of one name."""
    first = {created.group.name: created.path for created in intent.groups}
    for path, value in intent.in_use("security_groups"):
        for index, reference in enumerate(value):
            own = (*path, index, "create")
            if isinstance(reference, Create) and first[reference.name] != own:
                line = intent.source.place(first[reference.name]).line
                message = f"security group {reference.name} is created already, in line {line}"
                fix = "take another name, or state it once for all endpoints, as the spec's security_groups"
                yield GROUP_TWICE.at(intent.source.place((*own, "name")), message, fix)

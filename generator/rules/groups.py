"""Security groups: how many, what they may be called, and whether anybody gets through. Facts checked 2026-11-22."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from generator.intent.groups import group_key
from generator.intent.intent import Intent, Path
from generator.rules.rule import Findings, rule
from generator.spec.references import ByName, ByTags, Create, Default, MembersOf, SecurityGroup

_ALLOWED = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*")
_GROUPS, _MOST_GROUPS = 5, 16


@rule("E243")
def no_group_name(intent: Intent) -> Findings:
    """A name or description that AWS does not take for a security group."""
    for path, group in intent.created():
        if group.name.lower().startswith("sg-") or group.name.lower() == "default":
            yield (*path, "name"), f"security group {group.name}: AWS reserves this name", "choose another name"
        for words, where in _texts(path, group):
            if not _ALLOWED.fullmatch(words):
                odd = next(letter for letter in words if not _ALLOWED.fullmatch(letter))
                message = f"security group {group.name}: AWS does not take {odd!r} in its {where[-1]}"
                yield where, message, "write it without that character"


def _texts(path: Path, group: Create) -> Iterator[tuple[str, Path]]:
    yield group.name, (*path, "name")
    yield group.description, (*path, "description")
    for index, ingress in enumerate(group.ingress):
        if ingress.description is not None:
            yield ingress.description, (*path, "ingress", index, "description")


@rule("E244")
def labels_alike(intent: Intent) -> Findings:
    """Two created security groups with one label."""
    first: dict[str, str] = {}
    for path, group in intent.created():
        if (other := first.setdefault(group_key(group), group.name)) != group.name:
            place = (*path, "key" if group.key else "name")
            yield place, f"security group {group.name}: its label is that of {other}"
        elif (other := first.setdefault(f"name {group.name.lower()}", group.name)) != group.name:
            yield (*path, "name"), f"security group {group.name}: but for case its name is that of {other}"


@rule("E245")
def too_many_groups(intent: Intent) -> Findings:
    """More than 16 security groups."""
    for subject, path, groups in intent.stated("security_groups"):
        if len(groups) > _MOST_GROUPS:
            yield path, f"{subject}: {len(groups)} security groups"


@rule("W217")
def many_groups(intent: Intent) -> Findings:
    """More security groups than AWS's default quota."""
    for subject, path, groups in intent.stated("security_groups"):
        if _GROUPS < len(groups) <= _MOST_GROUPS:
            yield path, f"{subject}: {len(groups)} security groups"


@rule("W214")
def named_default(intent: Intent) -> Findings:
    """A security group looked up by the name default."""
    for subject, path, groups in intent.stated("security_groups"):
        for index, reference in enumerate(groups):
            if reference == ByName("default"):
                yield (*path, index), f"{subject}: this looks for a security group with the Name tag default"


@rule("W201")
def default_group(intent: Intent) -> Findings:
    """The VPC's default security group."""
    for path, value in intent.in_use("security_groups"):
        for index, reference in enumerate(value):
            if reference == Default():
                yield (*path, index), "the VPC's default security group lets in its own members alone"
                return


@rule("E210")
def group_twice(intent: Intent) -> Findings:
    """Two created security groups of one name."""
    first = {created.group.name: created.path for created in intent.groups}
    for path, value in intent.in_use("security_groups"):
        for index, reference in enumerate(value):
            own = (*path, index, "create")
            if isinstance(reference, Create) and first[reference.name] != own:
                line = intent.source.place(first[reference.name]).line
                yield (*own, "name"), f"security group {reference.name} is created already, in line {line}"


@rule("W255")
def created_and_looked_up(intent: Intent) -> Findings:
    """A created security group that is looked up."""
    named, tagged = (defaultdict[object, dict[str, str]](dict) for _ in range(2))
    for made in (each.group for each in intent.groups):
        tags = made.tagged(intent.spec.tags)
        named[made.name][made.name] = "a Name tag that it has not"
        for tag in tags.items():
            tagged[tag][made.name] = "its tags"
        if "Name" in tags:
            named[tags["Name"]][made.name] = "its Name tag"
    for path, reference in _existing(intent):
        found: Mapping[str, str] = named.get(reference.name, {}) if isinstance(reference, ByName) else {}
        if isinstance(reference, ByTags):
            least, *rest = sorted((tagged.get(tag, {}) for tag in reference.tags.items()), key=len)
            found = dict.fromkeys((each for each in least if all(each in of for of in rest)), "its tags")
        for name, what in found.items():
            yield path, f"security group {name} is created by this spec, and looked up by {what}"


def _existing(intent: Intent) -> Iterator[tuple[Path, SecurityGroup]]:
    """Yield what is stated of groups, for endpoints and as sources of rules, with its path."""
    for path, value in intent.in_use("security_groups"):
        yield from (((*path, index), each) for index, each in enumerate(value))
    for created in intent.groups:
        for index, ingress in enumerate(created.group.ingress):
            if isinstance(ingress.source, MembersOf):
                yield (*created.path, "ingress", index, "security_group"), ingress.source.security_group

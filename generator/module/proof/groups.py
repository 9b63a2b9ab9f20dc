"""The security groups that a spec creates: each with its rules, from every source, on the ports of its services."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import chain, pairwise, product
from typing import Any, assert_never

from generator.hcl.hcl import text as hcl_text
from generator.hcl.hcl import words
from generator.module.proof.reading import Term, order
from generator.module.proof.references import References
from generator.spec import references as refs

PortRange = tuple[int, int, str]
_SINGLE_RULES = (4, 56)  # the provider that brought aws_vpc_security_group_ingress_rule: its pull request 29484
_HTTPS = (443, 443, "tcp")
_LISTS = ("cidr_blocks", "ipv6_cidr_blocks")
_OLDER, _NEWER = "aws_security_group_rule", "aws_vpc_security_group_ingress_rule"
_FAMILIES = {
    "cidr_ipv4": ("ipv4", "cidr_blocks"),
    "cidr_ipv6": ("ipv6", "ipv6_cidr_blocks"),
    "referenced_security_group_id": ("security_groups", "source_security_group_id"),
    "prefix_list_id": ("prefix_lists", "prefix_list_ids"),
}
"""The family of what the newer resource takes by an argument, and the older resource's argument."""


def group(label: str, created: refs.Create, ports: Sequence[PortRange], references: References) -> list[Term]:
    """Note a created group and its rules in what `references` found, and return the addresses of the rules.

    `ports` are those of the services of all endpoints that share it.
    """
    name = {"Name": created.name} if created.name_tag else {}
    tags = {**name, **((references.spec.tags or {}) if created.tags is None else created.tags)}
    said: dict[str, Any] = {"resource": "aws_security_group", "name": created.name} | ({"tags": tags} if tags else {})
    said |= {
        "description": created.description,
        "vpc_id": references.vpc_id,
        "lifecycle": [order({"vpc_id": references.vpc_id}, is_first=True)],
    }
    references.found[f"security_groups.{label}"] = said
    rules = _Rules(label, references)
    for ingress in created.ingress:
        whom, base = _named(ingress.source)
        for low, high, protocol in [_ports(text) for text in ingress.ports] or ports or [_HTTPS]:
            service = _service(low, high, protocol)
            description = f"{service} from {whom}" if ingress.description is None else ingress.description or None
            before = _free(f"{label}_from_{words(base)}_{_numbers(low, low, protocol)}", references.taken["before"])
            rules.let_in(ingress.source, (low, high, protocol), description, before)
    addresses = rules.noted()
    moved = references.found.setdefault("moved", {})
    keys = [f".{key}" for key in (*created.was, label)]
    for before, now in rules.moved.items():
        moved[before.replace(keys[-1], keys[0], 1)] = Term(now.replace(keys[-1], keys[0], 1))
    for (old, new), each in product(pairwise(keys), (f"aws_security_group.{label}", *addresses)):
        moved[each.replace(keys[-1], old, 1)] = Term(each.replace(keys[-1], new, 1))
    return addresses


class _Rules:
    """The rules of one group: those of one range of ports and family are one resource."""

    def __init__(self, label: str, references: References) -> None:
        self.label, self.references = label, references
        self.is_older = tuple(map(int, re.findall(r"[0-9]+", references.spec.aws_provider))) < _SINGLE_RULES
        self.is_listed = self.is_older or isinstance(references.spec.vpc, refs.ByInput)
        self.lists: dict[str, tuple[PortRange, dict[str, Any]]] = {}
        self.stems: dict[tuple[PortRange, str], str] = {}
        self.looked_up: dict[str, list[Term]] = {}
        self.given: dict[str, dict[str, Any]] = {}
        self.moved: dict[str, str] = {}

    def let_in(self, source: refs.Source, port: PortRange, description: str | None, before: str) -> None:
        """Take in what a source opens on one range of ports; `before` is the label of the rule that it once had."""
        match source:
            case refs.VpcBlocks(of_subnets):
                found = self.references.subnet_blocks() if of_subnets else self.references.vpc_blocks()
                if self.is_listed:
                    said = {} if description is None else {"description": description}
                    self.lists[before] = port, said | dict(zip(_LISTS, found, strict=True))
                    return
                quoted = "null" if description is None else hcl_text(description)
                for family, blocks in zip(("ipv4", "ipv6"), found, strict=True):
                    stem = self.stem(port, f"cidr_{family}")
                    each = Term(f"{{ for block in {blocks} : block => {quoted} }}")
                    self.looked_up[stem] = [each, *self.looked_up.get(stem, [])]
                    if not of_subnets:  # no module had the subnets' blocks before
                        self.moved[f"{_NEWER}.{before}_{family}"] = f"{_NEWER}.{stem}"
            case refs.CidrBlock(family, cidr):
                self.put(port, f"cidr_{family}", cidr, description, before)
            case refs.MembersOf(members):
                given = {"description": description, "id": self.references.one("security_group", members)}
                self.put(port, "referenced_security_group_id", _key(members), given, before)
            case refs.BlocksOf(blocks):
                given = {"description": description, "id": self.references.one("ec2_managed_prefix_list", blocks)}
                self.put(port, "prefix_list_id", _key(blocks), given, before)
            case _:
                assert_never(source)

    def stem(self, port: PortRange, argument: str) -> str:
        """Return the label of the rules of a range of ports and family."""
        if (port, argument) not in self.stems:
            label = f"{self.label}_{_numbers(*port)}_{_FAMILIES[argument][0]}"
            self.stems[port, argument] = _free(label, self.references.taken["rules"])
        return self.stems[port, argument]

    def put(self, port: PortRange, argument: str, key: str, value: object, before: str) -> None:
        """Take in what has a key of its own."""
        kind, stem = _OLDER if self.is_older else _NEWER, self.stem(port, argument)
        if key not in self.given.setdefault(stem, {}):
            self.given[stem][key] = value
            self.moved[f"{kind}.{before}"] = f"{kind}.{stem}[{hcl_text(key)}]"

    def rule(self, kind: str, port: PortRange, said: dict[str, Any], fixed: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return a resource of rules; `fixed` are the arguments for which the provider would replace it."""
        protocol = {"type": "ingress", "protocol": port[2]} if kind == _OLDER else {"ip_protocol": port[2]}
        kept = {name: said[name] for name in fixed}
        rule = {"resource": kind, "security_group_id": Term(f"aws_security_group.{self.label}.id"), **protocol, **said}
        stated = dict(zip(("from_port", "to_port"), port, strict=False))
        life = order(kept, is_first=True)
        if port[2] == "-1":
            stated = dict.fromkeys(stated, 0) if kind == _OLDER else {}
        elif kind == _NEWER and -1 in port:
            life["ignore_changes"] = [Term(name) for name in stated if stated[name] == -1]
        return rule | stated | {"lifecycle": [life]}

    def noted(self) -> list[Term]:
        """Note the rules and where they were; return their addresses."""
        made: dict[str, dict[str, Any]] = {}
        for label, (port, said) in self.lists.items():
            for argument, (_, older) in _FAMILIES.items():
                if older in said and (blocks := [*self.given.get(self.stems.get((port, argument), ""), ())]):
                    others = f"!contains([{', '.join(map(hcl_text, blocks))}], block)"
                    said[older] = Term(f"[for block in {said[older]} : block if {others}]")
            made[label] = self.rule(_OLDER, port, said, _LISTS)
        for (port, argument), stem in self.stems.items():
            family, older = _FAMILIES[argument]
            is_block = family.startswith("ip")
            each, text = ("each.key", "each.value") if is_block else ("each.value.id", "each.value.description")
            source: dict[str, Any] = {argument: Term(each)}
            if self.is_older:
                source = {older: [Term(each)] if older[-1] == "s" else Term(each)}
            given = [dict(sorted(self.given[stem].items()))] if stem in self.given else []
            entries: list[Any] = [*self.looked_up.get(stem, ()), *given]
            merged = Term(f"merge({', '.join(map(repr, entries))})") if entries[1:] else entries[0]
            kind, fixed = (_OLDER, () if is_block else (older,)) if self.is_older else (_NEWER, ())
            made[stem] = self.rule(kind, port, {"for_each": merged, "description": Term(text), **source}, fixed)
        self.references.found |= {f"security_groups.{label}": said for label, said in made.items()}
        return [Term(f"{said['resource']}.{label}") for label, said in made.items()]


def _numbers(low: int, high: int, protocol: str) -> str:
    if low == -1:
        return "all" if protocol == "-1" else protocol
    is_range = high not in {low, -1}
    return f"{low}" + (f"_{high}" if is_range else "") + ("" if protocol == "tcp" else f"_{protocol}")


def _service(low: int, high: int, protocol: str) -> str:
    """Return how a rule's description names what it opens."""
    if (low, high, protocol) == _HTTPS or protocol == "-1":
        return "HTTPS" if protocol == "tcp" else "All traffic"
    if protocol in {"icmp", "icmpv6"}:
        return protocol.upper().replace("V", "v") + (f" type {low}" if low != -1 else "")
    return f"{protocol.upper()} {low}" + (f" to {high}" if high != low else "")


def _key(existing: refs.Existing) -> str:
    match existing:
        case refs.ById(given):
            return given
        case refs.ByName(name):
            return name if _is_plain(name) else json.dumps(name)
        case refs.ByTags(tags):
            plain = ",".join(f"{name}={tags[name]}" for name in sorted(tags))
            return plain if all(map(_is_plain, chain(*tags.items()))) else json.dumps(tags, sort_keys=True)
        case refs.ByInput(variable):
            return f"var.{variable}"
        case _:
            assert_never(existing)


def _is_plain(text: str) -> bool:
    return text != "" and not text.startswith(("sg-", "pl-", "var.")) and not {*'=,"{\n\r\t'} & {*text}


def _free(label: str, taken: set[str]) -> str:
    """Return a rule's label, numbered where a source of another kind, or other ports, have it already."""
    number, free = 1, label  # said again here, as all of the proof is: it shares nothing with `Lookups.free`
    while free in taken:
        number += 1
        free = f"{label}_{number}"
    taken.add(free)
    return free


def _named(source: refs.Source) -> tuple[str, str]:
    """Return how a rule's description and how its label name a source."""
    match source:
        case refs.VpcBlocks(of_subnets):
            return ("the subnets", "subnets") if of_subnets else ("the VPC", "vpc")
        case refs.CidrBlock(_, cidr, written):
            return cidr, written
        case refs.MembersOf(existing) | refs.BlocksOf(existing):
            whom = "the security group" if isinstance(source, refs.MembersOf) else "the prefix list"
            if isinstance(existing, refs.ByTags):
                return whom, "_".join(existing.tags.values())
            return whom, str(getattr(existing, existing.__match_args__[0]))
        case _:
            assert_never(source)


def _ports(text: str) -> PortRange:
    if text[0].isalpha():
        return -1, -1, "-1" if text == "all" else text
    numbers, _, protocol = text.partition("/")
    if "icmp" in protocol:
        return int(numbers), -1, protocol
    low, _, high = numbers.partition("-")
    return int(low), int(high or low), protocol or "tcp"

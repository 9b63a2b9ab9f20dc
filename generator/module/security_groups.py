"""Security groups for the endpoints: those that exist, and those that the module makes, with a rule for each source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from generator.hcl.hcl import Block, Expression, Value
from generator.module.lookups import DEFAULT_GROUP, Found, Lookups, slug, words
from generator.source.diagnostics import Code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from generator.catalog.catalog import Port
    from generator.source.source import Source
    from generator.spec import Spec
    from generator.spec.references import (
        CreatedSecurityGroup,
        ExistingSecurityGroup,
        Ingress,
        PrefixListReference,
        SecurityGroupReference,
    )

DEFAULT = Code(
    "W201",
    "the VPC's default security group",
    "As AWS makes it, the default group lets in its own members alone. An endpoint in it answers nobody whose network "
    "interface is not in the default group too: calls time out, without an error that names the cause.",
    "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
)
GROUP_TWICE = Code(
    "E210",
    "two created security groups of one name",
    "AWS takes a group name once in a VPC.",
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html",
)
TWO_ALIKE = Code(
    "E214",
    "two rules for one source and port",
    "AWS takes each rule of a security group once.",
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html",
)
PORTS = Code(
    "E211", "ports that are no range", "A range runs from the lower port to the higher, and ports end at 65535."
)

_KIND = "aws_security_group"
_HIGHEST_PORT = 65535
PortRange = tuple[int, int, str]
HTTPS: PortRange = (443, 443, "tcp")


@dataclass(slots=True)
class _Created:
    """A group that the module makes, and what its users need of it."""

    group: CreatedSecurityGroup
    label: str
    mock: str
    path: tuple[str | int, ...]
    ports: dict[PortRange, None] = field(default_factory=dict)


class SecurityGroups:
    """Collects the groups of one module; a group that several endpoints share opens the ports of all their services."""

    def __init__(self, spec: Spec, source: Source, lookups: Lookups, *, single_rules: bool) -> None:
        """Begin with none. `single_rules`: the provider floor has the resources of one CIDR block a rule (4.56.0)."""
        self._spec = spec
        self._source = source
        self._lookups = lookups
        self._single_rules = single_rules
        self._created: dict[str, _Created] = {}
        self._rules_made: dict[str, tuple[str, str, PortRange]] = {}

    @property
    def mocks(self) -> Mapping[str, str]:
        """The ids of the created groups in the module's own tests, by address."""
        return {f"{_KIND}.{created.label}": created.mock for created in self._created.values()}

    def found(
        self, references: Iterable[SecurityGroupReference], path: tuple[str | int, ...], ports: Iterable[Port]
    ) -> tuple[Found, ...]:
        """Return the groups that `security_groups:` at `path` names, for a service that listens on `ports`."""
        return tuple(self._one(reference, (*path, index), ports) for index, reference in enumerate(references))

    def blocks(self) -> tuple[Block, ...]:
        """Return the created groups, each followed by its rules."""
        return tuple(block for created in self._created.values() for block in self._group(created))

    def _one(self, reference: SecurityGroupReference, path: tuple[str | int, ...], ports: Iterable[Port]) -> Found:
        if reference.create is not None:
            return self._make(reference.create, (*path, "create"), ports)
        if reference.form == "default":
            return self._default(path)
        return self._lookups.several(_KIND, reference, path)

    def _default(self, path: tuple[str | int, ...]) -> Found:
        address = DEFAULT_GROUP
        if address not in self._lookups.blocks:
            arguments: dict[str, Value] = {"vpc_id": self._lookups.vpc_id, "name": "default"}
            override = {"id": self._lookups.mock_id(_KIND)}
            self._lookups.add(Block(type="data", labels=(_KIND, "default"), arguments=arguments), override)
            message = "the VPC's default security group lets in its own members alone"
            fix = "see that every caller is in the default group, or write create: {name: …, ingress: [{vpc: true}]}"
            self._lookups.findings.append(DEFAULT.at(self._source.place(path), message, fix))
        return Found(
            value=Expression(f"{address}.id"), mock=(str(self._lookups.overrides[address]["id"]),), lookup=address
        )

    def _make(self, group: CreatedSecurityGroup, path: tuple[str | int, ...], ports: Iterable[Port]) -> Found:
        created = self._created.get(group.name)
        if created is None:
            label = slug(group.name, "group")  # no other group's: the rules see to that (E244)
            created = _Created(group, label, self._lookups.mock_id(_KIND), path)
            self._created[group.name] = created
        elif created.path != path:
            first = self._source.place(created.path)
            message = f"security group {group.name} is created already, in line {first.line}"
            fix = "take another name, or state it once for all endpoints, as the spec's security_groups"
            self._lookups.findings.append(GROUP_TWICE.at(self._source.place((*path, "name")), message, fix))
        created.ports.update(dict.fromkeys((port.from_port, port.to_port, port.protocol) for port in ports))
        return Found(value=Expression(f"{_KIND}.{created.label}.id"), mock=(created.mock,))

    def _group(self, created: _Created) -> Iterator[Block]:
        group = created.group
        tags = group.tags if group.tags is not None else self._spec.tags or {}
        arguments: dict[str, Value] = {
            "name": group.name,
            "description": group.description,
            "vpc_id": self._lookups.vpc_id,
            "tags": {"Name": group.name, **tags},
        }
        yield Block(type="resource", labels=(_KIND, created.label), arguments=arguments)
        for index, ingress in enumerate(group.ingress):
            path = (*created.path, "ingress", index)
            ports = self._ports(ingress, path) if ingress.ports else tuple(created.ports) or (HTTPS,)
            for port in ports:
                yield from self._rules(created, ingress, port, path)

    def _ports(self, ingress: Ingress, path: tuple[str | int, ...]) -> Iterator[PortRange]:
        for index, text in enumerate(ingress.ports or ()):
            low, high, protocol = port_range(text)
            if low > high or high > _HIGHEST_PORT:
                place = self._source.place((*path, "ports", index))
                self._lookups.findings.append(PORTS.at(place, f"{text} is no range of ports", "write it as 1400-1499"))
            yield low, high, protocol

    def _rules(
        self, created: _Created, ingress: Ingress, port: PortRange, path: tuple[str | int, ...]
    ) -> Iterator[Block]:
        """Return the rules for one source and one range of ports, in the form that the provider floor has."""
        base = self._rule_label(created, ingress, port, path)
        description = described(ingress, port) if ingress.description is None else ingress.description
        if not self._single_rules or (ingress.vpc and self._spec.vpc.form == "variable"):
            # The VPC may be made in the same apply: its CIDR blocks are then unknown at plan, where for_each needs
            # keys that are known. One rule of the older resource takes the whole list, known or not.
            yield self._list_rule(created, base, port, description, self._cidrs(ingress, path))
            return
        group = Expression(f"{_KIND}.{created.label}.id")
        for suffix, arguments in self._sources(ingress, path):
            each = {"for_each": arguments["for_each"]} if "for_each" in arguments else {}
            rest = {name: value for name, value in arguments.items() if name != "for_each"}
            yield Block(
                type="resource",
                labels=("aws_vpc_security_group_ingress_rule", base + suffix),
                arguments={
                    **each,
                    "security_group_id": group,
                    **({"description": description} if description else {}),
                    "ip_protocol": port[2],
                    "from_port": port[0],
                    "to_port": port[1],
                    **rest,
                },
            )

    def _rule_label(self, created: _Created, ingress: Ingress, port: PortRange, path: tuple[str | int, ...]) -> str:
        """Return the rule's own label, made of what it says and not of where it stands."""
        ports = f"{port[0]}_{port[2]}" if port[2] != "tcp" else f"{port[0]}"
        base = label = f"{created.label}_{_source_label(ingress)}_{ports}"
        rule = (created.label, repr(getattr(ingress, ingress.form)), port)
        if rule in self._rules_made.values():
            message = f"{created.group.name} has this source on this port already"
            self._lookups.findings.append(TWO_ALIKE.at(self._source.place(path), message, "take one of them out"))
        number = 1
        while self._rules_made.setdefault(label, rule) != rule:
            number += 1
            label = f"{base}_{number}"
        return label

    def _list_rule(
        self, created: _Created, label: str, port: PortRange, description: str, sources: Mapping[str, Value]
    ) -> Block:
        arguments: dict[str, Value] = {
            "type": "ingress",
            "security_group_id": Expression(f"{_KIND}.{created.label}.id"),
            **({"description": description} if description else {}),
            "protocol": port[2],
            "from_port": port[0],
            "to_port": port[1],
            **sources,
        }
        return Block(type="resource", labels=("aws_security_group_rule", label), arguments=arguments)

    def _sources(self, ingress: Ingress, path: tuple[str | int, ...]) -> Iterator[tuple[str, dict[str, Value]]]:
        """Yield the sources as `aws_vpc_security_group_ingress_rule` takes them, with a suffix for the label."""
        if ingress.vpc:
            each = Expression("each.value")
            blocks = "toset(data.aws_vpc.this.cidr_block_associations[*].cidr_block)"
            yield "_ipv4", {"for_each": Expression(blocks), "cidr_ipv4": each}
            blocks = "toset(compact([data.aws_vpc.this.ipv6_cidr_block]))"
            yield "_ipv6", {"for_each": Expression(blocks), "cidr_ipv6": each}
        elif ingress.security_group is not None:
            yield "", {"referenced_security_group_id": self._group_id(ingress, path)}
        elif ingress.prefix_list is not None:
            yield "", {"prefix_list_id": self._prefix_list_id(ingress, path)}
        else:
            yield "", {ingress.form: getattr(ingress, ingress.form)}

    def _cidrs(self, ingress: Ingress, path: tuple[str | int, ...]) -> Mapping[str, Value]:
        """Return the sources as `aws_security_group_rule` takes them."""
        if ingress.vpc:
            return {
                "cidr_blocks": Expression("data.aws_vpc.this.cidr_block_associations[*].cidr_block"),
                "ipv6_cidr_blocks": Expression("compact([data.aws_vpc.this.ipv6_cidr_block])"),
            }
        if ingress.security_group is not None:
            return {"source_security_group_id": self._group_id(ingress, path)}
        if ingress.prefix_list is not None:
            return {"prefix_list_ids": (self._prefix_list_id(ingress, path),)}
        return (
            {"cidr_blocks": (ingress.cidr_ipv4,)} if ingress.cidr_ipv4 else {"ipv6_cidr_blocks": (ingress.cidr_ipv6,)}
        )

    def _group_id(self, ingress: Ingress, path: tuple[str | int, ...]) -> Value:
        reference = cast("ExistingSecurityGroup", ingress.security_group)
        return self._lookups.one(_KIND, reference, (*path, "security_group")).value

    def _prefix_list_id(self, ingress: Ingress, path: tuple[str | int, ...]) -> Value:
        reference = cast("PrefixListReference", ingress.prefix_list)
        return self._lookups.one("aws_ec2_managed_prefix_list", reference, (*path, "prefix_list")).value


def _source_label(ingress: Ingress) -> str:
    """Return what a rule's label says of its source; never its position, or a new rule would rename the old ones."""
    source = getattr(ingress, ingress.form)
    if ingress.vpc:
        return "from_vpc"
    if not isinstance(source, str):
        given = getattr(source, source.form)
        source = given if isinstance(given, str) else "_".join(given.values())
    return f"from_{words(source)}"


def port_range(text: str) -> PortRange:
    """Return the ports that a spec writes as `443`, `1400-1499` or `4195/udp`."""
    numbers, _, protocol = text.partition("/")
    first, _, last = numbers.partition("-")
    return int(first), int(last or first), protocol or "tcp"


def described(ingress: Ingress, port: PortRange) -> str:
    """Return the description of a rule: the spec's own, else what the rule lets in."""
    if ingress.description is not None:
        return ingress.description
    service = (
        "HTTPS" if port == HTTPS else f"{port[2].upper()} {port[0]}" + (f" to {port[1]}" if port[1] != port[0] else "")
    )
    sources = {"vpc": "the VPC", "security_group": "the security group", "prefix_list": "the prefix list"}
    return f"{service} from {sources.get(ingress.form) or getattr(ingress, ingress.form)}"

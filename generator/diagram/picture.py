"""What a module's blocks say that a picture shows: endpoints, and the subnets, tables and groups that they use.

Only what the blocks say is in it: a zone that no lookup names is unknown. Everything is known by its address: that of
a block, an id where no block has it, an input as `var.subnet_ids`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from generator.catalog import ports
from generator.catalog.catalog import AWS, Catalog
from generator.hcl.hcl import Block, Call, Expression, Value
from generator.hcl.known_as import by_address, is_otherwise, is_retired, known_as, partition, plain
from generator.hcl.names import references
from generator.intent.targets import full_name, target_of
from generator.source.frozen import frozen
from generator.source.terraform_shapes import RULES

_PREFIXES = {"subnet": "aws_subnet", "rtb": "aws_route_table", "sg": "aws_security_group"}
_PREFIX = r'"(\w+)-"'
_REGION = re.compile(r'== "([a-z0-9-]+)"')
_NO_SOURCE = frozenset({"security_group_id", "description", "type", "protocol", "ip_protocol"})
_FAMILIES = {"IPv4": {"cidr_ipv4", "cidr_blocks"}, "IPv6": {"cidr_ipv6", "ipv6_cidr_blocks"}}
_FIXED = ("ipv4", "ipv6")
_NOTHING = Block(type="")
_ZONES = ("availability_zone", "availability_zone_id")


@frozen(kw_only=True)
class Port:
    """One rule of a group: what it opens, as `TCP 443` or `TCP 443 IPv6`, and to whom."""

    address: str
    opens: str
    sources: tuple[str, ...]


@frozen(kw_only=True)
class Place:
    """A subnet, route table or group, or several by one reference; `is_otherwise` as in `known_as`."""

    address: str
    name: str
    is_several: bool
    """Whether only the plan knows how many it is."""
    zone: str | None
    is_made: bool
    """Whether the module itself makes it."""
    ports: tuple[Port, ...]
    is_otherwise: bool


@frozen(kw_only=True)
class Endpoint:
    """One endpoint; what it uses by address, and by subnet the fixed addresses of its network interfaces."""

    address: str
    label: str
    type: str
    service: str
    region: str | None
    """The Region of the service, where that is another than the endpoint's."""
    private_dns: bool
    subnets: tuple[str, ...]
    groups: tuple[str, ...]
    tables: tuple[str, ...]
    monthly: Decimal | None
    """USD a month without traffic; None is unknown."""
    addresses: Mapping[str, str]
    private_names: tuple[str, ...]
    """The names that lead to it in the VPC, as far as they are known; `<region>` where the Region is not."""


@frozen(kw_only=True)
class Picture:
    """One module."""

    name: str
    region: str | None
    """None where it is the provider's."""
    vpc: str
    endpoints: tuple[Endpoint, ...]
    subnets: tuple[Place, ...]
    tables: tuple[Place, ...]
    groups: tuple[Place, ...]
    is_priced: bool
    is_retired: bool


def picture(
    blocks: Mapping[str, tuple[Block, ...]], name: str, costs: Mapping[str, Decimal | None] | None = None
) -> Picture:
    """Return what the blocks of a module's files say; `costs` are USD a month by the label of an endpoint."""
    reader = _Reader(each for path, there in blocks.items() if path.endswith(".tf") for each in there)
    endpoints = tuple(reader.endpoint(each, (costs or {}).get(each.label)) for each in reader.of("aws_vpc_endpoint"))
    sources = [each.address for each in reader.of("aws_security_group")]
    sources += (each for rule in reader.of(*RULES) for each in reader.referred(rule, "aws_security_group"))
    tables = [each for endpoint in endpoints for each in endpoint.tables]
    behind = (each for table in tables for each in reader.behind(table))
    used = {
        "subnets": (*(each for endpoint in endpoints for each in endpoint.subnets), *behind),
        "tables": tables,
        "groups": (*(each for endpoint in endpoints for each in endpoint.groups), *sources),
    }
    placed: Any = {kind: tuple(map(reader.place, dict.fromkeys(each))) for kind, each in used.items()}
    placed |= {"is_priced": costs is not None, "is_retired": is_retired(reader.blocks.values())}
    return Picture(name=name, region=reader.region, vpc=reader.vpc, endpoints=endpoints, **placed)


class _Reader:
    """Reads the blocks of one module."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self.blocks = by_address(blocks)
        self.known: dict[str, tuple[str, ...]] = {}
        looked_up = ((plain(each.arguments.get("id")), at) for at, each in self.blocks.items() if each.type == "data")
        self.by_id = {given: address for given, address in looked_up if given}

    @property
    def region(self) -> str | None:
        """The Region of the module: that in which it has all managed, or on which it insists."""
        said = (plain(each.arguments.get("region")) for each in self.of("aws_vpc_endpoint"))
        guard = _REGION.search(str(self.blocks.get("data.aws_region.current")))
        return next(filter(None, said), guard[1] if guard else None)

    @property
    def vpc(self) -> str:
        said = [block.arguments.get("vpc_id") for block in self.blocks.values()]
        found = (each for of_it in (self.atoms, references) for value in said for each in of_it(value))
        return " ".join(known_as(first, self.blocks)) if (first := next(found, "")) else "not known"

    def of(self, *types: str) -> Iterator[Block]:
        """Yield the resources of some types, but for rules about what a group sends."""
        found = (each for each in self.blocks.values() if each.type == "resource" and each.labels[0] in types)
        return (each for each in found if each.arguments.get("type") != "egress")

    def endpoint(self, block: Block, monthly: Decimal | None) -> Endpoint:
        said, fixed = block.arguments, block.nested("subnet_configuration")
        interfaces = {next(self.atoms(each.arguments.get("subnet_id")), ""): each.arguments for each in fixed}
        has_names, service = said.get("private_dns_enabled") is True, str(target_of(said) or "unknown")
        return Endpoint(
            address=block.address,
            label=block.label,
            type=plain(said.get("vpc_endpoint_type")) or "Gateway",
            service=service,
            region=plain(said.get("service_region")),
            private_dns=has_names,
            private_names=self.private_names(service) if has_names else (),
            subnets=self.used(said.get("subnet_ids"), "aws_subnet") or tuple(filter(None, interfaces)),
            groups=self.used(said.get("security_group_ids"), "aws_security_group"),
            tables=self.used(said.get("route_table_ids"), "aws_route_table"),
            addresses={at: " ".join(filter(None, map(plain, map(its.get, _FIXED)))) for at, its in interfaces.items()},
            monthly=monthly,
        )

    def private_names(self, service: str) -> tuple[str, ...]:
        """Return the names by which a service is asked: of no Region, where nothing is said, those in partition aws."""
        said = full_name(service.replace("<region>", "us-east-1"), Catalog.load())
        region = said.region if said.region and said.region in service else None
        known = partition(self.blocks) or AWS
        return Catalog.load().private_names(said.service, region, known) if said.service else ()

    def atoms(self, value: Value) -> Iterator[str]:
        """Yield the addresses to which a value leads, through local values; the text of what is a string."""
        items: Iterable[Value] = ()
        match value:
            case str():
                yield self.by_id.get(value, value)
            case Expression(text):
                if text not in self.known:  # each group and subnet is named many times
                    self.known[text] = ()  # as long as it is read: it may name itself
                    self.known[text] = tuple(each for name in references(value) for each in self.led_to(name))
                yield from self.known[text]
            case Mapping():
                items = [item.get("id") if isinstance(item, Mapping) else key for key, item in value.items()]
            case Call():
                items = value.arguments
            case tuple():
                items = value
        for item in items:
            yield from self.atoms(item)

    def led_to(self, address: str) -> Iterator[str]:
        block = self.blocks.get(address, _NOTHING)
        if block.type == "locals":
            yield from self.atoms(tuple(block.arguments.values()))
        elif address.startswith("data.aws_subnet.") and "for_each" in block.arguments:
            yield from self.atoms(block.arguments["for_each"])
        elif not (block.type == "variable" and "default" in block.arguments):
            yield address  # an input that may be left out only says again what is looked up

    def used(self, value: Value, kind: str) -> tuple[str, ...]:
        """Return those of one kind among the addresses to which a value leads."""
        return tuple(dict.fromkeys(each for each in self.atoms(value) if self.kind(each).startswith(kind)))

    def kind(self, address: str) -> str:
        """Return of which kind the thing at an address is, as its data source or resource is called."""
        block = self.blocks.get(address, _NOTHING)
        if block.type == "variable":
            found = re.search(_PREFIX, str([each.arguments.get("condition") for each in block.nested("validation")]))
            return _PREFIXES.get(found[1], "") if found else ""
        return block.labels[0] if block.labels else _PREFIXES.get(address.partition("-")[0], "")

    def behind(self, table: str) -> tuple[str, ...]:
        """Return the subnets whose table it is, where the reference says so."""
        block = self.blocks.get(table, _NOTHING)
        filters = [each.arguments for each in block.nested("filter")]
        values = [each.get("values") for each in filters if each.get("name") == "association.subnet-id"]
        return self.used((*values, block.arguments.get("for_each")), "aws_subnet") if values else ()

    def referred(self, rule: Block, kind: str) -> tuple[str, ...]:
        """Return to what a rule opens, of one kind."""
        return self.used(tuple(item for name, item in rule.arguments.items() if name not in _NO_SOURCE), kind)

    def place(self, address: str) -> Place:
        block, kind = self.blocks.get(address, _NOTHING), self.kind(address)
        said, is_list = block.arguments, block.type == "variable" and "list" in str(block.arguments.get("type"))
        subnets = [each for subnet in self.behind(address) for each in known_as(subnet, self.blocks)]
        plural = "s" if "for_each" in said else ""
        name = f"table{plural} of {', '.join(subnets)}" if subnets else " ".join(known_as(address, self.blocks))
        of_it = (each for each in self.of(*RULES) if address in self.atoms(each.arguments.get("security_group_id")))
        return Place(
            address=address,
            name=name,
            is_several=is_list or bool(plural) or (kind.endswith("s") and not subnets),
            zone=next((zone for name in _ZONES if (zone := plain(said.get(name)))), None),
            is_made=block.type == "resource",
            ports=tuple(map(self.port, of_it)) if kind == "aws_security_group" else (),
            is_otherwise=kind == "aws_route_table" and is_otherwise(address, self.blocks),
        )

    def port(self, rule: Block) -> Port:
        said = rule.arguments
        protocol = plain(said.get("ip_protocol", said.get("protocol"))) or "?"
        port = ports.Port.stated({**said, "ip_protocol": protocol})
        families = [each for each in _FAMILIES if any(map(said.get, _FAMILIES[each]))]
        opens = " ".join((port.title, *(families if len(families) == 1 else ())))
        sources = dict.fromkeys(self.source(each) for each in self.referred(rule, ""))
        return Port(address=rule.address, opens=opens, sources=tuple(sources))

    def source(self, address: str) -> str:
        """Return what people call that to which a rule opens."""
        name = " ".join(known_as(address, self.blocks))
        what = {"aws_vpc": "the VPC", "aws_subnet": f"subnet {name}", "aws_subnets": f"subnets {name}"}
        return what.get(self.kind(address), name)

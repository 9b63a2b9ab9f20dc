"""Which route tables a gateway endpoint's route goes into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from generator.hcl.hcl import Block, Call, Expression, Value
from generator.module.lookups import MAIN_TABLE, Found, Lookups, mocks
from generator.spec import Spec
from generator.spec.references import (
    ById,
    ByInput,
    ByName,
    ByTags,
    Main,
    OfSubnet,
    OfSubnets,
    RouteTable,
    Subnet,
    is_one,
)

_WHY = "The route tables that the subnets use: the associated one, or the VPC's main table where there is none."


def route_tables(references: Iterable[RouteTable], *, spec: Spec, lookups: Lookups) -> tuple[Found, ...]:
    """Return the route tables that `route_tables:` names; `of_subnets` are those of the spec's subnets."""
    return tuple(_tables(each, spec, lookups, position=index) for index, each in enumerate(references))


def _tables(reference: RouteTable, spec: Spec, lookups: Lookups, *, position: int) -> Found:
    match reference:
        case Main():
            return _main(lookups)
        case OfSubnet(subnet):
            return _used_by(subnet, lookups, position=position)
        case OfSubnets():
            return _of_subnets(spec, lookups)
        case ById() | ByName() | ByTags() | ByInput():
            return lookups.several("aws_route_table", reference)
        case _:
            assert_never(reference)


def _main(lookups: Lookups) -> Found:
    """Look up the VPC's main table, which serves each subnet that has no association of its own."""
    main = Block(type="filter", arguments={"name": "association.main", "values": ("true",)})
    return lookups.once(
        MAIN_TABLE, lambda: lookups.look_up("aws_route_table", "main", {"vpc_id": lookups.vpc_id}, (main,))
    )


def _used_by(subnet: Subnet, lookups: Lookups, *, position: int) -> Found:
    """Look up the table that one subnet uses. In the module's own tests the first subnet has one, the others none."""
    found, main = lookups.one("aws_subnet", subnet), _main(lookups)

    def find() -> Found:
        text = f"of_{subnet.variable if isinstance(subnet, ByInput) else found.lookup.rpartition('.')[2]}"
        label = lookups.label("aws_route_table", text)
        mock = (lookups.mock_id("aws_route_table"),) if position == 0 else ()  # so that both branches are tried
        address = lookups.add(_associated(label, found.value, lookups), {"ids": mock})
        tables = Call("coalescelist", (Expression(f"tolist({address}.ids)"), (main.value,)))
        return Found(value=tables, mock=mock or main.mock, is_list=True, lookup=address)

    return lookups.once(("table of", repr(found.value)), find)


def _associated(label: str, subnet: Value, lookups: Lookups, each: Mapping[str, Value] | None = None) -> Block:
    by_subnet = Block(type="filter", arguments={"name": "association.subnet-id", "values": (subnet,)})
    arguments = {**(each or {}), "vpc_id": lookups.vpc_id}
    return Block(type="data", labels=("aws_route_tables", label), arguments=arguments, blocks=(by_subnet,))


def _used_by_each(subnets: Found, lookups: Lookups) -> Found:
    """Look up the tables of all subnets that were found by their tags."""
    tagged, main = subnets.lookup.rpartition(".")[2], _main(lookups)
    ids = f"data.aws_subnets.{tagged}.ids"
    label = lookups.label("aws_route_table", f"of_{tagged}")
    each = {"for_each": Expression(f"toset({ids})")}
    address = lookups.add(_associated(label, Expression("each.value"), lookups, each))
    mock: tuple[str, ...] = ()
    for index, subnet in enumerate(subnets.mock):
        own = (lookups.mock_id("aws_route_table"),) if index == 0 else ()
        lookups.overrides[f'{address}["{subnet}"]'] = {"ids": own}
        mock += own or main.mock
    tables = f"flatten([for id in {ids} : coalescelist(tolist({address}[id].ids), [{MAIN_TABLE}.id])])"
    return Found(value=Expression(tables), mock=mock, is_list=True, lookup=address)


def _of_subnets(spec: Spec, lookups: Lookups) -> Found:
    """Look up the tables that the spec's subnets use, once, as a local value."""
    return lookups.once(OfSubnets(), lambda: _of_all(spec.subnets or (), lookups))


def _of_all(subnets: Iterable[Subnet], lookups: Lookups) -> Found:
    found = tuple(
        _used_by(subnet, lookups, position=index)
        if is_one(subnet)
        else _used_by_each(lookups.several("aws_subnet", subnet), lookups)
        for index, subnet in enumerate(subnets)
    )
    value = Call("distinct", (Call("flatten", (tuple(item.value for item in found),)),))
    tables = lookups.local("route_table_ids_of_subnets", value, _WHY)
    return Found(value=tables, mock=tuple(dict.fromkeys(mocks(found))), is_list=True)

"""Which route tables a gateway endpoint's route goes into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from generator.hcl.hcl import Call, Expression, Value, literal
from generator.module.lookups import MAIN_TABLE, Found, Lookups, filtered, mocks
from generator.spec import references as refs

_WHY = "The route tables that the subnets use: the associated one, or the VPC's main table where there is none."


def route_table(
    reference: refs.RouteTable, subnets: Iterable[refs.Subnet], lookups: Lookups, *, position: int
) -> Found:
    """Return what a reference of `route_tables:` names, at its position; `of_subnets` are the tables of `subnets`."""
    match reference:
        case refs.Main():
            return _main(lookups)
        case refs.OfSubnet(subnet):
            return _used_by(subnet, lookups, position=position)
        case refs.OfSubnets():
            return lookups.once(reference, lambda: _of_all(subnets, lookups))
        case refs.ById() | refs.ByName() | refs.ByTags() | refs.ByInput():
            return lookups.several("aws_route_table", reference)
        case _:
            assert_never(reference)


def _main(lookups: Lookups) -> Found:
    """Look up the VPC's main table, which serves each subnet that has no association of its own."""
    search, main = {"vpc_id": lookups.vpc.value}, (filtered("association.main", "true"),)
    return lookups.once(MAIN_TABLE, lambda: lookups.look_up("aws_route_table", "main", search, main))


def _used_by(subnet: refs.Subnet, lookups: Lookups, *, position: int) -> Found:
    """Look up the table that one subnet uses. In the module's own tests the first subnet has one, the others none."""
    found, main = lookups.one("aws_subnet", subnet), _main(lookups)

    def find() -> Found:
        name = subnet.variable if isinstance(subnet, refs.ByInput) else found.label
        mock = (lookups.mock_id("aws_route_table"),) if position == 0 else ()  # so that both branches are tried
        address = _associated(name, found.value, lookups)
        lookups.overrides[address] = {"ids": mock}
        tables = Call("coalescelist", (Expression(f"tolist({address}.ids)"), (main.value,)))
        return Found(value=tables, mock=mock or main.mock, is_list=True, lookup=address)

    return lookups.once(("table of", repr(found.value)), find)


def _associated(name: str, subnet: Value, lookups: Lookups, each: Mapping[str, Value] | None = None) -> str:
    """Look up the tables that are associated with a subnet, or with `each` of several; return the address."""
    label = lookups.label("aws_route_table", f"of_{name}")
    arguments = {**(each or {}), "vpc_id": lookups.vpc.value}
    return lookups.add("aws_route_tables", label, arguments, (filtered("association.subnet-id", subnet),))


def _used_by_each(subnets: Found, lookups: Lookups) -> Found:
    """Look up the tables of all subnets that were found by their tags."""
    ids, main = literal(subnets.value), _main(lookups)
    each = {"for_each": Expression(f"toset({ids})")}
    address = _associated(subnets.label, Expression("each.value"), lookups, each)
    mock: tuple[str, ...] = ()
    for index, subnet in enumerate(subnets.mock):
        own = (lookups.mock_id("aws_route_table"),) if index == 0 else ()
        lookups.overrides[f'{address}["{subnet}"]'] = {"ids": own}
        mock += own or main.mock
    tables = f"flatten([for id in {ids} : coalescelist(tolist({address}[id].ids), [{MAIN_TABLE}.id])])"
    return Found(value=Expression(tables), mock=mock, is_list=True, lookup=address)


def _of_all(subnets: Iterable[refs.Subnet], lookups: Lookups) -> Found:
    """Look up the tables that subnets use, as a local value."""
    found = tuple(
        _used_by(subnet, lookups, position=index)
        if refs.is_one(subnet)
        else _used_by_each(lookups.several("aws_subnet", subnet), lookups)
        for index, subnet in enumerate(subnets)
    )
    value = Call("distinct", (Call("flatten", (tuple(item.value for item in found),)),))
    tables = lookups.local("route_table_ids_of_subnets", value, _WHY)
    return Found(value=tables, mock=tuple(dict.fromkeys(mocks(found))), is_list=True)

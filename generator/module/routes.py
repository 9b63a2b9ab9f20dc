"""Which route tables a gateway endpoint's route goes into."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from generator.hcl.hcl import Block, Call, Expression, Value
from generator.module.lookups import MAIN_TABLE, Found, Lookups
from generator.spec.references import ById, ByInput, ByName, ByTags, Main, OfSubnet, OfSubnets, is_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.spec import Spec
    from generator.spec.references import RouteTable, Subnet

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
    if MAIN_TABLE not in lookups.blocks:
        main = Block(type="filter", arguments={"name": "association.main", "values": ("true",)})
        block = Block(
            type="data", labels=("aws_route_table", "main"), arguments={"vpc_id": lookups.vpc_id}, blocks=(main,)
        )
        lookups.add(block, {"id": lookups.mock_id("aws_route_table")})
    return Found(
        value=Expression(f"{MAIN_TABLE}.id"), mock=(str(lookups.overrides[MAIN_TABLE]["id"]),), lookup=MAIN_TABLE
    )


def _used_by(subnet: Subnet, lookups: Lookups, *, position: int) -> Found:
    """Look up the table that one subnet uses. In the module's own tests the first subnet has one, the others none."""
    found = lookups.one("aws_subnet", subnet)
    main = _main(lookups)
    text = f"of_{subnet.variable if isinstance(subnet, ByInput) else found.lookup.rpartition('.')[2]}"
    label = lookups.label("aws_route_table", text, repr(found.value))
    address = f"data.aws_route_tables.{label}"
    if address not in lookups.blocks:
        mock = (lookups.mock_id("aws_route_table"),) if position == 0 else ()
        _associated(label, found.value, lookups, {"ids": mock})
    tables = Call("coalescelist", (Expression(f"tolist({address}.ids)"), (main.value,)))
    return Found(
        value=tables, mock=_strings(lookups.overrides[address]["ids"]) or main.mock, is_list=True, lookup=address
    )


def _associated(
    label: str, subnet: Value, lookups: Lookups, override: Mapping[str, Value] | None, each: Value = None
) -> None:
    arguments: dict[str, Value] = {"vpc_id": lookups.vpc_id}
    if each is not None:
        arguments = {"for_each": each, **arguments}
    by_subnet = Block(type="filter", arguments={"name": "association.subnet-id", "values": (subnet,)})
    lookups.add(
        Block(type="data", labels=("aws_route_tables", label), arguments=arguments, blocks=(by_subnet,)), override
    )


def _used_by_each(subnets: Found, lookups: Lookups) -> Found:
    """Look up the tables of all subnets that were found by their tags."""
    tagged = subnets.lookup.rpartition(".")[2]
    label = lookups.label("aws_route_table", f"of_{tagged}", repr(subnets.value))
    address = f"data.aws_route_tables.{label}"
    ids = f"data.aws_subnets.{tagged}.ids"
    main = _main(lookups)
    if address not in lookups.blocks:
        _associated(label, Expression("each.value"), lookups, None, Expression(f"toset({ids})"))
        for index, subnet in enumerate(subnets.mock):
            mock = (lookups.mock_id("aws_route_table"),) if index == 0 else ()
            lookups.overrides[f'{address}["{subnet}"]'] = {"ids": mock}
    tables = f"flatten([for id in {ids} : coalescelist(tolist({address}[id].ids), [{MAIN_TABLE}.id])])"
    mocks = (_strings(lookups.overrides[f'{address}["{subnet}"]']["ids"]) or main.mock for subnet in subnets.mock)
    return Found(
        value=Expression(tables), mock=tuple(table for each in mocks for table in each), is_list=True, lookup=address
    )


def _of_subnets(spec: Spec, lookups: Lookups) -> Found:
    """Look up the tables that the spec's subnets use, once, as a local value."""
    found = tuple(
        _used_by_each(lookups.several("aws_subnet", subnet), lookups)
        if not is_one(subnet)
        else _used_by(subnet, lookups, position=index)
        for index, subnet in enumerate(spec.subnets or ())
    )
    value = Call("distinct", (Call("flatten", (tuple(item.value for item in found),)),))
    tables = lookups.local("route_table_ids_of_subnets", value, _WHY)
    mock = tuple(dict.fromkeys(table for item in found for table in item.mock))
    return Found(value=tables, mock=mock, is_list=True)


def _strings(value: Value) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, tuple) else ()

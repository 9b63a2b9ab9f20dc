"""Which route tables lead to a gateway endpoint, and whether the workloads' do."""

from __future__ import annotations

from collections.abc import Container, Iterator

from generator.catalog import policy_needs
from generator.live.candidates import candidates, leaving
from generator.live.estate import AwsObject, command, label, state_of
from generator.live.fields import Pair
from generator.live.follow import table_of
from generator.live.locate import Located
from generator.live.match import UNTIL_GONE
from generator.live.refusals.givers import givers
from generator.live.refusals.way_round import way_round
from generator.live.states import is_gone
from generator.live.untold import doubt
from generator.live.verify.groups import GUARDED
from generator.live.verify.report import Check, Outcome
from generator.source.suggest import some

ROUTES = "route tables"
WORKLOADS = "workload subnets"
_NOT_TOLD = "not told: it is associated, and its route is not there"
"""AWS makes the route with the association, and neither goes alone."""


def route_tables(found: Pair) -> Iterator[Check]:
    """Say whether each route table of the spec carries the prefix list of a gateway's service, or any a route."""
    tables = found.located.route_tables
    if found.endpoint.type == "GatewayLoadBalancer":
        yield _routed(found)
    if found.endpoint.type != "Gateway" or not tables:
        return
    if missing := [(table, why) for table in tables if (why := _missing(found.live, table))]:
        seen = some((f"{label(table, 'RouteTableId')}: {why}" for table, why in missing), between="; ")
        gone = [table for table, _ in missing]
        fix = _mend(found, gone, "terraform apply puts the route into each table of the spec")
        is_sure = any(why != _NOT_TOLD for _, why in missing)
        yield Check(what=ROUTES, outcome=Outcome.FAILED if is_sure else Outcome.UNKNOWN, seen=seen, fix=is_sure * fix)
    else:
        seen = some(f"{label(table, 'RouteTableId')} carries {_prefix_list(found, table)}" for table in tables)
        yield Check(what=ROUTES, outcome=Outcome.PASSED, seen=seen)


def _routed(found: Pair) -> Check:
    """Say whether a table leads to a Gateway Load Balancer endpoint: without one nothing gets there.

    https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-load-balancer-endpoints.html (checked 2026-11-27)
    """
    tables = [each for each in found.spec.estate.all("RouteTables", found.spec.vpc_id) if _routes(found.live, each)]
    gone, vpc_id = [each for each in tables if _missing(found.live, each)], found.spec.vpc_id
    seen = some((f"{label(each, 'RouteTableId')}: {_missing(found.live, each)}" for each in gone), between="; ")
    if tables and not gone:
        names = some(label(each, "RouteTableId") for each in tables)
        return Check(what=ROUTES, outcome=Outcome.PASSED, seen=f"{names} lead to it")
    table, does = (gone[0]["RouteTableId"], "replace") if gone else ("ID", "create")
    fix = f"aws ec2 {does}-route --region {found.spec.estate.region} --route-table-id {table}"
    fix += f" --destination-cidr-block CIDR --vpc-endpoint-id {found.live['VpcEndpointId']}"
    outcome = Outcome.FAILED if gone else Outcome.UNKNOWN  # who has none may make it elsewhere, or not yet
    return Check(
        what=ROUTES, outcome=outcome, seen=seen or f"no route table of {vpc_id} that is told leads to it", fix=fix
    )


def workload_subnets(spec: Located) -> dict[str, AwsObject]:
    """Return the subnets in which workloads are taken to be, by id: those of the spec's endpoints that groups guard."""
    its = (each for each in spec.endpoints if each.endpoint.type in GUARDED)
    return {str(subnet["SubnetId"]): subnet for each in its for subnet in each.subnets}


def workloads(found: Pair) -> Iterator[Check]:
    """Say whether the tables lead to a gateway which the subnets of the other endpoints use: there are the workloads.

    A table that the spec leaves out is a mistake where another endpoint needs the gateway, as ECR's do that of S3.
    """
    subnets = workload_subnets(found.spec).values()
    if found.endpoint.type != "Gateway" or not subnets:
        return
    stated = {str(table["RouteTableId"]) for table in found.located.route_tables}
    used = {str(subnet["SubnetId"]): table_of(subnet, found.spec.estate) for subnet in subnets}
    tables = [(subnet, table) for subnet in subnets for table in used[str(subnet["SubnetId"])]]
    others = [each for each in _others(found) if any(_leads(each, table) for _, table in tables)]
    gateways = [found.live, *others]
    left_out = [(subnet, table) for subnet, table in tables if not any(_leads(each, table) for each in gateways)]
    if untold := [
        label(subnet, "SubnetId") for subnet in subnets if not left_out and not used[str(subnet["SubnetId"])]
    ]:
        why = doubt(found.spec.estate, "RouteTables", found.spec.vpc_id, "")
        seen = f"not told which route table {some(untold)} uses: {why}"
        yield Check(
            what=WORKLOADS, outcome=Outcome.UNKNOWN, seen=seen, fix=command("RouteTables", found.spec.estate.region)
        )
        return
    if not left_out:
        to = some(["it", *(label(each, "VpcEndpointId") for each in others)], between=" or ")
        seen = f"each leads to {to}: {some(label(subnet, 'SubnetId') for subnet in subnets)}"
        yield Check(what=WORKLOADS, outcome=Outcome.PASSED, seen=seen)
        return
    uses = (f"{label(subnet, 'SubnetId')} uses {label(table, 'RouteTableId')}" for subnet, table in left_out)
    seen = some((f"{each}, which does not lead to it" for each in uses), between="; ")
    is_known = any(str(table["RouteTableId"]) in stated for _, table in left_out)
    users = _users(found, {str(subnet["SubnetId"]) for subnet, _ in left_out})
    to_lead = [table for _, table in left_out]
    fix = _mend(
        found, to_lead, "terraform apply" if is_known else "write route_tables: of_subnets, or add these tables"
    )
    fix += f": {some(users, between=' and ')} can't do without" if users else ""
    yield Check(what=WORKLOADS, outcome=Outcome.FAILED if users or is_known else Outcome.UNKNOWN, seen=seen, fix=fix)


def _mend(found: Pair, tables: list[AwsObject], apply: str) -> str:
    """Return what helps tables without a working route; where one is associated already, an apply sees no difference.

    And where another gateway of the service is, AWS refuses it.
    https://docs.aws.amazon.com/cli/latest/reference/ec2/modify-vpc-endpoint.html (checked 2026-11-27)
    """
    if any(givers(found.spec, found.located)) and (way := way_round(found.spec, found.located, "route_tables")):
        return way
    for other in (*_others(found), *leaving(found.located, found.spec)):
        if held := [
            label(table, "RouteTableId") for table in tables if table["RouteTableId"] in other["RouteTableIds"]
        ]:
            has = f"{label(other, 'VpcEndpointId')} has {some(held)}, and a table leads to one gateway of a service"
            way = UNTIL_GONE if is_gone(other) else "take them from the other"
            return f"{has}: give {found.endpoint.key} other route_tables:, or {way}"
    own = dict.fromkeys(str(each["RouteTableId"]) for each in tables if _routes(found.live, each))
    if stuck := [each for each in own if each in found.live["RouteTableIds"]]:
        command = f"aws ec2 modify-vpc-endpoint --region {found.spec.estate.region}"
        command += f" --vpc-endpoint-id {found.live['VpcEndpointId']} --remove-route-table-ids {' '.join(stuck)}"
        return f"{command}; then terraform apply associates them anew"
    return apply


def _users(found: Pair, subnets: Container[str]) -> list[str]:
    """Return the endpoints in some subnets that fail without a gateway of Amazon S3: who calls them is there."""
    needs = [need for need in policy_needs.needs() if need.fails] if found.endpoint.service_id == "s3" else []
    return [
        each.endpoint.key
        for each in found.spec.endpoints
        if any(need.is_of(each.endpoint.service_id) for need in needs)
        and any(subnet["SubnetId"] in subnets for subnet in each.subnets)
    ]


def _missing(gateway: AwsObject, table: AwsObject) -> str:
    """Return what a table lacks of a route to an endpoint; empty where nothing is missing."""
    if not (routes := _routes(gateway, table)):
        is_associated = table["RouteTableId"] in gateway["RouteTableIds"]
        return _NOT_TOLD if is_associated else f"no route to {gateway['VpcEndpointId']}"
    states = {state_of(route) for route in routes}
    return "" if "active" in states else f"the route is {', '.join(sorted(states))}"


def _routes(gateway: AwsObject, table: AwsObject) -> list[AwsObject]:
    return [route for route in table["Routes"] if route.get("GatewayId") == gateway["VpcEndpointId"]]


def _others(found: Pair) -> list[AwsObject]:
    """Return the other gateways of the service in the VPC, whoever has them: a table leads to one of them all."""
    return [each for each in candidates(found.located, found.spec) if each is not found.live]


def _leads(gateway: AwsObject, table: AwsObject) -> bool:
    return _missing(gateway, table) in {"", _NOT_TOLD}


def _prefix_list(found: Pair, table: AwsObject) -> str:
    """Return the prefix list of a table's route, by its name where it is known."""
    listed = str(_routes(found.live, table)[0].get("DestinationPrefixListId", "its route"))
    known = found.spec.estate.one("PrefixLists", listed)
    return f"{listed} ({known['PrefixListName']})" if known and known.get("PrefixListName") else listed

"""Follows the references of a spec to what AWS describes: to one object, to several, or to none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent
from generator.live.estate import KINDS, AwsObject, Estate, command, name, tags
from generator.source.diagnostics import Code, Diagnostic
from generator.spec.references import (
    ById,
    ByInput,
    ByName,
    ByTags,
    Create,
    Default,
    Main,
    OfSubnet,
    OfSubnets,
    RouteTable,
    Subnet,
)

Path = tuple[str | int, ...]

NOT_THERE = Code("E402")
NOT_ONE = Code("E403")
NO_INPUT = Code("E404")
_NOUN = {
    "Vpcs": "VPC",
    "Subnets": "subnet",
    "RouteTables": "route table",
    "SecurityGroups": "security group",
    "PrefixLists": "prefix list",
}


@dataclass(slots=True)
class Follower:
    """Follows the references of one spec; collects what leads nowhere."""

    intent: Intent
    estate: Estate
    inputs: Mapping[str, tuple[str, ...]]
    vpc_id: str = ""
    """Empty until the VPC is known."""
    findings: list[Diagnostic] = field(default_factory=list)
    commands: dict[Diagnostic, str] = field(default_factory=dict)
    """The AWS CLI's line that shows it, by finding."""

    def follow(self, kind: str, reference: Subnet, path: Path, *, one: bool) -> tuple[AwsObject, ...]:
        """Return what a reference leads to; a finding where that is nothing, or (`one`) several."""
        match reference:
            case ByInput(variable):
                return self._input(kind, variable, path)
            case ById(given):
                objects = tuple(each for each in (self.estate.one(kind, given),) if each is not None)
                if kind != "PrefixLists" and self.vpc_id:
                    objects = tuple(each for each in objects if each.get("VpcId") == self.vpc_id)
                return self._count(objects, kind, given, path, one=True)
            case ByName(given):
                objects = tuple(each for each in self._all(kind) if _name(each, kind) == given)
                return self._count(objects, kind, given, path, one=True)
            case ByTags(wanted):
                objects = tuple(each for each in self._all(kind) if wanted.items() <= tags(each).items())
                words = ", ".join(f"{key} = {value}" for key, value in wanted.items())
                return self._count(objects, kind, words, path, one=one)
            case _:
                assert_never(reference)

    def _count(
        self, objects: tuple[AwsObject, ...], kind: str, shown: str, path: Path, *, one: bool
    ) -> tuple[AwsObject, ...]:
        place, noun = self.intent.source.place(path), _NOUN[kind]
        where = f"{self.estate.region}" if kind in {"Vpcs", "PrefixLists"} else f"VPC {self.vpc_id}"
        if not objects:
            message = f"{where} has no {noun} {shown}"
            self._add(NOT_THERE.at(place, message, f"{KINDS[kind][1]} lists those that exist"), kind)
        elif one and len(objects) > 1:
            ids = ", ".join(str(each[KINDS[kind][0]]) for each in objects)
            message = f"{where} has {len(objects)} {noun}s {shown}: {ids}"
            self._add(NOT_ONE.at(place, message, "give the id of the right one"), kind)
        return objects

    def _add(self, finding: Diagnostic, kind: str) -> None:
        of_vpc = "" if kind in {"Vpcs", "PrefixLists"} else f"--filters Name=vpc-id,Values={self.vpc_id}"
        self.findings.append(finding)
        self.commands[finding] = command(kind, self.estate.region, of_vpc)

    def _all(self, kind: str) -> tuple[AwsObject, ...]:
        return self.estate.all(kind, None if kind in {"Vpcs", "PrefixLists"} else self.vpc_id)

    def _input(self, kind: str, variable: str, path: Path) -> tuple[AwsObject, ...]:
        if variable not in self.inputs:
            fix = f"add --var {variable}=ID, or --var {variable}=ID,ID for a list"
            place = self.intent.source.place((*path, "variable"))
            self.findings.append(NO_INPUT.at(place, f"the value of var.{variable} is not known", fix))
            return ()
        ids = self.inputs[variable]
        objects = tuple(each for each in (self.estate.one(kind, each) for each in ids) if each is not None)
        return self._count(objects, kind, ", ".join(ids), path, one=False)

    def subnets(self, endpoint: Endpoint) -> tuple[AwsObject, ...]:
        """Return the subnets of an endpoint, each once."""
        objects = [
            each
            for index, reference in enumerate(endpoint.subnets)
            for each in self.follow("Subnets", reference, (*endpoint.at("subnets"), index), one=False)
        ]
        return _once(objects, "SubnetId")

    def security_groups(self, endpoint: Endpoint) -> list[tuple[str, AwsObject | None]]:
        """Return the groups of an endpoint; one that the module makes with its name, and None until it is made."""
        groups: list[tuple[str, AwsObject | None]] = []
        for index, reference in enumerate(endpoint.security_groups):
            path = (*endpoint.at("security_groups"), index)
            match reference:
                case Create():
                    groups.append((reference.name, self._group(reference.name)))
                case Default():
                    groups.append(("default", self._group("default")))
                case ById() | ByName() | ByTags() | ByInput():
                    groups += [("", group) for group in self.follow("SecurityGroups", reference, path, one=False)]
                case _:
                    assert_never(reference)
        return groups

    def _group(self, group_name: str) -> AwsObject | None:
        return next((each for each in self._all("SecurityGroups") if each.get("GroupName") == group_name), None)

    def route_tables(self, endpoint: Endpoint) -> tuple[AwsObject, ...]:
        """Return the route tables of an endpoint, each once."""
        tables: list[AwsObject] = []
        for index, reference in enumerate(endpoint.route_tables):
            tables += self._route_tables(reference, (*endpoint.at("route_tables"), index))
        return _once(tables, "RouteTableId")

    def _route_tables(self, reference: RouteTable, path: Path) -> tuple[AwsObject, ...]:
        match reference:
            case Main():
                return main_table(self.estate, self.vpc_id)
            case OfSubnet(subnet):
                return self._tables_of(subnet, (*path, "subnet"), one=True)
            case OfSubnets():
                own = enumerate(self.intent.spec.subnets or ())
                return tuple(
                    table for index, each in own for table in self._tables_of(each, ("subnets", index), one=False)
                )
            case ById() | ByName() | ByTags() | ByInput():
                return self.follow("RouteTables", reference, path, one=False)
            case _:
                assert_never(reference)

    def _tables_of(self, subnet: Subnet, path: Path, *, one: bool) -> tuple[AwsObject, ...]:
        subnets = self.follow("Subnets", subnet, path, one=one)
        return tuple(table for each in subnets for table in table_of(each, self.estate))


def main_table(estate: Estate, vpc_id: str) -> tuple[AwsObject, ...]:
    """Return a VPC's main route table."""
    tables = estate.all("RouteTables", vpc_id)
    return tuple(table for table in tables if any(each.get("Main") for each in table.get("Associations", ())))


def table_of(subnet: AwsObject, estate: Estate) -> tuple[AwsObject, ...]:
    """Return the route table that a subnet uses: the associated one, else the VPC's main table."""
    own = tuple(
        table
        for table in estate.all("RouteTables", subnet["VpcId"])
        if any(each.get("SubnetId") == subnet["SubnetId"] for each in table.get("Associations", ()))
    )
    return own or main_table(estate, subnet["VpcId"])


def _name(each: AwsObject, kind: str) -> str | None:
    """Return the name by which a spec refers to an object: of a prefix list its own, of all else the Name tag."""
    return each.get("PrefixListName") if kind == "PrefixLists" else name(each)


def _once(objects: Iterable[AwsObject], key: str) -> tuple[AwsObject, ...]:
    return tuple({str(each[key]): each for each in objects}.values())

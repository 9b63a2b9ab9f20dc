"""Follows the references of a spec to what AWS describes: to one object, to several, or to none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import assert_never

from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent, Path
from generator.live.estate import KINDS, AwsObject, Estate, command, label
from generator.live.untold import GIVE_ALL, NOT_TOLD, doubt, offer, undescribed, unseen
from generator.source.diagnostics import Code, Diagnostic
from generator.source.frozen import slotted
from generator.source.suggest import some
from generator.spec import references as refs

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
_ANYWHERE = frozenset({"Vpcs", "PrefixLists"})
"""The kinds of objects that are in no VPC."""


@slotted()
class Follower:
    """Follows the references of one spec; collects what leads nowhere."""

    intent: Intent
    estate: Estate
    inputs: Mapping[str, tuple[str, ...]]
    vpc_id: str = ""
    """Empty until the VPC is known."""
    findings: dict[Diagnostic, str] = field(default_factory=dict)
    """What leads nowhere, each with the AWS CLI's line that shows it; empty where there is none."""
    lost: dict[str, set[str]] = field(default_factory=dict)
    """The fields of endpoints, by their keys, of which a reference leads nowhere."""

    def follow(self, kind: str, reference: refs.Subnet, path: Path, *, one: bool) -> tuple[AwsObject, ...]:
        """Return what a reference leads to; a finding where that is nothing, or (`one`) several."""
        vpc_id = None if kind in _ANYWHERE else self.vpc_id
        match reference:
            case refs.ByInput(variable):
                return self._input(kind, variable, path)
            case refs.ById(shown):
                objects = self.estate.having(kind, KINDS[kind][0], shown)
            case refs.ByName(shown):
                objects = self.estate.named(kind, shown, vpc_id)
            case refs.ByTags(wanted):
                objects = self.estate.tagged(kind, wanted, vpc_id)
                shown = ", ".join(f"{key} = {value}" for key, value in wanted.items())
            case _:
                assert_never(reference)
        objects = tuple(each for each in objects if vpc_id is None or each["VpcId"] == vpc_id)
        return self._count(objects, kind, shown, path, one=one or not isinstance(reference, refs.ByTags))

    def _count(
        self, objects: tuple[AwsObject, ...], kind: str, shown: str, path: Path, *, one: bool
    ) -> tuple[AwsObject, ...]:
        place, noun, region = self.intent.source.place(path), _NOUN[kind], self.estate.region
        where, filters = f"VPC {self.vpc_id}", f"--filters Name=vpc-id,Values={self.vpc_id}"
        if kind in _ANYWHERE:
            where, filters = region, ""
        if not objects:
            finding = NOT_THERE.at(place, f"{where} has no {noun} {shown}", f"{KINDS[kind][1]} lists those that exist")
            if untold := self._untold(kind, shown):
                finding = NOT_TOLD.at(place, f"not told whether {where} has a {noun} {shown}: {untold[0]}", untold[1])
            self.findings[finding] = command(kind, region, filters)
        elif one and len(objects) > 1:
            ids = some(str(each[KINDS[kind][0]]) for each in objects)
            message = f"{where} has {len(objects)} {noun}s {shown}: {ids}"
            self.findings[NOT_ONE.at(place, message, "give the id of the right one")] = command(kind, region, filters)
        return objects

    def _untold(self, kind: str, wanted: str) -> tuple[str, str] | None:
        """Return why it is not told whether there is what is wanted, if it is not, and what to do."""
        vpc_id = self.vpc_id * (kind not in _ANYWHERE)
        vpc = self.estate.one("Vpcs", vpc_id)
        if vpc and (hidden := unseen(vpc, self.estate, f"all its {_NOUN[kind]}s")):
            return hidden[0].removeprefix("not told: "), hidden[1]
        why = doubt(self.estate, kind, vpc_id, wanted)
        return (why, offer(self.estate, kind, vpc_id, wanted)) if why else None

    def target(self, endpoint: Endpoint) -> str:
        """Return what an endpoint leads to in the estate's Region: a service name, perhaps the caller's, or an ARN."""
        variable = endpoint.service_name.variable if endpoint.service_name else ""
        if not variable:
            return endpoint.target.in_region(self.estate.region)
        return next(iter(self._values_of(variable, endpoint.at("service_name"), "NAME")), f"var.{variable}")

    def _values_of(self, variable: str, path: Path, what: str) -> tuple[str, ...]:
        if variable not in self.inputs:
            fix = f"add --var {variable}={what}" + (f", or --var {variable}=ID,ID for a list" if what == "ID" else "")
            place = self.intent.source.place((*path, "variable"))
            self.findings[NO_INPUT.at(place, f"the value of var.{variable} is not known", fix)] = ""
        return self.inputs.get(variable, ())

    def _input(self, kind: str, variable: str, path: Path) -> tuple[AwsObject, ...]:
        ids = self._values_of(variable, path, "ID")
        if variable not in self.inputs:
            return ()
        objects = tuple(each for each in (self.estate.one(kind, each) for each in ids) if each is not None)
        return self._count(objects, kind, ", ".join(ids), path, one=False)

    def follow_all(self, kind: str, endpoint: Endpoint, field: str) -> tuple[AwsObject, ...]:
        """Return what the references of an endpoint's field lead to, each object once."""
        objects: dict[str, AwsObject] = {}
        for index, reference in enumerate(getattr(endpoint, field)):
            found = self._follow_any(kind, reference, (*endpoint.at(field), index))
            objects |= {str(each[KINDS[kind][0]]): each for each in found}
            is_made = isinstance(reference, refs.Create) and not undescribed(self.estate, kind, self.vpc_id)
            if not found and not is_made:  # one that is named, and not described, may be it
                self.lost.setdefault(endpoint.key, set()).add(field)
        return tuple(objects.values())

    def _follow_any(self, kind: str, reference: refs.Reference, path: Path) -> tuple[AwsObject, ...]:
        match reference:
            case refs.Create() | refs.Default():
                return self.group(reference)
            case refs.Main():
                tables = self.estate.tables(self.vpc_id)
                return self._require(tables, f"is the main one of VPC {self.vpc_id}", self.vpc_id, path)
            case refs.OfSubnet(subnet):
                return self._tables_of(subnet, (*path, "subnet"), one=True)
            case refs.OfSubnets():
                own = enumerate(self.intent.spec.subnets or ())
                return tuple(each for at, one in own for each in self._tables_of(one, ("subnets", at), one=False))
            case _:
                return self.follow(kind, reference, path, one=False)

    def group(self, reference: refs.Create | refs.Default) -> tuple[AwsObject, ...]:
        """Return the group that the module makes, or the VPC's default one; nothing where it is not there."""
        there = self.estate.having("SecurityGroups", "GroupName", group_name(reference))
        return tuple(each for each in there if each["VpcId"] == self.vpc_id)[:1]

    def _tables_of(self, subnet: refs.Subnet, path: Path, *, one: bool) -> tuple[AwsObject, ...]:
        subnets = self.follow("Subnets", subnet, path, one=one)
        told = [
            self._require(table_of(each, self.estate), f"{label(each, 'SubnetId')} uses", str(each["VpcId"]), path)
            for each in subnets
        ]
        return tuple(table for tables in told for table in tables)

    def _require(self, tables: tuple[AwsObject, ...], which: str, vpc_id: str, path: Path) -> tuple[AwsObject, ...]:
        """Return tables; a finding where there are none: a VPC always has a main one."""
        if not tables:
            message = f"not told which route table {which}: {doubt(self.estate, 'RouteTables', vpc_id, '')}"
            finding = NOT_TOLD.at(self.intent.source.place(path), message, GIVE_ALL)
            self.findings[finding] = command(
                "RouteTables", self.estate.region, f"--filters Name=vpc-id,Values={vpc_id}"
            )
        return tables


def group_name(reference: refs.Create | refs.Default) -> str:
    """Return the name by which AWS has a group that the module makes, or the VPC's default one."""
    return reference.name if isinstance(reference, refs.Create) else "default"


def table_of(subnet: AwsObject, estate: Estate) -> tuple[AwsObject, ...]:
    """Return the route table that a subnet uses: the associated one, else the VPC's main table."""
    vpc_id, subnet_id = str(subnet["VpcId"]), str(subnet["SubnetId"])
    return estate.tables(vpc_id, subnet_id) or estate.tables(vpc_id)

"""Where a spec's references lead in what stands in AWS: to one thing, to several, or to none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

from generator.live.estate import KINDS, AwsObject, Estate, command, name, tags
from generator.source.diagnostics import Code, Diagnostic, Refused
from generator.spec.references import ById, ByInput, ByName, ByTags, Create, Default, Main, OfSubnet, OfSubnets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.intent.endpoints import Endpoint
    from generator.intent.intent import Intent
    from generator.spec.references import RouteTable, Subnet

    Path = tuple[str | int, ...]

NOT_THERE = Code(
    "E402",
    "something that the spec names and AWS does not have",
    "The module looks it up when Terraform plans, and would stop there.",
)
NOT_ONE = Code(
    "E403",
    "a reference that leads to several things",
    "A Name tag, or tags, of which one thing is meant must be borne by one thing of the VPC; ids are always unique.",
)
NO_INPUT = Code(
    "E404",
    "a module input that is not known here",
    "The caller of the module gives it to Terraform, and this command does not read the caller: `--var` says it here.",
)
_KEYS = {
    "service_name": "ServiceName",
    "resource_configuration_arn": "ResourceConfigurationArn",
    "service_network_arn": "ServiceNetworkArn",
}
_NOUN = {
    "Vpcs": "VPC",
    "Subnets": "subnet",
    "RouteTables": "route table",
    "SecurityGroups": "security group",
    "PrefixLists": "prefix list",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedEndpoint:
    """One endpoint of the spec, and what its references lead to."""

    endpoint: Endpoint
    service_name: str | None
    """The service name in the estate's Region; None for an endpoint that has an ARN."""
    subnets: tuple[AwsObject, ...] = ()
    route_tables: tuple[AwsObject, ...] = ()
    security_groups: tuple[AwsObject, ...] = ()
    """The groups that are there: those that exist, and those that the module has made."""
    absent_groups: tuple[str, ...] = ()
    """The names of the groups that the module makes, and that are not there (yet)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where the whole spec is."""

    vpc: AwsObject | None
    endpoints: tuple[LocatedEndpoint, ...]
    findings: tuple[Diagnostic, ...]
    commands: Mapping[Diagnostic, str] = field(default_factory=dict)
    """The AWS CLI's line that shows it, by finding."""

    @property
    def vpc_id(self) -> str | None:
        """The VPC's id, where there is one."""
        return None if self.vpc is None else str(self.vpc["VpcId"])


def locate(intent: Intent, estate: Estate, inputs: Mapping[str, tuple[str, ...]] | None = None) -> Location:
    """Return where a spec's references lead; `inputs` are the ids that the module's inputs get, by name.

    What is not there, or not alone, is a finding at its place in the spec, once.
    """
    finder = _Finder(intent, estate, inputs or {})
    vpc = next(iter(finder.found("Vpcs", intent.spec.vpc, ("vpc",), one=True)), None)
    finder.vpc_id = None if vpc is None else str(vpc["VpcId"])
    endpoints = tuple(finder.placed(endpoint) for endpoint in intent.endpoints) if vpc else ()
    findings = tuple(dict.fromkeys(finder.findings))
    return Location(vpc=vpc, endpoints=endpoints, findings=findings, commands=finder.commands)


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """Follows the references of one spec that name no endpoint's own things: the sources of rules, fixed addresses."""

    intent: Intent
    estate: Estate
    inputs: Mapping[str, tuple[str, ...]]
    vpc_id: str

    def follow(self, kind: str, reference: Subnet, path: Path) -> tuple[AwsObject, ...]:
        """Return the one thing that a reference at `path` leads to; raises Refused where it leads nowhere."""
        finder = _Finder(self.intent, self.estate, self.inputs, self.vpc_id)
        things = finder.found(kind, reference, path, one=True)
        if finder.findings:
            raise Refused(finder.findings)
        return things


def matching(placed: LocatedEndpoint, estate: Estate, vpc_id: str) -> tuple[AwsObject, ...]:
    """Return the endpoints of the VPC that lead to the same target as one of the spec, the likeliest first.

    Those that are gone or going are left out. Of several, the one with the same Name tag is the likeliest.
    """
    endpoint = placed.endpoint
    key, value = _KEYS[endpoint.target.argument], endpoint.target.in_region(estate.region)
    found = [
        each
        for each in estate.all("VpcEndpoints", vpc_id)
        if each.get(key) == value
        and each.get("VpcEndpointType") == endpoint.type
        and str(each.get("State", "")).lower() not in {"deleting", "deleted"}
    ]
    return tuple(sorted(found, key=lambda each: (name(each) != endpoint.name, str(each["VpcEndpointId"]))))


@dataclass(slots=True)
class _Finder:
    """Follows the references of one spec; collects what leads nowhere."""

    intent: Intent
    estate: Estate
    inputs: Mapping[str, tuple[str, ...]]
    vpc_id: str | None = None
    findings: list[Diagnostic] = field(default_factory=list)
    commands: dict[Diagnostic, str] = field(default_factory=dict)

    def placed(self, endpoint: Endpoint) -> LocatedEndpoint:
        groups = self._groups(endpoint)
        return LocatedEndpoint(
            endpoint=endpoint,
            service_name=endpoint.service_name.in_region(self.estate.region) if endpoint.service_name else None,
            subnets=self._subnets(endpoint),
            route_tables=self._tables(endpoint),
            security_groups=tuple(group for _, group in groups if group is not None),
            absent_groups=tuple(named for named, group in groups if group is None),
        )

    def found(self, kind: str, reference: Subnet, path: Path, *, one: bool) -> tuple[AwsObject, ...]:
        """Return what a reference leads to; a finding where that is nothing, or (`one`) several."""
        match reference:
            case ByInput(variable):
                return self._input(kind, variable, path)
            case ById(given):
                things = tuple(thing for thing in (self.estate.one(kind, given),) if thing is not None)
                if kind != "PrefixLists" and self.vpc_id is not None:
                    things = tuple(thing for thing in things if thing.get("VpcId") == self.vpc_id)
                return self._counted(things, kind, given, path, one=True)
            case ByName(given):
                things = tuple(each for each in self._all(kind) if _name(each, kind) == given)
                return self._counted(things, kind, given, path, one=True)
            case ByTags(wanted):
                things = tuple(each for each in self._all(kind) if wanted.items() <= tags(each).items())
                words = ", ".join(f"{key} = {value}" for key, value in wanted.items())
                return self._counted(things, kind, words, path, one=one)
            case _:
                assert_never(reference)

    def _counted(
        self, things: tuple[AwsObject, ...], kind: str, shown: str, path: Path, *, one: bool
    ) -> tuple[AwsObject, ...]:
        place, noun = self.intent.source.place(path), _NOUN[kind]
        where = f"{self.estate.region}" if kind in {"Vpcs", "PrefixLists"} else f"VPC {self.vpc_id}"
        if not things:
            message = f"there is no {noun} {shown} in {where}"
            self._told(NOT_THERE.at(place, message, f"{KINDS[kind][1]} shows those that there are"), kind)
        elif one and len(things) > 1:
            ids = ", ".join(str(thing[KINDS[kind][0]]) for thing in things)
            message = f"{len(things)} {noun}s are {shown} in {where}: {ids}"
            self._told(NOT_ONE.at(place, message, "give the id of the one that is meant"), kind)
        return things

    def _told(self, finding: Diagnostic, kind: str) -> None:
        of_vpc = "" if kind in {"Vpcs", "PrefixLists"} else f"--filters Name=vpc-id,Values={self.vpc_id}"
        self.findings.append(finding)
        self.commands[finding] = command(kind, self.estate.region, of_vpc)

    def _all(self, kind: str) -> tuple[AwsObject, ...]:
        return self.estate.all(kind, None if kind in {"Vpcs", "PrefixLists"} else self.vpc_id)

    def _input(self, kind: str, variable: str, path: Path) -> tuple[AwsObject, ...]:
        if variable not in self.inputs:
            fix = f"say --var {variable}=ID, or --var {variable}=ID,ID for a list"
            place = self.intent.source.place((*path, "variable"))
            self.findings.append(NO_INPUT.at(place, f"the value of var.{variable} is not known here", fix))
            return ()
        ids = self.inputs[variable]
        things = tuple(thing for thing in (self.estate.one(kind, each) for each in ids) if thing is not None)
        return self._counted(things, kind, ", ".join(ids), path, one=False)

    def _subnets(self, endpoint: Endpoint) -> tuple[AwsObject, ...]:
        things = [
            thing
            for index, reference in enumerate(endpoint.subnets)
            for thing in self.found("Subnets", reference, (*endpoint.at("subnets"), index), one=False)
        ]
        return _once(things, "SubnetId")

    def _groups(self, endpoint: Endpoint) -> list[tuple[str, AwsObject | None]]:
        groups: list[tuple[str, AwsObject | None]] = []
        for index, reference in enumerate(endpoint.security_groups):
            path = (*endpoint.at("security_groups"), index)
            match reference:
                case Create():
                    groups.append((reference.name, self._group_called(reference.name)))
                case Default():
                    groups.append(("default", self._group_called("default")))
                case ById() | ByName() | ByTags() | ByInput():
                    groups += [("", group) for group in self.found("SecurityGroups", reference, path, one=False)]
                case _:
                    assert_never(reference)
        return groups

    def _group_called(self, called: str) -> AwsObject | None:
        return next((each for each in self._all("SecurityGroups") if each.get("GroupName") == called), None)

    def _tables(self, endpoint: Endpoint) -> tuple[AwsObject, ...]:
        tables: list[AwsObject] = []
        for index, reference in enumerate(endpoint.route_tables):
            tables += self._referred(reference, (*endpoint.at("route_tables"), index))
        return _once(tables, "RouteTableId")

    def _referred(self, reference: RouteTable, path: Path) -> tuple[AwsObject, ...]:
        match reference:
            case Main():
                return main_table(self.estate, str(self.vpc_id))
            case OfSubnet(subnet):
                return self._used_by(subnet, (*path, "subnet"), one=True)
            case OfSubnets():
                own = enumerate(self.intent.spec.subnets or ())
                return tuple(
                    table for index, each in own for table in self._used_by(each, ("subnets", index), one=False)
                )
            case ById() | ByName() | ByTags() | ByInput():
                return self.found("RouteTables", reference, path, one=False)
            case _:
                assert_never(reference)

    def _used_by(self, subnet: Subnet, path: Path, *, one: bool) -> tuple[AwsObject, ...]:
        subnets = self.found("Subnets", subnet, path, one=one)
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


def _name(thing: AwsObject, kind: str) -> str | None:
    """Return the name by which a spec refers to a thing: of a prefix list its own, of all else the Name tag."""
    return thing.get("PrefixListName") if kind == "PrefixLists" else name(thing)


def _once(things: Iterable[AwsObject], key: str) -> tuple[AwsObject, ...]:
    return tuple({str(thing[key]): thing for thing in things}.values())

"""From a spec to the module that it means: everything decided, and nothing written."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from generator import rules
from generator.catalog.listed import refined
from generator.hcl.hcl import Block, Call, Expression, Value, literal
from generator.intent import policies
from generator.intent.bundles import provenance
from generator.intent.endpoints import Wanted, has_private_dns, region_of, taken_by, wanted
from generator.module import guards, outputs
from generator.module import lookups as found_by
from generator.module import own_tests as module_tests
from generator.module.lookups import Found, Lookups
from generator.module.module import Module
from generator.module.routes import route_tables
from generator.module.security_groups import SecurityGroups
from generator.rules import Case, heeded
from generator.rules.provider import version
from generator.source.diagnostics import Code, Diagnostic, Refused
from generator.spec.scalars import Model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from generator.catalog.catalog import Catalog
    from generator.source.source import Source
    from generator.spec import Spec

OTHER_SUBNET = Code(
    "E213",
    "a fixed address in a subnet that the endpoint is not in",
    "Each subnet of `subnet_configuration` must be one of the endpoint's subnets.",
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SubnetConfiguration.html",
)
_SINGLE_RULES = (4, 56, 0)  # aws_vpc_security_group_ingress_rule: provider pull request 29484
_WIRED = {"service", "service_name", "type", "name", "tags", "subnets", "security_groups", "route_tables", "policy"}
_WIRED |= {"private_dns_enabled", "subnet_configuration"}


def resolve(
    spec: Spec,
    source: Source,
    catalog: Catalog,
    documents: Mapping[str, Source | str],
    today: date | None = None,
) -> Module:
    """Return the module that `spec` means.

    `documents` holds the policy files by the name that the spec gives them, or the reason why one can't be read.
    Of what is old by `today` there are warnings.
    Raises Refused with everything that stands in the way; warnings come with the module.
    """
    case, findings = settle(spec, source, catalog, documents, today)
    _refuse_errors(case, findings)
    resolver = _Resolver(case)
    module = resolver.module()
    findings = heeded(spec, source, (*findings, *resolver.findings))
    _refuse_errors(case, findings)
    return Module(**module, warnings=tuple(sorted(findings)))


def settle(
    spec: Spec,
    source: Source,
    catalog: Catalog,
    documents: Mapping[str, Source | str],
    today: date | None = None,
) -> tuple[Case, tuple[Diagnostic, ...]]:
    """Return what is wanted of each endpoint, defaults and policies in place, and what the rules find in that."""
    endpoints, findings = wanted(spec, source, catalog)
    endpoints = tuple(_refined(wish, spec, catalog) for wish in endpoints)
    found = policies.gathered(endpoints, spec=spec, source=source, catalog=catalog, read=documents)
    case = Case(spec=spec, source=source, catalog=catalog, endpoints=endpoints, policies=found, today=today)
    return case, (*findings, *found.findings, *rules.findings(case))


def _refined(wish: Wanted, spec: Spec, catalog: Catalog) -> Wanted:
    """Return an endpoint with what the list of its Region says of its service."""
    listed = catalog.lists.get(region_of(wish.endpoint, spec) or "")
    if listed is None or wish.service is None:
        return wish
    return replace(wish, service=refined(wish.service, listed.offer(str(wish.service_name), wish.type)))


def _refuse_errors(case: Case, findings: tuple[Diagnostic, ...]) -> None:
    if any(not finding.is_warning for finding in findings):
        raise Refused(heeded(case.spec, case.source, findings))


class _Resolver:
    """Resolves one spec; collects what it looks up and what it finds wrong."""

    def __init__(self, case: Case) -> None:
        spec, source = case.spec, case.source
        self.case = case
        self.spec = spec
        self.source = source
        self.lookups = Lookups(source, spec.vpc)
        single_rules = version(spec.aws_provider) >= _SINGLE_RULES
        self.groups = SecurityGroups(spec, source, self.lookups, single_rules=single_rules)
        self.expected: dict[str, dict[str, Value]] = {}
        self.own_findings: list[Diagnostic] = []

    @property
    def findings(self) -> list[Diagnostic]:
        return [*self.own_findings, *self.lookups.findings]

    def module(self) -> dict[str, Any]:
        """Return the fields of the module."""
        endpoints = self.case.endpoints
        blocks = _after_gateways(tuple(self.endpoint(endpoint) for endpoint in endpoints))
        groups = self.groups.blocks()
        guards.vpc_dns(self.lookups, blocks)
        guards.region(self.spec, self.lookups, blocks)
        addresses = outputs.private_addresses(self.spec, endpoints, self.source, self.lookups)
        return {
            "name": self.spec.name,
            "source": _name_in_comments(self.source.file),
            "aws_provider": self.spec.aws_provider,
            "region": self.spec.region,
            "endpoints": blocks,
            "lookups": tuple(sorted(self.lookups.blocks.values(), key=_lookup_order)),
            "security_groups": groups,
            "variables": found_by.inputs(self.lookups),
            "outputs": outputs.outputs(blocks, groups, addresses),
            "ignored": self.spec.ignore or {},
            "bundles": {wish.key: wish.bundles for wish in endpoints if wish.bundles},
            "tests": module_tests.blocks(self.spec, blocks, self.lookups, self.groups.mocks, self.expected),
        }

    def endpoint(self, wish: Wanted) -> Block:
        """Return the resource of one endpoint."""
        arguments: dict[str, Value] = {"vpc_id": self.lookups.vpc_id}
        if wish.service_name is not None:
            arguments["service_name"] = wish.service_name
        arguments["vpc_endpoint_type"] = wish.type
        blocks: list[Block] = []
        for name, value in self._passed_on(wish):
            if isinstance(value, dict):
                blocks.append(Block(type=name, arguments=value))
            else:
                arguments[name] = value
        arguments |= self._wiring(wish, blocks)
        tags = {**({"Name": wish.endpoint.name} if wish.endpoint.name else {}), **(wish.stated.get("tags") or {})}
        arguments["tags"] = tags
        return Block(
            type="resource",
            labels=("aws_vpc_endpoint", wish.key),
            arguments=arguments,
            blocks=tuple(blocks),
            comment=provenance(wish),
        )

    def _passed_on(self, wish: Wanted) -> Iterator[tuple[str, Value | dict[str, Value]]]:
        """Yield the fields that are the provider's arguments as they stand; a model of several is a nested block."""
        for name, value in wish.stated.items():
            if name not in _WIRED and value is not None:
                if isinstance(value, Model):
                    yield (
                        name,
                        {key: tuple(item) if isinstance(item, list) else item for key, item in value.stated().items()},
                    )
                else:
                    yield name, value
        if "private_dns_enabled" in taken_by(wish.type):
            yield "private_dns_enabled", has_private_dns(wish)

    def _wiring(self, wish: Wanted, blocks: list[Block]) -> dict[str, Value]:
        """Return the arguments that are made of references, and note what they come to in the module's own tests."""
        arguments: dict[str, Value] = {}
        expected = self.expected.setdefault(wish.key, {})
        subnets = self._subnets(wish)
        if "subnets" in taken_by(wish.type):
            arguments["subnet_ids"] = found_by.joined(subnets)
            expected["subnet_ids"] = found_by.mocks(subnets)
        if "security_groups" in wish.stated:
            ports = wish.service.ports if wish.service else ()
            groups = self.groups.found(wish.stated["security_groups"], wish.at("security_groups"), ports)
            arguments["security_group_ids"] = found_by.joined(groups)
            expected["security_group_ids"] = found_by.mocks(groups)
        if "route_tables" in wish.stated:
            path = wish.at("route_tables")
            tables = route_tables(
                wish.stated["route_tables"], path, spec=self.spec, source=self.source, lookups=self.lookups
            )
            arguments["route_table_ids"] = found_by.joined(tables)
            expected["route_table_ids"] = found_by.mocks(tables)
        if wish.key in self.case.policies.documents:
            arguments["policy"] = Call("jsonencode", (policies.value(self.case.policies.documents[wish.key]),))
        blocks += self._addresses(wish)
        blocks += guards.one_subnet_a_zone(wish, subnets, self.lookups)
        return arguments

    def _subnets(self, wish: Wanted) -> tuple[Found, ...]:
        path = wish.at("subnets")
        references = wish.stated.get("subnets") or ()
        return tuple(
            self.lookups.several("aws_subnet", subnet, (*path, index)) for index, subnet in enumerate(references)
        )

    def _addresses(self, wish: Wanted) -> Iterator[Block]:
        """Yield a block for each fixed address."""
        stated = wish.stated.get("subnets") or ()
        for index, fixed in enumerate(wish.stated.get("subnet_configuration") or ()):
            path = wish.path("subnet_configuration", index, "subnet")
            if fixed.subnet not in stated:
                fix = "give the subnet here as it is given in subnets"
                finding = OTHER_SUBNET.at(
                    self.source.place(path), f"this subnet is none of the subnets of {wish.key}", fix
                )
                self.own_findings.append(finding)
            subnet = self.lookups.one("aws_subnet", fixed.subnet, path)
            addresses = {name: getattr(fixed, name) for name in ("ipv4", "ipv6") if getattr(fixed, name)}
            yield Block(type="subnet_configuration", arguments={"subnet_id": subnet.value, **addresses})


def _after_gateways(endpoints: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the endpoints, those that AWS makes only beside a gateway of their service made after it, and gone before.

    Private DNS of Amazon S3 is for inbound Resolver endpoints alone, unless the endpoint says otherwise.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html
    """
    gateways = {
        literal(block.arguments["service_name"]): Expression(block.address)
        for block in endpoints
        if block.arguments["vpc_endpoint_type"] == "Gateway"
    }
    return tuple(
        replace(block, arguments={**block.arguments, "depends_on": (gateways[name],)})
        if (name := literal(block.arguments.get("service_name"))) in gateways and _is_beside_gateway(block)
        else block
        for block in endpoints
    )


def _is_beside_gateway(block: Block) -> bool:
    option = "private_dns_only_for_inbound_resolver_endpoint"
    stated = [options.arguments[option] for options in block.nested("dns_options") if option in options.arguments]
    return bool(block.arguments.get("private_dns_enabled")) and stated != [False]


def _name_in_comments(file: str) -> str:
    """Return the spec's file name, the same from whichever folder it was read, without what could end a comment."""
    return re.sub(r"[^\w./ @+=,-]|--+", "_", PurePath(file).name)


_ORDER = ("aws_region", "aws_vpc", "aws_subnets", "aws_subnet", "aws_route_table", "aws_route_tables")
_LAST = re.compile("aws_network_interface")


def _lookup_order(block: Block) -> tuple[int, ...]:
    """Return where a lookup stands in its file: the Region, the VPC, what is in it, and what is made of that."""
    if not block.labels:
        return (len(_ORDER),)
    kind = block.labels[0]
    return (_ORDER.index(kind) if kind in _ORDER else len(_ORDER) + 1 + bool(_LAST.match(kind)),)

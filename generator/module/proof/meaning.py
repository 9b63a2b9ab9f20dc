"""What a spec states for its endpoints, and where the rendered files say anything else than the spec states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from generator.catalog import bundles
from generator.catalog.listed import refine
from generator.hcl.facts import Facts
from generator.hcl.hcl import Expression, slug
from generator.intent import policies
from generator.intent.intent import Intent
from generator.module.module import TERRAFORM
from generator.module.proof.groups import PortRange, group
from generator.module.proof.reading import Meaning, Term, by, guard, order, read
from generator.module.proof.references import References, joined
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.spec import references as refs
from generator.spec.model import Defaults
from generator.spec.scalars import Model

NOT_STATED = Code("E907")
_NOT_TAKEN = {
    "Interface": {"route_tables"},
    "Gateway": {"subnets", "security_groups", "private_dns_enabled"},
    "GatewayLoadBalancer": {"security_groups", "route_tables", "policy", "private_dns_enabled"},
    "Resource": {"route_tables", "policy"},
    "ServiceNetwork": {"route_tables", "policy"},
}
"""The defaults of a spec that are not for a type: the API's CreateVpcEndpoint."""
_TYPES = {"resource_configuration_arn": "Resource", "service_network_arn": "ServiceNetwork"}
_NOTHING = Term("nothing")


def disagreements(intent: Intent, facts: Facts) -> tuple[Diagnostic, ...]:
    """Return where the files say anything else than the spec states: subject and field, wanted and found."""
    wanted, found = _Stated(intent).meaning(), read(facts)
    findings = []
    for subject in sorted(wanted.keys() | found.keys()):
        ours, theirs = _plain(wanted.get(subject, {})), found.get(subject, {})
        for field in sorted(ours.keys() | theirs.keys()):
            left, right = repr(ours.get(field, _NOTHING)), repr(theirs.get(field, _NOTHING))
            if left != right:
                message = f"{subject}: {field}: wanted {left}, found {right}"
                findings.append(NOT_STATED.at(Place(intent.source.file), message))
    return tuple(findings)


def _plain(value: Any) -> Any:
    """Return a value as the reading has it: keys in order, lists, and what is evaluated as terms."""
    match value:
        case dict():
            return {name: _plain(value[name]) for name in sorted(value)}
        case list() | tuple():
            return [_plain(item) for item in value]
        case Expression(text):
            return Term(text)
    return value


class _Stated:
    def __init__(self, intent: Intent) -> None:
        self.spec, self.catalog, self.policies = intent.spec, intent.catalog, intent.policies
        self.references = References(intent.spec)
        self.defaults = {name: value for name, value in self.spec.stated().items() if name in Defaults.model_fields}
        by_endpoints = [each.region for each in (self.spec.endpoints or {}).values() if each.region]
        by_input = isinstance(self.spec.region, refs.ByInput)
        self.managed: Any = self.name(self.spec.region) if by_input else (*by_endpoints, "")[0]
        """The Region that all is managed in, whatever the provider's is; empty where it is the provider's."""
        self.used: dict[str, list[str]] = {}
        self.groups: dict[str, tuple[refs.Create, dict[PortRange, None]]] = {}

    def meaning(self) -> Meaning:
        """Return what the spec states, under the subjects and fields of the reading."""
        endpoints = {key: self.endpoint(key, own) for key, own in self.stated().items()}
        gateways = {
            repr(said["service_name"]): Term(f"aws_vpc_endpoint.{key}")
            for key, said in endpoints.items()
            if said["vpc_endpoint_type"] == "Gateway"
        }
        for said in endpoints.values():  # private DNS of S3 is for inbound Resolver endpoints, and beside a gateway
            options, beside = said.get("dns_options", [{}])[0], gateways.get(repr(said.get("service_name")))
            is_inbound = options.get("private_dns_only_for_inbound_resolver_endpoint") is not False
            if beside and is_inbound and said.get("private_dns_enabled"):
                said["depends_on"] = [beside]
        rules = {label: group(label, made, [*ports], self.references) for label, (made, ports) in self.groups.items()}
        for key, labels in self.used.items():  # what lets in stands before the endpoint does, and after
            endpoints[key].setdefault("depends_on", []).extend(rule for label in labels for rule in rules[label])
        found = self.references.found | {f"endpoints.{key}": said for key, said in endpoints.items()}
        if any(said.get("private_dns_enabled") for said in endpoints.values()):
            found["data"][self.references.vpc] = [guard("self.enable_dns_support && self.enable_dns_hostnames")]
        found["managed in"] = {"region": self.managed}
        if isinstance(self.spec.region, refs.ByInput):
            self.references.text_by_input(self.spec.region.variable, "a Region")
        elif self.spec.region is not None and not self.managed:
            self.references.look_up("region", {}, f'element(split(".", self.endpoint), 1) == "{self.spec.region}"')
        return found | self.references.found | self.outputs(endpoints)

    def outputs(self, endpoints: dict[str, dict[str, Any]]) -> Meaning:
        """Return what the module gives to its caller, and what it requires."""
        gateways = [key for key, said in endpoints.items() if said["vpc_endpoint_type"] == "Gateway"]
        others = [key for key in endpoints if key not in gateways]
        values = {
            "endpoint_ids": {key: f"aws_vpc_endpoint.{key}.id" for key in endpoints},
            "endpoint_arns": {key: f"aws_vpc_endpoint.{key}.arn" for key in endpoints},
            "dns_names": {key: f"aws_vpc_endpoint.{key}.dns_entry[*].dns_name" for key in others},
            "dns_zone_ids": {key: f"aws_vpc_endpoint.{key}.dns_entry[*].hosted_zone_id" for key in others},
            "network_interface_ids": {key: f"aws_vpc_endpoint.{key}.network_interface_ids" for key in others},
            "prefix_list_ids": {key: f"aws_vpc_endpoint.{key}.prefix_list_id" for key in gateways},
            "security_group_ids": {label: f"aws_security_group.{label}.id" for label in self.groups},
        }
        found: Meaning = {
            f"outputs.{name}": {"value": {key: Term(text) for key, text in value.items()}}
            for name, value in values.items()
            if value
        }
        provider = {"source": "hashicorp/aws", "version": self.spec.aws_provider}
        return found | {"terraform": {"required_version": TERRAFORM, "required_providers": [{"aws": provider}]}}

    def stated(self) -> dict[str, dict[str, Any]]:
        """Return the endpoints by key with the fields that they state: the spec's own, then what bundles bring."""
        stated = {key: endpoint.stated() for key, endpoint in (self.spec.endpoints or {}).items()}
        pinned = [text.partition("@") for text in self.spec.bundles or ()]
        for member in (each for name, _, version in pinned for each in bundles.load()[name][int(version)].endpoints):
            fields: dict[str, Any] = {"service": member.service, "type": member.type}
            is_beside = member.type == "Interface" and "Gateway" in self.catalog.services[member.service].types
            key = re.sub(r"[.-]", "_", member.service) + ("_interface" if is_beside else "")
            fields["name"] = f"{self.spec.name}-{key.replace('_', '-')}"
            if self.spec.naming:
                fields["name"] = self.spec.naming.format.format(endpoint=key.replace("_", "-"))
            same = [own for own in stated.values() if self.target(own) == self.target(fields)]
            if not same:
                stated[key] = fields
            elif len(same) == 1:
                same[0].setdefault("name", fields["name"])
        return stated

    def target(self, fields: dict[str, Any]) -> tuple[str, Any]:
        """Return the type of an endpoint and the name of its service, whole."""
        kind = fields.get("type")
        if "service" not in fields:
            only = [_TYPES[name] for name in fields if name in _TYPES] or ["Interface"]
            return kind or only[0], self.name(fields.get("service_name"))
        kind = kind or self.catalog.services[fields["service"]].types[0]
        if region := self.region(fields):
            return kind, self.catalog.service_name(fields["service"], region, kind)
        pattern = next(iter(self.catalog.name_patterns(fields["service"], kind, self.spec.partition or "aws")))
        if self.spec.partition or self.catalog.varies(fields["service"], kind):
            self.references.look_up("partition", {}, f'self.partition == "{self.spec.partition or "aws"}"')
        managed = self.managed or 'element(split(".", region{}.endpoint), 1)'
        built = pattern.replace("{region}", f"${{{managed}}}")
        return kind, pattern if built == pattern else Term(f'"{built}"')

    def region(self, fields: dict[str, Any]) -> str:
        """Return the Region of an endpoint's service, if the spec says it."""
        stated = [fields.get("service_region"), self.spec.region, self.managed]
        return next((each for each in stated if type(each) is str), "")

    def name(self, stated: Any) -> Any:
        """Return a name as it is stated, or where the module has it from its caller."""
        return Term(f"var.{stated.variable}") if isinstance(stated, refs.ByInput) else stated

    def endpoint(self, key: str, own: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments of an endpoint: what it states, else the spec for all, else the default."""
        kind, service_name = self.target(own)
        fields = {name: value for name, value in self.defaults.items() if name not in _NOT_TAKEN[kind]} | own
        said: dict[str, Any] = {"vpc_id": self.references.vpc_id, "vpc_endpoint_type": kind}
        if service_name is not None:
            said["service_name"] = service_name
        if isinstance(own.get("service_name"), refs.ByInput):
            self.references.text_by_input(own["service_name"].variable, "a service")
        elif isinstance(service_name, Term) and not self.managed:
            self.references.look_up("region", {})
        if "private_dns_enabled" not in _NOT_TAKEN[kind]:
            said["private_dns_enabled"] = self.has_private_dns(own, kind, str(service_name))
        for name, value in fields.items():
            said |= self.argument(key, name, value)
        for each in fields.get("security_groups", ()):
            if isinstance(each, refs.Create):
                ports = self.catalog.services[own["service"]].ports if "service" in own else ()
                label = each.key or slug(each.name, "group")
                _, taken = self.groups.setdefault(label, (each, {}))
                self.used.setdefault(key, []).append(label)
                taken.update({(port.from_port, port.to_port, port.protocol): None for port in ports})
        fixed: dict[str, Any] = {name: said[name] for name in ("vpc_id", "service_name") if name in said}
        life = order(fixed, is_first=kind in {"Gateway", "GatewayLoadBalancer"})
        life |= {"prevent_destroy": True} if fields.get("protect") else {}
        if life := self.in_zones(key, fields.get("subnets", ()), kind) | life:
            said["lifecycle"] = [life]
        return said | {"tags": ({"Name": fields["name"]} if fields.get("name") else {}) | fields.get("tags", {})}

    def argument(self, key: str, name: str, value: Any) -> dict[str, Any]:
        """Return the argument that a field sets; one that nothing is known of is passed on as it is."""
        match name:
            case "was":
                addresses = pairwise(f"aws_vpc_endpoint.{each}" for each in (*value, key))
                self.references.found.setdefault("moved", {}).update((old, Term(new)) for old, new in addresses)
                return {}
            case "service" | "service_name" | "type" | "name" | "tags" | "protect" | "region":
                return {}
            case "subnets" | "security_groups" | "route_tables":
                return {f"{name[:-1]}_ids": self.references.several(name, value)}
            case "policy":
                if value == "unmanaged":
                    return {}
                known = partial(self.references.of_policy, inputs=self.policies.inputs)
                return {name: {"jsonencode": policies.as_value(self.policies.documents.get(key), known)}}
            case "subnet_configuration":
                fixed = [{**each.stated(), "subnet_id": self.references.one("subnet", each.subnet)} for each in value]
                return {name: [{part: each[part] for part in each if part != "subnet"} for each in fixed]}
        return {name: [value.stated()] if isinstance(value, Model) else value}

    def in_zones(self, key: str, subnets: Sequence[refs.Subnet], kind: str) -> dict[str, Any]:
        """Return the guard of the subnets' zones; note the lookups of the interfaces, where addresses are asked for."""
        for subnet in subnets if kind == "Interface" and self.spec.private_ip_outputs else ():
            of_endpoint = by("description", Term(f'"VPC Endpoint Interface ${{aws_vpc_endpoint.{key}.id}}"'))
            in_subnet = by("subnet-id", self.references.one("subnet", subnet))
            self.references.look_up("network_interface", in_subnet | of_endpoint)
        zones = [zone for subnet in subnets if (zone := self.references.zone(subnet))]
        if len(zones) > 1 or any(is_list for _, is_list in zones):
            listed = repr(joined(zones))
            return guard(f"length(distinct({listed})) == length({listed})", "precondition")
        return {}

    def has_private_dns(self, own: dict[str, Any], kind: str, service_name: str) -> bool:
        """Return whether an endpoint has private DNS where nothing is stated: an AWS service's interface, but S3's."""
        if kind != "Interface" or isinstance(own.get("service_name"), refs.ByInput):
            return False
        if "service" not in own:
            return ".vpce." not in service_name and not service_name.endswith(".s3")
        listed = self.catalog.lists.get(self.region(own))
        offer = listed.offer(service_name, kind) if listed else None
        service = refine(self.catalog.services[own["service"]], offer)
        return service.id != "s3" and service.private_dns_supported is not False

"""What `terraform show -json` prints of a state that has what AWS describes, by code of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ENDPOINT = {
    "VpcEndpointId": "id",
    "VpcId": "vpc_id",
    "OwnerId": "owner_id",
    "VpcEndpointType": "vpc_endpoint_type",
    "ServiceName": "service_name",
    "ServiceRegion": "service_region",
    "ResourceConfigurationArn": "resource_configuration_arn",
    "SubnetIds": "subnet_ids",
    "RouteTableIds": "route_table_ids",
    "NetworkInterfaceIds": "network_interface_ids",
    "IpAddressType": "ip_address_type",
    "PrivateDnsEnabled": "private_dns_enabled",
    "PolicyDocument": "policy",
}
_GROUP = {"GroupId": "id", "GroupName": "name", "Description": "description", "VpcId": "vpc_id"}
_LOOKED_UP = "web-servers"
_OPTIONS = {
    "DnsRecordIpType": "dns_record_ip_type",
    "PrivateDnsPreference": "private_dns_preference",
    "PrivateDnsSpecifiedDomains": "private_dns_specified_domains",
}
_SOURCES = {
    "IpRanges": ("CidrIp", "cidr_ipv4"),
    "Ipv6Ranges": ("CidrIpv6", "cidr_ipv6"),
    "UserIdGroupPairs": ("GroupId", "referenced_security_group_id"),
    "PrefixListIds": ("PrefixListId", "prefix_list_id"),
}


def state_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state of a root that has the endpoints and groups of some answers, in a module of tests/drift.

    What that looks up by name is another module's.
    """
    resources = [
        *(_resource("aws_vpc_endpoint", _endpoint(each), _key(each)) for each in answers["VpcEndpoints"]),
        *(
            _resource("aws_security_group", _values(each, _GROUP), each["GroupName"])
            for each in answers["SecurityGroups"]
        ),
    ]
    for group in answers["SecurityGroups"]:
        rules = (rule for permission in group.get("IpPermissions", ()) for rule in _rules(group["GroupId"], permission))
        resources += [_resource("aws_vpc_security_group_ingress_rule", rule) for rule in rules]
    module = {"address": "module.demo", "resources": resources}
    return {"format_version": "1.0", "values": {"root_module": {"child_modules": [module]}}}


def _key(endpoint: Mapping[str, Any]) -> str:
    """Return the key that the spec there has for an endpoint; its id where AWS made it for a service."""
    service = endpoint.get("ServiceName", "database").rpartition(".")[2]
    return str(endpoint["VpcEndpointId"] if service.startswith("vpce-svc-") else service)


def _resource(kind: str, values: dict[str, Any], key: str = "") -> dict[str, Any]:
    name = key or str(values["id"]).replace("/", "_")
    path = "module.web." if name == _LOOKED_UP else "module.demo."
    return {"address": f"{path}{kind}.{name}", "mode": "managed", "type": kind, "name": name, "values": values}


def _values(found: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    tags = {each["Key"]: each["Value"] for each in found.get("Tags", ()) if not each["Key"].startswith("aws:")}
    return {**{name: found.get(key) for key, name in names.items()}, "tags_all": tags}


def _endpoint(found: Mapping[str, Any]) -> dict[str, Any]:
    options = {name: found.get("DnsOptions", {}).get(key) for key, name in _OPTIONS.items()}
    groups = [each["GroupId"] for each in found.get("Groups", ()) if isinstance(each, dict)]
    return {**_values(found, _ENDPOINT), "dns_options": [options], "security_group_ids": groups}


def _rules(group: str, permission: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield one rule a source; the provider has no ports where all protocols may pass."""
    ports = {"from_port": permission.get("FromPort"), "to_port": permission.get("ToPort")}
    for kind, (key, name) in _SOURCES.items():
        for source in permission.get(kind, ()):
            yield {
                "id": f"sgr-{group}-{permission['IpProtocol']}-{permission.get('ToPort')}-{source[key]}".translate(
                    str.maketrans(":./", "___")
                ),
                "security_group_id": group,
                "ip_protocol": permission["IpProtocol"],
                **(ports if permission["IpProtocol"] != "-1" else {}),
                name: source[key],
                "description": source.get("Description"),
            }

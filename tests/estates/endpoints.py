"""Endpoints by chance, of each type and with all that AWS takes together."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from generator.catalog.catalog import Catalog
from tests.estates.growing import ACCOUNT
from tests.estates.policies import OWN, policy

if TYPE_CHECKING:
    from tests.estates.growing import Estate

_COMMON = (
    *("ecr.api", "ecr.dkr", "logs", "sqs", "sns", "kms", "sts", "ec2", "ssm", "ssmmessages", "monitoring", "events"),
    *("secretsmanager", "ecs", "ecs-agent", "eks", "lambda", "execute-api", "elasticfilesystem", "athena", "glue"),
    *("codeartifact.api", "kinesis-streams", "states", "rds", "xray", "sagemaker.studio", "sagemaker.api", "bedrock"),
    *("kms-fips", "iot.data", "transfer.server", "neptune-graph", "email-smtp", "s3", "s3", "dynamodb"),
)
"""The services that the emulated AWS has too."""
_RECORDS = {"ipv4": ("ipv4",), "ipv6": ("ipv6",), "dualstack": ("dualstack", "ipv4", "ipv6", "service-defined")}
_STATES = ("pendingAcceptance", "pending", "rejected", "failed", "expired", "deleting", "deleted")


_ALIKE = (
    *("ServiceName", "ServiceRegion", "ResourceConfigurationArn", "ServiceNetworkArn", "SubnetIds", "Groups"),
    *("IpAddressType", "DnsOptions", "PolicyDocument"),
)
"""What twins have alike, unless chance has it otherwise."""


def add_endpoints(made: Estate) -> None:
    """Add endpoints, and then to some of them what keeps `adopt` from taking them."""
    for make in made.chance.choices(
        (_interface, _gateway, _balancer, _lattice, _twin),
        (8, 3, 1, 2, 3),
        k=made.chance.randint(1, 4 if made.plain else 9),
    ):
        make(made)
    if not made.of("VpcEndpoints"):
        _interface(made)
    if not made.plain:
        for endpoint in made.of("VpcEndpoints")[1:]:
            if made.is_so(0.25):
                _disturb(made, endpoint)


def _endpoint(made: Estate, endpoint_type: str, **stated: Any) -> None:
    endpoint = made.add(
        "VpcEndpoints",
        VpcEndpointId=made.id("vpce"),
        VpcEndpointType=endpoint_type,
        VpcId=made.answers["Vpcs"][0]["VpcId"],
        OwnerId=ACCOUNT,
        State="available",
        Tags=made.tags(0.8),
        **stated,
    )
    tags = {each["Key"]: each["Value"] for each in endpoint["Tags"]}
    if tags.keys() & {"#", "%"} or not all(unicodedata.is_normalized("NFC", each) for each in tags.values()):
        made.left_out[endpoint["VpcEndpointId"]] = "Terraform writes the text in another form, or loses the tag"


def _zoned(made: Estate) -> list[dict[str, Any]]:
    """Return subnets of the VPC, of each zone one at most."""
    return [*{each["AvailabilityZone"]: each for each in made.some("Subnets", 1, 4)}.values()]


def _placed(made: Estate, subnets: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the fields of an endpoint with network interfaces and security groups."""
    groups = made.some("SecurityGroups", 1, 3)
    kinds = ["ipv4", "ipv4", *(["dualstack"] if all(each["Ipv6CidrBlockAssociationSet"] for each in subnets) else [])]
    return {
        "SubnetIds": [each["SubnetId"] for each in subnets],
        "Groups": [{"GroupId": each["GroupId"], "GroupName": each["GroupName"]} for each in groups],
        "IpAddressType": made.chance.choice(kinds),
    }


def _interface(made: Estate) -> None:
    chance, catalog = made.chance, Catalog.load()
    ids = _COMMON if made.plain or made.is_so(0.5) else tuple(catalog.services)
    service = catalog.services[chance.choice(ids)]
    region = made.region
    if made.is_so(0.1) and service.types == ("Interface",):
        region = chance.choice(("us-east-1", "eu-central-1"))
    if service.missing or "Interface" not in service.types:
        return
    name = catalog.service_name(service.id, region, "Interface")
    if made.is_so(0.12):
        name, region = f"com.amazonaws.vpce.{made.region}.vpce-svc-{chance.getrandbits(68):017x}", made.region
    is_partner = ".vpce." in name
    fields = _placed(made, _zoned(made))
    has_dns = all(made.attributes.values()) and made.is_so(0.7) and name not in made.private
    if has_dns := has_dns and not is_partner and service.private_dns_supported is not False:
        made.private.add(name)
    records = chance.choice(_RECORDS[fields["IpAddressType"]])
    options: dict[str, Any] = {"DnsRecordIpType": records}
    if name == f"com.amazonaws.{made.region}.s3":
        beside = any(
            each["VpcEndpointType"] == "Gateway" and each["ServiceName"] == name for each in made.of("VpcEndpoints")
        )
        options["PrivateDnsOnlyForInboundResolverEndpoint"] = has_dns and beside and made.is_so(0.5)
    text = OWN["Interface"] if is_partner or service.policy is False else policy(chance, "Interface")
    region = next((each for each in catalog.regions if f".{each}." in name), region)
    told = {} if f".{made.region}." in name and made.is_so(0.5) else {"ServiceRegion": region}
    _endpoint(
        made,
        "Interface",
        ServiceName=name,
        **fields,
        **told,
        PrivateDnsEnabled=has_dns,
        DnsOptions=options,
        PolicyDocument=text,
    )


def _gateway(made: Estate) -> None:
    service = made.chance.choice(("s3", "s3", "dynamodb", "s3express"))
    name = f"com.amazonaws.{made.region}.{service}"
    taken = {
        table
        for each in made.of("VpcEndpoints")
        if each.get("ServiceName") == name
        for table in each.get("RouteTableIds", ())
    }
    tables = [each["RouteTableId"] for each in made.some("RouteTables", 1, 3) if each["RouteTableId"] not in taken]
    if tables:
        text = policy(made.chance, "Gateway")
        _endpoint(made, "Gateway", ServiceName=name, RouteTableIds=tables, PolicyDocument=text, PrivateDnsEnabled=False)


def _balancer(made: Estate) -> None:
    name = f"com.amazonaws.vpce.{made.region}.vpce-svc-{made.chance.getrandbits(68):017x}"
    subnets = made.some("Subnets", 1, 1)
    fields = {key: value for key, value in _placed(made, subnets).items() if key != "Groups"}
    _endpoint(made, "GatewayLoadBalancer", ServiceName=name, **fields, PrivateDnsEnabled=False)


def _lattice(made: Estate) -> None:
    chance, number = made.chance, f"{made.chance.getrandbits(68):017x}"
    kind, key, path = chance.choice(
        (
            ("Resource", "ResourceConfigurationArn", "resourceconfiguration/rcfg"),
            ("ServiceNetwork", "ServiceNetworkArn", "servicenetwork/sn"),
        )
    )
    arn = f"arn:aws:vpc-lattice:{made.region}:{ACCOUNT}:{path}-{number}"
    fields, has_dns = _placed(made, _zoned(made)), all(made.attributes.values()) and made.is_so(0.5)
    options: dict[str, Any] = {"DnsRecordIpType": fields["IpAddressType"]}
    if has_dns and not made.plain:
        options |= chance.choice(
            (
                {},
                {"PrivateDnsPreference": "ALL_DOMAINS"},
                {
                    "PrivateDnsPreference": "SPECIFIED_DOMAINS_ONLY",
                    "PrivateDnsSpecifiedDomains": ["a.example", "*.b.example"],
                },
            )
        )
    _endpoint(made, kind, **{key: arn}, **fields, PrivateDnsEnabled=has_dns, DnsOptions=options)


def _twin(made: Estate) -> None:
    """Add endpoints of the service and name of another, which may differ in all else that AWS takes, or in nothing."""
    several, chance = made.of("VpcEndpoints"), made.chance
    for _ in range(chance.randint(1, 3) if several else 0):
        one = chance.choice(several)
        kept = {key: one[key] for key in _ALIKE if key in one}
        if one["VpcEndpointType"] == "Gateway":
            beside = [each for each in made.of("VpcEndpoints") if each.get("ServiceName") == one["ServiceName"]]
            taken = {table for each in beside for table in each.get("RouteTableIds", ())}
            free = [each["RouteTableId"] for each in made.of("RouteTables") if each["RouteTableId"] not in taken]
            if not free:
                return
            kept["RouteTableIds"] = free[: chance.randint(1, 2)]
        elif one["VpcEndpointType"] == "GatewayLoadBalancer" or made.is_so(0.3):
            subnets = made.some("Subnets", 1, 1) if "Groups" not in one else _zoned(made)
            placed = _placed(made, subnets)
            kept |= {key: placed[key] for key in ("SubnetIds", *(["Groups"] if "Groups" in one else []))}
            kept["IpAddressType"] = "ipv4"
            kept |= {"DnsOptions": {"DnsRecordIpType": "ipv4"}} if one.get("DnsOptions") else {}
        _endpoint(made, one["VpcEndpointType"], **kept, PrivateDnsEnabled=False)
        if made.is_so(0.8):
            twin, others = made.of("VpcEndpoints")[-1], [each for each in one["Tags"] if made.is_so(0.7)]
            twin["Tags"] = [each for each in one["Tags"] if each["Key"] == "Name" or each in others]
            if one["VpcEndpointId"] in made.left_out:
                made.left_out[twin["VpcEndpointId"]] = made.left_out[one["VpcEndpointId"]]
            else:
                made.left_out.pop(twin["VpcEndpointId"], None)


def _disturb(made: Estate, endpoint: dict[str, Any]) -> None:
    """Let an endpoint be what `adopt` leaves out, or warns of."""
    what = made.chance.choice((*["state"] * 3, "requester", "stack", "guard", "account", "empty name", "table"))
    match what:
        case "state":
            endpoint["State"] = made.chance.choice(_STATES)
            what = "" if endpoint["State"].startswith("pending") else what
        case "requester":
            endpoint["RequesterManaged"] = True
        case "stack":
            endpoint["Tags"].append({"Key": "aws:cloudformation:stack-name", "Value": "x"})
        case "guard":
            endpoint["Tags"].append({"Key": "GuardDutyManaged", "Value": "true"})
        case "account":
            endpoint["OwnerId"] = "444455556666"
        case "empty name":
            endpoint["Tags"] = [{"Key": "Name", "Value": ""}]
        case _ if endpoint["VpcEndpointType"] == "Gateway":
            endpoint["RouteTableIds"] = []
        case _:
            return
    if what:
        made.left_out[endpoint["VpcEndpointId"]] = what

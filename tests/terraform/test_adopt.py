"""What was made by hand is adopted, rendered, imported by Terraform, and nothing is changed."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from . import providers
from .adopting import adopt, run
from .examples import APP, BAND_UP, MODULES, NETWORKS
from .network import Network, provider_block

if TYPE_CHECKING:
    from random import Random

    from .bench import Bench
    from .network import Made
    from .runner import Terraform

REGION = BAND_UP.region
CUSTOM = {
    "Version": "2012-10-17",
    "Id": "images",
    "Statement": [
        {
            "Sid": "Pull",
            "Effect": "Allow",
            "Principal": "*",
            "Action": ["ecr:BatchGetImage", "ecr:Get*"],
            "Resource": "*",
        },
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "ecr:*",
            "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}, "NumericLessThan": {"s3:max-keys": "10"}},
        },
    ],
}
VERSIONS = [each.version for each in providers.found() if each.serves(">= 3.39")]


def by_hand(made: Made) -> None:
    """Make the workshop's endpoints as the console does: the default group, the main table, names of no system."""
    subnets = [f"subnet/{name}" for name in BAND_UP.subnets]
    (main,) = made.client.describe_route_tables(
        Filters=[{"Name": "vpc-id", "Values": [made.vpc_id]}, {"Name": "association.main", "Values": ["true"]}]
    )["RouteTables"]
    endpoints: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("ecr.dkr", "ecr-endpoint", {"PolicyDocument": json.dumps(CUSTOM)}),
        ("ecr.api", "ecr-api-endpoint", {}),
        ("logs", "cloudwatch-endpoint", {}),
        ("s3", "s3-endpoint", {"RouteTableIds": [main["RouteTableId"]]}),
    )
    for service, named, more in endpoints:
        is_gateway = service == "s3"
        placed: dict[str, Any] = {} if is_gateway else {"SubnetIds": subnets, "PrivateDnsEnabled": True}
        tags = {"Name": named, **({"Cost Center": "0815", "env": "no"} if service == "logs" else {})}
        made.create(
            VpcEndpointType="Gateway" if is_gateway else "Interface",
            ServiceName=f"com.amazonaws.{REGION}.{service}",
            TagSpecifications=[
                {"ResourceType": "vpc-endpoint", "Tags": [{"Key": key, "Value": tags[key]} for key in tags]}
            ],
            **placed,
            **more,
        )


def _planned(terraform: Terraform, count: int) -> None:
    """Plan and apply the import of some resources, in which nothing changes; the next plan is empty."""
    terraform.must("init")
    done = terraform.must("apply", "-auto-approve")  # it prints the plan first
    assert f"Plan: {count} to import, 0 to add, 0 to change, 0 to destroy" in done.text, done
    again = terraform.run("plan", "-detailed-exitcode")
    assert again.code == 0, again


@pytest.mark.parametrize("version", VERSIONS)
def test_what_the_console_made_is_taken_over(bench: Bench, version: str) -> None:
    """Four endpoints, one with a policy of its own and one with tags: four imports, and no change."""
    made = replace(BAND_UP, route_tables={}).make(bench.aws)
    by_hand(made)
    before = made.endpoints()
    said = adopt(bench, made, version=version)

    spec = (bench.folder / "specs" / "x.yaml").read_text()
    assert "W201" in said
    assert "terraform plan: 4 to import" in said
    assert "{default: true}" in spec
    assert "{main: true}" in spec
    assert "\npolicy: full-access\n" in spec
    module = bench.folder / "out" / "x"
    (module / "provider.tf").write_text(provider_block(bench.aws.url, REGION))
    with (module / "main.tf").open("a") as main:
        main.write((module / "imports.tf").read_text())
    (module / "imports.tf").unlink()
    with pytest.raises(AssertionError, match="E302"):  # without them Terraform would create all four
        run(bench.folder, "render", "specs/x.yaml", "--force")
    _planned(bench.terraform(module, version), 4)
    assert made.endpoints() == before


def test_a_plan_that_stops_is_told_with_what_ends_that(bench: Bench) -> None:
    """Private DNS stays as it is where an attribute of the VPC is turned off, and the module's guard looks at that."""
    made = replace(BAND_UP, route_tables={}).make(bench.aws)
    by_hand(made)
    made.client.modify_vpc_attribute(VpcId=made.vpc_id, EnableDnsHostnames={"Value": False})
    said = adopt(bench, made)

    step = f"aws ec2 modify-vpc-attribute --region {REGION} --vpc-id {made.vpc_id} --enable-dns-hostnames"
    assert f"for the plan stops until then:\n      {step}\n      in out/x: terraform init, then" in said
    module = bench.folder / "out" / "x"
    (module / "provider.tf").write_text(provider_block(bench.aws.url, REGION))
    terraform = bench.terraform(module)
    terraform.must("init")
    assert "Resource postcondition failed" in terraform.run("plan").text
    made.client.modify_vpc_attribute(VpcId=made.vpc_id, EnableDnsHostnames={"Value": True})
    _planned(terraform, 4)


def test_a_root_that_calls_the_module_takes_it_over(bench: Bench) -> None:
    """With `--module` the blocks stand in the root, with the module's address."""
    made = replace(BAND_UP, route_tables={}).make(bench.aws)
    by_hand(made)
    adopt(bench, made, "--module", "endpoints", "--imports", "root/imports.tf")

    root = bench.folder / "root"
    shutil.copytree(bench.folder / "out" / "x", root / "x")
    (root / "main.tf").write_text('module "endpoints" {\n  source = "./x"\n}\n')
    (root / "provider.tf").write_text(provider_block(bench.aws.url, REGION))
    assert "to = module.endpoints.aws_vpc_endpoint.ecr_dkr" in (root / "imports.tf").read_text()
    _planned(bench.terraform(root), 4)


def test_a_group_is_taken_over_with_its_rules(bench: Bench) -> None:
    """With `--own-security-groups` the groups and each of their rules are imported as they are, descriptions or none.

    One whose members another lets in gets another Name tag, and is not looked up by the one before.
    """
    made = replace(BAND_UP, route_tables={}, security_groups=("web", "clients"), prefix_lists=("office",)).make(
        bench.aws
    )
    web, clients = made.ids["security_group/web"], made.ids["security_group/clients"]
    https: dict[str, Any] = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
    for source in (
        {"IpRanges": [{"CidrIp": "10.0.0.0/16"}, {"CidrIp": "192.168.0.0/16", "Description": "Office, by VPN"}]},
        {"UserIdGroupPairs": [{"GroupId": clients, "Description": "Clients"}]},
        {"PrefixListIds": [{"PrefixListId": made.ids["prefix_list/office"], "Description": "Lists"}]},
        {"Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}], "FromPort": 1400, "ToPort": 1499},
    ):
        permission: Any = {**https, **source}
        made.client.authorize_security_group_ingress(GroupId=web, IpPermissions=[permission])
    within: Any = {"IpRanges": [{"CidrIp": "10.0.0.0/16"}], "UserIdGroupPairs": [{"GroupId": web}]}
    for protocol, kind in (("-1", -1), ("icmp", -1), ("icmp", 8), ("icmpv6", -1), ("icmpv6", 128)):
        ports = {} if protocol == "-1" else {"FromPort": kind, "ToPort": -1}
        traffic: Any = {"IpProtocol": protocol, **ports, **within}
        made.client.authorize_security_group_ingress(GroupId=web, IpPermissions=[traffic])
    only: Any = {**https, "IpRanges": [{"CidrIp": "192.168.0.0/16", "Description": "Office"}]}
    made.client.authorize_security_group_ingress(GroupId=clients, IpPermissions=[only])
    made.create(
        VpcEndpointType="Interface",
        ServiceName=f"com.amazonaws.{REGION}.sqs",
        SubnetIds=[f"subnet/{name}" for name in BAND_UP.subnets],
        SecurityGroupIds=[web, clients],
    )
    adopt(bench, made, "--own-security-groups")

    module = bench.folder / "out" / "x"
    (module / "provider.tf").write_text(provider_block(bench.aws.url, REGION))
    _planned(bench.terraform(module), 19)
    (module / "imports.tf").unlink()
    run(bench.folder, "drift", "specs/x.yaml", "--endpoint-url", bench.aws.url)
    spec = bench.folder / "specs" / "x.yaml"
    named = re.sub(r"(create:\s+name: clients\n( +))", r"\1tags: {Name: other}\n\2", spec.read_text())
    spec.write_text(named)
    run(bench.folder, "render", "specs/x.yaml")
    terraform = bench.terraform(module)
    assert "0 to add, 1 to change, 0 to destroy" in terraform.must("apply", "-auto-approve").text
    assert terraform.run("plan", "-detailed-exitcode").code == 0


def _taken_over(bench: Bench, made: Made, options: tuple[str, ...] = ()) -> None:
    """Adopt what another module has made, and let Terraform take it over: all of it, unchanged."""
    said = adopt(bench, made, *options)
    module = bench.folder / "out" / "x"
    (module / "provider.tf").write_text(provider_block(bench.aws.url, made.network.region))
    count = int(said.partition("terraform plan: ")[2].split()[0])
    _planned(bench.terraform(module), count)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("all-types", ("--own-security-groups",)),
        ("arguments", ()),
        ("endpoint-policies", ("--own-security-groups",)),
        ("security-groups", ()),
        ("text", ()),
    ],
)
def test_what_a_spec_made_is_adopted_as_it_is(name: str, options: tuple[str, ...], bench: Bench) -> None:
    """The round trip of an example: applied, adopted, rendered, and nothing is left to change."""
    terraform, made = bench.within(NETWORKS[name], MODULES[name])
    terraform.must("init")
    terraform.must("apply", "-auto-approve")
    _taken_over(bench, made, ("--vpc", made.vpc_id, *options))  # a later --vpc wins


def _invented(chance: Random) -> str:
    """Return a spec of endpoints that chance has chosen, each with what its type takes."""
    subnets = ["{name: private-a}", "{name: private-b}"]
    policies = [
        "full-access",
        '{Version: "2012-10-17", Statement: [{Effect: Deny, Principal: "*", Action: "*", Resource: "*"}]}',
    ]
    lines = ["name: made", "region: eu-west-1", "vpc: {name: app}", "subnets: [{name: private-a}, {name: private-b}]"]
    lines += ["route_tables: [{main: true}]", "security_groups: [{name: one}]", "endpoints:"]
    for service in chance.sample(["sqs", "sns", "logs", "kms", "ecr.api", "ecr.dkr", "events", "monitoring"], 6):
        fields = [f"service: {service}", f"private_dns_enabled: {chance.choice(['true', 'false'])}"]
        fields += [f"name: {chance.choice(['a name', 'ü', '0815', 'no'])}"] if chance.random() < 0.7 else []
        fields += [f"policy: {chance.choice(policies)}"] if chance.random() < 0.6 else []
        fields += [f"subnets: [{chance.choice(subnets)}]"] if chance.random() < 0.4 else []
        fields += [f"tags: {{Team: {chance.choice('xy')}}}"] if chance.random() < 0.5 else []
        group = chance.choice(["[{default: true}]", "[{name: two}, {name: one}]", "[{name: two}]"])
        fields += [f"security_groups: {group}"] if chance.random() < 0.5 else []
        lines.append(f"  {service.replace('.', '_')}: {{{', '.join(fields)}}}")
    for service in chance.sample(["s3", "dynamodb"], chance.randint(0, 2)):
        tables = chance.choice(["[{main: true}]", "[{name: own}]", "[{name: own}, {main: true}]"])
        lines.append(f"  {service}: {{service: {service}, type: Gateway, route_tables: {tables}}}")
    return "\n".join(lines) + "\n"


@settings(
    max_examples=2,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(chance=st.randoms(use_true_random=False))
def test_what_chance_made_is_adopted_as_it_is(chance: Random, bench: Bench) -> None:
    """The round trip of invented specs."""
    bench.aws.forget()
    bench = replace(bench, folder=bench.folder / str(len([*bench.folder.iterdir()])))
    bench.folder.mkdir()
    network: Network = replace(APP, route_tables={"own": ("private-b",)}, security_groups=("one", "two"))
    (bench.folder / "made.yaml").write_text(_invented(chance), encoding="utf-8")
    run(bench.folder, "render", "made.yaml", "-o", "first")
    terraform, made = bench.within(network, bench.folder / "first" / "made")
    terraform.must("init")
    terraform.must("apply", "-auto-approve")
    _taken_over(bench, made)

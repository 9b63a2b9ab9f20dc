"""What AWS or the provider would refuse: one function a rule, each with its code, its source and the fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.diagnostics import Code, Diagnostic
from generator.wanted import TAKES, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from generator.source import Source
    from generator.spec import Spec
    from generator.spec.references import SubnetReference
    from generator.spec.scalars import Model

    Rule = Callable[[Spec, Source, Wanted], Iterator[Diagnostic]]

NOT_TAKEN = Code(
    "E221",
    "a field that this type of endpoint does not take",
    "AWS refuses, or ignores in silence, what does not belong to an endpoint's type: a gateway has route tables and "
    "neither subnets nor security groups, a Gateway Load Balancer endpoint has subnets alone.",
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html",
)
NEEDED = Code(
    "E222",
    "a field that this type of endpoint needs",
    "A gateway endpoint without a route table is used by nobody. An endpoint with network interfaces needs subnets to "
    "put them in, and security groups that say who may reach them: where none is given, AWS attaches the VPC's default "
    "group, which answers its own members alone.",
    "https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
)
NEWER = Code(
    "E223",
    "an argument that the provider floor does not have",
    "`aws_provider` promises that the module works from that release on. An argument that came later breaks the "
    "promise for whoever still has an older provider.",
    "https://github.com/hashicorp/terraform-provider-aws/blob/main/CHANGELOG.md",
)
TOO_OLD = Code(
    "E224",
    "a provider floor that is not supported",
    "The rendered module is proven with provider 3.39 and later.",
)
OTHER_REGION = Code(
    "E225",
    "an endpoint in another Region than the spec's",
    "An endpoint is in the Region of its VPC, and one spec has one VPC. `service_region` is for a service elsewhere.",
    "https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
)
ONE_SUBNET = Code(
    "E226",
    "a Gateway Load Balancer endpoint in other than one subnet",
    "A Gateway Load Balancer endpoint is in exactly one subnet, which can't be changed later.",
    "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-load-balancer-endpoints.html",
)
WRONG_TARGET = Code(
    "E227",
    "a target that this type of endpoint does not have",
    "Resource endpoints lead to a resource configuration, ServiceNetwork endpoints to a service network, all others to "
    "a service by its name.",
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html",
)
CATALOG_SAYS_NO = Code(
    "E228",
    "private DNS on a service that has none",
    "Enabling private DNS fails for a service without a private DNS name: "
    '"Private DNS can\'t be enabled because the service does not provide a private DNS name".',
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/privatelink-interface-endpoints.html",
)

_OLDEST = (3, 39, 0)
_AWS_SUBNETS = "4.0.0"  # data.aws_subnets came between 3.39 and 4.0 (provider pull request 18803); 4.0 surely has it
_NEEDS = {
    "Interface": ("subnets", "security_groups"),
    "Resource": ("subnets", "security_groups"),
    "ServiceNetwork": ("subnets", "security_groups"),
    "GatewayLoadBalancer": ("subnets",),
    "Gateway": ("route_tables",),
}


_AN = {name: f"an {name}" if name == "Interface" else f"a {name}" for name in _NEEDS}


def version(text: str) -> tuple[int, int, int]:
    """Return the release in `>= 5.0` or `5.0.1` as numbers; what is left out is 0."""
    numbers = [int(part) for part in text.removeprefix(">=").strip().split(".")]
    major, minor, patch = (*numbers, 0, 0)[:3]
    return major, minor, patch


def taken_by(endpoint_type: str) -> frozenset[str]:
    """Return the fields of TAKES that an endpoint type takes."""
    return frozenset(field for field, types in TAKES.items() if endpoint_type in types)


def findings(spec: Spec, source: Source, endpoints: tuple[Wanted, ...]) -> Iterator[Diagnostic]:
    """Yield what the rules find in a spec and in each of its endpoints."""
    floor = version(spec.aws_provider)
    if floor < _OLDEST:
        yield TOO_OLD.at(
            source.place(("aws_provider",)), f"{spec.aws_provider} is older than 3.39", 'write ">= 3.39" or later'
        )
    elif spec.endpoints:
        for name in spec.model_fields_set - {"endpoints"}:
            yield from _newer(spec, name, source, (name,), floor)
        yield from _plural_subnets(spec, source, floor)
    for wish in endpoints:
        for rule in RULES:
            yield from rule(spec, source, wish)


def _not_taken(_spec: Spec, source: Source, wish: Wanted) -> Iterator[Diagnostic]:
    for name in sorted(wish.endpoint.model_fields_set & TAKES.keys() - taken_by(wish.type)):
        fix = f"leave {name} out; it is for {', '.join(sorted(TAKES[name]))}"
        yield NOT_TAKEN.at(
            source.key_place(wish.path(name)), f"{wish.key}: {_AN[wish.type]} endpoint takes no {name}", fix
        )


def _needed(_spec: Spec, _source: Source, wish: Wanted) -> Iterator[Diagnostic]:
    for name in _NEEDS[wish.type]:
        if not wish.stated.get(name):
            fix = f"add {name}: to the endpoint, or to the spec for all endpoints"
            yield NEEDED.at(wish.place, f"{wish.key}: {_AN[wish.type]} endpoint needs {name}", fix)
    if wish.stated.get("route_tables") == "of_subnets" and not _spec.subnets:
        yield NEEDED.at(
            wish.place, f"{wish.key}: route_tables: of_subnets needs subnets in the spec", "add subnets: to the spec"
        )


def _argument_newer(spec: Spec, source: Source, wish: Wanted) -> Iterator[Diagnostic]:
    floor = version(spec.aws_provider)
    for name in sorted(wish.endpoint.model_fields_set):
        yield from _newer(wish.endpoint, name, source, wish.path(name), floor)


def _newer(
    model: Model, name: str, source: Source, path: tuple[str | int, ...], floor: tuple[int, int, int]
) -> Iterator[Diagnostic]:
    """Yield the fields, and the fields inside them, that came after the floor."""
    needs = model.provider(name)
    if needs is not None and version(needs) > floor:
        fix = f'write aws_provider: ">= {needs}", or leave {name} out'
        yield NEWER.at(source.key_place(path), f"{name} needs provider {needs}", fix)
    value = getattr(model, name)
    if hasattr(value, "model_fields_set") and name != "vpc":
        for inner in sorted(value.model_fields_set):
            yield from _newer(value, inner, source, (*path, inner), floor)


def _plural_subnets(spec: Spec, source: Source, floor: tuple[int, int, int]) -> Iterator[Diagnostic]:
    if floor >= version(_AWS_SUBNETS):
        return
    lists: list[tuple[tuple[str, ...], Iterable[SubnetReference]]] = [(("subnets",), spec.subnets or ())]
    lists += [(("endpoints", key, "subnets"), endpoint.subnets or ()) for key, endpoint in spec.endpoints.items()]
    for path, subnets in lists:
        for index, subnet in enumerate(subnets):
            if subnet.form == "tags":
                fix = f'write aws_provider: ">= {_AWS_SUBNETS}", or name each subnet'
                place = source.place((*path, index))
                yield NEWER.at(place, f"subnets by tags need provider {_AWS_SUBNETS} (data.aws_subnets)", fix)


def _other_region(spec: Spec, source: Source, wish: Wanted) -> Iterator[Diagnostic]:
    region = wish.endpoint.region
    if region is not None and spec.region is not None and region != spec.region:
        message = f"{wish.key}: the endpoint is in {region}, the spec in {spec.region}"
        yield OTHER_REGION.at(
            source.place(wish.path("region")), message, "for a service of another Region write service_region:"
        )


def _one_subnet(_spec: Spec, _source: Source, wish: Wanted) -> Iterator[Diagnostic]:
    subnets = wish.stated.get("subnets") or ()
    if wish.type == "GatewayLoadBalancer" and len(subnets) > 1:
        message = f"{wish.key}: a GatewayLoadBalancer endpoint is in one subnet, not {len(subnets)}"
        yield ONE_SUBNET.at(wish.place, message, "give it subnets: with one, and make an endpoint for each zone")


def _wrong_target(_spec: Spec, source: Source, wish: Wanted) -> Iterator[Diagnostic]:
    wanted = {"resource_configuration_arn": "Resource", "service_network_arn": "ServiceNetwork"}.get(wish.endpoint.form)
    if (wanted or wish.type in {"Resource", "ServiceNetwork"}) and wanted != wish.type:
        message = f"{wish.key}: {wish.endpoint.form} does not go with type {wish.type}"
        yield WRONG_TARGET.at(source.place(wish.path("type")), message, f"write type: {wanted or 'Interface'}")


def _no_private_dns(_spec: Spec, source: Source, wish: Wanted) -> Iterator[Diagnostic]:
    says_no = wish.service is not None and wish.service.private_dns_supported is False
    if says_no and wish.type == "Interface" and wish.stated.get("private_dns_enabled") and wish.service is not None:
        path = wish.path("private_dns_enabled")
        place = source.place(path) if "private_dns_enabled" in wish.endpoint.model_fields_set else wish.place
        fix = f"write private_dns_enabled: false in {wish.key}"
        yield CATALOG_SAYS_NO.at(place, f"{wish.key}: {wish.service.id} has no private DNS name", fix)


RULES: tuple[Rule, ...] = (
    _not_taken,
    _needed,
    _argument_newer,
    _other_region,
    _one_subnet,
    _wrong_target,
    _no_private_dns,
)

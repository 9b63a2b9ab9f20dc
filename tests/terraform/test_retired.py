"""What `check` refuses beside a module does change what real Terraform plans, and a retired target's plan destroys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.generate import generate_source, targets
from generator.hcl.memory import Cache
from generator.module.intrusion import intrusions
from generator.source import source

from .network import Network
from .planning import planned
from .root import LIMIT, Root

if TYPE_CHECKING:
    from generator.generate import Generated

    from .bench import Bench

SPEC = """
values: {tier: text}
region: eu-west-1
vpc: {name: {format: "{tier}"}}
subnets: [{name: a}, {name: b}]
route_tables: of_subnets
security_groups: [{create: {name: {format: "{name}-endpoints"}, ingress: [{vpc: true}]}}]
endpoints:
  logs: {service: logs}
  s3: {service: s3, type: Gateway}
targets:
  app: {tier: prod}
"""
POLICY = """
data "aws_vpc_endpoint" "s3" {
  vpc_id       = data.aws_vpc.this.id
  service_name = "com.amazonaws.eu-west-1.s3"
}

resource "aws_vpc_endpoint_policy" "open" {
  vpc_endpoint_id = data.aws_vpc_endpoint.s3.id
  policy          = jsonencode({ Statement = [] })
}
"""
BESIDE = {
    "E321": ("x_override.tf", 'resource "aws_vpc_endpoint" "logs" {\n  private_dns_enabled = false\n}\n'),
    "E322": ("open.tf", POLICY),
    "E323": ("gone.tf", "moved {\n  from = aws_vpc_endpoint.s3\n  to   = aws_vpc_endpoint.other\n}\n"),
    "E324": (
        "y_override.tf",
        'locals {\n  é = false\n}\n\nresource "aws_vpc_endpoint" "logs" {\n  private_dns_enabled = local.é\n}\n',
    ),
}


def _rendered(text: str) -> Generated:
    (target,) = targets(source.parse(text, "network.yaml"))
    return generate_source(target.source, Cache(None))


def _refused(module: Generated, file: str, text: str) -> list[str]:
    others = {file: text.encode()}
    return [each.code for each in intrusions(module.facts.blocks, others, folder="out/app", spec="network.yaml")]


def test_beside_and_retired(bench: Bench) -> None:
    """Each file beside is refused and changes the plan or ends it; without it nothing is left; then all goes."""
    made = Network(region="eu-west-1", vpc="prod", subnets={"a": "a", "b": "b"}, route_tables={"private": ("a", "b")})
    root, module = Root(bench, {"app": made.make(bench.aws)}), _rendered(SPEC)
    root.put("app", module.files)
    root.terraform.must("init")
    root.applied("-auto-approve")
    assert root.pending() == []

    for code, (file, text) in BESIDE.items():
        assert _refused(module, file, text) == [code]
        (root.folder / "app" / file).write_text(text, encoding="utf-8")
        assert root.terraform.run("plan", "-input=false", "-detailed-exitcode", timeout=LIMIT).code in {1, 2}, code
        (root.folder / "app" / file).unlink()
    assert root.pending() == []

    root.put("app", _rendered(SPEC.replace("prod}", "prod, retired: true}")).files)
    assert {each.actions for each in planned(root).changes} == {("delete",)}
    root.applied("-auto-approve")
    assert root.pending() == []
    assert root.made["app"].endpoints() == []

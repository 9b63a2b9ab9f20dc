"""What another module made is taken over from its state: nothing is made, destroyed, or owned twice."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .adopting import adopt
from .examples import APP
from .network import provider_block

if TYPE_CHECKING:
    from .bench import Bench
    from .network import Made
    from .runner import Terraform

GIT = shutil.which("git") or "git"
SERVICES = ("ecr.api", "ecr.dkr", "events", "kms", "logs", "monitoring", "sns", "sqs", "ssm", "ssmmessages", "sts")
KEYS = ("s3", *SERVICES)
STAY = ("sns", "sqs", "sts")
_SHAPE = """
variable "vpc_id" {}
variable "subnet_ids" {}
variable "endpoints" {}
variable "cidr_blocks" {}

resource "aws_vpc_endpoint" "this" {
  EACH

  vpc_id              = var.vpc_id
  service_name        = VALUE.service_name
  vpc_endpoint_type   = VALUE.service_type
  security_group_ids  = VALUE.service_type == "Interface" ? [aws_security_group.this[0].id] : null
  subnet_ids          = VALUE.service_type == "Interface" ? var.subnet_ids : null
  route_table_ids     = VALUE.service_type == "Gateway" ? VALUE.route_table_ids : null
  policy              = try(VALUE.policy, null)
  private_dns_enabled = VALUE.service_type == "Interface" ? true : null
  tags                = { Name = VALUE.name }

  timeouts {
    create = "10m"
    update = "10m"
    delete = "10m"
  }
}

resource "aws_security_group" "this" {
  count = 1

  name        = "endpoints"
  description = "Made by a module"
  vpc_id      = var.vpc_id
  tags        = { Name = "endpoints" }
}

resource "aws_security_group_rule" "this" {
  for_each = { https = var.cidr_blocks }

  type              = "ingress"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = each.value
  security_group_id = aws_security_group.this[0].id
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = toset(["10.0.0.0/16", "10.3.0.0/24"])

  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
  cidr_ipv4         = each.key
  security_group_id = aws_security_group.this[0].id
}
"""
"""A module of the shape of terraform-aws-modules/vpc/aws//modules/vpc-endpoints."""
SHAPES = {
    "for_each": ("for_each = var.endpoints", "each.value"),
    "count": ("count = length(var.endpoints)", "values(var.endpoints)[count.index]"),
}
"""How it makes each endpoint, and what it calls one."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A root that has made endpoints by a module of others, in a network."""

    bench: Bench
    made: Made
    source: str

    @classmethod
    def of(cls, bench: Bench, shape: str, source: str) -> Owner:
        """Make twelve endpoints by a module, which is in a git repository too."""
        owner = cls(bench, replace(APP, route_tables={"private": ()}).make(bench.aws), source)
        each, value = SHAPES[shape]
        (bench.folder / "modules" / "endpoints").mkdir(parents=True)
        text = _SHAPE.replace("EACH", each).replace("VALUE", value)
        (bench.folder / "modules" / "endpoints" / "main.tf").write_text(text, encoding="utf-8")
        owner.commit()
        terraform = owner.terraform("root", owner.call(KEYS))
        terraform.must("apply", "-auto-approve", "-parallelism=20")
        (bench.folder / "state.json").write_text(terraform.must("show", "-json").output, encoding="utf-8")
        return owner

    def commit(self) -> None:
        """Put the modules of this folder into its git repository."""
        for command in (("init", "-q"), ("add", "-A", "modules"), ("commit", "-q", "--allow-empty", "-m", "x")):
            user = ("-c", "user.name=x", "-c", "user.email=x@example.com")
            subprocess.run((GIT, *user, *command), cwd=self.bench.folder, check=True)

    def call(self, keys: tuple[str, ...]) -> str:
        """Return the block that calls the module for some endpoints."""
        gateway = {"service_type": "Gateway", "route_table_ids": [self.made.ids["route_table/private"]]}
        endpoints = {
            key: {
                **(gateway if key == "s3" else {"service_type": "Interface"}),
                "service_name": f"com.amazonaws.{APP.region}.{key}",
                "name": key,
            }
            for key in keys
        }
        subnets = [self.made.ids[f"subnet/{each}"] for each in APP.subnets]
        inputs = {"source": self.source, "vpc_id": self.made.vpc_id, "subnet_ids": subnets, "endpoints": endpoints}
        return _module("endpoints", **inputs, cidr_blocks=["10.1.0.0/16", "10.2.0.0/16"])

    def terraform(self, name: str, *blocks: str) -> Terraform:
        """Return Terraform in a root with some blocks, initialized."""
        folder = self.bench.folder / name
        folder.mkdir(exist_ok=True)
        (folder / "main.tf").write_text("\n".join(blocks), encoding="utf-8")
        (folder / "provider.tf").write_text(provider_block(self.made.aws.url, APP.region), encoding="utf-8")
        terraform = self.bench.terraform(folder)
        terraform.must("init")
        return terraform

    def copy(self, name: str) -> Owner:
        """Return the same in a folder of its own: what is taken over there is not taken over here."""
        folder = self.bench.folder / name
        folder.mkdir()
        for each in ("root", "modules"):
            shutil.copytree(self.bench.folder / each, folder / each, symlinks=True)
        shutil.copy(self.bench.folder / "state.json", folder)
        return replace(self, bench=replace(self.bench, folder=folder))

    def adopt(self, *options: str) -> dict[str, Any]:
        """Adopt endpoints with the state, and return what is said."""
        said = adopt(self.bench, self.made, "--state", "state.json", "--format", "json", *options)
        found: dict[str, Any] = json.JSONDecoder().raw_decode(said)[0]
        return found


def _module(name: str, **inputs: object) -> str:
    return "\n".join([f'module "{name}" {{', *(f"  {key} = {json.dumps(value)}" for key, value in inputs.items()), "}"])


def _select(keys: tuple[str, ...]) -> list[str]:
    return [option for key in keys for option in ("--select", f"com.amazonaws.{APP.region}.{key}")]


def _settled(terraform: Terraform, *, moved: int = 0, imports: int = 0) -> None:
    """Apply what makes and destroys nothing; then there is nothing left to do."""
    done = terraform.must(
        "apply", "-auto-approve", "-refresh=false"
    )  # it prints the plan first; the next one refreshes
    assert done.output.count("has moved to") == moved, done
    assert "0 added, 0 changed, 0 destroyed" in done.text, done
    assert f"{imports} imported, " in done.text if imports else "imported, " not in done.text, done
    again = terraform.run("plan", "-detailed-exitcode")
    assert again.code == 0, again


WITHIN = ("--module", "x", "--imports", "root/imports.tf")
HERE = tuple(key for key in KEYS if key not in STAY)


def _all_in_one_root(owner: Owner) -> None:
    """Take all over with their group: rules of another type are imported and let go, others move as the module does."""
    said = owner.adopt(*WITHIN, "--own-security-groups")
    assert (said["to_move"], said["to_import"], said["to_let_go"]["commands"]) == (15, 2, [])
    text = (owner.bench.folder / "root" / "imports.tf").read_text(encoding="utf-8")
    assert 'from = module.endpoints.aws_vpc_endpoint.this["sqs"]\n  to   = module.x.aws_vpc_endpoint.sqs' in text
    assert "to   = module.x.aws_vpc_security_group_ingress_rule.endpoints_from_10_3_0_0_24_8443\n" in text
    _settled(
        owner.terraform("root", _module("x", source="../out/x"), said["to_let_go"]["removed"]), moved=15, imports=2
    )


def _some_in_one_root(owner: Owner) -> None:
    said = owner.adopt(*WITHIN, *_select(HERE))
    assert (said["to_move"], said["to_import"], said["to_let_go"]["roots"]) == (9, 0, [])
    _settled(owner.terraform("root", _module("x", source="../out/x"), owner.call(STAY)), moved=9)


def _all_in_another_root(owner: Owner) -> None:
    said = owner.adopt("--own-security-groups")
    assert (said["to_move"], said["to_import"], said["to_let_go"]["commands"]) == (0, 17, [])
    rendered = (owner.bench.folder / "out" / "x" / "main.tf").read_text(encoding="utf-8")
    plan = owner.terraform("out/x", rendered).must("plan")
    assert "Plan: 17 to import, 0 to add, 0 to change, 0 to destroy" in plan.text, plan
    _settled(owner.terraform("root", said["to_let_go"]["removed"]))


def _some_in_another_root(owner: Owner) -> None:
    """What stays keeps the block in the configuration, so that no `removed` can say what goes."""
    said = owner.adopt(*_select(HERE))
    assert (said["to_import"], said["to_let_go"]["removed"]) == (9, "")
    terraform = owner.terraform("root", owner.call(STAY))
    for command in said["to_let_go"]["commands"]:
        terraform.must(*shlex.split(command)[1:])
    assert terraform.run("plan", "-detailed-exitcode").code == 0


def test_twelve_endpoints_of_a_module_are_taken_over(bench: Bench) -> None:
    """All and some of them, in the root that has them and in one of its own."""
    owner = Owner.of(bench, "for_each", "../modules/endpoints")
    before = owner.made.endpoints()
    for take_over in (_all_in_one_root, _some_in_one_root, _all_in_another_root, _some_in_another_root):
        take_over(owner.copy(take_over.__name__))
    assert owner.made.endpoints() == before


def test_they_move_from_count_and_between_modules_in_git(bench: Bench) -> None:
    """Terraform moves from and to modules of other packages too, where the root says so."""
    git = f"git::file://{bench.folder}//modules"
    owner = Owner.of(bench, "count", f"{git}/endpoints")
    said = owner.adopt(*WITHIN)
    assert (said["to_move"], said["to_import"]) == (12, 0)
    shutil.copytree(bench.folder / "out" / "x", bench.folder / "modules" / "x")
    owner.commit()
    _settled(owner.terraform("root", _module("x", source=f"{git}/x"), owner.call(())), moved=12)

"""Specs of many endpoints, and python-hcl2 alone on what they render to."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from benchmarks.measure import Work

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_HEAD = """\
name: many
region: eu-west-1
aws_provider: ">= 3.39"
vpc: {name: app}
subnets: [{name: private-a}, {name: private-b}]
route_tables: [{name: private}]
security_groups: [{name: endpoints}]
tags: {Project: app}
endpoints:
"""
_ALONE = """\
import gc, pathlib, sys
gc.disable()
import hcl2.parser
hcl2.parser.PARSER_FILE = pathlib.Path(sys.argv[2])
for file in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
    if file.suffix in {".tf", ".hcl"}:
        hcl2.loads(file.read_text())
"""


def spec(count: int, scratch: Path) -> Path:
    """Write a spec of `count` endpoints, every eighth a gateway, and return it."""
    lines = (f"  e{number}: {{service: {_endpoint(number)}, name: endpoint-{number}}}\n" for number in range(count))
    path = scratch / f"many-{count}.yaml"
    path.write_text(_HEAD + "".join(lines), encoding="utf-8")
    return path


def _endpoint(number: int) -> str:
    """Return a service and what lets a VPC have it many times: a route table each, and no private DNS."""
    if number % 8 == 0:
        return f"s3, type: Gateway, route_tables: [{{id: rtb-{number:017x}}}]"
    return "sqs, private_dns_enabled: false"


def python_hcl2(module: Path, scratch: Path, environment: Mapping[str, str]) -> Work:
    """Return python-hcl2 at work on the HCL files of a module, the collector paused and the grammar kept."""
    command = (sys.executable, "-c", _ALONE, str(module), str(scratch / "grammar.bin"))
    return Work(command=command, folder=scratch, environment=environment)

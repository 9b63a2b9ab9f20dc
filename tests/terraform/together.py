"""Examples that one run of Terraform takes together: those of one provider and one Region, each in a VPC of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from .examples import Case, cases

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .bench import Bench
    from .network import Made, Network
    from .root import Root

ECR = "any-region-ecr"
"""It finds its VPC by tags, which are those of another example's VPC too."""


def together(is_taken: Callable[[Case], bool] = lambda _: True) -> dict[str, list[Case]]:
    """Return the examples that providers here serve, by what one run takes."""
    served = [each.values[0] for each in cases() if not each.marks]
    taken = sorted((case for case in served if isinstance(case, Case) and is_taken(case)), key=_run)
    return {name: [*group] for name, group in groupby(taken, _run)}


def _run(case: Case) -> str:
    return f"{case.version}-{case.network.region}{f'-{ECR}' if case.name == ECR else ''}"


def made_for(case: Case, bench: Bench) -> Made:
    """Make an example's network, with IPv6 and a name of the VPC that no other example's has."""
    made = replace(case.network, has_ipv6=True).make(bench.aws)
    if _is_renamed(case.network):
        tags: Any = [{"Key": "Name", "Value": f"{case.network.vpc} of {case.name}"}]
        made.client.create_tags(Resources=[made.vpc_id], Tags=tags)
    return made


def with_own_vpc(case: Case, spec: str) -> str:
    """Return an example's spec for the name of the VPC that `made_for` made."""
    return re.sub(rf"(\bvpc:\s+{{?name: {re.escape(case.network.vpc)})\b", rf"\1 of {case.name}", spec)


def _is_renamed(network: Network) -> bool:
    return network.vpc.replace("-", "").isalpha()


def put_all(root: Root, modules: Path, cases: dict[str, Case]) -> None:
    """Put each example's text from a folder of modules, for the name of its VPC."""
    for name, case in cases.items():
        vpc = case.network.vpc
        text = {file.name: file.read_text(encoding="utf-8") for file in (modules / name).glob("*.tf")}
        if _is_renamed(case.network):
            text = {file: each.replace(f'Name = "{vpc}"', f'Name = "{vpc} of {name}"') for file, each in text.items()}
        root.put(name, text)

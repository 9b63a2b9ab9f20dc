"""Edits of specs, each in a VPC of its own and all in one run of Terraform, applied forth and back."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from generator.change import edit as change
from generator.change.refusals import judge
from generator.source import source
from tests.cases import generated

from .gaps import gaps
from .network import Network
from .root import LIMIT, Root, parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .bench import Bench
    from .network import Made

EDITS = {folder.name: folder for folder in sorted((Path(__file__).parent / "edits").iterdir())}
"""Each edit by name: `before.yaml` and `after.yaml`; `outside.tf` is around the module; `case.yaml` has fields of its
Network, and as `refused` the codes with which `render` refuses an end."""
ENDS = ("after", "before")
_HTTPS: Any = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}]
_WHERE = re.compile(r"with module\.([\w-]+)\.")


@cache
def case(name: str) -> dict[str, Any]:
    """Return what an edit has that is not like everywhere."""
    file = EDITS[name] / "case.yaml"
    return dict(yaml.safe_load(file.read_text(encoding="utf-8"))) if file.exists() else {}


@cache
def refused(name: str, which: str) -> list[str]:
    """Return the codes with which `render` refuses to come to an end from the other one, though all may go."""
    new, old = (generated(EDITS[name] / f"{each}.yaml") for each in sorted(ENDS, key=lambda end: end != which))
    compared = change.edit(source.read(new.path), old.facts, new.facts)
    found = judge([compared], ("destroy:*/*", "replace:*/*"))[1]
    return [finding.code for finding in found if finding.code != "E506"]


class Site(Root):
    """Edits in the emulated AWS: at first each as its spec is before."""

    def __init__(self, bench: Bench, names: Iterable[str]) -> None:
        """Make the networks, and apply what is before the edits."""
        super().__init__(bench, {name: _made(bench, name) for name in names})
        for name in self.made:
            if (EDITS[name] / "outside.tf").exists():
                shutil.copy(EDITS[name] / "outside.tf", self.folder / f"{name}.tf")
        self.put_all("before")
        self.terraform.must("init")
        self.start = self.last = self.applied("-auto-approve")[-1].vpcs
        self.aws.keep()
        self.kept = shutil.copy(self.folder / "terraform.tfstate", bench.folder / "kept.tfstate")

    def again(self) -> None:
        """Let all be as before the edits, in AWS and in Terraform's state; the text stays."""
        self.aws.restore()
        shutil.copy(self.kept, self.folder / "terraform.tfstate")
        self.last = self.start

    def apply(self, which: str, *options: str) -> Iterator[str]:
        """Apply one end of the edits over the other; yield what went wrong: the edit, the end, and what.

        An edit that `render` refuses stays at the end where it is.
        """
        self.put_all(which)
        run, calls = self.recorded("apply", "-auto-approve", *options)
        if run is None:
            yield f"{which}: did not end in {LIMIT} seconds"
        elif run.code:
            yield from (f"{name} {which}: an error" for name in set(_WHERE.findall(run.text)) or [str(run)])
        for name, made in self.made.items():
            found = gaps(calls, made.vpc_id, self.last[made.vpc_id])
            yield from (f"{name} {which}: {each}" for each in found)
        self.last = calls[-1].vpcs if calls else self.last

    def left(self, which: str) -> Iterator[str]:
        """Yield what a plan would still change after one end of the edits was applied."""
        for name, what in map(parts, self.pending()):
            yield f"{name} {which}: left to do: {what}"

    def put_all(self, which: str) -> None:
        """Render each edit's spec, `before` or `after`, over what there is, unless `render` refuses that."""
        for name in self.made:
            if not (self.folder / name).exists() or not refused(name, which):
                self.put(name, generated(EDITS[name] / f"{which}.yaml").files)


def _made(bench: Bench, name: str) -> Made:
    """Make the VPC of an edit's name, where people are let in through what exists as well, and one prefix list."""
    special = {field: value for field, value in case(name).items() if field != "refused"}
    made = Network(
        region="eu-west-1",
        vpc=name,
        subnets={"a": "a", "b": "b"},
        route_tables={"private": ("a", "b")},
        security_groups=("existing", "clients"),
        **special,
    ).make(bench.aws)
    filters: Any = [{"Name": "vpc-id", "Values": [made.vpc_id]}, {"Name": "group-name", "Values": ["default"]}]
    (default,) = made.client.describe_security_groups(Filters=filters)["SecurityGroups"]
    for group in (default["GroupId"], made.ids["security_group/existing"]):
        made.client.authorize_security_group_ingress(GroupId=group, IpPermissions=_HTTPS)
    named: Any = [{"Name": "prefix-list-name", "Values": ["office"]}]
    if not made.client.describe_managed_prefix_lists(Filters=named)["PrefixLists"]:
        made.client.create_managed_prefix_list(PrefixListName="office", AddressFamily="IPv4", MaxEntries=5)
    return made

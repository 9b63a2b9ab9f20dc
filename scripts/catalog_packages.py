"""What pinned public packages say: service names of the AWS CDK, Regions of botocore, Availability Zones of cfn-lint.

It alone downloads, with pip and nothing else, and reads straight from the wheels: nothing is installed or run.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEFAULT_PREFIX = "com.amazonaws"
_CALL = "new InterfaceVpcEndpointAwsService("
_INTERFACE = re.compile(r"static \w+=new InterfaceVpcEndpointAwsService\(([^()]*)\);")
_ARGUMENTS = re.compile(
    r'"(?P<name>[^"]+)"(?:,(?:"(?P<prefix>[^"]*)"|void 0))?(?:,(?:(?P<port>\d+)|void 0))?(?P<world>,\{global:!0\})?'
)
_GATEWAY = re.compile(r'new GatewayVpcEndpointAwsService\("([^"]+)"\)')
_EXCEPTIONS = re.compile(
    r"getDefaultEndpointPrefix\(name,region\)\{if\((\{.*?\})\[region\]\?\.includes\(name\)\)switch\(region\)\{(.*?)\}"
)
_SUFFIXES = re.compile(
    r'getDefaultEndpointSuffix\(name,region\)\{return(\{.*?\})\[region\]\?\.includes\(name\)\?"([^"]+)"'
)


class SourceChangedError(Exception):
    """A source no longer has the form that is read here, or holds less than it did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The service names that the AWS CDK knows; templates hold `{region}` in place of the Region."""

    templates: dict[str, str]
    ports: dict[str, int]
    """The port of each service that has another than 443."""
    gateways: tuple[str, ...]
    exceptions: dict[str, dict[str, str]]
    """By Region and service id, the template of an interface endpoint that has another prefix or suffix there."""
    suffix_regions: tuple[str, ...]


def options_of(description: str) -> argparse.Namespace:
    """Return the options of a script that makes a file of packages: `check`, and the folder `cache`, which is made."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "gen-endpoints-catalog")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    return options


def fetch(package: str, *, version: str, sha256: str, cache: Path) -> Path:
    """Return the wheel of a package, downloaded once into `cache`.

    Raises SourceChangedError when it is not the pinned one, and CalledProcessError when pip can't get it.
    """
    pattern = f"{package.replace('-', '_')}-{version}-*.whl"
    if not list(cache.glob(pattern)):
        command = ("pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(cache))
        subprocess.run([sys.executable, "-m", *command, f"{package}=={version}"], check=True)  # noqa: S603
    wheel = next(iter(cache.glob(pattern)))
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != sha256:
        raise SourceChangedError(f"{wheel.name} has sha256 {found}, not the pinned {sha256}")
    return wheel


def cdk_source(wheel: Path) -> str:
    """Return the JavaScript of the CDK's VPC endpoints, which its wheel holds as a package inside the package."""
    with zipfile.ZipFile(wheel) as archive:
        inner = next(name for name in archive.namelist() if re.fullmatch(r"aws_cdk/_jsii/aws-cdk-lib@.*\.tgz", name))
        with tarfile.open(fileobj=io.BytesIO(archive.read(inner))) as package:
            source = package.extractfile("package/aws-ec2/lib/vpc-endpoint.js")
            if source is None:
                raise SourceChangedError(f"{inner} holds no aws-ec2/lib/vpc-endpoint.js")
            return source.read().decode()


def read_names(javascript: str) -> Names:
    """Read the service names from the CDK's minified JavaScript.

    Raises SourceChangedError when a constructor or a table does not have the form that is known.
    """
    templates: dict[str, str] = {}
    ports: dict[str, int] = {}
    calls = _INTERFACE.findall(javascript)
    if len(calls) != javascript.count(_CALL):
        raise SourceChangedError(f"{javascript.count(_CALL)} interface services, of which {len(calls)} can be read")
    for call in calls:
        arguments = _ARGUMENTS.fullmatch(call)
        if arguments is None:
            raise SourceChangedError(f"an interface service with arguments of a new form: {call}")
        service, template = _named(arguments)
        if templates.setdefault(service, template) != template:
            raise SourceChangedError(f"{service} is both {templates[service]} and {template}")
        if arguments["port"]:
            ports[service] = int(arguments["port"])
    exceptions, suffix_regions = _exceptions(javascript)
    gateways = tuple(sorted(_GATEWAY.findall(javascript)))
    return Names(
        templates=templates, ports=ports, gateways=gateways, exceptions=exceptions, suffix_regions=suffix_regions
    )


def _named(arguments: re.Match[str]) -> tuple[str, str]:
    """Return the id and the template of a service; `aws.sagemaker` names get ids of their own."""
    name, prefix = arguments["name"], arguments["prefix"] or DEFAULT_PREFIX
    service = f"sagemaker.{name}" if prefix == "aws.sagemaker" else name
    return service, f"{prefix}.{name}" if arguments["world"] else f"{prefix}.{{region}}.{name}"


def _exceptions(javascript: str) -> tuple[dict[str, dict[str, str]], tuple[str, ...]]:
    """Return the templates that differ by Region, and the Regions in which some name has a suffix."""
    prefixed, suffixed = _EXCEPTIONS.search(javascript), _SUFFIXES.search(javascript)
    if prefixed is None or suffixed is None:
        raise SourceChangedError("the tables of prefixes and suffixes by Region have a new form")
    prefixes: dict[str, str] = {}
    waiting: list[str] = []
    for keyword, text in re.findall(r'(case|return)"([^"]+)"', prefixed[2]):
        if keyword == "case":
            waiting.append(text)
        else:
            prefixes.update(dict.fromkeys(waiting, text))
            waiting.clear()
    names: dict[str, list[str]] = json.loads(prefixed[1])
    endings: dict[str, list[str]] = json.loads(suffixed[1])
    if missing := (names.keys() ^ prefixes.keys()) | (endings.keys() - names.keys()):
        raise SourceChangedError(f"Regions in one table alone: {', '.join(sorted(missing))}")
    templates = {
        region: {
            name: f"{prefixes[region] if name in listed else DEFAULT_PREFIX}.{{region}}.{name}"
            + (suffixed[2] if name in endings.get(region, ()) else "")
            for name in sorted({*listed, *endings.get(region, ())})
        }
        for region, listed in names.items()
    }
    return templates, tuple(sorted(endings))


def read_regions(botocore: Path, cfn_lint: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the partitions with their DNS suffixes, and the Regions with partition, name and count of zones."""
    with zipfile.ZipFile(botocore) as archive:
        partitions = json.loads(archive.read("botocore/data/partitions.json"))["partitions"]
    zones = _zones(cfn_lint)
    suffixes = {
        partition["id"]: {
            "dns_suffix": partition["outputs"]["dnsSuffix"],
            "dualstack_dns_suffix": partition["outputs"]["dualStackDnsSuffix"],
        }
        for partition in partitions
    }
    regions = {
        region: {"partition": partition["id"], "name": facts["description"], "azs": zones.get(region)}
        for partition in partitions
        for region, facts in partition["regions"].items()
        if not region.endswith("-global")
    }
    return suffixes, regions


def _zones(cfn_lint: Path) -> dict[str, int]:
    """Return the count of Availability Zones by Region, from a literal that is read without running its module."""
    with zipfile.ZipFile(cfn_lint) as archive:
        tree = ast.parse(archive.read("cfnlint/helpers.py"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "AVAILABILITY_ZONES":
            return {region: len(zones) for region, zones in ast.literal_eval(node.value).items()}
    raise SourceChangedError("cfn-lint's helpers.py holds no AVAILABILITY_ZONES")

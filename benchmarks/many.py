"""Specs of many endpoints; on what they render to, python-hcl2 alone, and a script that renders the same unchecked."""

from __future__ import annotations

import itertools
import re
import sys
from typing import TYPE_CHECKING

from benchmarks.measure import Work

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_HEAD = """\
name: many
readme_diagram: false # the unchecked script does not fold one
region: eu-west-1
aws_provider: ">= 3.39"
vpc: {name: app}
subnets: [{name: private-a}, {name: private-b}]
route_tables: [{name: private}]
security_groups: [{name: endpoints}]
tags: {Project: app}
endpoints:
"""
_SIX = """\
name: NAME
region: eu-west-1
vpc: {name: NAME-vpc}
subnets: [{name: NAME-private-a}, {name: NAME-private-b}]
route_tables: of_subnets
security_groups: [{create: {name: NAME-endpoints, ingress: [{vpc: true}]}}]
tags: {Team: NAME, Tier: prod}
endpoints:
  ecr_api: {service: ecr.api, name: NAME-ecr-api}
  ecr_dkr: {service: ecr.dkr, name: NAME-ecr-dkr}
  logs: {service: logs, name: NAME-logs}
  s3: {service: s3, type: Gateway, name: NAME-s3}
  kms: {service: kms, name: NAME-kms}
  secretsmanager: {service: secretsmanager, name: NAME-secretsmanager}
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
_UNCHECKED = """\
import pathlib, sys, jinja2, yaml
spec, templates, out = map(pathlib.Path, sys.argv[1:])
data = yaml.load(spec.read_text(), Loader=yaml.CSafeLoader)
environment = jinja2.Environment(loader=jinja2.FileSystemLoader(templates), keep_trailing_newline=True)
for name in environment.list_templates():
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    (out / name).write_text(environment.get_template(name).render(data, file=spec.name))
"""
_PIECES = re.compile(r'(?ms)\n?^(?:resource|run) "[^{\n]*" \{\n.*?^\}\n|^[^\n]*\n')
_LABEL = re.compile(r"\be(\d{5})\b")


def spec(count: int, scratch: Path) -> Path:
    """Write a spec of `count` endpoints, every eighth a gateway, and return it."""
    lines = (
        f"  e{number:05}: {{service: {_endpoint(number)}, name: endpoint-{number:05}}}\n" for number in range(count)
    )
    path = scratch / f"many-{count}.yaml"
    path.write_text(_HEAD + "".join(lines), encoding="utf-8")
    return path


def fleet(count: int, scratch: Path, name: str = "fleet") -> tuple[Path, ...]:
    """Write so many specs of six endpoints, each of a VPC of its own, and return them."""
    folder = scratch / f"{name}-{count}"
    folder.mkdir()
    paths = tuple(folder / f"app-{number}.yaml" for number in range(count))
    for path in paths:
        path.write_text(_SIX.replace("NAME", path.stem), encoding="utf-8")
    return paths


def edited(spec: Path, number: int, folder: Path) -> Path:
    """Write a spec into a folder with an endpoint more, or another in its place, and return it."""
    text = re.sub(r"\n  more\d+: .*", "", spec.read_text(encoding="utf-8"))
    path = folder / spec.name
    more = f"endpoints:\n  more{number}: {{service: sqs, name: more}}\n"
    path.write_text(text.replace("endpoints:\n", more, 1), encoding="utf-8")
    return path


def _endpoint(number: int) -> str:
    """Return a service and what lets a VPC have it many times: a route table each, and no private DNS."""
    if number % 8 == 0:
        return f"s3, type: Gateway, route_tables: [{{id: rtb-{number:017x}}}]"
    return "sqs, private_dns_enabled: false"


def unchecked(spec: Path, module: Path, scratch: Path, environment: Mapping[str, str]) -> Work:
    """Return a script of YAML and Jinja at work on a spec, with templates made of a `module` of nine endpoints."""
    templates, out = scratch / "templates", scratch / "unchecked"
    for file in (each for each in module.rglob("*") if each.is_file() and not each.name.startswith(".")):
        target = templates / file.relative_to(module)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_template(file.read_text(encoding="utf-8")), encoding="utf-8")
    command = (sys.executable, "-c", _UNCHECKED, str(spec), str(templates), str(out))
    return Work(command=command, folder=scratch, environment=environment)


def _template(text: str) -> str:
    """Return a template for any number of endpoints: neighbours in the text that are of one each become a loop."""
    found = ""
    for is_each, pieces in itertools.groupby(_PIECES.findall(text), lambda piece: bool(_LABEL.search(piece))):
        if is_each:
            bodies = {_kind(piece): _body(piece) for piece in pieces}
            branches = (
                f"{{% if (e.type == 'Gateway') == {kind} %}}{body}{{% endif %}}" for kind, body in bodies.items()
            )
            found += f"{{% for key, e in endpoints.items() %}}{''.join(branches)}{{% endfor %}}"
        else:
            found += "".join(pieces).replace("many-9.yaml", "{{ file }}")
    return found


def _kind(piece: str) -> bool:
    return int("".join(_LABEL.findall(piece)[:1])) % 8 == 0


def _body(piece: str) -> str:
    body = re.sub(r"rtb-\d{17}", "{{ e.route_tables[0].id }}", re.sub(r"endpoint-\d{5}", "{{ e.name }}", piece))
    return _LABEL.sub("{{ key }}", body)


def python_hcl2(module: Path, scratch: Path, environment: Mapping[str, str]) -> Work:
    """Return python-hcl2 at work on the HCL files of a module, the collector paused and the grammar kept."""
    command = (sys.executable, "-c", _ALONE, str(module), str(scratch / "grammar.bin"))
    return Work(command=command, folder=scratch, environment=environment)

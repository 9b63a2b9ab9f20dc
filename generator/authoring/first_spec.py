"""A first spec from a handful of answers: the text that `gen-endpoints init` writes, and why it would not write it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from generator.authoring.yaml_text import scalar
from generator.catalog import bundles as shipped
from generator.intent import bundles as brought
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.suggest import did_you_mean, nearest
from generator.spec.model import NAME

WRONG = Code("E286")
UNKNOWN_REGION = Code("E287")

_WHOLE_ID = re.compile(r"(vpc|subnet|sg)-([0-9a-f]{8}|[0-9a-f]{17})")
_LIKE_AN_ID = re.compile(r"(vpc|subnet|sg)-[0-9a-fA-F]{3,}")
"""What somebody meant for an id; `subnet-1a` is a good Name tag."""
_OPTIONS = {
    "name": "NAME",
    "region": "--region",
    "vpc": "--vpc",
    "subnets": "--subnet",
    "security_groups": "--security-group",
    "bundles": "--bundle",
}
"""Which answer each key of a first spec is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSpec:
    """The answers: `vpc`, `subnets` and `security_group` by id or by name; `bundles` with their versions.

    `security_group` may also be `create`, for one that the module makes, or `default`, for that of the VPC.
    """

    name: str
    region: str
    vpc: str
    subnets: tuple[str, ...]
    bundles: tuple[str, ...]
    security_group: str = "create"


def text(first: FirstSpec) -> str:
    """Return the spec as YAML, with the comments that somebody needs who has never seen one."""
    subnets = "".join(f"  - {_reference('subnet', subnet)}\n" for subnet in first.subnets)
    bundles = "".join(f"  - {scalar(bundle)}\n" for bundle in first.bundles)
    return f"""\
# VPC endpoints, for gen-endpoints: `validate` says what is wrong with this file, `render` makes a Terraform module of
# it. For help from an editor: gen-endpoints schema > spec.schema.json
name: {scalar(first.name)} # of the module and its folder
region: {scalar(first.region)} # the module refuses any other

vpc: {_reference("vpc", first.vpc)}
subnets: # one in each Availability Zone; the endpoints' network interfaces are in them
{subnets}route_tables: of_subnets # for gateway endpoints: the tables that the subnets use
security_groups: # who may reach the network interfaces
  - {_security_group(first)}

bundles: # `gen-endpoints bundles NAME` says what one brings, and why
{bundles}
# Endpoints of your own. One that a bundle brings too is yours then; its Name tag stays unless you say name.
# endpoints:
#   sqs: {{service: sqs, name: {scalar(f"{first.name}-sqs")}}}
"""


def pin_version(bundle: str) -> str | Diagnostic:
    """Return a bundle with its version, the newest where none is asked for; or why there is no such bundle."""
    name, at, _ = bundle.partition("@")
    versions = shipped.load().get(name, {})
    if versions and not at:
        return shipped.newest(versions).pinned
    if any(bundle == each.pinned for each in versions.values()):
        return bundle
    code, message, fix = brought.why_missing(bundle)
    return code.at(Place("--bundle"), message, fix)


def check_region(region: str, known: Collection[str]) -> Diagnostic | None:
    """Return what is wrong with a Region that is none of the known ones."""
    if region in known:
        return None
    fix = did_you_mean(nearest(region, known), "write its id, as eu-central-1")
    return UNKNOWN_REGION.at(Place("--region"), f"{region} is not a Region in the catalog", fix)


def check_name(name: str) -> Diagnostic | None:
    """Return what is wrong with the name of a spec."""
    if re.match(NAME, name):
        return None
    fix = "use up to 63 letters, digits, hyphens and underscores, starting with a letter"
    return WRONG.at(Place("NAME"), f"{name!a} is not a module name", fix)


def check_reference(kind: str, answer: str, option: str) -> Diagnostic | None:
    """Return what is wrong with a Name tag or an id of a `vpc`, a `subnet` or an `sg`: half an id, or another's."""
    found = _LIKE_AN_ID.fullmatch(answer)
    if found is None or (found[1] == kind and _WHOLE_ID.fullmatch(answer)):
        return None
    if found[1] != kind:
        fix = f"give a Name tag, or an id as {kind}-…"
        return WRONG.at(Place(option), f"{answer} is the id of something else", fix)
    fix = f"an id is {kind}- and 8 or 17 hex digits, in lower case; write such a Name tag into a spec by hand"
    return WRONG.at(Place(option), f"{answer} looks like an id but is not one", fix)


def check_repeated(answers: Iterable[str], option: str) -> Diagnostic | None:
    """Return what is wrong with answers of which one is there twice."""
    counted = Counter(answers).most_common(1)
    if not counted or counted[0][1] == 1:
        return None
    return WRONG.at(Place(option), f"{counted[0][0]} is given twice", "give each once")


def explain_refusal(findings: Iterable[Diagnostic], written: str, path: str) -> tuple[Diagnostic, ...]:
    """Return what was found wrong with the text that `path` was to hold, by the answers, and that it was not written.

    Nobody can look at a line of a file that is not there.
    """
    why = WRONG.at(Place(path), "not written: the spec would be refused", "change the answers")
    return why, *(replace(each, place=_answer(each.place, written)) for each in findings)


def _answer(place: Place, written: str) -> Place:
    """Return the answer of which a line was made; the place without its line where that is none."""
    keys = [key for line in written.splitlines()[: place.line] if (key := line.partition(":")[0]) in _OPTIONS]
    return Place(_OPTIONS[keys[-1]] if keys else place.file)


def _security_group(first: FirstSpec) -> str:
    if first.security_group == "create":
        return f"create: {{name: {scalar(f'{first.name}-endpoints')}, ingress: [{{vpc: true}}]}} # anyone in the VPC"
    return "default: true" if first.security_group == "default" else _reference("sg", first.security_group)


def _reference(kind: str, answer: str) -> str:
    """Return how a spec names what an answer names: by its id, if it is one of the kind, or else by its Name tag."""
    found = _WHOLE_ID.fullmatch(answer)
    return f"{{{'id' if found and found[1] == kind else 'name'}: {scalar(answer)}}}"

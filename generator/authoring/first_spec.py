"""A first spec from a handful of answers: the text that `gen-endpoints init` writes, and why it would not write it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from generator.authoring.yaml_text import scalar
from generator.catalog import bundles as shipped
from generator.catalog import services
from generator.catalog.catalog import Catalog
from generator.intent import bundles as brought
from generator.source.diagnostics import Code, Diagnostic, Place, Refused
from generator.source.frozen import frozen
from generator.source.ids import ID
from generator.source.suggest import did_you_mean, nearest, not_made
from generator.source.text import objection
from generator.spec.model import NAME

WRONG = Code("E286")
UNKNOWN_REGION = Code("E287")

_WHOLE_ID = re.compile(f"(vpc|subnet|sg)-{ID}")
_LIKE_AN_ID = re.compile(r"(vpc|subnet|sg)-[0-9a-fA-F]{3,}")
"""What somebody meant for an id; `subnet-1a` is a good Name tag."""
_ARN = r"^arn:aws[\w-]*:ec2:(?P<region>[\w-]*):[0-9]*:(vpc|subnet|security-group)/(?=(vpc|subnet|sg)-)"
"""What an ARN has before the id."""
_IDS = r"(subnet-|arn:)\S+(\s+(subnet-|arn:)\S+)*"
_LISTED = r"^\[|(^|[,\s])[\"']"
"""How a list begins that is written as YAML has it, and the items in quotes."""
_OPTIONS = {
    "name": "NAME",
    "region": "--region",
    "vpc": "--vpc",
    "subnets": "--subnet",
    "security_groups": "--security-group",
    "bundles": "--bundle",
    "endpoints": "--service",
}
"""Which answer each key of a first spec is made of."""


_EXAMPLE = """
# Endpoints of your own. One that a bundle brings too is yours then; its Name tag stays unless you say name.
# endpoints:
#   sqs: {{service: sqs, name: {name}-sqs}}
"""
_NO_ANSWER = frozenset({"yes", "y", "no", "n", "true", "false", "ok", "none", "null"})
_WORDS = frozenset({"create", "default"})
"""What is no name of a security group as an answer."""


@frozen(kw_only=True)
class FirstSpec:
    """The answers: `vpc`, `subnets` and `security_group` by id or by name; `bundles` with their versions.

    `security_group` may also be `create`, for one that the module makes, or `default`, for that of the VPC.
    """

    name: str
    region: str
    vpc: str
    subnets: tuple[str, ...]
    bundles: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    security_group: str = "create"


def text(first: FirstSpec) -> str:
    """Return the spec as YAML, with the comments that somebody needs who has never seen one."""
    subnets = "".join(f"  - {_reference('subnet', subnet)}\n" for subnet in first.subnets)
    pinned = "".join(f"  - {scalar(bundle)}\n" for bundle in first.bundles)
    bundles = f"\nbundles: # `gen-endpoints bundles NAME` says what one brings, and why\n{pinned}" if pinned else ""
    own = "".join(_endpoint(first.name, service) for service in first.services)
    endpoints = (
        f"\nendpoints: # one a line, under a key of your own\n{own}" if own else _EXAMPLE.format(name=first.name)
    )
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
{bundles}{endpoints}"""


def _endpoint(spec: str, service: str) -> str:
    """Return the line of an endpoint; of a service that has two types, the one that costs nothing."""
    types = Catalog.load().services[service].types
    kind = f"type: {'Gateway' if 'Gateway' in types else types[0]}, " if len(types) > 1 else ""
    key = re.sub(r"[^A-Za-z0-9_-]", "_", service)
    return f"  {key}: {{service: {service}, {kind}name: {scalar(f'{spec}-{key}')}}}\n"


def pin_version(bundle: str) -> str | Diagnostic:
    """Return a bundle with its version, the newest where none is asked for; or why there is none, and no service."""
    if (found := shipped.find(bundle)) and not bundle.endswith("@"):
        return found.pinned
    code, message, fix = brought.why_missing(bundle)
    near, holds = services.find(Catalog.load(), bundle)
    name, known = bundle.partition("@")[0].casefold(), shipped.load()
    alike = shipped.nearest(name, known)
    if alike and not (holds and name not in known) and (name in alike[0] or not not_made(bundle)):
        return code.at(Place("--bundle"), message, fix)
    first = [shipped.newest(known[each]).pinned for each in alike if name in each][:1]
    fix = not_made(bundle) or did_you_mean((*first, *near)[:3], fix)
    return code.at(Place("--bundle/--service"), f"{message}, and no service", fix)


def take_name(answer: str) -> str:
    """Return the name of a spec; raises Refused for one that no module has."""
    _refuse_yes("NAME", answer)
    if re.match(NAME, answer):
        return answer
    fix = "use up to 63 letters, digits, hyphens and underscores, starting with a letter"
    raise Refused([WRONG.at(Place("NAME"), f"{answer!a} is not a module name", fix)])


def take_region(answer: str) -> str:
    """Return a Region; raises Refused for one that the catalog does not know."""
    known = Catalog.load().regions
    if answer in known:
        return answer
    fix = did_you_mean(nearest(answer, known), "write its id, as eu-central-1")
    raise Refused([UNKNOWN_REGION.at(Place("--region"), f"{answer} is not a Region in the catalog", fix)])


def take_reference(kind: str, option: str, answer: str, *, region: str = "") -> str:
    """Return the Name tag or the id of a `vpc`, a `subnet` or an `sg`.

    Raises Refused for half an id, or another's, and for an ARN of another Region.
    """
    answer = answer.strip()
    answer = answer[1:-1] if re.fullmatch(r"\"[^\"]+\"|'[^']+'", answer) else answer
    arn = re.match(_ARN, answer)
    answer = answer[arn.end() :] if arn else answer
    _refuse_yes(option, answer)
    found = _LIKE_AN_ID.fullmatch(answer)
    if not answer:
        message, fix = "empty", "give a value"
    elif arn and region and arn["region"] not in {"", region}:
        message = f"{answer} is in {arn['region']}, not in {region}"
        fix = f"give --region {arn['region']}, or one of {region}"
    elif kind == "sg" and answer not in _WORDS and answer.casefold() in _WORDS:
        message, fix = f"{answer} is no word of init's", f"write {answer.casefold()}"
    elif wrong := objection(answer):
        _, message, fix = wrong
    elif found is None or (found[1] == kind and _WHOLE_ID.fullmatch(answer)):
        return answer
    elif found[1] != kind:
        message, fix = f"{answer} is the id of something else", f"give a Name tag, or an id as {kind}-…"
    else:
        message = f"{answer} looks like an id but is not one"
        fix = f"an id is {kind}- and 8 or 17 hex digits, in lower case; write such a Name tag into a spec by hand"
    raise Refused([WRONG.at(Place(option), message, fix)])


def _refuse_yes(option: str, answer: str) -> None:
    """Raise Refused for an answer to another question."""
    if answer.casefold() in _NO_ANSWER:
        fix = "give the name itself; write a thing of this name into a spec by hand"
        raise Refused([WRONG.at(Place(option), f"{answer} names nothing", fix)])


def take_subnets(*answers: str, region: str = "", are_options: bool = False) -> tuple[str, ...]:
    """Return the subnets of lists; raises Refused as `take_reference` does, and where one is given twice.

    Blanks are of a name in options, which the shell kept together, and where the words make one name.
    """
    is_name = (not re.search(_LISTED, each) and (are_options or _is_one_name(each.split())) for each in answers)
    lists = _several("--subnet", *(each + "," * is_one for each, is_one in zip(answers, is_name, strict=True)))
    return tuple(take_reference("subnet", "--subnet", each, region=region) for each in lists)


def _is_one_name(words: list[str]) -> bool:
    """Tell whether words are one name, as `Private Subnet 1` and `private a`; `a b`, and what repeats, are several."""
    marks = [each for each in words if re.fullmatch("-|[a-z]|[0-9]+[a-z]?", each)]
    is_prose = any(re.fullmatch("[A-Z][a-z]*|[A-Z]+", each) for each in words) or 0 < len(marks) < len(words)
    return is_prose and "-" not in words[1:] and len({*words}) == len(words)


def take_wanted(*answers: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the bundles of a list, each with its version, and its services; raises Refused with all that are neither.

    What both have as a name is the bundle.
    """
    by_blank = (each.replace(",", " ") for each in answers)  # no name of theirs has one
    wanted = _several("--bundle/--service", *by_blank)
    own = tuple(each for each in wanted if each in Catalog.load().services and not shipped.find(each))
    others = [each for each in wanted if each not in own]
    found = [pin_version(each) for each in others[:50]]  # more than there are bundles: each takes 25 ms
    if more := others[50:]:
        found.append(WRONG.at(Place("--bundle/--service"), f"{len(more)} more names are not looked up"))
    if wrong := [each for each in found if isinstance(each, Diagnostic)]:
        raise Refused(wrong)
    return tuple(_several("--bundle/--service", *map(str, found))) if found else (), own


def _several(option: str, *lists: str) -> list[str]:
    """Return the items of lists, by commas, or blanks where none is; raises Refused for none, or one twice."""
    answers = [item for each in lists for item in _items(each.strip()) if item not in {"", "-"}]
    ((most, times),) = Counter(answers).most_common(1) or [("", 0)]
    if times == 1:
        return answers
    message = f"{most} is given twice" if times else "empty"
    fix = "give each once; names with blanks take commas" if times else "give a value"
    raise Refused([WRONG.at(Place(option), message, fix)])


def _items(text: str) -> list[str]:
    """Return the items of one list, also where it is written as YAML or a shell has it: in brackets, or in quotes."""
    text = text[1:-1] if re.fullmatch(r"\[.*\]", text) else text
    if re.search(_LISTED, text):
        return ["".join(each).strip() for each in re.findall(r"""\"([^\"]*)\"|'([^']*)'|([^,\s\"']+)""", text)]
    parts = [re.sub(r"^-\s+", "", each.strip()) for each in (text.split(",") if "," in text else text.split())]
    return [each for part in parts for each in (part.split() if re.fullmatch(_IDS, part) else [part])]


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

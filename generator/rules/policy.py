"""What AWS asks of the form of an endpoint policy: its elements, its size, its principals and its conditions."""

from __future__ import annotations

import difflib
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from generator.intent.iam import texts
from generator.intent.names import named, service_of
from generator.intent.policies import VERSION, encoded
from generator.rules.rule import endpoint_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.intent.endpoints import Endpoint
    from generator.intent.intent import Intent
    from generator.intent.policy_parts import Part
    from generator.source.diagnostics import Diagnostic

_PRIVATELINK = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html"
Path = tuple[str | int, ...]

LONGEST = 20_480
_ANYBODY = ("*", {"AWS": "*"}, {"AWS": ["*"]})
_EFFECTS = ("Allow", "Deny")
_VERSIONS = (VERSION, "2008-10-17")
_DOCUMENT = ("Version", "Id", "Statement")
_STATEMENT = ("Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition")
_IDS = {
    "aws:principalaccount": "aws:PrincipalAccount",
    "aws:resourceaccount": "aws:ResourceAccount",
    "aws:sourceaccount": "aws:SourceAccount",
    "aws:vpceaccount": "aws:VpceAccount",
    "aws:principalorgid": "aws:PrincipalOrgID",
    "aws:resourceorgid": "aws:ResourceOrgID",
    "aws:sourceorgid": "aws:SourceOrgID",
    "aws:vpceorgid": "aws:VpceOrgID",
    "aws:sourcevpc": "aws:SourceVpc",
    "aws:sourcevpce": "aws:SourceVpce",
}
"""The global keys whose value is one id that AWS gives out. The guide names aws:PrincipalAccount and aws:SourceVpc as
examples; the others hold the id of an account, an organization, a VPC or an endpoint as these do (checked 2026-11-24):
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""
_BESIDE = 6


@endpoint_rule(
    "E270",
    "a policy without what AWS asks for",
    why="An endpoint policy is a document of statements in the IAM policy language. Each has an Effect, a Principal, "
    "and names actions and resources, or all but some. AWS refuses what is spelled otherwise.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html",
    fix="Write the element as the policy language spells it; the message names the nearest.",
)
def malformed(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Refuse a document, or a statement, that is not of the policy language."""
    for part in intent.policies.parts.get(endpoint.key, ()):
        document = part.document
        yield from _unknown_keys(document, _DOCUMENT, part, ())
        if "Version" in document and document["Version"] not in _VERSIONS:
            yield malformed.at(
                part.place("Version"), f"{endpoint.key}: there is no Version {document['Version']}", f"write {VERSION}"
            )
        statements = list(part.statements())
        if not statements:
            yield malformed.at(
                part.place(), f"{endpoint.key}: the policy has no Statement", "add Statement: with a list"
            )
        for path, statement in statements:
            yield from _malformed_statement(endpoint, part, path, statement)


def _malformed_statement(endpoint: Endpoint, part: Part, path: Path, statement: Any) -> Iterator[Diagnostic]:
    if not isinstance(statement, dict):
        yield malformed.at(part.place(*path), f"{endpoint.key}: a statement is a mapping", "give it Effect: and so on")
        return
    name = f"{endpoint.key}: {called(path, statement)}"
    yield from _malformed_principal(name, part, path, statement)
    if statement.get("Effect") not in _EFFECTS:
        fix = "write Effect: Allow, or Effect: Deny; capitals matter"
        yield malformed.at(part.place(*path, "Effect"), f"{name} neither allows nor denies", fix)
    for element in ("Action", "Resource"):
        given = [each for each in (element, f"Not{element}") if texts(statement.get(each))]
        if len(given) != 1:
            message = f"{name} has {'both' if given else 'neither'} {element} {'and' if given else 'nor'} Not{element}"
            fix = "keep one" if given else f'add {element}: "*", or less'
            yield malformed.at(part.place(*path), message, fix)
    condition = statement.get("Condition", {})
    if not isinstance(condition, dict) or not all(isinstance(keys, dict) for keys in condition.values()):
        fix = "write an operator, under it a key with its values: StringEquals: {aws:PrincipalAccount: …}"
        yield malformed.at(part.place(*path, "Condition"), f"{name} has a Condition that says nothing", fix)
    yield from _unknown_keys(statement, (*_STATEMENT, "NotPrincipal"), part, path)


def _malformed_principal(name: str, part: Part, path: Path, statement: dict[str, Any]) -> Iterator[Diagnostic]:
    principal = statement.get("Principal")
    if "NotPrincipal" in statement:
        fix = 'write Principal: "*", and say with a condition who is not meant'
        yield malformed.at(part.key_place(*path, "NotPrincipal"), f"{name} has NotPrincipal", fix)
    elif not principal:
        yield malformed.at(part.place(*path), f"{name} has no Principal", 'add Principal: "*"')
    elif principal != "*" and not isinstance(principal, dict):
        fix = 'write "*", or {AWS: …} with an account or an ARN'
        yield malformed.at(part.place(*path, "Principal"), f"{name} has a Principal of no form", fix)


def _unknown_keys(mapping: dict[str, Any], known: tuple[str, ...], part: Part, path: Path) -> Iterator[Diagnostic]:
    for key in sorted(mapping.keys() - set(known)):
        lowered = {name.lower(): name for name in known}
        near = difflib.get_close_matches(key.lower(), lowered, n=1, cutoff=0.6)
        fix = f"did you mean {lowered[near[0]]}?" if near else f"it takes {', '.join(known)}"
        where = "a statement" if path else "a policy"
        yield malformed.at(part.key_place(*path, key), f"{where} has no element {key}", fix)


@endpoint_rule(
    "E271",
    "a gateway whose policy names a principal",
    why="The Principal of a gateway's policy is `*`. An account there stands for its root user alone, not for its "
    "users and roles: the condition key aws:PrincipalArn, aws:PrincipalAccount or aws:PrincipalOrgID says who.",
    source=f"{_PRIVATELINK}#vpc-endpoint-policies-gateway",
    fix='Write `Principal: "*"`, and say who with the condition key `aws:PrincipalArn`.',
)
def gateway_principal(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Refuse a gateway's policy that names a principal."""
    if endpoint.type != "Gateway":
        return
    for part, path, statement in _statements(intent, endpoint):
        if statement.get("Principal", "*") not in _ANYBODY:
            message = f"{endpoint.key}: the Principal of a gateway is *; {called(path, statement)} names another"
            fix = 'write Principal: "*", and say who with the condition key aws:PrincipalArn'
            yield gateway_principal.at(part.place(*path, "Principal"), message, fix)


@endpoint_rule(
    "E272",
    "a policy that is too long",
    why="An endpoint policy has at most 20,480 characters, and the quota can't be raised. It is counted as "
    "`jsonencode` writes it: without white space, with <, > and & as six characters each.",
    source=_PRIVATELINK,
    fix="Use fewer statements, or wildcards in place of lists.",
)
def too_long(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Refuse a policy of more characters than AWS takes."""
    if endpoint.key in intent.policies.documents:
        length = len(encoded(intent.policies.documents[endpoint.key]))
        if length > LONGEST:
            message = f"{endpoint.key}: the policy has {length:,} characters, and AWS takes {LONGEST:,}"
            yield too_long.at(
                intent.place(endpoint, "policy"), message, "say it with fewer statements, or with wildcards"
            )


@endpoint_rule(
    "E273",
    "a wildcard or a number where AWS wants an id",
    why="Global condition keys that hold an id which AWS gives out take neither wildcards nor numeric operators, and "
    "the account in an ARN is an account id or a wildcard, not both.",
    source=_PRIVATELINK,
    fix="Write whole ids with `StringEquals`, as a list if there are several.",
)
def not_one_id(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Refuse wildcards and numbers where an id must stand."""
    for part, path, statement in _statements(intent, endpoint):
        for operator, key, values, place in _conditions(statement):
            name = _IDS.get(key.casefold())
            is_numeric = "numeric" in operator.casefold()
            if name and (is_numeric or any(re.search(r"[*?]", text) for text in values)):
                what = f"no {operator}" if is_numeric else "no wildcard"
                fix = "write whole ids with StringEquals; a list of them may stand there"
                yield not_one_id.at(part.place(*path, *place), f"{endpoint.key}: {name} takes {what}", fix)
        for text, place in _arns(statement):
            account = [*text.split(":", 5), "", "", "", "", ""][4]
            if re.search(r"[*?]", account) and re.search(r"[0-9]", account):
                message = f"{endpoint.key}: the account of {text} is half an id and half a wildcard"
                yield not_one_id.at(part.place(*path, *place), message, "write the whole account id, or *")


@endpoint_rule(
    "E274",
    "a policy that no service reads",
    why="Not every service supports endpoint policies; where it does not, and on endpoint services of third parties, "
    "AWS gives full access whatever the policy says.",
    source=_PRIVATELINK,
    fix="Remove `policy` from the endpoint.",
)
def not_supported(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Refuse a policy on an endpoint whose service is known to heed none."""
    if not endpoint.stated.get("policy"):
        return
    place, service, name = (
        intent.place(endpoint, "policy"),
        service_of(intent, endpoint),
        named(endpoint, intent.catalog),
    )
    if service is not None and service.policy is False:
        fix = f"leave policy out for {endpoint.key}; give it to the endpoints that take one"
        source = intent.by_list(endpoint, "vpc_endpoint_policy_supported")
        yield not_supported.at(place, f"{endpoint.key}: {service.id} supports no endpoint policies{source}", fix)
    elif name is not None and name.owned:
        fix = f"leave policy out for {endpoint.key}; its security groups say who may reach it"
        yield not_supported.at(place, f"{endpoint.key}: an endpoint service of a third party heeds no policy", fix)


@endpoint_rule(
    "W243",
    "a policy without a version",
    why=f"Without `Version` a policy is of version 2008-10-17, in which policy variables such as ${{aws:username}} are "
    f"plain text. The current version is {VERSION}.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html",
    fix='Add `Version: "2012-10-17"` to the policy.',
)
def no_version(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Warn of a document without a version."""
    parts = intent.policies.parts.get(endpoint.key, ())
    if len(parts) == 1 and parts[0].preset is None and "Version" not in parts[0].document:
        yield no_version.at(parts[0].place(), f"{endpoint.key}: the policy has no Version", f'add Version: "{VERSION}"')


@endpoint_rule(
    "W244",
    "a wildcard with too little text beside it",
    why="With a string condition operator AWS wants at least six consecutive characters before or after each wildcard.",
    source=_PRIVATELINK,
    fix="Write more of the text out, at least six characters beside each wildcard.",
)
def short_text(intent: Intent, endpoint: Endpoint) -> Iterator[Diagnostic]:
    """Warn of wildcards in conditions that have too little text beside them."""
    for part, path, statement in _statements(intent, endpoint):
        for operator, key, values, place in _conditions(statement):
            for text in values if "stringlike" in operator.casefold().replace("not", "") else ():
                runs = [len(run) for run in re.split(r"[*?]+", text)]
                beside = [max(pair) for pair in pairwise(runs)]
                if "${" not in text and key.casefold() not in _IDS and any(most < _BESIDE for most in beside):
                    message = f"{endpoint.key}: {text} of {key} has a wildcard with fewer than six characters beside it"
                    yield short_text.at(part.place(*path, *place), message, "write more of the text out")


def _statements(intent: Intent, endpoint: Endpoint) -> Iterator[tuple[Part, Path, dict[str, Any]]]:
    """Yield the statements of an endpoint's policy that are mappings, each where it stands."""
    for part in intent.policies.parts.get(endpoint.key, ()):
        yield from ((part, path, each) for path, each in part.statements() if isinstance(each, dict))


def _conditions(statement: dict[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """Yield each condition: its operator, its key, the texts that it is compared with, and where it stands."""
    stated = statement.get("Condition")
    for operator, keys in stated.items() if isinstance(stated, dict) else ():
        for key, values in keys.items() if isinstance(keys, dict) else ():
            yield operator, key, texts(values), ("Condition", operator, key)


def _arns(statement: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the ARNs among the resources and conditions of a statement."""
    found = [(text, (name,)) for name in ("Resource", "NotResource") for text in texts(statement.get(name))]
    found_in_conditions = [(text, place) for _, _, values, place in _conditions(statement) for text in values]
    yield from (each for each in [*found, *found_in_conditions] if each[0].startswith("arn:"))


def called(path: Path, statement: dict[str, Any]) -> str:
    """Return what a statement is called: its Sid, or its number."""
    sid = statement.get("Sid")
    if sid and isinstance(sid, str):
        return f"statement {sid}"
    return f"statement {int(path[-1]) + 1}" if isinstance(path[-1], int) else "the statement"

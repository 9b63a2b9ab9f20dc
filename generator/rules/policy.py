"""What AWS asks of the form of an endpoint policy: its elements, its size, its principals and its conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from unicodedata import is_normalized

from generator.intent.endpoints import Endpoint
from generator.intent.iam_pattern import texts
from generator.intent.intent import Intent, Path
from generator.intent.policies import encode
from generator.rules.policy_statements import Statement, statements
from generator.rules.rule import Findings, endpoint_rule, policy_rule
from generator.spec.policy import UNMANAGED
from generator.spec.policy_text import VERSION, as_text

_ANYBODY = ("*", {"AWS": "*"}, {"AWS": ["*"]})
_IDS = {
    key.casefold(): key
    for key in (
        *("aws:PrincipalAccount", "aws:ResourceAccount", "aws:SourceAccount", "aws:VpceAccount"),
        *("aws:PrincipalOrgID", "aws:ResourceOrgID", "aws:SourceOrgID", "aws:VpceOrgID"),
        *("aws:SourceVpc", "aws:SourceVpce"),
    )
}
"""The global keys whose value is one id that AWS gives out. The guide names aws:PrincipalAccount and aws:SourceVpc as
examples; the others hold the id of an account, an organization, a VPC or an endpoint as these do (checked 2026-11-24):
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""
_BESIDE = 6


@policy_rule("E271")
def gateway_principal(intent: Intent, endpoint: Endpoint) -> Findings:
    """A gateway whose policy names a principal."""
    for each in statements(intent, endpoint) if endpoint.type == "Gateway" else ():
        if each.stated.get("Principal", "*") not in _ANYBODY:
            yield each.place("Principal"), f"{endpoint.key}: the Principal of a gateway is *; {each.name} names another"


@policy_rule("E254")
def broken_text(intent: Intent, endpoint: Endpoint) -> Findings:
    """Policy text that does not survive jsonencode."""
    for part in intent.policies.parts.get(endpoint.key, ()):
        for text, path, is_key in _words(part.document):
            if not (text.isascii() or is_normalized("NFC", encode(text))):
                place = (part.key_place if is_key else part.place)(*path)
                yield place, f"{endpoint.key}: jsonencode turns {text[:60]!a} into another text"


def _words(json: object, path: Path = ()) -> Iterator[tuple[str, Path, bool]]:
    """Yield the texts in a JSON document, each with its path and whether it is a key."""
    if (text := as_text(json)) is not None:
        yield text, path, False
        return
    for key, item in json.items() if isinstance(json, dict) else enumerate(json) if isinstance(json, list) else ():
        if isinstance(key, str):
            yield key, (*path, key), True
        yield from _words(item, (*path, key))


@policy_rule("E273")
def not_one_id(intent: Intent, endpoint: Endpoint) -> Findings:
    """A wildcard or a number where AWS wants an id."""
    for each in statements(intent, endpoint):
        for condition in each.conditions():
            name, is_numeric = _IDS.get(condition.key.casefold()), "numeric" in condition.operator.casefold()
            if name and (is_numeric or any(re.search(r"[*?]", text) for text in condition.values)):
                what = f"no {condition.operator}" if is_numeric else "no wildcard"
                yield each.place(*condition.path), f"{endpoint.key}: {name} takes {what}"
        for text, path in _arns(each):
            account = [*text.split(":", 5), "", "", "", "", ""][4]
            if re.search(r"[*?]", account) and re.search(r"[0-9]", account):
                message = f"{endpoint.key}: the account of {text} is half an id and half a wildcard"
                yield each.place(*path), message, "write the whole account id, or *"


def _arns(statement: Statement) -> Iterator[tuple[str, Path]]:
    """Yield the ARNs among the resources and conditions of a statement, each with its path there."""
    named = [((name,), texts(statement.stated.get(name))) for name in ("Resource", "NotResource")]
    conditions = [(condition.path, condition.values) for condition in statement.conditions()]
    yield from ((text, path) for path, values in [*named, *conditions] for text in values if text.startswith("arn:"))


@endpoint_rule("E274")
def not_supported(intent: Intent, endpoint: Endpoint) -> Findings:
    """A policy that no service reads."""
    if endpoint.stated.get("policy") in (None, {}, UNMANAGED):
        return
    place, service, name = endpoint.at("policy"), endpoint.service, endpoint.full_name
    if service is not None and service.policy is False:
        fix = f"leave policy out for {endpoint.key}; give it to the endpoints that take one"
        source = intent.by_list(endpoint, "vpc_endpoint_policy_supported")
        yield place, f"{endpoint.key}: {service.id} supports no endpoint policies{source}", fix
    elif name is not None and name.owned:
        fix = f"leave policy out for {endpoint.key}; its security groups say who may reach it"
        yield place, f"{endpoint.key}: an endpoint service of a third party supports no endpoint policies", fix


@policy_rule("W243")
def no_version(intent: Intent, endpoint: Endpoint) -> Findings:
    """A policy without a version."""
    parts = intent.policies.parts.get(endpoint.key, ())
    if len(parts) == 1 and parts[0].preset is None and "Version" not in parts[0].document:
        yield parts[0].place(), f"{endpoint.key}: the policy has no Version", f'add Version: "{VERSION}"'


@policy_rule("W244")
def short_text(intent: Intent, endpoint: Endpoint) -> Findings:
    """A wildcard with too little text beside it."""
    for each in statements(intent, endpoint):
        for condition in each.conditions():
            operator, key = condition.operator.casefold().replace("not", ""), condition.key
            for text in condition.values if "stringlike" in operator and key.casefold() not in _IDS else ():
                runs = [len(run) for run in re.split(r"[*?]+", text)]
                if not re.search(r"\$\{|<", text) and any(max(pair) < _BESIDE for pair in pairwise(runs)):
                    message = f"{endpoint.key}: {text} of {key} has a wildcard with fewer than six characters beside it"
                    yield each.place(*condition.path), message

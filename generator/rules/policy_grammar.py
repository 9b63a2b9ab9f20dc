"""Whether an endpoint policy is of the policy language at all: its elements, and how they are spelled."""

from __future__ import annotations

from typing import Any

from generator.intent.endpoints import Endpoint
from generator.intent.iam_pattern import texts
from generator.intent.intent import Intent, Path
from generator.intent.policy_parts import Part
from generator.rules.policy_statements import Statement
from generator.rules.rule import Findings, policy_rule
from generator.source.suggest import did_you_mean, nearest
from generator.spec.policy_text import VERSION, mappings, parts

_EFFECTS = ("Allow", "Deny")
_VERSIONS = (VERSION, "2008-10-17")
_DOCUMENT = ("Version", "Id", "Statement")
_TEXTS = {"Resource": 2, "NotResource": 2, "Principal": 3, "NotPrincipal": 3, "Condition": 4}
"""How many names deep in a document the texts of an element are that Terraform may know."""
_STATEMENT = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)

_ORDERS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
_OPERATORS = (
    *(f"String{how}{'IgnoreCase' * anyhow}" for how in ("Equals", "NotEquals") for anyhow in (False, True)),
    *(f"{kind}{how}" for kind in ("String", "Arn") for how in ("Like", "NotLike")),
    *(f"{kind}{how}" for kind in ("Numeric", "Date") for how in _ORDERS),
    *("ArnEquals", "ArnNotEquals", "Bool", "BinaryEquals", "IpAddress", "NotIpAddress"),
)
_TESTS = ("Null", *(f"{operator}{end}" for operator in _OPERATORS for end in ("", "IfExists")))
"""What tests a key, as `iam_condition` has it from AWS's page of condition operators."""
_MANY = ("ForAllValues", "ForAnyValue")


@policy_rule("E270")
def malformed(intent: Intent, endpoint: Endpoint) -> Findings:
    """A policy without what AWS asks for."""
    for part in intent.policies.parts.get(endpoint.key, ()):
        document = part.document
        yield from _unknown_keys(document, _DOCUMENT, part, ())
        if "Version" in document and document["Version"] not in _VERSIONS:
            message = f"{endpoint.key}: {_value_text(document['Version'])} is not a Version of the policy language"
            yield part.place("Version"), message, f"write {VERSION}"
        if not any(part.statements()):
            yield part.place(), f"{endpoint.key}: the policy has no Statement", "add Statement: with a list"
        for path, statement in part.statements():
            yield from _malformed_statement(endpoint, part, path, statement)


@policy_rule("E259")
def no_text(intent: Intent, endpoint: Endpoint) -> Findings:
    """A mapping in a policy that is no text."""
    for part in intent.policies.parts.get(endpoint.key, ()):
        for path, mapping in mappings(part.document):
            names = [name for name in path if isinstance(name, str)]
            is_text = len(names) > 1 and len(names) == _TEXTS.get(names[1])
            if mapping and is_text is (parts(mapping) is None):
                element = names[1] if len(names) > 1 else "the policy"
                written = ", ".join(f"{name}: {_value_text(value)}" for name, value in mapping.items())
                why = "" if is_text else ", which only a principal's id, a Resource and a value of a Condition can have"
                fix = () if is_text else ("write text there, as the policy language has it",)
                yield part.place(*path), f"{endpoint.key}: {element} has {{{written}}} in place of text{why}", *fix


def _value_text(value: object) -> str:
    """Return a value of such a mapping as it is written."""
    return str(value).lower() if isinstance(value, bool | int) else value if isinstance(value, str) else "…"


def _malformed_statement(endpoint: Endpoint, part: Part, path: Path, statement: Any) -> Findings:
    if not isinstance(statement, dict):
        yield part.place(*path), f"{endpoint.key}: a statement is a mapping", "give it Effect: and so on"
        return
    name = f"{endpoint.key}: {Statement(part, path, statement).name}"
    yield from _malformed_principal(name, part, path, statement)
    if statement.get("Effect") not in _EFFECTS:
        fix = "write Effect: Allow, or Effect: Deny; capitals matter"
        yield part.place(*path, "Effect"), f"{name} has an Effect that is neither Allow nor Deny", fix
    for element in ("Action", "Resource"):
        given = [each for each in (element, f"Not{element}") if texts(statement.get(each))]
        if len(given) != 1:
            message = f"{name} has {'both' if given else 'neither'} {element} {'and' if given else 'nor'} Not{element}"
            yield part.place(*path), message, "keep one" if given else f'add {element}: "*", or less'
    condition = statement.get("Condition", {})
    if not isinstance(condition, dict) or not all(isinstance(keys, dict) for keys in condition.values()):
        fix = "write an operator, under it a key with its values: StringEquals: {aws:PrincipalAccount: …}"
        yield part.place(*path, "Condition"), f"{name} has a malformed Condition", fix
    else:
        yield from _misspelt_operators(name, part, (*path, "Condition"), condition)
    yield from _unknown_keys(statement, _STATEMENT, part, path)


def _misspelt_operators(name: str, part: Part, path: Path, condition: dict[str, Any]) -> Findings:
    """Tell of operators that are nearly one of the policy language; one that is unlike all may be new."""
    known = {test.casefold() for test in _TESTS}
    for operator in condition:
        before, colon, bare = operator.rpartition(":")
        test = (bare,) if bare.casefold() in known else nearest(bare, _TESTS, n=1, cutoff=0.7)
        many = (before,) if before.casefold() in {"", *map(str.casefold, _MANY)} else nearest(before, _MANY, n=1)
        meant = colon.join((*many, *test) if colon else test)
        if meant != operator and test and many:
            yield part.key_place(*path, operator), f"{name} has no operator {operator}", did_you_mean([meant])


def _malformed_principal(name: str, part: Part, path: Path, statement: dict[str, Any]) -> Findings:
    """Tell what is wrong in who is meant; of all but some a Deny alone can be.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html (2026-11-28)
    """
    element = "NotPrincipal" if "NotPrincipal" in statement else "Principal"
    principal = statement.get(element)
    if element == "NotPrincipal" and (statement.get("Effect") == "Allow" or "Principal" in statement):
        fix = 'write Principal: "*", and say with a condition who is not meant'
        beside = "beside Principal" if "Principal" in statement else "with Effect Allow"
        yield part.key_place(*path, element), f"{name} has NotPrincipal {beside}", fix
    elif not principal:
        fix = 'add Principal: "*"' if element == "Principal" else "write in it who is not denied"
        yield part.place(*path), f"{name} has no {element}", fix
    elif principal != "*" and not isinstance(principal, dict):
        fix = 'write "*", or {AWS: …} with an account or an ARN'
        yield part.place(*path, element), f"{name} has a malformed {element}", fix


def _unknown_keys(mapping: dict[str, Any], known: tuple[str, ...], part: Part, path: Path) -> Findings:
    for key in sorted(mapping.keys() - set(known)):
        near = nearest(key, known, n=1)  # what is unlike all may be of any file that a spec names, and is not printed
        message = f"{'a statement' if path else 'a policy'} has {f'no element {key}' if near else 'an unknown element'}"
        yield part.key_place(*path, key), message, did_you_mean(near, f"it takes {', '.join(known)}")

"""The statements of endpoint policies as rules read them: names, conditions, and which Deny acts."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any, NamedTuple

from generator.catalog.policy_needs import Need
from generator.intent.endpoints import Endpoint
from generator.intent.iam import allows, applies
from generator.intent.iam_condition import MODULE_VPC, Request, through
from generator.intent.iam_owned import named_values, requests_for
from generator.intent.iam_pattern import Answer, texts
from generator.intent.intent import Intent, Path
from generator.intent.policy_parts import Part
from generator.source.diagnostics import Place
from generator.spec.references import ById

PERIMETER = frozenset(
    f"aws:{whose}{what}" for whose in ("principal", "resource") for what in ("orgid", "orgpaths", "account")
)
"""The condition keys by which a perimeter is drawn around an organization or accounts, in small letters."""

_UNSAID = frozenset(
    {"aws:sourcevpce", "aws:sourcevpcarn", "aws:vpcsourceip", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths"}
)
"""The condition keys of what no spec says: an endpoint's own id and account, and the addresses of its VPC."""


class Condition(NamedTuple):
    """One condition of a statement: an operator, a key, and the texts that it is compared with."""

    operator: str
    key: str
    values: tuple[str, ...]

    @property
    def path(self) -> Path:
        """The path of the condition in its statement."""
        return ("Condition", self.operator, self.key)


class Statement(NamedTuple):
    """A statement of a policy that is a mapping, the part that has it, and its path there."""

    part: Part
    path: Path
    stated: dict[str, Any]

    @property
    def name(self) -> str:
        """What a statement is called: its Sid, or its number."""
        sid = self.stated.get("Sid")
        if sid and isinstance(sid, str):
            return f"statement {sid}"
        return f"statement {self.path[-1] + 1}" if isinstance(self.path[-1], int) else "the statement"

    def place(self, *path: str | int) -> Place:
        """Return where something is in the statement."""
        return self.part.place(*self.path, *path)

    def conditions(self) -> Iterator[Condition]:
        """Yield the conditions; what is not a mapping has none."""
        stated = self.stated.get("Condition")
        for operator, keys in stated.items() if isinstance(stated, dict) else ():
            for key, values in keys.items() if isinstance(keys, dict) else ():
                yield Condition(operator, key, texts(values))


def statements(intent: Intent, endpoint: Endpoint) -> Iterator[Statement]:
    """Yield the statements of an endpoint's policy that are mappings."""
    for part in intent.policies.parts.get(endpoint.key, ()):
        yield from (Statement(part, path, each) for path, each in part.statements() if isinstance(each, dict))


def request_of(intent: Intent, endpoint: Endpoint) -> Request:
    """Return what a spec says of the requests through one of its endpoints."""
    vpc = intent.spec.vpc.id if isinstance(intent.spec.vpc, ById) else MODULE_VPC
    context = through(endpoint="vpce-*", vpc=vpc, service=endpoint.leads_to, day=intent.today)
    return Request(context=context)


def requests_of(intent: Intent, endpoint: Endpoint, need: Need) -> list[Request]:
    """Return what a spec says of the requests for a need; of what it can't know, each that its policy tells apart."""
    document, request = intent.policies.documents[endpoint.key], request_of(intent, endpoint)
    unsaid = _UNSAID if isinstance(intent.spec.vpc, ById) else {*_UNSAID, "aws:sourcevpc"}
    choices = {key: [*found] for key in sorted(unsaid) if (found := [*named_values(document, key)])}
    return requests_for(request, signed=need.signed, choices=choices)


def denial(
    intent: Intent, endpoint: Endpoint, action: str, resource: str, request: Request
) -> tuple[Place, str] | None:
    """Return the first Deny without which a policy would let more of a request through: its place, what it is called.

    None where the policy lets no more through without its denials, so that an Allow is missing.
    """
    found = list(statements(intent, endpoint))
    permits = {"Statement": [each.stated for each in found if each.stated.get("Effect") == "Allow"]}
    document = intent.policies.documents[endpoint.key]
    is_denied = allows(permits, action, resource, request) > allows(document, action, resource, request)
    denying = [each for each in found if each.stated.get("Effect") == "Deny"]
    denials = [(applies(each.stated, action, resource, request), each) for each in denying]
    answer, first = max(denials, key=itemgetter(0), default=(Answer.NO, None))
    return (first.place(), first.name) if is_denied and answer and first else None

"""What a rule is: one code with its reasons and its fix, and the function that finds it.

A rule is called with an `Intent` and yields what it finds there. It asks neither AWS nor the network, and what nobody
knows (None) it lets pass: an endpoint that could not be settled has no type, or no service name.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import wraps
from itertools import chain
from typing import TypeAlias

from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent, Path
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.frozen import frozen
from generator.spec.references import ById

Findings: TypeAlias = Iterator[tuple[Place | Path, str] | tuple[Place | Path, str, str]]
"""What a rule's function yields: where, what is wrong, and what to write if that is not what its code says."""

Find: TypeAlias = Callable[[Intent], Findings]
FindInEndpoint: TypeAlias = Callable[[Intent, Endpoint], Findings]


@frozen(kw_only=True)
class Rule(Code):
    """A kind of finding of the spec, and how it is found."""

    find: Find

    @property
    def title(self) -> str:
        """Return what was found, in a few words: the docstring of the function."""
        return (self.find.__doc__ or "").removesuffix(".")

    def __call__(self, intent: Intent) -> Iterator[Diagnostic]:
        """Yield what the rule finds in a spec."""
        for where, message, *fix in self.find(intent):
            yield self.at(where if isinstance(where, Place) else intent.source.place(where), message, *fix)


def rule(code: str) -> Callable[[Find], Rule]:
    """Return the decorator that makes a rule of a function over the spec, whose docstring is the rule's title."""
    return lambda find: Rule(code, find=find)


def endpoint_rule(code: str) -> Callable[[FindInEndpoint], Rule]:
    """Return the decorator that makes a rule of a function over one endpoint: it is asked of each."""

    def made(find: FindInEndpoint) -> Rule:
        @wraps(find)
        def find_in_each(intent: Intent) -> Findings:
            return chain.from_iterable(find(intent, endpoint) for endpoint in intent.endpoints)

        return Rule(code, find=find_in_each)

    return made


def policy_rule(code: str, *, by_service: bool = False) -> Callable[[FindInEndpoint], Rule]:
    """Return the decorator that makes a rule of a function over the policy of an endpoint.

    Where it finds nothing, it is not asked again of endpoints, and targets, that have the same; `by_service` of those
    of one service alone.
    """

    def made(find: FindInEndpoint) -> Rule:
        right = set[Hashable]()

        @wraps(find)
        def find_in_each(intent: Intent) -> Findings:
            vpc, alike = intent.spec.vpc, intent.policies.alike
            of_all = (vpc.id if isinstance(vpc, ById) else None, intent.today)
            for endpoint in intent.endpoints if alike else ():
                use = (endpoint.service_id, endpoint.bundles) if by_service else ()
                if endpoint.key in alike and (key := (alike[endpoint.key], of_all, use)) not in right:
                    is_right = True
                    for found in find(intent, endpoint):
                        is_right = False
                        yield found
                    right.update({key} if is_right else ())

        return Rule(code, find=find_in_each)

    return made

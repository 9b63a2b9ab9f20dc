"""What a rule is: one code with its reasons and its fix, and the function that finds it.

A rule is called with an `Intent` and yields what it finds there. It asks neither AWS nor the network, and what nobody
knows (None) it lets pass: an endpoint that could not be settled has no type, or no service name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from generator.source.diagnostics import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from generator.intent.endpoints import Endpoint
    from generator.intent.intent import Intent
    from generator.source.diagnostics import Diagnostic

    Find: TypeAlias = Callable[[Intent], Iterator[Diagnostic]]
    FindInEndpoint: TypeAlias = Callable[[Intent, Endpoint], Iterator[Diagnostic]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Code):
    """A kind of finding of the spec, and how it is found."""

    find: Find

    def __call__(self, intent: Intent) -> Iterator[Diagnostic]:
        """Yield what the rule finds in a spec."""
        return self.find(intent)


def rule(code: str, title: str, *, why: str, fix: str, source: str = "") -> Callable[[Find], Rule]:
    """Return the decorator that makes a rule of a function over the spec."""

    def made(find: Find) -> Rule:
        return Rule(code, title, why, source, fix, find=find)

    return made


def endpoint_rule(code: str, title: str, *, why: str, fix: str, source: str = "") -> Callable[[FindInEndpoint], Rule]:
    """Return the decorator that makes a rule of a function over one endpoint: it is asked of each."""

    def made(find: FindInEndpoint) -> Rule:
        def find_in_each(intent: Intent) -> Iterator[Diagnostic]:
            for endpoint in intent.endpoints:
                yield from find(intent, endpoint)

        return Rule(code, title, why, source, fix, find=find_in_each)

    return made

"""What a rule is: one code with its reasons and its fix, and the function that finds it.

A rule is called with an `Intent` and yields what it finds there. It asks neither AWS nor the network, and what nobody
knows (None) it lets pass: an endpoint that could not be settled has no type, or no service name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent
from generator.source.diagnostics import Code, Diagnostic

Find: TypeAlias = Callable[[Intent], Iterator[Diagnostic]]
FindInEndpoint: TypeAlias = Callable[[Intent, Endpoint], Iterator[Diagnostic]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Code):
    """A kind of finding of the spec, and how it is found."""

    find: Find
    name: str

    @property
    def title(self) -> str:
        """Return what was found, in a few words: the docstring of the function."""
        return self.name

    def __call__(self, intent: Intent) -> Iterator[Diagnostic]:
        """Yield what the rule finds in a spec."""
        return self.find(intent)


def rule(code: str) -> Callable[[Find], Rule]:
    """Return the decorator that makes a rule of a function over the spec, whose docstring is the rule's title."""
    return lambda find: Rule(code, find=find, name=_title(find))


def endpoint_rule(code: str) -> Callable[[FindInEndpoint], Rule]:
    """Return the decorator that makes a rule of a function over one endpoint: it is asked of each."""

    def made(find: FindInEndpoint) -> Rule:
        def find_in_each(intent: Intent) -> Iterator[Diagnostic]:
            for endpoint in intent.endpoints:
                yield from find(intent, endpoint)

        return Rule(code, find=find_in_each, name=_title(find))

    return made


def _title(find: Find | FindInEndpoint) -> str:
    return (find.__doc__ or "").removesuffix(".")

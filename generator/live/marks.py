"""What a state marks: what the next apply replaces, or destroys, though no configuration says so."""

from __future__ import annotations

import shlex
from abc import abstractmethod
from collections.abc import Mapping
from typing import NamedTuple

from generator.live.estate import AwsObject


class Marks(NamedTuple):
    """The addresses of what a state marks."""

    tainted: dict[str, list[str]]
    """The addresses by the id of the endpoint, or of the group for it and its rules."""
    deposed: dict[str, str]
    """The address by id."""
    without_id: list[str]
    """The addresses of endpoints and groups of which the state does not tell which they are."""


class Marked(Mapping[str, AwsObject]):
    """What a state has, with its marks."""

    marks: Marks

    @abstractmethod
    def where(self, identifier: str) -> tuple[int | None, str]:
        """Return what the function `where` does, of which the object is not made."""


def where(known: Mapping[str, AwsObject] | None, identifier: str) -> tuple[int | None, str]:
    """Return which of the states has something, and its whole address there; None and nothing where none has it."""
    if isinstance(known, Marked):
        return known.where(identifier)
    its = (known or {}).get(identifier, {})
    return its.get("Root"), str(its.get("Address") or "")


def without_id(known: Mapping[str, AwsObject] | None) -> list[str]:
    """Return at which addresses a state has endpoints and groups without their ids: each may be any that it lacks."""
    return known.marks.without_id if isinstance(known, Marked) else []


def marked(known: Mapping[str, AwsObject] | None, live: AwsObject) -> bool:
    """Tell whether a state has an endpoint as tainted or deposed."""
    identifier = str(live["VpcEndpointId"])
    return isinstance(known, Marked) and (identifier in known.marks.tainted or identifier in known.marks.deposed)


def has(known: Mapping[str, AwsObject] | None, identifier: str) -> bool:
    """Tell whether a state has something, be it to destroy it."""
    return identifier in (known or {}) or (isinstance(known, Marked) and identifier in known.marks.deposed)


def tainted(
    known: Mapping[str, AwsObject] | None, identifier: str, refusal: tuple[str, str] | None = None
) -> tuple[str, str] | None:
    """Return what the next apply replaces of an endpoint, or of a group with its rules, and how it is kept.

    A `refusal` is why that fails, and how it is replaced all the same.
    https://developer.hashicorp.com/terraform/cli/commands/untaint (checked 2026-11-28)
    """
    at = known.marks.tainted.get(identifier) if isinstance(known, Marked) else None
    if not at:
        return None
    ways = " && ".join(shlex.join(("terraform", "untaint", each)) for each in at)
    if refusal:
        why, anew = refusal
        return (
            f"tainted in Terraform's state, and {why}: {', '.join(at)}",
            f"the apply fails; to keep it: {ways}; to have it anew: {anew}",
        )
    does = "terraform apply destroys what is tainted and creates it anew"
    return (
        f"tainted in Terraform's state, and replaced by the next apply: {', '.join(at)}",
        f"{does}; to keep it: {ways}",
    )


def deposed(known: Mapping[str, AwsObject] | None, identifier: str) -> tuple[str, str] | None:
    """Return that a state has something only to destroy it, left over from a replacement, and what to do.

    `state rm` forgets all objects of an instance, the current one too:
    https://github.com/hashicorp/terraform/blob/main/internal/command/state_rm.go (checked 2026-11-28)
    """
    at = known.marks.deposed.get(identifier) if isinstance(known, Marked) else None
    if not at:
        return None
    away = shlex.join(("terraform", "state", "rm", at))
    return f"deposed in Terraform's state, and destroyed by the next apply: {at}", (
        f"terraform apply destroys it; to keep it: {away}, which forgets all objects there, then import the one to stay"
    )

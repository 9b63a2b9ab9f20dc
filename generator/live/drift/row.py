"""One difference between a spec, its files and AWS: its class, what the spec says, what is there, what to run next."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeAlias

from generator.intent.iam_same import says_the_same
from generator.live.change import Change
from generator.live.estate import AwsObject, Estate
from generator.live.locate import Located
from generator.live.owners import Owner
from generator.source.diagnostics import Code, Diagnostic
from generator.source.frozen import frozen
from generator.source.suggest import some
from generator.spec.policy import UNMANAGED

_SHOWN = 3
_HIT = 12
DRIFT = Code("E443")
Unsayable: TypeAlias = Callable[[AwsObject, Iterable[AwsObject], Estate], Mapping[str, tuple[str, bool]]]
"""Tells why no spec can have endpoints of a VPC, and whether that is known, by the ids of those which none can.

It is what `adopt` leaves out, and comes from there: what writes specs is above this.
"""

Whose: TypeAlias = Callable[[Located, AwsObject], str]
"""Tells which spec that is not compared may have an endpoint in the VPC of one that is, and what to do; else empty."""


class Kind(StrEnum):
    """Who, or what, is to blame for a difference."""

    HAND_EDIT = "hand-edit"
    """A rendered file was edited, or says what AWS lacks because it was."""
    STALE = "stale-render"
    """The spec has changed, and the files have not, nor has AWS."""
    FOREIGN = "foreign-file"
    """Something that the tool did not write is where a rendered file belongs, or stops each plan beside it."""
    NOT_APPLIED = "not-applied"
    """AWS has what Terraform's state has, and spec and files say something else."""
    CHANGED = "changed-by-hand"
    """AWS has something else than spec, files and Terraform's state say."""
    UNSURE = "not-applied-or-changed-by-hand"
    """AWS has something else than spec and files say, and no state says since when."""
    NOT_IN_SPEC = "not-in-spec"
    """AWS has an endpoint, or something in place of what it takes by itself, that no spec states."""
    DELETED = "deleted"
    """Spec, files and Terraform's state have what AWS has not."""
    DEAD = "dead"
    """An endpoint of the spec is rejected, failed, expired or partial: it carries no traffic, or not all of it, and no
    plan says so.
    """
    NOT_IN_STATE = "not-in-state"
    """AWS has what the spec states, and Terraform's state does not have it, or has another in its place."""
    IN_TWO_SPECS = "in-two-specs"
    """Two specs state one endpoint as their own, or what AWS takes once in a VPC."""
    NOT_TOLD = "not-told"
    """AWS's answers do not tell whether there is a difference."""
    INFO = "info"
    """No difference, and yet worth knowing; the exit code does not count it."""


@frozen(kw_only=True)
class Drift:
    """One difference; `wanted` and `found` are None where there is nothing on that side."""

    kind: Kind
    spec: str | None
    """The spec's path; None for what exists in the VPC of several specs."""
    subject: str
    """The endpoint's key, `security group NAME`, the file's path, or the id of an endpoint that no spec has."""
    also: tuple[str, ...] = ()
    """The other subjects of the same cause, of which it says the same, or of nothing there its own of each."""
    field: str = ""
    wanted: Any = None
    found: Any = None
    known: bool = True
    """Whether AWS's answers, and what is given of inputs, tell what is there."""
    next: str


@frozen(kw_only=True)
class Commands:
    """What to run next, for one spec."""

    spec: str
    out: str
    region: str
    templates: tuple[str, ...] = ()
    """The option by which the module is rendered with templates, where one is given."""
    refused: tuple[Diagnostic, ...] = ()
    """Why `render` refuses what the spec says, until it is mended or allowed."""

    @property
    def first(self) -> str:
        """Say what comes before `render`; empty where it refuses nothing."""
        whys = some((f"{each.message} ({each.code}): {each.fix}" for each in self.refused), _SHOWN, "; ")
        return f"first, since render refuses it: {whys}; then " if whys else ""

    def render(self, *options: str) -> str:
        """Render the spec again."""
        return shlex.join(("gen-endpoints", "render", self.spec, "--out", self.out, *self.templates, *options))

    @property
    def drop_edit(self) -> str:
        """Do away with an edit of a rendered file."""
        return f"move the edit into {self.spec}, then drop it from the file: {self.render('--force')}"

    def apply(self, surely: str, change: Change) -> str:
        """Make AWS as the spec says, or the spec as AWS has it, but for lists of nothing; `surely` by `Comparison`."""
        is_none = isinstance(change.wanted, list) and not change.found
        ways = "" if is_none else "take it out of" if change.found is None else "write it into"
        return self.made_so(surely, ways)

    def made_so(self, surely: str, ways: str, unsaid: str = "") -> str:
        """Make AWS as the spec says, or the spec as AWS has it, where there are ways and no spec leaves it `unsaid`."""
        keep = f"; to keep what is there, {unsaid or f'{ways} {self.spec} and render'}" if ways else ""
        return f"terraform apply makes it so{surely}{keep}"

    @property
    def make(self) -> str:
        """Make what AWS does not have."""
        return self.make_for(())

    def make_for(self, keys: Iterable[str]) -> str:
        """Make a security group that AWS does not have, for the endpoints of some keys."""
        whose = f", and gives it to {names}" if (names := some(keys, _HIT)) else ""
        return f"terraform apply makes it, again if it was deleted{whose}; else take it out of the spec and render"

    def revoke(self, group_id: str, permissions: Iterable[str], kind: Kind, unsaid: str, what: str) -> str:
        """Take rules out of a security group that the spec does not have, or keep them, but for what is `unsaid`."""
        command = ("aws", "ec2", "revoke-security-group-ingress", "--region", self.region, "--group-id", group_id)
        leaves = f"Terraform leaves {what}: {shlex.join((*command, '--ip-permissions', *permissions))}"
        away = f"terraform apply takes {what} away"
        step = {Kind.NOT_APPLIED: away, Kind.UNSURE: f"{away} if it made it; else {leaves}"}.get(kind, leaves)
        return f"{step}; to keep it, {unsaid or f'write it into {self.spec} and render'}"

    def state(self, field: str, default: str) -> str:
        """State what AWS takes by itself, or what is there, or that a policy is left to others."""
        ways = f"{default}, or what is there" + (f", or {field}: {UNMANAGED}" if field == "policy" else "")
        return f"Terraform leaves it: write into {self.spec} {ways}; then render and terraform apply"


def not_ours(owner: Owner | None, known: AwsObject | None, reason: tuple[str, bool]) -> str:
    """Return why no spec is to have an endpoint, with nothing to do but for a state; empty where one may have it.

    `reason` is why no spec can, and whether that is known: else it has what would tell.
    """
    if owner and known:
        return f"{owner.reason}, and Terraform has it: let it go: terraform state rm {shlex.quote(known['Address'])}"
    if owner:
        return f"nothing: {owner.reason}; {owner.fix}"
    why, is_known = reason
    return f"nothing: {why}" if why and is_known else why


def cause(change: Change, in_state: Iterable[Change]) -> Kind:
    """Return who made a difference in AWS, where the state differs from the spec in some ways, as far as it tells."""
    same = [each for each in in_state if (each.field, each.wanted) == (change.field, change.wanted)]
    if not all(each.known for each in same):
        return Kind.UNSURE
    by_policy = change.field == "policy"
    is_same = any(
        each.found == change.found or (by_policy and says_the_same(each.found, change.found)) for each in same
    )
    return Kind.NOT_APPLIED if is_same else Kind.CHANGED

"""What the checks of a spec found."""

from __future__ import annotations

from generator.live.preflight.differing import Differing
from generator.live.untold import NOT_CHECKED
from generator.source.diagnostics import Diagnostic
from generator.source.frozen import frozen


@frozen(kw_only=True)
class Unchecked:
    """What stays open for want of one kind of answers, why, and the AWS CLI's line that gives them."""

    about: tuple[str, ...]
    kind: str
    why: str
    fix: str
    command: str


@frozen(kw_only=True)
class Outcome:
    """What all checks together found."""

    findings: tuple[Diagnostic, ...]
    unchecked: tuple[Unchecked, ...]
    passed: int
    """How many checks found nothing."""
    as_stated: tuple[str, ...] = ()
    """What exists just as the spec says: endpoints by their keys, groups by their names."""
    differing: tuple[Differing, ...] = ()
    """What of that which Terraform's state has is otherwise, and what the apply does with it."""
    depends: tuple[str, ...] = ()
    """What exists, if the apply works only where Terraform's state has it, and no state is told."""
    ill: tuple[str, ...] = ()
    """The keys and states of endpoints that exist and do not work, or may not, and that an apply leaves so."""
    replaced: tuple[str, ...] = ()
    """What exists, and an apply replaces though nothing differs."""
    is_in_order: bool = False
    """Whether the apply works once another has, or AWS's CLI has changed something."""
    waits: tuple[str, ...] = ()
    """The other specs that are applied first."""
    blocked: str = ""
    """The one of these of which this run does not say that its apply would work, and what it says."""
    sure: frozenset[str] = frozenset()
    """The codes of errors that are ones whatever Terraform's state has."""

    @property
    def matters(self) -> tuple[Diagnostic, ...]:
        """What was found: not what was not checked."""
        return tuple(each for each in self.findings if each.code != NOT_CHECKED.code)

    @property
    def would_work(self) -> bool:
        """Tell whether nothing was found that makes the apply fail, whatever Terraform's state has."""
        return not (self.depends or self.blocked) and all(finding.is_warning for finding in self.findings)

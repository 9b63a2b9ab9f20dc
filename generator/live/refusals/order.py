"""What a spec needs that another of the specs makes: which is to be applied first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.catalog.wildcards import finder
from generator.intent.intent import Path
from generator.live.follow import NOT_THERE
from generator.live.locate import Located
from generator.live.refusals.facts import add_command
from generator.source.diagnostics import Code, Diagnostic
from generator.spec.references import ByName, ByTags, MembersOf

APPLY_FIRST = Code("W437")


def apply_first(spec: Located, message: str, maker: str) -> tuple[str, str]:
    """Return what is said of something that is not there yet, and that another spec makes; and what to do."""
    return f"{message} yet; {maker} makes it", before(spec, maker)


def before(spec: Located, *others: str) -> str:
    """Return that other specs are applied first, in their order."""
    return f"apply {', then '.join(others)} before {spec.path}"


def leading_nowhere(spec: Located, findings: Mapping[Diagnostic, str]) -> Iterator[Diagnostic]:
    """Yield what leads nowhere, each with its command; of what another spec makes, what to apply first."""
    makers = {spec.intent.source.place(path): maker for path, maker in _made_by_others(spec)} if spec.groups else {}
    for finding, line in findings.items():
        if finding.code == NOT_THERE.code and (maker := makers.get(finding.place)):
            message, fix = apply_first(spec, finding.message, maker)
            yield add_command(APPLY_FIRST.at(finding.place, message, fix), line)
        else:
            yield add_command(finding, line)


def _made_by_others(spec: Located) -> Iterator[tuple[Path, str]]:
    """Yield the paths of references to groups by tags that another spec makes, and which spec does."""
    for path, reference in _references(spec):
        wanted = {"Name": reference.name} if isinstance(reference, ByName) else {}
        wanted = dict(reference.tags) if isinstance(reference, ByTags) else wanted
        others = ((maker, tags) for maker, tags in spec.groups if wanted and maker != spec.path)
        if maker := next((maker for maker, tags in others if finder(wanted)(tags)), ""):
            yield path, maker


def _references(spec: Located) -> Iterator[tuple[Path, object]]:
    for each in spec.intent.endpoints:
        for index, reference in enumerate(each.security_groups):
            yield (*each.at("security_groups"), index), reference
    for path, group in spec.intent.created():
        for index, ingress in enumerate(group.ingress):
            if isinstance(ingress.source, MembersOf):
                yield (*path, "ingress", index, "security_group"), ingress.source.security_group

"""The arrow, whole: a spec's file in, the module's files out, and nothing in between that was not proven.

    text ──understand──▶ Intent ──resolve──▶ Module ──render──▶ Files ──read_back──▶ Facts ──check──▶ Generated

It alone reads specs and the lists of Regions; `policy_files` reads what their policies name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from generator import rules, spec
from generator.catalog import files as lists_of_regions
from generator.catalog.catalog import Catalog
from generator.catalog.listed import ListedCatalog
from generator.catalog.lists import RegionalList
from generator.fleet.expand import Partly, expand
from generator.fleet.layers import PARENT
from generator.fleet.overlays import Target
from generator.fleet.templates import with_templates
from generator.fleet.told import each_of
from generator.hcl.facts import Facts
from generator.hcl.memory import Cache
from generator.intent import document, policies, policy_files
from generator.intent.claims import MISSING
from generator.intent.intent import Intent, settle
from generator.intent.settle import misnamed, service_regions
from generator.module.module import Module
from generator.output.revision import named_beside
from generator.project import OF_VARS
from generator.source import source
from generator.source.diagnostics import Code, Diagnostic, ExitCode, Place, Refused, in_order
from generator.source.frozen import frozen
from generator.source.reading import contents, is_file, is_there
from generator.source.source import Source
from generator.source.suggest import did_you_mean, few_guesses, nearest
from generator.spec import Spec

ONE_NAME = Code("E031")
WHICH = Code("E159")
_BY_LIST = frozenset({"E201", "E202", "E203", "E204", "E228", "E274", "W209", "W250"})
"""What the catalog finds and the list of the Region may know better: open as long as that list is damaged."""


@frozen(kw_only=True)
class Generated:
    """A spec's meaning, its module, the files of that, and what was read back from them."""

    path: str
    intent: Intent
    module: Module
    files: Mapping[str, str]
    facts: Facts
    added: tuple[str, ...] = ()
    """The files that are of a team's templates."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What these were given."""


def understand(path: str, today: date | None = None) -> Intent:
    """Return what the spec at `path` means, with the rules' warnings.

    The lists of its Regions are read where there are some; what is old or over by `today` gets a warning, no more.
    Raises Refused with everything that is wrong with the spec.
    """
    return understand_source(one_of(path), today)


def targets_of(path: str, project: Source | None = None) -> tuple[Target, ...]:
    """Return the targets of the spec at `path`, of `FILE:KEY` that one, with what a project says of all specs.

    Raises Refused, also where there is none.
    """
    file, _, key = path.rpartition(":")
    if is_there(path) or not is_file(file):
        return targets(source.read(path), project)
    found = targets(source.read(file), project)
    chosen = tuple(each for each in found if each.key == key)
    if not chosen:
        near = did_you_mean(f"{file}:{each}" for each in nearest(key, [each.key for each in found]))
        message = f"it has no target {key}"
        raise Refused([WHICH.at(Place(file), message, near or f"gen-endpoints targets {file} lists them")])
    return chosen


def targets(found: Source, project: Source | None = None) -> tuple[Target, ...]:
    """Return the targets of a spec that was parsed, itself if it is one; raises Refused for what makes none.

    Each knows the folder of its templates: that which the project was told, else what the target comes to say.
    """
    told = project.templates if project else ""
    try:
        all_targets = expand(found, _parent, project)
    except Partly as refused:
        raise Refused([*refused.diagnostics, *refused.of_targets(understand_source)]) from refused
    return each_of(((each.label, each) for each in all_targets), partial(with_templates, told=told))


def one_of(path: str, project: Source | None = None) -> Source:
    """Return the one spec that is at `path`, in its project; raises Refused (E159) where there are several."""
    return _one(targets_of(path, project))


def _one(found: tuple[Target, ...]) -> Source:
    first, *others = found
    if not others:
        return first.source
    fix = f"name one, as {first.source.file}:{first.key}"
    raise Refused([WHICH.at(Place(first.source.file), f"it has {len(found)} targets, and this is for one", fix)])


def understand_text(text: str | bytes, path: str, today: date | None = None) -> Intent:
    """Return what the text of a spec means, which is at `path` or will be; raises Refused as `understand` does."""
    return understand_source(source.parse(text, path), today)


@few_guesses()
def understand_source(found: Source, today: date | None = None) -> Intent:
    """Return what a spec that was parsed means; raises Refused as `understand` does."""
    intent, unsettled, damaged = _intent(found, today)
    stated, found = intent.spec, intent.source
    is_settled = all(finding.is_warning for finding in unsettled)
    is_complete, unsure = is_settled and not damaged, {*(_BY_LIST if damaged else ()), *(() if is_settled else MISSING)}
    findings = (*damaged, *(each for each in (*unsettled, *rules.findings(intent)) if each.code not in unsure))
    if is_complete and (found.rules or found.templates):
        findings = (*findings, *_own_findings(intent))
    findings = rules.without_ignored(stated, found, findings, is_complete=is_complete)
    if any(not finding.is_warning for finding in findings):
        raise Refused(findings)
    return replace(intent, warnings=in_order(findings))


def document_of(found: Source) -> dict[str, Any]:
    """Return the document of a spec that a team's own rules see; raises Refused for one that comes to none."""
    intent, *obstacles = _intent(found, None)
    if wrong := [finding for of_it in obstacles for finding in of_it if not finding.is_warning]:
        raise Refused(wrong)
    return document.resolved(intent)


def _intent(found: Source, today: date | None) -> tuple[Intent, tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """Return what a spec means as far as it can be said, what forbids more, and what is damaged beside it."""
    found = _one(targets(found))
    try:
        stated = spec.decode(found)
    except Refused as refused:
        rest = spec.decode_rest(found, refused.diagnostics)
        raise Refused((*refused.diagnostics, *(_misnamed(rest, found) if rest else ()))) from None
    documents = policy_files.documents(found.file, policies.policy_files(stated))
    catalog, damaged = _catalog(found.file, service_regions(stated))
    return *settle(stated, found, catalog, documents, today), damaged


def _own_findings(intent: Intent) -> Iterator[Diagnostic]:
    """Yield what the team's own rules find; raises Refused for a file that has none."""
    from generator.project import own_rules

    found, place_of = document.resolved(intent), partial(document.place, intent)
    for place, name in intent.source.rules:
        file = named_beside(place, name, own_rules.UNFIT, "rules")
        yield from own_rules.broken(own_rules.read(contents(file), file), found, place_of)
    file = Path(intent.source.templates, OF_VARS).as_posix()
    if intent.source.templates and is_file(file):
        yield from own_rules.broken(own_rules.read(contents(file), file), found, place_of, ("vars",))


def generate(path: str, cache: Cache, today: date | None = None) -> Generated:
    """Return the module that the spec at `path` means, as files that were read back and say just that.

    Raises Refused: the user's turn for what is wrong with the spec, ours for files that say anything else.
    """
    return generate_source(one_of(path), cache, today)


def generate_source(found: Source, cache: Cache, today: date | None = None) -> Generated:
    """Return the module that a spec that was parsed means; raises Refused as `generate` does."""
    from generator.hcl import facts
    from generator.module import check, render, resolve
    from generator.module.proof import meaning

    intent = understand_source(found, today)
    module = resolve.resolve(intent)
    files = render.render(module)
    said = facts.read_back(files, cache.known)
    disagreements = check.check(module, said) or (meaning.disagreements(intent, said) if module.endpoints else ())
    if disagreements:
        raise Refused(disagreements, ExitCode.BUG)
    return Generated(path=found.file, intent=intent, module=module, files=files, facts=said)


def _misnamed(rest: Spec, found: Source) -> tuple[Diagnostic, ...]:
    """Return what endpoints name that is none in the spec's Region, or if that is not known in any; by whole lists."""
    regions = service_regions(rest)
    if not rest.known_region:
        regions |= {*lists_of_regions.regions(Path(found.file).parent)}
    catalog, damaged = _catalog(found.file, regions)
    return () if damaged else misnamed(rest, found, catalog)


def _catalog(path: str, regions: Iterable[str]) -> tuple[Catalog, tuple[Diagnostic, ...]]:
    """Return the catalog, with the lists beside the spec of these Regions, and which of them are damaged."""
    lists, damaged = dict[str, RegionalList](), list[Diagnostic]()
    for region in regions:
        try:
            lists |= lists_of_regions.read(Path(path).parent, [region])
        except Refused as refused:
            damaged += refused.diagnostics
    return (ListedCatalog(Catalog.load(), lists) if lists else Catalog.load()), tuple(damaged)


def _parent(place: Place, stated: str) -> Source:
    """Return the spec that another extends; raises Refused for one that is outside of its repository."""
    return source.read(named_beside(place, stated, PARENT, "parent"))

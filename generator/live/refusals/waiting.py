"""Which other specs are to be applied before one, whatever for: all that tells of an order asks here."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import replace

from generator.live.follow import NOT_THERE
from generator.live.gateways import GATEWAY, lacking
from generator.live.locate import Located
from generator.live.refusals.facts import join_words, knows, new_private_dns
from generator.live.refusals.givers import givers
from generator.live.refusals.order import APPLY_FIRST, before, makers, nowhere, or_first
from generator.live.untold import NOT_TOLD
from generator.source.diagnostics import Code, Diagnostic


def waits(spec: Located) -> dict[str, None]:
    """Return the specs that one waits for, those that these wait for, and all of the roots of these."""
    found, first = dict[str, None](), deque([spec.path] if len(spec.others) > 1 else [])
    while first:
        for path, is_other in _direct(spec.others[first.popleft()]).items():
            several = {path: None} | (_beside(spec.others[path]) if is_other else {})
            first += (each for each in several if each not in found)
            found |= several
    return found


def circle(spec: Located, maker: str) -> str:
    """Return which specs wait for each other, by the roots that have them; empty where the maker's root does not wait.

    Within a root that is no order: what AWS's CLI has changed, one apply goes on with.
    """
    came, first, own, seen = {maker: spec.path}, deque([maker]), _beside(spec), set[object]()
    while first:
        path = first.popleft()
        if path in own:
            members = {spec.path: None, path: None}
            while path != maker:
                members[path := came[path]] = None
            return f"{join_words(sorted(members))} wait for each other"
        several = [each for each, is_other in _direct(spec.others[path]).items() if is_other]
        if (root := spec.others[path].applied_by) not in seen:
            several += _beside(spec.others[path])
            seen.add(root)
        for each in (each for each in several if each not in came):
            came[each] = path
            first.append(each)
    return ""


def _beside(spec: Located) -> dict[str, None]:
    """Return the specs of a root, itself too, by the root."""
    by_root = spec.estate.once((_beside, next(iter(spec.others.values()))), lambda: _by_root(spec))
    return by_root[spec.path if spec.applied_by is None else spec.applied_by]


def _by_root(spec: Located) -> dict[object, dict[str, None]]:
    found = defaultdict[object, dict[str, None]](dict)
    for path, each in spec.others.items():
        found[path if each.applied_by is None else each.applied_by][path] = None
    return found


def leading_nowhere(spec: Located, findings: Mapping[Diagnostic, str]) -> Iterator[Diagnostic]:
    """Yield what leads nowhere, each with its command; of what another spec makes, what to apply first."""
    by_place = makers(spec)
    for finding, line in findings.items():
        told = or_first(spec, finding, by_place)
        if left := in_order(spec, told, by_place.get(told.place, ""), NOT_THERE):
            yield replace(left, fix=f"{left.fix}\n    {line}") if line else left


def awaited(spec: Located) -> Iterator[Diagnostic]:
    """Say what another spec makes of what endpoints of this one refer to, and so do the groups made for them."""
    places = makers(spec)
    return (each for each in leading_nowhere(spec, nowhere(spec)) if each.place in places)


def in_order(spec: Located, told: Diagnostic, maker: str, code: Code) -> Diagnostic | None:
    """Return what is said of a spec to apply first; an error of some code where that waits for the other in turn.

    None where the root here makes the other first in the same apply, by `depends_on`.

    It is no order within a root. Whether one plan waits is for its calls to say: "If a resource that a data source
    depends_on changes, Terraform marks the data source to be read during the apply phase."
    https://support.hashicorp.com/hc/en-us/articles/15789686740499 (read 2026-11-28)
    """
    if told.code != APPLY_FIRST.code or maker not in spec.others:
        return told
    until = f"take what waits for {maker} out of {spec.path} until {maker} is applied"
    if spec.shares_root(spec.others[maker]):
        if spec.path in _first_in_root(spec.others[maker]):
            return code.at(told.place, f"{told.message} in the same apply, and waits for {spec.path} in turn", until)
        if follows(spec, spec.others[maker]):
            return None
        message = f"{told.message} in the same apply, and it is not told whether that comes first"
        fix = f"write depends_on in the root's call of {spec.path}, with the call of {maker}, or {until}"
        return NOT_TOLD.at(told.place, message, fix)
    if members := circle(spec, maker):
        return code.at(told.place, f"{told.message}, and {members}", until)
    return replace(told, fix=before(spec, maker, until))


def follows(spec: Located, other: Located) -> bool:
    """Tell whether one apply makes another spec whole before this one, by the calls of the root here."""
    return bool(spec.calls and spec.shares_root(other) and spec.calls.follows(other.calls))


def _direct(spec: Located) -> dict[str, bool]:
    """Return for which specs one waits itself, each with whether it is of another root."""
    given = (each.spec.path for located in spec.endpoints for each in givers(spec, located))
    also = given if knows(spec, "VpcEndpoints") else ()
    found = spec.estate.once((_direct, spec), lambda: dict.fromkeys((*_makers(spec), *also)))
    return {
        path: not spec.shares_root(spec.others[path]) for path in found if path in spec.others and path != spec.path
    }


def _first_in_root(spec: Located) -> dict[str, None]:
    """Return whose groups and gateways of the same root one waits for, and these: nobody gives these up before."""
    found, first = dict[str, None](), [spec.path]
    while first:
        its = spec.others[first.pop()]
        new = [path for path in _makers(its) if path not in found and its.shares_root(spec.others.get(path, its))]
        found |= dict.fromkeys(new)
        first += (path for path in new if path in spec.others)
    return found


def _makers(spec: Located) -> Iterator[str]:
    """Yield which specs make groups and the gateway that one lacks."""
    if knows(spec, "SecurityGroups"):
        by_place = makers(spec)
        yield from (by_place[each.place] for each in nowhere(spec) if each.place in by_place)
    if not knows(spec, "VpcEndpoints"):
        return
    new, maker = {each.endpoint.key for each in new_private_dns(spec)}, spec.coming.get(GATEWAY)
    if maker and any(each.key in new for each, _ in lacking(spec)):
        yield maker

"""Below which path a state has a spec's module: what is below another, the module does not have there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

from generator.intent.groups import group_key
from generator.live.addresses import former, innermost, split
from generator.live.applied import addresses, has_rule, having
from generator.live.called import is_called, path_name, uncalled_roots
from generator.live.candidates import is_of_absent
from generator.live.estate import name
from generator.live.locate import Located
from generator.live.marks import without_id
from generator.live.pairs import home
from generator.live.states import is_gone
from generator.module.root_calls import UNTOLD_PATH
from generator.source.suggest import some

_Place = tuple[object, str]
"""A state, and the path of a module in it."""
_There = set[tuple[_Place, str]]
"""Where states have addresses of a module."""


def with_addresses(specs: Iterable[Located]) -> Iterator[Located]:
    """Yield specs, with the root that applies each, and where a state is told, addresses and the path of the module.

    What a root calls is of the state that has any of it; where no state is told to be its, of the root's folder.
    """
    known = [replace(each, addresses=dict(_own(each)), former=former(each.intent)) for each in specs]
    there: list[_There] = [{*_in_state(each)} if each.vpc else set() for each in known]
    found, states = list[Located](), list[object]()
    for each, has, (taken, sharing) in zip(known, there, _claims(known, there), strict=True):
        spec = replace(each, taken=frozenset(taken), sharing=(*sharing,))
        if each.applied is not None:
            spec = replace(spec, roots=_roots(spec, has))
            spec = spec if each.calls or each.roots[0] else replace(spec, roots=uncalled_roots(spec))
        spec = replace(spec, namesakes=_namesakes(spec) if each.applied else {})
        imports = None if spec.imports is None else dict(_imported(spec, spec.imports))
        found.append(replace(spec, imported=imports))
        own = Counter(state for (state, path), _ in has if (state, path) not in taken and path in spec.roots)
        states.append(max(own, key=lambda state: (own[state], str(state)), default=None))
    called = defaultdict[Path, set[object]](set)
    for spec, state in zip(found, states, strict=True):
        if is_called_here(spec) and state is not None:
            called[_folder(spec)].add(state)
    for spec, state in zip(found, states, strict=True):
        its = called.get(_folder(spec), set())
        root = next(iter(its)) if len(its) == 1 else str(_folder(spec))
        yield replace(spec, applied_by=root if state is None and is_called_here(spec) else state)


def _imported(spec: Located, imports: Mapping[tuple[str, str], str]) -> Iterator[tuple[str, str]]:
    """Yield by id the files whose import blocks bring something to the address that it has in the module.

    In the folder of a module that a root calls, Terraform before 1.16 refuses them: "Import blocks are only allowed in
    the root module". https://github.com/hashicorp/terraform/pull/33193, and /pull/38352 (read 2026-11-28)
    """
    for (identifier, to), file in imports.items():
        is_own = spec.addresses.get(identifier) == to and is_read(spec, file)
        if is_own and not has_other(spec, spec.root + to, identifier):
            yield identifier, file


def is_called_here(spec: Located) -> bool:
    """Tell whether the root in the working folder, or the one below, calls the module."""
    return spec.calls is not None and bool(spec.calls.own)


def _folder(spec: Located) -> Path:
    return spec.calls.folder if spec.calls else Path()


def is_to_move(spec: Located) -> bool:
    """Tell whether the state, if it is that of the root here, has the module at a path that the root does not call."""
    return is_called_here(spec) and spec.is_uncalled and spec.calls is not None and spec.root == spec.calls.path


def is_to_give_way(spec: Located, address: str, identifier: str) -> bool:
    """Tell whether the state has another thing at an address of a spec, be it where the root here does not call it."""
    at = spec.roots[0] + address.removeprefix(spec.root) if is_to_move(spec) else address
    return has_other(spec, at, identifier)


def is_read(spec: Located, file: str) -> bool:
    """Tell whether the import blocks of a file are those of a root, as far as it is told."""
    return not _is_below(spec) or Path(file).parent == _folder(spec)


def _is_below(spec: Located) -> bool:
    """Tell whether a state has the module below a path; where one has nothing, it may be of the root itself."""
    return spec.applied is not None and spec.roots[0] not in {"", UNTOLD_PATH}


def has_other(spec: Located, address: str, identifier: str) -> bool:
    """Tell whether the state has another thing at a whole address of a spec.

    Terraform imports nothing over it, "Resource already managed by Terraform", and passes over an import block to it.
    Seen with Terraform 1.11.4.
    """
    return any(each != identifier for each in _at(spec, address))


def holds(spec: Located, resource: str) -> bool:
    """Tell whether the state has anything, a rule too, at an address of the module, or may have."""
    known, whole = spec.applied or {}, {path + resource for path in (spec.root, *spec.roots)}
    is_there = any(has_rule(known, each) or any(_at(spec, each)) for each in whole)
    return is_there or not whole.isdisjoint(without_id(known))


def _at(spec: Located, address: str) -> Iterator[str]:
    there = having(spec.applied or {}, split(address)[1], spec.vpc_id)
    return (each for each in there if spec.stands(each) == address and spec.place(each) not in spec.taken)


def refused_imports(spec: Located) -> tuple[str, str] | None:
    """Return that the plan may be refused for import blocks in the folder of a module that a root calls, and a way out.

    By which Terraform it is planned is not told: see `_imported`.
    """
    files = [
        file
        for (what, _), file in (spec.imports or {}).items()
        if "." not in what and Path(file).parent != _folder(spec)
    ]
    if not files or not (is_called_here(spec) or _is_below(spec)):
        return None
    why = "not told whether Terraform plans it: before 1.16 it refuses the import blocks of a module that a root calls"
    return f"{why}: {some(dict.fromkeys(files))}", "move them to the root, or take them away after their apply"


def _claims(specs: list[Located], there: list[_There]) -> Iterator[tuple[set[_Place], list[str]]]:
    """Yield for each spec the places that are another's, and the other specs of which it may be just as well.

    A path of a state is one module's: the spec's by whose name it is called, else that of which it has most, else that
    of which nothing is below another path, else that of which AWS shows what is there.
    """
    counts = [Counter(place for place, _ in each) for each in there]
    lives = [{each.place(identifier) for identifier in each.addresses} for each in specs]
    fits = defaultdict[tuple[tuple[object, ...], object, str], dict[int, tuple[bool, int, int, bool]]](dict)
    for index, (spec, found) in enumerate(zip(specs, counts, strict=True)):
        for (state, path), count in found.items() if specs[1:] else ():
            fit = (is_called(spec, path), count, -len(found), (state, path) in lives[index])
            fits[home(spec), state, path][index] = fit
    taken = [{place for place in lives[index] if is_of_absent(each, place[1])} for index, each in enumerate(specs)]
    sharing = [list[str]() for _ in specs]
    for (_, state, path), several in fits.items():
        best = [index for index, fit in several.items() if fit == max(several.values())]
        for index, its in enumerate(taken):
            if index not in best:
                its.add((state, path))
            elif (state, path) in lives[index]:
                sharing[index] += [f"{specs[other].path} below {path_name(path)}" for other in best if other != index]
    yield from zip(taken, sharing, strict=True)


def _namesakes(spec: Located) -> dict[str, str]:
    """Return the path of the state that is taken for the module's, and is called as another is, with that one's folder.

    A caller may name a module as it likes: where the path has nothing but the spec's, and the Name of one, it is the
    spec's.
    """
    path, found = spec.roots[0], dict[str, str]()
    if (other := innermost(path[path.rfind("module.") :], spec.namesakes)) and not is_called(spec, path):
        there = addresses(spec.applied or {}, "aws_vpc_endpoint")
        lives = [(each.live, each.endpoint.name) for each in spec.endpoints if each.live]
        its = [(live, own) for live, own in lives if spec.stands(live["VpcEndpointId"]).startswith(path)]
        if all(name(live) != own for live, own in its) or any(at == path and to not in spec.former for at, to in there):
            found[path] = spec.namesakes[other]
    return found


def _roots(spec: Located, has: _There) -> tuple[str, ...]:
    """Return the path below which most of the module is in the state; several where nothing tells which is its.

    What AWS does not show (any more) counts as what it has, so that no path loses by what an answer lacks.
    """
    own, calls = spec.addresses, spec.calls
    there = [(each, *split(spec.stands(each))) for each in own if spec.place(each) not in spec.taken]
    live = {path for each, path, to in there if spec.former.get(to) == own[each]}
    found = {(place[1], address) for place, address in has if place not in spec.taken}
    counts = Counter(path for path, _ in found) or Counter(live)
    if calls:  # what it calls is there, whatever else the state has
        counts = Counter({path: count for path, count in counts.items() if calls.may_lead(path)}) or counts
    if not counts:
        others = Counter(path for _, path, resource in there if resource and (not calls or calls.may_lead(path)))
        # the state of a root that has nothing of the module is one that is to call it, by a name that is not told
        is_state = spec.applied is not None and all("Address" in each for each in islice(spec.applied.values(), 1))
        default = spec.roots[0] or (UNTOLD_PATH if is_state else "")
        return (max(others, key=lambda path: (others[path], is_called(spec, path), path), default=default),)
    most = max(counts.values())
    likely = [path for path, count in counts.items() if count == most]
    likely = [path for path in likely if is_called(spec, path)] or likely
    return (*sorted(path for path in likely if path in live),) or (max(likely),)


def _in_state(spec: Located) -> Iterator[tuple[_Place, str]]:
    """Yield the places where the state has addresses of the module in its VPC, each with that of today.

    What AWS has as something else than the spec's is another's, and so is what is below an absent target's path.
    """
    own = spec.addresses
    moved = defaultdict[str, list[str]](list)
    for identifier, at in spec.moved.items():
        moved[split(at)[1]].append(identifier)
    for resource, address in spec.former.items():
        kind = "VpcEndpoints" if resource.startswith("aws_vpc_endpoint.") else "SecurityGroups"
        there = (each for each in having(spec.applied or {}, resource, spec.vpc_id) if each not in spec.moved)
        for identifier in (*there, *moved[resource]):
            is_own = own.get(identifier) == address if identifier in own else _is_gone(spec, kind, identifier)
            if is_own and not is_of_absent(spec, (place := spec.place(identifier))[1]):
                yield place, address


def _is_gone(spec: Located, kind: str, identifier: str) -> bool:
    live = spec.estate.one(kind, identifier)
    return live is None or (kind == "VpcEndpoints" and is_gone(live))


def _own(spec: Located) -> Iterator[tuple[str, str]]:
    """Yield the id of each endpoint and group of a spec that exists, and its address in the module."""
    for each in spec.endpoints:
        if each.live:
            yield str(each.live["VpcEndpointId"]), f"aws_vpc_endpoint.{each.endpoint.key}"
    for _, group in spec.intent.made():
        for live in spec.estate.having("SecurityGroups", "GroupName", group.name):
            if live["VpcId"] == spec.vpc_id:
                yield str(live["GroupId"]), f"aws_security_group.{group_key(group)}"

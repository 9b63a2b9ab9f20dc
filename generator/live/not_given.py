"""What exists of a spec, of which neither the states that are given nor import blocks tell whether its root has it."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from generator.live.applied import rules_of_group, states_of, within
from generator.live.locate import Located
from generator.live.marks import deposed
from generator.live.roots import has_other, is_read
from generator.source.suggest import some


def with_untold(specs: Iterable[Located]) -> Iterator[Located]:
    """Yield specs with what is not told to be in their roots, by the states of all."""
    specs = tuple(specs)
    roots = {each.applied_by for each in specs}
    for each in specs:
        yield replace(each, untold=dict(_untold(each, roots))) if each.addresses and each.applied is not None else each


def has_state(spec: Located) -> bool:
    """Tell whether a given state is its root's: one has it, or the root is here. That of one below may not be given."""
    return isinstance(spec.applied_by, int) or spec.applied_by == "."


def _untold(spec: Located, roots: set[object]) -> Iterator[tuple[str, str]]:
    """Yield the ids of what no state has, where that of its root may be none of them or an import block takes it in.

    A state is of another root where another of the specs has something in it, or all that it has is in other VPCs. One
    that has nothing may be of any. The state of a root here is given, that of one below may not be.
    """
    known = spec.applied or {}
    states, filled = states_of(known)
    is_elsewhere = bool(known) and states == filled and not any(within(known, spec.vpc_id))
    is_others = is_elsewhere or roots >= {*range(states)}
    blocks = {to: file for (what, to), file in (spec.imports or {}).items() if not what and is_read(spec, file)}
    for identifier, to in spec.addresses.items():
        if spec.is_managed(identifier) is not False or identifier in known or deposed(known, identifier):
            continue
        if spec.callers or (is_others and not has_state(spec)):
            yield identifier, ""
        elif to in blocks and not has_other(spec, spec.root + to, identifier):
            yield identifier, blocks[to]


def not_given(spec: Located) -> Iterator[tuple[bool, str, str]]:
    """Yield what is not told to be in the spec's root: whether AWS refuses it a second time, the sentence, the way."""
    once = {str(each.live["VpcEndpointId"]) for each in spec.endpoints if each.live and each.beside(each.live, "")}
    by_file = defaultdict[str, list[str]](list)
    for identifier, file in spec.untold.items():
        by_file[file].append(identifier)
    for file, ids in by_file.items():
        is_refused = any(each in once or each.startswith("sg-") for each in ids)
        if file:
            why = f"not told whether {file} takes in {some(ids)}: an import block there has an id that is not written"
            why += " out, or an address that the root does not call, as far as it reads"
            yield (
                is_refused,
                why,
                "write the ids, and the root's call of the module; else see what terraform plan imports",
            )
        elif spec.callers:
            those = f"{some(spec.callers, 3, ' or ')}, which all call the module, has {some(ids)}"
            yield is_refused, f"not told whether the root in {those}, or brings it in", "run this in the folder of one"
        else:
            why = f"not told whether the root of {spec.path} has {some(ids)}: no given state has anything of this spec"
            yield (
                is_refused,
                why,
                "give the state of that root, too (--state), or, where it is given, run this in its folder",
            )
    yield from _twice(spec)


def _twice(spec: Located) -> Iterator[tuple[bool, str, str]]:
    """Yield what import blocks bring to the root of a module, and a state has that is another's, or not told to be."""
    there = {each: at for each in spec.imported or () if (at := spec.elsewhere(each))}
    if there:
        rules = (at for each in there for at, _ in rules_of_group(spec.applied or {}, each))
        away = shlex.join(("terraform", "state", "rm", *there.values(), *rules))
        files = some(dict.fromkeys((spec.imported or {})[each] for each in there))
        why = f"not told whether another root still manages {some(there)}, which {files} takes in: Terraform's state "
        why += "has each at another address"
        yield False, why, f"if that is of another root, let go of each there, else two manage it: {away}"

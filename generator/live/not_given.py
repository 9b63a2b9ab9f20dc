"""What exists of a spec, of which neither the states that are given nor import blocks tell whether its root has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from generator.live.applied import states_of, within
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


def _untold(spec: Located, roots: set[object]) -> Iterator[tuple[str, str]]:
    """Yield the ids of what no state has, where that of its root may be none of them or an import block takes it in.

    A state is of another root where another of the specs has something in it, or all that it has is in other VPCs. One
    that has nothing may be of any.
    """
    known = spec.applied or {}
    is_others = roots >= {*range(states_of(known))} or (bool(known) and not any(within(known, spec.vpc_id)))
    blocks = {to: file for (what, to), file in (spec.imports or {}).items() if not what and is_read(spec, file)}
    for identifier, to in spec.addresses.items():
        if spec.is_managed(identifier) is not False or identifier in known or deposed(known, identifier):
            continue
        if spec.applied_by is None and is_others:
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
        else:
            why = f"not told whether the root of {spec.path} has {some(ids)}: no given state has anything of this spec"
            yield (
                is_refused,
                why,
                "give the state of that root, too (--state), or, where it is given, run this in its folder",
            )

"""Whether a path of a state is that of a spec's module, by how roots call it."""

from __future__ import annotations

from generator.hcl.hcl import label
from generator.live.locate import Located
from generator.module.root_calls import UNTOLD_PATH


def path_name(path: str) -> str:
    """Return how a path of a module is told."""
    return path.removesuffix(".") or "the root module"


def is_called(spec: Located, path: str) -> bool:
    """Tell whether a path is the module's by its name: by the root here, if that is read, else as we name it."""
    calls = spec.calls
    return calls.may_lead(path) if calls and calls.is_whole else path.endswith(own_call(spec))


def own_call(spec: Located) -> str:
    """Return the path of a module where it is called as we name it."""
    return f"module.{label(spec.intent.spec.name)}."


def uncalled_roots(spec: Located) -> tuple[str, ...]:
    """Return below which path a state has a module that no root calls which is read; of another's it is not told.

    Another's is what has the spec's own with keys, as none of ours has it. And where import blocks in the folder take
    in what is not at the module's addresses there, the folder is a root with a state of its own.
    """
    path, own = spec.roots[0], spec.addresses
    lacking = {each for each in own if spec.elsewhere(each) or each not in (spec.applied or {})}
    within = {each: at for each in lacking if (at := spec.stands(each)).startswith(path)}
    brought = {each for each, to in spec.imports or () if own.get(each) == to} & lacking
    if is_called(spec, path):
        is_others = not brought.isdisjoint(within)
    else:
        is_others = bool(brought) or any(at.endswith("]") for at in within.values())
    return (UNTOLD_PATH,) if path.startswith("module.") and is_others else spec.roots

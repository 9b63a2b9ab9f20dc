"""Why it is not told below which path a state has a spec's module, and what to do."""

from __future__ import annotations

import shlex

from generator.live.applied import addresses
from generator.live.called import own_call, path_name
from generator.live.locate import Located
from generator.live.marks import without_id
from generator.live.roots import is_to_move
from generator.source.suggest import some


def untold_root(spec: Located) -> tuple[str, str] | None:
    """Return why it is not told below which path the state has the module, or what of it; None where it is."""
    if (several := without_id(spec.applied)) and not all(map(spec.is_told_of, spec.addresses)):
        message = f"not told what Terraform's state has at {some(several)}: no id is there, or one marked as sensitive"
        return message, "give all that terraform show -json prints, with the ids"
    for path, other in spec.namesakes.items():
        message = f"not told whether {path_name(path)} of Terraform's state is this module: it has the name of {other}"
        fix = f"give that spec too; if it is this one, call it {path_name(own_call(spec))}"
        return f"{message}, and other endpoints, or other Name tags", fix
    if spec.is_uncalled:
        return _uncalled(spec)
    if not spec.sharing and not spec.roots[1:]:
        return None
    paths = f"the spec below {' and '.join(map(path_name, spec.roots))}"
    return (
        f"not told which is this module: Terraform's state has as much of {some(spec.sharing) or paths}",
        "give the state of its root alone, or bring all below one path, PATH in commands, with terraform state mv",
    )


def _uncalled(spec: Located) -> tuple[str, str]:
    """Return that the root here, which calls the module, does not call what the state has, and how it would go on."""
    at = path_name(spec.roots[0])
    if spec.calls is None or not spec.calls.own:
        root = spec.calls.name if spec.calls else "the root here"
        message = f"not told whether {at} of Terraform's state is this module: {root} does not call it"
        return (
            f"{message}, as far as the modules can be read that it has in folders",
            "run this in the root of the state",
        )
    root, called = spec.calls.name, " and ".join(map(path_name, spec.calls.paths))
    message = (
        f"not told whether {at} of Terraform's state is this module: {root} calls it {called}, and if the state "
        f"is that root's, its apply destroys what the module has at {at}, and makes it anew"
    )
    is_free = at != path_name("") and not (_is_taken(spec) or spec.calls.calls_another(spec.roots[0]))
    line = _moves(spec) + (", or a moved block" if is_free else "")
    return message, f"give the state of {root} (--state); if this is it: {line}"


def _is_taken(spec: Located) -> bool:
    return any(where == spec.root for where, _ in addresses(spec.applied or {}, "aws_vpc_endpoint"))


def before_it(spec: Located) -> str:
    """Return what comes before commands at the call of the root here, where the state has the module elsewhere."""
    if not is_to_move(spec):
        return ""
    once = f"once {path_name(spec.roots[0])} is at {path_name(spec.root)}: "
    return once if _is_taken(spec) else f"{_moves(spec)}, then "


def _moves(spec: Located) -> str:
    """Return how the module comes from where the state has it to the call of the root here.

    Terraform moves nothing to where something is. Nor does a `moved` block move a module from a path that is called:
    "Moved object still exists". Seen with 1.11.4.
    """
    (path, *_), to = spec.roots, spec.root
    there, move = sorted(addresses(spec.applied or {}, "aws_vpc_endpoint")), "terraform state mv"
    is_taken = _is_taken(spec)
    if not path:  # of the root itself no module moves
        first = next((each for where, each in there if not where and each in spec.former), "")
        line = f"{shlex.join((*move.split(), first, to + first))}, and so with each of its resources"
        is_left = spec.calls and first in spec.calls.declared
        line = f"take its block out of the configuration, and {line}" if is_left else line
        return f"first away with what it has at {path_name(to)}, then {line}" if is_taken else line
    at, own = shlex.quote(path[:-1]), shlex.quote(to[:-1])
    if not is_taken:
        return f"{move} {at} {own}"
    aside = f"{to[:-1].partition('[')[0]}_aside"
    root = spec.calls.name if spec.calls else "the root"
    last = f"where {root} calls it ({move} {aside} {at}, if the two are swapped: once for both)"
    return f"{move} {own} {aside} && {move} {at} {own}, then {aside} to {last}"

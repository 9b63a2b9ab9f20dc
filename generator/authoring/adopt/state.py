"""What Terraform owns already of what is adopted: what moves inside its root, and what a root has to let go.

`moved` works in the root that owns the state alone, there from and to modules of any source (since Terraform 1.3), and
not from one type to another. `removed` takes no instance key, and no resource that the configuration still has.
https://developer.hashicorp.com/terraform/language/block/moved
https://developer.hashicorp.com/terraform/language/block/removed
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Container, Iterable, Iterator, Mapping

from generator.hcl.hcl import Block, Expression, literal
from generator.source.diagnostics import Code, Diagnostic, Place, Refused
from generator.source.frozen import frozen
from generator.source.suggest import some
from generator.source.terraform_json import Resource, without_keys

FOREIGN = Code("E420")
PARTIAL = Code("W414")
MARKED = Code("E409")

_TYPES = {
    "vpce": "aws_vpc_endpoint",
    "sg": "aws_security_group",
    "sgr": "aws_vpc_security_group_ingress_rule",
}
"""What the module makes, by what an id begins with."""
_PARTS = ("policy", "private_dns", "route_table_association", "security_group_association", "subnet_association")
"""The resources `aws_vpc_endpoint_…`, each of which manages a part of an endpoint, and destroyed takes it away."""
_OF_GROUP = ("aws_security_group_rule", "aws_vpc_security_group_")
"""The resources that manage a part of a group begin so. In another root than the group's, none of them can stay."""
_KEEP = (Block(type="lifecycle", arguments={"destroy": False}),)


@frozen(kw_only=True, eq=False)
class State:
    """What a root owns, as Terraform showed it."""

    file: str
    resources: tuple[Resource, ...]
    is_of_other_root: bool
    """Whether another root takes over than the one that owns it."""


@frozen(kw_only=True)
class LetGo:
    """What the root of a state lets go."""

    file: str
    removed: tuple[Block, ...] = ()
    """What it says, so that it lets go without destroying."""
    commands: tuple[str, ...] = ()
    """What is run there for what no `removed` can say."""


@frozen(kw_only=True)
class Handover:
    """How Terraform takes over."""

    blocks: tuple[Block, ...]
    """What the root that takes over has in its file: `moved` and `import`."""
    files: tuple[str, ...] = ()
    """Those of the states that are given: that of what moves is the first."""
    let_go: tuple[LetGo, ...] = ()
    """What the roots of the states let go, those that have anything."""
    warnings: tuple[Diagnostic, ...] = ()


def hand_over(
    imports: Iterable[Block], states: Collection[State], region: str, account: str | None, earlier: Mapping[str, str]
) -> Handover:
    """Return how Terraform takes over what the blocks import from the roots of some states.

    Raises Refused (E420) where these have none of it, or several have of it, and are to be the root that takes over.
    `earlier` has by each address to which the module itself moves something the one before.
    """
    wanted = {str(block.arguments["id"]): block for block in imports}
    owned = {
        each: [one for one in each.resources if _is_in(one, region, account) and not one.is_deposed] for each in states
    }
    ids = {each: {identifier for one in several for identifier in _ids(one)} for each, several in owned.items()}
    place = Place(", ".join(each.file for each in states))
    having = [each.file for each in states if not ids[each].isdisjoint(wanted)]
    if not having:
        fix = "give the state of the root that made it, or leave --state out"
        raise Refused([FOREIGN.at(place, "the state has nothing of what is adopted", fix)])
    if having[1:] and not all(each.is_of_other_root for each in states):
        fix = "give the state of the one that takes over alone, and --except what others have, or say --other-root"
        raise Refused([FOREIGN.at(place, f"{' and '.join(having)} have of it, and are of several roots", fix)])
    before, let_go = dict[str, str](), list[LetGo]()
    for each in states:
        its = {} if each.is_of_other_root else _before(owned[each], wanted)
        before |= its
        _refuse_marked(each, {*wanted}, {*its.values()})
        let_go.append(_let_go(each, owned[each], wanted, frozenset(its.values())))
    missing = [each for each in wanted if each.startswith("vpce-") and each not in set().union(*ids.values())]
    bare = [
        one.address
        for each in owned.values()
        for one in each
        if one.type == "aws_vpc_endpoint" and not one.values.get("id")
    ]
    unless = f", unless it is at {some(bare)}, of which the state tells no id" if bare else ""
    message = f"the state does not have {some(missing)}: imported{unless}"
    return Handover(
        blocks=tuple(each for key, block in wanted.items() for each in _taken(block, before.get(key), earlier)),
        files=(*dict.fromkeys((*having, *(each.file for each in states))),),
        let_go=tuple(each for each in let_go if each.removed or each.commands),
        warnings=(PARTIAL.at(place, message),) if missing else (),
    )


def _before(owned: Iterable[Resource], wanted: Mapping[str, Block]) -> dict[str, str]:
    """Return by id where a root has what moves within it."""
    return {
        identifier: each.address
        for each in owned
        for identifier in _ids(each) & wanted.keys()
        if each.type == _TYPES.get(identifier.partition("-")[0])
    }


def _let_go(state: State, owned: Iterable[Resource], wanted: Mapping[str, Block], moved: frozenset[str]) -> LetGo:
    """Return what a root lets go: all that manages something wanted, but for what moves within it."""
    theirs = (each for each in owned if _manages(each, wanted, with_outbound=state.is_of_other_root))
    kept = {each.address: each for each in theirs if each.address not in moved}
    whole = _whole(kept, {each.address for each in state.resources} - moved - kept.keys())
    return LetGo(
        file=state.file,
        removed=tuple(
            Block(type="removed", arguments={"from": Expression(each)}, blocks=_KEEP)
            for each in dict.fromkeys(map(without_keys, whole))
        ),
        commands=tuple(shlex.join(("terraform", "state", "rm", each)) for each in kept if each not in whole),
    )


def _refuse_marked(state: State, ids: Container[str], moved: Container[str]) -> None:
    """Refuse (E409) what the next apply of the state's root destroys: what is tainted and moves, and what is deposed.

    https://developer.hashicorp.com/terraform/cli/commands/untaint
    https://github.com/hashicorp/terraform/blob/main/internal/command/state_rm.go (both checked 2026-11-28)
    """
    findings = []
    for each in state.resources:
        does, at, told = "terraform apply in the root of the state destroys it", each.address, sorted(_ids(each))
        if each.is_deposed and (at in moved or any(one in ids for one in told)):
            keep = f"{shlex.join(('terraform', 'state', 'rm', at))}, which forgets all objects there"
            message, fix = f"{', '.join(told)} is deposed at {at}", f"{does}; to keep it: {keep}"
        elif each.is_tainted and at in moved:
            fix = f"{does}, and creates it anew; to keep it: {shlex.join(('terraform', 'untaint', at))}"
            message = f"{', '.join(told)} is tainted at {at}"
        else:
            continue
        findings.append(MARKED.at(Place(state.file), message, f"{fix}; then terraform show -json again"))
    if findings:
        raise Refused(findings)


def _taken(block: Block, before: str | None, earlier: Mapping[str, str]) -> Iterator[Block]:
    """Yield how a root takes over what a block imports: moved from where it was before, if the root has it.

    Where the module itself moves something to that address, the root moves to the one from which the module does:
    Terraform refuses two moves to one address as ambiguous, and follows one after the other.
    """
    to = literal(block.arguments["to"])
    now = max((each for each in earlier if f"{to}[".startswith(f"{each}[")), key=len, default="")
    first = earlier[now] + to.removeprefix(now) if now else to
    if before is None:
        yield block
    elif before not in {to, first}:
        yield Block(type="moved", arguments={"from": Expression(before), "to": Expression(first)})


def _is_in(resource: Resource, region: str, account: str | None) -> bool:
    """Tell whether a resource may be one of a Region and account: most have an ARN, which says so."""
    _, _, _, there, owner, *_ = f"{resource.values.get('arn') or ''}:::::".split(":")
    return there in {"", region} and owner in {"", account or owner}


def _ids(resource: Resource) -> set[str]:
    return {str(resource.values[name]) for name in ("id", "security_group_rule_id") if resource.values.get(name)}


def _manages(resource: Resource, ids: Container[str], *, with_outbound: bool) -> bool:
    """Tell whether a resource manages something adopted, or a part of it; of a group the outbound rules, if so."""
    kind, values = resource.type, resource.values
    is_part = kind.removeprefix("aws_vpc_endpoint_") in _PARTS and values.get("vpc_endpoint_id") in ids
    if kind.startswith(_OF_GROUP) and (with_outbound or values.get("type") == "ingress"):
        is_part |= values.get("security_group_id") in ids
    return is_part or (kind.startswith("aws_") and any(each in ids for each in _ids(resource)))


def _whole(kept: Mapping[str, Resource], staying: Iterable[str]) -> Mapping[str, Resource]:
    """Return what the configuration will not have: all its instances go, and all else of its module."""
    names = [without_keys(each).split(".") for each in staying]
    scopes = {".".join(each[:end]) for each in names for end in range(2, len(each) + 1, 2)}
    return {address: each for address, each in kept.items() if without_keys(each.module or address) not in scopes}

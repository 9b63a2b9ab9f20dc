"""What checks ask of a spec in AWS: what is known, what exists already, what AWS offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from generator.live.candidates import candidates
from generator.live.estate import ID_OPTIONS, VPC_ATTRIBUTES, AwsObject, command, commands
from generator.live.fields import Pair, changes
from generator.live.locate import IF_MANAGED, Located, LocatedEndpoint
from generator.live.marks import tainted
from generator.live.match import taken_in, way_back
from generator.live.not_given import has_state
from generator.live.owners import is_of_others, way_in
from generator.live.rival import Rival
from generator.live.roots import is_to_give_way
from generator.live.untold import unseen
from generator.module.root_calls import UNTOLD_PATH, explain_path
from generator.source.diagnostics import Place
from generator.source.suggest import SHOWN, some
from generator.source.text import one_line

_NONE_DOES = ", and none in the module's folder does"
_NONE_MAY = f"{_NONE_DOES}, where Terraform before 1.16 refuses those of a module that is called"
_UNREAD = " (those of a root elsewhere are not read)"


def knows(spec: Located, kind: str) -> bool:
    """Tell whether AWS has said what a check needs: of the endpoints of another's VPC it says nothing."""
    if kind == VPC_ATTRIBUTES:
        return spec.estate.knows_dns(spec.vpc_id)
    return spec.estate.knows(kind) and not (kind == "VpcEndpoints" and unseen(spec.vpc, spec.estate))


def command_of(spec: Located, kind: str) -> str:
    """Return the AWS CLI's line whose output tells all that a check needs of a kind."""
    return "; ".join(commands(kind, spec.estate.region, spec.vpc_id).values())


def attribute_command(spec: Located, attribute: str) -> str:
    """Return the AWS CLI's line that shows a DNS attribute of the VPC."""
    return commands(VPC_ATTRIBUTES, spec.estate.region, spec.vpc_id)[attribute]


def show(spec: Located, text: str, kind: str, *ids: object) -> str:
    """Return the text of a fix, and under it the AWS CLI's line that shows the objects which are wrong."""
    of_ids = " ".join(map(str, (ID_OPTIONS[kind], *ids)))
    return f"{explain_path(text, spec.roots[0])}\n    {command(kind, spec.estate.region, of_ids)}"


def if_imported(spec: Located) -> str:
    """Return under which condition Terraform brings in what exists, and that no file does which is read."""
    none = _NONE_MAY if spec.applied is not None and spec.roots[0] not in {"", UNTOLD_PATH} else _NONE_DOES
    unread = "" if spec.applied is None or spec.calls else _UNREAD
    return f"if an import block takes it in{'' if spec.imported is None else none}{unread}"


def unless_imported(spec: Located, identifier: str) -> str:
    """Return when what exists is fine, before what else helps; nothing where the state has another in its place."""
    if is_to_give_way(spec, spec.root + spec.addresses.get(identifier, ""), identifier):
        return ""
    if not spec.is_told_of(identifier):
        return f"fine {IF_MANAGED}, or {if_imported(spec)}; else "
    other = "" if has_state(spec) else "if another root has it, give its state too (--state); "
    return f"{other}fine {if_imported(spec)}; else "


def way(spec: Located, located: LocatedEndpoint, other: AwsObject) -> str:
    """Return what has one spec alone manage an endpoint, and Terraform.

    Nothing tells whether an apply deletes what a state has and no spec: what else its root's files have is not read.
    """
    rival, key = holder(spec, located, other), located.endpoint.key if other is located.live else ""
    identifier = str(other["VpcEndpointId"])
    if rival and rival.path != spec.path:
        unless = (
            f"if the root of {rival.path} has it, give its state too (--state); else " if may_have(spec, rival) else ""
        )
        return unless + rival.keep_in_one(spec.path)
    if back := way_back(spec, identifier):
        return back
    key = rival.key if rival else key
    if not key and spec.stands(identifier):
        own = find_own(spec, located).get("RouteTableIds") or ()
        tables = [each for each in located.shared_tables(other) if each["RouteTableId"] not in own]
        root, path = spec.place(identifier)
        others = (each for each in spec.others.values() if each.applied_by == root and path in each.roots)
        if its := next((each.path for each in others if each.shares_root(spec) is False), ""):
            return f"if an apply of {its} deletes it, apply that before {spec.path}"
        if isinstance(spec.applied_by, int) and root != spec.applied_by:
            return f"if an apply of its root deletes {spec.stands(identifier)}, apply that before {spec.path}"
        return f"if an apply deletes it, first {give_up(spec, other, tables)}"
    line = taken_in(spec, spec.address(f"aws_vpc_endpoint.{key}"), identifier) if key else ""
    return way_in(other, spec.estate, line)


def may_have(spec: Located, rival: Rival) -> bool:
    """Tell whether the root of another spec may have what no state has that is given: none has anything of that."""
    its = spec.others.get(rival.path)
    is_given = its is None or rival.path == spec.path or has_state(its)
    identifier = str(rival.live["VpcEndpointId"])
    return its is not None and not is_given and (identifier in its.untold or is_left(its, identifier))


def give_up(spec: Located, live: AwsObject, tables: list[AwsObject]) -> str:
    """Return the command by which an endpoint gives up route tables, else its private DNS; Terraform then sees that.

    https://docs.aws.amazon.com/cli/latest/reference/ec2/modify-vpc-endpoint.html (checked 2026-11-27)
    """
    ids = " ".join(str(table["RouteTableId"]) for table in tables)
    what = f"--remove-route-table-ids {ids}" if tables else "--no-private-dns-enabled"
    return f"aws ec2 modify-vpc-endpoint --region {spec.estate.region} --vpc-endpoint-id {live['VpcEndpointId']} {what}"


def holder(spec: Located, located: LocatedEndpoint, other: AwsObject) -> Rival | None:
    """Return which endpoint of another spec a live one is, if it is one."""
    return spec.holders.get(str(other["VpcEndpointId"])) if other is not located.live else None


def show_endpoint(spec: Located, endpoint: AwsObject, text: str) -> str:
    """Return the text of a fix, and under it the AWS CLI's line that shows an endpoint."""
    return show(spec, text, "VpcEndpoints", endpoint["VpcEndpointId"])


def find_own(spec: Located, located: LocatedEndpoint) -> AwsObject:
    """Return the live endpoint that one of the spec is, as in `drift` and `verify`: what it has is not asked for again.

    Empty where there is none, or Terraform's state lacks it. One of another Name tag, too: where no state is told, that
    may have been changed by hand. And a dead one, for only of a deleted one does Terraform make another:
    https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/find.go (checked 2026-11-28)
    """
    live = located.live
    return live if live and not is_left(spec, str(live["VpcEndpointId"])) else {}


def is_left(spec: Located, identifier: str) -> bool:
    """Tell whether an apply leaves an endpoint alone: Terraform's state lacks it, and no import block brings it in."""
    return spec.is_managed(identifier) is False


def find_possible(spec: Located, located: LocatedEndpoint) -> list[AwsObject]:
    """Return the live endpoints of which one is its own, or may be, where nothing tells which: no state lacks these.

    Of what the state that is told lacks no doubt is left: whichever it might be, an apply makes another.
    """
    return [live for identifier, live in located.one_of.items() if not is_left(spec, identifier)]


TAGS = frozenset({"name", "tags"})
"""The fields that are tags."""


def is_applied(spec: Located, located: LocatedEndpoint) -> bool:
    """Tell whether an apply makes an endpoint, or changes more of it than tags for certain, and than what is lost."""
    own = find_own(spec, located)
    if find_possible(spec, located):
        return False
    certain = (each for each in changes(Pair(located=located, live=own, spec=spec)) if each.known) if own else ()
    is_replaced = own and tainted(spec.applied, str(own["VpcEndpointId"]))
    return not own or bool(is_replaced) or any(each.field not in {*TAGS, *located.lost} for each in certain)


def new_private_dns(spec: Located) -> Iterator[LocatedEndpoint]:
    """Yield the endpoints whose private DNS an apply turns on."""
    return (
        each
        for each in spec.with_private_dns
        if not any(live.get("PrivateDnsEnabled") for live in (find_own(spec, each), *find_possible(spec, each)))
    )


def find_others(spec: Located, located: LocatedEndpoint) -> Iterator[AwsObject]:
    """Yield the live endpoints of another state, owner or spec to the same target; none that the spec has, or may."""
    held, first = spec.estate.once((find_others, spec), lambda: _held_and_first(spec))
    own, is_first = located.endpoint.name, first[located.endpoint.type, located.target] is located
    for each in candidates(located, spec):
        identifier = str(each["VpcEndpointId"])
        is_possible = identifier in spec.may_be or identifier in located.one_of
        is_taken = identifier in held or (is_possible and not is_left(spec, identifier))
        if not is_taken and (is_first or not is_of_others(each, spec.estate, own)):
            yield each


def _held_and_first(spec: Located) -> tuple[frozenset[str], dict[tuple[str, str], LocatedEndpoint]]:
    """Return the ids of the spec's own live endpoints, and the first endpoint of each type and target."""
    own = frozenset(str(found["VpcEndpointId"]) for each in spec.endpoints if (found := find_own(spec, each)))
    return own, {(each.endpoint.type, each.target): each for each in reversed(spec.endpoints)}


def find_offers(spec: Located, located: LocatedEndpoint) -> tuple[AwsObject, ...]:
    """Return what AWS says of an endpoint's service, whatever its type; nothing of one in another Region."""
    if located.service_name is None or located.endpoint.service_region not in {None, spec.estate.region}:
        return ()
    details = spec.estate.all("ServiceDetails")
    return tuple(detail for detail in details if detail.get("ServiceName") == located.service_name)


def find_offer(spec: Located, located: LocatedEndpoint) -> AwsObject | None:
    """Return what AWS says of an endpoint's service for its type, or None."""
    return next((each for each in find_offers(spec, located) if located.endpoint.type in types(each)), None)


def dns_place(spec: Located, located: LocatedEndpoint) -> Place:
    """Return where an endpoint's private DNS is stated, else the place of the endpoint."""
    return spec.intent.own_place(located.endpoint, "private_dns_enabled")


def types(detail: AwsObject) -> tuple[str, ...]:
    """Return the types of endpoint that AWS's details of a service speak of."""
    return tuple(str(each["ServiceType"]) for each in detail["ServiceType"])


def join_words(words: Iterable[Any]) -> str:
    """Return words as a sentence has them, `a`, `a and b`, `a, b and c`; of many the first, and how many more."""
    *first, last = (one_line(str(word)) for word in words)
    if first[SHOWN - 1 :]:
        return some((*first, last))
    return f"{', '.join(first)} and {last}" if first else last

"""Who else owns what exists in a VPC: told apart here alone, for all commands, by the table `data/owners.toml`.

What no sign tells of is not known to be anybody's, and taken for the caller's own.
"""

from __future__ import annotations

import shlex
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from generator.catalog.catalog import text_of
from generator.live.change import AWS_TAGS
from generator.live.estate import ACCOUNT, AwsObject, Estate, label, name, tags
from generator.live.states import DEAD, is_dead
from generator.live.untold import lacking
from generator.source.frozen import frozen
from generator.source.suggest import some

_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
_ASK = "ask whoever uses that service; if nobody else manages it, adopt it by its id, or delete it by hand"
_ASK_OF_OWN = "ask whoever uses that service whether it manages it: if it does not, there is nothing to do"
OF_OWNERS = ("ServiceDetails", ACCOUNT)
"""What each command asks for to tell owners apart, beside the objects themselves; what AWS refuses of it is unknown."""


@frozen(kw_only=True)
class Owner:
    """Who manages an object, by what that is known, and what it goes with."""

    who: str
    sign: str
    fix: str
    has_left: bool = False
    """Whether the sign stays on what the owner has given up, so that it may be the caller's by now."""

    @property
    def reason(self) -> str:
        """Say that the object is another's."""
        return f"{self.who} manages it ({self.sign})"


@cache
def rows() -> tuple[Mapping[str, Any], ...]:
    """Return the rows of the table."""
    return tuple(tomllib.loads(text_of("owners.toml"))["owner"])


@cache
def _harmless() -> frozenset[str]:
    """Return the keys of AWS's own tags that tell of no owner."""
    return frozenset(each["tag"].casefold() for each in tomllib.loads(text_of("owners.toml"))["harmless"])


@cache
def _by_key() -> tuple[Mapping[str, list[Mapping[str, Any]]], tuple[str, ...]]:
    """Return the rows by their tags' keys, written in whatever case, and which of them are starts."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows():
        found.setdefault(row.get("tag", "").casefold(), []).append(row)
    return found, tuple(key for key in found if key.endswith((":", "/")))


def _marks(own: Mapping[str, str], found: AwsObject) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield the rows that know an object with its own tags, each with the key of the tag; empty for its service."""
    by_key, starts = _by_key()
    for row in by_key[""]:
        if row["service"] in str(found.get("ServiceName")):
            yield row, ""
    for key, value in own.items():
        folded = key.casefold()
        near = [*by_key.get(folded, ())] if folded else []
        if folded.startswith(starts):
            near += [row for start in starts if folded.startswith(start) for row in by_key[start]]
        for row in near:
            is_same = value.casefold() == row["value"] if "value" in row else True
            if is_same and row.get("name") in {None, own.get("Name")}:
                yield row, key


def owner_of(found: AwsObject, estate: Estate) -> Owner | None:
    """Return who else owns an endpoint or a security group; None where nothing says so: `untold_owner`."""
    own, known = tags(found), dict[bool, tuple[Mapping[str, Any], str]]()
    for row, key in sorted(_marks(own, found), key=lambda mark: rows().index(mark[0])):
        known.setdefault(bool(row.get("left")), (row, key))
    if False in known:
        row, key = known[False]
        sign = f"tag {key}" if key else str(found["ServiceName"])
        return Owner(who=row["who"], sign=sign, fix=f"it goes with {row['made']}")
    account = found.get("OwnerId")
    if account and estate.account and account != estate.account:
        fix = f"account {account} alone changes it, and the caller is {estate.account}"
        return Owner(who=f"account {account}", sign="OwnerId", fix=fix)
    if found.get("RequesterManaged"):
        return Owner(who="the service that made it", sign="RequesterManaged", fix="it goes with what the service made")
    service = found.get("ServiceName")
    if service in estate.once(owner_of, lambda: _managers(estate)):
        return Owner(who=str(service), sign="ManagesVpcEndpoints", fix="it goes with what the service made")
    if True in known:
        row, key = known[True]
        key = next((each for each in row.get("called", ()) if each in own), key)
        who = f"{row['who']} {own[key]}" if key in row.get("called", ()) else row["who"]
        return Owner(who=who, sign=f"tag {key}", fix=f"it goes with {row['made']}", has_left=True)
    return None


def _managers(estate: Estate) -> frozenset[str]:
    """Return the services that manage their endpoints."""
    return frozenset(each["ServiceName"] for each in estate.all("ServiceDetails") if each.get("ManagesVpcEndpoints"))


def untold_owner(found: AwsObject, estate: Estate, *, is_of_spec: bool = False) -> tuple[str, str] | None:
    """Return why nothing tells whether an endpoint without a known owner is another's, and what to do; None if told.

    What a spec has is neither to be adopted nor deleted.
    """
    why, way = _unasked(found, estate) or (unknown_mark(found), _ASK_OF_OWN if is_of_spec else _ASK)
    return (f"not told whether others manage what is there: {why}", way) if why else None


def _unasked(found: AwsObject, estate: Estate) -> tuple[str, str] | None:
    """Return why AWS has not told of an endpoint what tells owners apart, and what to do; None where it has."""
    needs = {"ServiceDetails": found.get("ServiceName"), ACCOUNT: found.get("OwnerId")}
    lacks = tuple(kind for kind in OF_OWNERS if needs[kind] and not estate.knows(kind))
    return estate.once((lacking, lacks), lambda: lacking(lacks, estate)) if lacks else None


def untold_owners(several: Iterable[AwsObject], estate: Estate) -> list[tuple[tuple[str, str], tuple[str, ...]]]:
    """Return the same of several endpoints of a spec, each mark with the ids of those that have it.

    What AWS was not asked, or does not tell, is of all, and told once.
    """
    found = defaultdict[tuple[str, str], list[str]](list)
    for each in several:
        if untold := untold_owner(each, estate, is_of_spec=True):
            found[untold] += [] if _unasked(each, estate) else [str(each["VpcEndpointId"])]
    of_all = [(untold, ()) for untold, ids in found.items() if not ids]
    return [*of_all[:1], *((untold, (*ids,)) for untold, ids in found.items() if ids)]


def unknown_mark(found: AwsObject) -> str:
    """Return why an object without a known owner may be another's by itself: AWS alone sets tags below its prefix.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions (checked 2026-11-27)
    """
    known, (by_key, starts) = _harmless(), _by_key()
    for key in tags(found):
        folded = key.casefold()
        if folded.startswith(AWS_TAGS) and not (folded in known or folded in by_key or folded.startswith(starts)):
            return f"AWS has the tag {key} on it, of a service that is not known here"
    return ""


def is_of_others(found: AwsObject, estate: Estate, own_name: str | None) -> bool:
    """Tell whether an endpoint is none that a spec can have under a name.

    One that a stack had made is the spec's where it has its name: the stack may have given it up.
    """
    owner = owner_of(found, estate)
    return owner is not None and not (owner.has_left and name(found) == own_name)


def deletion(text: str, endpoint: AwsObject, estate: Estate) -> str:
    """Return a text with the AWS CLI's line that deletes an endpoint, and what is to go before."""
    identifier, routes = shlex.quote(str(endpoint["VpcEndpointId"])), routes_before(endpoint, estate)
    text = f"{text}; {routes}" if routes else text
    return f"{text}: aws ec2 delete-vpc-endpoints --region {estate.region} --vpc-endpoint-ids {identifier}"


def routes_before(endpoint: AwsObject, estate: Estate) -> str:
    """Return that the routes to a Gateway Load Balancer endpoint are to go before it is deleted, if there may be any.

    "You can only delete Gateway Load Balancer endpoints when the routes that are associated with the endpoint are
    deleted": https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpcEndpoints.html (read 2026-11-28)
    """
    if endpoint.get("VpcEndpointType") != "GatewayLoadBalancer":
        return ""
    tables = estate.all("RouteTables", str(endpoint["VpcId"]))
    leading = ((route, table) for table in tables for route in table["Routes"])
    shown = [
        f"{next(filter(None, map(route.get, _DESTINATIONS)))} of {label(table, 'RouteTableId')}"
        for route, table in leading
        if route.get("GatewayId") == endpoint["VpcEndpointId"]
    ]
    if shown or not estate.knows("RouteTables"):
        first = f"take out the routes to it ({some(shown)})" if shown else "see that no route leads to it"
        return f"first {first}, or AWS refuses it"
    return ""


def way_in(endpoint: AwsObject, estate: Estate, line: str = "") -> str:
    """Return the command that has Terraform manage an endpoint, or deletes a dead one; of another's what it goes with.

    By the `line` that brings it to the address that a module has for it, else by a spec that is written for it.
    """
    if owner := owner_of(endpoint, estate):
        return f"leave it: {owner.reason}, and {owner.fix}"
    if is_dead(endpoint):
        if untold := untold_owner(endpoint, estate):
            return f"delete it, if it is nobody else's: {untold[0]}; {untold[1]}"
        return deletion(f"delete it, for {DEAD}", endpoint, estate)
    if line:
        return line
    options = f"--region {estate.region} --vpc {endpoint['VpcId']} --select {endpoint['VpcEndpointId']}"
    return f"gen-endpoints adopt {options} --out FILE"

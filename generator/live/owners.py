"""Who else owns what exists in a VPC: told apart here alone, for all commands, by the table `data/owners.toml`.

What no sign tells of is not known to be anybody's, and taken for the caller's own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from generator.catalog.catalog import text_of
from generator.live.estate import ACCOUNT, AwsObject, Estate, name, tags
from generator.source.frozen import frozen

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
def _tags() -> frozenset[str]:
    return frozenset(row["tag"] for row in rows() if "tag" in row)


@cache
def _rows_without_tag() -> tuple[Mapping[str, Any], ...]:
    return tuple(row for row in rows() if "tag" not in row)


def owner_of(found: AwsObject, estate: Estate) -> Owner | None:
    """Return who else owns an endpoint or a security group; None where nothing says that somebody does."""
    own = tags(found)
    near = _rows_without_tag() if own.keys().isdisjoint(_tags()) else rows()
    known = {bool(row.get("left")): (row, sign) for row in near if (sign := _sign(row, own, found))}
    if False in known:
        row, sign = known[False]
        return Owner(who=row["who"], sign=sign, fix=f"it goes with {row['made']}")
    account = found.get("OwnerId")
    if account and estate.account and account != estate.account:
        fix = f"account {account} alone changes it, and the caller is {estate.account}"
        return Owner(who=f"account {account}", sign="OwnerId", fix=fix)
    if found.get("RequesterManaged"):
        return Owner(who="the service that made it", sign="RequesterManaged", fix="it goes with what the service made")
    service = found.get("ServiceName")
    details = estate.having("ServiceDetails", "ServiceName", service) if service else ()
    if any(each.get("ManagesVpcEndpoints") for each in details):
        return Owner(who=str(service), sign="ManagesVpcEndpoints", fix="it goes with what the service made")
    if True in known:
        row, sign = known[True]
        who = f"the {row['who']} stack {own[row['tag']]}"
        return Owner(who=who, sign=sign, fix=f"it goes with {row['made']}", has_left=True)
    return None


def is_of_others(found: AwsObject, estate: Estate, own_name: str | None) -> bool:
    """Tell whether an endpoint is none that a spec can have under a name.

    One that a stack had made is the spec's where it has its name: the stack may have given it up.
    """
    owner = owner_of(found, estate)
    return owner is not None and not (owner.has_left and name(found) == own_name)


def way_in(endpoint: AwsObject, estate: Estate) -> str:
    """Return the command that has a spec manage an endpoint; of another's what it goes with."""
    if owner := owner_of(endpoint, estate):
        return f"leave it: {owner.reason}, and {owner.fix}"
    options = f"--region {estate.region} --vpc {endpoint['VpcId']} --select {endpoint['VpcEndpointId']}"
    return f"gen-endpoints adopt {options} --out FILE"


def _sign(row: Mapping[str, Any], own: Mapping[str, str], found: AwsObject) -> str:
    """Return by what a row knows an object with its own tags; empty where it does not."""
    key = row.get("tag")
    if key is None:
        return str(found["ServiceName"]) if row["service"] in str(found.get("ServiceName")) else ""
    is_same = own.get(key, "") == row["value"] if "value" in row else key in own
    return f"tag {key}" if is_same and row.get("name") in {None, own.get("Name")} else ""

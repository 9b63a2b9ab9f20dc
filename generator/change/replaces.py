"""The arguments for which the provider makes a new object instead of changing it, and which of them an edit changes.

Real Terraform plans every row (`tests/terraform/test_replaces.py`); those of 6.x, of which no program is at hand, are
from the provider's source alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from generator.change.edit import ENDPOINT, GROUP, VPC, Edit
from generator.change.rules import instances
from generator.hcl.hcl import Block, Value, literal
from generator.intent.endpoints import ALL_TYPES
from generator.rules.provider import version
from generator.source.terraform_shapes import OLDER_RULE, RULE

Effect = Literal["replace", "perhaps", "kept"]
"""A new object, surely; or perhaps: what is looked up, or the provider's release, decides. What the module keeps
(`ignore_changes`) Terraform leaves as it is, and a condition fails the plan where it differs."""
_RESOURCE = re.compile(r"(?<![\w.-])aws_\w+\.[\w-]+")
_FLOOR = re.compile(r">= \d+(\.\d+){0,2}")
_SITE = "https://github.com/hashicorp/terraform-provider-aws"


class Row(NamedTuple):
    """One argument of one type of resource; of a block's, `BLOCK.ARGUMENT`."""

    argument: str
    source: str
    since: tuple[int, ...] = ()
    """The provider's first release that makes a new object for it; empty: all that are supported."""
    until: tuple[int, ...] = ()
    """The first release that does so no more."""
    types: frozenset[str] = ALL_TYPES
    """The endpoint types of which it does."""
    absent: Value = None
    """What it is where it is left out."""
    is_computed: bool = False
    """Whether it stays as it is where it is left out."""
    is_presence: bool = False
    """Whether it counts only that it is there: a rule's kind of source."""

    @property
    def is_from_source(self) -> bool:
        """Tell whether the row is read in the source, and planned by no release that is at hand."""
        return self.since >= (6,)


def _rows(file: str, *names: str, **facts: Any) -> tuple[Row, ...]:
    return tuple(Row(name, f"{_SITE}/blob/v5.100.0/internal/service/ec2/vpc_{file}.go", **facts) for name in names)


_REGION = Row("region", f"{_SITE}/blob/v6.0.0/internal/provider/sdkv2/region.go", since=(6, 0, 0), is_computed=True)
_OPTION = Row("dns_options.private_dns_preference", f"{_SITE}/pull/45679", since=(6, 28, 0), is_computed=True)
_DNS = _OPTION._replace(argument="private_dns_enabled", absent=False)
_NEWER_RULE, _OLDER_RULE, _GROUP = "security_group_ingress_rule", "security_group_rule", "security_group"
TABLE: Mapping[str, tuple[Row, ...]] = {
    ENDPOINT: (
        *_rows("endpoint", "vpc_id", "service_name", "resource_configuration_arn", "service_network_arn"),
        *_rows("endpoint", "vpc_endpoint_type", absent="Gateway"),
        *_rows("endpoint", "service_region", is_computed=True),
        *(_REGION, _OPTION, _OPTION._replace(argument="dns_options.private_dns_specified_domains")),
        _DNS._replace(types=ALL_TYPES - {"Interface"}),
        _DNS._replace(types=frozenset({"Interface"}), until=(6, 36, 0), source=f"{_SITE}/pull/46800"),
    ),
    GROUP: (
        *_rows(_GROUP, "name", "vpc_id", is_computed=True),
        *_rows(_GROUP, "description", absent="Managed by Terraform"),
        _REGION,
    ),
    RULE: (
        *_rows(_NEWER_RULE, "security_group_id"),
        *_rows(_NEWER_RULE, "cidr_ipv4", "cidr_ipv6", is_presence=True),
        *_rows(_NEWER_RULE, "prefix_list_id", "referenced_security_group_id", is_presence=True),
        _REGION._replace(source=_REGION.source.replace("sdkv2", "framework")),
    ),
    OLDER_RULE: (
        *_rows(_OLDER_RULE, "security_group_id", "type", "protocol", "from_port", "to_port"),
        *_rows(_OLDER_RULE, "cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids"),
        *_rows(_OLDER_RULE, "source_security_group_id", is_computed=True),
        _REGION,
    ),
}
"""By resource type: all arguments that a module of ours may have; a change of any other is made in place."""


def source(kind: str, argument: str) -> str:
    """Return where the provider says that it makes a new object for an argument."""
    each = next((each for each in TABLE.get(kind, ()) if each.argument == argument), None)
    if each is None:  # a plan may know of more
        return ""
    return f"{each.source}{' (from the source: no release that is at hand plans it)' if each.is_from_source else ''}"


def effects(edit: Edit, old: Block, new: Block) -> Mapping[str, Effect]:
    """Return what the arguments of the table that change, or may, do to an object that both states have."""
    return {row.argument: effect for row, effect, _ in _effects(edit, old, new)}


def _effects(edit: Edit, old: Block, new: Block) -> Iterator[tuple[Row, Effect, bool]]:
    """Yield each row that applies, what it does, and whether the argument surely changes."""
    kept: Any = (each.arguments.get("ignore_changes", ()) for each in new.nested("lifecycle"))
    ignored = {literal(name) for names in kept for name in names}
    floor = version(edit.provider if _FLOOR.fullmatch(edit.provider) else ">= 0")  # of any other text nothing is known
    type_ = new.arguments.get("vpc_endpoint_type", "Gateway")
    for row in (each for each in TABLE.get(old.labels[0], ()) if type_ in each.types):
        changes = (not row.until or floor < row.until) and _changes(edit, row, old, new)
        if changes is not False:
            is_sure = changes and not row.until and floor >= row.since
            effect: Effect = "kept" if row.argument in ignored else "replace" if is_sure else "perhaps"
            yield row, effect, changes is True


def replacing(edit: Edit, old: Block, new: Block) -> tuple[str, ...]:
    """Return the arguments for which Terraform surely makes a new object."""
    return tuple(name for name, effect in effects(edit, old, new).items() if effect == "replace")


def is_same(edit: Edit, old: Block | None, new: Block | None) -> bool:
    """Tell whether an object on disk is the same in AWS afterwards, as far as that can be known."""
    return old is not None and new is not None and not replacing(edit, old, new)


def stays(new: Block, field: str) -> bool:
    """Tell whether an endpoint has a field in AWS still that it states no more: all but one are computed."""
    return field != "dns_options.private_dns_only_for_inbound_resolver_endpoint" or not new.nested("dns_options")


def doubts(edit: Edit, old: Block, new: Block) -> Iterator[str]:
    """Yield in sentences what the text does not decide of an object that is not surely made anew."""
    for row, effect, is_sure in _effects(edit, old, new):
        if effect == "kept":
            yield f"Terraform refuses to plan this if another {row.argument} is found than it has."
        elif effect == "perhaps" and not is_sure:
            yield f"It is replaced if another {row.argument} is found than it has."
        elif effect == "perhaps":
            until = f"to {row.until[0]}.{row.until[1] - 1}" if row.until else "and later"
            yield f"Provider {row.since[0]}.{row.since[1]} {until} replaces it when {row.argument} changes."


def _changes(edit: Edit, row: Row, old: Block, new: Block) -> bool | None:
    """Tell whether an argument of an object changes; None: what is looked up decides."""
    was, now = _stated(old, row), _stated(new, row)
    if row.is_presence or was is None or now is None:
        is_other = (was is None) is not (now is None)
        return is_other if not row.is_computed else None if is_other and was is None else False
    if "each.value" not in literal(now):
        return _differ(edit, was, now)
    before, after = ({key: value for key, value, _ in instances(each.arguments.get("for_each"))} for each in (old, new))
    found = [_differ(edit, was, now), *(_differ(edit, before[key], after[key]) for key in after if key in before)]
    return True if True in found else None if None in found else False


def _stated(block: Block, row: Row) -> Value:
    head, _, option = row.argument.partition(".")
    value = next((each.arguments.get(option or head) for each in (block.nested(head) if option else [block])), None)
    value = row.absent if value is None else value
    return tuple(sorted(value, key=literal)) if option and isinstance(value, tuple) else value


def _differ(edit: Edit, was: Value, now: Value) -> bool | None:
    """Tell whether two values differ; None: they may. The id of what is made anew is unknown, and counts as changed."""
    if _is_known(now) and _is_known(was):
        return was != now
    if is_of_new(edit, now):
        return True
    before, after = edit.says(was, is_old=True), edit.says(now, is_old=False)
    was_vpc, now_vpc = (each.get(VPC, Block(type="data")).arguments for each in (edit.before, edit.after))
    return None if before != after or (VPC in after and was_vpc != now_vpc) else False


def is_of_new(edit: Edit, now: Value) -> bool:
    """Tell whether a value has the id of what is made, or made anew."""
    text = "" if _is_known(now) else literal(now)
    return any(not is_same(edit, edit.origins.get(each), edit.after.get(each)) for each in _RESOURCE.findall(text))


def _is_known(value: Value) -> bool:
    return all(map(_is_known, value)) if isinstance(value, tuple) else isinstance(value, str | int)

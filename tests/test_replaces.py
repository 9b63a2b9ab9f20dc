"""Which arguments make a new object: by the releases that nobody can plan with here, and where text does not say it."""

from __future__ import annotations

import pytest

from generator.change.edit import GROUP, Edit
from generator.change.replaces import TABLE, doubts, effects, replacing, source
from generator.hcl.hcl import Block, Expression, Value
from generator.source.source import parse
from generator.source.terraform_shapes import OLDER_RULE, RULE

ENDPOINT = "aws_vpc_endpoint"
LOOKED_UP = Expression("data.aws_vpc.this.id")


def _block(kind: str, label: str = "it", /, **arguments: Value) -> Block:
    """Return a resource; an argument `dns_options__x` is in a block of it, `keep` is ignored when it changes."""
    inside = {name.partition("__")[2]: arguments.pop(name) for name in [*arguments] if "__" in name}
    kept = {"ignore_changes": (Expression(str(arguments.pop("keep"))),)} if "keep" in arguments else {}
    blocks = [Block(type="dns_options", arguments=inside)] if inside else []
    blocks += [Block(type="lifecycle", arguments=kept)] if kept else []
    return Block(type="resource", labels=(kind, label), arguments=arguments, blocks=tuple(blocks))


def _edit(before: list[Block], after: list[Block], floor: str = ">= 5.0", moves: dict[str, str] | None = None) -> Edit:
    needs = Block(type="required_providers", arguments={"aws": {"version": floor}})
    old, new = ({each.address: each for each in blocks} for blocks in (before, after))
    terraform = {"terraform": Block(type="terraform", blocks=(needs,))}
    return Edit(parse("name: x", "x.yaml"), old, {**new, **terraform}, moves or {})


@pytest.mark.parametrize(
    ("floor", "endpoint_type", "effect"),
    [
        (">= 3.39", "Interface", "perhaps"),
        (">= 6.28", "Interface", "perhaps"),
        (">= 6.36", "Interface", None),
        (">= 5.85", "Resource", "perhaps"),
        (">= 6.28", "Resource", "replace"),
        (">= 6.36", "ServiceNetwork", "replace"),
        ("~> 6.40", "Resource", "perhaps"),
    ],
)
def test_private_dns_is_decided_by_release_and_type(floor: str, endpoint_type: str, effect: str | None) -> None:
    """No release before 6.28 replaces for private DNS; 6.28 to 6.35 do, and 6.36 only what is no Interface."""
    old, new = (_block(ENDPOINT, vpc_endpoint_type=endpoint_type, private_dns_enabled=on) for on in (False, True))

    assert effects(_edit([old], [new], floor), old, new).get("private_dns_enabled") == effect


@pytest.mark.parametrize("kind", TABLE)
def test_another_region_makes_a_new_object(kind: str) -> None:
    """From 6.0 on, each resource has a Region; one that comes may be that of before."""
    old, new, none = _block(kind, region="eu-west-1"), _block(kind, region="eu-west-2"), _block(kind)
    edit = _edit([old], [new], ">= 6.0")

    assert effects(edit, old, new) == {"region": "replace"}
    assert (effects(edit, none, new), effects(edit, new, none)) == ({"region": "perhaps"}, {})
    assert "from the source" in source(kind, "region")


@pytest.mark.parametrize(
    ("option", "old", "new"),
    [
        ("private_dns_preference", "ALL_DOMAINS", "SPECIFIED_DOMAINS_ONLY"),
        ("private_dns_specified_domains", ("a.example", "b.example"), ("a.example",)),
    ],
)
def test_domains_make_a_new_object(option: str, old: Value, new: Value) -> None:
    """Both came with 6.28; the order of domains means nothing, and what is left out stays."""
    before, after = (_block(ENDPOINT, **{f"dns_options__{option}": value}) for value in (old, new))
    turned = _block(ENDPOINT, **{f"dns_options__{option}": old[::-1] if isinstance(old, tuple) else old})
    edit = _edit([before], [after], ">= 6.28")

    assert replacing(edit, before, after) == (f"dns_options.{option}",)
    assert (effects(edit, before, turned), effects(edit, before, _block(ENDPOINT))) == ({}, {})
    assert set(effects(edit, _block(ENDPOINT), after).values()) == {"perhaps"}


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        ({"vpc_id": LOOKED_UP}, {"vpc_id": LOOKED_UP}, None),
        ({"vpc_id": LOOKED_UP}, {"vpc_id": "vpc-0a1b2c3d"}, "perhaps"),
        ({"vpc_id": "vpc-0a1b2c3d"}, {"vpc_id": LOOKED_UP}, "perhaps"),
        ({"vpc_id": "vpc-0a1b2c3d"}, {"vpc_id": LOOKED_UP, "keep": "vpc_id"}, "kept"),
        ({"vpc_id": "vpc-0a1b2c3d"}, {"vpc_id": "vpc-0a1b2c3e"}, "replace"),
    ],
)
def test_what_is_looked_up_may_be_the_same(old: dict[str, Value], new: dict[str, Value], effect: str | None) -> None:
    """Only two values that are known surely differ; what the module keeps replaces nothing."""
    before, after = _block(GROUP, **old), _block(GROUP, **new)
    edit = _edit([before], [after])

    assert effects(edit, before, after).get("vpc_id") == effect
    assert len([*doubts(edit, before, after)]) == (effect in {"perhaps", "kept"})


def test_another_lookup_of_the_vpc_may_find_another() -> None:
    """The text of what is looked up stays, and the VPC may be another."""
    lookups = [Block(type="data", labels=("aws_vpc", "this"), arguments={"tags": {"Name": name}}) for name in "ab"]
    group = _block(GROUP, vpc_id=LOOKED_UP)
    edit, same = _edit([group, lookups[0]], [group, lookups[1]]), _edit([group, lookups[0]], [group, lookups[0]])

    assert (effects(edit, group, group), effects(same, group, group)) == ({"vpc_id": "perhaps"}, {})


def test_a_rule_goes_with_its_group() -> None:
    """A group under another label is the same; one that is made anew has an id that is not known, which is a change."""
    ids = [Expression(f"aws_security_group.{label}.id") for label in "ab"]
    rules = [_block(RULE, security_group_id=each) for each in ids]
    groups = [_block(GROUP, label, name="x") for label in "ab"]
    moves = {groups[0].address: groups[1].address}
    another = _block(GROUP, "b", name="y")

    assert effects(_edit([groups[0], rules[0]], [groups[1], rules[1]], moves=moves), *rules) == {}
    for edit in (
        _edit([groups[0], rules[0]], [groups[1], rules[1]]),
        _edit([groups[0], rules[0]], [another, rules[1]], moves=moves),
    ):
        assert effects(edit, *rules) == {"security_group_id": "replace"}


@pytest.mark.parametrize(("new", "effect"), [("sg-1", None), ("sg-2", "replace"), (LOOKED_UP, "perhaps")])
def test_each_instance_is_compared_by_its_key(new: Value, effect: str | None) -> None:
    """What an older rule lets in comes from its `for_each`; a key that is new is another instance."""
    entries: list[Value] = [{"x": {"id": "sg-1"}}, {"x": {"id": new}, "y": {"id": "sg-3"}}]
    source_id = Expression("each.value.id")
    old, now = (_block(OLDER_RULE, for_each=each, source_security_group_id=source_id) for each in entries)

    assert effects(_edit([old], [now]), old, now).get("source_security_group_id") == effect


def test_each_row_has_a_source() -> None:
    """Each row says where the provider has it; of what a release at hand plans, no doubt is told."""
    for kind, row in ((kind, row) for kind, rows in TABLE.items() for row in rows):
        assert row.source.startswith("https://github.com/hashicorp/terraform-provider-aws/")
        assert ("from the source" in source(kind, row.argument)) is row.is_from_source

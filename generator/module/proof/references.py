"""What a spec's references come to: the lookups and the inputs that the module must have for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, assert_never

from generator.hcl.hcl import Expression, slug, text
from generator.module.proof.reading import Meaning, Term, by, guard, term
from generator.source.region import REGION_NAME
from generator.spec import Spec
from generator.spec import references as refs
from generator.spec.policy_text import Known

_PREFIXES = {"vpc": "vpc", "subnet": "subnet", "route_table": "rtb", "security_group": "sg"}
_PREFIXES["ec2_managed_prefix_list"] = "pl"
_TEXTS = {"a Region": f"^{REGION_NAME}$", "a service": "^[a-z0-9_-]+([.][a-z0-9_-]+){2,}$"}
_TEXTS |= {"text without *, ? and $": "^[^*?$]+$", "the id of an account": "^[0-9]{12}$"}
_TEXTS |= {"the id of an organization": "^o-[a-z0-9]{10,32}$", "the name of a bucket": "^[A-Za-z0-9._-]{3,255}$"}
_MAIN = by("association.main", "true")
_EACH = Term("each.value")


class References:
    """Follows the references of one spec; `found` holds what the module must look up and take as inputs for them."""

    def __init__(self, spec: Spec) -> None:
        """Begin with the VPC: `vpc_id` is what its id comes to, `vpc` its lookup."""
        self.spec = spec
        self.found: Meaning = {"data": {}}
        self.vpc_id = self.one("vpc", spec.vpc)
        self.vpc = Term(next(iter(self.found["data"])))
        self.tagged: dict[str, dict[str, str]] = {}
        self.taken: dict[str, set[str]] = {"before": set(), "rules": set()}

    def look_up(self, kind: str, asks: dict[str, Any], condition: str = "") -> Term:
        """Note that the module looks something up, under a condition; return the lookup."""
        what = term(kind, asks)
        self.found["data"][what] = [guard(condition)] if condition else []
        return what

    def text_by_input(self, name: str, what: str) -> None:
        """Note that the module takes a text from its caller, which is of a pattern."""
        self.found[f"variables.{name}"] = _checked(f'can(regex("{_TEXTS[what]}", var.{name}))', "string")

    def one(self, kind: str, reference: refs.Reference) -> Any:
        """Return the id that a reference comes to, or (`subnets`: where a list stands) perhaps a list of them."""
        single = kind.removesuffix("s")
        match reference:
            case refs.ById(given):
                return self.known(single, given)
            case refs.ByInput(name):
                self.found[f"variables.{name}"] = _input(name, kind)
                return self.known(kind if kind == "vpc" else "", Term(f"var.{name}"))
            case refs.Create():
                return Term(f"aws_security_group.{reference.key or slug(reference.name, 'group')}.id")
            case refs.OfSubnet(subnet):
                return self.used_by(subnet)
            case refs.OfSubnets():
                return Term(
                    f"distinct(flatten({[self.used_by(subnet, 'subnets') for subnet in self.spec.subnets or ()]!r}))"
                )
            case refs.ByTags(tags) if kind != single:
                ids = Term(f"{self.look_up(kind, _asks(kind, reference), 'length(self.ids) > 0')}.ids")
                if single == "subnet":
                    name = f"subnet_ids_of_{slug('_'.join(tags.values()), 'subnet')}"
                    same = self.tagged.setdefault(name, {})  # other tags may make the same name
                    name = same.setdefault(repr(sorted(tags.items())), f"{name}_{len(same) + 1}" if same else name)
                    ids = self.or_given(name, ids)
                    self.each_of(ids)
                return ids
            case refs.ByName() | refs.ByTags() | refs.Main() | refs.Default():
                return Term(f"{self.look_up(single, _asks(kind, reference))}.id")
            case _:
                assert_never(reference)

    def or_given(self, name: str, found: str) -> Term:
        """Return what is looked up, or what an input gives instead."""
        self.found[f"variables.{name}"] = {"type": Term("list(string)"), "default": None, "description": "prose"}
        return Term(f"distinct(coalesce(var.{name}, {found}))")

    def vpc_blocks(self) -> tuple[Term, Term]:
        """Return the CIDR blocks of the VPC, IPv4 and IPv6, without those that AWS lists for a while."""
        ipv4, ipv6 = (
            f'[for block in {self.vpc}.{name}_associations : block.{name} if block.state == "associated"]'
            for name in ("cidr_block", "ipv6_cidr_block")
        )
        either = f"try({ipv6}, compact([{self.vpc}.ipv6_cidr_block]))"
        return self.or_given("vpc_cidr_blocks", ipv4), self.or_given("vpc_ipv6_cidr_blocks", either)

    def subnet_blocks(self) -> tuple[Term, ...]:
        """Return the CIDR blocks of the spec's subnets, IPv4 and IPv6."""
        found = [each for subnet in self.spec.subnets or () if (each := self.subnet(subnet))]
        listed = joined([(Term(f"values({each})") if is_list else each, is_list) for each, is_list in found])
        names = ("cidr_block", "ipv6_cidr_block")
        blocks = {name: f"compact([for subnet in {listed!r} : subnet.{name}])" for name in names}
        return tuple(self.or_given(f"subnet_{name}s", each) for name, each in blocks.items())

    def known(self, kind: str, given: str) -> str:
        """Return an id that is given; a VPC is looked up for what its guard asks, a subnet for where it is."""
        if kind in {"vpc", "subnet"}:
            vpc_id = "" if kind == "vpc" else self.vpc_id if isinstance(self.vpc_id, Term) else text(self.vpc_id)
            self.look_up(kind, {"id": given}, f"self.vpc_id == {vpc_id}" if vpc_id else "")
        return given

    def several(self, kind: str, references: Iterable[refs.Reference]) -> Any:
        """Return one list of the ids that references come to."""
        lists = refs.ByTags | refs.ByInput | refs.OfSubnet | refs.OfSubnets
        return joined([(self.one(kind, each), isinstance(each, lists)) for each in references])

    def used_by(self, subnet: refs.Subnet, kind: str = "subnet") -> Term:
        """Return the tables that a subnet, or each that has some tags, uses: those associated, else the main table."""
        is_each = kind == "subnets" and isinstance(subnet, refs.ByTags)
        ids, main = self.one(kind if is_each else "subnet", subnet), self.look_up("route_table", _MAIN)
        each = {"for_each": Term(f"toset({ids})")} if is_each else {}
        tables = self.look_up("route_tables", each | by("association.subnet-id", _EACH if is_each else ids))
        if not is_each:
            return Term(f"coalescelist(tolist({tables}.ids), [{main}.id])")
        return Term(f"flatten([for id in {ids} : coalescelist(tolist({tables}[id].ids), [{main}.id])])")

    def each_of(self, ids: Term) -> Term:
        """Return the lookup of each of several subnets, which tells where they are."""
        return self.look_up("subnet", {"for_each": Term(f"toset({ids})"), "id": _EACH})

    def of_policy(self, part: Known, inputs: Mapping[str, str]) -> str | Expression:
        """Return what a policy takes from Terraform; note the lookup or the input that the module must have for it."""
        given: str = self.vpc_id
        if part.kind == "account":
            given = Term(f"{self.look_up('caller_identity', {})}.account_id")
        elif part.kind == "variable":
            self.text_by_input(part.name, inputs[part.name])
            given = Term(f"var.{part.name}")
        return Expression(given) if isinstance(given, Term) else given

    def zone(self, subnet: refs.Subnet) -> tuple[Term, bool] | None:
        """Return the zone of a subnet, or the zones of those that have some tags; None where only the caller knows."""
        if (found := self.subnet(subnet)) is None:
            return None
        each, is_list = found
        what = f"[for subnet in {each} : subnet.availability_zone_id]" if is_list else f"{each}.availability_zone_id"
        return Term(what), is_list

    def subnet(self, subnet: refs.Subnet) -> tuple[Term, bool] | None:
        """Return the lookup of a subnet, or of each that has some tags; None where only the caller knows."""
        if isinstance(subnet, refs.ByInput):
            return None
        if isinstance(subnet, refs.ByTags):
            return self.each_of(self.one("subnets", subnet)), True
        self.one("subnet", subnet)
        return term("subnet", _asks("subnet", subnet)), False


def joined(parts: list[tuple[Any, bool]]) -> Any:
    """Return one list of what are single things and of what (True) are lists."""
    one, several = [part for part, is_list in parts if not is_list], [part for part, is_list in parts if is_list]
    lists = [one, *several] if one or not several else several
    return Term(f"concat({', '.join(map(repr, lists))})") if several and len(lists) > 1 else lists[0]


def _asks(kind: str, reference: refs.Reference) -> dict[str, Any]:
    """Return what a lookup of a reference asks for."""
    match reference:
        case refs.ByName(name):
            return {"name": name} if kind == "ec2_managed_prefix_list" else {"tags": {"Name": name}}
        case refs.ByTags(tags):
            return {"tags": dict(sorted(tags.items()))}
        case refs.ById(given):
            return {"id": given}
        case refs.Default():
            return {"name": "default"}
    return _MAIN


def _input(name: str, kind: str) -> dict[str, Any]:
    """Return what a module input takes: the id of one thing of a kind, or (`subnets`) ids of several."""
    is_list, prefix = kind.endswith("s"), _PREFIXES[kind.removesuffix("s")]
    condition = f'startswith(var.{name}, "{prefix}-")'
    if is_list:
        condition = f'length(var.{name}) > 0 && alltrue([for id in var.{name} : startswith(id, "{prefix}-")])'
    return _checked(condition, "list(string)" if is_list else "string")


def _checked(condition: str, type_: str) -> dict[str, Any]:
    return {"type": Term(type_), "nullable": False, "description": "prose", **guard(condition, "validation")}

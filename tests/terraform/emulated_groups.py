"""The security groups of the emulated AWS: moto's, as strict as AWS about equal rules and groups in use.

moto's gaps (5.2.1 to 5.2.5) are named where they are closed.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroupRule

from .emulated_log import Rule, canonical, meaning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moto.ec2.models.security_groups import SecurityGroup

_BLOCKS = ("CidrIp", "CidrIpv6")


class Groups(EC2Backend):
    """moto's EC2 with its gaps around security groups closed."""

    def create_security_group(self, *asked: Any, **more: Any) -> SecurityGroup:
        """Make a group. Gap: moto gives ARNs of partition aws in every Region.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
        """
        made = super().create_security_group(*asked, **more)
        made.arn = made.arn.replace(":aws:", f":{self.partition}:", 1)
        return made

    def delete_security_group(self, name: str | None = None, group_id: str | None = None) -> None:
        """Delete a group that no interface has, and no rule of another group refers to.

        Gap: moto deletes groups in use.
        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
        https://github.com/hashicorp/terraform/issues/2996 (is referenced by another security group)
        """
        is_had = any(group_id == group.id for interface in self.enis.values() for group in interface.group_set)
        others = (group for group in self._all_groups() if group.id != group_id)
        is_meant = any(meaning(rule).source == group_id for group in others for rule in _rules(group))
        if is_had or is_meant:
            raise DependencyViolationError(f"resource {group_id} has a dependent object")
        super().delete_security_group(name, group_id)

    def authorize_all(self, permissions: list[dict[str, Any]]) -> list[SecurityGroupRule]:
        """Make the inbound rules of all permissions, or none of them.

        Gap: moto compares blocks as text, keeps them as they were written, compares descriptions of sources, keeps
        what it made before it came to one that stands, and takes "" for an account, as provider 3.39 asks for its own.
        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidPermission.Duplicate)
        https://github.com/terraform-aws-modules/terraform-aws-security-group/issues/351 (the message)
        """
        asked: list[Rule] = []
        for permission in permissions:
            for block in permission["ip_ranges"]:
                block.update({kind: canonical(block[kind]) for kind in _BLOCKS if block.get(kind)})
            for pair in permission["source_groups"]:
                if not pair.get("UserId"):
                    pair["UserId"] = self.account_id
            asked += self._asked(permission)
        for group_id in {permission["group_name_or_id"] for permission in permissions}:
            group = self.get_security_group_by_name_or_id(group_id)
            _refuse_equal([*asked, *(map(meaning, group.ingress_rules) if group else ())])
        return [rule for each in permissions for rule in self._authorized(each)]

    def modify_security_group_rules(self, group_id: str, rules: dict[str, dict[str, Any]]) -> None:
        """Change rules by id. Gap: moto changes IPv4 blocks and descriptions alone, and lets two become equal.

        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySecurityGroupRules.html
        That two may not become equal only the emulator says; that two may not be equal AWS does (`authorize_all`).
        """
        group = self.get_security_group_by_name_or_id(group_id)
        if group:
            standing = [meaning(each) for each in group.ingress_rules if each.id not in rules]
            _refuse_equal([*standing, *map(_wanted, rules.values())])
        super().modify_security_group_rules(group_id, rules)
        for rule_id, wanted in rules.items():
            rule = group.get_rule(rule_id) if group else None
            if rule is not None:
                _become(rule, wanted)

    def _all_groups(self) -> Iterator[SecurityGroup]:
        for groups in self.groups.values():
            yield from groups.values()

    def _asked(self, permission: Mapping[str, Any]) -> Iterator[Rule]:
        """Yield what a permission asks for."""
        fields = ("ip_protocol", "from_port", "to_port", "ip_ranges", "source_groups", "prefix_list_ids")
        for rule in self._iterate_security_rules(group_id="", **{name: permission[name] for name in fields}):
            yield meaning(rule)

    def _authorized(self, permission: dict[str, Any]) -> list[SecurityGroupRule]:
        """Make a permission's rules. Gap: moto drops the description where the source is a group or a prefix list.

        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
        """
        rules, _ = self.authorize_security_group_ingress(**permission)
        for rule in rules:
            for source in (*permission["source_groups"], *permission["prefix_list_ids"]):
                is_its_own = rule.source_group == source or rule.prefix_list_id == source.get("PrefixListId", "")
                if is_its_own and "Description" in source:
                    rule.ip_range = {"Description": source["Description"]}
        return rules


def _rules(group: SecurityGroup) -> list[SecurityGroupRule]:
    return [*group.ingress_rules, *group.egress_rules]


def _refuse_equal(rules: list[Rule]) -> None:
    """Refuse two rules that mean the same."""
    rule, count = Counter(rules).most_common(1)[0] if rules else (None, 0)
    if rule is not None and count > 1:
        what = f"peer: {rule.source}, {rule.protocol.upper()}, from port: {rule.from_port}, to port: {rule.to_port}"
        raise EC2ClientError("InvalidPermission.Duplicate", f'the specified rule "{what}, ALLOW" already exists')


def _wanted(change: Mapping[str, Any]) -> Rule:
    """Return what a rule is asked to become."""
    block = change.get("CidrIpv4") or change.get("CidrIpv6")
    source = canonical(block) if block else str(change.get("PrefixListId") or change.get("ReferencedGroupId"))
    is_all = str(change.get("IpProtocol")) == "-1"
    ports = (-1, -1) if is_all else (int(change.get("FromPort") or 0), int(change.get("ToPort") or 0))
    return Rule(str(change.get("IpProtocol")), *ports, source)


def _become(rule: SecurityGroupRule, change: Mapping[str, Any]) -> None:
    """Take over what moto leaves out of a change."""
    for kind, field in (("CidrIp", "CidrIpv4"), ("CidrIpv6", "CidrIpv6")):
        if change.get(field):
            rule.ip_range[kind] = canonical(change[field])
    if change.get("PrefixListId"):
        rule.prefix_list_id = change["PrefixListId"]
    if change.get("ReferencedGroupId"):
        rule.source_group["GroupId"] = change["ReferencedGroupId"]

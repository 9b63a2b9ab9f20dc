"""Whether two endpoint policies are the same. There are two answers, as two parties judge.

`says_the_same` is AWS's: it gives a policy back in other words than it was given in, and somebody who wrote it in other
words changed nothing. The order of statements and of what they list makes no difference, nor does one value or a list
of one, the case of actions, two ways to write everybody or an account, a version where no policy variable is used.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html

`same_to_provider` is the Terraform provider's, and stricter: it ignores the order of lists, a list of one and an empty
Sid, but plans a change for another version, Sid or spelling; a number or `true` is its text to it as to AWS. An adopted
spec must leave nothing to plan.
https://github.com/hashicorp/awspolicyequivalence
"""

from __future__ import annotations

import json
import re
from typing import Any

from generator.spec.policy_text import as_text

_OLD_VERSION = "2008-10-17"
"""The version of a policy that states none; it takes `${…}` literally.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
"""
_ROOT = re.compile(r"arn:([^:]+):iam::([0-9]{12}):root")
_LISTED = frozenset({"Action", "NotAction", "Resource", "NotResource"})
_FOLDED = frozenset({"Action", "NotAction"})
FULL_ACCESS = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def says_the_same(left: object, right: object) -> bool:
    """Tell whether two policies, each a document or its JSON text, say the same; what is no JSON is text."""
    one, other = document(left), document(right)
    return bool(_normal(one) == _normal(other)) and _may_be_of_one_partition(one, other)


def _may_be_of_one_partition(one: object, other: object) -> bool:
    """Tell whether no account has the ARNs of its root user in two partitions; its id alone is of any."""
    its, others = (
        {account: partition for partition, account in _ROOT.findall(json.dumps(each))} for each in (one, other)
    )
    return all(others.get(account, partition) == partition for account, partition in its.items())


def same_to_provider(left: object, right: object) -> bool:
    """Tell whether the provider takes two documents for one, and plans no change from one to the other."""
    return bool(_in_order(left) == _in_order(right))


def is_default(policy: object) -> bool:
    """Tell whether a policy is the one that AWS gives an endpoint for which none is stated: full access.

    It may have any version and any Sid, as it differs between what the console makes and what the API makes; where
    there is no policy at all, AWS allows full access too.
    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html#default-endpoint-policy
    """
    found = document(policy)
    if found in (None, ""):
        return True
    statements = _listed(found.get("Statement")) if isinstance(found, dict) else []
    plain = [{key: item for key, item in each.items() if key != "Sid"} for each in statements if isinstance(each, dict)]
    return len(plain) == len(statements) == 1 and _statement(plain[0]) == _statement(FULL_ACCESS)


def document(policy: object) -> Any:
    """Return the document of a policy's JSON text; a document as it is, and text that is not JSON too."""
    if not isinstance(policy, str):
        return policy
    try:
        return json.loads(policy)
    except (ValueError, RecursionError):
        return policy


def _in_order(value: Any) -> Any:
    """Return a value in which the order of lists, a list of one and an empty Sid make no difference."""
    if isinstance(value, dict):
        return {key: _in_order(item) for key, item in value.items() if (key, item) != ("Sid", "")}
    if isinstance(value, list):
        items = sorted((_in_order(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
        return items[0] if len(items) == 1 else items
    return None if value is None else _word(value)


def _normal(policy: Any) -> Any:
    """Return a policy in a form that is equal for all policies that say the same."""
    if not isinstance(policy, dict):
        return policy
    has_variables = "${" in json.dumps(policy)
    return {
        **policy,
        "Version": str(policy.get("Version") or _OLD_VERSION) if has_variables else "",
        "Statement": sorted({_statement(each) for each in _listed(policy.get("Statement"))}),
    }


def _statement(statement: Any) -> str:
    """Return a statement as text that is equal for all statements that say the same."""
    if not isinstance(statement, dict):
        return json.dumps(statement, sort_keys=True)
    said: dict[str, Any] = {}
    for key, item in statement.items():
        if key in _LISTED:
            said[key] = sorted({text.lower() if key in _FOLDED else text for text in map(_word, _listed(item))})
        elif key in {"Principal", "NotPrincipal"}:
            said[key] = _principals(item)
        elif key == "Condition":
            said[key] = _conditions(item)
        else:
            said[key] = item if isinstance(item, dict | list) else _word(item)
    return json.dumps({key: item for key, item in said.items() if item not in ("", {}, None)}, sort_keys=True)


def _principals(stated: Any) -> Any:
    """Return principals by their kind; `"*"` is `{"AWS": "*"}`, and an account's id is its root user's ARN.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    kinds = stated if isinstance(stated, dict) else {"AWS": stated}
    return {kind: sorted({_ROOT.sub(r"\2", _word(each)) for each in _listed(item)}) for kind, item in kinds.items()}


def _conditions(stated: Any) -> Any:
    """Return conditions by operator and key; the keys' names are taken in any case, values are text or lists of it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
    """
    if not isinstance(stated, dict):
        return stated
    return {
        operator: {str(key).lower(): sorted({*map(_word, _listed(item))}) for key, item in keys.items()}
        if isinstance(keys, dict)
        else keys
        for operator, keys in stated.items()
    }


def _word(value: Any) -> str:
    """Return one value as AWS reads it: `true` and `1` are the texts of that."""
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else as_text(value) or ""


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]

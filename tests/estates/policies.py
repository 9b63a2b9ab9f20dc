"""Policies by chance, in the forms in which AWS answers: a text, which it keeps as it was given."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

_ALL = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
OWN = {
    "Interface": json.dumps({"Statement": [_ALL]}, indent=2),
    "Gateway": json.dumps({"Version": "2008-10-17", "Statement": [_ALL]}, separators=(",", ":")),
}
"""AWS's own, of an endpoint that was given none."""
_CONDITIONS: tuple[Any, ...] = (
    *({}, {"Bool": {"aws:SecureTransport": "false"}}, {"Bool": {"aws:SecureTransport": False}}),
    *({"StringEquals": {"aws:PrincipalAccount": 111122223333}}, {"NumericLessThan": {"s3:max-keys": "10"}}),
    {"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5", "o-f6g7h8i9j0"]}},
    {"StringNotEqualsIfExists": {"aws:PrincipalAccount": ["111122223333", 222233334444]}, "Null": {"aws:x": "true"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/${aws:PrincipalTag/Team}"}},
    {"NumericLessThan": {"aws:MultiFactorAuthAge": 1.5}, "IpAddress": {"aws:VpcSourceIp": ["10.0.0.0/16"]}},
    {"DateGreaterThan": {"aws:CurrentTime": "2026-11-26T00:00:00Z"}},
)
_PRINCIPALS: tuple[Any, ...] = (
    *("*", {"AWS": "*"}, {"AWS": ["*"]}, {"AWS": "111122223333"}, {"AWS": ["arn:aws:iam::111122223333:root"]}),
    {"AWS": ["arn:aws:iam::111122223333:role/app", "222233334444"], "Service": "ec2.amazonaws.com"},
)
_RESOURCES: tuple[Any, ...] = ("*", ["*"], "arn:aws:s3:::a-bucket/*", ["arn:aws:s3:::b", "arn:aws:s3:::a/${aws:x}"])


def policy(chance: Random, endpoint_type: str) -> str:
    """Return a policy: AWS's own, or one that somebody wrote."""
    if chance.random() < 0.4:
        return OWN[endpoint_type]
    sids = chance.sample(("One", "2", "no", "", None, None), chance.randint(1, 3))
    statements = [_statement(chance, endpoint_type, sid) for sid in sids]
    document: dict[str, Any] = {"Version": chance.choice(("2012-10-17", "2012-10-17", "2008-10-17"))}
    document |= {"Id": chance.choice(("images", "0815", "a: b"))} if chance.random() < 0.2 else {}
    document["Statement"] = statements[0] if len(statements) == 1 and chance.random() < 0.4 else statements
    if chance.random() < 0.1:
        document = {"Version": "2012-10-17", "Statement": [_ALL]}
    if chance.random() < 0.1:
        del document["Version"]
    form: dict[str, Any] = chance.choice(({}, {"indent": 2}, {"indent": 4}, {"separators": (",", ":")}))
    return json.dumps(document, ensure_ascii=chance.random() < 0.5, **form)


def _statement(chance: Random, endpoint_type: str, sid: str | None) -> dict[str, Any]:
    listed = [chance.choice(("s3:GetObject", "s3:Get*", "sqs:*", "*", "ecr:BatchGetImage")) for _ in range(2)]
    action = chance.choice((listed[0], listed[:1], sorted({*listed}), listed[::-1]))
    condition = chance.choice(_CONDITIONS)
    principal = chance.choice(_PRINCIPALS[: 3 if endpoint_type == "Gateway" else None])
    return {
        **({} if sid is None else {"Sid": sid}),
        "Effect": chance.choice(("Allow", "Allow", "Deny")),
        "Principal": principal,
        chance.choice(("Action", "Action", "Action", "NotAction")): action,
        chance.choice(("Resource", "Resource", "Resource", "NotResource")): chance.choice(_RESOURCES),
        **({"Condition": condition} if condition else {}),
    }

"""The table of fields: whatever an endpoint may state is in it, or is known not to be kept by AWS."""

from __future__ import annotations

from typing import Any

from generator.authoring.adopt.adoption import AdoptOptions, adopt
from generator.generate import understand_text
from generator.live import answers
from generator.live.fields import FIELDS, NOT_KEPT_BY_AWS, Pair, changes
from generator.live.locate import locate
from generator.spec.model import DnsOptions, Endpoint
from tests.cases import ROOT


def test_each_field_has_its_row() -> None:
    """A field that `drift`, `verify` and `adopt` would not see is named here, and so is a row of no field."""
    stated = {*Endpoint.model_fields, *(f"dns_options.{name}" for name in DnsOptions.model_fields)} - {"dns_options"}
    rows = [field.name for field in FIELDS]

    assert stated - {*rows, *NOT_KEPT_BY_AWS} == set(), "add a row to FIELDS, or a source to NOT_KEPT_BY_AWS"
    assert {*rows, *NOT_KEPT_BY_AWS} - stated == set()
    assert len(rows) == len({*rows, *NOT_KEPT_BY_AWS}) - len(NOT_KEPT_BY_AWS)


def test_what_aws_does_not_keep_has_a_source() -> None:
    """Nothing is left out by guess."""
    assert all(source.startswith("https://") for source in NOT_KEPT_BY_AWS.values())


def test_each_field_of_an_answer_is_compared() -> None:
    """Whatever AWS has otherwise in one field of an endpoint, that field differs."""
    found = answers.read([("many", (ROOT / "tests" / "adopt" / "many.json").read_text(encoding="utf-8"))], "eu-west-1")
    adopted = adopt(found, AdoptOptions(vpc="app", name="x", path="x.yaml"))
    spec = locate(understand_text(adopted.spec, "x.yaml"), found)
    seen = set()
    for located in spec.endpoints:
        live = adopted.endpoints[located.endpoint.key].live
        assert [*changes(Pair(located=located, live=live, spec=spec), with_defaults=True)] == []
        for field in FIELDS:
            is_compared = field.differences is None and field.is_taken_by(located.endpoint.type)
            says_nothing = field.name in OF_PRIVATE_DNS and not live.get("PrivateDnsEnabled")
            says_nothing |= field.name.startswith("dns_options") and located.endpoint.type == "Gateway"  # E247
            if is_compared and field.name not in TARGETS and not says_nothing:
                other = _changed(live, field.key.split("."))
                rows = [*changes(Pair(located=located, live=other, spec=spec), with_defaults=True)]
                assert field.name in {row.field for row in rows}, (located.endpoint.key, field.name)
                seen.add(field.name)
    assert seen == {field.name for field in FIELDS if field.differences is None} - TARGETS


TARGETS = {"service", "service_name", "resource_configuration_arn", "service_network_arn"}
"""What an endpoint leads to is one field, and the others have nothing."""
OF_PRIVATE_DNS = {"dns_options.private_dns_preference", "dns_options.private_dns_specified_domains"}
"""Where private DNS is off, these mean nothing."""


def _changed(value: Any, keys: list[str]) -> Any:
    """Return an answer in which something else is at a path."""
    if not keys:
        return not value if isinstance(value, bool) else "other"
    if isinstance(value, list):
        return [_changed(each, keys) for each in value] or ["other"]
    key, *rest = keys
    inner = (value or {}).get(key)
    other = inner[1:] if isinstance(inner, list) and inner and not rest else _changed(inner, rest)
    return {**(value or {}), key: other}

"""The table of fields: whatever an endpoint may state is in it, or is known not to be kept by AWS."""

from __future__ import annotations

from generator.live.fields import FIELDS, NOT_KEPT_BY_AWS
from generator.spec.model import DnsOptions, Endpoint


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

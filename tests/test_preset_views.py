"""What the command says of presets."""

from __future__ import annotations

import pytest

from generator.catalog.catalog import Catalog
from generator.catalog.presets import UnknownFactError, presets
from generator.cli.views import presets as preset_rows

CATALOG = Catalog.load()
PRESETS = presets()


def _facts(region: str) -> dict[str, str]:
    return {row["name"]: row["facts"] for row in preset_rows.rows(PRESETS.values(), region, CATALOG)}


def test_rows_say_what_is_known_in_a_region() -> None:
    """Names are known, or of an unverified pattern, or unknown: never a guess that looks like a fact."""
    assert set(_facts("ap-southeast-1").values()) == {"known"}
    assert _facts("cn-north-1")["full-access"] == "known"
    assert _facts("cn-north-1")["ecr-layers"] == "unverified"
    assert _facts("cn-north-1")["ssm-agent"] == "unknown"
    assert _facts("xx-new-1")["ecr-layers"] == "unknown"


def test_the_table_has_a_line_for_each_preset() -> None:
    """Names stand first; with a Region the column is of that Region."""
    plain = preset_rows.as_table(preset_rows.rows(PRESETS.values(), None, CATALOG)).splitlines()
    of_region = preset_rows.as_table(preset_rows.rows(PRESETS.values(), "eu-west-1", CATALOG)).splitlines()

    assert [line.split()[0] for line in plain[:-2]] == ["Preset", *PRESETS]
    assert plain[-2] == ""
    assert "each allows more" in plain[-1]
    assert "In eu-west-1" in of_region[0]
    assert not any(line.endswith(" ") for line in (*plain, *of_region))


def test_a_shown_preset_has_its_document_and_sources() -> None:
    """The document is the Region's, counted as sent, and each source has its day."""
    document = preset_rows.resolve_preset(PRESETS["ecr-layers"], "us-gov-west-1", CATALOG, {})
    text = preset_rows.as_text(document)

    assert "arn:aws-us-gov:s3:::prod-us-gov-west-1-starport-layer-bucket/*" in text
    assert "No source says that the buckets have these names in us-gov-west-1." in text
    assert f"{document['characters']} characters as sent." in text
    assert "(checked 2026-" in text


def test_what_the_spec_must_say_is_a_placeholder() -> None:
    """Without the organization's id the document shows where it goes, and is not counted."""
    document = preset_rows.resolve_preset(PRESETS["org-perimeter"], None, CATALOG, {})
    given = preset_rows.resolve_preset(PRESETS["org-perimeter"], None, CATALOG, {"org_id": "o-a1b2c3d4e5"})

    assert (document["missing"], document["characters"]) == (["org_id"], None)
    assert "<org_id>" in preset_rows.as_text(document)
    assert "The spec must state org_id." in preset_rows.as_text(document)
    assert "<org_id>" not in preset_rows.as_text(given)


def test_a_perimeter_shows_what_it_adds_for_a_service() -> None:
    """With a service its own resources of AWS stand inside, with their source; without one there is nothing of them."""
    given = {"account_id": ["111122223333", "444455556666"]}
    document = preset_rows.resolve_preset(
        PRESETS["account-perimeter"], "us-gov-west-1", CATALOG, given, service="ssm-fips"
    )
    plain = preset_rows.resolve_preset(PRESETS["account-perimeter"], None, CATALOG, given)

    assert document["document"]["Statement"][:-1] == plain["document"]["Statement"]
    assert "arn:aws-us-gov:ssm:us-gov-west-1::document/*" in document["document"]["Statement"][-1]["Resource"]
    assert document["sources"][-1]["url"].endswith("/ssm_endpoint_policy.json")
    assert "For ssm-fips in us-gov-west-1." in preset_rows.as_text(document)
    assert "A list adds up" in preset_rows.as_text(plain)


def test_an_unknown_fact_is_not_shown() -> None:
    """What no source says can't be document."""
    with pytest.raises(UnknownFactError, match="cn-north-1"):
        preset_rows.resolve_preset(PRESETS["codeartifact"], "cn-north-1", CATALOG, {})

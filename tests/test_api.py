"""The public API: plain frozen data in and out, and what the commands say."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import gen_endpoints as ge
from tests.cases import KEPT, ROOT

BAND_UP = ROOT / "specs" / "band-up.yaml"


def test_import_is_light() -> None:
    """Importing the API loads no parser, no models and no templates."""
    code = "import sys, gen_endpoints; print({'pydantic', 'jinja2', 'hcl2', 'yaml'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert run.stdout == "set()\n"


def test_lists_what_it_has() -> None:
    """What is public is listed, once, and every class of data in it is frozen."""
    named = {name: getattr(ge, name) for name in ge.__all__}
    data = [each for each in named.values() if isinstance(each, type) and dataclasses.is_dataclass(each)]

    assert len(named) == len(ge.__all__)
    assert {each.__name__ for each in data} >= {"Endpoint", "Meaning", "Rendered", "Source", "Facts", "Module"}
    assert [each for each in data if not vars(each)["__dataclass_params__"].frozen] == []


def test_says_what_a_spec_means() -> None:
    """A spec's endpoints have their defaults, and no model of the spec's form comes along."""
    meaning = ge.understand(ge.parse(str(BAND_UP)), today=date(2026, 11, 26))

    assert (meaning.name, meaning.region, meaning.warnings) == ("band-up", "ap-southeast-1", ())
    assert [(each.key, each.type, each.service, each.private_dns) for each in meaning.endpoints] == [
        ("ecr_dkr", "Interface", "ecr.dkr", True),
        ("ecr_api", "Interface", "ecr.api", True),
        ("logs", "Interface", "logs", True),
        ("s3", "Gateway", "s3", False),
    ]


def test_says_what_is_open() -> None:
    """What only the provider knows is not made up; an ARN is a target too."""
    (endpoint, *_) = ge.understand(ge.parse(str(ROOT / "specs" / "any-region.yaml"))).endpoints
    targets = {each.type: each.target for each in ge.understand(ge.parse(str(ROOT / "specs/all-types.yaml"))).endpoints}

    assert (endpoint.region, "<region>" in endpoint.target) == (None, True)
    assert targets["Resource"].startswith("arn:aws:vpc-lattice:")
    assert targets["Gateway"].startswith("com.amazonaws.")


def test_renders_what_the_command_renders() -> None:
    """The files are those of `out/`, and what is changed in them by hand is found."""
    rendered = ge.render(ge.parse(str(BAND_UP)), cache=KEPT)
    changed = {**rendered.files, "main.tf": rendered.files["main.tf"].replace('"Gateway"', '"Interface"')}

    assert ge.differences(rendered.files, ROOT / "out" / "band-up") == ()
    assert ge.check(rendered.module, ge.read_back(rendered.files)) == ()
    assert [str(each) for each in ge.check(rendered.module, ge.read_back(changed))] == [
        'main.tf: E904 resource.aws_vpc_endpoint.s3.vpc_endpoint_type: wanted "Gateway", found "Interface"'
    ]


def test_refuses_with_findings() -> None:
    """What is wrong is an exception that has every finding at its line; the text may come from anywhere."""
    text = BAND_UP.read_text(encoding="utf-8").replace("ecr.dkr", "ecr.dkt").replace("ecr.api", "ecr.apy")

    with pytest.raises(ge.Refused) as refused:
        ge.render(ge.parse("a/spec.yaml", text))

    assert refused.value.exit_code is ge.ExitCode.REFUSED
    lines = [number for number, line in enumerate(text.splitlines(), 1) if "ecr.dkt" in line or "ecr.apy" in line]
    assert [(each.code, each.place.file, each.place.line) for each in refused.value.diagnostics] == [
        ("E201", str(Path("a/spec.yaml")), line) for line in lines
    ]

"""What endpoints cost: a file in `tests/cost/` holds a command and what it says, at prices of the tests' own."""

from __future__ import annotations

import json
import shlex
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from generator import cli
from generator.catalog.catalog import Catalog
from generator.cost import prices
from generator.cost.break_even import Way, break_even
from generator.cost.cost import Assumptions, estimate
from generator.cost.prices import KINDS, Price, Prices, Tier, amount
from generator.cost.rendered import monthly
from generator.source import source
from tests.cases import ROOT, SPECS, generated, intent

if TYPE_CHECKING:
    from pathlib import Path

    from tests.golden import Golden

FOLDER = ROOT / "tests" / "cost"
CASES = sorted(FOLDER.glob("*.txt"))
FIXED = Prices.of(json.loads((FOLDER / "prices.json").read_text(encoding="utf-8")))
SHIPPED = Prices.load()
STALE_AFTER_DAYS = 180
CENTS = st.integers(0, 10**6).map(lambda cents: Decimal(cents) / 100)
PRICES = st.integers(0, 10**4).map(lambda price: Decimal(price) / 10**4)
GB = st.integers(0, 10**7).map(lambda gb: Decimal(gb) / 10)


@st.composite
def tiers(draw: st.DrawFn) -> tuple[Tier, ...]:
    """Draw up to three tiers, of prices that may rise."""
    ends = sorted(draw(st.sets(st.integers(1, 10**6), max_size=2)))
    return (
        *(Tier(price=draw(PRICES), up_to=Decimal(end)) for end in ends),
        Tier(price=draw(PRICES)),
    )


WAYS = st.builds(lambda fixed, gb: Way(fixed=fixed, gb=gb), CENTS, tiers())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_command_says_what_the_case_holds(case: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    """The output is the text of the case, to the last character."""
    monkeypatch.chdir(FOLDER)
    monkeypatch.setattr(Prices, "load", staticmethod(lambda: FIXED))
    command = case.read_text(encoding="utf-8").partition("\n")[0]
    result = CliRunner().invoke(cli.application(), shlex.split(command.removeprefix("$ gen-endpoints ")))

    golden(case, f"{command}\n{result.output}")
    assert result.exit_code == (1 if case.stem.startswith("E") else 0)


@pytest.mark.parametrize("code", [prices.NOT_A_PRICE_KEY.code, prices.NOT_A_PRICE.code])
def test_each_code_of_prices_has_a_case(code: str) -> None:
    """A code that no command can cause is dead."""
    assert [case for case in CASES if code in case.name and code in case.read_text(encoding="utf-8")]


@pytest.mark.parametrize("option", ["--traffic-gb=nan", "--hours=1e3", "--zones=0"])
def test_an_option_that_is_no_number_is_wrong_usage(option: str) -> None:
    """What no month can have is refused before any work."""
    assert CliRunner().invoke(cli.application(), ["cost", str(FOLDER / "app.yaml"), option]).exit_code == 2


@pytest.mark.parametrize("option", ["--traffic-gb=-1", "--hours=-0.5"])
def test_a_number_below_zero_is_said_to_be_that(option: str) -> None:
    """It is a number, and still none that a month can have."""
    result = CliRunner().invoke(cli.application(), ["cost", str(FOLDER / "app.yaml"), option])

    assert (result.exit_code, "it must be 0 or more" in " ".join(result.output.split())) == (2, True), result.output


@pytest.mark.parametrize(
    ("gb", "usd"),
    [(0, "0"), (1, "0.01"), (1000, "10"), (1001, "10.006"), (5000, "34"), (5001, "34.004"), (10000, "54")],
)
def test_each_tier_prices_its_own_part(gb: int, usd: str) -> None:
    """The first GB beyond the end of a tier has the next price, and those before keep theirs."""
    assert amount(FIXED.price("eu-west-1", "Interface").gb, Decimal(gb)) == Decimal(usd)


@given(tiers=tiers(), gb=GB, more=GB)
def test_traffic_costs_never_less_for_more(tiers: tuple[Tier, ...], gb: Decimal, more: Decimal) -> None:
    """More traffic costs as much or more, and what is between costs no more than the dearest price."""
    added = amount(tiers, gb + more) - amount(tiers, gb)

    assert min(tier.price for tier in tiers) * more <= added <= max(tier.price for tier in tiers) * more


@settings(deadline=None)
@given(zones=st.integers(1, 9), hours=GB, gb=GB)
def test_the_total_is_the_sum_of_its_parts(zones: int, hours: Decimal, gb: Decimal) -> None:
    """Endpoints and traffic make the total, to the last digit."""
    spec = (FOLDER / "open.yaml").read_text(encoding="utf-8")
    assumptions = Assumptions(hours=hours, traffic_gb=gb, zones=zones, region="eu-west-1")
    found = estimate(intent(spec), FIXED, assumptions)
    hourly = [row.hourly or Decimal(0) for row in found.rows]

    assert found.hourly == sum(hourly) == Decimal("0.011") * (2 * zones + 1)
    assert found.monthly == sum(each * hours for each in hourly) + amount(FIXED.price("eu-west-1", "Interface").gb, gb)


@pytest.mark.parametrize(
    ("fixed", "gb", "first_is_cheaper", "at"),
    [
        ("10", "9 at 1, 0.1", False, "19"),
        ("10", "20 at 1, 0.1", False, "10"),
        ("10", "10 at 1, 0.1", False, "10"),
        ("10", "10 at 1, 0", False, None),
        ("10", "9 at 1, 0", False, None),
        ("0", "0.1", True, None),
        ("0", "0", True, None),
    ],
)
def test_a_break_even_may_be_in_any_tier(fixed: str, gb: str, *, first_is_cheaper: bool, at: str | None) -> None:
    """A way of `fixed` USD alone against one of tiers alone: where it begins to cost less, and when it never does."""
    *limited, rest = gb.split(", ")
    pairs = [tier.split(" at ") for tier in limited]
    second = (*(Tier(price=Decimal(price), up_to=Decimal(end)) for end, price in pairs), Tier(price=Decimal(rest)))
    found = break_even(Way(fixed=Decimal(fixed), gb=(Tier(price=Decimal(0)),)), Way(fixed=Decimal(0), gb=second))

    assert (found.first_is_cheaper, found.gb) == (first_is_cheaper, None if at is None else Decimal(at))


@given(first=WAYS, second=WAYS)
def test_a_break_even_is_where_the_costs_cross(first: Way, second: Way) -> None:
    """At the break-even both cost the same; before it the one costs no more, and just after it the other costs less."""
    found = break_even(first, second)
    one, other = (first, second) if found.first_is_cheaper else (second, first)
    end = Decimal(10**7) if found.gb is None else found.gb
    close = Decimal("1e-9")

    for part in range(11):
        assert one.cost(end * part / 10) <= other.cost(end * part / 10) + close
    if found.gb is not None:
        after = found.gb + Decimal("1e-6")
        assert abs(one.cost(found.gb) - other.cost(found.gb)) < close
        assert one.cost(after) > other.cost(after)


@given(first=WAYS, second=WAYS)
def test_a_break_even_is_missed_by_none(first: Way, second: Way) -> None:
    """Where the cheaper way changes somewhere, there is a break-even at or before it."""
    found = break_even(first, second)
    one, other = (first, second) if found.first_is_cheaper else (second, first)
    ends = [tier.up_to for tier in (*first.gb, *second.gb) if tier.up_to is not None]
    changed = [gb for gb in (*ends, Decimal(10**9)) if one.cost(gb) > other.cost(gb)]

    assert not changed or (found.gb is not None and found.gb <= min(changed))


def test_own_prices_leave_the_shipped_ones_alone() -> None:
    """What a file does not state stays as it was, in each Region and kind."""
    own = FIXED.with_file(source.parse("eu-west-1: {Interface: {hour: 1}}", "own.yaml"))

    assert own.price("eu-west-1", "Interface") == Price(
        hour=Decimal(1), gb=FIXED.price("eu-west-1", "Interface").gb, sources=("own.yaml", "page")
    )
    assert own.price("eu-west-1", "NatGateway") == FIXED.price("eu-west-1", "NatGateway")
    assert own.price("eu-west-2", "Interface") == FIXED.price("eu-west-2", "Interface")


@pytest.mark.parametrize("region", SHIPPED.regions)
def test_each_shipped_price_is_one_and_has_its_source(region: str) -> None:
    """A Region is in the catalog; its prices are positive, their tiers rise to all the rest, and they have sources."""
    assert region in Catalog.load().regions
    for kind, price in SHIPPED.regions[region].items():
        ends = [tier.up_to for tier in price.gb]
        assert kind in KINDS
        assert price.hour is not None
        assert price.hour > 0
        assert all(tier.price > 0 for tier in price.gb)
        assert ends == [*sorted(end for end in ends if end is not None), *([None] if ends else [])]
        assert price.sources
        assert {*price.sources} <= {*SHIPPED.sources}


@pytest.mark.parametrize("key", SHIPPED.sources)
def test_each_source_has_its_page_and_days(key: str) -> None:
    """A source can be opened, was published before it was looked up, and is used."""
    found = SHIPPED.sources[key]
    kinds = [SHIPPED.everywhere, *SHIPPED.regions.values()]

    assert found.url.startswith("https://")
    assert date.fromisoformat(found.published) <= date.fromisoformat(found.checked)
    assert any(key in price.sources for prices in kinds for price in prices.values())


def test_the_first_users_region_has_prices() -> None:
    """The endpoints of band-up can be priced, and so can the NAT gateways in their stead."""
    assert {"Interface", "NatGateway", "PublicIPv4"} <= {*SHIPPED.regions["ap-southeast-1"]}


def test_old_prices_are_said_to_be_old(capsys: pytest.CaptureFixture[str]) -> None:
    """Prices looked up more than 180 days ago print a warning; time alone never fails a build."""
    today = datetime.now(UTC).date()
    age = max((today - date.fromisoformat(each.checked)).days for each in SHIPPED.sources.values())
    if age > STALE_AFTER_DAYS:
        with capsys.disabled():
            print(f"\nthe prices were looked up {age} days ago: refresh scripts/price-sources.toml")

    assert age >= 0


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_a_rendered_module_costs_what_its_spec_does(spec: Path) -> None:
    """A state of before has no spec: its blocks give the same sum, and the same endpoints as unknown."""
    found = generated(spec)
    region = found.intent.spec.known_region or ""
    of_spec = estimate(found.intent, SHIPPED, Assumptions(region=region, traffic_gb=Decimal(0)))
    unknown = sum(row.hourly is None for row in of_spec.rows)

    assert monthly((each for blocks in found.facts.blocks.values() for each in blocks), region) == (
        of_spec.monthly,
        unknown,
    )

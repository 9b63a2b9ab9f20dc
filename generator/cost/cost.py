"""What a spec's endpoints cost: an Intent and Prices in, an Estimate out, in exact decimals of USD.

    an endpoint   zones by price an hour by hours a month; one zone for each subnet; gateways are free
    the traffic   GB a month through the interface endpoints together, in the tiers of the Region
    break-even    against NAT gateways that carry the same traffic, `break_even` has the formula:
                  there anyway   the interface endpoints' hours against nothing, their GB against the gateways'
                  only for this  their hours against those of one NAT gateway, with its public IPv4 address, a zone

What is not known (a price, a number of subnets) is None, is named in `notes`, and is left out of the totals.
https://aws.amazon.com/privatelink/pricing/ https://aws.amazon.com/vpc/pricing/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from generator.cost.break_even import BreakEven, Way, break_even
from generator.cost.prices import Prices, PriceSource, amount
from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent
from generator.source.frozen import frozen
from generator.spec.references import ById, ByName


@frozen(kw_only=True)
class Assumptions:
    """What a spec does not say: the zones where it leaves them open, the hours and the traffic; and its Region."""

    region: str
    hours: Decimal = Decimal(730)
    traffic_gb: Decimal = Decimal(100)
    zones: int | None = None


@frozen(kw_only=True)
class Row:
    """One endpoint: its zones (None where unknown, or where it has none) and USD an hour; None is unknown."""

    endpoint: str
    type: str
    zones: int | None
    zones_assumed: bool
    hourly: Decimal | None


@frozen(kw_only=True)
class Nat:
    """The NAT gateways that would carry the traffic instead, one a zone, and where that costs the same.

    None is unknown.
    """

    gateways: int | None
    hour: Decimal | None
    """USD an hour for one of them, `with_address`: its public IPv4 address, whose price may be unknown, included."""
    with_address: bool
    gb: Decimal | None
    """USD a GB, up to the end of the first tier."""
    there_anyway: BreakEven | None
    only_for_this: BreakEven | None


@frozen(kw_only=True)
class Estimate:
    """What the endpoints cost, and all that it rests on. Totals are of what is known."""

    module: str
    region: str
    is_retired: bool
    assumptions: Assumptions
    rows: tuple[Row, ...]
    traffic: Decimal | None
    """USD a month for the traffic; None where no price is known or no interface endpoint is there."""
    nat: Nat | None
    notes: tuple[str, ...]
    sources: tuple[PriceSource, ...]

    @property
    def hourly(self) -> Decimal:
        """USD an hour, without traffic."""
        return sum((row.hourly for row in self.rows if row.hourly is not None), Decimal(0))

    @property
    def monthly(self) -> Decimal:
        """USD a month, traffic included."""
        return self.hourly * self.assumptions.hours + (self.traffic or 0)

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is left out of the totals because it is unknown."""
        is_known = self.traffic is not None or not any(row.type == "Interface" for row in self.rows)
        return is_known and all(row.hourly is not None for row in self.rows)


def estimate(intent: Intent, prices: Prices, assumptions: Assumptions) -> Estimate:
    """Return what the endpoints of a spec cost."""
    region = assumptions.region
    rows = tuple(_row(endpoint, prices, assumptions) for endpoint in intent.rendered)
    interfaces = [row for row in rows if row.type == "Interface"]
    tiers = prices.price(region, "Interface").gb if interfaces else ()
    kinds = [*(row.type for row in rows), *(("NatGateway", "PublicIPv4") if interfaces else ())]
    sources = dict.fromkeys(name for kind in kinds for name in prices.price(region, kind).sources)
    return Estimate(
        module=intent.spec.name,
        region=region,
        is_retired=intent.source.is_retired,
        assumptions=assumptions,
        rows=rows,
        traffic=amount(tiers, assumptions.traffic_gb) if tiers else None,
        nat=_nat(interfaces, prices, assumptions) if interfaces else None,
        notes=(*_notes(intent.rendered, rows, region, prices), *_notes_on_use(intent.rendered, rows, assumptions)),
        sources=tuple(prices.sources[name] for name in sources),
    )


def _row(endpoint: Endpoint, prices: Prices, assumptions: Assumptions) -> Row:
    """Return what an endpoint costs: it is in one zone for each subnet, if their number is known before the plan.

    A Gateway Load Balancer endpoint is in one subnet, whatever gives its id.
    """
    is_one = endpoint.type == "GatewayLoadBalancer"
    is_open = not is_one and not all(isinstance(subnet, ById | ByName) for subnet in endpoint.subnets)
    zones = assumptions.zones if is_open else 1 if is_one else len(endpoint.subnets) or None
    hour = prices.price(assumptions.region, endpoint.type).hour
    return Row(
        endpoint=endpoint.key,
        type=endpoint.type,
        zones=zones,
        zones_assumed=is_open and zones is not None,
        hourly=(hour * zones if zones else None) if hour else hour,
    )


def _nat(rows: Sequence[Row], prices: Prices, assumptions: Assumptions) -> Nat:
    hourly = [row.hourly for row in rows if row.hourly is not None]
    kinds = ("Interface", "NatGateway", "PublicIPv4")
    endpoint, nat, address = (prices.price(assumptions.region, kind) for kind in kinds)
    zones = [row.zones for row in rows if row.zones is not None]
    gateways = max(zones) if len(zones) == len(rows) else None
    hour = None if nat.hour is None else nat.hour + (address.hour or 0)
    there_anyway = only_for_this = None
    if len(hourly) == len(rows) and endpoint.gb and nat.gb:
        endpoints = Way(fixed=sum(hourly, Decimal(0)) * assumptions.hours, gb=endpoint.gb)
        there_anyway = break_even(endpoints, Way(fixed=Decimal(0), gb=nat.gb))
        if hour is not None and gateways is not None:
            only_for_this = break_even(endpoints, Way(fixed=hour * gateways * assumptions.hours, gb=nat.gb))
    return Nat(
        gateways=gateways,
        hour=hour,
        with_address=address.hour is not None,
        gb=nat.gb[0].price if nat.gb else None,
        there_anyway=there_anyway,
        only_for_this=only_for_this,
    )


def _notes(endpoints: Iterable[Endpoint], rows: tuple[Row, ...], region: str, prices: Prices) -> Iterator[str]:
    """Yield what is assumed of an endpoint, what is unknown, and what is not counted."""
    if assumed := [row for row in rows if row.zones_assumed]:
        yield f"{_names(assumed)}: {assumed[0].zones} zones assumed (--zones), as only the plan knows the subnets"
    unpriced = [row for row in rows if prices.price(region, row.type).hour is None]
    for kind in dict.fromkeys(row.type for row in unpriced):
        named = _names([row for row in unpriced if row.type == kind])
        yield f"{named}: no price of {kind} endpoints in {region} is known; --prices FILE takes one"
    if uncounted := [row for row in rows if row.hourly is None and row not in unpriced]:
        yield f"{_names(uncounted)}: only the plan knows the number of subnets; --zones N says how many to assume"
    if any(row.type == "Interface" for row in rows):
        yield from _unknown_of_traffic(region, prices)
    if other := [row for row in rows if row.type not in {"Interface", "Gateway"}]:
        yield f"{_names(other)}: data is not counted"
    if afar := [each.key for each in endpoints if each.stated.get("service_region") not in {None, region}]:
        yield f"{', '.join(afar)}: AWS charges data from another Region on top; not counted"


def _notes_on_use(endpoints: Iterable[Endpoint], rows: tuple[Row, ...], assumptions: Assumptions) -> Iterator[str]:
    """Yield which assumption has no effect, and which traffic is not part of the assumed.

    The interface endpoints of Amazon ECR lead to the API alone: image layers come from Amazon S3, whose gateway is
    free, and would be beside NAT gateways too. https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
    """
    if assumptions.zones is not None and not any(row.zones_assumed for row in rows):
        yield f"--zones {assumptions.zones} changes nothing: no endpoint has subnets that only the plan knows"
    gateways = [each.key for each in endpoints if each.type == "Gateway" and str(each.service_name).endswith(".s3")]
    if gateways and any(row.type == "Interface" for row in rows):
        yield (
            f"{', '.join(gateways)}: traffic to Amazon S3 through a gateway, as of ECR's image layers, is free, and is "
            "not in the break-even"
        )


def _unknown_of_traffic(region: str, prices: Prices) -> Iterator[str]:
    nat = prices.price(region, "NatGateway")
    if not prices.price(region, "Interface").gb:
        yield f"no price of a GB through interface endpoints in {region} is known; --prices FILE takes one"
    if nat.hour is None or not nat.gb:
        yield f"no price of NAT gateways in {region} is known; --prices FILE takes one"


def _names(rows: Iterable[Row]) -> str:
    return ", ".join(row.endpoint for row in rows)

"""Build the price table from the files that AWS's pricing pages read; for developers only.

python scripts/build_prices.py vpc.json natgateway.json   writes generator/data/prices.json

    vpc.json, natgateway.json ──▶ prices by Region ─┬─▶ prices.json
    price-sources.toml ──▶ sources, more prices ────┘
"""

from __future__ import annotations

import json
import sys
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DATA = HERE.parent / "generator" / "data"
FEWEST = 30
"""Fewer Regions mean that AWS's files changed their form."""

_DATA = "Charge for per GB data processed by VPC Endpoints per GB from"
_TIERS = (("1048576", f"{_DATA} 0 to 1048576"), ("5242880", f"{_DATA} 1048576 to 5242880"))
_REST = f"{_DATA} 5242880 to Inf"
_KINDS = {
    "Interface": ("Hourly charge for VPC Endpoints per Hrs", ""),
    "GatewayLoadBalancer": (
        "Hourly charge for AWS Gateway Load Balancer VPC Endpoint per Hrs",
        "Charge for per GB data processed by AWS Gateway Load Balancer VPC Endpoint per GB",
    ),
    "NatGateway": ("Hourly charge for NAT Gateways", "Charge for per GB data processed by NatGateways"),
    "PublicIPv4": ("Hourly charge for In use Public IPv4 Addresses per Hrs", ""),
}


def main() -> None:
    """Write the table; stop where the files are not as they were, or contradict another source."""
    vpc, nat = (json.loads(Path(path).read_text("utf-8"))["regions"] for path in sys.argv[1:3])
    told = tomllib.loads((HERE / "price-sources.toml").read_text("utf-8"))
    names = _regions()
    table = {
        names[name]: _merged(_prices(prices, nat.get(name, {})), told["regions"].get(names[name], {}))
        for name, prices in vpc.items()
        if name in names and _KINDS["Interface"][0] in prices
    }
    if len(table) < FEWEST:
        sys.exit(f"only {len(table)} Regions found: AWS's files have another form")
    text = json.dumps(
        {
            "checked": str(told["checked"]),
            "currency": "USD",
            "sources": {key: each | {"published": str(each["published"])} for key, each in told["sources"].items()},
            "everywhere": told["everywhere"],
        },
        indent=1,
    ).removesuffix("\n}")
    lines = (
        f'  "{region}": {{\n'
        + ",\n".join(f'   "{kind}": {json.dumps(price)}' for kind, price in table[region].items())
        + "\n  }"
        for region in sorted(table)
    )
    (DATA / "prices.json").write_text(f'{text},\n "regions": {{\n' + ",\n".join(lines) + "\n }\n}\n", "utf-8")


def _regions() -> dict[str, str]:
    """Return the Regions' ids by the names that AWS's files give them."""
    regions = json.loads((DATA / "catalog.json").read_text("utf-8"))["regions"]
    names = {region["name"].replace("Europe (", "EU ("): key for key, region in regions.items()}
    return names | {"AWS GovCloud (US)": "us-gov-west-1"}


def _prices(vpc: dict[str, Any], nat: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the prices of one Region by kind."""
    prices: dict[str, dict[str, Any]] = {}
    for kind, (hour, data) in _KINDS.items():
        found, source = (nat, "aws-nat") if kind == "NatGateway" else (vpc, "aws-vpc")
        price: dict[str, Any] = {"hour": _usd(found[hour])} if hour in found else {}
        if data in found:
            price["gb"] = _usd(found[data])
        if kind == "Interface":
            tiers = [{"up_to": up_to, "price": _usd(found[name])} for up_to, name in _TIERS]
            price["gb"] = [*tiers, {"price": _usd(found[_REST])}]
        if price:
            prices[kind] = price | {"sources": [source]}
    return prices


def _usd(entry: dict[str, str]) -> str:
    return format(Decimal(entry["price"]).normalize(), "f")


def _merged(prices: dict[str, dict[str, Any]], told: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the prices with what another source says of them as well."""
    for kind, other in told.items():
        mine = prices.setdefault(kind, {"sources": []})
        for name in ("hour", "gb"):
            if name in other and mine.setdefault(name, other[name]) != other[name]:
                sys.exit(f"{kind} {name}: {mine[name]} in AWS's file, {other[name]} elsewhere")
        mine["sources"] = mine.pop("sources") + other["sources"]
    return prices


if __name__ == "__main__":
    main()

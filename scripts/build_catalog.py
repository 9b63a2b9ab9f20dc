"""Build the service catalog from pinned public packages and the hand-kept overlay; for developers only.

python scripts/build_catalog.py           writes generator/data/catalog.json and provenance.json
python scripts/build_catalog.py --check   exit 4 where they are not what the sources give

    catalog-sources.toml ─┐
    wheels ──catalog_packages──▶ names, Regions ─┬─▶ build ─▶ catalog.json, provenance.json
    overlay/ ──catalog_overlay──▶ claims ────────┘

It needs pip and a package index, or a `--cache` that holds the wheels; users of gen-endpoints never run it.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog_overlay import Claim, Fact, OverlayError, read_claims, read_decisions, settle
from catalog_packages import Names, SourceChangedError, cdk_source, fetch, options_of, read_names, read_regions

from generator.source.diagnostics import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

HERE = Path(__file__).parent
DATA = HERE.parent / "generator" / "data"
STALE_AFTER_DAYS = 180
_WIDTH = 120
_IMPLIED = {"types": ["Interface"], "ports": ["443"]}
_PORT = re.compile(r"\d+(-\d+)?(/udp)?")


def read_sources() -> dict[str, Any]:
    """Return what `catalog-sources.toml` says."""
    return tomllib.loads((HERE / "catalog-sources.toml").read_text(encoding="utf-8"))


def read_packages(sources: Mapping[str, Any], cache: Path) -> tuple[Names, dict[str, Any], dict[str, Any]]:
    """Return the names, partitions and Regions that the pinned packages give; raises SourceChangedError."""
    wheels = {
        package: fetch(package, version=pinned["version"], sha256=pinned["sha256"], cache=cache)
        for package, pinned in sources["packages"].items()
    }
    names = read_names(cdk_source(wheels["aws-cdk-lib"]))
    partitions, regions = read_regions(wheels["botocore"], wheels["cfn-lint"])
    if errors := list(shortfalls(names, regions, sources["expected"])):
        raise SourceChangedError("\n".join(errors))
    return names, partitions, regions


def shortfalls(names: Names, regions: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[str]:
    """Yield where the packages give less than they once did, which means that a parser lost data."""
    zones = sum(facts["azs"] is not None for facts in regions.values())
    counted = {
        "interface_names": len(names.templates),
        "exception_regions": len(names.exceptions),
        "suffix_regions": len(names.suffix_regions),
        "availability_zones": zones,
    }
    for what, count in counted.items():
        exact = what.endswith("_regions")
        if count < expected[what] or (exact and count != expected[what]):
            yield f"{what}: {count}, where {expected[what]}{'' if exact else ' or more'} were expected"
    if list(names.gateways) != expected["gateway_names"]:
        yield f"gateway_names: {', '.join(names.gateways)}, where {', '.join(expected['gateway_names'])} were expected"


def package_claims(names: Names, checked: str) -> Iterator[Claim]:
    """Yield what the AWS CDK says of each service; its port 443 is a default and says nothing."""
    said: list[tuple[str, str, Any]] = [(service, "service_name", name) for service, name in names.templates.items()]
    said += [(service, "ports", [str(port)]) for service, port in names.ports.items()]
    said += [(name, "types", ["Gateway", "Interface"]) for name in names.gateways if name in names.templates]
    for service, field, value in said:
        yield Claim(service=service, field=field, value=value, source="aws-cdk-lib", checked=checked, introduces=True)


def build(
    names: Names, partitions: Mapping[str, Any], regions: Mapping[str, Any], overlay: Path, sources: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the catalog and its provenance; raises OverlayError with all that is wrong with the facts."""
    checked: date = sources["checked"]
    claims = [*package_claims(names, checked.isoformat()), *read_claims(overlay)]
    facts, errors = settle(claims, read_decisions(overlay / "conflicts.yaml"))
    table = {**sources["packages"], **sources["documents"]}
    errors += [
        f"{claim.service}: no source {claim.source} in the table" for claim in claims if claim.source not in table
    ]
    introduced = {claim.service for claim in claims if claim.introduces}
    errors += [f"{service}: facts of a service that no source names" for service in facts.keys() - introduced]
    catalog = {
        "checked": checked.isoformat(),
        "partitions": dict(sorted(partitions.items())),
        "regions": dict(sorted(regions.items())),
        "exceptions": dict(sorted(names.exceptions.items())),
        "services": {service: _entry(service, facts[service]) for service in sorted(facts)},
    }
    errors += contradictions(catalog, frozenset(sources["without_region"]))
    if errors:
        raise OverlayError("\n".join(sorted(set(errors))))
    return catalog, _provenance(facts, table)


def _entry(service: str, facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Return the facts of a service as the catalog ships them: without what is implied."""
    implied = {**_IMPLIED, "service_name": f"com.amazonaws.{{region}}.{service}"}
    return {field: facts[field].value for field in sorted(facts) if facts[field].value != implied.get(field)}


def contradictions(catalog: Mapping[str, Any], without_region: frozenset[str]) -> Iterator[str]:
    """Yield what can't be true of a catalog, whatever its sources say."""
    services, regions = catalog["services"], catalog["regions"]
    for region, names in catalog["exceptions"].items():
        yield from (f"{name}: an exception in {region}, but no service" for name in names if name not in services)
    for service, facts in services.items():
        if "title" not in facts:
            yield f"{service}: no title; give it one in titles.yaml"
        fixed = "{region}" not in facts.get("service_name", "{region}")
        if fixed != (service in without_region):
            yield f"{service}: without_region is wrong about {facts.get('service_name', service)}"
        named = [*facts.get("regions", ()), *facts.get("regions_excluded", ())]
        yield from (f"{service}: {region} is no Region" for region in named if region not in regions)
        ports = facts.get("ports", ())
        yield from (f"{service}: {port} is no port" for port in ports if not _PORT.fullmatch(port))


def _provenance(facts: Mapping[str, Mapping[str, Fact]], table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table of sources, and the references of each fact by service and field."""
    return {
        "sources": {key: {field: table[key][field] for field in ("title", "url", "licence")} for key in sorted(table)},
        "facts": {
            service: {field: list(facts[service][field].references) for field in sorted(facts[service])}
            for service in sorted(facts)
        },
    }


def vanished(before: Iterable[str], after: Iterable[str], removed: Iterable[str]) -> list[str]:
    """Return the ids that the new catalog lacks and that nobody said were removed."""
    return sorted({*before} - {*after} - {*removed})


def dump(value: Any, indent: int = 0) -> str:
    """Return JSON with one line for what fits a line, so that a diff shows the fact that changed."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict) or (indent > 1 and indent + len(line) < _WIDTH):
        return line
    pad = " " * (indent + 1)
    inner = ",\n".join(f"{pad}{json.dumps(key)}: {dump(item, indent + 1)}" for key, item in value.items())
    return f"{{\n{inner}\n{' ' * indent}}}"


def main() -> int:
    """Build, then write or compare; returns the exit code."""
    options = options_of("Build the service catalog from its sources.")
    sources = read_sources()
    age = (datetime.now(tz=UTC).date() - sources["checked"]).days
    if age > STALE_AFTER_DAYS:
        print(f"warning: the sources were last checked {age} days ago", file=sys.stderr)
    try:
        packages = read_packages(sources, options.cache)
        catalog, provenance = build(*packages, HERE / "overlay", sources)
    except (OverlayError, SourceChangedError) as error:
        print(error, file=sys.stderr)
        return ExitCode.REFUSED
    files = {DATA / "catalog.json": catalog, DATA / "provenance.json": provenance}
    if options.check:
        return check(files)
    if lost := vanished(_shipped(), catalog["services"], sources["removed"]):
        print(f"services would vanish, and `removed` does not list them: {', '.join(lost)}", file=sys.stderr)
        return ExitCode.REFUSED
    for path, data in files.items():
        path.write_text(f"{dump(data)}\n", encoding="utf-8")
    return ExitCode.FINE


def _shipped() -> list[str]:
    path = DATA / "catalog.json"
    return list(json.loads(path.read_text(encoding="utf-8"))["services"]) if path.exists() else []


def check(files: Mapping[Path, Any]) -> int:
    """Say which files are not what the sources give; returns the exit code."""
    stale = [path for path, data in files.items() if not path.exists() or path.read_text("utf-8") != f"{dump(data)}\n"]
    for path in stale:
        print(f"{path.name} is not what its sources give; run: python scripts/build_catalog.py", file=sys.stderr)
    return ExitCode.STALE if stale else ExitCode.FINE


if __name__ == "__main__":
    sys.exit(main())

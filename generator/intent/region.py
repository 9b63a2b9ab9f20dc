"""The Region in which a command looks for the endpoints of a spec, or whose prices it takes."""

from __future__ import annotations

from collections.abc import Mapping

from generator.intent.intent import Intent
from generator.source.diagnostics import Code, Place, Refused
from generator.source.region import is_region
from generator.spec.references import ByInput

NO_REGION = Code("E440")
OTHER_REGION = Code("E441")


def region_to_ask(intent: Intent, option: str | None, inputs: Mapping[str, tuple[str, ...]] | None = None) -> str:
    """Return the Region of a spec: its own, or that of its endpoints or of its input, else that of `--region`.

    `inputs` are what the module's inputs get, by name. Raises Refused where none is known (E440), and where `--region`
    contradicts what is (E441).
    """
    stated, known, spec = intent.spec.region, intent.spec.known_region, Place(intent.source.place(()).file)
    source = "the spec has no region"
    fix = "add region: to the spec, or --region to the command, as --region eu-west-1"
    if isinstance(stated, ByInput):
        source = f"the spec's region is var.{stated.variable}"
        fix = "add --region to the command, as --region eu-west-1"
        known = next(iter((inputs or {}).get(stated.variable, ())), None)
    asked = option or known or ""
    if not is_region(asked):
        raise Refused([NO_REGION.at(spec, f"{source}, {known}" if known else source, fix)])
    if option is not None and known not in {None, option}:
        own = next((each.path("region") for each in intent.endpoints if "region" in each.own), ())
        place, wrong = intent.source.place(("region",) if stated else own), f"write region: {option} in the spec"
        wrong = f"leave --region out, or {'give another --var' if isinstance(stated, ByInput) else wrong}"
        raise Refused([OTHER_REGION.at(place, f"the spec is for {known}, and --region is {option}", wrong)])
    return asked

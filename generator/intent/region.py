"""The Region in which a command looks for the endpoints of a spec, or whose prices it takes."""

from __future__ import annotations

from generator.intent.intent import Intent
from generator.source.diagnostics import Code, Place, Refused

NO_REGION = Code("E440")
OTHER_REGION = Code("E441")


def region_to_ask(intent: Intent, option: str | None) -> str:
    """Return the Region of a spec: the spec's own, else that of `--region`, else the only one that endpoints state.

    Raises Refused where none is known (E440), and where `--region` contradicts the spec and all its endpoints (E441).
    """
    stated = {endpoint.region: endpoint.path("region") for endpoint in intent.endpoints if endpoint.region}
    is_open = intent.spec.region is None and any(endpoint.region is None for endpoint in intent.endpoints)
    if intent.spec.region is not None:
        stated = {intent.spec.region: ("region",)}
    names = " and ".join(sorted(stated))
    if option is None and len(stated) == 1:
        return names
    if option is None:
        message = f"its endpoints are in {names}" if stated else "the spec has no region"
        fix = "add region: to the spec, or --region to the command, as --region eu-west-1"
        raise Refused([NO_REGION.at(Place(intent.source.place(()).file), message, fix)])
    if option not in stated and not is_open:
        place = intent.source.place(next(iter(stated.values())))
        message = f"the spec is for {names}, and --region is {option}"
        raise Refused([OTHER_REGION.at(place, message, f"leave --region out, or write region: {option} in the spec")])
    return option

"""The command that lists the policies which the tool knows, and shows one of them for a Region."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from generator.cli.app import EPILOG, OutputFormat, app, name_argument, region_option
from generator.cli.boundary import boundary, stop
from generator.cli.complete import names
from generator.cli.printing import say_result
from generator.source.diagnostics import ExitCode


@app.command(epilog=EPILOG)
def policies(
    name: Annotated[
        str, name_argument("[NAME]", "PresetName", "A preset, such as ecr-layers; without it, all are listed.")
    ] = "",
    *,
    region: Annotated[str | None, region_option("The Region to show it for.")] = None,
    org_id: Annotated[
        str | None, typer.Option("--org-id", metavar="ID", help="The organization of org-perimeter.")
    ] = None,
    account_id: Annotated[
        list[str] | None,
        typer.Option("--account-id", metavar="ID", help="An account of account-perimeter; may be repeated."),
    ] = None,
    service: Annotated[
        str,
        typer.Option(
            "--service",
            metavar="SERVICE",
            autocompletion=names("ServiceId"),
            help="The endpoint's service, for what a perimeter adds there.",
        ),
    ] = "",
    output_format: OutputFormat = "table",
) -> None:
    """List the presets of endpoint policies, or show one."""
    with boundary(output_format):
        from generator.catalog.catalog import Catalog
        from generator.catalog.presets import presets
        from generator.cli.views import presets as preset_rows
        from generator.cli.views.data import document

        accounts = account_id or []
        given = {"org_id": org_id, "account_id": accounts[0] if len(accounts) == 1 else accounts}
        arguments = {key: value for key, value in given.items() if value}
        _refuse_what_a_spec_refuses(arguments)
        if name:
            found = [_find_preset(name, region, service, arguments)]
            text = preset_rows.as_text(found[0])
        elif arguments or service:
            stop("name the preset that this is for")
        else:
            found = preset_rows.rows(presets().values(), region, Catalog.load())
            text = preset_rows.as_table(found)
        say_result(document("policies", {"policies": found}) if output_format == "json" else text)


def _refuse_what_a_spec_refuses(arguments: dict[str, str | list[str]]) -> None:
    """Exit where an id has a form that no spec may give it."""
    from generator.spec.policy import is_argument

    forms = {"org_id": "o- and 10 to 32 small letters and digits", "account_id": "12 digits"}
    for name, value in arguments.items():
        for text in [value] if isinstance(value, str) else value:
            if not is_argument(name, text):
                stop(f"--{name.replace('_', '-')} {text}: takes {forms[name]}")


def _find_preset(name: str, region: str | None, service: str, arguments: dict[str, str | list[str]]) -> dict[str, Any]:
    """Return a preset as a Region gets it; exit where there is none, or where it can't be shown."""
    from generator.catalog.catalog import Catalog
    from generator.catalog.presets import UnknownFactError, find_owned, nearest, presets
    from generator.cli.views import presets as preset_rows
    from generator.source.suggest import did_you_mean

    preset = presets().get(name)
    if preset is None:
        stop(f"no preset {name}; {did_you_mean(nearest(name), 'gen-endpoints policies lists them')}")
    superfluous = sorted(arguments.keys() - set(preset.takes))
    if superfluous:
        stop(f"{name} takes no {' and no '.join(superfluous)}")
    if service and service not in Catalog.load().services:
        stop(f"{service} is not a service id in the catalog; gen-endpoints services lists them")
    if service and not preset.fits(service):
        stop(f"{name} is for {' and '.join(preset.services)}, not for {service}")
    if region is None and (preset.by_region or (preset.whose and find_owned(service))):
        stop(f"{name} differs from Region to Region{service and f' on {service}'}: say which with --region")
    try:
        return preset_rows.resolve_preset(preset, region, Catalog.load(), arguments, service=service)
    except UnknownFactError as error:
        stop(f"{name}: {error}", ExitCode.REFUSED)

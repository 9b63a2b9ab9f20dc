"""The command that lists the policies which the tool knows, and shows one of them for a Region."""

from __future__ import annotations

import sys
from typing import Annotated, Any, NoReturn

import typer

from generator.cli.app import EPILOG, Format, OutputFormat, app
from generator.cli.edge import edge
from generator.diagnostics import ExitCode


@app.command(epilog=EPILOG)
def policies(
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="A preset, as ecr-layers; without one, all are listed.")
    ] = "",
    *,
    region: Annotated[str | None, typer.Option("--region", metavar="REGION", help="The Region to show it for.")] = None,
    org_id: Annotated[
        str | None, typer.Option("--org-id", metavar="ID", help="The organization of org-perimeter.")
    ] = None,
    account_id: Annotated[
        list[str] | None,
        typer.Option("--account-id", metavar="ID", help="An account of account-perimeter; may be repeated."),
    ] = None,
    output_format: OutputFormat = Format.TABLE,
) -> None:
    """List the presets of endpoint policies, or show one as a Region gets it."""
    with edge():
        import json

        from generator import preset_rows
        from generator.catalog import Catalog
        from generator.presets import presets

        accounts = account_id or []
        given = {"org_id": org_id, "account_id": accounts[0] if len(accounts) == 1 else accounts}
        arguments = {key: value for key, value in given.items() if value}
        if name:
            found: object = (shown := _shown(name, region, arguments))
            text = preset_rows.as_text(shown)
        elif arguments:
            _stop("name the preset that this is for")
        else:
            found = (rows := preset_rows.rows(presets().values(), region, Catalog.load()))
            text = preset_rows.as_table(rows)
        print(json.dumps(found, indent=2, ensure_ascii=False) if output_format is Format.JSON else text)


def _shown(name: str, region: str | None, arguments: dict[str, str | list[str]]) -> dict[str, Any]:
    """Return a preset as a Region gets it; exit where there is none, or where it can't be shown."""
    from generator import preset_rows
    from generator.catalog import Catalog
    from generator.presets import UnknownFactError, nearest, presets

    preset = presets().get(name)
    if preset is None:
        near = ", ".join(nearest(name))
        _stop(f"no preset {name}; {f'did you mean {near}?' if near else 'gen-endpoints policies lists them'}")
    superfluous = sorted(arguments.keys() - set(preset.takes))
    if superfluous:
        _stop(f"{name} takes no {' and no '.join(superfluous)}")
    if preset.by_region and region is None:
        _stop(f"{name} differs from Region to Region: say which with --region")
    try:
        return preset_rows.shown(preset, region, Catalog.load(), arguments)
    except UnknownFactError as error:
        _stop(f"{name}: {error}", ExitCode.REFUSED)


def _stop(message: str, code: ExitCode = ExitCode.USAGE) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(code)

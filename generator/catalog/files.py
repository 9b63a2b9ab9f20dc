"""The lists of Regions as files, `services/<region>.json` in the folder of the spec.

It alone reads them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from generator.catalog.lists import LARGEST, NO_LIST, RegionalList, command, loads
from generator.source.diagnostics import Place, Refused, each_of
from generator.source.reading import bytes_of, is_folder, reason

FOLDER = "services"


def path(folder: Path, region: str) -> Path:
    """Return where the list of a Region is, beside the specs of `folder`."""
    return folder / FOLDER / f"{region}.json"


def read(folder: Path, regions: Iterable[str]) -> dict[str, RegionalList]:
    """Return the lists that there are of some Regions, by Region; raises Refused (E275) for one that is damaged."""
    found = each_of(sorted(set(regions)), lambda region: _read(path(folder, region), region))
    return {region: listed for region, listed in found.items() if listed}


def regions(folder: Path) -> tuple[str, ...]:
    """Return the Regions that have a list in a folder, sorted."""
    there = (folder / FOLDER).glob("*.json") if is_folder(folder / FOLDER) else ()
    return tuple(sorted(file.stem for file in there if not file.name.startswith(".")))


def _read(file: Path, region: str) -> RegionalList | None:
    try:
        text = bytes_of(file, LARGEST).decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        fix = "make the file readable, or delete it"
        raise Refused([NO_LIST.at(Place(str(file)), f"can't be read: {reason(error)}", fix)]) from error
    except UnicodeDecodeError as error:
        fix = f"take the list again: {command(region, str(file))}"
        raise Refused([NO_LIST.at(Place(str(file)), "not UTF-8", fix)]) from error
    return loads(text, file=str(file), region=region)

"""The first half of the arrow: a spec's file in, the module that it means out.

It alone reads specs and what lies beside them, the lists of Regions through `regional.files`, and all of it through
one function, which may remember what it read. It stands apart from `generate` so that `validate` loads neither the
templates nor the parser of HCL.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from generator import spec
from generator.catalog import files
from generator.catalog.catalog import Catalog
from generator.catalog.listed import ListedCatalog
from generator.intent import policies
from generator.intent.endpoints import region_of
from generator.module import resolve
from generator.source import source
from generator.source.diagnostics import Code, Place, Refused
from generator.source.reading import bytes_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from generator.module.module import Module
    from generator.rules import Case
    from generator.source.source import Source
    from generator.spec import Spec

NO_FILE = Code("E030", "a file that can't be read", "The file is not there, is a folder, or is not yours to read.")


def understand(path: str, today: date | None = None, *, read_bytes: Callable[[Path], bytes] = bytes_of) -> Module:
    """Return the module that the spec at `path` means. Raises Refused with everything that is wrong with the spec.

    The lists of its Regions are read where there are some; what is old by `today` gets a warning, and nothing else.
    """
    return meant(contents(path, read_bytes), path, today, read_bytes=read_bytes)


def meant(
    text: str | bytes,
    path: str,
    today: date | None = None,
    *,
    read_bytes: Callable[[Path], bytes] = bytes_of,
) -> Module:
    """Return the module that the text of a spec means, which is at `path` or will be; raises Refused as above."""
    return resolve.resolve(*_given(text, path, read_bytes), today)


def intended(path: str, today: date | None = None) -> Case:
    """Return what the spec at `path` wants of each endpoint, for a comparison with what stands in AWS.

    Raises Refused with all that is wrong with the spec.
    """
    return wanted_by(contents(path), path, today)


def wanted_by(text: str | bytes, path: str, today: date | None = None) -> Case:
    """Return what the text of a spec wants of each endpoint, which is at `path` or will be; raises Refused as above."""
    case, findings = resolve.settle(*_given(text, path, bytes_of), today)
    if errors := [finding for finding in findings if not finding.is_warning]:
        raise Refused(errors)
    return case


def _given(
    text: str | bytes, path: str, read_bytes: Callable[[Path], bytes]
) -> tuple[Spec, Source, Catalog, dict[str, Source | str]]:
    """Return all that a spec's meaning is made of: the spec, its source, the catalog, and the policy files."""
    found = source.parse(text, path)
    wish = spec.decode(found)
    documents = {name: _document(path, name, read_bytes) for name in policies.files(wish)}
    return wish, found, _catalog(path, wish, read_bytes), documents


def _catalog(path: str, wish: Spec, read_bytes: Callable[[Path], bytes]) -> Catalog:
    """Return the catalog, with the lists beside the spec of the Regions that it speaks of."""
    regions = {region_of(endpoint, wish) for endpoint in (wish.endpoints or {}).values()} | {wish.region}
    lists = files.read(Path(path).parent, (region for region in regions if region is not None), read_bytes)
    return ListedCatalog(Catalog.load(), lists) if lists else Catalog.load()


def read(path: str) -> Source:
    """Return what the YAML or JSON file at `path` holds. Raises Refused where it can't be read, or is neither."""
    return source.parse(contents(path), path)


def contents(path: str, read_bytes: Callable[[Path], bytes] = bytes_of) -> bytes:
    """Return what a file holds; raises Refused where it can't be read."""
    try:
        return read_bytes(Path(path))
    except OSError as error:
        raise Refused([NO_FILE.at(Place(path), f"can't be read: {error.strerror or error}")]) from error
    except ValueError as error:  # a NUL in the name
        raise Refused([NO_FILE.at(Place(repr(path)), f"can't be read: {error}")]) from error


def _document(spec_path: str, name: str, read_bytes: Callable[[Path], bytes]) -> Source | str:
    """Return a policy file beside the spec, or the reason why it can't be read."""
    path = Path(spec_path).parent / PurePosixPath(name)
    try:
        text = read_bytes(path)
    except (OSError, ValueError) as error:
        return f"can't be read: {getattr(error, 'strerror', None) or error}"
    return source.parse(text, str(path))

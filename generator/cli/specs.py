"""What commands share that read specs: the work for each of several, and what comes of all of them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import gen_endpoints
from generator.cli.boundary import today
from generator.cli.printing import print_diagnostics, print_differences, say
from generator.source.diagnostics import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from gen_endpoints import Cache, Difference, Meaning, Rendered
    from generator.intent.intent import Intent
    from generator.source.diagnostics import Diagnostic, ExitCode

Result = TypeVar("Result")


def render_all(specs: Iterable[str], *, strict: bool = False) -> list[Rendered]:
    """Render every spec before anything is written, and print the warnings; raise Refused with all mistakes in all."""
    from generator.generate import refuse_one_name

    with kept_cache() as cache:
        rendered = each_of(specs, lambda path: _rendered(path, cache, strict=strict))
    refuse_one_name((path, each.module.name) for path, each in zip(dict.fromkeys(specs), rendered, strict=True))
    for each in rendered:
        print_diagnostics(each.meaning.warnings)
    return rendered


def _rendered(path: str, cache: Cache, *, strict: bool) -> Rendered:
    rendered = gen_endpoints.render(gen_endpoints.parse(path), today=today(), cache=cache)
    refuse_warnings(rendered.meaning, strict=strict)
    return rendered


def intent_of(path: str, *, strict: bool = False) -> Intent:
    """Return what a spec means, and print its warnings; raise Refused as `validate` does."""
    from generator.generate import understand

    intent = understand(path, today())
    if strict and intent.warnings:
        raise Refused(intent.warnings)
    print_diagnostics(intent.warnings)
    return intent


def compare(rendered: Rendered, folder: Path) -> tuple[Difference, ...]:
    """Print how a folder differs from what a spec renders to, or that it is up to date; return the differences."""
    differences = gen_endpoints.differences(rendered.files, folder)
    print_differences(differences)
    if not differences:
        say(f"{folder}: up to date")
    return differences


@contextmanager
def kept_cache() -> Iterator[Cache]:
    """Yield what earlier runs learned, and keep what this one adds, in the user's cache folder."""
    cache = gen_endpoints.Cache(_cache_folder())
    yield cache
    cache.save()


def refuse_warnings(meaning: Meaning, *, strict: bool) -> None:
    """Raise Refused where a spec comes with warnings and they are to be taken for errors."""
    if strict and meaning.warnings:
        raise Refused(meaning.warnings)


def _cache_folder() -> Path | None:
    from platformdirs import user_cache_path

    try:
        return user_cache_path("gen-endpoints", appauthor=False)
    except RuntimeError:  # there is no home folder
        return None


def each_of(specs: Iterable[str], work: Callable[[str], Result]) -> list[Result]:
    """Do the work for each spec; where any is refused, raise all that was found in all of them."""
    results: list[Result] = []
    findings: list[Diagnostic] = []
    codes: list[ExitCode] = []
    for path in dict.fromkeys(specs):
        try:
            results.append(work(path))
        except Refused as refused:
            findings += refused.diagnostics
            codes.append(refused.exit_code)
    if findings:
        raise Refused(findings, max(codes))
    return results

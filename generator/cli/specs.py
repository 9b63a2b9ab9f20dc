"""What commands share that read specs: the work for each of them, and how they differ from their folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from generator.cli.boundary import harmless, print_diagnostics, today
from generator.source.diagnostics import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from generator.generate import Generated
    from generator.intent.intent import Intent
    from generator.output.difference import Difference
    from generator.source.diagnostics import Diagnostic, ExitCode

Result = TypeVar("Result")


def generate_all(specs: Iterable[str], *, strict: bool = False) -> list[Generated]:
    """Generate every spec before anything is written, and keep what was read back for the next run."""
    from generator.generate import distinct, generate
    from generator.output.cache import Cache

    cache = Cache(_cache_folder())

    def work(path: str) -> Generated:
        generated = generate(path, cache, today())
        accepted(generated.intent, strict=strict)
        return generated

    generated = each_of(specs, work)
    cache.save()
    distinct(generated)
    for each in generated:
        print_diagnostics(each.intent.warnings)
    return generated


def accepted(intent: Intent, *, strict: bool) -> Intent:
    """Return what a spec means; raise Refused where it comes with warnings and they are to be taken for errors."""
    if strict and intent.warnings:
        raise Refused(intent.warnings)
    return intent


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


def print_differences(differences: Iterable[Difference]) -> None:
    """Print how a folder differs from what belongs there."""
    for difference in differences:
        print(difference.diagnostic)
        print(harmless(difference.diff), end="")

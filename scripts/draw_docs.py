"""The pictures of README and of the tutorial: recorded terminals, and the VPC with what commands find there."""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from record_terminal import ANSWERS, RECORDED, ROOT, terminal, workshop
from typer.testing import CliRunner

from generator import cli
from generator.source.diagnostics import ExitCode


def pictures() -> dict[str, str]:
    """Return the pictures of README and of each step of the tutorial: recorded terminals, and the VPC in between."""
    answers = [f"--from={ROOT / 'tests' / 'verify' / name}.json" for name in ("network", "dns", "endpoints")]
    findings = {
        "band-up": "",
        "before": _printed("drift", "band-up.yaml", f"--from={ANSWERS}", "--format=json"),
        "works": _printed("verify", "band-up.yaml", *answers, "--format=json"),
        "drift": ANSWERS.with_name("drift.json").read_text("utf-8"),
    }
    return {name: drawn(found) for name, found in findings.items()} | {name: terminal(name) for name in RECORDED}


def drawn(findings: str = "") -> str:
    """Return the picture of the workshop's endpoints, which README and the tutorial have, coloured by some findings."""
    with TemporaryDirectory() as name:
        file = Path(name) / "findings.json"
        file.write_text(findings, "utf-8")
        return _printed("draw", "band-up.yaml", *(("--findings", str(file)) if findings else ())).rstrip() + "\n"


def _printed(*words: str) -> str:
    """Return what a command prints where the tutorial's spec is, rendered: a report is of the spec that it names."""
    with TemporaryDirectory() as folder, chdir(folder):
        Path("band-up.yaml").write_text(workshop(), "utf-8")
        for each in (["render", "band-up.yaml"], list(words)):
            result = CliRunner().invoke(cli.application(), each, catch_exceptions=False)
    if result.exit_code not in {0, ExitCode.STALE}:
        raise SystemExit(result.stderr)
    return result.stdout

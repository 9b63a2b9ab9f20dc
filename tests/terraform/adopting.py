"""`gen-endpoints adopt` of what is in the emulated AWS, and the spec that it writes, rendered."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from .emulated_aws import CREDENTIAL

if TYPE_CHECKING:
    from pathlib import Path

    from .bench import Bench
    from .network import Made


def run(folder: Path, *arguments: str) -> str:
    """Run gen-endpoints, which must succeed, and return what it says."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment |= {"AWS_ACCESS_KEY_ID": CREDENTIAL, "AWS_SECRET_ACCESS_KEY": CREDENTIAL, "NO_PROXY": "*"}
    done = subprocess.run(
        [sys.executable, "-m", "generator", *arguments],
        cwd=folder,
        env={**environment, "XDG_CACHE_HOME": str(folder / "cache"), "AWS_CONFIG_FILE": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def adopt(bench: Bench, made: Made, *options: str, version: str = "") -> str:
    """Adopt endpoints of a network, render what comes of it, and return what `adopt` says."""
    (bench.folder / "specs").mkdir(exist_ok=True)
    said = run(
        bench.folder,
        *("adopt", "--region", made.network.region, "--vpc", made.network.vpc, "-o", "specs/x.yaml"),
        *("--endpoint-url", bench.aws.url, *(("--aws-provider", "3.39") if version.startswith("3.") else ()), *options),
    )
    run(bench.folder, "render", "specs/x.yaml")
    run(bench.folder, "check", "specs/x.yaml")
    return said

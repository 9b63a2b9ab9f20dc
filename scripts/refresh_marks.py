"""Mark what is deprecated in the AWS provider's schema of the tests, as a pinned public package has it; for developers.

python scripts/refresh_marks.py           writes tests/data/aws_provider_6.62_schema.json and prints each mark
python scripts/refresh_marks.py --check   exit 4 where it is not what the package gives

    wheel of pulumi-aws ──▶ marked attributes, by type ──▶ "deprecated": "package and file", in the schema

The package is generated from the provider, with its marks. Nothing of it is installed or run. To refresh, raise VERSION
and SHA256. It needs pip and a package index, or a `--cache` that holds the wheel.
"""

from __future__ import annotations

import ast
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalog_packages import SourceChangedError, fetch, options_of

from generator.source.diagnostics import ExitCode

VERSION = "7.51.1"
SHA256 = "bffc7fb6ce352e9019302498571799a771f7a84234b19ff8b1710a6250b31024"
PACKAGE = "pulumi-aws"
SCHEMA = Path(__file__).parents[1] / "tests" / "data" / "aws_provider_6.62_schema.json"
KINDS = {"resources": "", "data_sources": "get_"}
"""How the package's files begin."""
ALIKE = 0.5
"""The least share of a type's names that its file has: the package calls lists by their plural."""


def main() -> ExitCode:
    """Write the marks, or compare them."""
    options = options_of("Mark what is deprecated in the tests' schema of the AWS provider.")
    wheel = fetch(PACKAGE, version=VERSION, sha256=SHA256, cache=options.cache)
    before = SCHEMA.read_text(encoding="utf-8")
    text = marked(before, wheel)
    if options.check:
        return ExitCode.FINE if text == before else ExitCode.STALE
    SCHEMA.write_text(text, encoding="utf-8")
    return ExitCode.FINE


def marked(text: str, wheel: Path) -> str:
    """Return the schema's text with the marks that a wheel has; raises SourceChangedError for a mark of nothing."""
    schema: dict[str, Any] = json.loads(text)
    with zipfile.ZipFile(wheel) as package:
        for kind, prefix in KINDS.items():
            for name, body in schema[kind].items():
                file, marks = found(package, prefix, name, body)
                unknown = marks - body["attributes"].keys()
                if unknown:
                    raise SourceChangedError(f"{file} marks {', '.join(unknown)}, which {name} does not have")
                for key, attribute in body["attributes"].items():
                    attribute.pop("deprecated", None)
                    if key in marks:
                        attribute["deprecated"] = f"{PACKAGE} {VERSION}, {file}"
                        print(f"{kind} {name}.{key}: {attribute['deprecated']}")
                    body["attributes"][key] = dict(sorted(attribute.items()))
    return json.dumps(schema, indent=1) + "\n"


def found(package: zipfile.ZipFile, prefix: str, name: str, body: dict[str, Any]) -> tuple[str, set[str]]:
    """Return the file of a type, of all with a fitting name the most alike, and what it marks.

    `aws_ec2_managed_prefix_list` is in `ec2/get_managed_prefix_list.py`, and `aws_security_group` in no `get_group.py`.
    """
    words = name.split("_")[1:]
    names = {f"{prefix}{'_'.join(words[skipped:])}.py" for skipped in range(len(words))}
    own = {*body["attributes"], *(body.get("blocks") or {})}
    best = (0.0, "", set[str]())
    for file in package.namelist():
        if file.rpartition("/")[2] in names:
            properties = dict(_properties(ast.parse(package.read(file))))
            alike = sum(key in properties or f"{key}s" in properties for key in own) / len(own)
            marks = {key for key, is_marked in properties.items() if is_marked}
            best = max(best, (alike, file.partition("/")[2], marks), key=lambda each: each[0])
    if best[0] < ALIKE:
        raise SourceChangedError(f"{PACKAGE} {VERSION} has no file that is like {name}")
    return best[1:]


def _properties(module: ast.Module) -> Iterator[tuple[str, bool]]:
    """Yield each property of a module's classes, the marked ones last."""
    functions = [
        function
        for node in module.body
        if isinstance(node, ast.ClassDef)
        for function in node.body
        if isinstance(function, ast.FunctionDef)
    ]
    said = [(each.name, any(map(_is_mark, each.decorator_list))) for each in functions]
    yield from sorted(said, key=lambda each: each[1])


def _is_mark(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith(".deprecated")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SourceChangedError as error:
        sys.exit(str(error))

"""The script that marks what the provider deprecates takes each mark from the file of its type, and no other."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.cases import ROOT

PROPERTY = """
    @_builtins.property
    @pulumi.getter
    {mark}
    def {name}(self) -> str:
        return pulumi.get(self, "{name}")
"""
SCHEMA = {
    "resources": {"aws_ec2_prefix_list": {"attributes": {"id": {"type": "string"}, "entry": {"type": "list(string)"}}}},
    "data_sources": {"aws_vpc": {"attributes": {"id": {"type": "string", "deprecated": "long ago"}}}},
}


@pytest.fixture
def marks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return the script, imported."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    yield import_module("refresh_marks")
    for name in ("refresh_marks", "catalog_packages"):
        sys.modules.pop(name, None)


def wheel(folder: Path, **files: dict[str, bool]) -> Path:
    """Make a package whose files have these properties, marked or not."""
    with zipfile.ZipFile(folder / "package.whl", "w") as package:
        for name, properties in files.items():
            body = [
                PROPERTY.format(name=key, mark='@_utilities.deprecated("""Use another.""")' if marked else "")
                for key, marked in properties.items()
            ]
            package.writestr(f"pulumi_aws/{name.replace('__', '/')}.py", f"class It:{''.join(body)}")
    return folder / "package.whl"


def test_takes_the_marks_of_the_file_that_is_most_alike(marks: Any, tmp_path: Path) -> None:
    """Of two files with a fitting name the one that has the type's names is read, and a mark that is gone goes."""
    package = wheel(
        tmp_path,
        ec2__prefix_list={"id": False, "entries": False, "entry": True},
        other__prefix_list={"id": True},
        ec2__get_vpc={"id": False},
    )

    assert json.loads(marks.marked(json.dumps(SCHEMA), package)) == {
        "resources": {
            "aws_ec2_prefix_list": {
                "attributes": {
                    "id": {"type": "string"},
                    "entry": {"type": "list(string)", "deprecated": f"pulumi-aws {marks.VERSION}, ec2/prefix_list.py"},
                }
            }
        },
        "data_sources": {"aws_vpc": {"attributes": {"id": {"type": "string"}}}},
    }


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"ec2__prefix_list": {"id": False, "entry": False}}, "no file that is like aws_vpc"),
        (
            {"ec2__prefix_list": {"id": False, "entry": False, "gone": True}, "ec2__get_vpc": {"id": False}},
            r"ec2/prefix_list.py marks gone, which aws_ec2_prefix_list does not have",
        ),
    ],
)
def test_stops_where_the_package_is_not_as_it_was(
    files: dict[str, dict[str, bool]], message: str, marks: Any, tmp_path: Path
) -> None:
    """A type without a file, and a mark of what the schema does not have, are no reason to guess."""
    with pytest.raises(marks.SourceChangedError, match=message):
        marks.marked(json.dumps(SCHEMA), wheel(tmp_path, **files))

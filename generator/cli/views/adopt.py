"""What `adopt` says when it is done: what was adopted, what was left out and why, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator

from generator.authoring.adopt.adoption import Adoption
from generator.cli.views import data, table
from generator.live.estate import label, name

_COLUMNS = ("Key", "Endpoint", "Type", "Service", "Name", "State")


def as_text(adopted: Adoption) -> str:
    """Return the endpoints as columns, and below them those that are left out."""
    text = [table.table([_COLUMNS, *_rows(adopted)])]
    for endpoint, reason in adopted.selection.left_out:
        text.append(f"left out: {label(endpoint, 'VpcEndpointId')}, {endpoint.get('ServiceName', '')}: {reason}")
    return "\n".join(text)


def as_json(adopted: Adoption, spec: str, imports: str) -> str:
    """Return the same as JSON, with the paths of the files."""
    return data.as_json(
        {
            "spec": spec,
            "imports": imports,
            "to_import": len(adopted.blocks),
            "adopted": [dict(zip(map(str.lower, _COLUMNS), row, strict=True)) for row in _rows(adopted)],
            "left_out": [
                {"endpoint": each["VpcEndpointId"], "service": each.get("ServiceName"), "reason": reason}
                for each, reason in adopted.selection.left_out
            ],
            "warnings": [
                {"place": str(each.place), "code": each.code, "message": each.message} for each in adopted.warnings
            ],
        }
    )


def next_steps(adopted: Adoption, spec: str, imports: str, module: str) -> str:
    """Return what to run next; `module` is the folder that is rendered, empty where a root calls it."""
    plan = f"terraform plan: {len(adopted.blocks)} to import, 0 to add, 0 to change, 0 to destroy"
    where = f"in {module}" if module else f"in the root that calls the module and holds {imports}"
    steps = (
        f"next: gen-endpoints render {spec}",
        f"{where}, with a provider: terraform init, then",
        f"{plan};",
        f"apply it, and take {imports} away",
    )
    return "\n      ".join(steps)


def _rows(adopted: Adoption) -> Iterator[tuple[str, ...]]:
    for key, each in adopted.endpoints.items():
        state = str(each.live.get("State", "available"))
        yield key, each.id, each.type, each.target, name(each.live) or "", state

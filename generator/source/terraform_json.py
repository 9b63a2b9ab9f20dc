"""What `terraform show -json` printed, of a state or of a plan → its resources, or the changes of them.

Data sources are left out, and what Terraform marks as sensitive, so that nothing can print it.
https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.source.diagnostics import Code, Place, Refused
from generator.source.frozen import frozen
from generator.source.printed import ascii_json, bounded, printed
from generator.source.shared_text import Look, sharing
from generator.source.terraform_shapes import ADDRESS, ARGUMENTS, KEY, OURS, SHAPES, Made, is_deep, misfit, of_resource

NOT_SHOWN = Code("E034")

Values = Mapping[str, Any]
_ACTIONS = frozenset(
    ["no-op", "read", "create", "update", "delete", "forget", "delete,create", "create,delete", "create,forget"]
)  # of which `forget` is of Terraform 1.7
_MAJOR = "1"
_SHOW = {
    "state": "give what this prints in the root: terraform show -json > FILE",
    "plan": "give what these print: terraform plan -out=PLAN, then terraform show -json PLAN > FILE",
}


@frozen(kw_only=True)
class Resource(Made):
    """One instance of a resource, at its whole address."""

    address: str
    type: str
    values: Values
    """In a plan what it has from then on, as far as it is known; empty where it goes."""
    is_tainted: bool = False
    """Whether the next apply replaces it, as the state has it."""
    is_deposed: bool = False
    """Whether it is an earlier object of the instance, which the next apply destroys."""

    @property
    def module(self) -> str:
        """Return the address of the module that it is in; nothing for the root."""
        return _part(self.address, "module")

    @property
    def name(self) -> str:
        """Return its name in the configuration."""
        return _part(self.address, "name")


@frozen(kw_only=True)
class PlannedChange:
    """What Terraform would do to one instance; one that does not change is there too, with the action `no-op`."""

    resource: Resource
    before: Values
    """Empty where it is made."""
    unknown: frozenset[str]
    """The arguments and attributes that only the apply knows."""
    actions: tuple[str, ...]
    replace_paths: tuple[tuple[str | int, ...], ...]
    previous_address: str
    """The address that it is moved from, if it is."""
    is_import: bool
    deposed: str
    """The key of an earlier object of the instance that is only left to be destroyed; empty for the instance itself."""


def read_state(path: str) -> tuple[Resource, ...]:
    """Return the resources of a state; raises Refused (E013, E030, E034) for anything else."""
    return tuple(_resources(_document(path, "state")))


@frozen(kw_only=True)
class Plan:
    """What Terraform would do, and where the modules come from."""

    changes: tuple[PlannedChange, ...]
    sources: Mapping[str, str]
    """By the address of each module call, without keys of instances: its `source`."""


def read_plan(path: str) -> Plan:
    """Return what a plan has; raises Refused (E013, E030, E034) for anything else."""
    found = _document(path, "plan")
    listed = [each for each in enumerate(found.get("resource_changes") or ()) if each[1]["mode"] == "managed"]
    for index, each in listed:
        if ",".join((each.get("change") or {}).get("actions") or ()) not in _ACTIONS:
            message = f"resource_changes[{index}].change.actions: what Terraform would do there is not known"
            raise _refused(path, message, "plan", "use a newer gen-endpoints")
    changes = tuple(_change(each) for _, each in listed)
    modules = dict.fromkeys(without_keys(each.resource.module) for each in changes)
    return Plan(changes=changes, sources={each: _source(found, each) for each in modules})


def without_keys(address: str) -> str:
    """Return an address as the configuration has it: without the keys of instances."""
    return re.sub(KEY, "", address)


def _json(path: str, wanted: str) -> Any:
    """Return the JSON of a file, or of standard input for `-`; what was read is gone before more memory is taken."""
    is_saved = False
    try:
        with bounded(path):
            text = printed(path, wanted=_SHOW[wanted])
            is_saved = text.startswith(b"PK")
            escaped = ascii_json(text)
            del text
            return json.loads(escaped, object_pairs_hook=_hook(wanted, escaped))
    except (ValueError, RecursionError) as error:  # whose words may quote what is sensitive
        message = "a saved plan" if is_saved else "not JSON, or with a key that is there twice or too long"
        raise _refused(path, message, wanted) from error


def _read_of(pairs: Iterable[tuple[str, Any]], look: Look) -> dict[str, Any]:
    """Return an object."""
    return {key: look(each, each) if type(each) is str else each for key, each in pairs}


def _hook(wanted: str, text: str) -> Callable[[list[tuple[str, Any]]], Any]:
    """Return what makes of each object what is read of it: of a state's resource it at once, for there may be 250,000.

    What is not of the form of one is left as it is, and told later by its place.
    """
    share, seen = sharing(_read_of, text=text), dict[tuple[Any, ...], Sequence[str]]()

    def read(pairs: list[tuple[str, Any]]) -> Any:
        found = share(pairs)
        if "mode" not in found or not isinstance(values := found.get("values"), dict):
            return found
        read = ARGUMENTS if wanted == "state" and found["mode"] == "managed" else ()
        found["values"] = {name: each for name, each in values.items() if name in read}
        if not read or misfit(found, of_resource, seen):
            return found
        try:
            return _resource(found, found["values"], found.get("sensitive_values"))
        except RecursionError:
            return found

    return read


def _document(path: str, wanted: str) -> dict[str, Any]:
    """Return what a file holds, if it is a state or a plan as wanted."""
    found: dict[str, Any] = _json(path, wanted)
    version = found.get("format_version") if isinstance(found, dict) else None
    if not isinstance(version, str):
        is_raw = isinstance(found, dict) and {"lineage", "serial"} <= found.keys()
        raise _refused(path, "a raw state file" if is_raw else "not the output of terraform show -json", wanted)
    if version.partition(".")[0] != _MAJOR:
        message = f"its format_version is {version[:9]!a}, and only {_MAJOR}.x is known"
        raise _refused(path, message, wanted, "use Terraform 1.1 or later, or a newer gen-endpoints")
    is_plan = not found.keys().isdisjoint({"planned_values", "resource_changes"})
    if not is_plan and not ("values" in found or found.keys() <= {"format_version", "terraform_version", "checks"}):
        raise _refused(path, "neither a state nor a plan", wanted)
    if is_plan != (wanted == "plan"):
        raise _refused(path, "a plan, not a state" if is_plan else "a state, not a plan", wanted)
    if found.get("errored") is True:  # and it has but a part of what would change
        raise _refused(path, "the plan ended with an error", wanted, "run terraform plan again, and mend what it says")
    if found.get("complete") is False or found.get("deferred_changes"):
        why = "Terraform defers what it can't know yet" if found.get("deferred_changes") else "as one of -target is"
        message = f"the plan is not whole, {why}: what it leaves out is not known"
        raise _refused(path, message, wanted, "plan without -target; what is deferred, after the rest is applied")
    if wrong := "nested too deep" if is_deep(found) else misfit(found, SHAPES[wanted]).removeprefix("."):
        raise _refused(path, f"not of the form that Terraform prints: {wrong}", wanted)
    return found


def _refused(path: str, message: str, wanted: str, fix: str = "") -> Refused:
    return Refused([NOT_SHOWN.at(Place(path), message, fix or _SHOW[wanted])])


def _resources(state: Mapping[str, Any]) -> Iterator[Resource]:
    """Yield what is in a state's modules; not by recursion, for they may be nested at will."""
    modules = [(state.get("values") or {}).get("root_module") or {}]
    for module in modules:
        modules += module.get("child_modules") or ()
        for each in module.get("resources") or ():
            if isinstance(each, Resource):
                yield each
            elif each["mode"] == "managed":
                yield _resource(each, {}, None)


def _source(plan: Mapping[str, Any], module: str) -> str:
    """Return the source of the call of a module, at any depth; empty where the configuration has none."""
    call: Mapping[str, Any] = {"module": (plan.get("configuration") or {}).get("root_module")}
    for name in module.split(".")[1::2]:
        call = ((call.get("module") or {}).get("module_calls") or {}).get(name) or {}
    return str(call.get("source") or "")


def _resource(each: Mapping[str, Any], values: Any, sensitive: Any) -> Resource:
    return Resource(
        address=each["address"],
        type=each["type"],
        values=_plain(each["type"], values or {}, sensitive),
        is_tainted=each.get("tainted") is True,
        is_deposed=bool(each.get("deposed_key")),
    )


def _part(address: str, name: str) -> str:
    parts = ADDRESS.fullmatch(address)
    return (parts and parts[name]) or ""


def _change(each: Mapping[str, Any]) -> PlannedChange:
    change = each["change"]
    resource = _resource(each, change.get("after"), change.get("after_sensitive"))
    return PlannedChange(
        resource=resource,
        before=_plain(resource.type, change.get("before") or {}, change.get("before_sensitive")),
        unknown=frozenset(name for name, mark in (change.get("after_unknown") or {}).items() if _is_marked(mark)),
        actions=tuple(change["actions"]),
        replace_paths=tuple(map(tuple, change.get("replace_paths") or ())),
        previous_address=each.get("previous_address") or "",
        is_import=bool(change.get("importing")),
        deposed=str(each.get("deposed") or ""),
    )


def _plain(kind: str, values: Values, sensitive: Any) -> Values:
    """Return values without those that are sensitive, or have anything in them that is; of other types text alone."""
    marks = sensitive if isinstance(sensitive, dict) else dict.fromkeys(values, sensitive) if sensitive else {}
    marked = {name for name, mark in marks.items() if mark and _is_marked(mark)} if marks else ()
    is_ours = kind.startswith(OURS)
    if is_ours and not marked and list not in map(type, values.values()):
        return values
    return {
        name: [item for item in each if item is not None] if isinstance(each, list) else each  # null is not known yet
        for name, each in values.items()
        if name not in marked and (is_ours or isinstance(each, str))
    }


def _is_marked(mark: Any) -> bool:
    marks = mark.values() if isinstance(mark, dict) else mark if isinstance(mark, list) else ()
    return mark is True or any(map(_is_marked, marks))

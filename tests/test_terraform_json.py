"""What `terraform show -json` printed is read; whatever else is given is told, and nothing of it is shown."""

from __future__ import annotations

import io
import json
import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

from generator.intent.endpoints import ARGUMENTS
from generator.live.fields import FIELDS
from generator.source import printed, terraform_shapes
from generator.source.diagnostics import Refused
from generator.source.terraform_json import read_plan, read_state
from tests.terraform.schema import schema

if TYPE_CHECKING:
    from pathlib import Path

HIDDEN = "hunter2"
NAMES = ("x\n", 'x["\x1b"]', "x }", "", "x.y", 'x["\u202e"]')
FORM = "not of the form that Terraform prints: "
FIRST, BELOW = (f"{FORM}values.root_module{below}.resources[0]" for below in ("", ".child_modules[0]"))


def resource(address: str, *, mode: str = "managed", **more: Any) -> dict[str, Any]:
    """Return a resource as Terraform prints it."""
    kind, name = re.sub(r"\[[^]]*\]$", "", address).split(".")[-2:]
    return {"address": address, "mode": mode, "type": kind, "name": name, **more}


def state(*resources: Any, below: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """Return a state as Terraform prints it, with modules below the root's."""
    root = {"resources": list(resources), "child_modules": list(below)}
    return {"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": root}}


def plan(*changes: dict[str, Any]) -> dict[str, Any]:
    """Return a plan as Terraform prints it."""
    return {"format_version": "1.2", "planned_values": {}, "resource_changes": list(changes)}


CHANGE = f"{FORM}resource_changes[0].change."
CHANGES: tuple[tuple[Any, str], ...] = (
    *(({"actions": [each]}, "actions[0]: not a text") for each in (None, 1)),
    ({"before": HIDDEN}, "before: not an object"),
    ({"after_unknown": True}, "after_unknown: not an object"),
    ({"replace_paths": [HIDDEN]}, "replace_paths[0]: not a list"),
    ({"replace_paths": [[{}]]}, "replace_paths[0][0]: not a text or a number"),
)


def nested(levels: int) -> Any:
    """Return a value in so many lists."""
    value: Any = HIDDEN
    for _ in range(levels):
        value = [value]
    return value


def _written(tmp_path: Path, found: object) -> str:
    path = tmp_path / "shown.json"
    path.write_bytes(found if isinstance(found, bytes) else json.dumps(found).encode())
    return str(path)


def _refusal(tmp_path: Path, found: object, read: Any) -> str:
    with pytest.raises(Refused) as refused:
        read(_written(tmp_path, found))
    assert HIDDEN not in str(refused.value)
    return str(refused.value).replace(str(tmp_path), "")


def test_the_resources_of_all_modules_are_read(tmp_path: Path) -> None:
    """Each with its whole address and module; data sources are left out, and marks are told."""
    inner = resource('module.a.module.b[0].aws_vpc_endpoint.this["s3"]', index="s3", values={"id": "vpce-1"})
    found = state(
        resource("aws_vpc_endpoint.kms[0]", index=0, values={"id": "vpce-2"}, tainted=True),
        resource("aws_vpc_endpoint.kms[0]", index=0, values={"id": "vpce-3"}, deposed_key="0a1b2c3d"),
        resource("data.aws_vpc.this", mode="data", values={"id": "vpc-1"}),
        below=({"address": "module.a", "child_modules": [{"address": "module.a.module.b[0]", "resources": [inner]}]},),
    )
    kms, old, s3 = read_state(_written(tmp_path, found))
    assert [(each.is_tainted, each.is_deposed) for each in (kms, old, s3)] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert (kms.address, kms.module, kms.type, kms.name) == (
        *("aws_vpc_endpoint.kms[0]", "", "aws_vpc_endpoint", "kms"),
    )
    assert (s3.module, s3.name, s3.values) == ("module.a.module.b[0]", "this", {"id": "vpce-1"})


def test_what_only_looks_like_a_resource_is_none(tmp_path: Path) -> None:
    """Tags may have the names of what a resource has, and an output its whole form."""
    tags = {"mode": "managed", "type": "aws_vpc_endpoint", "address": "aws_vpc_endpoint.x", "values": "y"}
    alike = {**tags, "values": {"id": "vpce-2"}}
    found = state(resource("aws_vpc_endpoint.x", values={"id": "vpce-1", "tags": tags}))
    found["values"]["outputs"] = {"o": {"value": alike, "type": alike}}
    (only,) = read_state(_written(tmp_path, found))
    assert only.values == {"id": "vpce-1", "tags": tags}


@pytest.mark.parametrize(
    "found",
    [{"format_version": "1.0"}, {"format_version": "1.0", "terraform_version": "1.11.4"}, state()],
)
def test_an_empty_state_is_a_state(found: object, tmp_path: Path) -> None:
    """Where nothing was applied, Terraform prints the version of its format alone."""
    assert read_state(_written(tmp_path, found)) == ()


def test_what_is_sensitive_is_left_out(tmp_path: Path) -> None:
    """With all that it is in, for the places in a list would shift."""
    domains = [{"dns_record_ip_type": HIDDEN}, {"dns_record_ip_type": "ipv4"}]
    secret = {"policy": HIDDEN, "tags": {"c": HIDDEN}, "dns_options": domains}
    values = {"id": "vpce-1", **secret, "subnet_ids": ["x", None]}
    marks = {
        "policy": True,
        "tags": {"c": True},
        "dns_options": [{"dns_record_ip_type": True}, {}],
        "subnet_ids": [False],
    }
    (shown,) = read_state(
        _written(tmp_path, state(resource("aws_vpc_endpoint.x", values=values, sensitive_values=marks)))
    )
    assert shown.values == {"id": "vpce-1", "subnet_ids": ["x"]}
    change = {"actions": ["update"], "before": values, "after": values, "before_sensitive": marks}
    (planned,) = read_plan(
        _written(tmp_path, plan(resource("aws_vpc_endpoint.x", change={**change, "after_sensitive": True})))
    ).changes
    assert planned.before == {"id": "vpce-1", "subnet_ids": ["x"]}
    assert planned.resource.values == {}


def test_a_plan_is_read(tmp_path: Path) -> None:
    """Its actions, what forces a new object, and where an object was before."""
    found = plan(
        resource(
            "module.a.aws_vpc_endpoint.x",
            module_address="module.a",
            previous_address="aws_vpc_endpoint.x",
            change={
                "actions": ["delete", "create"],
                "replace_paths": [["dns_options", 0, "private_dns_preference"]],
                "before": {"id": "vpce-1"},
                "after": {"vpc_id": "vpc-1"},
                "after_unknown": {"id": True, "tags": {}, "subnet_ids": [False]},
                "importing": {"id": "vpce-1"},
            },
        ),
        resource(
            "module.a.module.b[0].aws_security_group.x", deposed="0a", change={"actions": ["delete"], "after": None}
        ),
        resource("data.aws_vpc.this", mode="data", change={"actions": ["read"]}),
    )
    call = {"source": "./a", "module": {"module_calls": {"b": {"source": "git::https://example.com/b.git"}}}}
    found["configuration"] = {"root_module": {"module_calls": {"a": call}}}
    read = read_plan(_written(tmp_path, found))
    moved, gone = read.changes
    assert read.sources == {"module.a": "./a", "module.a.module.b": "git::https://example.com/b.git"}
    assert moved.resource.values == {"vpc_id": "vpc-1"}
    assert moved.unknown == {"id"}
    assert (moved.actions, moved.previous_address) == (("delete", "create"), "aws_vpc_endpoint.x")
    assert (moved.before, moved.is_import, gone.is_import) == ({"id": "vpce-1"}, True, False)
    assert moved.replace_paths == (("dns_options", 0, "private_dns_preference"),)
    assert (gone.deposed, gone.before, gone.resource.values) == ("0a", {}, {})


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (HIDDEN.encode(), "not JSON"),
        (b'{"format_version": "1.0"}{}', "not JSON"),
        (b'{"format_version": "1.0", "values": {}, "values": {}}', "not JSON, or with a key that is there twice"),
        (b"[" * 100_000, "not JSON"),
        (b"1" * 5000, "not JSON"),
        (b"\xff\xfe\xff", "not JSON"),
        (b"PK\x03\x04", "a saved plan"),
        ({"version": 4, "serial": 1, "lineage": "x", "resources": [HIDDEN]}, "a raw state file"),
        ([HIDDEN], "not the output of terraform show -json"),
        ({"Vpcs": []}, "not the output of terraform show -json"),
        ({"format_version": "1.0", "valid": True}, "neither a state nor a plan"),
        ({"format_version": "0.2", "values": {}}, "its format_version is '0.2', and only 1.x is known"),
        ({"format_version": "2.0", "values": {}}, "its format_version is '2.0', and only 1.x is known"),
        ({"format_version": "1.0", "values": [HIDDEN]}, f"{FORM}values: not an object"),
        ({"format_version": "1.0", "values": {"root_module": {"resources": [HIDDEN]}}}, f"{FIRST}: not an object"),
        (state(None), f"{FIRST}: not an object"),
        (state({"address": HIDDEN}), f"{FIRST}.mode: not a text"),
        (state({"mode": "managed"}), f"{FIRST}.type: not a text"),
        *((state(resource(f"aws_vpc_endpoint.{name}")), f"{FIRST}.address: not an address") for name in NAMES),
        (state(below=({"resources": [resource("aws_vpc_endpoint.x", values=[])]},)), f"{BELOW}.values: not an object"),
        ({"format_version": "1.0", "values": {"root_module": nested(200)}}, f"{FORM}nested too deep"),
        ({"format_version": "1.0", "values": {"root_module": nested(900)}}, f"{FORM}nested too deep"),
        (plan(), "a plan, not a state"),
    ],
)
def test_what_is_no_state_is_told(found: object, message: str, tmp_path: Path) -> None:
    """By what it is instead, with what to run."""
    told = _refusal(tmp_path, found, read_state)
    assert told.startswith("/shown.json: E034 ")
    assert message in told
    assert "terraform show -json" in told or "or a newer gen-endpoints" in told


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (state(), "a state, not a plan"),
        ({**plan(), "errored": True}, "the plan ended with an error"),
        (plan({"address": HIDDEN}), f"{FORM}resource_changes[0].mode: not a text"),
        ({**plan(), "complete": False}, "the plan is not whole, as one of -target is: what it leaves out is not known"),
        ({**plan(), "deferred_changes": [{"reason": "unknown"}]}, "the plan is not whole, Terraform defers what"),
        (plan(resource("aws_vpc_endpoint.x")), "resource_changes[0].change.actions: what"),
        *(
            (plan(resource("aws_vpc_endpoint.x", change={"actions": actions})), "resource_changes[0].change.actions: ")
            for actions in (None, "delete", [], ["frobnicate"], ["delete", "forget"])
        ),
        *((plan(resource("aws_vpc_endpoint.x", change=has)), f"{CHANGE}{said}") for has, said in CHANGES),
        (plan(resource("aws_vpc_endpoint.x", change={}, previous_address="x\n")), "previous_address: not an address"),
        (
            {**plan(), "configuration": {"root_module": {"module_calls": {HIDDEN: {"source": 1}}}}},
            f"{FORM}configuration.root_module.module_calls.*.source: not a text",
        ),
        ({"type": "version"}, "not the output of terraform show -json"),
    ],
)
def test_what_is_no_plan_is_told(found: object, message: str, tmp_path: Path) -> None:
    """By what it is instead, with what to run."""
    assert message in _refusal(tmp_path, found, read_plan)


WRONG: tuple[tuple[str, object, str], ...] = (
    *(("service_name", 1.5, ": not a text"), ("service_name", True, ": not a text")),
    *(("service_name", [[1]], ": not a text"), ("service_name", {"a": [1]}, ": not a text")),
    *(("dns_options", "x", ": not a list"), ("dns_options", {"a": 1}, ": not a list")),
    *(("dns_options", ["x"], "[0]: not an object"), ("dns_options", [None], "[0]: not an object")),
    ("dns_options", [{"dns_record_ip_type": {}}], "[0].dns_record_ip_type: not a text"),
    ("dns_options", [{"private_dns_specified_domains": "x"}], "[0].private_dns_specified_domains: not a list"),
    *(("tags_all", ["x"], ": not an object"), ("tags", {HIDDEN: 1}, ".*: not a text")),
    *(("security_group_ids", 1.5, ": not a list"), ("subnet_ids", ["a", 1.5], "[1]: not a text")),
    *(("vpc_endpoint_id", [], ": not a text"), ("id", ["sg-1"], ": not a text"), ("from_port", "x", ": not a number")),
    *(("private_dns_enabled", "x", ": not true or false"), ("self", [], ": not true or false")),
)


@pytest.mark.parametrize(("name", "value", "said"), WRONG)
def test_what_is_read_has_its_type(name: str, value: object, said: str, tmp_path: Path) -> None:
    """In states and in plans; of other types of resources nothing is read but text."""
    values: dict[str, Any] = {name: value}
    changes = [{"actions": ["update"], side: values} for side in ("before", "after")]
    refused = [state(resource("aws_security_group_rule.x", values=values))]
    refused += [plan(resource("module.a.aws_vpc_endpoint.x", change=each)) for each in changes]
    paths = (f"{FIRST}.values", f"{CHANGE}before", f"{CHANGE}after")
    for found, path in zip(refused, paths, strict=True):
        read = read_plan if "resource_changes" in found else read_state
        assert f"{path}.{name}{said}\n" in _refusal(tmp_path, found, read)
    (other,) = read_state(_written(tmp_path, state(resource("aws_instance.x", values={"arn": "text", **values}))))
    assert {**values, **other.values} == {"arn": "text", **values}


@pytest.mark.parametrize("value", [1.5, True, "x", nested(99), {"a": nested(99)}, [{"a": 1}, None]])
def test_what_is_not_read_has_any_type(value: object, tmp_path: Path) -> None:
    """It may be of a newer provider."""
    values = {"id": "vpce-1", "novel": value, "dns_options": [{"novel": value}]}
    (found,) = read_state(_written(tmp_path, state(resource("aws_vpc_endpoint.x", values=values, novel=value))))
    assert found.values["id"] == "vpce-1"


def test_the_types_are_the_providers() -> None:
    """Each attribute that is read, of each type of resource; and all that `drift` compares is checked."""
    wanted = {"string": str, "bool": bool, "number": int, "map(string)": {"*": str}}
    wanted |= dict.fromkeys(("list(string)", "set(string)"), terraform_shapes.ARGUMENTS["subnet_ids"])
    known = {name: body for name, body in schema()["resources"].items() if name.startswith(terraform_shapes.OURS)}
    attributes = [pair for body in known.values() for pair in body["attributes"].items()]
    options = known["aws_vpc_endpoint"]["blocks"]["dns_options"]["attributes"]
    for name, attribute in attributes:
        type_ = wanted.get(attribute["type"])
        assert terraform_shapes.ARGUMENTS.get(name, type_) == type_, name
    for name, shape in terraform_shapes.ARGUMENTS["dns_options"][0].items():
        assert shape == wanted[options[name]["type"]]
    fields = {ARGUMENTS.get(each.name, each.name).partition(".")[0] for each in FIELDS if each.key}
    assert fields - terraform_shapes.ARGUMENTS.keys() == set()


def test_what_powershell_wrote_is_read(tmp_path: Path) -> None:
    """It is UTF-16 there."""
    assert read_state(_written(tmp_path, json.dumps(state()).encode("utf-16"))) == ()


def test_a_state_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` is standard input, as elsewhere."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(state()).encode())))
    assert read_state("-") == ()


def test_a_file_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file may have no end."""
    monkeypatch.setattr(printed, "LARGEST_PRINTED", 10)
    assert "E013 the file is larger than" in _refusal(tmp_path, b" " * 11, read_state)
    with pytest.raises(Refused, match="E030 can't be read"):
        read_state(str(tmp_path / "none.json"))

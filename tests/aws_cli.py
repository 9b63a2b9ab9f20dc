"""As much of the AWS CLI as README and the tool's own lines need: `python -m tests.aws_cli SERVICE CALL [OPTIONS]`."""

from __future__ import annotations

import json
import os
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

if TYPE_CHECKING:
    from collections.abc import Iterator


def main(service: str, call: str, *words: str) -> None:
    """Print what AWS answers, from all pages, as the AWS CLI does."""
    options: dict[str, Any] = dict(_options(words))
    output, query = options.pop("output", "json"), options.pop("query", "@")
    session: Any = boto3.Session(region_name=options.pop("region", None) or os.environ.get("AWS_REGION"))
    client = session.client(service)
    if call == "deploy":
        print(_deployed(client, **{name.replace("-", "_"): value for name, value in options.items()}))
        return
    (name,) = (own for own, wire in client.meta.method_to_api_mapping.items() if own.replace("_", "-") == call)
    members = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[name]).input_shape.members
    spelled = {re.sub(r"[^a-z]", "", member.lower()): member for member in members}
    arguments = {spelled[option.replace("-", "")]: _value(option, value) for option, value in options.items()}
    if client.can_paginate(name):
        found = client.get_paginator(name).paginate(**arguments).build_full_result()
    else:
        found = getattr(client, name)(**arguments)
    found.pop("ResponseMetadata", None)
    found = import_module("jmespath").search(query, found)
    print(found if output == "text" else json.dumps(found, indent=4, default=str))


def _deployed(client: Any, stack_name: str, template_file: str, parameter_overrides: list[str]) -> str:
    """Make a stack of CloudFormation, or bring it up to its template; return what the AWS CLI then says."""
    is_there = any(each["StackName"] == stack_name for each in client.describe_stacks()["Stacks"])
    pairs = (each.split("=", 1) for each in parameter_overrides)
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in pairs]
    bring = client.update_stack if is_there else client.create_stack
    bring(StackName=stack_name, TemplateBody=Path(template_file).read_text("utf-8"), Parameters=given)
    return f"Successfully created/updated stack - {stack_name}"


def _options(words: tuple[str, ...]) -> Iterator[tuple[str, str | bool | list[str]]]:
    """Yield each option with its value: one word, several as a list, or none, which is a flag."""
    for name, text in re.findall(r"--([a-z-]+)((?:\0(?!--)[^\0]*)*)", "\0".join(words)):
        values = text.split("\0")[1:]
        flag = name.removeprefix("no-")
        yield (name, values[0] if len(values) == 1 else values) if values else (flag, flag == name)


def _value(option: str, value: Any) -> Any:
    """Return an option's value; filters have a shorthand, and ids are many."""
    if option.endswith("-ids"):
        return [value] if isinstance(value, str) else value
    if option != "filters":
        return value
    name, _, values = value.removeprefix("Name=").partition(",Values=")
    return [{"Name": name, "Values": values.split(",")}]


if __name__ == "__main__":
    main(*sys.argv[1:])

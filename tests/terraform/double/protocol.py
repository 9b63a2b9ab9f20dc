"""The calls of the plugin protocol: what Terraform asks, and what a provider answers.

https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/tfplugin5.proto
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

from .blocks import Body, bodies
from .plan import Provider, forced, is_lenient, msgpack
from .world import Values, World

pb: Any = import_module("tf.gen.tfplugin_pb2")
"""The messages, which come without types: of version 6, whose fields have version 5's numbers where they are used."""
_ERROR, _WARNING = 1, 2
_NESTING = {"single": 1, "list": 2, "set": 3, "map": 4}


class Calls:
    """The calls, by their name in version 5; what one configures holds for those that follow."""

    def __init__(self) -> None:
        """Begin as a provider that nobody has configured."""
        self.provider = Provider(world=World(), default_tags={})

    def table(self) -> Mapping[str, tuple[Callable[[Any], Any], Any]]:
        """Return each call with the message that it takes; one that fails says so as a diagnostic."""
        calls: Mapping[str, tuple[Callable[[Any], Any], Any]] = {
            "GetSchema": (self.schema, pb.GetProviderSchema),
            "GetMetadata": (self.nothing(pb.GetMetadata), pb.GetMetadata),
            "GetFunctions": (self.nothing(pb.GetFunctions), pb.GetFunctions),
            "PrepareProviderConfig": (self.nothing(pb.ValidateProviderConfig), pb.ValidateProviderConfig),
            "Configure": (self.configure, pb.ConfigureProvider),
            "ValidateResourceTypeConfig": (self.validate("resources"), pb.ValidateResourceConfig),
            "ValidateDataSourceConfig": (self.validate("data_sources"), pb.ValidateDataResourceConfig),
            "UpgradeResourceState": (self.upgrade, pb.UpgradeResourceState),
            "ReadResource": (self.read, pb.ReadResource),
            "PlanResourceChange": (self.plan, pb.PlanResourceChange),
            "ApplyResourceChange": (self.apply, pb.ApplyResourceChange),
            "ReadDataSource": (self.answer, pb.ReadDataSource),
            "Stop": (self.nothing(pb.StopProvider), pb.StopProvider),
        }
        return {name: (_guarded(call, message), message.Request) for name, (call, message) in calls.items()}

    def nothing(self, message: Any) -> Callable[[Any], Any]:
        """Return the call that has nothing to say."""
        return lambda _: message.Response()

    def schema(self, _: Any) -> Any:
        """Return all types."""
        (provider,) = bodies("provider").values()
        return pb.GetProviderSchema.Response(
            provider=_schema(provider),
            resource_schemas={name: _schema(body) for name, body in bodies("resources").items()},
            data_source_schemas={name: _schema(body) for name, body in bodies("data_sources").items()},
            server_capabilities=pb.ServerCapabilities(plan_destroy=True, get_provider_schema_optional=True),
        )

    def configure(self, request: Any) -> Any:
        """Take the Region and the default tags."""
        config = get(request.config) or {}
        region = config.get("region")
        tags = [each.get("tags") or {} for each in config.get("default_tags") or ()]
        world = World(region=region) if isinstance(region, str) else World()
        self.provider = Provider(world=world, default_tags=tags[0] if tags else {})
        return pb.ConfigureProvider.Response()

    def validate(self, kind: str) -> Callable[[Any], Any]:
        """Return the call that finds what Terraform leaves to the provider: computed and deprecated arguments."""
        message = {"resources": pb.ValidateResourceConfig, "data_sources": pb.ValidateDataResourceConfig}[kind]

        def call(request: Any) -> Any:
            config, body = get(request.config) or {}, bodies(kind)[request.type_name]
            return message.Response(diagnostics=[*_objections(body, config)])

        return call

    def upgrade(self, request: Any) -> Any:
        """Take a resource as the state has it."""
        return pb.UpgradeResourceState.Response(upgraded_state=pb.DynamicValue(json=request.raw_state.json))

    def read(self, request: Any) -> Any:
        """Say that a resource is as it was."""
        return pb.ReadResource.Response(new_state=request.current_state, private=request.private)

    def plan(self, request: Any) -> Any:
        """Plan a resource; its end is as it is proposed."""
        type_, prior, proposed = request.type_name, get(request.prior_state), get(request.proposed_new_state)
        planned = proposed
        if proposed is not None:
            planned = self.provider.plan(type_, config=get(request.config), prior=prior, proposed=proposed)
        return pb.PlanResourceChange.Response(
            planned_state=put(planned),
            legacy_type_system=is_lenient(type_),
            requires_replace=[_path(name) for name in (forced(type_, prior, planned) if planned else ())],
        )

    def apply(self, request: Any) -> Any:
        """Make, change or delete a resource."""
        made, type_ = get(request.planned_state), request.type_name
        if made is not None:
            made = self.provider.apply(type_, config=get(request.config), planned=made)
        return pb.ApplyResourceChange.Response(new_state=put(made), legacy_type_system=is_lenient(type_))

    def answer(self, request: Any) -> Any:
        """Answer a data source."""
        type_, asked = request.type_name, get(request.config)
        state = self.provider.world.answer(type_, asked, bodies("data_sources")[type_])
        return pb.ReadDataSource.Response(state=put(state))


def get(value: Any) -> Any:
    """Return the value that a message holds; None for nothing."""
    if value.json:
        return json.loads(value.json)
    return msgpack.unpackb(value.msgpack, strict_map_key=False) if value.msgpack else None


def put(value: Values | None) -> Any:
    """Return a message that holds a value."""
    return pb.DynamicValue(msgpack=msgpack.packb(value))


def _guarded(call: Callable[[Any], Any], message: Any) -> Callable[[Any], Any]:
    """Return a call that shows where it failed: of an exception Terraform would say that the plugin encountered one."""

    def guarded(request: Any) -> Any:
        try:
            return call(request)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            error = pb.Diagnostic(severity=_ERROR, summary="The double failed", detail=traceback.format_exc())
            return message.Response(diagnostics=[error])

    return guarded


def _schema(body: Body) -> Any:
    return pb.Schema(version=0, block=_block(body))


def _block(body: Body) -> Any:
    attributes = [
        pb.Schema.Attribute(
            name=name,
            type=json.dumps(each.type).encode(),
            required=each.required,
            optional=each.optional,
            computed=each.computed,
            deprecated=each.deprecated,
        )
        for name, each in body.attributes.items()
    ]
    blocks = [
        pb.Schema.NestedBlock(
            type_name=name, nesting=_NESTING[each.nesting], max_items=each.most, block=_block(each.body)
        )
        for name, each in body.blocks.items()
    ]
    return pb.Schema.Block(attributes=attributes, block_types=blocks)


def _path(name: str) -> Any:
    return pb.AttributePath(steps=[pb.AttributePath.Step(attribute_name=name)])


def _objections(body: Body, config: Values) -> Iterator[Any]:
    for name, each in body.attributes.items():
        if config.get(name) is None:
            continue
        if each.computed and not each.optional:
            text = f"Can't configure a value for {json.dumps(name)}: its value will be decided automatically."
            yield _diagnostic(_ERROR, "Value for unconfigurable attribute", text, name)
        if each.deprecated:
            yield _diagnostic(_WARNING, "Argument is deprecated", f"{name} is deprecated.", name)


def _diagnostic(severity: int, summary: str, detail: str, name: str) -> Any:
    return pb.Diagnostic(severity=severity, summary=summary, detail=detail, attribute=_path(name))

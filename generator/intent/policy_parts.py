"""What a spec's policy is made of: presets, files and documents, each as a document that knows its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias, cast

from generator.catalog import presets
from generator.catalog.catalog import Catalog
from generator.catalog.presets import Preset
from generator.intent.endpoints import Endpoint
from generator.source.diagnostics import Code, Diagnostic, Place
from generator.source.frozen import frozen
from generator.source.source import Source
from generator.source.suggest import did_you_mean
from generator.spec.json_document import JsonDocument
from generator.spec.meant_item import flow, without_quotes
from generator.spec.policy import UNMANAGED, PolicyFile, PolicyPreset
from generator.spec.policy_text import Path

PolicyText: TypeAlias = "Source | Diagnostic | tuple[Diagnostic, ...]"
"""What became of a policy file: what it holds, or the reason why it can't be read, or what is wrong in it."""

NO_POLICY = Code("E212")
UNKNOWN_PRESET = Code("E265")
ARGUMENTS = Code("E266")
OTHER_SERVICE = Code("E267")
UNKNOWN_FACT = Code("E268")
UNVERIFIED = Code("W242")
NOT_INSIDE = Code("W248")
_EXAMPLES = {"org_id": "org_id: o-…", "account_id": "account_id: …"}
_ARGUMENTS = {"org_id": ("org_id",), "account_id": ("account_id", "account_ids")}


def owner_of(resource: str) -> Preset | None:
    """Return the preset that the bucket of a resource is in, where AWS owns that; None for any other."""
    return presets.find_owner(presets.bucket_of(resource)) if ":s3:::" in resource else None


@frozen(kw_only=True)
class Part:
    """One of the documents that a policy is made of, and its place."""

    document: JsonDocument
    source: Source
    path: Path
    preset: Preset | None = None

    def place(self, *path: str | int) -> Place:
        """Return the place of something in the document; for a preset, of its name."""
        return self.source.place((*self.path, *path))

    def key_place(self, *path: str | int) -> Place:
        """Return the place of a key in the document."""
        return self.source.key_place((*self.path, *path))

    def statements(self) -> Iterator[tuple[Path, Any]]:
        """Yield the statements, each with its path in the document, whatever they are."""
        stated = self.document.get("Statement")
        if isinstance(stated, list):
            yield from ((("Statement", index), statement) for index, statement in enumerate(stated))
        elif stated is not None:
            yield ("Statement",), stated


@frozen(kw_only=True)
class PolicyReader:
    """Reads what the spec gives as policies."""

    source: Source
    catalog: Catalog
    read: Mapping[str, PolicyText]
    """What became of the policy files, by the name that the spec gives them."""

    def parts(self, endpoint: Endpoint) -> Iterator[Part | Diagnostic]:
        """Yield the documents of the endpoint's policy, and what is wrong with those that can't be had."""
        stated, path = endpoint.stated.get("policy"), endpoint.at("policy")
        if stated == UNMANAGED:
            return
        given = [(stated, path)] if not isinstance(stated, list) else [(p, (*path, i)) for i, p in enumerate(stated)]
        for part, place in given:
            if isinstance(part, PolicyFile):
                yield from self._file(part, place)
            elif isinstance(part, str):
                yield from self._preset(endpoint, PolicyPreset(preset=part), place)
            elif isinstance(part, PolicyPreset):
                yield from self._preset(endpoint, part, place)
            elif part is not None:
                yield Part(document=part, source=self.source, path=place)

    def _file(self, file: PolicyFile, path: Path) -> Iterator[Part | Diagnostic]:
        found = self.read[file.file]
        if isinstance(found, Diagnostic):
            yield replace(found, place=self.source.place((*path, "file")))
        elif isinstance(found, tuple):
            yield from found
        else:
            yield Part(document=cast("JsonDocument", found.data), source=found, path=())

    def _preset(self, endpoint: Endpoint, given: PolicyPreset, path: Path) -> Iterator[Part | Diagnostic]:
        place = self.source.place(path)
        if (preset := presets.presets().get(given.preset)) is None:
            yield _unknown(given.preset, place, "" if isinstance(path[-1], int) else "policy: ")
            return
        if findings := [*_wrong_arguments(preset, given, place), *_wrong_service(preset, endpoint, place)]:
            yield from findings
            return
        region = endpoint.service_region
        try:
            statements = preset.statements(region, self.catalog, _arguments(given))
        except presets.UnknownFactError as error:
            fix = "write the bucket's name in a document of your own" if region else "add region: to the spec"
            yield UNKNOWN_FACT.at(place, f"{preset.name}: {error}", fix)
            return
        if region is not None and not preset.is_verified(region, self.catalog):
            message = f"no source says that the buckets of {preset.name} have these names in {region}"
            yield UNVERIFIED.at(place, message, f"compare them with what AWS documents for {region}")
        owned = self._on_owned(preset, endpoint, given)
        if isinstance(owned, str):
            fix = "name them in a document beside it" if region else "add region: to the spec"
            yield NOT_INSIDE.at(place, f"{endpoint.key}: {preset.name} leaves out {owned}", fix)
            owned = []
        document: Mapping[str, Any] = {"Version": "2012-10-17", "Statement": [*statements, *owned]}
        if not isinstance(endpoint.stated.get("policy"), list):
            document = preset.attached.get(endpoint.type, document)
        yield Part(document=JsonDocument(document), source=self.source, path=path, preset=preset)

    def _on_owned(self, preset: Preset, endpoint: Endpoint, given: PolicyPreset) -> list[dict[str, Any]] | str:
        """Return what a perimeter has for what AWS owns of the service, or what is left out for want of a fact."""
        service, region = endpoint.service_id, endpoint.service_region
        try:
            return preset.statements_on_owned(service, region, self.catalog, _arguments(given))
        except presets.UnknownFactError:
            return owned.title if (owned := presets.find_owned(service)) else ""


_FILES = (".json", ".yaml", ".yml")
_OF_FILE = re.compile(r"""\bfile\w*\(["']?(?:\$\{path\.\w+\}/)?([^"'(),$]+)""")
"""A file as Terraform names it."""


def _unknown(name: str, place: Place, key: str) -> Diagnostic:
    message = f"there is no preset {name}"
    fix = did_you_mean(presets.nearest(name), "gen-endpoints policies lists the presets")
    if file := _OF_FILE.search(name):
        fix = f"write {key}{{file: {file[1]}}}"
    elif name.lstrip().startswith(("{", "[")):
        message = "the policy is text, and text is the name of a preset"
        shown = flow(without_quotes(name))
        fix = f"write {key}{shown}" if shown else "write the document itself, without quotes"
    elif name.startswith("arn:"):
        fix = "no endpoint takes a policy of IAM by its ARN: write its document, or its file as policy: {file: …}"
    elif "/" in name or name.endswith(_FILES):
        fix = f"write {key}{{file: {re.sub('^file:(//)?', '', name)}}}"
    elif name == UNMANAGED:
        message, fix = f"{name} is no part of a policy", f"write policy: {name} alone, or leave it out"
    return UNKNOWN_PRESET.at(place, message, fix)


def _arguments(given: PolicyPreset) -> dict[str, Any]:
    """Return the arguments by the name of their placeholder; of one account there is no list."""
    accounts = given.account_ids or ([given.account_id] if given.account_id else [])
    found: dict[str, Any] = {"org_id": given.org_id} if given.org_id else {}
    if accounts:
        found["account_id"] = accounts[0] if len(accounts) == 1 else accounts
    return found


def _wrong_arguments(preset: Preset, given: PolicyPreset, place: Place) -> Iterator[Diagnostic]:
    taken = [name for argument in preset.takes for name in _ARGUMENTS[argument]]
    stated = [name for name in given.stated() if name != "preset"]
    for name in stated:
        if name not in taken:
            yield ARGUMENTS.at(place, f"{preset.name} takes no {name}", f"leave {name} out")
    for argument in preset.takes:
        names = [name for name in _ARGUMENTS[argument] if name in stated]
        if not names:
            fix = f"write {{preset: {preset.name}, {_EXAMPLES[argument]}}}"
            yield ARGUMENTS.at(place, f"{preset.name} needs {' or '.join(_ARGUMENTS[argument])}", fix)
        elif len(names) > 1:
            yield ARGUMENTS.at(place, f"{preset.name} is given {' and '.join(names)}", "keep one of them")


def _wrong_service(preset: Preset, endpoint: Endpoint, place: Place) -> Iterator[Diagnostic]:
    service = endpoint.service
    if service is not None and not preset.fits(service.id):
        message = f"{endpoint.key}: {preset.name} is for {' and '.join(preset.services)}, not for {service.id}"
        yield OTHER_SERVICE.at(place, message, f"give it to the endpoint of {' or '.join(preset.services)}")

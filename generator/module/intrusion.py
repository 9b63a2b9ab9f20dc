"""What files beside the rendered ones do to what the spec decides: Terraform reads all files of a folder as one.

Pure. What touches nothing of ours is the user's own, and nothing is said of it. It reads as much as python-hcl2 does;
of what that can't read, the text alone says whether it may touch something.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from os.path import normpath
from typing import Any, TypeAlias

from generator.hcl import json_syntax, parser
from generator.hcl.facts import read_file
from generator.hcl.hcl import Block, Value, literal
from generator.hcl.names import named, references
from generator.module.adopted import EMPTIED
from generator.module.adopted_for import ADOPTED
from generator.module.imports import NOWHERE, leading_nowhere
from generator.module.leads import leads_to
from generator.output.terraform import OVERRIDE
from generator.project.project import IMPORTS, USUAL, is_own
from generator.source import source
from generator.source.diagnostics import Code, Diagnostic, Place, Refused, in_order
from generator.source.frozen import frozen
from generator.source.hcl_bounds import LARGEST

OVERRIDES = Code("E321")
ADDS = Code("E322")
STATE = Code("E323")
UNREAD = Code("E324")
UNREADABLE = Code("W324")

ADDING: Mapping[str, str] = {
    "aws_vpc_endpoint_policy": "vpc_endpoint_id",
    "aws_vpc_endpoint_private_dns": "vpc_endpoint_id",
    "aws_vpc_endpoint_route_table_association": "vpc_endpoint_id",
    "aws_vpc_endpoint_security_group_association": "vpc_endpoint_id",
    "aws_vpc_endpoint_subnet_association": "vpc_endpoint_id",
    "aws_security_group_rule": "security_group_id",
    "aws_vpc_security_group_egress_rule": "security_group_id",
    "aws_vpc_security_group_ingress_rule": "security_group_id",
    "aws_vpc_security_group_rules_exclusive": "security_group_id",
    "aws_network_interface_sg_attachment": "network_interface_id",
    "aws_ec2_tag": "resource_id",
}
"""The resources that change an object of another block, and the argument that says of which."""
_AWS = re.compile(r'(?<![\w/-])"?aws"?\s*=')
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)")
_TO = {"import": "imports into", "moved": "moves something to"}
"""What brings something to an address of ours: the team's own, in a file that is."""
_FROM = {"moved": "moves away", "removed": "takes out of the state"}
_Named: TypeAlias = Mapping[str, Block]


@frozen(kw_only=True)
class Beside:
    """A file beside ours, with its blocks as far as it can be read."""

    path: str
    text: str
    blocks: tuple[Block, ...] | None
    is_override: bool
    is_own: bool

    def place(self, folder: str, block: Block) -> Place:
        """Return the line at which a block begins, as far as its own words say: no parser keeps it."""
        words, file = [re.escape(each) for each in (block.type, *block.labels)], normpath(f"{folder}/{self.path}")
        head = r"^[ \t]*" + r'[ \t"]+'.join(words) + r'[ \t"]*\{'
        alike = [each for each in self.blocks or () if (each.type, each.labels) == (block.type, block.labels)]
        number = next(number for number, each in enumerate(alike) if each is block)
        if self.path.endswith(".json"):
            with suppress(Refused):  # what is no more than Terraform's JSON, as with a key twice
                found = source.parse(self.text, ".json")
                for at in [*map(found.key_place, json_syntax.paths(found.data, (block.type, *block.labels)))][number:]:
                    return Place(file, at.line, at.column)
            return Place(file)
        lines = [self.text.count("\n", 0, found.end()) + 1 for found in re.finditer(head, self.text, re.MULTILINE)]
        line = ([*lines[number:], *lines[-1:], 0])[0]
        return Place(file, line, min(line, 1))


def intrusions(
    ours: Mapping[str, Iterable[Block]],
    others: Mapping[str, bytes | None],
    *,
    folder: str,
    spec: str,
    own: Collection[str] = USUAL,
) -> tuple[Diagnostic, ...]:
    """Return what other files of a folder do to ours, whose blocks are given by file."""
    read = {path: content for path, content in others.items() if content != b"" or path == IMPORTS}
    if not read:
        return ()
    mine = dict(named(block for path, blocks in ours.items() if path.endswith(".tf") for block in blocks))
    files = [read_beside(path, content, own) for path, content in read.items()]
    leads = leads_to(mine, [pair for file in files for pair in named(file.blocks or ())])
    found = [each for file in files for each in _whole(file, ours, mine, folder)]
    if all(file.blocks is not None for file in files):  # what can't be read may have any address
        found += nowhere(ours, files, folder, spec)
    for file in files:
        for name, block in named(file.blocks or ()):
            told = [
                *((OVERRIDES, each) for each in _declared(block, name, mine, is_override=file.is_override)),
                *((ADDS, each) for each in _added(block, leads)),
                *((STATE, each) for each in _moved(block, leads, is_own=file.is_own)),
            ]
            found += [code.at(file.place(folder, block), f"{each}, which {spec} decides") for code, each in told]
    return in_order(set(found))


def nowhere(
    ours: Mapping[str, Iterable[Block]], files: Collection[Beside], folder: str, spec: str, within: str = ""
) -> Iterator[Diagnostic]:
    """Yield the import blocks that lead to nothing: of files beside ours, or of a root that calls it `within`."""
    rendered = [block for path, blocks in ours.items() if path.endswith(".tf") for block in blocks]
    for path, block, fix in leading_nowhere(rendered, {file.path: file.blocks or () for file in files}, within):
        file = next(each for each in files if each.path == path)
        what = f"imports into {literal(block.arguments['to'])}, which {spec} does not make: Terraform plans nothing"
        yield NOWHERE.at(file.place(folder, block), what, fix)


def read_beside(path: str, content: bytes | None, own: Collection[str]) -> Beside:
    """Return a file of a path and content; its blocks are None where they can't be read, or may have any name."""
    is_read, content = content is not None, content or b""
    text = content.decode("utf-8-sig", errors="replace")
    blocks = read_file(path, text) if is_read else None
    if any("\\" in label for block in blocks or () for label in block.labels):
        blocks = None  # an escape may stand for any name
    is_override, is_own_file = OVERRIDE.fullmatch(path) is not None, is_own(path, own) or content.startswith(ADOPTED)
    return Beside(path=path, text=text, blocks=blocks, is_override=is_override, is_own=is_own_file)


def _whole(file: Beside, ours: Collection[str], mine: _Named, folder: str) -> Iterator[Diagnostic]:
    """Yield what is to be said of a file as a whole: it takes the place of one of ours, or can't be read."""
    place, stem = Place(f"{folder}/{file.path}"), re.sub(r"\.tofu$", ".tf", file.path)
    if stem != file.path and stem in ours:
        yield OVERRIDES.at(place, f"takes the place of {stem}: OpenTofu reads this file and not that one")
    if file.path == IMPORTS and not file.text.strip():  # what has comments alone has them, as after the apply
        yield EMPTIED.at(place, "has no blocks: what they were to import, an apply makes anew")
    if file.blocks is None:
        yield unread(folder, file.path, file.text, mine.values())


def unread(folder: str, path: str, text: str, blocks: Collection[Block], *names: str) -> Diagnostic:
    """Return that a file can't be read: an error where it overrides others, or has a name of blocks or of some more.

    What blocks refer to is theirs as well, but for local values, as of these `region` is any provider's word.
    """
    if len(text) > LARGEST or not text:
        much = f"is larger than {LARGEST >> 20} MiB" if text else "is not read: the files there are too much together"
        return UNREAD.at(Place(f"{folder}/{path}"), f"{much}, and may name anything")
    words = {*re.findall(r"[\w-]+", _ESCAPE.sub(lambda of: chr(int(of[1], 16)) if of[1] else " ", text))}
    theirs = [name for name, block in named(blocks) if block.labels]
    theirs += [each for block in blocks for each in references(block) if not each.startswith("local.")]
    touched = sorted(name for name in (*theirs, *names) if name.rpartition(".")[2] in words)
    line = 0 if path.endswith(".json") else parser.faulty_line(text)
    place = Place(f"{folder}/{path}", line, min(line, 1))
    if not (touched or OVERRIDE.fullmatch(path)):
        return UNREADABLE.at(place, "can't be read, so that nothing is known of what it does")
    what = f"names {touched[0]}" if touched else "overrides other files"
    return UNREAD.at(place, f"can't be read, and {what}")


def _declared(block: Block, name: str, mine: _Named, *, is_override: bool) -> Iterator[str]:
    """Yield that a block declares what ours do: over ours, or a second time; or has the provider ignore it."""
    if name == "provider.aws" and "alias" not in block.arguments:
        yield from _ignored(block, mine)
    if name == "terraform":
        inner: list[Value] = [each.arguments for each in block.nested("required_providers")]
        inner += [value for key, value in block.arguments.items() if key == "required_providers"]
        if not is_override:
            yield from ["declares required_providers a second time, beside versions.tf"] if inner else ()
            return
        changed = ["required_version"] if "required_version" in block.arguments else []
        changed += ["required_providers.aws"] if any(_AWS.search(literal(each)) for each in inner) else []
    elif name not in mine or "." not in name:
        return
    elif not is_override:
        yield f"declares {name} a second time"
        return
    else:
        changed = [*block.arguments, *dict.fromkeys(each.type for each in block.blocks)]
    if changed:
        yield f"changes {name}" if block.type == "locals" else f"changes {', '.join(changed)} of {name}"


def _ignored(provider: Block, mine: _Named) -> Iterator[str]:
    """Yield that a provider leaves alone tags of ours."""
    values = [block.arguments.get("tags") for block in mine.values()]
    tags = {key for value in values if isinstance(value, Mapping) for key in value}
    written = provider.arguments.get("ignore_tags", ())
    ignoring = [*(each.arguments for each in provider.nested("ignore_tags"))]
    ignoring += [each for each in (written if isinstance(written, tuple) else [written]) if isinstance(each, Mapping)]
    lists: list[tuple[Any, Any]] = [(each.get("keys") or (), each.get("key_prefixes") or ()) for each in ignoring]
    dynamic = [each.label for each in provider.nested("dynamic")] + [literal(provider.arguments.get("dynamic"))]
    parts = (of for both in lists for each in both for of in (each if isinstance(each, tuple) else [each]))
    is_known = all(isinstance(of, str) for of in parts)
    if tags and (not is_known or any("ignore_tags" in each for each in dynamic)):
        yield "has the provider ignore tags that can't be told"
    for keys, prefixes in lists if is_known else ():
        if found := {key for key in tags if key in keys or key.startswith(prefixes)}:
            yield f"has the provider ignore the tags {', '.join(sorted(found))}"


def _added(block: Block, leads: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Yield that a resource changes an object of ours, which it may know by way of a local, a lookup or `for_each`."""
    if block.type == "resource" and (argument := ADDING.get(block.labels[0])):
        value = block.arguments.get(argument)
        source = block.arguments.get("for_each") if "each." in literal(value) else None
        for address in sorted({each for name in references((value, source)) for each in leads.get(name, ())}):
            yield f"adds {block.address} to {address}"


def _moved(block: Block, leads: Mapping[str, Collection[str]], *, is_own: bool) -> Iterator[str]:
    for argument, verbs in (("to", {} if is_own else _TO), ("from", _FROM)):
        for name in references(block.arguments.get(argument)):
            if block.type in verbs and name in leads.get(name, ()):
                yield f"{verbs[block.type]} {name}"

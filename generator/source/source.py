"""Text → Source: what a YAML or JSON file holds, and the line and column of every node.

This module alone imports yaml. It reads libyaml's events, not its nodes: a node turns `no` into false and `012345670`
into an octal number before anybody could object, keeps the last of two equal keys, and overflows the C stack on deep
nesting. Here numbers and booleans stay text: `text` says which characters it may have, `draft` puts the data together.
"""

from __future__ import annotations

import contextlib
import json
import re

import yaml

from generator.source.diagnostics import Code
from generator.source.draft import Data, Draft, Plain, Source
from generator.source.marks import at
from generator.source.reading import contents
from generator.source.repository import refuse_outside
from generator.source.text import LARGEST, clean, decode, positions, quote

__all__ = ["LARGEST", "LOADER", "Data", "Plain", "Source", "parse", "read"]

NOT_PARSED = Code("E002")
ALIAS = Code("E004")
TAG = Code("E005")
MORE_DOCUMENTS = Code("E009")

LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Whose events are read: libyaml's, or those of PyYAML itself where it was built without libyaml."""

_QUOTED = (
    "text with `: ` in it needs quotes, and a mapping within a line braces; the keys of a mapping begin in one column"
)
_HINTS = {
    "scanning an a": "text that begins with * or & needs quotes",  # an alias, or an anchor
    "mapping values are not allowed": _QUOTED,
    "could not find expected": "after a key come a colon and a space, and not a no-break one",
    "found unexpected ':'": "after a key come a colon and a space, and text with a colon needs quotes",
    "unexpected end of stream": "close the quote",
    "Unicode character escape": "write the character itself",
    "did not find expected": "the keys of a mapping, or the dashes of a list, begin in one column; close each bracket",
}
_FUNCTIONS = r"!(Ref|Sub|GetAtt|GetAZs|ImportValue|Join|Select|Split|FindInMap|Cidr|If)"
_NESTED = re.compile(r"(?:^|\n)[ \t-]*(\w+): +(\w+):$")
"""What is read up to a second mapping in the line of a key."""
_NEAR = 300
"""How many characters are looked at, at most."""
_AS_TERRAFORM = re.compile(r'(?:^|[{,\n])[ \t]*[\w"-][\w" -]*(?:= |\{[ \t]*\n)')
_IN_BRACKETS = {
    r"\w\([{\[]$": "YAML has no functions: write what it would be called with, as YAML",
    r"\s#": "` #` begins a comment: put text with it in quotes; close each bracket",
    r"^.*[^\s:]:$": "text with `: ` in it needs quotes, and between two keys comes a comma",
    r"^.*([}\]][^\s,]|[^\s,:{\[][{\[])$": "text with a bracket in it needs quotes, and between two keys comes a comma",
}
"""What helps where text in brackets, up to what could not be read, is so."""
_OF_TERRAFORM = re.compile(r"\.(tf|tofu|hcl|tfvars|tfstate)(\.json)?$", re.IGNORECASE)
_BLOCK = re.compile(
    r"(?:[ \t]*(?:(?:#|//)[^\n]*)?\n)*[ \t]*"
    r'(?:resource|data|module|variable|output|provider|terraform|locals|import)(?: +"[^"\n]*")* *\{'
)
"""How a file of Terraform begins."""
_PRINTED = re.compile(r'\s*\{\s*"(?:format_version"|version"\s*:\s*\d+\s*,\s*"terraform_version")')
"""How a state begins, and what `terraform show -json` prints, be it of a plan."""
_TEMPLATE = re.compile(
    r'^(?:AWSTemplateFormatVersion|Resources) *:|\A\s*\{\s*"(?:AWSTemplateFormatVersion|Resources)"', re.MULTILINE
)
"""A key that a template of CloudFormation has at its top, and neither a spec nor a policy."""
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?= |\r?$)", re.MULTILINE)
_READS_TERRAFORM = (
    "gen-endpoints show DIR reads a module; gen-endpoints adopt --state FILE writes the spec of what Terraform has"
)
_DIRECTIVE = re.compile(r"(?:\A|(?<=[\r\n]))%(?:YAML|TAG)\b")
_JSON_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[][{}]|[^][{}\s,:"]+')


def read(path: str) -> Source:
    """Return what the YAML or JSON file at `path` holds. Raises Refused where it can't be read, or is neither."""
    refuse_outside(path)
    return parse(contents(path), path)


def parse(text: str | bytes, file: str) -> Source:
    """Read a spec or a policy document: JSON where the name `file` ends in .json, else YAML.

    Every scalar is text exactly as written: str where quoted or a block, Plain where not, None for a plain null.
    Raises Refused with all findings, up to the first that the parser cannot pass (E001, E002, E008, E009, E013).
    """
    cleaned, findings = clean(decode(text, file), file)
    draft = Draft(file, findings)
    if _OF_TERRAFORM.search(file) or _BLOCK.match(cleaned) or _PRINTED.match(cleaned):
        draft.stop(NOT_PARSED, "this is a file of Terraform, and no spec in YAML or JSON", _READS_TERRAFORM)
    if _TEMPLATE.search(cleaned):
        fix = "gen-endpoints adopt writes the spec of endpoints that exist in a VPC, gen-endpoints init a first one"
        draft.stop(NOT_PARSED, "this is a template of CloudFormation, and no spec", fix)
    (_follow_json if file.lower().endswith(".json") else _follow_yaml)(cleaned, draft)
    return draft.finish()


def _follow_yaml(text: str, draft: Draft) -> None:
    if found := _DIRECTIVE.search(text):
        # Not left to libyaml, which compares each %TAG with every other.
        draft.at = at(*positions(text)(found.start()))
        draft.stop(TAG, f"{found[0]} is a directive", "remove it")
    try:
        for event in yaml.parse(text, Loader=LOADER):
            if mark := event.start_mark:
                draft.at = at(mark.line + 1, mark.column + 1)
            _take_event(event, draft)
    except yaml.MarkedYAMLError as error:
        _stop_at_conflict(text, draft)
        message, since, mark = error.problem or "", error.context_mark, error.problem_mark
        if mark:
            draft.at = at(mark.line + 1, mark.column + 1)
        if mark and "cannot start any token" in message:
            draft.stop(NOT_PARSED, *_first(text[mark.index : mark.index + 1]))
        if mark and since and since.index < mark.index:
            message += f" {error.context} that begins at line {since.line + 1}, column {since.column + 1}"
        begin = since.index if since else 0
        end = mark.index + 1 if mark else 0
        rest = text[end : end + _NEAR].partition("\n")[0].strip()
        draft.stop(NOT_PARSED, message, _fix(message, text[max(begin, end - _NEAR) : end], rest))
    except (ValueError, OverflowError):  # which PyYAML lets through for escapes that stand for no character
        draft.stop(NOT_PARSED, "what follows has an escape that stands for no character", "write the character itself")


def _stop_at_conflict(text: str, draft: Draft) -> None:
    """Raise Refused where a text that can't be read has a marker of Git's."""
    if found := _CONFLICT.search(text):
        draft.at = at(*positions(text)(found.start()))
        fix = "keep what is meant of the two sides, and take the lines <<<<<<<, ======= and >>>>>>> away"
        draft.stop(NOT_PARSED, "a marker of a merge conflict", fix)


def _fix(message: str, read: str, rest: str) -> str:
    """Return what helps where YAML can't be read on, by the text up to there and the rest of its line."""
    if "mapping values" in message and rest and (nested := _NESTED.search(read)):
        return f"write {nested[1]}: {{{nested[2]}: {rest}}}, or text with `: ` in it in quotes"
    if "scanning an a" not in message and _AS_TERRAFORM.search(read):
        return "YAML has `key: value` for Terraform's `key = value`, and `key:` for `key {`"
    of_text = _IN_BRACKETS.items() if "expected ',' or" in message else ()
    found = (fix for form, fix in of_text if re.search(form, read))
    return next(found, next((fix for part, fix in _HINTS.items() if part in message), ""))


def _first(character: str) -> tuple[str, str]:
    """Return what is wrong with a character that begins nothing in YAML, and what helps."""
    if character == "\t":
        return "a tab, where YAML takes spaces alone", "write spaces in its place"
    return f"text without quotes can't begin with {character}", "put the text in quotes"


def _take_event(event: yaml.Event, draft: Draft) -> None:
    if isinstance(event, yaml.NodeEvent):
        _refuse_properties(event, draft)
    if isinstance(event, yaml.ScalarEvent):
        draft.scalar(event.value, is_plain=not event.style)
    elif isinstance(event, yaml.CollectionStartEvent):
        draft.open({} if isinstance(event, yaml.MappingStartEvent) else [])
    elif isinstance(event, yaml.CollectionEndEvent):
        draft.close()
    elif isinstance(event, yaml.AliasEvent):
        draft.scalar(f"*{event.anchor}", is_plain=True)  # stands for itself, so that the reading goes on
    elif isinstance(event, yaml.DocumentStartEvent) and draft.node:
        draft.stop(MORE_DOCUMENTS, "a second document begins here", "give it a file of its own")


def _refuse_properties(event: yaml.NodeEvent, draft: Draft) -> None:
    if isinstance(event, yaml.AliasEvent):
        draft.refuse(ALIAS, f"{quote(f'*{event.anchor}')} is an alias", "write the value in full")
    elif event.anchor:
        draft.refuse(ALIAS, f"{quote(f'&{event.anchor}')} is an anchor", "remove it")
    if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag:
        tag = quote(event.tag.replace("tag:yaml.org,2002:", "!!"))
        is_function = re.fullmatch(_FUNCTIONS, event.tag)
        fix = "write the value itself" if is_function else "remove it; put quotes around what is meant as text"
        draft.refuse(TAG, f"{tag} is a {'function of CloudFormation' if is_function else 'tag'}", fix)


def _follow_json(text: str, draft: Draft) -> None:
    position = positions(text)
    try:
        # Only to see that it is JSON; what nests too deep for that is well formed as far as the draft will go.
        with contextlib.suppress(RecursionError):
            json.loads(text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        _stop_at_conflict(text, draft)
        draft.at = at(*position(error.pos))
        draft.stop(
            NOT_PARSED, f"not JSON: {error.msg}", 'JSON has no comments, no trailing comma, and no quotes other than "'
        )
    for token in _JSON_TOKEN.finditer(text):
        draft.at, word = at(*position(token.start())), token[0]
        if word in {"[", "{"}:
            draft.open([] if word == "[" else {})
        elif word in {"]", "}"}:
            draft.close()
        elif word in {"NaN", "Infinity", "-Infinity"}:
            draft.stop(NOT_PARSED, f"{word} is not JSON", "write a number")
        else:
            draft.scalar(json.loads(word) if word[0] == '"' else word, is_plain=word[0] != '"')

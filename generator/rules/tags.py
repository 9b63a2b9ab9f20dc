"""Tags, and the Name tag, which is `name`'s alone for an endpoint. Facts checked 2026-11-22."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.intent.endpoints import Endpoint
from generator.intent.intent import Intent, Path
from generator.rules.rule import Findings, rule

_LONGEST_KEY, _LONGEST_VALUE, _MOST = 128, 256, 50


@rule("E230")
def name_in_tags(intent: Intent) -> Findings:
    """A Name among the tags."""
    names = {endpoint.key: endpoint.name for endpoint in intent.endpoints}
    for subject, path, tags in intent.stated("tags"):
        if (other := tags.get("Name")) is not None:
            fix = f"remove it, and write name: {other} in {subject}" if other else "remove it"
            if subject == "the spec":
                fix = "remove it, and give each endpoint its own name:"
            elif other and (name := names.get(subject)):
                fix = f"remove it, and keep name: {name} or write name: {other}"
            place = intent.source.key_place((*path, "Name"))
            yield place, f"{subject}: tags have a Name, which belongs in name:", fix


@rule("E231")
def not_a_tag(intent: Intent) -> Findings:
    """A tag that AWS does not take, or the provider loses."""
    for subject, path, tags in intent.stated("tags"):
        yield from _objections(intent, subject, path, tags)
    for path, group in intent.created():
        yield from _objections(intent, f"security group {group.name}", (*path, "tags"), group.tags or {})


def _objections(intent: Intent, subject: str, path: Path, tags: Mapping[str, str]) -> Findings:
    for key, what, fix in objections(tags):
        yield intent.source.key_place((*path, key)), f"{subject}: {what}", fix


def objections(tags: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield the keys of what AWS does not take as tags, or the provider does not keep, with what is wrong and the fix.

    The provider's SDK counts what is in a map under `#` and `%`, and so loses what is there (tried with 5.100).
    """
    for key, value in tags.items():
        if not key:
            yield key, "a tag has an empty key", "give it a key, or take it out"
        elif key in {"#", "%"}:
            yield key, f"the provider loses a tag with the key {key}", "give it another key, or take it out"
        elif key.lower().startswith("aws:"):
            fix = "remove it, or give it another prefix"
            yield key, f"the key {key} begins with aws:, which is for AWS", fix
        elif len(key) > _LONGEST_KEY:
            yield key, f"the key {key[:20]}… has {len(key)} characters", f"shorten it to {_LONGEST_KEY}"
        if len(value) > _LONGEST_VALUE:
            yield key, f"the value of {key[:20]} has {len(value)} characters", f"shorten it to {_LONGEST_VALUE}"


@rule("E232")
def too_many_tags(intent: Intent) -> Findings:
    """More than 50 tags."""
    for endpoint in intent.endpoints:
        named = bool(endpoint.name)
        count = len(endpoint.stated.get("tags") or {}) + named
        if count > _MOST:
            yield endpoint.at("tags"), f"{endpoint.key}: {count} tags{', its Name among them' if named else ''}"
    for path, group in intent.created():
        if (count := len(tags := group.tagged(intent.spec.tags))) > _MOST:
            place = ("tags",) if group.tags is None else (*path, "tags")
            among = ", its Name among them" if "Name" in tags else ""
            yield place, f"security group {group.name}: {count} tags{among}"


@rule("W202")
def name_twice(intent: Intent) -> Findings:
    """Two endpoints of one name."""
    first: dict[str, Endpoint] = {}
    for endpoint in intent.endpoints:
        if (name := endpoint.name) and (other := first.setdefault(name, endpoint)) is not endpoint:
            message = f"{endpoint.key}: {other.key} in line {other.place.line} is named {name} too"
            yield intent.own_place(endpoint, "name"), message, f"choose another name: for {endpoint.key}"

"""What chance makes step by step: the answers of one VPC, and the names and tags that things of it may have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.answers import whole

if TYPE_CHECKING:
    from random import Random

ACCOUNT = "111122223333"
NAMES = (
    *("app", "app", "private-a", "endpoints", "default", "ü", "0815", "no", "null", "~", "a: b", "- x", "# y", "1e3"),
    *('que"ue', "o'clock", "wild*card", "back\\slash", "${x}", "$${x}", "%{if true}", " lead", "trail ", "x" * 200),
    *(
        "2026-11-26",
        "0x1f",
        "true",
        "{a: b}",
        "[x]",
        "Name",
        "🙂",
        "e\u0301",
        "e\u0301",
        "a  b",
        "@x",
        "!t",
        "&a",
        "*a",
        "?",
        "|",
    ),
    *("a,b", "=x", "<<EOT", "a/b.c+d=e@f", "12:30", "0o7", "1_000", ".inf", "NaN", "=", "y", "On", "%", "`x`", "..."),
)
KEYS = (
    "Team",
    "Cost Center",
    "env",
    "a:b",
    "name",
    "NAME",
    "0815",
    "yes",
    "ü",
    "$x",
    "${y}",
    "a.b/c",
    "x y",
    "-",
    "#",
    "%",
)


@dataclass(slots=True)
class Estate:
    """What AWS answers of one VPC, growing as chance makes it."""

    chance: Random
    region: str
    plain: bool
    """Whether it has only what provider 5.100 says, and the emulated AWS can make."""
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    attributes: dict[str, bool] = field(default_factory=dict)
    private: set[str] = field(default_factory=set)
    """The services that have private DNS."""
    left_out: dict[str, str] = field(default_factory=dict)
    """Why `adopt` may leave an endpoint out, by its id."""

    @property
    def adoptable(self) -> set[str]:
        """The ids of the endpoints that are to be adopted."""
        return {each["VpcEndpointId"] for each in self.of("VpcEndpoints")} - self.left_out.keys()

    def documents(self) -> list[dict[str, Any]]:
        """Return the answers as the AWS CLI prints them."""
        vpc_id = self.answers["Vpcs"][0]["VpcId"]
        told = [{"VpcId": vpc_id, name: {"Value": value}} for name, value in self.attributes.items()]
        owners = {"Account": ACCOUNT, "ServiceDetails": []}
        return [*({kind: list(found)} for kind, found in self.answers.items()), *told, owners]

    def id(self, prefix: str) -> str:
        """Return an id that no other has."""
        return f"{prefix}-{self.chance.getrandbits(68):017x}"

    def add(self, kind: str, **stated: Any) -> dict[str, Any]:
        """Add an object with all that AWS always tells of it."""
        made: dict[str, Any] = whole(kind, stated)[kind][0]
        self.answers.setdefault(kind, []).append(made)
        return made

    def some(self, kind: str, least: int, most: int) -> list[dict[str, Any]]:
        """Return some of the VPC's objects, in any order."""
        found = self.of(kind)
        return self.chance.sample(found, self.chance.randint(min(least, len(found)), min(most, len(found))))

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Return the objects of the VPC, which is the first one."""
        vpc_id = self.answers["Vpcs"][0]["VpcId"]
        return [each for each in self.answers.get(kind, ()) if each.get("VpcId", vpc_id) == vpc_id]

    def tags(self, named: float = 0.8, more: int = 2) -> list[dict[str, str]]:
        """Return tags: most things have a name, which may be another's too."""
        tags = {"Name": self.chance.choice(NAMES)} if self.chance.random() < named else {}
        tags |= {
            key: self.chance.choice(("", *NAMES)) for key in self.chance.sample(KEYS, self.chance.randint(0, more))
        }
        return [{"Key": key, "Value": value} for key, value in tags.items()]

    def is_so(self, likelihood: float) -> bool:
        """Tell whether chance has it so."""
        return self.chance.random() < likelihood

"""A recorded answer for each command that reads AWS, and what the command makes of any such answer, in-process."""

from __future__ import annotations

import copy
from contextlib import chdir
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

from generator.authoring.adopt.adoption import AdoptOptions, adopt
from generator.authoring.adopt.choose import vpc_ids as adopted_ids
from generator.authoring.adopt.sayable import unsayable
from generator.cli.views import adopt as adopt_views
from generator.cli.views import drift as drift_views
from generator.cli.views import preflight as preflight_views
from generator.cli.views import verify as verify_views
from generator.cli.views.data import as_json
from generator.generate import understand
from generator.live import answers
from generator.live.aws.reading import read
from generator.live.drift import compare as drift
from generator.live.drift.comparison import Comparison
from generator.live.drift.rendered import RenderedDifferences
from generator.live.drift.row import Commands, Kind
from generator.live.estate import require
from generator.live.locate import locate
from generator.live.preflight import checks
from generator.live.verify import check as verify
from generator.source.diagnostics import Place
from tests.answers import documents, matched
from tests.cases import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from generator.authoring.adopt.adoption import Adoption
    from generator.intent.intent import Intent
    from generator.live.aws.client import Access
    from generator.live.estate import Estate

Answers: TypeAlias = list[dict[str, Any]]
OF_GROUPS = ("SecurityGroupRules", "PrefixLists")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One command, and the whole answers of one Region that it reads."""

    command: str
    region: str
    files: tuple[str, ...]
    kinds: tuple[str, ...]
    optional: tuple[str, ...] = ()
    choose: Callable[[Estate], Iterable[str]]
    say: Callable[[Estate], str]
    """All that the command prints of an estate."""

    def answers(self) -> Answers:
        """Return the answers, to be done with as one likes."""
        return copy.deepcopy(_read(self.files))


@cache
def _read(files: tuple[str, ...]) -> Answers:
    return [each for file in files for each in documents((ROOT / "tests" / file).read_text(encoding="utf-8"))]


@cache
def _intent(spec: str) -> Intent:
    with chdir((ROOT / "tests" / spec).parent):
        return understand(spec.rpartition("/")[2])


def _adopt(options: AdoptOptions, estate: Estate) -> str:
    adopted = adopt(estate, options)
    shown = adopt_views.as_text(adopted), adopt_views.as_json(adopted, "x.yaml", "x.tf")
    return "\n".join((adopted.spec, adopted.imports, *shown, *map(str, adopted.warnings)))


def _preflight(spec: str, estate: Estate) -> str:
    outcome = checks.examine(matched(_intent(spec), estate))
    shown = preflight_views.summary(outcome, spec), as_json(preflight_views.as_data(outcome, spec))
    return "\n".join((*shown, *map(str, outcome.findings)))


def _verify(spec: str, estate: Estate) -> str:
    report = verify.check(matched(_intent(spec), estate).require_all())
    forms = verify_views.as_table(report), as_json(verify_views.as_data(report)), verify_views.as_junit([report])
    return "\n".join(forms)


def _drift(spec: str, estate: Estate) -> str:
    located, commands = locate(_intent(spec), estate), Commands(spec=spec, out="out", region=estate.region)
    rows = drift.compare(
        [Comparison.of(located, commands=commands, rendered=RenderedDifferences())], unsayable=unsayable
    )
    return f"{as_json(drift_views.as_rows(rows))}\n{drift_views.as_table(rows, {spec: ('x',)})}"


def drift_of(adopted: Adoption, intent: Intent, estate: Estate) -> list[str]:
    """Return what drift says of a spec that was just adopted, but for what is no drift.

    What may be adopted yet, or was left out by --except, is.
    """
    located, commands = locate(intent, estate), Commands(spec="x.yaml", out="out", region=estate.region)
    excepted = {
        each["VpcEndpointId"] for each, why, known in adopted.selection.left_out if why == "--except" or not known
    }
    rows = drift.compare(
        [Comparison.of(located, commands=commands, rendered=RenderedDifferences())], unsayable=unsayable
    )
    return [str(row) for row in rows if row.kind is not Kind.INFO and row.subject not in excepted]


def _vpc(spec: str, estate: Estate) -> Iterable[str]:
    return (locate(_intent(spec), estate).vpc_id,)


def _of_adopt(file: str, region: str, vpc: str, *, own: bool) -> World:
    options = AdoptOptions(vpc=vpc, name="x", path="x.yaml", own_security_groups=own)
    return World(
        command="adopt",
        region=region,
        files=(f"adopt/{file}",),
        kinds=("Subnets", "RouteTables", "SecurityGroups", "VpcEndpoints", *(OF_GROUPS if own else ())),
        choose=partial(adopted_ids, wanted=vpc),
        say=partial(_adopt, options),
    )


def _of_spec(command: str, spec: str, region: str, *files: str) -> World:
    kinds = {
        "preflight": checks.kinds(_intent(spec)),
        "verify": (verify.KINDS, ()),
        "drift": (drift.kinds([_intent(spec)]), ()),
    }[command]
    say = {"preflight": _preflight, "verify": _verify, "drift": _drift}[command]
    return World(
        command=command,
        region=region,
        files=files,
        kinds=kinds[0],
        optional=kinds[1],
        choose=partial(_vpc, spec),
        say=partial(say, spec),
    )


@cache
def worlds() -> tuple[World, ...]:
    """Return each command with its recorded answers."""
    return (
        _of_adopt("many.json", "eu-west-1", "app", own=False),
        _of_adopt("groups.json", "eu-west-1", "app", own=True),
        _of_spec("preflight", "preflight/fine.yaml", "eu-west-1", "preflight/estate.json"),
        _of_spec(
            "verify",
            "verify/band-up.yaml",
            "ap-southeast-1",
            *(f"verify/{each}.json" for each in ("network", "dns", "endpoints")),
        ),
        _of_spec("drift", "drift/spec.yaml", "eu-west-1", "drift/estate.json"),
    )


def from_file(world: World, text: str) -> str:
    """Return what a command says of the text of a file, as with `--from`; raises Refused."""
    found = answers.read([("x.json", text)], world.region)
    require(found, ("Vpcs", *world.kinds), Place("x.json"))
    return world.say(found)


def from_server(world: World, access: Access) -> str:
    """Return what a command says of what a server answers; raises Refused."""
    everywhere = ("VpcEndpoints",) if world.command == "preflight" else ()
    return world.say(read(access, world.kinds, world.choose, optional=world.optional, everywhere=everywhere))

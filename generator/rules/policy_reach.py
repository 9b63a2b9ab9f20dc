"""What a policy stops though the spec needs it: buckets that AWS owns, and what its own endpoint is there for."""

from __future__ import annotations

from collections.abc import Iterator

from generator.catalog import policy_needs
from generator.catalog.policy_needs import Need
from generator.catalog.presets import bucket_of
from generator.intent.endpoints import Endpoint
from generator.intent.iam import allows, applies, names, reaches
from generator.intent.iam_owned import reach
from generator.intent.iam_pattern import Answer, texts
from generator.intent.iam_principal import is_elsewhere
from generator.intent.iam_use import ANYTHING, nothing_of
from generator.intent.intent import Intent
from generator.intent.policy_parts import owner_of
from generator.rules.policy_statements import PERIMETER, Statement, denial, request_of, requests_of, statements
from generator.rules.rule import Findings, policy_rule, rule
from generator.source.diagnostics import Place
from generator.source.suggest import some

_AROUND = PERIMETER - {"aws:resourceaccount"}  # which may name the accounts of AWS, whose the bucket is


@rule("W240")
def out_of_reach(intent: Intent) -> Findings:
    """A policy that keeps out what another endpoint needs."""
    for endpoint, need, users in _needs(intent):
        if need.fails and (found := _denied(intent, endpoint, need)):
            answer, place, message, fix = found
            yield place, f"{users}: {need.fails} {'may' if answer else 'will'} fail: {message}", fix


@rule("W245")
def may_be_missed(intent: Intent) -> Findings:
    """A policy that keeps out what another endpoint may need."""
    for endpoint, need, users in _needs(intent):
        if not need.fails and (found := _denied(intent, endpoint, need)):
            _, place, message, fix = found
            yield place, f"{users}: {need.preset.title} may not be reached: {message}", fix


def _needs(intent: Intent) -> Iterator[tuple[Endpoint, Need, str]]:
    """Yield each endpoint of Amazon S3 that has a policy, what others need of it, and who they are."""
    documents = intent.policies.documents
    for endpoint in intent.to_s3 if documents else ():
        for need in policy_needs.needs() if endpoint.key in documents else ():
            if users := intent.users(need):
                yield endpoint, need, some(users, between=" and ")


def _denied(intent: Intent, endpoint: Endpoint, need: Need) -> tuple[Answer, Place, str, str] | None:
    """Return the first bucket of a need that a policy does not surely let everybody reach: how far, where, and why."""
    document, requests = intent.policies.documents[endpoint.key], requests_of(intent, endpoint, need)
    for action, arn in need.requests(endpoint.service_region, intent.catalog):
        answer, request = reach(document, action, arn, requests)
        if answer is not Answer.YES:
            message = f"the policy of {endpoint.key} {'lets' if answer else 'does not let'} {action} reach "
            message += f"{bucket_of(arn)}{' only in some cases' if answer else ''}"
            place, fix = intent.place(endpoint, "policy"), f"let everybody use {action} on {_open(arn)}"
            if endpoint.service_region:
                fix = f"add the preset {need.preset.name} to the policy of {endpoint.key}"
            if denier := denial(intent, endpoint, action, arn, request):
                place, fix = denier[0], f"{denier[1]} denies it: leave {_open(arn)} out of that"
            return answer, place, message, fix
    return None


def _open(arn: str) -> str:
    return arn.replace("<region>", "*")


@policy_rule("W241")
def perimeter(intent: Intent, endpoint: Endpoint) -> Findings:
    """A perimeter around a bucket that AWS owns."""
    for each in statements(intent, endpoint):
        is_around = any(condition.key.casefold() in _AROUND for condition in each.conditions())
        is_own = each.part.preset is None and each.stated.get("Effect") == "Allow" and is_around
        for arn in texts(each.stated.get("Resource")) if is_own else ():
            if preset := owner_of(arn):
                bucket = bucket_of(arn)
                message = f"{endpoint.key}: {bucket} is AWS's own, and the statement has a condition on whose it is"
                yield each.place("Resource"), message, f"remove it there, and add the preset {preset.name}"


@policy_rule("W249")
def nothing(intent: Intent, endpoint: Endpoint) -> Findings:
    """A policy that lets nothing through."""
    if _lets_nothing(intent, endpoint):
        place, request = intent.place(endpoint, "policy"), request_of(intent, endpoint)
        allowing, denying = (
            [each for each in statements(intent, endpoint) if each.stated.get("Effect") == effect]
            for effect in ("Allow", "Deny")
        )
        if denier := next((each for each in denying if applies(each.stated, "*", "*", request) is Answer.YES), None):
            place, message, fix = denier.place(), f"{denier.name} denies everything", "write in it what must not pass"
        elif unmet := _unmet(intent, endpoint):
            place = unmet.place("Condition")
            message = f"no request through an endpoint meets the Condition of {unmet.name}"
            fix = "write a condition that callers in the VPC meet, or leave it out"
        elif away := next((each for each in allowing if _elsewhere(intent, endpoint, each)), None):
            partition, element = _partition(intent, endpoint), _elsewhere(intent, endpoint, away)
            place, message = away.place(element), f"the {element} of {away.name} is not of the partition {partition}"
            fix = f"write arn:{partition}: in it"
        elif empty := next((each for each in allowing if _leaving_nothing(each)), None):
            place, element = empty.place(_leaving_nothing(empty)), _leaving_nothing(empty)
            message, fix = (
                f"the {element} of {empty.name} leaves nothing",
                f"name in it what must not pass, or write {element[3:]}",
            )
        elif not allowing:
            message, fix = "the policy has no Allow", "add the preset full-access, or an Allow of what may pass"
        elif denying:
            place, message = denying[0].place("Effect"), "the policy denies all that it allows"
            fix = "leave what may pass out of each Deny"
        else:
            place, message = allowing[0].place("Condition"), "no request meets the Condition of an Allow"
            fix = "write a condition that callers in the VPC meet, or leave it out"
        yield place, f"{endpoint.key}: {message}, so nothing passes", fix


@policy_rule("W247", by_service=True)
def stops(intent: Intent, endpoint: Endpoint) -> Findings:
    """A policy that stops what its endpoint is there for."""
    document, request = intent.policies.documents.get(endpoint.key), request_of(intent, endpoint)
    if document is None or _lets_nothing(intent, endpoint):
        return
    known = [use for use in policy_needs.uses() if use.is_of(endpoint.service_id)]
    asked = [(use, bundles) for use in known if (bundles := use.asked_by(endpoint.bundles))]
    for use, bundles in asked:
        if refused := [action for action in use.actions if not allows(document, action, use.resource, request)]:
            message = f"{use.fails} of {' and '.join(bundles)} will fail: the policy lets nobody use "
            message += " or ".join(refused)
            fix = f"allow {' and '.join(refused)}"
            if use.resource == policy_needs.NO_RESOURCE:
                fix += ' on Resource: "*", the only one that it takes'
            yield _stopped(intent, endpoint, refused, use.resource, (message, fix))
    whole = "" if asked else nothing_of(document, endpoint.service_id, request)
    if whole not in {"", ANYTHING}:  # a document that is no policy lets nobody do anything
        message = f"the policy lets nobody use {whole}, which is all that the service does"
        needed = " and ".join(action for use in known for action in use.actions)
        fix = f"allow {needed or f'what callers need of {whole}'}"
        yield _stopped(intent, endpoint, [whole], "*", (message, fix))


def _stopped(
    intent: Intent, endpoint: Endpoint, refused: list[str], resource: str, said: tuple[str, str]
) -> tuple[Place, str, str]:
    place, (message, fix) = intent.place(endpoint, "policy"), said
    if denier := denial(intent, endpoint, refused[0], resource, request_of(intent, endpoint)):
        place, fix = denier[0], f"{denier[1]} denies it: leave {' and '.join(refused)} out of that"
    return place, f"{endpoint.key}: {message}", fix


def _lets_nothing(intent: Intent, endpoint: Endpoint) -> bool:
    is_stopped = any(
        each.stated.get("Effect") == "Deny"
        or each.stated.get("Condition")
        or _leaving_nothing(each)
        or _elsewhere(intent, endpoint, each)
        for each in statements(intent, endpoint)
    )
    document = intent.policies.documents.get(endpoint.key)
    return is_stopped and bool(nothing_of(document, request=request_of(intent, endpoint)))


def _leaving_nothing(statement: Statement) -> str:
    """Return the element by which a statement is about all but all: NotAction or NotResource; empty for others."""
    stated = statement.stated
    left = {"NotAction": names(stated, "*:*"), "NotResource": reaches(stated, "*")}
    return next((element for element, some in left.items() if element in stated and not some), "")


def _elsewhere(intent: Intent, endpoint: Endpoint, statement: Statement) -> str:
    """Return the element by which a statement is of other partitions alone than the endpoint's Region; mostly empty."""
    partition, stated = _partition(intent, endpoint), statement.stated
    is_away = reaches(stated, "arn:*") and not reaches(stated, f"arn:{partition}:*")
    found = {"Resource": is_away, "Principal": is_elsewhere(stated, partition)} if partition else {}
    return next((element for element, is_so in found.items() if is_so), "")


def _partition(intent: Intent, endpoint: Endpoint) -> str:
    return intent.catalog.partition_of(endpoint.service_region)


def _unmet(intent: Intent, endpoint: Endpoint) -> Statement | None:
    """Return the first Allow of which no request meets the conditions."""
    request, found = request_of(intent, endpoint), statements(intent, endpoint)
    allowed = (each for each in found if each.stated.get("Effect") == "Allow")
    return next((each for each in allowed if not request.meets(each.stated.get("Condition"))), None)

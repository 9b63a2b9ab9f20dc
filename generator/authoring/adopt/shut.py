"""Policies that let nothing through by what the spec does not say, as the id of a VPC that it has by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.authoring.adopt.description import Description
from generator.intent.iam_condition import Request, through
from generator.intent.iam_same import document
from generator.intent.iam_use import nothing_of
from generator.intent.intent import Intent
from generator.rules.policy_reach import nothing
from generator.source.diagnostics import Diagnostic, Place


def shut(endpoints: Mapping[str, Description], intent: Intent) -> Iterator[Diagnostic]:
    """Warn of each policy through which nothing passes by AWS's answers, where what the spec means says nothing."""
    told = {each.message.partition(":")[0] for each in intent.warnings if each.code == nothing.code}
    for key, each in endpoints.items():
        vpc, service = str(each.live["VpcId"]), str(each.live.get("ServiceName"))
        context = through(endpoint=each.id, vpc=vpc, service=service, day=intent.today)
        request = Request(context=context, account=str(each.live["OwnerId"]))
        policy = document(each.live.get("PolicyDocument"))
        if key not in told and isinstance(policy, dict) and nothing_of(policy, request=request):
            message = f"{key}: its policy lets nobody use anything: each request is refused"
            yield nothing.at(Place(each.id), message, f"let somebody through in the policy of {key}")

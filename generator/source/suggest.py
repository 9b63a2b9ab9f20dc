"""What somebody may have meant: words near to what was written, and the one way to ask "did you mean".

Pure functions of text, kept apart from `catalog`, whose facts they know nothing of.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

DID_YOU_MEAN = "did you mean "
"""How a fix begins that names what is near."""
_SHORT = 4
_WORDS = 500
"""So many words are compared in one guess."""
SHOWN = 12
"""So many names a sentence has; how many more there are it says."""
CLOSE = 0.6
"""The least likeness worth a suggestion; below it (difflib's own default) matches look arbitrary."""

_NOT_MADE = {
    r"(ec2(instance)?|instance)connect(endpoints?)?|eice?": "EC2 Instance Connect endpoints are another resource, "
    "aws_ec2_instance_connect_endpoint; write it beside the module",
    r"tunnel(endpoints?)?": "AWS has endpoints of type Tunnel since September 2026; wait for the provider, which has "
    "no such type yet (hashicorp/terraform-provider-aws#50087)",
    r"route53profiles?(association|id|ids)?": "a Route 53 Profile takes endpoints by "
    "aws_route53profiles_resource_association; write it beside the module, which gives endpoint_arns",
    r"(vpc)?endpointservices?": "an endpoint service is the provider's side, aws_vpc_endpoint_service; write it beside "
    "the module, and lead to it by service_name: com.amazonaws.vpce.…",
    r"(client)?vpn(endpoints?)?": "Client VPN endpoints are another resource, aws_ec2_client_vpn_endpoint; write it "
    "beside the module",
    r"(open|elastic)search(serverless|service|domain)?|aoss|es": "OpenSearch makes endpoints of its domains and "
    "collections itself; write aws_opensearch_vpc_endpoint or aws_opensearchserverless_vpc_endpoint beside the module",
    r"(route53)?resolver(endpoints?)?": "Route 53 Resolver endpoints are another resource, "
    "aws_route53_resolver_endpoint; write it beside the module",
}
"""What people also call endpoints, by its names in small letters without hyphens, and where it is made."""


_LEFT: ContextVar[Iterator[int] | None] = ContextVar("how often `nearest` looks", default=None)


@contextmanager
def few_guesses(most: int = 100) -> Iterator[None]:
    """Let `nearest` look so often and find nothing after that: a file may have a misspelling in each of its lines."""
    token = _LEFT.set(iter(range(most)))
    try:
        yield
    finally:
        _LEFT.reset(token)


def may_guess() -> bool:
    """Tell whether there is still a guess, and take it."""
    left = _LEFT.get()
    return left is None or next(left, None) is not None


def nearest(text: str, known: Iterable[str], *, n: int = 3, cutoff: float = CLOSE) -> tuple[str, ...]:
    """Return up to `n` known words that `text` may be a misspelling of, best first, whatever its case."""
    if not may_guess():
        return ()
    text, folded = text.casefold(), {word.casefold(): word for word in known}
    for _ in range(len(folded) // _WORDS):
        may_guess()
    alike = [word for word in folded if _may_be(word, text, cutoff)]
    found = difflib.get_close_matches(text, alike, max(n, 3), cutoff) if alike else []
    swapped = sorted(text)  # letters in another order are as far from it as others to difflib
    return tuple(folded[word] for word in sorted(found, key=lambda word: sorted(word) != swapped)[:n])


def ratio(one: str, other: str) -> float:
    """Return how alike two words are; 0 where one is many times as long, which takes difflib minutes."""
    return difflib.SequenceMatcher(None, one, other).ratio() if _may_be(one, other, 0.1) else 0.0


def _may_be(one: str, other: str, least: float) -> bool:
    return 2 * min(len(one), len(other)) >= least * (len(one) + len(other))


def slips(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known words of which `text` is a slip of the pen: one letter is too many, missing, wrong or swapped.

    Another digit is another name, as that of `eu-west-2`; and words of two letters are alike by chance.
    """
    return tuple(word for word in known if len(word + text) > _SHORT and _is_slip(text.casefold(), word.casefold()))


def _is_slip(one: str, other: str) -> bool:
    same = next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), None)
    at = min(len(one), len(other)) if same is None else same
    if len(one) == len(other):
        is_digit = one[at : at + 1].isdigit() and other[at : at + 1].isdigit()
        swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
        return not is_digit and (swapped or one[at + 1 :] == other[at + 1 :])
    short, long = sorted((one, other), key=len)
    return short[at:] == long[at + 1 :] and not long[at].isdigit()


def did_you_mean(near: Iterable[str], otherwise: str = "") -> str:
    """Return the fix that asks for what may be meant, as `did you mean a or b?`; `otherwise` where nothing is near."""
    words = " or ".join(near)
    return f"{DID_YOU_MEAN}{words}?" if words else otherwise


def not_made(text: str) -> str:
    """Return what it is that this tool makes none of, and who does, as a fix; empty for all else."""
    called = re.sub(r"[^a-z0-9]|^(aws|amazon)", "", text.casefold())
    found = next((what for names, what in _NOT_MADE.items() if re.fullmatch(names, called)), "")
    return found and f"gen-endpoints does not make this: {found}"


def some(names: Iterable[str], most: int = SHOWN, between: str = ", ", *, count: int | None = None) -> str:
    """Return names, and how many more there are: of all that are given, or of a count of which these are the first."""
    names = [*names]
    rest = (len(names) if count is None else count) - most
    return f"{between.join(names[:most])}{f' and {rest} more' if rest > 0 else ''}"

"""What tests ask of the emulated AWS beside its API: the log of calls, and a copy of all there is."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from moto.ec2.models import ec2_backends

from .emulated_api import ONE_AT_A_TIME
from .emulated_log import LOG, Call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from moto.ec2.models import EC2Backend

_FIXED = frozenset({"amis", "deleted_amis", "instance_types"})
"""What no test changes, and is most of what there is."""
_KEPT: dict[int, dict[str, Any]] = {}
"""What each backend had, by its identity."""


def _backends() -> Iterator[EC2Backend]:
    for regions in ec2_backends.values():
        yield from regions.values()


def _copied(backend: EC2Backend, having: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of what a backend has, in which everything still belongs to that backend."""
    changing = {name: value for name, value in having.items() if name not in _FIXED}
    return deepcopy(changing, {id(backend): backend})


def record() -> list[Call]:
    """Begin a log."""
    with ONE_AT_A_TIME:
        LOG.calls, LOG.is_on = [], True
    return []


def calls() -> list[Call]:
    """End the log, and return it."""
    with ONE_AT_A_TIME:
        LOG.is_on = False
        return LOG.calls


def keep() -> list[Call]:
    """Keep a copy of all there is."""
    with ONE_AT_A_TIME:
        _KEPT.clear()
        _KEPT.update({id(backend): _copied(backend, vars(backend)) for backend in _backends()})
    return []


def restore() -> list[Call]:
    """Let all be as it was kept."""
    with ONE_AT_A_TIME:
        for backend in _backends():
            if id(backend) in _KEPT:
                vars(backend).update(_copied(backend, _KEPT[id(backend)]))
    return []


DESK: dict[str, Callable[[], list[Call]]] = {"record": record, "calls": calls, "keep": keep, "restore": restore}
"""What can be asked, by its name."""

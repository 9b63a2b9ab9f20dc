"""What a target's key is beside itself: its module's name, and the folders around its own."""

from __future__ import annotations


def module_name(key: str) -> str:
    """Return the name of a target's module, of `orders/eu-west-1` as `orders-eu-west-1`; a name stays as it is."""
    return key.replace("/", "-")


def folders_above(key: str) -> list[str]:
    """Return the keys whose folders that of a target would be in, as file systems compare them."""
    parts = key.casefold().split("/")
    return ["/".join(parts[:number]) for number in range(1, len(parts))]

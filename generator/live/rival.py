"""What another spec has of what a spec would have."""

from __future__ import annotations

from generator.live.estate import AwsObject
from generator.source.frozen import frozen


@frozen(kw_only=True)
class Rival:
    """An endpoint of another spec, and the live endpoint that it is."""

    path: str
    """The other spec."""
    key: str
    live: AwsObject

    def __str__(self) -> str:
        """Say whose it is."""
        return f"{self.path} has it as {self.key}"

    def keep_in_one(self, spec: str) -> str:
        """Have one spec alone manage the endpoint."""
        return f"keep it in one of {spec} and {self.path}"

    def fix(self, spec: str) -> str:
        """Say what an apply comes to, and what to do."""
        return f"terraform apply of both makes two endpoints, or AWS refuses one: {self.keep_in_one(spec)}"

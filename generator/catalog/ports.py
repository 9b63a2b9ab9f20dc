"""What a rule of a security group opens, and on what a service listens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Port(NamedTuple):
    """A range of ports, from and to included, of `tcp` or `udp`; one or each type of `icmp` or `icmpv6`; all traffic.

    Of what has no ports -1 is all of them, all types or all codes, as AWS has it.
    https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsEc2SecurityGroupIpPermission.html (read 2026-11-28)
    """

    from_port: int
    to_port: int
    protocol: str = "tcp"

    @classmethod
    def read(cls, text: str) -> Port:
        """Return what a spec and the catalog write as `443`, `1400-1499`, `4195/udp`, `8/icmp`, `icmpv6` or `all`."""
        ports, _, protocol = text.partition("/")
        if not ports.replace("-", "").isdecimal():
            return cls.of(text, None, None)
        low, _, high = ports.partition("-")
        return cls(int(low), -1 if protocol in _ICMP else int(high or low), protocol or "tcp")

    @classmethod
    def of(cls, protocol: Any, first: Any, last: Any) -> Port:
        """Return what AWS, Terraform or a state says that a rule opens; of all traffic they say any ports, or none."""
        if (name := str(protocol)) in {"-1", "all"}:
            return ALL_TRAFFIC
        return cls(-1 if first is None else first, -1 if last is None else last, name)

    @classmethod
    def stated(cls, rule: Mapping[str, Any]) -> Port:
        """Return what the arguments of a rule open, of the newer or the older resource."""
        protocol = rule.get("ip_protocol", rule.get("protocol"))
        return cls.of(protocol, rule.get("from_port"), rule.get("to_port"))

    def __str__(self) -> str:
        """Return the text that `read` takes."""
        if self.from_port == -1:
            return "all" if self == ALL_TRAFFIC else self.protocol
        is_one = self.protocol in _ICMP or self.from_port == self.to_port
        ports = str(self.from_port) if is_one else f"{self.from_port}-{self.to_port}"
        return ports if self.protocol == "tcp" else f"{ports}/{self.protocol}"

    @property
    def traffic(self) -> str:
        """What it is in reports: `tcp 443-444`, `icmp type 8`, `everything`."""
        return "everything" if self == ALL_TRAFFIC else f"{self.protocol}{self._numbers('-')}"

    @property
    def title(self) -> str:
        """What it is in descriptions and pictures: `TCP 443 to 444`, `ICMPv6 type 128`, `All traffic`."""
        name = _ICMP.get(self.protocol, self.protocol.upper())
        return "All traffic" if self == ALL_TRAFFIC else name + self._numbers(" to ")

    def _numbers(self, to: str) -> str:
        if self.from_port == -1:
            return ""
        if self.protocol in _ICMP:
            return f" type {self.from_port}" + (f" code {self.to_port}" if self.to_port != -1 else "")
        return f" {self.from_port}" + (f"{to}{self.to_port}" if self.to_port != self.from_port else "")

    def includes(self, other: Port) -> bool:
        """Tell whether all that another opens is open by it."""
        if self == ALL_TRAFFIC or self.protocol != other.protocol:
            return self == ALL_TRAFFIC
        if self.from_port == -1:
            return True
        if self.protocol in _ICMP:
            return self.from_port == other.from_port and self.to_port in {-1, other.to_port}
        return self.from_port <= other.from_port and other.to_port <= self.to_port


_ICMP = {"icmp": "ICMP", "icmpv6": "ICMPv6"}
ALL_TRAFFIC = Port(-1, -1, "-1")

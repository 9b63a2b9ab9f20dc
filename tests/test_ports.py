"""What a rule opens: as a spec, AWS, Terraform and a state say it, and in words."""

from __future__ import annotations

import pytest

from generator.catalog.ports import ALL_TRAFFIC, Port

SAID = [
    ("443", Port(443, 443), "tcp 443", "TCP 443"),
    ("1400-1499", Port(1400, 1499), "tcp 1400-1499", "TCP 1400 to 1499"),
    ("4195/udp", Port(4195, 4195, "udp"), "udp 4195", "UDP 4195"),
    ("icmp", Port(-1, -1, "icmp"), "icmp", "ICMP"),
    ("icmpv6", Port(-1, -1, "icmpv6"), "icmpv6", "ICMPv6"),
    ("8/icmp", Port(8, -1, "icmp"), "icmp type 8", "ICMP type 8"),
    ("128/icmpv6", Port(128, -1, "icmpv6"), "icmpv6 type 128", "ICMPv6 type 128"),
    ("all", ALL_TRAFFIC, "everything", "All traffic"),
]


@pytest.mark.parametrize(("text", "port", "traffic", "title"), SAID)
def test_a_port_is_read_and_said(text: str, port: Port, traffic: str, title: str) -> None:
    """Each text of a spec is one port, which is written as that text."""
    assert (Port.read(text), str(port), port.traffic, port.title) == (port, text, traffic, title)


@pytest.mark.parametrize("ports", [(None, None), (-1, -1), (0, 0), (0, 65535)])
def test_all_traffic_is_one_whatever_ports_are_told(ports: tuple[int | None, int | None]) -> None:
    """AWS has none or -1, a state of the older resource 0, and what somebody wrote any."""
    assert Port.of("-1", *ports) == Port.of("all", *ports) == ALL_TRAFFIC


def test_what_includes_what() -> None:
    """All traffic has every port in it, all of ICMP each type; a type no port, and nothing of another protocol."""
    wholes = [port for _, port, *_ in SAID]
    parts = [Port(443, 443), Port(8, 0, "icmp"), Port(128, -1, "icmpv6"), Port(1450, 1450), Port(4195, 4195, "udp")]
    found = {str(whole): [part.traffic for part in parts if whole.includes(part)] for whole in wholes}

    assert found == {
        "443": ["tcp 443"],
        "1400-1499": ["tcp 1450"],
        "4195/udp": ["udp 4195"],
        "icmp": ["icmp type 8 code 0"],
        "icmpv6": ["icmpv6 type 128"],
        "8/icmp": ["icmp type 8 code 0"],
        "128/icmpv6": ["icmpv6 type 128"],
        "all": [part.traffic for part in parts],
    }

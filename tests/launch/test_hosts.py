"""Declarations of hosts, and what they let through."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.launch.hosts import address_of, asked, declared, is_public, loopback_ports, problem, reached, routes


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        (
            "api.example",
            ["api.example:443", "api.example:80"],
            ["api.example:8443", "x.api.example:443", "api.examplex:80"],
        ),
        ("API.example.:8443", ["api.example:8443"], ["api.example:443"]),
        ("*.api.example", ["a.api.example:443", "b.a.api.example:80"], ["api.example:443", "xapi.example:443"]),
        ("api.example:*", ["api.example:1", "api.example:65535"], ["b.example:443"]),
        ("192.0.2.1", ["192.0.2.1:443"], ["192.0.2.2:443", "192.0.2.1:22", "::ffff:192.0.2.1:443"]),
        ("10.0.0.0/8:5432", ["10.1.2.3:5432"], ["11.0.0.1:5432", "10.1.2.3:443"]),
        ("[2001:db8::1]:8080", ["2001:db8::1:8080"], ["2001:db8::2:8080"]),
        ("2001:db8::/32", ["2001:db8:1::1:443"], ["2001:db9::1:443"]),
        ("localhost:3000", ["localhost:3000", "127.0.0.1:3000", "::1:3000"], ["localhost:80", "127.0.0.2:3000"]),
        ("db.corp:5432+private", ["db.corp:5432"], ["db.corp:443", "10.0.0.1:5432"]),
    ],
)
def test_what_may_be_asked_for(text: str, yes: list[str], no: list[str]) -> None:
    one = declared(text)

    def may(target: str) -> bool:
        host, _, port = target.rpartition(":")
        return asked([one], host, int(port))

    assert [target for target in yes if not may(target)] == []
    assert [target for target in no if may(target)] == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is no name of a host"),
        ("*", "is no name of a host"),
        ("*.", "is no name of a host"),
        ("a.*.example", "is no name of a host"),
        ("a..b", "is no name of a host"),
        ("a b", "holds characters that no host has"),
        ("bücher.example", "holds characters that no host has"),
        ("https://a.example", "is an address of the web"),
        ("user@a.example", "is an address of the web"),
        ("a.example:0", "has a port that is none"),
        ("a.example:65536", "has a port that is none"),
        ("a.example:", "has a port that is none"),
        ("[::1", "has a bracket too many"),
        ("[a.example]:80", "has a bracket too many"),
        ("300.1.1.1", "is no address and no range"),
        ("1.2.3", "is no address and no range"),
        ("10.0.0.1/8", "is no address and no range"),
        ("0.0.0.0/0", "is every address"),
        ("::/0:*", "is no address and no range"),
        ("127.0.0.1:*", "is this machine itself"),
        ("127.0.0.0/8:*", "is this machine itself"),
        ("localhost:*", "is this machine itself"),
        ("a.example+public", "has something after"),
        ("10.0.0.1+private", "is an address; `+private` belongs to names"),
    ],
)
def test_what_declares_nothing(text: str, why: str) -> None:
    assert problem(text).startswith(why), problem(text)


@pytest.mark.parametrize(
    ("declaration", "address", "may"),
    [
        ("api.example", "203.0.113.0", False),
        ("api.example", "8.8.8.8", True),
        ("api.example", "2606:4700::1111", True),
        ("api.example", "127.0.0.1", False),
        ("api.example", "10.0.0.1", False),
        ("api.example", "169.254.169.254", False),
        ("api.example", "fe80::1%eth0", False),
        ("api.example", "64:ff9b::a00:1", False),
        ("api.example", "64:ff9b::808:808", True),
        ("api.example", "2002:7f00:1::", False),
        ("api.example", "::ffff:192.168.0.1", False),
        ("api.example", "::ffff:8.8.8.8", True),
        ("api.example", "not an address", False),
        ("api.example+private", "10.0.0.1", True),
        ("api.example+private", "192.168.7.7", True),
        ("api.example+private", "fd00::7", True),
        ("api.example+private", "100.64.1.1", True),
        ("api.example+private", "127.0.0.1", False),
        ("api.example+private", "169.254.169.254", False),
        ("api.example+private", "fe80::1", False),
        ("api.example+private", "::ffff:10.0.0.1", False),
        ("api.example+private", "203.0.113.7", True),
        ("api.example+private", "0.0.0.1", False),
        ("api.example+private", "255.255.255.255", False),
        ("api.example+private", "100.100.100.200", False),
        ("api.example+private", "fd00:ec2::254", False),
        ("api.example", "168.63.129.16", False),
    ],
)
def test_where_a_name_may_lead(declaration: str, address: str, may: bool) -> None:
    assert reached([declared(declaration)], "api.example", address, 443) is may


def test_a_private_address_beside_a_name() -> None:
    hosts = [declared("api.example:5432"), declared("10.0.0.7:5432")]
    assert reached(hosts, "api.example", "10.0.0.7", 5432)
    assert not reached(hosts, "api.example", "10.0.0.8", 5432)


def test_ports_of_this_machine() -> None:
    hosts = [declared(each) for each in ("localhost:5432", "127.0.0.1:80", "[::1]:9", "10.0.0.1:7", "a.example:6")]
    assert loopback_ports(hosts) == [80, 5432]


def test_routes() -> None:
    hosts = ["b.example:9", "a.example", "*.c.example", "10.0.0.1:7", "localhost:5", "d.example:*", "a.example:443"]
    assert routes([declared(each) for each in hosts]) == [("b.example", 9), ("a.example", 80), ("a.example", 443)]


@given(st.text(max_size=60) | st.from_regex(r"[*.a-z0-9:\[\]/+-]{0,30}", fullmatch=True))
def test_any_text_is_a_declaration_or_says_why_not(text: str) -> None:
    why = problem(text)
    assert why or declared(text).name or declared(text).ranges


@given(st.ip_addresses())
def test_no_address_of_this_machine_or_a_private_network_is_public(address: object) -> None:
    one = ip_address(str(address))
    if one.is_loopback or one.is_link_local or one.is_private or one.is_multicast or one.is_unspecified:
        assert is_public(one) is False or one.version == 6
    found = address_of(f"::ffff:{one}") if one.version == 4 else one
    assert found is not None
    if one.version == 4:
        assert is_public(found) is is_public(one)

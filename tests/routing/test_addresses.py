"""`routing.addresses`: every way to write an inside is refused, and what is allowed is only that."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.routing.addresses import Allowed, allowed, inside, is_host, refusal

INSIDE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.1.1",
    "100.64.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "192.88.99.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "2001:db8::1",
    "100::1",
    "::ffff:127.0.0.1",
    "::ffff:10.1.2.3",
    "::127.0.0.1",
    "::10.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::10.0.0.1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:7f00:1::",
    "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    "2606:4700::5efe:10.0.0.1",
    "2606:4700::200:5efe:10.0.0.1",
    "fe80::5efe:8.8.8.8",
    "fd00::5efe:8.8.8.8",
    "fd00::200:5efe:8.8.8.8",
    "64:ff9b:1:7f00:0:100:808:808",
    "64:ff9b:1::8.8.8.8",
    "::ffff:0:127.0.0.1",
    "::ffff:0:8.8.8.8",
    "100:0:0:1::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "192.0.0.8",
]
METADATA = [
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "64:ff9b::169.254.169.254",
    "2002:a9fe:a9fe::",
    "fd00:ec2::254",
    "100.100.100.200",
    "168.63.129.16",
    "169.254.170.2",
    "192.0.0.192",
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "100.128.0.1", "172.32.0.1", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]


@pytest.mark.parametrize("address", INSIDE)
def test_an_inside_is_refused(address: str) -> None:
    shown = ipaddress.ip_address(address.partition("%")[0])
    assert (
        refusal("a.example", address, Allowed())
        == f"{shown} is not a public address; allow_internal lets it be reached"
    )


@pytest.mark.parametrize("address", METADATA)
def test_metadata_services_are_refused_whatever_network_is_allowed(address: str) -> None:
    everything = allowed(["0.0.0.0/0", "::/0", "a.example"])
    assert refusal("a.example", address, everything) == f"{ipaddress.ip_address(address)} is a metadata service"
    assert refusal("a.example", address, allowed([address])) == ""


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_reached(address: str) -> None:
    assert refusal("a.example", address, Allowed()) == ""


@pytest.mark.parametrize(
    ("written", "host", "address", "may"),
    [
        (["jira.corp.example"], "jira.corp.example", "10.0.0.1", True),
        (["Jira.corp.example."], "jira.CORP.example", "10.0.0.1", True),
        (["jira.corp.example"], "evil.example", "10.0.0.1", False),
        (["corp.example"], "jira.corp.example", "10.0.0.1", False),
        (["10.0.0.0/24"], "x", "10.0.0.200", True),
        (["10.0.0.0/24"], "x", "10.0.1.1", False),
        (["10.0.0.7"], "x", "10.0.0.7", True),
        (["10.0.0.7"], "x", "10.0.0.8", False),
        (["10.0.0.0/8"], "x", "::ffff:10.0.0.1", False),
        (["fd00::/8"], "x", "fd00::1", True),
        (["[::1]"], "x", "::1", True),
        ([], "x", "nonsense", False),
    ],
)
def test_allowing(written: list[str], host: str, address: str, may: bool) -> None:
    assert (refusal(host, address, allowed(written)) == "") is may


@pytest.mark.parametrize("text", ["", "a b", "10.0.0.1/8", "10.0.0.0/33", "*.example", "http://a"])
def test_what_cannot_be_allowed(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be hosts, addresses or networks|holds a network that is none"):
        allowed([text])


@given(st.ip_addresses(v=4))
def test_an_address_in_an_address_is_as_public_as_itself(address: ipaddress.IPv4Address) -> None:
    alone = refusal("x", str(address), Allowed())
    mapped = (
        f"::ffff:{address}",
        f"64:ff9b::{address}",
        str(ipaddress.IPv6Address((0x2002 << 112) | (int(address) << 80))),
    )
    for written in mapped:
        assert bool(refusal("x", written, Allowed())) == bool(alone), written
        assert address in inside(ipaddress.ip_address(written))


@given(st.text(max_size=40))
def test_any_text_is_judged(text: str) -> None:
    assert isinstance(refusal(text, text, Allowed()), str)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("example.com", True),
        ("[2606:4700::1]", True),
        ("fe80::1%eth0", True),
        ("[fe80::1%en0.5]", True),
        ("::1%\r\nRCPT TO:<x@example.com>", False),
        ("fe80::1%a b", False),
        ("[::1", False),
        ("1.2.3.4]", False),
        ("a..b", False),
        ("example.com\n", False),
        ("", False),
    ],
)
def test_hosts(text: str, expected: bool) -> None:
    assert is_host(text) is expected

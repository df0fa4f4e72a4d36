"""Kinds of hosts, in every spelling of an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.hosts import HOST_KINDS, host_of, is_host, kinds


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", {"loopback"}),
        ("127.0.0.1", {"loopback"}),
        ("127.1", {"loopback", "odd-number"}),
        ("2130706433", {"loopback", "odd-number"}),
        ("0x7f000001", {"loopback", "odd-number"}),
        ("0177.0.0.1", {"loopback", "odd-number"}),
        ("::1", {"loopback"}),
        ("0.0.0.0", {"loopback"}),
        ("10.1.2.3", {"private"}),
        ("192.168.0.1", {"private"}),
        ("100.64.0.1", {"private"}),
        ("169.254.1.1", {"link-local"}),
        ("169.254.169.254", {"metadata"}),
        ("2852039166", {"metadata", "odd-number"}),
        ("0xA9FEA9FE", {"metadata", "odd-number"}),
        ("::ffff:169.254.169.254", {"metadata", "odd-number"}),
        ("169.254.170.2$uri", {"metadata"}),
        ("metadata.google.internal", {"metadata"}),
        ("8.8.8.8", {"raw-ip"}),
        ("203.0.113.7", {"raw-ip"}),
        ("fileserver", {"private"}),
        ("db.corp", {"private"}),
        ("abc.ngrok-free.app", {"tunnel"}),
        ("webhook.site", {"tunnel"}),
        ("transfer.sh", {"paste"}),
        ("registry.npmjs.org", {"registry"}),
        ("github.com", {"code"}),
        ("raw.githubusercontent.com", {"raw-code"}),
        ("bit.ly", {"shortener"}),
        ("abcdef.onion", {"onion"}),
        ("hooks.slack.com", {"chat"}),
        ("github.com.evil.example.net", {"lookalike"}),
        ("g1thub.com", {"lookalike"}),
        ("api.stripe.com", {"known"}),
        ("evil.test", {"unknown"}),
        ("attacker.example.net", {"unknown"}),
        ("$HOST", {"opaque"}),
        ("", {"opaque"}),
    ],
)
def test_kinds(host: str, expected: set[str]) -> None:
    assert kinds(host) == expected


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("https://user:pw@x.example.net:8443/a?b#c", "x.example.net"),
        ("http://[::1]:80/", "::1"),
        ("me@x.example.net:/srv", "x.example.net"),
        ("x.example.net:443", "x.example.net"),
        ("X.Example.NET.", "x.example.net"),
        ("ssh://git@x.example.net/a", "x.example.net"),
    ],
)
def test_the_host_in_a_word(word: str, name: str) -> None:
    found = host_of(word)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("word", ["file:///etc/passwd", "", "/etc/hosts", "http://"])
def test_words_without_a_host(word: str) -> None:
    assert host_of(word) is None


def test_a_part_of_an_address_tells_more() -> None:
    assert kinds("github.com", "https://github.com/o/r/releases/download/v1/x") == {"code", "raw-code"}
    assert kinds("discord.com", "https://discord.com/api/webhooks/1/x") == {"chat"}
    assert kinds("discord.com", "https://discord.com/channels") == {"unknown"}


def test_plain_words_are_no_hosts() -> None:
    assert [word for word in ("main.py", "a.b.c.example.net", "10.0.0.1", "v1.2", "readme") if is_host(word)] == [
        "main.py",
        "a.b.c.example.net",
        "10.0.0.1",
    ]


@given(st.text(max_size=80))
def test_any_text_is_read(word: str) -> None:
    found = host_of(word)
    assert found is None or found.kinds <= set(HOST_KINDS)
    assert kinds(word) <= set(HOST_KINDS)

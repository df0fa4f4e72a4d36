"""Addresses."""

import pytest

from spawngate.launch.addresses import Address, address, lookalike_host, number_of


def facts(found: Address | None) -> tuple[str, str, list[str]] | None:
    flags = ("plain_http", "raw_ip", "loopback", "tunnel")
    return None if found is None else (found.url, found.host, [name for name in flags if getattr(found, name)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://mcp.example.com/mcp", ("https://mcp.example.com/mcp", "mcp.example.com", [])),
        ("https://u:p@mcp.example.com:8443/mcp?k=v#f", ("https://mcp.example.com:8443/mcp", "mcp.example.com", [])),
        ("http://mcp.example.com/mcp", ("http://mcp.example.com/mcp", "mcp.example.com", ["plain_http"])),
        ("HTTP://MCP.example.com", ("http://mcp.example.com", "mcp.example.com", ["plain_http"])),
        ("ws://mcp.example.com", ("ws://mcp.example.com", "mcp.example.com", ["plain_http"])),
        ("http://localhost:3000/", ("http://localhost:3000/", "localhost", ["loopback"])),
        ("http://127.0.0.1/", ("http://127.0.0.1/", "127.0.0.1", ["loopback"])),
        ("http://[::1]:80/", ("http://[::1]:80/", "::1", ["loopback"])),
        ("http://0.0.0.0:1/", ("http://0.0.0.0:1/", "0.0.0.0", ["loopback"])),
        ("https://203.0.113.5/", ("https://203.0.113.5/", "203.0.113.5", ["raw_ip"])),
        ("http://0x7f.1/", ("http://0x7f.1/", "0x7f.1", ["loopback"])),
        ("http://2130706433/", ("http://2130706433/", "2130706433", ["loopback"])),
        ("http://3405803781/", ("http://3405803781/", "3405803781", ["plain_http", "raw_ip"])),
        ("https://[2001:db8::1]/", ("https://[2001:db8::1]/", "2001:db8::1", ["raw_ip"])),
        ("https://a.ngrok-free.app/", ("https://a.ngrok-free.app/", "a.ngrok-free.app", ["tunnel"])),
        ("https://webhook.site/x", ("https://webhook.site/x", "webhook.site", ["tunnel"])),
        ("https://notwebhook.site.example/x", ("https://notwebhook.site.example/x", "notwebhook.site.example", [])),
        ("https://[bad", ("", "", [])),
        ("https://x:99999/", ("https://x/", "x", [])),
        ("ftp://x", None),
        ("mcp.example.com", None),
        ("", None),
    ],
)
def test_address(text: str, expected: object) -> None:
    assert facts(address(text)) == expected


def test_number_of() -> None:
    assert [
        str(number_of(host)) for host in ("127.1", "010.0.0.1", "::ffff:10.0.0.1", "256.1.1.1", "1.2.3.4.5", "a")
    ] == [
        "127.0.0.1",
        "8.0.0.1",
        "10.0.0.1",
        "None",
        "None",
        "None",
    ]


@pytest.mark.parametrize(
    ("host", "imitated"),
    [
        ("github.com", ""),
        ("api.github.com", ""),
        ("mcp.example.com", ""),
        ("g\u0456thub.com", "github.com"),
        ("xn--gthub-n4a.com", "github.com"),
        ("githu8.com", "github.com"),
        ("g1thub.com", "github.com"),
        ("g00gle.com", "google.com"),
        ("paypa1.com", "paypal.com"),
        ("github.com.evil.example", "github.com"),
        ("github-com.evil.example", "github.com"),
        ("mygithub.com", ""),
    ],
)
def test_lookalike_host(host: str, imitated: str) -> None:
    assert lookalike_host(host) == imitated

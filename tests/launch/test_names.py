"""Names that imitate others, and characters that hide."""

import pytest

from spawngate.launch.names import PACKAGES, PROGRAMS, lookalike_package, lookalike_program, odd_characters, skeleton


@pytest.mark.parametrize(
    ("name", "imitated"),
    [
        ("n\u0440x", "npx"),
        ("\u0440ython", "python"),
        ("n\u200bpx", "npx"),
        ("pyth0n", "python"),
        ("dockr", "docker"),
        ("docekr", "docker"),
        ("nxp", "npx"),
        ("pythonn", "python"),
        ("nodejs", ""),
        ("code", ""),
        ("mode", ""),
        ("my-server", ""),
        ("uv", ""),
        ("", ""),
        ("python3.12", ""),
    ],
)
def test_lookalike_program(name: str, imitated: str) -> None:
    assert lookalike_program(name) == imitated


def test_nothing_imitates_itself() -> None:
    assert [name for name in PROGRAMS if lookalike_program(name)] == []
    assert [name for name in PACKAGES if lookalike_package(name)] == []


@pytest.mark.parametrize(
    ("name", "imitated"),
    [
        ("@modelcontextprotocol/server-filesytem", "@modelcontextprotocol/server-filesystem"),
        ("@modelcontextprotocoi/server-github", "@modelcontextprotocol"),
        ("@model-context-protocol/server-github", "@modelcontextprotocol"),
        ("modelcontextprotocol-server-github", "@modelcontextprotocol/server-github"),
        ("@upstahs/context7-mcp", "@upstash"),
        ("@upstaash/context7-mcp", "@upstash"),
        ("@upstats/context7-mcp", ""),
        ("@upstart/anything", ""),
        ("@strpie/mcp", "@stripe"),
        ("@auzre/tools", "@azure"),
        ("@entry/mcp-server", ""),
        ("@strife/mcp", ""),
        ("mcp-remotee", "mcp-remote"),
        ("mcp-server-fetc", "mcp-server-fetch"),
        ("mcp_server_fetch", ""),
        ("mcp-server-fetch", ""),
        ("mcp-server-docker", ""),
        ("@acme/server-github", ""),
        ("@example/mcp", ""),
        ("@stripe/mcp-tools", ""),
        ("fastmc", ""),
        ("", ""),
    ],
)
def test_lookalike_package(name: str, imitated: str) -> None:
    assert lookalike_package(name) == imitated


@pytest.mark.parametrize(
    ("command", "args", "found"),
    [
        ("npx", ("-y", "a"), ()),
        ("npx ", (), ("white-space",)),
        (" npx", (), ("white-space",)),
        ("npx\t", (), ("white-space",)),
        ("npx\u00a0", (), ("non-ascii-program", "white-space")),
        ("npx", ("a\nb",), ("newline-argument",)),
        ("npx", ("a\x1bb",), ("control",)),
        ("npx", ("a\u202eb",), ("bidirectional",)),
        ("npx", ("a\u200bb",), ("invisible",)),
        ("n\u0440x", (), ("non-ascii-program", "mixed-script")),
        ("npx", ("\u00fcber", "\u65e5\u672c"), ()),
        ("npx", ("\u0440\u0443\u0441\u0441\u043a\u0438\u0439",), ()),
        ("/home/j\u00fcrgen/bin/server", (), ()),
        ("C:\\Users\\J\u00fcrgen\\x.exe", (), ()),
        ("npx", ("p\u0430ckage",), ("mixed-script",)),
    ],
)
def test_odd_characters(command: str, args: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert odd_characters(command, args) == found


def test_skeleton() -> None:
    assert [skeleton(word) for word in ("\u041d\u0420\u0425", "\uff4e\uff50\uff58", "N\u0440\u0445")] == [
        "hpx",
        "npx",
        "npx",
    ]

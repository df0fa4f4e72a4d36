"""Leaves and file paths."""

import pytest

from spawngate.redact.marks import Marker
from spawngate.redact.tokens import blocks, leaf, path, vendors
from tests.redact.shown import shown

GITHUB = "ghp_" + "a1B2" * 9
TOKEN = "xQ7mK2vR9tL4wZ8nB5cD"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain-word", "plain-word"),
        (TOKEN, "<high-entropy>"),
        (f"({TOKEN}),", "(<high-entropy>),"),
        (f'"{TOKEN}".', '"<high-entropy>".'),
        (f"x={GITHUB};", "x=<github-token>;"),
        (f"${{HOME}}/{TOKEN}", "${HOME}<high-entropy>"),
        ("Tr0ub4dor&3.", "<password>."),
    ],
)
def test_leaf(text: str, expected: str) -> None:
    assert shown(leaf(Marker(b"k"), text, "argument")) == expected


def test_vendors_only_replaces_formats() -> None:
    assert shown(vendors(Marker(b"k"), f"{TOKEN} {GITHUB}", "text")) == f"{TOKEN} <github-token>"


def test_blocks_replaces_private_keys() -> None:
    text = "a -----BEGIN PRIVATE KEY-----\nx y\n-----END PRIVATE KEY----- b"
    assert shown(blocks(Marker(b"k"), text, "text")) == "a <private-key> b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/home/alice/.config/app.json", "/home/alice/.config/app.json"),
        (f"/home/alice/{GITHUB}/x", "/home/alice/<github-token>/x"),
        (f"C:\\Users\\alice\\{TOKEN}\\x.exe", "C:\\Users\\alice\\<high-entropy>\\x.exe"),
        ("/x/3f2504e0-4f89-41d3-9a0c-0305e82c3301.jsonl", "/x/3f2504e0-4f89-41d3-9a0c-0305e82c3301.jsonl"),
        ("/x/9f86d081884c7d659a2feaa0c55ad015/y", "/x/9f86d081884c7d659a2feaa0c55ad015/y"),
        ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "<high-entropy>"),
        ("/srv/app/wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "/srv/app/<high-entropy>"),
        ("/srv/2SOlojY8s0iYMTTTA_BizwVGqltJ-SvlET3efeWkgwo", "/srv/<high-entropy>"),
        ("/Users/alice/Projects/McpServer/Build/Release", "/Users/alice/Projects/McpServer/Build/Release"),
        ("/doc/core/arch/aarch64/fn.vsha256su0q_u32.html", "/doc/core/arch/aarch64/fn.vsha256su0q_u32.html"),
        ("/x/{8A69D345-D564-463C-AFF1-A69D9E530F96}/y", "/x/{8A69D345-D564-463C-AFF1-A69D9E530F96}/y"),
        ("/home/a/.cache/uv/archive-v0/o5qI32BBSaWT4kJA/pathspec/patterns",) * 2,
        (f"/home/a/.cache/uv/archive-v0/{TOKEN}/bin", f"/home/a/.cache/uv/archive-v0/{TOKEN}/bin"),
    ],
)
def test_path(text: str, expected: str) -> None:
    assert shown(path(Marker(b"k"), text)) == expected

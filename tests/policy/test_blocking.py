"""Drafts that deny one server: they hold, and a hostile name cannot make them say anything else."""

import re
import tomllib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.policy.blocking import CASES, FILE, denying, joined
from spawngate.policy.folder import report

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FINGERPRINT = "8da04ee3125b2558db57c8af8da04ee3"
STDIO: dict[str, Any] = {
    "command": "npx", "args": ["@playwright/mcp@latest"], "package": "pkg:npm/%40playwright/mcp@latest", "url": None,
}  # fmt: skip


def tried(files: dict[str, str]) -> Any:
    found = report({"policy.toml": 'base = "baseline"\n', **files}, NOW, b"k" * 32)
    assert (found.valid, found.failed, found.obstacle) == (True, (), ""), found
    return found


def test_a_package_is_denied_in_every_release() -> None:
    policy, case = denying("playwright", FINGERPRINT, STDIO)
    assert policy == (
        '@id("deny-playwright-8da04ee3")\n@verdict("deny")\n'
        '@reason("This MCP server is blocked. Ask your security team.")\n'
        "forbid (principal, action, resource)\n"
        'when { context.package == "pkg:npm/%40playwright/mcp" || context.package like "pkg:npm/%40playwright/mcp@*"'
        f' || context.fingerprint == "{FINGERPRINT}" }};\n'
    )
    other = case.replace("@latest", "@1.2.3").replace('"deny-playwright-8da04ee3"', '"another release"')
    files = joined({}, policy, f"{case}\n{other}")
    assert set(files) == {FILE, CASES}
    assert len(tried(files).cases) == 2
    without = report({"policy.toml": 'base = "baseline"\n', CASES: files[CASES]}, NOW, b"k" * 32)
    assert len(without.failed) == 2, "it is this policy that denies them"


def test_a_remote_server_is_denied_by_its_host() -> None:
    policy, case = denying("docs", FINGERPRINT, {"url": "https://Tools.Example/sse", "command": None, "args": []})
    assert 'context.hosts.contains("tools.example")' in policy
    assert case.endswith('launch = { url = "https://Tools.Example/sse" }\nverdict = "deny"\n')
    tried(joined({}, policy, case))


@pytest.mark.parametrize("package", ["", None, 7, 'pkg:npm/x" || true || "@1', "pkg:npm/*@1", "pkg:npm/a b@1", "x@1"])
def test_what_is_no_plain_package_is_left_to_the_fingerprint(package: object) -> None:
    policy, _ = denying("x", FINGERPRINT, {"package": package})
    assert policy.splitlines()[-1] == f'when {{ context.fingerprint == "{FINGERPRINT}" }};'


def test_without_anything_to_name_it_by_there_is_no_draft() -> None:
    assert denying("x", "not hex", {"package": None}) == ("", "")


def test_a_draft_joins_what_is_there_and_once() -> None:
    policy, case = denying("playwright", FINGERPRINT, STDIO)
    first = joined({"own.cedar": "kept", FILE: "// ours\n"}, policy, case)
    assert first == {"own.cedar": "kept", FILE: f"// ours\n\n{policy}", CASES: case}
    assert joined(first, policy, case) == first


@given(st.text(max_size=40), st.text(max_size=60), st.lists(st.text(max_size=30), max_size=4), st.text(max_size=40))
def test_hostile_servers_make_drafts_that_hold_or_none(name: str, command: str, args: list[str], package: str) -> None:
    policy, case = denying(name, FINGERPRINT, {"command": command, "args": args, "package": f"pkg:npm/{package}@1"})
    lines = policy.splitlines()
    assert len(lines) == 5
    assert re.fullmatch(r'@id\("deny(-[a-z0-9]+)+"\)', lines[0])
    assert lines[3] == "forbid (principal, action, resource)"
    if case:
        (made,) = tomllib.loads(case)["case"]
        assert made["launch"] == {"command": command, "args": args}

"""One scan after another, over real folders."""

import json
import os
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from spawngate.endpoint.collect import Collector, Found, Plan, distinct
from spawngate.endpoint.homes import Home
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.redact.artifact import Crossing
from spawngate.redact.redactor import Redactor
from spawngate.trail.diff import diff

TOKEN, OTHER = "ghp_" + "a1B2c3D4e5F6" * 3, "ghp_" + "z9Y8x7W6v5U4" * 3


def collector(endpoint: str = "endpoint", key: bytes = b"k" * 32) -> Collector:
    return Collector(Crossing(Redactor(key), endpoint))


def write(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(value, bytes):
        path.write_bytes(value)
    else:
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def plan(home: Path, *roots: Path, **more: Any) -> Plan:
    nothing = str(home / "no-such-system")
    return Plan((Home(str(home), "u", "linux"),), tuple(str(root) for root in roots), system_root=nothing, **more)


def scan(home: Path, *roots: Path, **more: Any) -> Found:
    return collector().collect(plan(home, *roots, **more))


def servers(found: Found) -> dict[str, Artifact]:
    return {artifact.name: artifact for artifact in found.artifacts if artifact.kind is Kind.MCP_SERVER}


def cursor(*definitions: tuple[str, Any]) -> dict[str, Any]:
    return {"mcpServers": dict(definitions)}


STDIO = {"command": "npx", "args": ["-y", "some-server@1.2.3", "--token", TOKEN], "env": {"API_KEY": TOKEN}}
PLAIN = {"command": "uvx", "args": ["other-server"]}


def test_rotation_and_order_keep_identity_and_fingerprint(tmp_path: Path) -> None:
    path = write(tmp_path / ".cursor/mcp.json", cursor(("a", STDIO), ("b", PLAIN)))
    before = servers(scan(tmp_path))
    rotated = {"env": {"API_KEY": OTHER}, "args": ["-y", "some-server@1.2.3", "--token", OTHER], "command": "npx"}
    write(path, cursor(("b", PLAIN), ("a", rotated)))
    after = servers(scan(tmp_path))
    assert [(name, item.id, item.fingerprint) for name, item in sorted(after.items())] == [
        (name, item.id, item.fingerprint) for name, item in sorted(before.items())
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"command": "bunx"},
        {"args": ["-y", "some-server@1.2.4", "--token", TOKEN]},
        {"args": ["-y", "some-server@1.2.3", "--token", TOKEN, "--unsafe"]},
        {"env": {"API_KEY": TOKEN, "EXTRA": "1"}},
        {"env": {"API_KEY": TOKEN, "NODE_OPTIONS": "--require /tmp/x.js"}},
        {"cwd": "/tmp"},
        {"command": None, "url": "https://mcp.example.test/"},
    ],
)
def test_whatever_changes_what_runs_changes_the_fingerprint(tmp_path: Path, change: dict[str, Any]) -> None:
    path = write(tmp_path / ".cursor/mcp.json", cursor(("a", STDIO)))
    before = servers(scan(tmp_path))["a"]
    write(path, cursor(("a", {**STDIO, **change})))
    after = servers(scan(tmp_path))["a"]
    assert after.id == before.id
    assert after.fingerprint != before.fingerprint


def test_code_loading_value_and_script_content_are_part_of_the_fingerprint(tmp_path: Path) -> None:
    script = write(tmp_path / "server.py", "print(1)")
    definition = {"command": "python3", "args": [str(script)], "env": {"PYTHONPATH": "/opt/a"}}
    path = write(tmp_path / ".cursor/mcp.json", cursor(("a", definition)))
    first = servers(scan(tmp_path))["a"]
    write(path, cursor(("a", {**definition, "env": {"PYTHONPATH": "/tmp/b"}})))
    second = servers(scan(tmp_path))["a"]
    write(script, "print(2)")
    third = servers(scan(tmp_path))["a"]
    assert len({first.fingerprint, second.fingerprint, third.fingerprint}) == 3
    assert first.launch is not None
    assert first.launch.digest is not None


def test_script_that_changes_is_seen_by_a_kept_collector(tmp_path: Path) -> None:
    """The configuration file is unchanged, so only looking at the script again can tell."""
    script = write(tmp_path / "server.py", "print(1)")
    write(tmp_path / ".cursor/mcp.json", cursor(("a", {"command": "python3", "args": [str(script)]})))
    kept = collector()
    first = servers(kept.collect(plan(tmp_path)))["a"]
    write(script, "print(2) # longer")
    assert servers(kept.collect(plan(tmp_path)))["a"].fingerprint != first.fingerprint


def test_fingerprint_is_the_same_in_another_home_on_another_endpoint(tmp_path: Path) -> None:
    found = []
    for name in ("ann", "bob"):
        home = tmp_path / name
        definition = {"command": f"{home}/bin/server", "args": [f"--data={home}/data", "--token", TOKEN]}
        write(home / ".cursor/mcp.json", cursor(("a", definition)))
        crossing = Crossing(Redactor(name.encode() * 12), name)
        found.append(servers(Collector(crossing).collect(plan(home)))["a"])
    assert found[0].fingerprint == found[1].fingerprint
    assert found[0].id != found[1].id


def test_bad_files_are_named_and_good_neighbours_stay(tmp_path: Path) -> None:
    write(
        tmp_path / ".cursor/mcp.json",
        cursor(("good", PLAIN), ("null", None), ("wrong", [1]), ("args", {"command": "x", "args": 5})),
    )
    write(tmp_path / ".codeium/windsurf/mcp_config.json", json.dumps(cursor(("wide", PLAIN))).encode("utf-16"))
    write(tmp_path / ".kiro/settings/mcp.json", b"\xef\xbb\xbf" + json.dumps(cursor(("marked", PLAIN))).encode())
    write(
        tmp_path / ".factory/mcp.json", '{"mcpServers": {"cut": {"command": "npx", "args": ["-y", "p"]}, "rest": {"comm'
    )
    write(
        tmp_path / ".junie/mcp/mcp.json",
        '{"mcpServers": {"deep": {"command": "x", "env": ' + "[" * 2000 + "]" * 2000 + "}}}",
    )
    write(tmp_path / ".lmstudio/mcp.json", "null")
    (tmp_path / ".copilot").mkdir()
    os.mkfifo(tmp_path / ".copilot/mcp-config.json")
    (tmp_path / ".warp").mkdir()
    (tmp_path / ".warp/.mcp.json").symlink_to(".mcp.json")
    found = scan(tmp_path)
    assert {(a.agent, a.name, a.status) for a in servers(found).values()} == {
        ("cursor", "good", Status.ENABLED),
        ("cursor", "null", Status.UNREADABLE),
        ("cursor", "wrong", Status.UNREADABLE),
        ("cursor", "args", Status.ENABLED),
        ("windsurf", "wide", Status.ENABLED),
        ("kiro", "marked", Status.ENABLED),
        ("factory-droid", "cut", Status.ENABLED),
        ("factory-droid", "rest", Status.UNREADABLE),
        ("junie", "deep", Status.ENABLED),
    }
    reasons = {(note.path.removeprefix(str(tmp_path) + "/"), note.reason) for note in found.diagnostics}
    assert reasons >= {
        (".cursor/mcp.json", "wrong-type"),
        (".codeium/windsurf/mcp_config.json", "encoding"),
        (".factory/mcp.json", "malformed"),
        (".junie/mcp/mcp.json", "too-deep"),
        (".lmstudio/mcp.json", "wrong-type"),
        (".copilot/mcp-config.json", "not-a-file"),
        (".warp/.mcp.json", "symlink-loop"),
    }


def test_remembered_and_searched_and_named_projects(tmp_path: Path) -> None:
    home, elsewhere, root = tmp_path / "home", tmp_path / "elsewhere", tmp_path / "root"
    write(home / "src/app/.mcp.json", cursor(("searched", PLAIN)))
    write(elsewhere / ".mcp.json", cursor(("remembered", PLAIN)))
    write(root / "deep/er/.cursor/mcp.json", cursor(("below-root", PLAIN)))
    write(home / ".claude.json", {"projects": {str(elsewhere): {}, "/gone": {}, "relative": {}}})
    assert set(servers(scan(home, root))) == {"searched", "remembered", "below-root"}
    assert set(servers(scan(home, root, search_homes=False))) == {"remembered", "below-root"}
    assert set(servers(scan(home))) == {"searched", "remembered"}


def test_project_that_a_project_names_is_read_too(tmp_path: Path) -> None:
    """A workspace file inside a project lists folders; finding them must not disturb the walk over projects."""
    home, one, two = tmp_path / "home", tmp_path / "one", tmp_path / "two"
    write(home / ".claude.json", {"projects": {str(one): {}}})
    write(one / ".codex/config.toml", f'[projects."{two}"]\ntrust_level = "trusted"\n')
    write(two / ".mcp.json", cursor(("named", PLAIN)))
    assert "named" in servers(scan(home))


def test_file_of_a_home_is_not_taken_for_a_project_file(tmp_path: Path) -> None:
    write(tmp_path / ".cursor/mcp.json", cursor(("a", PLAIN)))
    found = scan(tmp_path, tmp_path)
    assert [(a.name, a.scope) for a in found.artifacts if a.kind is Kind.MCP_SERVER] == [("a", Scope.USER)]


def test_shared_file_counts_for_every_agent_that_is_there(tmp_path: Path) -> None:
    write(tmp_path / "src/.mcp.json", cursor(("a", PLAIN)))
    alone = {a.agent for a in scan(tmp_path).artifacts if a.kind is Kind.MCP_SERVER}
    write(tmp_path / ".copilot/config.json", {})
    both = {a.agent for a in scan(tmp_path).artifacts if a.kind is Kind.MCP_SERVER}
    assert (alone, both) == ({"claude-code"}, {"claude-code", "copilot-cli"})


def test_shared_file_of_a_home_is_not_taken_for_a_project_file(tmp_path: Path) -> None:
    write(tmp_path / ".warp/.mcp.json", {"mcpServers": {}})
    write(tmp_path / ".codex/config.toml", '[mcp_servers.git]\ncommand = "uvx"\nargs = ["mcp-server-git"]\n')
    found = [a for a in scan(tmp_path).artifacts if a.kind is Kind.MCP_SERVER]
    assert [(a.agent, a.name, a.scope) for a in found] == [
        ("codex-cli", "git", Scope.USER),
        ("warp", "git", Scope.USER),
    ]


def test_machine_wide_file_of_another_agent(tmp_path: Path) -> None:
    write(tmp_path / "ann/.config/kilo/kilo.jsonc", {})
    write(tmp_path / "root/etc/opencode/opencode.json", {"mcp": {"corp": {"type": "remote", "url": "https://a.test"}}})
    home = Home(str(tmp_path / "ann"), "ann", "linux")
    found = collector().collect(Plan((home,), system_root=str(tmp_path / "root")))
    assert [(a.agent, a.name, a.scope) for a in found.artifacts if a.kind is Kind.MCP_SERVER] == [
        ("kilo-code", "corp", Scope.MANAGED),
        ("opencode", "corp", Scope.MANAGED),
    ]


def test_tool_with_a_common_name_counts_in_the_home_of_those_who_use_its_agent(tmp_path: Path) -> None:
    ann, bob = tmp_path / "ann", tmp_path / "bob"
    for home in (ann, bob):
        write(home / ".local/bin/amp", "#!/bin/sh\n").chmod(0o755)
    write(ann / ".config/amp/settings.json", {"amp.url": "https://ampcode.com"})
    homes = (Home(str(ann), "ann", "linux"), Home(str(bob), "bob", "linux"))
    found = collector().collect(Plan(homes, system_root=str(tmp_path / "none")))
    assert [(a.kind, a.path, a.status) for a in found.artifacts if a.agent == "amp"] == [
        (Kind.AGENT, str(ann), Status.INSTALLED),
        (Kind.CLI, str(ann / ".local/bin/amp"), Status.INSTALLED),
    ]


def test_second_scan_reads_nothing_anew_and_finds_the_same(tmp_path: Path) -> None:
    write(tmp_path / ".cursor/mcp.json", cursor(("a", STDIO)))
    write(tmp_path / ".claude.json", cursor(("b", PLAIN)))
    kept = collector()
    first, second = kept.collect(plan(tmp_path)), kept.collect(plan(tmp_path))
    assert (first.files, first.reused) == (2, 0)
    assert (second.files, second.reused) == (0, 2)
    assert second.artifacts == first.artifacts
    assert second.diagnostics == first.diagnostics
    (tmp_path / ".claude.json").unlink()
    third = kept.collect(plan(tmp_path))
    assert [change.change for change in diff(first.artifacts, third.artifacts) if change.artifact.name == "b"] == [
        "removed"
    ]


def test_identities_are_distinct(tmp_path: Path) -> None:
    hooks = {"hooks": {"Stop": [{"hooks": [{"command": "one"}, {"command": "one"}, {"command": "two"}]}]}}
    write(tmp_path / ".claude/settings.json", hooks)
    found = scan(tmp_path)
    ids = [artifact.id for artifact in found.artifacts]
    assert len(ids) == len(set(ids))
    assert sum(artifact.kind is Kind.HOOK for artifact in found.artifacts) == 3


def test_distinct_numbers_different_and_joins_equal_records() -> None:
    base = Artifact(Kind.HOOK, "same", "f", "a", Scope.USER, "n", "/p", Status.ENABLED)
    other = replace(base, fingerprint="g")
    made = distinct([other, base, base])
    assert len(made) == 2
    assert made == distinct([base, other])
    assert len({artifact.id for artifact in made}) == 2


def test_nothing_is_started(tmp_path: Path) -> None:
    """Every program that a definition, hook or PATH names would leave a mark."""
    mark = tmp_path / "mark"
    stub = write(tmp_path / "home/.local/bin/claude", f"#!/bin/sh\necho ran >> {mark}\n")
    stub.chmod(0o755)
    definition = {"command": str(stub), "args": ["--help"], "headersHelper": str(stub)}
    home = tmp_path / "home"
    write(home / ".claude.json", cursor(("a", definition)))
    write(
        home / ".claude/settings.json",
        {"hooks": {"Stop": [{"hooks": [{"command": str(stub)}]}]}, "apiKeyHelper": str(stub)},
    )
    write(home / ".config/crush/crushrc", f"{stub}\n")
    found = scan(home, environment={"PATH": str(stub.parent)}, own_home=str(home))
    assert "a" in servers(found)
    assert not mark.exists()


def test_hostile_bytes_in_every_known_place(tmp_path: Path) -> None:
    """Random and mutated bytes at the places of all agents: a result, never an exception."""
    from spawngate.agents.places import HomeContext, home_patterns

    rng = random.Random(7)
    seeds = [
        b"",
        b"\0" * 50,
        b"\xff\xfe{\0",
        b'{"mcpServers": ',
        b"[mcp_servers",
        b"---\n a: [",
        b"PK\x03\x04",
        b"SQLite format 3\0",
    ]
    good = json.dumps(
        {**cursor(("a", STDIO)), "hooks": {"Stop": [{"hooks": [{"command": "x"}]}]}, "projects": {"/x": {}}}
    ).encode()
    kept = collector()
    context = HomeContext(str(tmp_path), "linux")
    for agent, _ in kept.agents:
        for location in agent.locations:
            for pattern in list(home_patterns(agent, location, context))[:2]:
                path = Path(pattern.path.replace("**", "x").replace("*", "x"))
                data = bytearray(rng.choice([*seeds, good, good]))
                for _ in range(rng.randrange(4)):
                    if data:
                        data[rng.randrange(len(data))] = rng.randrange(256)
                if not any(parent.is_file() for parent in path.parents) and not path.is_dir():
                    write(path, bytes(data))
    found = kept.collect(plan(tmp_path))
    assert found.files > 100
    assert [note for note in found.diagnostics if note.reason == "internal"] == []


@pytest.mark.parametrize(
    ("folder", "note", "manifest"),
    [
        (".gemini/extensions/x", ".gemini-extension-install.json", "gemini-extension.json"),
        (".qwen/extensions/x", ".qwen-extension-install.json", "qwen-extension.json"),
    ],
)
def test_linked_extension_is_read_where_it_lies(tmp_path: Path, folder: str, note: str, manifest: str) -> None:
    home, source = tmp_path / "home", tmp_path / "src/ext"
    write(home / folder / note, {"source": str(source), "type": "link"})
    write(source / manifest, {"name": "x", "version": "1", **cursor(("linked", PLAIN))})
    found = servers(scan(home))
    assert (found["linked"].path, found["linked"].scope) == (str(source / manifest), Scope.PLUGIN)
    write(home / folder / note, {"source": str(source), "type": "local"})
    assert "linked" not in servers(scan(home))
    write(home / folder / note, {"source": "relative", "type": "link"})
    assert "linked" not in servers(scan(home))

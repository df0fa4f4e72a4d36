"""Which files are meant: scopes, platforms, editions, patterns, versions, modes."""

from pathlib import Path
from typing import Any

import pytest

from spawngate.agents import load_agent
from spawngate.agents.formats import Format
from spawngate.agents.formats.edit_values import Operation
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.agents.places import HomeContext, Machine
from spawngate.endpoint.protect.targets import Machinery, Request, Target, expanded, named, older, targets, without_key
from spawngate.model.artifact import Scope
from spawngate.model.decision import Mode

AGENT = load_agent("claude-code")
ENTRY: Any = {"hooks": [{"command": "{program}", "args": ["{args}"], "onFailure": "block"}]}


def request(*files: HookFile, **more: Any) -> Request:
    assert AGENT.hook is not None
    registration = Registration(files=files, fail_closed="onFailure", exec_since="2.1.139")
    return Request(AGENT, AGENT.hook, registration, ("/s/spawngate-hook", "claude-code"), **more)


def machinery(home: Path, root: str = "", **environment: str) -> Machinery:
    return Machinery(HomeContext(str(home), "linux", environment), Machine("linux", root))


def test_scope_and_platform_choose_the_files(tmp_path: Path) -> None:
    insertion = Insertion(("hooks", "PreToolUse"), ENTRY, event="PreToolUse")
    files = (
        HookFile("~/.claude/settings.json", Scope.USER, insertions=(insertion,)),
        HookFile("~/.claude/mac.json", Scope.USER, on=("macos",)),
        HookFile("/etc/claude-code/x.json", Scope.MANAGED, insertions=(insertion,)),
    )
    entry: Any = {"hooks": [{"command": "/s/spawngate-hook", "args": ["claude-code"], "onFailure": "block"}]}
    operation = Operation(("hooks", "PreToolUse"), entry)
    around = machinery(tmp_path, "/image")
    assert targets(request(*files), around) == [
        Target("claude-code", f"{tmp_path}/.claude/settings.json", files[0], (operation,))
    ]
    assert targets(request(*files, scope=Scope.MANAGED), around) == [
        Target("claude-code", "/image/etc/claude-code/x.json", files[2], (operation,))
    ]


def test_variable_of_the_agent_moves_its_file(tmp_path: Path) -> None:
    file = HookFile("~/.claude/settings.json", Scope.USER)
    (found,) = targets(request(file), machinery(tmp_path, CLAUDE_CONFIG_DIR="/elsewhere"))
    assert found.path == "/elsewhere/settings.json"


@pytest.mark.parametrize(
    ("version", "mode", "handler"),
    [
        ("2.1.200", Mode.ENFORCE, {"command": "/s/spawngate-hook", "args": ["claude-code"], "onFailure": "block"}),
        ("", Mode.MONITOR, {"command": "/s/spawngate-hook", "args": ["claude-code"]}),
        ("2.1.100", Mode.ENFORCE, {"onFailure": "block", "command": "/s/spawngate-hook claude-code"}),
    ],
)
def test_version_and_mode_form_the_entry(tmp_path: Path, version: str, mode: Mode, handler: Any) -> None:
    file = HookFile("~/f", Scope.USER, insertions=(Insertion(("h",), ENTRY, event="x"),))
    (found,) = targets(request(file, version=version, mode=mode), machinery(tmp_path))
    assert found.operations == (Operation(("h",), {"hooks": [handler]}),)


def test_names_end_with_the_token_of_the_installation(tmp_path: Path) -> None:
    entry: Any = {"name": "spawngate", "inner": [{"name": "spawngate PreToolUse"}, {"name": "other"}], "x": "spawngate"}
    assert named(entry, "0a1b") == {
        "name": "spawngate-0a1b",
        "inner": [{"name": "spawngate-0a1b PreToolUse"}, {"name": "other"}],
        "x": "spawngate",
    }
    assert named(entry, "") == entry
    file = HookFile("~/f", Scope.USER, insertions=(Insertion(("h",), {"name": "spawngate"}),))
    (found,) = targets(request(file, token="0a1b"), machinery(tmp_path))
    assert found.operations == (Operation(("h",), {"name": "spawngate-0a1b"}),)


def test_informing_events_only_where_they_are_wanted(tmp_path: Path) -> None:
    file = HookFile("~/f", Scope.USER, insertions=(Insertion(("a",), {}), Insertion(("b",), {}, needed=False)))
    assert len(targets(request(file), machinery(tmp_path))[0].operations) == 1
    assert len(targets(request(file, context=True), machinery(tmp_path))[0].operations) == 2


def test_informing_events_say_so_to_the_client(tmp_path: Path) -> None:
    entry: Any = {"command": "{command}", "args": ["{args}"]}
    file = HookFile(
        "~/f",
        Scope.USER,
        insertions=(Insertion(("a",), entry, event="A"), Insertion(("b",), entry, event="B", needed=False)),
    )
    found = targets(request(file, context=True), machinery(tmp_path))[0].operations
    argv = list(request(file).argv)
    assert [operation.value for operation in found] == [
        {"command": " ".join(argv), "args": argv[1:]},
        {"command": " ".join([*argv, "inform"]), "args": [*argv[1:], "inform"]},
    ]


def test_pattern_means_every_match_or_the_default(tmp_path: Path) -> None:
    home = tmp_path / "odd [home]*"
    home.mkdir()
    with_default = HookFile("~/agents/*.json", Scope.USER, default="~/agents/default.json")
    without = HookFile("~/agents/*.json", Scope.USER)
    assert [item.path for item in targets(request(with_default), machinery(home))] == [f"{home}/agents/default.json"]
    assert targets(request(without), machinery(home)) == []
    (home / "agents/folder.json").mkdir(parents=True)
    for name in ("b", "a"):
        (home / f"agents/{name}.json").touch()
    for file in (with_default, without):
        assert [item.path for item in targets(request(file), machinery(home))] == [
            f"{home}/agents/a.json",
            f"{home}/agents/b.json",
        ]


def test_file_of_an_edition_that_is_not_there_is_left_out(tmp_path: Path) -> None:
    file = HookFile("~/f", Scope.USER, only_if=("~/.edition/*", "~/.other"))
    assert targets(request(file), machinery(tmp_path)) == []
    (tmp_path / ".edition/x").mkdir(parents=True)
    assert len(targets(request(file), machinery(tmp_path))) == 1


def test_script_and_plugin_are_whole_files(tmp_path: Path) -> None:
    script = HookFile("~/x.sh", Scope.USER, Format.TEXT, text="exec {command}\n", script=True)
    user = HookFile("~/f", Scope.USER, insertions=(Insertion(("h",), {"command": "{script}"}),))
    plugin = HookFile("~/p.js", Scope.USER, Format.TEXT, plugin="opencode")
    first, second, third = targets(request(script, user, plugin), machinery(tmp_path))
    assert first.whole == "exec /s/spawngate-hook claude-code\n"
    assert second.operations == (Operation(("h",), {"command": f"{tmp_path}/x.sh"}),)
    assert '"/s/spawngate-hook","claude-code"' in third.whole.replace('", "', '","')


def test_alternatives_go_with_their_operation(tmp_path: Path) -> None:
    insertion = Insertion(("hooks", "x"), {}, alternatives=(("x",),))
    (found,) = targets(request(HookFile("~/f", Scope.USER, insertions=(insertion,))), machinery(tmp_path))
    assert found.elsewhere == {0: (("x",),)}


def test_small_parts(tmp_path: Path) -> None:
    assert older("1.9.9", "1.10.0")
    assert not older("v1.10.0-beta", "1.10")
    assert not older("", "1.10.0")
    assert not older("1.0", "")
    assert without_key({"a": [{"b": 1, "c": {"b": 2}}], "b": 3}, "b") == {"a": [{"c": {}}]}
    assert expanded(AGENT, "~/x", machinery(tmp_path)) == [f"{tmp_path}/x"]
    assert expanded(AGENT, "/etc/x", machinery(tmp_path, "/r")) == ["/r/etc/x"]

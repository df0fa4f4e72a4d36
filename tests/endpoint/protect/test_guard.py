"""What was removed or changed is told, once; what others do beside ours is not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spawngate.endpoint.client.place import installed_client
from spawngate.endpoint.protect.guard import Guard, Tampered, What, check, note_client
from tests.endpoint.protect.conftest import Place

CLAUDE = ".claude/settings.json"


def edit(path: Path, change: Callable[[Any], None]) -> None:
    value = json.loads(path.read_bytes())
    change(value)
    path.write_text(json.dumps(value), encoding="utf-8")


def drop(value: Any) -> None:
    value["hooks"]["PreToolUse"] = []


def weaken(value: Any) -> None:
    value["hooks"]["PreToolUse"][0]["matcher"] = "Nothing"


def narrow(value: Any) -> None:
    value["hooks"]["PreToolUse"][0]["hooks"][0]["if"] = "Bash(x)"


def beside(value: Any) -> None:
    value["model"] = "sonnet"
    value["hooks"]["PreToolUse"].insert(0, {"hooks": []})


@pytest.mark.parametrize(
    ("change", "what"),
    [(drop, What.REMOVED), (weaken, What.CHANGED), (narrow, What.CHANGED), (beside, None)],
)
def test_change_of_our_entry_is_told(place: Place, change: Callable[[Any], None], what: What | None) -> None:
    place.protect("claude-code")
    assert check(place.state) == []
    path = place.home / CLAUDE
    edit(path, change)
    expected = [] if what is None else [Tampered(what, str(path), "claude-code", "hooks.PreToolUse")]
    assert check(place.state) == expected


def test_file_that_is_gone_broken_or_no_file_is_told(place: Place) -> None:
    place.protect("claude-code", "opencode", "codex-cli")
    settings, hooks = place.home / CLAUDE, place.home / ".codex/hooks.json"
    plugin = next((place.home / ".config/opencode").rglob("*.js"))
    settings.unlink()
    plugin.write_bytes(plugin.read_bytes() + b"\n")
    hooks.write_bytes(b'{"hooks": ')
    config = place.home / ".codex/config.toml"
    config.write_bytes(config.read_bytes().replace(b"sha256:", b"sha256:0"))
    found = check(place.state)
    assert [(item.what, item.path, item.agent) for item in found] == [
        (What.REMOVED, str(settings), "claude-code"),
        (What.CHANGED, str(plugin), "opencode"),
        (What.UNREADABLE, str(hooks), "codex-cli"),
        (What.CHANGED, str(config), "codex-cli"),
    ] or {(item.what, item.path) for item in found} == {
        (What.REMOVED, str(settings)),
        (What.CHANGED, str(plugin)),
        (What.UNREADABLE, str(hooks)),
        (What.CHANGED, str(config)),
    }
    assert all(item.message.startswith("Spawngate's entry for ") for item in found)


def test_client_and_its_configuration_are_looked_after(place: Place) -> None:
    place.protect("claude-code")
    client = installed_client(place.state)
    assert client is not None
    conf = place.state / "hook/hook.conf"
    conf.write_bytes(conf.read_bytes().replace(b"closed", b"open"))
    client.program.unlink()
    assert check(place.state) == [
        Tampered(What.REMOVED, str(client.program)),
        Tampered(What.CHANGED, str(conf)),
    ]


def test_damaged_journal_is_told(place: Place) -> None:
    place.protect("claude-code")
    (place.state / "protect/journal.json").write_bytes(b"x")
    (found,) = check(place.state)
    assert (found.what, found.path) == (What.UNREADABLE, str(place.state / "protect/journal.json"))


def test_nothing_is_told_where_nothing_was_done(place: Place) -> None:
    assert check(place.state) == []
    assert note_client(place.state) is None
    place.protect("claude-code")
    place.unprotect()
    assert check(place.state) == []


def test_guard_tells_each_change_once(place: Place) -> None:
    place.protect("claude-code")
    guard = Guard(place.state)
    assert guard.look() == ([], [])
    path = place.home / CLAUDE
    good = path.read_bytes()
    edit(path, drop)
    gone = Tampered(What.REMOVED, str(path), "claude-code", "hooks.PreToolUse")
    assert guard.look() == ([gone], [])
    assert guard.look() == ([], [])
    path.write_bytes(good)
    assert guard.look() == ([], [gone])


def test_guard_tells_what_our_own_commands_did(place: Place) -> None:
    guard = Guard(place.state)
    assert guard.look() == ([], [])
    place.protect("claude-code")
    path = str(place.home / CLAUDE)
    assert guard.look() == ([Tampered(What.INSTALLED, path, "claude-code")], [])
    Path(path).unlink()
    assert guard.look() == ([Tampered(What.REMOVED, path, "claude-code")], [])
    place.unprotect()
    assert guard.look() == ([Tampered(What.WITHDRAWN, path, "claude-code")], [])
    (place.state / "protect/journal.json").write_bytes(b"x")
    assert [item.what for item in guard.look()[0]] == [What.UNREADABLE]


def test_a_second_look_reads_no_file_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.protect("claude-code", "cursor")
    guard = Guard(place.state)
    assert guard.look() == ([], [])

    def read(path: str, limit: int = 0) -> bytes:
        raise AssertionError(path)

    with monkeypatch.context() as patched:
        patched.setattr("spawngate.endpoint.files.read", read)
        patched.setattr(Path, "read_bytes", lambda path: read(str(path)))
        assert guard.look() == ([], [])
    path = place.home / CLAUDE
    path.write_bytes(path.read_bytes().replace(b"spawngate-hook", b"spawngate-hooK"))
    assert [item.what for item in guard.look()[0]] == [What.REMOVED]

"""Protecting whole agents: every registration in and out again, byte for byte, over odd files, crashes and races."""

import json
import os
import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from spawngate.agents import AGENTS, load_agent
from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import parse
from spawngate.agents.hooks.registration import is_ours
from spawngate.endpoint.client.settings import read_settings
from spawngate.endpoint.daemon.place import place as daemon_place
from spawngate.endpoint.policy import load_folder
from spawngate.endpoint.protect import atomic, journal, setup
from spawngate.endpoint.protect.apply import Done
from spawngate.endpoint.protect.setup import Wanted, hooked, look_ahead
from spawngate.model.artifact import Scope
from spawngate.model.decision import Mode
from spawngate.model.errors import UsageError
from spawngate.model.hookconf import ANY
from tests.endpoint.protect.conftest import Place

HOOKED = [agent for agent in AGENTS if hooked(agent) is not None]
CLAUDE = ".claude/settings.json"

NEEDED = {"amazon-q-cli": ".aws/amazonq/cli-agents/a.json"}
"""Files of agents that have a hook only inside a file that people make."""

ODD: dict[str, bytes] = {
    "plain": b'{\n  "model": "opus"\n}\n',
    "crlf and tabs": b'{\r\n\t"model": "opus",\r\n\t"permissions": {\r\n\t\t"allow": [ ]\r\n\t}\r\n}\r\n',
    "no line end": b'{"a": 1}',
    "dense": b'{"a":[1,2],"hooks":{"PreToolUse":[{"matcher":"x","hooks":[]}]}}',
    "mark": b'\xef\xbb\xbf{\n    "a": 1\n}',
    "empty": b"",
    "blank": b"\n\n",
    "braces": b"{\n}\n",
    "unicode": '{"ключ": "值 \u2028", "e": "\\ud83d\\ude00"}\n'.encode(),
    "huge": b'{\n  "history": "' + b"x" * 5_000_000 + b'"\n}\n',
    "foreign hooks": b'{"hooks": {"PreToolUse": [ {"matcher": "B", "hooks": [{"type": "command", "command": "x"}]}]} }',
}


def outcomes(done: list[Done]) -> set[str]:
    return {item.outcome for item in done}


@pytest.mark.parametrize("agent", HOOKED)
@pytest.mark.parametrize("context", [False, True], ids=["needed", "context"])
def test_every_agent_is_protected_and_left_as_it_was(place: Place, agent: str, context: bool) -> None:
    place.write(NEEDED.get(agent, ".config/other/file"), b"{}")
    before = place.files()
    done = place.protect(agent, context=context)
    assert outcomes(done) == {"written"}
    written = [path for path in (item.path for item in done) if is_ours(Path(path).read_text(encoding="utf-8"))]
    assert written, "no file runs our client"
    assert outcomes(place.protect(agent, context=context)) == {"unchanged"}
    assert outcomes(place.unprotect(agent)) <= {"deleted", "restored"}
    assert place.files() == before


@pytest.mark.parametrize("name", ODD)
def test_odd_files_come_back_byte_for_byte(place: Place, name: str) -> None:
    path = place.write(CLAUDE, ODD[name])
    done = place.protect("claude-code")
    assert outcomes(done) == {"written"}
    value: Any = parse(path.read_bytes(), Format.JSON)
    assert is_ours(value["hooks"]["PreToolUse"][-1])
    assert place.unprotect() == [Done("claude-code", str(path), "restored")]
    assert path.read_bytes() == ODD[name]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b'{"a": 1', "not valid json"),
        (b'// note\n{"a": 1}', "strict JSON"),
        (b'{"hooks": []}', "hooks is not a map of keys"),
        (b'{"hooks": {"PreToolUse": {}}}', "hooks.PreToolUse is not a list"),
        (b"[]", "no map of keys"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
    ],
)
def test_what_the_agent_cannot_read_is_left_alone(place: Place, data: bytes, problem: str) -> None:
    path = place.write(CLAUDE, data)
    (done,) = place.protect("claude-code")
    assert done.outcome == "failed"
    assert problem in done.problem
    assert path.read_bytes() == data
    assert journal.load(place.state).entries == ()


@pytest.mark.parametrize(
    ("agent", "name", "data", "problem"),
    [
        ("codex-cli", ".codex/hooks.json", b'{"version": 1}', "'version'"),
        ("cursor", ".cursor/hooks.json", b'{"version": 1, "hooks": {"stop": [{"command": "curl http://x"}]}}', "//"),
        ("cursor", ".cursor/hooks.json", b'{"version": 1, "hooks": {"preToolUse": ["x"]}}', "drops the whole file"),
    ],
)
def test_what_would_make_the_agent_drop_its_file_is_refused(
    place: Place, agent: str, name: str, data: bytes, problem: str
) -> None:
    path = place.write(name, data)
    done = [item for item in place.protect(agent) if item.path == str(path)]
    assert [item.outcome for item in done] == ["failed"]
    assert problem in done[0].problem
    assert path.read_bytes() == data


def test_link_is_written_through(place: Place) -> None:
    real = place.write("dotfiles/claude.json", b'{"a": 1}')
    link = place.home / CLAUDE
    link.parent.mkdir()
    link.symlink_to(real)
    place.protect("claude-code")
    assert link.is_symlink()
    assert is_ours(json.loads(real.read_bytes()))
    place.unprotect()
    assert link.is_symlink()
    assert real.read_bytes() == b'{"a": 1}'


def test_mode_is_kept_and_new_files_are_private(place: Place) -> None:
    path = place.write(CLAUDE, b"{}")
    path.chmod(0o444)
    place.protect("claude-code", "cline")
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    script = place.home / ".cline/hooks/PreToolUse"
    assert stat.S_IMODE(script.stat().st_mode) == 0o700
    assert stat.S_IMODE(script.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((place.state / "protect/journal.json").stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folder_that_may_not_be_written_is_a_failure(place: Place) -> None:
    path = place.write(CLAUDE, b"{}")
    path.parent.chmod(0o500)
    try:
        (done,) = place.protect("claude-code")
        assert done.outcome == "failed"
        assert "Permission denied" in done.problem
    finally:
        path.parent.chmod(0o700)


def test_folder_or_pipe_in_the_place_of_a_file_is_a_failure(place: Place) -> None:
    (place.home / CLAUDE).mkdir(parents=True)
    os.makedirs(place.home / ".codex")
    os.mkfifo(place.home / ".codex/hooks.json")
    done = {item.path: item for item in place.protect("claude-code", "codex-cli")}
    assert "no regular file" in done[str(place.home / CLAUDE)].problem
    assert "no regular file" in done[str(place.home / ".codex/hooks.json")].problem


def test_protect_after_a_lost_journal_can_be_undone(place: Place) -> None:
    path = place.write(CLAUDE, b'{"model": "opus"}')
    place.protect("claude-code")
    (place.state / "protect/journal.json").unlink()
    assert outcomes(place.protect("claude-code")) == {"unchanged"}
    place.unprotect()
    assert path.read_bytes() == b'{"model": "opus"}'


def test_mode_is_written_and_counts(place: Place) -> None:
    place.protect("claude-code", "cursor", mode=Mode.MONITOR)
    settings = load_folder(daemon_place(place.state).policy).settings
    assert settings.modes == {"claude-code": Mode.MONITOR, "cursor": Mode.MONITOR}
    text = (place.home / CLAUDE).read_text(encoding="utf-8")
    assert "onFailure" not in text
    conf = read_settings(place.state)
    assert conf is not None
    closed = {line.agent: line.closed for line in conf.fallbacks if line.event == ANY}
    assert closed["claude-code"] is False
    assert closed["gemini-cli"] is True
    place.protect("claude-code", "cursor", mode=Mode.ENFORCE)
    assert '"onFailure": "block"' in (place.home / CLAUDE).read_text(encoding="utf-8")
    assert '"failClosed": true' in (place.home / ".cursor/hooks.json").read_text(encoding="utf-8")
    place.unprotect()
    assert not (place.home / CLAUDE).exists()


def test_mode_for_all_replaces_single_ones(place: Place) -> None:
    policy = daemon_place(place.state).policy
    policy.mkdir(parents=True)
    (policy / "policy.toml").write_text('# ours\nbase = "strict"\n[modes]\ncursor = "monitor"\n', encoding="utf-8")
    place.write(".claude.json", b"{}")
    outlook = look_ahead(place.around, Wanted(mode=Mode.MONITOR), ("/c",))
    assert outlook.settings.mode is Mode.MONITOR
    setup.write_mode(place.state, Wanted(mode=Mode.MONITOR))
    assert (policy / "policy.toml").read_text(encoding="utf-8") == '# ours\nbase = "strict"\nmode = "monitor"\n'


def test_agents_that_are_here_are_protected_and_no_others(place: Place) -> None:
    place.write(".claude.json", b"{}")
    place.write(".codex/config.toml", b"")
    outlook = look_ahead(place.around, Wanted(), ("/state/hook/spawngate-hook",))
    assert outlook.agents == ("claude-code", "codex-cli")
    assert {item.agent for item in outlook.plans} == {"claude-code", "codex-cli"}


def test_unknown_agents_and_those_without_a_hook_are_refused(place: Place) -> None:
    with pytest.raises(UsageError, match="is no agent"):
        look_ahead(place.around, Wanted(("claude",)), ("/c",))
    with pytest.raises(UsageError, match="has no hook"):
        look_ahead(place.around, Wanted(("zed",)), ("/c",))
    with pytest.raises(UsageError, match="is no agent"):
        place.unprotect("claude")


def test_no_repository_knows_the_names_of_our_hooks(tmp_path: Path) -> None:
    names = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        place = Place(folder)
        place.protect("gemini-cli", "mistral-vibe", "kiro")
        text = b"".join(data for name, data in place.files().items() if not name.endswith("/")).decode()
        names.append(set(re.findall(r"spawngate-[0-9a-f]{8}\b", text)))
        assert len(names[-1]) == 1
        assert outcomes(place.protect("gemini-cli", "mistral-vibe", "kiro")) == {"unchanged"}
    assert not names[0] & names[1]


def test_codex_trust_is_recorded_and_taken_back(place: Place) -> None:
    config = place.write(".codex/config.toml", b'model = "x"\n')
    done = place.protect("codex-cli")
    assert [Path(item.path).name for item in done] == ["hooks.json", "config.toml"]
    key = f"{place.home}/.codex/hooks.json:pre_tool_use:0:0"
    state = tomllib.loads(config.read_text(encoding="utf-8"))["hooks"]["state"]
    assert set(state) == {key}
    # Somebody puts a hook in front of ours: the key counts entries, so the record has to move.
    hooks = place.home / ".codex/hooks.json"
    value = json.loads(hooks.read_bytes())
    value["hooks"]["PreToolUse"].insert(0, {"hooks": [{"type": "command", "command": "/other"}]})
    hooks.write_text(json.dumps(value), encoding="utf-8")
    place.protect("codex-cli")
    state = tomllib.loads(config.read_text(encoding="utf-8"))["hooks"]["state"]
    assert set(state) == {f"{place.home}/.codex/hooks.json:pre_tool_use:1:0"}
    place.unprotect()
    assert config.read_bytes() == b'model = "x"\n'
    assert json.loads(hooks.read_bytes()) == {
        "hooks": {"PreToolUse": [{"hooks": [{"type": "command", "command": "/other"}]}]}
    }


def test_scope_managed_writes_machine_files_with_pins(place: Place) -> None:
    wanted = Wanted(("claude-code", "codex-cli", "gemini-cli", "qwen-code", "copilot-cli"), scope=Scope.MANAGED)
    outlook = look_ahead(place.around, wanted, setup.client_argv(place.around, wanted))
    client = setup.install_client(outlook)
    done = setup.carry_out(outlook)
    assert outcomes(done) == {"written"}
    root = place.root
    assert client.program == root / "usr/local/lib/spawngate/hook" / client.program.name
    assert stat.S_IMODE(client.program.stat().st_mode) == 0o755
    assert stat.S_IMODE((client.program.parent / "hook.conf").stat().st_mode) == 0o644
    assert (
        tomllib.loads((root / "etc/codex/requirements.toml").read_text(encoding="utf-8"))["features"]["hooks"] is True
    )
    for path in (Path(item.path) for item in done):
        assert str(path).startswith(str(root))
        assert stat.S_IMODE(path.stat().st_mode) == 0o644
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o755
    assert place.files() == {}
    place.unprotect()
    assert [path for path in root.rglob("*") if path.is_file() and "etc" in path.parts] == []


def test_agent_without_a_place_in_a_scope_is_left_out(place: Place) -> None:
    outlook = look_ahead(place.around, Wanted(("cline",), scope=Scope.MANAGED), ("/c",))
    assert outlook.plans == ()
    assert outlook.skipped == (("cline", "it has no place for a hook of scope managed on this system"),)


CRASH = """
import os, sys
from pathlib import Path
from spawngate.endpoint.protect import atomic, journal
from tests.endpoint.protect.conftest import Place
real = os.replace
def replace(source, target):
    if str(target).endswith(sys.argv[2]):
        if sys.argv[3] == "after":
            real(source, target)
        os._exit(9)
    real(source, target)
os.replace = replace
place = Place.__new__(Place)
from spawngate.endpoint.protect.present import Surroundings
folder = Path(sys.argv[1])
place.home, place.state, place.root = folder / "home", folder / "state", folder / "root"
place.around = Surroundings(str(place.home), place.state, str(place.root), {})
place.protect("claude-code")
"""


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("file", ["settings.json", "journal.json"])
def test_crash_leaves_the_old_file_or_the_new_one(place: Place, file: str, moment: str) -> None:
    path = place.write(CLAUDE, b'{"model": "opus"}')
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    crashed = subprocess.run(
        [sys.executable, "-c", CRASH, str(place.home.parent), file, moment], env=environment, timeout=60, check=False
    )
    assert crashed.returncode == 9
    data = path.read_bytes()
    assert data == b'{"model": "opus"}' or is_ours(json.loads(data))
    place.unprotect()
    assert path.read_bytes() == b'{"model": "opus"}'
    place.protect("claude-code")
    assert is_ours(json.loads(path.read_bytes()))
    place.unprotect()
    assert path.read_bytes() == b'{"model": "opus"}'
    assert sorted(item.name for item in path.parent.iterdir()) == ["settings.json"]


def test_two_at_once_leave_one_entry(place: Place) -> None:
    path = place.write(CLAUDE, b'{"model": "opus"}')
    place.protect("claude-code")
    place.unprotect()
    program = CRASH.replace("os.replace = replace\n", "")
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(place.home.parent), "-", "-"], env=environment)
        for _ in range(3)
    ]
    assert [process.wait(timeout=60) for process in running] == [0, 0, 0]
    value = json.loads(path.read_bytes())
    assert len(value["hooks"]["PreToolUse"]) == 1
    place.unprotect()
    assert path.read_bytes() == b'{"model": "opus"}'


def test_file_that_changes_meanwhile_is_not_overwritten(place: Place) -> None:
    path = place.write(CLAUDE, b'{"a": 1}')
    held = atomic.hold(str(path))
    path.write_bytes(b'{"a": 2}')
    with pytest.raises(atomic.WriteError, match="changed by somebody else"):
        atomic.put(held, b"{}")
    assert path.read_bytes() == b'{"a": 2}'


def test_kiros_agents_are_protected_each(place: Place) -> None:
    first = place.write(".kiro/agents/a.json", b'{"name": "a"}')
    second = place.write(".kiro/agents/b[x].json", b'{"name": "b", "hooks": {}}')
    place.protect("kiro")
    for path in (first, second):
        assert is_ours(json.loads(path.read_bytes())["hooks"]["preToolUse"])
    place.unprotect()
    assert first.read_bytes() == b'{"name": "a"}'
    assert second.read_bytes() == b'{"name": "b", "hooks": {}}'


def test_every_agent_with_a_hook_has_a_registration() -> None:
    assert [agent for agent in AGENTS if load_agent(agent).hook is not None and hooked(agent) is None] == []

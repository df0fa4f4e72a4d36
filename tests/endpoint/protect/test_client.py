"""hook.conf for every agent: closed in enforce mode, open in monitor mode, each in the agent's own words."""

import stat
from pathlib import Path

import pytest

from spawngate.endpoint.client.settings import read_settings
from spawngate.endpoint.protect import journal
from spawngate.endpoint.protect.client import all_hooks, conf_for, install, install_for_machine, is_whole, renew, reply
from spawngate.endpoint.protect.guard import check
from spawngate.model.call import HookReply
from spawngate.model.decision import Mode, Verdict
from spawngate.model.errors import StateError
from spawngate.model.hookconf import INFORMING, Failure, lookup, parse, render
from spawngate.policy.settings import PolicySettings
from tests.endpoint.protect.conftest import Place

HOOKS = all_hooks()


@pytest.mark.parametrize("agent", HOOKS)
def test_agent_is_answered_in_its_own_words(agent: str) -> None:
    closed, opened = reply(HOOKS[agent], closed=True), reply(HOOKS[agent], closed=False)
    assert closed != opened
    assert opened in (HookReply(), HookReply(stdout=b"{}\n")) or b"allow" in opened.stdout or b"none" in opened.stdout
    assert opened.exit_code == 0
    assert b"spawngate status" in closed.stdout + closed.stderr


def test_conf_of_all_agents_is_one_that_clients_read() -> None:
    conf = conf_for(HOOKS, PolicySettings(), "/run/s", "/run/spool")
    assert parse(render(conf)) == conf
    for agent in HOOKS:
        for failure in Failure:
            line = lookup(conf, agent, "PreToolUse", failure)
            assert line is not None
            assert line.closed
            assert line.reply == reply(HOOKS[agent], closed=True)
    unknown = lookup(conf, "nobody", "", Failure.ABSENT)
    assert unknown is not None
    assert (unknown.closed, unknown.reply.exit_code) == (True, 2)
    assert "CLAUDE_PROJECT_DIR" in conf.environment


@pytest.mark.parametrize(
    ("settings", "failure", "closed"),
    [
        (PolicySettings(mode=Mode.MONITOR), Failure.ABSENT, False),
        (PolicySettings(mode=Mode.MONITOR), Failure.OVERSIZED, False),
        (PolicySettings(mode=Mode.MONITOR), Failure.UNRECORDED, False),
        (PolicySettings(modes={"cursor": Mode.MONITOR}), Failure.ABSENT, False),
        (PolicySettings(alone=Verdict.ALLOW), Failure.ABSENT, False),
        (PolicySettings(alone=Verdict.ALLOW), Failure.OVERSIZED, True),
        (PolicySettings(alone=Verdict.ALLOW), Failure.UNRECORDED, True),
        (PolicySettings(alone=Verdict.ALLOW, not_recorded=Verdict.ALLOW), Failure.UNRECORDED, False),
        (PolicySettings(not_understood=Verdict.ALLOW), Failure.EMPTY, False),
        (PolicySettings(not_understood=Verdict.ALLOW), Failure.SLOW, True),
    ],
)
def test_failure_means_what_policy_says(settings: PolicySettings, failure: Failure, closed: bool) -> None:
    line = lookup(conf_for(HOOKS, settings, "/s", "/p"), "cursor", "preToolUse", failure)
    assert line is not None
    assert line.closed is closed


@pytest.mark.parametrize(
    "settings", [PolicySettings(), PolicySettings(alone=Verdict.ALLOW), PolicySettings(mode=Mode.MONITOR)]
)
def test_what_only_informs_is_never_refused(settings: PolicySettings) -> None:
    conf = conf_for(HOOKS, settings, "/s", "/p")
    for agent in HOOKS:
        for failure in Failure:
            line = lookup(conf, agent, INFORMING, failure)
            assert line is not None
            assert (line.closed, line.reply) == (False, reply(HOOKS[agent], closed=False))


def test_client_is_installed_and_checked(tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert is_whole(state) == "the hook client is not there"
    client = install(state, PolicySettings())
    assert is_whole(state) == ""
    conf = read_settings(state)
    assert conf is not None
    assert conf.socket == str(state / "daemon.sock")
    client.program.write_bytes(b"#!/bin/sh\nexit 0\n")
    assert is_whole(state) == "the hook client is not the one of this version"
    install(state, PolicySettings())
    (state / "hook/hook.conf").write_bytes(b"x")
    assert "is damaged" in is_whole(state)
    (state / "hook/hook.conf").unlink()
    assert is_whole(state) == "hook.conf is not there"


def test_client_of_a_machine_can_be_run_by_all_and_changed_by_one(tmp_path: Path) -> None:
    client = install_for_machine(tmp_path / "lib", PolicySettings(), "/run/user/{uid}/s", "/run/user/{uid}/p")
    for path, mode in (
        (client.program, 0o755),
        (client.program.parent, 0o755),
        (tmp_path / "lib/hook/hook.conf", 0o644),
    ):
        assert stat.S_IMODE(path.stat().st_mode) == mode
    conf = read_settings(tmp_path / "lib")
    assert conf is not None
    assert conf.socket == "/run/user/{uid}/s"
    (tmp_path / "file").touch()
    with pytest.raises(StateError, match="needs an administrator"):
        install_for_machine(tmp_path / "file/below", PolicySettings(), "/s", "/p")


def test_conf_follows_the_policy(tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert renew(state, PolicySettings()) is False
    install(state, PolicySettings())
    assert renew(state, PolicySettings()) is False
    assert renew(state, PolicySettings(mode=Mode.MONITOR)) is True
    conf = read_settings(state)
    assert conf is not None
    assert not any(line.closed for line in conf.fallbacks)
    with journal.locked(state), pytest.raises(StateError, match="at work"):
        renew(state, PolicySettings())


def test_conf_that_follows_the_policy_is_no_tampering(place: Place) -> None:
    place.protect("claude-code")
    assert renew(place.state, PolicySettings(mode=Mode.MONITOR)) is True
    assert check(place.state) == []

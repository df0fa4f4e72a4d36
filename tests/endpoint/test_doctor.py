"""Each check tells what is wrong and what to do, and changes nothing."""

import os
from pathlib import Path

import jsonschema
import msgspec
import pytest

from spawngate.endpoint import doctor
from spawngate.endpoint.client.place import install_client
from spawngate.endpoint.doctor import CHECKS, Check, Health, examine, schema
from spawngate.endpoint.protect.present import Surroundings
from spawngate.model.errors import StateError


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    (tmp_path / "home").mkdir()
    return Surroundings(str(tmp_path / "home"), state, str(tmp_path / "sysroot"))


def told(health: Health, name: str) -> Check:
    (found,) = [check for check in health.checks if check.name == name]
    return found


def test_empty_machine_works(around: Surroundings) -> None:
    health = examine(around)
    assert [check.name for check in health.checks] == [name for name, _ in CHECKS]
    assert health.works
    assert told(health, "policy") == Check("policy", "ok", "baseline and no folder of your own, enforce")
    assert told(health, "trail") == Check("trail", "note", "nothing is recorded yet", "it begins with the daemon")
    assert told(health, "daemon").level == "note"
    assert told(health, "hooks") == Check("hooks", "ok", "0 agents are here, each in order")
    jsonschema.validate(msgspec.to_builtins(health), schema())


def test_missing_state_folder_is_no_fault(around: Surroundings) -> None:
    around.state.rmdir()
    assert told(examine(around), "state folder").level == "note"


def test_open_state_folder(around: Surroundings) -> None:
    around.state.chmod(0o755)
    found = told(examine(around), "state folder")
    assert found == Check(
        "state folder", "fault", f"{around.state} is open to others (0755)", f"chmod 700 {around.state}"
    )


def test_full_disk(around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LOW_SPACE", 1 << 62)
    found = told(examine(around), "state folder")
    assert (found.level, found.todo) == ("fault", "free some space")


def test_bad_policy(around: Surroundings) -> None:
    (around.state / "policy").mkdir()
    (around.state / "policy/mine.cedar").write_text("forbid everything")
    health = examine(around)
    assert told(health, "policy").level == "fault"
    assert "mine.cedar" in told(health, "policy").found
    assert not health.works


def test_broken_trail(around: Surroundings) -> None:
    (around.state / "trail").mkdir()
    (around.state / "trail/2026-11-21.ndjson").write_text('{"no": "record"}\n')
    found = told(examine(around), "trail")
    assert (found.level, found.todo) == ("fault", "spawngate audit verify")


def test_hooks_without_a_daemon_are_a_fault(around: Surroundings) -> None:
    (around.state / "hook").mkdir()
    install_client(around.state)
    assert told(examine(around), "daemon").todo == "spawngate daemon start"


def test_programs_of_another_version(around: Surroundings) -> None:
    client = install_client(around.state)
    if client.kind != "native":
        pytest.skip("no native client was built here")
    assert told(examine(around), "installed programs").level == "ok"
    client.program.write_bytes(client.program.read_bytes() + b"older")
    assert told(examine(around), "installed programs") == Check(
        "installed programs", "fault", "of another version: spawngate-hook", "spawngate protect"
    )


def test_nothing_native_and_no_walls(around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "packaged", lambda name: None)
    monkeypatch.setattr(doctor, "packaged_native", lambda: None)
    health = examine(around)
    assert told(health, "native programs").found.startswith(
        "not built: spawngate-hook, spawngate-launch, spawngate-confine;"
    )
    assert told(health, "sandbox").level == "note"
    assert health.works


def test_check_that_fails_is_a_fault(around: Surroundings, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(around: Surroundings) -> Check:
        raise StateError("it cannot be read")

    monkeypatch.setattr(doctor, "CHECKS", (("this", broken),))
    health = examine(around)
    assert health.checks == [Check("this", "fault", "it cannot be read")]
    assert os.listdir(around.state) == []

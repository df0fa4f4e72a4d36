"""Holds and retention of a store, as commands, while a server has it and while none has."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from spawngate.cli.audit import command
from spawngate.model.errors import StateError, UsageError
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.verify import verify_store
from tests.server.store.conformance import Source

NOW = datetime.now(UTC).replace(hour=1)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPAWNGATE_STATE_DIR", str(tmp_path))
    source = Source()
    with EmbeddedStore(tmp_path / "store", clock=lambda: NOW) as store:
        for ago in (40, 30, 20, 0):
            store.events.append(source.entries(1, NOW - timedelta(days=ago)))
    return tmp_path / "store"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def day(ago: int) -> str:
    return f"{NOW - timedelta(days=ago):%Y-%m-%d}"


def test_holds_and_retention(folder: Path) -> None:
    with EmbeddedStore(folder, clock=lambda: NOW) as store:
        assert run("hold", "case-7", "--until", day(35), "--reason", "a \x1b case").exit_code == 0
        assert run("hold").output == f"case-7  ... to {day(35)}  a \\x1b case\n"
        assert run("retention").output == "90\n"
        assert run("retention", "--days", "25").output == "25\n"
        assert isinstance(run("prune", "--store", "--days", "3", "--yes").exception, StateError)
        store.upkeep()
        assert store.events.days() == [day(40), day(20), day(0)]
        told = [entry.event.message for entry in store.events.query(None, newest_first=False).entries]
        assert "legal hold case-7 set" in told
        assert "retention set to 25 days" in told
    assert run("hold", "case-7", "--lift").exit_code == 0
    assert isinstance(run("hold", "case-7", "--lift").exception, UsageError)
    assert run("prune", "--store", "--days", "25", "--yes").output == "1 days deleted\n"
    assert verify_store(folder).findings == ()


def test_what_is_no_hold(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(run("hold", "x", "--since", "yesterday").exception, UsageError)
    monkeypatch.setenv("SPAWNGATE_STATE_DIR", str(tmp_path / "none"))
    for arguments in (("hold",), ("retention",), ("prune", "--store", "--days", "3", "--yes")):
        assert isinstance(run(*arguments).exception, UsageError)

"""`spawngate server user` and `team`."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from spawngate.cli.server import command
from spawngate.model.errors import UsageError
from spawngate.server.fleet.database import ConflictError, MissingError
from spawngate.server.store.embedded import EmbeddedStore


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPAWNGATE_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state" / "store"


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(command, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def listed(what: str) -> list[dict[str, Any]]:
    return list(json.loads(run(what, "list", "--format", "json").output)["items"])


def acts(state: Path) -> list[tuple[str, str]]:
    """What a server that starts now records of what was done."""
    with EmbeddedStore(state) as store:
        store.upkeep()
        events = [entry.event for entry in store.events.query(None, newest_first=False).entries]
    return [(str(event.detail["what"]), event.subject.name) for event in events if event.subject is not None]


def test_people_come_get_roles_and_go(state: Path) -> None:
    assert run("team", "create", "Platform").output == "team 1: Platform\n"
    link = run("user", "create", "Ann", "--role", "owner", "--email", "ann@example.org").output
    assert re.fullmatch(r"http://127\.0\.0\.1:7338/invitation\?word=[\w-]{43}\n", link)
    run("user", "create", "Bob", "--role", "analyst", "--team", "Platform")
    assert run("user", "role", "bob", "reader").output == "Bob: none -> reader in organisation\n"
    assert run("user", "role", "bob", "none", "--team", "Platform").output == "Bob: analyst -> none in Platform\n"
    assert run("user", "disable", "BOB").output == "Bob is disabled\n"
    assert listed("user") == [
        {"id": 1, "name": "Ann", "email": "ann@example.org", "state": "invited", "roles": "owner"},
        {"id": 2, "name": "Bob", "email": "", "state": "disabled", "roles": "reader"},
    ]
    with pytest.raises(UsageError, match="disabled"):
        run("user", "invite", "Bob")
    run("user", "enable", "Bob")
    assert run("user", "invite", "Bob").output != link
    assert [team["name"] for team in listed("team")] == ["Platform", "organisation"]
    assert acts(state) == [
        ("team-created", "Platform"),
        ("user-created", "Ann"),
        ("user-created", "Bob"),
        ("user-role-changed", "Bob"),
        ("user-role-changed", "Bob"),
        ("user-disabled", "Bob"),
        ("user-enabled", "Bob"),
        ("user-invited", "Bob"),
    ]


def test_what_is_wrong_is_told_and_changes_nothing(state: Path) -> None:
    run("user", "create", "Ann", "--role", "owner")
    for arguments, error in (
        (["user", "create", "ann"], ConflictError),
        (["user", "create", "x", "--team", "nowhere"], UsageError),
        (["user", "role", "nobody", "reader"], MissingError),
        (["user", "role", "ann", "reader"], ConflictError),
        (["user", "disable", "ann"], ConflictError),
        (["team", "create", "organisation"], ConflictError),
    ):
        with pytest.raises(error):
            run(*arguments)
    assert [user["roles"] for user in listed("user")] == ["owner"]
    assert acts(state) == [("user-created", "Ann")]

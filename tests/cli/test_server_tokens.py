"""`spawngate server token` and `enrolment`."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from spawngate.cli.server import command
from spawngate.model.errors import UsageError
from spawngate.server.fleet import enrolments, tokens
from spawngate.server.fleet.database import open_fleet
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


def test_a_token_is_printed_once_and_revoked(state: Path) -> None:
    run("team", "create", "Platform")
    made = run("token", "create", "siem", "--scope", "events:read", "--team", "Platform", "--days", "7")
    secret = made.output.strip()
    with open_fleet(state) as database, database.read() as connection:
        token = tokens.find(connection, secret, "2026-01-01T00:00:00.000000Z")
    assert token is not None
    assert (token.team, token.role.value, token.scopes) == (1, "reader", ("events:read",))
    (row,) = listed("token")
    assert (row["name"], row["token"], row["state"], row["used"]) == ("siem", f"{secret[:10]}...", "in force", "never")
    assert secret not in run("token", "list").output
    assert run("token", "revoke", "1").output == "token 1 (siem) is revoked\n"
    assert listed("token")[0]["state"] == "revoked"
    with EmbeddedStore(state) as store:
        store.upkeep()
        records = [entry.record for entry in store.events.query(None).entries]
    assert len(records) == 3
    assert not any(secret.encode() in record for record in records)


def test_secrets_and_codes_enrol_and_are_revoked(state: Path) -> None:
    secret = run("enrolment", "create", "laptops", "--group", "berlin", "--most", "5").output.strip()
    code = run("enrolment", "create", "kim", "--code").output.strip()
    with open_fleet(state) as database, database.begin() as connection:
        now = "2026-01-01T00:00:00.000000Z"
        assert enrolments.redeem(connection, secret, now) == enrolments.Redeemed(1, "secret", 0, "berlin")
        assert enrolments.redeem(connection, code, now) == enrolments.Redeemed(2, "code", 0, "")
        assert enrolments.redeem(connection, code, now) is None
    rows = listed("enrolment")
    assert [(row["name"], row["kind"], row["uses"]) for row in rows] == [
        ("kim", "code", "1 of 1"),
        ("laptops", "secret", "1 of 5"),
    ]
    assert secret not in str(rows)
    assert run("enrolment", "revoke", "1").output == "enrolment 1 (laptops) is revoked\n"
    assert listed("enrolment")[1]["state"] == "revoked"


def test_what_is_wrong_is_told(state: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no permission 'x'; there are advisories:write, "):
        run("token", "create", "a", "--scope", "x")
    for arguments in (
        ["token", "create", "a", "--team", "nowhere"],
        ["token", "revoke", "7"],
        ["enrolment", "revoke", "7"],
        ["enrolment", "create", "\x1b"],
    ):
        with pytest.raises(UsageError):
            run(*arguments)
    assert listed("token") == []

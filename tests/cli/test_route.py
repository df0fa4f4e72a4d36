"""`spawngate server route`: over the real control store, with a real receiver; no output holds a secret."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from spawngate.cli.route import command
from spawngate.model.errors import UsageError
from spawngate.server.deliver.ledger import Ledger, Pending, dead_item
from spawngate.server.deliver.streams import Cursor
from spawngate.server.store import keys
from spawngate.server.store.port import Item
from spawngate.server.store.sqlite.control import SqliteControl
from tests.routing.samples import NOTICE
from tests.stubs.http import serving
from tests.stubs.webhook import SECRET, WebhookStub


@pytest.fixture
def hook() -> Iterator[WebhookStub]:
    stub = WebhookStub()
    with serving(stub):
        yield stub


@pytest.fixture
def routes(tmp_path: Path, hook: WebhookStub, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPAWNGATE_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    path = tmp_path / "routes.toml"
    path.write_text(
        f"""
[destination.hook]
type = "webhook"
url = "{hook.url}/x"
secrets = [{{ env = "HOOK_SECRET" }}]
allow_internal = ["127.0.0.1"]

[[route]]
name = "denies"
destination = "hook"
match = "verdict:deny"
"""
    )
    return path


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(command, arguments)
    assert SECRET not in result.output
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def control(tmp_path: Path) -> SqliteControl:
    folder = tmp_path / "state" / "store"
    return SqliteControl(folder, keys.control_key(keys.signer_of(folder)))


def test_from_a_file_to_a_test_that_arrives(routes: Path, hook: WebhookStub, tmp_path: Path) -> None:
    assert run("add", "--check", str(routes)).output == (
        "destination hook (Generic webhook (Standard Webhooks)): right\nroute denies -> hook: right\n"
    )
    assert json.loads(run("list", "--format", "json").output)["routes"] == []
    assert "route denies -> hook: added" in run("add", str(routes)).output
    listed = json.loads(run("list", "--format", "json").output)
    assert listed == {
        "schema_version": 1,
        "routes": [
            {
                "name": "denies",
                "destination": "hook",
                "match": "verdict:deny",
                "limit": "600 in 60 s",
                "kind": "notify",
                "type": "webhook",
                "state": "on",
                "waiting": 0,
                "dead": 0,
                "last": "",
            }
        ],
        "destinations": [
            {
                "name": "hook",
                "type": "webhook",
                "settings": {
                    "allow_internal": ["127.0.0.1"],
                    "ca_file": "",
                    "certificate_file": "",
                    "key_file": "",
                    "proxy": "",
                    "timeout_seconds": 15.0,
                    "url": f"{hook.url}/x",
                    "secrets": "(set)",
                    "headers": "",
                },
            }
        ],
        "problems": {},
    }
    assert run("test", "denies").output == "denies: delivered (204)\n"
    assert [each["type"] for each in hook.notices.values()] == ["spawngate.notice.test"]
    table = run("deliveries").output
    assert table.split("\n")[0].split() == [
        "number",
        "at",
        "route",
        "destination",
        "outcome",
        "attempt",
        "events",
        "ms",
        "id",
        "said",
    ]
    (noted,) = json.loads(run("deliveries", "--format", "json", "--route", "denies").output)["deliveries"]
    assert (noted["outcome"], noted["detail"], noted["route"]) == ("test", "204", "denies")
    assert run("remove", "denies").output == "route denies removed\n"
    assert "destination hook has no route" in run("list").output
    assert run("remove", "hook", "--destination").output == "destination hook removed\n"
    files = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert files
    assert all(SECRET.encode() not in path.read_bytes() for path in files)


def test_a_test_that_fails_is_an_exit_code(routes: Path, hook: WebhookStub) -> None:
    run("add", str(routes))
    hook.key = b"another"
    result = run("test", "denies")
    assert (result.exit_code, result.output) == (1, "denies: retry (HTTP 401)\n")


def test_what_is_wrong_is_said_and_nothing_is_stored(routes: Path) -> None:
    routes.write_text(routes.read_text().replace("verdict:deny", "verdict:no"))
    with pytest.raises(UsageError, match=r"route\.denies\.match: character 9: 'no' is none of allow, log, ask, deny"):
        run("add", str(routes))
    assert json.loads(run("list", "--format", "json").output)["routes"] == []
    with pytest.raises(UsageError, match="there is no route 'denies'"):
        run("remove", "denies")
    with pytest.raises(UsageError, match="there is no such file"):
        run("add", str(routes.with_name("none")))


def test_a_destination_that_cannot_be_opened_is_named(routes: Path, tmp_path: Path) -> None:
    run("add", str(routes))
    (tmp_path / "state" / "store" / "secrets.key").write_bytes(b"x" * 32)
    result = run("list")
    assert result.exit_code == 1
    assert "destination.hook: the secrets of destination.hook were sealed with another key" in result.output


def test_a_stream_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPAWNGATE_STATE_DIR", str(tmp_path / "state"))
    path = tmp_path / "lake.toml"
    path.write_text(
        f'[destination.lake]\ntype = "ocsf-file"\npath = "{tmp_path}/x"\n'
        '[[route]]\nname = "all"\ndestination = "lake"\n'
    )
    run("add", str(path))

    def state() -> object:
        return json.loads(run("list", "--format", "json").output)["routes"][0]["state"]

    assert state() == "on"
    store = control(tmp_path)
    store.put(Item("cursor", "all", msgspec.json.encode(Cursor(attempts=3, reason="write: No space left on device"))))
    assert state() == "failing: write: No space left on device"
    store.put(Item("cursor", "all", msgspec.json.encode(Cursor(delivered=7, reason="sent, not acknowledged yet"))))
    assert state() == "on"
    store.close()


def test_dead_letters(routes: Path, tmp_path: Path) -> None:
    run("add", str(routes))
    store = control(tmp_path)
    store.put(dead_item(Pending(NOTICE, "hook", 1.0, 2.0, 3, "HTTP 400", died=1_795_255_200.0)))
    store.close()
    (letter,) = json.loads(run("dead", "--format", "json").output)["dead_letters"]
    assert letter == {
        "id": NOTICE.id,
        "route": "denies",
        "destination": "hook",
        "what": "Calls denied: rule pipe-to-shell",
        "reason": "HTTP 400",
        "died": "2026-11-21T10:00:00.000000Z",
    }
    assert NOTICE.id in run("dead").output
    assert json.loads(run("dead", "--route", "other", "--format", "json").output)["dead_letters"] == []
    for arguments in ((), (NOTICE.id, "--all")):
        with pytest.raises(UsageError, match="name ids"):
            run("replay", *arguments)
    with pytest.raises(UsageError, match="there is no dead letter x"):
        run("replay", "x")
    assert run("replay", "--all", "--route", "denies").output == "1 on their way again\n"
    store = control(tmp_path)
    assert list(Ledger(store).pending()) == [NOTICE.id]
    store.put(dead_item(Pending(NOTICE, "hook", 1.0, 2.0, 3, "HTTP 400", died=1.0)))
    store.remove("notice", NOTICE.id)
    store.close()
    assert run("discard", NOTICE.id).output == "1 deleted\n"
    assert json.loads(run("dead", "--format", "json").output)["dead_letters"] == []

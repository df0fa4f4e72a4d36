"""`server.deliver.routes`: files into the control store and out again; secrets sealed; neighbours kept."""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from spawngate.model.errors import UsageError
from spawngate.routing.settings import shown
from spawngate.server.deliver.routes import ALTERED, add, load, outbox, read_file, remove
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.store.port import Entry, Item, OutboxEntry
from spawngate.server.store.sqlite.control import SqliteControl
from tests.routing.samples import NOW, deny, encoded, finding
from tests.server.deliver.memory import MemoryControl

SEALER = Sealer(b"1" * 32)
SECRET = "https://hooks.slack.com/services/T/B/s3cr3t"
TEXT = """
[destination.chat]
type = "slack"
url = { env = "SLACK_URL" }

[[route]]
name = "denies"
destination = "chat"
match = "verdict:deny"
mute = [{ days = ["sun"], zone = "Europe/Berlin" }]
"""


def filled() -> MemoryControl:
    control = MemoryControl()
    add(control, SEALER, TEXT, {"SLACK_URL": SECRET})
    return control


def test_what_is_added_is_loaded_and_its_secrets_lie_sealed() -> None:
    control = filled()
    loaded = load(control, SEALER)
    assert (list(loaded.table.destinations), list(loaded.table.routes)) == (["chat"], ["denies"])
    assert (dict(loaded.problems), list(loaded.zones)) == ({}, ["Europe/Berlin"])
    assert shown(loaded.table.destinations["chat"].settings)["url"] == "(set)"
    assert all(b"s3cr3t" not in value for value in control.data.values())
    assert loaded.table.destinations["chat"].values == {"url": SECRET}


def test_one_change_at_a_time_changes_the_revision() -> None:
    control = filled()
    first = load(control, SEALER).revision
    add(control, SEALER, '[[route]]\nname = "all"\ndestination = "chat"\n', {})
    second = load(control, SEALER)
    assert (list(second.table.routes), second.revision != first) == (["all", "denies"], True)
    remove(control, "all")
    with pytest.raises(UsageError, match="there is no route 'all'"):
        remove(control, "all")
    with pytest.raises(UsageError, match="destination chat is named by denies; remove these first"):
        remove(control, "chat", destination=True)
    remove(control, "denies")
    remove(control, "chat", destination=True)
    assert (dict(load(control, SEALER).table.destinations), dict(load(control, SEALER).table.routes)) == ({}, {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file holds no [destination.NAME] and no [[route]]"),
        (TEXT, "destination.chat.url: the variable SLACK_URL is not set"),
        (
            '[destination.a]\ntype="slack"\nurl={file="/nonexistent"}',
            "destination.a.url: the file cannot be read (No such file or directory)",
        ),
        ('[destination.a]\ntype="slack"\nurl={file="/dev/zero"}', "destination.a.url: the file is none"),
        ('[destination.a]\ntype="slack"\nurl={env=5}', "destination.a.url: env must be a text"),
        (
            '[destination.a]\ntype="slack"\nurl="https://a.example"\n[[route]]\nname="x"\ndestination="a"\nmute=[{zone="Mars/Olympus"}]',
            "mute: there is no time zone 'Mars/Olympus' on this machine",
        ),
    ],
)
def test_a_wrong_file_changes_nothing(text: str, message: str) -> None:
    control = MemoryControl()
    with pytest.raises(UsageError) as error:
        add(control, SEALER, text, {})
    assert (str(error.value), control.data) == (message, {})


def test_a_secret_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text(SECRET + "\n")
    control = MemoryControl()
    add(control, SEALER, f'[destination.chat]\ntype="slack"\nurl={{file="{tmp_path / "url"}"}}\n', {})
    assert load(control, SEALER).table.destinations["chat"].values == {"url": SECRET}


def test_what_cannot_be_used_is_named_and_keeps_its_neighbours() -> None:
    control = filled()
    other = '[destination.mail]\ntype="teams"\nurl="https://a.example/x"\n[[route]]\nname="mail"\ndestination="mail"\n'
    add(control, SEALER, other, {})
    stolen = control.data["destination", "mail"]
    control.put(Item("destination", "chat", stolen), Item("route", "odd", b"nonsense"))
    loaded = load(control, SEALER)
    assert list(loaded.table.routes) == ["mail"]
    assert loaded.problems == {
        "destination.chat": "the secrets of destination.chat were changed or belong elsewhere; add it anew",
        "route.denies": "route.denies.destination: there is no destination 'chat'; there is mail",
        "route.odd": "is not stored as a route is",
    }
    assert load(control, Sealer(b"2" * 32)).table.destinations == {}


def entry(record: dict[str, object], sequence: int) -> Entry:
    return Entry("laptop-1", "s", sequence, NOW, NOW, str(record["type"]), encoded(record))


@pytest.mark.parametrize("kind", ["route", "destination"])
def test_what_somebody_without_the_key_wrote_is_not_used(tmp_path: Path, kind: str) -> None:
    control = SqliteControl(tmp_path, b"k" * 32)
    add(control, SEALER, TEXT + '[[route]]\nname = "all"\ndestination = "chat"\n', {"SLACK_URL": SECRET})
    name = "denies" if kind == "route" else "chat"
    with closing(sqlite3.connect(tmp_path / "control.sqlite", isolation_level=None)) as connection:
        connection.execute("UPDATE items SET seal=zeroblob(32) WHERE kind=? AND name=?", (kind, name))
    loaded = load(control, SEALER)
    assert loaded.problems[f"{kind}.{name}"] == ALTERED
    assert list(loaded.table.routes) == (["all"] if kind == "route" else [])
    add(control, SEALER, TEXT, {"SLACK_URL": SECRET})
    assert (sorted(load(control, SEALER).table.routes), dict(load(control, SEALER).problems)) == (["all", "denies"], {})
    control.close()


def test_outbox_rows_of_a_batch() -> None:
    table = load(filled(), SEALER).table
    batch = [entry(deny(), 1), entry(finding("opened"), 2), entry(deny(), 3)]
    batch.append(msgspec.structs.replace(batch[0], sequence=4, record=b"rubbish"))
    assert outbox(batch, table, NOW) == (
        OutboxEntry("denies", ("laptop-1", "s", 1), NOW),
        OutboxEntry("denies", ("laptop-1", "s", 3), NOW),
    )
    assert outbox(batch, load(MemoryControl(), SEALER).table, NOW) == ()


def test_reading_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("x = 1")
    (tmp_path / "b.toml").write_bytes(b"\xff")
    assert read_file(tmp_path / "a.toml") == "x = 1"
    for name, message in (("b.toml", "is no text in UTF-8"), ("c.toml", "there is no such file")):
        with pytest.raises(UsageError, match=message):
            read_file(tmp_path / name)

"""`spawngate audit --server`: a real server over HTTP, asked by the command line."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner, Result

from spawngate.cli.asking import Api
from spawngate.cli.audit import command
from spawngate.cli.trail_served import Served
from spawngate.model.errors import StateError, UsageError
from spawngate.server import exporting
from spawngate.server.access.roles import Role
from spawngate.server.fleet import tokens
from spawngate.server.services import Services
from spawngate.trail.query import read
from tests.server.applied import listening, world
from tests.server.fleetdata import add_endpoint, add_events, add_team, decided


class Server(NamedTuple):
    """A server that listens."""

    services: Services
    url: str


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with three events of team 1 and one of team 2."""
    with world(tmp_path / "server") as made:
        parts = made.parts
        with parts.database.begin() as connection:
            for team, name in ((1, "Core"), (2, "Web")):
                add_team(connection, team, name)
                add_endpoint(connection, f"e{team}", team=team)
        add_events(parts, "e1", [decided("deny", f"curl {number}") for number in range(3)])
        add_events(parts, "e2", [decided("allow", "ls")])
        with listening(made.application) as url:
            yield Server(parts, url)


def token(parts: Services, folder: Path, role: Role = Role.OWNER, team: int = 0) -> str:
    """A file with a token."""
    with parts.database.begin() as connection:
        _, secret = tokens.create(
            connection, name="t", team=team, role=role, scopes=(), days=9, by="test", now=parts.now()
        )
    path = folder / f"token-{role}-{team}"
    path.write_text(f"{secret}\n")
    return str(path)


@pytest.fixture
def run(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Run":
    monkeypatch.setenv("SPAWNGATE_STATE_DIR", str(tmp_path / "state"))
    return Run(server.url, token(server.services, tmp_path))


class Run:
    """The command line with one server and token."""

    def __init__(self, url: str, token_file: str) -> None:
        self.url, self.token_file = url, token_file

    def __call__(self, *arguments: str) -> Result:
        return CliRunner().invoke(command, [*arguments, "--server", self.url, "--token-file", self.token_file])


def commands(result: Result) -> list[str]:
    """Of the records that were printed."""
    assert result.exit_code == 0, result.output
    return [json.loads(line)["call"]["commands"][0] for line in result.stdout.splitlines()]


def test_records_are_read_as_from_a_store(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert commands(run("query", "verdict:deny", "--format", "json")) == ["curl 2", "curl 1", "curl 0"]
    monkeypatch.setattr("spawngate.cli.trail_served.PAGE", 2)
    assert commands(run("query", "verdict:deny", "--format", "json")) == ["curl 2", "curl 1", "curl 0"], "by pages"
    assert commands(run("tail", "-n", "2", "--format", "json", "verdict:deny")) == ["curl 1", "curl 2"]
    assert run("count", "verdict").stdout == "         3  deny\n         1  allow\n"
    assert json.loads(run("count", "verdict", "verdict:allow", "--format", "json").stdout) == {
        "value": "allow",
        "count": 1,
    }
    assert "deny   codex-cli" in run("query", "curl", "0").stdout or "deny" in run("query", "curl", "0").stdout


def test_times_go_with_the_query(run: Run) -> None:
    assert commands(run("query", "curl or ls", "verdict:allow", "--since", "1h", "--format", "json")) == []
    everything = run("query", "curl or ls", "--since", "2020-01-01", "--until", "2100-01-01", "--format", "json")
    assert sorted(commands(everything)) == ["curl 0", "curl 1", "curl 2", "ls"]
    assert run("query", "--until", "2020-01-01").stdout == ""


def test_an_export_is_byte_for_byte(run: Run, server: Server, tmp_path: Path) -> None:
    out = tmp_path / "out.ndjson"
    assert run("export", "verdict:deny", "-o", str(out)).exit_code == 0
    page = server.services.events.query(read("verdict:deny", datetime.now(UTC)), newest_first=False)
    assert out.read_bytes() == b"".join(entry.record + b"\n" for entry in page.entries)
    key = str(server.services.signer.verifier)
    checked = ("verify", str(out), "--key", key)
    assert CliRunner().invoke(command, checked).stdout == "everything is as it was written\n"
    manifest = out.with_suffix(".ndjson.manifest")
    assert (manifest.stat().st_mode & 0o777, "query verdict:deny" in manifest.read_text()) == (0o600, True)
    out.write_bytes(b"".join(out.read_bytes().splitlines(keepends=True)[1:]))
    assert CliRunner().invoke(command, checked).exit_code == 1, "a line was taken out"
    assert CliRunner().invoke(command, ("verify", str(out))).exit_code != 0, "without the key nothing is proved"
    assert run("export", "--format", "csv").stdout.count("\n") > 4


def test_an_export_of_a_team_says_whose_it_is(server: Server, tmp_path: Path, run: Run) -> None:
    web, out = Run(server.url, token(server.services, tmp_path, Role.READER, 2)), tmp_path / "web.ndjson"
    assert web("export", "-o", str(out)).exit_code == 0
    assert [json.loads(line)["call"]["commands"] for line in out.read_text().splitlines()] == [["ls"]]
    assert "(of teams 2)" in (tmp_path / "web.ndjson.manifest").read_text()


@pytest.mark.parametrize("cut", [0, 1, -30, -1])
def test_an_export_that_breaks_off_leaves_nothing(
    run: Run, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    whole = exporting.exported

    def broken(*given: Any) -> Iterator[bytes]:
        data = b"".join(whole(*given))
        yield data[:cut]

    monkeypatch.setattr("spawngate.server.management.events.exported", broken)
    out = tmp_path / "out.ndjson"
    failed = run("export", "verdict:deny", "-o", str(out))
    assert isinstance(failed.exception, StateError)
    assert "broke off" in str(failed.exception)
    assert not list(tmp_path.glob("out*"))


def test_a_team_sees_its_own(server: Server, tmp_path: Path, run: Run) -> None:
    web = Run(server.url, token(server.services, tmp_path, Role.READER, 2))
    assert commands(web("query", "--format", "json", "type:decision")) == ["ls"]
    refused = web("retention")
    assert isinstance(refused.exception, UsageError)
    assert str(refused.exception).startswith("403: ")


def test_who_follows_gets_what_arrives(server: Server, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spawngate.cli.trail_served.POLL", 0.01)
    secret = Path(run.token_file).read_text().strip()
    with Api(server.url, secret) as api:
        live = Served(api, "verdict:deny").follow(read("verdict:deny", datetime.now(UTC)))
        rounds = []

        def get(path: str, **query: str | int) -> bytes:
            rounds.append(query["after"])
            if len(rounds) == 2:
                # Long ago by its own clock: what counts is when it arrived.
                late = decided("deny", "late", at="2026-01-01T00:00:00.000000Z")
                add_events(server.services, "e1", [decided("allow", "ls"), late], stream="s2")
            return Api.get(api, path, **query)

        monkeypatch.setattr(api, "get", get)
        assert [each["call"]["commands"] for each in islice(live, 1)] == [["late"]]
    assert rounds[0] == ""
    assert rounds[1] != ""


def test_holds_and_retention(run: Run, server: Server) -> None:
    assert run("retention").stdout == "90\n"
    assert run("retention", "--days", "30").stdout == "30\n"
    assert run("hold", "case 1/2", "--reason", "x").exception is not None, "names are the server's"
    day = f"{datetime.now(UTC) - timedelta(days=3):%Y-%m-%d}"
    assert run("hold", "case 1", "--since", day, "--reason", "a \x1b case").exit_code == 0
    assert run("hold").stdout == f"case 1  {day} to ...  a \\x1b case\n"
    assert isinstance(run("hold", "case 1").exception, UsageError), "no reason"
    assert run("hold", "case 1", "--lift").exit_code == 0
    assert run("hold").stdout == ""
    assert isinstance(run("hold", "case 1", "--lift").exception, UsageError)
    told = [each.event.message for each in server.services.events.query(None, newest_first=False).entries]
    assert [each for each in told if "hold" in each or "retention" in each] == [
        "setting retention changed by t", "hold case 1 set by t", "hold case 1 lifted by t",
    ]  # fmt: skip


def test_what_is_wrong_is_said(run: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("sgt_nobody")
    refused = CliRunner().invoke(command, ["query", "--server", run.url, "--token-file", str(wrong)])
    assert isinstance(refused.exception, UsageError)
    assert str(refused.exception).startswith("401: ")
    away = CliRunner().invoke(command, ["query", "--server", "http://127.0.0.1:1"])
    assert isinstance(away.exception, StateError)
    clear = CliRunner().invoke(command, ["query", "--server", "http://gate.example.org"])
    assert isinstance(clear.exception, UsageError)
    assert "https" in str(clear.exception)
    both = run("query", "--store")
    assert isinstance(both.exception, UsageError)
    query = run("query", "verdikt:deny")
    assert isinstance(query.exception, UsageError)
    assert "character 1" in str(query.exception)

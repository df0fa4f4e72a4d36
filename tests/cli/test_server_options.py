"""Which server is meant, and how lists are printed."""

import json
from pathlib import Path

import pytest

from spawngate.cli.server_options import desk, me, roles_text, settings_of, table
from spawngate.model.errors import UsageError


def test_the_command_line_stands_over_file_and_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "server.toml"
    path.write_text("[server]\nport = 1\nfolder = '/from/file'\n")
    monkeypatch.setenv("SPAWNGATE_SERVER_PORT", "2")
    settings = settings_of(path, None)
    assert (settings.server.port, settings.server.folder) == (2, "/from/file")
    assert settings_of(path, "/from/line", port=3).server.folder == "/from/line"
    with pytest.raises(UsageError):
        settings_of(tmp_path / "missing", None)


def test_a_desk_is_opened_in_the_folder_that_is_named(tmp_path: Path) -> None:
    with desk(None, str(tmp_path / "state")) as opened:
        opened.database.check()
    assert (tmp_path / "state" / "store" / "fleet.sqlite").is_file()


def test_a_list_for_people_shows_hostile_text(capsys: pytest.CaptureFixture[str]) -> None:
    table(("id", "name"), [[1, "a\x1b[31mb"], [22, ""]], "table")
    assert capsys.readouterr().out == "ID  NAME\n1   a\\x1b[31mb\n22\n"


def test_a_list_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    table(("id", "name"), [[1, "ä\x1b"]], "json")
    assert json.loads(capsys.readouterr().out) == {"schema_version": 1, "items": [{"id": 1, "name": "ä\x1b"}]}


def test_roles_are_read_out() -> None:
    assert roles_text({0: "owner", 2: "reader", 9: "analyst"}, {2: "Web"}) == "owner, reader in Web, analyst in 9"
    assert me().endswith("command line)")

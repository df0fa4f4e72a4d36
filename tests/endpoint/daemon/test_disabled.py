"""Entries that were switched off are kept, and brought back by name."""

import json
import os
from pathlib import Path

from spawngate.configuration.disabling import Disabled
from spawngate.endpoint.daemon.disabled import FILE, FOLDER, Back, Kept, bring_back, is_brought_back, load, remember
from spawngate.endpoint.protect.atomic import digest

BEFORE = b'{ "mcpServers": {"x": {"command": "a"},   "y": {"command": "b"}} }'
AFTER = b'{ "mcpServers": {"y": {"command": "b"}} }'
X = Disabled("x", "taken-out", ("mcpServers", "x"), value={"command": "a"})


def put(state: Path, path: Path, *entries: Disabled, after: bytes = AFTER) -> None:
    path.write_bytes(after)
    remember(
        state,
        BEFORE,
        [Kept(str(path), "cursor", "json", "t", each, digest(BEFORE), digest(after)) for each in entries],
    )


def test_the_very_bytes_come_back(tmp_path: Path) -> None:
    path = tmp_path / "mcp.json"
    put(tmp_path, path, X)
    assert (tmp_path / FOLDER).stat().st_mode & 0o777 == 0o700
    assert {name: (tmp_path / FOLDER / name).stat().st_mode & 0o777 for name in os.listdir(tmp_path / FOLDER)} == {
        FILE: 0o600,
        "lock": 0o600,
        digest(BEFORE): 0o600,
    }
    assert is_brought_back(tmp_path, str(path), digest(BEFORE)) is False
    assert bring_back(tmp_path, "y") == []
    assert bring_back(tmp_path, "x") == [Back("x", "cursor", str(path))]
    assert path.read_bytes() == BEFORE
    assert is_brought_back(tmp_path, str(path), digest(BEFORE)) is True
    assert is_brought_back(tmp_path, "/else", digest(BEFORE)) is False
    assert bring_back(tmp_path, "x") == []


def test_one_of_two_comes_back_alone(tmp_path: Path) -> None:
    path = tmp_path / "mcp.json"
    y = Disabled("y", "taken-out", ("mcpServers", "y"), value={"command": "b"})
    put(tmp_path, path, X, y, after=b'{"mcpServers": {}}')
    assert bring_back(tmp_path, "y") == [Back("y", "cursor", str(path))]
    assert json.loads(path.read_bytes()) == {"mcpServers": {"y": {"command": "b"}}}
    assert bring_back(tmp_path, "x") == [Back("x", "cursor", str(path))]
    assert json.loads(path.read_bytes()) == json.loads(BEFORE)


def test_a_file_that_went_on(tmp_path: Path) -> None:
    path = tmp_path / "mcp.json"
    put(tmp_path, path, X)
    path.write_bytes(b'{"mcpServers": {"new": {"command": "n"}}}')
    assert bring_back(tmp_path, "x") == [Back("x", "cursor", str(path))]
    assert json.loads(path.read_bytes()) == {"mcpServers": {"new": {"command": "n"}, "x": {"command": "a"}}}


def test_what_cannot_come_back_says_why(tmp_path: Path) -> None:
    path = tmp_path / "mcp.json"
    put(tmp_path, path, X)
    path.write_bytes(b'{"mcpServers": {"x": {"command": "other"}}}')
    assert bring_back(tmp_path, "x") == [
        Back("x", "cursor", str(path), "there is another entry of the same name by now")
    ]
    assert json.loads(path.read_bytes()) == {"mcpServers": {"x": {"command": "other"}}}


def test_a_list_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    assert load(tmp_path) == ()
    put(tmp_path, tmp_path / "mcp.json", X)
    (tmp_path / FOLDER / FILE).write_text("{")
    assert load(tmp_path) == ()


def test_contents_that_no_entry_names_go(tmp_path: Path) -> None:
    put(tmp_path, tmp_path / "mcp.json", X)
    old = tmp_path / FOLDER / ("0" * 64)
    old.write_bytes(b"old")
    put(tmp_path, tmp_path / "mcp.json", X)
    assert not old.exists()
    assert len(load(tmp_path)) == 2

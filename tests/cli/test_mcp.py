"""`spawngate mcp` before it speaks; tests/server/mcp speaks with it."""

from pathlib import Path

from click.testing import CliRunner

from spawngate.cli.mcp import command
from spawngate.model.errors import UsageError


def test_a_token_is_one_word(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("sgt_a b\n")
    result = CliRunner().invoke(command, ["--token-file", str(path)])
    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == "the token is none"


def test_a_token_never_travels_in_clear(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["--server", "http://gate.example.org"], env={"SPAWNGATE_TOKEN": "sgt_x"})
    assert isinstance(result.exception, UsageError)
    assert "https" in str(result.exception)

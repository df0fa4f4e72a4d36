"""What is handed to a desktop."""

import pytest

from spawngate.command.tools.links import READERS
from tests.command.told import acts, facts, tried


@pytest.mark.parametrize(
    "command",
    [
        "open 'cursor://anysphere.cursor-deeplink/mcp/install?name=x&config=e30='",
        "xdg-open 'vscode:mcp/install?%7B%7D'",
        "open -a Goose 'goose://extension?cmd=npx&arg=x'",
        "open evil.mcpb",
        "xdg-open https://x.example.net/a.dxt?v=1",
        "code --open-url 'vscode:mcp/install?%7B%7D'",
        "antigravity --add-mcp '{}'",
    ],
)
def test_an_agent_is_given_something(command: str) -> None:
    assert "agent-server-add" in acts(command)


@pytest.mark.parametrize(
    "command",
    [
        "open https://modelcontextprotocol.io/install",
        "open .",
        "xdg-open report.pdf",
        "open vscode://file/src/a.ts",
        "code .",
    ],
)
def test_others(command: str) -> None:
    assert acts(command) == ()


def test_a_file_is_read() -> None:
    assert facts("open ~/.ssh/id_rsa")[0].read_places == ("credentials", "home-file", "private-key")


def test_readers_survive_anything() -> None:
    for program in READERS:
        for words in ((), ("-",), ("-a",), ("cursor:" + "m" * 2000,), ("=", ":", "@")):
            assert isinstance(tried(program, words), tuple)

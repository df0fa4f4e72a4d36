"""Goose's list is YAML that somebody serves."""

import yaml
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.lists.allowed import AllowedServer
from spawngate.agents.lists.goose import LIST
from tests.agents.lists.servers import ALL, LEFT_OUT


def test_list() -> None:
    made = LIST.compile(ALL)
    assert yaml.safe_load(made.text) == {
        "extensions": [
            {"id": "files", "command": "npx -y @modelcontextprotocol/server-filesystem@2026.1.14 /w"},
        ]
    }
    assert made.left_out == (*LEFT_OUT, ("docs", "the list knows commands only"))
    assert yaml.safe_load(LIST.compile(()).text) == {"extensions": []}


@given(st.text(), st.text(min_size=1))
def test_any_name_is_read_back(name: str, command: str) -> None:
    text = LIST.compile((AllowedServer(name, command),)).text
    assert yaml.safe_load(text) == {"extensions": [{"id": name, "command": command}]}

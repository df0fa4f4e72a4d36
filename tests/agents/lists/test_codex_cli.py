"""Codex compares a name and a program."""

import tomllib

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import edit
from spawngate.agents.lists.allowed import AllowedServer
from spawngate.agents.lists.codex_cli import LIST, SAME_NAME
from tests.agents.lists.servers import ALL, FILES, LEFT_OUT


def test_list() -> None:
    made = LIST.compile(ALL)
    assert made.operations[0].value == {
        "docs": {"identity": {"url": "https://docs.example/mcp"}},
        "files": {"identity": {"command": "npx"}},
    }
    assert made.left_out == LEFT_OUT


def test_the_file_reads_back_beside_what_was_there() -> None:
    before = b"# ours\n[features]\nhooks = true\n"
    done = edit(before, Format.TOML, LIST.compile(ALL).operations, lambda entry: False)
    assert done.data.endswith(before)
    assert tomllib.loads(done.data.decode()) == {
        "features": {"hooks": True},
        "mcp_servers": {
            "docs": {"identity": {"url": "https://docs.example/mcp"}},
            "files": {"identity": {"command": "npx"}},
        },
    }


def test_one_name_holds_one_program() -> None:
    made = LIST.compile((FILES, AllowedServer("files", "uvx", ("other",))))
    assert made.operations[0].value == {"files": {"identity": {"command": "npx"}}}
    assert made.left_out == (("files", SAME_NAME),)

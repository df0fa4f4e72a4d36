"""Servers that are added without a file that is named: found among spawns, addresses and texts."""

import base64
import json

import pytest

from spawngate.command.calls import understand_call
from spawngate.command.context import context_of
from spawngate.configuration.direct import NOTHING, Direct, direct_of, in_texts
from spawngate.configuration.files import MISSING
from spawngate.model.call import Edit, ToolCall, ToolKind

SERVER = json.dumps({"command": "bash", "args": ["-c", "id"]})
LINK = "cursor://anysphere.cursor-deeplink/mcp/install?name=x&config=" + base64.b64encode(SERVER.encode()).decode()


def shell(text: str) -> ToolCall:
    return ToolCall("claude-code", "Bash", ToolKind.SHELL, commands=(text,), cwd="/p")


def direct(call: ToolCall) -> Direct:
    context = context_of(call, home="/home/dev")
    return direct_of(call, understand_call(call, context), context, lambda path: MISSING)


@pytest.mark.parametrize(
    "text",
    [
        "claude mcp add x -- bash -c id",
        f"xdg-open '{LINK}'",
        f"open -a Cursor '{LINK}'",
        f"python3 -m webbrowser '{LINK}'",
        f"osascript -e 'open location \"{LINK}\"'",
        f"curl -L '{LINK}'",
    ],
)
def test_found_in_a_command(text: str) -> None:
    assert [(one.facts.what, one.facts.name, one.facts.line) for one in direct(shell(text)).differences] == [
        ("server", "x", "bash -c id")
    ]


def test_found_in_an_address() -> None:
    call = ToolCall("claude-code", "WebFetch", ToolKind.FETCH, urls=(LINK,))
    assert [one.facts.line for one in direct(call).differences] == ["bash -c id"]


def test_which_spawn_and_what_is_unknown() -> None:
    assert direct(shell("ls; claude mcp add x -- a")).commands == {1}
    found = direct(shell("opencode mcp add"))
    assert [(facts.agent, facts.reason) for facts in found.unknown] == [("opencode", "interactive")]


@pytest.mark.parametrize("text", ["ls", "claude -p hi", "open https://example.com", "curl https://example.com/mcp"])
def test_nothing(text: str) -> None:
    assert direct(shell(text)) == NOTHING


def test_in_texts() -> None:
    call = shell(f"node -e 'x({SERVER})'")
    context = context_of(call, home="/home/dev")
    assert [one.facts.line for one in in_texts(call, understand_call(call, context), context)] == ["bash -c id"]
    edit = ToolCall("cursor", "edit", ToolKind.WRITE, edits=(Edit("/f", "a", f'"x": {SERVER},'),))
    assert [one.facts.line for one in in_texts(edit, understand_call(edit, context), context)] == ["bash -c id"]

"""The loopback model plays its script in every protocol."""

import json
import urllib.request
from typing import Any

import pytest

from spawngate.endpoint.rehearsal.model import DONE, Model, Script


def ask(model: Model, path: str, body: dict[str, Any]) -> str:
    request = urllib.request.Request(model.address + path, json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(answer.read(), "utf-8")


CALL = ("run|shell", {"command": "ls"})
ANTHROPIC = {"model": "m", "tools": [{"name": "shell"}], "messages": [{"role": "user", "content": "go"}]}
OPENAI = {"tools": [{"type": "function", "name": "shell"}], "input": [{"role": "user", "content": "go"}]}
CHAT = {"tools": [{"type": "function", "function": {"name": "shell"}}], "messages": [{"role": "user", "content": "go"}]}
GEMINI = {"tools": [{"functionDeclarations": [{"name": "shell"}]}], "contents": [{"role": "user", "parts": []}]}
TURNS = [
    (
        "/v1/messages",
        ANTHROPIC,
        {"messages": [{"role": "user", "content": [{"type": "tool_result", "content": [{"text": "told"}]}]}]},
    ),
    ("/v1/responses", OPENAI, {"input": [{"type": "function_call_output", "output": "told"}]}),
    ("/v1/chat/completions", CHAT, {"messages": [{"role": "tool", "content": "told"}]}),
    (
        "/v1beta/models/m:streamGenerateContent",
        GEMINI,
        {"contents": [{"parts": [{"functionResponse": {"response": "told"}}]}]},
    ),
]


@pytest.mark.parametrize(("path", "first", "second"), TURNS, ids=lambda value: str(value)[:16])
@pytest.mark.parametrize("stream", [True, False])
def test_one_call_and_an_end(path: str, first: dict[str, Any], second: dict[str, Any], stream: bool) -> None:
    script = Script([CALL])
    with Model(script) as model:
        asked = ask(model, path, {**first, "stream": stream})
        ended = ask(model, path, {**first, **second, "stream": stream})
    assert "shell" in asked
    assert DONE not in asked
    assert DONE in ended
    assert [result.strip('"') for result in script.results] == ["told"]
    assert (script.offered, len(script.requests)) == (["shell"], 2)


def test_without_tools_there_is_nothing_to_call() -> None:
    with Model(Script([CALL])) as model:
        assert DONE in ask(model, "/v1/chat/completions", {"messages": []})


def test_a_tool_that_is_not_offered_is_not_called() -> None:
    with Model(Script([("other", {})])) as model:
        assert DONE in ask(model, "/v1/chat/completions", CHAT)

"""SHELL. A loopback model that plays a script: it asks for tool calls and ends when it has the answers.

Speaks what real agents speak: Anthropic Messages, OpenAI Responses and Chat Completions, Gemini generateContent, each
streamed or whole. It is no model and gives no judgement: it makes real agents call a real tool without a vendor, a key
or a network. Each context listens on its own loopback port for as long as it is open.
Belongs here: the four protocols and the script. Must not be here: how an agent is started (`headless`).
Sources, read 2026-11: docs.anthropic.com/en/api/messages-streaming, platform.openai.com/docs/api-reference
(responses-streaming, chat/streaming), ai.google.dev/api/generate-content.
"""

import itertools
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DONE = "All done."
Tool = tuple[str, Mapping[str, Any]]
"""A tool's name and its input."""


@dataclass(slots=True)
class Script:
    """Tool calls that the model asks for, one a turn, and everything that it was told."""

    calls: Sequence[Tool]
    """Names may be regular expressions: the first offered tool that matches is called."""
    requests: list[Mapping[str, Any]] = field(default_factory=list)
    results: list[str] = field(default_factory=list)
    """What the agent told the model of each call, as text."""
    offered: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def turn(self, offered: Sequence[str], results: Sequence[str]) -> Tool | None:
        """The next call, or None when the conversation is over. `results` are all that the request holds."""
        with self.lock:
            self.offered = list(dict.fromkeys([*self.offered, *offered]))
            if len(results) > len(self.results):
                self.results.extend(results[len(self.results) :])
            if not offered or len(self.results) >= len(self.calls):
                return None
            name, given = self.calls[len(self.results)]
            found = next((tool for tool in offered if re.fullmatch(name, tool)), None)
            return (found, given) if found else None


class Model(ThreadingHTTPServer):
    """The server. Use as a context; `address` is its base."""

    daemon_threads = True

    def __init__(self, script: Script) -> None:
        self.script = script
        self.ids = itertools.count(1)
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.server_address[1])

    @property
    def address(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Model":
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Model

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the agent's own output is what a test reads."""

    def do_GET(self) -> None:
        """Lists of models, and whatever else an agent asks at its start."""
        self._whole({"object": "list", "data": [{"id": "mock-model", "object": "model"}], "models": []})

    do_HEAD = do_GET

    def do_POST(self) -> None:
        """One turn of the conversation."""
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            body = {}
        path = self.path.split("?")[0]
        for ending, answer in _PROTOCOLS.items():
            if path.endswith(ending):
                self.server.script.requests.append(body)
                answer(self, body)
                return
        self._whole({})

    # -- answers

    def _whole(self, document: object) -> None:
        data = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _stream(self, events: Iterator[tuple[str, object]]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for name, event in events:
            head = f"event: {name}\n" if name else ""
            text = event if isinstance(event, str) else json.dumps(event)
            self.wfile.write(f"{head}data: {text}\n\n".encode())
        self.wfile.flush()

    # -- Anthropic Messages

    def messages(self, body: Mapping[str, Any]) -> None:
        results = [
            _text(block.get("content"))
            for message in body.get("messages", ())
            for block in _list(message.get("content"))
            if isinstance(block, dict) and block.get("type") == "tool_result"
        ]
        call = self.server.script.turn([str(tool.get("name")) for tool in body.get("tools", ())], results)
        number = next(self.server.ids)
        block: dict[str, Any] = {"type": "text", "text": DONE}
        if call:
            block = {"type": "tool_use", "id": f"toolu_{number:04}", "name": call[0], "input": dict(call[1])}
        reason = "tool_use" if call else "end_turn"
        usage = {"input_tokens": 10, "output_tokens": 10}
        message = {
            "id": f"msg_{number:04}",
            "type": "message",
            "role": "assistant",
            "model": body.get("model", "mock-model"),
            "content": [block],
            "stop_reason": reason,
            "stop_sequence": None,
            "usage": usage,
        }
        if not body.get("stream"):
            self._whole(message)
            return
        empty: dict[str, Any] = {**block, "input": {}} if call else {**block, "text": ""}
        delta = (
            {"type": "input_json_delta", "partial_json": json.dumps(call[1])}
            if call
            else {"type": "text_delta", "text": DONE}
        )
        start = {**message, "content": [], "stop_reason": None}
        self._stream(
            iter(
                [
                    ("message_start", {"type": "message_start", "message": start}),
                    ("content_block_start", {"type": "content_block_start", "index": 0, "content_block": empty}),
                    ("content_block_delta", {"type": "content_block_delta", "index": 0, "delta": delta}),
                    ("content_block_stop", {"type": "content_block_stop", "index": 0}),
                    (
                        "message_delta",
                        {
                            "type": "message_delta",
                            "delta": {"stop_reason": reason, "stop_sequence": None},
                            "usage": usage,
                        },
                    ),
                    ("message_stop", {"type": "message_stop"}),
                ]
            )
        )

    def count_tokens(self, body: Mapping[str, Any]) -> None:
        self._whole({"input_tokens": 10})

    # -- OpenAI Responses

    def openai(self, body: Mapping[str, Any]) -> None:
        items = _list(body.get("input"))
        results = [
            _text(item.get("output"))
            for item in items
            if isinstance(item, dict) and str(item.get("type", "")).endswith("call_output")
        ]
        tools = [tool for tool in [*_list(body.get("tools")), *_additional(items)] if isinstance(tool, dict)]
        spaces = {
            f"{tool.get('name')}__{inner.get('name')}": (str(tool.get("name")), str(inner.get("name")))
            for tool in tools
            if tool.get("type") == "namespace"
            for inner in _list(tool.get("tools"))
            if isinstance(inner, dict)
        }
        names = [str(tool.get("name") or tool.get("type")) for tool in tools if tool.get("type") != "namespace"]
        call = self.server.script.turn([*names, *spaces], results)
        number = next(self.server.ids)
        item: dict[str, Any] = {
            "type": "message",
            "id": f"msg_{number:04}",
            "status": "completed",
            "role": "assistant",
            "content": [{"type": "output_text", "text": DONE, "annotations": []}],
        }
        if call:
            kind = next((tool.get("type") for tool in tools if tool.get("name") == call[0]), "function")
            item = {"id": f"fc_{number:04}", "status": "completed", "call_id": f"call_{number:04}", "name": call[0]}
            if kind == "custom":
                item |= {"type": "custom_tool_call", "input": str(call[1].get("input", ""))}
            else:
                item |= {"type": "function_call", "arguments": json.dumps(call[1])}
            if call[0] in spaces:
                # Codex names an MCP tool by its server's space and its own name.
                item["namespace"], item["name"] = spaces[call[0]]
        response = {
            "id": f"resp_{number:04}",
            "object": "response",
            "model": body.get("model", "mock-model"),
            "status": "completed",
            "output": [item],
            "usage": {
                "input_tokens": 10,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": 10,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": 20,
            },
        }
        if not body.get("stream"):
            self._whole(response)
            return
        started = {**response, "status": "in_progress", "output": []}
        events = (
            {"type": "response.created", "response": started},
            {"type": "response.output_item.added", "output_index": 0, "item": item},
            {"type": "response.output_item.done", "output_index": 0, "item": item},
            {"type": "response.completed", "response": response},
        )
        self._stream((str(event["type"]), event) for event in events)

    # -- OpenAI Chat Completions

    def chat(self, body: Mapping[str, Any]) -> None:
        results = [
            _text(message.get("content")) for message in body.get("messages", ()) if message.get("role") == "tool"
        ]
        offered = [str(tool.get("function", {}).get("name")) for tool in body.get("tools") or ()]
        call = self.server.script.turn(offered, results)
        number = next(self.server.ids)
        message: dict[str, Any] = {"role": "assistant", "content": DONE}
        if call:
            function = {"name": call[0], "arguments": json.dumps(call[1])}
            message = {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"index": 0, "id": f"call_{number:04}", "type": "function", "function": function}],
            }
        reason = "tool_calls" if call else "stop"
        base = {"id": f"chat_{number:04}", "created": 1, "model": body.get("model", "mock-model")}
        usage = {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20}
        if not body.get("stream"):
            choice = {"index": 0, "message": message, "finish_reason": reason}
            self._whole({**base, "object": "chat.completion", "choices": [choice], "usage": usage})
            return
        chunk = {**base, "object": "chat.completion.chunk"}
        self._stream(
            iter(
                [
                    ("", {**chunk, "choices": [{"index": 0, "delta": message, "finish_reason": None}]}),
                    ("", {**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": reason}], "usage": usage}),
                    ("", "[DONE]"),
                ]
            )
        )

    # -- Gemini generateContent

    def gemini(self, body: Mapping[str, Any]) -> None:
        results = [
            json.dumps(part["functionResponse"].get("response"))
            for content in body.get("contents", ())
            for part in content.get("parts", ())
            if "functionResponse" in part
        ]
        offered = [
            str(one.get("name")) for tool in body.get("tools") or () for one in tool.get("functionDeclarations", ())
        ]
        call = self.server.script.turn(offered, results)
        part: dict[str, Any] = {"text": DONE}
        if call:
            part = {"functionCall": {"name": call[0], "args": dict(call[1])}}
        answer = {
            "candidates": [{"index": 0, "content": {"role": "model", "parts": [part]}, "finishReason": "STOP"}],
            "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 10, "totalTokenCount": 20},
            "modelVersion": "mock-model",
        }
        if ":stream" in self.path:
            self._stream(iter([("", answer)]))
        else:
            self._whole(answer)


_PROTOCOLS: Mapping[str, Callable[[_Handler, Mapping[str, Any]], None]] = {
    "/messages/count_tokens": _Handler.count_tokens,
    "/messages": _Handler.messages,
    "/responses": _Handler.openai,
    "/chat/completions": _Handler.chat,
    ":streamGenerateContent": _Handler.gemini,
    ":generateContent": _Handler.gemini,
}


def _additional(items: Sequence[Any]) -> list[Any]:
    """Tools that Codex hands over as an input item."""
    found: list[Any] = []
    for item in items:
        if isinstance(item, dict) and item.get("type") == "additional_tools":
            found += _list(item.get("tools"))
    return found


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(str(part.get("text", "")) if isinstance(part, dict) else str(part) for part in value)
    return json.dumps(value)

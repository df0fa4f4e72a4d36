"""No planted secret reaches the trail: secrets of every type in commands, contents, arguments, addresses and prompts.

A place that says that it holds a value (a flag, a header, a variable) gets secrets of every type, people's passwords
too; every other place gets those that have a form of their own. What is looked at is every byte of the state folder
but the key, and every output of `spawngate audit`.
"""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spawngate.endpoint.daemon.assemble import assemble
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.state import State
from spawngate.endpoint.trail.store import TrailStore
from tests.redact.generators import SECRET_TYPES
from tests.test_canaries import STRONG, WEAK, WINDOW

NAMED = sorted(set(SECRET_TYPES) - WEAK)
"""Types for places that say so."""

SHELL = (
    "mysql -u root --password={named} -e 'select 1'",
    "curl -H 'Authorization: Bearer {named}' https://x.test",
    "curl -u ann:{named} https://x.test",
    "API_KEY={named} node server.js",
    "export GITHUB_TOKEN={named}; git push",
    "docker login -u ann -p {named} registry.test",
    "curl 'https://x.test/a?token={named}&b=1'",
    "psql postgres://ann:{named}@db.test/main",
    "echo {strong} | base64",
    "bash -c 'deploy --token {named}'",
    "cat > .env <<'EOF'\nSECRET_KEY={named}\nEOF",
    "git clone https://{strong}@github.test/o/r.git",
    "echo '" + "word " * 190 + "{strong} " + "word " * 50 + "'",
)


class Planter:
    """Makes secrets and remembers them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.planted: list[str] = []

    def make(self, kinds: list[str]) -> str:
        made = SECRET_TYPES[self.random.choice(kinds)](self.random)
        self.planted.append(made)
        return made

    @property
    def named(self) -> str:
        return self.make([kind for kind in NAMED if kind != "uuid-key"])

    @property
    def strong(self) -> str:
        return self.make(STRONG)

    @property
    def any(self) -> str:
        return self.make(sorted(SECRET_TYPES))


def calls(plant: Planter) -> Iterator[tuple[str, dict[str, Any]]]:
    """Tool calls in Claude Code's naming. Contents may be anything at all: they are never held."""
    for text in SHELL:
        command = text
        while "{named}" in command or "{strong}" in command:
            command = command.replace("{named}", plant.named, 1).replace("{strong}", plant.strong, 1)
        yield "Bash", {"command": command, "description": plant.strong}
    yield "Write", {"file_path": "/p/.env", "content": f"PASSWORD={plant.any}\n{plant.any}"}
    yield "Edit", {"file_path": "/p/a.py", "old_string": plant.any, "new_string": plant.any}
    yield (
        "MultiEdit",
        {"file_path": "/p/a.py", "edits": [{"old_string": plant.any, "new_string": plant.any, "replace_all": True}]},
    )
    yield "Read", {"file_path": f"/p/{plant.strong}.txt"}
    yield "Grep", {"pattern": plant.strong, "path": "/p"}
    yield "WebFetch", {"url": f"https://ann:{plant.named}@x.test/p?api_key={plant.named}", "prompt": plant.any}
    yield "WebSearch", {"query": plant.strong}
    yield "Task", {"prompt": plant.any, "description": plant.strong, "subagent_type": "general-purpose"}
    yield "mcp__db__query", {"password": plant.any, "content": plant.any, "q": plant.strong, "rows": [plant.any]}
    yield "mcp__db__query", {"nested": {"token": plant.any}, plant.strong: 1, "Authorization": f"Bearer {plant.named}"}
    yield f"mcp__{plant.strong}__tool", {"text": plant.any}
    yield plant.strong, {"command": f"x --token {plant.named}"}


def payload(tool: str, given: dict[str, Any], **more: Any) -> bytes:
    document = {
        "hook_event_name": "PreToolUse",
        "session_id": "s",
        "cwd": "/p",
        "tool_name": tool,
        "tool_input": given,
    }
    return json.dumps({**document, **more}).encode()


def shown(text: str, planted: list[str]) -> list[str]:
    return [
        secret
        for secret in planted
        if any(secret[at : at + WINDOW] in text for at in range(max(1, len(secret) - WINDOW + 1)))
    ]


@pytest.mark.parametrize("seed", range(4))
def test_nothing_planted_is_recorded(tmp_path: Path, seed: int) -> None:
    plant = Planter(seed)
    state = State(tmp_path)
    made = assemble(state, place(tmp_path))
    made_calls = list(calls(plant))
    with TrailStore(place(tmp_path).trail, endpoint=state.endpoint()) as store:
        for tool, given in made_calls:
            made.service.answer(store, "claude-code", payload(tool, given), {})
        for data in (
            payload("Bash", {"command": ["x", plant.any]}),
            payload("Bash", {"cmd": plant.any}),
            json.dumps({"hook_event_name": "UserPromptSubmit", "prompt": plant.any}).encode(),
            json.dumps(
                {"hook_event_name": "PostToolUse", "tool_name": "Bash", "tool_input": {}, "tool_response": plant.any}
            ).encode(),
            f'{{"broken": "{plant.any}"'.encode(),
            plant.any.encode(),
        ):
            made.service.answer(store, "claude-code", data, {})
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "key"]
    kept = "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)
    assert (kept.count('"type":"decision"'), kept.count('"type":"moment"')) == (len(made_calls) + 4, 2)
    outputs = [
        subprocess.run(
            [sys.executable, "-m", "spawngate", "audit", *words],
            env={**os.environ, "SPAWNGATE_STATE_DIR": os.fspath(tmp_path)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for words in (["tail", "-n", "500"], ["query", "--limit", "500", "--format", "json"])
    ]
    assert shown(kept + "".join(outputs), plant.planted) == []

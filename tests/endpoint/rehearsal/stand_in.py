"""A stand-in for Claude Code: asks the model, calls the registered hook, obeys it or not, runs the command.

Run as a program named `claude`; the first word of its own file's `MANNER` says how it behaves: `obeys`, `ignores`
(never calls the hook), `idle` (never asks the model), `deaf` (is told and tells the model nothing).
"""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

MANNER = "obeys"


def ask(messages: list[dict[str, Any]]) -> dict[str, Any]:
    body = {"model": "m", "tools": [{"name": "Bash"}], "messages": messages}
    url = os.environ["ANTHROPIC_BASE_URL"] + "/v1/messages"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, json.dumps(body).encode(), method="POST"), timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)["content"][0]
    return found


def refusal(command: str) -> str:
    """What the registered hook says against the command; empty where it lets it pass."""
    settings = json.loads((Path.home() / ".claude/settings.json").read_text())
    handler = settings["hooks"]["PreToolUse"][0]["hooks"][0]
    event = {
        "session_id": "s",
        "cwd": os.getcwd(),
        "hook_event_name": "PreToolUse",
        "tool_name": "Bash",
        "tool_input": {"command": command},
        "tool_use_id": "t",
    }
    done = subprocess.run(
        [handler["command"], *handler.get("args", [])],
        input=json.dumps(event).encode(),
        capture_output=True,
        check=False,
    )
    return (done.stdout + done.stderr).decode() if b"deny" in done.stdout or done.returncode == 2 else ""


def main() -> None:
    if MANNER == "idle":
        sys.stderr.write("no licence\n")
        return
    call = ask([{"role": "user", "content": "go"}])
    command = call["input"]["command"]
    against = "" if MANNER == "ignores" else refusal(command)
    told = against or subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False).stdout
    if MANNER != "deaf":
        result = {"type": "tool_result", "tool_use_id": call["id"], "content": told or "done"}
        ask([{"role": "user", "content": [result]}])


if __name__ == "__main__":
    main()

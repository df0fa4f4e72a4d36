"""A server for tests: an MCP server of the legacy era with a few tools, or what its first word says."""

import json
import os
import signal
import sys
import time
from typing import Any


def say(value: object) -> None:
    sys.stdout.write(json.dumps(value, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def detach(action: str, delay: float) -> None:
    """A grandchild of another session that writes `action` later."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(3):
                os.close(number)
            time.sleep(delay)
            with open(action, "w") as file:
                file.write(str(os.getpid()))
            time.sleep(60)
        os._exit(0)


TOOLS = [
    {"name": name, "description": f"does {name}", "inputSchema": {"type": "object"}}
    for name in ("echo", "environment", "exit", "raise", "detach", "pid")
]


def result(message: "dict[str, Any]") -> object:
    method, params = message["method"], message.get("params") or {}
    if method == "initialize":
        return {
            "protocolVersion": "2025-06-18",
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "tests", "version": "1"},
        }
    if method == "tools/list":
        return {"tools": TOOLS}
    if method == "tools/call":
        name, arguments = params["name"], params.get("arguments") or {}
        text = ""
        if name == "echo":
            text = arguments["text"]
        if name == "environment":
            text = json.dumps(dict(os.environ))
        if name == "exit":
            os._exit(arguments["code"])
        if name == "raise":
            os.kill(os.getpid(), arguments["signal"])
        if name == "detach":
            detach(arguments["path"], 0)
        if name == "pid":
            text = str(os.getpid())
        return {"content": [{"type": "text", "text": text}]}
    return None


def serve() -> None:
    sys.stderr.write("server's own words\n")
    sys.stderr.flush()
    for line in sys.stdin:
        message = json.loads(line)
        if "id" not in message:
            continue
        found = result(message)
        if found is None:
            say({"jsonrpc": "2.0", "id": message["id"], "error": {"code": -32601, "message": "no such method"}})
        else:
            say({"jsonrpc": "2.0", "id": message["id"], "result": found})


def main() -> None:
    how = sys.argv[1] if len(sys.argv) > 1 else "serve"
    path = sys.argv[2] if len(sys.argv) > 2 else ""
    if how == "stubborn":
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        serve()
        time.sleep(60)
    if how == "linger":
        serve()
        time.sleep(60)
    if how == "banner":
        sys.stdout.write("Welcome to a program that is no server!\n")
        sys.stdout.flush()
        time.sleep(60)
    if how == "silent":
        time.sleep(60)
    if how == "exits":
        sys.exit(0)
    if how == "mark":
        with open(path, "w") as file:
            file.write("here")
        time.sleep(60)
    if how == "detach":
        detach(path, 0.3)
        time.sleep(60)
    if how == "mark-and-serve":
        try:
            with open(path, "a") as file:
                file.write("x")
        except OSError:
            pass
        serve()
    if how == "deaf":  # says nothing to a method that it does not know
        line = sys.stdin.readline()
        while json.loads(line)["method"] != "initialize":
            line = sys.stdin.readline()
        say({"jsonrpc": "2.0", "id": json.loads(line)["id"], "result": result(json.loads(line))})
        serve()
    if how == "old":  # ends on a method that it does not know
        line = sys.stdin.readline()
        if json.loads(line)["method"] != "initialize":
            sys.exit(1)
        say({"jsonrpc": "2.0", "id": json.loads(line)["id"], "result": result(json.loads(line))})
        serve()
    serve()


if __name__ == "__main__":
    main()

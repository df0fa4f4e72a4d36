"""A whole MCP server of the legacy era in the standard library alone: one tool, `mark`, that writes a file.

For tests that need a server on a machine without a network. It says `tiny` on stderr and nothing else but protocol on
stdout. Must not be here: anything of ours.
"""

import json
import sys
from pathlib import Path
from typing import Any

TOOL = {
    "name": "mark",
    "description": "Writes a file.",
    "inputSchema": {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]},
}


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """The result of one request, or its error."""
    given = asked.get("params") or {}
    match asked.get("method"):
        case "initialize":
            version = given.get("protocolVersion", "2025-06-18")
            info = {"name": "tiny", "version": "1"}
            return {"result": {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": info}}
        case "ping":
            return {"result": {}}
        case "tools/list":
            return {"result": {"tools": [TOOL]}}
        case "tools/call":
            path = Path(given["arguments"]["path"])
            path.write_text("marked")
            return {"result": {"content": [{"type": "text", "text": f"marked {path.name}"}]}}
    return {"error": {"code": -32601, "message": "no such method"}}


def main() -> None:
    """Serve until the input ends."""
    sys.stderr.write("tiny\n")
    for line in sys.stdin:
        asked = json.loads(line)
        if "id" in asked and "method" in asked:
            sys.stdout.write(json.dumps({"jsonrpc": "2.0", "id": asked["id"], **answer(asked)}) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

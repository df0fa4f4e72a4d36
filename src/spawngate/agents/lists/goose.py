"""Goose Desktop's list: YAML behind the address in GOOSE_ALLOWLIST.

Source, read 2026-11: block/goose crates/goose-server/ALLOWLIST.md. The desktop program alone looks at it, and
GOOSE_ALLOWLIST_BYPASS switches it off.
Must not be here: approvals, and files (`endpoint.launching.lists`).
"""

from collections.abc import Iterable

import yaml

from spawngate.agents.lists.allowed import AgentList, AllowedServer, CompiledList, listed


def _compile(servers: Iterable[AllowedServer]) -> CompiledList:
    kept, left_out = listed(servers)
    started = [server for server in kept if not server.is_remote]
    extensions = [{"id": server.name, "command": " ".join((server.command, *server.args))} for server in started]
    text = yaml.safe_dump({"extensions": extensions}, sort_keys=False, width=1 << 20)
    left_out += [(server.name, "the list knows commands only") for server in kept if server.is_remote]
    return CompiledList(
        (), text=text, delivery="serve it and set GOOSE_ALLOWLIST to its address", left_out=tuple(left_out)
    )


LIST = AgentList(
    _compile,
    "command-line",
    ("anything outside Goose Desktop", "variables of the entry", "the working folder", "GOOSE_ALLOWLIST_BYPASS"),
    "https://github.com/block/goose/blob/main/crates/goose-server/ALLOWLIST.md",
)

"""Goose Desktop's list: YAML behind the address in GOOSE_ALLOWLIST.

Sources, read 2026-11: block/goose crates/goose-server/ALLOWLIST.md, and `is_command_allowed_with_allowlist` in
crates/goose-server/src/routes/extension.rs, which says more than the page: of the command that is started, and not of
the list's entries, versions behind `@` are cut off; a program with a path passes only from Goose's own folder; an empty
list allows everything. GOOSE_ALLOWLIST_BYPASS switches it off, and a list that cannot be fetched or read allows
everything.
Must not be here: approvals, and files (`endpoint.launching.lists`).
"""

from collections.abc import Iterable

import yaml

from spawngate.agents.lists.allowed import AgentList, AllowedServer, CompiledList, listed

NOBODY = {"id": "spawngate:none", "command": "spawngate-allows-none"}
"""What nobody starts: a list without entries would allow everything."""
HAS_PATH = (
    "Goose Desktop refuses every program that is named with its path, the launcher too: leave the list away where the "
    "launcher is used, which compares more"
)


def _compile(servers: Iterable[AllowedServer]) -> CompiledList:
    kept, left_out = listed(servers)
    extensions: list[dict[str, str]] = []
    for server in kept:
        if server.is_remote:
            left_out.append((server.name, "the list knows commands only"))
        elif "/" in server.command or "\\" in server.command:
            left_out.append((server.name, HAS_PATH))
        else:
            extensions.append({"id": server.name, "command": _compared(server)})
    # ASCII only: written as they are, U+0085 and its like would be line breaks to a reader and come back as a blank.
    text = yaml.safe_dump({"extensions": extensions or [NOBODY]}, sort_keys=False, width=1 << 20)
    return CompiledList(
        (), text=text, delivery="serve it and set GOOSE_ALLOWLIST to its address", left_out=tuple(left_out)
    )


def _compared(server: AllowedServer) -> str:
    """The command line as Goose has it when it compares: words by single spaces, without versions of unscoped names."""
    words = " ".join((server.command, *server.args)).split()
    return " ".join(word if word.startswith("@") else word.partition("@")[0] for word in words)


LIST = AgentList(
    _compile,
    "command-line",
    (
        "anything outside Goose Desktop",
        "versions of packages without a scope",
        "the option -y",
        "where one argument ends and the next begins",
        "variables of the entry",
        "the working folder",
        "programs in a folder that is called resources/bin",
        "GOOSE_ALLOWLIST_BYPASS",
    ),
    "https://github.com/block/goose/blob/main/crates/goose-server/ALLOWLIST.md",
)

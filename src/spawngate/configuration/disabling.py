"""Switching single server entries off in an agent's file: by the agent's own switch, or by taking the entry out.

Belongs here: the changed content, checked by reading it again as every agent that reads the file does, and the way
back. Must not be here: files, which entries are switched off and why (`endpoint.daemon.outside`).
Where not every agent that reads the file has the same switch, the entry leaves the file and is kept.
Sources: the agents' pages on MCP servers: Codex (config-reference, `mcp_servers.<id>.enabled`), goose (extensions),
opencode (mcp-servers), Zed (context servers), Cline and Roo (cline_mcp_settings.json), Windsurf (mcp_config.json), Kiro
(mcp/configuration), Amazon Q CLI, Crush (crush.json schema), Factory Droid, Antigravity.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import Change, EditError, edit, parse, take_out, undo
from spawngate.agents.formats.edit_values import Operation, at
from spawngate.agents.formats.launch_places import entry_of
from spawngate.configuration.difference import Surroundings, read_for
from spawngate.configuration.recognise import Known
from spawngate.model.artifact import Kind, Status
from spawngate.model.json import Json
from spawngate.model.observed import Observed

SWITCHES: dict[str, tuple[str, bool]] = {
    **dict.fromkeys(
        ("amazon-q-cli", "antigravity", "cline", "crush", "factory-droid", "kiro", "roo-code", "windsurf"),
        ("disabled", True),
    ),
    **dict.fromkeys(("codex-cli", "goose", "kilo-code", "opencode", "zed"), ("enabled", False)),
}
"""The key of an entry by which an agent switches it off, by agent: those that document one. Readers are more lenient
than agents are, so that what they take for switched off is no proof."""
How = Literal["switched", "taken-out"]


class Disabled(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was done to one entry, enough to undo it. Raw: holds what the file holds."""

    name: str
    how: How
    path: tuple[str | int, ...]
    """Where its map lies, or lay."""
    changes: tuple[Change, ...] = ()
    """`switched`: what was put in."""
    value: Json = None
    """`taken-out`: the entry."""


def disable(
    data: bytes, names: Sequence[str], readers: Sequence[Known], where: Surroundings
) -> tuple[bytes, tuple[Disabled, ...]]:
    """The content with the servers of these names off for every reader, and all else as it was. Raises EditError."""
    form = readers[0].location.format
    done: list[Disabled] = []
    for name in dict.fromkeys(names):
        entry = _entry(data, name, readers, where)
        if entry is None:
            raise EditError(f"where {name!r} stands is not understood")
        data, one = _off(data, form, name, entry, readers, where)
        done.append(one)
    return data, tuple(done)


def enable(data: bytes, form: Format, one: Disabled) -> bytes:
    """The content with the entry as it was; what others wrote since stays. Raises EditError."""
    if one.how == "switched":
        return undo(data, form, one.changes, _nobodys)
    found, _ = at(parse(data, form), one.path)
    if found:
        raise EditError("there is another entry of the same name by now")
    return edit(data, form, [Operation(tuple(one.path), one.value, how="set")], _nobodys).data


def _entry(data: bytes, name: str, readers: Sequence[Known], where: Surroundings) -> tuple[str | int, ...] | None:
    value = parse(data, readers[0].location.format)
    for known in readers:
        for item in _servers(data, known, where):
            if item.name == name:
                found = entry_of(value, item.pointer, name)
                if found:
                    return found
    return None


def _off(
    data: bytes,
    form: Format,
    name: str,
    path: tuple[str | int, ...],
    readers: Sequence[Known],
    where: Surroundings,
) -> tuple[bytes, Disabled]:
    before = [_servers(data, known, where) for known in readers]
    for key, value in {SWITCHES.get(known.agent, ("", False)) for known in readers}:
        if not key or any(SWITCHES.get(known.agent) != (key, value) for known in readers):
            break
        try:
            edited = edit(data, form, [Operation((*path, key), value, how="set", overwrite=True)], _nobodys)
        except EditError:
            continue
        if all(
            _is_off(name, was, _servers(edited.data, known, where)) for known, was in zip(readers, before, strict=True)
        ):
            return edited.data, Disabled(name, "switched", path, edited.changes)
    _, entry = at(parse(data, form), path)
    without = take_out(data, form, path)
    if any(item.name == name for known in readers for item in _servers(without, known, where)):
        raise EditError(f"{name!r} stands in more places than one")
    return without, Disabled(name, "taken-out", path, value=entry)


def _is_off(name: str, before: Sequence[Observed], after: Sequence[Observed]) -> bool:
    """Whether this server alone is off now, or was none before."""
    if len(before) != len(after):
        return False
    return all(
        now.status is Status.DISABLED if was.name == name else (now.status, now.launch) == (was.status, was.launch)
        for was, now in zip(before, after, strict=True)
    )


def _servers(data: bytes, known: Known, where: Surroundings) -> list[Observed]:
    return [item for item in read_for(data, known, where).observed if item.kind is Kind.MCP_SERVER]


def _nobodys(value: Json) -> bool:
    """No value but the very one that was put in is taken for ours."""
    del value
    return False

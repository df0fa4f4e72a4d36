"""Inputs of tools: the commands, files, changes, addresses and prompts that they name, whatever the agent calls the
field.

Belongs here: one reader for each kind of tool, written over the field names of all agents, since agents rename tools
far more often than they invent fields, and a field of another agent does no harm.
Must not be here: which tool is of which kind (`agents.hooks.tools`), and any judgement.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from spawngate.agents.hooks.fields import (
    ARGUMENTS,
    CODE,
    COMMAND,
    COMMANDS,
    CONTENT,
    EDITS,
    EVERYWHERE,
    FOLDER,
    NEW,
    OLD,
    PATCH,
    PATH,
    PATHS,
    PROMPT,
    SOURCE,
    TARGET,
    URL,
    Input,
    Parts,
)
from spawngate.agents.hooks.patch import is_patch, patch_edits, search_replace_edits, unified_edits
from spawngate.agents.hooks.payload import MAX_ITEMS, Reader, parse_value
from spawngate.model.call import Edit, ToolKind
from spawngate.model.json import Json

_ADDRESS = re.compile(r"\b(?:https?|ftp|file|wss?)://[^\s<>\"'`\\)\]}]+", re.IGNORECASE)
_ABSOLUTE = re.compile(r"^(?:/|~(?:/|$)|\.{1,2}/|[A-Za-z]:[\\/]|\\\\|file://)")
_WINDOWS = re.compile(r"^(?:[A-Za-z]:[\\/]|\\\\)")
_TEXT_LIMIT = 4_096
"""A text longer than this is content, not the name of a file or an address."""


ReadInput = Callable[[Input, Parts, Reader], None]
"""Reads one tool's input into `Parts`."""


def shell(source: Input, parts: Parts, reader: Reader) -> None:
    """A command: a text for a shell, words without one, or a list of either."""
    found = _commands(source, parts, reader, COMMAND, words=True)
    found |= _commands(source, parts, reader, COMMANDS, words=False)
    task = source.get("task")
    if not found and isinstance(task, Mapping):
        found = _commands(task, parts, reader.below("task"), COMMAND, words=True)
        arguments = reader.below("task").texts(task, "args")
        if found and parts.commands and arguments:
            parts.commands[-1] = " ".join((parts.commands[-1], *arguments))
    if not found:
        reader.problem("command", "missing")
    parts.cwd = reader.text(source, *FOLDER)


def keys(source: Input, parts: Parts, reader: Reader) -> None:
    """Text typed into a shell that runs already."""
    texts = reader.texts(source, "chars", "input", "text", "keys", "command", "data")
    parts.commands.extend(text for text in texts if text.strip())


def code(source: Input, parts: Parts, reader: Reader) -> None:
    """Code that an interpreter of the agent's own runs: written as the command that would run it."""
    text = reader.text(source, *CODE)
    language = reader.name(source, "language", "lang", "runtime").lower()
    if not text:
        reader.problem("code", "missing")
    elif language in ("bash", "sh", "shell", "zsh"):
        parts.commands.append(text)
    elif language in ("javascript", "js", "node", "typescript", "ts"):
        parts.argvs.append(("node", "-e", text))
    else:
        parts.argvs.append(("python3", "-c", text))


def aws(source: Input, parts: Parts, reader: Reader) -> None:
    """`use_aws`: written as the command of the AWS command line that it runs."""
    service, operation = reader.name(source, "service_name"), reader.name(source, "operation_name")
    words = ["aws", service, re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", operation).lower()]
    for name, value in reader.map(source, "parameters").items():
        words.append(f"--{name}")
        if isinstance(value, str) and value:
            words.append(value)
        elif value is not None and value is not True and value != "":
            words.append(value if isinstance(value, str) else _dump(value))
    for name, flag in (("region", "--region"), ("profile_name", "--profile")):
        value = reader.name(source, name)
        words.extend((flag, value) if value else ())
    if service and operation:
        parts.argvs.append(tuple(words))
    else:
        reader.problem("service_name", "missing")


def read(source: Input, parts: Parts, reader: Reader) -> None:
    """Files that are read whole."""
    _paths(source, parts, reader)


def search(source: Input, parts: Parts, reader: Reader) -> None:
    """Where is looked; what is looked for stays in the input."""
    _paths(source, parts, reader)


def write(source: Input, parts: Parts, reader: Reader) -> None:
    """A whole file, or whatever other change the fields describe."""
    if _changes(source, parts, reader):
        return
    path = _path(source, parts, reader)
    content = next((source[name] for name in CONTENT if name in source), None)
    if not path:
        reader.problem("path", "missing")
    elif isinstance(content, str):
        parts.edits.append(Edit(path, None, content))
    elif content is None:
        parts.edits.append(Edit(path, None, ""))
    else:
        # An agent may hand over the value of a JSON file instead of its text: what it says is still to be judged.
        parts.edits.append(Edit(path, None, _dump(content)))
        reader.problem("content", "expected text")


def edit(source: Input, parts: Parts, reader: Reader) -> None:
    """Changes inside a file: old and new text, lists of them, patches, blocks to search and replace."""
    if _changes(source, parts, reader, blocks=("diff", "patch", "content")):
        return
    path = _path(source, parts, reader)
    if not path:
        reader.problem("path", "missing")
        return
    before = len(parts.edits)
    if any(name in source for name in (*OLD, *NEW)):
        parts.edits.extend(_replacement(path, source, reader))
    if len(parts.edits) == before:
        reader.problem("new_string", "missing")


def delete(source: Input, parts: Parts, reader: Reader) -> None:
    """Files that go."""
    _paths(source, parts, reader)
    parts.edits.extend(Edit(path) for path in parts.paths)
    if not parts.paths:
        reader.problem("path", "missing")


def move(source: Input, parts: Parts, reader: Reader) -> None:
    """A file that gets another name."""
    old, new = reader.text(source, *SOURCE, *PATH), reader.text(source, *TARGET)
    if old and new:
        parts.edits.append(Edit(old, moved_to=new))
        parts.paths.extend((old, new))
    else:
        reader.problem("source" if not old else "destination", "missing")


def patch(source: Input, parts: Parts, reader: Reader) -> None:
    """A patch in the form of `apply_patch`, or a unified diff."""
    for name in PATCH:
        text = source.get(name)
        if isinstance(text, str) and (found := patch_edits(text) or unified_edits(text)):
            parts.edits.extend(found)
            _name_files(parts)
            return
    if not _changes(source, parts, reader):
        reader.problem("patch", "not understood")
        _paths(source, parts, reader)


def editor(source: Input, parts: Parts, reader: Reader) -> None:
    """Tools that do what their `command` says: view, create, str_replace, insert, append, undo_edit."""
    action = reader.name(source, "command", "action", "mode").lower()
    if action in ("view", "read", "list", "ls", "line", "directory", "search"):
        parts.kind = ToolKind.READ
        _paths(source, parts, reader)
    elif action in ("create", "write", "overwrite") or (not action and not any(name in source for name in OLD)):
        write(source, parts, reader)
    elif action in ("delete", "remove"):
        delete(source, parts, reader)
    elif action in ("rename", "move"):
        move(source, parts, reader)
    elif action == "undo_edit":
        _path(source, parts, reader)
    elif action in ("insert", "append"):
        path = _path(source, parts, reader)
        if path:
            parts.edits.append(Edit(path, "", reader.text(source, *NEW)))
        else:
            reader.problem("path", "missing")
    else:
        edit(source, parts, reader)


def notebook(source: Input, parts: Parts, reader: Reader) -> None:
    """A cell of a notebook: its text is added at a place that the call does not tell."""
    path = _path(source, parts, reader)
    if not path:
        reader.problem("path", "missing")
        return
    parts.edits.append(Edit(path, "", "\n".join(reader.texts(source, *NEW))))


def fetch(source: Input, parts: Parts, reader: Reader) -> None:
    """Addresses: in fields of their own, in lists of requests, or inside a prompt."""
    parts.urls.extend(text for text in reader.texts(source, *URL) if text)
    for request in reader.items(source, "requests"):
        if isinstance(request, Mapping):
            parts.urls.extend(reader.below("requests").texts(request, *URL))
    prompt = reader.text(source, "prompt", "query")
    if not parts.urls:
        parts.urls.extend(addresses(prompt))
    for name in ("file_path", "filePath", "path", "save_path", "output", "destination"):
        path = source.get(name)
        if isinstance(path, str) and path:
            parts.edits.append(Edit(path, None, ""))
            parts.paths.append(path)
            break


def subagent(source: Input, parts: Parts, reader: Reader) -> None:
    """What a sub-agent is told."""
    texts = [reader.text(source, name) for name in PROMPT[:3] if isinstance(source.get(name), str)]
    for item in reader.items(source, "Subagents", "tasks", "agents"):
        if isinstance(item, Mapping):
            texts.append(reader.below("tasks").text(item, *PROMPT))
        elif isinstance(item, str):
            texts.append(item)
    parts.prompt = "\n".join(text for text in texts if text) or reader.text(source, *PROMPT)


def mcp(source: Input, parts: Parts, reader: Reader) -> None:
    """Arguments of a tool of an MCP server."""
    _anything(source, parts)


def mcp_fields(source: Input, parts: Parts, reader: Reader) -> None:
    """A tool that calls a tool of an MCP server, which stands in fields."""
    parts.server = reader.name(source, "server_name", "mcp_server_name", "serverName", "server", "server_label")
    parts.server_tool = reader.name(source, "tool_name", "mcp_tool_name", "toolName", "tool", "name")
    arguments = reader.map(source, *ARGUMENTS)
    parts.input = arguments
    _anything(arguments, parts)
    uri = source.get("uri")
    if isinstance(uri, str):
        parts.urls.append(uri)
    if not parts.server:
        reader.problem("server_name", "missing")


def other(source: Input, parts: Parts, reader: Reader) -> None:
    """A tool that we do not know: whatever looks like a command, a file or an address."""
    _anything(source, parts)


def addresses(text: str) -> list[str]:
    """Addresses inside a text, without the punctuation that follows them."""
    return [found.rstrip(".,;:!?") for found in _ADDRESS.findall(text)[:MAX_ITEMS]]


def is_windows(path: str) -> bool:
    """Whether a path is one of Windows."""
    return _WINDOWS.match(path) is not None


def _commands(source: Input, parts: Parts, reader: Reader, names: Sequence[str], *, words: bool) -> bool:
    """Whether one of the fields held a command. `words`: a list of texts is one command's words."""
    for name in names:
        value = source.get(name)
        if value is None or value == "":
            continue
        if isinstance(value, str) and value.lstrip().startswith("["):
            parsed = parse_value(value)
            # In a shell `[` is the command test; only what is a list of texts was one before it became a text.
            if not words and isinstance(parsed, list) and parsed:
                value = parsed
        if isinstance(value, str):
            parts.commands.append(value)
            return True
        if isinstance(value, Mapping):
            return _commands(value, parts, reader.below(name), COMMAND, words=True)
        if isinstance(value, Sequence):
            texts = [item for item in value[:MAX_ITEMS] if isinstance(item, str)]
            maps = [item for item in value[:MAX_ITEMS] if isinstance(item, Mapping)]
            if len(texts) + len(maps) != len(value):
                reader.problem(name, "holds what is no command, or too much")
            if words and texts and not maps:
                parts.argvs.append(tuple(texts))
            else:
                parts.commands.extend(texts)
            for item in maps:
                _commands(item, parts, reader.below(name), COMMAND, words=True)
            if texts or maps:
                return True
            continue
        reader.problem(name, "expected a command")
    return False


def _path(source: Input, parts: Parts, reader: Reader) -> str:
    path = reader.text(source, *PATH)
    if path and path not in parts.paths:
        parts.paths.append(path)
    return path


def _paths(source: Input, parts: Parts, reader: Reader) -> None:
    for item in reader.items(source, *PATHS):
        if isinstance(item, Mapping):
            nested = reader.below("files").text(item, *PATH)
            parts.paths.extend([nested] if nested and nested not in parts.paths else [])
            for below in reader.below("files").items(item, *PATHS):
                if isinstance(below, str) and below not in parts.paths:
                    parts.paths.append(below)
        elif isinstance(item, str) and item:
            parts.paths.extend([item] if item not in parts.paths else [])
        else:
            reader.problem("files", "expected a list of paths")
    for name in PATH:
        value = source.get(name)
        if isinstance(value, str) and value and value not in parts.paths:
            parts.paths.append(value)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            parts.paths.extend(text for text in reader.texts(source, name) if text not in parts.paths)


def _changes(source: Input, parts: Parts, reader: Reader, *, blocks: Sequence[str] = ("diff", "patch")) -> bool:
    """Whether the fields describe changes by a patch, by blocks or by a list; those are then read. `blocks`: fields
    that may hold blocks to search and replace."""
    before = len(parts.edits)
    path = reader.text(source, *PATH)
    for name in ("patch", "diff", "input", "patch_text", "patchText", "content", "command"):
        text = source.get(name)
        if not isinstance(text, str):
            continue
        found = search_replace_edits(path, text) if path and name in blocks else ()
        if not found and name in ("diff", "patch"):
            found = patch_edits(text) or unified_edits(text)
        elif not found and name != "content" and is_patch(text):
            found = patch_edits(text)
        if found:
            parts.edits.extend(replace(item, path=item.path or path) for item in found)
            break
        if name == "diff" and path and text:
            reader.problem("diff", "not understood")
            parts.edits.append(Edit(path, "", text))
            break
    for item in reader.items(source, *EDITS):
        if isinstance(item, Mapping):
            own = reader.below("edits").text(item, *PATH) or path
            parts.edits.extend(_replacement(own, item, reader.below("edits")))
        else:
            reader.problem("edits", "expected a list of maps")
    _name_files(parts)
    return len(parts.edits) > before


def _replacement(path: str, source: Input, reader: Reader) -> tuple[Edit, ...]:
    old = next((source[name] for name in OLD if source.get(name) is not None), "")
    new = next((source[name] for name in NEW if source.get(name) is not None), "")
    if not isinstance(old, str):
        reader.problem("old_string", "expected text")
        old = ""
    if not isinstance(new, str):
        reader.problem("new_string", "expected text")
        new = _dump(new)
    if not path:
        reader.problem("path", "missing")
        return ()
    return (Edit(path, old, new, everywhere=reader.flag(source, *EVERYWHERE)),)


def _name_files(parts: Parts) -> None:
    for item in parts.edits:
        for path in (item.path, item.moved_to):
            if path and path not in parts.paths:
                parts.paths.append(path)


def _anything(source: Input, parts: Parts) -> None:
    for name, value in source.items():
        if isinstance(value, str) and value.strip() and name in (*COMMAND, "script"):
            parts.commands.append(value)
        elif isinstance(value, Sequence) and not isinstance(value, str) and name in (*COMMAND, *COMMANDS):
            texts = tuple(item for item in value[:MAX_ITEMS] if isinstance(item, str))
            if name in COMMANDS:
                parts.commands.extend(texts)
            elif texts:
                parts.argvs.append(texts)
    for name, text in _texts(source, ""):
        if len(parts.paths) >= MAX_ITEMS or len(parts.urls) >= MAX_ITEMS:
            break
        if len(text) > _TEXT_LIMIT or "\n" in text:
            continue
        if _ADDRESS.fullmatch(text) or re.match(r"^[a-z][a-z0-9+.-]*://", text, re.IGNORECASE):
            parts.urls.extend([text] if text not in parts.urls else [])
        elif text and (name in PATH or name in PATHS or _ABSOLUTE.match(text)):
            parts.paths.extend([text] if text not in parts.paths else [])
        elif "://" in text:
            parts.urls.extend(url for url in addresses(text) if url not in parts.urls)


def _texts(value: Json, name: str) -> Iterator[tuple[str, str]]:
    """Every text below a value with the name of the field that holds it."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, key)
    elif isinstance(value, Sequence):
        for item in value:
            yield from _texts(item, name)


def _dump(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)

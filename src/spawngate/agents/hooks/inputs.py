"""Inputs of tools: the commands, files, changes, addresses and prompts that they name, whatever the agent calls the
field.

Belongs here: one reader for each kind of tool, written over the field names of all agents, since agents rename tools
far more often than they invent fields, and a field of another agent does no harm.
Must not be here: changes of files (`agents.hooks.changes`), which tool is of which kind (`agents.hooks.tools`), and any
judgement.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from spawngate.agents.hooks.fields import (
    ARGUMENTS,
    CODE,
    COMMAND,
    COMMANDS,
    FOLDER,
    PATH,
    PATHS,
    PROMPT,
    URL,
    Input,
    Parts,
)
from spawngate.agents.hooks.payload import MAX_ITEMS, Reader, parse_value
from spawngate.model.call import Edit
from spawngate.model.json import Json

_ADDRESS = re.compile(r"\b(?:https?|ftp|file|wss?)://[^\s<>\"'`\\)\]}]+", re.IGNORECASE)
_INTERPRETERS = {
    **dict.fromkeys(("javascript", "js", "node", "typescript", "ts"), ("node", "-e")),
    **dict.fromkeys(("powershell", "pwsh", "ps1"), ("pwsh", "-Command")),
    **dict.fromkeys(("batch", "cmd", "bat"), ("cmd", "/c")),
    "ruby": ("ruby", "-e"),
    "perl": ("perl", "-e"),
    "php": ("php", "-r"),
    "r": ("Rscript", "-e"),
    "applescript": ("osascript", "-e"),
}
"""By language, how code is handed to its interpreter; Python's where none is named."""

_ABSOLUTE = re.compile(r"^(?:/|~(?:/|$)|\.{1,2}/|[A-Za-z]:[\\/]|\\\\|file://)")
_WINDOWS = re.compile(r"^(?:[A-Za-z]:[\\/]|\\\\)")
_ANY_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*://\S*$", re.IGNORECASE)
_MOST = 20_000
"""Values of an unknown tool's input that are looked at."""

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
    texts = reader.texts(source, "chars", "input", "input_text", "text", "keys", "command", "data")
    parts.commands.extend(text for text in texts if text.strip())


def code(source: Input, parts: Parts, reader: Reader) -> None:
    """Code that an interpreter of the agent's own runs: written as the command that would run it."""
    text = reader.text(source, *CODE)
    language = reader.name(source, "language", "lang", "runtime").lower()
    if not text:
        reader.problem("code", "missing")
    elif language in ("bash", "sh", "shell", "zsh"):
        parts.commands.append(text)
    else:
        parts.argvs.append((*_INTERPRETERS.get(language, ("python3", "-c")), text))


def aws(source: Input, parts: Parts, reader: Reader) -> None:
    """`use_aws`: written as the command of the AWS command line that it runs."""
    service, operation = reader.name(source, "service_name"), reader.name(source, "operation_name")
    words = ["aws", service, re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", operation).lower()]
    for name, value in reader.map(source, "parameters").items():
        words.append(f"--{name}")
        if isinstance(value, str) and value:
            words.append(value)
        elif value is not None and value is not True and value != "":
            words.append(value if isinstance(value, str) else dump(value))
    for name, flag in (("region", "--region"), ("profile_name", "--profile")):
        value = reader.name(source, name)
        words.extend((flag, value) if value else ())
    if service and operation:
        parts.argvs.append(tuple(words))
    else:
        reader.problem("service_name", "missing")


def read(source: Input, parts: Parts, reader: Reader) -> None:
    """Files that are read whole."""
    all_paths(source, parts, reader)


def search(source: Input, parts: Parts, reader: Reader) -> None:
    """Where is looked; what is looked for stays in the input."""
    all_paths(source, parts, reader)


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
    found = (source[name] for name in PROMPT if isinstance(source.get(name), str) and source[name])
    parts.prompt = "\n".join(text for text in texts if text) or str(next(found, ""))


def mcp(source: Input, parts: Parts, reader: Reader) -> None:
    """Arguments of a tool of an MCP server."""
    _anything(source, parts, reader)


def mcp_fields(source: Input, parts: Parts, reader: Reader) -> None:
    """A tool that calls a tool of an MCP server, which stands in fields."""
    parts.server = reader.name(source, "server_name", "mcp_server_name", "serverName", "server", "server_label")
    parts.server_tool = reader.name(source, "tool_name", "mcp_tool_name", "toolName", "tool", "name")
    arguments = reader.map(source, *ARGUMENTS)
    if any(name in source for name in ARGUMENTS):
        parts.input = arguments
    _anything(arguments, parts, reader)
    uri = source.get("uri")
    if isinstance(uri, str):
        parts.urls.append(uri)
    if not parts.server:
        reader.problem("server_name", "missing")


def other(source: Input, parts: Parts, reader: Reader) -> None:
    """A tool that we do not know: whatever looks like a command, a file or an address."""
    _anything(source, parts, reader)


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


def one_path(source: Input, parts: Parts, reader: Reader) -> str:
    """The one file that a tool is about; empty where none is named."""
    path = reader.text(source, *PATH)
    if path and path not in parts.paths:
        parts.paths.append(path)
    return path


def all_paths(source: Input, parts: Parts, reader: Reader) -> None:
    """Every file or folder that the fields for them name."""
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
        if value is None:
            continue
        if isinstance(value, str) and value and value not in parts.paths:
            parts.paths.append(value)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            parts.paths.extend(text for text in reader.texts(source, name) if text not in parts.paths)


def _anything(source: Input, parts: Parts, reader: Reader) -> None:
    for name, value in source.items():
        if isinstance(value, str) and value.strip() and name in (*COMMAND, "script"):
            parts.commands.append(value)
        elif isinstance(value, Sequence) and not isinstance(value, str) and name in (*COMMAND, *COMMANDS):
            if len(value) > MAX_ITEMS:
                reader.problem(name, f"more than {MAX_ITEMS} items; the rest was left out")
            texts = tuple(item for item in value[:MAX_ITEMS] if isinstance(item, str))
            if name in COMMANDS:
                parts.commands.extend(texts)
            elif texts:
                parts.argvs.append(texts)
    paths, urls = dict.fromkeys(parts.paths), dict.fromkeys(parts.urls)
    for name, text in _texts(source, reader):
        if len(text) > _TEXT_LIMIT or "\n" in text:
            continue
        if _ANY_ADDRESS.match(text):
            urls[text] = None
        elif text and (name in PATH or name in PATHS or _ABSOLUTE.match(text)):
            paths[text] = None
        elif "://" in text:
            urls.update(dict.fromkeys(addresses(text)))
    if max(len(paths), len(urls)) > MAX_ITEMS:
        reader.problem("*", f"more than {MAX_ITEMS} paths or addresses; the rest was left out")
    parts.paths, parts.urls = list(paths)[:MAX_ITEMS], list(urls)[:MAX_ITEMS]


def _texts(source: Input, reader: Reader) -> Iterator[tuple[str, str]]:
    """Every text below a map with the name of the field that holds it, in order, of the first `_MOST` values."""
    waiting: list[tuple[str, Json]] = [("", source)]
    seen = 0
    while waiting and seen < _MOST:
        name, value = waiting.pop()
        seen += 1
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, Mapping):
            waiting.extend(reversed([*islice(value.items(), _MOST)]))
        elif isinstance(value, Sequence):
            waiting.extend((name, item) for item in reversed(value[:_MOST]))
    if seen >= _MOST:
        reader.problem("*", f"more than {_MOST} values; the rest was not looked at")


def dump(value: Json) -> str:
    """A value where a text was expected, as the text that it would be written as."""
    return json.dumps(value, ensure_ascii=False)

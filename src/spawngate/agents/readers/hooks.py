"""Hooks: what an agent runs at its events, in the table form that most agents share.

Format source: https://code.claude.com/docs/en/hooks and the vendors named in each agent's module.
Must not be here: the contract between a hook and its agent at run time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers import as_list, as_map, as_number, as_text, as_texts, descend, observe
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Observed

_COMMANDS = (
    "command",
    "exec",
    "bash",
    "powershell",
    "windows",
    "commandWindows",
    "command_windows",
    "linux",
    "osx",
    "script",
    "cmd",
)
"""Fields that hold a command line, or a program and its arguments as a list."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """Reads hooks under `key` (the whole document where it is empty): event to groups `{matcher, hooks: [handler]}`,
    or event to handlers."""

    key: tuple[str, ...] = ("hooks",)
    timeout_unit: str = "s"
    ignore: tuple[str, ...] = ()
    """Keys of the table that are not events."""

    def __call__(self, document: Document) -> Iterable[Sighting]:
        table = descend(document, self.key)
        pointer = ".".join(self.key) or "$"
        yield from hook_table(document, table, pointer, timeout_unit=self.timeout_unit, ignore=self.ignore)


def hook_table(
    document: Document,
    table: Json,
    pointer: str,
    *,
    timeout_unit: str = "s",
    scope: Scope | None = None,
    ignore: Iterable[str] = (),
) -> Iterable[Observed]:
    """Every handler of a table of events. Handles the nested form (groups with a matcher) and the flat one."""
    for event, groups in as_map(document, table, pointer).items():
        if event in ignore:
            continue
        where = f"{pointer}.{event}"
        for index, group in enumerate(_items(document, groups, where)):
            spot = f"{where}[{index}]"
            entry = {"command": group} if isinstance(group, str) else as_map(document, group, spot)
            handlers = entry.get("hooks")
            matcher = as_text(document, entry.get("matcher", entry.get("match")), f"{spot}.matcher")
            if handlers is None:
                if entry:
                    yield hook(document, event, matcher, entry, spot, timeout_unit=timeout_unit, scope=scope)
                continue
            for inner, handler in enumerate(_items(document, handlers, f"{spot}.hooks")):
                place = f"{spot}.hooks[{inner}]"
                fields = {"command": handler} if isinstance(handler, str) else as_map(document, handler, place)
                if fields:
                    yield hook(document, event, matcher, fields, place, timeout_unit=timeout_unit, scope=scope)


def hook(
    document: Document,
    event: str,
    matcher: str | None,
    entry: Mapping[str, Json],
    pointer: str,
    *,
    timeout_unit: str = "s",
    scope: Scope | None = None,
) -> Observed:
    """One handler: a command, an address or a prompt that the agent uses at `event`."""
    detail: dict[str, Json] = {"event": event}
    if matcher is not None:
        detail["matcher"] = matcher
    kind = as_text(document, entry.get("type"), f"{pointer}.type")
    commands: list[Json] = []
    argv = as_texts(document, entry.get("argv"), f"{pointer}.argv")
    if argv:
        detail["argv"] = list(argv)
    # A program and its arguments by that name are run in place of the command line beside them.
    for key in () if argv else _COMMANDS:
        value = entry.get(key)
        if isinstance(value, Sequence) and not isinstance(value, str):
            detail.setdefault("argv", list(as_texts(document, value, f"{pointer}.{key}")))
        elif value is not None:
            text = as_text(document, value, f"{pointer}.{key}")
            if text:
                commands.append(text)
    if commands:
        detail["command"] = commands[0]
        if len(commands) > 1:
            detail["other_commands"] = commands[1:]
    args = entry.get("args")
    if args is not None:
        detail["args"] = list(as_texts(document, args, f"{pointer}.args"))
    for key, plain in (("url", "url"), ("working_directory", "cwd"), ("cwd", "cwd")):
        text = as_text(document, entry.get(key), f"{pointer}.{key}")
        if text:
            detail[plain] = text
    env = as_map(document, entry.get("env"), f"{pointer}.env")
    if env:
        detail["env"] = {name: as_text(document, value, f"{pointer}.env.{name}") or "" for name, value in env.items()}
    headers = as_map(document, entry.get("headers"), f"{pointer}.headers")
    if headers:
        detail["headers"] = {
            name: as_text(document, value, f"{pointer}.headers.{name}") or "" for name, value in headers.items()
        }
    detail["type"] = kind or ("http" if "url" in detail else "command" if commands or "argv" in detail else "unknown")
    if isinstance(entry.get("prompt"), str):
        detail["prompt_bytes"] = len(str(entry["prompt"]).encode("utf-8", "replace"))
    for key in ("timeout", "timeoutSec", "timeout_ms", "timeoutMs"):
        number = as_number(entry.get(key))
        if number is not None:
            factor = 1 if timeout_unit == "ms" or key in ("timeout_ms", "timeoutMs") else 1000
            # Beyond 64 bits there is no timeout that anybody meant. 1.001 * 1000 is a little less than 1001.
            if abs(number * factor) < 2**63:
                detail["timeout_ms"] = round(number * factor)
    for key, plain in (("onFailure", "on_failure"), ("on_failure", "on_failure")):
        text = as_text(document, entry.get(key), f"{pointer}.{key}")
        if text:
            detail[plain] = text
    for key in ("failClosed", "fail_closed", "strict"):
        if isinstance(entry.get(key), bool):
            detail["fail_closed"] = entry[key]
    off = entry.get("disabled") is True or entry.get("enabled") is False
    return observe(
        document,
        Kind.HOOK,
        event if matcher in (None, "", "*") else f"{event}:{matcher}",
        pointer,
        scope=scope,
        status=Status.DISABLED if off else Status.ENABLED,
        detail=detail,
    )


@dataclass(frozen=True, slots=True)
class HookFile:
    """A file that is itself the hook: an executable script named after its event (Cline)."""

    def __call__(self, document: Document) -> Iterable[Sighting]:
        name = document.path.replace("\\", "/").rpartition("/")[2]
        yield observe(
            document,
            Kind.HOOK,
            name.partition(".")[0],
            detail={"event": name.partition(".")[0], "type": "file", "command": document.path},
            content=document.digest,
        )


def _items(document: Document, value: Json, pointer: str) -> Sequence[Json]:
    """A list, or one map or text that stands for a list of one."""
    if isinstance(value, Mapping | str):
        return [value]
    return as_list(document, value, pointer)

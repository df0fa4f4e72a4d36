"""From a tool call to facts: about the call as a whole, and about every process that it would start.

Belongs here: what file, fetch, MCP and sub-agent tools are given, and the joining of everything known about one call.
Must not be here: a single spawn's facts (`command.facts`), how agents spell their calls (`agents.hooks`), and what
facts mean.
Total and pure: any call gives facts.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import unquote

from msgspec import Struct
from msgspec.structs import replace

from spawngate.command import prompts
from spawngate.command.call_facts import CallFacts
from spawngate.command.content import content_of, looks_for_secrets
from spawngate.command.context import CallContext
from spawngate.command.dependency_files import dependency_content
from spawngate.command.embedded import candidates, runs_texts, texts_of
from spawngate.command.facts import program_facts
from spawngate.command.held_secrets import holds_secret
from spawngate.command.hosts import host_of, is_plain
from spawngate.command.leaves import leaves
from spawngate.command.mcp_effects import effects_of
from spawngate.command.mcp_programs import StandIns, stand_ins
from spawngate.command.package_settings import names_no_source, only_comments
from spawngate.command.parse import read, read_argv
from spawngate.command.places import places
from spawngate.command.screen import Text, expression
from spawngate.command.servers import definition_of
from spawngate.command.spawn import Program
from spawngate.command.spawn_facts import SpawnFacts
from spawngate.command.switches import switches_in
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.understand import understand
from spawngate.model.call import Edit, ToolCall, ToolKind

Read = Callable[[str, str], Program]
"""A text and its dialect to what it would start."""
MOST = 4096
"""Edits, paths or addresses of one call that are looked at. With fewer, what decides could be put behind enough of what
does not."""


class Understood(Struct, frozen=True):
    """Everything established about one call."""

    call: CallFacts
    spawns: tuple[SpawnFacts, ...] = ()
    launches: tuple[LaunchFacts, ...] = ()
    """Of each spawn that starts an MCP server."""
    programs: tuple[Program, ...] = ()


def understand_call(call: ToolCall, context: CallContext, parse: Read | None = None) -> Understood:
    """All facts about a call. `parse` reads a command's text; by default `command.parse.read`. Raises nothing."""
    context = replace(context, platform="windows") if call.dialect != "posix" else context

    def one(text: str, dialect: str = "posix") -> Program:
        return parse(text, dialect) if parse else read(text, dialect)  # type: ignore[arg-type]  # a dialect's name

    commands = _commands(call)
    programs = [*(one(text, dialect) for text, dialect in commands.texts), *map(read_argv, commands.argvs)]
    if not commands.whole:
        programs.append(Program(opaque=("too-many",)))
    written = [text for program in programs if runs_texts(program) for text in texts_of(program)]
    # What such a text would start is judged like the command itself: it runs before anybody has read it.
    programs += [one(text) for text in candidates(written)] if written else []
    found = [program_facts(program, context) for program in programs]
    spawns = tuple(facts for each in found for facts in each)
    launches = tuple(
        understand(definition_of(_command(facts), facts.words, context.platform)) for facts in spawns if facts.server
    )
    return Understood(call_facts(call, programs, spawns, context), spawns, launches, tuple(programs))


_NAMED = frozenset({ToolKind.MCP, ToolKind.OTHER})
"""Kinds of tools of which the name and the arguments are all that is known. Some agents' names of MCP tools look like
any other."""


def _commands(call: ToolCall) -> StandIns:
    """What a shell would interpret, with its dialect, and what is given as words."""
    if call.kind in _NAMED:
        return stand_ins(call)
    told = prompts.ordered(call.prompt) if call.kind is ToolKind.SUBAGENT else ()
    return StandIns(tuple((text, call.dialect) for text in (*call.commands, *told)), call.argvs)


def _command(facts: SpawnFacts) -> str:
    return facts.line.split(" ", 1)[0] if facts.program_path not in ("bare", "none") else facts.program


def call_facts(
    call: ToolCall, programs: Sequence[Program], spawns: Sequence[SpawnFacts], context: CallContext
) -> CallFacts:
    """Facts about the call as a whole. `programs` are what its commands start, `spawns` the facts of all of them."""
    collected = _Collected(context)
    _files(call, collected)
    if call.kind is ToolKind.SUBAGENT:
        collected.content |= prompts.content(call.prompt)
    verbs = _verbs(call.server_tool) if call.kind is ToolKind.MCP else frozenset()
    if call.kind is ToolKind.MCP:
        _mcp_input(call, verbs, collected)
    for url in call.urls[:MOST]:
        collected.host(url)
    server = context.inventory.server(call.server) if call.server else None
    mode = call.permission_mode
    return CallFacts(
        kind=call.kind.value,
        tool=call.tool,
        agent=call.agent or context.agent,
        subagent=call.subagent,
        permission_mode=mode,
        unattended=bool(mode) and _UNATTENDED.fullmatch(mode) is not None,
        reads=tuple(collected.reads),
        read_places=tuple(sorted(collected.read_places)),
        writes=tuple(collected.writes),
        write_places=tuple(sorted(collected.write_places)),
        deletes=tuple(collected.deletes),
        delete_places=tuple(sorted(collected.delete_places)),
        switches=tuple(sorted(collected.switches)),
        content=tuple(sorted(collected.content)),
        hosts=tuple(collected.hosts),
        host_kinds=tuple(sorted(collected.host_kinds)),
        plain_http=collected.plain_http,
        address_secret=collected.address_secret,
        server=call.server,
        server_tool=call.server_tool,
        server_known=server is not None,
        server_missing=bool(call.server) and server is None and context.inventory.complete,
        server_tier=server.tier if server else "",
        server_capabilities=server.capabilities if server else (),
        server_approved=server.approved if server else False,
        server_transport=server.transport if server else "",
        hints=tuple(sorted(server.hints.get(call.server_tool, ()))) if server else (),
        verbs=tuple(sorted(verbs)),
        effects=tuple(sorted(effects_of(call))) if call.kind in _NAMED else (),
        programs=tuple(dict.fromkeys(facts.program for facts in spawns if facts.program)),
        acts=tuple(sorted({act for facts in spawns for act in facts.acts} | _spelled(call))),
        spawns=len(spawns),
        opaque=tuple(dict.fromkeys(reason for program in programs for reason in program.opaque)),
        problems=call.problems,
    )


_HIDDEN = expression(
    r"(?i)(?:powershell|pwsh)(?:\.exe)?[\"']?\s(?:[^\n|;&]{0,400}\s)?[-/]w[a-z]*\s+(?:hidden|1)\b"
    r"|\b(?:Start-Process|saps)\b[^\n|;]{0,400}-w[a-z]*\s+hidden\b"
)


_UNATTENDED = re.compile(
    r"(?i)bypass\w*|yolo|dont_?ask|never|full[-_ ]?auto|allow[-_ ]?all|autopilot|danger[\w-]*|auto_?approve"
)


def _spelled(call: ToolCall) -> set[str]:
    """Acts that only the text of a command tells, because what is started does not know of them."""
    return {"hidden-window"} if any(_HIDDEN.search(Text(text[:LONGEST])) for text in call.commands) else set()


class _Collected:
    """Files, addresses and texts of one call while they are collected."""

    def __init__(self, context: CallContext) -> None:
        self.context = context
        self.reads: dict[str, None] = {}
        self.read_places: set[str] = set()
        self.writes: dict[str, None] = {}
        self.write_places: set[str] = set()
        self.deletes: dict[str, None] = {}
        self.delete_places: set[str] = set()
        self.hosts: dict[str, None] = {}
        self.host_kinds: set[str] = set()
        self.plain_http = False
        self.address_secret = False
        self.switches: set[str] = set()
        self.content: set[str] = set()

    def read(self, path: str) -> None:
        self.reads[path] = None
        self.read_places |= places(path, self.context)

    def write(self, path: str, but: frozenset[str] = frozenset()) -> None:
        """`but`: places whose files say the same after this change."""
        self.writes[path] = None
        self.write_places |= places(path, self.context) - but

    def delete(self, path: str) -> None:
        self.deletes[path] = None
        self.delete_places |= places(path, self.context)

    def host(self, url: str) -> None:
        found = host_of(url)
        if found is None:
            if url.lower().startswith("file:"):
                self.read(url[5:].lstrip("/") if re.match(r"(?i)file:///[a-z]:", url) else "/" + url[5:].lstrip("/"))
            return
        self.hosts[found.name] = None
        self.host_kinds |= found.kinds
        self.plain_http = self.plain_http or is_plain(url)
        self.address_secret = self.address_secret or _SECRET.search(url) is not None or _carries_secret(url)

    def text(self, text: str, path: str) -> None:
        if not places(path, self.context).isdisjoint(CONFIGURATION):
            self.switches |= switches_in(text)
        self.content |= content_of(text) | dependency_content(path, text)
        if not path.endswith("package.json"):
            self.content.discard("install-script")


def _carries_secret(url: str) -> bool:
    """Whether what stands behind the host is a secret in encoded form."""
    _, _, behind = url.partition("://")
    return "/" in behind and holds_secret(unquote(behind.partition("/")[2]))


CONFIGURATION = frozenset(
    {"agent-config", "agent-managed", "agent-code", "agent-folder", "editor-settings", "agent-credentials", "env-file"}
)
"""Places where a text may change an agent."""
LONGEST = 65_536
"""Characters of a written text that are looked at."""
_SECRET = re.compile(
    r"AKIA[0-9A-Z]{16}|gh[pousr]_\w{20,}|github_pat_\w{20,}|sk-[\w-]{20,}"
    r"|xox[abprs]-[\w-]{10,}|AIza[\w-]{30,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}"
    r"|-----BEGIN|glpat-[\w-]{15,}|npm_\w{30,}|"
    r"(?i:[?&](?:[\w-]*(?:password|passwd|secret|private_key|credential|aws_\w+key)[\w-]*)=[^&\s]{4,})"
)


def _files(call: ToolCall, collected: _Collected) -> None:
    named = {edit.path for edit in call.edits}
    for edit in call.edits[:MOST]:
        _edit(edit, collected)
    for path in call.paths[:MOST]:
        if path in named:
            continue
        if call.kind is ToolKind.WRITE:
            collected.write(path)
        elif call.kind in (ToolKind.READ, ToolKind.SEARCH, ToolKind.OTHER):
            collected.read(path)
    if call.kind is ToolKind.SEARCH and any(
        isinstance(value, str) and looks_for_secrets(value[:1000])
        for name in ("pattern", "regex", "query", "glob", "glob_pattern", "include", "search_term")
        if (value := call.input.get(name))
    ):
        collected.content.add("secret-pattern")


def _untouched(old: str, new: str) -> frozenset[str]:
    """Places whose files say the same after a change as before."""
    untouched = set()
    if names_no_source(new.splitlines()) and (not old or names_no_source(old.splitlines(), kept=False)):
        untouched.add("package-config")
    if old and only_comments(new) and only_comments(old):
        untouched.add("agent-config")
    return frozenset(untouched)


def _edit(edit: Edit, collected: _Collected) -> None:
    if edit.moved_to:
        collected.delete(edit.path)
        collected.write(edit.moved_to)
    elif edit.new is None:
        collected.delete(edit.path)
        return
    else:
        collected.write(edit.path, but=_untouched(edit.old or "", edit.new))
    if edit.new:
        # What stood there before is no news.
        collected.text(edit.new, edit.moved_to or edit.path)


_VERBS: Mapping[str, re.Pattern[str]] = {
    verb: re.compile(rf"(?i)(?:^|[_\-.\s]|(?<=[a-z])(?=[A-Z]))(?:{words})")
    for verb, words in {
        "read": "read|get|list|search|find|fetch|query|describe|show|view|browse|download|cat|head|tail",
        "write": "write|create|update|edit|put|set|add|insert|append|save|patch|move|rename|copy"
        "|modify|upload|apply|replace|store|push|commit",
        "delete": "delete|remove|drop|destroy|purge|erase|truncate|clear|trash|unlink|wipe|revoke|terminate|kill",
        "send": "send|post|publish|email|mail|message|reply|tweet|share|notify|upload|webhook|comment|forward",
        "run": "run|exec|execute|shell|bash|command|terminal|spawn|eval|script|powershell|cmd|invoke|sql|start_process",
        "grant": "grant|invite|add_(?:user|member|collaborator)|permission|role|policy|share|public",
        "pay": "pay|charge|refund|transfer|purchase|buy|order|checkout|withdraw|invoice",
        "fetch": "download|export|screenshot",
        "secret": "secret|credential|password|token|api_?key|vault|keychain",
    }.items()
}


def _verbs(name: str) -> frozenset[str]:
    return frozenset(verb for verb, pattern in _VERBS.items() if pattern.search(name[:200]))


_PATH_KEYS = re.compile(
    r"(?i)path|file|filename|folder|dir(?:ectory)?|source|destination|target|from|to|uri|location|cwd|root"
)


def _mcp_input(call: ToolCall, verbs: frozenset[str], collected: _Collected) -> None:
    """Paths and addresses in the input of an MCP tool; its name says what happens to them."""
    texts = [(key, value) for key, value in leaves(call.input) if value and isinstance(value, str)]
    # A path may be written as an address writes it.
    texts = [(key, unquote(value) if "%" in value and len(value) <= 1024 else value) for key, value in texts]
    written = [path for key, path in texts if _is_path(key, path)]
    looked: set[str] = set()
    for key, value in texts:
        looked.add(value)
        if _is_path(key, value):
            _mcp_path(value, key, verbs, collected)
        elif re.match(r"(?i)(?:https?|wss?|ftp|file)://", value):
            collected.host(value.split()[0])
        elif len(value) > 20 and written and "write" in verbs:
            collected.text(value, written[0])
        if _SECRET.search(value[:LONGEST]):
            collected.address_secret = collected.address_secret or "send" in verbs
    for path in call.paths[:MOST]:
        if unquote(path) not in looked and path not in looked:
            _mcp_path(path, "", verbs, collected)


_SOURCE_KEYS = re.compile(r"(?i)(?:local_?|input_?|upload_?)(?:file_?)?(?:path|file)|source\w*|from|attachments?|src")
_TARGET_KEYS = re.compile(r"(?i)dest\w*|target\w*|new_?path|to|output\w*|save\w*")


def _mcp_path(path: str, key: str, verbs: frozenset[str], collected: _Collected) -> None:
    sent = "send" in verbs and not _TARGET_KEYS.fullmatch(key)
    if "delete" in verbs:
        collected.delete(path)
    elif "fetch" in verbs or ("write" in verbs and not sent and not _SOURCE_KEYS.fullmatch(key)):
        collected.write(path)
    else:
        collected.read(path)


def _is_path(key: str, value: str) -> bool:
    if "\n" in value or len(value) > 1024 or "://" in value:
        return False
    if re.match(r"(?:~|/|\.{1,2}[\\/]|[A-Za-z]:[\\/]|\\\\|\$HOME)", value):
        return " " not in value or _PATH_KEYS.search(key) is not None
    return _PATH_KEYS.fullmatch(key) is not None and re.fullmatch(r"[\w.@+-]+(?:[\\/][\w.@ +-]+)*", value) is not None

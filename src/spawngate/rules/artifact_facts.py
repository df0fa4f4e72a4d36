"""Facts about an artifact that is no launch: the closed vocabulary of artifact rules, and how it is filled.

Belongs here: reading of an artifact's fields and detail into typed facts, tolerant of what is missing or strange.
Must not be here: facts of launches (`launch.facts`, also for servers), and judgement (rules).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spawngate.launch.argv import layers
from spawngate.launch.package import package_of
from spawngate.model.artifact import Artifact, Kind, Scope
from spawngate.model.json import Json
from spawngate.rules.agent_settings import (
    approves_everything,
    approves_project_servers,
    is_any_command,
    loads_code,
    names_command,
    redirects_traffic,
    switches_protection_off,
)
from spawngate.rules.text_signals import SIGNALS, signals_of


@dataclass(frozen=True, slots=True)
class ArtifactFacts:
    """What rules may ask about one artifact. Values come from the redacted record."""

    # -- every artifact
    kind: str = ""
    """agent, mcp_server, extension, skill, plugin, secret, hook, cli, instruction."""
    type: str = ""
    """The finer kind that its reader gives: skill, command, subagent, rules, memory, vscode, chromium, ..."""
    agent: str = ""
    scope: str = ""
    status: str = ""
    name: str = ""
    in_force: bool = False
    """Enabled, approved, installed, configured or of unknown state: not off, blocked, shadowed or waiting."""
    of_repository: bool = False
    """It lies in a project and comes with a clone of it."""

    # -- text that steers an agent: counts of `rules.text_signals`
    hidden_characters: int = 0
    bidirectional: int = 0
    tag_characters: int = 0
    override_orders: int = 0
    secrecy_orders: int = 0
    exfiltration_orders: int = 0
    remote_fetches: int = 0
    encoded_commands: int = 0
    encoded_blobs: int = 0
    encoded_orders: int = 0
    comment_orders: int = 0
    dynamic_commands: int = 0
    """Commands whose output the agent puts into the text when it expands it."""
    executables: tuple[str, ...] = ()
    """Executable files that come with a skill."""
    declared_commands: tuple[str, ...] = ()
    """Tools a skill or sub-agent declares that let it run any command without asking."""
    permission_mode: str = ""
    """Mode that a sub-agent or command asks for."""

    # -- hooks
    event: str = ""
    command: str = ""
    """What the hook runs, redacted."""
    url: str = ""
    """Address the hook calls, without secrets."""
    plain_http: bool = False
    """The address is http and not this machine."""
    downloads: bool = False
    """The command downloads something."""
    sends_data: bool = False
    """The command sends files, variables or its input to another host."""
    inline_code: bool = False
    """An interpreter is handed code in the command."""
    package: str = ""
    """purl of a package that the command fetches and runs."""
    package_pinned: bool = False
    writes: tuple[str, ...] = ()
    """Places outside the project that the command writes and that decide what runs later: start files of shells,
    keys, schedules, settings of git or of agents."""
    env_loads_code: tuple[str, ...] = ()
    """Variables that make the agent or what it starts run other code; of agents only those a repository sets."""

    # -- agents: permissions, approvals and switches. Names of rules or settings
    blanket_grants: tuple[str, ...] = ()
    """Whole tools that are granted outside any repository's files."""
    blanket_commands: tuple[str, ...] = ()
    """Those of them that allow any command."""
    project_grants: tuple[str, ...] = ()
    """Whole tools that a repository grants to the agent."""
    bypass_modes: tuple[str, ...] = ()
    """Modes that leave out every question, set by a person, a system file or a policy."""
    project_bypass_modes: tuple[str, ...] = ()
    """Such modes set by a repository."""
    project_servers_approved: bool = False
    """Servers of any repository start without a question."""
    off_switches: tuple[str, ...] = ()
    project_off_switches: tuple[str, ...] = ()
    """Protections that a repository turns off."""
    helper_commands: tuple[str, ...] = ()
    """Settings that name a command the agent runs by itself."""
    project_helper_commands: tuple[str, ...] = ()
    redirects: tuple[str, ...] = ()
    """Settings that send traffic through another host, or trust other certificates."""
    project_redirects: tuple[str, ...] = ()

    # -- secrets
    secret_type: str = ""
    secret_place: str = ""
    owner_kind: str = ""
    """Kind of the artifact it was found in, or `setting`."""

    # -- plugins, extensions, bundles, native messaging hosts
    publisher: str = ""
    source: str = ""
    """Where it came from, as far as its files say."""
    known_publisher: bool = False
    """Its id is one of those whose owner is known."""
    unpacked: bool = False
    """Loaded from a folder of a person's, not from a shop."""
    reads_all_sites: bool = False
    native_bridge: bool = False
    """A browser extension that talks to programs of the machine."""
    any_origin: bool = False
    """A native messaging host that any extension may call."""
    any_origin_entries: tuple[str, ...] = ()
    program_place: str = ""
    """Of the program it starts: temporary, downloads, or empty."""

    # -- servers
    unconfigured: bool = False
    """Runs as a child of an agent, and no definition explains it."""
    header_command: bool = False
    """The agent runs a command to get the headers."""


_INERT = frozenset({"pending", "disabled", "shadowed", "blocked", "unreadable"})


def artifact_facts(artifact: Artifact) -> ArtifactFacts:
    """The facts of one artifact. Strange detail is passed over; nothing is raised."""
    detail = artifact.detail
    found: dict[str, bool | int | str | tuple[str, ...]] = {
        "kind": artifact.kind.value,
        "type": _text(detail.get("type")),
        "agent": artifact.agent,
        "scope": artifact.scope.value,
        "status": artifact.status.value,
        "name": artifact.name,
        "in_force": artifact.status.value not in _INERT,
        "of_repository": artifact.scope is Scope.PROJECT,
    }
    match artifact.kind:
        case Kind.SKILL | Kind.INSTRUCTION:
            found.update(_of_text(detail))
        case Kind.HOOK:
            found.update(_of_hook(detail))
        case Kind.AGENT:
            found.update(_of_agent(detail))
        case Kind.SECRET:
            for key, fact in (("type", "secret_type"), ("place", "secret_place"), ("owner_kind", "owner_kind")):
                found[fact] = _text(detail.get(key))
        case Kind.PLUGIN | Kind.EXTENSION:
            found.update(_of_extension(artifact))
        case Kind.MCP_SERVER:
            running = detail.get("running")
            state = running.get("state") if isinstance(running, Mapping) else None
            found["unconfigured"] = state == "running_unconfigured"
            found["header_command"] = artifact.launch is not None and bool(artifact.launch.header_command)
    return ArtifactFacts(**found)  # type: ignore[arg-type]  # keys and types are those of the fields; a test holds it


def _of_text(detail: Mapping[str, Json]) -> dict[str, bool | int | str | tuple[str, ...]]:
    signals = detail.get("signals")
    if isinstance(signals, Mapping):
        found: dict[str, bool | int | str | tuple[str, ...]] = {name: _count(signals.get(name)) for name in SIGNALS}
    else:
        # Plain counts of the reader: they know no joiner of an emoji from another.
        found = {
            "hidden_characters": _count(detail.get("invisible")),
            "bidirectional": _count(detail.get("bidirectional")),
        }
    found["dynamic_commands"] = _count(detail.get("dynamic_commands"))
    found["executables"] = tuple(
        sorted(_text(item.get("path")) for item in _maps(detail.get("files")) if item.get("executable") is True)
    )
    found["declared_commands"] = tuple(sorted({tool for tool in _texts(detail.get("tools")) if is_any_command(tool)}))
    found["permission_mode"] = _text(detail.get("permission_mode"))
    return found


_DOWNLOAD = re.compile(
    r"(?:^|[\s;&|(`\"'])(?:curl|wget|aria2c|iwr|irm|invoke-webrequest|invoke-restmethod"
    r"|certutil|bitsadmin)(?:\.exe)?\s",
    re.IGNORECASE,
)
_SEND = re.compile(
    r"(?:^|[\s;&|(`\"'])(?:curl|wget)\b[^;&]{0,400}?(?:\s(?:-d|-F|-T|--data(?:-\w{1,16})?|--form|--upload-file|--json|"
    r"--post-(?:data|file)|--body-(?:data|file))\b)|\b(?:iwr|irm|invoke-webrequest|invoke-restmethod)\b[^;&]{0,400}?"
    r"\s-(?:body|infile)\b|(?:^|[\s;&|(])(?:nc|ncat|netcat|socat)\s[^;&]{0,200}|(?:^"
    r"|[\s;&|(])(?:scp|rsync)\s[^;&]{0,200}\S@?\S+:\S",
    re.IGNORECASE,
)
_LOCAL_ONLY = re.compile(r"https?://(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)(?=[:/\s\"']|$)", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?|ftp)://", re.IGNORECASE)
_INLINE = re.compile(
    r"(?:^|[\s;&|(/\\])(?:python[\d.]*|node|deno|bun|perl|ruby|php"
    r"|osascript)(?:\.exe)?\s+(?:-[a-z]{0,4}[cepr]|--eval|--print|eval)\s",
    re.IGNORECASE,
)
_HOME = r"(?:~|\$\{?HOME\}?|/root|/home/[^/\s]{1,64}|/Users/[^/\s]{1,64}|%USERPROFILE%|\$env:USERPROFILE)"
_AGENT_FILES = (
    r"\.(?:claude|cursor|codex|gemini|copilot|vscode)[\\/](?:settings(?:\.local)?\.json"
    r"|mcp\.json|hooks\.json|config\.toml|"
    r"(?:hooks|commands|agents|skills|plugins|rules)[\\/]|\w{1,40}\.md)|\.claude\.json|\.mcp\.json"
)
"""Of the folders of agents only what steers them: hooks keep their logs there as well."""
_STEERING = (
    rf"(?:{_HOME}[\\/](?:{_AGENT_FILES}|(?:\.(?:bashrc|bash_profile|bash_login|profile|zshrc|zprofile|zshenv|gitconfig|"
    r"npmrc|netrc|pypirc|ssh)|\.config[\\/](?:autostart|systemd|fish|git)|Library[\\/]LaunchAgents)(?=[\\/\s\"';&|]|$))"
    r"|/etc/|/usr/|/Library/Launch(?:Agents|Daemons)/|[A-Z]:[\\/]Windows[\\/])[^\s\"';&|]{0,120}"
)
_WRITE = re.compile(
    rf"(?:>{{1,2}}|\btee\s++(?:-a\s++)?|\bsed\s++-i\S*+\s++(?:'[^']*'|\"[^\"]*\"|\S++)\s++)\s*+[\"']?({_STEERING})"
    rf"|\b(?:cp|mv|ln|install|rsync)\s[^;&|\n]{{0,200}}?\s[\"']?({_STEERING})[\"']?\s*(?:$|[;&|\n])"
    r"|\b(crontab)\s+(?!-l)|\b(git\s+config\s+--(?:global|system))\s+(?!--get|--list"
    r"|-l\b)\S|\b(schtasks)\b[^;&\n]{0,40}/create"
    r"|\b(launchctl)\s+(?:load|bootstrap)|\b(systemctl)\s+(?:--user\s+)?enable",
    re.IGNORECASE | re.MULTILINE,
)


def _of_hook(detail: Mapping[str, Json]) -> dict[str, bool | int | str | tuple[str, ...]]:
    lines = tuple(_hook_lines(detail))
    text = "\n".join(lines)
    # Addresses of this machine are no way out of it.
    abroad = _LOCAL_ONLY.sub("", text)
    signals = signals_of(text)
    url = _text(detail.get("url"))
    package, pinned = _package(lines)
    env = detail.get("env")
    return {
        "event": _text(detail.get("event")),
        "command": text,
        "url": url,
        "plain_http": url.lower().startswith("http://") and _LOCAL_ONLY.match(url) is None,
        **{name: signals.get(name, 0) for name in SIGNALS if name != "encoded_blobs"},
        "downloads": _DOWNLOAD.search(text) is not None and _ADDRESS.search(abroad) is not None,
        "sends_data": "exfiltration_orders" in signals
        or (_SEND.search(abroad) is not None and (_ADDRESS.search(abroad) is not None or not _DOWNLOAD.search(abroad))),
        "inline_code": _INLINE.search(text) is not None,
        "package": package,
        "package_pinned": pinned,
        "writes": tuple(sorted({next(group for group in match.groups() if group) for match in _WRITE.finditer(text)})),
        "env_loads_code": tuple(sorted(name for name in env if loads_code(f"env.{name}")))
        if isinstance(env, Mapping)
        else (),
    }


def _hook_lines(detail: Mapping[str, Json]) -> Iterator[str]:
    command = _text(detail.get("command"))
    if command:
        yield " ".join((command, *_texts(detail.get("args"))))
    yield from _texts(detail.get("other_commands"))
    argv = _texts(detail.get("argv"))
    if argv:
        yield " ".join(argv)


def _package(lines: Sequence[str]) -> tuple[str, bool]:
    """The first package that one of the commands fetches to run it, and whether its version is exact."""
    for line in lines:
        for part in re.split(r"[;&|\n]+", line)[:16]:
            for command, args in layers("sh", ("-c", part.strip())):
                package = package_of(command, args)
                if package is not None and package.startswith(("pkg:npm/", "pkg:pypi/", "pkg:nuget/", "pkg:jsr/")):
                    version = package.partition("?")[0].rpartition("/")[2].rpartition("@")[2]
                    exact = "@" in package.rpartition("/")[2] and re.fullmatch(r"\d+(?:\.\d+){1,3}[\w.+-]*", version)
                    return package, bool(exact)
    return "", False


def _of_agent(detail: Mapping[str, Json]) -> dict[str, bool | int | str | tuple[str, ...]]:
    own: dict[str, set[str]] = {"grants": set(), "bypass": set(), "off": set(), "command": set(), "redirect": set()}
    project: dict[str, set[str]] = {key: set() for key in own}
    env_code: set[str] = set()
    servers_approved = False
    for entry in _maps(detail.get("permissions")):
        if entry.get("blanket") is True:
            (project if _of_repository(entry) else own)["grants"].add(_text(entry.get("rule")))
    for entry in _maps(detail.get("auto_approvals")):
        name, value = _text(entry.get("name")), entry.get("value")
        if approves_everything(name, value):
            (project if _of_repository(entry) else own)["bypass"].add(name)
        servers_approved = servers_approved or approves_project_servers(name, value)
    for entry in _maps(detail.get("switches")):
        name, value = _text(entry.get("name")), entry.get("value")
        side = project if _of_repository(entry) else own
        if switches_protection_off(name, value):
            side["off"].add(name)
        if names_command(name, value):
            side["command"].add(name)
        if redirects_traffic(name, value):
            side["redirect"].add(name)
        if side is project and loads_code(name):
            env_code.add(name.removeprefix("env."))
    return {
        "blanket_grants": tuple(sorted(own["grants"])),
        "blanket_commands": tuple(sorted(rule for rule in own["grants"] if is_any_command(rule))),
        "project_grants": tuple(sorted(project["grants"])),
        "bypass_modes": tuple(sorted(own["bypass"])),
        "project_bypass_modes": tuple(sorted(project["bypass"])),
        "project_servers_approved": servers_approved,
        "off_switches": tuple(sorted(own["off"])),
        "project_off_switches": tuple(sorted(project["off"])),
        "helper_commands": tuple(sorted(own["command"])),
        "project_helper_commands": tuple(sorted(project["command"])),
        "redirects": tuple(sorted(own["redirect"])),
        "project_redirects": tuple(sorted(project["redirect"])),
        "env_loads_code": tuple(sorted(env_code)),
    }


def _of_repository(entry: Mapping[str, Json]) -> bool:
    return entry.get("scope") == Scope.PROJECT.value


_ALL_SITES = frozenset({"<all_urls>", "*://*/*", "http://*/*", "https://*/*", "file:///*"})
_ANY_ORIGIN = re.compile(r"\*|<all_urls>|(?:chrome|moz)-extension://\*.*|.*://\*/?\*?")
_TEMPORARY = re.compile(r"(?:/private)?/(?:tmp|var/tmp|dev/shm)/|.*[\\/](?:Temp|Tmp)[\\/]", re.IGNORECASE)
_DOWNLOADS = re.compile(r".*[\\/]Downloads[\\/]", re.IGNORECASE)


def _of_extension(artifact: Artifact) -> dict[str, bool | int | str | tuple[str, ...]]:
    detail = artifact.detail
    wide = tuple(sorted({origin for origin in _texts(detail.get("allowed_origins")) if _ANY_ORIGIN.fullmatch(origin)}))
    program = _text(detail.get("path"))
    place = "temporary" if _TEMPORARY.match(program) else "downloads" if _DOWNLOADS.match(program) else ""
    return {
        "publisher": _text(detail.get("publisher")) or _text(detail.get("vendor")),
        "source": _text(detail.get("source")) or _text(detail.get("marketplace")) or _marketplace(artifact),
        "known_publisher": _text(detail.get("ai_reason")).startswith("known"),
        "unpacked": detail.get("unpacked") is True,
        "reads_all_sites": any(host in _ALL_SITES for host in _texts(detail.get("host_permissions"))),
        "native_bridge": "nativeMessaging" in _texts(detail.get("permissions")),
        "any_origin": bool(wide),
        "any_origin_entries": wide,
        "program_place": place,
    }


def _marketplace(artifact: Artifact) -> str:
    """The marketplace whose folder a plugin lies in (`plugins/cache/<marketplace>/<plugin>/<version>`)."""
    match = re.search(r"[\\/]plugins[\\/](?:cache|marketplaces)[\\/]([^\\/]+)[\\/]", artifact.path)
    return match[1] if match else ""


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Json) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, Sequence) else ()


def _maps(value: Json) -> Iterator[Mapping[str, Json]]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        yield from (item for item in value if isinstance(item, Mapping))


def _count(value: Json) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0

"""How an inventory is arranged and worded for people: the part that the terminal table and the page share.

Belongs here: grouping by agent, reading of the optional details, and short forms of launches, times and digests.
Details are read tolerantly, because a snapshot may come from a file that another release wrote: a detail of an
unexpected shape is shown as what it is, or left out, and raises nothing.
Must not be here: colours, columns and markup (`report.table`, `server.inventory_page`), and counts (`report.summary`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from urllib.parse import unquote

from spawngate.agents import SURFACES
from spawngate.model.artifact import Artifact, Kind, Launch, Status, Transport
from spawngate.model.json import Json
from spawngate.report.terminal import escape

DEEPEST = 32
"""Lists and maps within each other that a text for people shows."""

TITLES: Mapping[str, tuple[str, str]] = {
    Kind.AGENT: ("Agent", "Agents"),
    Kind.MCP_SERVER: ("MCP server", "MCP servers"),
    Kind.SKILL: ("Skill", "Skills"),
    Kind.PLUGIN: ("Plugin", "Plugins"),
    Kind.HOOK: ("Hook", "Hooks"),
    Kind.INSTRUCTION: ("Instruction", "Instructions"),
    Kind.CLI: ("CLI", "CLIs"),
    Kind.EXTENSION: ("Extension", "Extensions"),
    Kind.SECRET: ("Secret", "Secrets"),
}
"""Kind to its name for people, singular and plural, in the order in which people are shown the kinds."""

WITH_AGENT = (Kind.MCP_SERVER, Kind.SKILL, Kind.PLUGIN, Kind.HOOK, Kind.INSTRUCTION)
"""Kinds shown below their agent. The others have a list of their own."""

RUNNING_WORDS: Mapping[str, str] = {
    "running": "running",
    "not_seen": "not seen",
    "running_unconfigured": "running, not configured",
}

NO_AGENT = "No agent"
LONGEST_ADDRESS = 300
"""Characters of an address or package name that are always shown; the rest is in the JSON document."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s'\"]+")
_PURL = re.compile(r"pkg:[^/]+/+([^?#]+)")
_MARK = re.compile(r"\[secret:([a-z0-9-]+):[0-9a-f]+\]")
_QUOTED = re.compile(r"[\s'\"]|^$")


@dataclass(frozen=True, slots=True)
class Permission:
    """A rule of an agent that lets it act, asks or forbids."""

    rule: str
    verdict: str
    scope: str
    path: str
    blanket: bool
    """It allows everything that a tool can do."""


@dataclass(frozen=True, slots=True)
class AgentFacts:
    """The details of an agent's artifact, typed. What is missing is empty."""

    version: str
    last_used: str
    """As `when` words it."""
    programs: tuple[str, ...]
    """Paths of its binaries, with the version behind them where it is known."""
    configured_files: tuple[str, ...]
    permissions: tuple[Permission, ...]
    auto_approvals: tuple[str, ...]
    switches: tuple[str, ...]
    trust: tuple[str, ...]

    @property
    def blanket(self) -> tuple[Permission, ...]:
        """Rules that allow everything a tool can do. A blanket refusal is no grant."""
        return tuple(item for item in self.permissions if item.blanket and item.verdict == "allow")

    @classmethod
    def of(cls, agent: Artifact) -> Self:
        """The facts of an artifact of kind agent."""
        detail = agent.detail
        return cls(
            version=words(detail.get("version")),
            last_used=when(words(detail.get("last_used"))),
            programs=tuple(
                f"{words(item.get('path'))} ({words(item['version'])})"
                if item.get("version")
                else words(item.get("path"))
                for item in maps(detail.get("binaries"))
            ),
            configured_files=tuple(words(item) for item in items(detail.get("configured_files"))),
            permissions=tuple(
                Permission(
                    rule=words(item.get("rule")),
                    verdict=words(item.get("verdict")),
                    scope=words(item.get("scope")),
                    path=words(item.get("path")),
                    blanket=item.get("blanket") is True,
                )
                for item in maps(detail.get("permissions"))
            ),
            auto_approvals=tuple(statement(item) for item in items(detail.get("auto_approvals"))),
            switches=tuple(statement(item) for item in items(detail.get("switches"))),
            trust=tuple(statement(item) for item in items(detail.get("trust"))),
        )


@dataclass(frozen=True, slots=True)
class Group:
    """One agent with everything that belongs to it."""

    agent: str
    name: str
    agents: tuple[Artifact, ...]
    """Its own artifacts: none where only its parts were found, several where several homes were read."""
    parts: Mapping[str, tuple[Artifact, ...]]
    """Each kind of `WITH_AGENT` to what was found of it."""

    @property
    def servers(self) -> tuple[Artifact, ...]:
        return self.parts[Kind.MCP_SERVER]


@dataclass(frozen=True, slots=True)
class Arranged:
    """Artifacts in the order in which people are shown them."""

    groups: tuple[Group, ...]
    """By name; what no agent owns comes last."""
    clis: tuple[Artifact, ...]
    extensions: tuple[Artifact, ...]
    secrets: tuple[Artifact, ...]
    """By type and fingerprint, so that one secret in several places stands together."""
    others: tuple[Artifact, ...]
    """Of kinds that this release does not know."""


def arrange(artifacts: Iterable[Artifact]) -> Arranged:
    """Group artifacts by agent and kind."""
    ordered = sorted(artifacts, key=lambda item: (item.name.casefold(), item.path, item.id))
    names = agent_names(ordered)
    own: dict[str, list[Artifact]] = {}
    parts: dict[str, dict[str, list[Artifact]]] = {}
    loose: dict[str, list[Artifact]] = {}
    for artifact in ordered:
        if artifact.kind == Kind.AGENT:
            own.setdefault(artifact.agent, []).append(artifact)
        elif artifact.kind in WITH_AGENT:
            parts.setdefault(artifact.agent, {}).setdefault(artifact.kind, []).append(artifact)
        else:
            loose.setdefault(artifact.kind, []).append(artifact)
    groups = [
        Group(
            agent=agent,
            name=names.get(agent, agent) or NO_AGENT,
            agents=tuple(own.get(agent, ())),
            parts={kind: tuple(parts.get(agent, {}).get(kind, ())) for kind in WITH_AGENT},
        )
        for agent in {*own, *parts}
    ]
    known = (Kind.CLI, Kind.EXTENSION, Kind.SECRET)
    return Arranged(
        groups=tuple(sorted(groups, key=lambda group: (not group.agent, group.name.casefold(), group.agent))),
        clis=tuple(loose.get(Kind.CLI, ())),
        extensions=tuple(loose.get(Kind.EXTENSION, ())),
        secrets=tuple(sorted(loose.get(Kind.SECRET, ()), key=_secret_order)),
        others=tuple(item for kind in sorted(loose) if kind not in known for item in loose[kind]),
    )


def _secret_order(secret: Artifact) -> tuple[str, ...]:
    return words(secret.detail.get("type")), secret.fingerprint, secret.path, secret.id


def agent_names(artifacts: Iterable[Artifact]) -> dict[str, str]:
    """Agent id to the name that its artifact states, and the names of surfaces, which have no artifact."""
    names: dict[str, str] = dict(SURFACES)
    for artifact in artifacts:
        if artifact.kind == Kind.AGENT:
            names.setdefault(artifact.agent, artifact.name)
    return names


def title(kind: str, number: int = 1) -> str:
    """The kind's name for people; a kind this release does not know stands for itself."""
    one, many = TITLES.get(kind, (str(kind), str(kind)))
    return one if number == 1 else many


def running(server: Artifact) -> str:
    """`detail.running.state` of a server, or an empty text where the scan could not tell."""
    state = server.detail.get("running")
    return words(state.get("state")) if isinstance(state, Mapping) else ""


def running_words(server: Artifact) -> str:
    """The running state for people; empty where the scan could not tell."""
    state = running(server)
    return RUNNING_WORDS.get(state, state)


def label(artifact: Artifact) -> str:
    """The name by which one artifact stands in a list of its kind."""
    if artifact.kind == Kind.HOOK:
        does = hook_action(artifact)
        return f"{artifact.name} → {does}" if does else artifact.name
    if artifact.kind == Kind.PLUGIN:
        return " ".join(filter(None, (artifact.name, words(artifact.detail.get("version")))))
    return artifact.name


def hook_action(hook: Artifact) -> str:
    """What a hook does: its command, its words or its address."""
    detail = hook.detail
    argv = [words(item) for item in items(detail.get("argv"))]
    command = words(detail.get("command")) or " ".join(_quoted(word) for word in argv)
    return command or words(detail.get("url"))


def when(time: str) -> str:
    """An RFC 3339 time to the minute, in UTC; any other text as it is."""
    try:
        moment = datetime.fromisoformat(time)
        if moment.tzinfo is None:
            return time
        return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError):
        return time


def tidy(path: str, homes: Sequence[str]) -> str:
    """A path with `~` for the home, where the scan read one home only."""
    home = homes[0].rstrip("/\\") if len(homes) == 1 else ""
    if home and (path == home or path.startswith((f"{home}/", f"{home}\\"))):
        return f"~{path[len(home) :]}"
    return path


def project_name(artifact: Artifact) -> str:
    """Last part of the folder of the project that the artifact belongs to; empty where it belongs to none."""
    project = words(artifact.detail.get("project"))
    return re.split(r"[\\/]", project.rstrip("\\/"))[-1]


def short(digest: str) -> str:
    """The first characters of a fingerprint or digest, enough to compare by eye."""
    return digest[:12]


def words(value: Json, deep: int = 0) -> str:
    """Any JSON value as one piece of text for people; `…` for what lies deeper than anybody reads."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        # Python refuses to write integers of thousands of digits in decimal, and a file may hold one.
        return str(value) if value.bit_length() <= 1024 else hex(value)
    if isinstance(value, float):
        return repr(value)
    if deep == DEEPEST and value:
        return "…"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {words(item, deep + 1)}" for key, item in value.items())
    return ", ".join(words(item, deep + 1) for item in value)


def items(value: Json) -> Sequence[Json]:
    """The elements of a list; the entries of a map as one-entry maps; anything else but null as its only element."""
    if value is None:
        return ()
    if isinstance(value, Mapping):
        return tuple({key: item} for key, item in value.items())
    if isinstance(value, str | int | float):
        return (value,)
    return value


def maps(value: Json) -> tuple[Mapping[str, Json], ...]:
    """The maps of a list of maps."""
    if isinstance(value, str | int | float | Mapping) or value is None:
        return ()
    return tuple(item for item in value if isinstance(item, Mapping))


def statement(value: Json) -> str:
    """An approval, switch or trusted folder as text: `name` or `name: value`, with its scope where it states one."""
    if not isinstance(value, Mapping):
        return words(value)
    name = words(value.get("name", value.get("rule", value.get("path"))))
    if not name:
        return words(value)
    extent = value.get("value")
    said = name if extent is None or extent is True else f"{name}: {words(extent)}"
    scope = words(value.get("scope"))
    return f"{said} ({scope})" if scope else said


def what_runs(launch: Launch | None, room: int = 0) -> str:
    """What starts the server, on one line, fit for a terminal.

    `room` is the number of characters wanted, 0 for as many as it takes. Words give way from the middle, marked
    with `…`; the program, the package and every address stay (up to `LONGEST_ADDRESS` characters each), even
    where that takes more than `room`: what runs must not hide behind padding.
    """
    if launch is None:
        return "not stated"
    if launch.command is None:
        if launch.url is not None:
            return escape(middle(launch.url, LONGEST_ADDRESS))
        return "inside the agent" if launch.transport == Transport.BUILTIN else "not stated"
    parts = _parts(launch)
    whole = " ".join(part.whole for part in parts)
    if room <= 0 or len(whole) <= room:
        return whole
    shortened = " ".join(part.shortened for part in parts)
    if len(shortened) <= room:
        return shortened
    return _with_gaps(parts, room)


def middle(text: str, room: int) -> str:
    """`text` in at most `room` characters, its middle given up for `…`."""
    if len(text) <= room:
        return text
    if room < 3:
        return "…"
    head = (room - 1) // 2
    return f"{text[:head]}…{text[len(text) - (room - 1 - head) :]}"


@dataclass(frozen=True, slots=True)
class _Part:
    whole: str
    shortened: str
    essential: bool


def _parts(launch: Launch) -> list[_Part]:
    command = launch.command or ""
    program = re.split(r"[\\/]", command.rstrip("\\/"))[-1]
    brief = f"…/{program}" if program and len(program) + 2 < len(command) > 24 else command
    parts = [_Part(_show(command), _show(middle(brief, LONGEST_ADDRESS)), True)]
    package = _package_name(launch.package)
    named = next((word for word in launch.args if package and _spells(word, package)), None)
    for word in launch.args:
        address = _ADDRESS.search(word)
        if word == named:
            parts.append(_Part(_show(word), _show(middle(word, LONGEST_ADDRESS)), True))
        elif address is not None:
            around = (word[: address.start()], word[address.end() :])
            kept = middle(address[0], LONGEST_ADDRESS).join(middle(text, 24) for text in around)
            parts.append(_Part(_show(word), _show(kept), True))
        else:
            brief = _MARK.sub(r"[secret:\1]", word)
            parts.append(_Part(_show(word), _show(brief if brief != word else middle(word, 28)), False))
    if launch.package is not None and named is None and not (package and _spells(command, package)):
        note = f"({middle(launch.package, LONGEST_ADDRESS)})"
        parts.append(_Part(_show(note), _show(note), True))
    return parts


def _with_gaps(parts: Sequence[_Part], room: int) -> str:
    kept = {index for index, part in enumerate(parts) if part.essential}
    optional = [index for index, part in enumerate(parts) if not part.essential]
    # Flags before the package and the last operands tell most, so words are taken back from both ends inwards.
    for index in [end for pair in zip(optional, reversed(optional), strict=True) for end in pair]:
        if index not in kept and len(_render(parts, kept | {index})) <= room:
            kept.add(index)
    return _render(parts, kept)


def _render(parts: Sequence[_Part], kept: set[int]) -> str:
    shown: list[str] = []
    for index, part in enumerate(parts):
        # A gap in the place of one very short word would save nothing.
        alone = index - 1 in kept and index + 1 in kept
        if index in kept or (alone and len(part.shortened) <= 3):
            shown.append(part.shortened)
        elif not shown or shown[-1] != "…":
            shown.append("…")
    return " ".join(shown)


def _show(word: str) -> str:
    return _quoted(escape(word))


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'" if _QUOTED.search(word) else word


def _package_name(purl: str | None) -> str:
    """The name inside a package URL, without type, version and qualifiers."""
    found = _PURL.match(purl or "")
    if found is None:
        return ""
    name = unquote(found[1])
    at = name.rfind("@")
    return name[:at] if at > 0 else name


def _spells(word: str, package: str) -> bool:
    plain, wanted = (re.sub(r"[-_.]+", "-", text).casefold() for text in (word, package))
    return wanted in plain


IN_FORCE = frozenset({Status.ENABLED, Status.APPROVED, Status.INSTALLED})
WAITING = frozenset({Status.PENDING, Status.UNKNOWN, Status.CONFIGURED})
REFUSED = frozenset({Status.BLOCKED, Status.UNREADABLE})


def tone(status: str) -> str:
    """How a status is coloured: good, wait, bad or off. The word itself is always shown beside the colour."""
    if status in IN_FORCE:
        return "good"
    if status in WAITING:
        return "wait"
    return "bad" if status in REFUSED else "off"

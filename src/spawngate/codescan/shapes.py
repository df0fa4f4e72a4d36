"""Published cases of the same shape as a finding: why it matters, said by what happened to others.

Belongs here: which advisory is like which kind of path, nearest first. Not here: which product has which advisory
(`advisories`), and how grave a finding is (`grade`).
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from spawngate.codescan.finding import GuardStrength, GuardUse, SourceKind

MAX_SHAPES = 2
_REMOTE_USERS = frozenset([SourceKind.HTTP, SourceKind.WS])


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of path that advisories describe. Empty fields do not narrow."""

    name: str
    advisories: tuple[str, ...]
    """Ids in our own database of advisories, the nearest first."""
    happened: str
    """One sentence."""
    sources: frozenset[SourceKind] = frozenset()
    guards: frozenset[GuardStrength] = frozenset()
    """One of these must stand on the path."""
    guard_name: str = ""
    """Regular expression for the name of such a guard."""
    unguarded: bool = False
    slots: frozenset[str] = frozenset()
    """One of these must be tainted, without index; `only` makes it the only ones."""
    only: bool = False
    kinds: frozenset[str] = frozenset()
    """`launch` or `registration`."""
    models: tuple[str, ...] = ()
    """Ends of ids of sink models."""


def _kinds(*kinds: SourceKind) -> frozenset[SourceKind]:
    return frozenset(kinds)


SHAPES: tuple[Shape, ...] = (
    Shape(
        "transport-test-passed-by",
        ("CVE-2026-39417", "CVE-2026-26015"),
        "MaxKB checked one spelling of the transport and DocsGPT only hid it in the page: requests that chose "
        "stdio in another way still started their command.",
        sources=_REMOTE_USERS,
        guards=frozenset([GuardStrength.WEAK]),
        guard_name=r"transport|stdio|\btype\b|text test",
        slots=frozenset(["command", "definition"]),
    ),
    Shape(
        "allow-list-with-free-arguments",
        ("CVE-2026-40933", "CVE-2026-56274", "CVE-2026-30625", "CVE-2026-41497"),
        "Flowise, Upsonic and PraisonAI allowed launchers such as npx by name and left their arguments free: `npx "
        "-c` and its kind ran any command.",
        guards=frozenset([GuardStrength.WEAK]),
    ),
    Shape(
        "free-arguments",
        ("CVE-2026-40933", "CVE-2026-41497"),
        "In Flowise a launcher that was allowed by name ran any command by its arguments (`npx -c`).",
        sources=_kinds(
            SourceKind.HTTP, SourceKind.WS, SourceKind.LLM, SourceKind.REMOTE, SourceKind.DB, SourceKind.PLUGIN
        ),
        slots=frozenset(["args"]),
        only=True,
    ),
    Shape(
        "agent-writes-its-configuration",
        ("CVE-2025-54135", "CVE-2026-30615", "CVE-2025-53098"),
        "Text that Cursor, Windsurf and Roo Code had read made the model write a server into the agent's "
        "configuration, which then started it.",
        sources=_kinds(SourceKind.LLM, SourceKind.REMOTE),
        kinds=frozenset(["registration"]),
    ),
    Shape(
        "model-chooses-the-launch",
        ("CVE-2026-33224", "CVE-2025-54994", "CVE-2025-53107"),
        "Arguments that a model wrote became the command of a server or a shell line; whoever writes text that "
        "the model reads chooses them.",
        sources=_kinds(SourceKind.LLM),
    ),
    Shape(
        "remote-answer-becomes-a-command",
        ("CVE-2025-6514", "CVE-2025-54382"),
        "mcp-remote and Cherry Studio used what a remote server had answered to start a program on the client.",
        sources=_kinds(SourceKind.REMOTE),
    ),
    Shape(
        "page-starts-servers-by-websocket",
        ("CVE-2025-65720",),
        "GPT Researcher started the servers that the browser's side of its WebSocket named; any page that the "
        "user visited could be that side.",
        sources=_kinds(SourceKind.WS),
    ),
    Shape(
        "stored-and-started-later",
        ("CVE-2026-30624", "CVE-2026-30617", "CVE-2026-30623"),
        "Agent Zero, Chatchat and LiteLLM stored a server's command with one request and ran it with a later one.",
        sources=_kinds(SourceKind.HTTP, SourceKind.WS, SourceKind.DB),
        kinds=frozenset(["registration"]),
    ),
    Shape(
        "anyone-may-start-servers",
        ("CVE-2025-49596", "CVE-2026-23744", "CVE-2026-30617"),
        "MCP Inspector and MCPJam started what an unauthenticated request named, which a web page could send.",
        sources=_kinds(SourceKind.HTTP),
        unguarded=True,
    ),
    Shape(
        "signed-in-users-start-servers",
        ("CVE-2026-30623", "CVE-2026-42271", "CVE-2026-22252"),
        "In LiteLLM and LibreChat any signed-in user could name the command of a server, which then ran on the host.",
        sources=_kinds(SourceKind.HTTP, SourceKind.WS, SourceKind.DB),
    ),
    Shape(
        "plugin-of-a-shared-workflow",
        ("CVE-2025-8943", "CVE-2025-53928", "CVE-2026-40933"),
        "In Flowise and MaxKB whoever could write or import a workflow chose the command of its MCP step.",
        sources=_kinds(SourceKind.PLUGIN),
    ),
    Shape(
        "link-or-message-starts-servers",
        ("CVE-2025-64106",),
        "An install link made Cursor show another command than the one it would start.",
        sources=_kinds(SourceKind.IPC),
    ),
    Shape(
        "project-file-starts-servers",
        ("CVE-2025-61260", "CVE-2025-59536", "CVE-2025-54136"),
        "Codex CLI, Claude Code and Cursor started what a file of a cloned project defined.",
        sources=_kinds(SourceKind.FILE, SourceKind.ENV),
    ),
    Shape(
        "option-of-the-command-line",
        ("CVE-2026-34935",),
        "PraisonAI split the value of its option --mcp and started it.",
        sources=_kinds(SourceKind.CLI),
    ),
)


def shapes_of(
    source: SourceKind, slots: Sequence[str], guards: Sequence[GuardUse], kind: str, model: str = ""
) -> tuple[Shape, ...]:
    """Shapes that a finding has, at most two, the nearest first.

    `slots` as a finding names them (`args[0]`), `kind` of its site, `model` the sink model's id.
    """
    plain = {slot.partition("[")[0] for slot in slots}
    found = [shape for shape in SHAPES if _has(shape, source, plain, guards, kind, model)]
    return tuple(found[:MAX_SHAPES])


def explain(
    why: str, source: SourceKind, slots: Sequence[str], guards: Sequence[GuardUse], kind: str, model: str = ""
) -> tuple[str, tuple[str, ...]]:
    """The sink's own text with what happened to others, and the ids of the advisories, the nearest first."""
    shapes = shapes_of(source, slots, guards, kind, model)
    ids = tuple(dict.fromkeys(each for shape in shapes for each in shape.advisories))
    return " ".join((why, *(shape.happened for shape in shapes[:1]))), ids


def _has(
    shape: Shape,
    source: SourceKind,
    slots: Collection[str],
    guards: Sequence[GuardUse],
    kind: str,
    model: str,
) -> bool:
    if shape.sources and source not in shape.sources:
        return False
    same = [guard for guard in guards if guard.strength in shape.guards and re.search(shape.guard_name, guard.name)]
    if (shape.guards and not same) or (shape.unguarded and guards):
        return False
    if shape.slots and not (set(slots) <= shape.slots if shape.only else shape.slots & set(slots)):
        return False
    if shape.kinds and kind not in shape.kinds:
        return False
    return not shape.models or model.endswith(shape.models)

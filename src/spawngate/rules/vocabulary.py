"""The words that rules may use: names and types of facts, and the values of facts that have a closed list.

Belongs here: what is checked when a rule is loaded, so that a typo is an error and not a rule that never matches.
Must not be here: the facts' meaning (`launch.facts`, `command.spawn_facts`, `command.call_facts`,
`rules.artifact_facts`, `rules.endpoint_facts`, `rules.tool_facts`, `configuration.change_facts`).
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, cast, get_type_hints

from msgspec import Struct, structs

from spawngate.command.acts import ACTS
from spawngate.command.call_facts import CallFacts
from spawngate.command.content import CONTENT
from spawngate.command.hosts import HOST_KINDS
from spawngate.command.mcp_effects import EFFECTS
from spawngate.command.places import PLACES
from spawngate.command.spawn_facts import SpawnFacts
from spawngate.command.switches import SWITCHES
from spawngate.configuration.change_facts import LABELS as CHANGE_LABELS
from spawngate.configuration.change_facts import WHATS, ChangeFacts
from spawngate.launch.argv import word_set
from spawngate.launch.facts import LaunchFacts
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.rules.artifact_facts import ArtifactFacts
from spawngate.rules.endpoint_facts import EndpointFacts
from spawngate.rules.tool_facts import ToolFacts


class Type(StrEnum):
    """What a fact holds."""

    FLAG = "flag"
    TEXT = "text"
    COUNT = "count"
    TEXTS = "texts"


_TYPES: dict[object, Type] = {bool: Type.FLAG, str: Type.TEXT, int: Type.COUNT, tuple[str, ...]: Type.TEXTS}

Subject = Literal["launch", "artifact", "endpoint", "spawn", "call", "change", "tool"]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Facts of one subject."""

    subject: Subject
    types: Mapping[str, Type]
    defaults: Mapping[str, Any]
    """Neutral values: what a fact holds when the analysis says nothing."""
    words: Mapping[str, frozenset[str]]
    """For facts with a closed list of values: all of them."""


def vocabulary_of(subject: Subject, facts: type, words: Mapping[str, frozenset[str]]) -> Vocabulary:
    """The vocabulary of a dataclass or a struct whose fields are flags, texts, counts and tuples of texts, all with
    defaults."""
    hints = get_type_hints(facts)
    fields: Iterable[Any]
    fields = structs.fields(facts) if issubclass(facts, Struct) else dataclasses.fields(cast(Any, facts))
    defaults = {field.name: field.default for field in fields}
    return Vocabulary(
        subject=subject,
        types={name: _TYPES[hints[name]] for name in defaults},
        defaults=defaults,
        words=words,
    )


_STATES = frozenset(state.value for state in Status)

LAUNCH = vocabulary_of(
    "launch",
    LaunchFacts,
    {
        "transport": word_set("stdio http sse ws builtin unknown"),
        "program_path": word_set("bare absolute relative home network variable none"),
        "pin": word_set("exact digest commit range tag branch latest unversioned none"),
        "source": word_set(
            "registry git url local-folder local-archive local-script container binary remote inline none"
        ),
        "script_place": word_set("temporary downloads project home system network application unknown none"),
        "odd_characters": word_set(
            "control bidirectional invisible non-ascii-program mixed-script white-space newline-argument"
        ),
        "cwd_place": word_set("none absolute relative home variable temporary network"),
        "host_namespaces": word_set("pid ipc uts userns cgroup"),
        "package_ecosystem": frozenset(
            ["npm", "pypi", "oci", "nuget", "golang", "cargo", "jsr", "maven", "github", ""]
        ),
        "unknown": word_set("unknown-program opaque-shell unresolved-variable too-nested unknown-options malformed"),
    },
)
ARTIFACT = vocabulary_of(
    "artifact",
    ArtifactFacts,
    {
        "kind": frozenset(kind.value for kind in Kind),
        "scope": frozenset(scope.value for scope in Scope),
        "status": _STATES,
    },
)
ENDPOINT = vocabulary_of("endpoint", EndpointFacts, {})

_ACTS = frozenset(ACTS)
_PLACES = frozenset(PLACES)
_HOST_KINDS = frozenset(HOST_KINDS)
_SWITCHES = frozenset(SWITCHES)
LABELS = _PLACES | word_set(
    "download decoded environment secret database screen clipboard memory remote cloned extracted"
)
"""What `carries` may hold."""

SPAWN = vocabulary_of(
    "spawn",
    SpawnFacts,
    {
        "program_path": word_set("bare absolute relative home network variable none"),
        "program_places": _PLACES,
        "acts": _ACTS,
        "read_places": _PLACES,
        "write_places": _PLACES,
        "delete_places": _PLACES,
        "run_places": _PLACES,
        "mode_places": _PLACES,
        "host_kinds": _HOST_KINDS,
        "carries": LABELS | word_set("history"),
        "switches": _SWITCHES,
        "content": frozenset(CONTENT),
        "opaque": word_set("program arguments input code encoded options recursion glob"),
        "odd": word_set(
            "control bidirectional invisible non-ascii-program mixed-script split-name path-pattern separator encoded"
        ),
    },
)
CALL = vocabulary_of(
    "call",
    CallFacts,
    {
        "kind": word_set("shell read write fetch search mcp subagent other"),
        "read_places": _PLACES,
        "write_places": _PLACES,
        "delete_places": _PLACES,
        "switches": _SWITCHES,
        "content": frozenset(CONTENT),
        "host_kinds": _HOST_KINDS,
        "server_tier": frozenset(["official", "community", "unknown", ""]),
        "hints": word_set("destructive read-only open-world idempotent"),
        "verbs": word_set("read write delete send run grant pay secret fetch"),
        "effects": frozenset(EFFECTS),
        "acts": _ACTS,
        "opaque": word_set("unparseable too-long too-deep too-many too-slow"),
    },
)
CHANGE = vocabulary_of(
    "change",
    ChangeFacts,
    {
        "what": frozenset(WHATS),
        "change": word_set("added changed removed unknown none"),
        "scope": frozenset(["", *(scope.value for scope in Scope)]),
        "labels": frozenset(CHANGE_LABELS),
    },
)

TOOL = vocabulary_of(
    "tool",
    ToolFacts,
    {"kind": word_set("tool instructions"), "change": frozenset(["added", "removed", "changed", ""])},
)

VOCABULARIES: Mapping[str, Vocabulary] = {
    each.subject: each for each in (LAUNCH, ARTIFACT, ENDPOINT, SPAWN, CALL, CHANGE, TOOL)
}

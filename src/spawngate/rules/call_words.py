"""The words of rules about tool calls, the spawns in them, and the changes that they make to an agent's configuration.

Must not be here: the form of a vocabulary (`rules.vocabulary`).
"""

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
from spawngate.model.artifact import Scope
from spawngate.rules.vocabulary import vocabulary_of

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

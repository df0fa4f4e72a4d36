"""The words of rules about what an inventory finds, and about the tools that a server offers.

Must not be here: the form of a vocabulary (`rules.vocabulary`), and anything that reads commands: a scan has no use for
it, and it takes a quarter of a second to load.
"""

from spawngate.launch.argv import word_set
from spawngate.launch.facts import LaunchFacts
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.rules.artifact_facts import ArtifactFacts
from spawngate.rules.endpoint_facts import EndpointFacts
from spawngate.rules.tool_facts import ToolFacts
from spawngate.rules.vocabulary import vocabulary_of

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
TOOL = vocabulary_of(
    "tool",
    ToolFacts,
    {"kind": word_set("tool instructions"), "change": frozenset(["added", "removed", "changed", ""])},
)

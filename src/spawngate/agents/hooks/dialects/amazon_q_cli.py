"""Amazon Q Developer CLI's hooks (legacy; Kiro CLI follows it).

Source, read 2026-11: aws/amazon-q-developer-cli:docs/hooks.md. Hooks stand in the files of agents; exit code 2 blocks.
"""

from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.agents.hooks.replies import encoder, exit_2
from spawngate.agents.hooks.tools import NATIVE_SHELL
from spawngate.model.artifact import Scope

HOOK = Hook(
    decode=decoder("amazon-q-cli", Shape(tools={"execute_bash": NATIVE_SHELL}, mcp_form="at")),
    encode=encoder(exit_2),
    asks="no",
    form="shell",
    mcp_form="at",
    registration=Registration(
        files=(
            HookFile(
                "~/.aws/amazonq/cli-agents/*.json",
                Scope.USER,
                insertions=(
                    Insertion(
                        ("hooks", "preToolUse"),
                        {"matcher": "*", "command": "{command}", "timeout_ms": 10_000, "cache_ttl_seconds": 0},
                        event="preToolUse",
                    ),
                ),
            ),
        ),
        ignored_when={"built-in agent": "no hook runs with the built-in agent, which has no file"},
    ),
)

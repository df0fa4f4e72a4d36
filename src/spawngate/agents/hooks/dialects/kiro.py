"""Kiro's hooks, of the CLI's three engines and of the IDE.

Sources, read 2026-11: https://kiro.dev/docs/hooks and a reading of kiro-cli 2.22.1. V1 and V2 know hooks only in the
file of the agent that is in use; V3 and the IDE read a folder. Exit code 2 blocks in all of them; a question is
refused where nobody can answer.
"""

from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.agents.hooks.replies import encoder, exit_2
from spawngate.agents.hooks.tools import EDITOR, NATIVE_SHELL
from spawngate.model.artifact import Scope
from spawngate.model.json import Json


def _v3(trigger: str) -> dict[str, Json]:
    matcher: dict[str, Json] = {"matcher": ".*"} if "Tool" in trigger else {}
    return {
        "name": f"spawngate {trigger}",
        "description": "Spawngate decides before a tool runs",
        "trigger": trigger,
        **matcher,
        "action": {"type": "command", "command": "{command}"},
        "timeout": 10,
        "enabled": True,
    }


HOOK = Hook(
    decode=decoder(
        "kiro", Shape(tools={"shell": NATIVE_SHELL, "write": EDITOR, "execute_bash": NATIVE_SHELL}, mcp_form="at")
    ),
    encode=encoder(exit_2),
    asks="no",
    form="shell",
    mcp_form="at",
    registration=Registration(
        files=(
            HookFile(
                "~/.kiro/hooks/spawngate.json",
                Scope.USER,
                insertions=(
                    Insertion(("version",), "v1", how="set"),
                    *(
                        Insertion(("hooks",), _v3(trigger), event=trigger, needed=trigger == "PreToolUse")
                        for trigger in ("PreToolUse", "PostToolUse", "UserPromptSubmit", "SessionStart")
                    ),
                ),
                dropped_whole=True,
            ),
            HookFile(
                "~/.kiro/agents/*.json",
                Scope.USER,
                insertions=(
                    Insertion(
                        ("hooks", "preToolUse"),
                        {"matcher": "*", "command": "{command}", "timeout_ms": 10_000},
                        event="preToolUse",
                    ),
                ),
            ),
        ),
        ignored_when={
            "built-in agent": "engines V1 and V2 run no hook with the built-in agent, which has no file",
            "KIRO_HOME": "the variable moves the folder for V1 and V2",
        },
    ),
    notes={"exit 2": "on 2.19.2 a write was reported to run in spite of exit code 2: verify"},
)

"""Mistral Vibe's hooks.

Source, read 2026-11: mistralai/mistral-vibe:vibe/core/hooks as of 2.26.1. Only the JSON answer
decides, exit codes do not; empty output is an answer, and `strict` turns every failure into a refusal. Older versions
call the event `before_tool` and need `enable_experimental_hooks`.
"""

from spawngate.agents.formats import Format
from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.agents.hooks.replies import decision, encoder
from spawngate.model.artifact import Scope
from spawngate.model.json import Json

_COMMON: dict[str, Json] = {"match": "*", "command": "{command}", "timeout": 10.0}

HOOK = Hook(
    decode=decoder("mistral-vibe", Shape(mcp_form="single", subagent=("parent_session_id",))),
    encode=encoder(decision()),
    asks="no",
    fails_closed=True,
    form="shell",
    mcp_form="single",
    registration=Registration(
        files=(
            HookFile(
                "~/.vibe/hooks.toml",
                Scope.USER,
                Format.TOML,
                insertions=(
                    Insertion(
                        ("hooks",),
                        {"name": "spawngate", "type": "pre_tool", **_COMMON, "strict": True},
                        event="pre_tool",
                    ),
                    Insertion(
                        ("hooks",),
                        {"name": "spawngate-after", "type": "post_tool", **_COMMON},
                        event="post_tool",
                        needed=False,
                    ),
                ),
            ),
        ),
        fail_closed="strict",
        ignored_when={
            "name": "a project's hook named `spawngate` takes the place of ours in a trusted folder",
            "VIBE_HOME": "the variable moves the file",
        },
    ),
)

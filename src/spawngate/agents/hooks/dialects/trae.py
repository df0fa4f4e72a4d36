"""Trae's hooks.

Source, read 2026-11: https://docs.trae.ai (hooks). They have to be switched on in its settings; `ask` works only in
part.
"""

from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.entries import command, grouped, informing
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.agents.hooks.replies import encoder, nested
from spawngate.model.artifact import Scope

_INSERTIONS = (
    Insertion(("version",), 1, how="set"),
    grouped("PreToolUse", command(10)),
    *informing(command(10), events=("UserPromptSubmit", "PostToolUse", "SessionStart")),
)

HOOK = Hook(
    decode=decoder("trae", Shape(folder=("TRAE_PROJECT_DIR",))),
    encode=encoder(nested),
    asks="no",
    environment=("TRAE_PROJECT_DIR",),
    form="shell",
    mcp_form="double",
    registration=Registration(
        files=(
            HookFile("~/.trae/hooks.json", Scope.USER, insertions=_INSERTIONS),
            HookFile("~/.trae-cn/hooks.json", Scope.USER, insertions=_INSERTIONS, only_if=("~/.trae-cn",)),
        ),
        consent="toggle",
        consent_how="switch on Settings > Hooks in Trae",
    ),
    notes={"failures": "what a crash, a time-out or a broken answer does is not documented; taken to let the call run"},
)

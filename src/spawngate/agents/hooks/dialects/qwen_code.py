"""Qwen Code's hooks.

Sources, read 2026-11: QwenLM/qwen-code:docs (hooks); payloads and answers as 0.15.10 sent and obeyed them. It takes an
`ask` for a deny where it cannot ask, and in that version always, so we send a deny that says how to go on. Of two hooks
the last one wins. A time-out of 1000 or more is read as milliseconds by every version.
"""

from spawngate.agents.document import Platform
from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.entries import command, grouped, informing
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.agents.hooks.replies import encoder, nested
from spawngate.agents.hooks.tools import CMD_SHELL
from spawngate.model.artifact import Scope

_HANDLER = {"name": "spawngate", **command(10_000)}
_INSERTIONS = (
    grouped("PreToolUse", _HANDLER),
    *informing(_HANDLER, events=("UserPromptSubmit", "PostToolUse", "SessionStart")),
)
_PIN = Insertion(("disableAllHooks",), False, how="set", overwrite=True)
_PLACES: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("/etc/qwen-code/settings.json", ("linux",)),
    ("/Library/Application Support/QwenCode/settings.json", ("macos",)),
    ("%PROGRAMDATA%/qwen-code/settings.json", ("windows",)),
)

HOOK = Hook(
    decode=decoder(
        "qwen-code",
        Shape(
            tools={"run_shell_command": CMD_SHELL, "monitor": CMD_SHELL},
            subagent=("agent_id",),
            folder=("QWEN_PROJECT_DIR",),
        ),
    ),
    encode=encoder(nested),
    asks="no",
    environment=("QWEN_PROJECT_DIR",),
    form="shell",
    mcp_form="double",
    registration=Registration(
        files=(
            HookFile("~/.qwen/settings.json", Scope.USER, insertions=_INSERTIONS),
            *(HookFile(template, Scope.MANAGED, insertions=(*_INSERTIONS, _PIN), on=on) for template, on in _PLACES),
        ),
        ignored_when={
            "bare": "--bare and --safe-mode run no hook, a machine's neither",
            "other hooks": "the last of several hooks wins, so a project's can overrule ours",
        },
    ),
    notes={"ask": "a question is refused by the agent itself where it cannot ask"},
)

"""Claude Code's hooks.

Sources, read 2026-11: https://code.claude.com/docs/en/hooks and the change log (exec form since 2.1.139, `onFailure`
since 2.1.295); answers as 2.1.197 obeyed them.
"""

from collections.abc import Mapping

from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.entries import grouped, informing, program
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.agents.hooks.replies import encoder, nested
from spawngate.model.artifact import Scope
from spawngate.model.json import Json

_HANDLER: Mapping[str, Json] = program(10, {"onFailure": "block"})
_INSERTIONS = (
    grouped("PreToolUse", _HANDLER),
    *informing(program(10), events=("UserPromptSubmit", "PostToolUse", "SessionStart", "ConfigChange")),
)
_NAME = "managed-settings.d/50-spawngate.json"

HOOK = Hook(
    # Fields of the session itself (`agent_type` of `--agent`) do not make a sub-agent; only an agent's id does.
    decode=decoder("claude-code", Shape(subagent=("agent_id",), folder=("CLAUDE_PROJECT_DIR",))),
    encode=encoder(nested, asks=True),
    asks="yes",
    environment=("CLAUDE_PROJECT_DIR",),
    fails_closed=True,
    form="exec",
    mcp_form="double",
    registration=Registration(
        files=(
            HookFile("~/.claude/settings.json", Scope.USER, insertions=_INSERTIONS),
            HookFile(f"/etc/claude-code/{_NAME}", Scope.MANAGED, insertions=_INSERTIONS, on=("linux",)),
            HookFile(
                f"/Library/Application Support/ClaudeCode/{_NAME}", Scope.MANAGED, insertions=_INSERTIONS, on=("macos",)
            ),
            HookFile(f"%PROGRAMFILES%/ClaudeCode/{_NAME}", Scope.MANAGED, insertions=_INSERTIONS, on=("windows",)),
        ),
        fail_closed="onFailure",
        fail_closed_since="2.1.295",
        exec_since="2.1.139",
        reload="at-once",
        ignored_when={
            "folder trust": "interactive sessions run no hook of a settings file until the folder is trusted",
            "bare": "--bare, --safe-mode and CLAUDE_CODE_SIMPLE run no hook",
        },
    ),
    notes={
        "mentions": "files mentioned with @ are read without a hook",
        "templates": "shell commands inside a project's commands and skills run without a hook",
    },
)

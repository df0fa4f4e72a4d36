"""GitHub Copilot CLI's hooks.

Sources, read 2026-11: https://docs.github.com/en/copilot (CLI hooks reference), the change log of github/copilot-cli;
payloads and answers as 1.0.102 sent and obeyed them. The case of the registered event decides the payload: `preToolUse`
gives camelCase, `PreToolUse` Claude Code's form, whose answers are then obeyed too.
"""

from spawngate.agents.document import Platform
from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.agents.hooks.replies import encoder, flat, nested
from spawngate.agents.hooks.tools import POWERSHELL
from spawngate.model.artifact import Scope
from spawngate.model.call import HookReply, ToolCall
from spawngate.model.decision import Verdict

_UNIX: tuple[Platform, ...] = ("linux", "macos")


def write(verdict: Verdict, text: str, call: ToolCall | None) -> HookReply:
    """Top-level form; Claude Code's where the payload named its event as Claude Code does."""
    pascal = call is not None and call.event_name[:1].isupper()
    return nested(verdict, text, call) if pascal else flat(verdict, text, call)


_INSERTIONS = (
    Insertion(("version",), 1, how="set"),
    *(
        Insertion(
            ("hooks", event),
            {"type": "command", shell: command, "timeoutSec": 10},
            event=event,
            needed=event == "preToolUse",
            on=on,
        )
        for event in ("preToolUse", "userPromptSubmitted", "postToolUse", "sessionStart")
        for shell, command, on in (("bash", "{command}", _UNIX), ("powershell", "{powershell}", ("windows",)))
    ),
)

HOOK = Hook(
    decode=decoder(
        "copilot-cli",
        Shape(
            tools={"powershell": POWERSHELL},
            mcp_form="dash",
            subagent=("parentAgentId", "agentId", "agent_id"),
            folder=("COPILOT_PROJECT_DIR",),
        ),
    ),
    encode=encoder(write, asks=True),
    asks="yes",
    environment=("COPILOT_CLI", "COPILOT_PROJECT_DIR"),
    form="shell",
    mcp_form="dash",
    registration=Registration(
        files=(
            HookFile("~/.copilot/hooks/spawngate.json", Scope.USER, insertions=_INSERTIONS),
            HookFile("/etc/github-copilot/policy.d/spawngate.json", Scope.MANAGED, insertions=_INSERTIONS, on=_UNIX),
            HookFile(
                "%PROGRAMDATA%/GitHub/Copilot/policy.d/spawngate.json",
                Scope.MANAGED,
                insertions=_INSERTIONS,
                on=("windows",),
            ),
        ),
        ignored_when={"COPILOT_HOME": "the variable moves the folder of the user's hooks"},
    ),
    notes={
        "time-out": "a hook that runs into the agent's time-out lets the call run; every other failure denies",
        "cloud agent": "runs only .github/hooks/*.json, and an ask there is a deny",
    },
)

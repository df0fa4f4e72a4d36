"""Gemini CLI's hooks.

Sources, read 2026-11: google-gemini/gemini-cli:docs/hooks and packages/core/src/hooks; payloads and answers as 0.61.0
sent and obeyed them. An `ask` hangs for ever where nobody sits at a terminal, and the payload does not tell, so it is
refused.
"""

from spawngate.agents.document import Platform
from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.agents.hooks.replies import EMPTY, decision, encoder
from spawngate.model.artifact import Scope
from spawngate.model.json import Json

_PLACES: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("/etc/gemini-cli/settings.json", ("linux",)),
    ("/Library/Application Support/GeminiCli/settings.json", ("macos",)),
    ("%PROGRAMDATA%/gemini-cli/settings.json", ("windows",)),
)


# On Windows the line is PowerShell's.
_LINES: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("{command}", ("linux", "macos")),
    ("{powershell}", ("windows",)),
)


def _entry(event: str, line: str) -> dict[str, Json]:
    handler: dict[str, Json] = {"name": "spawngate", "type": "command", "command": line, "timeout": 10_000}
    return {**({"matcher": ".*"} if "Tool" in event else {}), "hooks": [handler]}


_INSERTIONS = tuple(
    Insertion(("hooks", event), _entry(event, line), event=event, needed=event == "BeforeTool", on=on)
    for event in ("BeforeTool", "BeforeAgent", "AfterTool", "SessionStart")
    for line, on in _LINES
)
_PIN = Insertion(("hooksConfig", "enabled"), True, how="set", overwrite=True)

HOOK = Hook(
    decode=decoder(
        "gemini-cli",
        Shape(mcp_form="prefixed", folder=("GEMINI_CWD", "GEMINI_PROJECT_DIR"), session=("GEMINI_SESSION_ID",)),
    ),
    encode=encoder(decision(), nothing=EMPTY),
    asks="no",
    environment=("GEMINI_CWD", "GEMINI_PROJECT_DIR", "GEMINI_SESSION_ID"),
    form="shell",
    mcp_form="prefixed",
    registration=Registration(
        files=(
            HookFile("~/.gemini/settings.json", Scope.USER, insertions=_INSERTIONS),
            *(HookFile(template, Scope.MANAGED, insertions=(*_INSERTIONS, _PIN), on=on) for template, on in _PLACES),
        ),
        ignored_when={
            "folder trust": "in a folder that is not trusted no hook runs, the user's own neither",
            "hooksConfig.disabled": "a project's file can name our hook there, against a machine's pin too",
        },
    ),
    notes={
        "ask": "headless it would hang for ever, so it is refused",
        "sub-agents": "the payload marks neither a sub-agent nor a call's id",
    },
)

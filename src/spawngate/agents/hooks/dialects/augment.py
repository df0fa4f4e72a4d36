"""Augment CLI's (Auggie's) hooks.

Source, read 2026-11: https://docs.augmentcode.com/cli/hooks. `command` has to be the path of a script, and time is in
milliseconds.
"""

from spawngate.agents.document import Platform
from spawngate.agents.formats import Format
from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.entries import grouped, informing
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.agents.hooks.replies import encoder, exit_2
from spawngate.model.artifact import Scope
from spawngate.model.json import Json

_HANDLER: dict[str, Json] = {"type": "command", "command": "{script}", "timeout": 10_000}
_METADATA: dict[str, Json] = {
    "metadata": {"includeMCPMetadata": True, "includeConversationData": False, "includeUserContext": False}
}
_INSERTIONS = (
    grouped("PreToolUse", _HANDLER, matcher=".*", extra=_METADATA),
    *informing(_HANDLER, events=("PromptSubmit", "SessionStart")),
)
_UNIX: tuple[Platform, ...] = ("linux", "macos")

HOOK = Hook(
    decode=decoder(
        "augment", Shape(folder=("AUGMENT_PROJECT_DIR",), session=("AUGMENT_CONVERSATION_ID",), mcp_form="single")
    ),
    encode=encoder(exit_2),
    asks="no",
    environment=("AUGMENT_PROJECT_DIR", "AUGMENT_CONVERSATION_ID"),
    form="script",
    mcp_form="single",
    registration=Registration(
        files=(
            HookFile(
                "~/.augment/hooks/spawngate-hook.sh",
                Scope.USER,
                Format.TEXT,
                text="#!/bin/sh\nexec {command}\n",
                executable=True,
                script=True,
                on=_UNIX,
            ),
            HookFile(
                "~/.augment/hooks/spawngate-hook.cmd",
                Scope.USER,
                Format.TEXT,
                text="@{command}\r\n",
                script=True,
                on=("windows",),
            ),
            HookFile("~/.augment/settings.json", Scope.USER, Format.JSONC, insertions=_INSERTIONS),
            HookFile(
                "/etc/augment/spawngate-hook.sh",
                Scope.MANAGED,
                Format.TEXT,
                text="#!/bin/sh\nexec {command}\n",
                executable=True,
                script=True,
                on=_UNIX,
            ),
            HookFile("/etc/augment/settings.json", Scope.MANAGED, Format.JSONC, insertions=_INSERTIONS, on=_UNIX),
        ),
    ),
)

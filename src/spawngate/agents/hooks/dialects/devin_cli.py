"""Devin CLI's and Devin Desktop's hooks.

Source, read 2026-11: https://docs.devin.ai/cli/extensibility/hooks. It also runs Claude Code's settings files unless
`read_config_from.claude` is off.
"""

from spawngate.agents.formats import Format
from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.entries import command, grouped, informing
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.agents.hooks.replies import EMPTY, decision, encoder
from spawngate.model.artifact import Scope

_INSERTIONS = (
    grouped("PreToolUse", command(10), matcher=".*"),
    *informing(command(10), events=("UserPromptSubmit", "SessionStart")),
    grouped("PostToolUse", command(10), matcher=".*", needed=False),
)

HOOK = Hook(
    decode=decoder("devin-cli", Shape(folder=("DEVIN_PROJECT_DIR",))),
    encode=encoder(decision(deny="block"), nothing=EMPTY),
    asks="no",
    environment=("DEVIN_PROJECT_DIR",),
    form="shell",
    mcp_form="double",
    registration=Registration(
        files=(
            HookFile(
                "~/.config/devin/config.json",
                Scope.USER,
                Format.JSONC,
                insertions=_INSERTIONS,
                on=("linux", "macos"),
            ),
            HookFile("%APPDATA%/devin/config.json", Scope.USER, Format.JSONC, insertions=_INSERTIONS, on=("windows",)),
        ),
    ),
)

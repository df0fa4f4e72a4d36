"""JetBrains Junie CLI's hooks.

Source, read 2026-11: https://junie.jetbrains.com/docs/junie-cli-hooks.html (early access). Project files are not
read, and hooks do not run in its ACP and server hosts.
"""

from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.entries import command, grouped, informing
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.agents.hooks.replies import EMPTY, decision, encoder
from spawngate.model.artifact import Scope

HOOK = Hook(
    decode=decoder("junie", Shape()),
    encode=encoder(decision(), nothing=EMPTY, asks=True),
    asks="yes",
    form="shell",
    mcp_form="double",
    registration=Registration(
        files=(
            HookFile(
                "~/.junie/config.json",
                Scope.USER,
                insertions=(
                    grouped("PreToolUse", command(10), matcher=".*"),
                    *informing(command(10), events=("UserPromptSubmit", "SessionStart", "SessionEnd")),
                ),
            ),
        ),
        ignored_when={"hosts": "in ACP and server hosts no hook runs"},
    ),
)

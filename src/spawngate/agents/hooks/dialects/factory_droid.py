"""Factory Droid's hooks.

Sources, read 2026-11: https://docs.factory.ai/harness/hooks and a reading of the binary 0.223.0. An invalid file is
ignored whole; `type` has to be there. An event in hooks.json takes the place of the same event in settings.json.
"""

from spawngate.agents.document import Platform
from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.entries import command, grouped, informing
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.agents.hooks.replies import encoder, nested
from spawngate.model.artifact import Scope

_PLACES: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("/etc/factory/settings.json", ("linux",)),
    ("/Library/Application Support/Factory/settings.json", ("macos",)),
    ("%PROGRAMDATA%/Factory/settings.json", ("windows",)),
)
_INFORMING = informing(command(10))

HOOK = Hook(
    decode=decoder("factory-droid", Shape(folder=("FACTORY_PROJECT_DIR", "DROID_PROJECT_DIR"))),
    encode=encoder(nested, asks=True),
    asks="yes",
    environment=("FACTORY_PROJECT_DIR", "DROID_PROJECT_DIR"),
    form="shell",
    mcp_form="double",
    registration=Registration(
        files=(
            HookFile(
                "~/.factory/hooks.json",
                Scope.USER,
                insertions=(grouped("PreToolUse", command(10), alternatives=(("PreToolUse",),)), *_INFORMING),
                dropped_whole=True,
            ),
            *(
                HookFile(template, Scope.MANAGED, insertions=(grouped("PreToolUse", command(10)), *_INFORMING), on=on)
                for template, on in _PLACES
            ),
        ),
        ignored_when={
            "settings.json": "PreToolUse in hooks.json takes the place of the user's own PreToolUse in settings.json",
            "--no-hooks": "the flag runs no hook",
        },
    ),
)

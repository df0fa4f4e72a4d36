"""Codex CLI's hooks.

Sources, read 2026-11: https://developers.openai.com/codex (hooks, configuration reference),
openai/codex:codex-rs/hooks; payloads and answers as 0.169.0 sent and obeyed them. An answer with a field that it does
not know is refused and the call runs; `ask` is not known. So an answer holds exactly the fields of a refusal, and an
ask is one.
"""

from spawngate.agents.formats import Format
from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.entries import command, grouped, informing
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.agents.hooks.replies import encoder, nested
from spawngate.agents.hooks.tools import NATIVE_SHELL, PATCH
from spawngate.model.artifact import Scope

_ROOT = frozenset({"hooks", "description"})
_INSERTIONS = (grouped("PreToolUse", command(10)), *informing(command(10), events=("UserPromptSubmit", "PostToolUse")))
_PIN = (Insertion(("features", "hooks"), True, how="set", overwrite=True),)

HOOK = Hook(
    decode=decoder(
        "codex-cli",
        Shape(
            tools={"bash": NATIVE_SHELL, "edit": PATCH, "write": PATCH},
            subagent=("agent_id",),
        ),
    ),
    encode=encoder(nested),
    asks="no",
    form="shell",
    mcp_form="double",
    registration=Registration(
        files=(
            HookFile("~/.codex/hooks.json", Scope.USER, insertions=_INSERTIONS, root_keys=_ROOT, dropped_whole=True),
            HookFile(
                "/etc/codex/hooks.json",
                Scope.MANAGED,
                insertions=_INSERTIONS,
                root_keys=_ROOT,
                dropped_whole=True,
                on=("linux", "macos"),
            ),
            HookFile(
                "/etc/codex/requirements.toml", Scope.MANAGED, Format.TOML, insertions=_PIN, on=("linux", "macos")
            ),
        ),
        consent="hash",
        consent_how="run `codex`, open `/hooks` and trust the hook, or install it for the machine",
        ignored_when={
            "untrusted": "a hook whose hash is not recorded is skipped without a word",
            "position": "the record of trust counts entries: one that is inserted before ours takes the trust away",
        },
    ),
    notes={
        "write_stdin": "text typed into a shell that runs already reaches no hook",
        "ask": "the agent knows no question and would run the call, so it is refused",
    },
)

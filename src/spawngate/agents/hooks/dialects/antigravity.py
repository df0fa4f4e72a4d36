"""Google Antigravity's hooks.

Source, read 2026-11: https://antigravity.google/docs (hooks). The file is a map of named hooks; older builds name no
event. `ask` may be satisfied by an earlier grant, `force_ask` always asks.
"""

from collections.abc import Mapping

from spawngate.agents.hooks.decode import Payload, Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.entries import command
from spawngate.agents.hooks.payload import Reader
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.agents.hooks.replies import EMPTY, decision, encoder
from spawngate.model.artifact import Scope


def reshape(source: Payload, reader: Reader) -> Payload:
    """`toolCall {name, args}` as a tool and its input."""
    called = source.get("toolCall")
    if called is None:
        return source
    if not isinstance(called, Mapping):
        reader.problem("toolCall", "expected a map")
        return source
    return {**source, "tool_name": called.get("name"), "tool_input": called.get("args")}


HOOK = Hook(
    decode=decoder("antigravity", Shape(reshape=reshape)),
    encode=encoder(decision(ask="force_ask"), nothing=EMPTY, asks=True),
    asks="yes",
    form="shell",
    mcp_form="double",
    registration=Registration(
        files=(
            HookFile(
                "~/.gemini/config/hooks.json",
                Scope.USER,
                insertions=(
                    Insertion(
                        ("spawngate",),
                        {"enabled": True, "PreToolUse": [{"matcher": "*", "hooks": [command(10)]}]},
                        how="set",
                        overwrite=True,
                        event="PreToolUse",
                    ),
                ),
            ),
        ),
        ignored_when={"version": "builds before 1.1.9 drop hooks in long contexts and let invoke_subagent run"},
    ),
    notes={"failures": "what a crash, a time-out or a broken answer does is not documented"},
)

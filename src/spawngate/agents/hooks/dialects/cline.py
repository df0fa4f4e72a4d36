"""Cline's hooks, of the editor extension and of the CLI: executable files named after their event.

Sources, read 2026-11: cline/cline:apps/vscode/src/core/hooks and sdk/packages/core/src/hooks; payloads and answers as
the CLI 3.0.65 sent and obeyed them. Exit codes mean nothing to it, `cancel` ends the whole run, and no question is
known.
"""

from collections.abc import Mapping

from spawngate.agents.formats import Format
from spawngate.agents.hooks.decode import Payload, Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.payload import Reader
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.agents.hooks.replies import EMPTY, encoder, printed
from spawngate.agents.hooks.tools import SEARCH
from spawngate.model.artifact import Scope
from spawngate.model.call import HookReply, ToolCall
from spawngate.model.decision import Verdict

_HELD = ("preToolUse", "postToolUse")


def reshape(source: Payload, reader: Reader) -> Payload:
    """The call as the SDK gives it, typed (`tool_call`), else as the editor does, every value a text (`preToolUse`)."""
    shaped = dict(source)
    for name in _HELD:
        held = source.get(name)
        if isinstance(held, Mapping):
            shaped["tool_name"] = held.get("toolName")
            shaped["tool_input"] = held.get("parameters")
            shaped["tool_response"] = held.get("result")
        elif held is not None:
            reader.problem(name, "expected a map")
    called = source.get("tool_call")
    if isinstance(called, Mapping):
        shaped |= {"tool_name": called.get("name"), "tool_use_id": called.get("id")}
        shaped["tool_input"] = called.get("input", shaped.get("tool_input"))
    elif called is not None:
        reader.problem("tool_call", "expected a map")
    asked = source.get("userPromptSubmit")
    if isinstance(asked, Mapping):
        shaped["prompt"] = asked.get("prompt")
    return shaped


def write(verdict: Verdict, text: str, call: ToolCall | None) -> HookReply:
    """The call is cancelled, and the run with it."""
    return printed({"cancel": True, "errorMessage": text})


_SCRIPT = "#!/bin/sh\nexec {command}\n"
_POWERSHELL = "$input | {powershell}\n"

HOOK = Hook(
    decode=decoder(
        "cline",
        Shape(
            tools={"skills": SEARCH},
            mcp_form="bare-double",
            reshape=reshape,
            # `agent_id` is there for the main agent too.
            subagent=("parent_agent_id",),
        ),
    ),
    encode=encoder(write, nothing=EMPTY),
    asks="no",
    form="script",
    mcp_form="bare-double",
    registration=Registration(
        files=(
            *(
                HookFile(
                    f"{folder}/PreToolUse",
                    Scope.USER,
                    Format.TEXT,
                    text=_SCRIPT,
                    executable=True,
                    chains=True,
                    on=("linux", "macos"),
                )
                for folder in ("~/.cline/hooks", "~/Documents/Cline/Hooks")
            ),
            *(
                HookFile(
                    f"{folder}/PreToolUse.ps1", Scope.USER, Format.TEXT, text=_POWERSHELL, chains=True, on=("windows",)
                )
                for folder in ("~/.cline/hooks", "~/Documents/Cline/Hooks")
            ),
        ),
        consent="toggle",
        consent_how="in the editor switch on Settings > Features > Hooks; the CLI needs nothing",
        ignored_when={"yolo": "the CLI's --yolo runs no hook", "data folder": "--data-dir moves the folder of hooks"},
    ),
    notes={"deny": "a refused call ends the whole run, and the model is not told why"},
)

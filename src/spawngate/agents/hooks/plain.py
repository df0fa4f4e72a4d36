"""The dialect of plugins that we generate ourselves: one object in, one object out.

A plugin sends `{hook_event_name, tool_name, tool_input, session_id, tool_use_id, cwd}` and reads `{"verdict": "none"
| "ask" | "deny", "reason": ...}`. Anything else, and every other exit code than 0, is a failure, for which it has its
own answer.
Must not be here: the plugins' code (`agents.hooks.plugins`).
"""

from spawngate.agents.hooks.dialect import Encode
from spawngate.agents.hooks.replies import encoder, printed
from spawngate.model.call import HookReply, ToolCall
from spawngate.model.decision import Verdict

NOTHING = printed({"verdict": "none"})


def write(verdict: Verdict, text: str, call: ToolCall | None) -> HookReply:
    """A refusal or a question."""
    return printed({"verdict": str(verdict), "reason": text})


def plugin_encoder(*, asks: bool) -> Encode:
    """The encoder for a plugin that can, or cannot, ask its person."""
    return encoder(write, nothing=NOTHING, asks=asks)

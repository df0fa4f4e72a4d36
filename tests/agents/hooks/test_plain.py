"""The dialect between our plugins and our client."""

from tests.agents.hooks.speaking import ALLOW, ASK, DENY, LOG, MONITORED, asked, line, refused, stopped

from spawngate.agents.hooks.plain import plugin_encoder
from spawngate.model.call import ToolCall, ToolKind
from spawngate.model.decision import Decision, Verdict

CALL = ToolCall("pi", "bash", ToolKind.SHELL)


def test_answers() -> None:
    asking, silent = plugin_encoder(asks=True), plugin_encoder(asks=False)
    nothing = line({"verdict": "none"})
    assert [asking(item, CALL) for item in (DENY, ASK, LOG, ALLOW, MONITORED)] == [
        line({"verdict": "deny", "reason": refused()}),
        line({"verdict": "ask", "reason": asked()}),
        nothing,
        nothing,
        nothing,
    ]
    assert silent(ASK, CALL) == line({"verdict": "deny", "reason": stopped()})


def test_never_without_a_word() -> None:
    assert [plugin_encoder(asks=True)(Decision(item), None).stdout != b"" for item in Verdict] == [True] * 4

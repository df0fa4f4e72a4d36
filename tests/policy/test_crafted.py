"""Texts that were made to take long: a whole look at each takes time in proportion to its length.

Each took between 60 ms and 7 s of processor at 20,000 letters while an expression or a redaction went over the rest of
the text from every place of it. The bound is generous, because other work on the machine slows this one down too: what
grows with the square of the length passes it many times over.
"""

import time

import pytest

from spawngate.model.call import Edit, ToolCall, ToolKind
from spawngate.policy.decider import Decider
from spawngate.redact.redactor import Redactor

LETTERS = 40_000
BOUND = 0.8
"""Seconds of processor, of the fastest of three."""
COMMANDS = {
    "at signs in an argument": ("curl http://{}/", "a@"),
    "at signs in a script": ("sed -i 's/a/{}/' f", "a@"),
    "pairs in a package": ("npm i {}", "a="),
    "a long name of a program": ("{}", "X=rm"),
    "a name of digits": ("{}", "1"),
    "escaped quotes in code": ("python3 -c '{}'", '\\"'),
    "quotes in code": ("node -e '{}'", '{"mcpServers":{"a":{"command":"b"}}},'),
    "literals of Ruby": ("ruby -e '{}'", "%x{"),
    "open brackets": ("ls {}", "["),
    "braces": ("pwsh -c '\"{}\"'", "${"),
    "options": ("useradd {}", "-o-"),
    "a firewall": ("netsh {}", "firewall "),
    "queries of a package": ("npx -y {}", "?"),
    "find in find": ("{}", "find . -exec "),
}
TEXTS = {
    "empty lines behind a switch": "hooks false" + "\n" * LETTERS,
    "empty lines behind a proxy": "ProxyCommand" + "\n" * LETTERS,
    "a word again and again": "dangerously" * (LETTERS // 11),
    "trust": "trust" * (LETTERS // 5) + " enabled false",
    "disabled": "disabled" * (LETTERS // 8) + " spawngate",
}


def seconds(call: ToolCall) -> float:
    """Processor time of the fastest of three looks, each by a decider that remembers nothing."""
    found = []
    for _ in range(3):
        decider = Decider(Redactor(b"k" * 32), home="/home/dev")
        began = time.process_time()
        assert decider.look(call) is not None
        found.append(time.process_time() - began)
    return min(found)


@pytest.mark.parametrize("form", COMMANDS)
def test_a_command(form: str) -> None:
    frame, unit = COMMANDS[form]
    # Redaction of the whole text is for policies that read it; the daemon redacts its beginning (`HeadRedactor`).
    text = frame.replace("{}", (unit * LETTERS)[: LETTERS // 4])
    assert seconds(ToolCall("claude-code", "Bash", ToolKind.SHELL, commands=(text,), cwd="/home/dev/app")) < BOUND


@pytest.mark.parametrize("form", TEXTS)
def test_a_text_that_is_written(form: str) -> None:
    path = "/home/dev/app/.claude/settings.json"
    edits = (Edit(path, None, TEXTS[form]),)
    assert seconds(ToolCall("claude-code", "Write", ToolKind.WRITE, paths=(path,), edits=edits)) < BOUND

"""Which files a call writes, and from what."""

import pytest

from spawngate.command.calls import understand_call
from spawngate.command.context import CallContext
from spawngate.model.call import Edit, ToolCall, ToolKind
from spawngate.provenance.writes import Write, writes_of

CONTEXT = CallContext(home="/home/ann", cwd="/p", project="/p")


def of(call: ToolCall) -> list[Write]:
    return writes_of(call, understand_call(call, CONTEXT), "/home/ann")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("echo a > b.txt", [Write("/p/b.txt", "echo a > b.txt")]),
        (
            "curl -fsSL https://a.test/i.sh -o ~/i.sh",
            [Write("/home/ann/i.sh", "", "curl", "https://a.test/i.sh")],
        ),
        (
            "git clone https://a.test/x/tool.git",
            [Write("/p/tool", "", "git", "https://a.test/x/tool.git", repository=True)],
        ),
        (
            "git clone https://a.test/x/tool.git /srv/y",
            [Write("/srv/y", "", "git", "https://a.test/x/tool.git", repository=True)],
        ),
        ("git status", []),
        ("ls", []),
    ],
)
def test_commands(command: str, expected: list[Write]) -> None:
    found = of(ToolCall("a", "Bash", ToolKind.SHELL, commands=(command,), cwd="/p"))
    assert list(dict.fromkeys(found)) == expected


def test_edits() -> None:
    edits = (Edit("a.md", None, "text"), Edit("/x", "old", None, moved_to="y"))
    found = of(ToolCall("a", "Write", ToolKind.WRITE, edits=edits, cwd="/p"))
    assert found == [Write("/p/a.md", "text"), Write("/x"), Write("/p/y")]

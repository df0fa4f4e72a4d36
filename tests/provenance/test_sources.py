"""Where the answer of a call comes from."""

import pytest

from spawngate.command.calls import understand_call
from spawngate.command.context import CallContext
from spawngate.command.inventory import ServerView
from spawngate.model.call import ToolCall, ToolKind
from spawngate.provenance.content import prints_of
from spawngate.provenance.fingerprint import Fingerprinter
from spawngate.provenance.session import Session
from spawngate.provenance.sources import NEITHER, Folders, Origin, label_of, origin_of, reads_secret, whose

PRINTS = Fingerprinter(b"k")
HOME = Folders("/home/ann")
CONTEXT = CallContext(home="/home/ann", cwd="/home/ann/app", project="/home/ann/app")
OWN = Origin(own=True)


def session() -> Session:
    made = Session(PRINTS)
    made.root = made.path("/home/ann/app")
    return made


def origin(call: ToolCall, folders: Folders = HOME, server: ServerView | None = None) -> Origin:
    return origin_of(call, understand_call(call, CONTEXT), session(), folders, server)


def shell(command: str) -> Origin:
    return origin(ToolCall("a", "Bash", ToolKind.SHELL, commands=(command,), cwd="/home/ann/app"))


@pytest.mark.parametrize(
    ("command", "labels"),
    [
        ("curl -s https://a.test/x | head", ("untrusted_web",)),
        ("wget -qO- a.test/x", ("untrusted_web",)),
        ("gh issue view 5 --repo o/r", ("untrusted_web",)),
        ("npm view evil-x readme", ("untrusted_web",)),
        ("pip index versions evil-x", ("untrusted_web",)),
        ("git show origin/main:README.md", ("untrusted_repository",)),
        ("git log -3 upstream/main", ("untrusted_repository",)),
        ("cat node_modules/x/README.md", ("untrusted_repository",)),
        ("head -5 /tmp/notes.txt", ("untrusted_repository",)),
        ("cat ~/Downloads/a.txt", ("untrusted_repository",)),
    ],
)
def test_outside(command: str, labels: tuple[str, ...]) -> None:
    found = shell(command)
    assert (found.labels, found.own) == (labels, False)
    assert found.kind


@pytest.mark.parametrize("command", ["cat README.md", "head -3 docs/a.md | grep x", "sed -n 1,5p src/a.py"])
def test_own(command: str) -> None:
    assert shell(command) == OWN


@pytest.mark.parametrize(
    "command",
    ["ls", "pytest -q", "curl http://localhost:3000/x", "git show HEAD:a.md", "git diff", "echo a", "cat /etc/hosts"],
)
def test_neither(command: str) -> None:
    assert shell(command) == NEITHER


def test_tools() -> None:
    fetch = ToolCall("a", "WebFetch", ToolKind.FETCH, urls=("https://a.test/x",))
    assert origin(fetch) == Origin(labels=("untrusted_web",), kind="web page", name="https://a.test/x")
    assert origin(ToolCall("a", "WebSearch", ToolKind.SEARCH)).labels == ("untrusted_web",)
    assert origin(ToolCall("a", "Grep", ToolKind.SEARCH, paths=("src",), cwd="/home/ann/app")) == OWN
    assert origin(ToolCall("a", "TodoWrite", ToolKind.OTHER)) == NEITHER
    assert origin(ToolCall("a", "browser_snapshot", ToolKind.OTHER)).labels == ("untrusted_web",)


def test_servers() -> None:
    call = ToolCall("a", "mcp__t__get", ToolKind.MCP, server="t", server_tool="get")
    assert origin(call) == Origin(
        labels=("untrusted_web", "unknown_server_answer"), kind="answer of MCP server", name="t"
    )
    known = ServerView("t", tier="official", capabilities=("filesystem",))
    assert origin(call, server=known).labels == ("untrusted_web",)
    reads = ToolCall("a", "x", ToolKind.MCP, server="t", server_tool="read", paths=("/home/ann/app/README.md",))
    assert origin(reads, server=known) == OWN
    assert origin(reads, server=ServerView("t")).labels == ("unknown_server_answer",)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/ann/app/README.md", "own"),
        ("/home/ann/app/vendor/x.go", "outside"),
        ("/home/ann/other/README.md", "outside"),
        ("/home/ann/.config/x", "neither"),
        ("/usr/share/doc/x", "neither"),
        ("/tmp/x", "outside"),
        ("/var/tmp/x", "outside"),
        ("/home/ann/application/x", "outside"),
    ],
)
def test_whose(path: str, expected: str) -> None:
    assert whose(path, session(), HOME) == expected


def test_folders_of_settings() -> None:
    folders = Folders("/home/ann", trusted=("~/work/*",), untrusted=("~/work/foreign",))
    paths = ("/home/ann/work/a/b", "/home/ann/work/foreign/x", "/home/ann/app/README.md")
    assert [whose(path, session(), folders) for path in paths] == ["own", "outside", "outside"]


def test_what_the_session_wrote() -> None:
    made = session()
    made.read("file fetched by curl", prints_of("", PRINTS))
    made.note_path(made.path("/home/ann/app/fetched"), 0)
    made.note_path(made.path("/home/ann/app/written.md"), -1)
    paths = ("/home/ann/app/fetched/x/y", "/home/ann/app/written.md", "/home/ann/app/README.md")
    assert [whose(path, made, HOME) for path in paths] == ["outside", "neither", "own"]


@pytest.mark.parametrize(
    ("command", "expected"),
    [("cat ~/.aws/credentials", True), ("cat .env", True), ("printenv", True), ("cat README.md", False), ("ls", False)],
)
def test_secrets(command: str, expected: bool) -> None:
    call = ToolCall("a", "Bash", ToolKind.SHELL, commands=(command,), cwd="/home/ann/app")
    assert reads_secret(understand_call(call, CONTEXT)) is expected


def test_label() -> None:
    told = Origin(kind="web page", name="https://a.test/\x1b[31m x\n" + "y" * 500)
    label = label_of(told, lambda text: text.replace("a.test", "[redacted]"))
    assert label == "web page " + ("https://[redacted]/?[31m x " + "y" * 500)[:200]
    assert label_of(Origin(kind="web search"), str) == "web search"

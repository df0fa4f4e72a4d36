"""Which process is which server: every shape a launcher gives its processes, and what must not match."""

from collections.abc import Sequence

import pytest

from spawngate.launch.running import Match, Process, Unconfigured, agent_of, match_running, passes_on, title_words
from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status, Transport

AGENTS = {"claude": "claude-code", "cursor": "cursor", "@anthropic-ai/claude-code": "claude-code"}
SECRET = "sk-test-000011112222"


def plain(command: str | None, args: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """Hides one known secret, and only behind `--key`, as redaction depends on the word before."""
    words = list(args)
    for at, word in enumerate(words):
        if word == SECRET and at and words[at - 1] == "--key":
            words[at] = "[secret:flag-value:0]"
    return command, tuple(words)


def server(command: str, *args: str, id_: str = "s", agent: str = "claude-code") -> Artifact:
    return Artifact(
        kind=Kind.MCP_SERVER,
        id=id_,
        fingerprint="f",
        agent=agent,
        scope=Scope.USER,
        name=id_,
        path="/home/u/.claude.json",
        status=Status.ENABLED,
        launch=Launch(Transport.STDIO, *plain(command, args)),
    )


def process(pid: int, ppid: int, *argv: str, name: str = "", exe: str | None = None, start: float = 0.0) -> Process:
    return Process(pid, ppid, name or argv[0].rsplit("/", 1)[-1], argv, start or float(pid), exe=exe)


CLAUDE = process(10, 1, "claude")


def matched(artifact: Artifact, *processes: Process) -> tuple[int, ...]:
    found = match_running((CLAUDE, *processes), [artifact], plain, AGENTS)
    assert found.unconfigured == ()
    return found.matches[0].pids if found.matches else ()


HASH = "/home/u/.npm/_npx/1e2184bc7b5fca03/node_modules"
FS = "@modelcontextprotocol/server-filesystem"


@pytest.mark.parametrize(
    ("artifact", "argv"),
    [
        (server("my-server", "--x"), ("my-server", "--x")),
        (server("my-server", "--x"), ("/usr/local/bin/my-server", "--x")),
        (server("/opt/s", "--x"), ("/opt/s", "--x")),
        (server("./bin/s"), ("/home/u/p/bin/s",)),
        (server("my-server", "--x"), ("/venv/bin/python", "/venv/bin/my-server", "--x")),
        (server("my-server", "--x"), ("/venv/bin/python3.12", "-I", "/venv/bin/my-server", "--x")),
        (server("my-server"), ("node", "/usr/local/bin/my-server")),
        (server("python", "-m", "srv", "--p"), ("/venv/bin/python3", "-m", "srv", "--p")),
        (server("node", "/s/index.js"), ("/usr/bin/node", "/s/index.js")),
        (server("node", "${workspaceFolder}/index.js"), ("node", "/home/u/p/index.js")),
        (server("${HOME}/bin/s"), ("/home/u/bin/s",)),
        (server("~/bin/s"), ("/home/u/bin/s",)),
        (server("node", "%APPDATA%/s.js"), ("node", "C:/Users/u/AppData/Roaming/s.js")),
        (server("node", "s.js", "--key", SECRET), ("node", "s.js", "--key", SECRET)),
        (server("bash", "-c", "a | b"), ("bash", "-c", "a | b")),
        (server("bash", "-c", "my-server --x"), ("my-server", "--x")),
        (server("env", "A=1", "my-server"), ("my-server",)),
        (server("cmd", "/c", "npx", "-y", FS), (r"C:\Windows\cmd.exe", "/c", "npx", "-y", FS)),
        (server("npx", "-y", FS, "/tmp"), ("npx", "-y", FS, "/tmp")),
        (server("npx", "-y", FS, "/tmp"), ("node", "/usr/bin/npx", "-y", FS, "/tmp")),
        (server("npx", "-y", FS, "/tmp"), ("node", "/usr/lib/node_modules/npm/bin/npx-cli.js", "-y", FS, "/tmp")),
        (server("npx", "-y", FS, "/tmp"), (f"npm exec {FS} /tmp", "", "")),
        (server("npx", "-y", FS, "/a b"), (f"npm exec {FS} /a b", "")),
        (server("npx", "-y", FS, "--key", SECRET), ("npm", "exec", FS, "--key", SECRET)),
        (server("npx", "-y", FS, "--h", "A: B", "--key", SECRET), (f"npm exec {FS} --h A: B --key {SECRET}", "")),
        (server("npx", "-y", FS, "/tmp"), ("node", f"{HASH}/.bin/mcp-server-filesystem", "/tmp")),
        (server("npx", "-y", f"{FS}@1.2", "--key", SECRET), ("node", f"{HASH}/{FS}/dist/index.js", "--key", SECRET)),
        (
            server("npx", "-y", FS),
            (r"C:\nodejs\node.exe", r"C:\Users\u\AppData\Local\npm-cache\_npx\1\node_modules" + rf"\{FS}\i.js"),
        ),
        (server("npm", "exec", "--", FS), ("node", f"{HASH}/.bin/mcp-server-filesystem")),
        (server("bunx", "mcp-x"), ("node", "/tmp/bunx-0-mcp-x@latest/node_modules/.bin/mcp-x")),
        (server("uvx", "mcp-server-git", "-r", "/x"), ("/usr/bin/uv", "tool", "uvx", "mcp-server-git", "-r", "/x")),
        (server("uv", "tool", "run", "mcp-server-git"), ("uv", "tool", "uvx", "mcp-server-git")),
        (
            server("uvx", "mcp-server-git@latest", "-r", "/x"),
            ("/c/uv/archive-v0/V/bin/python", "/c/uv/archive-v0/V/bin/mcp-server-git", "-r", "/x"),
        ),
        (
            server("uvx", "--from", "git+https://github.com/a/b", "srv"),
            ("uv", "tool", "uvx", "--from", "git+https://github.com/a/b", "srv"),
        ),
        (
            server("pipx", "run", "--spec", "pkg==1", "srv-mcp", "--x"),
            ("/c/pipx/bd2f/bin/python", "/c/pipx/bd2f/bin/srv-mcp", "--x"),
        ),
        (server("uv", "--directory", "/p", "run", "s.py"), ("/usr/bin/uv", "--directory", "/p", "run", "s.py")),
        (server("docker", "run", "-i", "--rm", "mcp/x"), ("/usr/bin/docker", "run", "-i", "--rm", "mcp/x")),
    ],
)
def test_one_process_of_a_server(artifact: Artifact, argv: tuple[str, ...]) -> None:
    assert matched(artifact, process(20, 10, *argv)) == (20,)


@pytest.mark.parametrize(
    ("artifact", "argv"),
    [
        (server("node", "s.js"), ("node", "s.js", "--more")),
        (server("node", "s.js", "a"), ("node", "s.js", "b")),
        (server("node", "s.js"), ("python", "s.js")),
        (server("/opt/a/s"), ("/opt/b/s",)),
        (server("${COMMAND}"), ("bash",)),
        (server("${COMMAND}", "${ARG}"), ("sleep", "5")),
        (server("npx", "-y", FS, "/tmp"), ("node", f"{HASH}/.bin/mcp-server-filesystem", "/other")),
        (server("npx", "-y", FS, "/tmp"), ("node", f"{HASH}/@other/server-filesystem/i.js", "/tmp")),
        (server("npx", "-y", FS, "/tmp"), ("node", f"{HASH}/.bin/vite", "/tmp")),
        (server("npx", "-y", FS, "/tmp"), ("mcp-server-filesystem-x", "/tmp")),
        (server("npx", "-y", FS, "--key", SECRET), ("npm", "exec", FS, "--key", "sk-test-other")),
        (server("uvx", "mcp-server-git"), ("python", "/c/bin/mcp-server-time")),
        (server("docker", "run", "-i", "mcp/x"), ("docker", "run", "-i", "mcp/y")),
    ],
)
def test_another_process_is_no_match(artifact: Artifact, argv: tuple[str, ...]) -> None:
    found = match_running([process(20, 1, *argv)], [artifact], plain, AGENTS)
    assert found == ((), ())


def test_launcher_brings_the_processes_that_it_started() -> None:
    tree = (
        process(20, 10, "npm exec tool --x", "", name="npm exec tool --"),
        process(21, 20, "sh", "-c", "'odd-name' --x"),
        process(22, 21, "node", f"{HASH}/.bin/odd-name", "--x"),
        process(23, 22, "/usr/bin/chromium", "--headless"),
    )
    assert matched(server("npx", "-y", "tool", "--x"), *tree) == (20, 21, 22)


def test_uvx_and_its_child_are_one_server() -> None:
    tree = (
        process(20, 10, "/usr/bin/uv", "tool", "uvx", "--from", "a", "b"),
        process(21, 20, "/c/bin/python", "/c/bin/b"),
    )
    assert matched(server("uvx", "--from", "a", "b"), *tree) == (20, 21)


def test_two_starts_of_one_server() -> None:
    assert matched(server("s"), process(20, 10, "s"), process(30, 10, "s")) == (20, 30)


def test_equal_definitions_go_to_the_agent_above() -> None:
    cursor = process(11, 1, "/usr/share/cursor/cursor")
    both = [server("s", id_="a"), server("s", id_="b", agent="cursor")]
    processes = [CLAUDE, cursor, process(20, 10, "s"), process(21, 11, "s"), process(22, 1, "s")]
    found = match_running(processes, both, plain, AGENTS)
    assert found.matches == (Match("a", (20, 22)), Match("b", (21, 22)))


@pytest.mark.parametrize(
    "argv",
    [
        ("npx", "-y", "some-mcp"),
        ("npm exec @modelcontextprotocol/server-x", ""),
        ("uvx", "mcp-server-time"),
        ("docker", "run", "-i", "mcp/fetch"),
        ("node", "/home/u/my-mcp/dist/index.js"),
        ("node", f"{HASH}/.bin/mcp-server-x"),
        ("/venv/bin/python", "/venv/bin/mcp-server-x"),
        ("python", "-m", "mcp_server_x"),
        ("gopls", "mcp"),
        ("codex", "mcp-server"),
        ("/opt/bin/fastmcp", "run", "s.py"),
        ("bash", "-c", "npx -y some-mcp"),
        ("uv", "run", "--with", "mcp", "mcp", "run", "s.py"),
    ],
)
def test_server_that_nobody_configured(argv: tuple[str, ...]) -> None:
    stranger = process(20, 10, *argv)
    assert match_running([CLAUDE, stranger], [], plain, AGENTS) == ((), (Unconfigured(stranger, "claude-code"),))
    # The same process under no agent is not ours to report.
    assert match_running([stranger], [], plain, AGENTS) == ((), ())


@pytest.mark.parametrize(
    "argv",
    [
        ("grep", "mcp", "x"),
        ("cat", ".mcp.json"),
        ("git", "clone", "https://h.example/mcp"),
        ("vim", "/home/u/mcp/server.py"),
        ("npm", "install", "mcp"),
        ("node", "/home/u/mcp/a/b/c/node_modules/vite/bin/vite.js"),
        ("bash", "-c", "cd mcp && make mcp"),
        ("docker", "ps"),
        ("node", "s.js", "--name", "mcp"),
    ],
)
def test_tools_that_only_mention_it(argv: tuple[str, ...]) -> None:
    assert match_running([CLAUDE, process(20, 10, *argv)], [], plain, AGENTS) == ((), ())


def test_launcher_stands_for_what_it_started() -> None:
    launcher = process(20, 10, "npm exec some-mcp", "")
    below = (process(21, 20, "sh", "-c", "some-mcp"), process(22, 21, "node", f"{HASH}/.bin/some-mcp"))
    found = match_running([CLAUDE, launcher, *below], [], plain, AGENTS)
    assert found.unconfigured == (Unconfigured(launcher, "claude-code"),)


def test_child_of_a_configured_server_is_no_stranger() -> None:
    configured = process(20, 10, "node", "s.js")
    found = match_running(
        [CLAUDE, configured, process(21, 20, "npx", "x-mcp")], [server("node", "s.js")], plain, AGENTS
    )
    assert found == ((Match("s", (20,)),), ())


def test_known_package_is_a_server_without_saying_so() -> None:
    stranger = process(20, 10, "npx", "-y", "@a/tool@1.2")
    found = match_running([CLAUDE, stranger], [], plain, AGENTS, {"pkg:npm/%40a/tool"})
    assert found.unconfigured == (Unconfigured(stranger, "claude-code"),)


def test_ids_that_were_used_again_and_loops() -> None:
    young_parent = process(10, 1, "claude", start=1000.0)
    child = process(20, 10, "npx", "x-mcp", start=20.0)
    assert match_running([young_parent, child], [], plain, AGENTS).unconfigured == ()
    loop = [process(5, 6, "sh", "-c", "x", start=5.0), process(6, 5, "sh", "-c", "y", start=5.0)]
    assert match_running([*loop, process(7, 6, "npx", "x-mcp")], [], plain, AGENTS) == ((), ())
    itself = process(8, 8, "npx", "x-mcp")
    assert match_running([itself, itself], [server("npx", "x-mcp")], plain, AGENTS).matches == (Match("s", (8,)),)


def test_what_has_no_launch_is_left_alone() -> None:
    remote = Artifact(Kind.MCP_SERVER, "r", "f", "a", Scope.USER, "r", "p", Status.ENABLED)
    assert match_running([CLAUDE, Process(20, 10, "kworker", ())], [remote], plain, AGENTS) == ((), ())


@pytest.mark.parametrize(
    ("found", "agent"),
    [
        (process(1, 0, "/usr/bin/claude"), "claude-code"),
        (process(1, 0, "node", "/usr/bin/claude"), "claude-code"),
        (process(1, 0, "node", "/u/node_modules/@anthropic-ai/claude-code/cli.js"), "claude-code"),
        (process(1, 0, r"C:\x\Claude.exe"), "claude-code"),
        (process(1, 0, "x", name="Cursor Helper (Plugin)"), "cursor"),
        (process(1, 0, "worker", exe="/usr/share/cursor/cursor"), "cursor"),
        (process(1, 0, "bash", "claude.sh"), ""),
        (process(1, 0, "grep", "claude"), ""),
    ],
)
def test_agent_of(found: Process, agent: str) -> None:
    assert agent_of(found, AGENTS) == agent


def test_passes_on() -> None:
    lines = (
        ("npx", "x"),
        ("bash", "x.sh"),
        ("env", "A=1", "x"),
        ("node", "/usr/bin/npx", "x"),
        ("node", "x.js"),
        ("s",),
    )
    assert [passes_on(process(1, 0, *argv)) for argv in lines] == [True, True, True, True, False, False]


def test_title_words() -> None:
    assert title_words(("npm exec a b", "", "")) == ("npm", "exec", "a", "b")
    assert title_words(("npm exec a",)) == ("npm", "exec", "a")
    assert title_words(("my server", "")) == ("my server", "")
    assert title_words(()) == ()


def test_repr_shows_no_words() -> None:
    assert repr(process(20, 10, "npx", SECRET)) == "Process(pid=20, ppid=10, name='npx', create_time=20.0, username='')"

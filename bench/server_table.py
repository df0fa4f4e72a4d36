"""Real MCP servers from npm and PyPI that start without an account and without a network, and how each is used.

Belongs here: the servers, harmless calls with fixed arguments, and the installer. Everything comes by lock file: npm
without scripts, PyPI with hashes; `npx` and `uvx` entries run from the caches of a home of their own, which are filled
with the same versions. Must not be here: what is expected of them (`real_servers`).
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LOCKS = Path(__file__).with_name("servers")
NPX = {"filesystem": "@modelcontextprotocol/server-filesystem", "memory": "@modelcontextprotocol/server-memory"}
UVX = {"time": "mcp-server-time", "git": "mcp-server-git"}
RELEASES = {
    "@antv/mcp-server-chart": "0.9.10",
    "@eslint/mcp": "0.3.13",
    "@modelcontextprotocol/server-everything": "2026.8.31",
    "@modelcontextprotocol/server-filesystem": "2026.8.31",
    "@modelcontextprotocol/server-memory": "2026.8.31",
    "@modelcontextprotocol/server-sequential-thinking": "2026.8.31",
    "@notionhq/notion-mcp-server": "2.5.2",
    "@playwright/mcp": "0.0.83",
    "@upstash/context7-mcp": "4.1.1",
    "@wonderwhy-er/desktop-commander": "0.2.52",
    "chrome-devtools-mcp": "1.11.0",
    "excel-mcp-server": "2.2.2",
    "mcp-server-calculator": "0.2.1",
    "mcp-server-commands": "0.5.0",
    "mcp-server-fetch": "2026.10.24",
    "mcp-server-git": "2026.10.19",
    "mcp-server-motherduck": "1.1.0",
    "mcp-server-sqlite": "2025.4.25",
    "mcp-server-time": "2026.10.19",
}
"""The same as in the lock files; a test keeps it so."""
Call = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class RealServer:
    """One server, as an agent's file names it. `{npm}`, `{current}`, `{older}` and `{work}` stand for folders."""

    id: str
    package: str
    words: tuple[str, ...]
    calls: tuple[Call, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    cancel: Call | None = None
    """A call that takes longer than the client waits."""
    prompt: tuple[str, dict[str, str]] | None = None
    modern: bool = False
    """It speaks the era of 2026 too."""

    @property
    def release(self) -> str:
        """The version that is installed."""
        return RELEASES[self.package]

    def launch(self, folder: Path) -> list[str]:
        """Its command line."""
        return [_filled(word, folder) for word in self.words]

    def environment(self, folder: Path) -> dict[str, str]:
        """Its own variables."""
        return {name: _filled(value, folder) for name, value in self.env.items()}

    def plan(self, folder: Path, era: str) -> dict[str, Any]:
        """What the client is told (sdk_clients/python/conversation.py)."""
        calls = [[name, _filled_in(arguments, folder)] for name, arguments in self.calls]
        return {
            "era": era,
            "calls": calls,
            "cancel": self.cancel,
            "prompt": self.prompt,
            "resource": "",
            "many": calls[0],
            "env": self.environment(folder),
            "cwd": str(folder / "work"),
        }


def _filled(word: str, folder: Path) -> str:
    places = {
        "npm": "npm/node_modules/.bin",
        "current": "python-current/bin",
        "older": "python-older/bin",
        "work": "work",
    }
    for name, place in places.items():
        word = word.replace(f"{{{name}}}", str(folder / place))
    return word


def _filled_in(value: Any, folder: Path) -> Any:
    if isinstance(value, str):
        return _filled(value, folder)
    if isinstance(value, dict):
        return {name: _filled_in(each, folder) for name, each in value.items()}
    return [_filled_in(each, folder) for each in value] if isinstance(value, list) else value


_FILES: tuple[Call, ...] = (
    ("read_text_file", {"path": "{work}/notes.txt"}),
    ("directory_tree", {"path": "{work}/docs"}),
    ("write_file", {"path": "{work}/docs/new.txt", "content": "h\u00e4llo \u2028 \"x\"\n" * 2000}),
    ("read_text_file", {"path": "{work}/docs/new.txt"}),
    ("read_text_file", {"path": "/etc/hostname"}),
)  # fmt: skip
_GRAPH: tuple[Call, ...] = (
    ("read_graph", {}),
    ("create_entities", {"entities": [{"name": "a", "entityType": "b", "observations": ["c"]}]}),
    ("search_nodes", {"query": "a"}),
)
_GIT: tuple[Call, ...] = (
    ("git_status", {"repo_path": "{work}"}),
    ("git_log", {"repo_path": "{work}", "max_count": 5}),
    ("git_diff_unstaged", {"repo_path": "{work}"}),
)
_TIME: tuple[Call, ...] = (
    ("convert_time", {"source_timezone": "UTC", "time": "12:00", "target_timezone": "Asia/Tokyo"}),
    ("get_current_time", {"timezone": "UTC"}),
    ("get_current_time", {"timezone": "Nowhere/Here"}),
)
_DATA = [{"category": "a", "value": 1}, {"category": "b", "value": 2}]

SERVERS: tuple[RealServer, ...] = (
    RealServer("filesystem", NPX["filesystem"], ("{npm}/mcp-server-filesystem", "{work}"), _FILES),
    RealServer(
        "everything",
        "@modelcontextprotocol/server-everything",
        ("{npm}/mcp-server-everything",),
        (
            ("echo", {"message": "hello"}),
            ("get-tiny-image", {}),
            ("get-structured-content", {"location": "Chicago"}),
            ("get-roots-list", {}),
            ("trigger-sampling-request", {"prompt": "hi", "maxTokens": 9}),
            ("trigger-elicitation-request", {}),
        ),
        cancel=("trigger-long-running-operation", {"duration": 5, "steps": 5}),
        prompt=("args-prompt", {"city": "Rome"}),
    ),
    RealServer(
        "memory",
        NPX["memory"],
        ("{npm}/mcp-server-memory",),
        _GRAPH,
        env={"MEMORY_FILE_PATH": "{work}/memory.jsonl"},
    ),
    RealServer(
        "sequential-thinking",
        "@modelcontextprotocol/server-sequential-thinking",
        ("{npm}/mcp-server-sequential-thinking",),
        (
            (
                "sequentialthinking",
                {"thought": "one", "nextThoughtNeeded": True, "thoughtNumber": 1, "totalThoughts": 2},
            ),
            ("sequentialthinking", {"thought": "two"}),
        ),
    ),
    RealServer(
        "fetch",
        "mcp-server-fetch",
        ("{current}/mcp-server-fetch", "--ignore-robots-txt"),
        (("fetch", {"url": "http://127.0.0.1:9/none"}), ("fetch", {"url": "not an address"})),
        prompt=("fetch", {"url": "http://127.0.0.1:9/none"}),
        modern=True,
    ),
    RealServer("git", UVX["git"], ("{current}/mcp-server-git", "--repository", "{work}"), _GIT, modern=True),
    RealServer("time", UVX["time"], ("{current}/mcp-server-time",), _TIME, modern=True),
    RealServer(
        "context7",
        "@upstash/context7-mcp",
        ("{npm}/context7-mcp",),
        (("resolve-library-id", {"query": "hooks", "libraryName": "react"}),),
        modern=True,
    ),
    RealServer(
        "playwright",
        "@playwright/mcp",
        ("{npm}/playwright-mcp", "--headless"),
        (("browser_close", {}), ("browser_tabs", {})),
    ),
    RealServer("chrome-devtools", "chrome-devtools-mcp", ("{npm}/chrome-devtools-mcp",), (("click", {"uid": 1}),)),
    RealServer(
        "notion",
        "@notionhq/notion-mcp-server",
        ("{npm}/notion-mcp-server",),
        (("API-get-self", {}),),
        env={"BASE_URL": "http://127.0.0.1:9"},
    ),
    RealServer(
        "desktop-commander",
        "@wonderwhy-er/desktop-commander",
        ("{npm}/desktop-commander",),
        (
            ("list_directory", {"path": "{work}/docs"}),
            ("read_file", {"path": "{work}/notes.txt"}),
            ("start_process", {"command": "echo hello", "timeout_ms": 5000}),
        ),
    ),
    RealServer(
        "commands",
        "mcp-server-commands",
        ("{npm}/mcp-server-commands",),
        (("run_command", {"command": "echo hello"}), ("run_command", {"command": "git status"})),
        cancel=("run_command", {"command": "sleep 3"}),
        prompt=("run_command", {"command": "echo prompt"}),
    ),
    RealServer(
        "chart",
        "@antv/mcp-server-chart",
        ("{npm}/mcp-server-chart",),
        (("generate_pie_chart", {"data": _DATA}), ("generate_pie_chart", {"data": 1})),
        env={"VIS_REQUEST_SERVER": "http://127.0.0.1:9/none"},
    ),
    RealServer("eslint", "@eslint/mcp", ("{npm}/mcp",), (("lint-files", {"filePaths": ["{work}/a.js"]}),)),
    RealServer(
        "sqlite",
        "mcp-server-sqlite",
        ("{older}/mcp-server-sqlite", "--db-path", "{work}/data.db"),
        (
            ("list_tables", {}),
            ("create_table", {"query": "CREATE TABLE a (b TEXT)"}),
            ("write_query", {"query": "INSERT INTO a VALUES ('c')"}),
            ("read_query", {"query": "SELECT b FROM a"}),
        ),
    ),
    RealServer(
        "calculator",
        "mcp-server-calculator",
        ("{older}/mcp-server-calculator",),
        (("calculate", {"expression": "2 ** 10"}), ("calculate", {"expression": "open('/etc/passwd')"})),
    ),
    RealServer(
        "motherduck",
        "mcp-server-motherduck",
        ("{current}/mcp-server-motherduck", "--db-path", ":memory:", "--read-write"),
        (("execute_query", {"sql": "SELECT 42 AS answer"}), ("list_tables", {})),
        modern=True,
    ),
    RealServer(
        "excel",
        "excel-mcp-server",
        ("{current}/excel-mcp-server", "stdio"),
        (
            ("describe_workbook", {"path": "{work}/none.xlsx"}),  # sizes in lists depend on the second of the writing
            ("create_workbook", {"path": "{work}/book.xlsx"}),
            ("describe_workbook", {"path": "{work}/book.xlsx"}),
        ),
        modern=True,
    ),
    RealServer(
        "filesystem by npx",
        NPX["filesystem"],
        ("npx", "-y", "--prefer-offline", f"{NPX['filesystem']}@{RELEASES[NPX['filesystem']]}", "{work}"),
        _FILES,
    ),
    RealServer(
        "memory by npx",
        NPX["memory"],
        ("npx", "-y", "--prefer-offline", f"{NPX['memory']}@{RELEASES[NPX['memory']]}"),
        _GRAPH,
        env={"MEMORY_FILE_PATH": "{work}/memory.jsonl"},
    ),
    RealServer(
        "time by uvx", UVX["time"], ("uvx", "--offline", f"{UVX['time']}@{RELEASES[UVX['time']]}"), _TIME, modern=True
    ),
    RealServer(
        "git by uvx",
        UVX["git"],
        ("uvx", "--offline", f"{UVX['git']}@{RELEASES[UVX['git']]}", "--repository", "{work}"),
        _GIT,
        modern=True,
    ),
    RealServer(
        "git by python -m",
        UVX["git"],
        ("{current}/python", "-m", "mcp_server_git", "--repository", "{work}"),
        _GIT,
        modern=True,
    ),
    RealServer(
        "memory by node",
        NPX["memory"],
        ("node", "{npm}/../@modelcontextprotocol/server-memory/dist/index.js"),
        _GRAPH,
        env={"MEMORY_FILE_PATH": "{work}/memory.jsonl"},
    ),
)


def path(folder: Path) -> str:
    """The search path of the made-up home: uvx comes from PyPI."""
    return f"{folder}/bin:{os.environ['PATH']}"


def install(folder: Path) -> None:
    """Install what is not there. Raises CalledProcessError, and FileNotFoundError without node and npm."""

    def run(*words: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> None:
        print(" ".join(str(word) for word in words)[:120], file=sys.stderr)
        subprocess.run(list(words), check=True, cwd=cwd, stdout=subprocess.DEVNULL, env={**os.environ, **(env or {})})

    folder.mkdir(parents=True, exist_ok=True)
    done = folder / ".installed"
    if done.exists():
        return
    shutil.copytree(LOCKS / "npm", folder / "npm", dirs_exist_ok=True)
    run("npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", cwd=folder / "npm")
    for name in ("current", "older"):
        place = folder / f"python-{name}"
        run(sys.executable, "-m", "venv", place)
        run(place / "bin/pip", "install", "-q", "--require-hashes", "-r", LOCKS / "python" / f"{name}.txt")
    (folder / "bin").mkdir(exist_ok=True)
    for name in ("uv", "uvx"):
        (folder / "bin" / name).unlink(missing_ok=True)
        (folder / "bin" / name).symlink_to(folder / "python-current/bin" / name)
    home = folder / "home"
    home.mkdir(exist_ok=True)
    own = {"HOME": str(home), "PATH": path(folder)}
    for package in NPX.values():
        words = ("npm", "exec", "--yes", "--ignore-scripts", f"--package={package}@{RELEASES[package]}", "--", "true")
        run(*words, cwd=home, env=own)
    for package in UVX.values():
        run("uvx", "--from", f"{package}@{RELEASES[package]}", "python", "-c", "", cwd=home, env=own)
    done.touch()

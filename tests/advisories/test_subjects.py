"""What artifacts hold that can be looked up."""

from typing import Any

import pytest

from spawngate.advisories import pins
from spawngate.advisories.pins import Kind as PinKind
from spawngate.advisories.subjects import Source, Subject, from_purl, github, is_certain, key, of_artifacts, places
from spawngate.launch.package import package_of
from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status, Transport


def artifact(kind: Kind, name: str = "n", launch: Launch | None = None, **detail: Any) -> Artifact:
    status = Status.INSTALLED if kind is not Kind.MCP_SERVER else Status.ENABLED
    return Artifact(kind, "id", "f", "cursor", Scope.USER, name, "/p", status, detail, launch)


def launched(command: str, *args: str, cwd: str | None = None) -> Launch:
    return Launch(Transport.STDIO, command, args, package=package_of(command, args), cwd=cwd)


def rows(*artifacts: Artifact) -> list[tuple[str, str, str]]:
    return [(one.ecosystem, one.name, one.pin.text or one.pin.version) for one in of_artifacts(artifacts, "linux")]


@pytest.mark.parametrize(
    ("purl", "ecosystem", "name", "text"),
    [
        ("pkg:npm/%40openai/codex@0.23.0", "npm", "@openai/codex", "0.23.0"),
        ("pkg:npm/@openai/codex@0.23.0", "npm", "@openai/codex", "0.23.0"),
        ("pkg:npm/mcp-remote", "npm", "mcp-remote", ""),
        ("pkg:pypi/litellm@%3E%3D1.83.7", "PyPI", "litellm", ">=1.83.7"),
        ("pkg:docker/berriai/litellm@v1.82.0?repository_url=ghcr.io", "image", "ghcr.io/berriai/litellm", "v1.82.0"),
        (
            "pkg:oci/litellm@sha256%3Aab?repository_url=ghcr.io/berriai/litellm&tag=v1.82.0",
            "image",
            "ghcr.io/berriai/litellm",
            "v1.82.0@sha256:ab",
        ),
        ("pkg:github/arc53/docsgpt@0.15.0", "GitHub", "arc53/docsgpt", "0.15.0"),
        (
            "pkg:golang/github.com/modelcontextprotocol/go-sdk@v1.2.0",
            "Go",
            "github.com/modelcontextprotocol/go-sdk",
            "v1.2.0",
        ),
        (
            "pkg:maven/io.modelcontextprotocol.sdk/mcp-core@0.18.1",
            "Maven",
            "io.modelcontextprotocol.sdk:mcp-core",
            "0.18.1",
        ),
        ("pkg:generic/r?vcs_url=git%2Bhttps://github.com/o/r.git%40v1.0.0", "GitHub", "o/r", "v1.0.0"),
        ("pkg:vscode-extension/rooveterinaryinc/roo-cline@3.20.2", "VSCode", "rooveterinaryinc.roo-cline", "3.20.2"),
    ],
)
def test_purls(purl: str, ecosystem: str, name: str, text: str) -> None:
    found = from_purl(purl)
    assert found is not None
    assert (found.ecosystem, found.name, found.pin.text) == (ecosystem, name, text)


@pytest.mark.parametrize(
    "text", ["", "npm/x", "pkg:npm", "pkg:deb/debian/curl@1", "pkg:generic/x?download_url=https://x/y"]
)
def test_what_is_no_subject(text: str) -> None:
    assert from_purl(text) is None


def test_names_are_compared_as_their_ecosystem_does() -> None:
    assert key("pypi", "GPT_Researcher") == key("PyPI", "gpt.researcher") == ("PyPI", "gpt-researcher")
    assert key("GitHub", "Arc53/DocsGPT") == ("GitHub", "arc53/docsgpt")
    assert key("Debian:12", "curl") == ("Debian", "curl")


def test_servers() -> None:
    def server(*words: str) -> Artifact:
        return artifact(Kind.MCP_SERVER, launch=launched(*words))

    found = rows(
        server("npx", "-y", "mcp-remote@0.1.15", "https://x"),
        server("uvx", "--with", "litellm==1.82.7,starlette", "some-server"),
        server("uvx", "--from", "git+https://github.com/arc53/DocsGPT@0.15.0", "x"),
        server("docker", "run", "-i", "arc53/docsgpt:0.15.0"),
        server("sh", "-c", "git clone https://github.com/Toowiredd/chatgpt-mcp-server && cd x"),
        server("python", "-m", "mcp_server_git"),
        server("/opt/x/bin/mcp-server-git"),
    )
    assert found == [
        ("npm", "mcp-remote", "0.1.15"),
        ("PyPI", "some-server", ""),
        ("PyPI", "litellm", "1.82.7"),
        ("PyPI", "starlette", ""),
        ("GitHub", "arc53/docsgpt", "0.15.0"),
        ("image", "arc53/docsgpt", "0.15.0"),
        ("GitHub", "Toowiredd/chatgpt-mcp-server", ""),
        ("command", "mcp_server_git", ""),
        ("command", "mcp-server-git", ""),
    ]


def test_extensions_tools_and_agents() -> None:
    found = rows(
        artifact(Kind.EXTENSION, type="vscode", id="RooVeterinaryInc.roo-cline", version="3.20.2"),
        artifact(Kind.EXTENSION, type="chromium", id="abc", version="1"),
        artifact(Kind.CLI, "codex", cli="codex-cli", package="@openai/codex", package_manager="npm", version="0.22.0"),
        artifact(Kind.CLI, "claude", cli="claude-code", package_manager="standalone", version="2.1.70"),
        artifact(Kind.CLI, "cursor-agent", cli="cursor", version="2026.01.01-x"),
        artifact(Kind.AGENT, "Cursor", apps=["/opt/Cursor"]),
        artifact(Kind.AGENT, "Cursor", binaries=[{"path": "/x", "version": "1"}], version="1"),
        artifact(Kind.SKILL, "skill"),
    )
    assert found == [
        ("VSCode", "RooVeterinaryInc.roo-cline", "3.20.2"),
        ("Chrome", "abc", "1"),
        ("npm", "@openai/codex", "0.22.0"),
        ("command", "claude-code/claude", "2.1.70"),
        ("command", "cursor/cursor-agent", "2026.01.01-x"),
        ("command", "cursor/", ""),
    ]


def test_subjects_name_their_artifact() -> None:
    found = of_artifacts([artifact(Kind.MCP_SERVER, "fetch", launched("npx", "mcp-remote"))], "macos")
    assert found == [
        Subject("npm", "mcp-remote", pins.UNPINNED, Source.LAUNCH, "/p", "id", "server fetch of cursor", "macos")
    ]
    assert is_certain(found[0])
    assert not is_certain(Subject("command", "x", pins.Pin(PinKind.UNKNOWN), Source.LAUNCH))


def test_github_addresses_in_text() -> None:
    text = "https://github.com/o/r/tree/v1 git@github.com:a/b.git#v2.0.0 github:c/d npx https://gitlab.com/e/f"
    assert list(github(text)) == [("o/r", "v1"), ("a/b", "v2.0.0"), ("c/d", "")]


@pytest.mark.parametrize(
    ("launch", "expected"),
    [
        (launched("/home/u/p/.venv/bin/python", "-m", "x"), ("/home/u/p/.venv",)),
        (launched("node", "/home/u/p/node_modules/mcp-remote/dist/proxy.js"), ("/home/u/p",)),
        (launched("uv", "--directory", "/home/u/p", "run", "x"), ("/home/u/p",)),
        (launched("uv", "run", "--project=/home/u/p", "x"), ("/home/u/p",)),
        (launched("node", "/home/u/p/dist/index.js"), ("/home/u/p/dist", "/home/u/p", "/home/u")),
        (launched("npx", "mcp-remote", cwd="/home/u/p"), ("/home/u/p",)),
        (launched("C:\\p\\venv\\Scripts\\python.exe", "x"), ("C:/p/venv",)),
        (launched("npx", "mcp-remote", cwd="relative"), ()),
        (launched("//server/share/bin/x"), ()),
    ],
)
def test_places(launch: Launch, expected: tuple[str, ...]) -> None:
    assert places(launch) == expected

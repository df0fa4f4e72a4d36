"""What is publicly known, and how it is looked up."""

import re

import pytest

from spawngate.launch.knowledge import repository_of, shipped, without_version


def test_shipped_knowledge_is_whole() -> None:
    knowledge = shipped()
    assert len(knowledge.publishers) >= 25
    assert len(knowledge.powers) >= 60
    assert len(knowledge.by_package) >= 350
    assert len(knowledge.archived) == 13
    keys = [*knowledge.powers, *knowledge.archived, *knowledge.by_package]
    assert [key for key in keys if not re.match(r"pkg:(npm|pypi|docker)/", key)] == []
    assert [key for key in keys if without_version(key) != key] == []


@pytest.mark.parametrize(
    ("purl", "expected"),
    [
        ("pkg:npm/%40scope/name@1.2.3", "pkg:npm/%40scope/name"),
        ("pkg:npm/name", "pkg:npm/name"),
        ("pkg:pypi/x@1.0?file_name=y", "pkg:pypi/x"),
        ("pkg:docker/a/b@latest?repository_url=ghcr.io", "pkg:docker/a/b?repository_url=ghcr.io"),
        ("pkg:docker/a/b@sha256%3Aaa#sub", "pkg:docker/a/b"),
        ("pkg:github/Owner/Repo@main", "pkg:github/Owner/Repo"),
    ],
)
def test_without_version(purl: str, expected: str) -> None:
    assert without_version(purl) == expected


def test_repository() -> None:
    assert repository_of("pkg:github/Owner/Repo@main") == "github.com/owner/repo"
    assert repository_of("pkg:npm/x") == ""


@pytest.mark.parametrize(
    ("package", "repository", "host", "name"),
    [
        ("pkg:npm/%40modelcontextprotocol/server-filesystem", "", "", "Model Context Protocol"),
        ("pkg:docker/github/github-mcp-server?repository_url=ghcr.io", "", "", "GitHub"),
        ("", "github.com/microsoft/playwright-mcp", "", "Microsoft"),
        ("", "", "docs.mcp.cloudflare.com", "Cloudflare"),
        # An owner's name is no prefix of another owner's, and a scope is not part of a name.
        ("", "github.com/microsoft-evil/x", "", None),
        ("pkg:npm/modelcontextprotocol/server-filesystem", "", "", None),
        ("pkg:docker/github/github-mcp-server", "", "", None),
        ("", "", "mcp.sentry.dev.evil.example", None),
        ("", "", "", None),
    ],
)
def test_publisher(package: str, repository: str, host: str, name: str | None) -> None:
    publisher = shipped().publisher_of(package, repository, host)
    assert (publisher.name if publisher else None) == name

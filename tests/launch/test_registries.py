"""The hosts that package launchers need."""

import pytest

from spawngate.launch.definition import Definition
from spawngate.launch.registries import Configured, needed
from spawngate.launch.understand import understand


def known(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}+private" for name in names)


NPM = known("registry.npmjs.org")
PYPI = known("pypi.org", "files.pythonhosted.org")
BUILDS = known("github.com", "release-assets.githubusercontent.com", "objects.githubusercontent.com")
GITHUB = known("github.com", "codeload.github.com", "api.github.com", "*.githubusercontent.com")


def hosts(
    words: str,
    environment: dict[str, str] | None = None,
    configured: Configured | None = None,
    own: tuple[str, ...] = (),
) -> tuple[str, ...] | None:
    command, *args = words.split()
    facts = understand(Definition(command, tuple(args), {}, "/"))
    return needed(facts, environment or {}, configured or Configured(), own)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("npx -y @x/server --api https://api.example", NPM),
        ("bunx x", NPM),
        ("pnpm dlx x", NPM),
        ("yarn dlx x", (*known("registry.yarnpkg.com"), *NPM)),
        ("pipx run x", PYPI),
        ("uvx x", (*PYPI, *BUILDS)),
        ("uvx --from git+https://git.example:8443/a/b s", (*PYPI, *BUILDS, "git.example:8443")),
        ("npx github:a/b", (*NPM, *GITHUB)),
        ("npx a/b", (*NPM, *GITHUB)),
        ("npx --registry=http://localhost:4873 x", (*NPM, "localhost:4873")),
        ("npx mcp-remote https://mcp.example/sse", (*NPM, "mcp.example")),
        ("deno run jsr:@a/b", (*known("jsr.io", "npm.jsr.io"), *NPM)),
        ("dnx A.B", known("api.nuget.org", "www.nuget.org", "globalcdn.nuget.org")),
        (
            "go run github.com/a/b@latest",
            (*known("proxy.golang.org", "sum.golang.org", "storage.googleapis.com"), *GITHUB),
        ),
        ("docker run x", None),
        ("node server.js", None),
    ],
)
def test_defaults(words: str, found: tuple[str, ...] | None) -> None:
    assert hosts(words) == found


@pytest.mark.parametrize(
    ("words", "environment", "found"),
    [
        ("npx x", {"npm_config_registry": "https://nexus.corp/npm/"}, ("nexus.corp+private",)),
        ("npx x", {"NPM_CONFIG_REGISTRY": "https://ann:secret@nexus.corp:8081/npm/"}, ("nexus.corp:8081+private",)),
        ("npx x", {"npm_config_@org:registry": "https://npm.org.example"}, ("npm.org.example+private", *NPM)),
        ("npx x", {"npm_config_registry": "http://127.0.0.1:4873"}, ("127.0.0.1:4873",)),
        ("uvx x", {"UV_DEFAULT_INDEX": "corp=https://pypi.corp/simple"}, ("pypi.corp+private", *BUILDS)),
        (
            "uvx x",
            {"UV_INDEX": "https://a.example/s b=https://b.example/s"},
            ("a.example+private", "b.example+private", *PYPI, *BUILDS),
        ),
        ("pipx run x", {"PIP_INDEX_URL": "https://pypi.org/simple"}, PYPI),
        ("go run example.com/a@v1", {"GOPROXY": "https://goproxy.io,direct"}, None),
        ("go run example.com/a@v1", {"GOPROXY": "https://goproxy.io"}, ("goproxy.io+private",)),
        ("npx x", {"npm_config_registry": "no address"}, None),
    ],
)
def test_variables(words: str, environment: dict[str, str], found: tuple[str, ...] | None) -> None:
    assert hosts(words, environment) == found


def test_what_an_entry_sets_leads_into_no_private_network() -> None:
    environment = {"npm_config_registry": "https://nexus.corp/"}
    assert hosts("npx x", environment, own=("npm_config_registry",)) == ("nexus.corp",)


def test_settings() -> None:
    configured = Configured({"npm": ("https://nexus.corp/npm",)}, {"pypi": ("https://extra.example/simple",)})
    assert hosts("npx x", configured=configured) == ("nexus.corp+private",)
    assert hosts("pipx run x", configured=configured) == ("extra.example+private", *PYPI)

"""Manifests of the ecosystems: what each asks for, with lines; foreign bytes raise nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan.manifests import Declared, Manifest, normal, reader


def read(name: str, text: str) -> Manifest:
    read_file = reader(name)
    assert read_file is not None
    return read_file(text)


def rows(name: str, text: str) -> list[tuple[str, str, int]]:
    return [(item.package, item.asked, item.line) for item in read(name, text).declared]


def test_pyproject_of_the_standard() -> None:
    text = """[project]
name = "shop"
dependencies = [
  "mcp[cli]>=1.2,<2; python_version > '3.9'",
  "httpx",
]
[project.optional-dependencies]
ui = ["fastmcp == 2.14.0"]
[dependency-groups]
dev = ["pytest>=8", {include-group = "other"}]
"""
    assert read("pyproject.toml", text).name == "shop"
    assert rows("pyproject.toml", text) == [
        ("mcp", ">=1.2,<2", 4), ("httpx", "", 5), ("fastmcp", "== 2.14.0", 8), ("pytest", ">=8", 10),
    ]  # fmt: skip


def test_pyproject_of_poetry() -> None:
    text = """[tool.poetry]
name = "shop"
[tool.poetry.dependencies]
python = "^3.11"
mcp = {version = "^1.9", extras = ["cli"]}
own = {git = "https://example.test/own.git"}
[tool.poetry.group.dev.dependencies]
fastmcp = "*"
"""
    assert read("pyproject.toml", text).name == "shop"
    assert rows("pyproject.toml", text) == [
        ("mcp", "^1.9", 5), ("own", "git https://example.test/own.git", 6), ("fastmcp", "", 8),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "requirements.txt",
            "# mcp is needed\n-r other.txt\nmcp==1.9.4 \\\n  --hash=sha256:aa\nlangchain_mcp_adapters>=0.1 # why\n",
            [("mcp", "==1.9.4", 3), ("langchain_mcp_adapters", ">=0.1", 5)],
        ),
        ("METADATA",
         "Metadata-Version: 2.1\nName: lfx\nRequires-Dist: mcp>=1.17,<2\nRequires-Dist: x; extra == 'a'\n\nmcp\n",
         [("mcp", ">=1.17,<2", 3), ("x", "", 4)]),
        ("requirements-dev.in", "mcp @ git+https://x.test/a\n", [("mcp", "git+https://x.test/a", 1)]),
        ("Pipfile",
         '[packages]\nmcp = "*"\n[dev-packages]\nfastmcp = {version = "==2.1"}\n',
         [("mcp", "", 2), ("fastmcp", "==2.1", 4)]),
        ("setup.cfg",
         "[metadata]\nname = shop\n[options]\ninstall_requires =\n    mcp>=1\n    # no\n    httpx\nzip_safe = no\n",
         [("mcp", ">=1", 5), ("httpx", "", 7)]),
        ("setup.py", "setup(name='shop', install_requires=['mcp>=1.0', \"x[y]\"])",
         [("shop", "", 1), ("mcp", ">=1.0", 1), ("x", "", 1)]),
        ("package.json",
         '{"name": "shop", "dependencies": {"@modelcontextprotocol/sdk": "^1.2.0"},\n'
         '"devDependencies": {"a": "npm:mcp-use@1"}}',
         [("@modelcontextprotocol/sdk", "^1.2.0", 1), ("mcp-use", "1", 2)]),
        ("deno.json", '{"imports": {"sdk": "npm:@modelcontextprotocol/sdk@^1/client", "x": "jsr:@a/b"},}',
         [("@modelcontextprotocol/sdk", "^1", 1)]),
        ("build.gradle.kts", '// implementation("a:b:1")\nimplementation("io.modelcontextprotocol.sdk:mcp:0.10.0")\n',
         [("io.modelcontextprotocol.sdk:mcp", "0.10.0", 2)]),
        ("build.gradle", "implementation group: 'io.modelcontextprotocol.sdk', name: 'mcp', version: '0.9.0'",
         [("io.modelcontextprotocol.sdk:mcp", "0.9.0", 1)]),
        ("libs.versions.toml",
         '[versions]\nmcp = "0.11"\n[libraries]\na = {module = "g:mcp-core", version.ref = "mcp"}\nb = "g:b:2"\n',
         [("g:mcp-core", "0.11", 4), ("g:b", "2", 5)]),
        ("Cargo.toml",
         '[package]\nname = "shop"\n[dependencies]\nsdk = {package = "rmcp", version = "0.8", features = ["client"]}\n'
         '[target."cfg(unix)".dependencies]\nnix = "0.1"\n[workspace.dependencies]\nrmcp = "1"\n',
         [("rmcp", "0.8", 4), ("rmcp", "1", 4), ("nix", "0.1", 6)]),
        ("go.mod", "module example.test/shop\nrequire github.com/mark3labs/mcp-go v0.8.0\n",
         [("github.com/mark3labs/mcp-go", "v0.8.0", 2)]),
        ("Shop.csproj", '<Project><PackageReference Include="ModelContextProtocol" Version="0.3" /></Project>',
         [("ModelContextProtocol", "0.3", 1)]),
    ],
)  # fmt: skip
def test_what_a_file_asks_for(name: str, text: str, expected: list[tuple[str, str, int]]) -> None:
    assert sorted(rows(name, text)) == sorted(expected)


def test_pom() -> None:
    text = """<project><parent><artifactId>above</artifactId></parent><artifactId>shop</artifactId>
<properties><mcp.version>0.10.0</mcp.version></properties>
<dependencies><dependency>
<groupId>io.modelcontextprotocol.sdk</groupId>
<artifactId>mcp</artifactId><version>${mcp.version}</version></dependency></dependencies></project>"""
    assert read("pom.xml", text) == Manifest(
        "Maven", "shop", (Declared("Maven", "io.modelcontextprotocol.sdk:mcp", "0.10.0", 5),)
    )


def test_a_file_of_no_known_name_has_no_reader() -> None:
    assert reader("package.jsonx") is None
    assert reader("my-requirements.txt") is None


def test_names_are_compared_as_each_registry_does() -> None:
    assert normal("PyPI", "LangChain_MCP.Adapters") == "langchain-mcp-adapters"
    assert normal("crates.io", "rust_mcp_sdk") == "rust-mcp-sdk"
    assert normal("Maven", "a.b:C") == "a.b:C"


def test_a_broken_file_is_a_problem() -> None:
    assert [problem.reason for problem in read("pyproject.toml", "[project\n").problems] == ["malformed"]
    assert [problem.reason for problem in read("package.json", '{"name": ').problems] == ["malformed"]


NAMES = [
    "pyproject.toml",
    "requirements.txt",
    "setup.cfg",
    "setup.py",
    "package.json",
    "Pipfile",
    "deno.json",
    "pom.xml",
    "build.gradle",
    "libs.versions.toml",
    "Cargo.toml",
    "go.mod",
    "a.csproj",
]
KEYS = st.sampled_from(["dependencies", "name", "imports", "devDependencies", "version"])
SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
)


@given(st.text(max_size=300), st.sampled_from(NAMES))
def test_no_text_raises(text: str, name: str) -> None:
    read(name, text)


@given(SHAPES)
def test_no_shape_raises(value: object) -> None:
    read("package.json", json.dumps(value))
    read("deno.json", json.dumps(value))


@pytest.mark.parametrize("piece", ["<parent>", "'a:", "\n", '"a', "group: 'a', ", "<PackageReference ", "mcp "])
def test_long_texts_take_no_long_time(piece: str) -> None:
    """Quadratic patterns would need minutes for these."""
    for name in ("pom.xml", "build.gradle", "setup.py", "a.csproj", "requirements.txt", "setup.cfg"):
        read(name, piece * 60_000)

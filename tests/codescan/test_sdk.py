"""Projects of a tree, the SDKs that they use and the versions that are locked."""

import json

from spawngate.codescan.sdk import SDKS, Project, ecosystem_of, is_manifest, project_of, projects, sdk_of

PYTHON = b'[project]\nname = "shop"\ndependencies = ["mcp>=1.2"]\n'
LOCK = b'version = 1\n[[package]]\nname = "mcp"\nversion = "1.9.4"\nsource = {registry = "x"}\n'


def told(found: tuple[Project, ...]) -> list[tuple[str, str, list[tuple[str, str, str, str, int, bool]]]]:
    return [
        (
            item.path,
            item.name,
            [(use.sdk.package, use.asked, use.version, use.path, use.line, use.direct) for use in item.uses],
        )
        for item in found
    ]


def test_a_manifest_with_its_lock() -> None:
    found, trouble = projects([("pyproject.toml", PYTHON), ("uv.lock", LOCK)])
    assert told(found) == [("", "shop", [("mcp", ">=1.2", "1.9.4", "pyproject.toml", 3, True)])]
    assert found[0].ecosystems == ("PyPI",)
    assert trouble == ()


def test_the_lock_of_a_workspace_counts_for_its_members() -> None:
    lock = {"packages": {"": {}, "node_modules/@modelcontextprotocol/sdk": {"version": "1.29.0"}}}
    member = {"name": "@shop/api", "dependencies": {"@modelcontextprotocol/sdk": "workspace:*"}}
    found, _ = projects(
        [
            ("package.json", b'{"name": "shop"}'),
            ("package-lock.json", json.dumps(lock).encode()),
            ("packages/api/package.json", json.dumps(member).encode()),
        ]
    )
    sdk = "@modelcontextprotocol/sdk"
    assert told(found) == [
        ("", "shop", [(sdk, "", "1.29.0", "package-lock.json", 0, False)]),
        ("packages/api", "@shop/api", [(sdk, "workspace:*", "1.29.0", "packages/api/package.json", 1, True)]),
    ]


def test_official_sdks_come_first() -> None:
    text = b'[project]\ndependencies = ["fastmcp", "langchain_mcp_adapters", "MCP"]\n'
    ((project,), _) = projects([("a/pyproject.toml", text)])
    assert [(use.sdk.package, use.sdk.official) for use in project.uses] == [
        ("mcp", True), ("fastmcp", False), ("langchain-mcp-adapters", False),
    ]  # fmt: skip
    assert project.name == "a"


def test_a_catalogue_of_gradle_belongs_to_the_folder_above() -> None:
    text = b'[libraries]\nmcp = "io.modelcontextprotocol.sdk:mcp:0.10.0"\n'
    found, _ = projects([("app/gradle/libs.versions.toml", text)])
    assert told(found) == [
        ("app", "app", [("io.modelcontextprotocol.sdk:mcp", "0.10.0", "", "app/gradle/libs.versions.toml", 2, True)])
    ]


def test_metadata_of_a_wheel_belongs_to_the_folder_above() -> None:
    found, _ = projects([("lfx-0.3.2.dist-info/METADATA", b"Name: lfx\nRequires-Dist: mcp>=1.17\n")], "lfx-0.3.2")
    assert told(found) == [("", "lfx", [("mcp", ">=1.17", "", "lfx-0.3.2.dist-info/METADATA", 2, True)])]


def test_cargo_and_pipfile_and_poetry_locks() -> None:
    cargo = b'[[package]]\nname = "rmcp"\nversion = "0.8.1"\nsource = "registry+x"\n'
    pipfile = json.dumps({"default": {"mcp": {"version": "==1.5.0"}}}).encode()
    found, _ = projects(
        [
            ("r/Cargo.toml", b'[package]\nname = "r"\n[dependencies]\nrmcp = {workspace = true}\n'),
            ("r/Cargo.lock", cargo),
            ("p/Pipfile", b'[packages]\nmcp = "*"\n'),
            ("p/Pipfile.lock", pipfile),
        ]
    )
    assert told(found) == [
        ("p", "p", [("mcp", "", "1.5.0", "p/Pipfile", 2, True)]),
        ("r", "r", [("rmcp", "workspace", "0.8.1", "r/Cargo.toml", 4, True)]),
    ]


def test_the_project_of_a_file_is_the_nearest_of_its_ecosystem() -> None:
    found, _ = projects([("pyproject.toml", PYTHON), ("ui/package.json", b"{}"), ("ui/deep/pom.xml", b"<project/>")])
    names = {path: project_of(path, found, "npm") for path in ("ui/deep/a.ts", "src/a.py", "uix/a.ts")}
    assert {path: item.path if item else None for path, item in names.items()} == {
        "ui/deep/a.ts": "ui", "src/a.py": "", "uix/a.ts": "",
    }  # fmt: skip
    assert project_of("a.py", ()) is None


def test_trouble_is_told_with_its_file() -> None:
    _, trouble = projects([("pyproject.toml", b"[project"), ("b/uv.lock", b"\xff\xfe=")])
    assert [(item.path, item.reason) for item in trouble] == [
        ("pyproject.toml", "malformed"),
        ("b/uv.lock", "malformed"),
    ]


def test_manifests_are_told_from_other_files() -> None:
    names = [
        "pyproject.toml",
        "uv.lock",
        "yarn.lock",
        "requirements-dev.txt",
        "Cargo.lock",
        "x.csproj",
        "gradle.lockfile",
    ]
    assert [name for name in names if not is_manifest(name)] == []
    others = ["Dockerfile", "docker-compose.yml", "compose.yaml", "devcontainer.json", "tsconfig.json", "a.py"]
    assert [name for name in others if is_manifest(name)] == []


def test_every_package_is_there_once_and_every_language_has_a_registry() -> None:
    names = [(sdk.ecosystem, sdk.package) for sdk in SDKS]
    assert len(set(names)) == len(names)
    assert {ecosystem_of(sdk.language) for sdk in SDKS} == {sdk.ecosystem for sdk in SDKS}
    assert ecosystem_of("cobol") == ""
    rust = sdk_of("crates.io", "rust_mcp_sdk")
    assert rust is not None
    assert rust.package == "rust-mcp-sdk"
    assert sdk_of("npm", "mcp") is None


def test_a_bill_of_materials_beside_a_project_says_what_its_files_leave_out() -> None:
    def pom(name: str, version: str) -> bytes:
        sdk = "<groupId>io.modelcontextprotocol.sdk</groupId><artifactId>mcp</artifactId>"
        given = f"<version>{version}</version>" if version else ""
        inner = f"<dependencies><dependency>{sdk}{given}</dependency></dependencies>"
        managed = f"<dependencyManagement>{inner}</dependencyManagement>" if version else inner
        return f"<project><artifactId>{name}</artifactId>{managed}</project>".encode()

    def versions(*boms: str) -> list[str]:
        files = [(f"bom{number}/pom.xml", pom("bom", version)) for number, version in enumerate(boms)]
        found, _ = projects([("core/pom.xml", pom("core", "")), *files])
        return [use.version for item in found if item.name == "core" for use in item.uses]

    assert versions("0.17.0") == ["0.17.0"]
    assert versions("0.17.0", "0.18.0") == [""]
    assert versions() == [""]

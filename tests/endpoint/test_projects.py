"""What a survey finds on a disk, and that nothing on a disk stops it."""

import json
import os
import time
from pathlib import Path

import pytest

from spawngate.advisories.database import shipped
from spawngate.advisories.subjects import Source
from spawngate.endpoint.homes import Home
from spawngate.endpoint.projects import Found, survey
from spawngate.endpoint.tree import Limits
from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status, Transport


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def package(folder: Path, name: str, version: str) -> Path:
    return write(folder / "package.json", json.dumps({"name": name, "version": version}))


def look(
    tmp_path: Path, *, home: bool = False, root: bool = True, artifacts: tuple[Artifact, ...] = (), seconds: float = 60
) -> Found:
    system = tmp_path / "system"
    system.mkdir(exist_ok=True)
    return survey(
        shipped().wants,
        homes=(Home(str(tmp_path / "home"), "u", "linux"),) if home else (),
        roots=(str(tmp_path / "root"),) if root else (),
        system_root=str(system),
        artifacts=artifacts,
        seconds=seconds,
    )


def rows(found: Found, base: Path) -> set[tuple[str, str, str, str, str]]:
    return {
        (one.ecosystem, one.name, one.pin.text, one.source.value, str(Path(one.path).relative_to(base)))
        for one in found.subjects
    }


def test_files_of_a_project(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(
        root / "a/uv.lock",
        '[[package]]\nname = "litellm"\nversion = "1.82.7"\n[[package]]\nname = "left"\nversion = "1"\n',
    )
    write(root / "b/c/package-lock.json", '{"packages": {"node_modules/mcp-remote": {"version": "0.1.15"}}}')
    write(root / "d/compose.yaml", "services:\n  x:\n    image: arc53/docsgpt:0.15.0\n")
    write(root / "e/.devcontainer/devcontainer.json", '{"image": "flowiseai/flowise:3.0.5"}')
    write(root / "f/go.mod", "module x\nrequire github.com/modelcontextprotocol/go-sdk v1.2.0\n")
    write(root / "f/go.sum", "github.com/modelcontextprotocol/go-sdk v1.1.0 h1:x=\n")
    found = look(tmp_path)
    assert found.diagnostics == ()
    assert rows(found, root) == {
        ("PyPI", "litellm", "1.82.7", "lock", "a/uv.lock"),
        ("npm", "mcp-remote", "0.1.15", "lock", "b/c/package-lock.json"),
        ("image", "arc53/docsgpt", "0.15.0", "container", "d/compose.yaml"),
        ("image", "flowiseai/flowise", "3.0.5", "container", "e/.devcontainer/devcontainer.json"),
        ("Go", "github.com/modelcontextprotocol/go-sdk", "v1.2.0", "lock", "f/go.mod"),
    }


def test_installed_packages_below_a_root(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "a/.venv/lib/python3.12/site-packages/litellm-1.82.8.dist-info").mkdir(parents=True)
    write(root / "b/myenv/pyvenv.cfg")
    (root / "b/myenv/lib/python3.11/site-packages/mcp-1.9.3.dist-info").mkdir(parents=True)
    package(root / "c/node_modules/flowise", "flowise", "3.0.5")
    package(root / "c/node_modules/other/node_modules/@modelcontextprotocol/sdk", "@modelcontextprotocol/sdk", "1.12.1")
    package(root / "c/node_modules/.pnpm/mcp-remote@0.1.15/node_modules/mcp-remote", "mcp-remote", "0.1.15")
    package(root / "c/node_modules/uninteresting", "uninteresting", "1.0.0")
    assert {(one.name, one.pin.version, one.source) for one in look(tmp_path).subjects} == {
        ("litellm", "1.82.8", Source.ENVIRONMENT),
        ("mcp", "1.9.3", Source.ENVIRONMENT),
        ("flowise", "3.0.5", Source.ENVIRONMENT),
        ("@modelcontextprotocol/sdk", "1.12.1", Source.ENVIRONMENT),
        ("mcp-remote", "0.1.15", Source.ENVIRONMENT),
    }


def test_places_of_a_home_and_of_the_machine(tmp_path: Path) -> None:
    home, system = tmp_path / "home", tmp_path / "system"
    for place, name in (
        (".cache/uv/archive-v0/abc", "litellm-1.82.7"),
        (".local/share/uv/tools/t/lib/python3.12/site-packages", "fastmcp-2.1.0"),
        (".local/share/pipx/venvs/t/lib/python3.12/site-packages", "letta-0.1.0"),
        ("miniconda3/envs/e/lib/python3.10/site-packages", "starlette-0.40.0"),
    ):
        (home / place / f"{name}.dist-info").mkdir(parents=True)
    package(home / ".npm/_npx/0a1b/node_modules/mcp-remote", "mcp-remote", "0.1.15")
    package(home / ".nvm/versions/node/v22.0.0/lib/node_modules/@openai/codex", "@openai/codex", "0.22.0")
    (system / "usr/lib/python3/dist-packages/langflow-1.5.0.dist-info").mkdir(parents=True)
    package(system / "usr/local/lib/node_modules/flowise", "flowise", "3.0.5")
    found = look(tmp_path, home=True, root=False)
    assert {(one.name, one.pin.version) for one in found.subjects} == {
        ("litellm", "1.82.7"),
        ("fastmcp", "2.1.0"),
        ("letta", "0.1.0"),
        ("starlette", "0.40.0"),
        ("mcp-remote", "0.1.15"),
        ("@openai/codex", "0.22.0"),
        ("langflow", "1.5.0"),
        ("flowise", "3.0.5"),
    }


def test_applications(tmp_path: Path) -> None:
    home, system, root = tmp_path / "home", tmp_path / "system", tmp_path / "root"
    write(system / "usr/share/cursor/resources/app/product.json", '{"nameLong": "Cursor", "version": "1.2.0"}')
    write(system / "opt/Windsurf/resources/app/product.json", '{"nameLong": "Windsurf", "windsurfVersion": "1.2.1"}')
    write(home / "AppData/Local/Programs/cursor/resources/app/package.json", '{"name": "Cursor", "version": "1.3.8"}')
    plist = "<plist><dict><key>CFBundleName</key><string>Cursor</string>"
    plist += "<key>CFBundleShortVersionString</key><string>2.0.1</string></dict></plist>"
    write(home / "Applications/Cursor.app/Contents/Info.plist", plist)
    write(
        root / "squashfs-root/usr/share/cursor/resources/app/product.json", '{"nameLong": "Cursor", "version": "2.4"}'
    )
    state = '{"catalogInfo": {"productLineVersion": "2022", "productDisplayVersion": "17.14.11"}}'
    write(system / "ProgramData/Microsoft/VisualStudio/Packages/_Instances/1/state.json", state)
    write(system / "opt/Other/resources/app/product.json", '{"nameLong": "Other", "version": "1"}')
    found = look(tmp_path, home=True)
    assert {(one.name, one.pin.version, one.source) for one in found.subjects} == {
        ("Cursor", "1.2.0", Source.APPLICATION),
        ("Windsurf", "1.2.1", Source.APPLICATION),
        ("Cursor", "1.3.8", Source.APPLICATION),
        ("Cursor", "2.0.1", Source.APPLICATION),
        ("Cursor", "2.4", Source.APPLICATION),
        ("Visual Studio 2022", "17.14.11", Source.APPLICATION),
    }


def clone(folder: Path, url: str, commit: str = "a" * 40) -> None:
    write(folder / ".git/config", f'[remote "origin"]\n\turl = {url}\n')
    write(folder / ".git/HEAD", "ref: refs/heads/main\n")
    write(folder / ".git/refs/heads/main", commit + "\n")


def test_clones(tmp_path: Path) -> None:
    root = tmp_path / "root"
    clone(root / "tagged", "https://github.com/arc53/DocsGPT.git")
    write(root / "tagged/.git/packed-refs", f"{'a' * 40} refs/tags/0.15.0\n")
    clone(root / "loose", "git@github.com:danny-avila/LibreChat.git")
    write(root / "loose/.git/refs/tags/v0.8.1", "a" * 40 + "\n")
    clone(root / "stated", "https://github.com/arc53/DocsGPT")
    write(root / "stated/application/version.py", '__version__ = "0.15.0"\n')
    clone(root / "unstated", "https://github.com/arc53/DocsGPT")
    clone(root / "other", "https://github.com/who/knows")
    assert rows(look(tmp_path), root) == {
        ("GitHub", "arc53/DocsGPT", "0.15.0", "checkout", "tagged"),
        ("GitHub", "danny-avila/LibreChat", "v0.8.1", "checkout", "loose"),
        ("GitHub", "arc53/DocsGPT", "0.15.0", "checkout", "stated"),
        ("GitHub", "arc53/DocsGPT", "a" * 40, "checkout", "unstated"),
    }


def server(command: str, *args: str, cwd: str | None = None) -> Artifact:
    launch = Launch(Transport.STDIO, command, args, cwd=cwd)
    return Artifact(Kind.MCP_SERVER, "id", "f", "cursor", Scope.USER, "s", "/p", Status.ENABLED, {}, launch)


def test_what_a_launch_leads_to_belongs_to_its_server(tmp_path: Path) -> None:
    project = tmp_path / "root/p"
    (project / ".venv/lib/python3.12/site-packages/litellm-1.82.7.dist-info").mkdir(parents=True)
    write(project / "requirements.txt", "mcp==1.9.3\n")
    package(project / "node_modules/mcp-remote", "mcp-remote", "0.1.15")
    in_environment = server(f"{project}/.venv/bin/python", "-m", "x")
    in_folder = server("uv", "--directory", str(project), "run", "x")
    found = look(tmp_path, root=False, artifacts=(in_environment,))
    assert [(one.name, one.artifact, one.owner) for one in found.subjects] == [("litellm", "id", "server s of cursor")]
    found = look(tmp_path, artifacts=(in_folder,))
    assert {(one.name, one.artifact) for one in found.subjects} == {
        ("litellm", "id"),
        ("mcp", "id"),
        ("mcp-remote", "id"),
    }


def test_hostile_files_give_diagnostics_and_the_good_ones_stay(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root / "a/package-lock.json", '{"packages": {"node_modules/mcp-remote": {"version": "0.1.15"}}} x')
    (root / "b").mkdir()
    os.mkfifo(root / "b/uv.lock")
    (root / "c/yarn.lock").mkdir(parents=True)
    os.symlink("yarn.lock", root / "c/poetry.lock")
    os.symlink("loop", root / "c/loop")
    os.symlink(root, root / "c/again")
    write(root / "d/pnpm-lock.yaml").chmod(0)
    os.symlink("/dev/zero", root / "b/Cargo.lock")
    write(root / "e/requirements.txt", "litellm==1.82.7\n")
    started = time.monotonic()
    found = look(tmp_path)
    assert time.monotonic() - started < 10
    assert {one.name for one in found.subjects} == {"mcp-remote", "litellm"}
    reasons = {(Path(one.path).name, one.reason) for one in found.diagnostics}
    assert {("package-lock.json", "malformed"), ("uv.lock", "not-a-file"), ("Cargo.lock", "not-a-file")} <= reasons


def test_a_file_that_is_too_large_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "root/uv.lock")
    os.truncate(path, 64 << 20)
    assert [(one.path, one.reason) for one in look(tmp_path).diagnostics] == [(str(path), "oversized")]


def test_budgets_end_a_survey(tmp_path: Path) -> None:
    write(tmp_path / "root/requirements.txt", "litellm==1.82.7\n")
    found = look(tmp_path, seconds=0)
    assert found.subjects == ()
    assert {one.reason for one in found.diagnostics} == {"budget"}
    for number in range(30):
        (tmp_path / f"root/{number}").mkdir()
    found = survey(
        shipped().wants, roots=(str(tmp_path / "root"),), system_root=str(tmp_path), limits=Limits(2, 5, 9.0)
    )
    assert [one.reason for one in found.diagnostics] == ["budget"]


@pytest.mark.parametrize("place", ["root", "home"])
def test_nothing_there_is_nothing_found(tmp_path: Path, place: str) -> None:
    found = look(tmp_path, home=place == "home", root=place == "root")
    assert (found.subjects, found.diagnostics) == ((), ())

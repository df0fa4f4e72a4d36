"""Which version a launcher would run, from what npm, pip, uv and pipx leave on a disk."""

import hashlib
import json
from pathlib import Path

import pytest

from spawngate.endpoint.launching.releases import Release, release_of, release_of_file, release_of_module
from spawngate.launch.definition import Definition
from spawngate.launch.understand import understand


def package(root: Path, name: str, version: str, integrity: str = "") -> Path:
    """An installed package of a `node_modules` below `root`."""
    folder = root / "node_modules" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps({"name": name, "version": version}))
    if integrity:
        held = {"packages": {f"node_modules/{name}": {"version": version, "integrity": integrity}}}
        (root / "package-lock.json").write_text(json.dumps(held))
    return folder


def cached(home: Path, asked: str) -> Path:
    """The folder that npx keeps for what was asked for."""
    return home / ".npm/_npx" / hashlib.sha512(asked.encode()).hexdigest()[:16]


def asked(tmp_path: Path, command: str, *args: str, cwd: str = "work", **env: str) -> Release:
    definition = Definition(command, args)
    env = {"HOME": str(tmp_path / "home"), **env}
    return release_of(command, args, understand(definition), str(tmp_path / cwd), env)


NEWER = "npm takes a newer version where the registry has one"


def test_the_cache_of_npx(tmp_path: Path) -> None:
    folder = cached(tmp_path / "home", "@x/y")
    lies = package(folder, "@x/y", "1.2.3", "sha512-abc")
    expected = Release("1.2.3", "npx cache", "sha512-abc", str(lies), NEWER)
    assert asked(tmp_path, "npx", "-y", "@x/y") == expected
    assert asked(tmp_path, "npx", "--yes", "@x/y", "--flag") == expected
    assert asked(tmp_path, "npm", "exec", "--package=@x/y", "--", "y") == expected
    assert asked(tmp_path, "sh", "-c", "npx -y @x/y") == expected
    assert asked(tmp_path, "npx", "-y", "@x/z").version == ""
    other = cached(tmp_path / "cache", "@x/z")
    other = tmp_path / "cache/_npx" / other.name
    package(other, "@x/z", "9.0.0")
    assert asked(tmp_path, "npx", "-y", "@x/z", NPM_CONFIG_CACHE=str(tmp_path / "cache")).version == "9.0.0"


def test_exact_versions_need_no_cache(tmp_path: Path) -> None:
    assert asked(tmp_path, "npx", "-y", "y@1.2.3") == Release("1.2.3", "written")
    package(cached(tmp_path / "home", "y@1.2.3"), "y", "1.2.3", "sha512-q")
    found = asked(tmp_path, "npx", "-y", "y@1.2.3")
    assert (found.version, found.source, found.digest, found.unknown) == ("1.2.3", "npx cache", "sha512-q", "")
    assert asked(tmp_path, "pnpm", "dlx", "y@1.2.3") == Release("1.2.3", "written")


def test_what_lies_in_the_project_comes_first(tmp_path: Path) -> None:
    package(cached(tmp_path / "home", "y"), "y", "1.0.0")
    lies = package(tmp_path / "work", "y", "6.6.6", "sha512-evil")
    expected = Release("6.6.6", "node_modules of the working folder", "sha512-evil", str(lies))
    assert asked(tmp_path, "npx", "-y", "y") == expected
    assert asked(tmp_path, "npx", "-y", "y", cwd="work/deep/er") == expected
    assert asked(tmp_path, "npx", "-y", "y", cwd="elsewhere").version == "1.0.0"
    assert asked(tmp_path, "npx", "-y", "y@6.6.6") == expected
    assert asked(tmp_path, "npx", "-y", "y@1.0.0").source == "written"


def test_what_nobody_can_know_is_said(tmp_path: Path) -> None:
    cold = "no version of the package is in the cache, so the registry decides when it starts"
    assert asked(tmp_path, "npx", "-y", "y") == Release(unknown=cold)
    assert asked(tmp_path, "uvx", "mcp-server-git") == Release(
        unknown="which version uvx takes is decided when it starts"
    )
    assert asked(tmp_path, "uvx", "mcp-server-git@1.0.0") == Release("1.0.0", "written")
    assert asked(tmp_path, "docker", "run", "-i", "x/y:1") == Release(
        unknown="an image without a digest may be another one at every start"
    )
    digest = "sha256:" + "a" * 64
    assert asked(tmp_path, "docker", "run", "-i", f"x/y@{digest}") == Release(digest, "written", digest)
    assert asked(tmp_path, "node", "/p/server.js") == Release()


def installed(prefix: Path, name: str, version: str, entry: str = "", record: str = "r") -> Path:
    """A package in a Python environment."""
    info = prefix / "lib/python3.11/site-packages" / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "RECORD").write_text(record)
    (info / "entry_points.txt").write_text(f"[console_scripts]\n{entry} = m:main\n" if entry else "")
    return info


def test_installed_python_packages(tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    info = installed(venv, "mcp_server_git", "2.0.0", "mcp-server-git")
    (info.parent / "mcp_server_git").mkdir()
    digest = "sha256:" + hashlib.sha256(b"r").hexdigest()
    found = Release("2.0.0", "installed beside the program", digest, str(info.parent))
    assert release_of_file(str(venv / "bin/mcp-server-git")) == found
    assert release_of_file(str(venv / "bin/mcp-server")) == Release()
    beside = Release("2.0.0", "installed beside the interpreter", digest, str(info.parent))
    assert release_of_module("mcp_server_git.cli", str(venv / "bin/python")) == beside
    assert release_of_module("../x", str(venv / "bin/python")) == Release()
    (info.parent / "odd").mkdir()
    assert release_of_module("odd", str(venv / "bin/python")).unknown == "which package the module odd belongs to"
    (info / "top_level.txt").write_text("odd\n")
    assert release_of_module("odd", str(venv / "bin/python")).version == "2.0.0"


@pytest.mark.parametrize("root", [".local/share/uv/tools", ".local/share/pipx/venvs"])
def test_installed_tools(tmp_path: Path, root: str) -> None:
    info = installed(tmp_path / "home" / root / "mcp-server-git", "mcp_server_git", "3.1.0")
    digest = "sha256:" + hashlib.sha256(b"r").hexdigest()
    assert asked(tmp_path, "uvx", "mcp-server-git") == Release("3.1.0", "installed as a tool", digest, str(info.parent))


def test_scripts_of_packages(tmp_path: Path) -> None:
    root = tmp_path / "lib"
    lies = package(root, "@x/y", "4.0.0", "sha512-y")
    (lies / "dist").mkdir()
    expected = Release("4.0.0", "@x/y in node_modules", "sha512-y", str(lies))
    assert release_of_file(str(lies / "dist/index.js")) == expected
    assert release_of_file(str(tmp_path / "own/index.js")) == Release()


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"version": 1}', b"\xff", b"[" * 100_000, b'{"packages": []}'])
def test_odd_files(tmp_path: Path, content: bytes) -> None:
    folder = cached(tmp_path / "home", "y")
    lies = package(folder, "y", "1.0.0")
    (folder / "package-lock.json").write_bytes(content)
    assert asked(tmp_path, "npx", "-y", "y").digest == ""
    (lies / "package.json").write_bytes(content)
    assert asked(tmp_path, "npx", "-y", "y").version == ""

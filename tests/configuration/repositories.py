"""A repository of git with a few versions of an agent's file, and a port that reads files as they are."""

import os
import subprocess
from pathlib import Path

from spawngate.configuration.files import MISSING, Content, Unknown

ONE = '{"mcpServers": {"a": {"command": "npx", "args": ["-y", "a"]}}}\n'
EVIL = '{"mcpServers": {"a": {"command": "npx", "args": ["-y", "a"]}, "b": {"command": "evil"}}}\n'


def run_git(root: Path, *words: str) -> str:
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(root),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }
    done = subprocess.run(["git", *words], cwd=root, env=env, capture_output=True, text=True, timeout=20, check=True)
    return done.stdout


def repository(root: Path) -> Path:
    """On `main` one server; on `other` two, and a hook; on `same` none of an agent's files is another."""
    root.mkdir()
    run_git(root, "init", "-q", "-b", "main")
    (root / ".mcp.json").write_text(ONE)
    (root / "code.py").write_text("x = 1\n")
    commit(root, "first")
    run_git(root, "checkout", "-q", "-b", "other")
    (root / ".mcp.json").write_text(EVIL)
    (root / ".claude").mkdir()
    (root / ".claude" / "settings.json").write_text('{"hooks": {}}\n')
    commit(root, "second")
    run_git(root, "tag", "-a", "v1", "-m", "v1")
    run_git(root, "checkout", "-q", "-b", "same", "main")
    (root / "code.py").write_text("x = 2\n")
    commit(root, "third")
    run_git(root, "checkout", "-q", "main")
    return root


def commit(root: Path, message: str) -> None:
    run_git(root, "add", "-A")
    run_git(root, "commit", "-q", "-m", message)


def present(path: str) -> Content:
    """The port, over the real files."""
    place = Path(path)
    if place.is_file():
        return place.read_bytes()
    return Unknown("not-a-file") if place.exists() else MISSING

"""Clients of the official MCP SDKs, one small program each, which start a server and list its tools.

Belongs here: installing what each needs, and the command line that runs it. Sources: bench/sdk_clients. Everything
comes from the package registries by lock file, with hashes where the ecosystem has them (Maven: exact versions).
Must not be here: what is expected of them under Spawngate (tests/real_sdks).
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).parent / "sdk_clients"


@dataclass(frozen=True, slots=True)
class SdkClient:
    """One client program."""

    id: str
    sdk: str
    """Package and major version."""
    needs: tuple[str, ...]
    """Programs of its toolchain."""
    install: Callable[[Path], None]
    """Put what it needs below a folder. Raises CalledProcessError."""
    command: Callable[[Path], list[str]]
    """What runs it from that folder; the server's command line follows."""
    guard: str = ""
    """`python` or `node`: Spawngate's guard for it. Empty: it is supervised."""

    @property
    def lacks(self) -> str:
        """The first program of its toolchain that this machine lacks; empty where it lacks none."""
        return next((program for program in self.needs if shutil.which(program) is None), "")


def _run(*words: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> None:
    subprocess.run(list(words), check=True, cwd=cwd, stdout=subprocess.DEVNULL, env={**os.environ, **(env or {})})


def _python(version: str) -> SdkClient:
    def install(folder: Path) -> None:
        place = folder / f"python-{version}"
        _run(sys.executable, "-m", "venv", place)
        lock = SOURCES / "python" / f"{version}.txt"
        _run(place / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock)

    def command(folder: Path) -> list[str]:
        return [str(folder / f"python-{version}/bin/python"), str(SOURCES / "python/client.py")]

    return SdkClient(f"python-{version}", f"mcp {version[1:]}.x (PyPI)", (), install, command, "python")


def _typescript(version: str, package: str) -> SdkClient:
    def install(folder: Path) -> None:
        place = folder / "typescript"
        if not (place / "node_modules").is_dir():
            shutil.copytree(SOURCES / "typescript", place, dirs_exist_ok=True)
            _run("npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", cwd=place)

    def command(folder: Path) -> list[str]:
        return ["node", str(folder / f"typescript/{version}.mjs")]

    return SdkClient(f"typescript-{version}", f"{package} (npm)", ("node", "npm"), install, command, "node")


def _java_install(folder: Path) -> None:
    place = folder / "java"
    shutil.copytree(SOURCES / "java", place, dirs_exist_ok=True)
    _run("mvn", "-q", "-B", "-DskipTests", "package", "dependency:copy-dependencies", cwd=place)


def _java(folder: Path) -> list[str]:
    target = folder / "java/target"
    return ["java", "-cp", f"{target / 'classes'}:{target / 'dependency'}/*", "Client"]


def _rust_install(folder: Path) -> None:
    target = {"CARGO_TARGET_DIR": str(folder / "rust")}
    _run("cargo", "build", "--quiet", "--release", "--locked", cwd=SOURCES / "rust", env=target)


def _rust(folder: Path) -> list[str]:
    return [str(folder / "rust/release/sdk-client")]


CLIENTS: tuple[SdkClient, ...] = (
    _python("v1"),
    _python("v2"),
    _typescript("v1", "@modelcontextprotocol/sdk 1.x"),
    _typescript("v2", "@modelcontextprotocol/client 2.x"),
    SdkClient("java", "io.modelcontextprotocol.sdk:mcp 2.x (Maven)", ("java", "mvn"), _java_install, _java),
    SdkClient("rust", "rmcp 3.x (crates.io)", ("cargo",), _rust_install, _rust),
)


def main(arguments: Sequence[str]) -> int:
    """`python -m bench.real_sdks install FOLDER [ID...]`: install what is not there. Exit codes: 0 good, 2 usage."""
    if len(arguments) < 2 or arguments[0] != "install":
        print("python -m bench.real_sdks install FOLDER [ID...]", file=sys.stderr)
        return 2
    folder, wanted = Path(arguments[1]), set(arguments[2:])
    folder.mkdir(parents=True, exist_ok=True)
    for client in CLIENTS:
        done = folder / f".{client.id}"
        if (wanted and client.id not in wanted) or done.exists():
            continue
        if client.lacks:
            print(f"not installed: {client.id} ({client.lacks} is not there)", file=sys.stderr)
            continue
        print(f"installing {client.sdk}", file=sys.stderr)
        client.install(folder)
        done.touch()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

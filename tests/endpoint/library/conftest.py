"""A stand-in for the official SDK: the module and the function through which it starts servers. The real ones are
driven by tests/real_sdks."""

import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from spawngate.model.launchconf import LaunchConf, render

LAUNCHER = """#!/bin/sh
printf '%s\\n' "$@" > "${0%/*}/spawngate-launch.args"
while [ "$1" != -- ]; do shift; done
shift
exec "$@"
"""
SDK = """
import asyncio, os, subprocess

async def _create_platform_compatible_process(command, args, env=None, errlog=None, cwd=None):
    process = await asyncio.create_subprocess_exec(command, *args, stdout=subprocess.PIPE)
    return (await process.communicate())[0].decode()

async def another_way(command, args):
    return subprocess.run([command, *args], stdout=subprocess.PIPE, check=True).stdout.decode()

async def yet_another(command):
    return os.system(command)
"""


@dataclass(frozen=True, slots=True)
class Guarded:
    """A folder with the stand-in, and a state folder with a launcher that writes down what it is given."""

    state: Path
    library: Path

    @property
    def launcher(self) -> Path:
        """Where the launcher lies."""
        return self.state / "launcher/spawngate-launch"

    @property
    def given(self) -> list[str] | None:
        """Words that the launcher was given; None where it was not started."""
        path = self.launcher.with_name("spawngate-launch.args")
        return path.read_text().splitlines() if path.exists() else None

    @property
    def environment(self) -> Mapping[str, str]:
        """For a guarded program."""
        return {"PATH": os.environ["PATH"], "SPAWNGATE_STATE_DIR": str(self.state), "HOME": str(self.state)}

    def install(self) -> None:
        """Put the launcher in place."""
        self.launcher.parent.mkdir(parents=True)
        self.launcher.write_text(LAUNCHER)
        self.launcher.chmod(stat.S_IRWXU)

    def install_python(self) -> None:
        """Put the launcher of a machine without a compiler in place."""
        self.install()
        hidden = self.launcher.rename(self.launcher.with_name("sh"))
        text = f"import os, sys\nos.execv({str(hidden)!r}, [{str(self.launcher)!r}, *sys.argv[1:]])\n"
        self.launcher.with_name("spawngate_launch.py").write_text(text)
        conf = LaunchConf(sys.executable, "/r", "/s", "/p")
        self.launcher.with_name("launch.conf").write_bytes(render(conf))


@pytest.fixture
def guarded(tmp_path: Path) -> Guarded:
    """Without a launcher yet."""
    package = tmp_path / "lib/mcp/client"
    package.mkdir(parents=True)
    (tmp_path / "lib/mcp/__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "stdio.py").write_text(SDK)
    return Guarded(tmp_path / "state", tmp_path / "lib")

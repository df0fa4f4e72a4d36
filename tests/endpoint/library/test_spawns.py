"""A guarded Python program starts servers through the launcher or not at all."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.endpoint.library.conftest import Guarded

STARTS = "asyncio.run(mcp.client.stdio._create_platform_compatible_process('printf', ['%s', 'ran it']))"
BEFORE = "import asyncio, spawngate.guard, mcp.client.stdio"
AFTER = "import asyncio, mcp.client.stdio, spawngate.guard"


def run(guarded: Guarded, *lines: str) -> subprocess.CompletedProcess[str]:
    code = "\n".join([f"import sys; sys.path.insert(0, {str(guarded.library)!r})", *lines])
    return subprocess.run(
        [sys.executable, "-c", code],
        env=guarded.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("install", [Guarded.install, Guarded.install_python], ids=["native", "python"])
@pytest.mark.parametrize("order", [BEFORE, AFTER])
def test_a_server_is_started_by_the_launcher(guarded: Guarded, order: str, install: Callable[[Guarded], None]) -> None:
    install(guarded)
    done = run(guarded, order, f"print({STARTS})")
    assert (done.stdout, done.returncode) == ("ran it\n", 0), done.stderr
    assert guarded.given == ["--id", "library:python", "--", "printf", "%s", "ran it"]


@pytest.mark.parametrize("order", [BEFORE, AFTER])
def test_without_a_launcher_nothing_is_started(guarded: Guarded, order: str) -> None:
    done = run(guarded, order, f"print({STARTS})")
    assert (done.stdout, done.returncode) == ("", 1)
    assert "LaunchRefusedError: Spawngate: no MCP server is started" in done.stderr


def test_a_launcher_in_front_already_is_not_doubled(guarded: Guarded) -> None:
    guarded.install()
    words = ["--id", "x", "--", "printf", "%s", "ran it"]
    done = run(
        guarded,
        BEFORE,
        f"asyncio.run(mcp.client.stdio._create_platform_compatible_process({str(guarded.launcher)!r}, {words!r}))",
    )
    assert done.returncode == 0, done.stderr
    assert guarded.given == words


@pytest.mark.parametrize(
    "way", ["another_way('touch', [marker])", "yet_another('touch ' + marker)"], ids=["popen", "system"]
)
def test_a_way_that_the_guard_does_not_know_is_refused(guarded: Guarded, way: str) -> None:
    guarded.install()
    marker = guarded.state / "marker"
    done = run(guarded, BEFORE, f"marker = {str(marker)!r}", f"asyncio.run(mcp.client.stdio.{way})")
    assert "starts servers in a way that the guard does not know" in done.stderr
    assert (done.returncode, marker.exists(), guarded.given) == (1, False, None)


def test_other_processes_are_nobody_s_business(guarded: Guarded) -> None:
    done = run(guarded, BEFORE, "import subprocess; print(subprocess.run(['echo', 'hi'], capture_output=True).stdout)")
    assert (done.stdout, done.returncode) == ("b'hi\\n'\n", 0)


def test_the_program_cannot_point_the_guard_elsewhere(guarded: Guarded) -> None:
    guarded.install()
    done = run(guarded, BEFORE, "import os; os.environ['SPAWNGATE_STATE_DIR'] = '/nowhere'", f"print({STARTS})")
    assert done.stdout == "ran it\n"
    assert guarded.given is not None

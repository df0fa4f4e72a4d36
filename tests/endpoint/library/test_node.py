"""A guarded Node.js program starts servers through the launcher or not at all."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import spawngate.endpoint.library
from tests.endpoint.library.conftest import Guarded

NODE = shutil.which("node")
REGISTER = Path(spawngate.endpoint.library.__file__).parent / "node/register.mjs"
pytestmark = pytest.mark.skipif(NODE is None, reason="Node.js is not here")

TRANSPORT = """
import * as cp from 'node:child_process';
class StdioClientTransport {
  start(how) { return how(); }
}
const out = (child) => new Promise((done, failed) => {
  let text = '';
  child.on('error', failed);
  child.stdout.on('data', (data) => { text += data; });
  child.on('close', () => done(text));
});
"""
WAYS = {
    "spawn": "cp.spawn('printf', ['%s', 'ran it'])",
    "shell": "cp.spawn('printf', ['%s', 'ran\\\\ it'], {shell: true})",
    "exec": "cp.exec(\"printf %s 'ran it'\")",
    "execFile": "cp.execFile('printf', ['%s', 'ran it'])",
    "detached": "cp.spawn('printf', ['%s', 'ran it'], {detached: true, env: {...process.env, A: '1'}})",
}


def run(guarded: Guarded, code: str) -> subprocess.CompletedProcess[str]:
    assert NODE is not None
    return subprocess.run(
        [NODE, "--import", str(REGISTER), "--input-type=module", "-e", TRANSPORT + code],
        env=guarded.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("install", [Guarded.install, Guarded.install_python], ids=["native", "python"])
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_server_is_started_by_the_launcher(guarded: Guarded, way: str, install: Callable[[Guarded], None]) -> None:
    install(guarded)
    done = run(guarded, f"console.log(await new StdioClientTransport().start(() => out({way})))")
    assert (done.stdout, done.returncode) == ("ran it\n", 0), done.stderr
    assert guarded.given is not None
    assert guarded.given[:3] == ["--id", "library:node", "--"]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_without_a_launcher_nothing_is_started(guarded: Guarded, way: str) -> None:
    done = run(guarded, f"console.log(await new StdioClientTransport().start(() => out({way})))")
    assert (done.stdout, done.returncode) == ("", 1)
    assert "Spawngate: no MCP server is started, because there is no launcher" in done.stderr


def test_other_processes_are_nobody_s_business(guarded: Guarded) -> None:
    done = run(guarded, "console.log(await out(cp.spawn('echo', ['hi'])))")
    assert (done.stdout, done.returncode, guarded.given) == ("hi\n\n", 0, None)


def test_a_program_that_rewrites_stack_traces_is_guarded_too(guarded: Guarded) -> None:
    done = run(
        guarded,
        "Error.prepareStackTrace = () => 'nothing'; Error.stackTraceLimit = 0;"
        f"console.log(await new StdioClientTransport().start(() => out({WAYS['spawn']})))",
    )
    assert (done.stdout, done.returncode, guarded.given) == ("", 1, None)

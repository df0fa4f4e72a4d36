"""The official conformance suite against one server: directly, and with Spawngate in between; both must agree.

    python -m bench conformance --folder FOLDER

Four ways to the same server of the official TypeScript SDK (sdk_clients/conformance): over HTTP, over HTTP through
`spawngate proxy`, over STDIO (the SDK's client transport behind a gateway), over STDIO through the launcher that
`spawngate protect --launches` put into the agent's file. Before the launcher's turn the server is started without an
approval (must be refused). Compared is what the suite says of each check. Loopback only.
Suite: github.com/modelcontextprotocol/conformance, from npm by lock file. Must not be here: what its checks ask.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.process import without_network
from bench.real_sdks import SOURCES

SPAWNGATE = [sys.executable, "-m", "spawngate"]
INSIDE = "SPAWNGATE_BENCH_INSIDE"
HTTP, GATEWAY, LAUNCHED = 18911, 18912, 18913
REFUSAL = re.compile(r"spawngate approve ([0-9a-f]{8,})")
Checks = Mapping[str, str]
"""What the suite says: scenario and check -> status."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The made-up machine: an agent's home, our state, and the installed suite."""

    folder: Path
    suite: Path

    @property
    def environment(self) -> dict[str, str]:
        """Of the agent and of everything that it starts."""
        return {
            "HOME": str(self.folder / "home"),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "SPAWNGATE_STATE_DIR": str(self.folder / "state"),
        }

    @property
    def server(self) -> list[str]:
        """The command of the server, as a configuration names it."""
        return [shutil.which("node") or "node", str(self.suite / "server.mjs"), "stdio"]

    def spawngate(self, *words: str) -> str:
        """Standard output. Raises AssertionError."""
        done = subprocess.run(
            [*SPAWNGATE, *words], env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def protect(self) -> list[str]:
        """Lay the home with the server in an agent's file, protect it, and give the command line that stands there."""
        home, policy = self.folder / "home", self.folder / "state/policy"
        home.mkdir()
        (self.folder / "state").mkdir(mode=0o700)
        policy.mkdir(mode=0o700)
        (policy / "policy.toml").write_text('base = "baseline"\napprovals = true\n')
        file = home / ".claude.json"
        file.write_text(json.dumps({"mcpServers": {"it": {"command": self.server[0], "args": self.server[1:]}}}))
        self.spawngate("protect", "--launches", "--no-approve", "--yes", "--mode", "enforce")
        found = json.loads(file.read_text())["mcpServers"]["it"]
        return [found["command"], *found["args"]]

    @contextmanager
    def running(self, *words: str, ready: str) -> Iterator[str]:
        """A program until the block ends; the line that told that it is ready."""
        with tempfile.TemporaryFile("w+") as told:
            process = subprocess.Popen(
                words, env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=told, stderr=told
            )
            try:
                yield _awaited(told.fileno(), process, ready)
            finally:
                process.terminate()
                process.wait()

    def checks(self, url: str) -> Checks:
        """One run of the suite's server scenarios."""
        with tempfile.TemporaryDirectory(dir=self.folder) as results:
            suite = self.suite / "node_modules/@modelcontextprotocol/conformance/dist/index.js"
            subprocess.run(
                [self.server[0], suite, "server", "--url", url, "--output-dir", results],
                env=self.environment,
                cwd=results,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
            )
            found: dict[str, str] = {}
            for file in sorted(Path(results).rglob("checks.json")):
                scenario = re.sub(r"-\d{4}-.*", "", file.parent.name)
                for check in json.loads(file.read_text()):
                    found[f"{scenario}: {check['id']}"] = check["status"]
            return found


def _awaited(told: int, process: "subprocess.Popen[bytes]", ready: str) -> str:
    """The first line that holds `ready`. Raises AssertionError with everything that was told."""
    until = time.monotonic() + 60
    text = ""
    while time.monotonic() < until and process.poll() is None:
        text = os.pread(told, 1 << 16, 0).decode("utf-8", "replace")
        for line in text.splitlines():
            if ready in line:
                return line.strip()
        time.sleep(0.05)
    raise AssertionError(text or "nothing was told")


def refused(url: str) -> str:
    """What an unapproved start answers to a greeting: the fingerprint to approve. Raises AssertionError."""
    params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "bench", "version": "0"}}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    request = urllib.request.Request(url, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read().decode()
    except urllib.error.HTTPError as problem:
        text = problem.read().decode()
    match = REFUSAL.search(text)
    assert match is not None, f"started, or refused without a way to approve: {text[:500]}"
    return match[1]


def install(suite: Path) -> None:
    """The suite and the SDK, by lock file and without scripts."""
    shutil.copytree(SOURCES / "conformance", suite, dirs_exist_ok=True)
    if not (suite / "node_modules").is_dir():
        words = ["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(words, cwd=suite, check=True, stdout=subprocess.DEVNULL)


def run(stage: Stage) -> dict[str, Checks]:
    """The four ways, by name."""
    node, found = stage.server[0], {}
    direct = f"http://127.0.0.1:{HTTP}/mcp"
    gateway = str(stage.suite / "gateway.mjs")
    launched = stage.protect()
    try:
        with stage.running(node, stage.server[1], "http", str(HTTP), ready="listening"):
            found["http"] = stage.checks(direct)
            with stage.running(*SPAWNGATE, "proxy", "--id", "remote", direct, ready="http://127.0.0.1") as url:
                print(f"remote, unapproved: refused, {approve(stage, url)} approved", file=sys.stderr)
            with stage.running(*SPAWNGATE, "proxy", "--id", "remote", direct, ready="http://127.0.0.1") as url:
                found["http through the proxy"] = stage.checks(url)
        with stage.running(node, gateway, str(GATEWAY), *stage.server, ready="listening"):
            found["stdio"] = stage.checks(f"http://127.0.0.1:{GATEWAY}/mcp")
        with stage.running(node, gateway, str(LAUNCHED), *launched, ready="listening"):
            url = f"http://127.0.0.1:{LAUNCHED}/mcp"
            print(f"launched, unapproved: refused, {approve(stage, url)} approved", file=sys.stderr)
            found["stdio through the launcher"] = stage.checks(url)
    finally:
        subprocess.run([*SPAWNGATE, "daemon", "stop"], env=stage.environment, stdout=subprocess.DEVNULL, check=False)
    return found


def approve(stage: Stage, url: str) -> str:
    """Approve what a greeting over `url` is refused for; its fingerprint."""
    fingerprint = refused(url)
    stage.spawngate("approve", fingerprint, "--reason", "bench")
    return fingerprint


def report(found: Mapping[str, Checks]) -> bool:
    """The table; whether each way through Spawngate gives what the direct way gives."""
    print("way | checks | success")
    for way, checks in found.items():
        print(f"{way} | {len(checks)} | {sum(status == 'SUCCESS' for status in checks.values())}")
    same = True
    for way, other in (("http", "http through the proxy"), ("stdio", "stdio through the launcher")):
        for name in sorted({*found[way], *found[other]}):
            before, after = found[way].get(name), found[other].get(name)
            if before != after:
                same = False
                print(f"DIFFERS {name}: {way} {before}, {other} {after}")
    return same and all(found.values())


def main(arguments: Sequence[str]) -> int:
    """0 where the suite says the same of both ways, 1 where it does not."""
    parser = argparse.ArgumentParser(prog="bench conformance", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the suite is installed; not below /tmp")
    folder = parser.parse_args(arguments).folder.resolve()
    if INSIDE not in os.environ:
        install(folder / "suite")
        words = [*without_network(), sys.executable, "-m", "bench", "conformance", *arguments]
        os.execve(words[0], words, {**os.environ, INSIDE: "1"})
    place = Path(tempfile.mkdtemp(prefix="stage-", dir=folder))
    try:
        return 0 if report(run(Stage(place, folder / "suite"))) else 1
    finally:
        shutil.rmtree(place)

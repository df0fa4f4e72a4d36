"""Where the time goes that the launcher adds to a start, with the real daemon and an approved server.

Every part is measured by itself, as often as the whole and in turns with it, so that the machine's load is the same:
the parts and the whole need not add up exactly, because the daemon answers while the relay loads the rest of itself.
Must not be here: messages, memory, budgets (`launcher`).
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import spawngate
from bench.daemon import Daemon, ask
from spawngate.endpoint.client.place import interpreter
from spawngate.endpoint.launcher.place import CONFINE_NAME, LAUNCHER_FOLDER, install_launcher
from spawngate.model.launchconf import LaunchConf, render

POLICY = 'base = "baseline"\nmode = "enforce"\napprovals = true\n[launches]\nprobation = "never"\n'
LINE = b'{"jsonrpc":"2.0","method":"notifications/message","params":{}}\n'
NOTHING = "/bin/true"
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}


def run(*words: str, code: int = 0) -> Callable[[], None]:
    """A whole process, which ends with this code."""

    def once() -> None:
        done = subprocess.run(words, env=ENVIRONMENT, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != code:
            raise RuntimeError(f"{words[0]} ended with {done.returncode}")

    return once


def first_line(*words: str) -> Callable[[], None]:
    """A server, until its first line is back."""

    def once() -> None:
        process = subprocess.Popen(words, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(LINE)
        process.stdin.flush()
        if process.stdout.readline() != LINE:
            raise RuntimeError("the server did not answer")
        ended.append(process)

    return once


ended: list["subprocess.Popen[bytes]"] = []
"""Servers whose end is waited for between two measurements."""


def measured(parts: Mapping[str, Callable[[], None]], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each part, in turns."""
    found: dict[str, list[float]] = {name: [] for name in parts}
    for _ in range(rounds):
        for name, part in parts.items():
            begun = time.perf_counter()
            part()
            found[name].append((time.perf_counter() - begun) * 1000)
            while ended:
                ended.pop().communicate()
    return found


def split(folder: Path, rounds: int) -> None:
    """Print the whole and its parts, at the median and at best. `folder` is no temporary one: the baseline refuses what
    is run there."""
    state, server = folder / "state", folder / "server" / "notes-server"
    (state / "policy").mkdir(parents=True, mode=0o700)
    state.chmod(0o700)
    (state / "policy/policy.toml").write_text(POLICY)
    server.parent.mkdir()
    shutil.copy("/bin/cat", server)
    launcher = install_launcher(
        state, closed=True, socket=str(state / "daemon.sock"), spool=str(state / "spool"), deadline_ms=60_000
    )
    if launcher.kind != "native":
        print("split        no native launcher here; not measured")
        return
    hollow = folder / "hollow" / "spawngate-launch"
    hollow.parent.mkdir()
    shutil.copy(launcher.program, hollow)
    conf = hollow.with_name("launch.conf")
    conf.write_bytes(render(LaunchConf(NOTHING, NOTHING, str(state / "daemon.sock"), str(state / "spool"))))
    conf.chmod(0o600)
    python = [interpreter(), "-I", "-S", "-B", "-c"]
    load = (
        f"import sys; sys.path.append({str(Path(spawngate.__file__).parents[1])!r}); import spawngate.endpoint.launcher"
    )
    confine = os.fspath(state / LAUNCHER_FOLDER / CONFINE_NAME)
    launched = [*launcher.argv, "--id", "split", "--", str(server)]
    question = {"schema_version": 1, "id": "split", "command": str(server), "args": [], "cwd": os.getcwd()}
    payload = json.dumps({**question, "env": ENVIRONMENT, "env_names": [], "parent": os.getpid()}).encode()
    header = b"agent=+launch\0event=start\0pid=1\0parent=1\0client=relay\0"
    daemon = Daemon(state)
    daemon.start()
    try:
        approve(daemon, lambda: ask(daemon.socket, header, payload))
        parts = {
            "true": run(NOTHING),
            "direct": first_line(str(server)),
            "launched": first_line(*launched),
            "native": run(str(hollow), "--id", "split", "--", "x", code=1),  # its relay ends without a report
            "python": run(*python, "pass"),
            "opening": run(*python, f"{load}.opening"),
            "session": run(*python, f"{load}.session"),
            "question": lambda: told(ask(daemon.socket, header, payload)),
            "confine": run(confine, "--parent", str(os.getpid()), "--", NOTHING, NOTHING),
        }
        found = measured(parts, rounds)
        decided = [
            record["decision"]["latency_us"] / 1000
            for record in daemon.records()
            if record["type"] == "decision" and record["decision"]["verdict"] != "deny"
        ]
    finally:
        daemon.stop()
    times = {name: (statistics.median(each), min(each)) for name, each in found.items()}

    def less(one: str, other: str) -> str:
        median, best = (a - b for a, b in zip(times[one], times[other], strict=True))
        return f"{median:.1f} ms (best {best:.1f})"

    print(f"real daemon  start, approved server: added {less('launched', 'direct')}")
    print(f"  native launcher, fork and exec     {less('native', 'true')}")
    print(f"  interpreter                        {less('python', 'true')}")
    print(f"  loading what the question needs    {less('opening', 'python')}")
    print(f"  question and answer                {times['question'][0]:.1f} ms (best {times['question'][1]:.1f})")
    print(f"    of which looked at and decided   {statistics.median(decided):.1f} ms (best {min(decided):.1f})")
    print(f"  meanwhile: loading the rest        {less('session', 'opening')}")
    print(f"  spawngate-confine, exec            {less('confine', 'true')}")


def told(answer: bytes) -> None:
    """An answer that allows."""
    if json.loads(answer[16:-4])["verdict"] != "allow":
        raise RuntimeError("the server is refused")


def approve(daemon: Daemon, start: Callable[[], bytes]) -> None:
    """Approve what `start` asks for."""
    fingerprint = json.loads(start()[16:-4])["fingerprint"]
    seen = daemon.state / "launching/seen.json"
    while not seen.exists():
        time.sleep(0.01)
    words = [sys.executable, "-m", "spawngate", "approve", fingerprint, "--reason", "bench"]
    subprocess.run(words, env=daemon.environment(), check=True, stdout=subprocess.DEVNULL)
    time.sleep(3)  # the daemon is warm by then, as one is that runs for longer
    told(start())

"""Replays many calls through a real daemon's socket with eight clients: is memory flat, is every decision recorded
once, does the chain hold? `--calls 2000000` is a day's work of a busy machine; the default is for every day.

Exit code 1 where a record is missing or doubled, an answer failed, the chain does not verify, or memory grew by more
than ALLOWED between the first quarter and the end.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench.calls import payloads
from bench.daemon import Daemon, Load

ALLOWED = 0.10
"""Growth of resident memory after the first quarter."""


def main(arguments: Sequence[str]) -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="daemon-soak", description=__doc__)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=0, help="end after so long, whatever was reached")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--folder", type=Path, help="where the state goes; a temporary folder by default")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-soak-", dir=given.folder) as name:
        daemon = Daemon(Path(name) / "state")
        daemon.start()
        load = Load(daemon.socket, payloads(7), clients=given.clients, limit=given.calls)
        samples: list[tuple[int, int]] = []
        begun = time.monotonic()

        def sample() -> None:
            if given.seconds and time.monotonic() - begun > given.seconds:
                load.limit = 1
            if not samples or time.monotonic() - begun > len(samples):
                samples.append((len(load.answered), daemon.status()["resident_bytes"]))

        load.start()
        try:
            load.wait(sample)
        except OSError:
            load.end()
            *_, last = daemon.records()
            print(f"the daemon went away after {len(load.answered)} answers; its last record: {last}")
            return 1
        seconds = time.monotonic() - begun
        samples.append((len(load.answered), daemon.status()["resident_bytes"]))
        daemon.stop()
        recorded = Counter(
            value["call"]["id"] for value in daemon.records() if value["type"] == "decision" and "call" in value
        )
        missing = [each for each in load.answered if not recorded[each]]
        doubled = [each for each, count in recorded.items() if count > 1]
        code, said = daemon.verified()
        size = sum(path.stat().st_size for path in (daemon.state / "trail").glob("*.ndjson"))
    quarter = next(resident for done, resident in samples if done >= len(load.answered) / 4)
    end = samples[-1][1]
    times = sorted(load.milliseconds)
    print(f"{len(load.answered)} answers in {seconds:.0f} s: {len(load.answered) / seconds:.0f} a second")
    middle, late = times[len(times) // 2], times[len(times) * 99 // 100]
    print(f"round trip of a Python client: median {middle:.2f} ms, p99 {late:.2f}")
    print(f"memory: {quarter / 1e6:.1f} MB after a quarter, {end / 1e6:.1f} MB at the end ({end / quarter - 1:+.1%})")
    print(f"trail: {size / 1e6:.1f} MB, {size / max(1, len(load.answered)):.0f} bytes a decision")
    print(
        f"failed {load.failures}, missing {len(missing)}, doubled {len(doubled)}; verify {code}: {said.splitlines()[0]}"
    )
    good = not (load.failures or missing or doubled or code) and end <= quarter * (1 + ALLOWED)
    print("kept" if good else "MISSED")
    return 0 if good else 1

"""Kills a real daemon with SIGKILL at random moments under load: no decision that was answered may be missing from the
trail, and the chain must hold over all crashes. Daemons are forked from a process that has imported everything, so that
a start costs little; the last one is started as usual. `--kills 200` is the full run.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench.calls import payloads
from bench.daemon import Daemon, Load


def main(arguments: Sequence[str]) -> int:
    """Run and print. Exit code 1 where a decision is lost or doubled, or the chain does not verify."""
    parser = argparse.ArgumentParser(prog="daemon-kill", description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    source = random.Random(given.seed)
    answered: list[str] = []
    calls = payloads(given.seed)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-kill-") as name:
        daemon = Daemon(Path(name) / "state")
        for _ in range(given.kills):
            daemon.fork()
            load = Load(daemon.socket, calls, clients=given.clients)
            load.start()
            # Counted in answers, not in seconds: on a busy machine a daemon killed too early has answered nothing.
            wanted, until = source.randrange(1, 60), time.monotonic() + 10
            while len(load.answered) < wanted and time.monotonic() < until:
                time.sleep(0.002)
            time.sleep(source.uniform(0, 0.01))
            daemon.kill_fork()
            load.end()
            answered += load.answered
        daemon.close()
        daemon.start()
        daemon.stop()
        recorded: Counter[str] = Counter()
        types: Counter[str] = Counter()
        for value in daemon.records():
            types[value["type"]] += 1
            if value["type"] == "decision" and "call" in value:
                recorded[value["call"]["id"]] += 1
        code, said = daemon.verified()
    lost = [each for each in answered if not recorded[each]]
    doubled = [each for each, count in recorded.items() if count > 1]
    print(f"{given.kills} kills in {time.monotonic() - begun:.0f} s; {len(answered)} decisions answered")
    print(
        f"recorded {sum(recorded.values())}: {sum(recorded.values()) - len(answered)} more than were answered in time"
    )
    print(f"ends cut off after a crash: {types['recovered']}; starts {types['daemon-started']}")
    print(f"lost {len(lost)}, doubled {len(doubled)}; verify {code}: {said.splitlines()[0]}")
    good = not (lost or doubled or code) and bool(answered)
    print("kept" if good else "MISSED")
    return 0 if good else 1

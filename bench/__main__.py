"""`python -m bench NAME [ARGS]` runs one benchmark; without a name it lists them.

Must not be here: anything a benchmark does. A benchmark is a module with `main(arguments) -> int`,
its dashes written as underscores.
"""

import importlib
import sys
from collections.abc import Sequence

BENCHMARKS = {
    "codescan": "the code scan beside Semgrep CE: found, seconds, memory; and as projects grow",
    "codescan-named": "the code scan on published trees whose truth is known: handler, launch, grade, guards",
    "command-differential": "generated valid commands: both shell parsers must give the same tree",
    "command-fuzz": "random and mutated commands through the shell parser: crashes, slowest, determinism",
    "commands": "labelled attacks, look-alikes and everyday commands: precision and recall",
    "daemon-kill": "kill the daemon at random under load: no answered decision may be lost",
    "daemon-soak": "replay many calls through the daemon's socket: memory, lost records",
    "delivery-kill": "kill a process that appends and delivers at random: lost, doubled, delivered, counted",
    "server-rate": "events a second of several server processes into one PostgreSQL, or ClickHouse; bytes an event",
    "server-kill": "kill one of several server workers, or their PostgreSQL, under load: lost, doubled, counted",
    "fleet": "simulated endpoints against one server: enrolment, syncs, a day's rate with peaks; CPU, memory, lost",
    "pages": "every page and list over 10 million events and 10,000 endpoints: milliseconds at the server",
    "storm": "10,000 denies of 2,000 endpoints in five minutes: messages and issues that come of them",
    "provenance": "scripted sessions: is what a session read found again in what it runs; cost, memory",
    "decision": "one decision inside the daemon, split into its stages, against the budget",
    "home": "write the generated home to a folder and print what is in it",
    "hook-latency": "whole hook calls against `true`, a shell and a peer's hook, interleaved: ratios",
    "inventory": "scan the generated home with Spawngate: found, leaked, started, seconds, memory",
    "launch": "facts and findings for one launch: microseconds",
    "launcher": "the launcher against a direct pipe: start, time per message, throughput, memory",
    "launcher-kill": "kill launcher, relay, server, daemon or agent at random: nothing may be left or hang",
    "launch-canaries": "every labelled launch through the real launcher: what runs although it was refused",
    "launch-environment": "variables that take over real interpreters, behind the launcher and on it",
    "launch-fuzz": "hostile starts of the launcher, and a daemon that lies: what runs, hangs or is left",
    "launch-experiments": "offer a harmless canary to every launcher that is there and note what ran",
    "payload-fuzz": "random and mutated hook payloads through every dialect: crashes, slowest, determinism",
    "peers": "scan the same home with other inventory tools, offline, side by side",
    "rescan": "milliseconds of a second inventory with nothing changed, in one process",
    "store-fill": "fill a folder with the events that store-query asks",
    "store-kill": "kill a process that appends to a store at random: nothing answered may be lost or doubled",
    "store-query": "six questions to ten million events, beside plain SQL on one table",
    "store-rate": "events a second into the embedded store, durable before the answer; bytes an event",
    "streams": "what a mapping costs, and events a second into a real rsyslog, also while it is restarted",
    "store-tamper": "flip, drop, insert and swap in every kind of file of a store: what does verification see",
    "wrapper-experiments": "offer a canary to every wrapper that is there and hold what ran against unwrap",
    "real-agents": "let real agents write and list their servers, offline, and hold a scan against it",
    "real-servers": "real MCP servers through the launcher: is what the SDK's client sees the same as without",
    "conformance": "the official conformance suite directly and through launcher and proxy: do its checks agree",
}


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark named first in `arguments`. Exit codes: 0 good, 1 a promise was missed, 2 usage."""
    if not arguments or arguments[0] in {"-h", "--help"}:
        for name, purpose in BENCHMARKS.items():
            print(f"{name:<12}{purpose}")
        return 0
    name, *rest = arguments
    if name not in BENCHMARKS:
        print(f"no benchmark {name!r}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    status = importlib.import_module(f"bench.{name.replace('-', '_')}").main(rest)
    assert isinstance(status, int)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Events for benchmarks of the store: decisions of many endpoints over many days, in the forms that a daemon records.

Drawn from a seed. Servers, commands and tools follow Zipf's law, about a quarter of the command lines is unlike every
other; 93 of 100 are allowed, 3 denied. Must not be here: stores, clocks.
"""

import hashlib
import itertools
import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import UTC, date, datetime, timedelta

from spawngate.server.store.port import Entry
from spawngate.trail.chain import GENESIS

AGENTS = ("claude-code", "codex-cli", "cursor", "gemini-cli", "copilot-cli", "windsurf", "goose", "cline")
RULES = tuple(f"rule-{number:02d}" for number in range(40))
_TOOLS = ("Bash", "Read", "Edit", "Write", "Grep", "WebFetch")
_SHELL = (
    "git status", "git diff HEAD~{n}", "npm test -- --grep case{n}", "pytest tests/test_{n}.py -q", "ls -la src/{n}",
    "rg -n TODO packages/{n}", "make build TARGET={n}", "docker compose logs --tail={n} web", "npm ci",
    "git log -n {n}",
    "curl -s https://api.example.com/v1/items/{n}", "kubectl get pods -n team-{n}", "cargo test case_{n}", "uv sync",
    "python scripts/report.py --month {n}", "go test ./pkg/{n}/...", "terraform plan -target=module.m{n}", "git push",
)  # fmt: skip


@dataclass(slots=True)
class _Endpoint:
    name: str
    installation: str
    stream: str
    user: str
    sequence: int = 0
    previous: str = GENESIS
    session: str = ""


@dataclass
class Fleet:
    """Endpoints whose chains go on from batch to batch."""

    endpoints: int
    seed: int = 1
    fingerprints: list[str] = field(default_factory=list)
    known: InitVar[Sequence[tuple[str, str, str]]] = ()
    """Id, installation and user of those that there are; empty: made up."""
    _known: list[_Endpoint] = field(default_factory=list)

    def __post_init__(self, known: Sequence[tuple[str, str, str]]) -> None:
        source = random.Random(self.seed)
        self._source = source
        for number in range(self.endpoints):
            name, stream = f"{source.getrandbits(128):032x}", f"{source.getrandbits(64):016x}"
            name, installation, user = known[number] if known else (name, name, f"user{number}")
            self._known.append(_Endpoint(name, installation, stream, user))
        self.fingerprints = [f"{source.getrandbits(256):064x}" for _ in range(2000)]
        self._servers = list(itertools.accumulate(1 / (rank + 1) for rank in range(2000)))

    @property
    def names(self) -> list[str]:
        """Ids of the endpoints."""
        return [each.name for each in self._known]

    def day(
        self, day: date, count: int, batch: int = 1000, span: timedelta = timedelta(days=1)
    ) -> Iterator[list[Entry]]:
        """Batches of one day's events, spread over it, or over its first `span`."""
        begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
        step = span / (count + 1)
        found: list[Entry] = []
        for number in range(1, count + 1):
            moment = begin + step * number
            found.append(self._entry(moment.isoformat(timespec="microseconds")[:-6] + "Z"))
            if len(found) == batch:
                received = found[-1].time
                yield [_received(each, received) for each in found]
                found = []
        if found:
            yield [_received(each, found[-1].time) for each in found]

    def _entry(self, at: str) -> Entry:
        source = self._source
        endpoint = self._known[int(source.random() * self.endpoints)]
        endpoint.sequence += 1
        if not endpoint.session or source.random() < 0.01:
            endpoint.session = f"{source.getrandbits(128):032x}"
        chance = source.random()
        number = int(source.paretovariate(0.5)) % 100_000
        kind = int(source.random() * 3)
        question = '{"action":"shell"}'
        if kind == 0:
            command = _SHELL[int(source.paretovariate(0.7)) % len(_SHELL)].replace("{n}", str(number))
            program = command.split(" ")[0]
            call = (
                f'"commands":["{command}"],"cwd":"/home/dev/project{number % 50}","id":"toolu_'
                f'{source.getrandbits(96):024x}","kind":"shell","moment":"before-tool","programs":["{program}"],"tool":"Bash"'
            )
        elif kind == 1:
            call = (
                f'"cwd":"/home/dev/project{number % 50}","id":"toolu_{source.getrandbits(96):024x}","kind":"read",'
                f'"moment":"before-tool","paths":["/home/dev/project{number % 50}/src/file{number}.py"],"tool":"Read"'
            )
            question = '{"action":"read","reads":["project"]}'
        else:
            rank = bisect(self._servers, source.random() * self._servers[-1])
            call = (
                f'"arguments":{{"query":"item {number}"}},"id":"toolu_{source.getrandbits(96):024x}","kind":"mcp",'
                f'"moment":"before-tool","server":"server{rank}","server_tool":"tool{number % 20}"'
            )
            question = f'{{"action":"mcp","fingerprint":"{self.fingerprints[rank]}"}}'
        verdict, more = "allow", ""
        if chance > 0.93:
            verdict = "deny" if chance > 0.97 else "log"
            rule = RULES[int(source.paretovariate(0.8)) % len(RULES)]
            hit = f'{{"confidence":"high","rule":"{rule}","severity":"high"}}'
            more = f'"hits":[{hit}],'
        latency = 200 + number % 900
        reasons = f'"reasons":["policy-{number % 9}"],"severity":"high",' if more else ""
        body = (
            f'{{"actor":{{"agent":"{AGENTS[number % 8]}","permission_mode":"default","session":"{endpoint.session}",'
            f'"user":"{endpoint.user}"}},"at":"{at}","call":{{{call}}},"channel":"hook","decision":{{{more}"latency_us":'
            f'{latency},"mode":"enforce","policy":"94c3f671381fcee5",{reasons}"verdict":"{verdict}"}},"endpoint":'
            f'"{endpoint.installation}","previous":"{endpoint.previous}","question":{question},"schema_version":1,"sequence":'
            f'{endpoint.sequence},"stream":"{endpoint.stream}","type":"decision"'
        )
        endpoint.previous = hashlib.sha256(f"{body}}}".encode()).hexdigest()
        record = f'{body},"hash":"{endpoint.previous}"}}'.encode()
        return Entry(endpoint.name, endpoint.stream, endpoint.sequence, at, at, "decision", record)


def _received(entry: Entry, at: str) -> Entry:
    return Entry(entry.endpoint, entry.stream, entry.sequence, entry.time, at, entry.type, entry.record)

"""Time to understand and judge one launch: facts, and facts with all shipped rules, in microseconds.

The measured code runs in a child process, because nothing here imports `spawngate`. Every launch of
tests/fixtures/launch_attacks.json is one sample; a round takes the best of several runs, so that other programs on the
machine count less. Exit code 1 where the median of the facts is above the promise.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

LAUNCHES = Path(__file__).parents[1] / "tests" / "fixtures" / "launch_attacks.json"
PROMISE = 150.0
"""Microseconds for the facts of one launch, median."""

CHILD = """
import json, sys, time
from spawngate.launch.definition import from_mapping
from spawngate.launch.understand import understand
from spawngate.rules.engine import shipped
rules = shipped()
items = [item["server"] for item in json.load(open(sys.argv[1]))]
rounds = int(sys.argv[2])
def best(action):
    found = []
    for item in items:
        times = []
        for _ in range(rounds):
            begun = time.perf_counter()
            action(item)
            times.append(time.perf_counter() - begun)
        found.append(min(times) * 1e6)
    return sorted(found)
definitions = {id(item): from_mapping(item) for item in items}
result = {
    "facts": best(lambda item: understand(definitions[id(item)])),
    "facts and rules": best(lambda item: rules.launch(understand(definitions[id(item)]))),
    "from raw definition": best(lambda item: rules.launch(understand(from_mapping(item)))),
}
print(json.dumps(result))
"""


def main(arguments: Sequence[str]) -> int:
    """Measure and print. An argument gives the rounds per launch."""
    rounds = arguments[0] if arguments else "50"
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(LAUNCHES), rounds], check=True, capture_output=True, text=True
    )
    result: dict[str, list[float]] = json.loads(done.stdout)
    print(f"{'microseconds per launch':<26}{'median':>8}{'p95':>8}{'max':>8}")
    for name, times in result.items():
        print(f"{name:<26}{times[len(times) // 2]:>8.0f}{times[len(times) * 95 // 100]:>8.0f}{times[-1]:>8.0f}")
    facts = result["facts"]
    return 0 if facts[len(facts) // 2] <= PROMISE else 1

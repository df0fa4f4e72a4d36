"""Payloads for benchmarks: of every kind, never the same twice, the same for a seed."""

import json
from collections import Counter
from itertools import islice

from bench.calls import SHELL, payloads


def test_mix() -> None:
    made = [json.loads(each) for each in islice(payloads(1), 2000)]
    tools = Counter(each["tool_name"].split("__")[0] for each in made)
    assert tools.keys() == {"Bash", "Read", "Edit", "Write", "Grep", "WebFetch", "mcp"}
    assert 900 < tools["Bash"] < 1300
    assert len({each["tool_use_id"] for each in made}) == 2000
    assert len({each["session_id"] for each in made}) == 12
    commands = [each["tool_input"]["command"] for each in made if each["tool_name"] == "Bash"]
    assert len(set(commands)) > 0.9 * len(commands)
    assert len({command.split()[0] for command in commands}) > len(SHELL) / 2


def test_seed_decides() -> None:
    assert list(islice(payloads(3), 50)) == list(islice(payloads(3), 50))
    assert list(islice(payloads(3), 50)) != list(islice(payloads(4), 50))

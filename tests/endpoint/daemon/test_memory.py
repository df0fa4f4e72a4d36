"""Memory stays flat."""

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from spawngate.command.places import _places
from spawngate.endpoint.daemon import memory
from spawngate.endpoint.daemon.assemble import assemble
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.state import State
from spawngate.model.call import ToolCall, ToolKind


@pytest.fixture
def filled(tmp_path: Path) -> None:
    made = assemble(State(tmp_path), place(tmp_path))
    made.service.rehearse(ToolCall("claude-code", "Read", ToolKind.READ, paths=("/a/b.py",)))
    assert _places.cache_info().currsize > 0


@pytest.mark.usefixtures("filled")
def test_caches_of_ours_are_found_and_emptied() -> None:
    assert any(each is _places for each in memory.caches())
    assert all(each.cache_parameters()["maxsize"] is not None for each in memory.caches())
    memory.after(memory.LONG)
    assert _places.cache_info().currsize > 0
    memory.after(memory.LONG + 1)
    assert {each.cache_info().currsize for each in memory.caches()} == {0}


@pytest.mark.usefixtures("filled")
def test_caches_are_emptied_when_the_process_has_grown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert memory.resident() > 1 << 20
    monkeypatch.setattr(memory, "resident", lambda: memory.GROWN - 1)
    assert memory.look() is False
    assert _places.cache_info().currsize > 0
    monkeypatch.setattr(memory, "resident", lambda: memory.GROWN)
    assert memory.look() is True
    assert _places.cache_info().currsize == 0


LONG_TEXTS = """
import json, sys
from pathlib import Path
from spawngate.endpoint.daemon import memory
from spawngate.endpoint.daemon.assemble import assemble
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.state import State
folder = Path(sys.argv[1])
service = assemble(State(folder), place(folder)).service
def ask(number):
    for tool, given in (
        ("Write", {"file_path": f"/{number}.py", "content": f"x{number} = 1\\n" * 100_000}),
        ("Bash", {"command": f"curl https://{number}.test/" + "a" * 1_000_000}),
        ("Bash", {"command": f"python -c 'x{number} = 1\\n" + "y = 2\\n" * 100_000 + "'"}),
    ):
        data = {"hook_event_name": "PreToolUse", "tool_name": tool, "tool_input": given}
        payload = json.dumps(data).encode()
        service.prepare("claude-code", payload, {})
        memory.after(len(payload))
for number in range(5):
    ask(number)
before = memory.resident()
for number in range(5, 30):
    ask(number)
print(memory.resident() - before)
"""


def test_long_texts_do_not_stay(tmp_path: Path) -> None:
    """75 different long texts of 60 MB; without emptying caches they all stayed."""
    found = subprocess.run(
        [sys.executable, "-c", LONG_TEXTS, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert int(found.stdout) < 15_000_000


def test_the_collector_leaves_start_up_alone_and_looks_seldom() -> None:
    before = gc.get_threshold()
    try:
        memory.settle()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold() == (memory.YOUNG, *before[1:])
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()

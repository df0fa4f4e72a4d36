"""Inventories after changes."""

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from spawngate.endpoint import watch as watch_module
from spawngate.endpoint.inventory import Inventory, Request, Result
from spawngate.endpoint.state import State
from spawngate.endpoint.watch import watch, watched_folders


def make(tmp_path: Path) -> tuple[Path, Inventory]:
    home = tmp_path / "home"
    (home / ".cursor").mkdir(parents=True)
    (home / "src/app").mkdir(parents=True)
    (home / ".cursor/mcp.json").write_text('{"mcpServers": {}}', encoding="utf-8")
    (home / "src/app/.mcp.json").write_text('{"mcpServers": {}}', encoding="utf-8")
    wanted = Request(homes=(str(home),), system_root=str(home), processes=False, environment={})
    return home, Inventory(State(tmp_path / "state"), wanted)


def test_folders_of_files_homes_and_projects_are_watched(tmp_path: Path) -> None:
    home, inventory = make(tmp_path)
    result = inventory.take()
    assert set(watched_folders(inventory, result)) == {str(home), f"{home}/.cursor", f"{home}/src/app"}


def test_every_way_of_writing_is_seen_once_settled(tmp_path: Path) -> None:
    home, inventory = make(tmp_path)
    inventory.take()
    stop = threading.Event()
    results: list[Result] = []
    ready = threading.Event()
    arrived = threading.Condition()

    def follow() -> None:
        for result in watch(inventory, stop=stop, notice=lambda _: ready.set()):
            with arrived:
                results.append(result)
                arrived.notify_all()

    thread = threading.Thread(target=follow)
    thread.start()

    def seen() -> dict[str, str]:
        return {
            change.artifact.name: change.change
            for result in results
            for change in result.changes
            if change.artifact.kind == "mcp_server"
        }

    def write(path: Path, name: str, *, replace: bool) -> None:
        text = json.dumps({"mcpServers": {name: {"command": "npx", "args": [name]}}})
        path.parent.mkdir(parents=True, exist_ok=True)
        target = path.with_suffix(".tmp") if replace else path
        target.write_text(text, encoding="utf-8")
        if replace:
            target.replace(path)

    try:
        assert ready.wait(20)
        for number, (path, replace) in enumerate(
            (
                (home / ".cursor/mcp.json", False),
                (home / "src/app/.mcp.json", True),
                (home / ".factory/mcp.json", False),  # the folder is new: the home itself is watched
            )
        ):
            ready.wait(1)
            threading.Event().wait(0.4)
            write(path, f"server-{number}", replace=replace)
            with arrived:
                assert arrived.wait_for(lambda wanted=f"server-{number}": seen().get(wanted) == "added", 20)  # type: ignore[misc]  # bound by default argument
    finally:
        stop.set()
        thread.join(40)
    assert not thread.is_alive()


def end(stop: threading.Event, wake: threading.Event) -> None:
    stop.set()
    wake.set()


def test_a_result_now_where_somebody_asks(tmp_path: Path) -> None:
    _, inventory = make(tmp_path)
    inventory.take()
    stop, wake = threading.Event(), threading.Event()
    later = watch(inventory, stop=stop, wake=wake)
    threading.Timer(0.5, wake.set).start()
    result = next(later)
    assert (result.changes, wake.is_set()) == ((), False)
    threading.Timer(0.5, end, (stop, wake)).start()
    assert next(later, None) is None


def test_where_there_is_nothing_to_watch_too(tmp_path: Path) -> None:
    home, inventory = make(tmp_path)
    inventory.take()
    stop, wake = threading.Event(), threading.Event()
    later = watch(inventory, stop=stop, wake=wake)
    shutil.rmtree(home)
    for _ in range(2):
        threading.Timer(0.3, wake.set).start()
        assert next(later) is not None
    threading.Timer(0.3, end, (stop, wake)).start()
    assert [each for each in later if each.changes] == []


def test_an_interrupt_while_folders_are_left_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ended nothing: Python drops what is raised in a generator that is only forgotten."""
    home, inventory = make(tmp_path)
    inventory.take()

    def events(*_: object) -> Iterator[set[object]]:
        try:
            yield set()
            raise AssertionError("a new folder wants a watch of its own")
        finally:
            raise KeyboardInterrupt

    monkeypatch.setattr(watch_module, "_events", events)
    later = watch(inventory)
    (home / ".factory").mkdir()
    (home / ".factory/mcp.json").write_text('{"mcpServers": {"a": {"command": "b"}}}', encoding="utf-8")
    assert next(later).changes
    with pytest.raises(KeyboardInterrupt):
        for _ in later:
            pass

"""The syncing process beside the daemon: there where there is an enrolment, gone where there is none."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from spawngate.endpoint.daemon import syncing
from spawngate.endpoint.daemon.syncing import SyncWatch
from spawngate.endpoint.sync.words import Word

ENROLMENT = "sync/enrolment.json"


def enrolled(state: Path) -> None:
    (state / "sync").mkdir(parents=True)
    (state / ENROLMENT).write_text("{}")


async def until(condition: object) -> None:
    assert callable(condition)
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("nothing happened")


def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Have `text` run in the place of the syncing process."""
    script = tmp_path / "python"
    script.write_text(f"#!{sys.executable}\n{text}")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", os.fspath(script))


def test_without_an_enrolment_there_is_no_process(tmp_path: Path) -> None:
    async def main() -> None:
        watch = SyncWatch(tmp_path, lambda word: None, lambda code: None)
        watch.look()
        assert not watch.runs
        watch.close()

    asyncio.run(main())


def test_the_real_process_lives_as_long_as_the_enrolment(tmp_path: Path) -> None:
    codes: list[int] = []

    async def main() -> None:
        enrolled(tmp_path)
        watch = SyncWatch(tmp_path, lambda word: None, codes.append)
        watch.look()
        await asyncio.sleep(0.5)
        assert watch.runs
        (tmp_path / ENROLMENT).unlink()
        watch.look()
        assert not watch.runs
        watch.close()

    asyncio.run(main())
    assert codes == []


def test_what_it_says_is_passed_on_and_rubbish_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Word] = []
    codes: list[int] = []
    lines = '{"type":"self-protection","detail":{"what":"x"},"message":"m","counts":{"a":1}}'
    program(tmp_path, monkeypatch, f"print('rubbish')\nprint('{lines}')\nprint('[]')\nimport sys; sys.exit(7)")

    async def main() -> None:
        enrolled(tmp_path)
        watch = SyncWatch(tmp_path, told.append, codes.append)
        watch.look()
        await until(lambda: codes)
        watch.look()
        assert not watch.runs  # not at once again
        pauses: list[float] = []
        for _ in range(9):
            watch._again_at = 0.0
            watch.look()
            assert watch.runs
            pauses.append(watch._pause)
            watch._child.stop()
        assert pauses == [20, 40, 80, 160, 320, 640, 640, 640, 640]
        watch._started_at -= 700  # it lived for a minute
        watch._again_at = 0.0
        watch.look()
        assert watch._pause == syncing.PAUSE
        watch.close()

    asyncio.run(main())
    assert told[0] == Word("self-protection", {"what": "x"}, "m", {"a": 1})
    assert codes == [7]


def test_an_endless_line_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codes: list[int] = []
    program(tmp_path, monkeypatch, "import sys\nwhile True: sys.stdout.write('x' * 9999)")

    async def main() -> None:
        enrolled(tmp_path)
        watch = SyncWatch(tmp_path, lambda word: None, codes.append)
        watch.look()
        await until(lambda: codes)
        assert not watch.runs

    asyncio.run(main())
    assert codes == [-9]

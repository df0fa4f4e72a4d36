"""The daemon's answer, or none, becomes a decision."""

import json
from pathlib import Path

import pytest

from spawngate.endpoint.supervise.asked import decide_with
from spawngate.endpoint.supervise.memory import Wanted
from spawngate.endpoint.supervise.supervisor import Answer
from tests.endpoint.library.answering import Daemon

WHAT = Wanted(
    "/usr/bin/npx", ("npx", "-y", "a"), (("PATH", "/usr/bin"), ("SECRET_THING", "x"), ("LD_PRELOAD", "/x")), "/w"
)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (b'{"verdict":"allow","message":""}', Answer(allowed=True)),
        (b'{"verdict":"deny","message":"no"}', Answer(allowed=False, message="no")),
        (b'{"verdict":"perhaps"}', Answer(allowed=False)),
        (b"[]", Answer(allowed=False, message="npx is not executed: the daemon's answer is none")),
        (b"", Answer(allowed=False, message="npx is not executed: the daemon's answer is none")),
    ],
)
def test_answers(tmp_path: Path, told: bytes, expected: Answer) -> None:
    daemon = Daemon(tmp_path / "s", [told, b"{}"] if expected.allowed else [told])
    answer = decide_with(tmp_path / "s")(WHAT)
    daemon.end()
    assert answer == expected
    asked, *ended = daemon.asked
    assert [each.event for each in ended] == (["end"] if expected.allowed else [])
    payload = json.loads(asked.payload)
    payload.pop("parent")
    assert payload == {
        "schema_version": 1,
        "id": "library:supervise",
        "command": "/usr/bin/npx",
        "args": ["-y", "a"],
        "cwd": "/w",
        "env": {"PATH": "/usr/bin", "LD_PRELOAD": "/x"},
        "env_names": ["SECRET_THING"],
    }


@pytest.mark.parametrize("monitor", [True, False])
def test_nobody_answers(tmp_path: Path, monitor: bool) -> None:
    answer = decide_with(tmp_path / "none", monitor=monitor)(WHAT)
    assert (answer.allowed, "there is no daemon" in answer.message) == (monitor, True)


@pytest.mark.parametrize(
    ("probe", "options", "expected", "reason"),
    [
        ("null", {"only_proven": True}, Answer(allowed=True), "supervised"),
        ('{"seconds":1}', {}, Answer(allowed=True), "supervised"),
        ('{"seconds":1}', {"only_proven": True, "monitor": True}, Answer(allowed=True), "supervised"),
        (
            '{"seconds":1}',
            {"only_proven": True},
            Answer(
                allowed=False,
                message="npx is not executed: it has not shown yet that it is an MCP server. To put it on probation, "
                "in the same folder: `spawngate launch --id library:supervise -- /usr/bin/npx -y a </dev/null`. What "
                "is no server belongs to the program by `--run`.",
            ),
            "supervised, and not executed: it has passed no probation",
        ),
    ],
)
def test_what_has_passed_no_probation(
    tmp_path: Path, probe: str, options: dict[str, bool], expected: Answer, reason: str
) -> None:
    told = f'{{"verdict":"allow","message":"","launch":"l","probe":{probe}}}'
    daemon = Daemon(tmp_path / "s", [told.encode(), b"{}"])
    answer = decide_with(tmp_path / "s", **options)(WHAT)
    daemon.end()
    assert answer == expected
    assert json.loads(daemon.asked[1].payload) == {"launch": "l", "reason": reason}

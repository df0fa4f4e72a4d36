"""What `unwrap` says against what wrappers really did with a harmless canary.

The outcomes were recorded by `python -m bench wrapper-experiments` (tests/fixtures/wrapper_experiments.json).
"""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from bench.wrapper_experiments import sees

RECORDS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "wrapper_experiments.json").read_text(encoding="utf-8")
)
NOT_HERE = {
    "apt-get": "--print-uris updates nothing",
    "bwrap": "ran in a name space of its own",
    "chroot": "ran elsewhere",
    "daemonize": "ran in /",
    "dpkg": "--version configures nothing",
    "fdfind": "found nothing, or gave the file to touch",
    "find": "found nothing",
    "gdb": "--args alone only loads",
    "git": "defined, or nothing asked for it",
    "less": "no terminal",
    "man": "no terminal",
    "perl": "-c runs only what stands in BEGIN",
    "rsync": "both ends were here",
    "start-stop-daemon": "ran in /",
    "tar": "--force-local",
    "xargs": "read other words than the canary's name",
}
"""Programs that could have run the canary and did not here, and why."""


def ids(record: dict[str, Any]) -> str:
    """The line of an experiment."""
    return shlex.join(record["words"])


@pytest.mark.parametrize("record", [record for record in RECORDS if record["outcome"] == "ran"], ids=ids)
def test_what_ran_is_seen(record: dict[str, Any]) -> None:
    assert sees(record["words"], record["stdin"])


@pytest.mark.parametrize("record", [record for record in RECORDS if record["outcome"] == "inert"], ids=ids)
def test_what_did_not_run_is_not_seen(record: dict[str, Any]) -> None:
    assert not sees(record["words"], record["stdin"]) or record["words"][0] in NOT_HERE


def test_there_is_something_to_agree_with() -> None:
    assert sum(record["outcome"] == "ran" for record in RECORDS) > 500
    seen = {
        record["words"][0]
        for record in RECORDS
        if record["outcome"] == "inert" and sees(record["words"], record["stdin"])
    }
    assert set(NOT_HERE) == seen, "an exception that is no longer needed goes"

"""Facts agree with what launchers did: every option or variable that ran a canary is a fact, no inert one is.

The outcomes were recorded by `python -m bench launch-experiments` (tests/fixtures/launch_experiments.json).
"""

import json
from pathlib import Path
from typing import Any

import pytest

from spawngate.launch.definition import from_mapping
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.understand import understand

RECORDS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "launch_experiments.json").read_text(encoding="utf-8")
)

CODE = (
    "shell",
    "inline_code",
    "encoded_code",
    "downloads_and_runs",
    "runs_install",
    "runs_repository_script",
    "loads_code",
    "argument_injection",
    "hidden_shell",
    "env_loads_code",
)
"""Facts that say: code other than the named script is run."""


def code_facts(facts: LaunchFacts) -> list[str]:
    """Those that hold."""
    return [name for name in CODE if getattr(facts, name)]


def name_of(record: dict[str, Any]) -> str:
    """Readable name of an experiment."""
    env = " ".join(f"{name}={value}" for name, value in record.get("env", {}).items())
    return f"{env} {record['command']} {' '.join(record['args'])}".strip()


def those(outcome: str, way: str | None = None) -> list[Any]:
    """Experiments with an outcome."""
    found = [record for record in RECORDS if record["outcome"] == outcome and way in (None, record["way"])]
    return [pytest.param(record, id=name_of(record)) for record in found]


@pytest.mark.parametrize("record", those("ran", "code"))
def test_what_ran_by_an_option_or_variable_is_a_fact(record: dict[str, Any]) -> None:
    facts = understand(from_mapping(record))
    assert code_facts(facts) or facts.utility, name_of(record)


@pytest.mark.parametrize("record", those("ran", "script"))
def test_what_ran_as_the_script_is_named(record: dict[str, Any]) -> None:
    facts = understand(from_mapping(record))
    assert facts.script or facts.searches_cwd or facts.relative_paths, name_of(record)


INERT_AND_STILL_NAMED = {
    # Without output there is no pager.
    "git -c core.pager=touch canary --version",
    # The category's module is imported before the script's folder is on the path; from elsewhere it runs (see `ran`).
    "PYTHONWARNINGS=error::canarymod.X python3 server.py",
    "python3 -W error::canarymod.X server.py",
}


@pytest.mark.parametrize("record", those("inert"))
def test_what_did_not_run_is_no_fact(record: dict[str, Any]) -> None:
    facts = understand(from_mapping(record))
    if name_of(record) in INERT_AND_STILL_NAMED:
        assert code_facts(facts)
    else:
        assert code_facts(facts) == []


@pytest.mark.parametrize("record", those("refused"))
def test_what_was_refused_is_at_least_read(record: dict[str, Any]) -> None:
    assert understand(from_mapping(record)).program == record["command"]


def test_there_is_something_to_agree_with() -> None:
    outcomes = [record["outcome"] for record in RECORDS]
    assert (outcomes.count("ran") > 150, outcomes.count("inert") > 40) == (True, True)

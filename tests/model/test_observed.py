"""`model.observed`: raw records show nothing and cannot leave the process."""

import copy
import json
import pickle
from dataclasses import FrozenInstanceError, replace

import msgspec
import pytest

from spawngate.model.artifact import Kind, Scope, Status, Transport
from spawngate.model.observed import Diagnostic, Observed, ObservedLaunch, ObservedSetting, Topic

SECRET = "sk-live-51HxQ2eZvKYlo2C"
LAUNCH = ObservedLaunch(
    Transport.STDIO,
    SECRET,
    (SECRET,),
    {SECRET: SECRET},
    SECRET,
    SECRET,
    {SECRET: SECRET},
    SECRET,
    SECRET,
    SECRET,
)
OBSERVED = Observed(
    Kind.MCP_SERVER,
    SECRET,
    Scope.USER,
    SECRET,
    SECRET,
    SECRET,
    Status.ENABLED,
    LAUNCH,
    {SECRET: SECRET},
    SECRET,
    SECRET,
)
SETTING = ObservedSetting(Topic.SWITCH, SECRET, Scope.USER, SECRET, SECRET, SECRET, SECRET, SECRET)
RAW = [LAUNCH, OBSERVED, SETTING]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [(LAUNCH, "<ObservedLaunch>"), (OBSERVED, "<Observed>"), (SETTING, "<ObservedSetting>")],
    ids=["launch", "observed", "setting"],
)
def test_shows_nothing(raw: object, shown: str) -> None:
    assert repr(raw) == str(raw) == f"{raw}" == f"{raw!r}" == shown
    assert repr([raw, {"a": raw}]) == f"[{shown}, {{'a': {shown}}}]"
    assert repr(ValueError(raw)) == f"ValueError({shown})"


@pytest.mark.parametrize("raw", RAW, ids=["launch", "observed", "setting"])
def test_refuses_to_be_pickled(raw: object) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="is raw and must not be serialized"):
            pickle.dumps(raw, protocol)
    with pytest.raises(TypeError, match="is raw and must not be serialized"):
        pickle.dumps({"inside": [raw]})
    with pytest.raises(TypeError) as caught:
        copy.copy(raw)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("raw", RAW, ids=["launch", "observed", "setting"])
def test_json_of_the_standard_library_refuses_it(raw: object) -> None:
    with pytest.raises(TypeError) as caught:
        json.dumps(raw)
    assert SECRET not in str(caught.value)


def test_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        OBSERVED.name = "x"  # type: ignore[misc]  # what the test is about
    with pytest.raises((AttributeError, TypeError)):
        OBSERVED.more = "x"  # type: ignore[attr-defined]  # what the test is about


def test_equal_by_value() -> None:
    assert replace(OBSERVED) == OBSERVED
    assert replace(OBSERVED, name="other") != OBSERVED
    assert replace(LAUNCH, args=()) != LAUNCH
    assert replace(SETTING, value=None) != SETTING


def test_defaults() -> None:
    found = Observed(Kind.SKILL, "a", Scope.USER, "n", "/p")
    assert (found.pointer, found.status, found.launch, found.detail) == ("", Status.ENABLED, None, {})
    assert (found.project, found.content) == (None, None)
    launch = ObservedLaunch(Transport.HTTP)
    assert (launch.command, launch.args, launch.env, launch.cwd, launch.url) == (None, (), {}, None, None)
    assert (launch.headers, launch.env_file, launch.header_command, launch.digest) == ({}, None, None, None)
    assert Observed(Kind.SKILL, "a", Scope.USER, "n", "/p").detail is not found.detail


def test_diagnostic_is_not_raw() -> None:
    note = Diagnostic("/p", "malformed", "line 1", "a")
    assert msgspec.json.decode(msgspec.json.encode(note), type=Diagnostic) == note
    assert "line 1" in repr(note)

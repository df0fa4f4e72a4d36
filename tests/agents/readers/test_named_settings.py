"""`readers.named_settings`: settings picked by name, variables and plugin flags."""

import pytest
from hypothesis import given, settings

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers.named_settings import Environment, PluginFlags, Switches, lookup, switches, variables
from spawngate.model.json import Json
from tests.agents.readers.seen import anything, given_value, read, said, survive, wrong


@pytest.mark.parametrize(
    ("value", "name", "found"),
    [
        ({"a": {"b": 1}}, "a.b", 1),
        ({"a.b": 2, "a": {"b": 1}}, "a.b", 2),
        ({"a.b": None, "a": {"b": 1}}, "a.b", 1),
        ({"a": {"b": False}}, "a.b", False),
        ({"a": {"b": {"c": 1}}}, "a.b", {"c": 1}),
        ({"a": [1]}, "a.b", None),
        ({"a": None}, "a.b", None),
        ({}, "a", None),
        ([], "a", None),
        (None, "a", None),
        ("a", "a", None),
    ],
)
def test_lookup(value: Json, name: str, found: Json) -> None:
    assert lookup(value, name) == found


def test_switches() -> None:
    value: Json = {"a": {"b": [1, {"c": None}]}, "off": False, "none": None, "zero": 0, "other": 1}
    assert read(Switches(("a.b", "off", "none", "zero", "missing")), given_value(value, project="/w")) == (
        [
            said("switch", "a.b", [1, {"c": None}], "a.b", project="/w"),
            said("switch", "off", False, "off", project="/w"),
            said("switch", "zero", 0, "zero", project="/w"),
        ],
        [],
    )


def test_environment() -> None:
    value: Json = {"env": {"A": "b", "N": 1, "T": True, "E": None, "M": {}}}
    assert read(Environment(), given_value(value)) == (
        [
            said("switch", "env.A", "b", "env.A"),
            said("switch", "env.N", "1", "env.N"),
            said("switch", "env.T", "true", "env.T"),
        ],
        [wrong("env.M", "text")],
    )
    below = read(Environment("a.vars"), given_value({"a": {"vars": {"A": "b"}}}))
    assert below == ([said("switch", "env.A", "b", "a.vars.A")], [])
    assert read(Environment(), given_value({"env": ["A=b"]})) == ([], [wrong("env")])
    assert read(Environment(), given_value({"env": None})) == ([], [])


def test_plugin_flags() -> None:
    value: Json = {"enabledPlugins": {"a": True, "b": False, "c": {"enabled": False}, "d": {}, "e": None, "f": "x"}}
    assert read(PluginFlags(), given_value(value)) == (
        [
            said("plugin_status", name, on, f"enabledPlugins.{name}")
            for name, on in (("a", True), ("b", False), ("c", False), ("d", True), ("e", True), ("f", True))
        ],
        [],
    )
    listed = read(PluginFlags("off", listed=False), given_value({"off": ["a", {}, "b"]}))
    assert listed == (
        [said("plugin_status", "a", False, "off"), said("plugin_status", "b", False, "off")],
        [wrong("off[1]", "text")],
    )
    assert read(PluginFlags(), given_value({"enabledPlugins": 7})) == ([], [wrong("enabledPlugins", "a list")])


def picked(document: Document) -> list[Sighting]:
    return list(switches(document, document.map(), ("a.b", "off", "none", "missing"), prefix="profile."))


def set_(document: Document) -> list[Sighting]:
    return list(variables(document, document.value(), "shell.env"))


def test_switches_of_a_part() -> None:
    value: Json = {"a": {"b": [1]}, "off": False, "none": None, "other": 1}
    assert read(picked, given_value(value, project="/w")) == (
        [
            said("switch", "profile.a.b", [1], "profile.a.b", project="/w"),
            said("switch", "profile.off", False, "profile.off", project="/w"),
        ],
        [],
    )


def test_flat_key_wins() -> None:
    found = read(picked, given_value({"a.b": 1, "a": {"b": 2}}))
    assert found == ([said("switch", "profile.a.b", 1, "profile.a.b")], [])


def test_variables() -> None:
    assert read(set_, given_value({"A": "b", "N": 1, "E": None, "M": []})) == (
        [said("switch", "env.A", "b", "shell.env.A"), said("switch", "env.N", "1", "shell.env.N")],
        [wrong("shell.env.M", "text")],
    )
    assert read(set_, given_value(None)) == ([], [])
    assert read(set_, given_value(["A=b"])) == ([], [wrong("shell.env")])


@given(anything("a", "b", "a.b", "off", "env", "enabled", "enabledPlugins"))
@settings(deadline=None)
def test_no_value_raises(value: Json) -> None:
    for reader in (Switches(("a", "a.b", "b")), Environment(), Environment("a.b"), PluginFlags(), PluginFlags("a.b")):
        survive(reader, given_value(value))
    survive(picked, given_value(value))
    survive(set_, given_value(value))

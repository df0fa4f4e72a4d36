"""docs/events.md: its tables and examples are what the code gives."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spawngate.routing.destinations import DESTINATIONS, destination
from spawngate.routing.settings import decode
from spawngate.trail.event import EventType
from spawngate.trail.mappings.cef import cef
from spawngate.trail.mappings.ecs import ecs
from spawngate.trail.mappings.leef import leef
from spawngate.trail.mappings.ocsf import ocsf
from spawngate.trail.mappings.otel import log_record
from spawngate.trail.mappings.source import Source, severity
from spawngate.trail.mappings.syslog import message
from tests.records import faults
from tests.routing.streaming import NOW
from tests.trail.mappings.samples import RECORDS, SOURCES

PAGE = (Path(__file__).parents[1] / "docs" / "events.md").read_text(encoding="utf-8")
STREAMS = sorted(name for name in DESTINATIONS if destination(name).kind == "stream")
SECRETS = {"service_account"}
"""Settings whose examples are no real values, since they would have to be keys."""


def fences(kind: str) -> dict[str, str]:
    """Texts of the fenced examples of a kind, by their names: ```json example=ocsf/deny-shell"""
    return dict(re.findall(rf"^```{kind} example=(\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


FORMATS: dict[str, Callable[[Source], Any]] = {
    "record": lambda source: json.loads(RECORDS[named(source)]),
    "ocsf": ocsf,
    "ecs": ecs,
    "otel": lambda source: log_record(source, source.microseconds),
}
LINES: dict[str, Callable[[Source], str]] = {
    "cef": cef,
    "leef": leef,
    "syslog": lambda source: message(source, "{...}").decode(),
}


def named(source: Source) -> str:
    return next(name for name, each in SOURCES.items() if each == source)


@pytest.mark.parametrize("name", sorted(fences("json")))
def test_documents(name: str) -> None:
    kind, _, sample = name.partition("/")
    assert json.loads(fences("json")[name]) == json.loads(json.dumps(FORMATS[kind](SOURCES[sample])))


@pytest.mark.parametrize("name", sorted(fences("text")))
def test_lines(name: str) -> None:
    kind, _, sample = name.partition("/")
    assert fences("text")[name].rstrip("\n") == LINES[kind](SOURCES[sample])


def test_every_format_has_an_example() -> None:
    assert {name.partition("/")[0] for name in fences("json")} == set(FORMATS)
    assert {name.partition("/")[0] for name in fences("text")} == set(LINES)
    assert faults(json.loads(fences("json")["record/deny-shell"])) == []


def row(sample: str) -> str:
    """A line of the table of mappings, as the code has it."""
    source = SOURCES[sample]
    document: Any = ocsf(source)
    elastic: Any = ecs(source)
    effect = f", {document['action']}/{document['disposition']}" if "action" in document else ""
    kinds = f"{', '.join(elastic['event']['category'])} / {', '.join(elastic['event']['type'])}"
    return (
        f"| `{source.event.type}` | {sample} | {document['class_name']} {document['class_uid']}, "
        f"{document['activity_name']}{effect} | {kinds} ({elastic['event']['kind']}) | {severity(source.event).value} |"
    )


@pytest.mark.parametrize("sample", sorted(SOURCES))
def test_table_of_mappings(sample: str) -> None:
    assert row(sample) in PAGE


def test_every_type_is_in_the_table() -> None:
    assert [type_ for type_ in EventType if f"| `{type_}` |" not in PAGE] == []


@pytest.mark.parametrize("name", STREAMS)
def test_every_stream_destination_has_an_example_that_is_valid(name: str) -> None:
    values = tomllib.loads(fences("toml")[name])["destination"]
    ((_, given),) = values.items()
    assert given.pop("type") == name
    for key in SECRETS & given.keys():
        from tests.stubs.secops import Google

        given[key] = Google().account
    given = {
        key: "x" if isinstance(value, dict) and value.keys() <= {"env", "file"} else value
        for key, value in given.items()
    }
    settings = decode(destination(name).settings, given, f"destination.{name}")
    assert settings.problems() == {}


@pytest.mark.parametrize("name", STREAMS)
def test_every_setting_of_a_stream_destination_is_named(name: str) -> None:
    kind = destination(name).settings
    assert [field for field in kind.__struct_fields__ if f"`{field}`" not in PAGE] == []


def test_columns_of_the_table_of_sentinel() -> None:
    from spawngate.routing.destinations.sentinel import row as columns

    declared = json.loads(fences("sentinel")["columns"])["streamDeclarations"]["Custom-Spawngate_CL"]["columns"]
    given = json.loads(columns(SOURCES["deny-shell"]))
    types = {int: "int", str: "string"}
    expected = [{"name": key, "type": types[type(value)]} for key, value in given.items()]
    expected[0]["type"] = "datetime"
    assert declared == [{**each, "type": "long"} if each["name"] == "SequenceNumber" else each for each in expected]
    assert NOW.startswith("2026")

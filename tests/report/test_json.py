"""`report.json`: the document and its schema."""

import json
import math
from dataclasses import replace
from typing import Any, cast

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate import __version__
from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status, Transport
from spawngate.model.json import Json
from spawngate.model.observed import Diagnostic
from spawngate.model.snapshot import Change, Difference, Snapshot
from spawngate.report.json import render_json, schema
from spawngate.report.summary import summary
from spawngate.report.terminal import is_hidden
from tests.report.judged import JUDGEMENT
from tests.report.samples import CHANGES, EMPTY, SNAPSHOT, hostile

VALIDATOR = jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker())

SERVER = Artifact(
    kind=Kind.MCP_SERVER,
    id="i1",
    fingerprint="f1",
    agent="cursor",
    scope=Scope.USER,
    name="git",
    path="/home/ana/.cursor/mcp.json",
    status=Status.ENABLED,
    detail={"timeout": 5, "auto_approve": ["b", "a"]},
    launch=Launch(
        Transport.STDIO, command="uvx", args=("mcp-server-git",), env_names=("B", "A"), env={"B": "2", "A": "1"}
    ),
)
SMALL = Snapshot(
    endpoint="e1",
    host="laptop",
    platform="linux",
    taken_at="2026-11-20T09:30:12Z",
    homes=("/home/ana",),
    roots=(),
    artifacts=(SERVER, Artifact(Kind.CLI, "i2", "f2", "", Scope.USER, "codex", "/usr/bin/codex", Status.INSTALLED)),
    diagnostics=(Diagnostic("/b", "malformed", "line 1", "cursor"), Diagnostic("/a", "budget", "too many")),
    statistics={"seconds": 0.5, "files": 3},
)


def parsed(snapshot: Snapshot, changes: tuple[Change, ...] = ()) -> Any:
    """The rendered document, valid and decoded."""
    document = json.loads(render_json(snapshot, changes))
    VALIDATOR.validate(document)
    return document


def test_whole_document() -> None:
    server = {
        "kind": "mcp_server",
        "id": "i1",
        "fingerprint": "f1",
        "agent": "cursor",
        "scope": "user",
        "name": "git",
        "path": "/home/ana/.cursor/mcp.json",
        "status": "enabled",
        "detail": {"auto_approve": ["b", "a"], "timeout": 5},
        "launch": {
            "transport": "stdio",
            "command": "uvx",
            "args": ["mcp-server-git"],
            "env_names": ["B", "A"],
            "cwd": None,
            "url": None,
            "header_names": [],
            "package": None,
            "env": {"A": "1", "B": "2"},
            "env_file": None,
            "header_command": None,
            "digest": None,
        },
    }
    change = Change("changed", SERVER, (Difference("name", "got", "git"), Difference("detail", None, {"b": 1, "a": 2})))
    assert parsed(SMALL, (change,)) == {
        "schema_version": 1,
        "tool": {"name": "spawngate", "version": __version__},
        "endpoint": "e1",
        "host": "laptop",
        "platform": "linux",
        "taken_at": "2026-11-20T09:30:12Z",
        "homes": ["/home/ana"],
        "roots": [],
        "artifacts": [
            {
                "kind": "cli",
                "id": "i2",
                "fingerprint": "f2",
                "agent": "",
                "scope": "user",
                "name": "codex",
                "path": "/usr/bin/codex",
                "status": "installed",
                "detail": {},
            },
            server,
        ],
        "findings": [],
        "advisories": [],
        "changes": [
            {
                "change": "changed",
                "artifact": server,
                "differences": [
                    {"path": "detail", "old": None, "new": {"a": 2, "b": 1}},
                    {"path": "name", "old": "got", "new": "git"},
                ],
            }
        ],
        "diagnostics": [
            {"path": "/a", "reason": "budget", "message": "too many", "agent": ""},
            {"path": "/b", "reason": "malformed", "message": "line 1", "agent": "cursor"},
        ],
        "summary": summary(SMALL),
        "statistics": {"files": 3, "seconds": 0.5},
    }


def test_form_of_the_text() -> None:
    text = render_json(SMALL, ()).decode()
    assert text.startswith('{\n  "schema_version": 1,\n  "tool": {\n    "name": "spawngate",')
    assert text.endswith('\n  "statistics": {\n    "files": 3,\n    "seconds": 0.5\n  }\n}\n')


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert json.loads(json.dumps(schema())) == schema()


@pytest.mark.parametrize("sample", [(SNAPSHOT, CHANGES), (EMPTY, ()), (SMALL, ()), hostile()])
def test_documents_are_valid_and_show_nothing_hidden(sample: tuple[Snapshot, tuple[Change, ...]]) -> None:
    parsed(*sample)
    text = render_json(*sample).decode()
    assert [character for character in text.replace("\n", "") if is_hidden(character)] == []


def test_hidden_characters_survive_as_escapes() -> None:
    name = "\x9b2J\u202e\U000e0041\x7f日本"
    snapshot = replace(SMALL, host=name)
    assert parsed(snapshot)["host"] == name
    assert b'"host": "\\u009b2J\\u202e\\udb40\\udc41\\u007f\xe6\x97\xa5\xe6\x9c\xac"' in render_json(snapshot, ())


def test_order_of_the_input_does_not_matter() -> None:
    backwards = replace(
        SNAPSHOT,
        artifacts=tuple(
            replace(artifact, detail=dict(reversed(list(artifact.detail.items()))))
            for artifact in SNAPSHOT.artifacts[::-1]
        ),
        diagnostics=SNAPSHOT.diagnostics[::-1],
        statistics=dict(reversed(list(SNAPSHOT.statistics.items()))),
    )
    assert render_json(backwards, CHANGES[::-1]) == render_json(SNAPSHOT, CHANGES)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (2**64 - 1, 2**64 - 1),
        (2**64, "0x10000000000000000"),
        (-(2**63) - 1, "-0x8000000000000001"),
        ("file\udcff", "file\\udcff"),
        ({"key\ud800": ["\udfff"]}, {"key\\ud800": ["\\udfff"]}),
        ((1, (2,)), [1, [2]]),
    ],
)
def test_what_json_cannot_say_becomes_text(value: Json, written: object) -> None:
    assert parsed(replace(SMALL, statistics={"value": value}))["statistics"] == {"value": written}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=())), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_detail_gives_a_valid_document(value: Json) -> None:
    snapshot = replace(SMALL, artifacts=(replace(SERVER, detail={"value": value}),))
    document = parsed(snapshot)
    assert render_json(snapshot, ()).count(b"\n") >= 1
    assert "value" in document["artifacts"][0]["detail"]


def test_readers_accept_a_kind_they_do_not_know() -> None:
    alien = replace(SERVER, kind=cast(Kind, "model_weights"), launch=None)
    assert parsed(replace(SMALL, artifacts=(alien,)))["artifacts"][0]["kind"] == "model_weights"


def test_a_server_without_a_definition_says_so() -> None:
    assert parsed(replace(SMALL, artifacts=(replace(SERVER, launch=None),)))["artifacts"][0]["launch"] is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda document: document.update(extra=1),
        lambda document: document.pop("summary"),
        lambda document: document["findings"].append({}),
        lambda document: document["artifacts"][1].update(tier="trusted"),
        lambda document: document["artifacts"][1].pop("launch"),
        lambda document: document["artifacts"][1]["launch"].update(env={"A": 1}),
        lambda document: document["artifacts"][0].update(status="asleep"),
        lambda document: document["summary"]["servers"].update(total=-1),
        lambda document: document.update(schema_version=2),
    ],
)
def test_the_schema_refuses_other_documents(damage: Any) -> None:
    document = parsed(SMALL)
    damage(document)
    assert not VALIDATOR.is_valid(document)


def test_judgement_is_part_of_the_document() -> None:
    document = json.loads(render_json(SNAPSHOT, CHANGES, JUDGEMENT))
    VALIDATOR.validate(document)
    assert len(document["findings"]) == len(JUDGEMENT.findings)
    assert len(document["advisories"]) == len(JUDGEMENT.matches)
    severities = [finding["severity"] for finding in document["findings"]]
    ranks = ["critical", "high", "medium", "low", "info"]
    assert severities == sorted(severities, key=ranks.index)
    judged = {item["id"]: item for item in document["artifacts"] if "tier" in item}
    assert set(judged) == set(JUDGEMENT.tiers)
    for key, item in judged.items():
        assert item["tier"] == JUDGEMENT.tiers[key].tier
        assert item["signals"] == list(JUDGEMENT.tiers[key].signals)
        assert item["capabilities"] == list(JUDGEMENT.capabilities.get(key, ()))
    unjudged = json.loads(render_json(SNAPSHOT, CHANGES))
    assert (unjudged["findings"], unjudged["advisories"]) == ([], [])

"""The checklist's document: valid against its schema, readable, nothing hostile acts."""

import json
from dataclasses import replace
from typing import Any

from jsonschema import Draft202012Validator

from spawngate.report.checklist import Evidence, ServerLine, render_json, render_text, schema
from spawngate.report.checklist_answers import checklist
from spawngate.report.terminal import is_hidden
from tests.report.code_hostile import ALL
from tests.report.test_checklist_answers import GOOD

VALIDATOR = Draft202012Validator(schema())


def document(evidence: Evidence) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render_json(checklist(evidence)))
    assert [error.message for error in VALIDATOR.iter_errors(found)] == []
    return found


def test_the_document() -> None:
    Draft202012Validator.check_schema(schema())
    found = document(GOOD)
    assert [item["number"] for item in found["questions"]] == [1, 2, 3, 4, 5, 6]
    assert [item["answer"] for item in found["questions"]] == ["yes"] * 6
    assert (found["schema_version"], found["host"], found["platform"]) == (1, "laptop", "linux")
    broken = {**found, "questions": [{**found["questions"][0], "answer": "maybe"}]}
    assert [error.validator for error in VALIDATOR.iter_errors(broken)] == ["enum"]


def test_the_text() -> None:
    lines = render_text(checklist(GOOD)).splitlines()
    assert lines[:5] == [
        "laptop (linux), 2026-11-22T00:00:00Z",
        "",
        "1. YES    Which MCP servers are configured, with command and arguments of each STDIO server?",
        "   1 MCP server of 1 agent on this machine, 1 of them started as processes.",
        "     files (cursor, user, enabled): npx -y files@1",
    ]
    assert not any("missing" in line for line in lines)


def test_colour_is_only_colour() -> None:
    painted = render_text(checklist(GOOD), color=True)
    assert painted.replace("\x1b[1;32m", "").replace("\x1b[0m", "") == render_text(checklist(GOOD))


def test_many_lines_are_counted() -> None:
    servers = tuple(
        ServerLine(f"s{number}", "cursor", "user", f"/p{number}", "enabled", "stdio", "" if number % 2 else "npx")
        for number in range(80)
    )
    text = render_text(checklist(replace(GOOD, servers=servers)))
    assert "     and 55 more (--format json has all)" in text
    assert "   missing: and 15 more (--format json has all)" in text


def test_hostile_texts_do_not_act() -> None:
    bad = replace(
        GOOD,
        host=ALL,
        servers=(ServerLine(ALL, ALL, ALL, ALL, ALL, ALL, ALL),),
        unread=((ALL, ALL),),
        direct=(ALL,),
        tampered=(ALL,),
    )
    document(bad)
    for text in (render_text(checklist(bad)), render_json(checklist(bad)).decode()):
        assert [character for character in text.replace("\n", "") if is_hidden(character)] == []

"""The code scan's HTML: no text of a project becomes markup, and every step of a path is told."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest

from spawngate.codescan.finding import Grade
from spawngate.codescan.outcome import Outcome
from spawngate.report.code_html import render_html
from spawngate.report.terminal import escape, is_hidden
from tests.codescan.findings import OUTCOME, RESULT, finding
from tests.report.code_hostile import HOSTILE, hostile
from tests.report.test_code_json import NO_MCP
from tests.report.test_html import ATTRIBUTES, TAGS, Seen


def seen(*outcomes: Outcome) -> Seen:
    return Seen(render_html(outcomes).decode())


@pytest.mark.parametrize("outcomes", [(OUTCOME,), (NO_MCP,), (hostile(),), (OUTCOME, hostile(), NO_MCP), ()])
def test_no_text_becomes_markup(outcomes: tuple[Outcome, ...]) -> None:
    page = render_html(outcomes).decode("utf-8")
    found = Seen(page)
    assert found.open == []
    assert found.tags - TAGS == set()
    assert found.attributes - ATTRIBUTES == set()
    assert [character for character in page.replace("\n", "") if is_hidden(character)] == []
    assert [link for link in found.links if not link.startswith(("#", "https://"))] == []
    assert len(found.anchors) == len(set(found.anchors))


def test_the_file_needs_nothing_else_and_forbids_it() -> None:
    found = seen(OUTCOME)
    digest = b64encode(sha256(found.style.encode()).digest()).decode()
    assert found.policy == (f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
    assert re.findall(r"@import|url\(|expression|src=", found.style) == []


def test_hostile_texts_are_shown() -> None:
    found = seen(hostile())
    assert [text for text in HOSTILE if escape(text).strip() not in found.text] == []


def test_every_step_guard_and_launch_is_told() -> None:
    text = seen(OUTCOME).text
    wanted = [hop.text for item in RESULT.findings for hop in item.trace]
    wanted += [guard.name for item in RESULT.findings for guard in item.guards]
    wanted += [report.site.text for report in RESULT.sites]
    wanted += [finding().remediation, finding().why, "not seen through: result of load() at src/odd.py:9", "mcp 1.9.4"]
    assert [item for item in wanted if item not in text] == []


def test_information_and_suppressed_findings_take_one_row() -> None:
    result = replace(RESULT, findings=(finding(grade=Grade.INFO), finding(suppressed="known to ann")))
    found = seen(replace(OUTCOME, result=result))
    assert "known to ann" in found.text
    assert [anchor for anchor in found.anchors if anchor.startswith("path-")] == []

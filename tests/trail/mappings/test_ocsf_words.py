"""Numbers and captions of OCSF against the table made from the official schema."""

import pytest

from spawngate.model.json import Json
from spawngate.trail.mappings import ocsf_words as words
from tests.trail.mappings.ocsf_check import CLASSES, TABLE


@pytest.mark.parametrize("number", words.CLASSES)
def test_classes(number: int) -> None:
    caption, category, category_name, activities = words.CLASSES[number]
    given = TABLE["classes"][CLASSES[number]]
    attributes = given["attributes"]
    assert caption == given["caption"]
    assert list(attributes["category_uid"]["enum"].items()) == [(str(category), category_name)]
    known = attributes["activity_id"]["enum"]
    assert {number: known[str(number)] for number in activities} == activities


def test_words() -> None:
    attributes = TABLE["classes"]["process_activity"]["attributes"]
    for verdict in ("allow", "log", "ask", "deny", "odd"):
        for mode in ("enforce", "monitor"):
            action, disposition = words.control(verdict, mode)
            assert attributes["action_id"]["enum"][str(action[0])] == action[1]
            assert attributes["disposition_id"]["enum"][str(disposition[0])] == disposition[1]
    for number, caption in words.STATUS.values():
        assert attributes["status_id"]["enum"][str(number)] == caption
    for level, number in words.SEVERITIES.items():
        assert attributes["severity_id"]["enum"][str(number)] == level.capitalize().replace("Info", "Informational")
    for confidence, number in words.CONFIDENCES.items():
        assert attributes["confidence_id"]["enum"][str(number)] == confidence.capitalize()
    assert words.control("deny", "monitor") == ((3, "Observed"), (19, "Alert"))


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        (["CWE-78", "OWASP-MCP05", "T1202x", "XT1202", ""], []),
        (["T1202", "T1202"], [{"technique": {"uid": "T1202"}}]),
        (
            ["https://attack.mitre.org/techniques/T1059/006/"],
            [{"technique": {"uid": "T1059"}, "sub_technique": {"uid": "T1059.006"}}],
        ),
        (["AML.T0053"], [{"technique": {"uid": "AML.T0053"}}]),
    ],
)
def test_attacks(references: list[str], expected: list[Json]) -> None:
    assert words.attacks(references) == expected

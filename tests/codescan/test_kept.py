"""What is remembered of a scan: enough, and no source."""

from dataclasses import replace

import msgspec
import pytest

from spawngate.codescan.finding import Grade
from spawngate.codescan.kept import Kept, KeptFinding, KeptProject, KeptSdk, identity, keep
from spawngate.codescan.outcome import against
from tests.codescan.findings import GUARDED, OUTCOME, RESULT, finding
from tests.report.code_hostile import hostile


def test_the_whole_record() -> None:
    held = replace(RESULT, findings=(finding(), replace(GUARDED, suppressed="known", fingerprint="f00d")))
    kept = keep(replace(OUTCOME, result=held), "1.0")
    assert kept == Kept(
        schema_version=1,
        id=identity("/srv/shop"),
        root="/srv/shop",
        name="shop",
        taken_at="2026-11-22T00:00:00Z",
        version="1.0",
        mcp=True,
        incomplete=True,
        findings=(
            KeptFinding(
                fingerprint=finding().fingerprint,
                rule="mcp-launch-http",
                grade="high",
                title=finding().title,
                path="src/tools.py",
                line=12,
                slots=("args", "command"),
                source="http",
                source_path="src/api.py",
                source_line=30,
                guards=(),
                cost=3,
                remediation=finding().remediation,
                advisories=("CVE-2026-30623",),
            ),
        ),
        suppressed=("f00d",),
        sites={"external": 2, "parameter": 0, "unresolved": 1, "guarded": 0, "constant": 1},
        projects=(
            KeptProject(
                "",
                "shop",
                (
                    KeptSdk("PyPI", "mcp", "python", True, "1.9.4"),
                    KeptSdk("PyPI", "fastmcp", "python", False, ""),
                ),
                True,
                2,
                {"external": 2, "parameter": 0, "unresolved": 1, "guarded": 0, "constant": 1},
            ),
            KeptProject(
                "ui",
                "ui",
                (KeptSdk("npm", "@modelcontextprotocol/sdk", "javascript", True, "^1.2.0"),),
                False,
                None,
                {"external": 0, "parameter": 0, "unresolved": 0, "guarded": 0, "constant": 0},
            ),
        ),
    )
    assert [kept.graded(grade) for grade in (Grade.HIGH, Grade.MEDIUM)] == [1, 0]


def test_no_line_of_source_is_kept() -> None:
    written = msgspec.json.encode(keep(OUTCOME, "1.0")).decode()
    texts = {hop.text for item in RESULT.findings for hop in item.trace} | {site.site.text for site in RESULT.sites}
    assert [text for text in texts if text in written] == []


def test_hostile_names_can_be_kept() -> None:
    kept = keep(hostile(), "1.0")
    assert msgspec.json.decode(msgspec.json.encode(kept), type=Kept) == kept


def test_a_comparison_is_not_kept() -> None:
    with pytest.raises(AssertionError):
        keep(against(OUTCOME, "main", "00ff", frozenset()), "1.0")


def test_trees_have_ids_of_their_folders() -> None:
    assert identity("/srv/shop") != identity("/srv/shop2")
    assert len(identity("odd\udcff")) == 16

"""Every construct of every language, vulnerable and safe: the fixtures under `tests/fixtures/codescan`.

`expected.json` beside each pair of twins names, for each twin, the findings above info: grade, slot, kind of source,
and the place of the launch. A twin that is only lower names its guard as well.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from spawngate.codescan.finding import CodeFinding, Grade
from spawngate.codescan.models.load import shipped
from spawngate.codescan.models.model import Language, Models
from spawngate.codescan.scan import scan

FIXTURES = Path(__file__).parents[1] / "fixtures" / "codescan"
CONSTRUCTS = sorted(path.parent for path in FIXTURES.glob("*/*/expected.json"))
TWINS = [(folder, twin) for folder in CONSTRUCTS for twin in ("vulnerable", "safe")]


@cache
def models() -> Models:
    return shipped(frozenset(Language))


def sources(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def shown(finding: CodeFinding, wanted: list[dict[str, Any]]) -> dict[str, Any]:
    """A finding in the words of `expected.json`; of several slots the one that is expected there."""
    sink = f"{finding.site.path}:{finding.site.line}"
    names = [slot.partition("[")[0] for slot in finding.slots]
    slot = next((each["slot"] for each in wanted if each["sink"] == sink and each["slot"] in names), names[0])
    return {"grade": finding.grade.value, "slot": slot, "source": finding.source.value, "sink": sink}


def best(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One for each launch and source, worst first: a launch that two handlers reach is one expectation."""
    out: dict[tuple[str, str], dict[str, Any]] = {}
    for finding in findings:
        out.setdefault((finding["sink"], finding["source"]), finding)
    return sorted(out.values(), key=lambda each: (each["sink"], each["source"]))


@pytest.mark.parametrize(("folder", "twin"), TWINS, ids=[f"{a.parent.name}/{a.name}/{b}" for a, b in TWINS])
def test_construct(folder: Path, twin: str) -> None:
    expected = json.loads((folder / "expected.json").read_text())
    wanted = [
        {"grade": each["grade"], "slot": each["slot"].partition("[")[0], "source": each["source"], "sink": each["sink"]}
        for each in expected[twin]
    ]
    result = scan(sources(folder / twin), models())
    told = [finding for finding in result.findings if finding.grade.rank > Grade.INFO.rank]
    assert best([shown(finding, wanted) for finding in told]) == best(wanted)
    for each in expected[twin]:
        if "guard" in each:
            assert any(finding.guards for finding in told)


def test_every_construct_has_both_twins() -> None:
    lacking = [f"{each.parent.name}/{each.name}" for each in CONSTRUCTS if not (each / "vulnerable").is_dir()]
    lacking += [f"{each.parent.name}/{each.name}" for each in CONSTRUCTS if not (each / "safe").is_dir()]
    assert lacking == []

"""Ends, notes and sandboxes of decisions; what they do is tested through the API and the pages."""

import pytest

from spawngate.model.errors import UsageError
from spawngate.policy.confinement import Confinement
from spawngate.server.deciding import LONGEST_NOTE, confinement, moment, noted
from tests.server.fleetdata import NOW


@pytest.mark.parametrize(
    ("given", "end"),
    [
        (None, None),
        ("", ""),
        ("2026-11-21", "2026-11-21T23:59:59.999999Z"),
        ("2026-12-31T01:00:00+01:00", "2026-12-31T00:00:00.000000Z"),
    ],
)
def test_an_end_is_a_day_or_a_time(given: str | None, end: str | None) -> None:
    assert moment(given, NOW) == end


@pytest.mark.parametrize("given", ["2026-11-20", "2026-13-01", "soon", NOW, "2026-12-31T00:00:00"])
def test_an_end_that_is_none_or_over(given: str) -> None:
    with pytest.raises(UsageError, match="end"):
        moment(given, NOW)


def test_a_note_is_one_line_in_bounds() -> None:
    assert noted(" a\n\tb ") == "a b"
    assert len(noted("x" * 5_000)) == LONGEST_NOTE


def test_a_sandbox_is_stated_or_refused() -> None:
    assert confinement({"read": ["~/src"], "network": "1"}) == Confinement(read=("~/src",), network=True)
    assert confinement({"off": True}) == Confinement(off=True)
    for wrong in ({"read": ["src"]}, {"hosts": ["a b"]}, {"network": True, "hosts": ["a.test"]}):
        with pytest.raises(UsageError, match="sandbox: "):
            confinement(wrong)

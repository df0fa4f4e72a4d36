"""Every agent's fixture gives exactly the records that its expected file holds."""

import json

import pytest

from tests.agents.golden import FIXTURES, fixtures, found, unreached


@pytest.mark.parametrize(("kind", "name"), fixtures(), ids=lambda value: value)
def test_fixture(kind: str, name: str) -> None:
    expected = json.loads((FIXTURES / kind / name / "expected.json").read_text(encoding="utf-8"))
    assert found(kind, name) == expected


@pytest.mark.parametrize(("kind", "name"), fixtures(), ids=lambda value: value)
def test_every_form_of_location_is_reached(kind: str, name: str) -> None:
    """A form of file that no fixture has is a guess that nothing checks."""
    assert unreached(kind, name) == []


@pytest.mark.parametrize(("kind", "name"), fixtures(), ids=lambda value: value)
def test_no_reader_raised(kind: str, name: str) -> None:
    text = json.dumps(found(kind, name))
    assert "reader failed" not in text

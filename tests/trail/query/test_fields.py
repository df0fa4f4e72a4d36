"""The table of fields."""

from spawngate.trail.query.fields import FIELDS, Field, field_of


def test_short_names_and_dotted_paths() -> None:
    assert field_of("verdict") is FIELDS["verdict"]
    assert field_of("detail.what") == Field(("detail.what",))
    assert [field_of(name) for name in ("nothing", ".", "")] == [None] * 3

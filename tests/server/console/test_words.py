"""Short forms for people."""

import pytest

from spawngate.server.console import words

NOW = "2026-11-21T12:00:00.000000Z"


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("", "never"),
        (NOW, "now"),
        ("2026-11-21T11:59:30.000000Z", "30 s ago"),
        ("2026-11-21T11:57:00.000000Z", "3 min ago"),
        ("2026-11-21T07:00:00.000000Z", "5 h ago"),
        ("2026-11-01T12:00:00.000000Z", "20 d ago"),
        ("2026-05-01T12:00:00.000000Z", "2026-05-01"),
        ("2026-11-23T12:00:00.000000Z", "in 2 d"),
        ("rubbish", "rubbish"),
        ("2026-11-21T12:00:00", "2026-11-21T12:00:00"),
    ],
)
def test_how_long_ago(at: str, told: str) -> None:
    assert words.ago(at, NOW) == told


def test_numbers_and_digests() -> None:
    assert [words.brief(each) for each in (7, 9_999, 12_345, 120_000, 4_100_000)] == [
        "7",
        "9,999",
        "12.3 k",
        "120 k",
        "4.1 M",
    ]
    assert (words.plural(1, "endpoint"), words.plural(2_000, "endpoint")) == ("1 endpoint", "2,000 endpoints")
    assert words.plural(2, "advisory", "advisories") == "2 advisories"
    assert (words.short("abcdefghijklmnop"), words.short("sha256:abcdefghijklmnop")) == (
        "abcdefghijkl",
        "sha256:abcdefghijkl",
    )
    assert words.exact("2026-11-21T12:34:56.000000Z") == "2026-11-21 12:34:56 UTC"
    assert words.exact("short") == "short"


def test_tones_are_of_the_style_sheet() -> None:
    assert set(words.TONES.values()) <= {"critical", "bad", "warn", "calm", "good", "off"}
    assert (words.tone("deny"), words.tone("<x>")) == ("bad", "off")


def test_titles_inside_of_a_sentence() -> None:
    titles = ("Skill", "MCP server", "CLIs", "Instructions", "", "A", "hook")
    assert [words.inside(each) for each in titles] == ["skill", "MCP server", "CLIs", "instructions", "", "a", "hook"]

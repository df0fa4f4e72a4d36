"""`report.table`: the whole text, its width, its colours and its deafness to markup."""

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from spawngate import __version__
from spawngate.model.snapshot import Change, Snapshot
from spawngate.report.table import render_table
from spawngate.report.terminal import is_hidden
from tests.report.samples import CHANGES, EMPTY, SNAPSHOT, hostile

EXPECTED = Path(__file__).with_name("table_100.txt")
_COLOR = re.compile(r"\x1b\[[0-9;]*m")

SAMPLES = [(SNAPSHOT, CHANGES), (EMPTY, ()), hostile()]


def test_the_sample_at_100_columns() -> None:
    shown = render_table(SNAPSHOT, CHANGES, 100, False).replace(f"Spawngate {__version__}", "Spawngate VERSION")
    assert shown == EXPECTED.read_text(encoding="utf-8")


def test_an_empty_inventory() -> None:
    assert render_table(EMPTY, (), 100, False) == (
        f"Spawngate {__version__}  inventory of ana-laptop (linux), 2026-11-20 09:30 UTC\n"
        "\n"
        "Found        nothing\n"
        "Homes        /home/ana\n"
    )


@pytest.mark.parametrize("width", [1, 40, 60, 80, 100, 133, 240])
@pytest.mark.parametrize("sample", SAMPLES)
def test_no_line_is_wider_than_asked(sample: tuple[Snapshot, tuple[Change, ...]], width: int) -> None:
    lines = render_table(*sample, width, False).splitlines()
    assert max(cell_len(line) for line in lines) <= max(width, 40)


@pytest.mark.parametrize("sample", SAMPLES)
def test_without_colour_there_is_no_control_character(sample: tuple[Snapshot, tuple[Change, ...]]) -> None:
    shown = render_table(*sample, 100, False).replace("\n", "")
    assert [character for character in shown if is_hidden(character)] == []


@pytest.mark.parametrize("sample", SAMPLES)
def test_colour_adds_only_colour(sample: tuple[Snapshot, tuple[Change, ...]]) -> None:
    coloured = render_table(*sample, 100, True)
    assert coloured.count("\x1b") == len(_COLOR.findall(coloured)) > 0
    plain = "\n".join(line.rstrip() for line in _COLOR.sub("", coloured).splitlines()) + "\n"
    assert plain == render_table(*sample, 100, False)


def test_markup_and_emoji_codes_are_text() -> None:
    shown = render_table(*hostile(), 200, False)
    assert "Skill [bold red]markup[/]" in shown

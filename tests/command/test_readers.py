"""The table of readers."""

import pytest

from spawngate.command.acts import ACTS
from spawngate.command.readers import MODULES, reader_of
from spawngate.command.tools import files, interpreters


def test_a_program_stands_in_one_module_only() -> None:
    names = [name for module in MODULES for name in module.READERS]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("rm", files.rm),
        ("python3.12", interpreters.python),
        ("python", interpreters.python),
        ("perl5.36", interpreters.script),
    ],
)
def test_versions_are_the_same_program(name: str, reader: object) -> None:
    assert reader_of(name) is reader


def test_what_is_not_known_has_none() -> None:
    assert reader_of("frobnicate") is None
    assert reader_of("") is None


def test_acts_are_words() -> None:
    assert [name for name, meaning in ACTS.items() if not name.replace("-", "").isalpha() or not meaning] == []

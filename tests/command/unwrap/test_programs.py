"""Names that are recognised behind options that could not be read."""

from spawngate.command.unwrap.programs import PROGRAMS
from spawngate.launch.argv import program


def test_names_are_as_they_are_looked_up() -> None:
    assert [name for name in PROGRAMS if program(name) != name] == []


def test_no_name_is_a_common_value_of_an_option() -> None:
    """Users, levels, files and numbers must not be taken for programs."""
    assert PROGRAMS & {"root", "nobody", "x", "a", "0", "kill-signal", "always", "none", "out", "log", "main"} == set()

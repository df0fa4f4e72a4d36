"""Programs under another name."""

import pytest

from spawngate.command.parse import read
from spawngate.command.renamed import renamed
from tests.command.told import acts


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("cp /bin/rm ./t; ./t -rf /", {1: "rm"}),
        ("ln -s /usr/bin/curl x && ./x https://a", {1: "curl"}),
        ("cat /bin/nc > t; chmod +x t; ./t", {2: "nc"}),
        ('cp "$(command -v shred)" ./t; ./t x', {2: "shred"}),
        ("cp a b; ./b", {}),
        ("cp /bin/ls /bin/ls; ls", {}),
    ],
)
def test_names(command: str, expected: dict[int, str]) -> None:
    assert renamed(read(command)) == expected


def test_a_renamed_program_acts_as_what_it_is() -> None:
    assert {"delete-tree", "odd-spelling"} <= set(acts("cp /bin/rm ./t; ./t -rf /"))

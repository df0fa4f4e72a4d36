"""`spawngate server`: what it holds."""

from click.testing import CliRunner

from spawngate.cli.server import PARTS, command


def test_it_lists_its_parts() -> None:
    result = CliRunner().invoke(command, ["--help"])
    assert result.exit_code == 0
    assert "route      Which events go where" in result.output
    assert "run        Serve a fleet" in result.output


def test_every_part_is_there_and_says_what_it_does() -> None:
    for name in PARTS:
        result = CliRunner().invoke(command, [name, "--help"])
        assert (result.exit_code, name in result.output.splitlines()[0]) == (0, True), result.output

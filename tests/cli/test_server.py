"""`spawngate server`: what it holds."""

from click.testing import CliRunner

from spawngate.cli.server import command


def test_it_lists_its_parts() -> None:
    result = CliRunner().invoke(command, ["--help"])
    assert result.exit_code == 0
    assert "route  Which events go where" in result.output

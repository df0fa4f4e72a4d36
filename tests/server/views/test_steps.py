"""What to do next."""

import pytest
from click.testing import CliRunner

from spawngate.cli import cli
from spawngate.server.views.steps import Step, steps


@pytest.mark.parametrize("local", [False, True])
@pytest.mark.parametrize("empty", [False, True])
@pytest.mark.parametrize("number", range(1, 7))
def test_every_question_has_a_next_step_that_can_be_taken(number: int, empty: bool, local: bool) -> None:
    """Each names a page or a command; every command is one that the command line knows."""
    found = steps(number, local=local, empty=empty, base="https://gate.example")
    assert found
    for step in found:
        assert bool(step.command) is not bool(step.path) is (step.needs is not None)
        if step.command:
            _, name, *rest = step.command.split()
            text = CliRunner().invoke(cli, [name, "--help"]).output
            assert "Usage:" in text
            assert all(option in text for option in rest if option.startswith("--"))


def test_a_server_without_endpoints_says_how_they_come() -> None:
    assert steps(5, local=False, empty=True, base="https://gate.example")[1] == Step(
        "Then, on each machine, or by your device management:", "spawngate enroll --server https://gate.example"
    )

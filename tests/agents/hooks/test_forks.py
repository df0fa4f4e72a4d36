"""A copy of Claude Code's hook differs in its id and its file, and in nothing else."""

from dataclasses import replace

from spawngate.agents.hooks.entries import command, grouped, informing
from spawngate.agents.hooks.forks import fork
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.model.artifact import Scope


def test_registration() -> None:
    assert fork("qoder", "~/.qoder/settings.json").registration == Registration(
        files=(
            HookFile(
                "~/.qoder/settings.json",
                Scope.USER,
                insertions=(grouped("PreToolUse", command(10)), *informing(command(10))),
            ),
        )
    )


def test_two_copies_differ_in_nothing_else() -> None:
    one, other = fork("codebuddy", "~/a.json"), fork("qoder", "~/a.json")
    assert replace(one, decode=other.decode, encode=other.encode) == other

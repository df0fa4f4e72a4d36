"""Grammars as data."""

from spawngate.launch.argv import Grammar
from spawngate.launch.grammar import known

GRAMMARS = {name: value for name, value in vars(known).items() if isinstance(value, Grammar)}


def test_no_option_is_both_a_flag_and_takes_a_value() -> None:
    assert {name for name, grammar in GRAMMARS.items() if grammar.values & grammar.flags} == set()


def test_every_option_is_spelled_with_its_dashes() -> None:
    wrong = [
        word for grammar in GRAMMARS.values() for word in grammar.values | grammar.flags if not word.startswith("-")
    ]
    assert wrong == []


def test_the_launchers_are_there() -> None:
    assert {"NPM", "PNPM", "YARN", "BUN", "UVX", "UV_RUN", "PIPX", "DOCKER", "PODMAN", "DNX", "DENO", "GO"} <= set(
        GRAMMARS
    )

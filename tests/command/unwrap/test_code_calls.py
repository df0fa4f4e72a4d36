"""The table of calls."""

from spawngate.command.unwrap.code_calls import LANGUAGES


def test_every_language_knows_a_call() -> None:
    assert [name for name, calls in LANGUAGES.items() if not (calls.text | calls.words | calls.line | calls.code)] == []


def test_what_counts_only_with_an_owner_is_a_call() -> None:
    assert [name for name, calls in LANGUAGES.items() if not calls.owned <= calls.text] == []

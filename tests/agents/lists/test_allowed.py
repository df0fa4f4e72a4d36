"""Which servers may go into a list."""

from spawngate.agents.lists.allowed import listed
from tests.agents.lists.servers import ALL, DOCS, FILES, KEYED, LEFT_OUT


def test_a_secret_keeps_a_server_out() -> None:
    assert listed(ALL) == ([DOCS, FILES], list(LEFT_OUT))


def test_a_list_of_names_holds_no_command_line() -> None:
    assert listed(reversed(ALL), by_name=True) == ([DOCS, FILES, KEYED], [])


def test_only_an_address_without_a_command_is_remote() -> None:
    assert [each.is_remote for each in (FILES, DOCS, KEYED)] == [False, True, False]

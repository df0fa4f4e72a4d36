"""The attacks by the environment: each has a server to attack, and the launcher gets the whole table."""

from bench.launch_environment import SERVERS, STARTS, attacks, of_loaders

from spawngate.launch.environment import _TABLE  # all of it


def test_every_attack_has_its_server() -> None:
    assert {runtime for runtime, _ in attacks()} == set(STARTS)
    scripts = {words[1] for words in STARTS.values()} - {"server.py", "-cp"}
    assert {path.name for path in SERVERS.iterdir()} == {*scripts, "Server.java"}


def test_no_attack_is_there_twice() -> None:
    found = [(runtime, tuple(variables.items())) for runtime, variables in attacks()]
    assert len(found) == len(set(found))


def test_the_launcher_is_given_every_variable_that_is_known() -> None:
    assert set(_TABLE) <= set(of_loaders())

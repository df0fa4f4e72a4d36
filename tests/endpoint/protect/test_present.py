"""Which agents are here."""

from spawngate.endpoint.protect.present import Surroundings, present, version_of
from tests.endpoint.protect.conftest import Place


def test_agents_with_traces_are_here(place: Place) -> None:
    assert present(place.around) == {}
    place.write(".claude.json", b"{}")
    place.write(".local/share/claude/versions/2.1.300", b"")
    found = present(place.around)
    assert set(found) == {"claude-code"}
    assert version_of(None) == ""
    assert isinstance(version_of(found["claude-code"]), str)


def test_variables_count_for_the_own_home_alone(place: Place) -> None:
    other = Surroundings(str(place.home), place.state)
    assert other.machinery.home.environment == {}
    assert Surroundings(str(place.home), place.state, "", {"A": "b"}).machinery.home.environment == {"A": "b"}

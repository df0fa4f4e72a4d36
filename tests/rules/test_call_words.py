"""The words of rules about calls agree with what the analysis can say."""

from spawngate.command.acts import ACTS
from spawngate.command.places import PLACES
from spawngate.rules.call_words import CALL, CHANGE, SPAWN
from spawngate.rules.vocabulary import Type


def test_types_and_defaults() -> None:
    assert (SPAWN.types["acts"], SPAWN.defaults["acts"]) == (Type.TEXTS, ())
    assert (CALL.types["kind"], CALL.defaults["kind"] in CALL.words["kind"]) == (Type.TEXT, True)
    assert (CHANGE.types["what"], CHANGE.defaults["change"] in CHANGE.words["change"]) == (Type.TEXT, True)


def test_closed_lists_are_those_of_the_analysis() -> None:
    assert (SPAWN.words["acts"], CALL.words["acts"]) == (frozenset(ACTS), frozenset(ACTS))
    assert SPAWN.words["write_places"] == CALL.words["write_places"] == frozenset(PLACES)

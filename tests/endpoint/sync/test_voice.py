"""What is said once."""

from spawngate.endpoint.sync.voice import Voice
from spawngate.endpoint.sync.words import Word


def test_trouble_is_said_once_for_as_long_as_it_is_the_same() -> None:
    words: list[Word] = []
    voice = Voice(words.append)
    voice.once("a", "x", "broken", "first")
    voice.once("a", "x", "broken", "again")
    voice.once("b", "x", "other", "of another kind")
    voice.once("a", "y", "broken", "another")
    voice.settled("a")
    voice.once("a", "y", "broken", "once more")
    voice.settled("c")
    voice.say(Word("administration", {}, "plain"))
    assert [word.message for word in words] == ["first", "of another kind", "another", "once more", "plain"]
    assert words[0] == Word("self-protection", {"what": "broken"}, "first")

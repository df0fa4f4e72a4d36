"""Expected contents: known once, for a while, and not without bound."""

from spawngate.endpoint.daemon.expected import MOST, SECONDS, Expected


def test_once_and_for_a_while() -> None:
    now = [0.0]
    expected = Expected(lambda: now[0])
    expected({"/a": ("1", "2"), "/b": ("1",)})
    assert [expected.take("/a", "1"), expected.take("/a", "1"), expected.take("/a", "3")] == [True, False, False]
    now[0] = SECONDS
    assert expected.take("/b", "1") is False


def test_bounded() -> None:
    expected = Expected()
    for number in range(MOST + 10):
        expected({"/a": (str(number),)})
    assert [expected.take("/a", str(number)) for number in (0, 9, 10, MOST + 9)] == [False, False, True, True]

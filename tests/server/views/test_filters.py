"""What an address asks of a list, and how addresses change."""

import time
from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from spawngate.server.views.filters import LONGEST, MOST, MOST_VALUES, MOST_WORDS, PAGE, Address, Filters

FACETS = ("state", "agent")


def test_everything_that_an_address_says() -> None:
    pairs = [("q", "  one   agent:cursor "), ("state", "stale"), ("state", "online"), ("sort", "host"), ("limit", "7")]
    found = Filters.of([*pairs, ("cursor", "abc"), ("unknown", "x")], FACETS)
    assert found == Filters(
        text="one agent:cursor",
        words=("one",),
        chosen={"state": ("stale", "online"), "agent": ("cursor",)},
        sort="host",
        cursor="abc",
        limit=7,
    )
    assert found


def test_quotes_and_unknown_fields_are_words() -> None:
    found = Filters.of([("q", 'agent:"two words" nothing:here "a b"')], FACETS)
    assert (found.words, found.chosen) == (("nothing:here", "a b"), {"agent": ("two words",)})


def test_wrong_numbers_give_the_usual_page() -> None:
    for given_, wanted in (("0", 1), ("99999", MOST), ("x", PAGE), ("-1", PAGE), ("١", PAGE), ("9999999", PAGE)):
        assert Filters.of([("limit", given_)], ()).limit == wanted


def test_without_one_facet() -> None:
    found = Filters.of([("state", "stale"), ("agent", "cursor")], FACETS)
    assert found.without("state").chosen == {"agent": ("cursor",)}
    assert found.has("state", "stale")
    assert not found.has("state", "online")
    assert not Filters()


@given(st.lists(st.tuples(st.sampled_from(("q", "state", "agent", "limit", "sort", "cursor")), st.text()), max_size=80))
def test_any_address_is_understood_in_bounds(pairs: list[tuple[str, str]]) -> None:
    found = Filters.of(pairs, FACETS)
    assert len(found.text) <= LONGEST
    assert len(found.words) <= MOST_WORDS
    assert all(len(values) <= MOST_VALUES for values in found.chosen.values())
    assert 1 <= found.limit <= MOST


def test_toggling_a_value_twice_is_no_change() -> None:
    address = Address.of("/endpoints", [("q", "x"), ("cursor", "c"), ("empty", "")])
    assert str(address) == "/endpoints?q=x"
    chosen = address.toggled("state", "stale")
    assert chosen == "/endpoints?q=x&state=stale"
    again = Address.of("/endpoints", parse_qsl(urlsplit(chosen).query))
    assert again.toggled("state", "stale") == "/endpoints?q=x"


def test_what_was_typed_is_dropped_too() -> None:
    address = Address.of("/endpoints", [("q", "one state:stale two")])
    assert address.toggled("state", "stale") == "/endpoints?q=one+two"
    assert address.toggled("state", "sta") == "/endpoints?q=one+state%3Astale+two&state=sta"


def test_parameters_are_set_and_taken_away() -> None:
    address = Address.of("/a", [("q", "x"), ("team", "1")])
    assert address.with_(q="", sort="host") == "/a?team=1&sort=host"
    assert address.on("/a.csv") == "/a.csv?q=x&team=1"
    assert address.hidden("q") == (("team", "1"),)
    assert (address.query, address.get("team"), address.get("none")) == ("q=x&team=1", "1", "")


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=20))
def test_any_address_can_be_written(pairs: list[tuple[str, str]]) -> None:
    address = Address.of("/a", pairs)
    text = str(address)
    assert text.isascii()
    assert "\n" not in text
    assert '"' not in text


def test_very_many_values_of_a_facet_cost_no_time() -> None:
    """A form may bring a megabyte of them."""
    begun = time.process_time()
    found = Filters.of([("tier", f"t{number}") for number in range(100_000)], ("tier",))
    assert time.process_time() - begun < 2
    assert found.chosen == {"tier": tuple(f"t{number}" for number in range(MOST_VALUES))}

"""Splitting of arguments: clusters, values, ends, and Windows' ways."""

from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.arguments import Arguments, pairs, parameters, read_arguments, slashed, subcommand


def test_clusters_and_values() -> None:
    found = read_arguments(("-rfo", "out", "--name=x", "--to", "y", "a", "-", "--", "-b"), ("-o", "--to"))
    assert found == Arguments(
        (("-r", ""), ("-f", ""), ("-o", "out"), ("--name", "x"), ("--to", "y")),
        ("a", "-", "-b"),
        frozenset({"-r", "-f", "-o", "--name", "--to"}),
    )


def test_a_value_glued_on() -> None:
    assert read_arguments(("-p8080", "-p=1"), ("-p",)).values("-p") == ("8080", "1")


def test_long_words_after_one_dash() -> None:
    found = read_arguments(("-name", "*.py", "-delete", "."), ("-name",), long=False)
    assert (found.options, found.rest) == ((("-name", "*.py"), ("-delete", "")), (".",))


def test_the_first_word_ends_the_options() -> None:
    found = read_arguments(("-v", "host", "-rf", "/"), ends=True)
    assert (found.options, found.rest) == ((("-v", ""),), ("host", "-rf", "/"))


def test_the_last_value_counts() -> None:
    found = read_arguments(("-o", "a", "-o", "b"), ("-o",))
    assert (found.value("-o"), found.value("-x")) == ("b", "")


def test_slashes() -> None:
    found = slashed(("/S", "/F:x", r"C:\a", "/usr/bin"))
    assert (found.options, found.rest) == ((("/s", ""), ("/f", "x")), (r"C:\a", "/usr/bin"))


def test_parameters_may_be_shortened() -> None:
    found = parameters(("-Rec", "-Fo", r"C:\a", "-Path:b", "-Value", "c"), frozenset({"-recurse", "-force"}))
    assert (found.options, found.rest) == (
        (("-rec", ""), ("-fo", ""), ("-path", "b"), ("-value", "c")),
        (r"C:\a",),
    )


def test_small_things() -> None:
    assert subcommand(("remote", "add", "x")) == "remote add"
    assert list(pairs(("a=b", "c", "d=e=f"))) == [("a", "b"), ("d", "e=f")]


@given(st.lists(st.text(max_size=10), max_size=10), st.sets(st.text(max_size=4), max_size=4))
def test_no_word_is_lost_and_nothing_raises(words: list[str], values: set[str]) -> None:
    found = read_arguments(words, values)
    assert set(found.rest) <= set(words)
    assert found.names == {name for name, _ in found.options}
    slashed(words)
    parameters(words)


def test_an_equals_sign_alone_is_a_value_of_a_short_option() -> None:
    """`awk -F= '{print $2}' file`."""
    found = read_arguments(("-F=", "{print $2}", ".env"), ("-F",))
    assert (found.options, found.rest) == ((("-F", ""),), ("{print $2}", ".env"))

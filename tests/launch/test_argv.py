"""Program names, options of a known grammar, and wrappers."""

import pytest

from spawngate.launch.argv import Grammar, Parsed, is_python, layers, parse_options, peel, program, words_of


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("npx", "npx"),
        ("/usr/bin/npx", "npx"),
        (r"C:\Program Files\nodejs\NPX.CMD", "npx"),
        ("./x.sh", "x.sh"),
        ("Docker.exe", "docker"),
        ("", ""),
    ],
)
def test_program(word: str, name: str) -> None:
    assert program(word) == name


def test_is_python() -> None:
    assert [
        name for name in ("python", "python3", "python3.13t", "pypy3", "py", "pythonw") if not is_python(name)
    ] == []
    assert [name for name in ("pytest", "pythonista", "ipython", "py3status", "") if is_python(name)] == []


GRAMMAR = Grammar(values=frozenset({"-e", "--env", "-p"}), flags=frozenset({"-i", "-t", "--rm"}), prefixes=("--no-",))


@pytest.mark.parametrize(
    ("words", "parsed"),
    [
        (["-it", "--rm", "img", "-x"], Parsed((("-i", ""), ("-t", ""), ("--rm", "")), ("img", "-x"))),
        (["-e", "A=1", "x"], Parsed((("-e", "A=1"),), ("x",))),
        (["-eA", "--env=B=2", "x"], Parsed((("-e", "A"), ("--env", "B=2")), ("x",))),
        (["-itp", "1:2", "x"], Parsed((("-i", ""), ("-t", ""), ("-p", "1:2")), ("x",))),
        (["-itp1:2", "x"], Parsed((("-i", ""), ("-t", ""), ("-p", "1:2")), ("x",))),
        (["--no-x", "--", "-e"], Parsed((("--no-x", ""),), ("-e",))),
        (["-", "x"], Parsed((), ("-", "x"))),
        ([], Parsed((), ())),
        (["--new", "x"], None),
        (["-iz", "x"], None),
        (["-e"], None),
        (["-ie"], None),
    ],
)
def test_parse_options(words: list[str], parsed: Parsed | None) -> None:
    assert parse_options(words, GRAMMAR) == parsed


def test_lenient_grammar_takes_unknown_options_for_flags() -> None:
    grammar = Grammar(values=frozenset({"--a"}), lenient=True)
    assert parse_options(["--b", "--a", "1", "-c=2", "x"], grammar) == Parsed(
        (("--b", ""), ("--a", "1"), ("-c", "2")), ("x",)
    )


def test_parsed_answers() -> None:
    parsed = Parsed((("-e", "1"), ("--env", "2"), ("-i", "")), ())
    assert (parsed.values("-e", "--env"), parsed.has("-i"), parsed.has("-x")) == (("1", "2"), True, False)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("npx 'a b' c", ("npx", "a b", "c")),
        ("a && b", None),
        ("a | b", None),
        ("a > b", None),
        ("a $(b)", None),
        ("a `b`", None),
        ("a\nb", None),
        ("a 'b", None),
    ],
)
def test_words_of(line: str, words: tuple[str, ...] | None) -> None:
    assert words_of(line) == words


@pytest.mark.parametrize(
    ("words", "inside"),
    [
        (["env", "-i", "A=1", "x", "y"], ("x", ("y",))),
        (["env", "-S", "A=1 x y", "z"], ("x", ("y", "z"))),
        (["env", "-S", "a | b"], None),
        (["doas", "x"], ("x", ())),
        (["sudo", "--new-option", "x"], None),
        (["timeout", "5", "x"], ("x", ())),
        (["timeout"], None),
        (["time", "-p", "x"], ("x", ())),
        (["stdbuf", "-oL", "x"], ("x", ())),
        (["cmd", "/c", "x & y"], None),
        (["cmd", "/c", "x", "&&", "y"], None),
        (["cmd", "/c", r'"C:\a b\x.exe" y'], (r"C:\a b\x.exe", ("y",))),
        (["cmd", "x"], None),
        (["bash", "--login", "-c", "x y"], ("x", ("y",))),
        (["bash", "-c"], None),
        (["bash", "x.sh"], None),
        (["wsl", "--cd", "/x", "--", "y"], ("y", ())),
        (["wsl", "--install"], None),
        (["doppler", "run", "--", "x"], ("x", ())),
        (["doppler", "login"], None),
        (["spawngate", "launch", "--id", "1", "--", "x", "y"], ("x", ("y",))),
        (["x y"], ("x", ("y",))),
        (["/a b/c"], None),
        (["node", "x"], None),
    ],
)
def test_peel(words: list[str], inside: tuple[str, tuple[str, ...]] | None) -> None:
    assert peel(words[0], words[1:]) == inside


def test_layers_are_outermost_first_and_bounded() -> None:
    assert list(layers("sudo", ["env", "A=1", "npx", "x"])) == [
        ("sudo", ("env", "A=1", "npx", "x")),
        ("env", ("A=1", "npx", "x")),
        ("npx", ("x",)),
    ]
    assert len(list(layers("env", ["env"] * 50))) == 8

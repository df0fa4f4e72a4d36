"""Shell state: assignments that may not happen keep what was before."""

from dataclasses import fields

from spawngate.command.budget import MAX_VALUE
from spawngate.command.scope import Scope, Value, joined
from spawngate.command.syntax import Simple


def test_sure_assignment_replaces() -> None:
    scope = Scope()
    scope.set("x", Value("a"))
    scope.set("x", Value("b"))
    assert scope.get("x") == Value("b")


def test_unsure_assignment_keeps_the_older_value() -> None:
    scope = Scope()
    scope.set("x", Value("a"))
    scope.unsure = 1
    scope.set("x", Value("b"))
    scope.set("x", Value("c"))
    assert scope.get("x") == Value("c", others=("b", "a"))


def test_too_many_alternatives_are_unknown() -> None:
    scope = Scope(unsure=1)
    for letter in "abcde":
        scope.set("x", Value(letter))
    value = scope.get("x")
    assert value is not None
    assert (value.opaque, value.others) == (True, ())


def test_unset_name_is_empty_and_not_the_environments() -> None:
    scope = Scope()
    scope.remove("HOME")
    assert scope.get("HOME") == Value("")


def test_unsure_unset_changes_nothing() -> None:
    scope = Scope(unsure=1)
    scope.remove("HOME")
    assert scope.get("HOME") == Value("~")


def test_parameters() -> None:
    scope = Scope(parameters=(Value("a"), Value("b")))
    assert [scope.get(name) for name in ("1", "2", "3", "#")] == [Value("a"), Value("b"), Value(""), Value("2")]
    scope.parameters = None
    assert [scope.get(name) for name in ("1", "#", "@")] == [None, None, None]


def test_copy_is_a_shell_of_its_own() -> None:
    scope = Scope()
    other = scope.copy()
    other.set("x", Value("a"))
    assert scope.get("x") is None


def test_new_process_sees_exported_variables_only() -> None:
    scope = Scope(variables={"a": Value("1"), "b": Value("2")}, exported={"b"})
    process = scope.process()
    assert (process.get("a"), process.get("b")) == (None, Value("2"))


def test_environment_is_what_is_exported() -> None:
    scope = Scope(variables={"b": Value("2"), "a": Value("1"), "c": Value("3")}, exported={"a", "b", "missing"})
    assert list(scope.environment()) == [("a", Value("1")), ("b", Value("2"))]


def test_long_value_is_unknown() -> None:
    scope = Scope()
    scope.set("x", Value("a" * (MAX_VALUE + 1)))
    assert scope.get("x") == Value("$x", opaque=True)


def test_folders() -> None:
    scope = Scope()
    visited = []
    for target in ("a", "b", "..", "/tmp", "-", "", "../x"):
        scope.enter(target)
        visited.append(scope.cwd)
    assert visited == ["a", "a/b", "a", "/tmp", "a", "~", "~/../x"]


def test_joined() -> None:
    assert [joined("a", "../b"), joined("", "."), joined("/x", "y"), joined("a", "$D/b"), joined("a", "~/b")] == [
        "b",
        "",
        "/x/y",
        "$D/b",
        "~/b",
    ]


def test_array_and_scalar_replace_each_other() -> None:
    scope = Scope()
    scope.set_array("x", (Value("a"), Value("b")))
    assert scope.get("x") == Value("a")
    scope.set("x", Value("c"))
    assert (scope.get("x"), scope.arrays) == (Value("c"), {})


def test_copy_copies_every_field() -> None:
    filled = {
        "variables": {"a": Value("1")},
        "arrays": {"b": (Value("2"),)},
        "exported": {"a"},
        "shared": {"f"},
        "unset": {"c"},
        "functions": {"f": (Simple(), True)},
        "texts": {"g": (("x",), "body")},
        "aliases": {"l": "ls"},
        "parameters": (Value("p"),),
        "cwd": "src",
        "previous": "old",
        "files": {"w": "text"},
        "locals": [{"d": None}],
        "unsure": 2,
    }
    assert set(filled) == {each.name for each in fields(Scope)}
    scope = Scope(**filled)  # type: ignore[arg-type]  # one value of the right type for each field
    copy = scope.copy()
    assert copy == scope
    same = [name for name in filled if name != "files" and getattr(copy, name) is getattr(scope, name)]
    assert [name for name in same if isinstance(filled[name], dict | set | list)] == []
    assert copy.files is scope.files
    assert copy.locals[0] is not scope.locals[0]


def test_a_parameter_of_zeros_is_the_shell_itself() -> None:
    scope = Scope()
    scope.parameters = ()
    assert [scope.get(name) for name in ("00", "000", "01")] == [scope.get("0"), scope.get("0"), Value("")]

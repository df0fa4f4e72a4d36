"""Shell state: assignments that may not happen keep what was before."""

from spawngate.command.budget import MAX_VALUE
from spawngate.command.scope import Scope, Value, joined


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

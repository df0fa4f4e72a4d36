"""Which declared types of Java and Rust say that a value is no text."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.flow import ANY, KEYS, Path
from spawngate.codescan.scalars import field_is_scalar, is_constant, is_scalar
from tests.codescan.projects import Sources

JAVA = """
package a;
import java.util.*;
enum Kind { NPX("npx"); private final String program; Kind(String p) { program = p; } }
record Inner(int count, String name) {}
class Dto {
  int plain;
  Integer boxed;
  String text;
  List<Long> numbers;
  Map<String, Integer> table;
  byte[] bytes;
  Kind kind;
  Inner inner;
  Optional<UUID> id;
  List<String> texts;
}
class Use { Object f(Dto dto) { return dto; } }
"""
RUST = """
enum Plain { A, B }
enum Full { A { text: String }, B }
struct Dto { plain: u32, text: String, maybe: Option<u16>, bytes: Vec<u8>, ports: Vec<u16>, kind: Plain, full: Full }
fn f(dto: &Dto) {}
"""


@pytest.mark.parametrize(
    ("path", "scalar"),
    [
        (("plain",), True),
        (("boxed",), True),
        (("text",), False),
        (("numbers", ANY), True),
        (("table", ANY), True),
        (("table", KEYS), False),
        (("bytes",), False),
        (("kind",), True),
        (("kind", "program"), False),
        (("inner", "count"), True),
        (("inner", "name"), False),
        (("inner", "title"), True),
        (("id",), True),
        (("texts", 0), False),
        ((), False),
        (("unknown",), False),
    ],
)
def test_java(path: Path, scalar: bool) -> None:
    sources = Sources({"Use.java": JAVA})
    function = sources.function("f", "Use.java")
    assert is_scalar(sources.resolver, function.params[0].type, path, function) is scalar


@pytest.mark.parametrize(
    ("path", "constant"),
    [(("kind", "program"), True), (("kind",), False), (("inner", "name"), False), (("unknown", "program"), False)],
)
def test_what_a_constant_of_an_enum_holds_no_request_decides(path: Path, constant: bool) -> None:
    sources = Sources({"Use.java": JAVA})
    function = sources.function("f", "Use.java")
    assert is_constant(sources.resolver, function.params[0].type, path, function) is constant


@pytest.mark.parametrize(
    ("path", "scalar"),
    [
        (("plain",), True),
        (("text",), False),
        (("maybe",), True),
        (("bytes",), False),
        (("ports", 0), True),
        (("kind",), True),
        (("full",), False),
        (("full", "text"), False),
    ],
)
def test_rust(path: Path, scalar: bool) -> None:
    sources = Sources({"lib.rs": RUST})
    function = sources.function("f", "lib.rs")
    assert is_scalar(sources.resolver, function.params[0].type, path, function) is scalar


def test_a_class_of_the_project_with_the_name_of_a_number_is_none() -> None:
    sources = Sources({"Use.java": "class Duration { String text; }\nclass Use { void f(Duration d) {} }"})
    function = sources.function("f", "Use.java")
    assert is_scalar(sources.resolver, function.params[0].type, (), function) is False


def test_types_that_nobody_enforces_say_nothing() -> None:
    sources = Sources({"app.py": "def f(count: int):\n    return count\n"})
    function = sources.function("f")
    assert is_scalar(sources.resolver, function.params[0].type, (), function) is False


def test_a_field_of_an_object() -> None:
    sources = Sources(
        {"Use.java": JAVA.replace("return dto;", "int a = dto.plain; g(dto.plain, dto.text, dto.none); return a;")}
    )
    call, function = sources.call("g", "Use.java")
    argument = call.args[0].value
    assert isinstance(argument, ir.Attribute)
    base = argument.base
    told = [field_is_scalar(sources.resolver, base, name, (), function) for name in ("plain", "text", "none")]
    assert told == [True, False, False]

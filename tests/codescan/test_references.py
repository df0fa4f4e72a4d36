"""Functions of libraries that are handed on by their name."""

import pytest

from spawngate.codescan import ir, references
from spawngate.codescan.models.model import Models
from spawngate.codescan.scan import scan
from tests.codescan.projects import Sources, models


def test_a_reference_stands_for_a_call_with_the_value_and_for_one_on_it() -> None:
    sources = Sources({"A.java": "class A { void f(B b) { b.map(C.D::make); } }"})
    ((reference, holder, function),) = list(references.handed(sources.module("A.java"), "make"))
    assert (ir.dump(holder.callee), function.name) == ("Attribute(Name('b'), 'map')", "f")
    value = "Join((Name('b'), Index(Name('b'), Unknown('any'))))"
    assert [ir.dump(each) for each in references.calls(reference, holder)] == [
        f"Call(Attribute(Attribute(Name('C'), 'D'), 'make'), args=(Argument({value}),))",
        f"Call(Attribute(Cast({value}, Type('C.D')), 'make'))",
    ]


def test_what_is_only_stored_or_called_is_no_reference() -> None:
    sources = Sources({"A.java": "class A { Object g = C::make; void f(B b) { b.keep(C::make); C.make(); } }"})
    assert list(references.handed(sources.module("A.java"), "make")) == []


@pytest.mark.parametrize(("given", "grades"), [("tool", ["high"]), ('"uvx"', [])])
def test_a_launch_that_is_only_named_is_a_launch(given: str, grades: list[str]) -> None:
    java = (
        "import io.modelcontextprotocol.client.transport.*;\nimport java.util.*;\n"
        "import org.springframework.web.bind.annotation.*;\n@RestController class Web {\n"
        '  @PostMapping("/a") void add(@RequestParam String tool) {\n'
        f"    Optional.of({given}).map(ServerParameters::builder).map(ServerParameters.Builder::build);\n  }}\n}}\n"
    )
    known: Models = models()
    result = scan({"src/main/java/Web.java": java.encode()}, known)
    assert [(each.grade.value, each.site.line) for each in result.findings] == [(grade, 6) for grade in grades]
    assert len(result.sites) == 1

"""Builders that derive macros write."""

import pytest

from spawngate.codescan.frontends.rust import lower
from spawngate.codescan.ir import Class, Function
from tests.codescan.projects import Sources, kinds


def _made(source: str) -> dict[str, list[str]]:
    module = lower("a.rs", source.encode(), 10_000)
    classes = [each for each in module.body if isinstance(each, Class)]
    return {each.name: [part.name for part in each.body if isinstance(part, Function)] for each in classes}


def test_a_builder_has_a_method_for_each_field_and_a_class_of_its_own() -> None:
    methods = ["builder", "create_empty", "a", "maybe_a", "build"]
    assert _made("#[derive(Debug, bon::Builder)]\npub struct P { a: String }") == {
        "P": methods,
        "PBuilder": ["default"],
    }
    assert _made("#[derive(Debug)]\nstruct P { a: String }") == {"P": []}


@pytest.mark.parametrize(
    "built",
    [
        "P::builder().b(1).a(x()).build()",
        "PBuilder::default().a(x()).b(1).build().unwrap()",
        "P::builder().maybe_a(x()).build()",
    ],
)
def test_what_is_set_is_what_the_object_holds(built: str) -> None:
    rust = (
        "#[derive(TypedBuilder)]\nstruct P { a: String, b: u8, c: String }\n"
        f'fn x() -> String {{ std::env::var("A").unwrap() }}\nfn f() {{ let p = {built}; start(p.%s); }}\n'
    )
    assert kinds(Sources({"a.rs": rust % "a"}).slice("start", path="a.rs")) == ["env"]
    assert kinds(Sources({"a.rs": rust % "c"}).slice("start", path="a.rs")) == []

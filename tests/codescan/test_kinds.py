"""Of which class objects are."""

from tests.codescan.projects import PACKAGE, Sources, one, used


def test_classes_of_objects() -> None:
    sources = Sources(PACKAGE)
    assert [used(sources, number) for number in range(6)] == [
        ["Server"],
        ["Server"],
        ["Server"],
        [],
        ["Server"],
        ["mcp.client.stdio.StdioServerParameters"],
    ]


def test_aliases_of_annotated_types() -> None:
    sources = one(
        "from typing import Annotated\nfrom fastapi import Depends\nclass User: pass\n"
        "Current = Annotated[User, Depends(load)]\ndef f(user: Current): use(user)\n"
    )
    function = sources.function("f")
    assert [type(mark).__name__ for mark in sources.resolver.alias_marks(function.params[0].type, function)] == ["Call"]
    assert used(sources, 0) == ["User"]


def test_java_finds_its_own_packages_through_a_star() -> None:
    use = "package app;\nimport acme.domain.*;\nclass Use { Object f(Tool tool) { return tool; } }\n"
    sources = Sources({"src/acme/domain/Tool.java": "package acme.domain;\nclass Tool {}\n", "src/app/Use.java": use})
    function = sources.function("f", "src/app/Use.java")
    (kind,) = sources.resolver.kinds_of_type(function.params[0].type, function)
    assert kind.cls is sources.cls("Tool", "src/acme/domain/Tool.java")

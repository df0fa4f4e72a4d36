"""Which models can match in a project by the words that it says."""

import pytest

from spawngate.codescan.models.load import shipped
from spawngate.codescan.models.model import Language, LibraryModel, Target, TypeModel
from spawngate.codescan.models.said import Said

TYPES = (
    TypeModel((Target(names=("maker.make",)),), "lib.Thing"),
    TypeModel((Target(members=("grow",), on=("lib.Thing",)),), "grown.Thing"),
    TypeModel((Target(members=("any",), receivers=("x",)),), "loose.Thing"),
)
LIBRARY = LibraryModel(
    "lib", "Lib", Language.PYTHON, (), (), False, (), types=TYPES, aliases={"other.Name": "aliased.Name"}
)


def may(target: Target, *words: str) -> bool:
    return Said([LIBRARY], frozenset(words).__contains__).may_match(target)


@pytest.mark.parametrize(
    ("target", "words", "wanted"),
    [
        (Target(names=("lib.f",)), (), False),
        (Target(names=("lib.f",)), ("lib",), True),
        (Target(names=("lib.f",)), ("f",), False),
        (Target(names=("lib.f",)), ("maker",), True),
        (Target(names=("grown.f",)), ("maker",), True),
        (Target(names=("grown.f",)), ("nothing",), False),
        (Target(names=("loose.f",)), (), True),
        (Target(names=("aliased.Name",)), ("other",), True),
        (Target(names=("builtins.open",)), (), True),
        (Target(names=("*.http.Request",)), (), True),
        (Target(names=("a.f", "b.f")), ("b",), True),
        (Target(names=("@scope/sdk#Client",)), ("scope",), True),
        (Target(names=("#Bun.spawn",)), ("Bun",), True),
        (Target(names=("#Bun.spawn",)), (), False),
        (Target(names=("node:sqlite#Db",)), ("sqlite",), True),
        (Target(members=("run",), on=("lib.Thing",)), (), False),
        (Target(members=("run",), on=("lib.Thing",)), ("maker",), True),
        (Target(members=("run",), hints=("lib",), receivers=("db",)), ("db",), False),
        (Target(members=("run",), on=("lib.Thing",), hints=("hint",)), ("hint",), True),
        (Target(members=("run",), receivers=("db",)), (), True),
    ],
)
def test_a_model_may_match_where_the_project_names_its_library(
    target: Target, words: tuple[str, ...], wanted: bool
) -> None:
    assert may(target, *words) is wanted


def test_a_project_that_says_everything_leaves_nothing_out() -> None:
    libraries = shipped(frozenset(Language)).of(Language.JAVASCRIPT)
    said = Said(libraries, lambda _: True)
    targets = [target for each in libraries for sink in each.sinks for target in sink.targets]
    assert targets
    assert all(map(said.may_match, targets))

"""Every model has examples in its language: it matches exactly what they mark, and nothing of what it must not."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from spawngate.codescan.models.document import Value, read_part, split_examples
from spawngate.codescan.models.load import parse_library, shipped
from spawngate.codescan.models.model import (
    GuardModel,
    LibraryModel,
    PluginModel,
    PropagatorModel,
    SanitizerModel,
    SinkModel,
    SourceModel,
    StoreModel,
)
from tests.codescan.models.reading import Snippet, expected, joined

DATA = Path(__file__).parents[3] / "src" / "spawngate" / "codescan" / "models" / "data"
FILES = sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*.yaml"))
SUFFIX = {"python": ".py", "javascript": ".tsx", "java": ".java", "rust": ".rs"}


@cache
def library_of(file: str) -> LibraryModel:
    return parse_library(file, (DATA / file).read_text())


@cache
def examples_of(file: str) -> Mapping[str, Value]:
    _, text, before = split_examples((DATA / file).read_text())
    if not text:
        return {}
    document = read_part(file, text, before)
    assert isinstance(document.root.data, dict)
    return document.root.data


def models_of(file: str) -> dict[str, Any]:
    library = library_of(file)
    groups = (
        library.sinks,
        library.sources,
        library.propagators,
        library.sanitizers,
        library.guards,
        library.stores,
        library.plugins,
    )
    prefix = f"{library.language}.{library.name}."
    return {model.id.removeprefix(prefix): model for group in groups for model in group}


CASES = [(file, name) for file in FILES for name in models_of(file)]


@pytest.mark.parametrize("file", FILES)
def test_every_example_belongs_to_a_model(file: str) -> None:
    assert sorted(examples_of(file)) == sorted(models_of(file))


@pytest.mark.parametrize("file", FILES)
def test_the_file_is_called_as_its_library(file: str) -> None:
    library = library_of(file)
    assert file == f"{library.language}/{library.name}.yaml"
    assert library.sources_read, "where were these facts read?"


def found_in(model: Any, snippet: Snippet) -> dict[int, list[str]]:
    match model:
        case SinkModel():
            return snippet.sink(model)
        case SourceModel():
            return snippet.source(model)
        case PropagatorModel() | SanitizerModel():
            return snippet.places(model.targets, "call")
        case GuardModel():
            return joined(
                snippet.places(model.calls, "call"),
                snippet.marked(model.decorators, "mark"),
                snippet.marked_params(model.marks),
                snippet.named(model.names),
            )
        case StoreModel():
            return joined(
                snippet.entities(
                    [base for each in model.entities for base in each.bases],
                    [target for each in model.entities for target in each.decorators],
                ),
                snippet.places([target for each in model.entities for target in each.calls], "entity"),
                snippet.places([target for each in model.reads for target in each.targets], "read"),
                snippet.places([target for each in model.writes for target in each.targets], "write"),
            )
        case PluginModel():
            return joined(snippet.openings(model.id), snippet.places(model.fields, "field"))
        case _:
            raise AssertionError(type(model))


@pytest.mark.parametrize(("file", "name"), CASES)
def test_examples(file: str, name: str) -> None:
    library, model = library_of(file), models_of(file)[name]
    example = examples_of(file)[name].plain()
    assert isinstance(example, dict)
    assert set(example) <= {"matches", "does_not_match"}
    assert example["matches"], "a model has code that it matches"
    assert example["does_not_match"], "a model has code that it does not match"
    for key, sources in example.items():
        for source in sources:
            path, code = (source["path"], source["code"]) if isinstance(source, dict) else ("", source)
            path = path or f"src/example{SUFFIX[library.language]}"
            snippet = Snippet(path, code, shipped(frozenset([library.language])), library.language)
            marked = {line: sorted(words) for line, words in expected(code).items()}
            assert bool(marked) == (key == "matches"), code
            assert found_in(model, snippet) == marked, f"{examples_of(file)[name].line}: {key}\n{code}"

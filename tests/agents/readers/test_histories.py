"""`readers.histories`: the folders of past sessions."""

import pytest
from hypothesis import given

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers.histories import visited
from spawngate.model.json import Json
from tests.agents.readers.seen import anything, given_value, read, said, survive, wrong


def past(document: Document) -> list[Sighting]:
    return list(visited(document, document.value(), "tasks", "cwd"))


def test_each_folder_once_where_it_stands_first() -> None:
    value: Json = [{"cwd": "/w"}, {"cwd": "/v", "x": 1}, {"cwd": "/w"}, {"cwd": ""}, {"cwd": 7}, {}, None, "x", ["cwd"]]
    found = [said("project", "/w", True, "tasks[0].cwd"), said("project", "/v", True, "tasks[1].cwd")]
    assert read(past, given_value(value)) == (found, [])


def test_whole_document() -> None:
    document = given_value([{"cwd": "/w"}])
    assert read(lambda doc: visited(doc, doc.value(), "", "cwd"), document) == (
        [said("project", "/w", True, "[0].cwd")],
        [],
    )
    odd = given_value({"cwd": "/w"})
    assert read(lambda doc: visited(doc, doc.value(), "", "cwd"), odd) == ([], [wrong("the document", "a list")])


@pytest.mark.parametrize(
    ("value", "left"), [(None, []), ([], []), ({}, [wrong("tasks", "a list")]), (7, [wrong("tasks", "a list")])]
)
def test_no_list(value: Json, left: list[tuple[str, str]]) -> None:
    assert read(past, given_value(value)) == ([], left)


@given(anything("cwd"))
def test_no_value_raises(value: Json) -> None:
    survive(past, given_value(value))
    survive(past, given_value([value]))

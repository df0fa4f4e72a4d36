"""What a reader sees and yields, in a form that tests compare whole.

Belongs here: documents made for a test, records as plain maps, and arbitrary JSON values for every reader.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

import msgspec
from hypothesis import strategies as st

from spawngate.agents.document import Document, Reader, parse
from spawngate.agents.formats import Format
from spawngate.model.artifact import Scope
from spawngate.model.json import Json
from spawngate.model.observed import Observed, ObservedSetting
from spawngate.redact.artifact import Crossing
from spawngate.redact.redactor import Redactor

PATH = "/home/ana/.tool/config.json"
AGENT = "tool"
CROSSING = Crossing(Redactor(b"seen" * 8), "endpoint")


def given_value(value: Json, **fields: Any) -> Document:
    """A document that is parsed already and holds `value`."""
    fields = {"path": PATH, "agent": AGENT, "scope": Scope.USER, "format": Format.JSON, "digest": "d1"} | fields
    return Document(**fields, _value=value, _read=True)


def given_text(text: str, format_: Format, **fields: Any) -> Document:
    """A document with this text in it."""
    fields = {"path": PATH, "agent": AGENT, "scope": Scope.USER, "digest": "d1"} | fields
    return Document(**fields, format=format_, data=text.encode())


def record(sighting: Observed | ObservedSetting) -> dict[str, Any]:
    """Every field of a sighting as plain JSON values."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(asdict(sighting)))
    return plain


def item(kind: str, name: str, **fields: Any) -> dict[str, Any]:
    """The record of an artifact of a document made here; all fields that are not given have their defaults."""
    return {
        "kind": kind,
        "agent": AGENT,
        "scope": "user",
        "name": name,
        "path": PATH,
        "pointer": "",
        "status": "enabled",
        "launch": None,
        "detail": {},
        "project": None,
        "content": None,
    } | fields


def launch(transport: str, command: str | None = None, *args: str, **fields: Any) -> dict[str, Any]:
    """The record of a launch; all fields that are not given have their defaults."""
    return {
        "transport": transport,
        "command": command,
        "args": list(args),
        "env": {},
        "cwd": None,
        "url": None,
        "headers": {},
        "env_file": None,
        "header_command": None,
        "digest": None,
    } | fields


def said(topic: str, name: str, value: Json, pointer: str, **fields: Any) -> dict[str, Any]:
    """The record of a setting of a document made here."""
    return {
        "topic": topic,
        "agent": AGENT,
        "scope": "user",
        "path": PATH,
        "name": name,
        "value": value,
        "project": None,
        "pointer": pointer,
    } | fields


def read(reader: Reader, document: Document) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Records in the order in which the reader yields them, and reason and message of each note."""
    records = [record(sighting) for sighting in reader(document)]
    return records, [(note.reason, note.message) for note in document.notes]


def wrong(pointer: str, what: str = "a map") -> tuple[str, str]:
    """The note about a value of a wrong type."""
    return "wrong-type", f"{pointer} is not {what}"


def anything(*words: str) -> st.SearchStrategy[Json]:
    """Any JSON value, with keys and texts that are often among `words`."""
    texts = st.sampled_from(words) | st.text(max_size=4) if words else st.text(max_size=4)
    numbers = st.integers() | st.integers(min_value=2**2000, max_value=2**4000) | st.floats()
    return st.recursive(
        st.none() | st.booleans() | numbers | texts,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=5),
        max_leaves=25,
    )


def survive(reader: Reader, document: Document) -> None:
    """Fails where the reader raises, yields something foreign, or yields what cannot cross into an inventory."""
    parsed = parse(document, reader)
    assert [note.message for note in parsed.diagnostics if note.reason == "internal"] == []
    for observed in parsed.observed:
        # Bare values of any size are the crossing's own matter; what readers put into fields must pass.
        assert all(isinstance(key, str) for key in observed.detail)
        msgspec.json.encode(CROSSING.artifact(observed))
    for setting in parsed.settings:
        assert isinstance(setting.name, str)
        assert isinstance(setting.pointer, str)


def survive_all(reader: Reader, documents: Iterable[Document]) -> None:
    """`survive` for each document."""
    for document in documents:
        survive(reader, document)


def nested(keys: Iterable[str], value: Json) -> Json:
    """`value` below those keys."""
    for key in reversed(tuple(keys)):
        value = {key: value}
    return value


WRONG: tuple[Json, ...] = (None, True, 7, 1.5, "text", [], ["text"], [None], [[]], {}, {"k": None})
"""One value of every type, to put where another type was meant."""


def put(value: Json, path: tuple[str | int, ...], new: Json) -> Json:
    """`value` with `new` at the end of `path`."""
    if not path:
        return new
    head, rest = path[0], path[1:]
    if isinstance(value, Mapping):
        return {key: put(item, rest, new) if key == head else item for key, item in value.items()}
    assert isinstance(value, list)
    return [put(item, rest, new) if index == head else item for index, item in enumerate(value)]


def places(value: Json, path: tuple[str | int, ...] = ()) -> Iterable[tuple[str | int, ...]]:
    """The path of every value in a document, the document's own first."""
    yield path
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*path, index))


def wrong_everywhere(value: Json, make: Callable[[Json], Document] = given_value) -> Iterable[Document]:
    """A document for every place of a good one with every wrong type put there."""
    for path in list(places(value)):
        for new in WRONG:
            yield make(put(value, path, new))

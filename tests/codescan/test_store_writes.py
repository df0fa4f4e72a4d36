"""Writes to stores."""

from spawngate.codescan.models.model import StoreKind
from spawngate.codescan.store_writes import Write
from tests.codescan.projects import Sources, one


def writes(sources: Sources, kind: StoreKind, language: str = "python") -> tuple[Write, ...]:
    return sources.stores.writes.all(sources.knowledge[language], kind)


def test_writes_of_a_project_are_listed_by_name() -> None:
    sources = one("import json\ndef f(x):\n    json.dump(x, open('mcp.json', 'w'))\n    print(x)\n")
    found = writes(sources, StoreKind.FILE)
    assert [(each.name, each.call.line, each.function.qualname) for each in found] == [("mcp.json", 3, "f")]


def test_what_is_written_to_an_opened_file_is_its_content() -> None:
    sources = one("def f(x):\n    with open('a/mcp.json', 'w') as out:\n        out.write(x)\n    sock.write(x)\n")
    assert [(each.name, each.call.line, each.model) for each in writes(sources, StoreKind.FILE)] == [
        ("mcp.json", 3, "file")
    ]


def test_rows_of_a_class_that_a_library_makes_are_written_where_one_is_constructed() -> None:
    files = {
        "model.js": "const mongoose = require('mongoose');\nconst Server = mongoose.model('Server', schema);\n"
        "module.exports = { Server };\n",
        "app.js": "const { Server } = require('./model');\nfunction add(row) { return new Server(row); }\n",
    }
    found = writes(Sources(files), StoreKind.DB, "javascript")
    assert [(each.name, each.call.line, each.model) for each in found] == [("server", 2, "constructed")]


def test_operators_of_mongodb_write_their_row() -> None:
    text = "from pymongo import MongoClient\ndb = MongoClient().x\ndb.servers.update_one({'a': 1}, {'$set': row})\n"
    (found,) = writes(one(text), StoreKind.DB)
    assert [getattr(value, "id", "") for value, _ in found.values] == ["", "row"]

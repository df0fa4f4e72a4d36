"""Writes to stores."""

from spawngate.codescan.knowledge import Knowledge
from spawngate.codescan.models.model import Language, StoreKind
from spawngate.codescan.store_writes import Write
from tests.codescan.projects import Sources, models, one


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


def lowered(path: str, text: str, kind: StoreKind, language: str) -> int:
    """How many files are lowered to find writes, beside one that names libraries."""
    said = "import configparser, sqlalchemy, sqlite3\n" if language == "python" else "import pg from 'pg';\n"
    sources = Sources({path: text, "zz.py" if language == "python" else "zz.js": said})
    knowledge = Knowledge(models(), Language(language), lambda word: bool(sources.project.files_with(word)))
    sources.stores.writes.all(knowledge, kind)
    return sources.project.lowered


def test_files_whose_calls_cannot_write_are_not_lowered() -> None:
    python = {"set(x)": 0, "config.set('a', 'b', x)": 1, "json.dump(x, f)": 0, "import json\njson.dump(x, f)": 1}
    assert {text: lowered("a.py", text, StoreKind.FILE, "python") for text in python} == python
    rows = {"d.update(x)": 0, "from sqlalchemy import update\nupdate(x)": 1, "x.execute(a)": 0, "db.execute(a)": 1}
    assert {text: lowered("a.py", text, StoreKind.DB, "python") for text in rows} == rows
    scripts = {
        "exports.up = (db) => { db.query('CREATE TABLE t'); }": 0,
        "exports.up = (db) => { db.query('INSERT INTO t VALUES (1)'); }": 1,
        "const all = require('./all');\nexports.up = (db) => { db.query(all.insert); }": 1,
    }
    assert {text: lowered("a.js", text, StoreKind.DB, "javascript") for text in scripts} == scripts


def test_a_key_is_no_statement() -> None:
    files = {"a.js": "exports.f = (c, x) => { c.set('k', x); }", "z.js": "import Conf from 'conf';\n"}
    sources = Sources(files)
    writes(sources, StoreKind.CACHE, "javascript")
    assert sources.project.lowered == 1


def test_models_of_libraries_that_nobody_names_write_nothing() -> None:
    text = "config.set('a', 'b', x)\n"
    knowledge = Knowledge(models(), Language.PYTHON, frozenset(["config", "set"]).__contains__)
    sources = one(text)
    assert sources.stores.writes.all(knowledge, StoreKind.FILE) == ()
    assert sources.project.lowered == 0

"""Classes that are kept."""

from spawngate.codescan.entities import table_of
from spawngate.codescan.meanings import Value
from tests.codescan.projects import Sources, one


def kept(text: str, path: str = "app.py", language: str = "python", name: str = "Server") -> str:
    """The id of the store that keeps objects of the class `Server`; "" for a class that is not kept."""
    sources = Sources({path: text})
    model = sources.stores.entities.model(sources.cls(name, path), sources.knowledge[language])
    return model.id if model is not None else ""


def test_bases_and_marks_make_entities() -> None:
    assert kept("from django.db import models\nclass Server(models.Model): pass\n") == "python.django.model"
    assert kept("class Server: pass\n") == ""
    table = "from sqlmodel import SQLModel\nclass Server(SQLModel, table=True): pass\n"
    assert kept(table) == "python.sqlalchemy.model"
    assert kept("from sqlmodel import SQLModel\nclass Server(SQLModel): pass\n") == ""
    java = "@jakarta.persistence.Entity class Server {}\n"
    assert kept(java, "Server.java", "java") != ""
    assert kept("class Server {}\n", "Server.java", "java") == ""


def test_a_library_makes_the_class_of_rows() -> None:
    text = (
        "const mongoose = require('mongoose');\nconst Server = mongoose.model('Server', s);\nconst Other = make(s);\n"
    )
    sources = Sources({"m.js": text})
    module, knowledge = sources.module("m.js"), sources.knowledge["javascript"]
    made = [sources.stores.entities.is_made(Value(module, name), knowledge) for name in ("Server", "Other")]
    assert made == [True, False]


def test_what_the_file_of_an_entity_imports_counts_for_its_calls() -> None:
    files = {
        "rows.py": "from django.db import models\nclass Server(models.Model): pass\n",
        "app.py": "from rows import Server\nServer.objects.get(id=1)\nother.get(id=1)\n",
    }
    sources = Sources(files)
    found = []
    for number in range(2):
        call, function = sources.call("get", number=number)
        callee = sources.resolver.callee(call.callee, function)
        more = sources.stores.entities.callee(call, callee, function, sources.knowledge["python"])
        found.append(any(each.startswith("django") for each in more.imports - callee.imports))
    assert found == [True, False]


def test_marks_name_tables() -> None:
    assert table_of(one("class A: pass\n").cls("A")) == ""
    java = 'import jakarta.persistence.*;\n@Entity @Table(name = "MCP_SERVER") class Server {}\n'
    assert table_of(Sources({"Server.java": java}).cls("Server", "Server.java")) == "mcp_server"
    rust = "#[derive(Queryable)]\n#[diesel(table_name = servers)]\nstruct Server { id: i32 }\n"
    assert table_of(Sources({"src/lib.rs": rust}).cls("Server", "src/lib.rs")) == "servers"

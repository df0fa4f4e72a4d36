"""Stores: rows, files and caches, and what names them."""

from spawngate.codescan.models.model import StoreKind
from spawngate.codescan.stores import named_by
from tests.codescan.projects import Sources, kinds, one

HANDLER = "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\n"
ROWS = (
    "from sqlalchemy import Column, String, select\nfrom sqlalchemy.orm import DeclarativeBase, Session\n"
    "class Base(DeclarativeBase): pass\nclass Server(Base):\n    command = Column(String)\n    name = Column(String)\n"
)


def name(text: str) -> str:
    """The name of the file that the argument of `use(..)` stands for."""
    sources = one(text)
    node, function = sources.call("use")
    return sources.stores.file(node.args[0].value, function)


def test_names_of_files() -> None:
    assert name("use('a/b/mcp.json')") == "mcp.json"
    assert name("P = 'a/mcp.json'\ndef f():\n    use(P)\n") == "mcp.json"
    assert name("from pathlib import Path\nuse(Path('a') / 'mcp.json')") == "mcp.json"
    assert name("import os\nuse(os.path.join(root, 'mcp.json'))") == "mcp.json"
    assert name("def where():\n    return 'x/mcp.json'\nuse(where())") == "mcp.json"
    assert name(
        "class A:\n    def __init__(self):\n        self.p = 'mcp.json'\n    def f(self):\n        use(self.p)\n"
    ) == ("mcp.json")
    assert name("use(path_of_config)") == "path_of_config"


def test_a_row_is_an_object_of_its_class() -> None:
    text = (
        ROWS
        + HANDLER
        + (
            "def handler(bad: str, session: Session):\n    session.add(Server({0}))\n"
            "def start(session: Session, key):\n    sink(session.get(Server, key).command)\n"
        )
    )
    assert kinds(one(text.replace("{0}", "command=bad")).slice("sink")) == ["http"]
    assert kinds(one(text.replace("{0}", "name=bad, command='npx'")).slice("sink")) == []


def test_rows_that_nobody_writes_are_a_source() -> None:
    text = ROWS + "def start(session: Session, key):\n    sink(session.get(Server, key).command)\n"
    assert kinds(one(text).slice("sink")) == ["db"]


def test_a_request_that_is_the_entity_writes_the_row() -> None:
    text = (
        "from sqlmodel import SQLModel, Session\nclass Server(SQLModel, table=True):\n    command: str\n"
        + HANDLER
        + (
            "def handler(server: Server, session: Session):\n    session.add(server)\n"
            "def start(session: Session, key):\n    sink(session.get(Server, key).command)\n"
        )
    )
    assert kinds(one(text).slice("sink")) == ["http"]


def test_files_join_by_name_and_key() -> None:
    text = (
        "import json\n"
        + HANDLER
        + (
            "def handler(bad: str):\n    with open('mcp.json', 'w') as f:\n        json.dump({'servers': {0}}, f)\n"
            "def start():\n    sink(json.load(open('{1}'))['servers'])\n"
        )
    )
    assert kinds(one(text.replace("{0}", "bad").replace("{1}", "mcp.json")).slice("sink")) == ["http"]
    assert kinds(one(text.replace("{0}", "'x'").replace("{1}", "mcp.json")).slice("sink")) == []
    assert kinds(one(text.replace("{0}", "bad").replace("{1}", "other.json")).slice("sink")) == ["file"]


def test_settings_come_from_the_environment() -> None:
    text = "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    command: str\nsettings = S()\n"
    assert kinds(one(text + "def f():\n    sink(settings.command)\n").slice("sink")) == ["env"]


def test_repositories_name_their_entity() -> None:
    text = (
        "package a;\nimport org.springframework.data.jpa.repository.JpaRepository;\n"
        "@jakarta.persistence.Entity class Server { String command; }\n"
        "interface Servers extends JpaRepository<Server, Long> {}\n"
        "class Hub { Servers servers; void f(Long id) { sink(servers.findById(id)); } }\n"
    )
    sources = Sources({"Hub.java": text})
    node, function = sources.call("findById", "Hub.java")
    named = named_by(None, node)
    assert sources.stores.entity(named[0], function) is sources.cls("Server", "Hub.java")


def test_writes_of_a_project_are_listed_by_name() -> None:
    sources = one("import json\ndef f(x):\n    json.dump(x, open('mcp.json', 'w'))\n    print(x)\n")
    found = sources.stores.writes(sources.knowledge["python"], StoreKind.FILE)
    assert [(each.name, each.call.line, each.function.qualname) for each in found] == [("mcp.json", 3, "f")]

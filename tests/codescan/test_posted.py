"""Objects that a framework makes of a request."""

from tests.codescan.projects import Sources, kinds, one

SERVER = "from fastapi import FastAPI\nfrom pydantic import BaseModel\nfrom sqlmodel import SQLModel, Session\n"
SERVER += "app = FastAPI()\n"


def test_a_request_that_is_the_entity_writes_the_row() -> None:
    text = (
        SERVER
        + "class Server(SQLModel, table=True):\n    command: str\n"
        + (
            "@app.post('/x')\ndef handler(server: Server, session: Session):\n    session.add(server)\n"
            "def start(session: Session, key):\n    sink(session.get(Server, key).command)\n"
        )
    )
    assert kinds(one(text).slice("sink")) == ["http"]


def test_a_handler_that_only_asks_for_rows_writes_none() -> None:
    text = (
        SERVER + "class Server(SQLModel, table=True):\n    command: str\n"
        "@app.get('/x')\ndef find(server: Server): ...\n"
        "def start(session: Session, key):\n    sink(session.get(Server, key).command)\n"
    )
    assert kinds(one(text).slice("sink")) == ["db"]


def test_a_class_within_the_class_of_a_request_is_of_the_request() -> None:
    text = (
        "package a;\nimport org.springframework.web.bind.annotation.*;\n"
        "class Inner { private String command; public String getCommand() { return command; } }\n"
        "class Outer { private Inner inner; public Inner getInner() { return inner; } }\n"
        '@RestController class Api { @PostMapping("/x") public void add(@RequestBody {0} given) {} }\n'
        "class Hub { void start(Inner inner) { sink(inner.getCommand()); } }\n"
    )
    found = [
        kinds(Sources({"A.java": text.replace("{0}", posted)}).slice("sink", path="A.java"))
        for posted in ("Outer", "String")
    ]
    assert found == [["http", "param"], ["param"]]

"""Stores: what is read is what was written."""

from tests.codescan.projects import kinds, one

HANDLER = "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\n"
ROWS = (
    "from sqlalchemy import Column, String, select\nfrom sqlalchemy.orm import DeclarativeBase, Session\n"
    "class Base(DeclarativeBase): pass\nclass Server(Base):\n    command = Column(String)\n    name = Column(String)\n"
)


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

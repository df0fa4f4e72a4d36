"""What one file defines and mentions."""

from spawngate.codescan.definitions import ModuleInfo
from spawngate.codescan.frontends import lower
from spawngate.codescan.walk import last_name
from tests.codescan.projects import Sources

TEXT = """
import os
from .a import b as c
from x import *

LIMIT = 3

class Server(Base):
    command: str = "npx"

    def __init__(self, name):
        self.name = name
        self.servers["a"].label = name

    def start(self):
        def inner():
            return self.name
        self.servers.update(inner())
        run(lambda: inner)

def top():
    global LIMIT
    LIMIT = 4
    table = {"start": top}
"""


def module() -> ModuleInfo:
    return ModuleInfo(lower("pkg/app.py", TEXT.encode()))


def test_functions_and_classes_with_what_is_around_them() -> None:
    info = module()
    assert sorted(each.qualname for found in info.functions.values() for each in found) == [
        "Server.__init__",
        "Server.start",
        "Server.start.inner",
        "top",
    ]
    server = info.classes["Server"][0]
    assert (sorted(server.methods), sorted(server.fields), [base.name for base in server.bases]) == (
        ["__init__", "start"],
        ["command"],
        ["Base"],
    )
    assert info.toplevel("Server") is server
    assert info.toplevel("inner") is None


def test_imports_and_assignments_of_the_file() -> None:
    info = module()
    assert {local: [(each.module, each.name) for each in found] for local, found in info.imports.items()} == {
        "os": [("os", "")],
        "c": [(".a", "b")],
    }
    assert [each.module for each in info.stars] == ["x"]
    assert sorted(info.assigned) == ["LIMIT"]
    assert [each.qualname for each in info.rebound["LIMIT"]] == ["top"]


def test_calls_writes_and_receivers_by_name() -> None:
    info = module()
    assert {name: len(found) for name, found in info.calls.items()} == {"update": 1, "inner": 1, "run": 1}
    assert {name: len(found) for name, found in info.writes.items()} == {"name": 1, "servers": 1, "label": 1, "a": 1}
    assert [function.qualname for _, function in info.on["servers"]] == ["Server.start"]
    assert list(info.records) == ["start"]


def test_a_closure_knows_the_call_that_gets_it() -> None:
    info = module()
    closures = [each for each in info.of.values() if each.closure is not None]
    assert len(closures) == 1
    assert closures[0].closure is not None
    call, argument = info.argument_of[closures[0].closure]
    assert (call.line, argument.value) == (19, closures[0].closure)
    assert closures[0].parent is info.functions["start"][0]


def test_blocks_of_one_rust_type_are_joined() -> None:
    text = "struct A { c: String }\nimpl A { fn run(&self) {} }\nimpl Go for A { fn go(&self) {} }\n"
    info = ModuleInfo(lower("a.rs", text.encode()))
    cls = info.classes["A"]
    assert len(cls) == 1
    assert (cls[0].kind, sorted(cls[0].methods), [base.name for base in cls[0].bases]) == (
        "struct",
        ["go", "run"],
        ["Go"],
    )


def test_calls_on_what_a_lock_or_an_entry_lends_are_calls_on_the_field() -> None:
    text = "impl A { fn f(&self) { self.items.write().unwrap().insert(k, v); self.map.entry(k).or_insert(v); } }"
    module = Sources({"a.rs": text}).module("a.rs")
    assert {last_name(call.callee) for call, _ in module.on["items"]} == {"write", "insert"}
    assert {last_name(call.callee) for call, _ in module.on["map"]} == {"entry", "or_insert"}

"""`readers.scripts`: files that are artifacts by being there."""

import pytest

from spawngate.agents.formats import Format
from spawngate.agents.readers.scripts import SCRIPT, STARTUP, TOOL, Script
from spawngate.model.artifact import Kind
from tests.agents.readers.seen import given_text, item, read, survive


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/home/ana/.tool/plugins/format.ts", "format"),
        ("/home/ana/.tool/plugins/format/index.ts", "format"),
        ("/home/ana/.tool/plugins/format/src/index.ts", "format"),
        ("/home/ana/.tool/plugins/format/package/dist/main.js", "format"),
        ("C:\\tool\\plugins\\format\\mod.ts", "format"),
        ("/home/ana/.tool/plugins/a.b.js", "a.b"),
        ("index.js", ""),
    ],
)
def test_name(path: str, name: str) -> None:
    document = given_text("throw 1", Format.NONE, path=path, project="/w")
    expected = item("plugin", name, path=path, detail={"type": "script"}, project="/w", content="d1")
    assert read(SCRIPT, document) == ([expected], [])


@pytest.mark.parametrize(
    ("reader", "type_"), [(SCRIPT, "script"), (TOOL, "tool"), (STARTUP, "startup"), (Script("x"), "x")]
)
def test_type(reader: Script, type_: str) -> None:
    found, left = read(reader, given_text("", Format.NONE))
    assert (found[0]["detail"], left) == ({"type": type_}, [])


@pytest.mark.parametrize(
    ("path", "by_folder", "name"),
    [
        ("/home/ana/.tool/memory.db", False, "memory.db"),
        ("/home/ana/.tool/notes/index", True, "notes"),
        ("C:\\Users\\ana\\x\\memory.db", False, "memory.db"),
        ("C:\\Users\\ana\\x\\memory.db", True, "x"),
        ("memory.db", True, ""),
    ],
)
def test_store(path: str, by_folder: bool, name: str) -> None:
    document = given_text("\x00\x01öh", Format.NONE, path=path, project="/w")
    expected = item("instruction", name, path=path, detail={"type": "memory"}, project="/w", content="d1")
    assert read(Script("memory", Kind.INSTRUCTION, by_folder), document) == ([expected], [])


def test_plugin_named_by_its_folder() -> None:
    path = "/home/ana/.tool/extensions/weather/extension.mjs"
    expected = item("plugin", "weather", path=path, detail={"type": "extension"}, content="d1")
    reader = Script("extension", named_by_folder=True)
    assert read(reader, given_text("throw 1", Format.NONE, path=path)) == ([expected], [])


@pytest.mark.parametrize(
    "path", ["", "/", "/index.js", "C:\\", "\\\\host\\share", "C:\\index.js", "src/index.js", "lib"]
)
def test_odd_paths(path: str) -> None:
    survive(SCRIPT, given_text("", Format.NONE, path=path))
    survive(Script("file", Kind.HOOK), given_text("", Format.NONE, path=path))
    survive(Script("file", Kind.HOOK, True), given_text("", Format.NONE, path=path))

"""Calls of libraries that are joined by a name."""

import pytest

from spawngate.codescan.echoes import MIN_NAME
from tests.codescan.projects import Sources, kinds

ROUTE = 'import express from "express";\nconst app = express();\napp.post("/x", (req, res) => {\n  %s\n});\n'


def found(listener: str, sender: str) -> list[str]:
    sources = Sources({"jobs.ts": listener, "app.ts": ROUTE % sender})
    return kinds(sources.slice("launch", path="jobs.ts"))


LISTENERS = (
    'import { lib } from "lib";\nlib.createFunction({ event: "mcp/start" }, ({ event }) => launch(event.data.cmd));',
    'import { lib } from "lib";\nlib.task({ id: "mcp/start", run: (payload) => launch(payload.cmd) });',
)


@pytest.mark.parametrize("listener", LISTENERS)
def test_what_is_sent_under_a_name_arrives_under_it(listener: str) -> None:
    assert found(listener, 'lib.send({ name: "mcp/start", data: { cmd: req.body.cmd } });') == ["http"]
    assert found(listener, 'lib.trigger("mcp/start", { cmd: req.body.cmd });') == ["http"]
    assert found(listener, 'lib.send({ name: "mcp/start", data: { cmd: "fixed", note: req.body.note } });') == []
    assert found(listener, 'lib.send({ name: "mcp/other", data: { cmd: req.body.cmd } });') == []


def test_a_method_of_a_server_is_called_by_its_dotted_name() -> None:
    listener = 'import { server } from "lib";\nserver.method("mcp.start", (it) => launch(it.cmd));'
    assert found(listener, "req.server.methods.mcp.start(req.body);") == ["http"]
    assert found(listener, "req.server.methods.other.start(req.body);") == []


def test_short_names_join_nothing() -> None:
    name = "x" * (MIN_NAME - 1)
    listener = f'import {{ lib }} from "lib";\nlib.task({{ id: "{name}", run: (payload) => launch(payload.cmd) }});'
    assert found(listener, f'lib.trigger("{name}", {{ cmd: req.body.cmd }});') == []

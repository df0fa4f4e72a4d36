"""Handlers by their shape."""

import pytest

from tests.codescan.projects import Sources, kinds


def found(text: str, call: str = "launch") -> list[str]:
    return kinds(Sources({"app.ts": text}).slice(call, path="app.ts"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('import lib from "lib"; lib().post("/x", (req, res) => launch(req.body.cmd));', ["http"]),
        ('import lib from "lib"; lib().post("x", (thing) => launch(thing));', []),
        (
            'import lib from "lib"; lib().server({ method: "POST", path: "/x", handler: (r) => launch(r.body) });',
            ["http"],
        ),
        ('import lib from "lib"; lib().each((thing) => launch(thing));', []),
        ('import { app } from "lib"; app.http("x", { handler: (input, ctx) => launch(input.cmd) });', ["http"]),
        ('import { app } from "lib"; app.http("x", { handler: (input, ctx) => launch(ctx.db) });', []),
        ('import { s } from "lib"; s.router(contract, { add: ({ body }) => launch(body.cmd) });', ["http"]),
        ('import uws from "uws"; uws().ws("/x", { message: (ws, m) => launch(m), open: (ws) => 1 });', ["ws"]),
        ('import uws from "uws"; uws().ws("/x", { message: (ws, m) => launch(ws.name), open: (ws) => 1 });', []),
        (
            'import { Bot } from "lib"; const bot = new Bot(); bot.on("room.message", (id, e) => launch(e.text));',
            ["http"],
        ),
        ('import { Bot } from "lib"; const bot = new Bot(); bot.on("error", (e) => launch(e.text));', []),
        ('import { on } from "child_process"; on("message", (m) => launch(m));', []),
        ('import { nc } from "nats"; for await (const m of nc.subscribe("x")) launch(m.data);', ["ipc"]),
        ('import { readJsonBody } from "lib"; async function f() { launch((await readJsonBody()).cmd); }', ["http"]),
        ('import { Body, Post } from "tsoa"; class C { @Post() add(@Body() b: B) { launch(b.cmd); } }', ["http"]),
        ('import { Body, Post } from "./own"; class C { @Post() add(@Body() b: B) { launch(b.cmd); } }', ["param"]),
    ],
)
def test_two_signs_make_a_handler(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_a_service_that_is_given_with_a_name_is_called_by_the_framework() -> None:
    service = "class S { async create(data) { launch(data.cmd); } }\n"
    assert found('import { app } from "lib";\n' + service + 'app.use("servers", new S());') == ["http"]
    assert found(service + "keep(new S());") == ["param"]


def test_the_schema_of_a_contract_is_enforced() -> None:
    handler = "s.router(contract, { add: ({ body }) => launch(body.cmd) });"
    contract = 'import { s } from "lib";\nconst contract = c.router({ add: { body: z.object({ cmd: %s }) } });\n'
    assert found(contract % "z.string()" + handler) == ["http"]
    assert found(contract % 'z.enum(["a"])' + handler) == []


def test_a_path_that_no_request_has_is_no_source() -> None:
    assert found('import lib from "lib"; lib().get("/x", (req) => launch(req.app.program));') == []


def test_the_parts_of_a_request_tell_it_where_nobody_calls() -> None:
    assert found("export const start = { run(ctx) { launch(ctx.request.body.cmd); } };") == ["http"]
    assert found("export const start = { run(ctx) { launch(ctx.state.cmd); } };") != ["http"]

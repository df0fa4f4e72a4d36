"""Handlers and their parameters, as the models know them."""

from spawngate.codescan.models.model import Language
from tests.codescan.projects import Sources, one


def openings(sources: Sources, name: str, path: str = "app.py") -> list[tuple[str, str]]:
    function = sources.function(name, path)
    found = sources.knowledge[function.module.language].openings(function, sources.resolver)
    return [(each.entry.kind.value, function.params[each.index].name) for each in found]


def test_parameters_of_a_route_but_not_its_dependencies() -> None:
    sources = one(
        "from fastapi import APIRouter, Depends, Request\nrouter = APIRouter()\n"
        "@router.post('/x')\ndef handler(request: Request, body: dict, user=Depends(load)): pass\n"
        "def plain(body: dict): pass\n"
    )
    assert openings(sources, "handler") == [("http", "body")]
    assert openings(sources, "plain") == []


def test_handlers_that_are_registered() -> None:
    text = (
        "import express from 'express';\nconst app = express();\n"
        "app.post('/x', (req, res) => { res.end(); });\n"
        "function named(req, res) {}\napp.get('/y', named);\nfunction other(req, res) {}\n"
    )
    sources = Sources({"app.ts": text})
    assert openings(sources, "named", "app.ts") == [("http", "req")]
    assert openings(sources, "other", "app.ts") == []


def test_handlers_that_another_file_registers() -> None:
    handlers = (
        "use axum::Json;\npub async fn add(Json(body): Json<New>) {}\npub async fn other(Json(b): Json<New>) {}\n"
    )
    routes = (
        'use crate::handlers;\nuse axum::routing::post;\nfn app() { Router::new().route("/", post(handlers::add)) }\n'
    )
    sources = Sources({"src/handlers.rs": handlers, "src/main.rs": f"mod handlers;\n{routes}"})
    assert openings(sources, "add", "src/handlers.rs") == [("http", "body")]
    assert openings(sources, "other", "src/handlers.rs") == []


def test_closures_whose_parameter_has_no_type_are_handlers_too() -> None:
    text = "use axum::routing::post;\nfn app() { route(post(|body| async move { f(body) })); g(|other| other); }\n"
    sources = Sources({"src/main.rs": text})
    closures = [each for each in sources.module("src/main.rs").of.values() if each.closure is not None and each.params]
    found = [sources.knowledge["rust"].openings(each, sources.resolver) for each in closures]
    assert sorted(len(each) for each in found) == [0, 1]


def test_tools_of_a_server_are_written_by_a_model() -> None:
    sources = one(
        "from mcp.server.fastmcp import FastMCP, Context\nmcp = FastMCP('x')\n"
        "@mcp.tool()\ndef add(ctx: Context, command: str): pass\n"
    )
    assert openings(sources, "add") == [("llm", "command")]


def test_each_language_has_sinks_sources_and_its_own_sdk() -> None:
    sources = one("")
    for language in Language:
        knowledge = sources.knowledge[language.value]
        assert knowledge.sinks.words()
        assert knowledge.entries
        assert any("mcp" in name.lower() or "modelcontextprotocol" in name for name in knowledge.near)


def test_what_a_library_implements_answers_from_outside() -> None:
    text = (
        "import org.springframework.cloud.openfeign.FeignClient;\n"
        '@FeignClient("a") interface Market { Manifest find(String id); default String own() { return "a"; } }\n'
        "interface Plain { Manifest look(String id); }\n"
    )
    sources = Sources({"Market.java": text})
    told = {}
    for name in ("find", "own", "look"):
        entry = sources.knowledge["java"].answers(sources.function(name, "Market.java"), sources.resolver)
        told[name] = entry.kind.value if entry is not None else ""
    assert told == {"find": "remote", "own": "", "look": ""}


def test_objects_that_a_dependency_makes_of_the_request() -> None:
    head = "from typing import Annotated\nfrom fastapi import Depends, FastAPI\napp = FastAPI()\n"
    made = "class Target:\n    def __init__(self, command: str): pass\ndef get_target(): return Target('a')\n"
    for given, opened in [
        ("t: Annotated[Target, Depends()]", [1]),
        ("t: Target = Depends()", [1]),
        ("t = Depends(Target)", [1]),
        ("t: Annotated[Target, Depends(get_target)]", []),
        ("t: Target = Depends(get_target)", []),
        ("t: Target", []),
    ]:
        sources = one(f"{head}{made}@app.get('/x')\ndef f({given}): pass\n")
        openings = sources.knowledge["python"].openings(sources.function("__init__"), sources.resolver)
        assert [each.index for each in openings] == opened, given

"""Conventions of Python that lead to another definition."""

from spawngate.codescan.dynamic import by_convention, dispatcher
from tests.codescan.projects import Sources, kinds, one

HANDLER = "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\n"


def sources(text: str) -> list[str]:
    return kinds(one(HANDLER + text).slice("sink"))


def test_fields_that_getattr_answers() -> None:
    text = (
        "def handler(bad: str):\n    run(Config({'command': {0}, 'label': bad}))\n"
        "def run(config):\n    sink(config.command)\n"
        "class Config:\n    def __init__(self, data):\n        self._data = data\n"
        "    def __getattr__(self, name):\n        return {1}\n"
    )
    for read in ("self._data[name]", "self._data.get(name)"):
        assert sources(text.replace("{0}", "bad").replace("{1}", read)) == ["http"]
        assert sources(text.replace("{0}", "'uvx'").replace("{1}", read)) == []


def test_functions_that_are_registered_for_a_type() -> None:
    text = (
        "from functools import singledispatch\n" + HANDLER + "def handler(bad: str):\n    open_it({0})\n"
        "@singledispatch\ndef open_it(x):\n    raise TypeError\n"
        "@open_it.register\ndef _local(x: str):\n    sink(x)\n"
    )
    assert kinds(one(text.replace("{0}", "bad")).slice("sink")) == ["http"]
    assert kinds(one(text.replace("{0}", "'uvx'")).slice("sink")) == []
    project = one(text)
    found = dispatcher(project.calls, project.function("_local"))
    assert found is not None
    assert found.name == "open_it"
    assert dispatcher(project.calls, project.function("open_it")) is None


def test_partial_methods() -> None:
    text = (
        "from functools import partialmethod\n" + HANDLER + "def handler(bad: str):\n    Hub().{0}\n"
        "class Hub:\n    def start(self, program, *rest):\n        sink({1})\n"
        "    run = partialmethod(start, 'uvx')\n"
    )

    def found(call: str, asked: str) -> list[str]:
        return kinds(one(text.replace("{0}", call).replace("{1}", asked)).slice("sink"))

    assert found("run(bad)", "rest[0]") == ["http"]
    assert found("run(bad)", "program") == []
    assert found("run('x')", "rest[0]") == []


def test_hooks_of_schemas() -> None:
    text = (
        "from marshmallow import Schema, fields, post_load\n" + HANDLER + "def handler(bad: dict):\n"
        "    sink(S().load(bad).command)\n"
        "class S(Schema):\n    command = fields.{0}\n{1}"
        "class Spec:\n    def __init__(self, command):\n        self.command = command\n"
    )
    hook = "    @post_load\n    def make(self, data, **kwargs):\n        return Spec({0})\n"

    def found(field: str, hooked: str) -> list[str]:
        return kinds(one(text.replace("{0}", field).replace("{1}", hooked)).slice("sink"))

    assert found("String()", "") == ["http"]
    assert found("Integer()", "") == []
    assert found("String(validate=validate.OneOf(['a']))", "") == []
    assert found("String()", hook.replace("{0}", "**data")) == ["http"]
    assert found("String()", hook.replace("{0}", "'uvx'")) == []
    project = one(text.replace("{0}", "String()").replace("{1}", hook.replace("{0}", "**data")))
    assert [(place, shift) for _, _, place, shift in by_convention(project.calls, project.function("make"))] == [
        (-1, 0)
    ]


def test_methods_that_are_looked_up_by_a_name_put_together() -> None:
    text = (
        HANDLER + "def handler(bad: dict):\n    S().on_event(bad)\n"
        "class S:\n    def on_event(self, event):\n"
        "        found = getattr(self, f\"do_{event['type']}\", None)\n        found({0})\n"
        "    def do_attach(self, payload):\n        sink(payload)\n"
    )
    assert sources(text.replace("{0}", "event['payload']")) == ["http"]
    assert sources(text.replace("{0}", "'uvx'")) == []
    other = text.replace("{0}", "event['payload']").replace("do_attach", "undo")
    assert sources(other) == ["param"]


def test_nodes_of_a_graph_leave_their_state_to_each_other() -> None:
    text = (
        "def choose(state):\n    return {'server': input(), 'label': 'x'}\n"
        "def launch(state):\n    sink(state['{0}'])\n"
        "def build(builder):\n    builder.add_node('choose', choose)\n    builder.add_node('launch', launch)\n"
    )
    assert kinds(one(text.replace("{0}", "server")).slice("sink")) == ["cli"]
    assert kinds(one(text.replace("{0}", "label")).slice("sink")) == []


def test_services_on_the_state_of_an_application() -> None:
    text = (
        HANDLER + "def handler(bad: str, request):\n    request.app.state.service.open({0})\n"
        "app.state.service = Service()\n"
        "class Service:\n    def open(self, command):\n        sink(command)\n"
    )
    assert sources(text.replace("{0}", "bad")) == ["http"]
    assert sources(text.replace("{0}", "'uvx'")) == []


def test_copies_with_other_fields() -> None:
    text = (
        "from dataclasses import dataclass, replace\n" + HANDLER + "def handler(bad: str):\n"
        "    sink(replace(Spec(), {0}).command)\n"
        "@dataclass\nclass Spec:\n    command: str = 'uvx'\n    label: str = ''\n"
    )
    assert kinds(one(text.replace("{0}", "command=bad")).slice("sink")) == ["http"]
    assert kinds(one(text.replace("{0}", "label=bad")).slice("sink")) == []


def test_entries_of_an_object_with_methods_for_them() -> None:
    text = (
        "def handler(bad: str):\n    box[bad] = {0}\n"
        "def read():\n    sink(box['k'])\n"
        "class Box:\n    def __init__(self):\n        self._kept = {}\n"
        "    def __setitem__(self, key, value):\n        self._kept[key] = value\n"
        "    def __getitem__(self, key):\n        return self._kept[key]\n"
        "box = Box()\n"
    )
    assert sources(text.replace("{0}", "bad")) == ["http"]
    assert sources(text.replace("{0}", "'uvx'")) == []


def test_modules_that_are_loaded_by_name() -> None:
    def found(given: str, call: str) -> list[str]:
        main = f"import importlib\n{HANDLER}def handler(bad: str, kind: str):\n{call}"
        plugin = "class Plugin:\n    def __init__(self, program):\n        sink(program)\n"
        files = {"main.py": main.replace("{0}", given), "plugins/one.py": plugin}
        return kinds(Sources(files).slice("sink", path="plugins/one.py"))

    inline = "    importlib.import_module(f'plugins.{kind}').Plugin({0})\n"
    apart = "    module = importlib.import_module(f'plugins.{kind}')\n    module.Plugin({0})\n"
    for call in (inline, apart):
        assert found("bad", call) == ["http"]
        assert found("'uvx'", call) == []
    assert found("bad", inline.replace("plugins.", "others.")) == ["param"]


def test_hooks_that_a_manager_calls() -> None:
    text = (
        "def handler(bad: str):\n    manager.hook.open_server(name=bad, program={0})\n"
        "@hookimpl\ndef open_server(name, program):\n    sink(program)\n"
    )
    assert sources(text.replace("{0}", "bad")) == ["http"]
    assert sources(text.replace("{0}", "'uvx'")) == []


def test_methods_that_are_called_by_a_name_put_together() -> None:
    text = (
        "from operator import methodcaller\n" + HANDLER + "def handler(bad: str, kind: str):\n"
        "    methodcaller(f'on_{kind}', {0})(Hub())\n"
        "class Hub:\n    def on_start(self, program):\n        sink(program)\n"
    )
    assert kinds(one(text.replace("{0}", "bad")).slice("sink")) == ["http"]
    assert kinds(one(text.replace("{0}", "'uvx'")).slice("sink")) == []


def test_what_a_graph_is_started_with() -> None:
    text = (
        "def handler(bad: str):\n    graph.invoke({'command': {0}, 'label': bad})\n"
        "def node(state):\n    sink(state['command'])\n"
        "graph = StateGraph()\ngraph.add_node('a', node)\n"
    )
    assert sources(text.replace("{0}", "bad")) == ["http"]
    assert sources(text.replace("{0}", "'uvx'")) == []

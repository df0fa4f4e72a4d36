"""Slices through variables of modules and of frameworks."""

from tests.codescan.projects import Sources, kinds, one

HANDLER = "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\n"


def sources(text: str) -> list[str]:
    return kinds(one(HANDLER + text).slice("sink"))


def test_variables_of_modules_are_written_anywhere() -> None:
    files = {
        "state.py": "SERVERS = {}\nNAME = 'npx'\n",
        "app.py": HANDLER + "def handler(bad: str):\n    state.SERVERS['a'] = bad\nimport state\n",
        "run.py": "from state import SERVERS, NAME\ndef go():\n    sink(SERVERS['a'])\n    sink(NAME)\n",
    }
    project = Sources(files)
    assert kinds(project.slice("sink", path="run.py")) == ["http"]
    node, function = project.call("sink", "run.py", 1)
    search = project.search()
    search.ask(node.args[0].value, function, (), None, None)
    assert kinds(search.run()) == []


def test_global_statements() -> None:
    text = "def handler(bad: str):\n    global current\n    current = bad\ncurrent = ''\ndef go():\n    sink(current)\n"
    assert sources(text) == ["http"]


def test_what_a_framework_keeps_is_written_below_a_key_as_well() -> None:
    text = (
        "import streamlit as st\n" + HANDLER + "def handler(bad: str):\n    st.session_state.servers['a'].{0} = bad\n"
        "def run():\n    sink(st.session_state.servers['{1}'].command)\n"
    )
    assert sources(text.format("command", "a")) == ["http"]
    assert sources(text.format("label", "a")) == []
    assert sources(text.format("command", "b")) == []

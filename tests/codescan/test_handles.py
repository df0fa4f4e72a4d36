"""Objects of libraries that keep what they are given."""

import pytest

from tests.codescan.projects import kinds, one

APP = "from fastapi import FastAPI\napp = FastAPI()\n"


def found(text: str, value: str) -> list[str]:
    text = text.replace("def handler", "@app.post('/x')\ndef handler").replace("{0}", value)
    return kinds(one(APP + text).slice("sink"))


STORES = {
    "opened twice": "def handler(bad: str):\n    with shelve.open('a.db') as db:\n        db['k'] = {'command': {0}}\n"
    "def read():\n    with shelve.open('a.db', flag='r') as db:\n        sink(db['k']['command'])\n",
    "of a name": "PLACE = 'a.db'\ndef handler(bad: str):\n    box = Box(PLACE)\n    box['k'] = {'command': {0}}\n"
    "def read():\n    again = Box(Path(PLACE))\n    sink(again['k']['command'])\n",
    "a table of a module": "rows = TinyDB('a.json').table('servers')\ndef handler(bad: str):\n"
    "    rows.upsert({'command': {0}, 'label': bad}, 1)\ndef read():\n    sink(rows.all()[0]['command'])\n",
    "looked for": "rows = Base()\ndef handler(bad: str):\n    rows.insert_one({'command': {0}, 'label': bad})\n"
    "def read():\n    sink(rows.find('x')['command'])\n",
    "two ends": "ours, theirs = Pipe()\ndef handler(bad: str):\n    ours.send({'command': {0}, 'label': bad})\n"
    "def read():\n    order = theirs.recv()\n    sink(order['command'])\n",
    "two ends at hand": "def handler(bad: str):\n    tx, rx = channel()\n    tx.send({'command': {0}})\n"
    "    sink(rx.recv()['command'])\n",
    "a future": "def handler(bad: str):\n    waiting['k'].set_result({'command': {0}, 'label': bad})\n"
    "async def read(loop):\n    future = loop.create_future()\n    waiting['k'] = future\n"
    "    sink((await future)['command'])\n",
    "settings": "from configparser import ConfigParser\nparser = ConfigParser()\ndef handler(bad: str):\n"
    "    parser.set('mcp', 'command', {0})\n    parser.set('mcp', 'label', bad)\n"
    "def read():\n    sink(parser['mcp']['command'])\n",
    "settings by key": "import configparser\ndef load():\n    made = configparser.ConfigParser()\n    return made\n"
    "def handler(bad: str):\n    parser = load()\n    parser['mcp']['command'] = {0}\n"
    "def read():\n    sink(load()['mcp']['command'])\n",
}


@pytest.mark.parametrize("name", list(STORES))
def test_what_is_kept_comes_out(name: str) -> None:
    assert found(STORES[name], "bad") == ["http"]
    assert found(STORES[name], "'uvx'") == []


def test_things_of_other_names_are_others() -> None:
    text = STORES["opened twice"].replace("shelve.open('a.db') as", "Box('b.db') as")
    assert "http" not in found(text.replace("shelve.open('a.db', flag='r')", "Box('a.db')"), "bad")
    assert found("def handler(bad: str):\n    a = Pair(bad.encode('utf-8'))\n    sink(a)\n", "") == ["http"]

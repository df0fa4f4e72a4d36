"""Functions that a library calls, without a model for it."""

import pytest

from spawngate.codescan.entrusted import to
from spawngate.codescan.finding import SourceKind
from tests.codescan.projects import Sources, kinds, one

HTTP = ("nio", SourceKind.HTTP)


@pytest.mark.parametrize(
    "text",
    [
        "import nio\nclass Bot:\n    def __init__(self, client: nio.AsyncClient):\n"
        "        client.add_event_callback(self.taken, nio.RoomMessageText)\n"
        "    def taken(self, room, event):\n        sink(event.body)\n",
        "import nio\nclient = nio.AsyncClient('u')\n@client.listens\ndef taken(room, event):\n    sink(event.body)\n",
        "import nio\ndef taken(room, event):\n    sink(event.body)\n"
        "client = nio.connect('u')\nclient.on_text = taken\n",
        "import nio\ndef taken(room, event):\n    sink(event.body)\nnio.run(handlers=[taken])\n",
        "import nio\nclass Bot(nio.Listener):\n    def taken(self, room, event):\n        sink(event.body)\n",
        "import nio\nclass Bot:\n    def taken(self, room, event):\n        sink(event.body)\n"
        "server = nio.Server()\nserver.register(Bot())\n",
        "import nio\nclass Bot:\n    def taken(self, room, event):\n        sink(event.body)\n"
        "def main():\n    bot = Bot()\n    nio.serve(bot)\n",
    ],
)
def test_ways_to_a_library(text: str) -> None:
    project = one(text)
    assert to(project.calls, project.function("taken")) == HTTP
    assert kinds(project.slice("sink")) == ["http"]


@pytest.mark.parametrize(
    "text",
    [
        "def taken(event):\n    sink(event.body)\n",
        "import functools\n@functools.cache\ndef taken(event):\n    sink(event.body)\n",
        "import nio\nclass Bot(nio.Listener):\n    def _taken(self, event):\n        sink(event.body)\n"
        "taken = Bot._taken\n",
        "import unheard\nclient = unheard.Client()\nclient.register(1)\ndef taken(event):\n    sink(event.body)\n",
    ],
)
def test_no_library_is_known_to_call_it(text: str) -> None:
    project = one(text)
    name = "taken" if "def taken" in text else "_taken"
    assert to(project.calls, project.function(name)) is None
    assert kinds(project.slice("sink")) == ["param"]


def test_a_project_that_is_the_library() -> None:
    bot = "import nio\nclass Bot(nio.Listener):\n    def taken(self, event):\n        sink(event.body)\n"
    project = Sources({"nio/__init__.py": "class Other: ...\n", "app.py": bot})
    assert kinds(project.slice("sink")) == ["param"]
    inner = Sources({"app/__init__.py": "", "app/nio/__init__.py": "", "app.py": bot})
    assert kinds(inner.slice("sink")) == ["http"]


def test_what_the_library_gets_from_the_program_is_no_source() -> None:
    text = "import nio\n@nio.route\ndef taken(n: int, kept=make(), event=None):\n    sink({0})\n"
    assert kinds(one(text.replace("{0}", "event")).slice("sink")) == ["http"]
    assert kinds(one(text.replace("{0}", "n")).slice("sink")) == []
    assert "http" not in kinds(one(text.replace("{0}", "kept")).slice("sink"))

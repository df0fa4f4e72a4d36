"""Recipes of files that a text wrote itself."""

import json

import pytest

from spawngate.command.parse import read
from spawngate.command.recipes import note, recipe
from tests.command.shown import shown

MAKEFILE = (
    "D = /srv\n.PHONY: all\nall: build\n\t@echo $(D) $${HOME}\nbuild: ; cc x.c\nclean:\n\t-rm -rf $(D)/\\\n\t\tout\n"
)
JUSTFILE = "set shell := ['sh']\nx arg:\n    @rm a\n    rm b\ny: x\n    ls\n"
PACKAGE = json.dumps({"scripts": {"prex": "a", "x": "b", "postx": "c"}})


@pytest.mark.parametrize(
    ("runner", "name", "files", "text"),
    [
        ("make", "all", {"Makefile": MAKEFILE}, "echo /srv ${HOME}\ncc x.c"),
        ("make", "clean", {"sub/Makefile": MAKEFILE}, "rm -rf /srv/ \t\tout"),
        ("gmake", "build", {"makefile": MAKEFILE}, "cc x.c"),
        ("make", "none", {"Makefile": MAKEFILE}, None),
        ("make", "all", {"Makefile": "first:\n\tls\n"}, "ls"),
        ("make", "all", {}, None),
        ("just", "x", {"justfile": JUSTFILE}, "rm a\nrm b"),
        ("just", "default", {"justfile": JUSTFILE}, "rm a\nrm b"),
        ("just", "z", {"justfile": JUSTFILE}, None),
        ("npm", "x", {"package.json": PACKAGE}, "a\nb\nc"),
        ("yarn", "y", {"package.json": PACKAGE}, None),
        ("npm", "x", {"package.json": "["}, None),
        ("npm", "x", {"package.json": '{"scripts": []}'}, None),
        ("composer", "x", {"composer.json": '{"scripts": {"x": ["a", "b"]}}'}, "a && b"),
        ("other", "x", {"Makefile": MAKEFILE}, None),
    ],
)
def test_recipe(runner: str, name: str, files: dict[str, str], text: str | None) -> None:
    assert recipe(runner, name, files) == text


def test_recipe_that_needs_itself_ends() -> None:
    assert recipe("make", "a", {"Makefile": "a: b\n\tx\nb: a\n\ty\nV = $(V)$(V)\n"}) == "x\ny"


def test_package_script_set_by_npm() -> None:
    files: dict[str, str] = {}
    note(["npm", "pkg", "set", "scripts.x=rm y", "name=z"], files)
    note(["npm", "run", "x"], files)
    assert files == {"package.json": '{"scripts": {"x": "rm y"}}'}


def test_through_a_text() -> None:
    text = "printf 'x:\\n\\trm -rf /\\n' > Makefile && make x"
    assert shown(read(text))[-1] == "rm -rf / in:make via:script"

"""Slices through expressions and versions of variables, and the bounds of a search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan.finding import SourceKind
from spawngate.codescan.models.model import Slot
from spawngate.codescan.slicer import MAX_PATH, Budget
from tests.codescan.projects import Sources, kinds, one

HEAD = "from fastapi import FastAPI\napp = FastAPI()\ngood = 1\n@app.post('/x')\ndef handler(bad: dict):\n"


def tainted(body: str, *step: str | int) -> bool:
    """Whether the argument of `sink(x)` in a handler with the tainted parameter `bad` is made of it."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return kinds(one(HEAD + lines).slice("sink", step=step)) == ["http"]


@pytest.mark.parametrize(
    "body",
    [
        "sink(bad)",
        "sink(bad['a'].b)",
        "sink(f'x{bad}')",
        "sink('x' + bad)",
        "sink(good or bad)",
        "sink(bad if good else 'x')",
        "sink(good and bad)",
        "sink([good, bad][1])",
        "sink({'a': bad}['a'])",
        "sink({**bad, 'a': 1}['b'])",
        "x = {}\nx['a'] = bad\nsink(x['a'])",
        "x = {}\nx[good] = bad\nsink(x['a'])",
        "x = good\nx += bad\nsink(x)",
        "a, b = good, bad\nsink(b)",
        "for k, v in bad.items():\n    sink(v)",
        "sink([y for y in bad][0])",
        "sink({k: v for k, v in bad.items()}['a'])",
        "sink(str(bad).strip().split(' ')[0])",
        "x = []\nx.append(bad)\nsink(x[0])",
        "def inner():\n    return bad\nsink(inner())",
        "x = lambda y: y\nsink(x(bad))",
        "sink(unheard_of(bad))",
    ],
)
def test_ways_that_carry(body: str) -> None:
    assert tainted(body)


@pytest.mark.parametrize(
    "body",
    [
        "sink('x')",
        "sink({'a': bad, 'b': 1}['b'])",
        "sink({**bad, 'a': 1}['a'])",
        "x = bad\nx = 'y'\nsink(x)",
        "x = {'a': bad}\nx['a'] = 'y'\nsink(x['a'])",
        "a, b = bad, good\nsink(b)",
        "sink(len(bad))",
        "sink(bad == good)",
        "sink(int(bad))",
        "sink(TABLE[bad])",
        "sink(TABLE.get(bad))",
        "sink([good, bad][0])",
        "x = ['npx']\nx.append(bad)\nsink(x[0])",
        "x = ['npx']\nx += [bad]\nsink(x[0])",
        "for k, v in bad.items():\n    sink('v')",
        "sink('a' if bad else 'b')",
        "x = lambda y: 'z'\nsink(x(bad))",
    ],
)
def test_ways_that_do_not(body: str) -> None:
    assert not tainted(body)


def test_a_part_is_asked_for_by_its_path() -> None:
    body = "sink({'command': bad, 'args': ['x']})"
    assert tainted(body, "command")
    assert not tainted(body, "args", "*")
    assert tainted(body)


def test_what_cannot_be_seen_is_told_and_is_not_constant() -> None:
    found = one("import acme\ndef f():\n    sink(acme.load())\n").slice("sink")
    assert kinds(found) == []
    assert [text for text, _ in found.unresolved] == ["what load() finds"]


def test_steps_are_bounded_and_told() -> None:
    sources = one(HEAD + "    sink([bad])\n")
    node, function = sources.call("sink")
    search = sources.search(Slot.COMMAND, Budget(steps=1))
    search.ask(node.args[0].value, function, (), None, None)
    found = search.run()
    assert (found.steps, found.incomplete, found.found) == (1, True, [])


def test_ways_that_cost_too_much_are_not_taken() -> None:
    sources = one(HEAD + "    sink(unheard_of(bad))\n")
    node, function = sources.call("sink")
    search = sources.search(Slot.COMMAND, Budget(cost=2))
    search.ask(node.args[0].value, function, (), None, None)
    assert search.run().found == []


def test_each_source_is_told_once_by_its_cheapest_way() -> None:
    found = one(HEAD + "    sink([bad, unheard_of(bad), bad])\n").slice("sink")
    assert [(each.kind, each.state.cost) for each in found.found] == [(SourceKind.HTTP, 0)]


def test_endless_structures_end() -> None:
    text = "def f(x):\n    while x:\n        x = {'a': x, 'b': f(x)}\n    sink(x['a'])\n    return x\nf(f(1))\n"
    found = one(text).slice("sink", step=("b",) * (MAX_PATH + 3))
    assert not found.incomplete


names = st.sampled_from(["a", "b", "bad", "f(a)", "[a, bad]", "{'k': b, **a}", "a.k", "b['k']", "bad.get('k')"])


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "a.k", "b['k']", "a, b"]), names), max_size=10))
def test_any_sequence_of_assignments_is_sliced(lines: list[tuple[str, str]]) -> None:
    body = "".join(f"    {target} = {value}\n" for target, value in lines)
    found = one(HEAD + "    a = b = 1\n" + body + "    sink(a)\n").slice("sink")
    assert not found.incomplete
    assert set(kinds(found)) <= {"http", "param"}


@pytest.mark.parametrize(
    "body",
    [
        "let text = ''; req.on('data', (chunk) => { text += chunk; }); req.on('end', () => sink(text));",
        "let given; use(() => { given = req.body; }); sink(given);",
        "sink(new Promise((done) => { setTimeout(() => done(req.body)); }));",
        "keep(req.body); sink(kept);",
    ],
)
def test_variables_of_javascript_that_another_function_binds(body: str) -> None:
    head = "import http from 'http';\nlet kept;\nfunction keep(x) { kept = x; }\n"
    sources = Sources({"app.js": f"{head}http.createServer((req, res) => {{ {body} }});"})
    assert kinds(sources.slice("sink", path="app.js")) == ["http"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("x = ['a', 'b']\nif good:\n    x.append(bad)\nsink(x)", [False, False, True]),
        ("x = ['a', 'b']\nfor y in bad:\n    x.extend(['-e', y])\nx += [bad]\nsink(x)", [False, False, True]),
        ("if good:\n    x = ['a']\nelse:\n    x = ['a', 'b']\nx.append(bad)\nsink(x)", [False, True, True]),
        ("x = [bad, 'b']\nx.append('c')\nsink(x)", [True, False, False]),
    ],
)
def test_what_is_added_to_a_list_on_some_way_stands_behind_what_it_had(body: str, found: list[bool]) -> None:
    assert [tainted(body, place) for place in range(3)] == found

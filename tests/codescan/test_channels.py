"""Calls that reach a function by a name or through a table."""

import pytest

from tests.codescan.projects import Sources, one


def found(sources: Sources, name: str, path: str = "app.py") -> list[tuple[int, str, int]]:
    """Line, way and place of every site."""
    sites = sources.calls.sites(sources.function(name, path))
    return [(site.call.line, site.way, site.place) for site in sites]


@pytest.mark.parametrize(("listen", "emit"), [("on", "emit"), ("subscribe", "publish"), ("add_listener", "dispatch")])
def test_events_are_joined_by_their_constant_name(listen: str, emit: str) -> None:
    sources = one(
        f"import bus\nADDED = 'server:added'\ndef started(command): pass\nbus.{listen}(ADDED, started)\n"
        f"def f(x):\n    bus.{emit}('server:added', x)\n    bus.{emit}('server:seen', x)\n"
    )
    assert found(sources, "started") == [(6, "later", 0)]


def test_a_name_that_is_not_known_joins_nothing() -> None:
    sources = one("import bus\ndef started(c): pass\ndef f(n, x):\n    bus.on(n, started)\n    bus.emit(n, x)\n")
    assert [way for _, way, _ in found(sources, "started")] == ["later"]
    assert found(sources, "started")[0][0] == 4  # no more than any function that is handed on


def test_signals_are_joined_by_the_object() -> None:
    sources = one(
        "from signals import added, seen\ndef started(sender, command): pass\nadded.connect(started)\n"
        "def f(x):\n    added.send('me', command=x)\n    seen.send('me', command=x)\n"
    )
    assert found(sources, "started") == [(5, "later", -1)]


@pytest.mark.parametrize(
    "register",
    [
        "def mark(k):\n    def inner(fn):\n        TABLE[k] = fn\n        return fn\n    return inner\n@mark('a')\n",
        "def mark(fn):\n    TABLE.append(fn)\n    return fn\n@mark\n",
        "def mark(fn):\n    TABLE.setdefault(fn.__name__, fn)\n    return fn\n@mark\n",
    ],
)
def test_a_decorator_that_puts_the_function_into_a_table(register: str) -> None:
    sources = one(
        f"TABLE = {{}}\n{register}def make(opts): pass\n"
        "def by_key(k, x): TABLE[k](x)\ndef by_get(k, x): TABLE.get(k)(x)\n"
        "def by_name(k, x):\n    fn = TABLE[k]\n    fn(x)\ndef other(k, x): OTHER[k](x)\n"
    )
    names = {site.function.name for site in sources.calls.sites(sources.function("make"))}
    assert names == {"by_key", "by_get", "by_name"}


def test_a_function_that_puts_its_argument_into_a_table() -> None:
    sources = one(
        "TABLE = {}\ndef register(key, fn): TABLE[key] = fn\ndef make(opts): pass\nregister('a', make)\n"
        "def go(k, x): TABLE[k](x)\n"
    )
    assert [site.function.name for site in sources.calls.sites(sources.function("make"))] == ["go"]


@pytest.mark.parametrize(
    ("call", "way"),
    [
        ("start.apply_async(args=[x])", ("applied", -1)),
        ("start.apply_async((x,), countdown=1)", ("applied", -1)),
        ("app.send_task('jobs.start', args=[x])", ("applied", 0)),
        ("pool.enqueue_job('start', x)", ("later", 0)),
    ],
)
def test_tasks_are_joined_with_what_enqueues_them(call: str, way: tuple[str, int]) -> None:
    sources = one(
        f"from own import app, pool\n@app.task(name='jobs.start')\ndef start(command): pass\ndef f(x):\n    {call}\n"
    )
    assert found(sources, "start") == [(5, *way)]


def test_another_task_is_not_meant() -> None:
    sources = one(
        "from own import app\n@app.task\ndef start(c): pass\ndef f(x):\n    app.send_task('stop', args=[x])\n"
    )
    assert found(sources, "start") == []


def test_jobs_of_a_queue() -> None:
    code = (
        "import { Queue, Worker } from 'bullmq';\nconst queue = new Queue('a');\nconst names = new Set();\n"
        "async function work(job) { return job.data; }\nnew Worker('a', work);\n"
        "function f(x) { queue.add('start', x); names.add(x); }\n"
    )
    assert found(Sources({"app.ts": code}), "work", "app.ts") == [(6, "job", 1)]

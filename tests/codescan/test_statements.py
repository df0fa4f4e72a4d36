"""Statements of SQL in calls."""

from spawngate.codescan import ir
from tests.codescan.projects import Sources, one


def row(text: str, call: str = "execute", path: str = "app.py") -> dict[str, object] | None:
    """By column what the call of that name writes: the name of a variable, or the node."""
    sources = Sources({path: text})
    node, function = sources.call(call, path)
    statements = sources.stores.statements
    found = statements.row(node, function) or statements.column(node, function)
    if found is None:
        return None
    out: dict[str, object] = {}
    for entry in found.entries:
        assert isinstance(entry.key, ir.Literal)
        value = entry.value
        out[str(entry.key.value)] = value.id if isinstance(value, ir.Name) else type(value).__name__
    return out


def test_columns_meet_their_values() -> None:
    insert = "INSERT INTO servers (name, command) VALUES (?, ?)"
    assert row(f"db.execute('{insert}', (a, b))") == {"name": "a", "command": "b"}
    assert row(f"db.execute('{insert}', a, b)") == {"name": "a", "command": "b"}
    assert row(f"db.execute('{insert}', both)") == {"name": "Index", "command": "Index"}
    assert row("db.execute('UPDATE servers SET command = :c', values)") == {"command": "Index"}
    assert row("db.execute('DELETE FROM servers')") == {}
    assert row("db.execute(action)") is None
    assert row("db.execute()") is None


def test_a_prepared_statement_is_that_of_its_preparation() -> None:
    text = "const insert = db.prepare('INSERT INTO t (a, b) VALUES (?, ?)');\ninsert.run(x, y);\n"
    assert row(text, "run", "app.js") == {"a": "x", "b": "y"}


def test_a_bind_is_the_column_at_its_place() -> None:
    text = 'fn f() { sqlx::query("INSERT INTO t (a, b) VALUES (?, ?)").bind(x).bind(y); }\n'
    sources = Sources({"src/main.rs": text})
    found = []
    for call, function in sources.module("src/main.rs").calls["bind"]:
        record = sources.stores.statements.column(call, function)
        assert record is not None
        found.append([(e.key.value, e.value.id) for e in record.entries])  # type: ignore[union-attr]  # literals, names
    assert sorted(found) == [[("a", "x")], [("b", "y")]]


def test_what_is_fetched_is_of_the_statement_before() -> None:
    text = (
        "def f(cur):\n    cur.execute('SELECT a FROM first')\n    cur.fetchone()\n"
        "    cur.execute('SELECT a FROM second')\n    cur.fetchone()\n    other.fetchone()\n"
    )
    sources = one(text)
    asked = [sources.call("fetchone", number=number) for number in range(3)]
    assert [sources.stores.statements.queried(*each) for each in asked] == ["first", "second", ""]

"""`redact.detail`: every key that a reader writes has a treatment, and the treatment fits what is under it."""

import ast
import json
from pathlib import Path

import pytest

from spawngate.model.artifact import Kind, Scope
from spawngate.model.json import Json
from spawngate.model.observed import Observed
from spawngate.redact.artifact import Crossing
from spawngate.redact.detail import COMPOSED, Treatment, is_written, treatment, written_keys
from spawngate.redact.redactor import Redactor
from tests.agents.golden import FIXTURES, fixtures, found

SOURCE = Path(__file__).parents[2] / "src" / "spawngate"
SECRET = "ghp_0a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R"
CROSSING = Crossing(Redactor(b"detail" * 6), "endpoint")


@pytest.mark.parametrize(
    ("kind", "key", "how"),
    [
        (Kind.HOOK, "command", Treatment.COMMAND),
        (Kind.HOOK, "args", Treatment.ARGS),
        (Kind.HOOK, "url", Treatment.URL),
        (Kind.MCP_SERVER, "timeout", Treatment.PLAIN),
        (Kind.SKILL, "tools", Treatment.COMMAND),
        (Kind.EXTENSION, "tools", Treatment.TEXT),
        (Kind.MCP_SERVER, "command", Treatment.VALUE),
        (Kind.SKILL, "nobody wrote this down", Treatment.VALUE),
    ],
)
def test_treatment(kind: Kind, key: str, how: Treatment) -> None:
    assert treatment(kind, key) is how


def test_is_written() -> None:
    assert is_written(Kind.HOOK, "command")
    assert is_written(Kind.HOOK, "description")
    assert is_written(Kind.MCP_SERVER, "running")
    assert is_written(Kind.AGENT, "permissions_total")
    assert not is_written(Kind.MCP_SERVER, "command")
    assert not is_written(Kind.SKILL, "permissions_total")
    assert not is_written(Kind.SKILL, "nobody wrote this down")


def test_written_keys() -> None:
    keys = written_keys()
    assert list(keys) == sorted(set(keys))
    assert {"command", "description", "running", "owner_id"} <= set(keys)
    for key in keys:
        assert any(is_written(kind, key) for kind in Kind), key


@pytest.mark.parametrize(("kind", "name"), fixtures(), ids=lambda value: value)
def test_every_key_of_a_scan_is_written(kind: str, name: str) -> None:
    unwritten = {
        (artifact["kind"], key)
        for records in found(kind, name).values()
        for artifact in records["artifacts"]
        for key in artifact.get("detail", ())
        if not is_written(Kind(artifact["kind"]), key)
    }
    assert unwritten == set()


@pytest.mark.parametrize(
    "path",
    sorted(set(FIXTURES.rglob("expected.json")) - set((FIXTURES / "codescan").rglob("*.json"))),
    ids=lambda path: path.parent.name,
)
def test_every_key_of_an_expected_file_is_written(path: Path) -> None:
    unwritten = {
        (artifact["kind"], key)
        for records in json.loads(path.read_text(encoding="utf-8")).values()
        for artifact in records["artifacts"]
        for key in artifact.get("detail", ())
        if not is_written(Kind(artifact["kind"]), key)
    }
    assert unwritten == set()


def keys_written_in(text: str) -> set[str]:
    """Keys that the code puts into something called `detail`: in a literal, by assignment or by `setdefault`."""
    keys: set[str] = set()

    def literal(node: ast.expr | None) -> None:
        if isinstance(node, ast.Dict):
            keys.update(key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))

    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.keyword) and node.arg == "detail":
            literal(node.value)
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and target.id == "detail":
                    literal(node.value)
                if (
                    isinstance(target, ast.Subscript)
                    and isinstance(target.value, ast.Name)
                    and target.value.id == "detail"
                    and isinstance(target.slice, ast.Constant)
                ):
                    keys.add(str(target.slice.value))
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "setdefault"
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "detail"
            and isinstance(node.args[0], ast.Constant)
        ):
            keys.add(str(node.args[0].value))
    return keys


def test_keys_are_found_in_code() -> None:
    text = """
detail: dict[str, Json] = {"a": 1, **rest}
detail["b"] = 1
detail[key] = 1
detail.setdefault("c", [])
Observed(detail={"d": 1, key: 2}, other={"x": 1})
others = {"y": 1}
others["z"] = 1
"""
    assert keys_written_in(text) == {"a", "b", "c", "d"}


MODULES = sorted(
    path
    for part in ("agents", "endpoint")
    for path in (SOURCE / part).rglob("*.py")
    # The details of events are not those of artifacts.
    if not {"daemon", "trail", "protect", "launching", "sync"} & {parent.name for parent in path.parents}
)


def test_every_key_in_the_code_is_written() -> None:
    unwritten = {
        (path.name, key)
        for path in MODULES
        for key in keys_written_in(path.read_text(encoding="utf-8"))
        if key not in written_keys()
    }
    assert unwritten == set()


PLAIN_VALUES: dict[str, Json] = {
    "bytes": 5,
    "digest": "0f" * 32,
    "ai": True,
    "shadowed": False,
    "timeout": 2.5,
    "browser": "chrome",
    "package_manager": "npm",
}


@pytest.mark.parametrize("key", PLAIN_VALUES)
def test_plain_values_stay(key: str) -> None:
    kind = {"shadowed": Kind.CLI, "timeout": Kind.MCP_SERVER}.get(key, Kind.EXTENSION)
    value = PLAIN_VALUES[key]
    assert treatment(kind, key) is Treatment.PLAIN
    seen = Observed(kind, "a", Scope.USER, "n", "/p", detail={key: value})
    assert CROSSING.artifact(seen)[0].detail == {key: value}


def shapes(secret: str) -> dict[str, Json]:
    return {
        "text": secret,
        "list": [secret, 1, None],
        "map": {"k": secret},
        "key": {secret: "v"},
        "nested": [{"path": secret, "url": secret, "digest": secret, "deep": {"k": [secret]}}],
        "address": f"https://me:{secret}@x.example.com/{secret}?key={secret}",
        "command": f"curl -H 'Authorization: Bearer {secret}' https://x.example.com",
    }


@pytest.mark.parametrize("shape", shapes(""))
@pytest.mark.parametrize("kind", Kind)
def test_no_key_lets_a_secret_through_whatever_stands_under_it(kind: Kind, shape: str) -> None:
    value = shapes(SECRET)[shape]
    for key in (*written_keys(), "nobody wrote this down"):
        crossed = CROSSING.artifact(Observed(kind, "a", Scope.USER, "n", "/p", detail={key: value}))
        assert SECRET not in repr(crossed), key
        assert SECRET[4:14] not in repr(crossed), key


def test_composed_keys_name_kinds() -> None:
    assert set(COMPOSED) == {Kind.MCP_SERVER, Kind.AGENT, Kind.SECRET}

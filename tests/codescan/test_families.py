"""What libraries are for."""

import pytest

from spawngate.codescan.families import FAMILIES, family
from spawngate.codescan.finding import SourceKind


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("nio.AsyncClient.add_event_callback", ("nio", SourceKind.HTTP)),
        ("xmlrpc.server.SimpleXMLRPCServer", ("xmlrpc.server", SourceKind.HTTP)),
        ("xmlrpc.client.ServerProxy", None),
        ("langgraph.graph.StateGraph", ("langgraph.graph", SourceKind.PLUGIN)),
        ("langgraph.prebuilt.tool", ("langgraph", SourceKind.LLM)),
        ("paho.mqtt.client.Client", ("paho", SourceKind.IPC)),
        ("watchdog.observers.Observer", ("watchdog", SourceKind.FILE)),
        ("functools.cache", None),
        ("fastapi.FastAPI", None),
        ("", None),
    ],
)
def test_the_family_of_a_name(name: str, found: tuple[str, SourceKind] | None) -> None:
    assert family(name) == found


def test_no_package_is_in_two_families() -> None:
    names = [name for name in FAMILIES if name.count(".") == 0]
    assert len(names) == len(set(names))
    assert all(name == name.strip() and name for name in FAMILIES)

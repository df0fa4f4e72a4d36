"""The proxy as a process; served from end to end in tests/cli/test_proxy.py."""

import socket
from pathlib import Path

import pytest

from spawngate.endpoint.proxy.run import serve, token_of
from spawngate.endpoint.state import State
from spawngate.model.errors import StateError, UsageError


def test_tokens_are_stable_and_tell_entries_apart() -> None:
    one = token_of(b"k", "a", "https://x/")
    assert one == token_of(b"k", "a", "https://x/")
    assert (
        len(
            {
                one,
                token_of(b"k", "b", "https://x/"),
                token_of(b"k", "a", "https://y/"),
                token_of(b"j", "a", "https://x/"),
            }
        )
        == 4
    )
    assert len(one) == 40


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StateError, match=f"port {port} cannot be listened on"):
            serve(State(tmp_path), "https://x/mcp", "e", port=port, ready=lambda _: None)


def test_what_is_no_address(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the server's address"):
        serve(State(tmp_path), "file:///x", "e", ready=lambda _: None)

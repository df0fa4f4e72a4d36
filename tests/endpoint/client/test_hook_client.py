"""The client in Python from inside; tests/native/test_faults.py runs it as agents do."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.endpoint.client import hook_client
from spawngate.endpoint.client.hook_client import FAILURES, MAX_CONF, Conf, Unusable, digest, is_name, unquote
from spawngate.model import hookconf, wire
from tests.model.test_hookconf import CONF, TEXT, confs

FILE = Path(hook_client.__file__)
ALLOWED = {"_signal", "sys", "time", "posix", "nt", "typing", "_socket"}


def test_it_stands_alone() -> None:
    """`typing` is for the type checker; what is behind `__import__` is one module of digests."""
    imports = {
        name
        for node in ast.walk(ast.parse(FILE.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module])
    }
    assert imports <= ALLOWED


def test_it_loads_little() -> None:
    """Nothing beyond what a bare interpreter has, but itself: imports are most of a start's time."""
    load = f"import sys; before = set(sys.modules); exec(open({str(FILE)!r}).read(), {{'__name__': 'client'}}); "
    words = [sys.executable, "-I", "-S", "-c", load + "print(*sorted(set(sys.modules) - before))"]
    done = subprocess.run(words, capture_output=True, check=True)
    assert set(done.stdout.split()) <= {b"_signal", b"time", b"posix"}


def test_it_has_the_limits_and_words_of_the_protocol() -> None:
    assert [name.decode() for name in FAILURES] == list(hookconf.Failure)
    assert (hook_client.MAX_CONF, hook_client.MAX_VARIABLES) == (hookconf.MAX_CONF, hookconf.MAX_VARIABLES)
    assert (hook_client.MAX_ANSWER, hook_client.MAX_HEADER) == (wire.MAX_ANSWER, wire.MAX_HEADER)
    assert hook_client.MAX_PATH == hookconf.MAX_PATH + 1


def agrees(text: bytes, agent: str, event: str) -> bool:
    """Whether this client reads `text` as `model.hookconf` does; the result is whether it is readable at all."""
    try:
        found = Conf(text, agent.encode(), event.encode())
    except Unusable:
        with pytest.raises(hookconf.HookConfError):
            hookconf.parse(text)
        return False
    expected = hookconf.parse(text)
    user = str(os.geteuid())
    assert found.socket == expected.socket.replace("{uid}", user).encode("utf-8", "surrogateescape")
    assert found.spool == expected.spool.replace("{uid}", user).encode("utf-8", "surrogateescape")
    assert (found.seconds, found.limit) == (expected.deadline_ms / 1000, expected.request_limit)
    assert found.spool_limit == expected.spool_limit
    assert [name.decode() for name in found.variables] == list(expected.environment)
    for failure in hookconf.Failure:
        line = hookconf.lookup(expected, agent, event, failure)
        ours = found.fallbacks.get(failure.encode())
        assert (ours and ours[1:]) == (
            line and (line.closed, line.reply.exit_code, line.reply.stdout, line.reply.stderr)
        )
    return True


def test_it_reads_the_file_of_the_manual() -> None:
    assert agrees(TEXT, "claude-code", "PostToolUse")
    assert agrees(TEXT, "other", "")


@given(confs, st.data())
def test_it_reads_every_configuration(conf: hookconf.HookConf, data: st.DataObject) -> None:
    agents = [line.agent for line in conf.fallbacks if line.agent != "*"]
    events = [line.event for line in conf.fallbacks if line.event != "*"]
    agent = data.draw(st.sampled_from([*agents, "other"]))
    assert agrees(hookconf.render(conf), agent, data.draw(st.sampled_from([*events, ""])))


@given(st.integers(0, len(TEXT) - 1), st.integers(0, 3), st.binary(max_size=3) | st.sampled_from([b" ", b"\n", b"%"]))
def test_it_refuses_what_the_model_refuses(at: int, gone: int, other: bytes) -> None:
    agrees(TEXT[:at] + other + TEXT[at + gone :], "claude-code", "PostToolUse")


@given(st.binary(max_size=20))
def test_it_unquotes_as_the_model_does(word: bytes) -> None:
    try:
        expected = hookconf.unquote(word.decode("latin-1"))
    except hookconf.HookConfError:
        with pytest.raises(Unusable):
            unquote(word)
    else:
        assert unquote(word) == expected


@given(st.text(max_size=70))
def test_it_knows_the_same_names(text: str) -> None:
    assert is_name(text.encode("utf-8", "surrogateescape")) == hookconf.is_name(text)


def test_digest() -> None:
    assert digest(b"abc") == b"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_long_file_is_still_read() -> None:
    assert agrees(TEXT.replace(b"\nend\n", b"\n#" + b"x" * (MAX_CONF - len(TEXT) - 2) + b"\nend\n"), "a", "")
    assert hookconf.parse(hookconf.render(CONF)) == CONF

"""hook.conf: written and read the same, and refused unless it is whole and understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.call import HookReply
from spawngate.model.hookconf import (
    ANY,
    MAX_CONF,
    Failure,
    Fallback,
    HookConf,
    HookConfError,
    is_name,
    lookup,
    parse,
    quote,
    render,
    unquote,
)

DENY = HookReply(stdout=b'{"permissionDecision": "deny"}\n', stderr=b"", exit_code=0)
CONF = HookConf(
    socket="/run/user/{uid}/spawn gate/daemon.sock",
    spool="/home/\u00e9/%{x}#.ndjson",
    fallbacks=(
        Fallback("claude-code", DENY, closed=True),
        Fallback("claude-code", HookReply(b"-", b"late", 2), closed=False, event="PostToolUse", failure="slow"),
        Fallback(ANY, HookReply(exit_code=2), closed=True),
    ),
    environment=("CLAUDE_PROJECT_DIR", "npm_lifecycle_event"),
    deadline_ms=1200,
    request_limit=1000,
    spool_limit=0,
)
TEXT = rb"""spawngate-hook 1
socket /run/user/{uid}/spawn%20gate/daemon.sock
spool /home/%C3%A9/%25%7Bx%7D%23.ndjson
deadline-ms 1200
request-limit 1000
spool-limit 0
env CLAUDE_PROJECT_DIR
env npm_lifecycle_event
on claude-code * * closed 0 %7B"permissionDecision":%20"deny"%7D%0A -
on claude-code PostToolUse slow open 2 %2D late
on * * * closed 2 - -
end
"""

names = st.text("abcXYZ019-_.:", min_size=1, max_size=64).filter(lambda name: not name.startswith("-"))
paths = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30).map(
    lambda text: f"/{text}"
)
fallbacks = st.builds(
    Fallback,
    agent=names | st.just(ANY),
    reply=st.builds(
        HookReply, stdout=st.binary(max_size=30), stderr=st.binary(max_size=30), exit_code=st.integers(0, 255)
    ),
    closed=st.booleans(),
    event=names | st.just(ANY),
    failure=st.sampled_from([*map(str, Failure), ANY]),
)
confs = st.builds(
    HookConf,
    socket=paths,
    spool=paths,
    fallbacks=st.lists(fallbacks, max_size=6).map(tuple),
    environment=st.lists(names, max_size=3).map(tuple),
    deadline_ms=st.integers(1, 60000),
    request_limit=st.integers(1, 64 << 20),
    spool_limit=st.integers(0, 1 << 30),
)


def test_the_file_as_bytes() -> None:
    assert render(CONF) == TEXT
    assert parse(TEXT) == CONF


def test_defaults() -> None:
    assert parse(render(HookConf("/s", "/p"))) == HookConf(
        "/s", "/p", deadline_ms=1500, request_limit=16 << 20, spool_limit=1 << 20
    )


@given(confs)
def test_every_configuration_survives(conf: HookConf) -> None:
    assert parse(render(conf)) == conf


@given(st.binary())
def test_every_value_survives_as_one_word(value: bytes) -> None:
    word = quote(value)
    assert unquote(word) == value
    assert word.isascii()
    assert " " not in word
    assert word.isprintable()


def test_a_part_is_no_file() -> None:
    for end in range(len(TEXT)):
        with pytest.raises(HookConfError):
            parse(TEXT[:end])


@given(st.integers(0, len(TEXT) - 1), st.binary(max_size=3))
def test_changed_bytes_are_a_file_or_an_error(at: int, other: bytes) -> None:
    try:
        found = parse(TEXT[:at] + other + TEXT[at + 1 :])
    except HookConfError:
        return
    assert parse(render(found)) == found


@given(st.text("spool socket-env\non*#%{}uid01 /", max_size=60))
def test_any_lines_are_read_or_refused(lines: str) -> None:
    try:
        parse(TEXT.replace(b"\nend\n", f"\n{lines}\nend\n".encode()))
    except HookConfError:
        return


def test_comments_and_empty_lines_say_nothing() -> None:
    assert parse(TEXT.replace(b"\nend\n", b"\n\n# a word\n#\nend\n")) == CONF


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"hook 1", b"hook 2", "line 1: not a hook.conf of this version"),
        (b"spawngate-hook 1\n", b"", "line 1: not a hook.conf of this version"),
        (b"\nend\n", b"\nend", "the last line is not `end`"),
        (b"\nend\n", b"\nend\n\n", "the last line is not `end`"),
        (b"\nend\n", b"\n\xc3\nend\n", "a byte that has to be written as %XX"),
        (b"\nend\n", b"\n\0\nend\n", "a byte that has to be written as %XX"),
        (b"\nend\n", b"\nfuture 1\nend\n", "line 12: not a directive"),
        (b"\nend\n", b"\nend\nend\n", "line 12: not a directive"),
        (b"\nend\n", b"\n \nend\n", "line 12: not a directive"),
        (b"\nend\n", b"\nsocket /x\nend\n", "line 12: not a directive"),
        (b"\nend\n", b"\nenv A B\nend\n", "line 12: not a directive"),
        (b"\nend\n", b"\nenv A=B\nend\n", "line 12: not a directive"),
        (b"\nend\n", b"\n" + b"env A\n" * 255 + b"end\n", "line 266: not a directive"),
        (b"on * * * closed 2 - -", b"on * * * closed 2 -", "line 11: not a directive"),
        (b"on * * * closed 2 - -", b"on * * * closed 2 -  -", "line 11: not a directive"),
        (b"on * * * closed 2 - -", b"on * * * closed 2 - ", "line 11: an empty word"),
        (b"on * * * closed 2 - -", b"on * * * shut 2 - -", "line 11: neither open nor closed"),
        (b"on * * * closed 2 - -", b"on * * late closed 2 - -", "line 11: no such failure"),
        (b"on * * * closed 2 - -", b"on ** * * closed 2 - -", "line 11: no name of an agent or event"),
        (b"on * * * closed 2 - -", b"on * -x * closed 2 - -", "line 11: no name of an agent or event"),
        (b"on * * * closed 2 - -", b"on * * * closed 256 - -", "line 11: a number is out of its bounds"),
        (b"on * * * closed 2 - -", b"on * * * closed +2 - -", "line 11: not a number"),
        (b"on * * * closed 2 - -", b"on * * * closed 2 % -", "line 11: a % without two digits"),
        (b"on * * * closed 2 - -", b"on * * * closed 2 %g0 -", "line 11: a % without two digits"),
        (b"on * * * closed 2 - -", b"on * * * closed 2 {} -", "line 11: a byte that has to be written as %XX"),
        (b"deadline-ms 1200\n", b"", "no deadline-ms"),
        (b"deadline-ms 1200", b"deadline-ms 0", "a number is out of its bounds"),
        (b"deadline-ms 1200", b"deadline-ms 60001", "a number is out of its bounds"),
        (b"request-limit 1000", b"request-limit 67108865", "a number is out of its bounds"),
        (b"spool-limit 0", b"spool-limit 99999999999", "not a number"),
        (b"socket /run", b"socket run", "a path must be absolute"),
        (b"socket /run", b"socket /ru%00n", "a path must be absolute"),
        (b"socket /run", b"socket /" + b"x" * 4096, "a path is too long"),
        (b"socket /run", b"socket {uid}/run", "a path must be absolute"),
        (b"{uid}", b"{gid}", "a byte that has to be written as %XX"),
    ],
)
def test_refused(old: bytes, new: bytes, words: str) -> None:
    assert TEXT.count(old) == 1
    with pytest.raises(HookConfError, match=f"^{words.replace('`', '.')}$"):
        parse(TEXT.replace(old, new))


def test_too_long() -> None:
    with pytest.raises(HookConfError, match=r"^too long$"):
        parse(TEXT.replace(b"\nend\n", b"\n#" + b"x" * MAX_CONF + b"\nend\n"))


@pytest.mark.parametrize(
    ("conf", "words"),
    [
        (HookConf("s", "/p"), "a path must be absolute"),
        (HookConf("/s", "/p\0"), "a path must be absolute"),
        (HookConf("/" + "s" * 4096, "/p"), "a path is too long"),
        (HookConf("/s", "/p", environment=("A=B",)), "no name of a variable"),
        (HookConf("/s", "/p", environment=("A",) * 257), "more variables than a client sends"),
        (HookConf("/s", "/p", deadline_ms=0), "a number is out of its bounds"),
        (HookConf("/s", "/p", (Fallback("a b", DENY, True),)), "no name of an agent or event"),
        (HookConf("/s", "/p", (Fallback("a", DENY, True, event=""),)), "no name of an agent or event"),
        (HookConf("/s", "/p", (Fallback("a", DENY, True, failure="late"),)), "'late' is not a valid Failure"),
        (HookConf("/s", "/p", (Fallback("a", HookReply(exit_code=-1), True),)), "a number is out of its bounds"),
        (HookConf("/s", "/p", (Fallback("a", HookReply(bytes(MAX_CONF)), True),)), "longer than a client reads"),
    ],
)
def test_not_written(conf: HookConf, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        render(conf)


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("a", True),
        ("Aa0-_.:", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("", False),
        ("-a", False),
        ("a b", False),
        ("a=", False),
        ("\u00e9", False),
        ("*", False),
        ("a/b", False),
    ],
)
def test_names(name: str, good: bool) -> None:
    assert is_name(name) is good


def test_the_most_exact_line_counts() -> None:
    def reply(number: int) -> HookReply:
        return HookReply(exit_code=number)

    conf = HookConf(
        "/s",
        "/p",
        (
            Fallback("a", reply(1), closed=True),
            Fallback("a", reply(2), closed=True, failure="slow"),
            Fallback("a", reply(3), closed=True, event="E"),
            Fallback("a", reply(4), closed=True, event="E", failure="slow"),
            Fallback(ANY, reply(5), closed=True),
            Fallback(ANY, reply(6), closed=True, event="E", failure="slow"),
            Fallback(ANY, reply(7), closed=True, failure="broken"),
            Fallback(ANY, reply(8), closed=True, failure="broken"),
        ),
    )

    def code(agent: str, event: str, failure: str) -> int | None:
        found = lookup(conf, agent, event, failure)
        return None if found is None else found.reply.exit_code

    assert code("a", "", "absent") == 1
    assert code("a", "", "slow") == 2
    assert code("a", "E", "absent") == 3
    assert code("a", "E", "slow") == 4
    assert code("b", "", "absent") == 5
    assert code("b", "E", "slow") == 6
    assert code("b", "E", "broken") == 8
    assert lookup(HookConf("/s", "/p"), "a", "", "slow") is None

"""The native parsers under sanitizers, and against the ones in Python: the same bytes, the same reading.

`SPAWNGATE_FUZZ=N` runs N cases of each kind instead of a few thousand.
"""

import hashlib
import os
import random
import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spawngate.model import hookconf, launchconf, wire
from spawngate.model.call import HookReply
from tests.model.test_hookconf import TEXT
from tests.model.test_launchconf import TEXT as LAUNCH_TEXT

NATIVE = Path(__file__).parents[2] / "native"
CASES = int(os.environ.get("SPAWNGATE_FUZZ", "4000"))
SANITIZERS = "-fsanitize=address,undefined"


@pytest.fixture(scope="session")
def parsers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The parsers as a program, with whatever sanitizers the compiler has."""
    cc = shutil.which("cc")
    if cc is None:
        pytest.skip("no C compiler here")
    program = tmp_path_factory.mktemp("parsers") / "parsers"
    sources = [
        NATIVE / "conf.c",
        NATIVE / "core.c",
        NATIVE / "launchconf.c",
        NATIVE / "sha256.c",
        Path(__file__).with_name("parsers.c"),
    ]
    warnings = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]
    for sanitizers in ([SANITIZERS, "-fno-sanitize-recover=all"], []):
        words = [cc, "-O1", "-g", *warnings, *sanitizers, *map(str, sources), "-o", str(program)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return program
    raise AssertionError(done.stderr)


def results(program: Path, kind: bytes, records: Sequence[bytes]) -> list[str]:
    """One line for every record. Fails where a sanitizer had something to say."""
    stream = b"".join(kind + len(record).to_bytes(4, "big") + record for record in records)
    done = subprocess.run([program], input=stream, capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()[:4000]) == (0, "")
    return done.stdout.decode().splitlines()


def mutants(seeds: Sequence[bytes], pieces: Sequence[bytes], rubbish: Callable[[random.Random], bytes]) -> list[bytes]:
    """Seeds with bytes changed, lost, doubled, cut and spliced; the same ones on every run."""
    chance = random.Random(20261121)
    made = list(seeds) + [seed[:end] for seed in seeds for end in range(min(len(seed), 400))]
    while len(made) < CASES:
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            at = chance.randrange(len(data) + 1)
            match chance.randrange(6):
                case 0:
                    data[at : at + 1] = bytes([chance.randrange(256)])
                case 1:
                    del data[at : at + chance.choice((1, 1, 4, 30))]
                case 2:
                    data[at:at] = chance.choice(pieces)
                case 3:
                    data[at:] = chance.choice(seeds)[at:]
                case 4:
                    data[at : at + 4] = chance.randrange(1 << 32).to_bytes(4, "big")
                case _:
                    data[at:at] = rubbish(chance)
        made.append(bytes(data))
    return made


def expected_answer(data: bytes) -> str:
    """What the program prints for an answer, by `model.wire`."""
    try:
        length = wire.answer_length(data)
    except wire.WireError:
        return "-1"
    try:
        reply = wire.decode_answer(data)
    except wire.WireError:
        return str(length or 0)
    return f"{length} {reply.exit_code} {reply.stdout.hex() or '-'} {reply.stderr.hex() or '-'}"


def expected_conf(data: bytes) -> str:
    """What the program prints for a configuration, by `model.hookconf`."""
    try:
        conf = hookconf.parse(data)
    except hookconf.HookConfError:
        return "bad"
    user = str(os.geteuid())
    words = [
        "",
        *(path.replace("{uid}", user).encode("utf-8", "surrogateescape").hex() for path in (conf.socket, conf.spool)),
        *map(str, (conf.deadline_ms, conf.request_limit, conf.spool_limit)),
        *conf.environment,
    ]
    for failure in hookconf.Failure:
        words.append(str(failure))
        line = hookconf.lookup(conf, "claude-code", "PostToolUse", failure)
        if line is not None:
            reply = line.reply
            words += [str(int(line.closed)), str(reply.exit_code), reply.stdout.hex() or "-", reply.stderr.hex() or "-"]
    return " ".join(words)


def differences(cases: Sequence[bytes], ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[bytes, str, str]]:
    """Cases that the two read differently."""
    return [case for case in zip(cases, ours, theirs, strict=True) if case[1] != case[2]]


def test_answers_are_read_alike(parsers: Path) -> None:
    seeds = [
        wire.encode_answer(reply)
        for reply in (
            HookReply(),
            HookReply(b"{}\n", b"", 0),
            HookReply(b'{"a":1}', b"words", 255),
            HookReply(b"", b"x" * 300, 2),
            HookReply(bytes(1000), bytes(1000), 3),
        )
    ]
    cases = mutants(seeds, [b"SGA1", b"1AGS", b"\0\0\0\0", b"\xff" * 4], lambda chance: chance.randbytes(9))
    ours = [expected_answer(case) for case in cases]
    assert differences(cases, ours, results(parsers, b"A", cases)) == []
    assert sum(line.count(" ") == 3 for line in ours) > len(cases) // 50, "nearly everything was refused"


def test_configurations_are_read_alike(parsers: Path) -> None:
    many = b"".join(b"env A%d\n" % number for number in range(250))
    seeds = [TEXT, TEXT.replace(b"end\n", many + b"end\n"), TEXT.replace(b"/spawn", b"/" + b"s" * 4040)]
    pieces = [b"\n", b" ", b"%", b"%41", b"{uid}", b"-", b"*", b"end\n", b"#", b"\0", b"on", b"slow", b"open", b"\xc3"]
    pieces += [b"env A\n", b"on claude-code PostToolUse broken closed 1 a b\n", b"on * * slow open 0 - -\n", b"9"]
    pieces += [b"env B\n" * 7, b"\n\n", b"socket /x\n", b"/" * 60]

    def rubbish(chance: random.Random) -> bytes:
        return bytes(chance.choices(b"abc -*%{}uid0123456789\n#/", k=chance.randrange(8)))

    cases = mutants(seeds, pieces, rubbish)
    ours = [expected_conf(case) for case in cases]
    assert differences(cases, ours, results(parsers, b"C", cases)) == []
    assert sum(line != "bad" for line in ours) > len(cases) // 50, "nearly everything was refused"


def expected_launch_conf(text: bytes) -> str:
    """`bad`, or both paths; `either` where only what the relay reads is wrong."""
    try:
        conf = launchconf.parse(text)
    except launchconf.LaunchConfError as error:
        return "either" if str(error).startswith(("socket", "spool", "deadline", "failure")) else "bad"
    user = os.geteuid()
    paths = [
        launchconf.for_user(path, user).encode("utf-8", "surrogateescape") for path in (conf.interpreter, conf.relay)
    ]
    return (
        "either"
        if any(b"{" in path for path in paths) or "{" in conf.relay
        else "".join(f" {path.hex()}" for path in paths)
    )


def test_launch_configurations_are_read_alike(parsers: Path) -> None:
    seeds = [LAUNCH_TEXT, LAUNCH_TEXT.replace(b"/opt", b"/" + b"s" * 4040)]
    pieces = [
        b"\n",
        b" ",
        b"%",
        b"%41",
        b"{uid}",
        b"-",
        b"end\n",
        b"#",
        b"\0",
        b"relay /x\n",
        b"open",
        b"\xc3",
        b"\n\n",
        b"/" * 60,
    ]

    def rubbish(chance: random.Random) -> bytes:
        return bytes(chance.choices(b"abc -%{}uid0123456789\n#/", k=chance.randrange(8)))

    cases = mutants(seeds, pieces, rubbish)
    theirs = results(parsers, b"L", cases)
    ours = [theirs[at] if one == "either" else one for at, one in enumerate(map(expected_launch_conf, cases))]
    assert differences(cases, ours, theirs) == []
    assert sum(line != "bad" for line in ours) > len(cases) // 50, "nearly everything was refused"


def test_digests_of_every_length(parsers: Path) -> None:
    cases = [bytes(range(256))[:length] * 3 for length in range(200)] + [bytes(100_000), b"a" * 1_000_003]
    assert results(parsers, b"H", cases) == [hashlib.sha256(case).hexdigest() for case in cases]


def test_times_of_every_day(parsers: Path) -> None:
    """Some second of every third day of eight centuries, the turns of years, and the last second there is."""
    chance = random.Random(1)
    cases = [day * 86400 + chance.randrange(86400) for day in range(0, 800 * 366, 3)]
    cases += [int(datetime(year, 3, 1, tzinfo=UTC).timestamp()) - 1 for year in range(1971, 9999, 7)]
    cases += [0, 253402300799]
    expected = [f"{case} {datetime.fromtimestamp(case, UTC):%Y-%m-%dT%H:%M:%SZ}" for case in cases]
    assert results(parsers, b"T", [case.to_bytes(8, "big") for case in cases]) == expected
    late = [253402300800, (1 << 63) - 1]
    assert results(parsers, b"T", [case.to_bytes(8, "big") for case in late]) == [f"{case} " for case in late]

"""Hostile starts of the launcher: words, environment, folder, descriptors, limits, signals, and a daemon that lies.

    python -m bench launch-fuzz [--starts N] [--seed N]

What is started leaves a note of its words and descriptors. Where the daemon did not say "allow" in a whole answer,
nothing may have been started; where it did, exactly what stood in the words. No start may hang, end by a fault of
memory, write anything but protocol to its output, or leave a process. Exit code 1 where one did.
Must not be here: what is right (tests/native, tests/endpoint/launcher).
"""

import argparse
import contextlib
import json
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import launch_stage as stage
from spawngate.endpoint.launcher.place import install_launcher

DEADLINE = 800
"""Milliseconds that the daemon has."""
PATIENCE = 25.0
NOTE = r"""#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int count, char **words) {
    char name[256];
    snprintf(name, sizeof name, "%s/%d", NOTES, (int)getpid());
    int file = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (file == -1) return 3;
    for (int at = 0; at < count; at++)
        if (write(file, words[at], strlen(words[at]) + 1) < 0) return 4;
    for (int at = 3; at < 256; at++)
        if (at != file && fcntl(at, F_GETFD) != -1) dprintf(file, "open descriptor %d", at);
    return 0;
}
"""
ALLOW: dict[str, Any] = {
    "verdict": "allow",
    "launch": "1",
    "fingerprint": "f",
    "message": "",
    "probe": None,
    "confine": None,
    "drop": [],
    "relay": {"tools": True, "pins": True},
}
DENY: dict[str, Any] = {**ALLOW, "verdict": "deny", "message": "no", "program": ""}


def framed(value: object) -> bytes:
    """An answer as docs/hook-protocol.md has it."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return b"SGA1" + b"".join(number.to_bytes(4, "big") for number in (0, len(data), 0)) + data + b"1AGS"


def lies(program: str) -> dict[str, Callable[[random.Random], bytes | None]]:
    """What a daemon may send that is no permission, by name; None: nothing, and it keeps the connection open."""
    good = framed({**ALLOW, "program": program})

    def flipped(chance: random.Random) -> bytes:
        data = bytearray(framed(DENY))
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        return bytes(data)

    return {
        "deny": lambda _: framed(DENY),
        "ask": lambda _: framed({**DENY, "verdict": "ask"}),
        "another verdict": lambda chance: framed(
            {**ALLOW, "verdict": chance.choice(["", "ALLOW", "allow ", 1, True, None, ["allow"]])}
        ),
        "no verdict": lambda _: framed({key: value for key, value in ALLOW.items() if key != "verdict"}),
        "no object": lambda chance: framed(chance.choice([["allow"], "allow", 1, None, True])),
        "no JSON": lambda chance: framed(chance.randbytes(chance.randint(0, 300))),
        "nested": lambda _: framed(b"[" * 100_000),
        "half of a permission": lambda chance: good[: chance.randrange(len(good))],
        "a permission without its end": lambda _: good[:-4] + b"1AGX",
        "a permission for another length": lambda chance: (
            good[:8] + (1 << chance.randint(0, 31)).to_bytes(4, "big") + good[12:]
        ),
        "wrong beginning": lambda _: b"SGA9" + good[4:],
        "noise": lambda chance: chance.randbytes(chance.randint(1, 5000)),
        "a flipped refusal": flipped,
        "nothing": lambda _: b"",
        "silence": lambda _: None,
        "a long refusal": lambda _: framed({**DENY, "message": "x\n\x1b[2J" * 50_000}),
        "odd fields": lambda chance: framed(
            {**DENY, chance.choice(list(DENY)): chance.choice([None, -1, 1e400, "x" * 9, {}, [[]], {"a": 1}])}
            | {"verdict": "deny"}
        ),
    }


def serve(folder: str, program: str, seed: int) -> None:
    """The daemon: says what the entry's id asks for, `KIND:NUMBER`. Ends with its parent."""
    os.chdir(folder)
    known, chance = lies(program), random.Random(seed)
    held: list[socket.socket] = []
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("daemon.sock")
        server.listen(64)
        print("ready", flush=True)
        while True:
            connection, _ = server.accept()
            connection.settimeout(3)
            data = b""
            with contextlib.suppress(OSError):
                while len(data) < 12 or len(data) < 12 + sum(int.from_bytes(data[at : at + 4], "big") for at in (4, 8)):
                    if not (block := connection.recv(1 << 20)):
                        break
                    data += block
                kind = (
                    json.loads(data[12 + int.from_bytes(data[4:8], "big") :] or b"{}").get("id", "").partition(":")[0]
                )
                answer = (
                    framed({**ALLOW, "program": program}) if kind == "allow" else known.get(kind, known["deny"])(chance)
                )
                if answer is None:
                    held.append(connection)
                    held[:-20] = []
                    continue
                connection.sendall(answer)
            connection.close()


@dataclass
class Start:
    """One hostile start."""

    kind: str
    words: list[bytes]
    environment: dict[bytes, bytes]
    folder: str
    usable: bool = True
    """Its words are a launcher's."""
    limits: list[tuple[int, int]] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    more: int = 0
    """Descriptors that it inherits besides."""
    ignored: list[int] = field(default_factory=list)
    mask: int = 0o022
    gone: str = ""
    """Name of a folder that it starts in and that is removed."""
    blocked: bool = False
    """All signals are blocked."""

    def prepare(self) -> None:
        """In the child, before the launcher."""
        os.umask(self.mask)
        if self.gone:
            os.mkdir(self.gone, 0o700)
            os.chdir(self.gone)
            os.rmdir(self.gone)
        if self.blocked:
            signal.pthread_sigmask(signal.SIG_SETMASK, range(1, 32))
        for number in self.ignored:
            signal.signal(number, signal.SIG_IGN)
        for _ in range(self.more):
            os.set_inheritable(os.open("/dev/null", os.O_RDONLY), True)
        for what, most in self.limits:
            resource.setrlimit(what, (most, most))
        for number in self.closed:
            os.close(number)


def hostile(chance: random.Random, number: int, folders: Sequence[str], kinds: Sequence[str]) -> Start:
    """One start."""

    def noise(most: int) -> bytes:
        size = int(most ** chance.random())
        letters = chance.choice((b"abc./-= ", bytes(range(1, 256)), b"\n\r\t\x1b\xff\xc3", b"--id"))
        return chance.randbytes(size).translate((letters * 256)[:256])

    kind = "allow" if chance.random() < 0.4 else chance.choice(kinds)
    command = chance.choice((b"server", b"/x/server", b"--", b"--id", b"-c", noise(300) or b"s"))
    args = [noise(2000) for _ in range(chance.choice((0, 0, 1, 3, 40)))]
    if chance.random() < 0.02:
        args = [b"x" * 100_000, b"y"] if chance.random() < 0.5 else [b"z"] * 5_000
    id_ = f"{kind}:{number}".encode()
    words, usable = [b"--id", id_, b"--", command, *args], True
    if chance.random() < 0.1:
        usable = False
        words = chance.choice(
            (
                [],
                [b"--id", id_],
                [b"--id", id_, command],
                [b"--id", id_, b"--"],
                [b"--id", id_, b"--", b""],
                [b"--id", b"", b"--", command],
                [b"--", command],
                [b"--id=" + id_, b"--", command],
                [command, b"--id", id_, b"--", command],
                [b"--help"],
                [b"--version", b"x"],
                [noise(50) or b"q" for _ in range(3)],
            )
        )
    environment = {b"PATH": b"/usr/bin", b"HOME": b"/root"}
    for _ in range(chance.choice((0, 0, 2, 30, 300))):
        name = noise(60).replace(b"=", b"") or b"N"
        environment[name] = noise(500)
    if chance.random() < 0.02:
        environment[b"BIG"] = b"v" * 120_000
    start = Start(kind, words, environment, chance.choice(folders), usable)
    if chance.random() < 0.2:
        start.closed = chance.sample((0, 1, 2), chance.randint(1, 3))
    if chance.random() < 0.2:
        start.more = chance.choice((1, 5, 60))
    if chance.random() < 0.2:
        what = chance.choice((resource.RLIMIT_NOFILE, resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_STACK,
                              resource.RLIMIT_DATA, resource.RLIMIT_CPU))  # fmt: skip
        most = {
            resource.RLIMIT_NOFILE: (3, 4, 5, 8, 12, 30),
            resource.RLIMIT_AS: (1 << 20, 8 << 20, 30 << 20, 100 << 20),
            resource.RLIMIT_FSIZE: (0, 10, 10_000),
            resource.RLIMIT_STACK: (64 << 10, 1 << 20),
            resource.RLIMIT_DATA: (1 << 20, 16 << 20),
            resource.RLIMIT_CPU: (1, 2),
        }
        start.limits = [(what, chance.choice(most[what]))]
        if what == resource.RLIMIT_NOFILE:
            start.more = 0
    if chance.random() < 0.2:
        start.ignored = chance.sample((1, 2, 3, 10, 12, 13, 14, 15, 17, 29), 3)
    if chance.random() < 0.05:
        start.gone = f"{folders[0]}/gone-{number}"
    start.blocked = chance.random() < 0.05
    start.mask = chance.choice((0o022, 0, 0o777))
    return start


@dataclass
class Field:
    """Where the starts take place."""

    launcher: Sequence[str]
    notes: Path
    ends: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    slowest: float = 0

    def run(self, start: Start) -> None:
        """One start, and what is wrong with it."""
        begun = time.monotonic()
        words = [os.fsencode(self.launcher[0]), *map(os.fsencode, self.launcher[1:]), *start.words]
        try:
            process = subprocess.Popen(
                words,
                env=start.environment,
                cwd=start.folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                preexec_fn=start.prepare,
                close_fds=False,
            )
        except (OSError, subprocess.SubprocessError) as error:
            self.ends[f"not begun: {type(error).__name__}"] += 1
            return
        try:
            output, told = process.communicate(
                b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}\n', PATIENCE
            )
        except subprocess.TimeoutExpired:
            process.kill()
            output, told = process.communicate()
            self.problems.append(f"hangs: {start}"[:600])
        self.slowest = max(self.slowest, time.monotonic() - begun)
        code = process.returncode
        self.ends[f"{'allowed' if start.kind == 'allow' and start.usable else 'not allowed'}: {code}"] += 1
        if (
            code in (-signal.SIGSEGV, -signal.SIGBUS, -signal.SIGABRT, -signal.SIGILL, -signal.SIGPIPE)
            and not start.limits
        ):
            self.problems.append(f"ended by {code}: {start}"[:600])
        if b"Traceback" in told and not start.limits:
            self.problems.append(f"traceback: {told[-400:]!r} {start}"[:900])
        for line in output.split(b"\n"):
            if line:
                try:
                    json.loads(line)
                except ValueError:
                    self.problems.append(f"no protocol: {line[:100]!r} {start}"[:600])
                    break
        ran = [path.read_bytes() for path in self.notes.iterdir()]
        for path in self.notes.iterdir():
            path.unlink()
        if start.kind == "allow" and start.usable:
            whole = b"".join(word + b"\0" for word in start.words[3:])
            # Where files may not grow, the note has no end.
            cut = any(what == resource.RLIMIT_FSIZE for what, _ in start.limits)
            if any(each != whole and not (cut and whole.startswith(each)) for each in ran) or len(ran) > 1:
                self.problems.append(f"started otherwise: {ran[0][:200]!r} {start}"[:600])
            if not ran and not start.limits and not start.closed:
                self.ends["allowed and nothing ran"] += 1
                self.problems.append(f"allowed, and nothing ran: {told[-200:]!r} {start}"[:900])
            self.ends["ran"] += len(ran)
        elif ran:
            self.problems.append(f"RAN although {start.kind}: {ran[0][:200]!r} {start}"[:600])


def main(arguments: Sequence[str]) -> int:
    """0 where all went as it must, 1 where not, 2 where it could not be run."""
    if arguments[:1] == ["--serve"]:
        serve(arguments[1], arguments[2], int(arguments[3]))
        return 0
    parser = argparse.ArgumentParser(prog="bench launch-fuzz", description=__doc__)
    parser.add_argument("--starts", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    status = stage.enter("launch-fuzz", arguments)
    if status is not None:
        return status
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for folder in ("run", "notes", "state", "od\ndd \udcff", "deep"):
            (root / folder).mkdir(mode=0o700)
        program = root / "program"
        subprocess.run(
            ["cc", "-static", f'-DNOTES="{root}/notes"', "-x", "c", "-o", program, "-"], input=NOTE.encode(), check=True
        )
        launcher = install_launcher(
            root / "state", closed=True, socket=f"{root}/run/daemon.sock", spool=f"{root}/spool", deadline_ms=DEADLINE
        )
        words = [
            sys.executable,
            "-m",
            "bench",
            "launch-fuzz",
            "--serve",
            f"{root}/run",
            str(program),
            str(options.seed),
        ]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as daemon:
            assert daemon.stdout is not None
            daemon.stdout.readline()
            where = Field(launcher.argv, root / "notes")
            folders = [name, "/", f"{root}/od\ndd \udcff", f"{root}/deep", "/proc/self"]
            chance = random.Random(options.seed)
            kinds = list(lies(str(program)))
            for number in range(options.starts):
                where.run(hostile(chance, number, folders, kinds))
            left = stage.left_over({daemon.pid})
            daemon.kill()
    for end, count in sorted(where.ends.items()):
        print(f"{end:<40}{count}")
    print(f"starts {options.starts}, slowest {where.slowest:.1f} s, problems {len(where.problems)}, left {len(left)}")
    for problem in where.problems[:12]:
        print(problem)
    return 1 if where.problems or left else 0

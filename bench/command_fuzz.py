"""Random and mutated commands: none may raise, hang, or be read differently a second time.

`python -m bench command-fuzz [--count N] [--seed N] [--bound MS] [--second] [--keep FILE]`. Mutates the corpus of
tests/command by cutting, doubling, swapping and nesting its commands, and strings pieces of shell grammar together; one
in eight is read as PowerShell, one in eight as cmd. The bound is processor time of this thread, so that other work on
the machine does not count. With --second shfmt is asked too; its own process is not counted. With --keep every command
that took more than a third of the bound is written to a file, one JSON object a line, to be read again by itself.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.command.corpus import COMMANDS

from spawngate.command.parse import read
from spawngate.endpoint.shfmt import syntax_tree
from spawngate.model.call import Dialect

PIECES = [
    *"(){}[]<>|&;$`'\"\\\n#!*?~=/ ",
    *("$(", "${", "$((", "<(", ">(", "((", "))", "[[", "]]", "<<E\n", "\nE\n", "<<<", "&&", "||", "|&", "&>", "2>&1"),
    *(
        "if ",
        "then ",
        "fi",
        "for x in ",
        "do ",
        "done",
        "case x in ",
        "esac",
        ";;",
        "while ",
        "function f ",
        "f() ",
        "{ ",
    ),
    *("eval ", "sh -c ", "bash ", "xargs ", "sudo ", "find . -exec ", "echo ", "printf ", "base64 -d", "alias a=", "f"),
    *("X=rm", "$X", "${X:-", "${X//", "${!X}", "$@", "$1", "{a,b}", "{1..99}", "a", "rm", "-rf", "é", "\udc80", "\x00"),
    *(
        "iex ",
        "&",
        "@(",
        "$x=",
        "%X%",
        "set X=",
        "^",
        "export ",
        "local ",
        "read x",
        "trap ",
        "source ",
        "coproc ",
        "time ",
    ),
]


def made(source: random.Random) -> str:
    """One command."""
    kind = source.randrange(6)
    if kind == 0:
        return "".join(source.choice(PIECES) for _ in range(source.randrange(1, 40)))
    text = source.choice(COMMANDS)
    for _ in range(source.randrange(1, 6)):
        at, end = sorted((source.randrange(len(text) + 1), source.randrange(len(text) + 1)))
        how = source.randrange(7)
        if how == 0:
            text = text[:at] + text[end:]
        elif how == 1:
            text = text[:at] + text[at:end] * source.randrange(2, 6) + text[end:]
        elif how == 2:
            text = text[:at] + source.choice(PIECES) + text[at:]
        elif how == 3:
            other = source.choice(COMMANDS)
            text = text[:at] + other[: source.randrange(len(other) + 1)] + text[end:]
        elif how == 4:
            left, right = source.choice(
                [("$(", ")"), ("sh -c '", "'"), ('eval "', '"'), ("{ ", "; }"), ("f() { ", "; }; f")]
            )
            text = left + text + right
        elif how == 5:
            text = text[:at] + "".join(source.choice(PIECES) for _ in range(3)) + text[end:]
        else:
            text = source.choice(PIECES) * source.choice([1, 2, 50, 2000]) + text
        text = text[:20_000]
    return text


def main(arguments: Sequence[str]) -> int:
    """Exit code 1 where a command raised, took longer than the bound, or was read differently the second time."""
    parser = argparse.ArgumentParser(prog="bench command-fuzz")
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bound", type=float, default=50.0, help="milliseconds")
    parser.add_argument("--second", action="store_true", help="ask shfmt where the first parser fails")
    parser.add_argument("--keep", type=Path, help="file for commands that took more than a third of the bound")
    options = parser.parse_args(arguments)
    source = random.Random(options.seed)
    second = syntax_tree if options.second else None
    dialects: tuple[Dialect, ...] = ("posix",) * 6 + ("powershell", "cmd")
    reasons: Counter[str] = Counter()
    slowest: list[tuple[float, str, str]] = []
    bad = 0
    began = time.perf_counter()
    total = 0.0
    for number in range(options.count):
        text, dialect = made(source), source.choice(dialects)
        start = time.thread_time()
        try:
            program = read(text, dialect, second=second)
        except Exception as error:  # noqa: BLE001 - any is a failure
            bad += 1
            print(f"RAISED {error!r}: {dialect} {text!r}")
            continue
        spent = (time.thread_time() - start) * 1000
        total += spent
        reasons.update(program.opaque or ("read",))
        if number % 16 == 0 and read(text, dialect, second=second) != program:
            bad += 1
            print(f"DIFFERENT: {dialect} {text!r}")
        if len(slowest) < 5 or spent > slowest[-1][0]:
            slowest = sorted([*slowest, (spent, dialect, text)], reverse=True)[:5]
        if spent > options.bound:
            bad += 1
        if options.keep is not None and spent > options.bound / 3:
            with options.keep.open("a", encoding="utf-8") as kept:
                kept.write(json.dumps({"ms": round(spent, 1), "dialect": dialect, "command": text}) + "\n")
    print(
        f"{options.count} commands in {time.perf_counter() - began:.0f} s, mean {total / options.count * 1000:.0f} us"
    )
    print(", ".join(f"{reason} {count}" for reason, count in reasons.most_common()))
    for spent, shell, text in slowest:
        print(f"{spent:8.1f} ms {shell:<10} {len(text):>6} {text[:70]!r}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Generated valid commands, read by both shell parsers: where the first one trusts itself, the trees must be equal.

`python -m bench command-differential [--count N] [--seed N]`. Composes words, redirections, here-documents, pipelines,
lists and compound commands at random. A few differences are shfmt's: it takes what follows `f() { ...; }` on its line
into the function, and loses here-documents in front of `| [[`; texts of these forms are left out.
"""

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Sequence

from spawngate.command import bash, shfmt
from spawngate.command.syntax import Misread
from spawngate.endpoint.shfmt import syntax_tree

WORDS = [
    "a",
    "-b",
    "c.d",
    "/e/f",
    "$x",
    '"$y z"',
    "'q r'",
    "${v:-w}",
    "$(s)",
    '"$(t u)"',
    "`p`",
    "$((1+2))",
    "k=v",
    "{m,n}",
    "*.c",
    "$x/$y/$z",
    "\\g",
    "-",
    "--",
    "~/h",
    "x\"y\"'z'",
    "1",
    "22",
    "<(i)",
    ">(j)",
    "$a$b",
    "a=$b/$c",
    '"a\\"b"',
    '$"l"',
    "$'o'",
    "a#b",
    "é",
    "@",
    "%s\\n",
    "[x]",
    "!",
    "=",
    "a,b",
    "$1",
    "$@",
    '"${a[@]}"',
    "a\\ b",
    "{}",
    "+",
    "\\;",
    "a:b",
    "?",
]
NAMES = ["cmd", "ls", "echo", "sudo", '"c"', "$c", "./r.sh", "rm", "git", "r\\m", "test"]
ASSIGNMENTS = ["A=1", "B=$x", "C=", 'D="a b"', "E=$(f)", "F+=g", "G=$a/$b", "H=(i j)"]
OPERATORS = ["", ">", ">>", "<", "2>", "2>>", "&>", ">|", "1>", "0<", "&>>"]
COPIES = ["2>&1", "1>&2", ">&2", "0>&1", "0<&3", "2>&-", "3>&1", "<&4"]
TARGETS = ["f", "/dev/null", "$o", '"p q"', "/dev/tcp/h/1"]
LINES = ["x $y", "$(g)", "  l", "", "it's"]
QUIRKS = re.compile(r"f\(\)|<<[^\n]*\|&? \[\[")


class Maker:
    """Makes texts."""

    def __init__(self, source: random.Random) -> None:
        self.source = source
        self.documents: list[tuple[str, str]] = []

    def text(self) -> str:
        """One text of one or two lines."""
        whole = ""
        for _ in range(self.source.choice([1, 1, 2])):
            whole += self.list_(0)
            for delimiter, tabs in self.documents:
                whole += "\n" + self.source.choice(LINES) + "\n" + "\t" * bool(tabs) + delimiter
            self.documents.clear()
            whole += "\n"
        return whole

    def list_(self, depth: int) -> str:
        made = self.statement(depth)
        for _ in range(self.source.choice([0, 0, 0, 1, 1, 2])):
            made += self.source.choice([" | ", " && ", " || ", " | ", " |& ", "; ", " & "]) + self.statement(depth)
        return made

    def statement(self, depth: int) -> str:
        kind = self.source.randrange(100)
        if depth > 2 or kind < 60:
            return self.simple()
        inner = [self.list_(depth + 1) for _ in range(2)]
        compound = [
            f"{{ {inner[0]}; }}",
            f"( {inner[0]} )",
            f"if {inner[0]}; then {inner[1]}; fi",
            f"if {inner[0]}; then {inner[1]}; else {self.list_(depth + 1)}; fi",
            f"for x in {self.source.choice(WORDS)} b; do {inner[0]}; done",
            f"while {inner[0]}; do {inner[1]}; done",
            f'case {self.source.choice(WORDS)} in a|"b c") {inner[0]};; *) {inner[1]};; esac',
            f"f() {{ {inner[0]}; }}",
        ]
        if kind < 90:
            made = self.source.choice(compound)
            return f"{made} {self.redirection()}" if self.source.random() < 0.2 else made
        return self.source.choice(
            ["export A=1", 'local B C=$x D="e"', "[[ -f $x ]]", "[[ $a == b* ]]", "(( x + 1 ))", f"! {self.simple()}"]
        )

    def redirection(self) -> str:
        operator = self.source.choice(OPERATORS)
        if not operator:
            return self.source.choice(COPIES)
        return operator + self.source.choice(["", " "]) + self.source.choice(TARGETS)

    def simple(self) -> str:
        source = self.source
        before = [source.choice(ASSIGNMENTS) for _ in range(source.choice([0, 0, 0, 1, 2]))]
        rest = [source.choice(WORDS) for _ in range(source.choice([0, 0, 1, 1, 2, 3]))]
        for _ in range(source.choice([0, 0, 0, 1, 1, 2])):
            rest.insert(source.randrange(len(rest) + 1), self.redirection())
        if source.random() < 0.15:
            delimiter, tabs = source.choice(["E", "F1", '"G"', "'H'"]), source.choice(["", "", "-"])
            self.documents.append((delimiter.strip("\"'"), tabs))
            rest.append(f"<<{tabs}{delimiter}")
        return " ".join([*before, source.choice(NAMES), *rest])


def main(arguments: Sequence[str]) -> int:
    """Exit code 1 where the parsers disagree."""
    parser = argparse.ArgumentParser(prog="bench command-differential")
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    maker = Maker(random.Random(options.seed))
    counts: Counter[str] = Counter()
    for _ in range(options.count):
        text = maker.text()
        if QUIRKS.search(text):
            counts["left out"] += 1
            continue
        try:
            first = bash.lower(text)
        except Misread:
            counts["left to shfmt"] += 1
            continue
        answer = syntax_tree(text, timeout=10)
        if answer is None:
            counts["refused by shfmt"] += 1
        elif shfmt.lower(text, answer) == first:
            counts["equal"] += 1
        else:
            counts["different"] += 1
            print(f"DIFFERENT: {text!r}")
    print(", ".join(f"{name} {count}" for name, count in counts.most_common()))
    return 1 if counts["different"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""From the text of a command to everything that it would start.

Belongs here: which parser reads a text, and the caps that hold for all. Must not be here: any grammar.
`read` and `read_argv` are total: whatever cannot be read or is too much stands in `Program.opaque`.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress

from spawngate.command import bash, batch, fallback, plain_lines, powershell, scan, shfmt
from spawngate.command.budget import (
    BROKEN_AGAIN,
    BROKEN_COST,
    MAX_TEXT,
    MAX_WORDS,
    NESTED_COST,
    TREE_COST,
    Budget,
    Exhausted,
)
from spawngate.command.frame import Command, Frame, Ran
from spawngate.command.scope import Scope
from spawngate.command.spawn import Program, Spawn, Word
from spawngate.command.syntax import Block, Cut, Misread
from spawngate.command.trees import SHORT
from spawngate.command.unwrap import table
from spawngate.command.unwrap.inner import Unwrapped
from spawngate.command.walk import Unwrap, Walker
from spawngate.model.call import Dialect

Second = Callable[[str], bytes | None]
"""shfmt's JSON for a text; None where it refuses it or cannot be asked."""


def read(
    text: str, dialect: Dialect = "posix", *, second: Second | None = None, unwrap: Unwrap | None = None
) -> Program:
    """All spawns of a text that a shell of `dialect` interprets. `second` is asked where the first parser fails;
    `unwrap` is the table of wrappers, by default the whole one. Raises nothing."""
    reader = _Reader(second, unwrap or table.unwrap)
    return reader.program(lambda: reader.top(text, dialect), text if dialect == "posix" else "")


def read_argv(argv: Sequence[str], *, second: Second | None = None, unwrap: Unwrap | None = None) -> Program:
    """All spawns of a command that is given as words and that no shell interprets. Raises nothing."""
    reader = _Reader(second, unwrap or table.unwrap)
    reader.parser = "words"
    return reader.program(lambda: reader.words(argv))


class _Reader:
    def __init__(self, second: Second | None, unwrap: Unwrap) -> None:
        self.second = second
        self.budget = Budget()
        self.walker = Walker(self.statements, unwrap, self.budget, _other)
        self.parser = ""
        self._began = False

    def program(self, walk: Callable[[], object], text: str = "") -> Program:
        opaque = self.walker.opaque
        try:
            walk()
        except Exhausted as reached:
            opaque[str(reached)] = None
            self._behind(text)
        except RecursionError:
            opaque["too-deep"] = None
            self._behind(text)
        return Program(tuple(self.walker.spawns), tuple(opaque), self.parser)

    def _behind(self, text: str) -> None:
        """The end of a text that is too much to be read whole: no padding hides a plain command behind it."""
        self.walker.budget, self.walker.depth = Budget.rest(), 0
        self.budget = self.walker.budget
        for statement in reversed(fallback.ragged(text.replace("\0", ""))):  # the last: what is dear stands before it
            with suppress(Exhausted, RecursionError):
                self.walker.statement(statement, Scope(), Frame())

    def top(self, text: str, dialect: Dialect) -> None:
        text = text.replace("\0", "").replace("\r\n", "\n")
        if len(text) > MAX_TEXT:
            self.walker.opaque["too-long"] = None
            text = text[:MAX_TEXT]
        self.budget.parsed += NESTED_COST * len(text)
        self.parser = {"powershell": "tree-sitter", "cmd": "cmd"}.get(dialect, "")
        self.walker.text(text, Scope(), Frame(), dialect)

    def words(self, argv: Sequence[str]) -> None:
        if sum(map(len, argv)) > MAX_TEXT:
            self.walker.opaque["too-long"] = None
        if len(argv) > MAX_WORDS:
            self.walker.opaque["too-many"] = None
        given = tuple(Word(word[:MAX_TEXT]) for word in argv[:MAX_WORDS])
        self.walker.run(Command(given), Scope(), Frame(), shell=False)

    def statements(self, text: str) -> Block:
        """The statements of a posix text, by the first parser that can read it."""
        text = text.replace("\0", "")
        nested, self._began = self._began, True
        plain = plain_lines.block(text)
        if plain is not None:
            self.parser = self.parser or "tree-sitter"  # the same statements, a test says
            return plain
        if nested:
            self.budget.parse(TREE_COST)
        text = scan.unfolded(text)
        reading = bash.Reading(text)
        try:
            block, parser = reading.block(), "tree-sitter"
        except Misread:
            block, parser = self._again(text, reading, nested)
        self.parser = self.parser or parser
        return block

    def _again(self, text: str, reading: bash.Reading, nested: bool) -> tuple[Block, str]:
        """A text that the first parser does not read as it stands."""
        self.budget.parse(BROKEN_COST + (BROKEN_AGAIN * len(text) if nested else 0))
        apart = scan.apart(text)
        if apart != text:
            reading = bash.Reading(apart)
            with suppress(Misread):
                return reading.block(), "tree-sitter"
        return self._second(apart, reading)

    def _second(self, text: str, reading: bash.Reading) -> tuple[Block, str]:
        """What the second parser makes of a text, else what can be told without any."""
        if self.second is not None and self.budget.second > 0:
            self.budget.second -= 1
            answer = self.second(text)
            if answer is not None:
                try:
                    return shfmt.lower(text, answer), "shfmt"
                except Misread:
                    pass
        self.walker.opaque["unparseable"] = None
        block: Block = ()
        with suppress(Misread):
            block = reading.block(lenient=True)
        self.budget.broken -= 1
        if self.budget.broken >= 0:
            words = fallback.lower(text)
            block = (*block, *fallback.missing(block, words))
            cut = any(isinstance(one, Cut) for one in words[-1:])
            if reading.root is None and (len(text) <= SHORT or (cut and "<<" not in text)):
                # Not in long documents, whose lines are nothing that runs.
                block = (*block, *fallback.missing(block, fallback.ragged(text)))
        return block or (Cut("unparseable"),), "fallback"


def _other(walker: Walker, text: str, dialect: str, scope: Scope, frame: Frame) -> Ran:
    """A text that no POSIX shell interprets."""
    reader = powershell.walk if dialect == "powershell" else batch.walk
    return reader(walker, text, scope, frame)


__all__ = ["Program", "Second", "Spawn", "Unwrapped", "read", "read_argv"]

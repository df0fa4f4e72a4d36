"""How much work one command text may cost: caps that end in a stated fact, never in silence or a hang.

Belongs here: the counters. Must not be here: clocks. The same text always ends in the same place.
"""

from dataclasses import dataclass

MAX_TEXT = 131_072
"""Characters of one text that are read. Linux starts no program with a longer argument (MAX_ARG_STRLEN)."""
MAX_SPAWNS = 600
MAX_SPAWN_WORDS = 24_000
"""Words of all spawns together: wrappers inside wrappers (`find -exec find -exec ...`) each have those behind them."""
EXPORTED_COST = 2
"""Words that an exported variable counts for."""
MAX_STEPS = 1_000
"""Statements walked, counted again in every round of a loop and every call of a function."""
MAX_NESTED = 24
"""Texts inside texts (`sh -c`, `eval`, substitutions) and compound commands inside each other."""
MAX_PARSED = MAX_TEXT
"""Characters of all nested texts together, besides as many as the whole text has: one level of any text is read, and of
a short text every level up to MAX_NESTED."""
NESTED_COST = 6
"""How often a nested text's characters count, because every level is parsed anew."""
TREE_COST = 64
"""Characters that a text counts for besides where a parser has to be asked, however short it is: 4,000 letters of
``2>&1 ` `` hold 600 such texts."""
BROKEN_COST = 1_000
"""Characters that a text counts for besides its own where the first parser does not read it: it is read in three ways.
Two hundred letters of `<(sh -c a()o` hold hundreds of such texts."""
BROKEN_AGAIN = 2
"""How often the characters of such a text count besides, where it stands inside another one."""
MAX_PRODUCED = 700_000
"""Characters that expansions and computed output may give in all."""
WORD_COST = 16
VARIANT_COST = 128
"""Of a part of a word that braces give, and of each further word that an expansion gives."""
PARAMETER_COST = 560
ARGUMENT_COST = 300
"""Of an argument in PowerShell, which may be any expression: `iex iex iex ...` reads all of them at every level."""
MAX_VALUE = 65_536
"""Characters of one variable's value."""
MAX_SECOND = 4
"""Questions to the second parser, which costs a process each."""
MAX_BROKEN = 3
"""Texts that no parser reads and that are cut into words instead."""
MAX_STATEMENTS = 1_200
"""Statements that are taken from one text: more than MAX_STEPS, so that a text that was cut says so."""
MAX_WORDS = 4_096
"""Words of one command."""


class Exhausted(Exception):
    """A cap is reached. The text is one of `Program.opaque`'s words."""


@dataclass(slots=True)
class Budget:
    """What is left for one command."""

    spawns: int = MAX_SPAWNS
    words: int = MAX_SPAWN_WORDS
    steps: int = MAX_STEPS
    parsed: int = MAX_PARSED
    produced: int = MAX_PRODUCED
    second: int = MAX_SECOND
    broken: int = MAX_BROKEN

    @classmethod
    def rest(cls) -> "Budget":
        """What the end of a text may cost of which the rest was too much."""
        return cls(spawns=100, words=2_000, steps=200, parsed=30_000, produced=50_000, second=0, broken=0)

    def step(self) -> None:
        """Count one statement. Raises Exhausted."""
        self.steps -= 1
        if self.steps < 0:
            raise Exhausted("too-slow")

    def spawn(self, words: int = 0) -> None:
        """Count one spawn and its words. Raises Exhausted."""
        self.spawns -= 1
        self.words -= words
        if self.spawns < 0 or self.words < 0:
            raise Exhausted("too-many")

    def give(self, variables: int) -> None:
        """Count variables that a spawn is given because the text exported them: every spawn has all of them, and each
        costs as much as some words. Raises Exhausted."""
        self.words -= EXPORTED_COST * variables
        if self.words < 0:
            raise Exhausted("too-many")

    def parse(self, characters: int) -> None:
        """Count a text that is to be parsed. Raises Exhausted."""
        self.parsed -= NESTED_COST * (characters + 16)
        if self.parsed < 0:
            raise Exhausted("too-long")

    def produce(self, characters: int) -> None:
        """Count what an expansion gave; a word costs as much as some letters. Raises Exhausted."""
        self.produced -= characters + WORD_COST
        if self.produced < 0:
            raise Exhausted("too-slow")

"""Which literal texts a regular expression cannot match without, so that most texts need not be searched at all.

Looking for a literal takes a hundredth of the time of a search by an expression with alternatives, and most texts hold
none of the words that matter. The literals are derived from the expression itself, so that both cannot drift apart.
Belongs here: the derivation, and searching behind it. Must not be here: any expression.
How it is done: https://swtch.com/~rsc/regexp/regexp4.html (trigrams of an expression) and RE2's prefilter.cc; the tree
is that of CPython's `re._parser`, which is not public: where a Python has none, everything is searched as before.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_MOST = 48
"""Strings that a set may hold while it is extended."""
_BACK = re.compile(r"\\[1-9]|\(\?P=|\(\?\(|\(\?#")
"""What refers to a group, which another alternative may hold, and comments, which may hold anything."""
_PARSER: Any = getattr(re, "_parser", None)
_FOLDED = {0x130: "i", 0x131: "i", 0x17F: "s", 0x212A: "k"}
"""What else `re.IGNORECASE` takes for an ASCII letter; a test tries all characters."""


class Text:
    """A text that many expressions are held against: what is the same for all of them is made once."""

    __slots__ = ("_folded", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._folded: str | None = None

    @property
    def folded(self) -> str:
        """The text without the difference of upper and lower case."""
        if self._folded is None:
            self._folded = fold(self.text)
        return self._folded


_RUN = re.compile(r"\w+")
_LONG = 600
"""Characters of a text from which on its runs are made: before, going through the text itself is faster."""


_MANY = 100
"""Literals for which that is worth it."""


def _runs(text: str) -> str:
    """What holds every run of word characters that the text holds: a long text repeats most of them."""
    return "\n".join(set(_RUN.findall(text)))


class Screened:
    """An expression behind the literals that it needs."""

    __slots__ = ("any_case", "literals", "pattern")

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.literals, self.any_case = needed(pattern)

    def may_match(self, given: Text) -> bool:
        """False only where the expression matches nowhere in the text."""
        literals = self.literals
        if not literals:
            return True
        text = given.folded if self.any_case else given.text
        for literal in literals:  # noqa: SIM110  # a generator for `any` takes longer than the search
            if literal in text:
                return True
        return False

    def search(self, given: Text) -> re.Match[str] | None:
        """As `pattern.search`."""
        return self.pattern.search(given.text) if self.may_match(given) else None

    def finditer(self, given: Text) -> Iterable[re.Match[str]]:
        """As `pattern.finditer`."""
        return self.pattern.finditer(given.text) if self.may_match(given) else ()


def expression(text: str) -> Screened:
    """An expression from its text."""
    return Screened(re.compile(text))


class Rules:
    """Labels and their expressions, each alternative behind the literals of its own; a literal that several need is
    sought once."""

    __slots__ = ("_always", "_exact", "_exact_runs", "_folded", "_folded_runs", "pairs")

    def __init__(self, pairs: Iterable[tuple[str, Screened]]) -> None:
        self.pairs = tuple(pairs)
        self._always = 0
        """The expressions, as bits, that any text may match."""
        exact: dict[str, int] = {}
        folded: dict[str, int] = {}
        for at, (_, pattern) in enumerate(self.pairs):
            if not pattern.literals:
                self._always |= 1 << at
            for literal in pattern.literals:
                sought = folded if pattern.any_case else exact
                sought[literal] = sought.get(literal, 0) | 1 << at
        self._exact, self._exact_runs = tuple(exact.items()), _by_run(exact)
        self._folded, self._folded_runs = tuple(folded.items()), _by_run(folded)

    def possible(self, given: Text) -> Iterable[tuple[str, Screened]]:
        """Those that may match somewhere in the text, in their order."""
        found = self._always
        text = given.text
        if len(text) < _LONG or len(self._exact) < _MANY:
            for literal, bits in self._exact:
                if literal in text:
                    found |= bits
        else:
            found |= _sought(self._exact_runs, text, _runs(text))
        text = given.folded
        if len(text) < _LONG or len(self._folded) < _MANY:
            for literal, bits in self._folded:
                if literal in text:
                    found |= bits
        else:
            found |= _sought(self._folded_runs, text, _runs(text))
        return [pair for at, pair in enumerate(self.pairs) if found >> at & 1] if found else ()


_Sought = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
"""Runs of word characters, and the literals that hold each, with their bits."""


def _by_run(literals: Mapping[str, int]) -> _Sought:
    """Literals by their longest run: where it is missing they all are."""
    found: dict[str, list[tuple[str, int]]] = {}
    for literal, bits in literals.items():
        run = max(_RUN.findall(literal), key=len, default="")
        found.setdefault(run, []).append(("" if run == literal else literal, bits))
    return tuple((run, tuple(held)) for run, held in found.items())


def _sought(literals: _Sought, text: str, runs: str) -> int:
    found = 0
    for run, held in literals:
        if run in runs:
            for literal, bits in held:
                if literal in text:
                    found |= bits
    return found


def screened(rules: Iterable[tuple[str, re.Pattern[str]]]) -> Rules:
    """Labels and their expressions."""
    return Rules((label, Screened(each)) for label, pattern in rules for each in alternatives(pattern))


def alternatives(pattern: re.Pattern[str]) -> tuple[re.Pattern[str], ...]:
    """Expressions of which one matches somewhere in a text where `pattern` does: what stands between its outermost
    bars, or itself where that cannot be told apart."""
    text = pattern.pattern
    if pattern.flags & re.VERBOSE or _BACK.search(text):
        return (pattern,)
    found: list[str] = []
    depth = start = at = 0
    while at < len(text):
        letter = text[at]
        if letter == "\\":
            at += 1
        elif letter == "[":
            # A bracket that comes first in a class is one of its characters.
            at += 2 if text.startswith("^", at + 1) else 1
            at += text.startswith("]", at)
            while text[at] != "]":
                at += 2 if text[at] == "\\" else 1
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
        elif letter == "|" and not depth:
            found.append(text[start:at])
            start = at + 1
        at += 1
    found.append(text[start:])
    return tuple(re.compile(each, pattern.flags) for each in found)


def labels(rules: Rules, given: Text) -> set[str]:
    """Labels of the expressions that match somewhere in the text."""
    found: set[str] = set()
    for label, pattern in rules.possible(given):
        if label not in found and pattern.pattern.search(given.text):
            found.add(label)
    return found


def fold(text: str) -> str:
    """The text in lower case, with all that ignoring case takes for an ASCII letter as that letter."""
    return text.lower() if text.isascii() else text.translate(_FOLDED).lower()


def needed(pattern: re.Pattern[str]) -> tuple[tuple[str, ...], bool]:
    """Literals of which every match holds one, and whether they are to be sought in the folded text.

    None where no such literals can be told: then any text may match.
    """
    if _PARSER is None:
        return (), False
    tree = _PARSER.parse(pattern.pattern, pattern.flags)
    any_case = bool(pattern.flags & re.IGNORECASE) or _ignores_case(tree)
    exact, best = _sequence(tree, any_case)
    found = _better(best, exact)
    return tuple(sorted(_shortest(found))) if found else (), any_case


def _ignores_case(tree: Any) -> bool:
    """Whether a part of the expression ignores case."""
    for operation, argument in tree:
        name = str(operation)
        if name == "SUBPATTERN":
            if argument[1] & re.IGNORECASE or _ignores_case(argument[3]):
                return True
        elif name == "BRANCH":
            if any(map(_ignores_case, argument[1])):
                return True
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            if _ignores_case(argument[2]):
                return True
        elif name == "ATOMIC_GROUP" and _ignores_case(argument):
            return True
    return False


Strings = frozenset[str]
_EMPTY: Strings = frozenset({""})


def _sequence(tree: Iterable[Any], any_case: bool) -> tuple[Strings | None, Strings | None]:
    """All that the sequence can match, where that is a small set; and a set of which every match holds a string."""
    run: Strings = _EMPTY
    best: Strings | None = None
    whole = True
    for operation, argument in tree:
        exact, need, ends = _item(str(operation), argument, any_case)
        best = _better(best, need)
        if exact is not None and len(run) * len(exact) <= _MOST:
            run = frozenset(left + right for left in run for right in exact)
        else:
            best = _better(best, run)
            run = exact if exact is not None else _EMPTY
            whole = False
        if ends:
            best = _better(best, run)
            run = _EMPTY
            whole = False
    return (run if whole else None), _better(best, run)


def _item(name: str, argument: Any, any_case: bool) -> tuple[Strings | None, Strings | None, bool]:
    """As `_sequence` for one node of the tree, and whether other text may follow what it matches."""
    if name == "LITERAL":
        return _letter(argument, any_case), None, False
    if name == "IN":
        return _class(argument, any_case), None, False
    if name in ("AT", "ASSERT", "ASSERT_NOT"):
        return _EMPTY, None, False
    if name in ("SUBPATTERN", "ATOMIC_GROUP"):
        exact, need = _sequence(argument[3] if name == "SUBPATTERN" else argument, any_case)
        return exact, need, False
    if name == "BRANCH":
        exact, need = _branch(argument[1], any_case)
        return exact, need, False
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, inner = argument
        exact, need = _sequence(inner, any_case)
        if least == 0:
            return (exact | _EMPTY if most == 1 and exact is not None else None), None, False
        return exact, need, int(most) != 1
    return None, None, False


def _branch(alternatives: Sequence[Any], any_case: bool) -> tuple[Strings | None, Strings | None]:
    exacts: set[str] = set()
    needs: set[str] = set()
    exact_all = needed_all = True
    for alternative in alternatives:
        exact, need = _sequence(alternative, any_case)
        if exact is None:
            exact_all = False
        else:
            exacts |= exact
        found = _better(need, exact)
        if found is None:
            needed_all = False
        else:
            needs |= found
    return (frozenset(exacts) if exact_all else None), (frozenset(needs) if needed_all else None)


def _letter(code: int, any_case: bool) -> Strings | None:
    if code > 127:
        return None
    return frozenset({chr(code).lower() if any_case else chr(code)})


def _class(members: Sequence[Any], any_case: bool) -> Strings | None:
    """The characters of a class that lists a few."""
    found: set[str] = set()
    for operation, argument in members:
        letter = _letter(argument, any_case) if str(operation) == "LITERAL" else None
        if letter is None:
            return None
        found |= letter
    return frozenset(found) if len(found) <= 6 else None


def _better(one: Strings | None, other: Strings | None) -> Strings | None:
    """The set that fewer texts hold a string of."""
    return other if _worth(other) > _worth(one) else one


def _worth(strings: Strings | None) -> float:
    if not strings:
        return 0.0
    shortest = min(map(len, strings))
    if not shortest or any(len(string) == 1 and (string.isalnum() or string.isspace()) for string in strings):
        return 0.0
    return min(shortest, 7) / (1 + len(_shortest(strings)) / 24)


def _shortest(strings: Iterable[str]) -> set[str]:
    """The strings that hold no other of the set."""
    found: list[str] = []
    for string in sorted(strings, key=len):
        if not any(kept in string for kept in found):
            found.append(string)
    return set(found)

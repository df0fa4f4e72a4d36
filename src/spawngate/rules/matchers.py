"""The `[match]` table of a rule, checked against a vocabulary and compiled to closures.

Forms of a condition, by the type of the fact:

    fact = true | "text" | 3         equality (flags, texts, counts)
    fact_in = ["a", "b"]             the text is one of these
    fact_any = ["a", "b"]            the texts hold one of these
    fact_nonempty = true | false     text or texts
    fact_matches = "regex"           somewhere in the text, or in any one of the texts
    fact_at_least = 2                counts

Conditions of one table must all hold. `[match.any]` holds when one of its conditions does, `[[match.any]]` when one of
the tables does; `[match.all]` and `[[match.all]]` when all do; `[match.not]` and `[[match.not]]` when the table, or
none of the tables, does. They nest.
Must not be here: the other keys of a rule (`rules.rule`).
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spawngate.rules.vocabulary import Type, Vocabulary

LONGEST_TEXT = 16_384
"""Characters of one text that an expression looks at. A rule's expression may be quadratic; this bounds its cost."""
_DEEPEST = 8
_OPERATORS = ("_in", "_any", "_nonempty", "_matches", "_at_least")
_FITTING = {
    Type.FLAG: ("",),
    Type.TEXT: ("", "_in", "_nonempty", "_matches"),
    Type.COUNT: ("", "_at_least"),
    Type.TEXTS: ("_any", "_nonempty", "_matches"),
}
_GROUPS = ("any", "all", "not")


class MatchError(Exception):
    """A condition that cannot be: the key, and what to do."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key = key
        self.problem = problem


Test = Callable[[Any], bool]
Explain = Callable[[Any], tuple[tuple[str, tuple[str, ...]], ...]]
"""Facts that made a condition hold, each with the values that did. Asked only after the test said yes."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """A compiled condition. Both functions take the facts and never raise for facts of the right types."""

    test: Test
    explain: Explain
    triggers: frozenset[str] | None
    """The condition can hold only when one of these facts is not neutral; None where no such set is known."""
    facts: frozenset[str]
    """All facts it looks at."""
    needs: tuple[str, frozenset[str]] | None = None
    """The condition can hold only when this fact is, or holds, one of these items; None where no such set is known."""


def compile_match(table: Mapping[str, Any], vocabulary: Vocabulary) -> Matcher:
    """The matcher of a `[match]` table. Raises MatchError for anything that a rule must not say."""
    matcher = _table(table, vocabulary, "match", 0)
    if not matcher.facts:
        raise MatchError("match", "holds no condition; name at least one fact")
    return matcher


def _table(table: Any, vocabulary: Vocabulary, where: str, depth: int, *, one: bool = False) -> Matcher:
    """Conditions of a table, joined by `and`, or by `or` where `one` is enough."""
    if not isinstance(table, Mapping):
        raise MatchError(where, "must be a table of conditions")
    if depth > _DEEPEST:
        raise MatchError(where, f"nests deeper than {_DEEPEST} tables; make it flatter")
    if not table:
        raise MatchError(where, "holds no condition; name at least one fact")
    parts = [
        _group(key, value, vocabulary, f"{where}.{key}", depth)
        if key in _GROUPS
        else _condition(key, value, vocabulary, f"{where}.{key}")
        # The order of keys must not matter, not even to the order in which evidence is found.
        for key, value in sorted(table.items())
    ]
    return _either(parts) if one else _both(parts)


def _group(word: str, value: Any, vocabulary: Vocabulary, where: str, depth: int) -> Matcher:
    if isinstance(value, Sequence) and not isinstance(value, str):
        if not value:
            raise MatchError(where, "is an empty list; give it at least one table")
        tables = [_table(item, vocabulary, f"{where}[{at}]", depth + 1) for at, item in enumerate(value)]
        inner = _both(tables) if word == "all" else _either(tables)
    else:
        inner = _table(value, vocabulary, where, depth + 1, one=word == "any")
    return _negated(inner) if word == "not" else inner


def _both(parts: Sequence[Matcher]) -> Matcher:
    if len(parts) == 1:
        return parts[0]
    # The condition with the fewest triggers that is not merely about a kind of thing makes the best index.
    known = [part.triggers for part in parts if part.triggers is not None]
    tests, explains = tuple(part.test for part in parts), tuple(part.explain for part in parts)

    def test(facts: Any) -> bool:
        for each in tests:  # noqa: SIM110 - a generator costs twice the time of the whole condition
            if not each(facts):
                return False
        return True

    return Matcher(
        test,
        lambda facts: tuple(found for each in explains for found in each(facts)),
        min(known, key=_selectivity, default=None),
        frozenset().union(*(part.facts for part in parts)),
        # The fewest items make the best index.
        min((part.needs for part in parts if part.needs is not None), key=_fewest, default=None),
    )


def _either(parts: Sequence[Matcher]) -> Matcher:
    if len(parts) == 1:
        return parts[0]
    triggers = [part.triggers for part in parts]
    tests, pairs = tuple(part.test for part in parts), tuple((part.test, part.explain) for part in parts)

    def test(facts: Any) -> bool:
        for each in tests:  # noqa: SIM110 - as above
            if each(facts):
                return True
        return False

    return Matcher(
        test,
        lambda facts: tuple(found for holds, explain in pairs if holds(facts) for found in explain(facts)),
        None if any(item is None for item in triggers) else frozenset().union(*(item or () for item in triggers)),
        frozenset().union(*(part.facts for part in parts)),
        _common([part.needs for part in parts]),
    )


def _fewest(needs: tuple[str, frozenset[str]]) -> tuple[int, str]:
    return len(needs[1]), needs[0]


def _common(needs: Sequence[tuple[str, frozenset[str]] | None]) -> tuple[str, frozenset[str]] | None:
    """What one of several conditions needs, where they all look at one fact."""
    known = [item for item in needs if item is not None]
    if len(known) < len(needs) or len({fact for fact, _ in known}) != 1:
        return None
    return known[0][0], frozenset().union(*(items for _, items in known))


def _negated(inner: Matcher) -> Matcher:
    # What is absent is no evidence.
    return Matcher(lambda facts: not inner.test(facts), lambda facts: (), None, inner.facts)


_COMMON_FACTS = frozenset({"kind", "scope", "status", "agent", "transport", "program", "program_path", "source", "pin"})
"""Facts that nearly every subject holds: poor to index by."""


def _selectivity(triggers: frozenset[str]) -> tuple[int, int, tuple[str, ...]]:
    return len(triggers & _COMMON_FACTS), len(triggers), tuple(sorted(triggers))


def _condition(key: str, value: Any, vocabulary: Vocabulary, where: str) -> Matcher:
    name, form = _fact_and_form(key, vocabulary, where)
    kind, default = vocabulary.types[name], vocabulary.defaults[name]
    if form not in _FITTING[kind]:
        fitting = ", ".join(f"{name}{suffix}" for suffix in _FITTING[kind])
        raise MatchError(where, f"{name} is a {kind.value} fact and has no such operator; write one of {fitting}")
    get = operator.attrgetter(name)
    match form:
        case "":
            _require(where, value, {Type.FLAG: bool, Type.TEXT: str, Type.COUNT: int}[kind], f"a {kind.value}")
            _in_words(where, name, [value], vocabulary)
            leaf = _leaf(name, lambda facts: bool(get(facts) == value), _whole(name, get), value != default)
            return _needing(leaf, name, frozenset({value})) if kind is Type.TEXT and value != default else leaf
        case "_in":
            words = frozenset(_texts(where, value))
            _in_words(where, name, words, vocabulary)
            leaf = _leaf(name, lambda facts: get(facts) in words, _whole(name, get), default not in words)
            return _needing(leaf, name, words) if default not in words else leaf
        case "_any":
            words = frozenset(_texts(where, value))
            _in_words(where, name, words, vocabulary)
            leaf = _leaf(name, lambda facts: not words.isdisjoint(get(facts)), _items(name, get, words), True)
            return _needing(leaf, name, words)
        case "_nonempty":
            _require(where, value, bool, "true or false")
            if value:
                return _leaf(name, lambda facts: bool(get(facts)), _whole(name, get), not default)
            return _leaf(name, lambda facts: not get(facts), lambda facts: (), False)
        case "_at_least":
            _require(where, value, int, "a whole number")
            return _leaf(name, lambda facts: bool(get(facts) >= value), _whole(name, get), default < value)
    search = _expression(where, value)
    if kind is Type.TEXT:
        return _leaf(name, lambda facts: search(get(facts)), _whole(name, get), not search(str(default)))
    return _leaf(name, lambda facts: any(map(search, get(facts))), _found(name, get, search), True)


def _fact_and_form(key: str, vocabulary: Vocabulary, where: str) -> tuple[str, str]:
    if key in vocabulary.types:
        if vocabulary.types[key] is Type.TEXTS:
            raise MatchError(where, f"{key} holds several texts; write {key}_any, {key}_matches or {key}_nonempty")
        return key, ""
    for form in _OPERATORS:
        if key.endswith(form) and key.removesuffix(form) in vocabulary.types:
            return key.removesuffix(form), form
    stem = next((key.removesuffix(form) for form in _OPERATORS if key.endswith(form)), key)
    raise MatchError(where, f"no fact of a {vocabulary.subject} is called {stem!r}{_near(stem, vocabulary)}")


def _near(name: str, vocabulary: Vocabulary) -> str:
    # Imported where it is needed: only a mistaken rule pays for it.
    from difflib import get_close_matches

    close = get_close_matches(name, vocabulary.types, n=1)
    return f"; did you mean {close[0]!r}?" if close else "; docs/rules.md lists the facts"


def _require(where: str, value: Any, wanted: type, plain: str) -> None:
    # A bool is an int to Python and not to a reader of the rule.
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise MatchError(where, f"must be {plain}, not {value!r}")


def _texts(where: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        raise MatchError(where, "must be a list of texts that is not empty")
    if len(set(value)) != len(value):
        raise MatchError(where, "names the same text twice; drop one")
    return value


def _in_words(where: str, name: str, values: Any, vocabulary: Vocabulary) -> None:
    known = vocabulary.words.get(name)
    strange = sorted(value for value in values if known is not None and value not in known)
    if strange and known is not None:
        raise MatchError(where, f"{name} is never {strange[0]!r}; it is one of {', '.join(sorted(known))}")


def _expression(where: str, value: Any) -> Callable[[str], bool]:
    _require(where, value, str, "a regular expression")
    try:
        expression = re.compile(value)
    except re.error as error:
        raise MatchError(where, f"is no regular expression ({error})") from None
    if expression.search(""):
        raise MatchError(where, "matches an empty text and so says nothing; make it narrower")
    find = expression.search
    return lambda text: find(text, 0, LONGEST_TEXT) is not None


def _leaf(name: str, test: Test, explain: Explain, triggers: bool) -> Matcher:
    return Matcher(test, explain, frozenset({name}) if triggers else None, frozenset({name}))


def _needing(leaf: Matcher, name: str, items: frozenset[str]) -> Matcher:
    return Matcher(leaf.test, leaf.explain, leaf.triggers, leaf.facts, (name, items))


def _whole(name: str, get: Callable[[Any], Any]) -> Explain:
    return lambda facts: ((name, _values(get(facts))),)


def _items(name: str, get: Callable[[Any], Any], words: frozenset[str]) -> Explain:
    return lambda facts: ((name, tuple(sorted(words.intersection(get(facts))))),)


def _found(name: str, get: Callable[[Any], Any], search: Callable[[str], bool]) -> Explain:
    return lambda facts: ((name, tuple(sorted({item for item in get(facts) if search(item)}))),)


def _values(value: bool | int | str | tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("true" if value else "false",)
    return tuple(sorted(set(value))) if isinstance(value, tuple) else (str(value),)

"""Expansion: from the parts of a word to the words that a program is given, as far as they are known.

Belongs here: parameters, splitting, braces, and how much of a word is known. Must not be here: what a substitution
runs, which `command.walk` says through `substitute`; commands. What is not known stands as it was written.
Source: POSIX.1-2024, 2.6 Word Expansions, whose order is followed; Bash Reference Manual 5.2, 3.5.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from spawngate.command import braces
from spawngate.command.arithmetic import evaluate
from spawngate.command.budget import PARAMETER_COST, VARIANT_COST, WORD_COST, Budget
from spawngate.command.operators import transform
from spawngate.command.patterns import Unknown, globbed
from spawngate.command.scope import USUAL, Scope, Value
from spawngate.command.spawn import Word
from spawngate.command.syntax import Arithmetic, Literal, Parameter, Part, Parts, ProcessSubstitution, Substitution
from spawngate.command.words import lex_document

_ACTIVE = re.compile(r"[{*?\[~]|[@!+]\(")
_NAME = re.compile(r"\b[A-Za-z_]\w*\b")
_ROOTED = frozenset({"PATH", "HOME", "PWD", "OLDPWD", "SHELL", "BASH"})
"""Variables whose value begins with a slash wherever they are set."""
_HIDDEN = 0xF0000
"""First of the private letters that stand for expansions while braces are expanded."""

Substitute = Callable[[Substitution | ProcessSubstitution], Value]


@dataclass(slots=True)
class _Field:
    text: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    """`text` without variables that nothing has set: what the word is if the environment has none of them."""
    opaque: bool = False
    glob: bool = False
    spawns: tuple[int, ...] = ()
    there: bool = False
    """Holds something, be it an empty quotation."""
    guessable: bool = True
    """All that is unknown are variables that nothing has set."""

    def word(self, first: bool) -> Word:
        text = "".join(self.text)
        if first and self.opaque and self.guessable and "/" not in text:
            known = "".join(self.known)
            if any(letter.isalnum() for letter in known):
                text = known
        return Word(text, self.opaque, self.glob, self.spawns)


class Expander:
    """Expands words in one scope."""

    def __init__(self, scope: Scope, substitute: Substitute, budget: Budget) -> None:
        self.scope = scope
        self.substitute = substitute
        self.budget = budget
        self.choice: dict[str, int] = {}
        """Which of a variable's alternatives holds; the first where none is named."""
        self.forks: dict[str, int] = {}
        """Variables with alternatives that were met, and how many they have."""
        self._memo: dict[int, Value] = {}

    def words(self, words: Sequence[Parts]) -> list[Word]:
        """All words of a command: braces, expansions, splitting."""
        found: list[Word] = []
        self.budget.produce(len(words) * WORD_COST)
        for parts in words:
            if len(parts) == 1 and type(parts[0]) is Literal and (parts[0].quoted or not _ACTIVE.search(parts[0].text)):
                found.append(Word(parts[0].text))
            else:
                found.extend(self._fields(parts, not found))
        return found

    def one(self, parts: Parts) -> Word:
        """One word that is not split: of an assignment, a redirection, a here-document."""
        if len(parts) == 1 and type(parts[0]) is Literal and not (parts[0].text.startswith("~")):
            literal = parts[0]
            return Word(literal.text, glob=not literal.quoted and globbed(literal.text))
        whole = _Field()
        for part in parts:
            for value in self._values(part):
                self._add(whole, value, part, quoted=True)
        return whole.word(first=False)

    def document(self, parts: Parts) -> Word:
        """Content of a here-document."""
        word = self.one(parts)
        return replace(word, glob=False)

    # -- words

    def _fields(self, parts: Parts, first: bool) -> list[Word]:
        found: list[Word] = []
        for variant in self._braced(parts):
            done: list[_Field] = []
            current = _Field()
            for part in variant:
                current = self._part(part, current, done)
            if current.there:
                done.append(current)
            found.extend(one.word(first and not found) for one in done)
        return found

    def _braced(self, parts: Parts) -> list[Parts]:
        """All words that the braces of one word give."""
        plain = "".join([part.text for part in parts if type(part) is Literal and not part.quoted])
        if not 0 <= plain.find("{") < plain.rfind("}"):
            return [parts]
        if any(_HIDDEN <= ord(letter) < _HIDDEN + len(parts) for letter in plain):
            return [parts]
        text = "".join(
            part.text if type(part) is Literal and not part.quoted else chr(_HIDDEN + place)
            for place, part in enumerate(parts)
        )
        try:
            variants = braces.expand(text)
        except braces.Unbounded:
            return [parts]
        if variants == [text]:
            return [parts]
        last = _HIDDEN + len(parts) - 1
        hidden = re.compile(f"([{chr(_HIDDEN)}-{chr(last)}])")
        found: list[Parts] = []
        for variant in variants:
            pieces = [piece for piece in hidden.split(variant) if piece]
            # A few letters may stand for hundreds of words, each of which takes as long as some that were written, and
            # every part of it again.
            self.budget.produce(len(pieces) * VARIANT_COST)
            found.append(
                tuple(
                    parts[ord(piece) - _HIDDEN] if len(piece) == 1 and _HIDDEN <= ord(piece) <= last else Literal(piece)
                    for piece in pieces
                )
            )
        return found

    def _part(self, part: Part, current: _Field, done: list[_Field]) -> _Field:
        """Add a part to the word begun; gives the word that is begun after it."""
        if isinstance(part, Literal):
            text = part.text
            if not part.quoted:
                if text.startswith("~") and not current.there:
                    text = self._tilde(text)
                current.glob = current.glob or globbed(text)
            current.text.append(text)
            current.known.append(text)
            current.there = True
            return current
        values = self._values(part)
        self.budget.produce(max(0, len(values) - 1) * VARIANT_COST)
        if isinstance(part, ProcessSubstitution) or part.quoted:
            for place, value in enumerate(values):
                if place:
                    done.append(current)
                    current = _Field()
                self._add(current, value, part, quoted=True)
            if not values:
                return current
            current.there = True
            return current
        for place, value in enumerate(values):
            if place and current.there:
                done.append(current)
                current = _Field()
            current = self._split(value, part, current, done)
        return current

    def _split(self, value: Value, part: Part, current: _Field, done: list[_Field]) -> _Field:
        if value.opaque or not value.text:
            if value.opaque:
                self._add(current, value, part, quoted=False)
            elif value.spawns:
                current.spawns += value.spawns
            return current
        separators = self.scope.get("IFS")
        letters = " \t\n" if separators is None or separators.opaque else separators.text
        pieces = re.split(f"[{re.escape(letters)}]+", value.text) if letters else [value.text]
        # A variable that holds many words may be named often, and each costs as much as one that braces give.
        self.budget.produce(len(pieces) * VARIANT_COST)
        for place, piece in enumerate(pieces):
            if place and current.there:
                done.append(current)
                current = _Field()
            if piece:
                self._add(current, replace(value, text=piece), part, quoted=False)
        return current

    def _add(self, current: _Field, value: Value, part: Part, quoted: bool) -> None:
        self.budget.produce(len(value.text))
        current.text.append(value.text)
        if value.opaque:
            current.opaque = True
            unset = isinstance(part, Parameter) and not part.operator and not value.spawns and not part.length
            if not (unset and self.scope.get(part.name if isinstance(part, Parameter) else "") is None):
                current.guessable = False
        else:
            current.known.append(value.text)
        literal = isinstance(part, Literal) and not part.quoted
        if value.glob or ((not quoted or literal) and not value.opaque and globbed(value.text)):
            current.glob = True
        if value.spawns:
            current.spawns += tuple(spawn for spawn in value.spawns if spawn not in current.spawns)
        current.there = True

    def _tilde(self, text: str) -> str:
        home = self.scope.variables.get("HOME")
        if home is None or home.opaque or not re.match(r"~(?:/|$)", text):
            return text
        return home.text + text[1:]

    # -- values

    def _values(self, part: Part) -> Sequence[Value]:
        if isinstance(part, Literal):
            text = self._tilde(part.text) if not part.quoted else part.text
            return (Value(text),)
        if isinstance(part, Parameter):
            return self._parameter(part)
        if isinstance(part, Arithmetic):
            return (self._arithmetic(part),)
        memo = self._memo.get(id(part))
        if memo is None:
            memo = self._memo[id(part)] = self.substitute(part)
        return (memo,)

    def _arithmetic(self, part: Arithmetic) -> Value:
        inner = self.one(part.code)
        text = _NAME.sub(self._number, inner.text) if not inner.opaque else ""
        number = evaluate(text) if text.strip() else None
        if number is None:
            return Value(part.written, opaque=True, spawns=inner.spawns)
        return Value(str(number), spawns=inner.spawns)

    def _number(self, name: re.Match[str]) -> str:
        if re.match(r"0[xX]", name.string[name.start() - 1 : name.end()]):
            return name.group()
        value = self.lookup(name.group())
        return value.text if value is not None and not value.opaque else "?"

    def lookup(self, name: str) -> Value | None:
        """Value of a variable, the chosen one of its alternatives."""
        value = self.scope.get(name)
        if value is not None and value.others:
            self.forks[name] = 1 + len(value.others)
            choice = self.choice.get(name, 0)
            if choice:
                value = replace(value, text=value.others[choice - 1], others=())
        return value

    def _list(self, part: Parameter) -> Sequence[Value] | None:
        """All values of `$@`, `$*`, `${name[@]}`; None where the part is no list or the list is unknown."""
        if part.name in ("@", "*") and not part.length:
            return self.scope.parameters
        if part.index in ("@", "*") and not part.length:
            if part.indirect:
                return None
            array = self.scope.arrays.get(part.name)
            if array is not None:
                return array
            value = self.lookup(part.name)
            return None if value is None else (value,)
        return None

    def _parameter(self, part: Parameter) -> Sequence[Value]:
        self.budget.produce(PARAMETER_COST)
        if part.operator == "bad":
            return (Value(part.written, opaque=True),)
        values = self._list(part)
        if values is not None and part.operator in ("", ":", "#", "##", "%", "%%", "/", "//", "^", "^^", ",", ",,"):
            if part.operator == ":":
                values = self._slice(part, values)
            elif part.operator:
                values = [self._transformed(part, value) for value in values]
            if part.quoted and (part.name == "*" or part.index == "*") and values:
                return (_joined(values),)
            return values
        return (self._single(part, None if values is None else _joined(values)),)

    def _slice(self, part: Parameter, values: Sequence[Value]) -> Sequence[Value]:
        start = evaluate(self.one(part.argument).text or "0")
        count = len(values) if part.second is None else evaluate(self.one(part.second).text or "0")
        if start is None or count is None:
            return (Value(part.written, opaque=True),)
        if part.name in ("@", "*"):
            start -= 1 if start > 0 else 0
        return values[start : start + count] if start >= 0 else values[start:][:count]

    def _single(self, part: Parameter, joined: Value | None) -> Value:
        name = part.name
        if part.indirect:
            target = self.lookup(name)
            if target is None or target.opaque or not re.fullmatch(r"\w+", target.text):
                return Value(part.written, opaque=True)
            name = target.text
        value = joined if joined is not None else self._element(part, name)
        if part.length:
            return self._length(part, name, value)
        sign = part.operator.lstrip(":")
        if part.operator and sign in ("-", "=", "+", "?"):
            return self._default(part, sign, name, value)
        if value is None:
            if part.operator == ":" and name in _ROOTED and self.scope.get(name) is None:
                return self._first(part, None)
            for inner in (part.argument, part.second or ()):
                self.one(inner)  # a substitution in the operand runs all the same
            return Value(part.written, opaque=True)
        if not part.operator:
            return value if not value.opaque else replace(value, text=part.written)
        if part.operator == ":" and name in _ROOTED and value == USUAL.get(name):
            return self._first(part, value)
        return self._transformed(part, value)

    def _element(self, part: Parameter, name: str) -> Value | None:
        if not part.index or part.index in ("@", "*"):
            return self.lookup(name)
        key = re.sub(r"['\"]", "", re.sub(r"\$\{?(\w+)\}?", self._index_name, part.index))
        keyed = self.lookup(f"{name}[{key}]")
        if keyed is not None:
            return keyed
        array = self.scope.arrays.get(name)
        number = evaluate(re.sub(r"\$?\{?\b([A-Za-z_]\w*)\b\}?", self._index_name, part.index))
        if array is None or number is None:
            return self.lookup(name) if number == 0 else None
        return array[number] if -len(array) <= number < len(array) else Value("")

    def _index_name(self, name: re.Match[str]) -> str:
        value = self.lookup(name.group(1))
        return value.text if value is not None and not value.opaque else "?"

    def _length(self, part: Parameter, name: str, value: Value | None) -> Value:
        if part.index in ("@", "*") and name in self.scope.arrays:
            return Value(str(len(self.scope.arrays[name])))
        if value is None or value.opaque or name in USUAL:
            return Value(part.written, opaque=True)
        return Value(str(len(value.text)))

    def _default(self, part: Parameter, sign: str, name: str, value: Value | None) -> Value:
        """`:-`, `:=`, `:+`, `:?`. A variable of which nothing is known counts as unset: then the written word runs."""
        there = value is not None and (bool(value.text) or not part.operator.startswith(":"))
        if name in self.scope.unset and value is not None:
            there = False
        if sign == "+":
            if value is not None and not there:
                return Value("")
            return self._word(part.argument)
        if value is not None and there:
            return replace(value, text=part.written) if value.opaque else value
        if sign == "?":
            self.one(part.argument)
            return Value(part.written, opaque=True)
        word = self._word(part.argument)
        if sign == "=":
            self.scope.set(name, word)
        return word

    def _word(self, parts: Parts) -> Value:
        word = self.one(parts)
        return Value(word.text, word.opaque, word.glob, word.spawns)

    def _first(self, part: Parameter, value: Value | None) -> Value:
        """The slash that a usual variable begins with."""
        offset = evaluate(self.one(part.argument).text or "0")
        length = evaluate(self.one(part.second).text or "0") if part.second is not None else None
        if offset == 0 and length == 1:
            return Value("/")
        if value is None or value.text.startswith("~"):
            return Value(part.written, opaque=True)
        return self._transformed(part, value)

    def _transformed(self, part: Parameter, value: Value) -> Value:
        if part.operator == "@" and self.one(part.argument).text == "P" and not value.opaque:
            return self._word(lex_document(value.text))  # expanded like a prompt: what it substitutes runs
        numeric = part.operator == ":"
        read = self._numeric if numeric else self.one if part.operator == "@" else self._pattern
        argument = read(part.argument)
        second = None if part.second is None else self._numeric(part.second) if numeric else self.one(part.second)
        if value.opaque or argument.opaque or (second is not None and second.opaque):
            spawns = (*value.spawns, *argument.spawns, *(second.spawns if second else ()))
            return Value(part.written, opaque=True, spawns=spawns)
        try:
            text = transform(part.operator, value.text, argument.text, None if second is None else second.text)
        except Unknown:
            return Value(part.written, opaque=True, spawns=value.spawns)
        return Value(text, glob=value.glob, spawns=value.spawns)

    def _numeric(self, parts: Parts) -> Word:
        """An arithmetic expression, its variables put in."""
        word = self.one(parts)
        return word if word.opaque else replace(word, text=_NAME.sub(self._number, word.text))

    def _pattern(self, parts: Parts) -> Word:
        """A pattern: quoted letters stand for themselves."""
        escaped = tuple(
            Literal(re.sub(r"([*?\[\]\\])", r"\\\1", part.text), True)
            if isinstance(part, Literal) and part.quoted
            else part
            for part in parts
        )
        return self.one(escaped)


def _joined(values: Sequence[Value]) -> Value:
    return Value(
        " ".join(value.text for value in values),
        any(value.opaque for value in values),
        any(value.glob for value in values),
        tuple(spawn for value in values for spawn in value.spawns),
    )

"""From the text of a query to its tree.

    expression  = conjunction { "or" conjunction }
    conjunction = factor { ["and"] factor }
    factor      = ("not" | "-") factor | "(" expression ")" | "last" span | comparison | text
    comparison  = field ":" values | field ("=" | "!=" | ">" | ">=" | "<" | "<=") value
    values      = value { "," value } | "[" value "to" value "]" | (">" | ">=" | "<" | "<=") value

`last:24h` is the same as `last 24h`. A value or text in double quotes is taken as it stands (`\\"` and `\\\\` within).
A dash negates a comparison, a group or a quoted text; before anything else it is part of a text (`-rf`). A date stands
for its whole day.
Must not be here: what a tree says of a record (`match`).
"""

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from spawngate.model.errors import UsageError
from spawngate.trail.query.fields import FIELDS, SCALES, Field, field_of
from spawngate.trail.query.match import Query
from spawngate.trail.query.syntax import And, Compare, Node, Not, Operator, Or, Present, Text, Value

LONGEST = 8_000
"""Characters of a query."""
DEEPEST = 40
MOST = 400
"""Comparisons and texts."""
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)(!=|>=|<=|[:=<>])")
_OPERATOR = re.compile(r">=|<=|[<>]")
_WORD = re.compile(r"[^\s()\"]+")
_VALUE = re.compile(r"[^\s(),\"\[\]]+")
_BLANK = re.compile(r"\s*")
_SPAN = re.compile(r"(\d{1,6})(s|m|h|d|w)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_OPERATORS: dict[str, Operator] = {"=": "=", "!=": "=", ">": ">", ">=": ">=", "<": "<", "<=": "<="}
_EDGES: dict[Operator, tuple[Operator, Operator]] = {
    "=": (">=", "<"),
    ">=": (">=", ">="),
    "<": ("<", "<"),
    ">": (">=", ">="),
    "<=": ("<", "<"),
}
"""How a moment compares with the begin or the end of a day, so that it compares with the day."""
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


class QueryError(UsageError):
    """The text is no query. `position` is the place of the character, from 0, at which it stops being one."""

    def __init__(self, text: str, position: int, problem: str) -> None:
        super().__init__(f"character {position + 1}: {problem}")
        self.text, self.position, self.problem = text, position, problem

    def pointer(self, show: Callable[[str], str] = str, width: int = 100) -> str:
        """Two lines: the text around the place as `show` makes it fit to be seen, and a mark under it."""
        start = max(0, self.position - width // 2)
        before, after = show(self.text[start : self.position]), show(self.text[self.position : start + width])
        return f"{before}{after}\n{' ' * len(before)}^"


def parse_time(text: str, at: datetime) -> str:
    """A time in the form that records have, from RFC 3339, a date, or a span back from `at` (`90m`, `24h`, `7d`).

    Raises UsageError.
    """
    span = _SPAN.fullmatch(text)
    try:
        if span:
            moment = at - timedelta(**{_UNITS[span[2]]: int(span[1])})
        else:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC).strftime(_TIME)
    except (ValueError, OverflowError):
        raise UsageError(f"{text}: is no time; give 2026-11-21, 2026-11-21T10:00:00Z, 90m, 24h or 7d") from None


def read(text: str, at: datetime) -> Query:
    """The query that a text means; an empty text means everything. `at` is now. Raises QueryError."""
    if len(text) > LONGEST:
        raise QueryError(text, LONGEST, f"a query has at most {LONGEST} characters")
    return Query(_Reader(text, at).whole())


@dataclass(slots=True)
class _Reader:
    text: str
    at: datetime
    place: int = 0
    depth: int = 0
    count: int = 0

    def whole(self) -> Node:
        if self.blank():
            return And(())
        node = self.expression()
        if not self.blank():
            raise self.error("there is no group to close" if self.text[self.place] == ")" else "a query ends here")
        return node

    # Parts of the grammar -----------------------------------------------------------------------------------------

    def expression(self) -> Node:
        parts = [self.conjunction()]
        while self.keyword("or"):
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def conjunction(self) -> Node:
        parts = [self.factor()]
        while not self.blank() and self.text[self.place] != ")" and not self.keyword("or", stay=True):
            self.keyword("and")
            parts.append(self.factor())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def factor(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error("groups and negations are nested too deep")
        try:
            return self.nested()
        finally:
            self.depth -= 1

    def nested(self) -> Node:
        if self.blank():
            raise self.error("a field or a text must follow")
        if self.keyword("not"):
            return Not(self.factor())
        for word in ("and", "or"):
            if self.keyword(word, stay=True):
                raise self.error(f"a field or a text must stand before and after {word!r}; put quotes around a word")
        start = self.place
        if self.text[start] == "-" and self.negates(start + 1):
            self.place += 1
            return Not(self.factor())
        if self.text[start] == "(":
            self.place += 1
            node = self.expression()
            if self.blank() or self.text[self.place] != ")":
                raise QueryError(self.text, start, "this group is not closed")
            self.place += 1
            return node
        if self.text[start] == ")":
            raise self.error("there is nothing in this group" if start else "there is no group to close")
        self.count += 1
        if self.count > MOST:
            raise self.error(f"a query has at most {MOST} conditions")
        return self.comparison() or self.span() or self.words()

    def negates(self, place: int) -> bool:
        return self.text[place : place + 1] in ("(", '"') or self.named(place) is not None

    def named(self, place: int) -> re.Match[str] | None:
        """A field's name and operator at a place; none for what begins an address (`https://`) or a drive (`c:\\`)."""
        match = _FIELD.match(self.text, place)
        if match and match[2] == ":" and self.text[match.end() : match.end() + 1] in ("/", "\\"):
            return match if match[1].lower() in FIELDS and self.text[match.end() : match.end() + 2] != "//" else None
        return match

    def comparison(self) -> Node | None:
        match = self.named(self.place)
        if match is None:
            return None
        start, name = self.place, match[1].lower()
        if name == "last" and match[2] == ":":
            self.place = match.end()
            return self.since()
        if name not in FIELDS:
            name = match[1]
        field = field_of(name)
        if field is None:
            raise QueryError(self.text, start, _unknown(match[1]))
        self.place = match.end()
        if match[2] != ":":
            compared = self.compared(name, field, _OPERATORS[match[2]], self.value(field))
            return Not(compared) if match[2] == "!=" else compared
        return self.values(name, field)

    def values(self, name: str, field: Field) -> Node:
        operator = _OPERATOR.match(self.text, self.place)
        if operator:
            self.place = operator.end()
            return self.compared(name, field, _OPERATORS[operator[0]], self.value(field))
        if self.text[self.place : self.place + 1] == "[":
            return self.range(name, field)
        first = self.value(field)
        if first.pattern and first.text == "*":
            return Present(name, field)
        found = [first]
        while self.text[self.place : self.place + 1] == ",":
            self.place += 1
            found.append(self.value(field))
        if field.kind == "time":
            parts = [self.compared(name, field, "=", value) for value in found]
            return parts[0] if len(parts) == 1 else Or(tuple(parts))
        return Compare(name, field, "=", tuple(found))

    def compared(self, name: str, field: Field, operator: Operator, value: Value) -> Node:
        day = _day(value) if field.kind == "time" else None
        if day is None:
            return Compare(name, field, operator, (value,))
        begin, end = (
            Compare(name, field, how, (Value(text),)) for how, text in zip(_EDGES[operator], day, strict=True)
        )
        return And((begin, end)) if operator == "=" else begin if operator in (">=", "<") else end

    def range(self, name: str, field: Field) -> Node:
        start = self.place
        self.place += 1
        self.blank()
        low = self.value(field)
        if not self.keyword("to"):
            raise self.error("a range is written [low to high]")
        self.blank()
        high = self.value(field)
        if self.blank() or self.text[self.place] != "]":
            raise QueryError(self.text, start, "this range is not closed")
        self.place += 1
        return And((self.compared(name, field, ">=", low), self.compared(name, field, "<=", high)))

    def span(self) -> Node | None:
        """`last 24h`; None where it is an ordinary text."""
        start = self.place
        if self.keyword("last") and not self.blank() and _SPAN.match(self.text, self.place):
            return self.since()
        self.place = start
        return None

    def since(self) -> Node:
        start = self.place
        match = _VALUE.match(self.text, start)
        if match is None or not _SPAN.fullmatch(match[0]):
            raise self.error("a span of time must follow: 90m, 24h, 7d")
        self.place = match.end()
        return Compare("at", FIELDS["at"], ">=", (Value(self.time(match[0], start)),))

    def words(self) -> Node:
        if self.text[self.place] == '"':
            return Text(self.quoted())
        match = _WORD.match(self.text, self.place)
        assert match is not None
        self.place = match.end()
        return Text(match[0])

    # Values -------------------------------------------------------------------------------------------------------

    def value(self, field: Field) -> Value:
        start = self.place
        quoted = self.text[start : start + 1] == '"'
        if quoted:
            text = self.quoted()
        else:
            match = _VALUE.match(self.text, start)
            if match is None:
                raise self.error("a value must follow; put quotes around one with blanks")
            self.place = match.end()
            text = match[0]
        if not quoted and text == "*":
            return Value("*", pattern=True)
        if field.kind == "time":
            moment = self.time(text, start)
            return Value(text if _DATE.fullmatch(text) else moment)
        if field.kind == "number":
            try:
                return Value(text, number=float(text))
            except ValueError:
                raise QueryError(self.text, start, f"{text!r} is no number") from None
        scale = SCALES.get(field.kind)
        if scale is not None:
            if text.lower() not in scale:
                raise QueryError(self.text, start, f"{text!r} is none of {', '.join(scale)}")
            return Value(text.lower(), number=scale.index(text.lower()))
        return Value(text, pattern=not quoted and "*" in text)

    def time(self, text: str, start: int) -> str:
        try:
            return parse_time(text, self.at)
        except UsageError as error:
            raise QueryError(self.text, start, str(error)) from None

    def quoted(self) -> str:
        start = self.place
        self.place += 1
        found: list[str] = []
        while self.place < len(self.text):
            char = self.text[self.place]
            if char == '"':
                self.place += 1
                return "".join(found)
            if char == "\\" and self.text[self.place + 1 : self.place + 2] in ('"', "\\"):
                self.place += 1
                char = self.text[self.place]
            found.append(char)
            self.place += 1
        raise QueryError(self.text, start, "this quote is not closed")

    # Characters ---------------------------------------------------------------------------------------------------

    def blank(self) -> bool:
        """Go over blanks; whether the end is reached."""
        match = _BLANK.match(self.text, self.place)
        assert match is not None
        self.place = match.end()
        return self.place == len(self.text)

    def keyword(self, word: str, *, stay: bool = False) -> bool:
        """Whether that word stands here by itself; gone over, unless `stay`."""
        self.blank()
        end = self.place + len(word)
        if self.text[self.place : end].lower() != word or not (end == len(self.text) or self.text[end] in ' \t\r\n()"'):
            return False
        if not stay:
            self.place = end
        return True

    def error(self, problem: str) -> QueryError:
        return QueryError(self.text, self.place, problem)


def _day(value: Value) -> tuple[str, str] | None:
    """Begin and end of the day that a value names; None where it names a moment."""
    if not _DATE.fullmatch(value.text):
        return None
    try:
        begin = datetime.fromisoformat(value.text).replace(tzinfo=UTC)
        return begin.strftime(_TIME), (begin + timedelta(days=1)).strftime(_TIME)
    except (ValueError, OverflowError):
        return None


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name.lower(), FIELDS, 1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(FIELDS))}"
    return f"there is no field {name!r}; {hint} Put quotes around a text with a colon."

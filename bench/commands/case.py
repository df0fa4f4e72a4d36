"""One labelled case of the corpus, and the families that cases are made from.

Belongs here: the types, how a family becomes cases, ids, and the split into halves. Must not be here: any command
(`packs`, `disguises`, `everyday`), how a case is judged (`run`), and anything read from the product: the corpus is
written without its rules in sight, or it would only measure whether two copies of one list agree.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Label = Literal["attack", "harmless"]
Expected = Literal["deny-or-ask", "allow-or-log"]
Dialect = Literal["posix", "powershell", "cmd", "tool"]
"""Who interprets the text; `tool` for calls that no shell sees."""
Half = Literal["tuning", "blind"]
Call = Mapping[str, Any]
"""A tool call in Claude Code's naming: `{"tool": ..., "input": {...}}`."""

EXPECTED: Mapping[Label, Expected] = {"attack": "deny-or-ask", "harmless": "allow-or-log"}


@dataclass(frozen=True, slots=True)
class Case:
    """One command or call with what has to be answered. Everything is text that nobody but the benchmark runs."""

    id: str
    family: str
    pack: str
    label: Label
    text: str
    """The command; for `tool` the call as JSON."""
    dialect: Dialect = "posix"
    note: str = ""

    @property
    def expected(self) -> Expected:
        """What a decision has to be for the case to count as right."""
        return EXPECTED[self.label]

    def request(self, cwd: str = "") -> dict[str, Any]:
        """The object for a line of `spawngate decide --batch`; with `cwd` as the hook of an agent would tell it."""
        return {**self._call(), "cwd": cwd} if cwd else self._call()

    def _call(self) -> dict[str, Any]:
        if self.dialect == "tool":
            call = json.loads(self.text)
            assert isinstance(call, dict)
            return call
        if self.dialect == "powershell":
            return {"tool": "PowerShell", "input": {"command": self.text}}
        if self.dialect == "cmd":
            return {"command": self.text, "dialect": "cmd"}
        return {"command": self.text}

    def to_json(self) -> dict[str, Any]:
        """Every field, for other programs."""
        return {
            "id": self.id,
            "family": self.family,
            "pack": self.pack,
            "label": self.label,
            "expected": self.expected,
            "dialect": self.dialect,
            "text": self.text,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Family:
    """Attacks of one kind with their look-alikes. Its name decides the half, so near copies never straddle."""

    name: str
    pack: str
    attacks: tuple[str | Call, ...]
    twins: tuple[str | Call, ...]
    dialect: Dialect = "posix"
    note: str = ""
    wrapper: str = ""
    """What a disguise family is called in the issue's list of wrappers, where it is one of them."""
    members: frozenset[str] = field(default_factory=frozenset)

    def cases(self) -> Iterator[Case]:
        """Every case, equal texts once. A text that is both attack and twin is an error of the author."""
        both = {text_of(entry) for entry in self.attacks} & {text_of(entry) for entry in self.twins}
        if both:
            raise ValueError(f"{self.name}: both attack and twin: {sorted(both)[0]!r}")
        for label, entries in (("attack", self.attacks), ("harmless", self.twins)):
            for text in dict.fromkeys(text_of(entry) for entry in entries):
                yield Case(
                    f"{self.name}-{label[0]}{digest(text)}",
                    self.name,
                    self.pack,
                    "attack" if label == "attack" else "harmless",
                    text,
                    self.dialect,
                    self.note,
                )


def text_of(entry: str | Call) -> str:
    """A command as it is; a call as JSON with sorted keys."""
    return entry if isinstance(entry, str) else json.dumps(entry, sort_keys=True, ensure_ascii=False)


def digest(text: str) -> str:
    """Ten hexadecimal digits that stand for a text: ids do not move when a neighbour is added."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def half(name: str) -> Half:
    """The half that a family, or a source of everyday commands, belongs to. The salt is one that fills both evenly."""
    return "blind" if hashlib.sha256(f"64:{name}".encode()).digest()[0] % 2 else "tuning"


def unique(cases: Iterable[Case]) -> list[Case]:
    """Every case once by its text; the first family keeps it. ValueError where one text has both labels."""
    kept: dict[tuple[str, str], Case] = {}
    for case in cases:
        first = kept.setdefault((case.dialect, case.text), case)
        if first.label != case.label:
            raise ValueError(f"{first.id} and {case.id} disagree about {case.text!r}")
    return list(kept.values())

"""A case of the second labelled set of launches, and what makes cases.

Belongs here: that, and words that families share.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Expected = Literal["deny", "flag", "log", "allow"]
Words = tuple[str, ...]

PINNED = "@example/mcp-server@1.0.0"
DIGEST = f"example/mcp@sha256:{'0' * 64}"
GIT = "git+https://git.example.com/org/tool"


@dataclass(frozen=True, slots=True)
class Case:
    """One definition and what must be said about it."""

    family: str
    number: int
    definition: Mapping[str, Any]
    expected: Expected
    reasons: frozenset[str] = frozenset()
    """Rules of which one must speak; empty for honest twins."""
    platform: str = "linux"

    @property
    def name(self) -> str:
        """Id of the case."""
        return f"{self.family}-{self.number:03}"

    @property
    def half(self) -> str:
        """tuning or blind."""
        return "blind" if hashlib.sha256(self.family.encode()).digest()[0] % 2 else "tuning"


@dataclass(slots=True)
class Family:
    """Cases that are made alike, of which the same is expected."""

    name: str
    expected: Expected
    reasons: frozenset[str] = frozenset()
    cases: list[Case] = field(default_factory=list)

    def add(self, definition: Mapping[str, Any], platform: str = "linux") -> None:
        """A definition, once."""
        seen = (definition, platform)
        if seen not in [(case.definition, case.platform) for case in self.cases]:
            self.cases.append(Case(self.name, len(self.cases), definition, self.expected, self.reasons, platform))

    def line(self, *words: str, platform: str = "linux", **more: Any) -> None:
        """A command and its arguments."""
        self.add({"command": words[0], "args": list(words[1:]), **more}, platform)

    def wrapped(self, words: Sequence[str], wrappers: Iterable[Words], **more: Any) -> None:
        """The command behind each of the wrappers."""
        for wrapper in wrappers:
            self.line(*wrapper, *words, **more)


WRAPPERS: tuple[Words, ...] = (
    ("env",),
    ("/usr/bin/env",),
    ("env", "-i", "HOME=/home/dev"),
    ("env", "LOG_LEVEL=debug"),
    ("nice", "-n", "5"),
    ("nice", "-n5"),
    ("timeout", "30"),
    ("timeout", "-k", "5", "30"),
    ("timeout", "--signal=KILL", "1m"),
    ("nohup",),
    ("setsid", "-w"),
    ("stdbuf", "-oL"),
    ("ionice", "-c2", "-n7"),
    ("env", "nice", "timeout", "5"),
    ("nohup", "env", "A=1", "B=2"),
)


def joined(option: str, value: str) -> Iterator[Words]:
    """A long option with its value as the next word and after an equals sign."""
    yield option, value
    yield (f"{option}={value}",)


def deny(name: str, *reasons: str) -> Family:
    """A family of attacks."""
    return Family(name, "deny", frozenset(reasons))

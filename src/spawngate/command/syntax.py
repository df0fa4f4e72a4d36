"""A small neutral syntax tree of shell commands, which several parsers feed.

Belongs here: the nodes. Words are tuples of parts as written, quotes resolved and expansions not yet done.
Must not be here: any parser (`command.bash`, `command.shfmt`, `command.fallback`), expansion (`command.expand`).
Source of the terms: POSIX.1-2024 Shell Command Language; Bash Reference Manual 5.2, chapter 3.
"""

from typing import TypeAlias

from msgspec import Struct


class Literal(Struct, frozen=True):
    """Text. Unquoted it may still hold braces, a tilde and patterns."""

    text: str
    quoted: bool = False


class Parameter(Struct, frozen=True):
    """`$name` or `${...}`."""

    name: str
    written: str
    quoted: bool = False
    operator: str = ""
    """Empty, or the operator behind the name: `:-`, `##`, `/`, `:` (substring), `^^`, `@`, ..."""
    argument: "Parts" = ()
    """What follows the operator: word, pattern or offset."""
    second: "Parts | None" = None
    """Replacement of `/`, length of `:`. None where none was written."""
    index: str = ""
    """Text between `[` and `]`."""
    indirect: bool = False
    length: bool = False


class Substitution(Struct, frozen=True):
    """`$(...)` or backquotes."""

    code: str
    written: str
    quoted: bool = False


class ProcessSubstitution(Struct, frozen=True):
    """`<(...)`; `>(...)` where `output`."""

    code: str
    written: str
    output: bool = False


class Arithmetic(Struct, frozen=True):
    """`$((...))` or `$[...]`."""

    code: "Parts"
    written: str
    quoted: bool = False


Part: TypeAlias = Literal | Parameter | Substitution | ProcessSubstitution | Arithmetic
Parts: TypeAlias = tuple[Part, ...]
"""One word."""


class Assignment(Struct, frozen=True):
    """`name=value`, `name+=value`, `name[index]=value`, `name=(elements)`."""

    name: str
    value: Parts = ()
    append: bool = False
    index: str = ""
    elements: tuple[Parts, ...] | None = None
    keys: tuple[str, ...] = ()
    """Of the elements, as written between the brackets; empty for one without."""
    bare: bool = False
    """A name alone, in a declaration (`export NAME`)."""


class Redirection(Struct, frozen=True):
    """One redirection; `body` is the content of a here-document."""

    operator: str
    target: Parts = ()
    descriptor: int = -1
    body: Parts | None = None


class Simple(Struct, frozen=True):
    """A simple command."""

    words: tuple[Parts, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    redirections: tuple[Redirection, ...] = ()


class Declaration(Struct, frozen=True):
    """`export`, `declare`, `local`, `readonly`, `typeset` with what it declares, in order."""

    keyword: str
    items: tuple[Parts | Assignment, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    """In front of the keyword."""
    redirections: tuple[Redirection, ...] = ()


class Pipeline(Struct, frozen=True):
    """Commands that read each other's output."""

    commands: tuple["Statement", ...]


class AndOr(Struct, frozen=True):
    """`first && second || third`: every command behind the first runs or not."""

    commands: tuple["Statement", ...]
    all: bool = True
    """Only `&&`: on success every one runs."""


class Background(Struct, frozen=True):
    """`command &` or `coproc command`."""

    command: "Statement"


class Group(Struct, frozen=True):
    """`{ ...; }`; in a shell of its own (`( ... )`) where `subshell`."""

    body: "Block"
    subshell: bool = False


class For(Struct, frozen=True):
    """`for` and `select`. Without `items` over the parameters."""

    name: str
    items: tuple[Parts, ...] | None
    body: "Block"


class While(Struct, frozen=True):
    """`while` and `until`, and `for ((...))` with its expressions as condition."""

    condition: "Block"
    body: "Block"


class If(Struct, frozen=True):
    """`if`, each `elif`, `else` (with an empty condition)."""

    branches: tuple[tuple["Block", "Block"], ...]


class Case(Struct, frozen=True):
    """`case`: the body of every arm, with its patterns."""

    subject: Parts
    arms: tuple[tuple[tuple[Parts, ...], "Block"], ...]


class Function(Struct, frozen=True):
    """A definition. Nothing runs."""

    name: str
    body: "Statement"


class Test(Struct, frozen=True):
    """`[[ ... ]]` or `(( ... ))`: words in which only substitutions run."""

    words: tuple[Parts, ...]


class Redirected(Struct, frozen=True):
    """A compound command with redirections."""

    command: "Statement"
    redirections: tuple[Redirection, ...]


class Cut(Struct, frozen=True):
    """What is left of a text here was not read."""

    reason: str
    """As in `Program.opaque`."""


Statement: TypeAlias = (
    Simple
    | Declaration
    | Pipeline
    | AndOr
    | Background
    | Group
    | For
    | While
    | If
    | Case
    | Function
    | Test
    | Redirected
    | Cut
)
Block: TypeAlias = tuple[Statement, ...]


class Misread(Exception):
    """A parser cannot read the text, or is known to misread its form."""

"""The tree of a query.

Must not be here: text (`parse`), records (`match`).
"""

from dataclasses import dataclass
from typing import Literal

from spawngate.trail.query.fields import Field

Operator = Literal["=", ">", ">=", "<", "<="]


@dataclass(frozen=True, slots=True)
class Value:
    """One value that a field is compared with."""

    text: str
    """Times as records have them; words of a scale in lower case."""
    pattern: bool = False
    """`*` in the text stands for any characters."""
    number: float = 0.0
    """Numbers, and places of words on their scale."""


@dataclass(frozen=True, slots=True)
class Compare:
    """One of the field's values compares so with one of these."""

    name: str
    """As it was written."""
    field: Field
    operator: Operator
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Present:
    """The field has a value: `name:*`."""

    name: str
    field: Field


@dataclass(frozen=True, slots=True)
class Text:
    """The words stand somewhere in the record, whatever the case."""

    text: str


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold; none: always."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """One part holds."""

    parts: "tuple[Node, ...]"


Node = Compare | Present | Text | Not | And | Or

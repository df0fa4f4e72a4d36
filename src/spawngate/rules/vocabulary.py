"""The words that rules may use: names and types of facts, and the values of facts that have a closed list.

Belongs here: what is checked when a rule is loaded, so that a typo is an error and not a rule that never matches.
Must not be here: the words themselves (`rules.inventory_words`, `rules.call_words`), and the facts' meaning
(`launch.facts`, `command.spawn_facts`, `command.call_facts`, `rules.artifact_facts`, `rules.endpoint_facts`,
`rules.tool_facts`, `configuration.change_facts`).
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Literal, cast, get_type_hints

from msgspec import Struct, structs


class Type(StrEnum):
    """What a fact holds."""

    FLAG = "flag"
    TEXT = "text"
    COUNT = "count"
    TEXTS = "texts"


_TYPES: dict[object, Type] = {bool: Type.FLAG, str: Type.TEXT, int: Type.COUNT, tuple[str, ...]: Type.TEXTS}

Subject = Literal["launch", "artifact", "endpoint", "spawn", "call", "change", "tool"]
INVENTORY: frozenset[str] = frozenset({"launch", "artifact", "endpoint"})
"""Subjects of what a scan finds."""
SUBJECTS: frozenset[str] = INVENTORY | {"tool", "spawn", "call", "change"}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Facts of one subject."""

    subject: Subject
    types: Mapping[str, Type]
    defaults: Mapping[str, Any]
    """Neutral values: what a fact holds when the analysis says nothing."""
    words: Mapping[str, frozenset[str]]
    """For facts with a closed list of values: all of them."""


def vocabulary_of(subject: Subject, facts: type, words: Mapping[str, frozenset[str]]) -> Vocabulary:
    """The vocabulary of a dataclass or a struct whose fields are flags, texts, counts and tuples of texts, all with
    defaults."""
    hints = get_type_hints(facts)
    fields: Iterable[Any]
    fields = structs.fields(facts) if issubclass(facts, Struct) else dataclasses.fields(cast(Any, facts))
    defaults = {field.name: field.default for field in fields}
    return Vocabulary(
        subject=subject,
        types={name: _TYPES[hints[name]] for name in defaults},
        defaults=defaults,
        words=words,
    )


@cache
def vocabulary_for(subject: str) -> Vocabulary:
    """The vocabulary of one of SUBJECTS. Raises KeyError for anything else."""
    # Imported when asked for: whoever only takes an inventory does not load the reading of commands.
    if subject in ("spawn", "call", "change"):
        from spawngate.rules import call_words

        return {"spawn": call_words.SPAWN, "call": call_words.CALL, "change": call_words.CHANGE}[subject]
    from spawngate.rules import inventory_words as words

    return {"launch": words.LAUNCH, "artifact": words.ARTIFACT, "endpoint": words.ENDPOINT, "tool": words.TOOL}[subject]

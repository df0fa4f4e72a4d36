"""Facts about one tool that a server offers, or about its instructions: the vocabulary of tool rules.

Belongs here: reading a definition, which is foreign and may hold anything, into typed facts. Must not be here: digests
and differences (`protocol.pins`), resemblance (`protocol.lookalikes`), judgement (rules).
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spawngate.launch.argv import word_set
from spawngate.protocol.lookalikes import LookAlike
from spawngate.protocol.pins import Difference
from spawngate.rules.tool_signals import MOST, alien_parameters, tool_signals_of

INSTRUCTIONS = "instructions"


@dataclass(frozen=True, slots=True)
class ToolFacts:
    """What rules may ask about one tool. Names are the server's own words."""

    kind: str = "tool"
    """tool, or instructions for the text that a server gives for all of them."""
    server: str = ""
    tool: str = ""
    """The tool's name; empty for instructions."""
    odd_name: bool = False
    """The name holds other characters than letters of ASCII, digits and _ - . /, or more than 128."""
    text_length: int = 0
    """Characters of everything a model reads of it: name, title, description, and words of the schema."""
    unread: bool = False
    """The texts are too many or too long to be looked at in whole."""

    # -- counts of `rules.text_signals` over all texts of the definition
    hidden_characters: int = 0
    bidirectional: int = 0
    tag_characters: int = 0
    override_orders: int = 0
    secrecy_orders: int = 0
    exfiltration_orders: int = 0
    remote_fetches: int = 0
    encoded_commands: int = 0
    encoded_blobs: int = 0
    encoded_orders: int = 0
    comment_orders: int = 0

    # -- counts of `rules.tool_signals`
    control_characters: int = 0
    markup_orders: int = 0
    secret_file_reads: int = 0
    context_requests: int = 0
    rank_claims: int = 0
    diversion_orders: int = 0
    destructive_commands: int = 0
    precedence_orders: int = 0
    alien_parameters: tuple[str, ...] = ()
    """Parameters that ask for the conversation, the system prompt or secrets as a whole."""
    other_tools: tuple[str, ...] = ()
    """Tools of other servers that the texts name, as server/tool."""
    external_references: tuple[str, ...] = ()
    """Addresses that the schema refers to with $ref."""

    # -- annotations
    read_only: bool = False
    destructive: bool = False
    """It says so itself; a tool that says nothing may destroy as well."""
    contradicting_words: tuple[str, ...] = ()
    """Words of the name that speak of changes, where the tool says that it only reads."""

    # -- against other servers, and against what was approved
    repeated: bool = False
    """The server offers this name more than once."""
    same_name: tuple[str, ...] = ()
    """Tools of other servers with this very name, as server/tool."""
    confusable: tuple[str, ...] = ()
    """Tools whose name looks the same and is spelt otherwise."""
    near: tuple[str, ...] = ()
    """Tools of other servers whose name is one letter away."""
    change: str = ""
    """added, removed or changed since it was approved; empty for neither."""
    changed_fields: tuple[str, ...] = ()


_NAME = re.compile(r"[A-Za-z0-9_./-]{1,128}")
_LONG_WORD = re.compile(r"[\w.-]{6,130}")
_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*")
_CHANGING = word_set(
    """
    delete remove drop destroy erase wipe purge write update create insert modify edit set put post send upload publish
    execute exec run install deploy move rename merge push pay transfer grant revoke kill
    """
)
_MOST_TEXTS = 5000
_DEEPEST = 64


def tool_facts(
    server: str,
    definition: Mapping[str, object],
    *,
    difference: Difference | None = None,
    alike: Sequence[LookAlike] = (),
    others: Mapping[str, Collection[str]] | None = None,
    repeated: bool = False,
) -> ToolFacts:
    """Facts of one tool of `tools/list`.

    `alike`: resemblances of all servers, of which those of this tool are taken. `others`: names of the tools of other
    servers, by server. Never raises, whatever the definition holds.
    """
    name = _text(definition.get("name"))
    texts, whole = _texts([value for key, value in definition.items() if key not in ("icons", "_meta")])
    parts = _texts_facts([text for text in texts if text != name] + [name], whole)
    hints = definition.get("annotations")
    hints = hints if isinstance(hints, Mapping) else {}
    read_only = hints.get("readOnlyHint") is True
    words = sorted({word.lower() for word in _WORD.findall(name)} & _CHANGING) if read_only else []
    mine = [each for each in alike if (each.server, each.tool) == (server, name)]
    schema = definition.get("inputSchema")
    return ToolFacts(
        server=server,
        tool=name,
        odd_name=not _NAME.fullmatch(name),
        alien_parameters=alien_parameters(_properties(schema)),
        other_tools=_mentioned(texts, {key: value for key, value in (others or {}).items() if key != server}, name),
        external_references=tuple(sorted(set(_references(definition)))),
        read_only=read_only,
        destructive=hints.get("destructiveHint") is True and not read_only,
        contradicting_words=tuple(words),
        repeated=repeated,
        same_name=_those(mine, "same-name"),
        confusable=_those(mine, "confusable"),
        near=_those(mine, "near"),
        change=difference.of(name) if difference else "",
        changed_fields=difference.changed.get(name, ()) if difference else (),
        **parts,  # type: ignore[arg-type]  # names and counts of fields of this class
    )


def instruction_facts(
    server: str,
    instructions: str,
    *,
    difference: Difference | None = None,
    others: Mapping[str, Collection[str]] | None = None,
) -> ToolFacts:
    """Facts of the text that a server gives with `initialize` or `server/discover`."""
    return ToolFacts(
        kind=INSTRUCTIONS,
        server=server,
        other_tools=_mentioned([instructions], {key: v for key, v in (others or {}).items() if key != server}, ""),
        change=difference.instructions if difference else "",
        **_texts_facts([instructions], True),  # type: ignore[arg-type]  # names and counts of fields of this class
    )


def _texts_facts(texts: Sequence[str], whole: bool) -> dict[str, int | bool]:
    return {
        **tool_signals_of(texts),
        "text_length": sum(map(len, texts)),
        "unread": not whole or any(len(text) > MOST for text in texts),
    }


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[list[str], bool]:
    """Every text below a value, keys included, and whether that is all of them."""
    found: list[str] = []
    open_values: list[tuple[object, int]] = [(value, 0)]
    while open_values:
        inner, depth = open_values.pop()
        if len(found) > _MOST_TEXTS or depth > _DEEPEST:
            return found, False
        if isinstance(inner, str):
            found.append(inner)
        elif isinstance(inner, dict):
            found += [key for key in inner if isinstance(key, str)]
            open_values += [(each, depth + 1) for each in inner.values()]
        elif isinstance(inner, (list, tuple)):
            open_values += [(each, depth + 1) for each in inner]
    return found, True


def _properties(schema: object) -> Iterator[str]:
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    if isinstance(properties, Mapping):
        yield from (name for name in properties if isinstance(name, str))


def _references(value: object) -> Iterator[str]:
    open_values = [(value, 0)]
    while open_values:
        inner, depth = open_values.pop()
        if isinstance(inner, dict):
            target = inner.get("$ref")
            if isinstance(target, str) and "://" in target:
                yield target
            inner = list(inner.values())
        if isinstance(inner, (list, tuple)) and depth < _DEEPEST:
            open_values += [(each, depth + 1) for each in inner]


def _mentioned(texts: Sequence[str], others: Mapping[str, Collection[str]], own: str) -> tuple[str, ...]:
    """Tools of other servers that a text names; names of one plain word, which any text may hold, do not count."""
    if not others:
        return ()
    joined = "\n".join(text[:MOST] for text in dict.fromkeys(texts))
    told = {word.strip(".-") for word in _LONG_WORD.findall(joined)}
    return tuple(
        sorted(
            f"{server}/{name}"
            for server, names in others.items()
            for name in names
            if name != own and name in told and re.search(r"[a-z0-9][_A-Z-]", name)
        )
    )


def _those(alike: Sequence[LookAlike], kind: str) -> tuple[str, ...]:
    return tuple(sorted(f"{each.other_server}/{each.other_tool}" for each in alike if each.kind == kind))

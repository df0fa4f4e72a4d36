"""The file formats of the agents, read tolerantly: bytes in, values and problems out.

Belongs here: decoding of text, JSON with its two relaxed dialects, TOML, YAML and front matter.
A bad part of a file yields a problem and its good neighbours survive; no input raises.
Must not be here: what the values mean (`agents.readers`), and opening files (`endpoint.files`).
"""

from dataclasses import dataclass
from enum import StrEnum

MAX_DEPTH = 100
"""Levels of nesting that are kept. No agent's configuration comes near it."""


_MAX_BITS = 14_284
"""Bits of the largest numbers that Python still writes in decimal: 4,300 digits."""


def writable(number: int) -> int | str:
    """The number, or its hexadecimal text where it has more digits than Python writes in decimal.

    Decimal numbers of that length do not parse in the first place, but those in base 16, 8 and 2 do, and every later
    attempt to print or encode one would raise.
    """
    return number if number.bit_length() <= _MAX_BITS else hex(number)


class Format(StrEnum):
    """How the bytes of a file are read."""

    JSON = "json"
    JSONC = "jsonc"
    """JSON with comments and trailing commas."""
    JSON5 = "json5"
    TOML = "toml"
    YAML = "yaml"
    FRONTMATTER = "frontmatter"
    """Markdown with a YAML block in front; the value is a map of that block."""
    TEXT = "text"
    """The value is the text itself."""
    XML = "xml"
    """The value is None; readers parse the text themselves."""
    PLIST = "plist"
    SQLITE = "sqlite"
    """The endpoint reads the rows that the location names; the value is a map of key to text."""
    ZIP = "zip"
    """The endpoint reads the members that the location names; the value is a map of name to text."""
    NONE = "none"
    """Only the file's presence, name and digest matter."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a file's text. Holds positions and reasons, never what was read."""

    reason: str
    """A reason of `model.observed.Diagnostic`."""
    message: str

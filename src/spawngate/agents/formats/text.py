"""Bytes to text, whatever the encoding.

Windows editors write UTF-16 and byte-order marks; a file cut in the middle holds half a character.
Must not be here: anything that looks at the meaning of the text.
"""

import codecs

from spawngate.agents.formats import Problem

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", ""),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),  # before UTF-16: its mark starts with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)


def decode(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Text of a file, and what was odd about its encoding. Never raises.

    Undecodable bytes become U+FFFD. A UTF-8 mark is normal and says nothing; UTF-16 is a problem because
    most agents do not read it, so the file may not be in force.
    """
    for mark, encoding, name in _MARKS:
        if data.startswith(mark):
            text, problems = _decode(data[len(mark) :], encoding)
            if name:
                problems = (_wide(name), *problems)
            return text, problems
    if b"\0" in data[:64]:
        guess = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        text, problems = _decode(data, guess)
        return text, (_wide("UTF-16 without a mark"), *problems)
    return _decode(data, "utf-8")


def _wide(name: str) -> Problem:
    return Problem("encoding", f"the file is {name}; most agents read only UTF-8, save it as UTF-8")


def _decode(data: bytes, encoding: str) -> tuple[str, tuple[Problem, ...]]:
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError as error:
        note = Problem("encoding", f"invalid {encoding} at byte {error.start}; the bytes were replaced")
        return data.decode(encoding, errors="replace"), (note,)


def position(text: str, offset: int) -> str:
    """`line L, column C` of an offset, both from 1."""
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    return f"line {line}, column {column}"

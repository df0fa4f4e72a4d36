"""Hostile text made visible: what is safe to print to a terminal and to put before a reader's eyes.

Every name, path and message of an inventory comes from files that anybody may have written. Belongs here: which
characters are hidden or act on the display, and how they are written instead.
Must not be here: colours and layout (`report.table`), and the quoting rules of other formats.

Source of the list: Unicode general categories Cc, Cf, Cs, Co, Zl and Zp (Unicode Standard, chapter 4), and the
property Default_Ignorable_Code_Point for letters and marks that draw nothing.
"""

import re
import unicodedata

_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Me"})
_MARKS_IN_A_ROW = 4
"""Marks that real scripts stack on one letter; more of them only paint over the lines around."""

_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0d\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
"""Characters that draw nothing though their category is that of a letter, a mark, a symbol or nothing yet."""

_PRESENTATION = "\ufe0e\ufe0f"
"""Choose text or picture for the symbol before them. After anything else they only hide."""

_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def is_hidden(character: str) -> bool:
    """Whether one character draws nothing, moves the cursor or reorders text, whatever stands around it."""
    return unicodedata.category(character) in _HIDDEN_CATEGORIES or _IGNORABLE.match(character) is not None


def escape(text: str) -> str:
    r"""`text` on one line, with every hidden or acting character written as `\x1b`, `\u202e` or `\U000e0001`.

    Ordinary text of any script, and emoji, stay as they are. Escaping what is already escaped changes nothing.
    A backslash stays single, so that Windows paths stay readable: the result is for reading, not for decoding.
    """
    if text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    marks = 0
    before = ""
    for character in text:
        category = unicodedata.category(character)
        if category in _MARKS and character not in _PRESENTATION:
            marks += 1
        else:
            marks = 0
        stray = character in _PRESENTATION and (not before or unicodedata.category(before) != "So")
        if is_hidden(character) or stray or marks > _MARKS_IN_A_ROW:
            shown.append(_written(character))
        else:
            shown.append(character)
        before = character
    return "".join(shown)


def _written(character: str) -> str:
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"

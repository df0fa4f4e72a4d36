"""Command lines of powershell.exe and pwsh: what a parameter is called in full, and the text behind -EncodedCommand.

Sources: about_PowerShell_exe and about_Pwsh (parameters may be shortened to an unambiguous beginning; `-`, `/` and the
long dashes all begin one; what is encoded is base64 of UTF-16).
Must not be here: what is done with a parameter (`launch.grammar.windows` for launches, `command.unwrap.windows` for
commands), and the language itself (`command.parse`).
"""

import base64
import binascii
import re

from spawngate.launch.argv import word_set

DASHES = "-/\u2013\u2014\u2015"
"""Characters that begin a parameter."""
VALUES = word_set(
    """
    executionpolicy windowstyle inputformat outputformat configurationname configurationfile custompipename
    workingdirectory settingsfile psconsolefile encodedarguments version
    """
)
"""Parameters whose value is the next word. `version` ends pwsh before it reads one."""
_LONGEST = 200_000
"""Characters of an encoded text that are read."""
_PARAMETERS = (
    ("command", 1), ("commandwithargs", 8), ("encodedcommand", 1), ("encodedarguments", 8), ("file", 1),
    ("executionpolicy", 2), ("noprofile", 3), ("noninteractive", 4), ("nologo", 3), ("noexit", 3), ("windowstyle", 1),
    ("inputformat", 2), ("outputformat", 1), ("version", 1), ("configurationname", 3), ("configurationfile", 14),
    ("custompipename", 2), ("workingdirectory", 2), ("settingsfile", 3), ("login", 1), ("mta", 1), ("sta", 2),
    ("interactive", 1), ("psconsolefile", 2), ("help", 1), ("noprofileloadtime", 10), ("sshservermode", 4),
)  # fmt: skip
"""Names, each with the number of letters that are enough of it."""
_ALIASES = {
    "ec": "encodedcommand", "e": "encodedcommand", "ea": "encodedarguments", "ep": "executionpolicy",
    "ex": "executionpolicy", "wd": "workingdirectory", "if": "inputformat", "of": "outputformat", "w": "windowstyle",
    "nop": "noprofile", "noni": "noninteractive", "nol": "nologo", "cwa": "commandwithargs", "c": "command",
    "f": "file", "l": "login", "config": "configurationname", "?": "help", "h": "help", "v": "version",
    "i": "interactive", "o": "outputformat",
}  # fmt: skip


def parameter(key: str) -> str:
    """Full name of a shortened parameter, both in lower case and without a dash; empty where it is none."""
    known = _ALIASES.get(key)
    if known:
        return known
    for full, shortest in _PARAMETERS:
        if len(key) >= shortest and full.startswith(key):
            return full
    return ""


def decoded(text: str) -> str | None:
    """The text of a base64 of UTF-16, as PowerShell wants it (of ASCII, as people get it wrong); None where it is
    neither."""
    squeezed = re.sub(r"\s", "", text)[:_LONGEST]
    try:
        raw = base64.b64decode(squeezed + "=" * (-len(squeezed) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    for encoding in ("utf-16-le", "utf-8"):
        try:
            plain = raw.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        if plain and all(letter.isprintable() or letter in "\t\r\n" for letter in plain):
            return plain
    return None

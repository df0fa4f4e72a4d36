"""Programs that code of another language starts, as far as their text is constant.

`shell_outs(code, language)` finds calls that start a program (`os.system("...")`, `execSync('...')`, backticks) whose
argument is a literal, literals put together, or base64 of one. It is modest: what is computed is not found, and the
code itself stays a fact. Python is read with its own grammar (`code_python`), the others with scanners that know their
strings and comments (`code_text`), the small languages of editors and tools line by line (`code_lines`).
Must not be here: which programs take code (`interpreters`, `editors`).
"""

import base64
import binascii
import re

from spawngate.command.unwrap import code_calls, code_lines, code_python, code_text
from spawngate.command.unwrap.inner import Inner
from spawngate.command.unwrap.starts import MAX_CODE

MAX_FOUND = 64
"""Programs that are taken from one piece of code."""


def shell_outs(code: str, language: str) -> tuple[Inner, ...]:
    """What code of `language` starts by constant text. Total; nothing for a language that is not known."""
    code = code[:MAX_CODE]
    if language in ("python", "ipython"):
        found = code_python.shell_outs(code, magics=language == "ipython")
    elif language in code_calls.LANGUAGES:
        found = code_text.shell_outs(code, language)
    else:
        found = code_lines.shell_outs(code, language, shell_outs)
    said = (inner for inner in found if inner.words or inner.opaque or (inner.text or "").strip())
    return tuple(dict.fromkeys(said))[:MAX_FOUND]


def plain_of_base64(text: str) -> str | None:
    """The printable text behind base64; None where there is none."""
    squeezed = re.sub(r"\s", "", text)
    try:
        raw = base64.b64decode(squeezed + "=" * (-len(squeezed) % 4), validate=True)
        plain = raw.decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return plain if plain and all(letter.isprintable() or letter in "\t\r\n" for letter in plain) else None

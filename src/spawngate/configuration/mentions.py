"""Agents' files that code names, in whatever spelling: joined, escaped or encoded names count like plain ones.

Belongs here: finding such names in code whose effect is not computed, and whether that code may write.
Must not be here: what becomes of the files (`configuration.outcome`), undoing encodings (`provenance.encodings`).
"""

import re
from collections.abc import Iterator

from spawngate.command.context import CallContext
from spawngate.command.screen import Text, expression
from spawngate.configuration.recognise import recognise
from spawngate.launch.argv import word_set
from spawngate.provenance.encodings import hidden_texts

_READ = word_set("python python3 node nodejs deno bun perl ruby php lua luajit elixir awk gawk mawk osascript")
"""Programs in whose code `command` finds the plain names of files by itself."""
EDITORS = word_set("ed red ex vi vim nvim")
"""Programs whose commands write to any file in a letter."""
EVALUATORS = _READ.union(EDITORS).union(
    word_set(
        """
    swift rscript r julia groovy tclsh wish expect emacs kotlin scala amm guile racket csi sbcl ghc runghc nim crystal
    raku octave matlab tsx ts-node erl escript jshell clojure bb janet ocaml ansible
    """
    )
)
"""Programs that run code which stands in their words or comes on their input."""
LONGEST = 65_536
"""Characters of a code that are searched."""
MOST = 400
"""Names of one code that are looked at."""
_WRITES = expression(
    r"(?i)writ|save|dump|spit|append|copy|move|renam|replace|output|open|creat|put_?contents|redirect|dest=|link|unlink"
    r"|remove|delete|>"
)
_NAME = re.compile(r"[\w~.$/\\:@%+-]{3,200}")


def may_write(code: str) -> bool:
    """Whether a code has a word that writing needs."""
    return _WRITES.search(Text(code)) is not None


def reads_names(program: str) -> bool:
    """Whether the plain names in a program's code are known already."""
    return program in _READ


def mentioned(code: str, context: CallContext, cwd: str = "", *, plain: bool = True) -> tuple[str, ...]:
    """Names of agents' files that stand in a code, each once; without `plain` only those that do not stand there as
    they are."""
    text = code[:LONGEST]
    seen = {} if plain else dict.fromkeys(_names(text))
    found: dict[str, None] = {}
    left = MOST
    for spelled in (text, *hidden_texts(text, LONGEST, prose=False)):
        for name in _names(spelled):
            left -= 1
            if left < 0:
                return tuple(found)
            if name not in seen and name not in found and recognise(name, context, cwd):
                found[name] = None
    return tuple(found)


def _names(text: str) -> Iterator[str]:
    for match in _NAME.finditer(text):
        name = match[0].strip(":")
        if "." in name or "/" in name:
            yield name

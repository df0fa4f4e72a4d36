"""Names under which programs keep what a file held before they changed it: `sed -i.bak`, `perl -i.bak`, `cp -S .bak`.

Belongs here: such names, and which command lines ask for one. Must not be here: what the programs do besides.
The name is anybody's choice: `sed -i.json s/x/y/ .mcp` leaves a `.mcp.json`.
Sources, read 2026-11: the manuals of GNU sed 4.9 (`-i`) and GNU coreutils 9.4 ("Backup options"), perlrun 5.38 and
ruby(1) 3.3.
"""

import posixpath
import re
from collections.abc import Sequence

_IN_PLACE = re.compile(r"(?:-[A-Za-hj-z0]*i|--in-place=)(?P<suffix>[^=].*)", re.DOTALL)
_SUFFIX = re.compile(r"--suf|-[A-Za-z]*S")
_EDITORS = frozenset({"sed", "gsed", "perl", "ruby"})
_COPIERS = frozenset({"cp", "mv", "ln", "install", "gcp", "gmv", "gln", "ginstall"})


def kept_as(path: str, suffix: str) -> str:
    """The name for a file: `suffix` behind its own, or with its own in the place of each `*`."""
    if "*" not in suffix:
        return path + suffix
    folder, name = posixpath.split(path)
    made = suffix.replace("*", name)
    return made if "/" in made else posixpath.join(folder, made)


def keeps(program: str, words: Sequence[str]) -> bool:
    """Whether a command keeps a file under a name that its words choose."""
    if program in _EDITORS:
        return any(_IN_PLACE.fullmatch(word) for word in words)
    return program in _COPIERS and any(_SUFFIX.match(word) for word in words)

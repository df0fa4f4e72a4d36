"""System package managers that install a file: its maintainer scripts run, as root.

Only files and addresses count: what comes from a repository is the distribution's own. Hooks in options are read by
`carriers`.
Sources: dpkg(1), apt(8) (a name with a slash is a file), rpm(8), dnf(8), apk(8), pacman(8), installer(8) and msiexec.
Must not be here: language package managers (`packages`, `packages_python`).
"""

import re

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.carriers import CARRIERS, carrier
from spawngate.command.unwrap.editors import line_shell
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.launch.argv import word_set

_SUB: dict[str, frozenset[str]] = {
    "dpkg": word_set("-i --install --unpack --configure"),
    "apt": word_set("install reinstall"),
    "apt-get": word_set("install reinstall"),
    "aptitude": word_set("install reinstall"),
    "rpm": word_set("-i -U -F -ivh -Uvh -Fvh -iv -Uv -ih -Uh --install --upgrade --freshen --reinstall"),
    "yum": word_set("install localinstall reinstall"),
    "dnf": word_set("install localinstall reinstall"),
    "zypper": word_set("install in"),
    "apk": word_set("add"),
    "pacman": word_set("-U --upgrade -Udd -Uf"),
    "installer": word_set("-pkg"),
    "msiexec": word_set("/i /package /a /p -i"),
    "snap": word_set("install"),
}
INSTALLERS = frozenset(_SUB)
_FILE = re.compile(
    r"(?:https?|ftp|file)://|(?:\.{0,2}|~)[/\\](?=[^/\\])|[^/\\].*\.(?:deb|rpm|apk|pkg|msi|snap|pkg\.tar\.\w+)$",
    re.IGNORECASE,
)
_SUFFIXED = {"installer": re.compile(r".*\.m?pkg$"), "msiexec": re.compile(r".*\.ms[ip]$|https?://", re.IGNORECASE)}
"""Programs whose other arguments may look like paths."""


def installed(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """A package manager of the table."""
    found = carrier(name, words) if name in CARRIERS else line_shell(name, words) if name == "rpm" else None
    inners: list[Inner] = list(found.inners) if found is not None else []
    texts = [word.text for word in words]
    pattern = _SUFFIXED.get(name, _FILE)
    if not _SUB[name].isdisjoint(texts):
        inners += [
            starts.named(word)
            for word in words
            if not word.text.startswith("-") and word.text not in _SUB[name] and pattern.match(word.text)
        ]
    return Unwrapped(name, tuple(inners), stays=True) if inners else None

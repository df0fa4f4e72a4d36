"""Tools that could be taken for another server's: the same name, one that looks the same, one a letter away.

Belongs here: comparing the names of all servers of an agent. Must not be here: what a resemblance means (rules).
A model picks a tool by its name and description; agents put the names of all servers into one list, and some drop the
server's name when they do.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from spawngate.launch.names import one_apart, skeleton

SAME, CONFUSABLE, NEAR = "same-name", "confusable", "near"
_SHORTEST_NEAR = 5
"""Letters of a word below which one letter more or less makes another word: get_user and set_user."""
_LONGEST = 128
_MOST_ALIKE = 32
_NUMBER = re.compile(r"\d+$")
_SEPARATORS = re.compile(r"[-_.\s]+")


@dataclass(frozen=True, slots=True, order=True)
class LookAlike:
    """One tool that resembles another. Of two servers each is told once, from the side of either."""

    server: str
    tool: str
    other_server: str
    other_tool: str
    kind: str
    """same-name, confusable (another spelling of the same look) or near (one edit apart)."""


def look_alikes(tools: Mapping[str, Iterable[str]]) -> tuple[LookAlike, ...]:
    """Every resemblance between the tools of several servers, and within one where two names look the same; sorted."""
    names = sorted((server, name) for server, offered in tools.items() for name in set(offered))
    by_words: dict[str, list[tuple[str, str]]] = {}
    by_look: dict[str, list[tuple[str, str]]] = {}
    for server, name in names:
        words = _SEPARATORS.sub("_", skeleton(name))
        by_words.setdefault(words, []).append((server, name))
        by_look.setdefault(words.replace("_", ""), []).append((server, name))
    found = {alike for group in by_look.values() if len(group) > 1 for alike in _same_look(group)}
    found.update(_near(by_words))
    return tuple(sorted(found))


def _same_look(group: list[tuple[str, str]]) -> Iterator[LookAlike]:
    for server, name in group:
        for other_server, other in group:
            if (server, name) == (other_server, other):
                continue
            if name == other:
                yield LookAlike(server, name, other_server, other, SAME)
            elif not (name.isascii() and other.isascii()) or server != other_server:
                # readFile and read_file of one server are its own affair; across servers they are one name to a reader.
                yield LookAlike(server, name, other_server, other, CONFUSABLE)


def _near(by_words: Mapping[str, list[tuple[str, str]]]) -> Iterator[LookAlike]:
    """Names one edit apart, found by what is left of each when one letter is dropped: no comparison of all with all."""
    shapes: dict[str, list[str]] = {}
    for name in by_words:
        if _SHORTEST_NEAR <= len(name) <= _LONGEST:
            for shape in {name, *(name[:at] + name[at + 1 :] for at in range(len(name)))}:
                shapes.setdefault(shape, []).append(name)
    pairs = {
        (left, right)
        for names in shapes.values()
        if 1 < len(names) <= _MOST_ALIKE
        for left in names
        for right in names
        if left != right and one_apart(left, right) and _mistakable(left, right)
    }
    for left, right in pairs:
        for server, name in by_words[left]:
            for other_server, other in by_words[right]:
                if server != other_server:
                    yield LookAlike(server, name, other_server, other, NEAR)


def _mistakable(left: str, right: str) -> bool:
    """Whether the edit lies in one long word, and is no plural and no number, which tell tools apart on purpose."""
    if left.rstrip("s") == right.rstrip("s") or _NUMBER.sub("", left) == _NUMBER.sub("", right):
        return False
    words = [(a, b) for a, b in zip(left.split("_"), right.split("_"), strict=False) if a != b]
    return left.count("_") == right.count("_") and len(words) == 1 and min(map(len, words[0])) >= _SHORTEST_NEAR - 1

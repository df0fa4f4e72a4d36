"""The short texts in which a model names a part of a call: `arg(0, command).env`, `arg(1:)[*]`, `receiver.args`.

Belongs here: reading and writing these texts. Must not be here: what they select in a piece of code (`match`).

    selector  root step*
    root      `arg(N)` `arg(N, keyword)` `arg(keyword)` `arg(N:)` (all from N on) `receiver` `result` `keywords`
    step      `.name` `.*` (any key) `[N]` `[*]` (any element) `[N:]` (all elements from N on)
"""

import re

from spawngate.codescan.models.model import Flow, Path, Rest, Root, Selector, Step

_ROOT = re.compile(
    r"arg\((?:(?P<index>-?\d{1,2})(?P<rest>:)?(?:,\s*(?P<keyword>\w+))?|(?P<only>[A-Za-z_]\w*))\)"
    r"|(?P<root>receiver|result|keywords)"
)
_STEP = re.compile(r"\.(?P<name>[\w$-]+|\*)|\[(?:(?P<index>\d{1,2})(?P<rest>:)?|(?P<any>\*))\]")


def parse_selector(text: str) -> Selector:
    """The selector that a text stands for. Raises ValueError that says what was expected."""
    found = _ROOT.match(text)
    if found is None:
        raise ValueError(f"{text!r} begins with none of arg(..), receiver, result, keywords")
    path = parse_path(text[found.end() :])
    if found["root"]:
        return Selector(Root(found["root"]), path=path)
    index = None if found["index"] is None else int(found["index"])
    if found["rest"] and found["keyword"]:
        raise ValueError(f"{text!r} names a keyword beside arguments to the end")
    return Selector(Root.ARG, index, found["keyword"] or found["only"] or "", bool(found["rest"]), path)


def parse_path(text: str) -> Path:
    """The steps of a path, `.command` or `.servers.*.args[1:]`. Raises ValueError."""
    steps: list[Step] = []
    place = 0
    while place < len(text):
        found = _STEP.match(text, place)
        if found is None:
            raise ValueError(f"{text[place:]!r} is no step; .name, .*, [0], [*] and [1:] are")
        if found["name"]:
            steps.append(found["name"])
        elif found["any"]:
            steps.append("*")
        else:
            index = int(found["index"])
            steps.append(Rest(index) if found["rest"] else index)
        place = found.end()
    return tuple(steps)


def parse_flow(text: str) -> Flow:
    """The flow that `FROM -> TO` stands for. Raises ValueError."""
    source, arrow, to = text.partition("->")
    if not arrow:
        raise ValueError(f"{text!r} is no flow; arg(0) -> result is one")
    return Flow(parse_selector(source.strip()), parse_selector(to.strip()))


def write_path(path: Path) -> str:
    """The text of a path, as `parse_path` reads it."""
    return "".join(
        f"[{step.start}:]" if isinstance(step, Rest) else f"[{step}]" if isinstance(step, int) else f".{step}"
        for step in path
    )


def write_selector(selector: Selector) -> str:
    """The text of a selector, as `parse_selector` reads it."""
    if selector.root is not Root.ARG:
        return f"{selector.root}{write_path(selector.path)}"
    index = "" if selector.index is None else f"{selector.index}{':' if selector.rest else ''}"
    inside = ", ".join(part for part in (index, selector.keyword) if part)
    return f"arg({inside}){write_path(selector.path)}"

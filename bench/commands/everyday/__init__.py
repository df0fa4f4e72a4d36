"""Everyday commands of developers: written by hand from many ecosystems, one file a source, one command a line.

A block between a line `<<<` and a line `>>>` is one command of several lines; a line that starts with `;;` is a remark.
Belongs here: what must not be denied and hardly ever asked. Must not be here: look-alikes made to provoke (`packs`),
and commands of real projects (`harvest` reads those where they lie; they are not copied here).
"""

from collections.abc import Iterator
from pathlib import Path

from bench.commands.case import Case, digest

FOLDER = Path(__file__).parent


def read(text: str) -> Iterator[str]:
    """The commands of one file. ValueError for a block that is not closed."""
    block: list[str] | None = None
    for line in text.splitlines():
        if block is not None:
            if line == ">>>":
                yield "\n".join(block)
                block = None
            else:
                block.append(line)
        elif line == "<<<":
            block = []
        elif line.strip() and not line.startswith(";;"):
            yield line
    if block is not None:
        raise ValueError("a block is not closed")


def cases() -> list[Case]:
    """All of them, each text once. The source stands as family, so that a half holds whole sources."""
    found: dict[str, Case] = {}
    for path in sorted(FOLDER.glob("*.txt")):
        family = f"everyday-{path.stem}"
        for text in read(path.read_text(encoding="utf-8")):
            found.setdefault(text, Case(f"{family}-h{digest(text)}", family, "everyday", "harmless", text))
    return list(found.values())

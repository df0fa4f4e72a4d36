"""Texts that describe changes of files: the patch that Codex and its imitators send, and blocks to search and replace.

Format sources: openai/codex:codex-rs/apply-patch (`*** Begin Patch`), cline/cline:src/core/assistant-message/diff.ts
(`------- SEARCH`, older `<<<<<<< SEARCH`), unified diffs as `git diff` writes them.
Must not be here: reading of tool inputs (`agents.hooks.inputs`).
"""

import re

from spawngate.agents.hooks.payload import MAX_ITEMS
from spawngate.model.call import Edit

_LIMIT = MAX_ITEMS + 1
"""One more than a call may hold, so that what is cut is seen."""

_HEADER = re.compile(r"^\*\*\* (Add|Update|Delete) File:[ \t]*+((?:[^ \t\r\n]++|[ \t\r]++(?=[^ \t\r\n]))*+)[ \t\r]*+$")
_MOVE = re.compile(r"^\*\*\* Move to:[ \t]*+((?:[^ \t\r\n]++|[ \t\r]++(?=[^ \t\r\n]))*+)[ \t\r]*+$")
_SEARCH = re.compile(r"^(?:-{3,}|<{3,}) ?SEARCH>?\s*$")
_MIDDLE = re.compile(r"^={3,}\s*$")
_REPLACE = re.compile(r"^(?:\+{3,}|>{3,}) ?REPLACE>?\s*$")
_UNIFIED = re.compile(r"^(---|\+\+\+) (?:[ab]/)?([^\t\r\n]*)")
_NO_FILE = "/dev/null"


def is_patch(text: str) -> bool:
    """Whether the text holds a patch in the form of `apply_patch`."""
    return any(_HEADER.match(line) for line in text.splitlines()) if "*** " in text else False


def patch_edits(text: str) -> tuple[Edit, ...]:
    """Changes that a patch describes, in its order. Empty where the text is no patch.

    A changed file gives one edit per hunk. Lines before the first header and marks of begin and end are skipped, so a
    patch inside a here-document is read too.
    """
    edits: list[Edit] = []
    lines = text.splitlines()
    place = 0
    while place < len(lines) and len(edits) < _LIMIT:
        header = _HEADER.match(lines[place])
        place += 1
        if header is None:
            continue
        kind, path = header.groups()
        start = place
        while place < len(lines) and not _ends(lines[place]):
            place += 1
        body = lines[start:place]
        if kind == "Delete":
            edits.append(Edit(path))
        elif kind == "Add":
            edits.append(Edit(path, new="".join(f"{line[1:]}\n" for line in body if line.startswith("+"))))
        else:
            edits.extend(_hunks(path, body))
    return tuple(edits[:_LIMIT])


def search_replace_edits(path: str, text: str) -> tuple[Edit, ...]:
    """Changes of one file from blocks of text to search and text to put there. Empty where there is no such block.

    A block that searches nothing replaces the whole file.
    """
    edits: list[Edit] = []
    old: list[str] = []
    new: list[str] = []
    part: list[str] | None = None
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        if part is None:
            if _SEARCH.match(bare):
                old, new = [], []
                part = old
        elif part is old and _MIDDLE.match(bare):
            part = new
        elif part is new and _REPLACE.match(bare):
            edits.append(Edit(path, "".join(old) or None, "".join(new)))
            part = None
            if len(edits) == _LIMIT:
                break
        else:
            part.append(line)
    if part is new and len(edits) < _LIMIT:
        # The end may be missing: agents apply a block as it streams in.
        edits.append(Edit(path, "".join(old) or None, "".join(new)))
    return tuple(edits)


def unified_edits(text: str) -> tuple[Edit, ...]:
    """Changes that a unified diff describes: one edit per hunk. Empty where the text is none."""
    edits: list[Edit] = []
    source = target = ""
    old: list[str] = []
    new: list[str] = []
    inside = False

    def close() -> None:
        if inside and (old or new) and len(edits) < _LIMIT:
            path = source if target in ("", _NO_FILE) else target
            if target == _NO_FILE:
                edits.append(Edit(path))
            elif source == _NO_FILE:
                edits.append(Edit(path, None, "".join(new)))
            else:
                edits.append(Edit(path, "".join(old), "".join(new)))
        old.clear()
        new.clear()

    lines = text.splitlines()
    for place, line in enumerate(lines):
        if len(edits) >= _LIMIT:
            break
        named = _UNIFIED.match(line)
        follows = place + 1 < len(lines) and lines[place + 1].startswith("+++ ")
        if named and (named.group(1) == "+++" or follows) and (not inside or follows):
            if named.group(1) == "---":
                close()
                inside, source = False, named.group(2)
            else:
                target = named.group(2)
        elif line.startswith("@@") and (source or target):
            close()
            inside = True
        elif inside and line[:1] in ("+", "-", " ", ""):
            if line[:1] != "+":
                old.append(f"{line[1:]}\n")
            if line[:1] != "-":
                new.append(f"{line[1:]}\n")
    close()
    return tuple(edits)


def _ends(line: str) -> bool:
    return _HEADER.match(line) is not None or line.rstrip() == "*** End Patch"


def _hunks(path: str, body: list[str]) -> list[Edit]:
    moved_to = ""
    edits: list[Edit] = []
    old: list[str] = []
    new: list[str] = []
    for line in body:
        move = _MOVE.match(line)
        if move is not None:
            moved_to = move.group(1)
        elif line.startswith("@@"):
            edits.extend(_hunk(path, old, new, moved_to))
            old, new = [], []
        elif line.rstrip() != "*** End of File":
            if not line.startswith("+"):
                old.append(f"{line[1:]}\n")
            if not line.startswith("-"):
                new.append(f"{line[1:]}\n")
    edits.extend(_hunk(path, old, new, moved_to))
    if not edits and moved_to:
        edits.append(Edit(path, moved_to=moved_to))
    return edits


def _hunk(path: str, old: list[str], new: list[str], moved_to: str) -> list[Edit]:
    return [Edit(path, "".join(old), "".join(new), moved_to=moved_to)] if old or new else []

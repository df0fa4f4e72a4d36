"""The content of a file after one edit of a file tool, or after a patch.

Belongs here: replacing, inserting and moving as file tools do, and applying hunks of unified diffs.
Must not be here: what tools call their inputs (`agents.hooks`), shell commands (`configuration.shell`).
Tools differ in how forgiving they are: Claude Code refuses a text that stands there twice, others take the first;
Codex looks again without white space at the ends of lines (openai/codex:codex-rs/apply-patch/src/seek_sequence.rs).
What two tools would do differently is unknown.
"""

import re
from collections.abc import Sequence

from spawngate.agents.hooks.patch import unified_edits
from spawngate.configuration.files import MISSING, Content, Files, Missing, Unknown
from spawngate.model.call import Edit

MOST_EDITS = 256
"""Edits of one call that are followed."""


def apply_edits(edits: Sequence[Edit], files: Files, cwd: str = "") -> None:
    """Does the edits to `files`, in their order."""
    for edit in edits[:MOST_EDITS]:
        at = files.place(edit.path, cwd)
        if edit.new is None and edit.moved_to:
            files.write(files.place(edit.moved_to, cwd), files.read(at))
            files.write(at, MISSING)
            continue
        content = edited(files.read(at), edit)
        if edit.moved_to:
            files.write(files.place(edit.moved_to, cwd), content)
            files.write(at, MISSING)
        else:
            files.write(at, content)
    for edit in edits[MOST_EDITS:]:
        files.write(files.place(edit.path, cwd), Unknown("too-many"))


_APPEARANCE = re.compile(
    r"([\"']?\b(?:(?:workbench\.|editor\.|tui\.|ui\.)?(?:theme|colorTheme|iconTheme|fontSize|fontFamily|tabSize|wordWrap)|model"
    r"|model_reasoning_effort|reasoning_effort|temperature|verbose|editorMode|vimMode|language|outputStyle"
    r"|spinnerTipsEnabled|preferredNotifChannel)[\"']?\s*[:=]\s*)(?:\"[^\"\n\\]*\"|'[^'\n\\]*'|true\b|false\b|\d[\d.]*)"
)


def is_appearance(edit: Edit) -> bool:
    """Whether an edit changes nothing but values of settings that start and permit nothing, wherever it is done: for
    files that cannot be read."""
    if not edit.old or edit.new is None or edit.moved_to or len(edit.old) > 4_096 or len(edit.new) > 4_096:
        return False
    return _APPEARANCE.sub(r"\1_", edit.old) == _APPEARANCE.sub(r"\1_", edit.new)


def edited(content: Content, edit: Edit) -> Content:
    """What the file holds after one edit."""
    if edit.new is None:
        return MISSING
    if edit.old is None:
        return edit.new.encode("utf-8", "surrogatepass")
    if isinstance(content, Unknown):
        return content
    if isinstance(content, Missing):
        return edit.new.encode("utf-8", "surrogatepass") if not edit.old else Unknown("text-not-found")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return Unknown("malformed")
    if not edit.old:
        return Unknown("place-not-told") if text.strip() else edit.new.encode("utf-8", "surrogatepass")
    changed = replaced(text, edit.old, edit.new, everywhere=edit.everywhere)
    return changed if isinstance(changed, Unknown) else changed.encode("utf-8", "surrogatepass")


def replaced(text: str, old: str, new: str, *, everywhere: bool = False) -> str | Unknown:
    """The text with `old` replaced: as written, with the file's line ends, or line by line without white space."""
    for one, other in ((old, new), (old.replace("\n", "\r\n"), new.replace("\n", "\r\n"))):
        count = text.count(one)
        if count == 1 or (count and everywhere):
            return text.replace(one, other)
        if count:
            return Unknown("text-ambiguous")
    return _by_lines(text, old, new)


def _by_lines(text: str, old: str, new: str) -> str | Unknown:
    """White space around lines left aside, as the forgiving tools do; the first and only place counts."""
    lines = text.splitlines(keepends=True)
    wanted = [line.strip() for line in old.splitlines()]
    if not wanted or not any(wanted) or len(wanted) > len(lines):
        return Unknown("text-not-found")
    bare = [line.strip() for line in lines]
    first = wanted[0]
    places = [
        at for at in range(len(bare) - len(wanted) + 1) if bare[at] == first and bare[at : at + len(wanted)] == wanted
    ]
    if len(places) != 1:
        return Unknown("text-ambiguous" if places else "text-not-found")
    at = places[0]
    tail = "" if not new or new.endswith("\n") or at + len(wanted) == len(lines) else "\n"
    return "".join(lines[:at]) + new + tail + "".join(lines[at + len(wanted) :])


def apply_diff(text: str, files: Files, cwd: str = "", strip: int = 1, target: str = "") -> bool:
    """Does a unified diff, as `patch` and `git apply` do. `strip` is the number of leading names that are dropped
    besides the `a/` and `b/` of git; `target` the file that the command names instead. False where there is no hunk."""
    edits = unified_edits(text)
    changed = []
    for edit in edits:
        path = target or _stripped(edit.path, strip - 1)
        changed.append(Edit(path, edit.old, edit.new, edit.everywhere, edit.moved_to))
    apply_edits(changed, files, cwd)
    return bool(edits)


def _stripped(path: str, count: int) -> str:
    for _ in range(max(0, count)):
        head, slash, rest = path.partition("/")
        if not slash:
            return head
        path = rest
    return path

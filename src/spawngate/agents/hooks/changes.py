"""Changes of files in inputs of tools: whole files, old and new text, lists of them, patches, blocks, cells, moves.

Belongs here: one reader for each way in which a tool changes files.
Must not be here: the texts of patches (`agents.hooks.patch`), other inputs (`agents.hooks.inputs`), and any judgement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from spawngate.agents.hooks.fields import (
    CONTENT,
    EDITS,
    EVERYWHERE,
    NEW,
    OLD,
    PATCH,
    PATH,
    SOURCE,
    TARGET,
    Input,
    Parts,
)
from spawngate.agents.hooks.inputs import all_paths, dump, one_path
from spawngate.agents.hooks.patch import is_patch, patch_edits, search_replace_edits, unified_edits
from spawngate.agents.hooks.payload import Reader
from spawngate.model.call import Edit, ToolKind


def write(source: Input, parts: Parts, reader: Reader) -> None:
    """A whole file, or whatever other change the fields describe."""
    if _changes(source, parts, reader):
        return
    path = one_path(source, parts, reader)
    content = next((source[name] for name in CONTENT if name in source), None)
    if not path:
        reader.problem("path", "missing")
    elif isinstance(content, str):
        parts.edits.append(Edit(path, None, content))
    elif content is None:
        parts.edits.append(Edit(path, None, ""))
    else:
        # An agent may hand over the value of a JSON file instead of its text: what it says is still to be judged.
        parts.edits.append(Edit(path, None, dump(content)))
        reader.problem("content", "expected text")


def edit(source: Input, parts: Parts, reader: Reader) -> None:
    """Changes inside a file: old and new text, lists of them, patches, blocks to search and replace."""
    if _changes(source, parts, reader, blocks=("diff", "patch", "content")):
        return
    path = one_path(source, parts, reader)
    if not path:
        reader.problem("path", "missing")
        return
    before = len(parts.edits)
    if any(name in source for name in (*OLD, *NEW)):
        parts.edits.extend(_replacement(path, source, reader))
    if len(parts.edits) == before:
        reader.problem("new_string", "missing")


def delete(source: Input, parts: Parts, reader: Reader) -> None:
    """Files that go."""
    all_paths(source, parts, reader)
    parts.edits.extend(Edit(path) for path in parts.paths)
    if not parts.paths:
        reader.problem("path", "missing")


def move(source: Input, parts: Parts, reader: Reader) -> None:
    """A file that gets another name."""
    old, new = reader.text(source, *SOURCE, *PATH), reader.text(source, *TARGET)
    if old and new:
        parts.edits.append(Edit(old, moved_to=new))
        parts.paths.extend((old, new))
    else:
        reader.problem("source" if not old else "destination", "missing")


def patch(source: Input, parts: Parts, reader: Reader) -> None:
    """A patch in the form of `apply_patch`, or a unified diff."""
    for name in PATCH:
        text = source.get(name)
        if isinstance(text, str) and (found := patch_edits(text) or unified_edits(text)):
            parts.edits.extend(found)
            _name_files(parts)
            return
    if any(isinstance(source.get(name), str) for name in (*OLD, *NEW[:2])):
        edit(source, parts, reader)
    elif not _changes(source, parts, reader):
        reader.problem("patch", "not understood")
        all_paths(source, parts, reader)


def editor(source: Input, parts: Parts, reader: Reader) -> None:
    """Tools that do what their `command` says: view, create, str_replace, insert, append, undo_edit."""
    action = reader.name(source, "command", "action", "mode").lower()
    if action in ("view", "read", "list", "ls", "line", "directory", "search"):
        parts.kind = ToolKind.READ
        all_paths(source, parts, reader)
    elif action in ("create", "write", "overwrite") or (not action and not any(name in source for name in OLD)):
        write(source, parts, reader)
    elif action in ("delete", "remove"):
        delete(source, parts, reader)
    elif action in ("rename", "move"):
        move(source, parts, reader)
    elif action == "undo_edit":
        one_path(source, parts, reader)
    elif action in ("insert", "append"):
        path = one_path(source, parts, reader)
        if path:
            parts.edits.append(Edit(path, "", reader.text(source, *NEW)))
        else:
            reader.problem("path", "missing")
    else:
        edit(source, parts, reader)


def notebook(source: Input, parts: Parts, reader: Reader) -> None:
    """A cell of a notebook: its text is added at a place that the call does not tell."""
    path = one_path(source, parts, reader)
    if not path:
        reader.problem("path", "missing")
        return
    parts.edits.append(Edit(path, "", "\n".join(reader.texts(source, *NEW))))


def _changes(source: Input, parts: Parts, reader: Reader, *, blocks: Sequence[str] = ("diff", "patch")) -> bool:
    """Whether the fields describe changes by a patch, by blocks or by a list; those are then read. `blocks`: fields
    that may hold blocks to search and replace."""
    before = len(parts.edits)
    path = reader.text(source, *PATH)
    for name in ("patch", "diff", "input", "patch_text", "patchText", "content", "command"):
        text = source.get(name)
        if not isinstance(text, str):
            continue
        found = search_replace_edits(path, text) if path and name in blocks else ()
        if not found and name in ("diff", "patch"):
            found = patch_edits(text) or unified_edits(text)
        elif not found and name != "content" and is_patch(text):
            found = patch_edits(text)
        if found:
            parts.edits.extend(replace(item, path=item.path or path) for item in found)
            break
        if name == "diff" and path and text:
            reader.problem("diff", "not understood")
            parts.edits.append(Edit(path, "", text))
            break
    for item in reader.items(source, *EDITS):
        if isinstance(item, Mapping):
            own = reader.below("edits").text(item, *PATH) or path
            parts.edits.extend(_replacement(own, item, reader.below("edits")))
        else:
            reader.problem("edits", "expected a list of maps")
    _name_files(parts)
    return len(parts.edits) > before


def _replacement(path: str, source: Input, reader: Reader) -> tuple[Edit, ...]:
    old = next((source[name] for name in OLD if source.get(name) is not None), "")
    new = next((source[name] for name in NEW if source.get(name) is not None), "")
    if not isinstance(old, str):
        reader.problem("old_string", "expected text")
        old = ""
    if not isinstance(new, str):
        reader.problem("new_string", "expected text")
        new = dump(new)
    if not path:
        reader.problem("path", "missing")
        return ()
    return (Edit(path, old, new, everywhere=reader.flag(source, *EVERYWHERE)),)


def _name_files(parts: Parts) -> None:
    for item in parts.edits:
        for path in (item.path, item.moved_to):
            if path and path not in parts.paths:
                parts.paths.append(path)

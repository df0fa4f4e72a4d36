"""Front-ends: one language each, from bytes to `ir.Module`.

FRONTENDS is the written table by file suffix; a front-end is imported when a file of its language is lowered.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from spawngate.codescan.ir import Language, Module

FRONTENDS: dict[str, Language] = {
    ".py": "python",
    ".pyi": "python",
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascript",
    ".ts": "javascript",
    ".tsx": "javascript",
    ".mts": "javascript",
    ".cts": "javascript",
    ".java": "java",
    ".rs": "rust",
}

MAX_NODES = 400_000
"""Default budget: syntax nodes visited in one file; what lies behind is missing and the module says so."""


def language_of(path: str) -> Language | None:
    """Language of a file by its suffix, None for what no front-end reads."""
    dot = path.rfind(".")
    return FRONTENDS.get(path[dot:].lower()) if dot >= 0 else None


def lower(path: str, source: bytes, budget: int = MAX_NODES) -> Module:
    """A file's module.

    Never raises on bad source: what cannot be understood is a `Trouble` of the module.

    Raises:
        ValueError: the suffix is in no front-end's list; ask `language_of` first.
    """
    language = language_of(path)
    if language is None:
        raise ValueError(f"no front-end reads {path}")
    front: Callable[[str, bytes, int], Module] = import_module(f"spawngate.codescan.frontends.{language}").lower
    return front(path, source, budget)

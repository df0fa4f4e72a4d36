"""Spelling of paths: one for every file, so that what was written and what is read or run can be compared.

Must not be here: what a folder means (`provenance.sources`). Links are not followed: paths are text here.
"""

import posixpath
import re
from collections.abc import Iterator


def below(path: str) -> Iterator[str]:
    """A path and all folders above it."""
    while path:
        yield path
        # As `posixpath.dirname`, which takes twice as long.
        upper = path[: path.rfind("/") + 1]
        upper = upper.rstrip("/") or upper
        if upper == path:
            return
        path = upper


def absolute(path: str, cwd: str, home: str) -> str:
    """One spelling of a path; `cwd` is where it is relative to."""
    path = path.removeprefix("file://").replace("\\", "/")
    if path.startswith("~") and home:
        path = home.rstrip("/") + path[1:] if path[1:2] in ("", "/") else path
    if not path.startswith("/") and not re.match(r"[A-Za-z]:/", path):
        path = posixpath.join(cwd.replace("\\", "/"), path)
    return posixpath.normpath(path) if path else ""

"""Names of JavaScript's packages and aliases of a project: where its `package.json` and `tsconfig.json` say they lie.

Belongs here: `name`, `main`, `module`, `exports`, `imports` of packages, `paths`, `baseUrl` of TypeScript's settings.
Not here: relative names (`project`), which SDK a manifest names (`sdk`).

A package names what its build wrote (`dist/index.js`); the scan reads what it is built from, so the built folder is
replaced by the usual folders of source. Sources: the manual of Node.js 24 (Packages), npm's package.json, the
TypeScript handbook (Module resolution: `paths`).
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping

ENDS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_BUILT = re.compile(r"(?:^|/)(?:dist|build|out|lib|esm|cjs|types|output)(?:/(?:esm|cjs|src|types|node|browser))?/")
_CONFIGS = re.compile(r"(?:^|/)(?:tsconfig(?:\.[\w-]+)?|jsconfig)\.json$")
_COMMENTS = re.compile(rb'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_COMMA = re.compile(rb'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])', re.DOTALL)
MAX_BYTES = 256 << 10
MAX_ENTRIES = 400


def says_names(path: str) -> bool:
    """The file may say where packages and aliases lie."""
    return path.rpartition("/")[2] == "package.json" or _CONFIGS.search(path) is not None


class Packages:
    """Where the project's own packages and aliases lead. Files that cannot be understood say nothing."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._packages: dict[str, tuple[str, dict[str, object]]] = {}
        self._paths: list[tuple[str, str, str]] = []
        """Folder of the settings, pattern, target."""
        for path in sorted(files):
            if not says_names(path) or len(files[path]) > MAX_BYTES:
                continue
            document = _document(files[path])
            folder = posixpath.dirname(path)
            if path.rpartition("/")[2] == "package.json":
                name = document.get("name")
                if isinstance(name, str) and name:
                    self._packages.setdefault(name, (folder, document))
                self._aliases(folder, folder, document.get("imports"))
            else:
                options = document.get("compilerOptions")
                if isinstance(options, dict):
                    base = options.get("baseUrl")
                    root = posixpath.normpath(posixpath.join(folder, base if isinstance(base, str) else ""))
                    self._aliases(folder, root, options.get("paths"))
        self._paths.sort(key=lambda each: (-len(each[0]), -len(each[1])))

    def _aliases(self, folder: str, root: str, table: object) -> None:
        for pattern, targets in list(table.items())[:MAX_ENTRIES] if isinstance(table, dict) else ():
            for target in _texts(targets):
                self._paths.append((folder, str(pattern), posixpath.normpath(posixpath.join(root, target))))

    def places(self, importer: str, module: str) -> Iterator[str]:
        """Paths to try for a name that is not relative, the likeliest first; with and without the file's suffix."""
        for folder, pattern, target in self._paths:
            if folder and not importer.startswith(f"{folder}/"):
                continue
            head, star, tail = pattern.partition("*")
            if star and module.startswith(head) and module.endswith(tail) and len(module) >= len(head) + len(tail):
                inner = module[len(head) : len(module) - len(tail)]
                yield from _sources(target.replace("*", inner, 1))
            elif module == pattern:
                yield from _sources(target)
        parts = module.split("/")
        for count in (2, 1) if module.startswith("@") else (1,):
            found = self._packages.get("/".join(parts[:count])) if len(parts) >= count else None
            if found is not None:
                yield from self._entries(*found, "/".join(parts[count:]))
                return

    def _entries(self, folder: str, document: dict[str, object], inner: str) -> Iterator[str]:
        told: list[str] = []
        exports = document.get("exports")
        wanted = f"./{inner}" if inner else "."
        if isinstance(exports, dict) and wanted in exports:
            told.extend(_texts(exports[wanted]))
        elif not inner:
            told.extend(_texts(exports) if not isinstance(exports, dict) or "." not in exports else ())
        if isinstance(exports, dict) and inner:
            for pattern, targets in list(exports.items())[:MAX_ENTRIES]:
                head, star, tail = str(pattern).partition("*")
                if star and wanted.startswith(head) and wanted.endswith(tail):
                    middle = wanted[len(head) : len(wanted) - len(tail)]
                    told.extend(text.replace("*", middle) for text in _texts(targets))
        if not inner:
            told.extend(text for key in ("source", "module", "main", "types") for text in _texts(document.get(key)))
        for text in told:
            yield from _sources(posixpath.normpath(posixpath.join(folder, text)))
        for base in ("src", "", "lib"):
            yield posixpath.normpath(posixpath.join(folder, base, inner or "index"))


def _sources(path: str) -> Iterator[str]:
    """A path, and the ones from which a build may have made it."""
    path = path.removeprefix("./")
    yield path
    bare = re.sub(r"\.d$", "", next((path[: -len(end)] for end in ENDS if path.endswith(end)), path))
    if bare != path:
        yield bare
    built = _BUILT.search(bare)
    if built is not None:
        before = bare[: built.start()] + ("/" if built[0].startswith("/") else "")
        for folder in ("src/", "", "lib/"):
            yield posixpath.normpath(before + folder + bare[built.end() :])


def _texts(value: object, depth: int = 0) -> list[str]:
    """The texts of a target: itself, of a list, of conditions (`import`, `default`)."""
    if isinstance(value, str):
        return [value]
    if depth > 4:
        return []
    inner = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    return [text for each in inner[:20] for text in _texts(each, depth + 1)]


def _document(data: bytes) -> dict[str, object]:
    """An object of JSON, with comments and trailing commas; {} for anything else."""
    try:
        plain = _COMMA.sub(lambda found: found[1] or b"", _COMMENTS.sub(lambda found: found[1] or b" ", data))
        found = json.loads(plain.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def first(places: Iterator[str], sources: Collection[str]) -> str:
    """The first place at which a source lies; "" for none."""
    tried: set[str] = set()
    for place in places:
        for each in (place, *(place + end for end in ENDS), *(f"{place}/index{end}" for end in ENDS)):
            if each in tried:
                continue
            tried.add(each)
            if each in sources:
                return each
    return ""

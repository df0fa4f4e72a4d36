"""The import arrows of the architecture: a pure core, thin shells, and nouns that import nothing of ours."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "spawngate"
MODULES = sorted(SOURCE.rglob("*.py"))

SHELLS = ("endpoint", "server", "cli", "guard")
"""Parts that may touch files, clocks, sockets, processes and the environment."""

IO_MODULES = frozenset(
    [
        "os",
        "io",
        "pathlib",
        "socket",
        "_socket",
        "ssl",
        "select",
        "selectors",
        "asyncio",
        "threading",
        "_thread",
        "multiprocessing",
        "concurrent",
        "subprocess",
        "signal",
        "shutil",
        "tempfile",
        "glob",
        "fileinput",
        "mmap",
        "fcntl",
        "pty",
        "tty",
        "termios",
        "resource",
        "time",
        "random",
        "secrets",
        "uuid",
        "sqlite3",
        "dbm",
        "urllib",
        "http",
        "ftplib",
        "smtplib",
        "imaplib",
        "poplib",
        "socketserver",
        "webbrowser",
        "platform",
        "getpass",
        "pwd",
        "grp",
        "sys",
        "ctypes",
        "logging",
        "builtins",
        "runpy",
        "code",
        "pickle",
        "shelve",
        "marshal",
    ]
)
"""Modules of the standard library that reach outside or depend on where and when the code runs."""

ALLOWED_NAMES = {
    "io": {"StringIO", "BytesIO"},
    "urllib": {"urllib.parse"},
    "uuid": {"UUID"},
    "pathlib": {"PurePath", "PurePosixPath", "PureWindowsPath"},
}
"""Pure parts of modules that are otherwise not."""

THIRD_PARTY = {
    "agents": {"msgspec", "yaml"},
    "command": {"msgspec", "tree_sitter", "tree_sitter_bash", "tree_sitter_powershell"},
    "codescan": {
        "msgspec",
        "yaml",
        "tree_sitter",
        "tree_sitter_python",
        "tree_sitter_javascript",
        "tree_sitter_typescript",
        "tree_sitter_java",
        "tree_sitter_rust",
    },
    "configuration": {"msgspec"},
    "policy": {"cedarpy", "msgspec"},
    "redact": {"msgspec"},
    "routing": {"msgspec", "cryptography"},
    "report": {"msgspec", "rich", "jinja2", "markupsafe", "cyclonedx", "packageurl"},
    "rules": {"msgspec"},
    "sync": {"msgspec", "cryptography"},
    "trail": {"msgspec", "cryptography"},
}
"""Pure libraries that a pure part may use. Anything else needs a line here and an ADR."""

STANDARD = frozenset(
    [
        "__future__",
        "_json",
        "abc",
        "array",
        "ast",
        "base64",
        "binascii",
        "bz2",
        "bisect",
        "codecs",
        "collections",
        "contextlib",
        "copy",
        "csv",
        "dataclasses",
        "datetime",
        "decimal",
        "difflib",
        "email",
        "enum",
        "fnmatch",
        "fractions",
        "functools",
        "hashlib",
        "heapq",
        "hmac",
        "html",
        "importlib",
        "inspect",
        "ipaddress",
        "itertools",
        "json",
        "keyword",
        "lzma",
        "math",
        "operator",
        "plistlib",
        "posixpath",
        "ntpath",
        "re",
        "shlex",
        "stat",
        "string",
        "struct",
        "textwrap",
        "tomllib",
        "types",
        "typing",
        "unicodedata",
        "warnings",
        "xml",
        "zlib",
    ]
)
"""Modules of the standard library that the pure parts use."""


def part_of(path: Path) -> str:
    """The top-level part that a module belongs to; its own name for a module beside the parts."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports_of(text: str) -> list[tuple[str, str]]:
    """Every import of a module, also inside functions: module and imported name (empty for `import x`)."""
    found: list[tuple[str, str]] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found.extend((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            found.extend((node.module or "", alias.name) for alias in node.names)
    return found


def violations(part: str, text: str) -> list[str]:
    """What the text of a module of a pure part imports that it must not."""
    wrong: list[str] = []
    for module, name in imports_of(text):
        top = module.split(".")[0]
        if top == "spawngate":
            target = [*module.split("."), name][1]
            if target in SHELLS:
                wrong.append(f"{module}: a shell")
            if part == "model" and target != "model":
                wrong.append(f"{module}: model imports nothing of ours")
        elif top in ALLOWED_NAMES:
            allowed = ALLOWED_NAMES[top]
            if module not in allowed and name not in allowed:
                wrong.append(f"{module}.{name}: reaches outside")
        elif top in IO_MODULES:
            wrong.append(f"{module}: reaches outside")
        elif top not in STANDARD and top not in THIRD_PARTY.get(part, set()):
            wrong.append(f"{module}: not on the list of {part}")
    return wrong


@pytest.mark.parametrize(
    "path",
    # The package itself names what programs use of us, and imports it when it is asked for.
    [path for path in MODULES if part_of(path) not in (*SHELLS, "__main__", "__init__")],
    ids=lambda p: str(p.relative_to(SOURCE)),
)
def test_pure_module_imports_nothing_that_reaches_outside(path: Path) -> None:
    assert violations(part_of(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_pure_module_opens_no_file(path: Path) -> None:
    if part_of(path) in SHELLS:
        return
    calls = [
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert [name for name in calls if name in ("open", "exec", "eval", "compile", "__import__", "input", "print")] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_module_has_a_charter(path: Path) -> None:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert text, "a module says in its docstring what belongs in it"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("import socket", "socket: reaches outside"),
        ("from pathlib import Path", "pathlib.Path: reaches outside"),
        ("from spawngate.endpoint.state import State", "spawngate.endpoint.state: a shell"),
        ("from spawngate import cli", "spawngate: a shell"),
        ("import requests", "requests: not on the list of trail"),
    ],
)
def test_violations_are_seen(line: str, expected: str) -> None:
    """A rule that cannot fail protects nothing."""
    assert violations("trail", line) == [expected]

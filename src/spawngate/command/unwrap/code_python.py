"""Programs that Python code starts by constant text, found in its syntax tree.

Sources: docs.python.org/3 os (system, popen, exec*, spawn*, posix_spawn), subprocess, pty, asyncio.subprocess,
pexpect; IPython's `!` and `%%bash`. Names are followed through imports, `__import__`, `getattr` and plain
assignments; values through concatenation, format, join, slices and the usual decoders.
Must not be here: other languages.

"""

import ast
import re
import warnings

from spawngate.command.spawn import Word
from spawngate.command.unwrap.inner import Inner
from spawngate.command.unwrap.python_values import UNKNOWN, Value, Values

MAX_NESTED = 4
"""Code in code (`exec("exec(...)")`)."""

_TEXT = frozenset(
    (
        "os.system", "os.popen", "posix.system", "nt.system", "subprocess.getoutput", "subprocess.getstatusoutput",
        "commands.getoutput", "commands.getstatusoutput", "asyncio.create_subprocess_shell", "os.popen2", "os.popen3",
        "os.popen4", "popen2.popen2", "popen2.popen3", "popen2.popen4", "pexpect.spawn", "pexpect.run",
        "pexpect.spawnu",
        "asyncio.subprocess.create_subprocess_shell", "get_ipython.system", "get_ipython.getoutput", "platform.popen",
        "invoke.run", "fabric.api.local", "plumbum.local.session", "anyio.run_process_text",
    )
)  # fmt: skip
_PROCESS = frozenset(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen")) | {
    "anyio.run_process",
    "trio.run_process",
    "sh.Command",
    "gevent.subprocess.Popen",
}
_FIRST_LIST = frozenset(("pty.spawn",))
_EXEC_LIST = frozenset(f"os.{name}" for name in ("execv", "execve", "execvp", "execvpe", "posix_spawn", "posix_spawnp"))
_EXEC_ARGS = frozenset(f"os.{name}" for name in ("execl", "execle", "execlp", "execlpe"))
_SPAWN_LIST = frozenset(f"os.{name}" for name in ("spawnv", "spawnve", "spawnvp", "spawnvpe"))
_SPAWN_ARGS = frozenset(f"os.{name}" for name in ("spawnl", "spawnle", "spawnlp", "spawnlpe"))
_WORDS = frozenset(("asyncio.create_subprocess_exec", "asyncio.subprocess.create_subprocess_exec"))
_CODE = frozenset(
    ("exec", "eval", "builtins.exec", "builtins.eval", "__builtins__.exec", "__builtins__.eval", "code.interact")
)
_METHODS = frozenset(("system", "popen", "execute_command", "getoutput"))
"""Methods that start a program whatever object they are called on (`ctypes.CDLL(None).system`)."""

_TRIGGERS = (
    "system", "popen", "exec", "spawn", "subprocess", "eval", "getoutput", "pexpect", "getattr", "__import__",
    "importlib", "__dict__", "vars(", "sh.", "plumbum", "invoke", "fabric", "process",
)  # fmt: skip
"""Words of which code that starts something holds one: the rest need not be parsed."""
_STARTING = _TEXT | _PROCESS | _FIRST_LIST | _EXEC_LIST | _EXEC_ARGS | _SPAWN_LIST | _SPAWN_ARGS | _WORDS


def shell_outs(code: str, *, magics: bool = False, depth: int = 0) -> list[Inner]:
    """What Python code starts. Nothing where it is no Python."""
    found: list[Inner] = []
    if magics or code.lstrip().startswith(("!", "%")):
        code, lines = _magics(code)
        found += [Inner(text=line) for line in lines]
    tree = _parsed(code) if any(word in code for word in _TRIGGERS) else None
    if tree is None:
        return found
    reader = _Reader(tree, _STARTING)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found += reader.call(node, depth)
    return found


def _parsed(code: str) -> ast.AST | None:
    try:
        with warnings.catch_warnings():
            # An invalid escape in foreign code is no warning of ours.
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


_MAGIC = re.compile(r"^\s*(?:\w+\s*=\s*)?(!{1,2}|%sx\s|%system\s)(.*)$")


def _magics(code: str) -> tuple[str, list[str]]:
    """IPython's lines for a shell, and the code without them."""
    match = re.match(r"\s*%%(?:bash|sh|script\s+\S+|!)[^\n]*\n(.*)", code, re.DOTALL)
    if match:
        return "", [match[1]]
    kept, lines = [], []
    for line in code.split("\n"):
        magic = _MAGIC.match(line)
        if magic:
            lines.append(magic[2])
        elif not line.lstrip().startswith("%"):
            kept.append(line)
    return "\n".join(kept), lines


class _Reader(Values):
    """What the calls of one piece of code start."""

    def call(self, node: ast.Call, depth: int) -> list[Inner]:
        """What one call starts."""
        name = self.dotted(node.func)
        args = node.args
        if not name or not (args or node.keywords):
            return []
        if name in _CODE:
            value = self.value(args[0]) if args else None
            return shell_outs(value, depth=depth + 1) if isinstance(value, str) and depth < MAX_NESTED else []
        first = (
            args[0]
            if args
            else next((word.value for word in node.keywords if word.arg in ("args", "cmd", "command")), None)
        )
        if first is None:
            return []
        if name in _TEXT or (name.rpartition(".")[2] in _METHODS and name not in ("platform.system",)):
            return _text(self.value(first))
        if name in _PROCESS:
            return self.process(node, first)
        if name in _FIRST_LIST:
            return _words(self.value(first))
        if name in _EXEC_LIST and len(args) > 1:
            return _program(self.value(first), self.value(args[1]))
        if name in _SPAWN_LIST and len(args) > 2:
            return _program(self.value(args[1]), self.value(args[2]))
        if name in _EXEC_ARGS:
            return _program(self.value(first), self.strings(_without_environment(args[1:])))
        if name in _SPAWN_ARGS and len(args) > 1:
            return _program(self.value(args[1]), self.strings(_without_environment(args[2:])))
        if name in _WORDS:
            return _words(self.strings(args))
        return []

    def process(self, node: ast.Call, first: ast.expr) -> list[Inner]:
        """subprocess: a text with `shell=True`, words otherwise."""
        shell = next((word.value for word in node.keywords if word.arg == "shell"), None)
        value = self.value(first)
        if shell is None or (isinstance(shell, ast.Constant) and not shell.value):
            return _words([value] if isinstance(value, str) else value)
        if isinstance(value, list):
            return _text(value[0]) if value else []
        return _text(value)


def _without_environment(args: list[ast.expr]) -> list[ast.expr]:
    """Arguments without the environment that execle and its kin take last."""
    return args[:-1] if args and isinstance(args[-1], (ast.Dict, ast.Attribute)) else args


def _text(value: Value | None) -> list[Inner]:
    if isinstance(value, list):
        return _words(value)
    if value is None or not value.strip():
        return []
    return [Inner(text=value, opaque=("code",) if value.lstrip().startswith(UNKNOWN) else ())]


def _words(value: Value | None) -> list[Inner]:
    if isinstance(value, str):
        value = [value]
    if not value or value[0] in ("", UNKNOWN):
        return []
    return [Inner(words=tuple(Word(text, UNKNOWN in text) for text in value))]


def _program(path: Value | None, args: Value | None) -> list[Inner]:
    """exec and spawn: a path, and arguments of which the first is only its name."""
    if not isinstance(path, str):
        return []
    rest = args[1:] if isinstance(args, list) else []
    return _words([path, *rest])

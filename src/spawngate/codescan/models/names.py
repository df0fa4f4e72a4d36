"""Qualified names of what a file's imports bind, in the spelling of `model`.

Belongs here: what one file says by itself: its imports, and names that none binds (builtins, globals, the package).
Must not be here: definitions in other files of the project, and classes of objects (`codescan.resolve`).
"""

import re
from collections.abc import Iterable, Mapping

from spawngate.codescan import ir

_REMOTE = re.compile(
    r"(?:npm:|jsr:|https?://(?:esm\.sh|cdn\.skypack\.dev|unpkg\.com|cdn\.jsdelivr\.net/npm|ga\.jspm\.io)/)/?"
    r"(?P<name>(?:@[\w.-]+/)?[\w.-]+)(?:@[^/]*)?(?P<rest>/.*)?$"
)
_LOADERS = ("require", "import")
_UNTYPED = frozenset(["any", "unknown", "object", "Object", "Any", "never", "void", "dyn"])
"""Types that say nothing of an object's class."""


def specifier(text: str) -> str:
    """A module specifier of JavaScript without what varies: `node:`, the suffix, `/index`."""
    text = text.removeprefix("node:")
    remote = _REMOTE.match(text)
    if remote is not None:  # of Deno and of browsers: `npm:@a/b@1.2/c.js`, `https://esm.sh/@a/b@1.2/c.js`
        text = remote["name"] + (remote["rest"] or "")
    for suffix in (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"):
        if text.endswith(suffix) and "/" in text:
            text = text.removesuffix(suffix)
            break
    return text.removesuffix("/index") if text.count("/") > 1 or text.startswith(".") else text


class Names:
    """What the names of one file mean."""

    def __init__(
        self, module: ir.Module, aliases: Mapping[str, str] | None = None, imported: Iterable[ir.Import] | None = None
    ) -> None:
        """`imported`: every import of the file, where they are listed already: those within closures among them."""
        self.language = module.language
        self.package = module.package
        self.aliases = aliases or {}
        self.bound: dict[str, tuple[str, ...]] = {}
        self.stars: list[str] = []
        self.defined: set[str] = set()
        """Names that the file itself defines at its top: no builtins, no globals."""
        imports: set[str] = set()
        for binding in _imports(module.body) if imported is None else imported:
            imports.update(self._bind(binding))
        for statement in module.body:
            self._define(statement)
        self.imports = frozenset(imports)

    def qualified(self, expression: ir.Expression, local: Iterable[str] = ()) -> tuple[str, ...]:
        """Qualified names of a name or a chain of attributes; () for anything else.

        `local`: names that the function around it binds, by parameters or assignments.
        """
        parts: list[str] = []
        while isinstance(expression, ir.Attribute | ir.Index):
            if isinstance(expression, ir.Index):
                if not isinstance(expression.key, ir.Literal) or not isinstance(expression.key.value, str):
                    return ()
                parts.append(expression.key.value)
            else:
                parts.append(expression.name)
            expression = expression.base
        if isinstance(expression, ir.Call):
            roots = self._loaded(expression)
        elif isinstance(expression, ir.Name) and expression.id not in local:
            roots = self._root(expression.id, bool(parts))
        else:
            return ()
        parts.reverse()
        out: list[str] = []
        for root in roots:
            for name in self._variants(root, parts):
                canonical = self._canonical(name)
                if canonical not in out:
                    out.append(canonical)
        return tuple(out)

    def qualified_text(self, text: str) -> tuple[str, ...]:
        """The same for a name as written in a type: `stdio.StdioServerParameters`, `mcp::Client`; () for `any`."""
        if text.rpartition(".")[2] in _UNTYPED:
            return ()
        parts = text.replace("::", ".").split(".")
        expression: ir.Expression = ir.Name(0, 0, parts[0])
        for part in parts[1:]:
            expression = ir.Attribute(0, 0, expression, part)
        return self.qualified(expression)

    def _bind(self, statement: ir.Import) -> tuple[str, ...]:
        names = self._targets(statement)
        if statement.name == "*":
            self.stars.append(statement.module)
        elif statement.local:
            self.bound[statement.local] = (*self.bound.get(statement.local, ()), *names)
        return (*names, statement.module)

    def _targets(self, statement: ir.Import) -> tuple[str, ...]:
        module, name = statement.module, statement.name
        if self.language == "javascript":
            module = specifier(module)
            if not name or name == "*":
                return (f"{module}#",)
            return (f"{module}#{name}",)
        if not name or name == "*":
            first = module.partition(".")[0]
            if self.language == "python" and statement.local == first:
                return (first,)
            return (module,)
        joint = "::" if self.language == "rust" else "" if module.endswith(".") else "."
        return (f"{module}{joint}{name}" if module else name,)

    def _define(self, statement: ir.Statement) -> None:
        if isinstance(statement, ir.Function | ir.Class):
            self.defined.add(statement.name)
        elif isinstance(statement, ir.Assign):
            target, value = statement.target, statement.value
            if isinstance(value, ir.Call) and self.language == "javascript":
                self._require(target, value)
            if isinstance(target, ir.Name) and target.id not in self.bound:
                self.defined.add(target.id)

    def _require(self, target: ir.Expression, value: ir.Call) -> None:
        """`const {spawn: run} = require("child_process")` binds as an import does."""
        for root in self._loaded(value):
            if isinstance(target, ir.Name):
                self.bound[target.id] = (root,)
            elif isinstance(target, ir.Record):
                for entry in target.entries:
                    bound = entry.value.branches[0] if isinstance(entry.value, ir.Join) else entry.value
                    if isinstance(entry.key, ir.Literal) and isinstance(bound, ir.Name):
                        self.bound[bound.id] = (f"{root}{entry.key.value}",)

    def _loaded(self, call: ir.Call) -> tuple[str, ...]:
        if (
            self.language == "javascript"
            and isinstance(call.callee, ir.Name)
            and call.callee.id in _LOADERS
            and len(call.args) == 1
            and isinstance(call.args[0].value, ir.Literal)
            and isinstance(call.args[0].value.value, str)
        ):
            return (f"{specifier(call.args[0].value.value)}#",)
        return ()

    def _root(self, name: str, dotted: bool) -> tuple[str, ...]:
        found = self.bound.get(name)
        if found:
            return found
        if name in self.defined or name in ("self", "super"):
            return ()
        if self.language == "python":
            return (f"builtins.{name}", *(f"{module}.{name}" for module in self.stars))
        if self.language == "javascript":
            return (f"#{name}",)
        if self.language == "java":
            if dotted and name[:1].islower():
                return (name,)
            package = (f"{self.package}.{name}",) if self.package else ()
            return (*(f"{module}.{name}" for module in self.stars), f"java.lang.{name}", *package)
        return (name, *(f"{module}::{name}" for module in self.stars))

    def _variants(self, root: str, parts: list[str]) -> tuple[str, ...]:
        joint = "::" if self.language == "rust" else "."
        if self.language != "javascript":
            return (joint.join((root, *parts)),)
        dotted = ".".join(parts)
        if root.endswith("#"):
            whole = f"{root}{dotted}" if parts else f"{root}default"
            return (whole, f"{root}{dotted.removeprefix('default.')}") if dotted.startswith("default.") else (whole,)
        whole = f"{root}.{dotted}" if parts else root
        if root.endswith("#default") and parts:
            return (whole, f"{root.removesuffix('default')}{dotted}")
        return (whole,)

    def _canonical(self, name: str) -> str:
        if not self.aliases:
            return name
        end = len(name)
        while end > 0:
            target = self.aliases.get(name[:end])
            if target is not None:
                return target + name[end:]
            end = max(name.rfind(".", 0, end), name.rfind("::", 0, end), name.rfind("#", 0, end))
        return name


def _imports(body: tuple[ir.Statement, ...]) -> list[ir.Import]:
    """Imports anywhere in the file: in functions and under conditions as well."""
    found: list[ir.Import] = []
    todo: list[ir.Statement] = list(reversed(body))
    while todo:
        statement = todo.pop()
        match statement:
            case ir.Import():
                found.append(statement)
            case ir.If() | ir.Loop():
                todo.extend(reversed(statement.body + statement.orelse))
            case ir.Try():
                inner = [each for handler in statement.handlers for each in handler.body]
                todo.extend(reversed([*statement.body, *inner, *statement.orelse, *statement.final]))
            case ir.Function() | ir.Class():
                todo.extend(reversed(statement.body))
            case _:
                pass
    return found

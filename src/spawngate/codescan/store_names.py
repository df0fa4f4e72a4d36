"""What names a store: the class, table, collection or key of a row, the name of a file.

Belongs here: from an expression to the name under which what is written meets what is read. Keys only select and never
flow into what is read. Not here: which libraries have stores (`models`), which classes are kept (`entities`), who
writes (`store_writes`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spawngate.codescan import ir, sql
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.flow import Bound, Handed
from spawngate.codescan.models.match import select
from spawngate.codescan.models.model import Root, Selector, StoreKind
from spawngate.codescan.resolve import Resolver
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.calls import Calls

MAX_DEPTH = 6
_FILE = re.compile(r"[\w.-]*\.(json[c5]?|ya?ml|toml|ini|cfg|conf|db|txt|env|xml|properties)$", re.IGNORECASE)
_naming_words = (
    "insert update delete select from insertInto insert_into updateTable selectFrom into table collection "
    "get_collection"
)
_NAMING = frozenset(_naming_words.split())
"""Calls whose first argument names the table or collection."""
_BESIDE = frozenset(["with_suffix", "with_name", "with_stem"])
_TEMPORARY = re.compile(r"(?:[\w.-]*[.~_-])?(?:tmp|temp|new|bak|swp|part|partial|lock)\d*|~", re.IGNORECASE)
_any_words = """
path p file f filename file_name filepath file_path fname fpath resolved dest destination target output out tmp temp src
source name location
"""
_ANY_FILE = frozenset(_any_words.split())
"""Names of variables that say nothing of which file they hold."""
OPENS = frozenset(["open", "open_file", "File", "createWriteStream", "create", "fdopen"])
"""Calls that open a file for what is written to it."""

Entity = ClassInfo | str
"""A class of the project whose objects are the rows, or a name in lower case; "" where nothing is named."""
STATEMENTS = frozenset(["sql", "createQuery", "createUpdate", "createNativeQuery", "createBatch", "prepareBatch"])
"""Methods of Java's libraries that begin a chain with a statement: JdbcClient, R2DBC, JDBI, JPA."""


class StoreNames:
    """Names of stores, of one project."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.resolver = calls.resolver
        self.project = calls.project

    def name_of(self, kind: StoreKind, node: ir.Expression, function: FunctionInfo) -> Entity:
        """The store's name: an entity, or a file."""
        return self.file(node, function) if kind is StoreKind.FILE else self.entity(node, function)

    def entity(self, node: ir.Expression, function: FunctionInfo, depth: int = 0) -> Entity:
        """What a store's expression names: a class of the project, or a name in lower case."""
        if depth > MAX_DEPTH:
            return ""
        for meaning in self.resolver.chain(node, function):
            if isinstance(meaning, ClassInfo):
                return meaning
        match node:
            case ir.Literal(value=str() as text):
                return sql.table(text) or text.lower()
            case ir.Format() if sql.table(constant_text(node)):
                return sql.table(constant_text(node))
            case ir.Format():  # `mcp:${id}`: what is constant of a key names the store
                told = [self._told(each, function) for each in node.parts]
                return "".join(told).lower() if any(part.strip("*:/-_ ") for part in told) else ""
            case ir.Cast():
                return self.entity(node.value, function, depth + 1)
            case ir.Call():
                table = self._chained(node, function)
                if table:
                    return table
                for argument in node.args[:2]:
                    inner = self.entity(argument.value, function, depth + 1)
                    named = isinstance(argument.value, ir.Literal) or last_name(node.callee) in _NAMING
                    if isinstance(inner, ClassInfo) or (named and inner):
                        return inner
                if isinstance(node.callee, ir.Attribute):
                    return self.entity(node.callee.base, function, depth + 1)
                return last_name(node.callee).lower()
        kept = self._kept(node, function)
        if kept is not None:
            return kept
        value = self.value(node, function)
        if value is not None and isinstance(value[0], ir.Call):
            inner = self.entity(value[0], value[1], depth + 1)
            if inner:
                return inner
        name = last_name(node)
        if name == "class" and isinstance(node, ir.Attribute):
            return self.entity(node.base, function, depth + 1)
        if name == "table" and isinstance(node, ir.Attribute) and last_name(node.base):  # `servers::table` of Diesel
            return last_name(node.base).lower()
        if isinstance(node, ir.Attribute) and last_name(node.base) == "query" and depth < MAX_DEPTH:
            # Drizzle's `db.query.servers.findFirst()` names the variable that holds the table.
            for module in self.project.modules_with(name, "javascript"):
                for each in module.assigned.get(name, ()):
                    if isinstance(each.value, ir.Call) and last_name(each.value.callee).endswith("Table"):
                        return self.entity(each.value, module.top, depth + 1)
        if name in ("objects", "query", "select", "session", "db", "self") and isinstance(node, ir.Attribute):
            return self.entity(node.base, function, depth + 1)
        return name.lower()

    def _chained(self, node: ir.Call, function: FunctionInfo) -> str:
        """The table of `jdbc.sql("SELECT ..").param("id", id).query(Row.class)`: the statement at the chain's start."""
        if function.module.language != "java":
            return ""
        base: ir.Expression = node
        while isinstance(base, ir.Call) and isinstance(base.callee, ir.Attribute):
            if base is not node and base.args and last_name(base.callee) in STATEMENTS:
                return sql.table(self.text(base.args[0].value, function))
            base = base.callee.base
        return ""

    def _told(self, node: ir.Expression, function: FunctionInfo) -> str:
        """The text of a part of a key where it is constant, else `*`."""
        found = self.value(node, function) if isinstance(node, ir.Name | ir.Attribute) else None
        value = found[0] if found is not None else node
        return str(value.value) if isinstance(value, ir.Literal) else "*"

    def _kept(self, node: ir.Expression, function: FunctionInfo) -> ClassInfo | None:
        """The entity of a repository, by its type arguments: `Repository<Server>`, `extends BaseMapper<Server>`."""
        for kind in self.resolver.kinds(node, function):
            for each in kind.args:
                if each.cls is not None:
                    return each.cls
            if kind.cls is None:
                continue
            for cls in (kind.cls, *self.resolver.bases(kind.cls)):
                for base in cls.bases:
                    for arg in base.args:
                        for inner in self.resolver.kinds_of_type(arg, cls.module.top):
                            if inner.cls is not None and inner.cls is not kind.cls and inner.cls.fields:
                                return inner.cls
        return None

    def value(self, node: ir.Expression, function: FunctionInfo) -> tuple[ir.Expression, FunctionInfo] | None:
        """What a variable or a field is assigned, where that is plain."""
        from spawngate.codescan.constants import Constants

        if isinstance(node, ir.Name):
            version = self.project.flow(function).uses.get(node)
            while isinstance(version, Handed):
                version = version.before
            if isinstance(version, Bound) and version.value is not None and not version.path:
                return version.value, function
        if isinstance(node, ir.Name | ir.Attribute):
            for found in Constants(self.calls).definitions(node, function):
                return found
        if isinstance(node, ir.Attribute) and isinstance(node.base, ir.Name) and node.base.id == "self":
            for statement, target, around in function.module.writes.get(node.name, ()):
                if statement.value is not None and last_name(target) == node.name:
                    return statement.value, around
        return None

    def file(self, node: ir.Expression, function: FunctionInfo, depth: int = 0) -> str:
        """The name of a file: the last part of a constant path, else the name of what holds the path."""
        if depth > MAX_DEPTH:
            return ""
        match node:
            case ir.Literal(value=str() as text):
                return text.replace("\\", "/").rpartition("/")[2].lower()
            case ir.Cast():
                return self.file(node.value, function, depth + 1)
            case ir.Call(callee=ir.Attribute() as beside) if beside.name in _BESIDE and _is_temporary(node.args):
                return self.file(beside.base, function, depth + 1)
            case ir.Call():
                if last_name(node.callee) in (
                    "Path",
                    "PurePath",
                    "of",
                    "get",
                    "resolve",
                    "join",
                    "File",
                    "open",
                    "str",
                ):
                    for argument in reversed(node.args):
                        found = self.file(argument.value, function, depth + 1)
                        if found and (last_name(node.callee) != "open" or argument is node.args[0]):
                            return found
                told = [each.value for each in node.args if isinstance(each.value, ir.Literal)]
                for literal in told:  # `pathOf("mcp.json")`
                    if isinstance(literal.value, str) and _FILE.fullmatch(literal.value):
                        return literal.value.lower()
                for reached in self.calls.reached(node, function)[:1]:
                    if isinstance(reached.target, FunctionInfo):
                        return self._returned_file(reached.target, depth)
                for argument in node.args[:1]:
                    return self.file(argument.value, function, depth + 1)
                if isinstance(node.callee, ir.Attribute):
                    return self.file(node.callee.base, function, depth + 1)
                return last_name(node.callee).lower()
            case ir.Operation(op="arith", operands=(first, *_, last)) if _temporary(last):
                return self.file(first, function, depth + 1)
            case ir.Format(parts=(first, *_, last)) if _temporary(last) and not isinstance(first, ir.Literal):
                return self.file(first, function, depth + 1)
            case ir.Operation(op="arith"):
                return self.file(node.operands[-1], function, depth + 1) if node.operands else ""
            case ir.Format():
                for part in reversed(node.parts):
                    if isinstance(part, ir.Literal) and _FILE.search(str(part.value)):
                        return str(part.value).rpartition("/")[2].lower()
                return ""
            case ir.Join():
                names = [self.file(each, function, depth + 1) for each in node.branches]
                return next((name for name in names if name), "")
        value = self.value(node, function)
        if value is not None:
            found = self.file(value[0], value[1], depth + 1)
            if found:
                return found
        if isinstance(node, ir.Attribute):
            for kind in self.resolver.kinds(node.base, function):
                method = self.resolver.method(kind.cls, node.name) if kind.cls is not None else None
                if method is not None:
                    return self._returned_file(method, depth)
        name = last_name(node).lower()
        return "" if name in _ANY_FILE else name

    def _returned_file(self, target: FunctionInfo, depth: int) -> str:
        for returned in self.project.flow(target).returns:
            if returned.value is not None:
                found = self.file(returned.value, target, depth + 1)
                if found:
                    return found
        return target.name.lower()

    def text(self, node: ir.Expression, function: FunctionInfo) -> str:
        """The constant parts of a text, also within `text("..")` and behind a name."""
        for _ in range(MAX_DEPTH):
            if isinstance(node, ir.Literal):
                return str(node.value)
            if isinstance(node, ir.Format):
                return constant_text(node)
            if isinstance(node, ir.Call) and node.args:
                node = node.args[0].value
                continue
            found = self.value(node, function)
            if found is None:
                return ""
            node, function = found
        return ""


def named_by(selector: Selector | None, call: ir.Call) -> list[ir.Expression]:
    """The expressions that name a store."""
    if selector is None or selector.root is Root.RECEIVER:
        return [call.callee.base] if isinstance(call.callee, ir.Attribute) else []
    return [each for each, left in select(call, selector) if not left]


def is_own(resolver: Resolver, call: ir.Call, function: FunctionInfo) -> bool:
    """A function of a module of the project in Rust, whatever it is called: `repository::load(id)`."""
    if function.module.language != "rust" or not isinstance(call.callee, ir.Attribute):
        return False
    return any(isinstance(each, FunctionInfo) for each in resolver.chain(call.callee, function))


def constant_text(node: ir.Format) -> str:
    """What is written out of a text with gaps, `x` for each gap."""
    return "".join(str(each.value) if isinstance(each, ir.Literal) else "x" for each in node.parts)


def _temporary(node: ir.Expression) -> bool:
    """`.tmp` behind a file's name: what is written beside it takes its place later."""
    return isinstance(node, ir.Literal) and _TEMPORARY.fullmatch(str(node.value)) is not None


def _is_temporary(args: tuple[ir.Argument, ...]) -> bool:
    given = args[0].value if args else None
    if isinstance(given, ir.Format | ir.Operation):
        given = (given.parts if isinstance(given, ir.Format) else given.operands)[-1:][0]
    return given is not None and _temporary(given)

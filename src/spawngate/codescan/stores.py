"""Stores: what is read is what was written, anywhere in the project, under the same name.

Belongs here: rows, settings, files and caches as nodes of the slice, and what names them. Keys only select and never
flow into what is read. Not here: which libraries have stores (`models`).

A row of a class is an object of that class: what is written to its fields anywhere is what is read. Everything else is
found by the name of its table, collection, file or cache. What nobody in the project writes is a source of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from spawngate.codescan import ir, mappers, sql
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.finding import SourceKind
from spawngate.codescan.flow import ANY, Bound, Handed, Path
from spawngate.codescan.meanings import Value
from spawngate.codescan.models.match import Callee, Index, select
from spawngate.codescan.models.model import Access, Root, Selector, StoreKind, StoreModel
from spawngate.codescan.walk import last_name

if TYPE_CHECKING:
    from spawngate.codescan.calls import Calls
    from spawngate.codescan.knowledge import Knowledge
    from spawngate.codescan.slicer import Search, State, Store

MAX_FILES = 150
MAX_DEPTH = 6
_KINDS = {
    StoreKind.DB: SourceKind.DB,
    StoreKind.SETTINGS: SourceKind.ENV,
    StoreKind.FILE: SourceKind.FILE,
    StoreKind.CACHE: SourceKind.DB,
}
_FILE = re.compile(r"[\w.-]*\.(json[c5]?|ya?ml|toml|ini|cfg|conf|db|txt|env|xml|properties)$", re.IGNORECASE)
_naming_words = (
    "insert update delete select from insertInto insert_into updateTable selectFrom into table collection "
    "get_collection"
)
_NAMING = frozenset(_naming_words.split())
"""Calls whose first argument names the table or collection."""
_ROWS = frozenset(["params!", "params", "vec!"])
"""What holds the values of a statement, in order: rusqlite's macro."""
_BESIDE = frozenset(["with_suffix", "with_name", "with_stem"])
_TEMPORARY = re.compile(r"(?:[\w.-]*[.~_-])?(?:tmp|temp|new|bak|swp|part|partial|lock)\d*|~", re.IGNORECASE)
_any_words = """
path p file f filename file_name filepath file_path fname fpath resolved dest destination target output out tmp temp src
source name location
"""
_ANY_FILE = frozenset(_any_words.split())
"""Names of variables that say nothing of which file they hold."""
_UPLOADED = frozenset(["filepath", "tempFilePath"])
"""Fields of formidable's and express-fileupload's files that say where what was sent lies."""
_OPENS = frozenset(["open", "open_file", "File", "createWriteStream", "create", "fdopen"])


@dataclass(frozen=True, slots=True)
class Write:
    """A write to a store: the parts of a call that are written."""

    call: ir.Call
    function: FunctionInfo
    name: str
    values: tuple[tuple[ir.Expression, Path], ...]
    kind: StoreKind
    model: str


Entity = ClassInfo | str


class Stores:
    """Names of stores and their writers, of one project."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.resolver = calls.resolver
        self.project = calls.project
        self._writes: dict[tuple[str, StoreKind], tuple[Write, ...]] = {}
        self._entities: dict[ClassInfo, StoreModel | None] = {}
        self._marks: dict[str, Index[StoreModel]] = {}
        self._makers: dict[str, Index[StoreModel]] = {}
        self.filled: dict[str, dict[ClassInfo, tuple[ClassInfo, StoreModel]]] = {}
        """By language, what `filled` found out: classes that a framework fills, each with the one that is marked."""

    def entity_model(self, cls: ClassInfo, knowledge: Knowledge) -> StoreModel | None:
        """The store that keeps objects of a class; None for classes that are not kept."""
        if cls in self._entities:
            return self._entities[cls]
        found: StoreModel | None = None
        names = self.resolver.class_names(cls)[1:]
        marks = self._marks.get(knowledge.language)
        if marks is None:
            marks = Index([(t, m) for m in knowledge.stores for e in m.entities for t in e.decorators])
            self._marks[knowledge.language] = marks
        for decorator in cls.decorators:
            named = decorator.callee if isinstance(decorator, ir.Call) else decorator
            if marks.may_match(last_name(named)):
                call = decorator if isinstance(decorator, ir.Call) else None
                for model in marks.find(self.resolver.callee(named, cls.module.top), call):
                    found = model
        for model in knowledge.stores:
            for entity in model.entities:
                if found is None and any(fnmatchcase(name, base) for base in entity.bases for name in names):
                    found = model
        if found is not None and any("SQLModel" in name for name in names) and not cls.node.keywords:
            found = None
        self._entities[cls] = found
        return found

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
            case ir.Format() if sql.table(_constant_text(node)):
                return sql.table(_constant_text(node))
            case ir.Format():  # `mcp:${id}`: what is constant of a key names the store
                told = [self._told(each, function) for each in node.parts]
                return "".join(told).lower() if any(part.strip("*:/-_ ") for part in told) else ""
            case ir.Cast():
                return self.entity(node.value, function, depth + 1)
            case ir.Call():
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

    def name_of(self, kind: StoreKind, node: ir.Expression, function: FunctionInfo) -> Entity:
        """The store's name: an entity, or a file."""
        return self.file(node, function) if kind is StoreKind.FILE else self.entity(node, function)

    def writes(self, knowledge: Knowledge, kind: StoreKind) -> tuple[Write, ...]:
        """Every write to stores of a kind in the project, in one language."""
        key = (knowledge.language, kind)
        found = self._writes.get(key)
        if found is None:
            self._writes[key] = ()
            found = self._writes[key] = tuple(self._find_writes(knowledge, kind))
        return found

    def _find_writes(self, knowledge: Knowledge, kind: StoreKind) -> Iterator[Write]:
        words = knowledge.writes.words() | ({"write"} if kind is StoreKind.FILE else frozenset())
        counted: dict[str, int] = {}
        calling: set[str] = set()
        for word in words:
            calling.update(self.project.texts.files_calling(word, knowledge.language))
            for path in self.project.files_with(word):
                counted[path] = counted.get(path, 0) + 1
        if kind is StoreKind.DB and any(e.calls for model in knowledge.stores for e in model.entities):
            yield from self._constructed(knowledge)
        likely = sorted(calling, key=lambda path: ("mcp" not in path.lower(), -counted[path], path))
        for module in self.project.modules(likely[:MAX_FILES], knowledge.language):
            renamed = [
                local
                for local, found in module.imports.items()
                if local not in words and any(each.name in words for each in found)
            ]
            for word in (*words, *renamed):
                for call, function in module.calls.get(word, ()):
                    yield from self._written(call, function, knowledge, kind)

    def is_own(self, call: ir.Call, function: FunctionInfo) -> bool:
        """A function of a module of the project in Rust, whatever it is called: `repository::load(id)`."""
        if function.module.language != "rust" or not isinstance(call.callee, ir.Attribute):
            return False
        return any(isinstance(each, FunctionInfo) for each in self.resolver.chain(call.callee, function))

    def _written(self, call: ir.Call, function: FunctionInfo, knowledge: Knowledge, kind: StoreKind) -> Iterator[Write]:
        if self.is_own(call, function):
            return
        callee = self.by_entity(call, self.resolver.callee(call.callee, function), function, knowledge)
        matched = False
        for model, access in knowledge.writes.find(callee, call):
            if model.kind is not kind:
                continue
            matched = True
            values: list[tuple[ir.Expression, Path]] = []
            row: ir.Record | None = None
            if access.value.root is Root.KEYWORDS and not access.value.path:
                values = [(_keyword_record(call), ())]
            elif (row := self._statement(call, function)) is not None:
                values = [(row, ())]
            elif (bound_ := self._column(call, function)) is not None:
                values = [(bound_, ())]
            elif access.value.root is not Root.RESULT:
                values = [(each, _plain(left)) for each, left in select(call, access.value)]
            elif isinstance(call.callee, ir.Attribute) or call.args:
                values = [(argument.value, ()) for argument in call.args[1:]]
            name = self._access_name(access, call, function, kind)
            if row is not None and values == [(row, ())]:
                name = sql.table(self.text(call.args[0].value, function)) or name
            if name and values:
                yield Write(call, function, name, tuple(_updates(values)), kind, model.id)
        if not matched and kind is StoreKind.FILE and last_name(call.callee) == "write" and call.args:
            base = call.callee.base if isinstance(call.callee, ir.Attribute) else None
            value = self.value(base, function) if base is not None else None
            opened = value[0] if value is not None else None
            if isinstance(opened, ir.Call) and last_name(opened.callee) in _OPENS and base is not None:
                name = self.file(base, function)
                if name:
                    yield Write(call, function, name, ((call.args[0].value, ()),), kind, "file")

    def _statement(self, call: ir.Call, function: FunctionInfo) -> ir.Record | None:
        """`execute("INSERT INTO t (a, b) VALUES (?, ?)", x, y)` as the row that it writes; None for anything else."""
        if not call.args:
            return None
        text, first = self.text(call.args[0].value, function), 1
        if not sql.table(text):
            text, first = self._prepared(call, function), 0
        if not sql.table(text):
            return None
        behind = [argument.value for argument in call.args[first:] if not argument.name and not argument.spread]
        if len(behind) == 1 and isinstance(behind[0], ir.Call) and last_name(behind[0].callee) in _ROWS:
            behind = [argument.value for argument in behind[0].args]
            behind = [ir.Sequence(call.line, call.column, tuple(behind))]
        elif len(behind) == 1 and function.module.language == "java" and not isinstance(behind[0], ir.Sequence):
            behind = [ir.Sequence(call.line, call.column, tuple(behind))]  # of arguments that may be many
        given: ir.Expression | None = behind[0] if len(behind) == 1 else None
        entries: list[ir.Entry] = []
        for column, place in sql.columns(text):
            at = call.line, call.column
            value: ir.Expression | None = None
            if not place.isdecimal():
                value = ir.Index(*at, given, ir.Literal(*at, place)) if given is not None else None
            elif isinstance(given, ir.Sequence):
                value = given.items[int(place)] if int(place) < len(given.items) else None
            elif len(behind) > 1:
                value = behind[int(place)] if int(place) < len(behind) else None
            elif given is not None:
                value = ir.Index(*at, given, ir.Literal(*at, int(place)))
            if value is not None:
                entries.append(ir.Entry(*at, ir.Literal(*at, column), value))
        return ir.Record(call.line, call.column, tuple(entries))

    def _column(self, call: ir.Call, function: FunctionInfo) -> ir.Record | None:
        """`query("INSERT INTO t (a, b) ..").bind(x).bind(y)` as the column that a `bind` writes; None elsewhere."""
        if function.module.language != "rust" or last_name(call.callee) not in ("bind", "push_bind") or not call.args:
            return None
        place, base = 0, call.callee.base if isinstance(call.callee, ir.Attribute) else None
        while isinstance(base, ir.Call | ir.Cast):
            if isinstance(base, ir.Cast):
                base = base.value
                continue
            place += last_name(base.callee) in ("bind", "push_bind")
            if not isinstance(base.callee, ir.Attribute) or last_name(base.callee).startswith("query"):
                break
            base = base.callee.base
        told = sql.columns(self.text(base, function)) if isinstance(base, ir.Call) else []
        at = call.line, call.column
        for column, number in told:
            if number == str(place):
                return ir.Record(*at, (ir.Entry(*at, ir.Literal(*at, column), call.args[0].value),))
        return ir.Record(*at, ()) if told else None

    def _prepared(self, call: ir.Call, function: FunctionInfo) -> str:
        """The statement of `insert.run(..)` where `insert = db.prepare("INSERT ..")`; "" for anything else."""
        base = call.callee.base if isinstance(call.callee, ir.Attribute) else None
        found = (base, function) if isinstance(base, ir.Call) else self.value(base, function) if base else None
        if found is None or not isinstance(found[0], ir.Call) or last_name(found[0].callee) not in ("prepare", "query"):
            return ""
        return self.text(found[0].args[0].value, found[1]) if found[0].args else ""

    def text(self, node: ir.Expression, function: FunctionInfo) -> str:
        """The constant parts of a text, also within `text("..")` and behind a name."""
        for _ in range(MAX_DEPTH):
            if isinstance(node, ir.Literal):
                return str(node.value)
            if isinstance(node, ir.Format):
                return _constant_text(node)
            if isinstance(node, ir.Call) and node.args:
                node = node.args[0].value
                continue
            found = self.value(node, function)
            if found is None:
                return ""
            node, function = found
        return ""

    def queried(self, node: ir.Call, function: FunctionInfo) -> str:
        """The table of `cur.fetchone()`: of what was executed on the same object before."""
        callee = node.callee
        holder = last_name(callee.base) if isinstance(callee, ir.Attribute) else ""
        found = ""
        for call, around in function.module.on.get(holder, ()) if holder else ():
            before = around is function and call.line <= node.line and bool(call.args)
            if before and last_name(call.callee) in ("execute", "query"):
                found = sql.table(self.text(call.args[0].value, function)) or found
        return found

    def by_entity(self, call: ir.Call, callee: Callee, function: FunctionInfo, knowledge: Knowledge) -> Callee:
        """What is known of a call, with what the file of its entity imports: `Tool.objects.get(..)` where `Tool` is
        imported from a file that imports the library."""
        root: ir.Expression = call.callee
        while isinstance(root, ir.Attribute | ir.Call):
            root = root.callee if isinstance(root, ir.Call) else root.base
        if root is call.callee or not isinstance(root, ir.Name):
            return callee
        for meaning in self.resolver.chain(root, function):
            if isinstance(meaning, Value) and self._made_entity(meaning, knowledge):
                return replace(callee, imports=callee.imports | self.resolver.names(meaning.module).imports)
            if isinstance(meaning, ClassInfo) and self.entity_model(meaning, knowledge) is not None:
                found = (self.resolver.names(each.module).imports for each in (meaning, *self.resolver.bases(meaning)))
                bases = self.resolver.class_names(meaning)  # of `db.Model`, where `db` is made in another file
                return replace(callee, imports=callee.imports.union(bases, *found))
        return callee

    def _made_entity(self, value: Value, knowledge: Knowledge) -> bool:
        """`mongoose.model("Server", schema)`, `sequelize.define("Server", {..})`: a library makes the class of rows."""
        makers = self._makers.get(knowledge.language)
        if makers is None:
            pairs = [(target, model) for model in knowledge.stores for e in model.entities for target in e.calls]
            makers = self._makers[knowledge.language] = Index(pairs)
        given = [each.value for each in value.module.assigned.get(value.name, ())]
        for each in (*given, *value.module.exports.get(value.name, ())):
            if isinstance(each, ir.Call) and makers.may_match(last_name(each.callee)):
                return bool(makers.find(self.resolver.callee(each.callee, value.module.top), each))
        return False

    def _constructed(self, knowledge: Knowledge) -> Iterator[Write]:
        """`new Server(row)`, `Server.build(row)` of such a class."""
        names: dict[str, None] = {}
        words = {target.names or target.members for m in knowledge.stores for e in m.entities for target in e.calls}
        for word in {re.split(r"[.#]", name)[-1] for each in words for name in each}:
            for module in self.project.calling(word, knowledge.language):
                for name in (*module.assigned, "default") if word in module.calls else ():
                    if self._made_entity(Value(module, name), knowledge):
                        stem = module.path.rpartition("/")[2].partition(".")[0]
                        names.update(dict.fromkeys((name,) if name != "default" else re.findall(r"\w+", stem)))
        for name in names:
            for module in self.project.modules_with(name, knowledge.language):
                for local in dict.fromkeys((name, *module.imports)):
                    for call, function in module.calls.get(local, ()):
                        if call.new and call.args and isinstance(call.callee, ir.Name):
                            kept = [m for m in self.resolver.chain(call.callee, function) if isinstance(m, Value)]
                            if any(self._made_entity(each, knowledge) for each in kept):
                                entity = self.entity(call.callee, function)
                                if isinstance(entity, str):
                                    value = call.args[0].value
                                    yield Write(call, function, entity, ((value, ()),), StoreKind.DB, "constructed")

    def _access_name(self, access: Access, call: ir.Call, function: FunctionInfo, kind: StoreKind) -> str:
        for node in named_by(access.entity, call):
            name = self.name_of(kind, node, function)
            return name.name.lower() if isinstance(name, ClassInfo) else name
        return ""


def named_by(selector: Selector | None, call: ir.Call) -> list[ir.Expression]:
    """The expressions that name a store."""
    if selector is None or selector.root is Root.RECEIVER:
        return [call.callee.base] if isinstance(call.callee, ir.Attribute) else []
    return [each for each, left in select(call, selector) if not left]


_TABLE_MARKS = {"diesel": "table_name", "sea_orm": "table_name", "Table": "name", "TableName": "value"}
"""Marks that name the table of a class, each with the argument that does."""


def table_of(cls: ClassInfo) -> str:
    """The table that a mark of the class names, in lower case; "" where none does."""
    for mark in cls.decorators:
        wanted = _TABLE_MARKS.get(last_name(mark.callee)) if isinstance(mark, ir.Call) else None
        for argument in mark.args if isinstance(mark, ir.Call) and wanted else ():
            if argument.name == wanted or (not argument.name and wanted in ("name", "value")):
                value = argument.value
                return str(value.value).lower() if isinstance(value, ir.Literal) else last_name(value).lower()
    return ""


_UPDATES = frozenset(["$set", "$setOnInsert", "$push", "$addToSet"])


def _keyword_record(call: ir.Call) -> ir.Record:
    """`create(command=c, defaults={..}, **rest)` as the row that it writes."""
    entries: list[ir.Entry] = []
    for argument in call.args:
        at = argument.line, argument.column
        if argument.spread == "**" or argument.name in ("defaults", "create_defaults"):
            entries.append(ir.Entry(*at, None, argument.value))
        elif argument.name:
            entries.append(ir.Entry(*at, ir.Literal(*at, argument.name), argument.value))
    return ir.Record(call.line, call.column, tuple(entries))


def _updates(values: list[tuple[ir.Expression, Path]]) -> Iterator[tuple[ir.Expression, Path]]:
    """What MongoDB's operators write: of `{"$set": row}` it is the row."""
    for value, left in values:
        keys = value.entries if isinstance(value, ir.Record) else ()
        rows = [each.value for each in keys if isinstance(each.key, ir.Literal) and each.key.value in _UPDATES]
        if rows and not left:
            yield from ((row, ()) for row in rows)
        else:
            yield value, left


def _temporary(node: ir.Expression) -> bool:
    """`.tmp` behind a file's name: what is written beside it takes its place later."""
    return isinstance(node, ir.Literal) and _TEMPORARY.fullmatch(str(node.value)) is not None


def _is_temporary(args: tuple[ir.Argument, ...]) -> bool:
    given = args[0].value if args else None
    if isinstance(given, ir.Format | ir.Operation):
        given = (given.parts if isinstance(given, ir.Format) else given.operands)[-1:][0]
    return given is not None and _temporary(given)


def _constant_text(node: ir.Format) -> str:
    return "".join(str(each.value) if isinstance(each, ir.Literal) else "x" for each in node.parts)


def _plain(path: tuple[object, ...]) -> Path:
    return tuple(step if isinstance(step, str | int) else ANY for step in path)


def read_call(search: Search, node: ir.Call, callee: Callee, state: State) -> bool:
    """A call that reads a store asks for what is written there."""
    knowledge = search.knows(state.function)
    if search.stores.is_own(node, state.function):
        return False
    if knowledge.reads.may_match(callee.member):
        callee = search.stores.by_entity(node, callee, state.function, knowledge)
    for model, access in knowledge.reads.find(callee, node):
        if access.value.root is not Root.RESULT:
            continue
        for named in named_by(access.entity, node) or [node]:
            if model.kind is StoreKind.FILE and isinstance(named, ir.Attribute) and named.name in _UPLOADED:
                search.follow(named, state, ())  # an uploaded file holds what its sender wrote
                return True
            name = search.stores.name_of(model.kind, named, state.function)
            if model.kind is StoreKind.DB and access.entity is not None and access.entity.root is Root.RECEIVER:
                texts = [search.stores.text(each.value, state.function) for each in node.args[:1]]
                told = next((found for found in map(sql.table, texts) if found), "")
                name = told or search.stores.queried(node, state.function) or name
            if (
                model.kind is StoreKind.FILE
                and access.entity not in access.keys  # a key is a path, never what the file holds
                and isinstance(named, ir.Name | ir.Call)
                and _is_content(search, named, state)
            ):
                search.follow(named, state, state.path)
                return True
            if model.kind is StoreKind.DB and isinstance(name, str) and node.args:
                if mappers.mapped(search, node, search.store(model.id, model.kind.value, name), state):
                    return True
                path = mappers.by_property(node, state.path)
                if path != state.path:
                    thing = search.store(model.id, model.kind.value, name)
                    search.ask(thing, state.function, path, None, state, 1, f"row of {name}", "store", node.line)
                    return True
            _ask(search, name, model, state, node.line)
            return True
    return False


def _is_content(search: Search, node: ir.Expression, state: State) -> bool:
    """`json.load(response)`, `yaml.safe_load(text)`: the argument holds text, and no file's name."""
    value = search.stores.value(node, state.function) if isinstance(node, ir.Name) else (node, state.function)
    if value is None:
        return True
    inner = value[0]
    while isinstance(inner, ir.Cast):
        inner = inner.value
    if isinstance(inner, ir.Literal | ir.Format):
        return False
    if isinstance(inner, ir.Call):
        return last_name(inner.callee) not in (*_OPENS, "Path", "join", "resolve")
    return False


def _ask(search: Search, name: Entity, model: StoreModel, state: State, line: int) -> None:
    path = state.path
    if model.id.endswith(".supabase") and path[:1] in (("data",), ("error",), ("count",)):
        if path[0] != "data":
            return
        path = path[1:]
    while isinstance(name, str) and path and model.kind is StoreKind.DB and path[0] in ("rows", "row"):
        path = path[1:]  # of a query's result
    if isinstance(name, ClassInfo):
        if name.name == "Entity" and name.module.language == "rust":  # SeaORM asks the entity for rows of its model
            name = next(iter(search.resolver.bases(name)), name)
        while path and (path[0] == ANY or isinstance(path[0], int)):
            path = path[1:]
        what = f"row of {name.name}"
        if path and isinstance(path[0], str):
            thing = search.field_of(name, path[0])
            search.ask(thing, name.module.top, path[1:], None, state, 1, what, "store", line, state.function)
        else:
            for each in name.fields:
                thing = search.field_of(name, each)
                search.ask(thing, name.module.top, (), None, state, 2, what, "store", line, state.function)
        return
    thing_ = search.store(model.id, model.kind.value, name)
    search.ask(thing_, state.function, path, None, state, 1, f"read from {name or model.id}", "store", line)


def store(search: Search, thing: Store, state: State) -> None:
    """Everything that is written to a store by name."""
    kind = StoreKind(thing.kind)
    knowledge = search.knows(state.function)
    answered = False
    for write in search.stores.writes(knowledge, kind):
        path = state.path
        if kind is StoreKind.CACHE and write.name != thing.name and thing.name:
            below = _below(thing.name, write.name, path)
            if below is None:
                continue
            path = below
        elif not thing.name or write.name != thing.name:
            continue
        answered = True
        for value, left in write.values:
            plain = search.stores.value(value, write.function) if isinstance(value, ir.Name) else None
            row = isinstance(plain[0] if plain is not None else value, ir.Record) and not left
            tail = path[1:] if path and (path[0] == ANY or isinstance(path[0], int)) else path
            for asked in dict.fromkeys((tail,) if row else (path, tail)):
                what = f"written to {thing.name}"
                search.ask(value, write.function, (*left, *asked), None, state, 1, what, "store", write.call.line)
    if not answered:
        source = _KINDS[kind]
        before = state.before
        line = next((each for each in (state.line, before.line if before else 0) if each), state.function.node.line)
        named = thing.name or "that is chosen elsewhere"
        what = f"{_NAMES[kind]} {named}, which nothing in the project writes"
        search.source(source, thing.id, what, state, line)


def _below(read: str, written: str, path: Path) -> Path | None:
    """What is asked of a value written under `servers.x` where `servers` is read, or the other way; None for others.

    `electron-store` and `conf` take a key with dots for a way into the value.
    """
    if read.startswith(f"{written}."):
        return (*read[len(written) + 1 :].split("."), *path)
    if not written.startswith(f"{read}."):
        return None
    for step in written[len(read) + 1 :].split("."):
        if path and path[0] != step and ANY not in (path[0], step):
            return None
        path = path[1:]
    return path


_NAMES = {
    StoreKind.DB: "rows of",
    StoreKind.SETTINGS: "settings",
    StoreKind.FILE: "content of the file",
    StoreKind.CACHE: "cache",
}


def read_attribute(search: Search, node: ir.Expression, state: State) -> bool:
    """No attribute reads a store by itself; rows are objects (`entity_field`)."""
    return False


def entity_field(search: Search, cls: ClassInfo, name: str, state: State) -> bool:
    """Writes of a row's field that are no assignments: a request is bound to the entity, or to its request's class."""
    knowledge = search.knows(cls.module.top)
    model = search.stores.entity_model(cls, knowledge)
    if model is None:
        return False
    if model.kind is StoreKind.SETTINGS:
        search.source(SourceKind.ENV, model.id, f"setting {cls.name}.{name}", state, cls.node.line)
        return True
    found = False
    for stem in _bound_names(cls):
        for module in search.project.typing(stem, cls.module.language):
            for functions in list(module.functions.values()):
                for function in functions:
                    if not any(_names(param.type, stem) for param in function.params) or _only_reads(function):
                        continue
                    for opening in knowledge.openings(function, search.resolver):
                        param = function.params[opening.index]
                        if _names(param.type, stem):
                            found = True
                            what = (
                                f"{opening.entry.what}: `{param.name}` of {function.qualname}(), stored as {cls.name}"
                            )
                            search.ask_source(opening.entry.kind, opening.entry.id, what, state, function, param.line)
    own = (cls.name.lower(), table_of(cls))
    for write in search.stores.writes(knowledge, StoreKind.DB):
        if write.name in own:
            for value, left in write.values:
                found = True
                what = f"written to {cls.name}"
                search.ask(
                    value, write.function, (*left, name, *state.path), None, state, 1, what, "store", write.call.line
                )
    return found


_READING = re.compile(
    r"(?:list|query|find|get|page|search|select|count|export|show|view|fetch|load|read|tree|options|download)(?![a-z])"
)
_GET_MARKS = frozenset(["GetMapping", "GET", "Get", "get", "HEAD", "head"])


def _only_reads(function: FunctionInfo) -> bool:
    """A handler that asks for rows: its parameter is a filter, not what is stored."""
    marks = {last_name(mark.callee if isinstance(mark, ir.Call) else mark) for mark in function.node.decorators}
    return bool(marks & _GET_MARKS) or _READING.match(function.name) is not None


def bound(search: Search, cls: ClassInfo, state: State) -> bool:
    """The class stands, at whatever depth, in the class of a handler's parameter: the framework makes its objects."""
    knowledge = search.knows(cls.module.top)
    names: dict[str, None] = {cls.name: None}
    for name in list(names):
        for holder in _holders(search, name, cls.module.language):
            names.setdefault(holder)
            for outer in _holders(search, holder, cls.module.language):
                names.setdefault(outer)
    found = False
    for name in list(names)[:20]:
        for module in search.project.typing(name, cls.module.language):
            for function in [each for same in module.functions.values() for each in same]:
                if not any(_names(param.type, name) for param in function.params):
                    continue
                for opening in knowledge.openings(function, search.resolver):
                    param = function.params[opening.index]
                    if _names(param.type, name):
                        found = True
                        what = f"{opening.entry.what}: `{param.name}` of {function.qualname}(), which holds {cls.name}"
                        search.ask_source(opening.entry.kind, opening.entry.id, what, state, function, param.line)
    return found


def _holders(search: Search, name: str, language: str) -> list[str]:
    """Classes that have a field of a type."""
    return [
        cls.name
        for module in search.project.typing(name, language)
        for classes in module.classes.values()
        for cls in classes
        if cls.name != name and any(_names(field.type, name) for field in cls.fields.values())
    ]


def _bound_names(cls: ClassInfo) -> list[str]:
    names = [cls.name]
    if cls.module.language == "java":
        base = cls.name.removesuffix("Entity").removesuffix("DO").removesuffix("Po")
        names += [f"{base}{end}" for end in ("Bo", "BO", "Dto", "DTO", "Vo", "VO", "Request", "Form", "Param", "Req")]
    return names


def _names(written: ir.Type | None, name: str) -> bool:
    todo = [written] if written is not None else []
    while todo:
        here = todo.pop()
        if here.name.rpartition(".")[2] == name:
            return True
        todo.extend(here.args)
    return False

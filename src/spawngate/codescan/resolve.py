"""What names and expressions are: definitions in the project, and the classes of objects.

Belongs here: scopes, imports followed through re-exports, types by annotation, construction and return. Not here: who
calls whom (`calls`), where values come from (`slicer`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from spawngate.codescan import hung, ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, ModuleInfo
from spawngate.codescan.flow import RECEIVER, Bound, Changed, Handed, Merged, Parameter, Path, Unset, Version, leaves
from spawngate.codescan.models.match import Callee, Index, select
from spawngate.codescan.models.model import TypeModel
from spawngate.codescan.models.names import Names
from spawngate.codescan.project import Project
from spawngate.codescan.walk import last_name

MAX_DEPTH = 14
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]?")
"""Names of type variables of Java."""
MOST_OVERRIDES = 12
"""Methods that a call of one may reach; of more none is likelier than another."""
_PRELUDE = {"Vec": ("std::vec::Vec",), "HashMap": ("std::collections::HashMap",)}
"""Names of Rust's collections, which need no import: what matters is the class of their elements."""
_CONTAINERS = frozenset(["|", "Optional", "Awaitable", "Coroutine", "Promise", "Arc", "Rc", "Box", "Mutex", "RwLock"])
_WRAPPERS = frozenset(
    [
        "Result",
        "Option",
        "State",
        "Data",
        "Extension",
        "Json",
        "Parameters",
        "Annotated",
        "ClassVar",
        "Final",
        "Ref",
        "Reactive",
        "AsyncGenerator",
    ]
)
_getter_words = """
get get_or_none get_by_id find_one findOne find_by_pk findByPk findById first aget afirst create acreate objects build
findOrFail findUnique get_or_404 query_one
"""
_ROW_GETTERS = frozenset(_getter_words.split())
"""Methods of libraries' classes of rows that return one row."""
_path_words = "home cwd resolve expanduser absolute joinpath with_suffix with_name with_stem relative_to"
_PATH_METHODS = frozenset(_path_words.split())
_SAME_FUNCTION = frozenset(["promisify", "async_to_sync", "sync_to_async", "util.promisify"])
_MAKES = frozenset(["parse", "parse_from", "try_parse", "try_parse_from", "from_args", "default"])
"""Associated functions that Rust derives, and that give an object of the type."""
_locator_words = """
get inject resolve resolveAsync getAsync getInstance make lookup use useService getService service instance locate
invokeFunction fetch getOrCreate create
"""
_LOCATORS = frozenset(_locator_words.split())
"""Methods of containers that are given a class and return its object."""
_fluent_words = """
use get post put patch delete all route group guard model state decorate derive resolve onError basePath register
middleware option options requiredOption argument arguments name description version usage alias addCommand command
"""
_FLUENT = frozenset(_fluent_words.split())
_FLUENT_CLASS = re.compile(r"elysia|hono|express|commander#Command", re.IGNORECASE)
"""Classes whose methods give the object again, so that a whole server is one chain of calls."""
_SELF_TYPES = frozenset(["Self", "typing.Self", "typing_extensions.Self"])
_KEPT_ON = frozenset(["state", "session_state", "ctx"])
"""Objects of Python's frameworks on which a program keeps its services."""
_PLAIN_BASES = frozenset(["object", "ABC", "Protocol", "Generic"])
"""Bases of Python that give a class no methods which a program calls."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A class: one of the project's, or another's by its qualified names. `args` are its type arguments."""

    cls: ClassInfo | None
    names: tuple[str, ...] = ()
    args: tuple[Kind, ...] = ()
    instance: bool = True
    """False: the class itself, not an object of it."""


@dataclass(frozen=True, slots=True)
class Value:
    """A name that is bound to a value at the top of a module."""

    module: ModuleInfo
    name: str


Meaning = FunctionInfo | ClassInfo | ModuleInfo | Value


class Resolver:
    """Answers about one project."""

    def __init__(
        self,
        project: Project,
        aliases: Mapping[str, Mapping[str, str]] | None = None,
        types: Mapping[str, Index[TypeModel]] | None = None,
    ) -> None:
        self.project = project
        self.aliases = aliases or {}
        self.type_models = types or {}
        self.scalars: dict[tuple[ir.Type, Path], bool] = {}
        """What `scalars` found out; a written type stands in one file, so it means one thing."""
        self._names: dict[str, Names] = {}
        self._kinds: dict[tuple[ir.Expression, FunctionInfo], tuple[Kind, ...]] = {}
        self._members: dict[tuple[str, str], list[Meaning]] = {}
        self._scopes: dict[tuple[str, FunctionInfo], FunctionInfo | None] = {}
        self._subclasses: dict[ClassInfo, list[ClassInfo]] = {}
        self._bases: dict[ClassInfo, list[ClassInfo]] = {}
        self._constructed: dict[ClassInfo, list[ClassInfo]] = {}
        self._saying: dict[tuple[ClassInfo, str], list[ClassInfo]] = {}
        self._overrides: dict[tuple[ClassInfo, str], list[FunctionInfo]] = {}

    def names(self, module: ModuleInfo) -> Names:
        """What a file's own imports bind."""
        found = self._names.get(module.path)
        if found is None:
            found = self._names[module.path] = Names(module.ir, self.aliases.get(module.language), module.bindings)
        return found

    # names

    def scope_of(self, name: str, function: FunctionInfo) -> FunctionInfo | None:
        """The innermost function around that binds the name as a variable; None for names of the module or none."""
        key = name, function
        if key in self._scopes:
            return self._scopes[key]
        here: FunctionInfo | None = function
        while here is not None:
            flow = self.project.flow(here)
            if name in flow.all and name not in flow.outer:
                break
            here = here.parent
        self._scopes[key] = here
        return here

    def meaning(self, name: str, function: FunctionInfo) -> list[Meaning]:
        """Definitions that a name stands for: nested functions, the file's own, imported ones. Not variables."""
        module = function.module
        here: FunctionInfo | None = function
        while here is not None:
            for each in module.functions.get(name, ()):
                if each.parent is here and each.owner is None:
                    return [each]
            here = here.parent
        nested = [each for each in module.classes.get(name, ()) if each.parent is None]
        if nested:
            return [nested[0]]
        if name in module.assigned and name not in module.imports:
            return [Value(module, name)]
        found = self._imported(name, module)
        if found or name in module.imports:
            return found
        inner = module.classes.get(name, [])
        if inner:
            return [inner[0]]
        for star in module.stars:
            inside = f"{star.module}.{name}" if module.language == "java" else star.module
            found = self._of_modules(module, inside, name)
            if found:
                return found
        if module.language == "java":
            return self._of_modules(module, f"{module.package}.{name}" if module.package else name, name)
        return []

    def _imported(self, name: str, module: ModuleInfo, depth: int = 0) -> list[Meaning]:
        out: list[Meaning] = []
        for statement in module.imports.get(name, ()):
            if statement.name in ("", "*"):
                paths = self.project.imported(module, statement.module)
                if not paths and module.language == "python" and "." in statement.module:
                    continue
                out.extend(each for each in map(self.project.module, paths) if each is not None)
            elif module.language == "java":
                out.extend(self._of_modules(module, f"{statement.module}.{statement.name}", statement.name, depth))
            else:
                out.extend(self._of_modules(module, statement.module, statement.name, depth))
        return out

    def _of_modules(self, importer: ModuleInfo, module: str, name: str, depth: int = 0) -> list[Meaning]:
        if depth > MAX_DEPTH:
            return []
        out: list[Meaning] = []
        for path in self.project.imported(importer, module):
            info = self.project.module(path)
            if info is not None:
                out.extend(self.member(info, name, depth + 1))
        if out:
            return out
        if importer.language == "rust" and "::" in module:  # `crate::a::inner`, where a.rs says `mod inner { .. }`
            around, _, inline = module.rpartition("::")
            for path in self.project.imported(importer, around):
                info = self.project.module(path)
                if info is not None and inline in info.assigned:
                    out.extend(self.member(info, name, depth + 1))
            if out:
                return out
        if importer.language == "python":
            joined = f"{module}{name}" if module.endswith(".") else f"{module}.{name}"
        elif importer.language == "rust":
            joined = f"{module}::{name}"
        else:
            return []
        return [each for each in map(self.project.module, self.project.imported(importer, joined)) if each is not None]

    def member(self, module: ModuleInfo, name: str, depth: int = 0) -> list[Meaning]:
        """What `module.name` is, through re-exports."""
        key = (module.path, name)
        if key in self._members:
            return self._members[key]
        if depth > MAX_DEPTH:
            return []
        self._members[key] = []
        found: list[Meaning] = []
        own = module.toplevel(name)
        if own is not None:
            found = [own]
        elif name in module.exports:
            for value in module.exports[name]:
                found.extend(self._exported(module, value, depth))
        elif name in module.assigned:
            found = [Value(module, name)]
        if not found and name in module.imports:
            found = self._imported(name, module, depth + 1)
        if not found:
            for star in module.stars:
                if star.module:
                    found = self._of_modules(module, star.module, name, depth + 1)
                    if found:
                        break
        if not found and name == "default":
            defined: list[FunctionInfo | ClassInfo] = [one for each in module.functions.values() for one in each]
            defined.extend(one for each in module.classes.values() for one in each)
            found.extend([each for each in defined if each.node.exported][:1])
        self._members[key] = found
        return found

    def _exported(self, module: ModuleInfo, value: ir.Expression, depth: int) -> list[Meaning]:
        if isinstance(value, ir.Closure):
            return [module.of[value.function]]
        if isinstance(value, ir.Call) and value.new:
            return [Value(module, "default")]
        name = last_name(value)
        if isinstance(value, ir.Name):
            own = module.toplevel(name)
            if own is not None:
                return [own]
            if name in module.assigned:
                return [Value(module, name)]
            return self._imported(name, module, depth + 1)
        return [Value(module, "default")]

    def chain(self, node: ir.Expression, function: FunctionInfo) -> list[Meaning]:
        """Definitions that a name or a chain of attributes stands for: `pkg.module.Class`."""
        names: list[str] = []
        while isinstance(node, ir.Attribute):
            names.append(node.name)
            node = node.base
        if not isinstance(node, ir.Name):
            return []
        path = function.module.language == "rust" and bool(names) and self._is_path(node, names[-1], function)
        if not path and self.scope_of(node.id, function) not in (None, function.module.top):
            return []
        here = self.meaning(node.id, function)
        if not here and names and function.module.language in ("python", "rust"):
            whole, joint = [node.id, *reversed(names)], "." if function.module.language == "python" else "::"
            for end in range(len(whole) - 1, 0, -1):
                found = self._of_modules(function.module, joint.join(whole[:end]), whole[end])
                if found:
                    here, names = found, list(reversed(whole[end + 1 :]))
                    break
        for name in reversed(names):
            further: list[Meaning] = []
            for each in here:
                if isinstance(each, ModuleInfo):
                    further.extend(self.member(each, name))
                elif isinstance(each, ClassInfo):
                    inner = [cls for cls in each.module.classes.get(name, ()) if cls.parent is each]
                    further.extend(inner)
                    method = self.method(each, name)
                    if method is not None and not inner:
                        further.append(method)
            here = further
        if function.module.language == "javascript":
            out: list[Meaning] = []
            for each in here:
                default = self.member(each, "default") if isinstance(each, ModuleInfo) else []
                out.extend(default or [each])
            return out
        return here

    def _is_path(self, node: ir.Name, step: str, function: FunctionInfo) -> bool:
        """`service::Service`, `let live = live::current()` of Rust: no variable, whatever variables there are."""
        if step[:1].isupper():
            return True
        flow = self.project.flow(function)
        version = flow.uses.get(node)
        return node.id in flow.all and (version is None or isinstance(version, Unset))

    # classes

    def bases(self, cls: ClassInfo) -> list[ClassInfo]:
        """Base classes in the project, nearest first, each once."""
        found = self._bases.get(cls)
        if found is not None:
            return found
        out: list[ClassInfo] = []
        self._bases[cls] = out
        todo = [cls]
        while todo and len(out) < 50:
            here = todo.pop(0)
            for base in here.bases:
                for kind in self.kinds_of_type(base, here.module.top):
                    if kind.cls is not None and kind.cls not in out and kind.cls is not cls:
                        out.append(kind.cls)
                        todo.append(kind.cls)
        return out

    def class_names(self, cls: ClassInfo) -> tuple[str, ...]:
        """Qualified names of a class and of all its bases, the project's and others'."""
        out: dict[str, None] = {}
        for each in (cls, *self.bases(cls)):
            names = self.names(each.module)
            out.setdefault(self._own_name(each))
            for base in each.bases:
                for name in (*names.qualified_text(base.name), *self._made_base(base, each)):
                    out.setdefault(name)
            for trait in _derived(each):
                for name in names.qualified(trait):
                    out.setdefault(name)
        return tuple(out)

    def inherits_unseen(self, cls: ClassInfo, name: str) -> bool:
        """A method that no class of the project gives it may be one of a library's class that it extends."""
        if cls.module.language != "python" or self.overrides(cls, name):
            return False
        return any(
            base.name.rpartition(".")[2] not in _PLAIN_BASES
            and all(kind.cls is None for kind in self.kinds_of_type(base, each.module.top))
            for each in (cls, *self.bases(cls))
            for base in each.bases
        )

    def _made_base(self, base: ir.Type, cls: ClassInfo) -> tuple[str, ...]:
        """`db.Model` where `db = SQLAlchemy()` stands in another file: `flask_sqlalchemy.SQLAlchemy.Model`."""
        written = type_name(base)
        if not isinstance(written, ir.Attribute) or cls.module.language != "python":
            return ()
        kinds = self.kinds(written.base, cls.module.top)
        return tuple(f"{name}.{written.name}" for kind in kinds if kind.cls is None for name in kind.names)

    def _own_name(self, cls: ClassInfo) -> str:
        stem = cls.module.path.rpartition(".")[0]
        if cls.module.language == "python":
            return f"{stem.replace('/', '.')}.{cls.qualname}"
        if cls.module.language == "java":
            return f"{cls.module.package}.{cls.qualname}" if cls.module.package else cls.qualname
        return f"{stem}{'#' if cls.module.language == 'javascript' else '::'}{cls.qualname}"

    def subclasses(self, cls: ClassInfo) -> list[ClassInfo]:
        """Classes in the project that have it among their bases."""
        found = self._subclasses.get(cls)
        if found is None:
            found = self._subclasses[cls] = []
            for module in self.project.extenders(cls.name, cls.module.language):
                for classes in module.classes.values():
                    for each in classes:
                        named = any(base.name.rpartition(".")[2] == cls.name for base in each.bases)
                        if each is not cls and named and cls in self.bases(each):
                            found.append(each)
            for each in list(found):
                found.extend(further for further in self.subclasses(each) if further not in found)
        return found

    def overrides(self, cls: ClassInfo, name: str) -> list[FunctionInfo]:
        """Methods of that name in classes that have it among their bases, at most MOST_OVERRIDES."""
        key = cls, name
        found = self._overrides.get(key)
        if found is None:
            heirs = self._heirs(cls, lambda path, _own: self.project.texts.defines(path, name))
            methods = (each.methods[name] for each in heirs if name in each.methods)
            found = self._overrides[key] = list(islice(methods, MOST_OVERRIDES))
        return found

    def constructed(self, cls: ClassInfo) -> list[ClassInfo]:
        """Classes that have it among their bases, as far as somebody may make objects of them."""
        found = self._constructed.get(cls)
        if found is None:
            found = self._constructed[cls] = list(self._heirs(cls, self.project.makes))
        return found

    def saying(self, cls: ClassInfo, name: str) -> list[ClassInfo]:
        """Classes that have it among their bases, in files that say a name."""
        key = cls, name
        found = self._saying.get(key)
        if found is None:
            paths = set(self.project.files_with(name))
            found = self._saying[key] = list(self._heirs(cls, lambda path, _own: path in paths))
        return found

    def _heirs(self, cls: ClassInfo, wanted: Callable[[str, str], bool]) -> Iterator[ClassInfo]:
        if cls.module.language == "rust":  # blocks of one type lie apart, and a trait's has not the name of the type
            yield from self.subclasses(cls)
            return
        heirs = self.project.heirs(cls.name, cls.module.language)
        paths = dict.fromkeys(path for path, own in heirs if wanted(path, own))
        for module in self.project.modules(paths):
            for each in [each for classes in module.classes.values() for each in classes]:
                if each is not cls and cls in self.bases(each):
                    yield each

    def parts_of(self, cls: ClassInfo) -> list[ClassInfo]:
        """The class's blocks in other files (Rust's `impl`)."""
        if cls.module.language != "rust":
            return [cls]
        others = [each for each in self.project.classes(cls.name, "rust") if each is not cls]
        same = [each for each in others if each.kind == "impl" or cls.kind == "impl"]
        return [cls, *same]

    def method(self, cls: ClassInfo, name: str) -> FunctionInfo | None:
        """A method of a class, or of the nearest base that has it with a body."""
        fallback: FunctionInfo | None = None
        for each in (*self.parts_of(cls), *self.bases(cls)):
            found = each.methods.get(name)
            if found is not None:
                if found.node.body:
                    return found
                fallback = fallback or found
        return fallback

    def kinds_of_type(self, written: ir.Type | None, function: FunctionInfo, depth: int = 0) -> tuple[Kind, ...]:
        """Classes that a written type names."""
        if written is None or depth > MAX_DEPTH:
            return ()
        bare = written.name.rpartition("::")[2]  # Rust writes them in full: `axum::extract::State<..>`
        if bare in _CONTAINERS or bare in _WRAPPERS:
            parts = written.args[:1] if bare == "Result" else written.args
            return tuple(kind for part in parts for kind in self.kinds_of_type(part, function, depth + 1))
        if written.name in ("", "None", "null", "Literal", "{}"):
            return ()
        if written.name in _SELF_TYPES:
            owner = _owner(function)
            return (Kind(owner),) if owner is not None else ()
        inner = tuple(kind for part in written.args[-1:] for kind in self.kinds_of_type(part, function, depth + 1))
        meanings = self.chain(type_name(written), function)
        found = [each for each in meanings if isinstance(each, ClassInfo)]
        if found:
            return tuple(Kind(each, (), inner) for each in found)
        annotated = self._annotated(meanings, written, function)
        if annotated:
            return annotated
        names = self.names(function.module).qualified_text(written.name)
        if function.module.language == "rust" and inner:
            names = _PRELUDE.get(written.name, names)
        if function.module.language == "rust" and not any("::" in name for name in names):
            return ()  # a type parameter, or a type that nothing imports: its class is not known
        return (Kind(None, names, inner),) if names else ()

    def _annotated(self, meanings: list[Meaning], written: ir.Type, function: FunctionInfo) -> tuple[Kind, ...]:
        """The class behind an alias `User = Annotated[Row, ..]`."""
        for meaning in meanings:
            alias = self._alias(written, function) if isinstance(meaning, Value) else None
            if isinstance(meaning, Value) and isinstance(alias, ir.Index) and last_name(alias.base) == "Annotated":
                first = alias.key.items[0] if isinstance(alias.key, ir.Sequence) and alias.key.items else alias.key
                if isinstance(first, ir.Name | ir.Attribute):
                    kinds = self.kinds(first, meaning.module.top)
                    return tuple(Kind(kind.cls, kind.names, kind.args) for kind in kinds)
        return ()

    def alias_marks(self, written: ir.Type | None, function: FunctionInfo) -> tuple[ir.Expression, ...]:
        """What an alias of a type says beside it: `User = Annotated[Row, Depends(f)]`."""
        value = self._alias(written, function)
        if isinstance(value, ir.Index) and last_name(value.base) == "Annotated" and isinstance(value.key, ir.Sequence):
            return value.key.items[1:]
        return ()

    def _alias(self, written: ir.Type | None, function: FunctionInfo) -> ir.Expression | None:
        if written is None or not written.name or written.args:
            return None
        for meaning in self.chain(type_name(written), function):
            if isinstance(meaning, Value):
                for statement in meaning.module.assigned.get(meaning.name, ())[-1:]:
                    return statement.value
        return None

    # objects

    def kinds(self, node: ir.Expression, function: FunctionInfo, depth: int = 0) -> tuple[Kind, ...]:
        """Classes that the value of an expression may have; empty where nothing is known."""
        key = (node, function)
        found: tuple[Kind, ...] | None = self._kinds.get(key)
        if found is not None:
            return found
        if depth > MAX_DEPTH:
            return ()
        self._kinds[key] = ()
        found = tuple(dict.fromkeys(self._infer(node, function, depth + 1)))
        if depth == 0 or found:
            self._kinds[key] = found
        else:
            del self._kinds[key]
        return found

    def _infer(self, node: ir.Expression, function: FunctionInfo, depth: int) -> list[Kind]:
        match node:
            case ir.Name():
                return self._infer_name(node, function, depth)
            case ir.Attribute():
                return self._infer_attribute(node, function, depth)
            case ir.Index():
                return [arg for kind in self.kinds(node.base, function, depth) for arg in kind.args]
            case ir.Call():
                return self._infer_call(node, function, depth)
            case ir.Join():
                return [kind for branch in node.branches[:6] for kind in self.kinds(branch, function, depth)]
            case ir.Cast():
                return list(self.kinds_of_type(node.type, function))
            case ir.Operation(op="arith", operands=(first, *_)):  # `Path("a") / "b"`
                return [kind for kind in self.kinds(first, function, depth) if _is_path(kind)]
            case _:
                return []

    def _infer_name(self, node: ir.Name, function: FunctionInfo, depth: int) -> list[Kind]:
        if node.id in ("self", "super", "cls"):
            owner = _owner(function)
            if owner is not None:
                if node.id == "super":
                    return [kind for base in owner.bases for kind in self.kinds_of_type(base, owner.module.top)]
                return [Kind(owner, instance=node.id == "self")]
        version = self.project.flow(function).uses.get(node)
        if version is not None:
            return self.kinds_of_version(version, function, depth)
        scope = self.scope_of(node.id, function)
        if scope is not None and scope is not function.module.top:
            versions = self.project.flow(scope).all[node.id][:4]
            return [kind for each in versions for kind in self.kinds_of_version(each, scope, depth)]
        return [kind for each in self.meaning(node.id, function) for kind in self._of_meaning(each, depth)]

    def _of_meaning(self, meaning: Meaning, depth: int) -> list[Kind]:
        if isinstance(meaning, ClassInfo):
            return [Kind(meaning, instance=False)]
        if isinstance(meaning, Value):
            top = meaning.module.top
            out: list[Kind] = []
            for statement in meaning.module.assigned.get(meaning.name, [])[:3]:
                if statement.type is not None:
                    out.extend(self.kinds_of_type(statement.type, top))
                elif statement.value is not None:
                    out.extend(self.kinds(statement.value, top, depth))
            for value in meaning.module.exports.get(meaning.name, ())[:2]:
                out.extend(self.kinds(value, top, depth))
            return out
        return []

    def kinds_of_version(self, version: Version, function: FunctionInfo, depth: int = 0) -> list[Kind]:
        """Classes of a version of a variable."""
        out: list[Kind] = []
        seen: set[Version] = set()
        todo = [version]
        while todo and len(seen) < 40:
            here = todo.pop()
            if here in seen:
                continue
            seen.add(here)
            if isinstance(here, Merged):
                todo.extend(here.versions[:8])
            elif isinstance(here, Changed | Handed):
                todo.append(here.before)
            elif isinstance(here, Parameter) and here.index == RECEIVER:
                owner = _owner(function)
                out.extend(self._at([Kind(owner)] if owner is not None else [], here.path))
            elif isinstance(here, Parameter):
                param = function.params[here.index]
                if here.path and _is_object(param.type):
                    out.extend(self._of_object(param.type, here.path, function))
                    continue
                kinds: tuple[Kind, ...] | list[Kind] = self.kinds_of_type(param.type, function)
                if not kinds and here.index == 0 and function.receiver and function.owner is not None:
                    kinds = [Kind(function.owner, instance=param.name == "self")]
                elif not kinds and param.default is not None and isinstance(param.default, ir.Call):
                    kinds = self._default_kinds(param.default, function, depth)
                elif not kinds and function.closure is not None and depth < MAX_DEPTH:
                    kinds = self._callback_kinds(function, here.index)
                out.extend(self._at(list(kinds), here.path))
            elif isinstance(here, Bound):
                statement = here.statement
                declared = statement.type if isinstance(statement, ir.Assign) else None
                if declared is not None and not here.path:
                    out.extend(self.kinds_of_type(declared, function))
                elif here.value is not None:
                    out.extend(self._at(list(self.kinds(here.value, function, depth)), here.path))
        return out

    def _of_object(self, written: ir.Type | None, path: Path, function: FunctionInfo) -> list[Kind]:
        """Classes of a part of what has a type that is written in place: `{ repository: Repository }`."""
        for number, step in enumerate(path):
            if written is None or not _is_object(written):
                return self._at(list(self.kinds_of_type(written, function)), path[number:])
            written = dict(zip(written.literals, written.args, strict=True)).get(step)
        return list(self.kinds_of_type(written, function))

    def _callback_kinds(self, function: FunctionInfo, index: int) -> list[Kind]:
        """The class of a callback's parameter, by the models: `io.on("connection", (socket) => ..)`."""
        models = self.type_models.get(function.module.language)
        holder = function.module.argument_of.get(function.closure) if function.closure is not None else None
        if (
            models is None
            or holder is None
            or function.parent is None
            or not models.may_match(last_name(holder[0].callee))
        ):
            return []
        for model in models.find(self.callee(holder[0].callee, function.parent), holder[0]):
            given = select(holder[0], model.callback) if model.callback is not None and model.index == index else ()
            if any(node is function.closure for node, _ in given):
                return [Kind(None, (model.result,))]
        return []

    def _default_kinds(self, default: ir.Call, function: FunctionInfo, depth: int) -> list[Kind]:
        """FastAPI's `x = Depends(get_x)`: what `get_x` returns."""
        out: list[Kind] = []
        for argument in default.args[:1]:
            for meaning in self.chain(argument.value, function):
                if isinstance(meaning, FunctionInfo):
                    out.extend(self.returned(meaning, depth))
                elif isinstance(meaning, ClassInfo):
                    out.append(Kind(meaning))
        return out

    def _at(self, kinds: list[Kind], path: Path) -> list[Kind]:
        for step in path:
            further: list[Kind] = []
            for kind in kinds:
                if kind.cls is not None and isinstance(step, str) and step != "*":
                    further.extend(self.field(kind.cls, step))
                elif kind.args:
                    further.extend(kind.args)
            kinds = further
        return kinds

    def field(self, cls: ClassInfo, name: str, depth: int = 0) -> list[Kind]:
        """Classes of a field: as declared, or of what is written to it."""
        if depth > MAX_DEPTH:
            return []
        for each in (*self.parts_of(cls), *self.bases(cls)):
            declared = each.fields.get(name)
            if declared is not None:
                if declared.type is not None:
                    bound = self._type_arguments(cls, each, declared.type)
                    return bound or list(self.kinds_of_type(declared.type, each.module.top))
                if declared.value is not None:
                    return list(self.kinds(declared.value, each.module.top, depth + 1))
            getter = each.methods.get(name)
            if getter is not None and getter.node.getter:
                return self.returned(getter, depth + 1)
            out: list[Kind] = []
            for statement, target, function in each.module.writes.get(name, ()):
                if _owner(function) is each and isinstance(target, ir.Attribute) and _is_self(target.base):
                    if statement.type is not None:
                        out.extend(self.kinds_of_type(statement.type, function))
                    elif statement.value is not None and statement.target is target:
                        out.extend(self.kinds(statement.value, function, depth + 1))
            if out:
                return out
        return []

    def _type_arguments(self, cls: ClassInfo, base: ClassInfo, written: ir.Type) -> list[Kind]:
        """Classes for the type variable `S` of a base class of Java, by what the class extends: `Base<Service, Row>`.

        Which of the arguments is meant is not known: each of them may be.
        """
        if base is cls or base.module.language != "java" or _VARIABLE.fullmatch(written.name) is None:
            return []
        out: list[Kind] = []
        for each in (cls, *self.bases(cls)):
            for extended in each.bases:
                if extended.args and any(kind.cls is base for kind in self.kinds_of_type(extended, each.module.top)):
                    for argument in extended.args:
                        kinds = self.kinds_of_type(argument, each.module.top)
                        out.extend(kind for kind in kinds if kind.cls is not None)
        return out

    def _infer_attribute(self, node: ir.Attribute, function: FunctionInfo, depth: int) -> list[Kind]:
        meanings = self.chain(node, function)
        out = [kind for each in meanings for kind in self._of_meaning(each, depth)]
        if out:
            return out
        version = self.project.flow(function).uses.get(node.base) if isinstance(node.base, ir.Name) else None
        if isinstance(version, Parameter) and version.index >= 0 and _is_object(function.params[version.index].type):
            return self._of_object(function.params[version.index].type, (*version.path, node.name), function)
        for kind in self.kinds(node.base, function, depth):
            if kind.cls is not None:
                out.extend(self.field(kind.cls, node.name, depth))
            elif node.name in ("parent", "parents") and _is_path(kind):
                out.append(kind)
        if not out and function.module.language == "javascript":
            for value, around in hung.values(self.project, node):
                out.extend(self.kinds(value, around, depth))
        if not out and function.module.language == "python" and last_name(node.base) in _KEPT_ON:
            out.extend(self._kept_on(node, depth))
        return out

    def _kept_on(self, node: ir.Attribute, depth: int) -> Iterator[Kind]:
        """`request.app.state.service` where `app.state.service = Service()` stands anywhere in the project."""
        holder = last_name(node.base)
        for module in list(self.project.writers(node.name, "python"))[:8]:
            for statement, target, around in module.writes.get(node.name, ()):
                held = target.base if isinstance(target, ir.Attribute) and target.name == node.name else None
                if held is not None and last_name(held) == holder and statement.value is not None:
                    yield from self.kinds(statement.value, around, depth)

    def returned(self, function: FunctionInfo, depth: int = 0) -> list[Kind]:
        """Classes of what a function returns."""
        declared = list(self.kinds_of_type(function.node.returns, function))
        if declared or depth > MAX_DEPTH:
            return declared
        out: list[Kind] = []
        for statement in self.project.flow(function).returns[:6]:
            if statement.value is not None:
                out.extend(self.kinds(statement.value, function, depth + 1))
        return out

    def _infer_call(self, node: ir.Call, function: FunctionInfo, depth: int) -> list[Kind]:
        out: list[Kind] = []
        for meaning in self.chain(node.callee, function):
            if isinstance(meaning, ClassInfo):
                out.append(Kind(meaning))
            elif isinstance(meaning, FunctionInfo):
                out.extend(self.returned(meaning, depth))
        if out:
            return out
        callee = node.callee
        if isinstance(callee, ir.Attribute):
            kinds = self.kinds(callee.base, function, depth)
            for kind in kinds:
                if kind.cls is not None:
                    method = self.method(kind.cls, callee.name)
                    if method is None and not kind.instance and callee.name in _ROW_GETTERS:
                        out.append(Kind(kind.cls))  # inherited from a library's class of rows
                    if method is not None:
                        returned = self.returned(method, depth)
                        out.extend(Kind(kind.cls) if each.cls is method.owner else each for each in returned)
                elif (callee.name in _PATH_METHODS and _is_path(kind)) or _is_fluent(kind, callee.name):
                    out.append(Kind(None, kind.names))
                elif callee.name in ("get", "pop", "setdefault", "values", "unwrap", "clone", "copy"):
                    out.extend(kind.args or ((kind,) if callee.name in ("clone", "copy", "unwrap") else ()))
        elif isinstance(callee, ir.Name):
            kinds = self.kinds(callee, function, depth)
            out.extend(Kind(kind.cls, kind.names, kind.args) for kind in kinds if not kind.instance)
        if (
            not out
            and isinstance(callee, ir.Attribute)
            and callee.name in _MAKES
            and function.module.language == "rust"
        ):
            kinds = self.kinds(callee.base, function, depth)
            out.extend(Kind(kind.cls) for kind in kinds if kind.cls is not None and not kind.instance)
        if not out and function.module.language == "javascript" and isinstance(callee, ir.Attribute):
            out.extend(self._kept(callee, function, depth))
        if not out and function.module.language == "javascript" and node.args and last_name(callee) in _LOCATORS:
            # `Container.inject(Store)`, `moduleRef.get(Store)`: a container makes the object of the class.
            given = self.chain(node.args[0].value, function)
            out.extend(Kind(each) for each in given if isinstance(each, ClassInfo))
        if not out:
            out.extend(self._external_call(node, function))
        return out

    def _kept(self, callee: ir.Attribute, function: FunctionInfo, depth: int) -> list[Kind]:
        """`sessions.get(id)`: classes of what the same file puts into the map or list of that name."""
        holder = last_name(callee.base)
        if callee.name not in ("get", "at", "find", "values", "shift", "pop") or not holder:
            return []
        out: list[Kind] = []
        for call, around in function.module.on.get(holder, ())[:12]:
            if last_name(call.callee) in ("set", "push", "add", "unshift") and call.args:
                out.extend(kind for kind in self.kinds(call.args[-1].value, around, depth) if kind.cls is not None)
        return out

    def _external_call(self, node: ir.Call, function: FunctionInfo) -> list[Kind]:
        module = function.module
        models = self.type_models.get(module.language)
        callee = self.callee(node.callee, function)
        for model in models.find(callee, node) if models is not None else ():
            if model.callback is None:
                return [Kind(None, (model.result,))]
        last = last_name(node.callee)
        if callee.names and (node.new or last[:1].isupper()):
            return [Kind(None, callee.names)]
        if module.language == "rust" and last in ("new", "builder", "default") and callee.names:
            return [Kind(None, tuple(name.rpartition("::")[0] for name in callee.names))]
        return []

    def _base_names(self, function: FunctionInfo) -> tuple[str, ...]:
        owner = _owner(function)
        return self.class_names(owner)[1:] if owner is not None else ()

    def _another_name(self, version: Version | None, function: FunctionInfo) -> tuple[str, ...]:
        """`const run = promisify(exec)`, `const { Transport: Stdio } = stdio`, `const T = stdio.Transport`."""
        if not isinstance(version, Bound) or version.value is None or len(version.path) > 1:
            return ()
        value = version.value
        if isinstance(value, ir.Call) and last_name(value.callee) in _SAME_FUNCTION and len(value.args) == 1:
            value = value.args[0].value
        for step in version.path:
            if not isinstance(step, str) or step == "*":
                return ()
            value = ir.Attribute(value.line, value.column, value, step)
        if not isinstance(value, ir.Name | ir.Attribute):
            return ()
        names = self.names(function.module).qualified(value)
        return names if not any(name.startswith("#") for name in names) else ()

    def _library_class(self, node: ir.Name, function: FunctionInfo) -> tuple[str, ...]:
        """A class of the project that inherits the constructor of a library's: making one makes the library's."""
        for meaning in self.meaning(node.id, function):
            if isinstance(meaning, ClassInfo) and meaning.bases and self.method(meaning, "__init__") is None:
                return self.class_names(meaning)
        return ()

    def spoken(self, node: ir.Expression, function: FunctionInfo) -> tuple[str, ...]:
        """Last names by which a model may know a thing: as it is written here, as it was imported, as it was bound."""
        name = last_name(node)
        if not isinstance(node, ir.Name) or not name:
            return (name,)
        out = [name]
        module = function.module
        out.extend(each.name or "default" for each in module.imports.get(name, ()))
        version = self.project.flow(function).uses.get(node)
        bound = [(version.value, version.path)] if isinstance(version, Bound) and version.value is not None else []
        for value, path in bound or module_level(name, module):
            same = isinstance(value, ir.Call) and last_name(value.callee) in _SAME_FUNCTION and len(value.args) == 1
            told = value.args[0].value if same and isinstance(value, ir.Call) else value
            out.append(str(path[-1]) if path else last_name(told))
        return tuple(dict.fromkeys(each for each in out if each))

    def callee(self, node: ir.Expression, function: FunctionInfo) -> Callee:
        """What is known of a thing that is called, read or stands as a decorator, for the models' matching."""
        names = self.names(function.module)
        root = node
        while isinstance(root, ir.Attribute | ir.Index):
            root = root.base
        local = isinstance(root, ir.Name) and self.scope_of(root.id, function) not in (None, function.module.top)
        qualified = () if local and isinstance(root, ir.Name) else names.qualified(node)
        member, receiver = "", ""
        classes: tuple[str, ...] | None = None
        if isinstance(node, ir.Attribute) and node.name == "__init__" and last_name(node.base) == "super":
            qualified = self._base_names(function)
        elif isinstance(node, ir.Attribute | ir.Index):
            member = last_name(node)
            receiver = last_name(node.base.callee if isinstance(node.base, ir.Call) else node.base)
            kinds = self.kinds(node.base, function)
            if kinds:
                known: dict[str, None] = {}
                for kind in kinds:
                    for name in self.class_names(kind.cls) if kind.cls is not None else kind.names:
                        known.setdefault(name)
                classes = tuple(known)
                joint = "::" if function.module.language == "rust" else "."
                qualified = (*qualified, *(f"{name}{joint}{member}" for name in known))
        elif isinstance(node, ir.Name) and node.id == "super":
            qualified = self._base_names(function)
        elif isinstance(node, ir.Name) and local:
            kinds = tuple(kind for kind in self.kinds(node, function) if not kind.instance)
            qualified = tuple(name for kind in kinds if kind.cls is None for name in kind.names)
            qualified = qualified or self._another_name(self.project.flow(function).uses.get(node), function)
        elif isinstance(node, ir.Name) and (made := self._library_class(node, function)):
            qualified = made
        elif isinstance(node, ir.Name) and len(found := module_level(node.id, function.module)) == 1:
            value, path = found[0]
            qualified = self._another_name(Bound(found_at(value), value, path), function.module.top) or qualified
        return Callee(qualified, member, classes, receiver, names.imports)


def module_level(name: str, module: ModuleInfo) -> list[tuple[ir.Expression, Path]]:
    """What a variable of the file is assigned: the value, and the part of it that a destructuring takes."""
    out: list[tuple[ir.Expression, Path]] = []
    out.extend((statement.value, ()) for statement in module.assigned.get(name, ()) if statement.value is not None)
    for statement in module.taken.get(name, ()):
        for leaf, path, _ in leaves(statement.target):
            if isinstance(leaf, ir.Name) and leaf.id == name and statement.value is not None:
                out.append((statement.value, path))
    return out


def found_at(value: ir.Expression) -> ir.Statement:
    """A statement for a version that no statement makes."""
    return ir.Evaluate(value.line, value.column, value)


def _is_object(written: ir.Type | None) -> bool:
    """A type of TypeScript that is written in place, with its fields."""
    return written is not None and written.name == "{}" and len(written.args) == len(written.literals)


def _is_fluent(kind: Kind, method: str) -> bool:
    return method in _FLUENT and any(_FLUENT_CLASS.search(name) for name in kind.names)


def _is_path(kind: Kind) -> bool:
    return any(name.startswith("pathlib.") and name.endswith("Path") for name in kind.names)


def type_name(written: ir.Type) -> ir.Expression:
    """A type's name as an expression: `a.B` as an attribute."""
    parts = written.name.replace("::", ".").split(".")
    node: ir.Expression = ir.Name(written.line, written.column, parts[0])
    for part in parts[1:]:
        node = ir.Attribute(written.line, written.column, node, part)
    return node


def _derived(cls: ClassInfo) -> list[ir.Expression]:
    """Traits that Rust derives for a type: `#[derive(Parser)]` is an implementation that nobody wrote out."""
    if cls.module.language != "rust":
        return []
    marks = [mark for mark in cls.decorators if isinstance(mark, ir.Call) and last_name(mark.callee) == "derive"]
    return [argument.value for mark in marks for argument in mark.args]


def _owner(function: FunctionInfo) -> ClassInfo | None:
    here: FunctionInfo | None = function
    while here is not None:
        if here.owner is not None:
            return here.owner
        here = here.parent
    return None


def _is_self(node: ir.Expression) -> bool:
    return isinstance(node, ir.Name) and node.id in ("self", "cls")


owner_of = _owner

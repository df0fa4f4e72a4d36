"""Classes of the project: what they extend, who extends them, and which method a name means in one.

Belongs here: bases, heirs, inherited and overriding methods, and the blocks of one type that lie apart. Not here: of
which class an object is (`kinds`).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from spawngate.codescan import ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.meanings import Meanings
from spawngate.codescan.project import Project
from spawngate.codescan.walk import last_name

MOST_OVERRIDES = 12
"""Methods that a call of one may reach; of more none is likelier than another."""
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


class Hierarchy(Meanings):
    """Answers about the classes of one project."""

    def __init__(self, project: Project, aliases: Mapping[str, Mapping[str, str]] | None = None) -> None:
        super().__init__(project, aliases)
        self._subclasses: dict[ClassInfo, list[ClassInfo]] = {}
        self._bases: dict[ClassInfo, list[ClassInfo]] = {}
        self._constructed: dict[ClassInfo, list[ClassInfo]] = {}
        self._saying: dict[tuple[ClassInfo, str], list[ClassInfo]] = {}
        self._overrides: dict[tuple[ClassInfo, str], list[FunctionInfo]] = {}
        self._parts: dict[ClassInfo, list[ClassInfo]] = {}

    @abstractmethod
    def kinds(self, node: ir.Expression, function: FunctionInfo, depth: int = 0) -> tuple[Kind, ...]:
        """Classes that the value of an expression may have."""

    @abstractmethod
    def kinds_of_type(self, written: ir.Type | None, function: FunctionInfo, depth: int = 0) -> tuple[Kind, ...]:
        """Classes that a written type names."""

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

    def extends(self, cls: ClassInfo, base: ClassInfo) -> bool:
        """Whether a class is another, or has it among its bases: asked from below, for which no other file is read."""
        return cls is base or base in self.bases(cls)

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
        found = self._parts.get(cls)
        if found is None:
            others = [each for each in self.project.classes(cls.name, "rust") if each is not cls]
            found = self._parts[cls] = [cls, *[each for each in others if each.kind == "impl" or cls.kind == "impl"]]
        return found

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

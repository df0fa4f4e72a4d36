"""What a bare name means in Java: a local variable, a field or a method of an enclosing class, or neither.

Belongs here: the scopes of one file while it is lowered. Not here: nodes. The other languages write `this.` or `self.`
before fields; Java's front-end writes it where the source leaves it out (JLS 6.5.6.1, 15.12.1).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from spawngate.codescan import ir


@dataclass(slots=True)
class Scope:
    """Names that a block, a function or a class declares."""

    names: set[str] = field(default_factory=set)
    methods: set[str] = field(default_factory=set)
    statics: set[str] = field(default_factory=set)
    """Names of fields that belong to the class and not to its objects."""
    title: str = ""
    """Of a class; "" for an anonymous one."""
    is_class: bool = False
    callables: set[str] = field(default_factory=set)
    """Names, of those in `names`, whose type is a functional interface of java.util.function or the like."""
    inherits: bool = False


FUNCTIONAL = frozenset(
    (
        *("Consumer", "BiConsumer", "Function", "BiFunction", "Supplier", "Predicate", "BiPredicate", "UnaryOperator"),
        *("BinaryOperator", "Callable", "Runnable", "IntFunction", "ToIntFunction", "IntConsumer"),
    )
)
CALLS = frozenset(["accept", "apply", "get", "test", "call", "run"])
"""Their methods."""


class Scopes:
    """The scopes around a place, innermost last."""

    __slots__ = ("imported", "stack", "star")

    def __init__(self) -> None:
        self.stack: list[Scope] = [Scope()]
        self.imported: dict[str, str] = {}
        """Names that `import static` binds: to the invented name of the class that has them."""
        self.star = ""
        """The invented name of the class of the only `import static a.B.*`; "" for none or several."""

    def declare(self, name: str, written: str = "") -> None:
        """A local variable or parameter, and its type."""
        self.stack[-1].names.add(name)
        if written.rpartition(".")[2] in FUNCTIONAL:
            self.stack[-1].callables.add(name)

    def is_callable(self, name: str) -> bool:
        """The variable or field holds a function: `f.apply(x)` calls it."""
        for scope in reversed(self.stack):
            if name in scope.names:
                return name in scope.callables
        return False

    def variable(self, name: str, place: tuple[int, int]) -> ir.Expression:
        """What a bare name reads: `self.name`, `Class.name` (static, or of an outer class), or the name itself."""
        found = self._owner(name, methods=False)
        if found is not None:
            return self._member(found, name, place)
        if name in self.imported and not any(name in scope.names for scope in self.stack):
            return ir.Attribute(*place, ir.Name(*place, self.imported[name]), name)
        return ir.Name(*place, name)

    def method(self, name: str, place: tuple[int, int]) -> ir.Expression:
        """What a call without a receiver calls."""
        found = self._owner(name, methods=True)
        if found is not None:
            return self._member(found, name, place)
        if any(name in scope.methods for scope in self.stack):  # of an anonymous class
            return ir.Name(*place, name)
        inherits = any(scope.inherits for scope in self.stack)
        outside = self.imported.get(name, "" if inherits else self.star)
        if outside:
            return ir.Attribute(*place, ir.Name(*place, outside), name)
        if any(scope.is_class for scope in self.stack):
            return ir.Attribute(*place, ir.Name(*place, "self"), name)
        return ir.Name(*place, name)

    def _member(self, found: tuple[Scope, bool], name: str, place: tuple[int, int]) -> ir.Expression:
        scope, innermost = found
        own = innermost and name not in scope.statics
        return ir.Attribute(*place, ir.Name(*place, "self" if own else scope.title), name)

    def _owner(self, name: str, *, methods: bool) -> tuple[Scope, bool] | None:
        """The class that declares a name, and whether it is the innermost one; None for locals and strangers.

        An anonymous class is no class here: its methods are closures, in which `self` is the object around them.
        """
        innermost = True
        heir: tuple[Scope, bool] | None = None
        for scope in reversed(self.stack):
            named = scope.is_class and scope.title != ""
            if name in (scope.methods if methods else scope.names):
                return (scope, innermost) if named else None
            if named:
                if heir is None and scope.inherits:
                    heir = scope, innermost
                innermost = False
        if methods or name in self.imported or not name[:1].islower():
            return None
        return heir

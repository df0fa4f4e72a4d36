"""What a declared type says of a value in Java and Rust: a number, a truth value or a constant of an enum is no text.

Belongs here: which types cannot carry a text from outside, also behind fields, wrappers and containers. Not here: the
types of Python and TypeScript, which nobody enforces when the program runs.
Sources: JLS 4.2, java.lang, java.time, java.util.UUID; The Rust Reference, numeric types; uuid, chrono, std::time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawngate.codescan import ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.flow import KEYS, Path

if TYPE_CHECKING:
    from spawngate.codescan.resolve import Resolver

MAX_DEPTH = 6
_java_words = """
int long short byte double float boolean Integer Long Short Byte Double Float Boolean Number BigInteger BigDecimal
OptionalInt OptionalLong OptionalDouble AtomicInteger AtomicLong AtomicBoolean UUID Instant Duration LocalDate
LocalDateTime LocalTime OffsetDateTime ZonedDateTime
"""
_rust_words = """
u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool NonZeroU8 NonZeroU16 NonZeroU32 NonZeroU64
NonZeroUsize AtomicBool AtomicU32 AtomicU64 AtomicUsize Uuid Duration Instant SystemTime NaiveDate NaiveDateTime
"""
_SCALARS = {"java": frozenset(_java_words.split()), "rust": frozenset(_rust_words.split())}
_TEXT_OF_NUMBERS = frozenset(["Vec", "[]", "&"])
"""Of bytes (`Vec<u8>`, `byte[]`) these are texts."""


def is_scalar(resolver: Resolver, written: ir.Type | None, path: Path, function: FunctionInfo, depth: int = 0) -> bool:
    """Whether the part `path` of a value of a written type is no text. False where that is not known.

    Args:
        written: the declared type, seen from `function`.
        path: fields, keys and elements, outermost first.
    """
    scalars = _SCALARS.get(function.module.language)
    if scalars is None or written is None or depth > MAX_DEPTH:
        return False
    if KEYS in path:
        kinds = resolver.kinds_of_type(written, function) if path[0] != KEYS else ()
        return any(kind.cls is not None and _lacks(resolver, kind.cls, path[0]) for kind in kinds)
    found = resolver.scalars.get((written, path))
    if found is None:
        found = resolver.scalars[written, path] = _is_scalar(resolver, written, path, function, depth, scalars)
    return found


def _is_scalar(
    resolver: Resolver, written: ir.Type, path: Path, function: FunctionInfo, depth: int, scalars: frozenset[str]
) -> bool:
    name = written.name.replace("::", ".").rpartition(".")[2]
    if name in scalars:
        return not resolver.chain(_name(written, name), function)
    classes = [kind.cls for kind in resolver.kinds_of_type(written, function) if kind.cls is not None]
    for cls in classes:
        if not path:
            return _is_plain_enum(cls)
        declared = _field(resolver, cls, path[0])
        if declared is None and _lacks(resolver, cls, path[0]):
            return True
        return declared is not None and is_scalar(resolver, declared.type, path[1:], cls.module.top, depth + 1)
    if not written.args:
        return False
    inner = written.args[-1]
    if name in _TEXT_OF_NUMBERS and inner.name in ("u8", "byte"):
        return False
    further = path[1:] if path and not isinstance(path[0], str) else path
    texts = [each for each in written.args if not is_scalar(resolver, each, further, function, depth + 1)]
    return not texts or (len(written.args) == 2 and texts == [written.args[0]] and bool(path) and name.endswith("Map"))


def is_constant(resolver: Resolver, written: ir.Type | None, path: Path, function: FunctionInfo) -> bool:
    """Whether the part `path` lies within a constant of an enum of Java: who sends one chooses among the source's."""
    for _ in range(MAX_DEPTH):
        if written is None or not path or function.module.language != "java":
            return False
        cls = next((kind.cls for kind in resolver.kinds_of_type(written, function) if kind.cls is not None), None)
        if cls is None or cls.kind == "enum":
            return cls is not None
        declared = _field(resolver, cls, path[0])
        if declared is None:
            return False
        written, path, function = declared.type, path[1:], cls.module.top
    return False


def field_is_scalar(resolver: Resolver, base: ir.Expression, name: str, path: Path, function: FunctionInfo) -> bool:
    """Whether `base.name`, and its part `path`, is no text, by the class of `base`."""
    if function.module.language not in _SCALARS:
        return False
    found = False
    for kind in resolver.kinds(base, function):
        declared = _field(resolver, kind.cls, name) if kind.cls is not None else None
        if kind.cls is None or declared is None:
            return False
        if not is_scalar(resolver, declared.type, path, kind.cls.module.top):
            return False
        found = True
    return found


def _field(resolver: Resolver, cls: ClassInfo, name: str | int) -> ir.Assign | None:
    for each in (*resolver.parts_of(cls), *resolver.bases(cls)):
        declared = each.fields.get(str(name))
        if declared is not None:
            return declared
    return None


def _lacks(resolver: Resolver, cls: ClassInfo, name: str | int) -> bool:
    """Objects of the class have no such part: a record of Java, whose fields bear the names that are written.

    Not so the structs of Rust: `into()`, which makes another of one, is not seen.
    """
    if cls.kind != "record" or not cls.fields or not isinstance(name, str) or not name.isidentifier():
        return False
    renamed = any(field.decorators for field in cls.fields.values())
    return not renamed and not any(name in each.methods for each in (cls, *resolver.bases(cls)))


def _is_plain_enum(cls: ClassInfo) -> bool:
    """An enum whose values are the constants that the source names; not one of Rust's whose variants hold data."""
    if cls.kind != "enum":
        return False
    return not any(
        each.kind == "variant" and each.parent is cls for classes in cls.module.classes.values() for each in classes
    )


def _name(written: ir.Type, name: str) -> ir.Expression:
    return ir.Name(written.line, written.column, name)

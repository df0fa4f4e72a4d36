"""Every regular expression of a part of the product, and texts that make one of them slow if any do.

A backtracking expression takes more than linear time where one text can be read by it in many ways, or where it goes
over the rest of the text from each of its places. Both show on the same kind of text: a beginning that the expression
takes, something that one of its repetitions takes, many times, and an end that it does not take (the "attack string" of
ReScue, Shen et al. 2018, and of recheck). The pieces are made from the expression's own parse tree.
Must not be here: what is asserted about the times.
"""

import ast
import functools
import gc
import importlib
import pkgutil
import re
import re._constants as codes  # type: ignore[import-not-found]  # no stubs: the parse tree has no public name
import re._parser as parser  # type: ignore[import-not-found]  # as above
import time
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LETTERS = "aA0 \t\n-_./\\:=@%\"'`$(){}[]<>,;|&*+?!#~^é"
"""Letters that are tried as pumps where a class of the expression takes them."""
MOST_PUMPS = 40
ENDS = ("\x00", "", "\n!")


@dataclass(frozen=True, slots=True)
class Expression:
    """One compiled expression, and how it is applied."""

    where: str
    """Module and name, or the rule that holds it."""
    pattern: re.Pattern[str]
    uses: frozenset[str]
    """`search`, `match`, `fullmatch`."""


def modules_of(package: str) -> list[types.ModuleType]:
    """A package and all that is in it, imported."""
    root = importlib.import_module(package)
    found = [root]
    if hasattr(root, "__path__"):
        found += [importlib.import_module(each.name) for each in pkgutil.walk_packages(root.__path__, f"{package}.")]
    return found


def expressions_of(package: str, *more: object) -> list[Expression]:
    """The expressions that the modules of a package hold, and those that `more` (loaded rules) holds."""
    modules = modules_of(package)
    uses: dict[str, set[str]] = {}
    for module in modules:
        _note_uses(Path(str(module.__file__)), uses)
    found: dict[tuple[str, int], Expression] = {}
    for module in modules:
        for name, value in list(vars(module).items()):
            for pattern, bound in _patterns(value, module.__name__):
                named = uses.get(name, set()) | bound if isinstance(value, re.Pattern) or bound else {"search"}
                key = (pattern.pattern, pattern.flags)
                had = found[key].uses if key in found else frozenset()
                found[key] = Expression(f"{module.__name__}.{name}", pattern, had | (named or {"search"}))
    for each in more:
        for pattern, _ in _patterns(each, "rules"):
            key = (pattern.pattern, pattern.flags)
            found.setdefault(key, Expression("rules", pattern, frozenset({"search"})))
    return sorted(found.values(), key=lambda each: (each.where, each.pattern.pattern))


_SEARCHES = {"search", "finditer", "findall", "sub", "subn", "split", "scanner"}


def _note_uses(path: Path, uses: dict[str, set[str]]) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            holder = node.value
            name = (
                holder.id if isinstance(holder, ast.Name) else holder.attr if isinstance(holder, ast.Attribute) else ""
            )
            if node.attr in _SEARCHES:
                uses.setdefault(name, set()).add("search")
            elif node.attr in ("match", "fullmatch"):
                uses.setdefault(name, set()).add(node.attr)


def _patterns(value: object, module: str) -> Iterator[tuple[re.Pattern[str], set[str]]]:
    """Expressions that hang on a value, without going into other modules."""
    seen: set[int] = set()
    queue = [value]
    while queue:
        item = queue.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, re.Pattern):
            if isinstance(item.pattern, str):
                yield item, set()
            continue
        if isinstance(item, types.BuiltinMethodType):
            if isinstance(item.__self__, re.Pattern) and isinstance(item.__self__.pattern, str):
                yield item.__self__, {"search" if item.__name__ in _SEARCHES else item.__name__}
            continue
        if isinstance(item, types.ModuleType | str | bytes | int | float):
            continue
        if isinstance(item, functools._lru_cache_wrapper):
            queue.append(
                item.__wrapped__
            )  # what it remembers was made from somebody's texts, and is not of the product
            continue
        if isinstance(item, type | types.FunctionType) and not str(item.__module__).startswith("spawngate."):
            continue
        if isinstance(item, types.FunctionType):
            queue += [cell.cell_contents for cell in item.__closure__ or () if _filled(cell)]
            queue += [*(item.__defaults__ or ()), *(item.__kwdefaults__ or {}).values()]
            continue
        queue += gc.get_referents(item)


def _filled(cell: types.CellType) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:
        return False


Sample = Callable[[Any], str]


def _sample(tree: Any, letter: str = "") -> str:
    """A text that the parse tree takes, with as few repetitions as it allows (one where none would do)."""
    out: list[str] = []
    for code, value in tree:
        if code is codes.LITERAL:
            out.append(chr(value))
        elif code in (codes.IN, codes.ANY, codes.NOT_LITERAL):
            out.append(_letter(code, value, letter))
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            out.append(_sample(value[2], letter) * max(1, min(value[0], 8)))
        elif code is codes.SUBPATTERN:
            out.append(_sample(value[3], letter))
        elif code is codes.ATOMIC_GROUP:
            out.append(_sample(value, letter))
        elif code is codes.BRANCH:
            out.append(_sample(value[1][0], letter))
    return "".join(out)


def _takes(code: Any, value: Any, letter: str) -> bool:
    if code is codes.ANY:
        return letter != "\n"
    if code is codes.NOT_LITERAL:
        return chr(value) != letter
    if code is codes.LITERAL:
        return chr(value) == letter
    negated, taken = False, False
    for kind, what in value:
        if kind is codes.NEGATE:
            negated = True
        elif kind is codes.LITERAL:
            taken = taken or chr(what) == letter
        elif kind is codes.RANGE:
            taken = taken or what[0] <= ord(letter) <= what[1]
        elif kind is codes.CATEGORY:
            taken = taken or bool(_CATEGORIES[what].match(letter))
    return taken is not negated


_CATEGORIES = {
    codes.CATEGORY_DIGIT: re.compile(r"\d"),
    codes.CATEGORY_NOT_DIGIT: re.compile(r"\D"),
    codes.CATEGORY_SPACE: re.compile(r"\s"),
    codes.CATEGORY_NOT_SPACE: re.compile(r"\S"),
    codes.CATEGORY_WORD: re.compile(r"\w"),
    codes.CATEGORY_NOT_WORD: re.compile(r"\W"),
}


def _letter(code: Any, value: Any, wanted: str) -> str:
    for letter in (wanted, *LETTERS):
        if letter and _takes(code, value, letter):
            return str(letter)
    if code is codes.IN:
        for kind, what in value:
            if kind is codes.LITERAL:
                return chr(what)
            if kind is codes.RANGE:
                return chr(what[0])
    return "a"


def _pieces(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """(what stands before a repetition, what it takes once), for every repetition that may go on."""
    for code, value in tree:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            low, high, body = value
            if high is codes.MAXREPEAT or high - low > 30:
                single = len(body) == 1 and body[0][0] in (codes.IN, codes.ANY, codes.NOT_LITERAL, codes.LITERAL)
                if single:
                    yield from ((before, letter) for letter in LETTERS if _takes(body[0][0], body[0][1], letter))
                    yield before, _sample(body)
                else:
                    yield from ((before, _sample(body, letter)) for letter in ("", "a", " ", "\\", "-", "."))
                    for branch in _branches(body):
                        yield before, _sample(branch)
            yield from _pieces(body, before)
            before += _sample(body)
        elif code is codes.SUBPATTERN:
            yield from _pieces(value[3], before)
            before += _sample(value[3])
        elif code is codes.ATOMIC_GROUP:
            yield from _pieces(value, before)
            before += _sample(value)
        elif code is codes.BRANCH:
            for branch in value[1]:
                yield from _pieces(branch, before)
            before += _sample(value[1][0])
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _pieces(value[1], before)
        else:
            before += _sample([(code, value)])


def _branches(tree: Any) -> Iterator[Any]:
    for code, value in tree:
        if code is codes.BRANCH:
            yield from value[1]
        elif code is codes.SUBPATTERN:
            yield from _branches(value[3])


def crafted(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """(beginning, pump) for texts that may make an expression slow; without doubles, the beginning empty for searches
    that could begin anywhere."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    found: dict[tuple[str, str], None] = {}
    for before, pump in _pieces(tree, ""):
        if pump:
            found[before, pump] = None
            found["", before + pump] = None
            found["", pump] = None
    pairs = list(found)
    step = max(1, len(pairs) // (MOST_PUMPS * 3))
    return pairs[::step]


def _time(run: Callable[[str], object], text: str) -> float:
    began = time.thread_time()
    run(text)
    return time.thread_time() - began


def _run_of(expression: Expression, use: str) -> Callable[[str], object]:
    if use == "search":
        # All matches are asked for: a search that is begun again after each is the same work.
        return lambda text: sum(1 for _ in expression.pattern.finditer(text))
    run: Callable[[str], object] = getattr(expression.pattern, use)
    return run


@dataclass(frozen=True, slots=True)
class Slow:
    """A text that takes an expression more time than its length gives it."""

    where: str
    pattern: str
    use: str
    beginning: str
    pump: str
    end: str
    times: Mapping[int, float]
    """Seconds of processor by the number of letters."""

    def __str__(self) -> str:
        shown = " ".join(f"{size}:{spent * 1000:.1f}ms" for size, spent in self.times.items())
        return f"{self.where} {self.use} {self.beginning[:40]!r} + {self.pump[:40]!r}*n + {self.end!r} {shown}"


SIZES = (1_000, 2_000, 4_000)
STEPS = (16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)
"""Letters of texts that come first: an expression that takes twice the time for each further piece shows here."""


def slow_text(expression: Expression, *, floor: float = 0.0004, most: float = 0.03) -> Slow | None:
    """The first text whose time grows faster than its length, or that takes more than `most` seconds in 4,000 letters.
    SIZES are held beside each other; a text that takes less than `floor` seconds at the first is not looked at again.
    """
    for use in sorted(expression.uses):
        run = _run_of(expression, use)
        for beginning, pump in crafted(expression.pattern):
            for end in ENDS:
                for size in STEPS:
                    spent = _time(run, _text(beginning, pump, end, size))
                    if spent > most:
                        return Slow(
                            expression.where, expression.pattern.pattern, use, beginning, pump, end, {size: spent}
                        )
                if _time(run, _text(beginning, pump, end, SIZES[0])) < floor:
                    continue
                times = {size: min(_time(run, _text(beginning, pump, end, size)) for _ in range(2)) for size in SIZES}
                first, last = times[SIZES[0]], times[SIZES[-1]]
                if first >= floor and (last > 9 * first or last > most):
                    return Slow(expression.where, expression.pattern.pattern, use, beginning, pump, end, times)
    return None


def _text(beginning: str, pump: str, end: str, size: int) -> str:
    return beginning + pump * (size // len(pump)) + end

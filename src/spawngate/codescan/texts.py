"""What the text of a file tells before the file is lowered: whether it calls a name, defines it, hands it on, imports
it, declares something of its type, or has classes that extend one of that name.

Belongs here: the questions by which `project` leaves files out, answered from the index of identifiers, and from what
stands around an identifier. Every answer may be a yes too many and never a no too many: what it lets through is lowered
and looked at. Not here: lowering, and what a name means.

The texts are hostile and read without a limit of time: patterns are constant, bounded, and take time that grows with
the text alone; names are found without a pattern.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from spawngate.codescan.frontends import language_of

Tokens = Callable[[str, bytes], frozenset[str]]
Span = tuple[int, int]
_LETTERS = frozenset(code for code in range(128) if chr(code).isalnum() or chr(code) in "_$")
_APART = bytes(code if code in _LETTERS else 32 for code in range(256))
"""Everything that stands in no identifier becomes a space: twice as fast as looking for identifiers."""
_WORD = re.compile(rb"[\w$]+|\*")
_IMPORT = {
    "python": re.compile(
        rb"(?m)^[ \t]*(?:from[ \t]*[\w.]+[ \t]+import[ \t\\\r\n]*(?:\([^)]{0,20000}\)|[^\n]*)|import[ \t]+[^\n]*)"
    ),
    "javascript": re.compile(
        rb"\b(?:import|export)\b(?:[^;'\"`(){}=]{0,300}(?:\{[^}]{0,5000}\})?\s{0,50}\bfrom\b)?\s{0,50}['\"][^'\"\n]*['\"]"
        rb"|\b(?:import|require)\s{0,50}\(\s{0,50}['\"`][^'\"`\n]*"
    ),
    "java": re.compile(rb"\bimport\s[^;]{0,500};"),
    "rust": re.compile(rb"\buse\s[^;]{0,5000};"),
}
_HEAD = {
    "python": re.compile(rb"class\s+(\w+)\s*[(\[]([^:]*)"),
    "javascript": re.compile(rb"(\b)(?:extends|implements)\b([^{;]*)"),
    "java": re.compile(rb"(\b)(?:extends|implements)\b([^{;]*)"),
    "rust": re.compile(rb"(\b)(?:impl|trait|DeriveEntityModel)\b([^{;]*)"),
}
"""What a class extends, behind its name where the language has it there."""
_BRACED_HEAD = re.compile(
    rb"\b(?:class|interface|record|enum)\s+[\w$]+\s{0,50}(?:<[^{;()]{0,200}>\s{0,50})?\b(?:extends|implements)\b[^{;()]{0,300}"
)
_CLASS_HEAD = {
    "python": re.compile(rb"class\s+\w+\s*[(\[][^:()]{0,300}"),
    "javascript": _BRACED_HEAD,
    "java": _BRACED_HEAD,
    "rust": re.compile(rb"\btrait\s+\w+\s*:[^{;()]{0,300}"),
}
_CLASS_NAME = re.compile(rb"\b(?:class|interface|record|enum)\s+([\w$]+)")
_CALL = re.compile(rb"(?:[\"']\s*\])?\s*(?:[(<!?{`/#\\]|::)")
"""`f(`, `f<T>(`, `f::<T>(`, `f!(`, `f?.(`, `T {`, `t["f"](`, a comment in between."""
_ARGUMENT = re.compile(rb"\s*(?:[,)}!?/#<\\]|::<)")
_VALUE = re.compile(rb"\s*(?:[;,)}\]\n:]|$)")
_MEMBER = re.compile(rb"\s*(?:\.|::)\s*\w")
_AS = re.compile(rb"\s+as\b")
_OTHER_NAME = re.compile(rb"\s+as\s|\s*:\s*[\w$]+\s*[,}]")
"""`import f as g`, `const { f: g } = require("m")`."""
_BODY = re.compile(rb"\s*\([^)]{0,400}\)[^;\n]{0,200}\{")
_METHOD = re.compile(rb"[\"'`]?\s*\]?\s*[?!]?\s*(?:[(</]|=(?!=)|:[^;]{0,1000}?=)")
"""Behind the name of a method: its parameters, what it is assigned, a type and that."""
_ENTRY = re.compile(rb"\s*:\s*(?:async\b|function\b|\(|[\w$]+\s*=>|[\w$.]+\s*[,}\n])|\s*,?\s*\}")
"""Behind a key of an object literal whose value is a function or a name, or behind the last of its short entries."""
_LINE_HEAD = re.compile(rb"[ \t]+(?:[\w<>\[\],]+[ \t]+){0,6}")
_BEFORE_TYPE = re.compile(rb"(?:[:>]|\w\[)\s?[\"'][^\"']{0,100}$")
_CHAIN = re.compile(rb"(?<![\w$.])([\w$]{1,60})(?:[?!]?\.[\w$]{1,60}|\[[^\]\n]{0,40}\]){0,8}[?!]?\.$")
_RECEIVER = re.compile(rb"(?<![\w$])([\w$]{1,60})[?!]?\.$")
_WRITTEN = re.compile(rb"\s*[|?&]{0,2}=[^=>]")
_OWN = re.compile(rb"[\"'`][.@~#/]")
_EXPORTS = re.compile(rb"\s*\(\s*(?:module\s*\.\s*)?exports\s*,\s*")
_KEY = re.compile(rb"[\w)\]]\[[\"']$")
_DEFINER = {"python": re.compile(rb"def\s+$"), "rust": re.compile(rb"(?:fn\s+(?:r#)?|macro_rules!\s*)$")}
_BEFORE = 400
"""Bytes before a name in which the beginning of its line, of its class or of its type stands."""
_NEAR = 40
_JOINTS = (b".", b":", b'"', b"'", b"`")
_QUOTES = (b'"', b"'", b"`")


def tokens(source: bytes) -> frozenset[str]:
    """Identifiers in a text, words of its comments and strings among them, and numbers."""
    return frozenset(source.translate(_APART).decode("ascii").split())


class Texts:
    """The sources of one project."""

    def __init__(self, sources: Mapping[str, bytes], tokens_of: Tokens | None = None) -> None:
        """tokens_of: identifiers of a file, where the caller keeps them."""
        self.sources = sources
        self.languages = {path: str(language_of(path)) for path in sources}
        self._imports: dict[str, tuple[frozenset[bytes], list[Span]]] = {}
        self._heads: dict[str, tuple[tuple[str, frozenset[bytes]], ...]] = {}
        self._class_heads: dict[str, list[Span]] = {}
        self._calling: dict[tuple[str, str], list[str]] = {}
        self._matching: dict[tuple[str, re.Pattern[bytes]], list[str]] = {}
        self._with_any: dict[frozenset[str], frozenset[str]] = {}
        files: defaultdict[str, list[str]] = defaultdict(list)
        for path in sorted(sources):
            for name in tokens(sources[path]) if tokens_of is None else tokens_of(path, sources[path]):
                files[name].append(path)
        self._files = dict(files)

    # files by name

    def files_with(self, name: str) -> list[str]:
        """Paths of the files in which the identifier stands."""
        return self._files.get(name, [])

    def files_with_any(self, names: frozenset[str]) -> frozenset[str]:
        """Paths of the files in which one of the identifiers stands."""
        found = self._with_any.get(names)
        if found is None:
            found = self._with_any[names] = frozenset(path for name in names for path in self.files_with(name))
        return found

    def files_matching(self, name: str, pattern: re.Pattern[bytes]) -> list[str]:
        """Paths of the files in which the identifier stands, and the pattern is found."""
        key = name, pattern
        found = self._matching.get(key)
        if found is None:
            paths = self.files_with(name)
            found = self._matching[key] = [path for path in paths if pattern.search(self.sources[path]) is not None]
        return found

    def files_calling(self, name: str, language: str) -> list[str]:
        """Paths of the files of one language that call the name, or give it another one."""
        key = name, language
        found = self._calling.get(key)
        if found is None:
            paths = [path for path in self.files_with(name) if self.languages[path] == language]
            found = self._calling[key] = [path for path in paths if self.calls(path, name) or self._renames(path, name)]
        return found

    def _renames(self, path: str, name: str) -> bool:
        source = self.sources[path]
        return any(_OTHER_NAME.match(source, end) for _, end in self._places(path, name))

    # one file and one name

    def _places(self, path: str, name: str) -> Iterator[Span]:
        """Where the whole identifier stands, lines left out that are comments."""
        source = self.sources[path]
        mark = b"#" if self.languages[path] == "python" else b"//"
        for start, end in _places(source, name):
            if not _in_comment(source, start, mark):
                yield start, end

    def calls(self, path: str, name: str) -> bool:
        """The name stands before something that a call begins with."""
        source = self.sources[path]
        return any(_CALL.match(source, end) for _, end in self._places(path, name))

    def called_on(self, path: str, name: str) -> frozenset[tuple[str, str]]:
        """What the name is called on: the first and the last name before it, `("self", "db")` of `self.db.query(x)`.

        `("", "")` where it is called on nothing; `*` where a name cannot be told from the text.
        """
        source = self.sources[path]
        out: set[tuple[str, str]] = set()
        for start, end in self._places(path, name):
            if _CALL.match(source, end):
                before = source[max(start - _BEFORE, 0) : start].rstrip()
                chain, last = _CHAIN.search(before), _RECEIVER.search(before)
                if before.endswith(_JOINTS):
                    first = chain[1].decode("utf-8", "replace") if chain is not None else "*"
                    out.add((first, last[1].decode("utf-8", "replace") if last is not None else "*"))
                else:
                    out.add(("", ""))
        return frozenset(out)

    def hangs(self, path: str, word: str, name: str) -> bool:
        """The name may stand in quotes as a first or second argument of a call of the word, and not as what a module
        exports: `Object.defineProperty(exports, "f", ..)` is what a compiler writes."""
        source, call = self.sources[path], word.encode("utf-8", "surrogatepass")
        for start, end in self._places(path, name):
            if source[start - 1 : start] in _QUOTES and source[end : end + 1] in _QUOTES:
                before = source[max(start - _BEFORE, 0) : start - 1]
                _, called, between = before.rpartition(call)
                if called and not _EXPORTS.fullmatch(between):
                    return True
        return False

    def roots(self, path: str, name: str) -> set[str]:
        """What the chains begin with that end in the name and are assigned: `app` of `app.locals.mcp = service`."""
        source = self.sources[path]
        written = [start for start, end in self._places(path, name) if _WRITTEN.match(source, end)]
        chains = (_CHAIN.search(source, max(start - _BEFORE, 0), start) for start in written)
        return {found[1].decode("utf-8", "replace") for found in chains if found is not None}

    def dots(self, path: str, name: str) -> bool:
        """The name stands behind a dot."""
        source = self.sources[path]
        return any(
            source[start - 1 : start] == b"." or source[max(start - _NEAR, 0) : start].rstrip().endswith(b".")
            for start, _ in self._places(path, name)
        )

    def defines(self, path: str, name: str) -> bool:
        """A function or method of that name may be defined."""
        source, definer = self.sources[path], _DEFINER.get(self.languages[path])
        if definer is None:
            return any(source[start - 1 : start] != b"." for start, _ in self._places(path, name))
        return any(definer.search(source, max(start - _NEAR, 0), start) for start, _ in self._places(path, name))

    def defines_method(self, path: str, name: str) -> bool:
        """About the same, with less that is let through: where the language has it so, a body follows."""
        if self.languages[path] in _DEFINER:
            return self.defines(path, name)
        source = self.sources[path]
        for start, end in self._places(path, name):
            line = source.rfind(b"\n", max(start - _BEFORE, 0), start) + 1
            if _BODY.match(source, end) and _LINE_HEAD.fullmatch(source, line, start):
                return True
        return False

    def has_method(self, path: str, name: str) -> bool:
        """A class may have a method of that name: `f() {`, `f = () =>`, `f: T = (x) => y`.

        Elsewhere than in JavaScript whatever may be a definition: a record of Java has a method for each of its parts.
        """
        if self.languages[path] != "javascript":
            return self.defines(path, name)
        source = self.sources[path]
        return any(
            source[start - 1 : start] != b"." and _METHOD.match(source, end) for start, end in self._places(path, name)
        )

    def keys(self, path: str, name: str) -> bool:
        """The name may be a key of an object literal that holds a function: `name: f`, `async name() {`, `{ name }`."""
        source = self.sources[path]
        return any(
            source[start - 1 : start] != b"." and (_ENTRY.match(source, end) or _BODY.match(source, end))
            for start, end in self._places(path, name)
        )

    def hands_on(self, path: str, name: str) -> bool:
        """The name stands as an argument, outside of the file's imports."""
        source, imports = self.sources[path], self._imported(path)[1]
        return any(
            _ARGUMENT.match(source, end) and not _within(start, imports) for start, end in self._places(path, name)
        )

    def uses(self, path: str, name: str) -> bool:
        """The name stands in the file's code, or an import gives it another one.

        What only imports it under its own name, or only extends a class of that name, does not use it.
        """
        return any(True for _ in self._used(path, name))

    def takes(self, path: str, name: str) -> bool:
        """The same for what is used as a whole: `T(x)`, `f(T)`, `[T]`, and not `T.create(x)`."""
        source = self.sources[path]
        return any(_MEMBER.match(source, end) is None for _, end in self._used(path, name))

    def _used(self, path: str, name: str) -> Iterator[Span]:
        source, imports = self.sources[path], self._imported(path)[1]
        heads = self._spans_of_heads(path)
        for start, end in self._places(path, name):
            if source[start - 1 : start] in (b'"', b"'") or source[end : end + 1] in (b'"', b"'"):
                # `registry["f"](x)` is a use, a list of texts is none
                if not (source[end + 1 : end + 2] == b"]" and _KEY.search(source, max(start - 4, 0), start)):
                    continue
            elif _within(start, imports):
                if _AS.match(source, end) is None:
                    continue
            elif _within(start, heads) or source[max(start - 6, 0) : start] == b"class ":
                continue
            yield start, end

    def types(self, path: str, name: str) -> bool:
        """Something may be declared to be of a type of that name, in quotes or not."""
        source = self.sources[path]
        if self.uses(path, name):
            return True
        for start, _ in self._places(path, name):
            low = max(start - _BEFORE, 0)
            if _BEFORE_TYPE.search(source, max(low, source.rfind(b"\n", low, start)), start):
                return True
        return False

    def launches(self, path: str, name: str) -> bool:
        """The name is called, extended, imported, or another name for it is made: `T = stdio.Transport`."""
        source = self.sources[path]
        return (
            name.encode("utf-8", "surrogatepass") in self._imported(path)[0]
            or self.extends(path, name)
            or any(_CALL.match(source, end) or _VALUE.match(source, end) for _, end in self._places(path, name))
        )

    # imports and bases

    def imports(self, path: str, names: Iterable[str]) -> bool:
        """The file's imports have one of these words, or take everything that a place holds."""
        words, _ = self._imported(path)
        return b"*" in words or any(name.encode("utf-8", "surrogatepass") in words for name in names)

    def imports_from(self, path: str, roots: frozenset[str]) -> bool:
        """The file's imports name something of which one of these is the first word: `mcp` of `mcp.client.stdio`."""
        words, spans = self._imported(path)
        source = self.sources[path]
        return any(
            _within(start, spans) and source[start - 1 : start] != b"."
            for root in sorted(roots)
            if root.encode() in words
            for start, _ in self._places(path, root)
        )

    def imports_own(self, path: str) -> bool:
        """The imports of a file of JavaScript may lead to other files of the project."""
        source = self.sources[path]
        return any(_OWN.search(source, start, end) for start, end in self._imported(path)[1])

    def _imported(self, path: str) -> tuple[frozenset[bytes], list[Span]]:
        """Words of a file's imports, and where these stand."""
        found = self._imports.get(path)
        if found is None:
            source = self.sources[path]
            spans = [each.span() for each in _IMPORT[self.languages[path]].finditer(source)]
            words = frozenset(word for start, end in spans for word in _WORD.findall(source, start, end))
            found = self._imports[path] = words, spans
        return found

    def extends(self, path: str, name: str) -> bool:
        """A class of the file extends one of that name."""
        word = name.encode("utf-8", "surrogatepass")
        return any(word in words for _, words in self.heads(path))

    def heads(self, path: str) -> tuple[tuple[str, frozenset[bytes]], ...]:
        """Classes that extend something: their names (`""` where there is none) and the words of what they extend."""
        found = self._heads.get(path)
        if found is None:
            found = self._heads[path] = tuple(self._headed(path))
        return found

    def _headed(self, path: str) -> Iterator[tuple[str, frozenset[bytes]]]:
        source, language = self.sources[path], self.languages[path]
        for found in _HEAD[language].finditer(source):
            name = found[1]
            if language in ("javascript", "java"):
                low = max(found.start() - _BEFORE, 0)
                begin = max(source.rfind(mark, low, found.start()) for mark in (b"{", b"}", b";"))
                named = _CLASS_NAME.findall(source, max(begin + 1, low), found.start())
                name = named[-1] if named else b""
            yield name.decode("utf-8", "replace"), frozenset(_WORD.findall(found[2]))

    def _spans_of_heads(self, path: str) -> list[Span]:
        found = self._class_heads.get(path)
        if found is None:
            pattern = _CLASS_HEAD[self.languages[path]]
            found = self._class_heads[path] = [each.span() for each in pattern.finditer(self.sources[path])]
        return found


def _places(source: bytes, name: str) -> Iterator[Span]:
    """Where the whole identifier stands."""
    word = name.encode("utf-8", "surrogatepass")
    size, length = len(word), len(source)
    start = source.find(word)
    while start >= 0:
        end = start + size
        if not (start and source[start - 1] in _LETTERS) and not (end < length and source[end] in _LETTERS):
            yield start, end
        start = source.find(word, end)


def _in_comment(source: bytes, place: int, mark: bytes) -> bool:
    """Whether the line is a comment before the place; a text that is put together (`f"# {f(x)}"`) may look like one."""
    line = source[source.rfind(b"\n", 0, place) + 1 : place].lstrip()
    if line.startswith(mark):
        return b"{" not in line
    return line.startswith(b"*") and mark == b"//" and source.rfind(b"/*", 0, place) > source.rfind(b"*/", 0, place)


def _within(place: int, spans: list[Span]) -> bool:
    """Whether a place lies in one of the spans, which follow each other."""
    index = bisect_right(spans, (place, 1 << 62)) - 1
    return index >= 0 and place < spans[index][1]

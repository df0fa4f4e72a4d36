"""A project's files: which of them mention a name, and each one's definitions once somebody asks for it.

Belongs here: the texts, the index of identifiers, lowering on demand, and which file an import means. Not here: what a
name means at a place (`resolve`), models.

Only files that a slice asks for are lowered: identifiers of all files are found first with one regular expression,
which is some hundred times faster than lowering.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from spawngate.codescan import ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, ModuleInfo
from spawngate.codescan.flow import Flow
from spawngate.codescan.frontends import language_of, lower
from spawngate.codescan.packages import Packages, first
from spawngate.codescan.texts import Texts, Tokens

_JS_ENDS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".d.ts")
_EXAMPLE = re.compile(r"(^|/)(examples?|samples?|demos?)/", re.IGNORECASE)
_TEST = re.compile(
    r"(^|/)(tests?|__tests__|testing|e2e|spec|specs|fixtures|__mocks__|mocks)/|(^|/)(test_[^/]*|conftest)\.py$"
    r"|_test\.(py|go|rs)$|\.(test|spec)\.[cm]?[jt]sx?$|(^|/)src/test/|Tests?\.java$|(^|/)tests?\.(py|rs)$"
)
_SPEC = re.compile(r"(^|/)specs?/")
"""Where Java and Rust have a specification, and no tests."""
_DEPENDED = re.compile(rb"(?<!\w)(\w+)(?:\s*:\s*[\w.]+)?\s*=\s*(?:\w+\.)?$")
"""Before `Annotated[..]`."""
_ANNOTATED = re.compile(rb"\bAnnotated\s*\[")
_BEFORE = 200
"""Bytes in which that stands."""
MAX_CANDIDATES = 300
"""Files that are lowered at most to find who mentions one name."""

AT_ONCE = 16
"""Files that are told to be lowered next: of a list that may not be read to its end."""

Lowering = Callable[[str, bytes], ir.Module]
Ahead = Callable[[Sequence[str]], None]


def is_test(path: str) -> bool:
    """The file is a test by its path. Below `src/main` a folder is a package, whatever it is called."""
    before, main, _ = path.partition("src/main/")
    if not main and path.endswith((".java", ".rs")):
        return _TEST.search(_SPEC.sub("/", path)) is not None
    return _TEST.search(before if main else path) is not None


def is_example(path: str) -> bool:
    """The file shows how something is used, by its path."""
    return _EXAMPLE.search(path) is not None


class Project:
    """Sources by path. Nothing is read from disk."""

    def __init__(
        self,
        sources: Mapping[str, bytes],
        lowering: Lowering = lower,
        tokens_of: Tokens | None = None,
        packages: Packages | None = None,
        ahead: Ahead | None = None,
    ) -> None:
        self._ahead = ahead
        self.packages = packages or Packages({})
        self.sources = {path: text for path, text in sources.items() if language_of(path) is not None}
        self.lowering = lowering
        self.lowered = 0
        self._modules: dict[str, ModuleInfo | None] = {}
        self._flows: dict[FunctionInfo, Flow] = {}
        self._lines: dict[str, list[bytes]] = {}
        self.texts = Texts(self.sources, tokens_of)
        self._suffixes: dict[str, list[str]] = {}
        self._dependencies: frozenset[str] | None = None
        self._heirs_of: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._writers: dict[str, list[str]] = {}
        self.hung: dict[tuple[str, bool], list[tuple[ir.Expression, FunctionInfo]]] = {}
        """What `hung` found."""
        self._functions: dict[tuple[str, str], list[FunctionInfo]] = {}
        self._methods: dict[tuple[str, str], list[FunctionInfo]] = {}
        self.seen_as: dict[tuple[str, str], list[tuple[ModuleInfo, str]]] = {}
        """By the path and name of a variable of a module, what `slicer_variables` found: where it is seen, as what."""
        self._classes: dict[tuple[str, str], list[ClassInfo]] = {}
        self._typing: dict[tuple[str, str], list[str]] = {}
        self._importers: dict[tuple[str, str], list[str]] = {}
        self._defined: dict[tuple[str, str], bool] = {}
        self._definers: dict[str, int] = {}
        self._tests: dict[str, bool] = {}
        for path in sorted(self.sources):
            stem = path.rpartition(".")[0]
            for marker in ("/__init__", "/index", "/mod", "/lib", "/main"):
                if stem.endswith(marker):
                    self._suffix(stem.removesuffix(marker), path)
            self._suffix(stem, path)

    def _suffix(self, stem: str, path: str) -> None:
        while stem:
            self._suffixes.setdefault(stem, []).append(path)
            _, slash, stem = stem.partition("/")
            if not slash:
                return

    def is_test(self, path: str) -> bool:
        """The file is a test. What tests hand to a launch says nothing of what a program hands to it."""
        found = self._tests.get(path)
        if found is None:
            found = self._tests[path] = is_test(path)
        return found

    def files_with(self, name: str) -> list[str]:
        """Paths of the files in which the identifier stands."""
        return self.texts.files_with(name)

    def module(self, path: str) -> ModuleInfo | None:
        """Definitions of a file; None where there is no such file."""
        if path in self._modules:
            return self._modules[path]
        source = self.sources.get(path)
        info: ModuleInfo | None = None
        if source is not None:
            info = ModuleInfo(self.lowering(path, source))
            self.lowered += 1
        self._modules[path] = info
        return info

    def modules(self, paths: Iterable[str], language: str = "") -> Iterator[ModuleInfo]:
        """Definitions of several files, of one language only; whoever lowers them is told of those that follow."""
        wanted = [path for path in paths if not language or self.texts.languages[path] == language]
        for start in range(0, len(wanted), AT_ONCE):
            here = wanted[start : start + AT_ONCE]
            if self._ahead is not None:
                fresh = [path for path in here if path not in self._modules]
                if len(fresh) > 1:
                    self._ahead(fresh)
            for path in here:
                module = self.module(path)
                if module is not None:
                    yield module

    def lowered_modules(self) -> Iterable[ModuleInfo]:
        """Every file that was asked for so far."""
        return [info for info in self._modules.values() if info is not None]

    def modules_with(self, name: str, language: str = "", beside: str = "") -> Iterator[ModuleInfo]:
        """Files that mention a name, at most MAX_CANDIDATES of them.

        Of a name that more files mention, those come first that mention `beside` too: `new` stands everywhere, and
        `Transport::new` where `Transport` does.
        """
        paths = self.files_with(name)
        if beside and len(paths) > MAX_CANDIDATES:
            both = set(self.files_with(beside))
            paths = sorted(paths, key=lambda path: path not in both)
        return self.modules(paths[:MAX_CANDIDATES], language)

    def mentioning(self, name: str, language: str, *, made: bool = False) -> Iterator[ModuleInfo]:
        """Files whose code says a name, or gives it another one: one that only hands it on under its own is none.

        made: what is looked for are objects that are made of a class; else classes count too that extend one of that
        name and call its constructor.
        """
        texts = self.texts

        def wanted(path: str) -> bool:
            if made:
                return texts.takes(path, name)
            builds = texts.extends(path, name) and (texts.calls(path, "__init__") or texts.calls(path, "super"))
            return builds or texts.uses(path, name)

        return self.modules([path for path in self._candidates(name, language) if wanted(path)])

    def typing(self, name: str, language: str) -> Iterator[ModuleInfo]:
        """Files in which something may be declared to be of a type of that name."""
        paths = self._typing.get((name, language))
        if paths is None:
            paths = [path for path in self._candidates(name, language) if self.texts.types(path, name)]
            self._typing[name, language] = paths
        return self.modules(paths)

    def calling(self, name: str, language: str) -> Iterator[ModuleInfo]:
        """Files in which a name is called, at most MAX_CANDIDATES of them."""
        return self.modules(self.texts.files_calling(name, language)[:MAX_CANDIDATES])

    def modules_using(self, name: str, language: str) -> Iterator[ModuleInfo]:
        """Files that mention a name behind a dot, as every use of a method does in Python and JavaScript."""
        return self.modules([path for path in self._candidates(name, language) if self.texts.dots(path, name)])

    def _candidates(self, name: str, language: str) -> list[str]:
        return [path for path in self.files_with(name)[:MAX_CANDIDATES] if self.texts.languages[path] == language]

    def definers(self, name: str, language: str) -> int:
        """About how many files define a method of that name: by the text, nothing is lowered for it."""
        found = self._definers.get(name)
        if found is None:
            texts = self.texts
            paths = [path for path in self.files_with(name) if texts.languages[path] == language]
            found = self._definers[name] = sum(texts.defines_method(path, name) for path in paths)
        return found

    def defined(self, name: str, language: str) -> bool:
        """Whether any function or method of that name may be defined at all, by the text: not of a library alone."""
        key = name, language
        found = self._defined.get(key)
        if found is None:
            texts = self.texts
            paths = [path for path in self.files_with(name) if texts.languages[path] == language]
            found = self._defined[key] = any(texts.defines(path, name) for path in paths)
        return found

    def functions(self, name: str, language: str) -> list[FunctionInfo]:
        """Functions and methods of that name in the whole project."""
        key = name, language
        known = self._functions.get(key)
        if known is None:
            paths = [path for path in self._candidates(name, language) if self.texts.defines(path, name)]
            known = [each for module in self.modules(paths) for each in module.functions.get(name, ())]
            self._functions[key] = known
        return known

    def methods(self, name: str, language: str) -> list[FunctionInfo]:
        """Methods of that name in the whole project."""
        key = name, language
        known = self._methods.get(key)
        if known is None:
            paths = [path for path in self._candidates(name, language) if self.texts.has_method(path, name)]
            found = (each for module in self.modules(paths) for each in module.functions.get(name, ()))
            known = self._methods[key] = [each for each in found if each.owner is not None]
        return known

    def writers(self, name: str, language: str) -> list[ModuleInfo]:
        """Files in which a field of that name is assigned, to whatever object."""
        return list(self.modules(self.written_in(name)[:MAX_CANDIDATES], language))

    def written_in(self, name: str) -> list[str]:
        """Paths of those files, of every language; nothing is lowered for it."""
        paths = self._writers.get(name)
        if paths is None:
            written = re.compile(rb"\.%s\s*(\[[^\]\n]*\]\s*|\.\w+\s*){0,20}[+|?]{0,2}=[^=]" % re.escape(name.encode()))
            files = self.files_with(name)[: 4 * MAX_CANDIDATES]
            paths = self._writers[name] = [path for path in files if written.search(self.sources[path])]
        return paths

    def extending(self, name: str, language: str) -> Iterator[str]:
        """Names of the classes that name another as their base, by the text."""
        word = name.encode("utf-8", "surrogatepass")
        for path in self._extending(name, language):
            yield from (own for own, words in self.texts.heads(path) if own and word in words)

    def extenders(self, name: str, language: str) -> list[ModuleInfo]:
        """Files in which a class names another as its base."""
        return list(self.modules(self._extending(name, language)))

    def _extending(self, name: str, language: str) -> list[str]:
        texts = self.texts
        paths = [path for path in self.files_with(name)[: 4 * MAX_CANDIDATES] if texts.languages[path] == language]
        return [path for path in paths if texts.extends(path, name)]

    def makes(self, path: str, name: str) -> bool:
        """Somebody may make objects of the class of that name in that file: by its name, or it by its own."""
        texts = self.texts
        return not name or texts.calls(path, "cls") or any(texts.takes(each, name) for each in self.files_with(name))

    def heirs(self, name: str, language: str) -> list[tuple[str, str]]:
        """Paths and names of the classes that extend one of that name, by the text alone: nothing is lowered for it."""
        key = name, language
        found = self._heirs_of.get(key)
        if found is not None:
            return found
        found = self._heirs_of[key] = []
        names, known = [name], {name}
        for each in names:
            word = each.encode("utf-8", "surrogatepass")
            for path in self._extending(each, language):
                for own, words in self.texts.heads(path):
                    if word in words:
                        found.append((path, own))
                        if own and own not in known:
                            known.add(own)
                            names.append(own)
        return found

    def importers(self, module: ModuleInfo, name: str) -> list[ModuleInfo]:
        """Files that may import a name of a module: they use the name, and mention the module by its file or folder."""
        key = module.path, name
        paths = self._importers.get(key)
        if paths is None:
            paths = [path for path in self._importing(module, name) if path == key[0] or self.texts.uses(path, name)]
            self._importers[key] = paths
        return list(self.modules(paths[:MAX_CANDIDATES]))

    def depending(self, module: ModuleInfo, name: str) -> list[ModuleInfo]:
        """Those of them that ask a framework for objects by `Depends`, or by a type that is said to be so."""
        if self._dependencies is None:
            words = {"Depends"}
            for path in self.files_with("Depends"):
                source = self.sources[path]
                for place in _ANNOTATED.finditer(source):
                    start = place.start()
                    named = _DEPENDED.search(source[max(start - _BEFORE, 0) : start])
                    words.update([named[1].decode("utf-8", "replace")] if named is not None else ())
            self._dependencies = self.texts.files_with_any(frozenset(words))
        if self._dependencies.isdisjoint(self.files_with(name)):
            return []
        paths = [path for path in self._importing(module, name) if path in self._dependencies]
        return list(self.modules(paths[:MAX_CANDIDATES]))

    def registering(self, function: FunctionInfo, words: frozenset[str]) -> list[ModuleInfo]:
        """Those of them, its own file left out, that hand a function on, where one of the words stands as well."""
        texts, able = self.texts, self.texts.files_with_any(words)
        owner = function.owner.name if function.owner is not None else ""
        paths = self._importing(function.module, function.name, owner)
        paths = [path for path in paths if path in able and path != function.module.path]
        handing = [path for path in paths if texts.hands_on(path, function.name)]
        return list(self.modules(handing[:MAX_CANDIDATES]))

    def _importing(self, module: ModuleInfo, name: str, owner: str = "") -> list[str]:
        texts = self.texts
        parts = re.findall(r"\w+", module.path.rpartition(".")[0])[-2:]
        beside = texts.files_with_any(frozenset(parts))
        near = {path for path in self.files_with(name) if path in beside and texts.languages[path] == module.language}
        if module.language == "python":  # elsewhere what lies beside needs no import, or a package has another name
            near = {path for path in near if texts.imports(path, (name, owner, *parts))}
        near.add(module.path)
        return [path for path in self.files_with(name) if path in near]

    def classes(self, name: str, language: str) -> list[ClassInfo]:
        """Classes of that name in the whole project."""
        key = name, language
        known = self._classes.get(key)
        if known is None:
            modules = self.modules_with(name, language)
            known = self._classes[key] = [each for module in modules for each in module.classes.get(name, ())]
        return known

    def flow(self, function: FunctionInfo) -> Flow:
        """The flow of a function."""
        found = self._flows.get(function)
        if found is None:
            method = function.owner is not None and not function.node.static
            found = self._flows[function] = Flow(function.node, method)
        return found

    def text(self, path: str, line: int) -> str:
        """A line of source without its indent, at most 200 characters."""
        lines = self._lines.get(path)
        if lines is None:
            lines = self._lines[path] = self.sources.get(path, b"").splitlines()
        return lines[line - 1].strip()[:800].decode("utf-8", "replace")[:200] if 0 < line <= len(lines) else ""

    def imported(self, importer: ModuleInfo, module: str) -> list[str]:
        """Paths that a module's name means in that file; empty for what the project does not hold.

        `module` is spelled as the language does (`..x`, `./x.js`, `a.b`, `crate::a`).
        """
        language = importer.language
        if language == "python":
            return self._python(importer.path, module)
        if language == "javascript":
            return self._javascript(importer.path, module)
        if language == "rust":
            return self._rust(importer.path, module)
        return self._by_suffix(importer.path, module.replace(".", "/"), ".java")

    def _by_suffix(self, near: str, stem: str, *ends: str) -> list[str]:
        found = [path for path in self._suffixes.get(stem, ()) if not ends or path.endswith(ends)]
        if len(found) > 1:
            shared = [len(posixpath.commonprefix((near, path))) for path in found]
            best = max(shared)
            found = [path for path, length in zip(found, shared, strict=True) if length == best]
        return found[:2]

    def _python(self, importer: str, module: str) -> list[str]:
        if not module.startswith("."):
            return self._by_suffix(importer, module.replace(".", "/"), ".py", ".pyi")
        level = len(module) - len(module.lstrip("."))
        folder = importer.rpartition("/")[0].split("/") if "/" in importer else []
        if level - 1 > len(folder):
            return []
        base = folder[: len(folder) - (level - 1)]
        rest = [part for part in module[level:].split(".") if part]
        stem = "/".join([*base, *rest])
        tries = (f"{stem}.py", f"{stem}/__init__.py" if stem else "__init__.py", f"{stem}.pyi")
        return [path for path in tries if path in self.sources][:1]

    def _javascript(self, importer: str, module: str) -> list[str]:
        module = module.removeprefix("file:")
        if module.startswith("."):
            stem = posixpath.normpath(posixpath.join(posixpath.dirname(importer), module))
            return self._js_file(stem)
        told = first(self.packages.places(importer, module), self.sources)
        if told:
            return [told]
        parts = module.split("/")
        for skip in range(len(parts)):
            stem = "/".join(parts[skip:])
            if skip == 0 and len(parts) == 1:
                return []
            for end in ("", *_JS_ENDS):
                if end and not stem.endswith(end):
                    continue
                found = self._by_suffix(importer, stem.removesuffix(end), *_JS_ENDS)
                if found and (skip or len(parts) > 1) and (skip < len(parts) - 1 or parts[0] in ("@", "~", "src", "#")):
                    return found
        return []

    def _js_file(self, stem: str) -> list[str]:
        bare = [stem.removesuffix(end) for end in (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx") if stem.endswith(end)]
        for each in (stem, *bare):
            for tried in (each, *(each + end for end in _JS_ENDS), *(f"{each}/index{end}" for end in _JS_ENDS)):
                if tried in self.sources:
                    return [tried]
        return []

    def _rust(self, importer: str, module: str) -> list[str]:
        parts = module.split("::")
        folder, _, file = importer.rpartition("/")
        own = folder if file in ("mod.rs", "lib.rs", "main.rs") else importer.removesuffix(".rs")
        if parts[0] in ("self", "super"):
            base = own
            while parts and parts[0] in ("self", "super"):
                if parts.pop(0) == "super":
                    base = base.rpartition("/")[0]
            stem = "/".join([base, *parts]) if base else "/".join(parts)
            for tried in (f"{stem}.rs", f"{stem}/mod.rs", f"{stem}/lib.rs"):
                if tried in self.sources:
                    return [tried]
            return []
        if parts[0] == "crate":
            parts = parts[1:]
            if not parts:
                root = importer.rpartition("src/")[0]
                return [path for path in (f"{root}src/lib.rs", f"{root}src/main.rs") if path in self.sources]
            return self._by_suffix(importer, "/".join(parts), ".rs")
        child = "/".join([own, *parts]) if own else "/".join(parts)
        for tried in (f"{child}.rs", f"{child}/mod.rs"):
            if tried in self.sources:
                return [tried]
        crate = parts[0].replace("_", "-")
        inner = "/".join(parts[1:])
        for name in (crate, parts[0]):
            found = self._by_suffix(importer, f"{name}/src/{inner}" if inner else f"{name}/src", ".rs")
            if found:
                return found
        return []

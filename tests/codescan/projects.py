"""Small projects for the tests of the code scan: texts by path, and everything that is asked of them.

No test itself.
"""

from functools import cache

from spawngate.codescan import ir
from spawngate.codescan.calls import Calls
from spawngate.codescan.definitions import ClassInfo, FunctionInfo, ModuleInfo
from spawngate.codescan.frontends import lower
from spawngate.codescan.knowledge import Knowledge
from spawngate.codescan.models.load import shipped
from spawngate.codescan.models.model import Language, Models, Slot
from spawngate.codescan.project import Project
from spawngate.codescan.resolve import Resolver
from spawngate.codescan.slicer import Budget, Search, Slice
from spawngate.codescan.stores import Stores


@cache
def models() -> Models:
    return shipped(frozenset(Language))


class Sources:
    """A project of texts, with what the engine knows of it."""

    def __init__(self, files: dict[str, str]) -> None:
        self.project = Project({path: text.encode() for path, text in files.items()}, lower)
        self.knowledge = {str(language): Knowledge(models(), language) for language in Language}
        self.resolver = Resolver(
            self.project,
            {language: each.aliases for language, each in self.knowledge.items()},
            {language: each.types for language, each in self.knowledge.items()},
        )
        self.calls = Calls(self.resolver)
        self.stores = Stores(self.calls)

    def module(self, path: str = "app.py") -> ModuleInfo:
        found = self.project.module(path)
        assert found is not None
        return found

    def function(self, name: str, path: str = "app.py") -> FunctionInfo:
        return self.module(path).functions[name][0]

    def cls(self, name: str, path: str = "app.py") -> ClassInfo:
        return self.module(path).classes[name][0]

    def call(self, name: str, path: str = "app.py", number: int = 0) -> tuple[ir.Call, FunctionInfo]:
        return self.module(path).calls[name][number]

    def search(self, slot: Slot = Slot.COMMAND, budget: Budget | None = None) -> Search:
        return Search(self.calls, self.knowledge.__getitem__, self.stores, slot, budget or Budget())

    def slice(self, call: str, argument: int = 0, path: str = "app.py", step: tuple[str | int, ...] = ()) -> Slice:
        """The slice of an argument of the first call of that name."""
        node, function = self.call(call, path)
        search = self.search()
        search.ask(node.args[argument].value, function, step, None, None)
        return search.run()


def kinds(found: Slice) -> list[str]:
    """Kinds of sources, sorted, each once."""
    return sorted({each.kind.value for each in found.found})


def one(text: str) -> Sources:
    """A project of one Python file."""
    return Sources({"app.py": text})


PACKAGE = {
    "pkg/__init__.py": "from .real import Server as Public, LIMIT\n",
    "pkg/real.py": (
        "from .base import Base\n\nLIMIT = 3\n\n"
        "class Server(Base):\n    child: 'Server'\n    def twin(self): return self\n"
    ),
    "pkg/base.py": "class Base:\n    def start(self): pass\n",
    "app.py": (
        "import pkg\nfrom pkg import Public\nfrom typing import Optional\nfrom mcp import StdioServerParameters\n\n"
        "def f(server: Optional[Public], other=None):\n"
        "    made = Public()\n"
        "    many: list[Public] = []\n"
        "    for one in many:\n"
        "        use(one)\n"
        "    use(server)\n    use(made.twin().child)\n    use(other)\n"
        "    use(pkg.Public)\n    use(StdioServerParameters())\n"
    ),
}
"""A package whose names are handed on, with a class that extends another, and six uses of objects."""


def used(sources: Sources, number: int, path: str = "app.py") -> list[str]:
    """Classes of the argument of the n-th `use`."""
    node, function = sources.call("use", path, number)
    found = sources.resolver.kinds(node.args[0].value, function)
    return [kind.cls.qualname if kind.cls is not None else "|".join(kind.names) for kind in found]

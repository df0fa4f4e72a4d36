"""Of which class the result of a call is: made, returned, looked up in a container, or as a model says.

Belongs here: calls alone. Not here: classes of variables, fields and written types (`kinds`).
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Mapping

from spawngate.codescan import ir
from spawngate.codescan.definitions import ClassInfo, FunctionInfo
from spawngate.codescan.hierarchy import Hierarchy, Kind
from spawngate.codescan.meanings import MAX_DEPTH
from spawngate.codescan.models.match import Callee, Index
from spawngate.codescan.models.model import TypeModel
from spawngate.codescan.project import Project
from spawngate.codescan.walk import last_name

_getter_words = """
get get_or_none get_by_id find_one findOne find_by_pk findByPk findById first aget afirst create acreate objects build
findOrFail findUnique get_or_404 query_one
"""
_ROW_GETTERS = frozenset(_getter_words.split())
"""Methods of libraries' classes of rows that return one row."""
_path_words = "home cwd resolve expanduser absolute joinpath with_suffix with_name with_stem relative_to"
PATH_METHODS = frozenset(_path_words.split())
"""Methods of `pathlib.Path` that give a path of the same kind."""
_MAKES = frozenset(["parse", "parse_from", "try_parse", "try_parse_from", "from_args", "default"])
"""Associated functions that Rust derives, and that give an object of the type."""
_locator_words = """
get inject resolve resolveAsync getAsync getInstance make lookup use useService getService service instance locate
invokeFunction fetch getOrCreate create
"""
_LOCATORS = frozenset(_locator_words.split())
"""Methods of containers that are given a class and return its object."""
_ROWS_OF = frozenset(["get_object_or_404", "aget_object_or_404", "get_or_404", "first_or_404", "get_one", "find"])
"""Functions that are given a class of rows and return one of its rows."""
_fluent_words = """
use get post put patch delete all route group guard model state decorate derive resolve onError basePath register
middleware option options requiredOption argument arguments name description version usage alias addCommand command
"""
_FLUENT = frozenset(_fluent_words.split())
_FLUENT_CLASS = re.compile(r"elysia|hono|express|commander#Command", re.IGNORECASE)
"""Classes whose methods give the object again, so that a whole server is one chain of calls."""


class Results(Hierarchy):
    """Answers about the calls of one project."""

    def __init__(
        self,
        project: Project,
        aliases: Mapping[str, Mapping[str, str]] | None = None,
        types: Mapping[str, Index[TypeModel]] | None = None,
    ) -> None:
        super().__init__(project, aliases)
        self.type_models = types or {}

    @abstractmethod
    def callee(self, node: ir.Expression, function: FunctionInfo) -> Callee:
        """What is known of a thing that is called, for the models' matching."""

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

    def of_call(self, node: ir.Call, function: FunctionInfo, depth: int) -> list[Kind]:
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
                if kind.cls is not None and callee.name == "__new__":
                    out.append(Kind(kind.cls))
                elif kind.cls is not None:
                    method = self.method(kind.cls, callee.name)
                    if method is None and not kind.instance and callee.name in _ROW_GETTERS:
                        out.append(Kind(kind.cls))  # inherited from a library's class of rows
                    if method is not None:
                        returned = self.returned(method, depth)
                        out.extend(Kind(kind.cls) if each.cls is method.owner else each for each in returned)
                elif (callee.name in PATH_METHODS and is_path(kind)) or _is_fluent(kind, callee.name):
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
        named = _LOCATORS | _ROWS_OF if function.module.language == "python" else _LOCATORS
        if (
            not out
            and function.module.language in ("javascript", "python")
            and node.args
            and last_name(callee) in named
        ):
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


def _is_fluent(kind: Kind, method: str) -> bool:
    return method in _FLUENT and any(_FLUENT_CLASS.search(name) for name in kind.names)


def is_path(kind: Kind) -> bool:
    return any(name.startswith("pathlib.") and name.endswith("Path") for name in kind.names)

"""YAML to values, built from parser events so that depth, aliases and faults stay bounded.

A loader of PyYAML would run into the recursion limit on deep input, follow a cycle of aliases for ever in
the code that walks the result, and lose the whole file to one fault near its end. Here an alias to
an open container is refused, the number of nodes is limited, and what stood before a fault is kept.
Format source: https://yaml.org/spec/1.1/ with the core resolver of PyYAML.
Must not be here: what any key means.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from spawngate.agents.formats import MAX_DEPTH, Problem, writable
from spawngate.model.json import Json

MAX_NODES = 500_000
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPEN = object()
_KEY = object()


def parse_yaml(text: str) -> tuple[Json, tuple[Problem, ...]]:
    """Value of the first document, and what was wrong with it. Never raises. No tag builds an object."""
    return _Builder().build(text)


class _Builder:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.root: Json = None
        self.stack: list[list[Any]] = []  # [container, pending key or _KEY, anchor, merged map, nodes before]
        self.anchors: dict[str | None, tuple[Any, int]] = {}  # value and number of values in it, aliases counted
        self.nodes = 0
        self.skipping = 0
        self.resolver: Any = yaml.resolver.Resolver()

    def build(self, text: str) -> tuple[Json, tuple[Problem, ...]]:
        try:
            for event in self._events(text):
                if isinstance(event, yaml.DocumentEndEvent):
                    break
                self._take(event)
                if self.nodes > MAX_NODES:
                    self.problems.append(Problem("budget", f"more than {MAX_NODES} values; the rest was skipped"))
                    break
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
            self.problems.append(Problem("malformed", f"{where}not valid YAML; the rest was skipped"))
        except RecursionError:
            self.problems.append(Problem("too-deep", "values are nested too deep; the rest was skipped"))
        return self.root, tuple(self.problems[:20])

    def _events(self, text: str) -> Iterator[Any]:
        # Characters that YAML forbids would stop the reader before its first event.
        clean = text.translate(_FORBIDDEN)
        if clean != text:
            self.problems.append(Problem("encoding", "control characters were replaced"))
        yield from yaml.parse(clean, Loader=_Loader)

    def _take(self, event: Any) -> None:
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if self.skipping:
                self.skipping += 1
                return
            container: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            if len(self.stack) >= MAX_DEPTH:
                line = _line(event)
                self.problems.append(
                    Problem("too-deep", f"line {line}: more than {MAX_DEPTH} levels; the part was skipped")
                )
                self._store(None)
                self.skipping = 1
                return
            if event.anchor:
                self.anchors[event.anchor] = _OPEN, 0
            if self._is_key():
                # A map or list as a key: no agent has one. Keep its value under a name that cannot clash.
                self._store(f"?{self.nodes}")
                self.skipping = 1
                return
            self._store(container)
            self.stack.append([container, _KEY, event.anchor, {}, self.nodes])
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            if self.skipping:
                self.skipping -= 1
                return
            container, _, anchor, merged, before = self.stack.pop()
            for name, item in merged.items():
                container.setdefault(name, item)
            if anchor:
                self.anchors[anchor] = container, self.nodes - before + 1
        elif isinstance(event, yaml.ScalarEvent):
            if self.skipping:
                return
            value = self._scalar(event)
            if event.anchor:
                self.anchors[event.anchor] = value, 1
            self._store(value)
        elif isinstance(event, yaml.AliasEvent):
            if self.skipping:
                return
            target, size = self.anchors.get(event.anchor, (_OPEN, 0))
            if target is _OPEN:
                line = _line(event)
                self.problems.append(Problem("malformed", f"line {line}: alias to nothing or to itself"))
                target = None
            # A bomb of aliases is counted as what it stands for, so it runs into the limit at once.
            self.nodes += size
            self._store(target)

    def _is_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1][0], dict) and self.stack[-1][1] is _KEY

    def _store(self, value: Any) -> None:
        self.nodes += 1
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        container, key = frame[0], frame[1]
        if isinstance(container, list):
            container.append(value)
        elif key is _KEY:
            frame[1] = value if isinstance(value, str) else str(value)
        else:
            frame[1] = _KEY
            if key == "<<" and isinstance(value, dict):
                frame[3].update(value)
                return
            if key in container:
                self.problems.append(Problem("duplicate-key", "a key stands twice in one map; the last one counts"))
            container[key] = value

    def _scalar(self, event: Any) -> Json:
        text: str = event.value
        if event.tag is not None and event.tag != "tag:yaml.org,2002:str":
            tag = event.tag
        elif event.implicit[0]:
            tag = self.resolver.resolve(yaml.ScalarNode, text, event.implicit)
        else:
            return text
        return _resolve(tag, text)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _resolve(tag: str, text: str) -> Json:
    kind = tag.rpartition(":")[2]
    try:
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() in ("true", "yes", "on")
        if kind == "int":
            return writable(int(text.replace("_", ""), 0))
        if kind == "float":
            return float(text.replace("_", ""))
    except ValueError:
        return text
    return text


_FORBIDDEN = {
    code: "\ufffd"
    for code in (*range(0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000))
    if code not in (0x09, 0x0A, 0x0D, 0x85)
}

"""Commands that a file of the project defines under a name (make, just, package scripts), where the text wrote it.

Belongs here: from a file's content and a name to the text that a shell would read. Must not be here: files on disk.
Sources: POSIX.1-2024 make and the GNU make manual (recipes, variables, `$$`); just's manual (recipes, `@`);
docs.npmjs.com "scripts" (pre and post); the other runners' `package.json` readers.
"""

import json
import re
from collections.abc import Mapping, Sequence

_MAKE = frozenset({"make", "gmake", "bmake", "remake"})
_NODE = frozenset({"npm", "npx", "yarn", "pnpm", "bun", "node", "nr"})
_RULE = re.compile(r"^([^\s#:=](?:[^\s#:=]|\s++(?=[^\s#:=]))*+)\s*+::?(?!=)([^=].*|)$")
_SETTING = re.compile(r"^(?:export\s+)?([\w.-]+)\s*(?:::?|\?|\+)?=\s*(.*)$")
_REFERENCE = re.compile(r"\$(?:\((\w+)\)|\{(\w+)\}|(\$))")
_JUST = re.compile(r"^@?([A-Za-z_][\w-]*+)[^:=\n]*+:(?!=)\s*(.*)$")
_SCRIPT = re.compile(r"scripts\.([\w:.-]+)=(.*)", re.DOTALL)
MAX_RULES = 16
"""Rules that one name leads to through what it depends on."""


def recipe(runner: str, name: str, files: Mapping[str, str]) -> str | None:
    """Text of what `runner` runs under `name`; None where no file says so."""
    if runner in _MAKE:
        text = _file(files, "GNUmakefile", "makefile", "Makefile")
        return None if text is None else _made(text, name)
    if runner == "just":
        text = _file(files, "justfile", ".justfile", "Justfile")
        return None if text is None else _just(text, name)
    if runner in _NODE or runner == "composer":
        text = _file(files, "composer.json" if runner == "composer" else "package.json")
        return None if text is None else _script(text, name)
    return None


def note(words: Sequence[str], files: dict[str, str]) -> None:
    """`npm pkg set scripts.NAME=TEXT` writes a package script."""
    if list(words[:3]) not in (["npm", "pkg", "set"], ["pnpm", "pkg", "set"]):
        return
    scripts = _scripts(files.get("package.json", ""))
    for word in words[3:]:
        found = _SCRIPT.fullmatch(word)
        if found is not None:
            scripts[found.group(1)] = found.group(2)
    files["package.json"] = json.dumps({"scripts": scripts})


def _file(files: Mapping[str, str], *names: str) -> str | None:
    for path, text in files.items():
        if path.rsplit("/", 1)[-1] in names:
            return text
    return None


def _scripts(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
        scripts = found.get("scripts") if isinstance(found, dict) else None
    except (ValueError, RecursionError):
        scripts = None
    if not isinstance(scripts, dict):
        return {}
    return {
        name: " && ".join(one for one in value if isinstance(one, str)) if isinstance(value, list) else str(value)
        for name, value in scripts.items()
    }


def _script(text: str, name: str) -> str | None:
    scripts = _scripts(text)
    if name not in scripts:
        return None
    return "\n".join(scripts[one] for one in (f"pre{name}", name, f"post{name}") if one in scripts)


def _made(text: str, name: str) -> str | None:
    rules, variables = _rules(text)
    if name not in rules and name == "all" and rules:
        name = next((one for one in rules if not one.startswith(".")), name)
    if name not in rules:
        return None
    lines: list[str] = []
    waiting, seen = [name], set[str]()
    while waiting and len(seen) < MAX_RULES:
        target = waiting.pop(0)
        if target in seen or target not in rules:
            continue
        seen.add(target)
        needed, recipe_lines = rules[target]
        waiting = [*needed, *waiting]
        lines.extend(_expanded(line, {**variables, "@": target}) for line in recipe_lines)
    return "\n".join(lines)


def _rules(text: str) -> tuple[dict[str, tuple[list[str], list[str]]], dict[str, str]]:
    rules: dict[str, tuple[list[str], list[str]]] = {}
    variables: dict[str, str] = {}
    current: list[list[str]] = []
    for line in text.replace("\\\n", " ").splitlines():
        if line.startswith("\t"):
            for lines in current:
                lines.append(line.strip().lstrip("@-+"))
            continue
        setting = _SETTING.match(line)
        rule = None if setting else _RULE.match(line)
        if setting is not None:
            variables[setting.group(1)] = setting.group(2)
        elif rule is not None:
            current = []
            needed, _, inline = rule.group(2).partition(";")
            for target in rule.group(1).split()[:MAX_RULES]:
                lines = [inline.strip().lstrip("@-+")] if inline.strip() else []
                rules[target] = (needed.split()[:MAX_RULES], lines)
                current.append(lines)
        elif line.strip():
            current = []
    return rules, variables


def _expanded(line: str, variables: Mapping[str, str]) -> str:
    """Variables of make, a few levels deep; `$$` is the shell's `$`."""
    for _ in range(4):
        line, count = re.subn(
            r"(?<!\$)\$(?:\((\w+)\)|\{(\w+)\})",
            lambda found: variables.get(found.group(1) or found.group(2), ""),
            line[:4096],
        )
        if not count:
            break
    return _REFERENCE.sub(lambda found: "$" if found.group(3) else "", line)


def _just(text: str, name: str) -> str | None:
    bodies: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in text.splitlines():
        if line[:1] in (" ", "\t"):
            if current is not None:
                current.append(line.strip().lstrip("@-"))
            continue
        found = _JUST.match(line)
        current = bodies.setdefault(found.group(1), []) if found else None
    if name == "default" and name not in bodies and bodies:
        name = next(iter(bodies))
    return "\n".join(bodies[name]) if name in bodies else None

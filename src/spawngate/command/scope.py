"""What a shell knows while a text runs: variables, functions, aliases, parameters and the folder it is in.

Belongs here: values and how assignments change them. Must not be here: expansion (`command.expand`) and walking.
An assignment that may or may not have happened keeps the older value as an alternative, so that neither is lost.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import Struct
from msgspec.structs import replace

from spawngate.command.budget import MAX_VALUE
from spawngate.command.syntax import Statement

MAX_ALTERNATIVES = 4
"""Values that one variable may have at one place; with more it counts as unknown."""


class Value(Struct, frozen=True):
    """What a variable holds or an expansion gives."""

    text: str
    """The value; as written where `opaque`."""
    opaque: bool = False
    glob: bool = False
    """Names of files that match `text`."""
    spawns: tuple[int, ...] = ()
    """Spawns whose output is in it."""
    others: tuple[str, ...] = ()
    """Further texts that it may have instead."""


USUAL = {
    "HOME": Value("~"),
    "IFS": Value(" \t\n"),
    "SHELL": Value("/bin/bash"),
    "BASH": Value("/bin/bash"),
    "0": Value("bash"),
    "#": Value("0"),
    "@": Value(""),
    "*": Value(""),
    "OSTYPE": Value("linux-gnu"),
    "PATH": Value("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", opaque=True),
    "PWD": Value("."),
}
"""What every shell has. PATH is only a likely one: its first letter is sure, its value is not."""


@dataclass(slots=True)
class Scope:
    """One shell's state; a subshell has a copy."""

    variables: dict[str, Value] = field(default_factory=dict)
    arrays: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    exported: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    """Functions that new shells get too (`export -f`)."""
    unset: set[str] = field(default_factory=set)
    """Names that the text itself has emptied, so that no environment fills them."""
    functions: dict[str, tuple[Statement, bool]] = field(default_factory=dict)
    """Body, and whether the definition is sure to have happened."""
    texts: dict[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    """Functions of PowerShell and labels of cmd: names of the parameters, and the body as text."""
    aliases: dict[str, str] = field(default_factory=dict)
    parameters: tuple[Value, ...] | None = ()
    """`$1` and on; None where they are unknown."""
    cwd: str = ""
    previous: str = ""
    files: dict[str, str] = field(default_factory=dict)
    """Content of files that the text itself wrote, by path as written."""
    locals: list[dict[str, Value | None]] = field(default_factory=list)
    """For every function that is being called, what its local names were before."""
    unsure: int = 0
    """How many conditions around the present place may not hold."""

    def copy(self) -> "Scope":
        """State of a subshell."""
        # Every field is named, in its order (a test compares): `replace` takes four times as long.
        return Scope(
            dict(self.variables),
            dict(self.arrays),
            set(self.exported),
            set(self.shared),
            set(self.unset),
            dict(self.functions),
            dict(self.texts),
            dict(self.aliases),
            self.parameters,
            self.cwd,
            self.previous,
            self.files,
            [dict(names) for names in self.locals],
            self.unsure,
        )

    def process(self) -> "Scope":
        """State of a new shell process: exported variables and files remain."""
        names = self.exported
        return Scope(
            variables={name: value for name, value in self.variables.items() if name in names},
            exported=set(names),
            shared=set(self.shared),
            functions={name: body for name, body in self.functions.items() if name in self.shared},
            unset=set(self.unset),
            cwd=self.cwd,
            files=self.files,
            unsure=self.unsure,
        )

    def get(self, name: str) -> Value | None:
        """Value of a variable, special ones too; None where only the environment may know it."""
        if name in self.variables:
            return self.variables[name]
        if name in self.arrays:
            return self.arrays[name][0] if self.arrays[name] else Value("")
        if name.isdecimal() and name != "0":
            number = int(name.lstrip("0")[:7] or 0)  # `${000}` is `$0`; nobody gives millions
            return self._parameter(number) if number else self.get("0")
        if name == "#":
            return None if self.parameters is None else Value(str(len(self.parameters)))
        if name == "PWD":
            return Value(self.cwd or ".")
        if name == "OLDPWD" and self.previous:
            return Value(self.previous)
        if name in self.unset:
            return Value("")
        return None if self.parameters is None and name in ("@", "*") else USUAL.get(name)

    def _parameter(self, number: int) -> Value | None:
        if self.parameters is None:
            return None
        return self.parameters[number - 1] if number <= len(self.parameters) else Value("")

    def set(self, name: str, value: Value) -> None:
        """Assign. Where it may not happen, the value before stays as an alternative."""
        if len(value.text) > MAX_VALUE:
            value = Value(f"${name}", opaque=True, spawns=value.spawns)
        if self.unsure:
            value = _either(value, self.variables.get(name))
        self.arrays.pop(name, None)
        self.variables[name] = value
        self.unset.discard(name)

    def set_array(self, name: str, values: tuple[Value, ...]) -> None:
        """Assign a whole array."""
        self.variables.pop(name, None)
        self.arrays[name] = values
        self.unset.discard(name)

    def remove(self, name: str) -> None:
        """`unset`. Where it may not happen nothing changes."""
        if self.unsure:
            return
        self.variables.pop(name, None)
        self.arrays.pop(name, None)
        self.exported.discard(name)
        self.unset.add(name)

    def hide(self, name: str) -> None:
        """`local`: what the name is now comes back when the function ends."""
        if self.locals:
            self.locals[-1].setdefault(name, self.variables.get(name))

    def leave(self) -> None:
        """A function ends."""
        for name, value in self.locals.pop().items():
            self.arrays.pop(name, None)
            if value is None:
                self.variables.pop(name, None)
            else:
                self.variables[name] = value

    def enter(self, folder: str) -> None:
        """`cd`. `-` leads back; empty leads home."""
        if folder == "-":
            self.previous, self.cwd = self.cwd, self.previous
        else:
            self.previous, self.cwd = self.cwd, joined(self.cwd, folder or "~")

    def environment(self) -> Iterator[tuple[str, Value]]:
        """Exported variables in the order of their names."""
        for name in sorted(self.exported):
            value = self.get(name)
            if value is not None:
                yield (name[4:].upper() if name.startswith("env:") else name), value


def joined(folder: str, path: str) -> str:
    """`path` as seen from `folder`, `.` and `..` resolved where they can be. Empty for the call's own folder."""
    whole = path if path.startswith(("/", "~", "$")) else posixpath.join(folder, path)
    if not whole:
        return ""
    if whole[0] in "~$":  # the parent of a folder that is only known by a name stays written out
        head, _, rest = whole.partition("/")
        rest = posixpath.normpath(rest) if rest else "."
        return head if rest == "." else f"{head}/{rest}"
    whole = posixpath.normpath(whole)
    return "" if whole == "." else whole


def _either(new: Value, old: Value | None) -> Value:
    if old is None or old == new:
        return new
    texts = dict.fromkeys((*new.others, old.text, *old.others))
    texts.pop(new.text, None)
    if len(texts) >= MAX_ALTERNATIVES:
        return Value(new.text, opaque=True, spawns=(*new.spawns, *old.spawns))
    return replace(new, opaque=new.opaque or old.opaque, others=tuple(texts), spawns=(*new.spawns, *old.spawns))

"""What cmdlets of PowerShell, and commands of cmd.exe, print and write to files.

Belongs here: those with which people put texts into files, by their parameters.
Must not be here: programs of other systems (`configuration.programs`).
Source: https://learn.microsoft.com/powershell/module/microsoft.powershell.management and .utility (Set-Content,
Add-Content, Out-File, Tee-Object, New-Item, Copy-Item, Move-Item, Remove-Item, Get-Content), read 2026-11. What is
piped in is known only where a command printed it: an expression's value is not.
"""

from collections.abc import Callable

from spawngate.configuration.files import MISSING, Content, Missing, Unknown, joined
from spawngate.configuration.shell import Run, to_bytes
from spawngate.launch.argv import word_set

_SWITCHES = word_set("-force -nonewline -append -passthru -recurse -confirm -whatif -raw -noclobber -verbose")


def _parameters(run: Run, at: int) -> tuple[dict[str, str], list[str]] | Unknown:
    """Named parameters in lower case, and the words without a name."""
    words = run.words(at)
    if isinstance(words, Unknown):
        return words
    named: dict[str, str] = {}
    rest: list[str] = []
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        lowered = word.lower()
        name, colon, value = lowered.partition(":")
        if not word.startswith("-") or len(word) < 2:
            rest.append(word)
        elif lowered in _SWITCHES:
            named[lowered] = "true"
        elif colon and value:
            named[name] = word.partition(":")[2]
        elif place < len(words):
            named[lowered] = words[place]
            place += 1
    return named, rest


def _given(named: dict[str, str], rest: list[str], *names: str) -> str:
    for name in names:
        if name in named:
            return named[name]
    return rest.pop(0) if rest else ""


def _write(run: Run, at: int) -> Content:
    """Set-Content, Add-Content, Out-File, Tee-Object, New-Item."""
    found = _parameters(run, at)
    spawn = run.program.spawns[at]
    if isinstance(found, Unknown):
        run.spoil(at, found)
        return found
    named, rest = found
    path = _given(named, rest, "-path", "-literalpath", "-filepath", "-pspath", "-lp")
    if spawn.program in ("new-item", "ni"):
        if named.get("-itemtype", "").lower() in ("directory", "symboliclink", "hardlink", "junction"):
            if named["-itemtype"].lower() != "directory":
                run.files.write(run.place(spawn, path), Unknown("link"))
            return b""
        path = f"{path.rstrip('/')}/{named['-name']}" if "-name" in named else path
        content: Content = to_bytes(named["-value"]) if "-value" in named else b""
    else:
        text = named.get("-value", named.get("-inputobject", rest[0] if rest else ""))
        content = to_bytes(text + ("" if "-nonewline" in named else "\n")) if text else run.input(at)
    place = run.place(spawn, path)
    if not path:
        return content
    if spawn.program in ("add-content", "ac") or "-append" in named:
        old = run.read(place)
        content = joined(b"" if isinstance(old, Missing) else old, content)
    run.files.write(place, content)
    return content if spawn.program in ("tee-object", "tee") else b""


def _read(run: Run, at: int) -> Content:
    found = _parameters(run, at)
    if isinstance(found, Unknown):
        return found
    named, rest = found
    path = _given(named, rest, "-path", "-literalpath")
    content = run.read(run.place(run.program.spawns[at], path))
    return Unknown("not-there") if isinstance(content, Missing) else content


def _copy(run: Run, at: int) -> Content:
    found = _parameters(run, at)
    if isinstance(found, Unknown):
        return found
    named, rest = found
    spawn = run.program.spawns[at]
    source = _given(named, rest, "-path", "-literalpath")
    target = _given(named, rest, "-destination")
    if not source or not target:
        return b""
    origin = run.place(spawn, source)
    content = run.read(origin)
    content = Unknown("not-there") if isinstance(content, Missing) else content
    name = source.replace("\\", "/").rstrip("/").rpartition("/")[2]
    run.files.write(run.place(spawn, target), content)
    run.files.write(run.place(spawn, f"{target.rstrip('/')}/{name}"), content)
    if spawn.program in ("move-item", "mi", "move", "rename-item", "rni", "ren"):
        run.files.write(origin, MISSING)
    return b""


CMDLETS: dict[str, Callable[[Run, int], Content]] = {
    **dict.fromkeys(("set-content", "sc", "add-content", "ac", "out-file", "tee-object", "new-item", "ni"), _write),
    **dict.fromkeys(("get-content", "gc", "type"), _read),
    **dict.fromkeys(("copy-item", "cpi", "move-item", "mi", "copy", "move", "ren", "rename-item", "rni"), _copy),
}
"""Programs by the names that the parser gives them."""

"""Programs that change files by a patch: patch, `git apply`, and the apply_patch of Codex and its imitators.

Belongs here: their command lines, and which agents' files a patch names that is not computed. Must not be here: what a
unified diff does (`configuration.edits`), reading patches (`agents.hooks.patch`).
Sources, read 2026-11: GNU patch 2.7 and diffutils 3.10 manuals ("Context Format"), git-apply(1) and git-diff(1) 2.47.
"""

import re

from spawngate.agents.hooks.patch import patch_edits
from spawngate.command.arguments import read_arguments
from spawngate.command.spawn import Word
from spawngate.configuration.edits import apply_diff, apply_edits
from spawngate.configuration.files import Content, Unknown
from spawngate.configuration.recognise import recognise
from spawngate.configuration.shell import Run, to_bytes

_OTHER_HEADERS = re.compile(r"^(?:\*\*\*|Index:|(?:rename|copy) (?:from|to))[ \t]+([^\t\n]{1,400})", re.MULTILINE)
_HEADERS = re.compile(r"^(?:---|\+\+\+)[ \t]+([^\t\n]{1,400})", re.MULTILINE)


def patch(run: Run, at: int) -> Content:
    """What patch and `git apply` leave; nothing is printed."""
    spawn = run.program.spawns[at]
    words = spawn.words
    found = read_arguments(words, ("-p", "--strip", "-i", "--input", "-d", "--directory", "-o", "--output"))
    number = next(iter(found.values("-p", "--strip")), "")
    named = next(iter(found.values("-i", "--input")), "")
    rest = [word for word in found.rest if word != "apply"] if spawn.program == "git" else list(found.rest)
    folder = next(iter(found.values("-d", "--directory")), "")
    cwd = folder or spawn.cwd
    if spawn.program == "git":
        contents = [run.named(at, Word(name)) for name in rest] if rest else [run.input(at)]
        target = ""
    else:
        source = named or (rest[1] if len(rest) > 1 else "")
        contents = [run.named(at, Word(source)) if source else run.input(at)]
        target = rest[0] if rest else ""
    strip = int(number) if number.isdecimal() and len(number) < 3 else 1
    reverse = found.has("-R", "--reverse")
    output = found.value("-o", "--output")
    if output:
        run.files.write(run.files.place(output, cwd), Unknown("program"))
    for content in contents:
        if isinstance(content, Unknown) and not target:
            run.untold.add(at)
        if isinstance(content, bytes):
            text = content.decode("utf-8", "replace")
            _named_in_patch(run, text, cwd, reverse=reverse)
        if isinstance(content, bytes) and not reverse:
            apply_diff(text, run.files, cwd, strip, target)
        elif target:
            run.files.write(run.files.place(target, cwd), Unknown("program"))
    return b""


def _named_in_patch(run: Run, text: str, cwd: str, *, reverse: bool) -> None:
    """Agents' files in the lines of a patch that are not computed: of a context diff, of another header, of a copy, and
    of one that is undone."""
    names = _OTHER_HEADERS.findall(text)
    if reverse or re.search(r"^\*{15}", text, re.MULTILINE):
        names += _HEADERS.findall(text)
    for name in dict.fromkeys(names):
        parts = name.rstrip("\r").split("/")
        for path in ("/".join(parts[at:]) for at in range(min(len(parts), 8))):
            if recognise(path, run.files.context, cwd):
                run.files.write(run.files.place(path, cwd), Unknown("program"))


def apply_patch(run: Run, at: int) -> Content:
    """The patch of Codex and its imitators, as an argument or in a here-document."""
    words = run.words(at)
    content = run.input(at) if not words else words if isinstance(words, Unknown) else to_bytes(words[0])
    if isinstance(content, bytes):
        apply_edits(patch_edits(content.decode("utf-8", "replace")), run.files, run.program.spawns[at].cwd)
    return b""

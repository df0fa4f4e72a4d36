"""What single programs print and write, where their arguments and input tell it.

Belongs here: the programs with which people put texts into files: echo, printf, cat, tee, sed, jq, cp, mv, ln, base64,
patch and their like.
Must not be here: redirections and pipes (`configuration.shell`), the agents' own commands (`configuration.additions`).
Sources: the manuals of GNU coreutils 9.4, GNU patch 2.7 and git 2.47, read 2026-11.
"""

import base64
import binascii
import re
from collections.abc import Callable
from itertools import takewhile

from spawngate.command.spawn import Spawn, Word
from spawngate.configuration import sed
from spawngate.configuration.backups import kept_as
from spawngate.configuration.cmdlets import CMDLETS
from spawngate.configuration.editors import edit
from spawngate.configuration.files import MISSING, Content, Missing, Unknown, joined
from spawngate.configuration.git_command import git
from spawngate.configuration.jq_command import jq_command, yq_command
from spawngate.configuration.moves import MOVES
from spawngate.configuration.patching import apply_patch, patch
from spawngate.configuration.python_code import NotUnderstood as CodeNotUnderstood
from spawngate.configuration.python_code import run_python
from spawngate.configuration.recognise import recognise
from spawngate.configuration.shell import Run, to_bytes
from spawngate.configuration.unpacking import unpack
from spawngate.launch.argv import word_set

_NETWORK = word_set("curl wget aria2c http https xh scp rsync nc ncat gh")
_ARCHIVES = word_set("tar bsdtar unzip 7z 7za cpio unrar gunzip zcat xz unxz zstd")
_ARCHIVES_FILL = re.compile(r"(?:\A|\s)(?:x|e|-(?=[a-z]*[xi])[a-z]*+|--extract)(?:\s|\Z)")
"""What makes an archiver that is not read here unpack: `7z x`, `unrar x`, `cpio -i`."""
_VERSIONS = word_set("git hg svn jj")
_SILENT = word_set(
    "mkdir rm rmdir unlink touch cp mv ln install chmod chown cd pushd popd export unset true : sleep test ["
)
NOTHING = b""
LONGEST_NAME = 255
"""Bytes of a file's own name, at most, on every system (NAME_MAX)."""


def effect(run: Run, at: int) -> Content:
    """What a spawn prints; what it writes to files is written."""
    spawn = run.program.spawns[at]
    if not spawn.argv:
        # A redirection alone, or a group with one behind it.
        return run.input(at) if spawn.reads_from else NOTHING
    genuine = _is_genuine(spawn)
    program = _PROGRAMS.get(spawn.program)
    if program is not None and genuine:
        return program(run, at)
    if spawn.code_language == "python" and spawn.code and genuine:
        return _python(run, at)
    edited = edit(run, at, spawn) if genuine else None
    if edited is None and genuine:
        edited = unpack(run, at)
    if edited is not None:
        return edited
    run.opaque.add(at)
    if spawn.program in _NETWORK:
        return Unknown("network")
    if spawn.program in _ARCHIVES:
        if _ARCHIVES_FILL.search(" ".join(spawn.words)):
            run.untold.add(at)
        return Unknown("archive")
    if spawn.program in _VERSIONS:
        return Unknown("version-control")
    if spawn.code:
        return Unknown("code")
    return NOTHING if spawn.program in _SILENT else Unknown("program")


_SYSTEM = re.compile(r"/(?:usr/(?:local/)?)?s?bin/|/opt/(?:homebrew|local)/|/nix/|/snap/bin/|/run/current-system/")


_CHOOSES = word_set(
    "PATH LD_PRELOAD LD_LIBRARY_PATH PYTHONPATH BASH_ENV PERL5OPT PERL5LIB RUBYOPT RUBYLIB VIMINIT EXINIT"
)


def _is_genuine(spawn: Spawn) -> bool:
    """Whether the program is the one of that name: not one from a folder of anybody's, nor found or loaded by a
    variable that the command sets."""
    first = spawn.argv[0].text
    if any(name in _CHOOSES for name, _ in spawn.assignments):
        return spawn.builtin
    return "/" not in first.replace("\\", "/") or _SYSTEM.match(first) is not None


def _echo(run: Run, at: int) -> Content:
    words = run.words(at)
    if isinstance(words, Unknown):
        return words
    newline, escapes, plain = True, False, False
    while words and re.fullmatch(r"-[neE]+", words[0]):
        newline = newline and "n" not in words[0]
        escapes = "e" in words[0] and "E" not in words[0]
        plain = "E" in words[0]
        del words[0]
    text = " ".join(words)
    if run.program.parser == "cmd":
        return Unknown("expression")  # cmd.exe prints the quotes that its parser takes off
    if not escapes and not plain and re.search(r"\\[\\abcefnrtv0]", text):
        # Bash prints a backslash, zsh and dash what it means; which one runs is not known.
        return Unknown("expression")
    return to_bytes((_escaped(text) if escapes else text) + ("\n" if newline else ""))


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'", "a": "\a", "b": "\b", "e": "\x1b"}


def _escaped(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        token = match[0][1:]
        if token[0] == "x" and len(token) > 1:
            return chr(int(token[1:], 16))
        if token[0].isdecimal():
            return chr(int(token, 8) & 0xFF)
        if token[0] in "uU" and len(token) > 1:
            code = int(token[1:], 16)
            return chr(code) if code < 0x110000 else match[0]
        return _ESCAPES.get(token[0], match[0])

    return re.sub(r"\\(?:x[0-9a-fA-F]{1,2}|0?[0-7]{1,3}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[^0-7])", one, text)


def _printf(run: Run, at: int) -> Content:
    words = run.words(at)
    if isinstance(words, Unknown):
        return words
    if words[:1] == ["--"]:
        del words[0]
    if not words or words[0].startswith("-v"):
        return NOTHING
    template, values = words[0], words[1:]
    out: list[str] = []
    left = list(values)
    while True:
        used = False

        def one(match: re.Match[str]) -> str:
            nonlocal used
            if match[0] == "%%":
                return "%"
            used = True
            value = left.pop(0) if left else ""
            return _escaped(value) if match[1] == "b" else value

        pieces = re.split(r"(%%|%[sbd])", template)
        if any("%" in piece for piece in pieces[::2]):
            return Unknown("expression")
        out.extend(
            re.sub(r"%%|%([sbd])", one, piece) if number % 2 else _escaped(piece) for number, piece in enumerate(pieces)
        )
        if not left or not used:
            return to_bytes("".join(out))


def _cat(run: Run, at: int) -> Content:
    spawn = run.program.spawns[at]
    names: list[Word] = []
    for word in spawn.argv[1:]:
        if word.text.startswith("-") and word.text != "-":
            if word.text not in ("-u", "--"):
                return Unknown("program")
            continue
        names.append(word)
    if not names:
        return run.input(at)
    return joined(*(run.named(at, word) for word in names))


def _tee(run: Run, at: int) -> Content:
    spawn = run.program.spawns[at]
    content = run.input(at)
    append = False
    for word in spawn.argv[1:]:
        if word.text.startswith("-") and word.text != "-":
            append = append or "a" in word.text.lstrip("-")[:6]
            continue
        place = run.place(spawn, word)
        old = run.read(place) if append else MISSING
        run.files.write(place, joined(old, content))
    return content


def _sed(run: Run, at: int) -> Content:
    spawn = run.program.spawns[at]
    words = run.words(at)
    if isinstance(words, Unknown):
        run.spoil(at, words)
        return words
    scripts: list[str] = []
    names: list[str] = []
    in_place = extended = quiet = lines = False
    suffix = ""
    rest = iter(words)
    for word in rest:
        if word in ("-e", "--expression"):
            scripts.append(next(rest, ""))
        elif word.startswith("--expression="):
            scripts.append(word.partition("=")[2])
        elif word == "-i" or word.startswith(("-i", "--in-place")):
            in_place = True
            suffix = re.sub(r"\A(?:-i|--in-place=?)", "", word)
        elif re.fullmatch(r"-[nErsuz]+(?:i.*)?", word):
            options, mark, suffix = word.partition("i")
            extended = extended or "E" in options or "r" in options
            quiet = quiet or "n" in options
            lines = lines or "z" in options
            in_place = in_place or bool(mark)
        elif word in ("--quiet", "--silent", "--regexp-extended"):
            extended = extended or word == "--regexp-extended"
            quiet = quiet or word != "--regexp-extended"
        elif word.startswith("-") and word not in ("-", "--"):
            run.spoil(at, Unknown("expression"))
            return Unknown("expression")
        elif word != "--":
            names.append(word)
    if in_place and not scripts and names[:1] == [""]:
        del names[0]  # sed of BSD takes the suffix as a word of its own
    if not scripts and names:
        scripts.append(names.pop(0))
    left = sed.MOST_WRITES
    for match in (match for script in scripts for match in sed.WRITES.finditer(script)):
        left -= 1
        if left < 0:
            run.untold.add(at)
            return Unknown("expression")
        name = match[1]
        if len(name.rpartition("/")[2]) <= LONGEST_NAME and recognise(name, run.files.context, spawn.cwd):
            run.files.write(run.place(spawn, name), Unknown("expression"))

    def changed(content: Content) -> Content:
        if not isinstance(content, bytes):
            return content if isinstance(content, Unknown) else NOTHING
        if quiet or lines:  # what is nothing to sed's own `;`, `.` and `$` but a letter is the line end with -z
            return Unknown("expression")
        try:
            return to_bytes(sed.run(scripts, content.decode("utf-8"), extended=extended))
        except (sed.NotUnderstood, UnicodeDecodeError):
            return Unknown("expression")

    if in_place:
        for name in names:
            place = run.place(spawn, name)
            old = run.read(place)
            if not isinstance(old, Missing):
                if suffix:
                    run.files.write(run.place(spawn, kept_as(name, suffix)), old)
                run.files.write(place, changed(old))
        return NOTHING
    return changed(joined(*(run.named(at, Word(name)) for name in names)) if names else run.input(at))


def _base64(run: Run, at: int) -> Content:
    spawn = run.program.spawns[at]
    names = [word for word in spawn.argv[1:] if not word.text.startswith("-")]
    options = [word for word in spawn.words if word.startswith("-")]
    content = run.named(at, names[-1]) if names else run.input(at)
    if not isinstance(content, bytes):
        return content
    if any(option in ("-d", "-D", "--decode", "-di", "-id") for option in options):
        try:
            return base64.b64decode(re.sub(rb"\s", b"", content), validate=True)
        except (binascii.Error, ValueError):
            return Unknown("malformed")
    return base64.b64encode(content) + b"\n" if options in ([], ["-w0"], ["-w", "0"]) else Unknown("program")


def _xxd(run: Run, at: int) -> Content:
    options = "".join(word.lstrip("-") for word in run.program.spawns[at].words if word.startswith("-"))
    content = run.input(at)
    if not isinstance(content, bytes) or set(options) != {"r", "p"}:
        return content if isinstance(content, Unknown) else Unknown("program")
    try:
        return binascii.unhexlify(re.sub(rb"\s", b"", content))
    except (binascii.Error, ValueError):
        return Unknown("malformed")


def _git(run: Run, at: int) -> Content:
    words = [word for word in run.program.spawns[at].words if not word.startswith("-")]
    if words[:1] == ["apply"]:
        return patch(run, at)
    computed = git(run, at)
    if computed is not None:
        return computed
    run.opaque.add(at)
    spawn = run.program.spawns[at]
    if words[:1] in (["checkout"], ["restore"]):
        for word in words[1:]:
            if recognise(word, run.files.context, spawn.cwd):
                run.files.write(run.place(spawn, word), Unknown("version-control"))
    if _TAKES_FILES.match(" ".join(run.program.spawns[at].words)):
        run.untold.add(at)
    return Unknown("version-control")


_TAKES_FILES = re.compile(
    r"(?:-\S+\s+)*(?:stash (?:pop|apply)\b|am\b(?! --(?:abort|quit|skip|show))|read-tree\b.* -u|checkout-index\b"
    r"|reset --hard (?!HEAD\Z)\S|(?:checkout|restore)\b.* (?:\.|:/|\*|\S*/)(?:\s|\Z))"
)
"""Commands of git that put files of another version, or of a patch, into the folder. Those that go to another branch or
take others' changes over are not among them: they are everywhere, and the watcher judges what they leave."""


_IMPORTED = re.compile(r"\b(?:import|from)[ \t]+([\w, \t]{1,200})")


def _is_led_away(run: Run, spawn: Spawn) -> bool:
    """Whether the interpreter is asked to read on from its input, or finds a module of the folder's in place of its own
    one: the working folder comes first for code in its words."""
    own = takewhile(lambda text: text[:1] == "-" and text != "-", (word.text for word in spawn.argv[1:]))
    if any(re.fullmatch(r"-[A-Zbdhiqsuvx]*i[A-Za-z]*", word) for word in own) or any(
        name in ("PYTHONINSPECT", "PYTHONSTARTUP") for name, _ in spawn.assignments
    ):
        return True
    modules = {name for line in _IMPORTED.findall(spawn.code) for name in re.findall(r"\w+", line)}
    return any(
        isinstance(run.files.read(run.files.place(f"{name}{end}", spawn.cwd)), bytes)
        for name in sorted(modules)[:32]
        for end in (".py", "/__init__.py")
    )


def _python(run: Run, at: int) -> Content:
    spawn = run.program.spawns[at]
    if _is_led_away(run, spawn):
        run.opaque.add(at)
        return Unknown("code")
    try:
        return run_python(spawn.code, run.files, spawn.cwd, spawn.words)
    except CodeNotUnderstood:
        run.opaque.add(at)
        return Unknown("code")


_PROGRAMS: dict[str, Callable[[Run, int], Content]] = {
    **CMDLETS,
    **MOVES,
    "echo": _echo,
    "printf": _printf,
    "cat": _cat,
    "tee": _tee,
    "sponge": _tee,
    "sed": _sed,
    "gsed": _sed,
    "jq": jq_command,
    "gojq": jq_command,
    "jaq": jq_command,
    "yq": yq_command,
    "base64": _base64,
    "xxd": _xxd,
    "patch": patch,
    "gpatch": patch,
    "apply_patch": apply_patch,
    "applypatch": apply_patch,
    "git": _git,
}

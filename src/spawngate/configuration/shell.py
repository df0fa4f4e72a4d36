"""What a shell command leaves in files, as far as its text tells.

Belongs here: the order of its spawns, what each reads and prints, redirections.
Must not be here: what one program does (`configuration.programs`), parsing (`command.parse`), opening files.
Every spawn counts as run once, in the order of the text. Where a condition decides, every content that a file may have
had is kept (`files.Files.written`), so that a step that does not run hides nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from spawngate.command.spawn import Program, Spawn, Word
from spawngate.configuration.files import Content, Files, Missing, Unknown, joined

_CONDITION = re.compile(r"\|\||\bif\b|\bcase\b|\bwhile\b|\buntil\b|\bfalse\b|\btrap\b|(?<![&>])&(?![&>])|!\s")
_SUBSTITUTION = re.compile(r"\$\(|`|\$\{[^}:#%/$`]*+[:#%/$`]")
_DEVICE = re.compile(r"/dev/(?:null|stdout|stderr|tty|fd/\d+)")


def conditional(texts: Sequence[str]) -> bool:
    """Whether something in a command may be left out when it runs."""
    return any(_CONDITION.search(text) for text in texts)


def _there(content: Content) -> Content:
    """A content that is read. A file that is not there now may be there when the command runs."""
    return Unknown("not-there") if isinstance(content, Missing) else content


def to_bytes(text: str) -> bytes:
    """A text as programs write it."""
    return text.encode("utf-8", "surrogatepass")


@dataclass(slots=True)
class Run:
    """One command while its effects are computed."""

    program: Program
    files: Files
    conditional: bool = False
    """Some step may be left out."""
    printed: dict[int, Content] = field(default_factory=dict)
    """By place of the spawn: what it writes to its output."""
    opaque: set[int] = field(default_factory=set)
    """Places of spawns whose effect on files is not computed."""
    untold: set[int] = field(default_factory=set)
    """Places of spawns that fill a folder with files which nothing here tells."""
    _busy: set[int] = field(default_factory=set)

    def place(self, spawn: Spawn, word: Word | str) -> str:
        """Where a word of a spawn points. A path with an unknown part is known by its spelling alone."""
        if isinstance(word, Word):
            if word.opaque or word.glob:
                return f"\0{word.text}"
            word = word.text
        return self.files.place(word, spawn.cwd)

    def read(self, at: str) -> Content:
        """A file's content, unknown where a condition decides which of several it has."""
        states = self.files.written.get(at)
        if self.conditional and states:
            before = self.files.before(at) if not at.startswith("\0") else Unknown("variable")
            others = [state for state in (*states, before) if not isinstance(state, Missing)]
            if any(state != others[0] for state in others):
                return Unknown("variable")
        if at.startswith("\0") and not states:
            return Unknown("variable")
        return self.files.read(at)

    def input(self, at: int) -> Content:
        """What a spawn reads from its input: the last redirection counts, else the pipe."""
        spawn = self.program.spawns[at]
        for redirect in reversed(spawn.redirects):
            if redirect.operator == "<":
                return _there(self.read(self.place(spawn, redirect.target)))
            if redirect.operator in ("<<", "<<-", "<<<") and redirect.descriptor in (-1, 0):
                if spawn.reads_from and _SUBSTITUTION.search(redirect.text):
                    return Unknown("variable")
                text = redirect.text + ("\n" if redirect.operator == "<<<" else "")
                return text.encode("utf-8", "surrogatepass")
        parts = [self.output(source) for source in spawn.reads_from if self._pipes(source)]
        return joined(*parts) if parts else Unknown("interactive")

    def _pipes(self, source: int) -> bool:
        spawns = self.program.spawns
        return 0 <= source < len(spawns) and spawns[source].via not in ("substitution", "process-substitution")

    def output(self, at: int) -> Content:
        """What a spawn writes to its output, when it has been run."""
        if at in self.printed:
            return self.printed[at]
        if at in self._busy or not 0 <= at < len(self.program.spawns):
            return Unknown("program")
        self.step(at)
        return self.printed[at]

    def word(self, word: Word) -> str | Unknown:
        """The value of a word: the output of a substitution where it is one, and nothing that only the run knows."""
        if not word.opaque and not word.glob:
            return word.text
        if len(word.spawns) == 1 and re.fullmatch(r"\$\(.*\)|`[^`]*`", word.text, re.DOTALL):
            content = self.output(word.spawns[0])
            if isinstance(content, bytes):
                return content.decode("utf-8", "replace").rstrip("\n")
            return content if isinstance(content, Unknown) else Unknown("variable")
        return Unknown("variable")

    def words(self, at: int) -> list[str] | Unknown:
        """The arguments' values of a spawn, or why one of them is not known."""
        found: list[str] = []
        for word in self.program.spawns[at].argv[1:]:
            value = self.word(word)
            if isinstance(value, Unknown):
                return value
            found.append(value)
        return found

    def named(self, at: int, word: Word) -> Content:
        """The content of a file that a word names: `-` is the input, `<(...)` the output of another spawn."""
        if word.text in ("-", "/dev/stdin"):
            return self.input(at)
        if word.text.startswith("<(") and len(word.spawns) == 1:
            return self.output(word.spawns[0])
        return _there(self.read(self.place(self.program.spawns[at], word)))

    def spoil(self, at: int, why: Unknown) -> None:
        """Whatever file the arguments of a spawn name may be changed."""
        spawn = self.program.spawns[at]
        for word in spawn.argv[1:]:
            if not word.opaque and ("/" in word.text or "." in word.text):
                self.files.write(self.place(spawn, word), why)

    def step(self, at: int) -> None:
        """Runs one spawn, if it has not been run."""
        if at in self.printed:
            return
        from spawngate.configuration.programs import effect  # the table of programs needs this type

        self._busy.add(at)
        spawn = self.program.spawns[at]
        elsewhere = bool(spawn.remote or spawn.container)
        content = Unknown("network") if elsewhere else effect(self, at)
        self._busy.discard(at)
        self.printed[at] = content
        if elsewhere:
            return
        for redirect in spawn.redirects:
            self._redirected(spawn, redirect.operator, redirect.target, redirect.descriptor, content)

    def _redirected(self, spawn: Spawn, operator: str, target: Word, descriptor: int, content: Content) -> None:
        if operator not in (">", ">>", ">|", "&>", "&>>", ">&", "<>") or not target.text:
            return
        if _DEVICE.match(target.text) or (operator == ">&" and re.fullmatch(r"\d+-?|-", target.text)):
            return
        if descriptor not in (-1, 1):
            content = Unknown("program")
        at = self.place(spawn, target)
        if operator.endswith(">>"):
            self.files.write(at, joined(b"" if isinstance(old := self.read(at), Missing) else old, content))
        else:
            self.files.write(at, b"" if isinstance(content, Missing) else content)


def run_command(program: Program, files: Files, texts: Sequence[str] = ()) -> Run:
    """Does to `files` what a command would. `texts` are the command as written, to tell conditions."""
    run = Run(program, files, conditional(texts))
    for at in range(len(program.spawns)):
        run.step(at)
    return run

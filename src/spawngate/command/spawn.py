"""Spawns: the processes that a command would start, as far as its text tells.

Belongs here: the types that parsing, unwrapping and facts share.
Must not be here: how they are found (`command.parse`, `command.unwrap`) and what they mean (`command.facts`).
"""

from msgspec import Struct

from spawngate.launch.argv import program


class Word(Struct, frozen=True):
    """One word of a command after quotes, escapes and known variables are resolved."""

    text: str
    """The value. A part that cannot be known stands as it was written (`$1`, `$(date)`, `*.log`)."""
    opaque: bool = False
    """A part of the value is known only when it runs: an unset variable, a substitution, read input."""
    glob: bool = False
    """Holds an unquoted pattern that files will replace."""
    spawns: tuple[int, ...] = ()
    """Places in `Program.spawns` of the substitutions whose output is a part of the value."""


class Redirect(Struct, frozen=True):
    """One redirection."""

    operator: str
    """`<`, `>`, `>>`, `>|`, `<>`, `&>`, `&>>`, `>&`, `<&`, `<<`, `<<<`."""
    target: Word
    """The file, the descriptor, or empty for a here-document."""
    descriptor: int = -1
    """The number in front; -1 where none stands there."""
    text: str = ""
    """Content of a here-document or here-string."""


class Spawn(Struct, frozen=True):
    """One process, after every wrapper around it is taken off."""

    argv: tuple[Word, ...]
    """Program and arguments. Empty for a redirection alone (`> file`) and where only `opaque` is known."""
    assignments: tuple[tuple[str, Word], ...] = ()
    """Variables set for it: in front of it, by `env`, by `export` before it."""
    redirects: tuple[Redirect, ...] = ()
    reads_from: tuple[int, ...] = ()
    """Places of the spawns whose output is its input: pipes and `<(...)`."""
    wrappers: tuple[str, ...] = ()
    """Wrappers taken off, outermost first: sudo, env, bash, xargs, find, ssh, docker, ..."""
    via: str = ""
    """What led to it: empty for the text itself, else substitution, process-substitution, function, alias, eval,
    source, trap, wrapper, script (a text that a shell was given), input (a text that is piped into a shell)."""
    builtin: bool = False
    """A shell built-in: no process of its own, but it does something (`cd`, `export`, `unset`, `kill`)."""
    cwd: str = ""
    """Folder that an earlier `cd` of the text leads to; empty for the call's own."""
    remote: str = ""
    """Host on which it runs (ssh); `*` where it is not known."""
    container: str = ""
    """Container or image in which it runs."""
    user: str = ""
    """User it runs as by sudo, su, doas, runuser; `root` where none is named."""
    background: bool = False
    """Outlives the command: `&`, nohup, setsid, disown, at, cron, systemd-run."""
    repeated: bool = False
    """In a loop, or run by watch, xargs, parallel, find -exec."""
    appended: bool = False
    """Further words come only at run time (xargs, find -exec {} +)."""
    code: str = ""
    """Code that an interpreter is handed (`python -c`, `node -e`, a script through stdin), where it is no shell."""
    code_language: str = ""
    """python, javascript, perl, ruby, php, lua, awk, sql, applescript, r, powershell, ..."""
    opaque: tuple[str, ...] = ()
    """What cannot be known about it: program (its name is not known), arguments, input (a shell runs what it
    reads), code, encoded, options (a wrapper's options could not be read), recursion (a function that calls itself),
    glob (the program is one of those that a pattern like `/bin/c?t` may mean)."""

    @property
    def program(self) -> str:
        """Base name of the program, lower case, without a Windows suffix; empty where it is not known."""
        return program(self.argv[0].text) if self.argv and "program" not in self.opaque else ""

    @property
    def words(self) -> tuple[str, ...]:
        """Arguments as texts."""
        return tuple(word.text for word in self.argv[1:])


class Program(Struct, frozen=True):
    """Everything that one command text would start, in the order of the text."""

    spawns: tuple[Spawn, ...] = ()
    opaque: tuple[str, ...] = ()
    """What of the whole could not be known: unparseable, too-long, too-deep, too-many, too-slow."""
    parser: str = ""
    """tree-sitter, shfmt, cmd (our own reading of cmd.exe), words (given as argv), fallback: whose reading this is."""

"""What is inside a wrapper, as a value: words that run, a text that a shell interprets, or code of another language.

How a walker reads it: `words` are unwrapped again; `text` is parsed in its dialect; of `code`, and of what only
`reads_input`, it makes one spawn that keeps the wrapper's own argv (`python -c CODE` stays `python -c CODE`, `bash`
that reads a pipe stays `bash`), so `Unwrapped.stays` is False beside them. Words that are replaced or made only when
it runs (`{}` of find and xargs) are `opaque`.
Must not be here: any wrapper's grammar.
"""

from msgspec import Struct

from spawngate.command.spawn import Word


class Inner(Struct, frozen=True):
    """One thing that a wrapper starts. At most one of `words`, `text` and `code` says something; where none does,
    `reads_input` or `opaque` tells why."""

    words: tuple[Word, ...] = ()
    """Program and arguments. With `program` in `opaque` the first word only names what a file of the project defines
    (a package script, a make target) and must not be taken for a program."""
    text: str | None = None
    """A text that a shell of `dialect` interprets."""
    dialect: str = "posix"
    parameters: tuple[Word, ...] = ()
    """For `text`: $0, $1, ... as given (`bash -c TEXT name a b`)."""
    code: str | None = None
    """Code for an interpreter that is no shell."""
    language: str = ""
    assignments: tuple[tuple[str, Word], ...] = ()
    via: str = "wrapper"
    """As `Spawn.via`."""
    cwd: str = ""
    remote: str = ""
    container: str = ""
    user: str = ""
    background: bool = False
    repeated: bool = False
    appended: bool = False
    reads_input: bool = False
    """A shell or interpreter that runs what it reads on standard input (`bash`, `sh -s`, `python -`). `language` is
    empty for a shell, whose `dialect` it then is, and `parameters` are its $0, $1, ..."""
    opaque: tuple[str, ...] = ()
    """As `Spawn.opaque`."""


class Unwrapped(Struct, frozen=True):
    """What a command line starts besides itself."""

    wrapper: str
    """Name under which it stands in `Spawn.wrappers`."""
    inners: tuple[Inner, ...] = ()
    stays: bool = False
    """The program does something of its own too (find, git, tar, make): it stays a spawn beside its inners.
    Otherwise its inners take its place (sudo, env, bash -c)."""

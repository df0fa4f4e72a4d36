"""Arguments of a program, split into options and the rest as that program itself reads them.

Belongs here: the reading of options that is common to many programs, tolerant of options that are not known: a fact
must not get lost because of a new flag.
Must not be here: which options a program has (`command.tools`), and the strict reading of launchers (`launch.argv`).
Sources: POSIX utility conventions (12.2), GNU getopt_long, https://learn.microsoft.com/powershell on parameters.
"""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, field


class Arguments(Struct, frozen=True):
    """What is known of a program's arguments."""

    options: tuple[tuple[str, str], ...] = ()
    """Option with its dashes, and its value; the value is empty for a flag."""
    rest: tuple[str, ...] = ()
    """Words that are no options, in order."""
    names: frozenset[str] = field(default_factory=frozenset)

    def has(self, *names: str) -> bool:
        """Whether any of these options is there."""
        return not self.names.isdisjoint(names)

    def values(self, *names: str) -> tuple[str, ...]:
        """Values given to any of these options, in order."""
        return tuple(value for name, value in self.options if name in names and value)

    def value(self, *names: str) -> str:
        """The last value given to any of these options; empty where there is none."""
        found = self.values(*names)
        return found[-1] if found else ""


def read_arguments(
    words: Sequence[str],
    values: Iterable[str] = (),
    *,
    long: bool = True,
    ends: bool = False,
) -> Arguments:
    """The arguments of a program whose options in `values` take a value.

    `long` is false for programs whose words after one dash are no clusters of letters (find, java, terraform). With
    `ends` the first word that is no option ends the options, as for programs that start another one.
    """
    takes = values if isinstance(values, frozenset | set) else frozenset(values)
    options: list[tuple[str, str]] = []
    rest: list[str] = []
    at, count = 0, len(words)
    while at < count:
        word = words[at]
        at += 1
        if word == "--":
            rest.extend(words[at:])
            break
        if len(word) < 2 or word[0] != "-":
            rest.append(word)
            if ends:
                rest.extend(words[at:])
                break
            continue
        name, equals, value = word.partition("=")
        if word[1] == "-" or not long:
            if not equals and name in takes and at < count:
                value = words[at]
                at += 1
            options.append((name, value))
            continue
        for place, letter in enumerate(word[1:], start=1):
            short = "-" + letter
            if short in takes:
                value = word[place + 1 :].removeprefix("=")
                # `awk -F= ...`: the sign is the value.
                if place + 1 == len(word) and at < count:
                    value = words[at]
                    at += 1
                options.append((short, value))
                break
            options.append((short, ""))
            if len(options) > _MOST:
                break
    return Arguments(tuple(options), tuple(rest), frozenset(name for name, _ in options))


_MOST = 4096


def slashed(words: Sequence[str]) -> Arguments:
    """Arguments in the manner of Windows: `/S`, `/F:value`; names in lower case. Paths begin with a slash only on
    other systems."""
    options: list[tuple[str, str]] = []
    rest: list[str] = []
    for word in words:
        if len(word) > 1 and word[0] in "/-" and word.count("/") < 2:
            name, _, value = word[1:].partition(":")
            options.append(("/" + name.lower(), value))
        else:
            rest.append(word)
    return Arguments(tuple(options), tuple(rest), frozenset(name for name, _ in options))


def parameters(words: Sequence[str], switches: Iterable[str] = ()) -> Arguments:
    """Arguments of a PowerShell command: `-Name value`, `-Name:value`; names in lower case. `switches` take no
    value."""
    plain = frozenset(switches)
    options: list[tuple[str, str]] = []
    rest: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if len(word) > 1 and word[0] == "-" and (word[1].isalpha()):
            name, colon, value = word.lower().partition(":")
            value = word[len(name) + 1 :] if colon else ""
            if not colon and not _is_switch(name, plain) and at < len(words) and not words[at].startswith("-"):
                value = words[at]
                at += 1
            options.append((name, value))
        else:
            rest.append(word)
    return Arguments(tuple(options), tuple(rest), frozenset(name for name, _ in options))


_VALUES = (
    "-path",
    "-literalpath",
    "-name",
    "-value",
    "-uri",
    "-method",
    "-body",
    "-outfile",
    "-infile",
    "-filepath",
    "-filter",
    "-include",
    "-exclude",
    "-encoding",
    "-argumentlist",
    "-destination",
    "-itemtype",
    "-target",
    "-property",
    "-scope",
    "-id",
    "-headers",
)


def _is_switch(name: str, switches: frozenset[str]) -> bool:
    """Whether a parameter, which may be shortened, takes no value."""
    if name in switches:
        return True
    shortened = any(switch.startswith(name) for switch in switches)
    return shortened and (not any(value.startswith(name) for value in _VALUES) or name in ("-f", "-fo", "-r"))


def subcommand(rest: Sequence[str], depth: int = 2) -> str:
    """The first words that are no options, joined by a blank."""
    return " ".join(rest[:depth])


def pairs(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Words of the form `name=value`."""
    for word in words:
        name, equals, value = word.partition("=")
        if equals:
            yield name, value

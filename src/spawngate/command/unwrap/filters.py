"""awk and sed: the program is an operand, unless an option brings it.

Sources: awk(1p), gawk(1) (`-e`, `-E`, `--sandbox`), sed(1) (`-e`, `-i[SUFFIX]`, `--sandbox`).
Must not be here: what their programs start (`code_text`, `code_sed`).
"""

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.code import shell_outs
from spawngate.command.unwrap.inner import Unwrapped
from spawngate.command.unwrap.interpreters import ran, whole
from spawngate.command.unwrap.options import Syntax, read
from spawngate.command.unwrap.shells import standard

_AWK = Syntax(
    "F:v:f:e:E:i:l:W:bcCdDghIkLMnNoOprsStV",
    "field-separator=/F assign=/v file=/f source=/e exec=/E include=/i load=/l characters-as-bytes/b traditional/c"
    " copyright/C dump-variables?/d debug?/D gen-pot/g help/h trace/I csv/k lint?/L bignum/M no-optimize/s"
    " non-decimal-data/n use-lc-numeric/N pretty-print?/o optimize/O posix/P profile?/p re-interval/r sandbox/S"
    " lint-old/t version/V",
)


def awk(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """awk: the first operand is the program, unless an option brings one."""
    options = read(words, _AWK)
    if options.has("V", "h", "C") and not options.rest:
        return None
    lines = list(options.values("e"))
    if not lines and options.has("f", "E"):
        source = options.last("f", "E")
        if source is not None and (source.text == "-" or standard(source)):
            return Unwrapped(name, (starts.reads("awk"),))
        return None
    rest = options.rest
    if not lines:
        if not rest:
            return None
        lines, rest = [rest[0]], rest[1:]
    if options.has("S"):
        return Unwrapped(name, (starts.code(whole(lines), "awk", parameters=rest),))
    return ran(name, whole(lines), "awk", rest)


_SED = Syntax(
    "bsnrzuEe:f:l:i::V:hI:a",
    "binary/b regexp-extended/r debug in-place?/i expression=/e file=/f line-length=/l null-data/z zero-terminated/z"
    " quiet/n posix/p silent/n sandbox separate/s unbuffered/u version help/h follow-symlinks",
    permutes=True,
)


def sed(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """sed: its `e` command and flag run programs; sed stays what it is."""
    options = read(words, _SED)
    if options.has("sandbox", "version", "help"):
        return None
    lines = list(options.values("e"))
    if not lines and not options.has("f") and options.rest:
        lines = [options.rest[0]]
    found = shell_outs("\n".join(line.text for line in lines), "sed")
    return Unwrapped(name, found, stays=True) if found else None

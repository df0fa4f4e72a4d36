"""python, perl, ruby, php, awk, sed and other interpreters: the code that their arguments hold.

Sources: `python -h`, docs.python.org/3/using/cmdline.html (letters together; `-c` and `-m` end the options),
perlrun(1) (letters together, `-i`, `-0`, `-l`, `-C`, `-F`, `-x` hold their value glued on; `-M` is put into the
code as it stands), `ruby --help`, `php --help`, lua(1), awk(1p), gawk(1), sed(1), `node --help`, `deno eval
--help`; the tables of `launch.grammar.interpreters` for the others.
Must not be here: what the code does (`code`), package launchers (`packages`).

"""

import re

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.code import plain_of_base64, shell_outs
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.options import Syntax, cut, read
from spawngate.command.unwrap.shells import standard
from spawngate.launch.argv import word_set
from spawngate.launch.grammar.interpreters import LANGUAGES


def ran(name: str, word: Word, language: str, args: tuple[Word, ...] = ()) -> Unwrapped:
    """An interpreter with code in its arguments, and what that code starts by constant text."""
    return Unwrapped(name, (starts.code(word, language, parameters=args), *shell_outs(word.text, language)))


def behind(name: str, language: str, rest: tuple[Word, ...]) -> Unwrapped | None:
    """An interpreter without code: a script file is no text of ours, no file is standard input."""
    if not rest or rest[0].text == "-" or standard(rest[0]):
        return Unwrapped(name, (starts.reads(language, parameters=rest),))
    return None


_PYTHON_FLAGS = frozenset("bBdEiIOPqRsStuvVx?h")
_PROGRAMS = word_set("pip pip3 uv pipx poetry pdm ansible conda hatch nox tox invoke fabric")
"""Modules that are programs of the same name."""


def python(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """python, pypy and py: `-c`, `-m`, a script, or standard input."""
    at, length = 0, len(words)
    if name == "py" and words and re.fullmatch(r"-\d(?:\.\d+)?(?:-\d+)?|-V:.*", words[0].text):
        at = 1
    unknown = False
    while at < length:
        word = words[at]
        text = word.text
        if text == "--":
            at += 1
            break
        if len(text) < 2 or text[0] != "-":
            break
        at += 1
        if text.startswith("--"):
            if text in ("--help", "--version", "--help-all", "--help-env", "--help-xoptions"):
                return None
            at += text == "--check-hash-based-pycs"
            continue
        for place in range(1, len(text)):
            letter = text[place]
            if letter in "hV?":
                return None
            if letter in _PYTHON_FLAGS:
                continue
            if letter not in "cmWX":
                unknown = True
                break
            value = cut(word, place + 1) if place + 1 < len(text) else None
            if value is None and at < length:
                value, at = words[at], at + 1
            if letter == "c":
                return ran("python", value or Word(""), "python", words[at:])
            if letter == "m":
                return _module(value or Word(""), words[at:])
            break
    rest = words[at:]
    if unknown and not rest:
        return None
    return behind("python", "python", rest)


_TIMEIT = Syntax("n:r:s:u:pvh", "number=/n repeat=/r setup=/s unit=/u process/p verbose/v help/h")


def _module(module: Word, rest: tuple[Word, ...]) -> Unwrapped | None:
    """python -m: modules that are programs, or that take code or a program."""
    name = module.text
    if module.opaque:
        return Unwrapped("python", (Inner(words=(module, *rest), opaque=("program",)),))
    if name in _PROGRAMS:
        return Unwrapped("python", starts.command((Word(name), *rest)))
    if name == "timeit":
        options = read(rest, _TIMEIT)
        lines = (*options.values("s"), *options.rest)
        whole = Word("\n".join(line.text for line in lines), any(line.opaque for line in lines))
        return ran("python", whole, "python") if lines else None
    if name in ("pdb", "bdb", "ipdb"):
        commands = read(rest, Syntax("c:m:h", "command=/c help/h")).values("c")
        inners: list[Inner] = []
        for command in commands:
            inners += (starts.code(command, "python"), *shell_outs(command.text.lstrip("!"), "python"))
        return Unwrapped("python", tuple(inners)) if inners else None
    if name in ("code", "asyncio", "pyrepl", "_pyrepl", "IPython", "ptpython", "bpython", "idlelib"):
        if name == "IPython":
            code = read(rest, Syntax("c:", "", fuzzy=False)).last("c")
            if code is not None:
                return ran("python", code, "ipython")
        return Unwrapped("python", (starts.reads("python"),))
    if name in (
        "runpy",
        "cProfile",
        "profile",
        "trace",
        "coverage",
        "debugpy",
        "viztracer",
        "scalene",
        "memory_profiler",
    ):
        texts = [word.text for word in rest]
        if "-m" in texts and texts.index("-m") + 1 < len(rest):
            at = texts.index("-m") + 1
            return _module(rest[at], rest[at + 1 :])
        if "-c" in texts and name == "debugpy" and texts.index("-c") + 1 < len(rest):
            return ran("python", rest[texts.index("-c") + 1], "python")
    return None


_GLUED = {"0": re.compile(r"x[0-9A-Fa-f]+|[0-7]*"), "l": re.compile(r"[0-7]*"), "C": re.compile(r"\d+|[IOEioADLSa]*")}
"""Letters whose own value is glued on, in front of further letters."""


def perl(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """perl: every `-e` is a line of one program."""
    at, length = 0, len(words)
    lines: list[Word] = []
    modules: list[Word] = []
    while at < length and len(words[at].text) > 1 and words[at].text[0] == "-" and words[at].text != "--":
        word = words[at]
        text = word.text
        at += 1
        place = 1
        while place < len(text):
            letter = text[place]
            place += 1
            if letter in "eEI":
                value = cut(word, place) if place < len(text) else None
                if value is None and at < length:
                    value, at = words[at], at + 1
                if letter != "I":
                    lines.append(value or Word(""))
                break
            if letter in "Mm":
                modules.append(
                    Word(f"use {text[place:]};" if letter == "M" else f"use {text[place:]} ();", word.opaque)
                )
                break
            if letter in "vhV" and place == 2 and not text[2:]:
                return None
            if letter in _GLUED:
                match = _GLUED[letter].match(text, place)
                place = match.end() if match else place
            elif letter in "iDxV" or (letter == "F" and place < len(text)):
                break
    if words[at : at + 1] and words[at].text == "--":
        at += 1
    if lines:
        # A module's name is put into the program as it stands; only an odd one is more than a name.
        odd = [module for module in modules if re.search(r"[;(`]", module.text[4:-1].removesuffix(" ()"))]
        return ran(name, _lines([*odd, *lines]), "perl", words[at:])
    return behind(name, "perl", words[at:])


def _lines(lines: list[Word]) -> Word:
    if len(lines) == 1:
        return lines[0]
    return Word(
        "\n".join(line.text for line in lines),
        any(line.opaque for line in lines),
        spawns=tuple(place for line in lines for place in line.spawns),
    )


def ruby(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """ruby: like perl."""
    at, length = 0, len(words)
    lines: list[Word] = []
    while at < length and len(words[at].text) > 1 and words[at].text[0] == "-" and words[at].text != "--":
        word = words[at]
        text = word.text
        at += 1
        if text.startswith("--"):
            if text in ("--version", "--copyright", "--help"):
                return None
            at += text in ("--encoding", "--external-encoding", "--internal-encoding", "--backtrace-limit", "--parser")
            continue
        place = 1
        while place < len(text):
            letter = text[place]
            place += 1
            if letter in "erIC":
                value = cut(word, place) if place < len(text) else None
                if value is None and at < length:
                    value, at = words[at], at + 1
                if letter == "e":
                    lines.append(value or Word(""))
                break
            if letter in "0EFKTWix":
                break
    if words[at : at + 1] and words[at].text == "--":
        at += 1
    if lines:
        return ran(name, _lines(lines), "ruby", words[at:])
    if at >= len(words) and any(word.text in ("-v", "-h") for word in words):
        return None
    return behind(name, "ruby", words[at:])


_PHP = Syntax(
    "ac:d:ef:B:R:F:E:hHil:mnqr:sS:t:vwz:C",
    "interactive/a php-ini=/c define=/d file=/f process-begin=/B process-code=/R process-file=/F process-end=/E help/h"
    " hide-args/H info/i syntax-check=/l modules/m no-php-ini/n run=/r syntax-highlight/s server=/S docroot=/t"
    " version/v"
    " strip/w zend-extension=/z usage rf= rc= re= rz= ri= ini?",
    fuzzy=False,
)


def php(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """php: `-r` runs code, `-B`, `-R` and `-E` for each line that is read."""
    options = read(words, _PHP)
    codes = [value for key, value in options.found if key in "rBRE"]
    # A value of `-d` that names a stream of data is code too.
    codes += [cut(value, at) for value in options.values("d") if (at := value.text.find("data:")) >= 0]
    if codes:
        return ran(name, _lines(codes), "php", options.rest)
    if options.has("f", "F", "l", "h", "i", "m", "v", "S", "rf", "rc", "re", "rz", "ri", "ini", "s", "w"):
        return None
    return behind(name, "php", options.rest)


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
        return Unwrapped(name, (starts.code(_lines(lines), "awk", parameters=rest),))
    return ran(name, _lines(lines), "awk", rest)


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


_NODE_VALUES = word_set(
    """
    --require --import --loader --experimental-loader --conditions --input-type --inspect-port --title
    --icu-data-dir --env-file --env-file-if-exists --openssl-config --redirect-warnings --report-dir
    --report-filename --test-name-pattern --test-reporter --test-reporter-destination --tls-cipher-list
    --trace-event-categories --watch-path --disable-warning --diagnostic-dir --dns-result-order
    --es-module-specifier-resolution --experimental-default-type --heapsnapshot-signal --localstorage-file
    --max-http-header-size --secure-heap --stack-trace-limit --unhandled-rejections --use-largepages --allow-fs-read
    --allow-fs-write --build-snapshot-config --experimental-sea-config --test-shard --run
    """
)


def node(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """node: `-e`, `-p` and both together take the next word; long options also take it behind `=`."""
    at, length = 0, len(words)
    code: Word | None = None
    loads: list[Word] = []
    files: list[Inner] = []
    checks = False
    while at < length:
        word = words[at]
        text = word.text
        if text == "--":
            at += 1
            break
        if len(text) < 2 or text[0] != "-":
            break
        at += 1
        option, equals, _ = text.partition("=")
        option = option.replace("_", "-")
        if option in ("-e", "--eval", "-p", "--print", "-pe", "-ep"):
            if equals:
                code = cut(word, len(option) + 1)
            elif at < length and not (option in ("-p", "--print") and words[at].text.startswith("-") and code):
                code, at = words[at], at + 1
        elif option in ("--import", "--loader", "--experimental-loader") or option in ("-r", "--require"):
            value = cut(word, len(option) + 1) if equals else words[at] if at < length else Word("")
            at += 0 if equals else 1
            if value.text.startswith("data:"):
                loads.append(_data(value))
            elif re.match(r"[./~]|[A-Za-z]:", value.text):
                files.append(starts.named(value))
        elif option in ("-c", "--check"):
            checks = True
        elif option in ("-v", "--version", "-h", "--help", "--v8-options", "--completion-bash"):
            return None
        elif option == "--run":
            value = cut(word, 6) if equals else words[at] if at < length else Word("")
            return Unwrapped(name, (starts.named(value),), stays=True)
        elif option in ("-C",) or (option in _NODE_VALUES and not equals):
            at += 1
    rest = words[at:]
    if code is not None or loads:
        found = ran(name, _lines([*loads, *((code,) if code is not None else ())]), "javascript", rest)
        return Unwrapped(name, (*found.inners, *files))
    if checks:
        return None
    found_input = behind(name, "javascript", rest)
    if found_input is None:
        return Unwrapped(name, tuple(files), stays=True) if files else None
    return Unwrapped(name, (*found_input.inners, *files))


def _data(word: Word) -> Word:
    """The text of a `data:` address."""
    head, _, body = word.text.partition(",")
    if head.endswith(";base64"):
        return Word(plain_of_base64(body) or body, word.opaque)
    text = re.sub(r"%([0-9A-Fa-f]{2})", lambda match: chr(int(match[1], 16)), body)
    return Word(text, word.opaque)


_DENO = Syntax("pTqc:L:r::", "print/p ext= quiet/q config=/c log-level=/L reload?/r check? no-check? env-file?/e"
    " cert= location= seed= v8-flags?"
    " inspect? import-map= lock? no-lock no-config unstable node-modules-dir?", fuzzy=False)  # fmt: skip


def deno(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """deno eval CODE, deno repl --eval CODE, deno run (a script, or `-`), deno task NAME."""
    before = read(words, _DENO)
    if not before.rest:
        return None
    command, args = before.rest[0].text, before.rest[1:]
    if command == "eval":
        rest = read(args, _DENO).rest
        return ran(name, rest[0], "javascript", rest[1:]) if rest else None
    if command == "repl":
        code = read(args, Syntax("", "eval= eval-file=", fuzzy=False)).last("eval")
        return ran(name, code, "javascript") if code is not None else None
    if command == "task":
        rest = read(args, Syntax("c:q", "config=/c cwd= quiet/q filter= recursive/r eval", fuzzy=False)).rest
        texts = [word.text for word in args]
        if "--eval" in texts and rest:
            return Unwrapped(name, starts.line(rest[0]), stays=True)
        return Unwrapped(name, (starts.named(rest[0], *rest[1:]),), stays=True) if rest else None
    if command == "run":
        rest = tuple(word for word in args if not word.text.startswith("-") or word.text == "-")
        if rest and rest[0].text == "-":
            return Unwrapped(name, (starts.reads("javascript"),))
        if rest and rest[0].text.startswith("data:"):
            return ran(name, _data(rest[0]), "javascript", rest[1:])
    return None


_OPENERS = word_set("emacs sqlite3 psql mysql dart crystal nim ghc mshta cscript wscript nix-instantiate")
"""Programs of the tables that open a document, a data base or a project when they are given no code, or that are read
elsewhere."""


def known(name: str) -> bool:
    """Whether a program is an interpreter of the tables."""
    plain = re.sub(r"-?[\d.]+$", "", name)
    return (name in LANGUAGES or plain in LANGUAGES) and plain not in ("emacs", "sqlite3", "psql", "mysql", "expect")


def language(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """An interpreter of the tables of `launch.grammar.interpreters`."""
    plain = name if name in LANGUAGES else re.sub(r"-?[\d.]+$", "", name)
    what = LANGUAGES[plain]
    at, length = 0, len(words)
    lines: list[Word] = []
    while at < length and len(words[at].text) > 1 and words[at].text[0] == "-" and words[at].text != "--":
        word = words[at]
        text = word.text
        at += 1
        option, equals, _ = text.partition("=")
        takes = (*what.code, *what.loads, *what.values)
        if option in takes:
            value = cut(word, len(option) + 1) if equals else words[at] if at < length else Word("")
            at += 0 if equals else 1
            if option in what.code:
                lines.append(value)
            continue
        if text in ("--version", "--help", "-version", "-help"):
            return None
        short = next((one for one in takes if len(one) == 2 and text.startswith(one) and not text.startswith("--")), "")
        if short in what.code and short:
            lines.append(cut(word, 2))
        elif not short and not text.startswith("--") and (letter := _clustered(text, what.code)) and at < length:
            lines.append(words[at])
            at += 1
            del letter
    if words[at : at + 1] and words[at].text == "--":
        at += 1
    rest = words[at:]
    if lines:
        script = any(word.text.lower() == "javascript" for word in words) and plain == "osascript"
        return ran(name, _lines(lines), "javascript" if script else what.language, rest)
    if plain == "mshta" and rest and re.match(r"(?:javascript|vbscript):", rest[0].text, re.IGNORECASE):
        return ran(name, cut(rest[0], rest[0].text.index(":") + 1), "javascript")
    if plain in _OPENERS:
        return None
    return behind(name, what.language, rest)


def _clustered(text: str, names: frozenset[str]) -> str:
    """The last letter of letters written together, where it is one that takes code (`-ie`)."""
    return text[-1] if re.fullmatch(r"-[A-Za-z]{2,4}", text) and f"-{text[-1]}" in names else ""


_EXPECT = Syntax("c:dDf:inNbv")


def expect(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """expect: `-c` takes Tcl, which spawns; a script, or standard input."""
    options = read(words, _EXPECT)
    lines = list(options.values("c"))
    if lines:
        return ran(name, _lines(lines), "tcl", options.rest)
    if options.has("v"):
        return None
    source = options.last("f")
    return behind(name, "tcl", (source,) if source is not None else options.rest)

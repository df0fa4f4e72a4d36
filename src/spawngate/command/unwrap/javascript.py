"""node and deno: code in options, addresses of data, and standard input.

Sources: `node --help`, nodejs.org/api/cli.html (`-e`, `-p` and both together take the next word; a dash in the middle
may be an underscore), nodejs.org/api/esm.html (data: imports), `deno eval --help`, `deno task --help`.
Must not be here: package managers (`packages`), bun (there too), what the code starts (`code_text`).
"""

import re

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.code import plain_of_base64
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.interpreters import behind, ran, whole
from spawngate.command.unwrap.options import Syntax, cut, read
from spawngate.launch.argv import word_set

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
        found = ran(name, whole([*loads, *((code,) if code is not None else ())]), "javascript", rest)
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

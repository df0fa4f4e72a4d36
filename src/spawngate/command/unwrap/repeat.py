"""xargs, parallel, find and fd: a command runs once for each thing that is read or found.

Sources: xargs(1) and findutils:xargs/xargs.c (`+0a:E:e::i::I:l::L:n:prs:txP:d:`; BSD's `-J`, `-R`, `-S`), find(1)
(`+` ends a command only behind `{}`; `{}` is replaced anywhere in a word), `fd --help` and fd:src/cli.rs, GNU
parallel(1) (options end at the first word that is none; the words are joined and a shell reads them; `:::` and its
kin bring arguments; a command that is missing is read from the arguments themselves).
Must not be here: watchers (`terminal`).

"""

import itertools
import re
import shlex
from typing import Any

from spawngate.command.spawn import Word
from spawngate.command.unwrap import starts
from spawngate.command.unwrap.inner import Inner, Unwrapped
from spawngate.command.unwrap.options import Syntax, cut, read
from spawngate.launch.argv import word_set

_XARGS = Syntax(
    "0a:d:E:e::i::I:J:l::L:n:oprR:s:S:txP:",
    "null/0 arg-file=/a delimiter=/d eof?/e replace?/i max-lines?/l max-args=/n open-tty/o interactive/p"
    " no-run-if-empty/r max-chars=/s verbose/t exit/x max-procs=/P process-slot-var= show-limits help version",
)


def xargs(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """xargs: what it reads is appended, or replaces a mark."""
    options = read(words, _XARGS)
    if not options.rest or options.has("help", "version"):
        return None
    marks = []
    for key, value in options.found:
        if key in ("I", "J") and value.text:
            marks.append(value.text)
        elif key == "i":
            marks.append(value.text or "{}")
    # With BSD's -J the mark is replaced by all that was read; either way nothing is appended.
    inner = starts.replaced(options.rest, marks)
    opaque = ("program",) if inner[0].opaque and inner[0].text in marks else ()
    return Unwrapped(
        name,
        starts.command(inner, unknown=options.unknown, repeated=True, appended=not marks, opaque=opaque),
    )


_FIND = frozenset(("-exec", "-execdir", "-ok", "-okdir"))


def find(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """find: `-exec` and its kin; the rest of what find does stays find's."""
    inners: list[Inner] = []
    at, length = 0, len(words)
    while at < length:
        if words[at].text not in _FIND:
            at += 1
            continue
        begin = at = at + 1
        gathered = False
        while at < length:
            if words[at].text == ";":
                break
            if words[at].text == "+" and at > begin and words[at - 1].text == "{}":
                gathered = True
                break
            at += 1
        inner = starts.replaced(words[begin:at], ("{}",))
        if gathered:
            inner = inner[:-1]
        if inner:
            opaque = ("program",) if inner[0].text == "{}" else ()
            inners += starts.command(inner, repeated=True, appended=gathered, opaque=opaque)
        at += 1
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


_FD = re.compile(r"-[HIigsaLp1q0lu]*([xX])(.*)", re.DOTALL)
_FD_VALUES = word_set(
    """
    -d -t -e -E -c -j -S -o --max-depth --min-depth --exact-depth --type --extension --exclude --color --threads
    --size --owner --max-results --search-path --base-directory --changed-within --changed-before --newer --older
    --ignore-file --path-separator --and --batch-size --max-buffer-time -C --format --change-newer-than
    --change-older-than
    """
)
_FD_MARKS = ("{}", "{/}", "{//}", "{.}", "{/.}")


def fd(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """fd: `-x` and `-X` take words up to `;`."""
    inners: list[Inner] = []
    at, length = 0, len(words)
    while at < length:
        word = words[at]
        text = word.text
        at += 1
        if text == "--":
            break
        if text in _FD_VALUES:
            at += 1
            continue
        match = _FD.fullmatch(text) if not text.startswith("--") else None
        first: tuple[Word, ...] = ()
        if match is not None:
            batch = match[1] == "X"
            first = (cut(word, match.start(2) + match[2].startswith("=")),) if match[2] else ()
        elif text in ("--exec", "--exec-batch") or text.startswith(("--exec=", "--exec-batch=")):
            batch = text.startswith("--exec-batch")
            first = (cut(word, text.index("=") + 1),) if "=" in text else ()
        else:
            continue
        begin = at
        while at < length and words[at].text != ";":
            at += 1
        inner = (*first, *words[begin:at])
        at += 1
        if inner:
            marked = starts.replaced(inner, _FD_MARKS)
            appended = batch or not any(mark in word.text for word in inner for mark in _FD_MARKS)
            inners += starts.command(marked, repeated=True, appended=appended)
    return Unwrapped(name, tuple(inners), stays=True) if inners else None


_PARALLEL = Syntax(
    "a:C:d:D:E:e::i::I:j:J:kL:l::n:N:oP:pqrs:S:tT:uvVwW:X0mU:hX",
    "arg-file=/a colsep=/C col-sep=/C delimiter=/d delay= eof?/e replace?/i jobs=/j max-procs=/j profile=/J"
    " keep-order/k"
    " max-lines?/l max-args=/n max-replace-args=/N open-tty/o interactive/p quote/q no-run-if-empty/r max-chars=/s"
    " sshlogin=/S sshloginfile= slf= sshdelay= verbose/t timeout= ungroup/u version/V workdir=/W wd=/W null/0 xargs/X"
    " joblog= results= bar progress eta tag tagstring= pipe pipe-part pipepart block= blocksize= round-robin"
    " roundrobin recstart= recend= remove-rec-sep regexp header= halt= halt-on-error= memfree= memsuspend= load= nice="
    " noswap dry-run dryrun retries= retry-failed resume resume-failed semaphore semaphore-id= semaphore-name= id="
    " semaphore-timeout= st= fg bg wait linebuffer line-buffer lb files compress compress-program= decompress-program="
    " shellquote shell-quote shuf seqreplace= rpl= plus link xapply transfer transferfile= tf= return= cleanup trc="
    " basefile= bf= env= nonall onall will-cite citation no-notice bibtex tmpdir= tempdir= tmux tmuxpane tmux-pane"
    " cat fifo tee tty term-seq= termseq= ctrlc no-ctrlc limit= filter= group group-by= groupby= color colour"
    " color-failed sql= sqlmaster= sql-master= sqlworker= sql-worker= sqlandworker= sql-and-worker= csv embed"
    " hostgroups"
    " hgrp silent gnu skip-first-line trim= total-jobs= total= parens= extensionreplace= er= basenamereplace= bnr="
    " basenameextensionreplace= bner= dirnamereplace= dnr= max-line-length-allowed number-of-cpus number-of-cores"
    " number-of-sockets number-of-threads show-limits minversion= min-version= help/h shebang hashbang shebang-wrap"
    " ssh= rsync-opts= rsyncopts= process-slot-var= unsafe latest-line latestline ll ctag ctagstring= ctag-string="
    " bin= shard= use-cpus-instead-of-cores use-cores-instead-of-threads use-sockets-instead-of-threads pipe-args",
)
_SOURCES = re.compile(r":{3,4}\+?")
MAX_ARGUMENTS = 16
"""Arguments of `:::` that are filled in one by one; more of them stay a mark."""


def parallel(name: str, words: tuple[Word, ...]) -> Unwrapped | None:
    """GNU parallel, and sem, which runs one command."""
    options = read(words, _PARALLEL)
    if options.has(
        "V",
        "dry-run",
        "dryrun",
        "citation",
        "bibtex",
        "max-line-length-allowed",
        "shellquote",
        "shell-quote",
        "embed",
        "h",
    ):
        return None
    rest = options.rest
    end = next((at for at, word in enumerate(rest) if _SOURCES.fullmatch(word.text)), len(rest))
    template, behind = rest[:end], rest[end:]
    if options.dashed and not template:
        return None
    mark = options.text("I") or "{}"
    host = options.text("S")
    remote = (
        "" if host in ("", ":") else "*" if re.search(r"[,\s]", host) else host.rpartition("/")[2].rpartition("@")[2]
    )
    fields: dict[str, Any] = {"repeated": not name.startswith("sem"), "remote": remote}
    sources, known = _sources(behind)
    opaque = ("options",) if options.unknown else ()
    if not template:
        if not behind:
            return Unwrapped(name, (starts.reads(**fields),))
        inners = [inner for values in sources for word in values for inner in starts.line(word, **fields)]
        if not inners or not known:
            inners.append(Inner(opaque=("program",), **fields))
        return Unwrapped(name, tuple(inners))
    quoted = options.has("q")
    if options.has("semaphore") or name == "sem" or options.has("pipe", "pipe-part", "pipepart"):
        return Unwrapped(name, _texts(template, quoted, opaque, {**fields, "repeated": name != "sem"}))
    if sources and known and (several := _several(sources)):
        return Unwrapped(
            name,
            tuple(
                inner for values in several for inner in _texts(_filled(template, mark, values), quoted, opaque, fields)
            ),
        )
    if mark in template[0].text or re.match(r"\{[\d./]*\}", template[0].text):
        opaque = (*opaque, "program")
    return Unwrapped(name, _texts(template, quoted, opaque, {**fields, "appended": True}))


def _texts(words: tuple[Word, ...], quoted: bool, opaque: tuple[str, ...], fields: dict[str, Any]) -> tuple[Inner, ...]:
    if quoted:
        return starts.command(words, opaque=opaque, **fields)
    return starts.joined(words, opaque=opaque, **fields)


def _sources(behind: tuple[Word, ...]) -> tuple[list[list[Word]], bool]:
    """Arguments on the command line (`:::`), by source, and whether that is all there is (no `::::` with files)."""
    found: list[list[Word]] = []
    known = True
    for word in behind:
        if _SOURCES.fullmatch(word.text):
            known = known and not word.text.startswith("::::")
            found.append([])
        elif found:
            found[-1].append(word)
    return (found if known else []), known


def _several(sources: list[list[Word]]) -> list[tuple[Word, ...]]:
    """Every combination of the sources' arguments; none where they are too many to write out."""
    count = 1
    for values in sources:
        count *= len(values)
    return list(itertools.product(*sources)) if 0 < count <= MAX_ARGUMENTS else []


_REPLACED = re.compile(r"\{(\d*)(/|//|\.|/\.|)\}")


def _filled(template: tuple[Word, ...], mark: str, values: tuple[Word, ...]) -> tuple[Word, ...]:
    """The command with its arguments in place, quoted as parallel quotes them."""
    every = " ".join(_quoted(value) for value in values)
    opaque = any(value.opaque for value in values)
    spawns = tuple(place for value in values for place in value.spawns)
    used = False

    def one(match: "re.Match[str]") -> str:
        nonlocal used
        if match[1] and not 0 < int(match[1][:3]) <= len(values):
            return match[0]
        used = True
        chosen = (values[int(match[1][:3]) - 1],) if match[1] else values
        return " ".join(_quoted(_part(value, match[2])) for value in chosen)

    found = []
    for word in template:
        text = word.text
        if mark != "{}" and mark in text:
            text, used = text.replace(mark, every), True
        text = _REPLACED.sub(one, text)
        changed = text != word.text
        found.append(Word(text, word.opaque or opaque, word.glob, (*word.spawns, *spawns)) if changed else word)
    return tuple(found) if used else (*found, Word(every, opaque, False, spawns))


def _quoted(value: Word) -> str:
    return value.text if value.opaque else shlex.quote(value.text)


def _part(value: Word, what: str) -> Word:
    """`{/}` the name, `{//}` the folder, `{.}` without the extension, `{/.}` both."""
    text = value.text
    if what.startswith("//"):
        text = text.rpartition("/")[0] or "."
    elif what.startswith("/"):
        text = text.rpartition("/")[2]
    if what.endswith("."):
        text = re.sub(r"\.[^./]*$", "", text)
    return Word(text, value.opaque)

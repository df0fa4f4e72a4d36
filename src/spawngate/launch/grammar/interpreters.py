"""perl, ruby, php, lua and other interpreters that take code in an argument.

Sources: perlrun(1), `ruby --help`, `php --help`, lua(1), osascript(1), awk(1p), sed(1), Rscript, julia, elixir, swift,
groovy, scala, kotlin, tclsh, expect, guile, racket, sbcl, emacs, vim manual pages.
"""

import re

from spawngate.launch import paths
from spawngate.launch.argv import word_set
from spawngate.launch.grammar.scan import is_url
from spawngate.launch.scene import Here, Scene


def perl(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """perl: letters are written together, code and modules may be glued on."""
    scene.launcher("perl", name, words, here)
    scene.acts(here, ("perl", *(("perl-debugger",) if any(word.startswith("-d") for word in words) else ())))
    at, length = 0, len(words)
    code = False
    while at < length and words[at].startswith("-") and words[at] not in ("-", "--"):
        word = words[at]
        at += 1
        place = 1
        while place < len(word):
            letter = word[place]
            place += 1
            if letter in "eE":
                value = word[place:]
                if not value and at < length:
                    value, at = words[at], at + 1
                scene.inline("perl", value, here)
                code = True
                break
            if letter in "Mm":
                scene.loads(f"-{letter}", word[place:], here, "perl")
                break
            if letter == "I":
                value = word[place:]
                if not value and at < length:
                    value, at = words[at], at + 1
                scene.loads("-I", value, here, "perl")
                break
            if letter == "d":
                if word[place:].startswith((":", "t:")):
                    scene.loads("-d", word[place:], here, "perl")
                break
            if letter in "0lC":
                # Digits of their own, then further letters.
                while place < len(word) and word[place].isdigit():
                    place += 1
            elif letter in "FixDV":
                break
    if words[at : at + 1] == ("--",):
        at += 1
    _rest(scene, "perl", words[at:], code, here)


def _rest(scene: Scene, language: str, rest: tuple[str, ...], code: bool, here: Here) -> None:
    """The script behind the options; none and no code means standard input."""
    if code:
        scene.server(rest, here)
    elif rest and rest[0] != "-":
        if is_url(rest[0]):
            scene.notes.mark("downloads_and_runs")
            if here.main:
                scene.notes.say("source", "url")
        else:
            scene.script(rest[0], here)
            if here.main and not here.contained:
                scene.notes.say("source", "local-script")
        scene.server(rest[1:], here)
    else:
        scene.inline(language, "", here)


def ruby(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """ruby."""
    scene.launcher("ruby", name, words, here)
    scene.acts(here, ("ruby",))
    at, length = 0, len(words)
    code = False
    while at < length and words[at].startswith("-") and words[at] not in ("-", "--"):
        word = words[at]
        at += 1
        if word.startswith("--"):
            if word in ("--encoding", "--external-encoding", "--internal-encoding", "--backtrace-limit", "--parser"):
                at += 1
            continue
        place = 1
        while place < len(word):
            letter = word[place]
            place += 1
            if letter in "erIC":
                value = word[place:]
                if not value and at < length:
                    value, at = words[at], at + 1
                if letter == "e":
                    scene.inline("ruby", value, here)
                    code = True
                elif letter != "C":
                    scene.loads(f"-{letter}", value, here, "ruby")
                break
            if letter in "0EFKTWix":
                break
    if words[at : at + 1] == ("--",):
        at += 1
    _rest(scene, "ruby", words[at:], code, here)


def php(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """php."""
    scene.launcher("php", name, words, here)
    scene.acts(here, ("php",))
    at, length = 0, len(words)
    code = False
    file = ""
    while at < length and words[at].startswith("-") and words[at] not in ("-", "--"):
        word = words[at]
        at += 1
        option, value = word[:2], word[2:].removeprefix("=")
        long, equals, joined = word.partition("=")
        if word.startswith("--"):
            option = _PHP_LONG.get(long, "")
            value = joined if equals else ""
        if option in _PHP_VALUES:
            if not value and at < length:
                value, at = words[at], at + 1
            if option in ("-r", "-R", "-B", "-E"):
                scene.inline("php", value, here)
                code = True
            elif option == "-d" and re.match(
                r"\s*(?:auto_(?:pre|ap)pend_file|extension|zend_extension|include_path|open_basedir"
                r"|disable_functions|allow_url_include|opcache\.preload|sendmail_path)",
                value,
            ):
                scene.loads("-d", value, here, "php")
            elif option == "-z" or option == "-c":
                scene.loads(option, value, here, "php")
            elif option in ("-f", "-F"):
                file = value
            elif option in ("-S", "-t"):
                code = code or option == "-S"
        elif option == "-a":
            scene.inline("php", "", here)
            code = True
        elif option in ("-v", "-i", "-m", "-h"):
            code = True
    if words[at : at + 1] == ("--",):
        at += 1
    _rest(scene, "php", (file, *words[at:]) if file else words[at:], code, here)


_PHP_VALUES = word_set("-r -R -B -E -d -z -c -f -F -S -t")
_PHP_LONG = {
    "--run": "-r", "--process-code": "-R", "--process-begin": "-B", "--process-end": "-E", "--define": "-d",
    "--php-ini": "-c", "--file": "-f", "--process-file": "-F", "--server": "-S", "--docroot": "-t",
    "--interactive": "-a", "--zend-extension": "-z", "--version": "-v", "--info": "-i", "--help": "-h",
}  # fmt: skip


class _Language:
    """Options of an interpreter without further peculiarities."""

    def __init__(self, language: str, code: str, loads: str = "", values: str = "", runtime: str = "") -> None:
        self.language = language
        self.code = word_set(code)
        self.loads = word_set(loads)
        self.values = word_set(values)
        self.runtime = runtime or language


LANGUAGES = {
    "lua": _Language("lua", "-e", "-l"),
    "luajit": _Language("lua", "-e", "-l -j", runtime="lua"),
    "osascript": _Language("applescript", "-e", "", "-l -s"),
    "rscript": _Language("r", "-e", "", "--default-packages"),
    "r": _Language("r", "-e", "-f --file", "-g --gui -d --debugger"),
    "julia": _Language("julia", "-e --eval -E --print", "-L --load -J --sysimage", "--project -t --threads -p --procs"),
    "elixir": _Language(
        "elixir", "-e --eval --rpc-eval", "-r -pr -S -pa -pz --require", "--name --sname --cookie", "erlang"
    ),
    "erl": _Language("erlang", "-eval", "-pa -pz -config -args_file", "-s -run -name -sname -setcookie"),
    "iex-elixir": _Language("elixir", "-e --eval", "-r", ""),
    "swift": _Language("swift", "-e", "-load-plugin-library", "-I -L -F"),
    "groovy": _Language("groovy", "-e", "-cp -classpath --classpath", "-c --encoding -i", "jvm"),
    "scala": _Language("scala", "-e --script-snippet --execute-script", "-cp -classpath --jar", "-S --scala", "jvm"),
    "kotlin": _Language("kotlin", "-e -expression", "-cp -classpath", "-howtorun", "jvm"),
    "clojure": _Language("clojure", "-e --eval", "-i --init -Sdeps", "-m --main", "jvm"),
    "clj": _Language("clojure", "-e --eval", "-i --init -Sdeps", "-m --main", "jvm"),
    "bb": _Language("clojure", "-e --eval", "-cp --classpath --init", "-m --main"),
    "jrunscript": _Language("javascript", "-e", "-cp -classpath", "-encoding -l", "jvm"),
    "jshell": _Language("java", "", "--startup --class-path", "", "jvm"),
    "expect": _Language("tcl", "-c", "", ""),
    "tclsh": _Language("tcl", "", "", "-encoding"),
    "wish": _Language("tcl", "", "", "-display"),
    "guile": _Language("scheme", "-c", "-l -L", "-e -s"),
    "racket": _Language("scheme", "-e --eval", "-f -l -r -u --require", ""),
    "sbcl": _Language("lisp", "--eval", "--load --script --userinit --sysinit", ""),
    "emacs": _Language("lisp", "--eval --execute", "-l --load --script -x", "--batch-size"),
    "ghc": _Language("haskell", "-e", "", "-o -i"),
    "runghc": _Language("haskell", "", "", ""),
    "ocaml": _Language("ocaml", "-e", "-init", "-I"),
    "nim": _Language("nim", "--eval", "", ""),
    "crystal": _Language("crystal", "", "", ""),
    "dart": _Language("dart", "", "", ""),
    "cscript": _Language("vbscript", "", "", ""),
    "wscript": _Language("vbscript", "", "", ""),
    "mshta": _Language("javascript", "", "", ""),
    "sqlite3": _Language("sql", "-cmd", "-init", "-separator"),
    "psql": _Language("sql", "-c --command", "-f --file", "-h -p -U -d --host --port --username --dbname -v"),
    "mysql": _Language("sql", "-e --execute", "--init-command", "-h -u -P -D --host --user"),
    "nix-instantiate": _Language("nix", "-E --expr", "", ""),
    "octave": _Language("matlab", "--eval", "", ""),
}


def language(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """An interpreter of the table."""
    what = LANGUAGES.get(name) or LANGUAGES[re.sub(r"-?[\d.]+$", "", name)]
    scene.launcher(name, name, words, here)
    scene.acts(here, (what.runtime,))
    at, length = 0, len(words)
    code = False
    while at < length and words[at].startswith(("-", "/")) and words[at] not in ("-", "--"):
        word = words[at]
        if word.startswith("/") and name not in ("cscript", "wscript"):
            break
        at += 1
        option, equals, value = word.partition("=")
        glued = next((short for short in (*what.code, *what.loads) if len(short) == 2 and word.startswith(short)), "")
        if option in what.code or option in what.loads or option in what.values:
            if not equals and at < length:
                value, at = words[at], at + 1
        elif glued and not word.startswith("--"):
            option, value = glued, word[2:]
        if option in what.code:
            scene.inline(what.language, value, here)
            code = True
        elif option in what.loads:
            scene.loads(option, value, here, what.language)
    if words[at : at + 1] == ("--",):
        at += 1
    rest = words[at:]
    if name == "mshta" and rest and re.match(r"(?:javascript|vbscript):|https?:", rest[0], re.IGNORECASE):
        scene.inline("javascript", rest[0], here)
        if is_url(rest[0]):
            scene.notes.mark("downloads_and_runs")
        return
    if name in ("emacs", "sqlite3", "psql", "mysql", "dart", "crystal", "nim", "ghc"):
        # Without code these open a document, a data base or a project.
        scene.server(rest, here)
        if name in ("sqlite3", "psql", "mysql"):
            scene.utility(here)
        elif rest and paths.looks_like_script(rest[-1]):
            scene.script(rest[-1], here)
        return
    _rest(scene, what.language, rest, code, here)


def awk(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """awk: the first positional word is the program."""
    scene.launcher("awk", name, words, here)
    scene.acts(here, ("awk",))
    at, length = 0, len(words)
    files = False
    while at < length and words[at].startswith("-") and words[at] != "-":
        word = words[at]
        at += 1
        if word == "--":
            break
        if word.startswith(("-f", "--file", "-E", "--exec", "-i", "--include", "-l", "--load")):
            glued = word.partition("=")[2] if word.startswith("--") else word[2:]
            value = glued or (words[at] if at < length else "")
            at += 0 if glued else 1
            scene.script(value, here)
            files = True
        elif word.startswith(("-e", "--source")):
            glued = word.partition("=")[2] if word.startswith("--") else word[2:]
            value = glued or (words[at] if at < length else "")
            at += 0 if glued else 1
            scene.inline("awk", value, here)
            files = True
        elif word in ("-F", "-v", "--assign", "--field-separator"):
            at += 1
    if not files and at < length:
        scene.inline("awk", words[at], here)


def sed(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """sed: its `e` command and flag run programs."""
    scene.launcher("sed", name, words, here)
    scene.utility(here)
    for word in words:
        if re.search(r"(?:^|[;{\d$/!]\s*)e(?:\s|$)|s(.).*\1.*\1\w*e", word[:200]):
            scene.notes.add("argument_injection", word)


def editor(scene: Scene, name: str, words: tuple[str, ...], here: Here) -> None:
    """vim and its kin: commands in options run shells and scripts."""
    scene.launcher(name, name, words, here)
    scene.utility(here)
    for at, word in enumerate(words):
        if word in ("-c", "--cmd", "-S", "-u", "-l") and at + 1 < len(words):
            scene.notes.add("argument_injection", f"{word} {words[at + 1]}")
        elif word.startswith("+") and len(word) > 1 and not word[1:].isdigit():
            scene.notes.add("argument_injection", word)

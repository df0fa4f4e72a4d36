"""Programs that code of languages with strings and calls starts by constant text: JavaScript, Perl, Ruby, PHP and
others.

A lexer that knows the language's strings and comments, then the calls that start programs, with literal arguments:
texts, texts put together, lists, base64 of a text, and names that hold one of these.
Sources: as `code_calls`, where the calls stand.
Must not be here: Python (`code_python`), languages read line by line (`code_lines`).

"""

import re

from spawngate.command.spawn import Word
from spawngate.command.unwrap.code_calls import LANGUAGES, LISP, Calls
from spawngate.command.unwrap.inner import Inner
from spawngate.command.unwrap.lexer import UNKNOWN, Token, tokens
from spawngate.command.unwrap.literals import Literals, Value

MAX_NESTED = 3


def shell_outs(code: str, language: str, depth: int = 0) -> list[Inner]:
    """What code of one of these languages starts."""
    calls = LANGUAGES[language]
    stream = tokens(code, language)
    literals = Literals(stream, language)
    found: list[Inner] = []
    for at, token in enumerate(stream):
        if token.kind == "ticks":
            found += _ticks(token, at, stream, language, calls)
        elif token.kind == "name":
            if language in LISP:
                found += _list(at, stream, literals, calls)
            else:
                found += _call(at, stream, literals, language, calls, depth)
        elif language == "awk" and token.kind == "mark":
            found += _awk(at, stream, literals)
        elif language in ("groovy", "scala") and (token.kind == "text" or token.value == "]"):
            found += _executed(at, stream)
    if language == "perl":
        found += _opened(stream, literals)
    return found


def _text(value: str, **fields: str) -> list[Inner]:
    if not value.strip():
        return []
    return [Inner(text=value, opaque=("code",) if value.lstrip().startswith("$_") else ())]


def _words(values: list[str]) -> list[Inner]:
    if not values or values[0] in ("", "$_"):
        return []
    return [Inner(words=tuple(Word(value, "$_" in value) for value in values))]


def _ticks(token: Token, at: int, stream: list[Token], language: str, calls: Calls) -> list[Inner]:
    """Backticks, qx and %x; tagged templates of JavaScript's shells."""
    if calls.ticks == "shell" or token.tag == "shell":
        return _text(token.value)
    if language == "javascript" and at and stream[at - 1].value in ("$", "sh", "execa", "shell"):
        return _text(token.value)
    return []


def _name(at: int, stream: list[Token]) -> tuple[str, int]:
    """The dotted name that ends at a place (`a.b.c`), and where it begins."""
    parts = [stream[at].value]
    begin = at
    while begin > 1 and len(parts) < 24 and stream[begin - 1].value in (".", "::", "->", ":", "?.", "&."):
        separator = stream[begin - 1].value
        before = stream[begin - 2]
        if before.kind == "name":
            parts.append((":" if separator == ":" else ".") if separator == ":" else ".")
            parts.append(before.value)
            begin -= 2
        elif before.value == ")":
            # `require('child_process').exec`: the name of what is called, and its text.
            depth, place = 0, begin - 2
            while place >= 0 and at - place < 200:
                depth += {")": 1, "(": -1}.get(stream[place].value, 0) if stream[place].kind == "mark" else 0
                if depth == 0:
                    break
                place -= 1
            inside = "".join(token.value for token in stream[place + 1 : begin - 2][:3] if token.kind == "text")
            owner = stream[place - 1].value if place > 0 and stream[place - 1].kind == "name" else ""
            parts += [".", inside or owner]
            begin = max(place - 1, 0)
            break
        else:
            parts += [".", "?"]
            break
    return "".join(reversed(parts)), begin


def _call(at: int, stream: list[Token], literals: Literals, language: str, calls: Calls, depth: int) -> list[Inner]:
    last = stream[at].value
    if last not in _known(calls):
        alias = literals.names.get(last)
        if alias is None or alias not in _known(calls):
            return []
        last = alias
    name, begin = _name(at, stream)
    opens = at + 1 < len(stream) and stream[at + 1].value == "(" and stream[at + 1].kind == "mark"
    if not opens and not calls.bare:
        return []
    before = stream[begin - 1].value if begin else ""
    if before in ("function", "def", "sub", "fn", "func"):
        return []
    if last in calls.owned and "." in name:
        owner = name.rpartition(".")[0]
        owner = literals.names.get(owner, owner)
        if calls.owners is None or not calls.owners.search(owner):
            return []
    args = literals.arguments(at + 2 if opens else at + 1, opens)
    if language == "haskell" and _matches(last, name, calls.words):
        args = [[token.value for token in stream[at + 1 : _statement(at + 1, stream)] if token.kind == "text"]]
    if last == "CommandContext":
        args = args[1:]
    elif last in ("Exec", "StartProcess") and language == "go":
        args = args[:2]
    if not args:
        return []
    if _matches(last, name, calls.code):
        value = args[-1] if language == "javascript" else args[0]
        if isinstance(value, str) and depth < MAX_NESTED:
            return shell_outs(value, language, depth + 1)
        return []
    if language in ("go", "perl", "ruby", "java", "groovy"):
        # Every argument is a word: one that is computed is still there.
        args = args[:1] + [UNKNOWN if value is None else value for value in args[1:]]
    flat = [item for value in args if value is not None for item in (value if isinstance(value, list) else [value])]
    if not flat or args[0] is None:
        return []
    if _matches(last, name, calls.text):
        return _as_text(args, flat, language)
    if _matches(last, name, calls.line):
        return _words(flat[0].split()) if len(flat) == 1 and isinstance(args[0], str) else _words(flat)
    if _matches(last, name, calls.words):
        if language == "rust":
            return _words([flat[0], *_chained(at + 1, stream, literals)])
        if language == "c" or last in ("Exec", "StartProcess"):
            # The second argument is only the name under which the program runs.
            return _words([flat[0], *flat[2:]])
        if language == "csharp":
            return _words([flat[0], *(word for text in flat[1:] for word in text.split())])
        if language == "javascript" and literals.shell_option(at, stream):
            return _text(" ".join(flat))
        if language in ("javascript", "r", "elixir") and not isinstance(args[0], list):
            rest = (
                args[1]
                if len(args) > 1 and isinstance(args[1], list)
                else [args[1]]
                if (len(args) > 1 and isinstance(args[1], str) and language == "r")
                else []
            )
            first = args[0]
            assert isinstance(first, str)
            return _words([first, *rest])
        return _words(flat)
    return []


def _chained(at: int, stream: list[Token], literals: Literals) -> list[str]:
    """`.arg("a").args(["b", "c"])` of Rust, behind the parenthesis at this place."""
    found: list[str] = []
    for place in range(at, min(at + 200, len(stream) - 2)):
        if stream[place].value == ";":
            break
        if stream[place].value == "." and stream[place + 1].value in ("arg", "args") and stream[place + 2].value == "(":
            for value in literals.arguments(place + 3, True):
                found += value if isinstance(value, list) else ["$_" if value is None else value]
    return found


def _as_text(args: list[Value], flat: list[str], language: str) -> list[Inner]:
    """One text is a line for a shell; in Perl and Ruby more of them are words."""
    if language in ("perl", "ruby", "crystal") and len(flat) > 1:
        values = [value for value in flat if not re.fullmatch(r"[rwab+]{1,3}", value)] if language == "ruby" else flat
        if len(values) > 1:
            return _words(values)
        flat = values
    if language == "php" and isinstance(args[0], list):
        return _words(flat)
    if language in ("ruby",) and isinstance(args[0], list):
        return _words(flat)
    return _text(flat[0])


def _known(calls: Calls) -> frozenset[str]:
    return _LAST[id(calls)]


_LAST = {
    id(calls): frozenset(
        name.rpartition(".")[2].rpartition(":")[2] for name in calls.text | calls.words | calls.line | calls.code
    )
    for calls in LANGUAGES.values()
}


def _matches(last: str, name: str, names: frozenset[str]) -> bool:
    if last in names or name in names:
        return True
    return any("." in one and name.endswith(f".{one}") for one in names) or name.replace(":", ".") in {
        one.replace(":", ".") for one in names if ":" in one
    }


def _list(at: int, stream: list[Token], literals: Literals, calls: Calls) -> list[Inner]:
    """(name "text" ...) of Lisp and its kin."""
    if not at or stream[at - 1].value not in ("(", "'("):
        return []
    name = stream[at].value
    if name not in calls.text and name not in calls.words:
        return []
    depth = 0
    texts: list[str] = []
    for token in stream[at + 1 : at + 200]:
        if token.kind == "text":
            texts.append(token.value)
        elif token.value == "(":
            depth += 1
        elif token.value == ")":
            depth -= 1
            if depth < 0:
                break
        elif token.kind == "name" and token.value.startswith(":") and texts and name != "make-process":
            break
    if not texts:
        return []
    if name in calls.text:
        if name in ("term", "ansi-term"):
            return _words(texts[:1])
        if name == "start-process-shell-command":
            return _text(texts[-1])
        return _text(texts[0]) if len(texts) == 1 or not name.endswith("run-program") else _words(texts)
    if name == "make-process":
        names = [token.value for token in stream[at : at + 200]]
        begin = names.index(":command") if ":command" in names else 0
        end = names.index(")", begin) if ")" in names[begin:] else len(names)
        return _words([token.value for token in stream[at + begin : at + end] if token.kind == "text"])
    if name == "start-process":
        return _words(texts[1:] if len(texts) > 1 else texts)
    return _words(texts)


def _awk(at: int, stream: list[Token], literals: Literals) -> list[Inner]:
    """`"cmd" | getline`, `print ... | "cmd"`, and their two-way forms."""
    if stream[at].value not in ("|", "|&"):
        return []
    following = stream[at + 1] if at + 1 < len(stream) else None
    if following is not None and following.kind == "name" and following.value == "getline":
        begin = at
        depth = 0
        while begin and at - begin < 100:
            before = stream[begin - 1]
            if before.kind == "mark":
                depth += {")": 1, "(": -1}.get(before.value, 0)
                if depth < 0 or before.value not in ("(", ")", "$"):
                    break
            elif before.kind == "name" and before.value in ("while", "if", "print", "do"):
                break
            begin -= 1
        value = literals.value(begin, at)
        return _text(value) if isinstance(value, str) else []
    value = literals.value(at + 1, _statement(at + 1, stream))
    return _text(value) if isinstance(value, str) else []


def _statement(at: int, stream: list[Token]) -> int:
    end = min(len(stream), at + 200)
    while at < end and stream[at].value not in (";", "}", "\n", "{"):
        at += 1
    return at


def _executed(at: int, stream: list[Token]) -> list[Inner]:
    """`"ls".execute()` of Groovy, `"ls".!` of Scala."""
    behind = [token.value for token in stream[at + 1 : at + 3]]
    runs = behind[:1] == ["."] and len(behind) > 1 and behind[1] in ("execute", "!", "!!", "lineStream", "run")
    if not (runs or (behind[:1] in (["!"], ["!!"]) and not (len(behind) > 1 and behind[1] == "="))):
        return []
    if stream[at].kind == "text":
        return _words(stream[at].value.split())
    begin = at
    while begin and at - begin < 100 and stream[begin].value != "[":
        begin -= 1
    return _words([token.value for token in stream[begin:at] if token.kind == "text"])


def _opened(stream: list[Token], literals: Literals) -> list[Inner]:
    """Perl's open with a pipe: `open(F, "cmd |")`, `open(F, "-|", "cmd")`."""
    found: list[Inner] = []
    for at, token in enumerate(stream):
        if token.kind != "name" or token.value != "open" or at + 1 >= len(stream):
            continue
        opens = stream[at + 1].value == "("
        args = literals.arguments(at + 2 if opens else at + 1, opens)
        texts = [value for value in args[1:] if isinstance(value, str)]
        if not texts:
            continue
        mode = texts[0].strip()
        if mode in ("-|", "|-"):
            found += _text(texts[1]) if len(texts) == 2 else _words(texts[1:])
        elif mode.endswith("|"):
            found += _text(mode[:-1])
        elif mode.startswith("|"):
            found += _text(mode[1:])
    return found

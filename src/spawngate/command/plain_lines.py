"""Lines of plain words, read without a parser: most of what agents type, in a fifth of the time.

Belongs here: words in which a shell expands at most whole variables, joined by `|`, `&&`, `||`, `;`, `&` and line ends,
with simple redirections and quoted here-documents behind them. For these few forms the block is the one that
`command.bash` makes of tree-sitter's tree, and a test holds the two against each other. Must not be here: any other
form; a text with one gives None.
Source: POSIX.1-2024, 2.3 Token Recognition, 2.7.4 Here-Document, 2.9 Shell Commands.
"""

import re

from spawngate.command.budget import MAX_STATEMENTS, MAX_WORDS
from spawngate.command.syntax import (
    AndOr,
    Background,
    Block,
    Cut,
    Literal,
    Parts,
    Pipeline,
    Redirection,
    Simple,
    Statement,
)
from spawngate.command.words import lex
from spawngate.launch.argv import word_set

SHORT = 4_000
"""Characters of a text that is tried whatever it holds; in a longer one the first look is for what is never plain."""
_NEVER = re.compile(r"[`\\()!^~#\[\]]")
_VARIABLE = r"\$(?:[A-Za-z_][A-Za-z0-9_]*+|\{[A-Za-z_][A-Za-z0-9_]*+\})"
_WORD = rf"(?:[A-Za-z0-9_./=:@%+,*?-]++|'[^'\n]*'|\"(?:[^\"$`\\!\n]++|{_VARIABLE})*+\"|{_VARIABLE})++"
_END = r"(?=[ \t\n;|&]|\Z)[ \t]*"
_TOKEN = re.compile(
    rf"({_WORD}){_END}|(?<=[ \t])([0-9]?)(>>|>&|>|<)[ \t]?([A-Za-z0-9_./:@%+,-]++){_END}"
    r"|(\|\||&&|[|;\n]|&(?![&>]))[ \t]*|(?<=[ \t])<<[ \t]?(['\"])([A-Za-z0-9_]+)\6(?=[ \t\n])[ \t]*"
)
_READ, _NUMBER, _OPERATOR, _TARGET, _JOINED, _DELIMITER = 1, 2, 3, 4, 5, 7
_SIMPLE = re.compile(r"[\w./=:@%+,-]+")
_SPECIAL = word_set(
    """
    if then elif else fi for while until do done case esac in function select time coproc let unset unsetenv
    export declare typeset local readonly
    """
)
"""Words that begin something else than a simple command."""


def block(text: str) -> Block | None:
    """The statements of a text; None where it holds anything that is not plain."""
    if not text.isascii() or (len(text) > SHORT and "<<" not in text and _NEVER.search(text)):
        return None
    statements: list[Statement] = []
    listed: list[Statement] = []
    piped: list[Statement] = []
    words: list[Parts] = []
    redirections: list[Redirection] = []
    sure = True
    joined = delimiter = ""
    document = 0
    left = MAX_STATEMENTS
    at, end = 0, len(text)
    while at < end and text[at] in " \t\n":
        at += 1
    match = _TOKEN.match
    while at < end:
        found = match(text, at)
        if found is None:
            return None
        at = found.end()
        kind = found.lastindex
        if kind == _READ:
            word = found[_READ]
            if redirections or (not words and (word in _SPECIAL or "=" in word or word == "-")):
                return None
            if len(words) == MAX_WORDS:
                left = -1
                break
            words.append((Literal(word),) if _SIMPLE.fullmatch(word) else lex(word))
            continue
        if kind == _TARGET:
            if not words:
                return None
            number, operator, target = found[_NUMBER], found[_OPERATOR], found[_TARGET]
            redirections.append(Redirection(operator, (Literal(target),), int(number) if number else -1))
            continue
        if kind == _DELIMITER:
            if not words or delimiter:
                return None
            delimiter, document = found[_DELIMITER], len(redirections)
            redirections.append(Redirection("<<", ()))
            continue
        operator = found[_JOINED]
        if not words:
            if operator == "\n" and not joined:
                continue
            return None
        if delimiter:
            # The text begins behind the line, and the grammar knows an end only by its own name on a line of its own.
            close = _close(text, found.end(_JOINED) - 1, delimiter) if operator == "\n" else -1
            if close < 0:
                return None
            body = text[found.end(_JOINED) : close]
            redirections[document] = Redirection("<<", (), -1, (Literal(body, quoted=True),) if body else ())
            at, delimiter = close + len(delimiter), ""
        left -= 1
        if left < 0:
            break
        piped.append(Simple(tuple(words), (), tuple(redirections)))
        words, redirections, joined = [], [], operator
        if operator == "|":
            continue
        listed.append(piped[0] if len(piped) == 1 else Pipeline(tuple(piped)))
        piped = []
        if operator in ("&&", "||"):
            sure = sure and operator == "&&"
            continue
        whole = listed[0] if len(listed) == 1 else AndOr(tuple(listed), sure)
        statements.append(Background(whole) if operator == "&" else whole)
        listed, sure, joined = [], True, ""
    if delimiter or (joined and not words):
        return None
    if words:
        piped.append(Simple(tuple(words), (), tuple(redirections)))
        listed.append(piped[0] if len(piped) == 1 else Pipeline(tuple(piped)))
        statements.append(listed[0] if len(listed) == 1 else AndOr(tuple(listed), sure))
    return (*statements, Cut("too-many")) if left < 0 else tuple(statements)


def _close(text: str, at: int, delimiter: str) -> int:
    """Where the end of a here-document stands that begins behind the line end at `at`; -1 where its lines hold
    something that looks like the end and is none, or nothing is left."""
    wanted = f"\n{delimiter}"
    place = text.find(wanted, at)
    if place < 0:
        return -1
    behind = place + len(wanted)
    return place + 1 if text[behind : behind + 1] in ("", "\n") else -1

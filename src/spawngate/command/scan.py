"""Where quotations and brackets of a shell text end, and two forms that only a look ahead tells apart.

Belongs here: places in texts. Must not be here: what stands between them (`command.words`). Total: what is not closed
ends with the text. Time is linear but for nested brackets, whose depth is capped.
Source: POSIX.1-2024, 2.2 Quoting, 2.3 Token Recognition, 2.7.4 Here-Document.
"""

import re

MAX_DEPTH = 12
"""Expansions inside expansions; deeper ones stay text."""
_IN_DOUBLE = re.compile(r'[\\"$`]')


def closing(text: str, at: int) -> int:
    """Place of the `)` that closes the bracket opened just before `at`; the text's length where none does."""
    end = _closing(text, at, cases=True)
    return end if end < len(text) else _closing(text, at, cases=False)


def apart(text: str) -> str:
    """A blank in every `$((` that opens a subshell and no arithmetic (`$((a; b) | c)`), as Bash finds out by trying."""
    at, found = text.find("$(("), list[int]()
    for _ in range(MAX_DEPTH):
        if at < 0:
            break
        end = closing(text, at + 2)
        if end >= len(text):
            break
        inner = text[at + 2 : end]
        if closing(inner, 1) < len(inner) - 1:
            found.append(at + 2)
        at = text.find("$((", at + 3)
    for place in reversed(found):
        text = f"{text[:place]} {text[place:]}"
    return text


_FOLD = re.compile(r"\S\\\n\S")
_FOLDED = re.compile(r"""\\\n|\\.|"|'""", re.DOTALL)


def unfolded(text: str) -> str:
    """A text without the line ends that a backslash takes away in the middle of a word, as Bash reads it. Texts with
    here-documents stay, because their quoted ones keep such line ends."""
    if "<<" in text or _FOLD.search(text) is None:
        return text
    pieces: list[str] = []
    at, double = 0, False
    while found := _FOLDED.search(text, at):
        token, end = found.group(), found.end()
        if token == "'" and not double:
            end = after(text, "'", end)
        pieces.append(text[at : found.start()])
        if token == '"':
            double = not double
        if token != "\\\n":
            pieces.append(text[found.start() : end])
        at = end
    return "".join(pieces) + text[at:]


_SCAN = re.compile(r"""[\\'"`()#\n]|\$'|<<<?|\b(?:case|esac)\b""")
_TABS = r"\t*"
_DELIMITER = re.compile(r"""(-?)[ \t]*(?:'([^'\n]*)'|"([^"\n]*)"|\\?([^\s;&|<>()'"`]+))""")


def _closing(text: str, at: int, cases: bool, depth: int = 0) -> int:
    open_: list[str] = []
    documents: list[re.Pattern[str]] = []
    length = len(text)
    while at < length:
        found = _SCAN.search(text, at)
        if found is None:
            return length
        token, start, at = found.group(), found.start(), found.end()
        if token == "\\":
            at += 1
        elif token == "'":
            at = after(text, "'", at)
        elif token == "$'":
            at = after_escaped(text, "'", at)
        elif token == "`":
            at = after_escaped(text, "`", at)
        elif token == '"':
            at = after_double(text, at, depth)
        elif token == "(":
            open_.append(token)
        elif token == ")":
            if not open_:
                return start
            if open_[-1] == "(":
                open_.pop()
        elif token == "\n":
            for document in documents:  # what stands in a here-document quotes and closes nothing
                end = document.search(text, at)
                at = length if end is None else end.end()
            documents.clear()
        elif token == "<<":
            delimiter = _DELIMITER.match(text, at)
            if delimiter is not None and len(documents) < MAX_DEPTH:
                tabs, *names = delimiter.groups()
                name = next((name for name in names if name is not None), "")
                documents.append(re.compile(f"^{_TABS if tabs else ''}{re.escape(name)}$", re.MULTILINE))
                at = delimiter.end()
        elif token == "#":
            if start == 0 or text[start - 1] in " \t\n;&|(":
                end_of_line = text.find("\n", at)
                at = length if end_of_line < 0 else end_of_line
        elif cases and token == "case" and (start == 0 or text[start - 1] in " \t\n;&|({"):
            open_.append("case")
        elif cases and token == "esac" and "case" in open_:
            while open_.pop() != "case":
                pass
    return length


def after(text: str, quote: str, at: int) -> int:
    end = text.find(quote, at)
    return len(text) if end < 0 else end + 1


def after_escaped(text: str, quote: str, at: int) -> int:
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] == quote:
            return at + 1
        else:
            at += 1
    return len(text)


def after_double(text: str, at: int, depth: int) -> int:
    """Place behind the `"` that ends a quotation begun before `at`."""
    length = len(text)
    while at < length:
        found = _IN_DOUBLE.search(text, at)
        if found is None:
            return length
        letter, at = found.group(), found.end()
        if letter == '"':
            return at
        if letter == "\\":
            at += 1
        elif letter == "`":
            at = after_escaped(text, "`", at)
        elif text.startswith("(", at) and depth < MAX_DEPTH:
            at = after_bracket(text, at + 1, depth + 1)
        elif text.startswith("{", at) and depth < MAX_DEPTH:
            at = after_brace(text, at + 1, depth + 1)
    return length


def after_bracket(text: str, at: int, depth: int) -> int:
    """As `closing` + 1, inside a quotation."""
    return min(_closing(text, at, cases=True, depth=depth) + 1, len(text))


def after_brace(text: str, at: int, depth: int, quoted: bool = True) -> int:
    """Place behind the `}` that ends a `${` begun before `at`."""
    length = len(text)
    while at < length:
        letter = text[at]
        at += 1
        if letter == "\\":
            at += 1
        elif letter == "}":
            return at
        elif letter == "'" and not quoted:
            at = after(text, "'", at)
        elif letter == '"':
            at = after_double(text, at, depth)
        elif letter == "`":
            at = after_escaped(text, "`", at)
        elif letter == "$" and depth < MAX_DEPTH:
            if text.startswith("{", at):
                at = after_brace(text, at + 1, depth + 1, quoted)
            elif text.startswith("(", at):
                at = after_bracket(text, at + 1, depth + 1)
            elif text.startswith("'", at) and not quoted:
                at = after_escaped(text, "'", at + 1)
    return length

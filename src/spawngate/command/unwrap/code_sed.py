"""Programs that a sed script starts: the `e` command and the `e` flag of `s`.

Sources: sed(1) and the GNU sed manual (Commands that execute; each command ends in a way of its own).
Must not be here: sed's options (`filters`).
"""

import re

from spawngate.command.unwrap.inner import Inner


def shell_outs(code: str) -> list[Inner]:
    """sed: commands in order, each with its own way to end."""
    found: list[Inner] = []
    at, length = 0, len(code)
    while at < length:
        if code[at] in " \t\n;{}":
            at += 1
            continue
        at = _address(code, at)
        if at >= length:
            break
        letter = code[at]
        at += 1
        if letter in "sy":
            at, parts = _delimited(code, at)
            start = at
            while at < length and code[at] not in "\n;}":
                at += 1
            flags = code[start:at].split("w")[0]
            if letter == "s" and "e" in flags and len(parts) == 2:
                whole = re.fullmatch(r"\^?\.\*\$?|\$|\^", parts[0])
                constant = not re.search(r"(?<!\\)&|\\\d", parts[1])
                text = parts[1].replace("\\&", "&").replace("\\/", "/").replace("\\n", "\n")
                if whole and constant and text.strip():
                    found.append(Inner(text=text))
                else:
                    # What it runs is the line that was read.
                    found.append(Inner(opaque=("code",)))
            continue
        if letter in "#":
            at = _end(code, at)
        elif letter == "e":
            end = _end(code, at)
            text = code[at:end].strip()
            found.append(Inner(text=text) if text else Inner(opaque=("code",)))
            at = end
        elif letter in "aicrRwW":
            end = _end(code, at)
            while end < length and code[end - 1] == "\\":
                end = _end(code, end + 1)
            at = end
        elif letter in ":btTqQlL":
            while at < length and code[at] not in "\n;}":
                at += 1
    return found


def _end(code: str, at: int) -> int:
    end = code.find("\n", at)
    return len(code) if end < 0 else end


def _address(code: str, at: int) -> int:
    """The place behind the addresses in front of a command."""
    length = len(code)
    while at < length:
        letter = code[at]
        if letter == "\\" and at + 1 < length:
            at = _closing(code, at + 2, code[at + 1])
        elif letter == "/":
            at = _closing(code, at + 1, "/")
        elif letter.isdigit() or letter in "$,+~! \t" or (letter in "IM" and at and code[at - 1] in "/IM"):
            at += 1
        else:
            break
    return at


def _closing(code: str, at: int, mark: str) -> int:
    """The place behind the next unescaped mark; brackets hide it."""
    length = len(code)
    while at < length and code[at] != mark:
        if code[at] == "\\":
            at += 1
        elif code[at] == "[":
            inner = at + 1
            if code[inner : inner + 1] == "^":
                inner += 1
            if code[inner : inner + 1] == "]":
                inner += 1
            end = code.find("]", inner)
            if end > 0 and "\n" not in code[at:end]:
                at = end
        at += 1
    return min(at + 1, length)


def _delimited(code: str, at: int) -> tuple[int, tuple[str, ...]]:
    if at >= len(code) or code[at] in "\n\\":
        return at, ()
    mark = code[at]
    middle = _closing(code, at + 1, mark)
    end = middle
    while end < len(code) and code[end] != mark:
        end += 2 if code[end] == "\\" else 1
    return min(end + 1, len(code)), (code[at + 1 : middle - 1], code[middle:end])

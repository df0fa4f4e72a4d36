"""Regular expressions of POSIX, basic and extended, as Python writes them, where both mean the same.

Belongs here: one expression, read once, in the way of GNU sed. Must not be here: scripts (`configuration.sed`).
Sources, read 2026-11: POSIX.1-2024 chapter 9; the GNU sed manual 4.9, "Regular Expressions" and "Reporting Bugs".
What is not certain to match the very same text is refused: POSIX takes the longest match, Python the first one, so that
alternatives that begin alike, groups that repeat and marks of repetition behind one another have two meanings.
"""

import re
from itertools import pairwise

_CLASSES = {
    "[:alnum:]": "a-zA-Z0-9",
    "[:alpha:]": "a-zA-Z",
    "[:digit:]": "0-9",
    "[:space:]": r"\s",
    "[:blank:]": r" \t",
    "[:upper:]": "A-Z",
    "[:lower:]": "a-z",
}
_TIMES = re.compile(r"(\d{0,3}(?:,\d{0,3})?)(\\?)\}")
_BEGIN, _ATOM, _GROUP, _REPEATED = range(4)
"""What stands in front of a place."""


class NotUnderstood(Exception):
    """Nothing of Python's is certain to mean the same."""


def translated(text: str, *, extended: bool) -> str:
    """The expression for Python's `re`. Raises NotUnderstood."""
    return _Reader(text, extended).whole()


class _Reader:
    def __init__(self, text: str, extended: bool) -> None:
        self.text = text
        self.at = 0
        self.extended = extended
        self.out: list[str] = []
        self.before = _BEGIN
        self.groups: list[list[str]] = [[""]]
        """By depth: the letters that each alternative surely begins with."""
        self.sure = [True]
        """By depth: whether the next letter belongs to them."""

    def whole(self) -> str:
        if not self.text:
            raise NotUnderstood("the expression that was used last")
        while self.at < len(self.text):
            character = self.text[self.at]
            self.at += 1
            if character == "[":
                self.bracket()
            elif character == "\\":
                self.escape()
            elif character == "*" or (character in "(){}|+?" and self.extended):
                self.operator(character)
            elif character == "^" and (self.extended or (self.before == _BEGIN and self.out[-1:] != ["^"])):
                self.out.append("^")
            elif character == "$" and (self.extended or self.text[self.at : self.at + 2] in ("", r"\)", r"\|")):
                self.out.append("$")
                self.before = _REPEATED
            elif character == ".":
                self.atom(".", "")
            else:
                self.atom(re.escape(character), character)
        if len(self.groups) != 1:
            raise NotUnderstood("a group without an end")
        self.close()
        return "".join(self.out)

    def atom(self, text: str, letter: str) -> None:
        self.out.append(text)
        self.before = _ATOM
        if letter and self.sure[-1]:
            self.groups[-1][-1] += letter.lower()
        else:
            self.sure[-1] = False

    def escape(self) -> None:
        following = self.text[self.at : self.at + 1]
        self.at += 1
        if following and following in "(){}|+?" and not self.extended:
            self.operator(following)
        elif following and following in "ntswSW":
            self.atom("\\" + following, "")
        elif not following or following.isalnum() or following in "<>`'\n":
            raise NotUnderstood("escape")
        else:
            self.atom(re.escape(following), following)

    def operator(self, sign: str) -> None:
        if sign == "(":
            self.out.append("(")
            self.groups.append([""])
            self.sure[-1] = False
            self.sure.append(True)
            self.before = _BEGIN
        elif sign == ")":
            if len(self.groups) == 1:
                raise NotUnderstood("a group without a begin")
            self.close()
            self.out.append(")")
            self.before = _GROUP
        elif sign == "|":
            self.out.append("|")
            self.groups[-1].append("")
            self.sure[-1] = True
            self.before = _BEGIN
        elif sign == "*" and self.before == _BEGIN and not self.extended:
            self.atom(r"\*", "*")
        elif self.before != _ATOM or sign == "}":
            raise NotUnderstood("repetition")
        else:
            if self.sure[-1]:
                self.groups[-1][-1] = self.groups[-1][-1][:-1]
                self.sure[-1] = False
            self.out.append(sign if sign != "{" else self.times())
            self.before = _REPEATED

    def times(self) -> str:
        found = _TIMES.match(self.text, self.at)
        if found is None or found[1] in ("", ",") or bool(found[2]) is self.extended:
            raise NotUnderstood("repetition")
        self.at = found.end()
        return f"{{{found[1]}}}"

    def close(self) -> None:
        begins = sorted(self.groups.pop())
        self.sure.pop()
        if any(other.startswith(one) for one, other in pairwise(begins)):
            raise NotUnderstood("alternatives that begin alike")

    def bracket(self) -> None:
        text, at = self.text, self.at
        end = text.find("]", at + 2 if text[at : at + 1] == "^" else at + 1)
        while end > 0 and text[at:end].count("[:") > text[at:end].count(":]"):
            end = text.find("]", end + 1)
        while end > 0 and text[end - 1] == ":" and text[end + 1 : end + 2] == "]":
            end += 1
        if end < 0:
            raise NotUnderstood("bracket")
        inner = text[at:end]
        for name, meaning in _CLASSES.items():
            inner = inner.replace(name, f"\0{meaning}\0")
        parts = inner.split("\0")
        if any(re.search(r"\[[:.=]|\\[A-Za-z0-9]", re.sub(r"\\[nt]", "", part)) for part in parts[::2]):
            raise NotUnderstood("bracket")
        for at in range(0, len(parts), 2):
            parts[at] = re.sub(r"\\(?![nt])|[\[&~|]", lambda match: "\\" + match[0], parts[at])
        self.atom(f"[{''.join(parts)}]", "")
        self.at = end + 1

"""Text that a shell interprets, taken apart into its simple commands.

Belongs here: just enough of POSIX shell, cmd.exe and PowerShell to see which programs a short line starts and
whether it is one plain command. Must not be here: what the programs mean, and expansion of variables.
It is no parser of shell grammar: loops and functions give their commands without their meaning, and `opaque`.
Sources: POSIX.1-2024 Shell Command Language; `cmd /?`; PowerShell about_Parsing, about_Pipelines.
"""

import re
from dataclasses import dataclass

KEYWORDS = frozenset({"if", "then", "else", "elif", "while", "until", "do", "!", "{", "time", "coproc"})
_PLAIN = re.compile(r"[^\s'\"`\\;&|<>()$#^]+")
_REDIRECT = re.compile(r"(?:\d*|&)(?:>>?\|?|<>|<<<?-?|<)(?:&\d*-?)?")
MAX_TEXT = 65_536
"""Characters of a line that are read; nobody starts a server with more."""


@dataclass(frozen=True, slots=True)
class Simple:
    """One simple command: its words without quotes, and the operator in front of it."""

    words: tuple[str, ...]
    before: str = ""
    """Empty for the first, else `;`, `&`, `&&`, `||`, `|` or a new line."""
    substituted: bool = False
    """A word holds the output of another command."""


@dataclass(frozen=True, slots=True)
class Text:
    """The commands of a line, those inside substitutions, and whether there is more than commands."""

    commands: tuple[Simple, ...]
    nested: tuple[str, ...] = ()
    """Texts of `$(...)`, backquotes and `<(...)`."""
    redirected: bool = False
    """Output or input goes to a file other than /dev/null."""
    opaque: bool = False
    """Loops, groups, unclosed quotes: the commands are not all there is."""

    @property
    def plain(self) -> bool:
        """One simple command and nothing else."""
        return len(self.commands) == 1 and not (self.nested or self.redirected or self.opaque)


def split(text: str, dialect: str = "posix") -> Text:
    """Take a line apart. `dialect` is posix, cmd or powershell. Raises nothing; time is linear."""
    return _Splitter(text[:MAX_TEXT], dialect, len(text) > MAX_TEXT).read()


class _Splitter:
    def __init__(self, text: str, dialect: str, cut: bool) -> None:
        self.text = text
        self.dialect = dialect
        self.at = 0
        self.commands: list[Simple] = []
        self.nested: list[str] = []
        self.words: list[str] = []
        self.word: list[str] | None = None
        self.before = ""
        self.substituted = False
        self.redirected = False
        self.opaque = cut
        self.target = False

    def read(self) -> Text:
        text, length = self.text, len(self.text)
        while self.at < length:
            letter = text[self.at]
            plain = _PLAIN.match(text, self.at)
            if plain:
                self._add(plain.group())
                self.at = plain.end()
            elif letter == "\n" or letter == "\r":
                self._operator("\n", 1)
            elif letter.isspace():
                self._end_word()
                self.at += 1
            elif letter in ";&|":
                self._separator(letter)
            elif letter in "<>":
                self._redirect(letter)
            elif letter in "()":
                self.opaque = True
                self._operator(";", 1)
            elif letter == "#":
                self._hash()
            else:
                self._quote(letter)
        self._end_command("")
        return Text(tuple(self.commands), tuple(self.nested), self.redirected, self.opaque)

    # -- parts

    def _add(self, text: str) -> None:
        if self.word is None:
            self.word = []
        self.word.append(text)

    def _end_word(self) -> None:
        if self.word is None:
            return
        word = "".join(self.word)
        self.word = None
        if self.target:
            self.target = False
            if word.lower() not in ("/dev/null", "nul", "$null", "/dev/stderr", "/dev/stdout"):
                self.redirected = True
            return
        self.words.append(word)

    def _end_command(self, operator: str) -> None:
        self._end_word()
        self.target = False
        while self.words and self.words[0] in KEYWORDS and self.dialect == "posix":
            self.opaque = True
            del self.words[0]
        if self.words:
            self.commands.append(Simple(tuple(self.words), self.before, self.substituted))
            self.before = operator
        elif operator and self.commands:
            self.before = operator
        self.words = []
        self.substituted = False

    def _operator(self, operator: str, width: int) -> None:
        self._end_command(operator)
        self.at += width

    def _separator(self, letter: str) -> None:
        text = self.text
        if self.dialect == "cmd" and letter == ";":
            self._add(letter)
            self.at += 1
            return
        if letter == "&" and text[self.at + 1 : self.at + 2] == ">":
            self._redirect(letter)
            return
        if text[self.at + 1 : self.at + 2] == letter and letter in "&|":
            self._operator(letter * 2, 2)
            return
        if self.dialect == "powershell" and letter == "&" and not self.words and self.word is None:
            self.at += 1  # the call operator: what follows is a command
            return
        self._operator(letter, 1)

    def _redirect(self, letter: str) -> None:
        if letter == "<" and self.text[self.at + 1 : self.at + 2] == "(" and self.dialect == "posix":
            self.at += 1
            self._substitution()
            return
        if letter == ">" and self.text[self.at + 1 : self.at + 2] == "(" and self.dialect == "posix":
            self.at += 1
            self._substitution()
            return
        found = _REDIRECT.match(self.text, self.at)
        if found is None:
            self.at += 1
            return
        if self.word is not None and "".join(self.word).isdigit():
            self.word = None  # the number of a file descriptor
        self._end_word()
        if found.group().startswith("<"):
            self.redirected = True
            self.opaque = self.opaque or "<<" in found.group()
        elif not re.search(r"&[\d-]", found.group()):
            self.target = True
        self.at = found.end()

    def _hash(self) -> None:
        if self.word is None and self.dialect != "cmd":
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end
        else:
            self._add("#")
            self.at += 1

    def _quote(self, letter: str) -> None:
        text = self.text
        following = text[self.at + 1 : self.at + 2]
        if letter == "'" and self.dialect != "cmd":
            self._until("'")
        elif letter == '"':
            self._double()
        elif letter == "$" and following == "(":
            self._substitution()
        elif letter == "$" and following == "{" and self.dialect != "cmd":
            end = text.find("}", self.at)
            if end < 0:
                self.opaque = True
                end = self.at + 1
            self._add(text[self.at : end + 1])
            self.at = end + 1
        elif letter == "$" and following == "'" and self.dialect == "posix":
            self.at += 1
            self.opaque = True  # escapes inside may spell anything
            self._until("'")
        elif letter == "`" and self.dialect == "posix":
            end = text.find("`", self.at + 1)
            if end < 0:
                self.opaque, end = True, len(text)
            self.nested.append(text[self.at + 1 : end])
            self.substituted = True
            self._add("$()")
            self.at = end + 1
        elif letter in _ESCAPES[self.dialect] and following:
            if following != "\n":
                self._add(following)
            self.at += 2
        else:
            self._add(letter)
            self.at += 1

    def _until(self, quote: str) -> None:
        end = self.text.find(quote, self.at + 1)
        if end < 0:
            self.opaque, end = True, len(self.text)
        self._add(self.text[self.at + 1 : end])
        self.at = end + 1

    def _double(self) -> None:
        self._add("")
        self.at += 1
        text, escapes = self.text, _ESCAPES[self.dialect]
        while self.at < len(text):
            letter = text[self.at]
            if letter == '"':
                self.at += 1
                return
            if letter in escapes and self.dialect != "cmd" and self.at + 1 < len(text):
                following = text[self.at + 1]
                if self.dialect == "posix" and following not in '"\\$`\n':
                    self._add(letter)
                self._add(following)
                self.at += 2
            elif letter == "$" and text[self.at + 1 : self.at + 2] == "(" and self.dialect != "cmd":
                self._substitution()
            elif letter == "`" and self.dialect == "posix":
                end = text.find("`", self.at + 1)
                end = len(text) if end < 0 else end
                self.nested.append(text[self.at + 1 : end])
                self.substituted = True
                self._add("$()")
                self.at = end + 1
            else:
                self._add(letter)
                self.at += 1
        self.opaque = True

    def _substitution(self) -> None:
        """From `(` or `$(` to its closing bracket."""
        start = self.text.find("(", self.at)
        depth, at = 0, start
        quote = ""
        while at < len(self.text):
            letter = self.text[at]
            if quote:
                quote = "" if letter == quote else quote
            elif letter in "'\"":
                quote = letter
            elif letter == "(":
                depth += 1
            elif letter == ")":
                depth -= 1
                if not depth:
                    break
            at += 1
        else:
            self.opaque = True
        self.nested.append(self.text[start + 1 : at])
        self.substituted = True
        self._add("$()")
        self.at = at + 1


_ESCAPES = {"posix": "\\", "cmd": "^", "powershell": "`"}


def windows_words(line: str) -> tuple[str, ...]:
    """Words of a Windows command line: blanks split, double quotes hold together, backslashes stay."""
    return tuple(word.replace('"', "") for word in re.findall(r'(?:"[^"]*"?|[^\s"])+', line))

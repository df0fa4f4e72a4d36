"""Redacts command lines, argument lists and prose: goes through the words and finds which of them is a value.

Belongs here: whole lines, nested commands, words that announce the next one, peculiar programs.
Must not be here: splitting text into words (`shellwords`), flags (`flags`), pairs (`assignments`), a single argument
(`arguments`) and the meaning of names (`names`).
"""

import re

from spawngate.redact import arguments, assignments, fields, names, opaque, shellwords
from spawngate.redact.flags import FLAG, LONG_OPTION, flag_word, looks_like_flag, password_letters
from spawngate.redact.following import Cookie, Env, Hide, Treat
from spawngate.redact.known import KnownCommands, KnownWords
from spawngate.redact.marks import Marker
from spawngate.redact.plain import is_plain_path
from spawngate.redact.tokens import blocks, leaf, path
from spawngate.redact.urls import SCHEME, keep, url

DEEPEST = 8
"""Commands nested in commands deeper than this are hidden whole."""

NESTED = 12
"""Values within values of one word (`a=b=c`) deeper than this are hidden whole."""

_LONG_NAME = 20
_QUICK = re.compile(r"-{0,2}[A-Za-z][a-z]{0,6}(?:[-_./][a-z]{1,7}){0,8}|[\d.]{1,12}")
_HARMLESS = KnownWords()
"""Words that `argument` leaves as they are, whatever stands before them."""
_DULL = KnownWords()
"""Those of them that say nothing about the words behind them either, nor name a program that does."""
_UNCHANGED = KnownCommands()
"""Simple commands in which nothing was found: what is said about them does not depend on the rest of their line."""
_HEARD = names.KNOWN_PROGRAMS | {"sudo"}
_GIT_WORDS = names.listed("checkout show cherry-pick revert reset merge rebase diff log switch fetch cat-file")
_SET_WORDS = names.listed("set configure setenv put")
_PECULIAR = names.ORACLE_PROGRAMS | {"setx", "vault", "htpasswd", "net"}
"""Programs whose plain words may be secrets."""
_SCHEMES = ("bearer", "basic")
_ASSIGNED = ("=", ":=", "=>")
_ORACLE = re.compile(r"([A-Za-z]\w{0,30}/)([^@/]+)(@.*|)", re.DOTALL)
_FISH_EXPORT = re.compile(r"(?:^| )-(?=[a-zA-Z]*x)[a-zA-Z]*+$|--export$")
_SHARE = re.compile(r"(?:use|\*|[A-Za-z]:|\\.*|/.*)", re.DOTALL | re.IGNORECASE)
"""Words of `net use` that are no password."""
_NO_VALUE = re.compile(r"[/:.@\\]")
_IMAGE = re.compile(r"[a-z0-9][\w.-]*(?:/[\w.-]+)*(?:/[\w.-]+|:[\w.-]+)")
_FOLDERS = re.compile(r"[/\\]")
_RUNNABLE = re.compile(r"\.(?:exe|cmd|bat|ps1)$")
_PLAIN_WORD = re.compile(r"[A-Za-z_<][A-Za-z_.<>/*|,() \[\]-]*")


class Line:
    """One pass over one value. Holds the record of what it hid and how deep it is in nested commands."""

    def __init__(self, marker: Marker, depth: int = 0, unchanged: set[tuple[str, ...]] | None = None) -> None:
        """`unchanged`: commands (their words) of this value in which an earlier pass found nothing; it is added to."""
        self.marker = marker
        self._depth = depth
        self._nesting = 0
        self._unchanged = unchanged

    # What documents and fields call back --------------------------------------------------------------------------

    def text(self, value: str, place: str) -> str:
        """Prose, or anything of unknown syntax."""
        return self.argument(value, place, prose=True)

    def path(self, value: str, place: str) -> str:
        """A file path."""
        return path(self.marker, value, place)

    def address(self, value: str, place: str) -> str:
        """An address, or a command or text where it turns out to be none."""
        stripped = value.strip()
        if SCHEME.match(stripped) and not any(map(str.isspace, stripped)):
            return value.replace(stripped, url(self.marker, stripped, place), 1)
        return self.argument(value, place, prose=True)

    def env(self, name: str, value: str) -> str:
        """The value of an environment variable."""
        return fields.env_value(self.marker, name, value, self.judge)

    def header(self, name: str, value: str) -> str:
        """The value of a header."""
        return fields.header_value(self.marker, name, value, self.judge)

    def judge(self, marker: Marker, value: str, place: str) -> str:
        """A value whose name says that it is harmless or must be seen; secrets are noted with `marker`."""
        line = self if marker is self.marker else Line(marker, self._depth + 1)
        return line.argument(value, place)

    # Whole lines --------------------------------------------------------------------------------------------------

    def line(self, value: str) -> str:
        """A command line of any shell."""
        return self._split(value, prose=False)

    def _split(self, value: str, prose: bool) -> str:
        if self._depth >= DEEPEST:
            return value if keep(value) else self.marker.hide(value, "text", "command")
        value = blocks(self.marker, value, "text")
        words = shellwords.split(value, prose)
        texts: list[str] = []
        piped = not names.STDIN_FLAGS.isdisjoint([word.text for word in words])
        for command in _commands(words):
            given = [word.text for word in command]
            told = tuple(given) if self._unchanged is not None and not (prose or self._depth or self._nesting) else ()
            if told and self._unchanged is not None and (told in self._unchanged or (not piped and told in _UNCHANGED)):
                texts += given
            elif piped and _basename(given[0]) in ("echo", "printf"):
                texts += [given[0], *(self._piped(word) for word in given[1:])]
            else:
                noted = self.marker.noted
                done = self.words(given, None, shell=not prose)
                if told and self._unchanged is not None and done == given and self.marker.noted == noted:
                    self._unchanged.add(told)
                    _UNCHANGED.add(told)
                texts += done
        return shellwords.replace(value, words, texts)

    def _piped(self, word: str) -> str:
        """What `echo` hands to a program that reads a secret."""
        return (
            word
            if re.fullmatch(r"-[neE]+|%s(?:\\n)?", word)
            else fields.secret(self.marker, word, "argument", "standard input")
        )

    def argv(self, words: list[str]) -> list[str]:
        """The arguments of a program that is not known, or named by the first of them."""
        return self.words(words, None, shell=False)

    # One list of words ------------------------------------------------------------------------------------------------

    def words(self, words: list[str], program: str | None, shell: bool) -> list[str]:
        """Redact the words of one simple command, or of prose, from left to right."""
        out: list[str] = []
        seen = {_basename(program)} if program else set()
        expect: Treat | None = None
        letters = password_letters(seen) if seen else set()
        leading = shell
        sticky: Treat | None = None
        sets = not _SET_WORDS.isdisjoint(words)
        count = len(words)
        peculiar = sets or words[:1] == ["set"] or not seen.isdisjoint(_PECULIAR)
        for index, word in enumerate(words):
            if (
                expect is None
                and sticky is None
                and not peculiar
                and word in _DULL
                and (index + 1 == count or words[index + 1] not in _ASSIGNED)
                and (not index or words[index - 1] not in names.ENV_FLAGS)
            ):
                # Most words of most lines.
                out.append(word)
                leading = False
                continue
            if expect is not None:
                if word in ("=", ":", "=>", ":=") or (not word and shell):
                    out.append(word)
                    continue
                treat, expect = expect, None
                if not (treat is not sticky and looks_like_flag(word)):
                    scheme = word.rstrip(",;").lower() in names.AUTH_SCHEMES and index + 1 < len(words)
                    if scheme and getattr(treat, "scheme", False):
                        basic = word.lower().startswith("basic")
                        out.append(word)
                        expect = Hide(self.marker, "basic-auth" if basic else "header-value", treat.place)  # type: ignore[attr-defined]  # only Hide has a scheme
                        continue
                    out.append(treat(word))
                    continue
            if sticky is not None and "=" in word:
                out.append(sticky(word))
                continue
            base = _basename(word) if len(word) < 120 else ""
            if base in names.KNOWN_PROGRAMS and base not in seen:
                seen.add(base)
                letters = password_letters(seen)
                peculiar = peculiar or base in _PECULIAR
            assigned = assignments.variable(self, word, leading, seen) if "=" in word or "$" in word else None
            if assigned is not None:
                out.append(assigned[0])
                expect = assigned[1]
                continue
            leading = leading and (base in ("env", "sudo", "export", "declare", "set") or word.startswith("-"))
            done, expect, sticky = self._word(word, words, index, seen, sets, letters)
            out.append(done)
        return out

    def _word(
        self, word: str, words: list[str], index: int, seen: set[str], sets: bool, letters: set[str]
    ) -> tuple[str, Treat | None, Treat | None]:
        """One word that is no value of the one before: its redacted text, and what to do with the ones behind it."""
        if not word or word == "-" or word == "--":
            return word, None, None
        if letters and word[0] == "-" and len(word) > 2 and word[1] in letters and not LONG_OPTION.match(word):
            return word[:2] + fields.secret(self.marker, word[2:], "flag-value", word[:2]), None, None
        if word[0] in "-/":
            flag = FLAG.fullmatch(word)
            if flag and (flag.group(1) != "/" or names.is_secret(flag.group(2))):
                text, expect = flag_word(self, word, flag, words, index, seen)
                return text, expect, None
        last = index + 1 >= len(words)
        following = "" if last else words[index + 1]
        if (
            not sets
            and following not in _ASSIGNED
            and words[0] != "set"
            and not (index and words[index - 1] in names.ENV_FLAGS)
            and (not seen or seen.isdisjoint(_PECULIAR))
            and (word in _HARMLESS or _QUICK.fullmatch(word))
            and word.lower() not in _SCHEMES
        ):
            # Nothing below has a word to say about most words.
            if word[0] not in "-/" and "=" not in word and _basename(word) not in _HEARD:
                _DULL.add(word)
            return word, None, None
        bare = word.strip("\"'`{([,*").rstrip("\"'`*")
        if not last and bare[-1:] in (":", "=") and len(bare) < 120:
            name = bare.rstrip(":= \"'`*").rpartition("=")[2] or bare.rstrip(":=\"' ")
            if name.lower() in ("cookie", "set-cookie"):
                cookie = Cookie(self.marker, name)
                return word, cookie, cookie
            if names.is_secret(name) and "://" not in name:
                value = following.strip("\"'.,;()[]{}`*")
                prose = (
                    following[0:1] in "{["
                    or value.lower() in names.FUNCTION_WORDS
                    or (names.is_vague(name) and _PLAIN_WORD.fullmatch(value) and not opaque.verdict(value))
                )
                if bare[-1] == "=" or not prose:
                    return self._name(word), Hide(self.marker, "named-value", name[:100], scheme=True), None
        if following in _ASSIGNED and names.is_secret(bare):
            return self._name(word), Hide(self.marker, "named-value", bare[:100], scheme=True), None
        if not last and bare.lower() in _SCHEMES and not shell_word(following):
            kind = "basic-auth" if bare.lower() == "basic" else "header-value"
            if bare.lower() == "bearer" or _is_basic(following):
                return word, Hide(self.marker, kind, bare), None
        if "setx" in seen and not last and assignments.ENV_NAME.fullmatch(word) and word.lower() != "setx":
            return word, Env(self, word), None
        if (
            words[0] == "set"
            and not last
            and assignments.ENV_NAME.fullmatch(word)
            and _FISH_EXPORT.search(" ".join(words[1:index]))
        ):
            return word, Env(self, word), None
        if not last and sets and names.is_secret(bare) and _SET_WORDS & set(words[:index]) and not names.is_vague(bare):
            return self._name(word), Hide(self.marker, "named-value", bare[:100]), None
        if not last and index and words[index - 1] in names.ENV_FLAGS and _is_split_pair(words, index, seen):
            return word, Env(self, word), None
        if (
            not seen.isdisjoint(names.ORACLE_PROGRAMS)
            and (match := _ORACLE.fullmatch(word))
            and not keep(match.group(2))
        ):
            return (
                match.group(1) + fields.secret(self.marker, match.group(2), "password", "argument") + match.group(3),
                None,
                None,
            )
        if "vault" in seen and index > 0 and words[index - 1] == "login" and "=" not in word:
            return fields.secret(self.marker, word, "argument", "login"), None, None
        if "htpasswd" in seen and last and any(re.fullmatch(r"-\w*b\w*", other) for other in words[:index]):
            return fields.secret(self.marker, word, "argument", "argument"), None, None
        if "net" in seen and _is_net_use(words, index) and not _SHARE.fullmatch(word):
            return fields.secret(self.marker, word, "password", "argument"), None, None
        if "git" in seen and index > 0 and opaque.REVISION.fullmatch(word) and _GIT_WORDS & set(words[:index]):
            return word, None, None
        return self.argument(word, "argument", parent=words[index - 1] if index else ""), None, None

    def _name(self, word: str) -> str:
        """A word that announces a value. What is shorter is no credential by itself."""
        return leaf(self.marker, word, "argument") if len(word) >= _LONG_NAME else word

    # One argument -----------------------------------------------------------------------------------------------------

    def argument(self, value: str, place: str, prose: bool = False, parent: str = "") -> str:
        """A value for which no flag speaks: documents, connection strings, headers, commands, then single words."""
        if len(value) < 6 or value in _HARMLESS or _QUICK.fullmatch(value):
            return value
        if is_plain_path(value):
            _HARMLESS.add(value)
            return value
        if self._nesting >= NESTED:
            return value if keep(value) else self.marker.hide(value, "text", place)
        self._nesting += 1
        noted = self.marker.noted
        try:
            done = arguments.argument(self, value, place, prose, parent)
        finally:
            self._nesting -= 1
        if done == value and self.marker.noted == noted:
            _HARMLESS.add(value)
        return done

    def single(self, value: str, place: str) -> str:
        """A value without blanks that is no document and no address."""
        return arguments.single(self, value, place)

    def phrase(self, value: str, place: str, prose: bool) -> str:
        """A value with blanks, one level deeper: a command inside an argument, or prose."""
        return Line(self.marker, self._depth + 1)._nested(value, place, prose)

    def _nested(self, value: str, place: str, prose: bool) -> str:
        words = shellwords.split(value, prose)
        if len(words) != 1 or words[0].text != value:
            return self._split(value, prose)
        # One word that holds blanks only inside `$(...)`: go into each of them, and look at what stands around.
        if self._depth >= DEEPEST:
            return value if keep(value) else self.marker.hide(value, "text", place)
        parts: list[str] = []
        last = 0
        for start, end in shellwords.substitutions(value):
            parts += [self.single(value[last:start], place), "$(", self.line(value[start + 2 : end - 1]), ")"]
            last = end
        if not parts:
            return leaf(self.marker, value, place)
        return "".join([*parts, self.single(value[last:], place)])


def _commands(words: list[shellwords.Word]) -> list[list[shellwords.Word]]:
    commands: list[list[shellwords.Word]] = []
    for word in words:
        if word.first or not commands:
            commands.append([])
        commands[-1].append(word)
    return commands


def _basename(word: str) -> str:
    name = (_FOLDERS.split(word)[-1] if "/" in word or "\\" in word else word).lower()
    return _RUNNABLE.sub("", name) if "." in name else name


def _is_net_use(words: list[str], index: int) -> bool:
    """Whether the words before `index` are `net use`, with a share somewhere; then the word may be a password."""
    if not any(word.startswith("\\") for word in words):
        return False
    return words[0].lower() == "use" or any(
        word.lower() == "use" and _basename(words[place]) == "net" for place, word in enumerate(words[1:index])
    )


def _is_split_pair(words: list[str], index: int, seen: set[str]) -> bool:
    """Whether a value follows a variable's name in a word of its own, `--env TOKEN value`, which no program takes.

    For containers the word behind the name is usually the image; it is none if an image follows later.
    """
    name, following = words[index], words[index + 1]
    if not assignments.ENV_NAME.fullmatch(name) or not names.is_secret(name):
        return False
    if following.startswith("-") or _NO_VALUE.search(following) or following.lower() in names.KNOWN_PROGRAMS:
        return False
    if seen & names.CONTAINER_PROGRAMS:
        return any(map(_IMAGE.fullmatch, words[index + 2 :]))
    return not (words[index - 1] == "-e" and seen & names.INTERPRETERS)


def shell_word(word: str) -> bool:
    """Whether the word after `Bearer` belongs to the sentence and is no token."""
    plain = word.strip("\"'.,;:()")
    return plain.lower() in _AUTH_NOUNS or not plain


_AUTH_NOUNS = names.listed(
    """token tokens auth authentication authorization scheme header headers credentials realm type is or and in for with
    to as format based-auth usage setup"""
)


def _is_basic(word: str) -> bool:
    from_base64 = re.fullmatch(r"[A-Za-z0-9+/]{6,}={0,2}", word.strip("\"'"))
    return from_base64 is not None and (
        opaque.verdict(word) is not None or word.endswith("=") or any(map(str.isdigit, word))
    )

"""What one session has read, and whether something is made of it. Fingerprints only; no text but the names of sources.

Belongs here: one session's state, in bounds; the comparing of subjects with it; the labels.
Must not be here: many sessions (`provenance.tracker`), the form on disk (`provenance.record`), where contents come
from (`provenance.sources`).

Something is tainted where a token of it was read outside and neither the person wrote it nor the approved inventory
holds it. A whole token that is known to be clean speaks for its parts. So more clean text never adds taint, more
outside text never takes any away, and neither the order of contents nor of prompts matters.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from spawngate.provenance.common import COMMON
from spawngate.provenance.content import Prints
from spawngate.provenance.encodings import hidden_texts
from spawngate.provenance.fingerprint import Digests, Fingerprinter
from spawngate.provenance.phrases import LENGTH, RUN, all_phrases, telling
from spawngate.provenance.subjects import Subject
from spawngate.provenance.tokens import SHORTEST, is_figure, key_of, variants, words_of

LABELS = (
    "untrusted_web",
    "untrusted_repository",
    "unknown_server_answer",
    "secret_read",
    "content_partial",
    "content_forgotten",
    "prompts_unknown",
)
"""What a session has read; and what is not known of it: a content was too large to be looked at whole, an old one was
dropped, or the agent told no prompt of the person, so that nothing can be the person's own words. Of a call that is
too long to be compared whole, `call_partial` stands among them."""

MOST_MARKED = 60_000
"""Fingerprints of names, addresses and literals that a session keeps."""
MOST_SOURCES = 200
MOST_CLEAN = 40_000
MOST_PATHS = 2_000
ENTRY_BYTES = 140
"""Bytes that one entry of a table of whole numbers takes in CPython 3.11, measured."""

EARLIER = -1
"""In place of a count of calls: in an earlier session."""
RELAYED = -2
"""In place of a count of calls: it passed the launcher or the proxy, which know no calls of a session."""
_HOST = re.compile(rb"(?:[a-z0-9_-]{1,63}\.)+([a-z]{2,24})(?::\d+)?(?:/|$)")
_IP = re.compile(rb"\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:/|$)")
_FILE = re.compile(
    rb"\.(?:py|js|ts|tsx|jsx|mjs|cjs|json|toml|yaml|yml|md|txt|html?|css|sh|bash|go|rs|rb|java|c|h|cpp|lock|log|xml|ini|cfg"
    rb"|conf|sql|csv|svg|png|jpg|env|pdf|map|bak|tmp|zip|gz|tar|ps1|bat|exe|dll|so)$"
)
_ROT13 = bytes.maketrans(
    b"abcdefghijklmnopqrstuvwxyz",
    b"nopqrstuvwxyzabcdefghijklm",
)
_VERSIONED = re.compile(rb"(@?[^@:]+)[@:][\w.^~*+-]+")
_LOCAL = (b"/", b"~", b".", b"-", b"%")
_TEMPORARY = (b"/tmp/", b"/var/tmp/", b"/dev/shm/")
_DOMAINS = frozenset(
    b"com net org dev cloud xyz info biz site online tech store page link click top example test invalid onion".split()
)
"""Ends of host names that are hardly ever names of attributes in code."""
_MAY_HIDE = re.compile(r"[\\%&+^\"'`]|[A-Za-z0-9+/_-]{16}|\d{2,3}\s*,\s*\d{2,3}\s*,|(?:\b\w\s){5}|[^\x00-\x7f]")


_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Source:
    """One content that was read."""

    label: str
    """For people: `web page https://host/path`. Redacted by whoever made it."""
    at: int
    """The session's count of calls when it was read."""
    plain: Digests = field(default_factory=lambda: array("Q"))
    phrases: Digests = field(default_factory=lambda: array("Q"))
    marked: Digests = field(default_factory=lambda: array("Q"))

    @property
    def fetched(self) -> bool:
        """A file that was fetched and whose content nobody has seen."""
        return not (self.marked or self.plain)


@dataclass(frozen=True, slots=True)
class Taint:
    """One finding: a subject of this kind is made of what this source held."""

    kind: str
    source: str
    ago: int
    """Calls since it was read, EARLIER or RELAYED."""

    @property
    def said(self) -> str:
        """The source and how long ago, for people."""
        if self.ago == EARLIER:
            return f"{self.source} in an earlier session"
        if self.ago == RELAYED:
            return f"{self.source}, passed on to this agent"
        return f"{self.source} read {self.ago} call{'' if self.ago == 1 else 's'} ago"


class Session:
    """One session. Changes only by what it is told."""

    def __init__(self, fingerprinter: Fingerprinter) -> None:
        self._prints = fingerprinter
        self.calls = 0
        self.labels: set[str] = set()
        self.earlier: Session | None = None
        """What sessions before it have fetched; only its paths count."""
        self.heard = False
        """The agent has told a prompt of the person."""
        self.processes: frozenset[int] = frozenset()
        """Fingerprints of the processes of the agent that it was seen in; none while they are not known."""
        self.root = 0
        """Fingerprint of the folder in which the session began; 0 while it is not known."""
        self._sources: dict[int, Source] = {}
        self._next = 0
        self._outside: dict[int, int] = {}
        self._clean: dict[int, None] = {}
        self._paths: dict[int, int] = {}

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        held = sum(len(each.plain) + len(each.phrases) + len(each.marked) for each in self._sources.values())
        return 2_000 + ENTRY_BYTES * (len(self._outside) + len(self._clean) + len(self._paths)) + 8 * held

    @property
    def quiet(self) -> bool:
        """Nothing was read from outside."""
        return not self._sources

    def read(self, label: str, prints: Prints, at: int | None = None, number: int | None = None) -> int:
        """A content from outside was read. Returns the number of its source, a new one where none is given."""
        number = self._next if number is None else number
        self._next = max(self._next, number) + 1
        source = Source(label, self.calls if at is None else at, prints.plain, prints.phrases, prints.marked)
        self._sources[number] = source
        self._outside.update(dict.fromkeys(prints.marked, number))
        if prints.partial:
            self.labels.add("content_partial")
        while len(self._sources) > 1 and (len(self._outside) > MOST_MARKED or len(self._sources) > MOST_SOURCES):
            self._forget(next(iter(self._sources)))
        return number

    def clean(self, prints: Prints, *, prompt: bool = False) -> None:
        """The person wrote this in a prompt, or it stands in the person's own files."""
        self.heard = self.heard or prompt
        for digests in (prints.marked, prints.plain, prints.phrases):
            self._clean.update(dict.fromkeys(digests))
        self._clean = _youngest(self._clean, MOST_CLEAN)

    def label(self, labels: Iterable[str]) -> None:
        """Raise labels. Nothing lowers them."""
        self.labels.update(labels)

    def path(self, path: str) -> int:
        """The fingerprint of a file's path."""
        return self._prints.path(path)

    def note_path(self, path: int, source: int) -> None:
        """A file was written in this session: from the source of that number, or by the agent itself (-1)."""
        # What once came from outside stays so: an edit of a part of it does not make it the agent's own.
        self._paths[path] = max(source, self._paths.pop(path, -1))
        self._paths = _youngest(self._paths, MOST_PATHS)

    @property
    def knows_earlier(self) -> bool:
        """Whether any file is known to have been fetched in an earlier session."""
        return self.earlier is not None and self.earlier.knows_paths

    @property
    def knows_paths(self) -> bool:
        """Whether any file is known to have been written, here or fetched in an earlier session."""
        return bool(self._paths) or self.knows_earlier

    def written(self, path: int) -> bool:
        """Whether the file of that fingerprint was written in this session."""
        return path in self._paths

    def source_of(self, path: int) -> Source | None:
        """The source of a file that was written from outside content."""
        source = self._sources.get(self._paths.get(path, -1))
        if source is None and self.earlier is not None:
            return self.earlier.source_of(path)
        return source

    def sources(self) -> Iterator[tuple[int, Source]]:
        """Its sources with their numbers, the oldest first."""
        yield from self._sources.items()

    @property
    def clean_prints(self) -> Collection[int]:
        """Fingerprints of what is clean."""
        return self._clean.keys()

    def paths(self) -> Iterator[tuple[int, int]]:
        """Fingerprints of files that were written, with the numbers of their sources."""
        yield from self._paths.items()

    def is_clean(self, text: str) -> bool:
        """Whether every token of a text that tells anything was written by the person."""
        telling = [word for word in words_of(text) if _is_telling(word)]
        return bool(telling) and all(self._prints.one(key_of(word)) in self._clean for word in telling)

    def judge(self, subjects: Sequence[Subject], approved: Container[int] = ()) -> list[Taint]:
        """What of the subjects is made of outside content, one finding for each kind, in their order.

        `approved`: fingerprints of the keys of what an administrator or the person approved.
        """
        found: dict[str, Taint] = {}
        if not self._sources and not self.knows_earlier:
            return []
        for subject in subjects:
            if subject.kind in found:
                continue
            source = self._made_of(subject, approved)
            if source is not None:
                ago = source.at if source.at < 0 else max(self.calls - source.at, 0)
                found[subject.kind] = Taint(subject.kind, source.label, ago)
        return list(found.values())

    def number_of(self, subjects: Sequence[Subject]) -> int:
        """The number of a source that one of the subjects is made of; -1 where none is."""
        source = self.made_of(subjects)
        return next((number for number, each in self._sources.items() if each is source), -1)

    def made_of(self, subjects: Sequence[Subject], clean: Container[int] = ()) -> Source | None:
        """The source that one of the subjects is made of, except of what is clean; None where none is."""
        found = (self._made_of(subject, clean) for subject in subjects)
        return next((source for source in found if source is not None), None)

    # --------------------------------------------------------------------------------------------------------------

    def _made_of(self, subject: Subject, approved: Container[int]) -> Source | None:
        for path in subject.runs:
            source = self.source_of(self.path(path))
            if source is not None:
                return source
        for name in subject.names:
            for word in words_of(name):
                source = self._origin(word, approved, name=True)
                if source is not None:
                    return source
        for text in (subject.text, subject.code):
            for spelled in (text, *_hidden(text)):
                source = self._text(spelled, approved)
                if source is not None:
                    return source
        return self._copied(subject.code, approved) if subject.code else None

    def _text(self, text: str, approved: Container[int]) -> Source | None:
        for word in dict.fromkeys(words_of(text)):
            turns = [each for each in (word, word[::-1], word.translate(_ROT13)) if _is_telling(each)]
            if not turns or (digest := self._prints.one(key_of(word))) in self._clean or digest in approved:
                continue
            for spelled in turns:
                source = self._origin(spelled, approved, name=False, turned=spelled is word)
                if source is not None:
                    return source
        return None

    def _origin(self, word: bytes, approved: Container[int], *, name: bool, turned: bool = True) -> Source | None:
        """The source of a token; None where it was not read outside, or is clean as a whole.

        `turned`: content may hold it backwards or in ROT13.
        """
        key = key_of(word)
        if len(key) < SHORTEST or key in COMMON or is_figure(word):
            return None
        one = self._prints.one
        digest = one(key)
        if digest in self._clean or digest in approved:
            return None
        package = _VERSIONED.fullmatch(word)
        if package is not None:
            # Whose the name is decides, whoever says which version.
            bare = key_of(package.group(1))
            if bare in COMMON or (digest := one(bare)) in self._clean or digest in approved:
                return None
        found = self._find(one(key), plain=name)
        if found is not None:
            return found
        if turned and len(key) > 5:
            for spelled in (key[::-1], key.translate(_ROT13)):
                digest = one(spelled)
                if digest not in self._clean:
                    found = self._find(digest, plain=name)
                    if found is not None:
                        return found
        unversioned, ends = variants(word)
        parts = [part for part in unversioned if part != key]
        if ends and ((b"." in word and _HOST.match(word)) or _IP.match(word)):
            parts.append(ends[0])
        if name and ends and b"-" in word.rpartition(b"/")[2] and len(ends[-1]) > 7:
            parts.append(ends[-1])
        for part in parts:
            if (len(part) > 3 and part not in COMMON and not part.isdigit()) or (part.isdigit() and _IP.match(word)):
                digest = one(part)
                if digest in self._clean or digest in approved:
                    continue
                found = self._find(digest, plain=False)
                if found is not None:
                    return found
        return None

    def _find(self, digest: int, *, plain: bool) -> Source | None:
        number = self._outside.get(digest)
        if number is not None:
            return self._sources.get(number)
        if plain:
            for source in reversed(self._sources.values()):
                if _holds(source.plain, digest):
                    return source
        return None

    def _copied(self, code: str, approved: Container[int]) -> Source | None:
        """A row of words that outside content holds too, and no prompt."""
        for text in (code, *_hidden(code)):
            words = words_of(text)
            if len(words) < LENGTH + RUN - 1:
                continue
            digests = self._prints.many(all_phrases(words))
            for source in self._sources.values():
                if not len(source.phrases):
                    continue
                row = 0
                for at, digest in enumerate(digests):
                    same = digest not in self._clean and digest not in approved and _holds(source.phrases, digest)
                    row = row + 1 if same else 0
                    if row >= RUN and telling(words[at - row + 1 : at + LENGTH]):
                        return source
        return None

    def _forget(self, number: int) -> None:
        source = self._sources.pop(number)
        for digest in source.marked:
            if self._outside.get(digest) == number:
                del self._outside[digest]
        if not source.fetched:
            self.labels.add("content_forgotten")


def _is_telling(word: bytes) -> bool:
    """Whether a token tells by itself where it comes from: an address, a scoped package, a long literal."""
    if word.startswith(_LOCAL):
        return word.startswith(_TEMPORARY) and len(word) > 12
    if _IP.match(word):
        return True
    host = _HOST.match(word)
    if host is not None:
        return b"/" in word or (host.group(1) in _DOMAINS and _FILE.search(word) is None)
    if b"@" in word:
        return len(word) > 5
    return len(word) >= 24 and word.translate(None, b"0123456789") != word


def _youngest(table: dict[int, _Value], most: int) -> dict[int, _Value]:
    """The table without its oldest entries where it holds a quarter more than `most`.

    All at once: the first key of a table from which the first was taken again and again is found ever more slowly.
    """
    if len(table) <= most + most // 4:
        return table
    return dict(islice(table.items(), len(table) - most, None))


def _holds(digests: Digests, digest: int) -> bool:
    at = bisect_left(digests, digest)
    return at < len(digests) and digests[at] == digest


def _hidden(text: str) -> list[str]:
    return list(hidden_texts(text, max(len(text), 16_384), prose=False)) if _MAY_HIDE.search(text) else []

"""Texts to tokens: what of a text is fingerprinted, in one spelling for content that was read and commands that run.

A token's key is in lower case and without the punctuation inside words, so that quoting, letter case, `-` for `_`, and
characters that nobody sees make no difference. Tokens that look like names, addresses or literals are `marked`, plain
words of letters are `plain`: the first tell something wherever they stand, the second only where a name is expected.
Must not be here: encodings (`provenance.encodings`), which words are common (`provenance.common`), hashing.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import filterfalse

from spawngate.provenance.common import COMMON

SHORTEST = 3
"""Characters of a key that says something."""
LONGEST = 512
"""Bytes of a token that count; longer ones are cut, on both sides alike."""

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0100-\U000e01ef]"
)
_PUNCTUATION = re.compile("[\u2018-\u201f\u2026\u00ab\u00bb\u2039\u203a\u3001\u3002\u3008-\u3011\u00b4\u02b9-\u02bc]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_ASCII = bytes(range(128))
_ALIKE = str.maketrans(
    "\u0430\u0431\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u051b\u051d\u04bb\u0475\u0261"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405"
    "\u03b1\u03bf\u03c1\u03bd\u03b9\u03ba\u03c5\u03c7\u03f2\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c"
    "\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u0131\u0251\u0585\u057d\u0578",
    "a6eopcyxijsdqwhvgABEKMHOPCTYXIJSaopvikuxcABEZHIKMNOPTYXiaoun",
)
"""Letters of other scripts that look like Latin ones (Unicode Technical Standard 39, confusables), the plain ones."""
_MIXED = re.compile(
    "[a-zA-Z0-9@/_-][\u0251\u0261\u0131\u0391-\u03f2\u0405-\u0475\u04bb\u0501-\u0585]"
    "|[\u0251\u0261\u0131\u0391-\u03f2\u0405-\u0475\u04bb\u0501-\u0585][a-zA-Z0-9@/_-]"
)


def _table(characters: bytes) -> bytes:
    return bytes(32 if byte in characters else byte for byte in range(256))


_BETWEEN = bytes(range(33)) + b"\"'`()[]{}<>,;|&$*\\^!?=#+\x7f"
"""Bytes that part tokens."""
_INNER = b"-_.:/@%~"
"""Bytes inside tokens that keys leave out."""
_APART = _table(_BETWEEN)
_VERSIONS = _table(b"@:")
_SEGMENTS = _table(b"@:/")
_FEW, _LONG = 16, 65_536
_FIGURES = b".-:/,%_~@"
_FIGURE = re.compile(rb" (?=[^ ]*\d)[\d.:/,%_~@-]{1,15}(?= )")
_ADDRESS = re.compile(rb"(?<= )\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?= )")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The keys of one text."""

    marked: set[bytes] = field(default_factory=set)
    plain: set[bytes] = field(default_factory=set)


def visible(text: str) -> str:
    """The text with compatibility forms resolved and without characters that nobody sees."""
    if text.isascii():
        return text
    # The few foreign characters of a text are looked at once each: going through the text for each class costs more.
    for sign in _foreign(text):
        number = ord(sign)
        if 0xE0020 <= number <= 0xE007E:
            text = text.replace(sign, chr(number - 0xE0000))
        elif _UNSEEN.match(sign):
            text = text.replace(sign, "")
        elif _PUNCTUATION.match(sign):
            text = text.replace(sign, " ")
        elif _DASHES.match(sign):
            text = text.replace(sign, "-")
    if not unicodedata.is_normalized("NFKC", text):
        text = _composed(text)
    # Only beside Latin letters does a letter of another script stand for one.
    return text.translate(_ALIKE) if _MIXED.search(text) else text


def _composed(text: str) -> str:
    """Compatibility forms resolved. Where there are few of them one by one, which is quicker in a long text."""
    signs = {sign for sign in _foreign(text) if unicodedata.normalize("NFKC", sign) != sign}
    if 0 < len(signs) <= _FEW and len(text) > _LONG:
        for sign in signs:
            text = text.replace(sign, unicodedata.normalize("NFKC", sign))
        return text
    return unicodedata.normalize("NFKC", text)


def _foreign(text: str) -> set[str]:
    """The characters outside ASCII; by way of bytes, since that looks at no character by itself."""
    return set(text.encode("utf-8", "replace").translate(None, _ASCII).decode("utf-8", "replace"))


def words_of(text: str) -> list[bytes]:
    """The tokens of a text in their order, with their inner punctuation. `text` need not be `visible`."""
    # The scheme of an address becomes a token of its own: content and command need not agree in it.
    return visible(text).lower().encode("utf-8", "replace").replace(b"//", b" ").translate(_APART).split()


def key_of(word: bytes) -> bytes:
    """The key of a token."""
    return word.translate(None, _INNER)[:LONGEST]


def tokens_of(text: str) -> Tokens:
    """All keys of a text that say something: of each token whole, without its version, and of its parts."""
    return tokens_of_words(set(words_of(text)))


def tokens_of_words(words: set[bytes]) -> Tokens:
    """The same of tokens."""
    plain = _plain(words)
    marked = words - plain
    whole = b" ".join(marked)
    parts = {*whole.translate(_VERSIONS).split(), *whole.translate(_SEGMENTS).split()}
    letters = _plain(parts)
    # In one piece: content has many tokens, and a function call for each costs more than all the rest.
    joined = b" %b " % b" ".join(marked | (parts - letters))
    addresses = _ADDRESS.findall(joined)
    keys = {*_FIGURE.sub(b"", joined).translate(None, _INNER).split(), *map(key_of, addresses)}
    return Tokens(_telling(keys), _telling(plain | letters))


def is_figure(word: bytes) -> bool:
    """A number, date or version, which says nothing by itself. An IPv4 address is none."""
    return word.translate(None, _FIGURES).isdigit() and len(word) < 16 and word.count(b".") != 3


def variants(word: bytes) -> tuple[list[bytes], list[bytes]]:
    """Of one token: the keys without its version, and of its first and last segment."""
    segments = word[:LONGEST].translate(_SEGMENTS).split()
    ends = [segments[0], segments[-1]] if segments else []
    return [key_of(part) for part in word[:LONGEST].translate(_VERSIONS).split()], [key_of(part) for part in ends]


def _plain(words: set[bytes]) -> set[bytes]:
    """Those of letters only."""
    found = set(filter(bytes.isalpha, words))
    foreign = filterfalse(bytes.isascii, words - found)
    return found | {word for word in foreign if word.decode("utf-8", "replace").isalpha()}


def _telling(keys: set[bytes]) -> set[bytes]:
    return {key[:LONGEST] for key in keys - COMMON if len(key) >= SHORTEST}

"""Servers' readers of a byte stream that are not ours, each as generous as some real one: what calls do they see?

Python text files and Java's `readLine` cut at a bare CR; Node's `readline` also at U+2028 and U+2029; Python's
`json.loads(bytes)` guesses the encoding; decoders drop or replace bad bytes; Go's `encoding/json` takes keys in any
case, keeps the last, and its stream decoder takes values wherever they begin; C readers end a key at NUL; some readers
keep the first of two.
"""

import json
import re
from collections.abc import Callable, Iterator

Pairs = list[tuple[str, object]]


def _last(pairs: Pairs) -> dict[str, object]:
    return dict(pairs)


def _first(pairs: Pairs) -> dict[str, object]:
    return dict(reversed(pairs))


def _any_case(pairs: Pairs) -> dict[str, object]:
    return {key.casefold(): value for key, value in pairs}


def _until_nul(pairs: Pairs) -> dict[str, object]:
    return {key.partition("\0")[0].strip(): value for key, value in pairs}


OBJECTS: tuple[Callable[[Pairs], dict[str, object]], ...] = (_last, _first, _any_case, _until_nul)


def _texts(stream: bytes) -> Iterator[str]:
    for errors in ("replace", "ignore", "surrogateescape"):
        yield stream.decode("utf-8", errors)
    yield stream.decode("utf-8-sig", "replace")
    yield stream.decode("latin-1")
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        yield stream.decode(encoding, "ignore")


def _stream_values(text: str, hook: Callable[[Pairs], dict[str, object]]) -> Iterator[object]:
    decoder = json.JSONDecoder(object_pairs_hook=hook, strict=False)
    at = 0
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
            yield value
        except (ValueError, RecursionError):
            at += 1


def _line_values(text: str, hook: Callable[[Pairs], dict[str, object]]) -> Iterator[object]:
    for cut in ("\n", "\r|\n", "\r|\n|\u2028|\u2029", "[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]"):
        for line in re.split(cut, text):
            try:
                yield json.loads(line.strip("\ufeff\0 "), object_pairs_hook=hook, strict=False)
            except (ValueError, RecursionError):
                continue


def calls_seen(stream: bytes) -> list[object]:
    """The `params` of every tools/call that any reader finds at the top of a message or of a batch."""
    found = []
    for text in dict.fromkeys(_texts(stream)):
        if "tools" not in text.lower() and "\\" not in text:
            continue
        for hook in OBJECTS:
            for value in [*_line_values(text, hook), *_stream_values(text, hook)]:
                for message in value if isinstance(value, list) else [value]:
                    if isinstance(message, dict) and message.get("method") == "tools/call":
                        found.append(message.get("params"))
    return found

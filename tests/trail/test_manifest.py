"""The manifest of an export names what was changed in it."""

from collections.abc import Callable

import pytest

from spawngate.trail import chain, manifest
from spawngate.trail.event import Event
from spawngate.trail.manifest import Difference, Making
from spawngate.trail.note import NoteError, Signer

SIGNER = Signer("spawngate-1", b"\1" * 32)


def lines(endpoint: str = "laptop", stream: str = "s", count: int = 8) -> list[bytes]:
    head, found = chain.Head(stream), []
    for number in range(count):
        line, head = chain.seal(Event("decision", f"t{number}", 1, endpoint=endpoint, message=f"m{number}"), head)
        found.append(line)
    return found


def made(export: list[bytes], query: str = "") -> str:
    making = Making.begin()
    for line in export:
        making.add(line)
    return making.signed(query, SIGNER)


EXPORT = [*lines()[:3], *lines("server")[1:6:2], *lines()[4:]]
"""A selection of two streams."""


def changed(change: Callable[[list[bytes]], object]) -> list[Difference]:
    export = list(EXPORT)
    change(export)
    return manifest.check(made(EXPORT), export, [SIGNER.verifier])


def swap(export: list[bytes], one: int, two: int) -> None:
    export[one], export[two] = export[two], export[one]


def test_left_alone() -> None:
    assert changed(lambda export: None) == []
    text = made(EXPORT, "verdict:deny\n  curl")
    assert text.split("\n")[1] == "10"
    assert text.split("\n")[3:6] == ["query verdict:deny curl", "has laptop s 1-3,5-8", "has server s 2,4,6"]
    assert manifest.check(made([]), [], [SIGNER.verifier]) == []


def anew(before: bytes) -> bytes:
    """Another record behind this one, sealed as it should be."""
    record = chain.read(before)
    assert record is not None
    return chain.seal(Event("x", "t", 1, endpoint="laptop"), chain.Head("s", record.sequence, record.hash))[0]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda export: export.pop(3), [("dropped", 0, "record 2 of server s is missing")]),
        (lambda export: export.pop(), [("dropped", 0, "record 8 of laptop s is missing")]),
        (lambda export: export.insert(5, export[1]), [("inserted", 6, "stands on line 2 already")]),
        (lambda export: export.insert(0, lines("other")[0]), [("inserted", 1, "was not in the export")]),
        (lambda export: swap(export, 0, 1), [("swapped", 2, "stands behind record 2")]),
        (lambda export: swap(export, 2, 3), [("swapped", 0, "or their order")]),
        (lambda export: export.__setitem__(1, export[1].replace(b"m1", b"m9")), [("altered", 2, "was altered")]),
        (
            lambda export: export.__setitem__(1, b"rubbish"),
            [("altered", 2, "is no record"), ("dropped", 0, "record 2")],
        ),
        (lambda export: export.__setitem__(1, anew(export[0])), [("altered", 3, "does not follow")]),
    ],
)  # fmt: skip
def test_what_was_changed_is_named(
    change: Callable[[list[bytes]], object], expected: list[tuple[str, int, str]]
) -> None:
    found = changed(change)
    assert [(each.kind, each.line) for each in found] == [each[:2] for each in expected]
    for difference, (_, _, words) in zip(found, expected, strict=True):
        assert words in difference.message


def test_another_key_and_another_note() -> None:
    with pytest.raises(NoteError):
        manifest.check(made(EXPORT), EXPORT, [Signer("spawngate-1", b"\2" * 32).verifier])
    with pytest.raises(NoteError):
        manifest.check(made(EXPORT).replace("\n10\n", "\n11\n"), EXPORT, [SIGNER.verifier])
    with pytest.raises(NoteError):
        manifest.check("", EXPORT, [SIGNER.verifier])


def test_a_manifest_that_would_be_too_long_still_proves_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "LONGEST", 5)
    text = made(EXPORT)
    assert "has" not in text
    assert manifest.check(text, EXPORT, [SIGNER.verifier]) == []
    assert [each.kind for each in manifest.check(text, EXPORT[1:], [SIGNER.verifier])] == ["dropped"]

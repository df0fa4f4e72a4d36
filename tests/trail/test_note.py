"""Signed notes: the published example, and nothing that is not one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.trail.note import (
    Checkpoint,
    NoteError,
    Signer,
    is_name,
    read_checkpoint,
    read_signer,
    read_verifier,
    sign,
    verify,
)

TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
NOTE = f"{TEXT}\n\u2014 PeterNeumann {SIGNATURE}\n"
"""The example of golang.org/x/mod/sumdb/note, to which C2SP's signed-note refers."""
OTHER = Signer("other.example/log", bytes(range(32)))


def test_the_published_example() -> None:
    signer = read_signer(PRIVATE)
    assert (signer.encoded(), str(signer.verifier)) == (PRIVATE, PUBLIC)
    assert sign(TEXT, [signer]) == NOTE
    assert verify(NOTE, [read_verifier(PUBLIC)]) == (TEXT, (signer.verifier,))


def test_others_may_sign_too() -> None:
    peter = read_signer(PRIVATE)
    note = sign(TEXT, [OTHER, peter])
    assert verify(note, [peter.verifier]) == (TEXT, (peter.verifier,))
    assert verify(note, [peter.verifier, OTHER.verifier]) == (TEXT, (OTHER.verifier, peter.verifier))


@pytest.mark.parametrize(
    ("note", "problem"),
    [
        (NOTE.replace("answer", "question"), "the signature of PeterNeumann is not one of this text"),
        (sign(TEXT, [OTHER]), "nobody known signed it"),
        (TEXT, "this is no note"),
        (f"{TEXT}\n", "this is no note"),
        (f"{TEXT}\n\u2014 PeterNeumann", "this is no note"),
        (f"{TEXT}\n\u2014 PeterNeumann x08\n", "a line of its signatures is none"),
        (f"{TEXT}\n- PeterNeumann {SIGNATURE}\n", "a line of its signatures is none"),
        (NOTE.replace("you", "y\tu"), "this is no note"),
        ("", "this is no note"),
    ],
)
def test_no_notes(note: str, problem: str) -> None:
    with pytest.raises(NoteError, match=problem):
        verify(note, [read_verifier(PUBLIC)])


@pytest.mark.parametrize(
    "key",
    [
        "",
        "PeterNeumann",
        PUBLIC.replace("c74f20a3", "c74f20a4"),
        PUBLIC.replace("PeterNeumann", "Peter"),
        PUBLIC.replace("PeterNeumann", "Peter Neumann"),
        PUBLIC[:-4],
        PUBLIC.replace("+AR", "+BR"),
    ],
)
def test_no_keys(key: str) -> None:
    for text, read in ((key, read_verifier), (f"PRIVATE+KEY+{key}", read_signer)):
        with pytest.raises(NoteError):
            read(text)


CHECKPOINTS = st.builds(
    Checkpoint,
    st.from_regex(r"[a-z0-9./-]+", fullmatch=True),
    st.integers(0, 10**18),
    st.binary(min_size=32, max_size=32),
    st.lists(st.from_regex(r"[ -~]+", fullmatch=True), max_size=3).map(tuple),
)


@given(CHECKPOINTS)
def test_checkpoints(point: Checkpoint) -> None:
    text, signed = verify(sign(point.text(), [OTHER]), [OTHER.verifier])
    assert (read_checkpoint(text), signed) == (point, (OTHER.verifier,))


@pytest.mark.parametrize(
    "text", ["", "a\n1\n", "a\n01\nAAAA\n", "\n1\n" + "A" * 43 + "=\n", "a\n1\n" + "A" * 43 + "=", "a\n-1\nAA==\n"]
)
def test_no_checkpoints(text: str) -> None:
    with pytest.raises(NoteError):
        read_checkpoint(text)


@pytest.mark.parametrize(
    "point", [Checkpoint("a\nb", 1, bytes(32)), Checkpoint("a", -1, bytes(32)), Checkpoint("a", 1, b"")]
)
def test_what_cannot_be_said(point: Checkpoint) -> None:
    with pytest.raises(NoteError):
        point.text()
    with pytest.raises(NoteError):
        sign("no end", [OTHER])


def test_names() -> None:
    assert [is_name(name) for name in ("a.example/log", "", "a b", "a+b", "a\n")] == [True, False, False, False, False]


@given(st.text(max_size=200))
def test_foreign_text_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        verify(text, [OTHER.verifier])
    with pytest.raises(NoteError):
        verify(f"{TEXT}\n{text}\n", [OTHER.verifier])
    for read in (read_signer, read_verifier):
        with pytest.raises(NoteError):
            read(text)

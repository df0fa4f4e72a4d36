"""Commands are of one endpoint, of one server, and of these words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.sync import bundle, command
from spawngate.sync.command import WHATS, Command, CommandError
from spawngate.trail import note
from spawngate.trail.note import Signer

SIGNER, OTHER = Signer("a.example", bytes(range(32))), Signer("a.example", bytes(range(1, 33)))
SCAN = Command(7, "scan", "2026-11-21T12:00:00Z", "ada")


def test_what_was_signed_is_opened() -> None:
    text = command.signed(SCAN, "e1", SIGNER)
    assert text.startswith('a.example/command/e1\n{"at":"2026-11-21T12:00:00Z","by":"ada","id":7,"what":"scan"}\n\n')
    assert command.opened(text, "e1", SIGNER.verifier) == SCAN
    assert (SCAN.known, Command(8, "format", "").known, WHATS) == (True, False, ("scan", "reenroll", "unenroll"))


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_words_travel(by: str, code: str) -> None:
    given_ = Command(
        1, "reenroll", "", by.encode("utf-8", "replace").decode(), code.encode("utf-8", "replace").decode()
    )
    assert command.opened(command.signed(given_, "e1", SIGNER), "e1", SIGNER.verifier) == given_


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "does not hold"),
        ("x" * 9_999, "too long"),
        (command.signed(SCAN, "e2", SIGNER), "another endpoint"),
        (command.signed(SCAN, "e1", OTHER), "does not hold"),
        (command.signed(SCAN, "e1", Signer("b.example", SIGNER.seed)), "does not hold"),
        (command.signed(SCAN, "e1", SIGNER).replace("scan", "unenroll"), "does not hold"),
        (note.sign("a.example/command/e1\n{}\n", [SIGNER]), "cannot be understood"),
        (note.sign('a.example/command/e1\n{"id":0,"what":"scan","at":""}\n', [SIGNER]), "cannot be understood"),
        (note.sign("a.example/command/e1\n" + "[" * 3_000 + "\n", [SIGNER]), "cannot be understood"),
        # What the server signs for something else is no command.
        (bundle.signed(b"{}", 1, "e1", SIGNER).partition(b"\n")[2].decode(), "another endpoint"),
        (note.sign("a.example/enrolled/e1\nx\n", [SIGNER]), "another endpoint"),
    ],
)
def test_anything_else_is_refused(text: str, told: str) -> None:
    with pytest.raises(CommandError, match=told):
        command.opened(text, "e1", SIGNER.verifier)


@given(st.data())
def test_no_altered_character_goes_through(data: st.DataObject) -> None:
    text = command.signed(SCAN, "e1", SIGNER)
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]
    try:
        assert command.opened(changed, "e1", SIGNER.verifier) == SCAN
    except CommandError:
        return


@given(st.text(max_size=300))
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(CommandError):
        command.opened(text, "e1", SIGNER.verifier)


@pytest.mark.parametrize(
    ("at", "until", "now", "told"),
    [
        ("2026-11-21T12:00:00Z", "2026-11-28T12:00:00Z", "2026-11-21T12:00:00Z", ""),
        ("2026-11-21T12:00:00Z", "2026-11-28T12:00:00Z", "2026-11-21T06:00:00Z", ""),
        ("2026-11-21T12:00:00Z", "2026-11-28T12:00:00Z", "2026-11-21T05:59:59Z", "has not come yet"),
        ("2026-11-21T12:00:00Z", "2026-11-28T12:00:00Z", "2026-11-28T18:00:00Z", ""),
        ("2026-11-21T12:00:00Z", "2026-11-28T12:00:00Z", "2026-11-28T18:00:01Z", "is over"),
        ("2026-11-21T12:00:00Z", "", "2036-11-21T12:00:00Z", ""),
        ("no time", "none either", "2036-11-21T12:00:00Z", ""),
    ],
)
def test_a_command_counts_for_its_time(at: str, until: str, now: str, told: str) -> None:
    found = command.untimely(Command(7, "scan", at, until=until), now)
    assert (told in found, bool(found)) == (True, bool(told))

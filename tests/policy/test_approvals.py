"""Approvals: what one covers, what it does not, and why."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.launch.identity import Difference, File, Identity
from spawngate.model.errors import UsageError
from spawngate.policy.approvals import (
    IN_USE,
    Approval,
    Standing,
    State,
    all_bound,
    bound,
    expiry,
    named,
    revoke,
    sandbox_before,
    standing,
)
from spawngate.policy.confinement import Confinement

NOW = "2026-11-21T12:00:00.000000Z"
BEFORE = "2026-11-01T00:00:00Z"
NODE = (File("/usr/bin/npx", "a" * 64),)
IDENTITY = Identity(
    "npx", ("-y", "@x/y"), package="pkg:npm/%40x/y", programs=NODE, scripts=(), release="1.0.0", cwd="/p"
)
OTHER = replace(IDENTITY, release="1.0.1")


def approval(identity: Identity = IDENTITY, **more: Any) -> Approval:
    """An approval of a month ago."""
    return Approval(**{"fingerprint": identity.fingerprint, "identity": identity, "at": BEFORE, "by": "ann", **more})


@pytest.mark.parametrize(
    ("held", "entry", "identity", "state", "changed"),
    [
        ([], "e", IDENTITY, State.UNAPPROVED, ()),
        ([approval()], "e", IDENTITY, State.APPROVED, ()),
        ([approval()], "", IDENTITY, State.APPROVED, ()),
        ([approval(entry="e")], "e", IDENTITY, State.APPROVED, ()),
        ([approval(entry="e")], "f", IDENTITY, State.UNAPPROVED, ()),
        ([approval(entry="e")], "e", OTHER, State.CHANGED, ("the package's version was 1.0.0 and is 1.0.1",)),
        ([approval()], "e", OTHER, State.CHANGED, ("the package's version was 1.0.0 and is 1.0.1",)),
        ([approval()], "e", Identity("uvx", ("z",)), State.UNAPPROVED, ()),
        ([approval(expires="2026-11-21T12:00:01Z")], "e", IDENTITY, State.APPROVED, ()),
        ([approval(expires="2026-11-21T12:00:00Z")], "e", IDENTITY, State.EXPIRED, ()),
        ([approval(expires="nonsense")], "e", IDENTITY, State.EXPIRED, ()),
        ([approval(expires="2026-11-21T11:00:00Z")], "e", OTHER, State.UNAPPROVED, ()),
        ([approval(revoked_at=BEFORE)], "e", IDENTITY, State.REVOKED, ()),
        ([approval(revoked_at=BEFORE), approval()], "e", IDENTITY, State.APPROVED, ()),
        ([approval(IDENTITY.anywhere())], "e", IDENTITY, State.APPROVED, ()),
        ([approval()], "e", replace(IDENTITY, cwd="/q"), State.CHANGED, ("the working folder was /p and is /q",)),
    ],
)
def test_standing(held: list[Approval], entry: str, identity: Identity, state: State, changed: tuple[str, ...]) -> None:
    found = standing(held, entry, identity, NOW)
    assert (found.state, found.difference.changed) == (state, changed)
    assert found.approved is (state is State.APPROVED)
    assert (found.approval is None) is (state is State.UNAPPROVED)


def test_a_person_counts_more_than_use() -> None:
    used, looked_at = approval(reason=IN_USE), approval(reason="reviewed")
    found = standing([used, looked_at], "e", IDENTITY, NOW)
    assert (found.approval, found.by_person) == (looked_at, True)
    assert standing([used], "e", IDENTITY, NOW).by_person is False
    assert Standing(State.UNAPPROVED).by_person is False


def test_parts_that_were_not_known_are_bound() -> None:
    unknown = replace(IDENTITY, programs=None, scripts=None, release="", cwd=None)
    given_ = approval(unknown, reason=IN_USE)
    found = standing([given_], "e", IDENTITY, NOW)
    assert found == Standing(
        State.APPROVED, given_, Difference(filled=("the program", "the script", "the package's version 1.0.0"))
    )
    known = bound(given_, IDENTITY)
    assert (known.identity, known.reason) == (IDENTITY.anywhere(), IN_USE)
    assert known.fingerprint == known.identity.fingerprint
    assert standing([known], "e", replace(IDENTITY, cwd="/q"), NOW).difference == Difference()
    assert standing([known], "e", OTHER, NOW).state is State.CHANGED


def test_revoking() -> None:
    one = revoke(approval(), at=NOW, by="ben", reason="bad")
    assert (one.revoked, one.revoked_by, one.revoked_reason, one.live(NOW)) == (True, "ben", "bad", False)
    assert revoke(one, at="x", by="y") == one


def test_names() -> None:
    one = approval(entry="0123456789abcdef01234567", name="files")
    two = approval(OTHER, name="git")
    held = [one, two]
    assert [named(held, word) for word in (one.fingerprint, one.entry, "files", two.fingerprint[:8], "01234567")] == [
        (one,),
        (one,),
        (one,),
        (two,),
        (one,),
    ]
    assert [named(held, word) for word in ("", "nothing", two.fingerprint[:7], "0123456")] == [()] * 4


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("", ""),
        ("30d", "2026-12-21T12:00:00Z"),
        ("2W", "2026-12-05T12:00:00Z"),
        (" 12 h ", "2026-11-22T00:00:00Z"),
        ("90m", "2026-11-21T13:30:00Z"),
        ("2027-01-31", "2027-01-31T00:00:00Z"),
        ("2027-01-31T10:00:00+02:00", "2027-01-31T08:00:00Z"),
    ],
)
def test_expiry(text: str, until: str) -> None:
    assert expiry(text, NOW) == until


@pytest.mark.parametrize("text", ["soon", "0d", "2026-11-21", "30", "d", "99999w" * 2, "2026-13-01", "-3d"])
def test_wrong_expiry(text: str) -> None:
    with pytest.raises(UsageError, match="--expires"):
        expiry(text, NOW)


@given(st.text())
def test_expiry_is_total(text: str) -> None:
    try:
        found = expiry(text, NOW)
    except UsageError:
        return
    assert found == "" or found > "2026-11-21T12:00:00"


def test_written_and_read() -> None:
    one = approval(OTHER, entry="e", expires="2027-01-01T00:00:00Z")
    assert msgspec.json.decode(msgspec.json.encode(one), type=Approval) == one


BOX, WIDER, FREE = Confinement(("/a",)), Confinement(("/a", "/b"), network=True), Confinement(off=True)


@pytest.mark.parametrize(
    ("held", "state", "sandbox"),
    [
        ([approval()], State.APPROVED, None),
        ([approval(sandbox=BOX)], State.APPROVED, BOX),
        # What says nothing, before or after, takes nothing back; the last word counts.
        ([approval(sandbox=BOX), approval(reason="again")], State.APPROVED, BOX),
        ([approval(reason=IN_USE), approval(IDENTITY.anywhere(), sandbox=BOX)], State.APPROVED, BOX),
        ([approval(sandbox=BOX), approval(entry="e", sandbox=WIDER)], State.APPROVED, WIDER),
        ([approval(sandbox=WIDER), approval(entry="e", sandbox=FREE)], State.APPROVED, FREE),
        ([approval(), approval(sandbox=BOX, revoked_at=BEFORE)], State.APPROVED, None),
        ([approval(), approval(sandbox=BOX, expires=BEFORE)], State.APPROVED, None),
        ([approval(), approval(entry="f", sandbox=BOX)], State.APPROVED, None),
        ([approval(), approval(OTHER, sandbox=BOX)], State.APPROVED, None),
        # What was said of this very entry stays, although something else covers what it starts now.
        ([approval(), approval(OTHER, entry="e", sandbox=BOX)], State.APPROVED, BOX),
        ([approval(), approval(OTHER, entry="f", sandbox=BOX)], State.APPROVED, None),
        # And where approvals are not in force, whatever changes or ends.
        ([approval(OTHER, entry="e", sandbox=BOX)], State.CHANGED, BOX),
        ([approval(OTHER, sandbox=BOX)], State.CHANGED, BOX),
        ([approval(sandbox=BOX, expires=BEFORE)], State.EXPIRED, BOX),
        ([approval(entry="e", sandbox=BOX, expires=BEFORE)], State.EXPIRED, BOX),
        ([approval(OTHER, entry="e", sandbox=BOX, expires=BEFORE)], State.UNAPPROVED, BOX),
        ([approval(entry="e", sandbox=BOX, revoked_at=BEFORE)], State.REVOKED, None),
        ([], State.UNAPPROVED, None),
    ],
)
def test_what_it_is_confined_to(held: list[Approval], state: State, sandbox: Confinement | None) -> None:
    stands = standing(held, "e", IDENTITY, NOW)
    assert (stands.state, stands.sandbox) == (state, sandbox)


def test_who_approves_again_keeps_the_confinement() -> None:
    held = [approval(entry="e", sandbox=BOX, expires=BEFORE), approval(agent="a", name="n", sandbox=WIDER), approval()]
    assert sandbox_before(held, "e", "", "") == BOX
    assert sandbox_before(held, "", "a", "n") == WIDER
    assert sandbox_before(held, "e", "a", "n") == WIDER
    assert sandbox_before(held, "", "a", "m") is None
    assert sandbox_before(held, "", "", "") is None
    assert sandbox_before([approval(entry="e", sandbox=BOX, revoked_at=BEFORE)], "e", "", "") is None


def test_nothing_that_covers_a_start_stays_open() -> None:
    """Else what takes its place next would be covered by the one that nobody bound."""
    opened = replace(IDENTITY, programs=None, release="", cwd=None)
    held = [
        approval(opened, reason=IN_USE, entry="e"),
        approval(opened, entry="e"),
        approval(opened, entry="f"),
        approval(opened, entry="e", revoked_at=BEFORE),
        approval(OTHER),
        approval(),
    ]
    after = all_bound(held, "e", IDENTITY, NOW)
    assert after == (bound(held[0], IDENTITY), bound(held[1], IDENTITY), *held[2:])
    assert all_bound(after, "e", IDENTITY, NOW) == after
    changed = replace(IDENTITY, programs=(File("/usr/bin/npx", "b" * 64),))
    assert standing(held, "e", changed, NOW).state is State.APPROVED
    assert standing(after[:3], "e", changed, NOW).state is State.CHANGED


def test_the_confinement_stays_when_more_is_known() -> None:
    written = approval(replace(IDENTITY, programs=None), sandbox=BOX)
    assert bound(written, IDENTITY).sandbox == BOX
    assert msgspec.json.decode(msgspec.json.encode(written), type=Approval) == written

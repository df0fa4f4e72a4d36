"""Approvals of an endpoint joined with those of its server."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.launch.identity import Identity
from spawngate.policy.approvals import Approval, bound, revoke
from spawngate.policy.confinement import Confinement
from spawngate.sync.approvals import SERVER, WITHDRAWN, fresh, joined, without_server
from spawngate.sync.bundle import Granted, Revoked

NOW = "2026-11-21T12:00:00.000000Z"
ONE, TWO = Identity("npx", ("one",)), Identity("npx", ("two",))
LOCAL = Approval(ONE.fingerprint, ONE, NOW, "ada", "mine")
GIVEN = Granted(7, TWO, NOW, "bob", "work", "two", "cursor", "e" * 24, "2027-01-01", Confinement(("~/a",)))
FROM_SERVER = Approval(
    TWO.fingerprint, TWO, NOW, "bob", "work", "e" * 24, "two", "cursor", "2027-01-01", sandbox=Confinement(("~/a",)),
    source=SERVER, number=7,
)  # fmt: skip


def test_what_the_server_gives_comes_beside_what_is_there() -> None:
    after = joined((LOCAL,), (GIVEN,), (), NOW)
    assert after == (LOCAL, FROM_SERVER)
    assert fresh((LOCAL,), after) == (FROM_SERVER,)
    assert joined(after, (GIVEN,), (), NOW) == after
    assert fresh(after, after) == ()


def test_what_was_bound_here_stays_bound() -> None:
    known = bound(FROM_SERVER, Identity("npx", ("two",), release="1.2"))
    assert joined((known,), (GIVEN,), (), NOW) == (known,)


def test_what_the_server_no_longer_gives_ends() -> None:
    [after] = joined((FROM_SERVER,), (), (), NOW)
    assert after == revoke(FROM_SERVER, at=NOW, by=SERVER, reason=WITHDRAWN)
    assert without_server((LOCAL, FROM_SERVER), NOW) == (LOCAL, after)
    again = joined((after,), (GIVEN,), (), NOW)
    assert again == (after, FROM_SERVER)


def test_what_was_revoked_here_stays_revoked() -> None:
    mine = revoke(FROM_SERVER, at=NOW, by="ada", reason="no")
    assert joined((mine,), (GIVEN,), (), NOW) == (mine,)


def test_what_the_server_revokes_ends_whoever_gave_it() -> None:
    said = (Revoked(ONE.fingerprint, NOW, "bob", "stolen"), Revoked(TWO.fingerprint, NOW, "bob", "stolen too"))
    after = joined((LOCAL, FROM_SERVER), (), said, NOW)
    assert [(each.revoked_by, each.revoked_reason) for each in after] == [("bob", "stolen"), (SERVER, "stolen too")]
    assert joined(after, (), said, "2026-12-01T00:00:00.000000Z") == after


@pytest.mark.parametrize("revoked", [(), (Revoked("f" * 32, NOW, "bob"),)])
def test_what_somebody_here_approved_stays_else(revoked: tuple[Revoked, ...]) -> None:
    assert joined((LOCAL,), (), revoked, NOW) == (LOCAL,)


@given(
    st.lists(
        st.sampled_from([LOCAL, FROM_SERVER, revoke(FROM_SERVER, at=NOW, by="ada")]),
        max_size=3,
        unique_by=lambda each: (each.number, each.revoked),
    ),
    st.booleans(),
    st.booleans(),
)
def test_to_join_again_changes_nothing(held: list[Approval], given_: bool, gone: bool) -> None:
    granted = (GIVEN,) if given_ else ()
    revoked = (Revoked(ONE.fingerprint, NOW, "bob"),) if gone else ()
    once = joined(held, granted, revoked, NOW)
    assert joined(once, granted, revoked, NOW) == once
    assert msgspec.json.decode(msgspec.json.encode(once), type=tuple[Approval, ...]) == once

"""Bundles: signed for one endpoint, in one order, of exactly these bytes."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.launch.identity import File, Identity
from spawngate.policy.confinement import Confinement
from spawngate.sync import bundle
from spawngate.sync.bundle import Answer, Bundle, BundleError, Granted, Opened, Policy, Revoked, Settings
from spawngate.trail.note import Signer

SIGNER = Signer("spawngate-test", bytes(range(32)))
OTHER = Signer("spawngate-test", bytes(32))
IDENTITY = Identity("npx", ("-y", "server"), programs=(File("/usr/bin/npx", "0" * 64, True),), release="1.2.3")
FULL = Bundle(
    1,
    Policy(
        7, "enforce", {"policy.toml": 'mode = "enforce"\n', "a.cedar": "permit(principal, action, resource);"}, "base"
    ),
    (
        Granted(
            3, IDENTITY, "2026-11-21T10:00:00Z", "ann", "for work", "files", "cursor", sandbox=Confinement(("~/a",))
        ),
    ),
    (Revoked("0" * 32, "2026-11-21T10:00:00Z", "ann", "stolen"),),
    (Answer(4, "1" * 32, "denied", note="no"),),
    "c" * 64,
    Settings(1 << 20),
)


def made(content: Bundle = FULL, serial: int = 5, endpoint: str = "e1", signer: Signer = SIGNER) -> bytes:
    return bundle.signed(bundle.payload(content), serial, endpoint, signer)


def test_what_was_signed_is_opened() -> None:
    found = bundle.opened(made(), "e1", SIGNER.verifier)
    assert found == Opened(5, found.digest, FULL)
    assert found.bundle.approvals[0].identity.fingerprint == IDENTITY.fingerprint


def test_equal_bundles_are_equal_bytes() -> None:
    policy = Policy(1, "monitor", {"b.cedar": "", "a.cedar": ""})
    other = Policy(1, "monitor", {"a.cedar": "", "b.cedar": ""})
    assert bundle.payload(Bundle(1, policy)) == bundle.payload(Bundle(1, other))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (made(endpoint="e2"), "the bundle is for another endpoint"),
        (made(signer=OTHER), "the bundle's signature does not hold: nobody known signed it"),
        (made().replace(b"for work", b"for play"), "the bundle is not the one that was signed"),
        (
            made().replace(b"\n5\n", b"\n6\n"),
            "the bundle's signature does not hold: the signature of spawngate-test is not",
        ),
        (b"", "this is no bundle"),
        (b"{}\n", "the bundle's signature does not hold: this is no note"),
        (b"{}" + b"\n" * 9_000, "this is no bundle"),
        (b"x" * (bundle.LARGEST + 1), "the bundle is too long"),
        (bundle.signed(b"[]", 5, "e1", SIGNER), "the bundle cannot be understood"),
        (bundle.signed(b'{"schema_version":2}', 5, "e1", SIGNER), "the bundle is of version 2; this program reads 1"),
    ],
)
def test_anything_else_is_refused(data: bytes, told: str) -> None:
    with pytest.raises(BundleError) as error:
        bundle.opened(data, "e1", SIGNER.verifier)
    assert str(error.value).startswith(told)


@pytest.mark.parametrize(
    "name", ["../a.cedar", "a/b.cedar", ".a.cedar", "a.py", "policy.toml.cedar/../x.cedar", "", "a.cedar\n"]
)
def test_a_bundle_writes_only_policy_files(name: str) -> None:
    with pytest.raises(BundleError, match="holds a file that is no policy"):
        bundle.opened(made(Bundle(1, Policy(1, "monitor", {name: ""}))), "e1", SIGNER.verifier)


def test_a_policy_of_any_length_is_not_written() -> None:
    with pytest.raises(BundleError, match="too long"):
        bundle.opened(made(Bundle(1, Policy(1, "monitor", {"a.cedar": "x" * ((1 << 20) + 1)}))), "e1", SIGNER.verifier)


@pytest.mark.parametrize(
    ("serial", "digest", "told"),
    [
        (0, "", ""),
        (4, "d", ""),
        (5, "same", ""),
        (5, "other", "the bundle is another one of the same serial (5)"),
        (6, "same", "the bundle is older (5) than the one in force (6)"),
    ],
)
def test_a_serial_never_goes_back(serial: int, digest: str, told: str) -> None:
    new = Opened(5, "same", FULL)
    if not told:
        bundle.follows(serial, digest, new)
        return
    with pytest.raises(BundleError) as error:
        bundle.follows(serial, digest, new)
    assert str(error.value) == told


def test_a_note_says_when_it_was_issued() -> None:
    line = bundle.payload(FULL)
    given = bundle.signed(line, 5, "e1", SIGNER, "2026-11-21T10:00:00Z")
    found = bundle.opened(given, "e1", SIGNER.verifier)
    assert found == Opened(5, found.digest, FULL, "2026-11-21T10:00:00.000000Z")
    assert bundle.digest_of(given.partition(b"\n")[2].decode(), "e1", SIGNER.verifier) == found.digest
    later = bundle.vouched(bytes.fromhex(found.digest), 6, "e1", SIGNER, "2026-11-22T10:00:00Z").encode()
    renewed = bundle.opened(line + b"\n" + later, "e1", SIGNER.verifier)
    assert (renewed.serial, renewed.issued, renewed.bundle) == (6, "2026-11-22T10:00:00.000000Z", FULL)
    for foreign in ("e2", "e1"):
        with pytest.raises(BundleError):
            bundle.digest_of(later.decode(), foreign, SIGNER.verifier if foreign == "e2" else OTHER.verifier)


def test_a_time_that_is_none_is_no_time() -> None:
    found = bundle.opened(bundle.signed(bundle.payload(FULL), 5, "e1", SIGNER, "yesterday"), "e1", SIGNER.verifier)
    assert found.issued == ""


@pytest.mark.parametrize(
    ("issued", "days"),
    [
        ("", 0),
        ("yesterday", 0),
        ("2026-11-22T10:00:00.000000Z", 0),
        ("2026-11-21T10:00:01.000000Z", 0),
        ("2026-11-21T10:00:00.000000Z", 1),
        ("2026-11-01T10:00:00.000000Z", 21),
        ("2027-11-01T10:00:00.000000Z", 0),
    ],
)
def test_how_old_a_note_is(issued: str, days: int) -> None:
    assert bundle.days_old(issued, "2026-11-22T10:00:00.000000Z") == days


@given(st.data())
def test_no_altered_byte_goes_through(data: st.DataObject) -> None:
    whole = bytearray(made())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    try:
        found = bundle.opened(bytes(whole), "e1", SIGNER.verifier)
    except BundleError:
        return
    # Base64 of a signature has bits that mean nothing.
    assert msgspec.json.encode(found.bundle) == msgspec.json.encode(FULL)

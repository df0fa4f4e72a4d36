"""Markers and fingerprints: what a bare secret is, and that markers cannot be forged or nested."""

import base64

import pytest

from spawngate.redact.marks import MARK, Marker, Secret, bare, basic_password, clean, partition

KEY = b"k" * 32


@pytest.mark.parametrize(
    "written",
    [
        "P@ss w0rd",
        " P@ss w0rd\n",
        '"P@ss w0rd"',
        "'P@ss w0rd'",
        "P%40ss%20w0rd",
        "P%2540ss%2520w0rd",
        "Bearer P@ss w0rd",
        "bearer   P@ss w0rd",
        "'Token P@ss w0rd'",
        "P\\@ss w0rd",
    ],
)
def test_bare_undoes_the_writing(written: str) -> None:
    assert bare(written) == "P@ss w0rd"


@pytest.mark.parametrize(
    "written",
    [
        "-----BEGIN PRIVATE KEY-----\nab+c\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\\nab+c\\n-----END PRIVATE KEY-----",
        "-----BEGIN%20PRIVATE%20KEY-----%0Aab%2Bc%0A-----END%20PRIVATE%20KEY-----",
    ],
)
def test_bare_private_key_has_no_blanks(written: str) -> None:
    assert bare(written) == "-----BEGINPRIVATEKEY-----ab+c-----ENDPRIVATEKEY-----"


def test_bare_leaves_broken_percent_encoding() -> None:
    assert bare("50%ff") == "50%ff"
    assert bare("100%") == "100%"


def test_clean_replaces_what_breaks_encoders() -> None:
    assert clean("a\x00b\ud800c") == "a\ufffdb\ufffdc"


def test_hide_records_and_replaces() -> None:
    marker = Marker(KEY)
    text = marker.hide("hunter2", "flag-value", "token")
    assert text == "[secret:flag-value:" + marker.fingerprint("hunter2") + "]"
    assert marker.secrets == (Secret("flag-value", marker.fingerprint("hunter2"), "token"),)
    assert MARK.fullmatch(text)


def test_hide_prefers_the_vendors_type() -> None:
    assert Marker(KEY).hide("ghp_" + "a1B2" * 9, "env-value", "X").startswith("[secret:github-token:")


def test_hide_keeps_markers_and_hides_around_them() -> None:
    marker = Marker(KEY)
    mark = marker.hide("hunter2", "text", "a")
    assert marker.hide(mark, "text", "a") == mark
    assert marker.hide(f"x{mark}, ", "text", "a") == marker.hide("x", "text", "a") + mark + ", "


def test_marker_with_an_unknown_word_is_no_marker() -> None:
    assert MARK.fullmatch("[secret:my-password-hunter2:0123456789abcdef]") is None


def test_fingerprint_depends_on_the_key() -> None:
    assert Marker(KEY).fingerprint("x") == Marker(KEY).fingerprint("x")
    assert Marker(KEY).fingerprint("x") != Marker(b"other").fingerprint("x")


def test_scratch_has_the_key_and_no_record() -> None:
    marker = Marker(KEY)
    marker.hide("a", "text", "p")
    other = marker.scratch()
    assert other.secrets == ()
    assert other.fingerprint("a") == marker.fingerprint("a")


def test_keep_takes_over_under_an_own_place() -> None:
    marker = Marker(KEY)
    marker.keep(Secret("password", "0" * 16, "there"), "here")
    marker.keep(Secret("password", "0" * 16, "there"), "here")
    assert marker.secrets == (Secret("password", "0" * 16, "here"),)


def test_basic_password() -> None:
    assert basic_password(base64.b64encode(b"user:pa:ss").decode()) == "pa:ss"
    assert basic_password(base64.b64encode(b"key:").decode()) == "key"
    assert basic_password("not base64!") is None
    assert basic_password(base64.b64encode(b"no colon").decode()) is None


def test_basic_is_fingerprinted_by_its_password() -> None:
    marker = Marker(KEY)
    text = marker.hide_basic(base64.b64encode(b"user:hunter2").decode(), "Authorization")
    assert text == f"[secret:basic-auth:{marker.fingerprint('hunter2')}]"


def test_partition_never_cuts_a_marker() -> None:
    mark = "[secret:password:0123456789abcdef]"
    assert partition(f"{mark}:x:y", ":") == (mark, ":", "x:y")
    assert partition(f"a{mark}b", ":") == (f"a{mark}b", "", "")
    assert partition("[secret:no:1]", ":") == ("[secret", ":", "no:1]")
    assert partition("a:b", ":") == ("a", ":", "b")


def test_a_place_that_is_a_secret_is_not_recorded() -> None:
    marker = Marker(b"k")
    marker.hide("x1", "env-value", "ghp_" + "a1B2" * 9)
    assert [secret.place for secret in marker.secrets] == ["name"]

"""Names of PowerShell's parameters, and the text behind -EncodedCommand."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.launch.powershell import decoded, parameter


@pytest.mark.parametrize(
    ("key", "full"),
    [
        ("c", "command"),
        ("comm", "command"),
        ("command", "command"),
        ("commandw", "commandwithargs"),
        ("cwa", "commandwithargs"),
        ("e", "encodedcommand"),
        ("enc", "encodedcommand"),
        ("encoded", "encodedcommand"),
        ("encodeda", "encodedarguments"),
        ("ex", "executionpolicy"),
        ("nop", "noprofile"),
        ("noni", "noninteractive"),
        ("s", ""),
        ("st", "sta"),
        ("commands", ""),
        ("", ""),
        ("COMMAND", ""),
    ],
)
def test_parameter(key: str, full: str) -> None:
    assert parameter(key) == full


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("cgBtACAAeAA=", "rm x"),
        ("cgBtACAAeAA", "rm x"),
        ("cgBt\nACAAeAA=", "rm x"),
        (base64.b64encode("\ufeffrm x\nrm y".encode("utf-16-le")).decode(), "rm x\nrm y"),
        (base64.b64encode(b"rm\txy").decode(), "rm\txy"),
        ("!!!", None),
        ("", None),
        (base64.b64encode(b"\x00\xd8\x01").decode(), None),
        (base64.b64encode("\x1b[2J".encode("utf-16-le")).decode(), None),
    ],
)
def test_decoded(text: str, plain: str | None) -> None:
    assert decoded(text) == plain


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=80))
def test_what_was_encoded_is_decoded(text: str) -> None:
    assert decoded(base64.b64encode(text.encode("utf-16-le")).decode()) == text


@given(st.text(max_size=80))
def test_any_text_gives_printable_text_or_none(text: str) -> None:
    plain = decoded(text)
    assert plain is None or (plain and all(letter.isprintable() or letter in "\t\r\n" for letter in plain))

"""Messages: what is read back is what was said, and foreign bytes become a clear error."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.sync.messages import (
    Ask,
    Asked,
    Enforcement,
    Enrol,
    Enrolled,
    Gap,
    GapLine,
    Held,
    MessageError,
    Orders,
    Problem,
    Taken,
    Told,
    read,
)

MESSAGES: list[msgspec.Struct] = [
    Enrol("a-team-secret", "0" * 32, "1" * 64, "2" * 128, "2026-11-21T10:00:00.000000Z", host="laptop"),
    Enrolled("e1", "token", "name+00000000+key", "red team", 30),
    Taken(12, 60),
    Told("1.0", "2026-11-21T10:00:00.000000Z", (Enforcement("claude-code", "installed", servers=2),), ("x",)),
    Orders(inventory=True, bundle=7, commands=("scan", "a-word-of-next-year")),
    Ask("0" * 32, {"identity": {"command": "npx"}}, "files", "me", "for work"),
    Asked(4, "pending", "https://a.example/approvals/4"),
    Held("a" * 64, 12),
    Problem("no", "gap", accepted=4),
    GapLine(Gap(3, 9, "given-up", "b" * 64, {"decision:allow": 7})),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda each: type(each).__name__)
def test_what_is_said_is_read(message: msgspec.Struct) -> None:
    assert read(type(message), msgspec.json.encode(message)) == message


@pytest.mark.parametrize("message", MESSAGES, ids=lambda each: type(each).__name__)
@given(junk=st.binary(max_size=60))
def test_foreign_bytes_are_refused(message: msgspec.Struct, junk: bytes) -> None:
    try:
        found = read(type(message), junk)
    except MessageError:
        return
    assert isinstance(found, type(message))


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (Enrol, b'{"secret":"short"}'),
        (Enrol, msgspec.json.encode({**msgspec.to_builtins(MESSAGES[0]), "installation": "../../etc"})),
        (Enrol, msgspec.json.encode({**msgspec.to_builtins(MESSAGES[0]), "host": "h" * 301})),
        (Told, b'{"version":"1","clock":"","dropped":{"decision:allow":-1}}'),
        (Told, b'{"version":"1","clock":"","inventory":"0123"}'),
        (Told, msgspec.json.encode({"version": "1", "clock": "", "integrity": ["x"] * 201})),
        (GapLine, b'{"gap":{"first":0,"last":3,"reason":"given-up"}}'),
        (GapLine, b'{"gap":{"first":1,"last":3,"reason":"because"}}'),
        (Ask, b'{"fingerprint":"zz","launch":{}}'),
        (Told, b"[" * 100_000),
        (Told, b'{"version":"\xff","clock":""}'),
    ],
)
def test_out_of_bounds_is_refused_without_quoting_it(type_: type[msgspec.Struct], text: bytes) -> None:
    with pytest.raises(MessageError) as error:
        read(type_, text)
    assert "etc" not in str(error.value)
    assert "because" not in str(error.value)


def test_unknown_fields_are_passed_over() -> None:
    assert read(Taken, b'{"accepted":3,"interval":9,"of_next_year":{}}') == Taken(3, 9)

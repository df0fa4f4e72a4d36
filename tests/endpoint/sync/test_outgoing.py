"""What of the trail goes next: in order, in bounds, with what is left out declared."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.endpoint.sync import outgoing
from spawngate.endpoint.sync.outgoing import Outgoing, Position, backlog, cuts, next_batch, rewound
from spawngate.model.errors import StateError
from spawngate.sync import batch as batches
from spawngate.sync.keep import Weight
from spawngate.sync.messages import MOST_RECORDS, Gap, GapLine
from spawngate.trail.chain import Head
from tests.sync.records import STREAM, head_of, sealed

LINES = sealed(10, verdicts=("allow", "deny"))


def write(folder: Path, day: str, lines: list[bytes], tail: bytes = b"") -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{day}.ndjson").write_bytes(b"".join(line + b"\n" for line in lines) + tail)


def drain(folder: Path, position: Position | None = None, **more: object) -> list[Outgoing]:
    found = []
    at = position or Position()
    while (batch := next_batch(folder, at, **more)) is not None:  # type: ignore[arg-type]
        found.append(batch)
        at = batch.after
    return found


def gap(line: bytes) -> Gap:
    return msgspec.json.decode(line, type=GapLine).gap


def test_nothing_is_no_batch(tmp_path: Path) -> None:
    assert next_batch(tmp_path / "none", Position()) is None
    write(tmp_path, "2026-11-21", [])
    assert next_batch(tmp_path, Position()) is None
    assert backlog(tmp_path, ("", 0)) == 0


def test_records_over_days_and_from_where_it_stands(tmp_path: Path) -> None:
    write(tmp_path, "2026-11-20", LINES[:4])
    write(tmp_path, "2026-11-21", LINES[4:], tail=b'{"half' + b"\0" * 4_096)
    [batch] = drain(tmp_path)
    assert (batch.lines, batch.sequences, batch.last) == (tuple(LINES), tuple(range(1, 11)), True)
    size = sum(len(line) + 1 for line in LINES[4:])
    assert batch.after == Position("2026-11-21", size, STREAM, 10)
    assert next_batch(tmp_path, batch.after) is None
    more = sealed(2, head=head_of(LINES[-1]))
    write(tmp_path, "2026-11-21", [*LINES[4:], *more], tail=b"\0" * 4_096)
    [later] = drain(tmp_path, batch.after)
    assert later.lines == tuple(more)


def test_batches_have_bounds(tmp_path: Path) -> None:
    lines = sealed(MOST_RECORDS + 5)
    write(tmp_path, "2026-11-21", lines)
    first, second = drain(tmp_path)
    assert (len(first.lines), first.last, len(second.lines)) == (MOST_RECORDS, False, 5)
    assert (*first.lines, *second.lines) == tuple(lines)


def test_a_batch_is_of_one_stream(tmp_path: Path) -> None:
    other = sealed(3, stream="stream-2")
    write(tmp_path, "2026-11-21", [*LINES, *other])
    first, second = drain(tmp_path)
    assert (first.stream, first.lines, second.stream, second.lines) == (STREAM, tuple(LINES), "stream-2", tuple(other))


def test_what_retention_took_is_declared(tmp_path: Path) -> None:
    write(tmp_path, "2026-11-21", LINES[4:])
    [batch] = drain(tmp_path)
    assert gap(batch.lines[0]) == Gap(1, 4, "expired")
    assert batch.sequences == (0, 5, 6, 7, 8, 9, 10)


@pytest.mark.parametrize("rubbish", [b"rubbish", b"{}", b'{"stream":1}', b"\xff", b"x" * ((1 << 20) + 1)])
def test_what_is_no_record_is_declared(tmp_path: Path, rubbish: bytes) -> None:
    write(tmp_path, "2026-11-21", [*LINES[:3], rubbish, b"", *LINES[4:]])
    [batch] = drain(tmp_path)
    assert gap(batch.lines[3]) == Gap(4, 4, "unreadable")
    assert batch.lines[4:] == tuple(LINES[4:])


def test_what_is_missing_is_declared(tmp_path: Path) -> None:
    write(tmp_path, "2026-11-21", [*LINES[:3], *LINES[5:]])
    [batch] = drain(tmp_path)
    assert gap(batch.lines[3]) == Gap(4, 5, "missing")


def test_what_the_server_refused_is_declared_and_the_rest_goes(tmp_path: Path) -> None:
    write(tmp_path, "2026-11-21", LINES)
    [batch] = drain(tmp_path, refused={(STREAM, 4), (STREAM, 5), ("other", 6)})
    assert gap(batch.lines[3]) == Gap(
        4, 5, "refused", head_of(LINES[4]).hash, {"decision:allow": 1, "decision:deny": 1}
    )
    assert batch.lines[4:] == tuple(LINES[5:])
    assert batch.given_up == {}


def test_too_much_gives_up_what_was_allowed_oldest_first(tmp_path: Path) -> None:
    write(tmp_path, "2026-11-21", LINES)
    size = len(LINES[0]) + 1
    whole = backlog(tmp_path, ("", 0))
    assert whole == sum(len(line) + 1 for line in LINES)
    cut = cuts(tmp_path, ("", 0), whole - 2 * size)
    assert list(cut) == [Weight.ALLOWED]
    [batch] = drain(tmp_path, cut=cut)
    sequences = [each for each in batch.sequences if each]
    assert sequences == [2, 4, 5, 6, 7, 8, 9, 10]
    assert batch.given_up == {"decision:allow": 2}
    assert [gap(line) for line in batch.lines if line.startswith(b'{"gap"')] == [
        Gap(1, 1, "given-up", head_of(LINES[0]).hash, {"decision:allow": 1}),
        Gap(3, 3, "given-up", head_of(LINES[2]).hash, {"decision:allow": 1}),
    ]


def test_denies_are_given_up_last(tmp_path: Path) -> None:
    write(tmp_path, "2026-11-21", LINES)
    cut = cuts(tmp_path, ("", 0), len(LINES[9]) + 1)
    [batch] = drain(tmp_path, cut=cut)
    assert [each for each in batch.sequences if each] == [10]
    assert batch.given_up == {"decision:allow": 5, "decision:deny": 4}
    assert cuts(tmp_path, ("", 0), 1 << 30) == {}


def test_a_server_takes_every_batch_that_is_made(tmp_path: Path) -> None:
    """Whatever is left out: a server that has nothing yet accepts what is sent, in order."""
    lines = sealed(60, verdicts=("allow", "allow", "deny", "log"))
    write(tmp_path, "2026-11-20", lines[:20])
    write(tmp_path, "2026-11-21", [*lines[20:30], b"rubbish", *lines[31:]])
    for bound in (0, 2_000, 8_000, 1 << 20):
        head = Head(STREAM)
        kept = 0
        for batch in drain(tmp_path, cut=cuts(tmp_path, ("", 0), bound), refused={(STREAM, 50)}):
            found = batches.read(head, batch.lines)
            kept += len(found.records)
            head = Head(STREAM, found.accepted, found.records[-1].hash)
            assert found.broken == ()
        assert kept <= 58
        assert bound or not kept


def test_going_back_to_where_the_server_stands(tmp_path: Path) -> None:
    write(tmp_path, "2026-11-20", LINES[:4])
    write(tmp_path, "2026-11-21", LINES[4:])
    for accepted in range(11):
        found = rewound(tmp_path, STREAM, accepted)
        assert found is not None
        batch = next_batch(tmp_path, found)
        sent = () if batch is None else batch.sequences
        assert sent == tuple(range(accepted + 1, 11))
    assert rewound(tmp_path, "unknown", 3) is None


def test_a_trail_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "2026-11-21.ndjson").mkdir()
    with pytest.raises(StateError, match="cannot be read"):
        next_batch(tmp_path, Position())


@given(
    st.lists(
        st.one_of(st.sampled_from(LINES), st.binary(max_size=30).filter(lambda each: b"\n" not in each)), max_size=15
    )
)
def test_any_trail_is_sent_or_declared(lines: list[bytes]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        write(Path(name), "2026-11-21", lines)
        head = Head(STREAM)
        for batch in drain(Path(name)):
            found = batches.read(head, batch.lines)
            assert found.accepted >= head.sequence
            head = Head(STREAM, found.accepted, found.records[-1].hash if found.records else head.hash)


def test_the_end_is_behind_everything(tmp_path: Path) -> None:
    assert outgoing.end(tmp_path) == ("", 0)
    write(tmp_path, "2026-11-20", LINES)
    write(tmp_path, "2026-11-21", LINES[:2], tail=b"\0" * 4_096)
    assert outgoing.end(tmp_path) == ("2026-11-21", sum(len(line) + 1 for line in LINES[:2]))
    assert list(outgoing.lines(tmp_path, outgoing.end(tmp_path))) == []


def test_places_are_ordered() -> None:
    places: list[outgoing.Place] = [("", 0), ("2026-11-20", 9), ("2026-11-21", 0), ("2026-11-21", 10)]
    assert sorted([places[2], places[0], places[3], places[1]]) == places
    assert Position("2026-11-21", 4).place == ("2026-11-21", 4)

"""Checkpoints and proofs that anybody can check with the public key alone."""

from datetime import timedelta
from pathlib import Path

import pytest

from spawngate.model.errors import UsageError
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.evidence import day_of, read_head
from spawngate.trail import daylog, leaf, note, tree
from spawngate.trail.note import NoteError
from tests.server.store.conformance import DAY, Source


def test_proofs(tmp_path: Path) -> None:
    source = Source()
    with EmbeddedStore(tmp_path, clock=lambda: DAY) as store:
        entries = source.entries(700)
        store.events.append(entries[:300])
        older = store.evidence.checkpoint()
        store.events.append(entries[300:])
        for number in (1, 256, 257, 512, 699, 700):
            entry = entries[number - 1]
            proof = store.evidence.prove(entry.key)
            assert (proof.day, proof.index, proof.size) == ("2026-11-19", number - 1, 700)
            text, signers = note.verify(proof.checkpoint, [store.evidence.verifier])
            assert signers == (store.evidence.verifier,)
            checkpoint = note.read_checkpoint(text)
            assert (checkpoint.origin, checkpoint.size) == (f"{store.signer.name}/days/2026-11-19", 700)
            hashed = leaf.hashed(entry.received, entry.endpoint, entry.record)
            tree.check_inclusion(hashed, proof.index, proof.size, proof.hashes, checkpoint.root)
            with pytest.raises(tree.ProofError):
                tree.check_inclusion(hashed[::-1], proof.index, proof.size, proof.hashes, checkpoint.root)
        before = note.read_checkpoint(note.verify(older, [store.evidence.verifier])[0])
        state, hashes, _ = store.evidence.prove_growth("2026-11-19", before.size)
        tree.check_consistency(before.size, state.size, hashes, before.root, state.root)
        with pytest.raises(UsageError):
            store.evidence.prove(("laptop", "s1", 701))
        with pytest.raises(UsageError):
            store.evidence.prove_growth("2026-11-19", 701)


def test_the_log_of_days_is_signed(tmp_path: Path) -> None:
    source = Source()
    moment = [DAY]
    with EmbeddedStore(tmp_path, clock=lambda: moment[0]) as store:
        assert store.evidence.log_checkpoint() == ""
        assert store.evidence.checkpoint() == ""
        for number in range(3):
            moment[0] = DAY + timedelta(days=number)
            store.events.append(source.entries(3, moment[0]))
        texts = [line.text for line in store.control.log_lines()]
        assert [text[:16] for text in texts] == ["day 2026-11-19 3", "day 2026-11-20 3"]
        signed = note.read_checkpoint(note.verify(store.evidence.log_checkpoint(), [store.evidence.verifier])[0])
        assert (signed.size, signed.root) == (2, daylog.root_of(texts))
        assert store.evidence.close_days() == []


def test_head_is_the_state_of_the_last_commit(tmp_path: Path) -> None:
    source = Source()
    with EmbeddedStore(tmp_path, clock=lambda: DAY) as store:
        for number in range(1, 4):
            store.events.append(source.entries(2))
            head = read_head(tmp_path / "head", [store.evidence.verifier])
            state = store.events.tree("2026-11-19")
            assert (head.size, head.root) == (state.size, state.root) == (2 * number, state.root)
        (tmp_path / "head").write_bytes(b"rubbish")
        with pytest.raises(NoteError):
            read_head(tmp_path / "head", [store.evidence.verifier])
    with EmbeddedStore(tmp_path, clock=lambda: DAY) as store:
        store.upkeep()
        (told,) = [entry.event for entry in store.events.query(None).entries if entry.type == "self-protection"]
        assert told.detail["what"] == "store-shortened"


@pytest.mark.parametrize(
    ("origin", "day"), [("n/days/2026-11-21", "2026-11-21"), ("n/log", ""), ("n", ""), ("n/files/2026-11-21", "")]
)
def test_names_of_checkpoints(origin: str, day: str) -> None:
    assert day_of(origin) == day

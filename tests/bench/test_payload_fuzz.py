"""The fuzzing of payloads: it makes what it says, finds what it looks for, and passes on what we ship."""

import json
import random
from collections.abc import Iterator

import pytest

from bench import payload_fuzz
from spawngate.agents.hooks.dialect import Hook
from spawngate.model.call import ToolCall, ToolKind


def test_short_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert payload_fuzz.main(["--count", "400", "--seed", "7"]) == 0
    assert capsys.readouterr().out.startswith("400 payloads for 34 agents, ")


def test_mutations_are_many_and_repeatable() -> None:
    made = [payload_fuzz.mutated(random.Random(seed), payload_fuzz.SEEDS[0]) for seed in range(200)]
    assert made == [payload_fuzz.mutated(random.Random(seed), payload_fuzz.SEEDS[0]) for seed in range(200)]
    assert len(set(made)) > 100
    assert json.dumps(payload_fuzz.SEEDS[0]).encode() in made


def test_a_crash_and_a_second_result_are_failures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers: Iterator[bytes | Exception] = iter([ValueError("broken"), b"one", b"two"])

    def broken(agent: str, hook: Hook, payload: bytes) -> tuple[ToolCall | None, tuple[bytes, ...]]:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return ToolCall(agent, "", ToolKind.OTHER), (answer,)

    monkeypatch.setattr(payload_fuzz, "once", broken)
    assert payload_fuzz.main(["--count", "2"]) == 1
    shown = capsys.readouterr()
    assert "crash: " in shown.err
    assert "two results: " in shown.err
    assert "2 failures" in shown.out

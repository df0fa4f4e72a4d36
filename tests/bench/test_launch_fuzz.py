"""What the lying daemon says is no permission, as the relay reads it, and what it says to allow is one."""

import random

import pytest
from bench.launch_fuzz import ALLOW, framed, hostile, lies
from bench.launch_fuzz import Start as Start_

from spawngate.endpoint.launcher.ask import read_answer
from spawngate.endpoint.launcher.replies import BadReply, Start

PROGRAM = "/x/program"


def allows(frame: bytes | None) -> bool:
    """Whether the relay takes it for a permission."""
    answer = read_answer(frame or b"")
    if answer is None or not answer[1]:
        return False
    try:
        return Start(answer[0]).allowed
    except BadReply:
        return False


@pytest.mark.parametrize("kind", list(lies(PROGRAM)))
def test_no_lie_is_a_permission(kind: str) -> None:
    chance = random.Random(kind)
    assert not any(allows(lies(PROGRAM)[kind](chance)) for _ in range(20))


def test_the_permission_is_one() -> None:
    assert allows(framed({**ALLOW, "program": PROGRAM}))


def test_starts_repeat_with_their_seed() -> None:
    kinds = list(lies(PROGRAM))

    def made(count: int) -> list[Start_]:
        chance = random.Random(7)
        return [hostile(chance, number, ["/"], kinds) for number in range(count)]

    many = made(200)
    assert many[:20] == made(20)
    assert {start.kind for start in many} == {"allow", *kinds}
    assert {start.usable for start in many} == {True, False}

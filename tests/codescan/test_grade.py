"""Grades of ways."""

import pytest

from spawngate.codescan.finding import Grade, GuardStrength, GuardUse, SourceKind
from spawngate.codescan.grade import grade_of, lower


def guard(strength: GuardStrength, name: str = "x", default: str = "") -> GuardUse:
    return GuardUse(strength, name, "a.py", 1, "", default)


WEAK, STRONG = guard(GuardStrength.WEAK), guard(GuardStrength.STRONG)
LOGIN, ADMIN = guard(GuardStrength.AUTH, "login"), guard(GuardStrength.AUTH, "role check on is_admin")
OFF, ON = guard(GuardStrength.CONFIG, "switch", "off"), guard(GuardStrength.CONFIG, "switch", "on")
UNKNOWN = guard(GuardStrength.CONFIG, "switch")


@pytest.mark.parametrize(
    ("kind", "grade"),
    [
        (SourceKind.HTTP, Grade.HIGH),
        (SourceKind.WS, Grade.HIGH),
        (SourceKind.LLM, Grade.HIGH),
        (SourceKind.REMOTE, Grade.HIGH),
        (SourceKind.IPC, Grade.MEDIUM),
        (SourceKind.DB, Grade.MEDIUM),
        (SourceKind.PLUGIN, Grade.MEDIUM),
        (SourceKind.FILE, Grade.LOW),
        (SourceKind.CLI, Grade.LOW),
        (SourceKind.ENV, Grade.LOW),
        (SourceKind.PARAM, Grade.INFO),
        (SourceKind.UNRESOLVED, Grade.INFO),
    ],
)
def test_grade_of_each_source(kind: SourceKind, grade: Grade) -> None:
    assert grade_of(kind, ("command",), ()) is grade


@pytest.mark.parametrize(
    ("guards", "grade"),
    [
        ((WEAK,), Grade.MEDIUM),
        ((WEAK, ADMIN), Grade.MEDIUM),
        ((ADMIN,), Grade.MEDIUM),
        ((LOGIN,), Grade.HIGH),
        ((OFF,), Grade.LOW),
        ((ON,), Grade.HIGH),
        ((UNKNOWN,), Grade.HIGH),
        ((STRONG,), Grade.NONE),
        ((STRONG, WEAK), Grade.NONE),
    ],
)
def test_guards_lower(guards: tuple[GuardUse, ...], grade: Grade) -> None:
    assert grade_of(SourceKind.HTTP, ("args",), guards) is grade


@pytest.mark.parametrize(
    ("kind", "slots", "names", "grade"),
    [
        (SourceKind.HTTP, ("env",), True, Grade.HIGH),
        (SourceKind.HTTP, ("env",), False, Grade.LOW),
        (SourceKind.ENV, ("env",), True, Grade.INFO),
        (SourceKind.HTTP, ("cwd",), False, Grade.MEDIUM),
        (SourceKind.HTTP, ("command", "env"), False, Grade.HIGH),
    ],
)
def test_the_slot_counts(kind: SourceKind, slots: tuple[str, ...], names: bool, grade: Grade) -> None:
    assert grade_of(kind, slots, (), env_names=names) is grade


def test_tests_are_information_and_nothing_above_info_falls_below_low() -> None:
    assert grade_of(SourceKind.HTTP, ("command",), (), in_test=True) is Grade.INFO
    assert [lower(grade) for grade in (Grade.HIGH, Grade.MEDIUM, Grade.LOW, Grade.INFO, Grade.NONE)] == [
        Grade.MEDIUM,
        Grade.LOW,
        Grade.LOW,
        Grade.INFO,
        Grade.NONE,
    ]


def test_what_the_user_of_an_example_decides_is_information() -> None:
    kinds = (SourceKind.CLI, SourceKind.FILE, SourceKind.ENV, SourceKind.HTTP, SourceKind.IPC)
    told = [grade_of(kind, ("command",), (), in_example=True) for kind in kinds]
    assert told == [Grade.INFO, Grade.INFO, Grade.INFO, Grade.HIGH, Grade.MEDIUM]
    weak = GuardUse(GuardStrength.WEAK, "a check", "a.py", 1, "", "")
    assert grade_of(SourceKind.IPC, ("command",), (weak,), in_example=True) is Grade.LOW


def test_what_a_tool_runs_for_the_model_is_low() -> None:
    told = [grade_of(kind, ("command",), (), of_tool=True) for kind in (SourceKind.LLM, SourceKind.PARAM)]
    assert told == [Grade.LOW, Grade.INFO]
    assert grade_of(SourceKind.LLM, ("command",), (STRONG,), of_tool=True) is Grade.NONE

"""How bad a finding is: from the kind of its source, the slots it reaches, and the guards on its way.

Belongs here: the rules of grading, as `docs/code-scan.md` tells them. Not here: finding guards (`guards`).
"""

from __future__ import annotations

from spawngate.codescan.finding import Grade, GuardStrength, GuardUse, SourceKind
from spawngate.codescan.guards import is_role

_BASE = {
    SourceKind.HTTP: Grade.HIGH,
    SourceKind.WS: Grade.HIGH,
    SourceKind.LLM: Grade.HIGH,
    SourceKind.REMOTE: Grade.HIGH,
    SourceKind.IPC: Grade.MEDIUM,
    SourceKind.DB: Grade.MEDIUM,
    SourceKind.PLUGIN: Grade.MEDIUM,
    SourceKind.FILE: Grade.LOW,
    SourceKind.CLI: Grade.LOW,
    SourceKind.ENV: Grade.LOW,
    SourceKind.PARAM: Grade.INFO,
    SourceKind.UNRESOLVED: Grade.INFO,
}
_ORDER = (Grade.NONE, Grade.INFO, Grade.LOW, Grade.MEDIUM, Grade.HIGH)


def lower(grade: Grade, steps: int = 1) -> Grade:
    """One step down, though a finding above info stays above info."""
    if grade.rank <= Grade.INFO.rank:
        return grade
    return _ORDER[max(grade.rank - steps, Grade.LOW.rank)]


def grade_of(
    kind: SourceKind,
    slots: tuple[str, ...],
    guards: tuple[GuardUse, ...],
    in_test: bool = False,
    env_names: bool = True,
    in_example: bool = False,
    of_tool: bool = False,
) -> Grade:
    """The grade of one way.

    `in_example`: the launch is shown to readers. What its own user decides there (a file, the command line, the
    environment) concerns nobody who uses the project; what comes from further away would be copied with it.
    `of_tool`: the process does what a tool of the program is for, and nothing says that it is a server.
    `env_names`: where only the environment is reached, whether its names are chosen too and not the values alone.
    """
    grade = _BASE[kind]
    strengths = {guard.strength for guard in guards}
    if GuardStrength.STRONG in strengths:
        return Grade.NONE
    launching = [slot for slot in slots if slot not in ("env", "cwd")]
    if slots == ("env",) and kind is SourceKind.ENV:
        return Grade.INFO
    if not launching and not (env_names and "env" in slots):
        cap = Grade.LOW if slots == ("env",) else Grade.MEDIUM
        grade = min(grade, cap, key=lambda each: each.rank)
    if GuardStrength.WEAK in strengths or any(is_role(guard) for guard in guards):
        grade = lower(grade)
    off = [guard for guard in guards if guard.strength is GuardStrength.CONFIG and guard.default == "off"]
    if off and grade.rank > Grade.LOW.rank:
        grade = Grade.LOW
    if of_tool and grade.rank > Grade.LOW.rank:
        grade = Grade.LOW
    if in_example and grade is Grade.LOW and _BASE[kind] is Grade.LOW:
        grade = Grade.INFO
    if in_test and grade.rank > Grade.INFO.rank:
        grade = Grade.INFO
    return grade

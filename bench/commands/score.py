"""What the answers are worth: precision and recall per pack, and the share of everyday commands denied and asked.

Pure. Must not be here: how answers are obtained (`run`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.commands.case import Case

STOPPED = frozenset({"deny", "ask"})
TARGET_RECALL = 0.95
TARGET_DENIED = 0.01
TARGET_ASKED = 0.02


@dataclass(frozen=True, slots=True)
class Row:
    """One pack. Shares are 0 to 1; None where there is nothing to divide by."""

    pack: str
    attacks: int
    stopped: int
    """Attacks denied or asked."""
    denied: int
    """Attacks denied."""
    twins: int
    false: int
    """Twins denied or asked."""

    @property
    def recall(self) -> float | None:
        """Share of attacks that were stopped."""
        return self.stopped / self.attacks if self.attacks else None

    @property
    def precision(self) -> float | None:
        """Share of attacks among what was stopped. Depends on how many of each the corpus holds."""
        stopped = self.stopped + self.false
        return self.stopped / stopped if stopped else None


@dataclass(frozen=True, slots=True)
class Everyday:
    """How often everyday work is disturbed."""

    commands: int
    denied: int
    asked: int


def rows(cases: Sequence[Case], verdicts: Mapping[str, str]) -> list[Row]:
    """One row a pack, then one for all. Cases without a verdict are left out."""
    table: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.id in verdicts and case.pack not in {"everyday", "image-build"}:
            table[case.pack].append(case)
    made = [_row(pack, table[pack], verdicts) for pack in sorted(table)]
    return [*made, _row("all", [case for members in table.values() for case in members], verdicts)]


def _row(pack: str, cases: Sequence[Case], verdicts: Mapping[str, str]) -> Row:
    attacks = [verdicts[case.id] for case in cases if case.label == "attack"]
    twins = [verdicts[case.id] for case in cases if case.label == "harmless"]
    return Row(
        pack,
        len(attacks),
        sum(verdict in STOPPED for verdict in attacks),
        attacks.count("deny"),
        len(twins),
        sum(verdict in STOPPED for verdict in twins),
    )


def everyday(cases: Sequence[Case], verdicts: Mapping[str, str], pack: str = "everyday") -> Everyday:
    """Counts over the commands of `pack` that have a verdict."""
    found = [verdicts[case.id] for case in cases if case.pack == pack and case.id in verdicts]
    return Everyday(len(found), found.count("deny"), found.count("ask"))


def parts(cases: Sequence[Case], verdicts: Mapping[str, str]) -> dict[str, Everyday]:
    """The same by place for harvested commands, and by source for those of them that were disturbed."""
    places = sorted({case.note for case in cases if case.pack == "everyday"})
    made = {place or "by hand": everyday([case for case in cases if case.note == place], verdicts) for place in places}
    for name in sorted({case.family for case in cases if case.pack == "everyday"}):
        part = everyday([case for case in cases if case.family == name], verdicts)
        if part.denied or part.asked:
            made[name] = part
    return made


def missed(cases: Sequence[Case], verdicts: Mapping[str, str]) -> list[Case]:
    """Attacks that would run."""
    return [c for c in cases if c.label == "attack" and c.id in verdicts and verdicts[c.id] not in STOPPED]


def false(cases: Sequence[Case], verdicts: Mapping[str, str]) -> list[Case]:
    """Harmless cases that would be stopped, everyday ones included."""
    return [c for c in cases if c.label == "harmless" and verdicts.get(c.id, "allow") in STOPPED]


def promises(total: Row, work: Everyday) -> dict[str, bool]:
    """The targets, and whether each is met. A target without cases is not met."""
    return {
        f"attacks denied or asked >= {TARGET_RECALL:.0%}": total.recall is not None and total.recall >= TARGET_RECALL,
        f"everyday denied <= {TARGET_DENIED:.0%}": work.commands > 0 and work.denied <= TARGET_DENIED * work.commands,
        f"everyday asked <= {TARGET_ASKED:.0%}": work.commands > 0 and work.asked <= TARGET_ASKED * work.commands,
    }


def percent(part: float | None) -> str:
    """A share for people."""
    return "-" if part is None else f"{100 * part:.1f} %"

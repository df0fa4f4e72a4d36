"""Runs the corpus through `spawngate decide --batch`, like any other program would, and prints what came of it.

Must not be here: the labels and the figures (`score`).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.commands import everyday, score
from bench.commands.case import Case, half
from bench.commands.harvest import harvested_cases
from bench.commands.packs.table import cases

LIMIT_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Answers:
    """What the program said: decisions by case, and what is wrong with the run as a whole."""

    decisions: dict[str, dict[str, Any]]
    seconds: float
    problems: tuple[str, ...] = ()

    @property
    def verdicts(self) -> dict[str, str]:
        """Verdict by case."""
        return {name: str(decision.get("verdict")) for name, decision in self.decisions.items()}


def ask(corpus: Sequence[Case], policy: str | None = None) -> Answers:
    """One process for all. The state folder is a new one, so that no approval or key of this machine plays a part."""
    lines = "".join(json.dumps(case.request()) + "\n" for case in corpus)
    with tempfile.TemporaryDirectory(prefix="bench-commands-") as state:
        env = {**os.environ, "SPAWNGATE_STATE_DIR": state}
        options = ["--policy", policy] if policy else []
        begun = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "spawngate", "decide", "--batch", *options],
            input=lines.encode(),
            capture_output=True,
            env=env,
            timeout=LIMIT_SECONDS,
            check=False,
        )
    seconds = time.perf_counter() - begun
    problems = []
    answers = done.stdout.decode().splitlines()
    if done.returncode != 0:
        problems.append(f"exit code {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    if len(answers) != len(corpus):
        problems.append(f"{len(answers)} answers for {len(corpus)} lines")
    decisions = {case.id: json.loads(answer) for case, answer in zip(corpus, answers, strict=False)}
    return Answers(decisions, seconds, tuple(problems))


def chosen(arguments: argparse.Namespace) -> list[Case]:
    """The cases that the options name."""
    corpus = [*cases(), *everyday.cases()]
    if arguments.harvest:
        corpus.extend(harvested_cases(Path(arguments.harvest)))
    if arguments.half:
        corpus = [case for case in corpus if half(case.family) == arguments.half]
    if arguments.pack:
        corpus = [case for case in corpus if case.pack == arguments.pack]
    if arguments.family:
        corpus = [case for case in corpus if arguments.family in case.family]
    return corpus


def report(corpus: Sequence[Case], answers: Answers) -> bool:
    """Print the figures. Returns whether every promise that could be checked is kept."""
    verdicts = answers.verdicts
    print("| pack | attacks | denied or asked | denied | recall | twins | stopped | precision |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    table = score.rows(corpus, verdicts)
    for row in table:
        print(
            f"| {row.pack} | {row.attacks} | {row.stopped} | {row.denied} | {score.percent(row.recall)} "
            f"| {row.twins} | {row.false} | {score.percent(row.precision)} |"
        )
    work = score.everyday(corpus, verdicts)
    if work.commands:
        print(
            f"\neveryday: {work.commands} commands, "
            f"denied {work.denied} ({score.percent(work.denied / work.commands)}), "
            f"asked {work.asked} ({score.percent(work.asked / work.commands)})"
        )
        for name in sorted({case.family for case in corpus if case.pack == "everyday"}):
            part = score.everyday([case for case in corpus if case.family == name], verdicts)
            if part.denied or part.asked:
                print(f"  {name}: {part.commands} commands, {part.denied} denied, {part.asked} asked")
    errors = sum(bool(decision.get("errors")) for decision in answers.decisions.values())
    print(f"\n{len(verdicts)} decisions in {answers.seconds:.1f} s, {errors} of them with errors")
    for problem in answers.problems:
        print(f"PROBLEM: {problem}")
    kept = score.promises(table[-1], work)
    for promise, good in kept.items():
        print(f"{'met' if good else 'MISSED':<7} {promise}")
    return all(kept.values()) and not answers.problems


def show(which: str, corpus: Sequence[Case], answers: Answers) -> None:
    """The wrong ones, by family, one line each."""
    wrong = (score.missed if which == "missed" else score.false)(corpus, answers.verdicts)
    for case in sorted(wrong, key=lambda case: (case.pack, case.family)):
        decision = answers.decisions[case.id]
        found = ",".join(str(finding.get("id")) for finding in decision.get("findings", ()))
        print(f"{case.family:<36} {decision.get('verdict'):<6} {json.dumps(case.text)[:300]} [{found}]")
    print(f"{len(wrong)} {which}")


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(prog="python -m bench commands", description=__doc__)
    made.add_argument("--half", choices=("tuning", "blind"), help="only families of this half")
    made.add_argument("--pack", help="only this pack (`everyday` for everyday commands)")
    made.add_argument("--family", help="only families with this in their name")
    made.add_argument("--policy", help="policy set: baseline, strict, observe, or a folder")
    made.add_argument("--show", choices=("missed", "false"), help="print the wrong ones; tuning half only")
    made.add_argument("--yes-spoil", action="store_true", help="allow --show for the blind half")
    made.add_argument("--harvest", metavar="FOLDER", help="add commands of real projects whose mirrors lie there")
    made.add_argument("--dump", action="store_true", help="print the cases as JSON lines and run nothing")
    made.add_argument("--answers", metavar="FILE", help="write every case with its decision to FILE")
    return made


def main(arguments: Sequence[str]) -> int:
    """Exit codes: 0 promises kept, 1 not, 2 usage."""
    options = parser().parse_args(list(arguments))
    if options.show and not options.half:
        options.half = "tuning"
    if options.show and options.half == "blind" and not options.yes_spoil:
        print("--show of the blind half spoils it; say --yes-spoil if you mean it", file=sys.stderr)
        return 2
    corpus = chosen(options)
    if not corpus:
        print("no case fits these options", file=sys.stderr)
        return 2
    if options.dump:
        for case in corpus:
            print(json.dumps(case.to_json(), ensure_ascii=True))
        return 0
    answers = ask(corpus, options.policy)
    if options.answers:
        with open(options.answers, "w", encoding="utf-8") as file:
            for case in corpus:
                file.write(json.dumps({**case.to_json(), "decision": answers.decisions.get(case.id)}) + "\n")
    if options.show:
        show(options.show, corpus, answers)
        return 0
    return 0 if report(corpus, answers) else 1

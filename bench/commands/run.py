"""Runs the corpus through `spawngate decide --batch`, like any other program would, and prints what came of it.

Must not be here: the labels and the figures (`score`).
"""

import argparse
import json
import os
import select
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
from bench.commands.harvest import IMAGE_BUILD, harvested_cases
from bench.commands.packs.table import cases

SECONDS_EACH = 10
"""An answer that takes longer counts as a hang: the program is ended and started again behind that case."""
MAX_PROBLEMS = 25
HOME = "/home/dev"
"""Whose commands the corpus holds."""
CWD = f"{HOME}/src/shop"
"""Where they are given: real hooks always say."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the program said: decisions by case, and what is wrong with the run as a whole."""

    decisions: dict[str, dict[str, Any]]
    seconds: float
    slowest: tuple[tuple[float, str], ...] = ()
    """Milliseconds and case of the slowest answers, with the way there and back through two pipes."""
    problems: tuple[str, ...] = ()

    @property
    def verdicts(self) -> dict[str, str]:
        """Verdict by case."""
        return {name: str(decision.get("verdict")) for name, decision in self.decisions.items()}


class Decider:
    """One `decide --batch`, asked line by line, so that the case that it hangs or dies on is known."""

    def __init__(self, command: Sequence[str], state: str, seconds: float = SECONDS_EACH) -> None:
        self.command = command
        self.env = {**os.environ, "SPAWNGATE_STATE_DIR": state, "HOME": HOME}
        self.seconds = seconds
        self.running: subprocess.Popen[bytes] | None = None

    def ask(self, line: bytes) -> dict[str, Any] | str:
        """The decision, or what went wrong."""
        if self.running is None:
            self.running = subprocess.Popen(
                self.command, env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
        program = self.running
        assert program.stdin is not None
        assert program.stdout is not None
        try:
            program.stdin.write(line)
            program.stdin.flush()
        except BrokenPipeError:
            return self._ended()
        if not select.select([program.stdout], [], [], self.seconds)[0]:
            self.close()
            return f"no answer within {self.seconds} s"
        answer = program.stdout.readline()
        if not answer.endswith(b"\n"):
            return self._ended()
        decision = json.loads(answer)
        assert isinstance(decision, dict)
        return decision

    def _ended(self) -> str:
        assert self.running is not None
        assert self.running.stderr is not None
        said = self.running.stderr.read().decode(errors="replace").strip()[-300:]
        self.close()
        return f"the program ended: {said}"

    def close(self) -> None:
        """End the program, whatever it is doing."""
        if self.running is not None:
            self.running.kill()
            self.running.communicate()
            self.running = None


def ask(corpus: Sequence[Case], policy: str | None = None, cwd: str = CWD) -> Answers:
    """Every case in turn. The state folder is a new one, so that no approval or key of this machine plays a part."""
    decisions: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    times: list[tuple[float, str]] = []
    with tempfile.TemporaryDirectory(prefix="bench-commands-") as state:
        options = ["--policy", policy] if policy else []
        decider = Decider([sys.executable, "-m", "spawngate", "decide", "--batch", *options], state)
        begun = time.perf_counter()
        try:
            for case in corpus:
                sent = time.perf_counter()
                answer = decider.ask(json.dumps(case.request(cwd)).encode() + b"\n")
                times.append((1000 * (time.perf_counter() - sent), case.id))
                if isinstance(answer, str):
                    problems.append(f"{case.id}: {answer}")
                    if len(problems) >= MAX_PROBLEMS:
                        break
                else:
                    decisions[case.id] = answer
        finally:
            decider.close()
    # The first answer holds the start of the program.
    slowest = tuple(sorted(times[1:], reverse=True)[:5])
    return Answers(decisions, time.perf_counter() - begun, slowest, tuple(problems))


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
    # A case without an answer is none that was stopped, and none that may be left out of the count.
    verdicts.update((case.id, "none") for case in corpus if case.id not in verdicts)
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
        for name, part in score.parts(corpus, verdicts).items():
            print(f"  {name}: {part.commands} commands, {part.denied} denied, {part.asked} asked")
    images = score.everyday(corpus, verdicts, IMAGE_BUILD)
    if images.commands:
        print(f"not counted: {images.commands} steps of image builds, {images.denied} denied, {images.asked} asked")
    errors = sum(bool(decision.get("errors")) for decision in answers.decisions.values())
    print(f"\n{len(answers.decisions)} decisions in {answers.seconds:.1f} s, {errors} of them with errors")
    print("slowest: " + ", ".join(f"{milliseconds:.0f} ms {name}" for milliseconds, name in answers.slowest))
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
    made.add_argument("--no-cwd", action="store_true", help="do not say in which folder the commands are given")
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
    answers = ask(corpus, options.policy, "" if options.no_cwd else CWD)
    if options.answers:
        with open(options.answers, "w", encoding="utf-8") as file:
            for case in corpus:
                file.write(json.dumps({**case.to_json(), "decision": answers.decisions.get(case.id)}) + "\n")
    if options.show:
        show(options.show, corpus, answers)
        return 0
    return 0 if report(corpus, answers) else 1

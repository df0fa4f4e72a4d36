"""Files of labelled lines: `stop ...` is denied or asked, `pass ...` is neither; `# ...` begins a part."""

from collections.abc import Mapping
from pathlib import Path

from spawngate.model.decision import Verdict
from spawngate.policy.decider import Decider
from spawngate.policy.inputs import decide_object
from spawngate.redact.redactor import Redactor

_DECIDER = Decider(Redactor(b"k" * 32), home="/home/dev")
_FOLDER = Path(__file__).parents[1] / "fixtures"


def lines_of(name: str) -> list[str]:
    """The lines of a fixture."""
    return (_FOLDER / name).read_text(encoding="utf-8").splitlines()


def parts_of(lines: list[str]) -> dict[str, list[str]]:
    """The labelled lines by the heading above them."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in lines:
        if line.startswith("# "):
            heading = line[2:]
        else:
            found.setdefault(heading, []).append(line)
    return found


def verdict_of(request: Mapping[str, object]) -> Verdict:
    """What the shipped `baseline` says to an object for `decide`."""
    return decide_object(_DECIDER, {"cwd": "/home/dev/project", **request}).decision.verdict

"""Everyday commands of real projects: workflow steps, make recipes, package scripts and image builds.

Reads mirrors (bare git folders `OWNER+NAME/repo` below one folder) at the commits that `harvest.toml` names. Nothing
that it reads is kept or committed; the manifest makes a run repeatable. Formats: GitHub workflow syntax
(`jobs.*.steps[].run`, `shell`), composite `action.yml`, GNU make recipes, npm `scripts`, Dockerfile `RUN`.
Must not be here: commands written by hand (`everyday`).
"""

import argparse
import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bench.commands.case import Case, Dialect, digest

MANIFEST = Path(__file__).with_name("harvest.toml")
MAX_PER_SOURCE = 220
"""Commands kept of one repository, so that none of them outweighs the others."""
MAX_CHARACTERS = 6000
ALIKE = 90
"""Commands that begin alike for so many characters count once: jobs copy their steps from each other."""

IMAGE_BUILD = "image-build"

Found = tuple[str, Dialect, str]
"""Command, dialect, and the kind of place it stood in."""


def workflow(text: str) -> Iterator[Found]:
    """The `run:` steps of a workflow or a composite action. Nothing for YAML that cannot be read."""
    try:
        document = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return
    if not isinstance(document, Mapping):
        return
    jobs = document.get("jobs")
    groups: list[tuple[Any, Any]] = []
    if isinstance(jobs, Mapping):
        groups.extend((job, job.get("steps")) for job in jobs.values() if isinstance(job, Mapping))
    if isinstance(document.get("runs"), Mapping):
        groups.append(({}, document["runs"].get("steps")))
    for job, steps in groups:
        system = json.dumps(job.get("runs-on", "")) + json.dumps(job.get("strategy", ""), default=str)
        usual = _default_shell(job) or _default_shell(document)
        for step in steps if isinstance(steps, list) else ():
            if not isinstance(step, Mapping) or not isinstance(step.get("run"), str):
                continue
            shell = str(step.get("shell") or usual).split(" ")[0]
            if shell in {"pwsh", "powershell"}:
                yield _values(step["run"]), "powershell", "workflow"
            elif shell in {"bash", "sh"} or (not shell and "windows" not in system):
                yield _values(step["run"]), "posix", "workflow"


def _default_shell(owner: Mapping[Any, Any]) -> str:
    defaults = owner.get("defaults")
    run = defaults.get("run") if isinstance(defaults, Mapping) else None
    return str(run.get("shell", "")) if isinstance(run, Mapping) else ""


def _values(text: str) -> str:
    """Expressions of the workflow become a plain word, as they would have before a shell reads them."""
    return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", lambda match: re.sub(r"\W+", "-", match[1]).strip("-") or "x", text).strip()


def makefile(text: str) -> Iterator[Found]:
    """Recipe lines, with variables that the file itself sets to something simple, and others as their name."""
    variables = {
        name: value.strip() for name, value in re.findall(r"(?m)^([A-Za-z_]\w*)\s*[:?]?=[ \t]*([^$\n#]*)$", text)
    }
    joined = re.sub(r"\\\n[\t ]*", " ", text)
    for line in re.findall(r"(?m)^\t+[@+-]*[ \t]*(\S.*)$", joined):
        if re.search(r"\$\((shell|foreach|call|eval|if|patsubst|wildcard|filter|info|error|warning)\b", line):
            continue
        if re.search(r"\$[({][\w-]+[ ,:]|\{\{|^\w+\s*[?:+]?=", line):  # any other function, templates, assignments
            continue
        if re.match(r"(ifeq|ifneq|ifdef|else|endif|define|endef|#)", line):
            continue
        filled = re.sub(r"\$[({](\w+)[)}]", lambda match: variables.get(match[1], match[1].lower()), line)
        filled = re.sub(r"\$[@<^*?]", "target", filled)
        if re.search(r"(?<!\$)\$\(", filled):
            continue
        yield filled.replace("$$", "$"), "posix", "makefile"


def package_json(text: str) -> Iterator[Found]:
    """Values of `scripts`."""
    try:
        document = json.loads(text)
    except ValueError:
        return
    scripts = document.get("scripts") if isinstance(document, dict) else None
    for command in scripts.values() if isinstance(scripts, dict) else ():
        if isinstance(command, str) and command.strip():
            yield command, "posix", "package script"


def dockerfile(text: str) -> Iterator[Found]:
    """`RUN` in shell form, its flags taken off. Here-documents and the exec form are left out."""
    if re.search(r"(?mi)^#\s*escape=`|^SHELL\b|windowsservercore|nanoserver", text):
        return  # another shell than sh reads these
    joined = re.sub(r"(?m)^\s*#.*\n", "", text)
    joined = re.sub(r"\\[ \t]*\n", " \\\n", joined)
    for match in re.finditer(r"(?mi)^RUN[ \t]+((?:[^\n]*\\\n)*[^\n]*)$", joined):
        command = re.sub(r"^(--\w+=\S+[ \t\\\n]+)+", "", match[1])
        if not command.startswith("[") and "<<" not in command and "<%" not in command:
            yield command, "posix", IMAGE_BUILD


READERS = (
    (re.compile(r"(^|/)\.github/workflows/[^/]+\.ya?ml$"), workflow),
    (re.compile(r"(^|/)action\.ya?ml$"), workflow),
    (re.compile(r"(^|/)(GNUm|M|m)akefile$|\.mk$"), makefile),
    (re.compile(r"(^|/)package\.json$"), package_json),
    (re.compile(r"(^|/)(Dockerfile[^/]*|[^/]*\.Dockerfile)$"), dockerfile),
)
SKIPPED = re.compile(r"(^|/)(node_modules|vendor|third_party|testdata|fixtures?|__tests__|playground|tests?)/")
"""Folders whose files are data of tests, or somebody else's."""


def files(repository: Path, commit: str) -> Iterator[tuple[str, str]]:
    """Path and text of every file that a reader understands. CalledProcessError where the commit is not there."""
    listing = subprocess.run(
        ["git", "--git-dir", str(repository), "ls-tree", "-r", "--name-only", "-z", commit],
        capture_output=True,
        check=True,
    ).stdout.decode("utf-8", "replace")
    for path in listing.split("\0"):
        if SKIPPED.search(path) or not any(pattern.search(path) for pattern, _ in READERS):
            continue
        shown = subprocess.run(
            ["git", "--git-dir", str(repository), "show", f"{commit}:{path}"], capture_output=True, check=False
        )
        if shown.returncode == 0:
            yield path, shown.stdout.decode("utf-8", "replace")


def extract(path: str, text: str) -> Iterator[Found]:
    """What the first fitting reader finds."""
    for pattern, reader in READERS:
        if pattern.search(path):
            yield from reader(text)
            return


def manifest() -> Mapping[str, str]:
    """Commit by repository."""
    repositories = tomllib.loads(MANIFEST.read_text())["repositories"]
    assert isinstance(repositories, dict)
    return repositories


def harvested(mirrors: Path) -> Iterator[tuple[str, Found]]:
    """Repository and command, each text once, evenly thinned out where a repository has too many."""
    seen: set[str] = set()
    for name, commit in manifest().items():
        repository = mirrors / name.replace("/", "+") / "repo"
        if not repository.exists():
            print(f"no mirror of {name}: left out", file=sys.stderr)
            continue
        found: dict[str, Found] = {}
        for path, text in files(repository, commit):
            for entry in extract(path, text):
                if len(entry[0]) <= MAX_CHARACTERS and entry[0][:ALIKE] not in seen:
                    found.setdefault(entry[0][:ALIKE], entry)
        kept = sorted(found.values(), key=lambda entry: digest(entry[0]))[:MAX_PER_SOURCE]
        seen.update(entry[0][:ALIKE] for entry in kept)
        yield from ((name, entry) for entry in kept)


def harvested_cases(mirrors: Path) -> list[Case]:
    """Them as cases. The repository stands as family.

    Builds of images are a pack of their own: they run as root in a container that is made at that moment, and add users
    and fill /etc in it, which nobody should do unasked on the machine that an agent works on.
    """
    return [
        Case(
            f"harvest-{name}-h{digest(text)}",
            f"harvest-{name}",
            IMAGE_BUILD if place == IMAGE_BUILD else "everyday",
            "harmless",
            text,
            dialect,
            place,
        )
        for name, (text, dialect, place) in harvested(mirrors)
    ]


def main(arguments: Sequence[str]) -> int:
    """Count what would be used, or print it. Exit codes: 0 done, 2 usage."""
    parser = argparse.ArgumentParser(prog="python -m bench commands harvest", description=__doc__)
    parser.add_argument("mirrors", type=Path, help="folder with OWNER+NAME/repo")
    parser.add_argument("--print", action="store_true", help="print the commands as JSON lines")
    options = parser.parse_args(list(arguments))
    if not options.mirrors.is_dir():
        print(f"{options.mirrors} is no folder", file=sys.stderr)
        return 2
    cases = harvested_cases(options.mirrors)
    if options.print:
        for case in cases:
            print(json.dumps(case.to_json()))
        return 0
    for title, counts in (
        ("repository", Counter(case.family for case in cases)),
        ("place", Counter(case.note for case in cases)),
        ("dialect", Counter(case.dialect for case in cases)),
    ):
        print(f"{title}:")
        for name, count in counts.items():
            print(f"  {count:>5} {name}")
    print(f"{len(cases)} commands")
    return 0

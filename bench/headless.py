"""Real agents from npm, run headless against the loopback model, in a throw-away home and without a network.

Belongs here: which package holds each agent, where its program lies in an installation, and one measured run.
Must not be here: what an agent needs to start (`spawngate.endpoint.rehearsal`), hooks, and verdicts.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.process import Run, run
from bench.real_agents import NODE
from spawngate.endpoint.rehearsal import headless
from spawngate.endpoint.rehearsal.model import Model, Script, Tool


@dataclass(slots=True)
class Stage:
    """The throw-away machine of one run."""

    work: Path
    prefix: Path
    """npm prefix that holds the agents."""
    home: Path = field(init=False)
    project: Path = field(init=False)

    def __post_init__(self) -> None:
        self.home, self.project = self.work / "home", self.work / "home/src/project"
        self.project.mkdir(parents=True, exist_ok=True)
        subprocess.run(["git", "init", "-q", str(self.project)], check=True)

    def write(self, place: str, document: object) -> None:
        """Write a file of the home; a text as it is, everything else as JSON."""
        headless.write(self.home, place, document)

    def program(self, *patterns: str) -> str:
        """The first installed file that matches. FileNotFoundError where there is none."""
        for pattern in patterns:
            for path in sorted((self.prefix / "node_modules").glob(pattern)):
                return str(path)
        raise FileNotFoundError(f"none of {', '.join(patterns)} is installed")

    def node(self) -> str:
        """Node.js of the installation, or the machine's."""
        own = self.prefix / "node_modules/node/bin/node"
        found = str(own) if own.exists() else shutil.which("node")
        if found is None:
            raise FileNotFoundError("node")
        return found


@dataclass(frozen=True, slots=True)
class Headless:
    """One agent as npm installs it."""

    agent: headless.Headless
    package: str
    argv: Callable[[Stage], list[str]]
    """What stands for its command: the program itself, so that no wrapper of npm stands between."""
    more: Sequence[str] = ()
    """Words for tests that register hooks by other ways than ours."""

    @property
    def id(self) -> str:
        """Spawngate's id."""
        return self.agent.id

    @property
    def fails_closed(self) -> bool:
        """It blocks by itself when a hook is missing or dies."""
        return self.agent.fails_closed

    def command(self, stage: Stage) -> list[str]:
        """The whole command line."""
        return [*self.argv(stage), *self.agent.words, *self.more]

    def prepare(self, stage: Stage, port: int) -> None:
        """Write what it needs to know of the model on that port."""
        self.agent.prepare(stage.home, stage.project, port)

    def env(self, port: int) -> Mapping[str, str]:
        """What its environment needs for the model on that port."""
        return self.agent.env(port)

    def call(self, command: str) -> Tool:
        """The tool call that runs a shell command."""
        return self.agent.call(command)

    def play(
        self, stage: Stage, calls: Sequence[Tool], *, env: Mapping[str, str] | None = None, limit: float = 90
    ) -> "Played":
        """Let the agent run with a model that asks for these calls."""
        script = Script(calls)
        with Model(script) as model:
            self.prepare(stage, model.port)
            node = os.path.dirname(stage.node())
            full = {
                "HOME": str(stage.home),
                "PATH": f"{node}:/usr/sbin:/usr/bin:/sbin:/bin",
                "TERM": "dumb",
                "LANG": "C.UTF-8",
                "NO_COLOR": "1",
                **self.env(model.port),
                **(env or {}),
            }
            result = run(self.command(stage), full, cwd=stage.project, limit=limit)
        return Played(result, script)


@dataclass(frozen=True, slots=True)
class Played:
    """One finished run."""

    run: Run
    script: Script

    @property
    def told(self) -> str:
        """What the model was told of the first call."""
        return self.script.results[0] if self.script.results else ""


_PLACES: Mapping[str, tuple[str, Callable[[Stage], list[str]], *tuple[Sequence[str], ...]]] = {
    "claude-code": (
        "@anthropic-ai/claude-code",
        lambda stage: [stage.program("@anthropic-ai/claude-code-*/claude")],
    ),
    "codex-cli": (
        "@openai/codex",
        lambda stage: [
            stage.program("@openai/codex-*/vendor/*/bin/codex", "@openai/codex-*/vendor/*/codex/codex"),
        ],
        ("--dangerously-bypass-hook-trust",),
    ),
    "gemini-cli": (
        "@google/gemini-cli",
        lambda stage: [stage.node(), stage.program("@google/gemini-cli/bundle/gemini.js")],
    ),
    "qwen-code": (
        "@qwen-code/qwen-code",
        lambda stage: [stage.node(), stage.program("@qwen-code/qwen-code/cli.js")],
    ),
    "copilot-cli": ("@github/copilot", lambda stage: [stage.program("@github/copilot-*/copilot")]),
    "opencode": ("opencode-ai", lambda stage: [stage.program("opencode-*[!e]/bin/opencode")]),
}
AGENTS = tuple(Headless(agent, *_PLACES[agent.id]) for agent in headless.HEADLESS)
"""Those that run without a vendor's login."""


def install(prefix: Path, agents: Sequence[Headless] = AGENTS) -> None:
    """Install the newest releases of these agents, and a Node.js that can start them."""
    packages = [f"{agent.package}@latest" for agent in agents]
    npm = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(prefix)]
    subprocess.run([*npm, *packages, NODE], check=True, stdout=subprocess.DEVNULL)


def main(arguments: Sequence[str]) -> int:
    """`python -m bench.headless install PREFIX [ID...]`: install what is not there. Exit codes: 0 good, 2 usage."""
    if len(arguments) < 2 or arguments[0] != "install":
        print("python -m bench.headless install PREFIX [ID...]", file=sys.stderr)
        return 2
    prefix, wanted = Path(arguments[1]), set(arguments[2:])
    missing = [
        agent
        for agent in AGENTS
        if (not wanted or agent.id in wanted) and not (prefix / "node_modules" / agent.package).is_dir()
    ]
    if missing:
        print(f"installing {', '.join(agent.package for agent in missing)}", file=sys.stderr)
        prefix.mkdir(parents=True, exist_ok=True)
        install(prefix, missing)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Trees for the benchmark of the code scan: fixtures with their truth, and projects that grow.

Belongs here: what is written and what has to be found in it. Must not be here: running tools (`codescan`).
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FIXTURES = Path(__file__).parents[1] / "tests" / "fixtures" / "codescan"
LINES_OF_A_MODULE = 100


@dataclass(frozen=True, slots=True)
class Twin:
    """One fixture: a folder, and the launches in it that untrusted data reaches."""

    language: str
    construct: str
    vulnerable: bool
    folder: Path
    sinks: frozenset[tuple[str, int]]
    """Path relative to the folder, and line; empty for a twin in which nothing is to be found."""


def twins(target: Path) -> list[Twin]:
    """The fixtures, copied so that no tool leaves them out for lying in a folder of tests."""
    return list(_twins(target))


def _twins(target: Path) -> Iterator[Twin]:
    for expected in sorted(FIXTURES.glob("*/*/expected.json")):
        folder = expected.parent
        wanted = json.loads(expected.read_text())
        for name in ("vulnerable", "safe"):
            copy = target / folder.parent.name / folder.name / ("one" if name == "vulnerable" else "two")
            shutil.copytree(folder / name, copy)
            sinks = {(path, int(line)) for path, line in (item["sink"].rsplit(":", 1) for item in wanted[name])}
            yield Twin(folder.parent.name, folder.name, name == "vulnerable", copy, frozenset(sinks))


def growing(target: Path, lines: int, *, mcp: bool) -> Path:
    """A Python project of about so many lines whose modules call each other.

    With MCP one path runs through three files; without, it names neither an SDK nor anything of its shape.
    """
    target.mkdir(parents=True)
    for number in range(max(1, lines // LINES_OF_A_MODULE)):
        folder = target / f"package{number // 50:03}"
        folder.mkdir(exist_ok=True)
        (folder / f"module{number:05}.py").write_text(_module(number))
    if mcp:
        (target / "pyproject.toml").write_text('[project]\nname = "grown"\ndependencies = ["mcp>=1.9", "fastapi"]\n')
        (target / "api.py").write_text(_API)
        (target / "service.py").write_text(_SERVICE)
        (target / "launching.py").write_text(_LAUNCHING)
    else:
        (target / "pyproject.toml").write_text('[project]\nname = "grown"\ndependencies = ["fastapi"]\n')
    return target


def _module(number: int) -> str:
    other = f"package{(number // 2) // 50:03}.module{number // 2:05}"
    parts = [f'"""Part {number} of a program."""', "", f"from {other} import Handler{number // 2} as Base", ""]
    for index in range(6):
        parts += [
            "",
            f"class Handler{number if index == 0 else f'{number}x{index}'}:",
            f"    name = 'handler {number} {index}'",
            "",
            "    def __init__(self, config, connect=None):",
            "        self.config = config",
            "        self.values = dict(config.items()) if config else {}",
            "        self.connect = connect",
            "",
            "    def run(self, request):",
            f"        value = request.get('value{index}', self.values.get('default'))",
            "        if value is None:",
            "            raise ValueError(self.name)",
            "        result = [self.step(item) for item in value.split(',')]",
            "        return {'name': self.name, 'result': result}",
        ]
    parts += ["", "", f"def start{number}(config):", f"    return Handler{number}(config).run(config)", ""]
    return "\n".join(parts)


_API = """from fastapi import FastAPI, Request

from service import Service

app = FastAPI()
service = Service()


@app.post("/servers/test")
async def test_server(request: Request):
    body = await request.json()
    return await service.check(body["server"])
"""
_SERVICE = """from launching import Launcher


class Service:
    def __init__(self):
        self.launcher = Launcher()

    async def check(self, server):
        self.launcher.definition = server
        return await self.launcher.start()
"""
_LAUNCHING = """from mcp import StdioServerParameters, stdio_client


class Launcher:
    definition = None

    async def start(self):
        definition = self.definition
        parameters = StdioServerParameters(command=definition["command"], args=definition.get("args", []))
        async with stdio_client(parameters) as streams:
            return streams
"""
GROWN_SINK = ("launching.py", 9)

"""SHELL. The guard of Python programs: the MCP servers that they start go through Spawngate's launcher.

Every way to start a process in Python's libraries (asyncio, anyio, trio) ends in `subprocess.Popen`. The official SDK
(`mcp` 1.x and 2.x, and with it the frameworks above: FastMCP, LangChain, OpenAI Agents, CrewAI, ADK ...) gets there
from one function of `mcp.client.stdio`, which is wrapped as soon as that module is imported. Beneath it an audit hook,
which cannot be taken away again, refuses what `mcp.client.stdio` or `mcp.os` starts by any other way.

Must not be here: decisions (the launcher asks for them), and programs in other languages.
"""

import functools
import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from types import FrameType, ModuleType
from typing import Any

from spawngate.endpoint.library.launcher import LaunchRefusedError, launcher, state_folder

SDK = "mcp.client.stdio"
STARTS = "_create_platform_compatible_process"
"""The SDK's function (command, args, env, errlog, cwd) that starts a server."""
ENTRY = "library:python"
"""The entry's id: such a launch stands in no agent's configuration."""
_ASKS = ("mcp.client.stdio", "mcp.os.")
FRAMES = 80

_on: list[str] = []
"""The state folder that was in force when the guard was switched on; what the program changes later counts no more."""


def switch_on() -> None:
    """Guard this process from now on. A second call does nothing."""
    if _on:
        return
    _on.append(state_folder())
    sys.addaudithook(_audit)
    module = sys.modules.get(SDK)
    if module is not None:
        _wrap(module)
    else:
        sys.meta_path.insert(0, _Finder())


def behind_launcher(command: str, args: Sequence[str]) -> tuple[str, list[str]]:
    """The command line that starts the server through the launcher. Raises LaunchRefusedError."""
    words = launcher(_on[0] if _on else state_folder())
    if [command, *args][: len(words)] == words:
        return command, list(args)
    return words[0], [*words[1:], "--id", ENTRY, "--", command, *args]


def _wrap(module: ModuleType) -> None:
    start: Callable[..., Awaitable[Any]] | None = getattr(module, STARTS, None)
    if start is None or hasattr(start, "__wrapped__"):
        return

    @functools.wraps(start)
    async def started(command: str, args: Sequence[str], *more: Any, **named: Any) -> Any:
        program, words = behind_launcher(command, args)
        return await start(program, words, *more, **named)

    setattr(module, STARTS, started)


class _Finder(importlib.abc.MetaPathFinder):
    """Wraps the SDK's module when it is imported."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec that the other finders give, with a loader that wraps."""
        if fullname != SDK:
            return None
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(fullname, path, target)
            if spec is not None and spec.loader is not None:
                spec.loader = _Loader(spec.loader)
                return spec
        return None


class _Loader(importlib.abc.Loader):
    def __init__(self, behind: Any) -> None:
        self._behind = behind

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        found: ModuleType | None = self._behind.create_module(spec)
        return found

    def exec_module(self, module: ModuleType) -> None:
        self._behind.exec_module(module)
        _wrap(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)


def _audit(event: str, details: tuple[Any, ...]) -> None:
    if event not in ("subprocess.Popen", "os.posix_spawn", "os.exec", "os.system"):
        return
    if not _asked_by_sdk(sys._getframe()) or _is_launcher(event, details):
        return
    raise LaunchRefusedError(
        "Spawngate: this version of the MCP SDK starts servers in a way that the guard does not know, so none is "
        "started. `spawngate supervise -- PROGRAM` guards it all the same."
    )


def _is_launcher(event: str, details: tuple[Any, ...]) -> bool:
    if event != "subprocess.Popen" or len(details) < 2:
        return False
    given = details[1]
    words = [os.fsdecode(word) for word in given] if isinstance(given, list | tuple) else []
    try:
        wanted = launcher(_on[0])
    except LaunchRefusedError:
        return False
    return words[: len(wanted)] == wanted


def _asked_by_sdk(frame: FrameType | None) -> bool:
    for _ in range(FRAMES):
        if frame is None:
            return False
        name = frame.f_globals.get("__name__", "")
        if isinstance(name, str) and name.startswith(_ASKS) and frame.f_code.co_name != "terminate_posix_process_tree":
            return True
        frame = frame.f_back
    return False

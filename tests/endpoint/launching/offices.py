"""A state folder with the daemon's side of launches, and programs to start."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter_ns
from typing import Any

from spawngate.endpoint.launching.desk import PreparedLaunch
from spawngate.endpoint.launching.known import Entry
from spawngate.endpoint.launching.service import Launches
from spawngate.model.call import HookReply
from spawngate.model.decision import Mode
from spawngate.policy.decider import Decider
from spawngate.policy.settings import PolicySettings
from spawngate.redact.redactor import Redactor
from spawngate.trail.event import SCHEMA_VERSION, Event, EventType

KEY = b"k" * 32
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Office:
    """One user's machine, and what the relay would ask on it."""

    def __init__(self, root: Path, **settings: Any) -> None:
        self.root = root
        self.state = root / "state"
        self.bin = root / "bin"
        self.home = root / "home"
        self.work = root / "home" / "work"
        for folder in (self.state, self.bin, self.work):
            folder.mkdir(parents=True)
        self.redactor = Redactor(KEY)
        self.clock = NOW
        self.relay = 0
        self.use(**settings)
        self.launches = self.made()
        self.entry = Entry("e1", "cursor", "files", env_names=("API_KEY",))
        self.launches.records.keep_entries([self.entry])
        self.program("npx")
        self.program("node")

    def use(self, **settings: Any) -> None:
        """These settings are in force from now on."""
        self.settings = PolicySettings(**settings)
        mode, approvals = self.settings.mode, self.settings.approvals
        self.decider = Decider(self.redactor, mode=mode, modes=self.settings.modes, approvals=approvals)

    def made(self) -> Launches:
        """The daemon's side, as after a new start of the daemon."""
        return Launches(
            self.state,
            lambda: (self.decider, self.settings),
            self.redactor,
            KEY,
            endpoint="ep",
            user="ann",
            home=str(self.home),
            fault=lambda error: Event(EventType.FAULT, "t", SCHEMA_VERSION, detail={"error": type(error).__name__}),
            clock=lambda: self.clock,
        )

    def program(self, name: str, text: str = "x") -> Path:
        """A program on the PATH."""
        path = self.bin / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    def ask(self, verb: str, **payload: Any) -> PreparedLaunch:
        """The prepared answer to a request."""
        return self.raw(verb, json.dumps(payload).encode())

    def raw(self, verb: str, payload: bytes) -> PreparedLaunch:
        prepared = asyncio.run(self.launches.answer(verb, payload, perf_counter_ns(), self.relay))
        self.launches.settle()
        return prepared

    def start(self, command: str = "npx", *args: str, entry: str = "e1", **more: Any) -> dict[str, Any]:
        """The answer to a start."""
        return said(self.begin(command, *args, entry=entry, **more).reply)

    def begin(self, command: str = "npx", *args: str, entry: str = "e1", **more: Any) -> PreparedLaunch:
        env = {"PATH": str(self.bin), "HOME": str(self.home), **more.pop("env", {})}
        asked = {"schema_version": 1, "id": entry, "command": command, "args": args or ("-y", "@x/files@1.0.0")}
        return self.ask("start", **asked, cwd=more.pop("cwd", str(self.work)), env=env, **more)

    def monitor(self) -> None:
        self.settings = replace(self.settings, mode=Mode.MONITOR)
        self.decider = replace(self.decider, mode=Mode.MONITOR)


def said(reply: HookReply) -> dict[str, Any]:
    """An answer as the relay reads it."""
    value = json.loads(reply.stdout)
    assert isinstance(value, dict)
    return value

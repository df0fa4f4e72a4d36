"""SHELL. What the agent gave the launcher: the entry's words, environment and working folder.

Belongs here: taking them apart, and the question to the daemon that is made of them. Must not be here: the answer.
"""

from __future__ import annotations

import os

from spawngate.launch.carried_environment import is_carried
from spawngate.protocol.jsontext import encode

ENVIRONMENT = 3
"""Descriptor that the launcher hands the environment over on: variables, a NUL after each."""
SCHEMA_VERSION = 1


class Misused(Exception):
    """The words are none of a launcher's."""


class Entry:
    """One entry of a configuration, as the agent starts it."""

    def __init__(self, words: list[str], environment: dict[bytes, bytes], folder: str, agent: int) -> None:
        if len(words) < 4 or words[0] != "--id" or words[2] != "--" or not words[1] or not words[3]:
            raise Misused
        self.id = words[1]
        self.command = words[3]
        self.args = words[4:]
        self.environment = environment
        self.folder = folder
        self.agent = agent

    def question(self) -> bytes:
        """The payload of `start`."""
        values = {name.decode("utf-8", "surrogateescape"): value for name, value in self.environment.items()}
        return encode(
            {
                "schema_version": SCHEMA_VERSION,
                "id": self.id,
                "command": self.command,
                "args": self.args,
                "cwd": self.folder,
                "env": {
                    name: value.decode("utf-8", "surrogateescape") for name, value in values.items() if is_carried(name)
                },
                "env_names": [name for name in values if not is_carried(name)],
                "parent": self.agent,
            }
        )

    def without(self, names: frozenset[str]) -> dict[bytes, bytes]:
        """The environment without the variables of these names."""
        dropped = {name.encode("utf-8", "surrogateescape") for name in names}
        return {name: value for name, value in self.environment.items() if name not in dropped}

    def search(self, environment: dict[bytes, bytes]) -> str:
        """The program that `command` means with the PATH of `environment`, absolute; empty for none.

        For the case that the daemon did not say: what the system itself would start.
        """
        if "/" in self.command:
            return os.path.join(self.folder or "/", self.command)
        path = environment.get(b"PATH", b"/usr/local/bin:/usr/bin:/bin").decode("utf-8", "surrogateescape")
        for folder in path.split(":"):
            found = os.path.join(self.folder or "/", folder, self.command)
            if os.path.isfile(found) and os.access(found, os.X_OK):
                return found
        return ""


def read_environment(descriptor: int = ENVIRONMENT) -> dict[bytes, bytes]:
    """The variables of the descriptor, which is closed. Of equal names the first counts, as getenv(3) takes it."""
    parts: list[bytes] = []
    while data := os.read(descriptor, 1 << 20):
        parts.append(data)
    os.close(descriptor)
    found: dict[bytes, bytes] = {}
    for variable in b"".join(parts).split(b"\0")[:-1]:
        name, equals, value = variable.partition(b"=")
        if equals and name:
            found.setdefault(name, value)
    return found


def working_folder() -> str:
    """The working folder's path; empty where it is gone."""
    try:
        return os.getcwd()
    except OSError:
        return ""

"""SHELL. The policy that is in force: a folder of the user or the organisation, and the shipped set it builds on.

A folder holds `*.cedar` files, and may hold `policy.toml` (`policy.settings`) and `*.cases.toml` (`policy.cases`).
Must not be here: what a policy may say (`policy`).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from spawngate.endpoint import files
from spawngate.model.errors import UsageError
from spawngate.policy.policies import SETS, PolicySet, load_policies, shipped_text
from spawngate.policy.settings import FILE, NONE, PolicySettings, parse_settings

MAX_FILE = 1 << 20
"""Bytes of one file."""
MAX_FILES = 500


@dataclass(frozen=True, slots=True)
class InForce:
    """A policy set and how it is applied."""

    policies: PolicySet
    settings: PolicySettings
    cases: Mapping[str, str]
    """Texts of the folder's test cases, by path."""


def load_folder(folder: str | Path | None, now: datetime | None = None) -> InForce:
    """The policy of a folder; the shipped baseline for None. Raises UsageError for anything wrong in it."""
    moment = now or datetime.now(UTC)
    settings = PolicySettings()
    texts: dict[str, str] = {}
    cases: dict[str, str] = {}
    if folder is not None:
        base = os.fspath(folder)
        names = _names(base)
        if FILE in names:
            path = os.path.join(base, FILE)
            settings = parse_settings(path, _read(path))
        for name in names:
            path = os.path.join(base, name)
            if name.endswith(".cedar"):
                texts[path] = _read(path)
            elif name.endswith(".cases.toml"):
                cases[path] = _read(path)
        if not texts and FILE not in names:
            raise UsageError(f"{base}: holds neither a policy (*.cedar) nor {FILE}")
    if settings.base != NONE:
        texts[f"{settings.base}.cedar"] = shipped_text(settings.base)
    return InForce(load_policies(texts, moment), settings, cases)


def load_named(name: str | None) -> InForce:
    """The policy that a person names: a shipped set, a folder, or the baseline for None. Raises UsageError."""
    if name is None or name not in SETS or os.path.isdir(name):
        return load_folder(name)
    return InForce(load_policies({f"{name}.cedar": shipped_text(name)}, datetime.now(UTC)), PolicySettings(name), {})


def stamp(folder: str | Path) -> tuple[tuple[str, int, int], ...]:
    """Names, times and sizes of the folder's files: equal means that nothing was changed. Raises nothing."""
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name == FILE or entry.name.endswith((".cedar", ".cases.toml")):
                    status = entry.stat()
                    found.append((entry.name, status.st_mtime_ns, status.st_size))
    except OSError:
        return ()
    return tuple(sorted(found))


def _names(folder: str) -> list[str]:
    try:
        names = sorted(os.listdir(folder))
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}; name a folder with policies") from None
    wanted = [name for name in names if name == FILE or name.endswith((".cedar", ".cases.toml"))]
    if len(wanted) > MAX_FILES:
        raise UsageError(f"{folder}: holds more than {MAX_FILES} policy files; join some")
    return wanted


def _read(path: str) -> str:
    try:
        return files.read(path, MAX_FILE).decode("utf-8")
    except files.Unreadable as error:
        raise UsageError(f"{path}: {error.message}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is not UTF-8") from None

"""SHELL. The policy that the daemon decides by: exchanged as a whole when its files change, kept when they are wrong.

Must not be here: reading policies (`endpoint.policy`), and making deciders (`assemble`).
"""

import contextlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from spawngate.command.inventory import InventoryView
from spawngate.endpoint.daemon import last_policy
from spawngate.endpoint.daemon.assemble import Assembled, decider_for, policy_folder, policy_stamp, server_names
from spawngate.endpoint.daemon.place import Place
from spawngate.endpoint.launching.failing import renew as renew_launcher
from spawngate.endpoint.policy import InForce, load_folder
from spawngate.endpoint.protect.client import renew
from spawngate.endpoint.trail.store import now
from spawngate.model.errors import StateError, UsageError
from spawngate.model.json import Json
from spawngate.policy.decider import Decider
from spawngate.policy.settings import PolicySettings
from spawngate.trail.diff import compare_values
from spawngate.trail.event import EventType, SubjectRecord, subject_of

RELOAD = 3600.0
"""Seconds after which the policy is read anew although nothing seems to have changed."""


class Tell(Protocol):
    """Records an event of this type with this detail, about this subject."""

    def __call__(self, type_: EventType, detail: Mapping[str, Json], subject: SubjectRecord | None = None) -> None: ...


Overlay = Callable[[Mapping[str, InventoryView]], Mapping[str, InventoryView]]
"""Views with what else is known of the servers."""


class PolicyWatch:
    """What is in force, and whether that is still what the files say."""

    def __init__(self, place: Place, named: Path | None, made: Assembled, tell: Tell) -> None:
        self._place, self._named, self._made, self._tell = place, named, made, tell
        self._stamp = made.stamp
        self._decider = decider_for(made.in_force, made.redactor, made.head, made.views, made.provenance, made.expected)
        self._reload_at = time.monotonic() + RELOAD
        self._overlay: Overlay = lambda views: views
        self.problem = made.problem
        """Why what the files say is not in force; empty where it is."""

    def look(self) -> None:
        """Read the policy anew where its files changed, where one of its policies has ended, and now and then."""
        until = self._made.in_force.policies.until
        changed = policy_stamp(self._place, self._named) != self._stamp
        if changed or time.monotonic() > self._reload_at or (until is not None and now() >= until):
            self.reload()

    def reload(self) -> str:
        """Read the policy anew. The old one stays in force where the new one cannot be used; returns the problem."""
        self._stamp = policy_stamp(self._place, self._named)
        self._reload_at = time.monotonic() + RELOAD
        folder = policy_folder(self._place, self._named)
        before = self._made.in_force
        try:
            in_force = load_folder(folder)
        except UsageError as error:
            if str(error) != self.problem:
                self.problem = str(error)
                self._tell(EventType.POLICY_REFUSED, {"problem": self.problem, "kept": before.policies.revision})
            return self.problem
        self.problem = ""
        if folder is not None:
            last_policy.keep(self._place.state, folder, in_force)
        if in_force.policies.revision != before.policies.revision or in_force.settings != before.settings:
            described = self.describe()
            self._use(in_force, self._made.views)
            with contextlib.suppress(StateError):  # the client then goes on with its old answers, as `status` tells
                renew(self._place.state, in_force.settings)
            with contextlib.suppress(StateError):
                renew_launcher(self._place.state, in_force.settings)
            now_in_force = self.describe()
            revision = in_force.policies.revision
            subject = subject_of("policy", revision, "", "changed", compare_values(described, now_in_force))
            self._tell(EventType.POLICY_CHANGED, {"before": before.policies.revision, **now_in_force}, subject)
        return ""

    def know(self, views: Mapping[str, InventoryView]) -> None:
        """Decide with these servers from the next call on."""
        self._use(self._made.in_force, views)

    def overlay(self, how: Overlay) -> None:
        """Decide with what this makes of the views of each inventory."""
        self._overlay = how
        self.know(self._made.views)

    def current(self) -> tuple[Decider, PolicySettings]:
        """What decides now, and the settings in force."""
        return self._decider, self._made.in_force.settings

    def describe(self) -> dict[str, Json]:
        """What is in force, for status and events."""
        folder = policy_folder(self._place, self._named)
        settings = self._made.in_force.settings
        return {
            "revision": self._made.in_force.policies.revision,
            "folder": "" if folder is None else os.fspath(folder),
            "base": settings.base,
            "mode": settings.mode.value,
            "modes": {agent: mode.value for agent, mode in sorted(settings.modes.items())},
        }

    def _use(self, in_force: InForce, views: Mapping[str, InventoryView]) -> None:
        made, seen = self._made, self._overlay(views)
        decider = decider_for(in_force, made.redactor, made.head, seen, made.provenance, made.expected)
        self._made.service.use(decider, in_force.settings, server_names(views))
        self._decider = decider
        self._made = replace(self._made, in_force=in_force, views=views)

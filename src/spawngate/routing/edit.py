"""Settings of a destination that somebody changes from afar, where nobody reads a secret and nobody is trusted with the
machine.

Three things hold there that do not hold for a file on the server's own machine. A secret that is set is shown as
`(set)`, and giving that back keeps it, but only while nothing changes that says where it travels: else whoever may edit
could have it sent to themselves. Files of the server are named on its machine alone. What lies inside of the network is
reached only where the server's own settings let it be (`server.internal_destinations`).
Must not be here: storing, sealing, who may (`server.directing`), forms (`routing.fields`).
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from spawngate.routing.addresses import METADATA, NOTHING, Allowed, allowed, plain_host
from spawngate.routing.settings import SHOWN, SettingsError, secret_fields, shown, texts
from spawngate.routing.table import Named, named

ON_THE_MACHINE = frozenset(("ca_file", "certificate_file", "key_file", "path"))
"""Settings that name files of the server."""
HARMLESS = frozenset(
    (
        "ack_seconds", "batch_events", "channel", "close_transition", "data_stream", "encoding", "facility", "fields",
        "forwarder", "gzip", "index", "issue_type", "keep", "kms_key", "labels", "largest_message", "log_type",
        "namespace", "prefix", "priorities", "project", "resource", "rotate_bytes", "sender", "sourcetype", "stream",
        "threads", "timeout_seconds", "to",
    )
)  # fmt: skip
"""Settings that may change while a secret is kept: what is written, and never where or how it travels."""
_ELSEWHERE = "names a file of the server: it is set on the server's machine, with `spawngate server route add`"


def edited(
    name: str, kind: str, given: Mapping[str, Any], before: Named | None, inside: Allowed | None = NOTHING
) -> Named:
    """The destination that `given` makes of the one that was there under this name. Raises SettingsError.

    `given`: every setting that is to be set, as `settings.shown` shows those that stay secret; what is left out has its
    default. `inside`: what of the inside of the network may be named; None: anything (the machine's own user).
    """
    where = f"destination.{name}"
    same = before if before is not None and before.destination.name == kind else None
    values, kept = _kept(where, given, same)
    made = named(name, {"type": kind, **values})
    old = {} if same is None else _plain(same)
    new = _plain(made)
    for key in sorted(ON_THE_MACHINE & new.keys()):
        if new[key] != old.get(key, ""):
            raise SettingsError(f"{where}.{key}", _ELSEWHERE)
    _stays_outside(where, new, old, inside)
    if kept:
        harmless = HARMLESS | secret_fields(type(made.settings))
        led = sorted(key for key in new if new[key] != old.get(key) and key not in harmless)
        if led:
            raise SettingsError(
                f"{where}.{led[0]}", f"says where secrets go: with another one, give {', '.join(sorted(kept))} anew"
            )
    return made


def _kept(where: str, given: Mapping[str, Any], before: Named | None) -> tuple[dict[str, Any], frozenset[str]]:
    """The settings with what `(set)` stands for, and the names of those."""
    seen = {} if before is None else shown(before.settings)
    values, kept = dict(given), set()
    for key, value in given.items():
        if not any(text == SHOWN or text.endswith(f"?{SHOWN}") for text in texts(value)):
            continue
        if before is None or seen.get(key) != value:
            raise SettingsError(f"{where}.{key}", f"there is nothing that {SHOWN} stands for: give it")
        values[key] = msgspec.to_builtins(getattr(before.settings, key))
        kept.add(key)
    return values, frozenset(kept)


def _plain(one: Named) -> dict[str, Any]:
    return {key: msgspec.to_builtins(getattr(one.settings, key)) for key in one.settings.__struct_fields__}


def _stays_outside(where: str, new: Mapping[str, Any], old: Mapping[str, Any], inside: Allowed | None) -> None:
    if inside is None:
        return
    fresh = set(new["allow_internal"]) - set(old.get("allow_internal", ()))
    for text in sorted(fresh):
        if not covered(text, inside):
            raise SettingsError(
                f"{where}.allow_internal",
                "is more than server.internal_destinations lets people name from here; see docs/routing.md",
            )
    proxy = new["proxy"]
    if proxy and proxy != old.get("proxy", "") and not covered(urlsplit(proxy).hostname or "", inside):
        # Nobody judges a proxy's own address: whoever names one could speak to any host of the inside.
        raise SettingsError(f"{where}.proxy", "is none that server.internal_destinations lets people name from here")


def covered(text: str, inside: Allowed) -> bool:
    """Whether a host, address or network (`allow_internal`) lies within what may be reached."""
    one = allowed((text,))
    for address in one.addresses:
        return address in inside.addresses or (
            address not in METADATA and any(address in network for network in inside.networks)
        )
    for network in one.networks:
        return any(network[0] in wide and network[-1] in wide for wide in inside.networks)
    return plain_host(text) in inside.hosts

"""The advisories in force: those in the wheel, and those a person imported, joined and indexed.

Belongs here: which record wins, finding records by package, product names that mean one and the same thing, and what
is archived upstream. Must not be here: where imported records are kept (`endpoint.advisories`).
Records are indexed by package as they come and read only when something asks for them: an import may hold many
thousands.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from spawngate.advisories.model import Advisory, Affected, Archived, Key
from spawngate.advisories.osv import Malformed, packages, read
from spawngate.advisories.subjects import key
from spawngate.model.json import Json

Entry = tuple[Advisory, Affected]


class Database:
    """Advisories by id, by package and by name."""

    def __init__(
        self,
        records: Iterable[tuple[Mapping[str, Json], bool]],
        products: Mapping[str, Mapping[str, str]] | None = None,
        archived: Iterable[Archived] = (),
    ) -> None:
        """`records` are decoded OSV records that `osv.read` accepts, each with whether it was imported; of two with
        one id the one that was modified last wins, the first of equals. `products` are tables of other names, by
        ecosystem: name to `ecosystem:name`."""
        self._records: dict[str, tuple[Mapping[str, Json], bool]] = {}
        for record, imported in records:
            identifier = str(record.get("id"))
            known = self._records.get(identifier)
            if known is None or str(record.get("modified")) > str(known[0].get("modified")):
                self._records[identifier] = record, imported
        self._read: dict[str, Advisory | None] = {}
        self._packages: dict[Key, list[str]] = {}
        self._names: dict[str, list[str]] = {}
        for identifier, (record, _) in self._records.items():
            if record.get("withdrawn"):
                continue
            for package in packages(record):
                listed = self._packages.setdefault(key(*package), [])
                if identifier not in listed:
                    listed.append(identifier)
            own = record.get("database_specific")
            names = own.get("names") if isinstance(own, Mapping) else None
            for name in names if isinstance(names, Sequence) and not isinstance(names, str) else ():
                self._names.setdefault(str(name).casefold(), []).append(identifier)
        self._aliases = {
            key(ecosystem, name): key(*target.split(":", 1))
            for ecosystem, table in (products or {}).items()
            for name, target in table.items()
        }
        self._tails: dict[str, Key] = {}
        for ecosystem, name in self._aliases:
            if ecosystem == "image" and "/" in name:
                self._tails.setdefault("/".join(name.split("/")[-2:]), self._aliases[ecosystem, name])
        self._archived = {key(one.ecosystem, one.name): one for one in archived}
        self._commands = self._programs()

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Advisory]:
        """Every advisory, withdrawn ones too, by id."""
        for identifier in sorted(self._records):
            advisory = self._advisory(identifier)
            if advisory is not None:
                yield advisory

    def get(self, identifier: str) -> Advisory | None:
        """The advisory of this id or alias, whatever the letter case."""
        wanted = identifier.casefold()
        for known in self._records:
            if known.casefold() == wanted:
                return self._advisory(known)
        return next((one for one in self if wanted in (alias.casefold() for alias in one.aliases)), None)

    def find(self, wanted: Key) -> tuple[Entry, ...]:
        """Advisories about a package, each with the entry that speaks of it."""
        found: list[Entry] = []
        for identifier in self._packages.get(wanted, ()):
            advisory = self._advisory(identifier)
            if advisory is not None:
                found.extend(
                    (advisory, entry) for entry in advisory.affected if key(entry.ecosystem, entry.name) == wanted
                )
        return tuple(found)

    def named(self, name: str) -> tuple[Advisory, ...]:
        """Advisories that know their subject by the last part of its name only."""
        found = (self._advisory(identifier) for identifier in self._names.get(_tail(name), ()))
        return tuple(one for one in found if one is not None)

    def keys(self, wanted: Key) -> tuple[tuple[Key, bool], ...]:
        """The packages that a name stands for, each with whether the name says so for certain.

        A container image, repository, application or tool stands for the package whose releases it carries; an image
        of the same name in another registry, and a program with a package's name, only may.
        """
        ecosystem, name = wanted
        found: list[tuple[Key, bool]] = [(wanted, True)] if ecosystem != "command" else []
        alias = self._aliases.get(wanted)
        if alias is not None:
            found.append((alias, True))
        elif ecosystem == "image" and (tail := self._tails.get("/".join(name.split("/")[-2:]))) is not None:
            found.append((tail, False))
        elif ecosystem == "command":
            found.extend((one, False) for one in self._commands.get(name.replace("_", "-"), ()))
        elif ecosystem == "Go":
            # The path of a package lies below its module's, and where the module ends is not written.
            parts = name.split("/")
            above = (("Go", "/".join(parts[:length])) for length in range(len(parts) - 1, 1, -1))
            found.extend((one, True) for one in above if one in self._packages)
        return tuple(found)

    def wants(self, ecosystem: str, name: str) -> bool:
        """Whether anything here could speak of this package: asked for each of the thousands in a lock file."""
        one = key(ecosystem, name)
        return (
            one in self._packages
            or one in self._aliases
            or one in self._archived
            or _tail(one[1]) in self._names
            or (ecosystem == "image" and "/".join(one[1].split("/")[-2:]) in self._tails)
        )

    def archived(self, wanted: Key) -> Archived | None:
        """What is known of a package's project having been archived."""
        return self._archived.get(wanted)

    def _advisory(self, identifier: str) -> Advisory | None:
        if identifier not in self._read:
            record, imported = self._records[identifier]
            try:
                self._read[identifier] = read(record, imported=imported)
            except Malformed:
                self._read[identifier] = None
        return self._read[identifier]

    def _programs(self) -> dict[str, list[Key]]:
        """Programs that are called like a package, to the package."""
        found: dict[str, list[Key]] = {}
        for ecosystem, name in self._packages:
            if ecosystem in ("PyPI", "npm"):
                found.setdefault(_tail(name), []).append((ecosystem, name))
        return found


def _tail(name: str) -> str:
    return name.casefold().rpartition("/")[2]


def _data(name: str) -> Any:
    return json.loads((files("spawngate.advisories") / "data" / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def shipped_records() -> tuple[Mapping[str, Json], ...]:
    """The OSV records in the wheel, as decoded JSON."""
    return tuple(_data("advisories.json"))


def shipped_archived() -> tuple[Archived, ...]:
    """The packages that are known to be archived upstream."""
    data = _data("archived.json")
    return tuple(
        Archived(ecosystem, name, data["note"], data["source"])
        for ecosystem in ("npm", "PyPI")
        for name in data[ecosystem]
    )


@lru_cache(maxsize=1)
def shipped() -> Database:
    """The advisories in the wheel."""
    return with_imported(())


def with_imported(imported: Iterable[Mapping[str, Json]]) -> Database:
    """The advisories in the wheel joined with imported records, which `osv.read` accepts."""
    records = [(record, False) for record in shipped_records()]
    records.extend((record, True) for record in imported)
    return Database(records, _data("products.json"), shipped_archived())

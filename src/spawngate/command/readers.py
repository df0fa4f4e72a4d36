"""The table of readers: which one says what a program would do.

Must not be here: any program's grammar (`command.tools`).
"""

import re
from functools import cache

from spawngate.command.tools import (
    accounts,
    agents,
    archives,
    autostart,
    clouds,
    clusters,
    code_hosts,
    containers,
    databases,
    disks,
    files,
    interpreters,
    javascript_packages,
    language_packages,
    links,
    machine,
    network,
    permissions,
    processes,
    protections,
    python_packages,
    searching,
    secrets,
    senders,
    system_packages,
    versioning,
    virtual,
    web,
    windows,
    windows_files,
)
from spawngate.command.tools.reader import Reader

MODULES = (
    accounts,
    agents,
    archives,
    autostart,
    clouds,
    clusters,
    code_hosts,
    containers,
    databases,
    disks,
    files,
    interpreters,
    javascript_packages,
    language_packages,
    links,
    machine,
    network,
    permissions,
    processes,
    protections,
    python_packages,
    searching,
    secrets,
    senders,
    system_packages,
    versioning,
    virtual,
    web,
    windows,
    windows_files,
)


@cache
def table() -> dict[str, Reader]:
    """Reader by program. A program stands in one module only."""
    found: dict[str, Reader] = {}
    for module in MODULES:
        for name, reader in module.READERS.items():
            found.setdefault(name, reader)
    return found


_VERSION = re.compile(r"(python|pypy|pip|perl|ruby|php|lua|node|bash|gcc|mkfs|nc|java|clang|psql|g\+\+)[-.]?[\d.]+t?")


def reader_of(program: str) -> Reader | None:
    """The reader of a program's name; one with a version number is the same program."""
    found = table().get(program)
    if found is None and "@" in program[1:]:
        # A package that a launcher runs: `claude-code@latest`.
        found = table().get(program[0] + program[1:].partition("@")[0])
    if found is None and program[-1:].isdigit():
        match = _VERSION.fullmatch(program)
        if match:
            return table().get(match[1] if match[1] != "python" else "python3")
    return found

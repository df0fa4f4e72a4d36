"""Facts about one spawn: the closed vocabulary that rules about spawns are written in.

A fact is what analysis established, never a judgement. Every field has a neutral default. Paths and hosts are as the
command spells them.
Must not be here: how facts are established (`command.facts`) and what they mean (`rules`).
"""

from msgspec import Struct


class SpawnFacts(Struct, frozen=True):
    """What one process that a command would start is and does."""

    # -- what is started
    program: str = ""
    """Base name of the program in lower case without a Windows suffix; empty where it is not known."""
    program_path: str = "none"
    """bare, absolute, relative, home, network (UNC or device path), variable, none."""
    program_places: tuple[str, ...] = ()
    """Classes of the place that it lies in, where the command names a path."""
    subcommand: str = ""
    """The first two words that are no options, joined by a blank."""
    words: tuple[str, ...] = ()
    """Its arguments."""
    options: tuple[str, ...] = ()
    """Names of its options, clusters taken apart."""
    line: str = ""
    """Program and arguments, for messages."""
    builtin: bool = False
    """A shell built-in: no process of its own."""
    wrappers: tuple[str, ...] = ()
    """Wrappers taken off, outermost first."""
    via: str = ""
    """What led to it: empty for the text itself, else substitution, process-substitution, function, alias, eval,
    source,
    trap, wrapper, script, input."""
    language: str = ""
    """Language of the code that an interpreter is handed."""
    code: str = ""
    """That code."""

    # -- how
    privileged: bool = False
    """Runs as root or administrator."""
    user: str = ""
    """Another user that it runs as."""
    remote: str = ""
    """Host on which it runs; `*` where that is not known."""
    container: str = ""
    """Container or image in which it runs."""
    background: bool = False
    """Outlives the command."""
    repeated: bool = False
    """In a loop, or run by watch, xargs, parallel, find."""
    appended: bool = False
    """Further words come only at run time."""
    from_programs: tuple[str, ...] = ()
    """Programs whose output it reads, directly or through others."""
    to_programs: tuple[str, ...] = ()
    """Programs that read its output directly."""

    # -- what it does
    acts: tuple[str, ...] = ()
    """What it does; docs/rules.md lists the words."""
    reads: tuple[str, ...] = ()
    read_places: tuple[str, ...] = ()
    """Classes of the places that it reads."""
    writes: tuple[str, ...] = ()
    write_places: tuple[str, ...] = ()
    """Classes of the places that it writes, creates or moves something to."""
    deletes: tuple[str, ...] = ()
    """What it deletes or moves away."""
    delete_places: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    """Files that it runs."""
    run_places: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    host_kinds: tuple[str, ...] = ()
    """loopback, private, link-local, metadata, raw-ip, odd-number, tunnel, paste, chat, lookalike, registry, code,
    raw-code, shortener, onion, known, unknown, opaque."""
    plain_http: bool = False
    """One of the addresses is reached in clear text."""
    carries: tuple[str, ...] = ()
    """What flows into it from files, pipes, substitutions and variables of the same command: classes of places that
    were read,
    and download, decoded, environment, secret, database, screen, clipboard, memory, remote."""
    packages: tuple[str, ...] = ()
    """Packages that it installs or runs, as written."""
    manager: str = ""
    """Package manager."""
    registries: tuple[str, ...] = ()
    """Hosts or options by which packages come from elsewhere."""
    lookalike_of: str = ""
    """Well-known package or program that a name imitates."""
    targets: tuple[str, ...] = ()
    """Names of processes, services, accounts, branches or resources that it acts upon."""
    mode: str = ""
    """Permissions or owner that it sets."""
    mode_places: tuple[str, ...] = ()
    """Classes of the places whose permissions or owner it changes."""
    variables: tuple[str, ...] = ()
    """Variables set for it that load code, change what is found, or switch a protection off."""
    switches: tuple[str, ...] = ()
    """What the text that it writes to an agent's configuration would change there: hooks-off, unattended,
    servers-approved,
    server, hook, traffic, environment, grant."""
    content: tuple[str, ...] = ()
    """What text that it writes holds: private-key, download-and-run, reverse-shell, encoded-run, install-script,
    orders, spawngate-off,
    runs-at-connect, version-control-runs."""
    server: str = ""
    """Package or program of the MCP server that it starts."""

    # -- honesty
    opaque: tuple[str, ...] = ()
    """What cannot be known: program, arguments, input, code, encoded, options, glob, recursion (a function
    that calls itself)."""
    odd: tuple[str, ...] = ()
    """Spelling that hides something: control, bidirectional, invisible, non-ascii-program, mixed-script, split-name,
    path-pattern, separator."""

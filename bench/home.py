"""The generated home: a developer's machine with some forty agents, and the truth about it.

Belongs here: putting the parts together, and the command that writes one to disk. Must not be here: the
contents of any file, and anything imported from the product.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench import home_agents, home_clients, home_hostile, home_projects, home_surfaces
from bench.builder import Builder, Server, Truth
from bench.canaries import Canary

__all__ = ["Canary", "Server", "Truth", "generate", "main", "summary"]


def generate(
    directory: Path, seed: int = 1, *, state_megabytes: int = 20, hostile: bool = True, big: bool = True
) -> Truth:
    """Write a home, projects inside it and a system root below `directory`, which must be empty or absent.

    Equal seeds give equal contents, but for the absolute paths in them. `state_megabytes` is the size of
    `~/.claude.json`; `hostile` adds damaged and special files; `big` makes some of those hundreds of megabytes
    (on paper) and twenty thousand files. Raises FileExistsError if `directory` holds anything.
    """
    directory = directory.resolve()
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise FileExistsError(f"{directory} is not empty")
    builder = Builder(directory, seed)
    home_agents.write(builder, state_megabytes)
    home_clients.write(builder)
    roots = home_projects.write(builder)
    home_surfaces.write(builder)
    if hostile:
        home_hostile.write(builder, big=big)
    truth = builder.truth(roots)
    # Beside the home and not in it: it holds every canary in clear.
    (directory / "truth.json").write_text(truth.to_json())
    return truth


def summary(truth: Truth) -> str:
    """The generator's own figures, as text."""
    lines = [
        f"agents                {len(truth.agents)}",
        f"servers               {len(truth.servers)}",
        f"  files defining them {len({server.path for server in truth.servers})}",
        f"  by transport        {dict(Counter(server.transport for server in truth.servers))}",
        f"  by scope            {dict(Counter(server.scope for server in truth.servers))}",
        f"canaries              {len(truth.canaries)}",
        f"  types               {len({canary.type for canary in truth.canaries})}",
        f"  places              {dict(Counter(canary.place for canary in truth.canaries))}",
        f"must be named         {len(truth.unreadable)}",
        f"found or named        {len(truth.found_or_named)}",
        f"at least              {truth.counts}",
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Write a home to the folder given and print its figures."""
    parser = argparse.ArgumentParser(prog="python -m bench home", description="Write a generated home.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--state-megabytes", type=int, default=20)
    parser.add_argument("--no-hostile", action="store_true")
    parser.add_argument("--small", action="store_true", help="no huge files")
    options = parser.parse_args(arguments)
    try:
        truth = generate(
            options.directory,
            options.seed,
            state_megabytes=options.state_megabytes,
            hostile=not options.no_hostile,
            big=not options.small,
        )
    except FileExistsError as error:
        print(error, file=sys.stderr)
        return 2
    print(summary(truth))
    return 0

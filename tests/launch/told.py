"""What the analysis says about one command line, for tables in tests.

Left out, because they repeat the line or another fact: the argument vector, names of programs, parts of the purl.
"""

import dataclasses
import shlex

from spawngate.launch.definition import Definition
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.understand import understand

REPEATED = frozenset(
    [
        "env_names",
        "inner_argv",
        "inner_program",
        "package_ecosystem",
        "package_name",
        "package_version",
        "program",
        "program_path",
        "programs",
        "shell_text",
        "transport",
    ]
)


def differing(facts: LaunchFacts) -> dict[str, object]:
    """Every fact that is not neutral, without those that repeat others."""
    return {
        field.name: getattr(facts, field.name)
        for field in dataclasses.fields(facts)
        if field.name not in REPEATED and getattr(facts, field.name) != field.default
    }


def told(line: str, platform: str = "linux", **env: str) -> dict[str, object]:
    """Facts about a line that is split as a shell would."""
    words = shlex.split(line)
    return differing(understand(Definition(command=words[0], args=tuple(words[1:]), env=env, platform=platform)))

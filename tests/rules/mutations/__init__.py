"""The second labelled set of launches: attacks and honest twins, made by mutation from a few seeds.

Belongs here: generation and nothing else; no case is written from what the analysis says. Seeds are the techniques of
tests/fixtures/launch_attacks.json and of the option grammars of each launcher's own help; mutations are spellings of
options, joined and split values, clusters, letter case, quoting, variables instead of options, wrappers around the
command, names as Windows writes them, and other shapes of a definition.
Must not be here: rules, thresholds and known misses (test_mutations).

Families are split into two halves by a hash of their name: `tuning` may be looked at while rules are written, `blind`
only to report its figure.
"""

from collections.abc import Iterator

from tests.rules.mutations.case import Case, Family
from tests.rules.mutations.containers import containers
from tests.rules.mutations.environment import environment
from tests.rules.mutations.honest import honest
from tests.rules.mutations.launchers import launchers
from tests.rules.mutations.names import beyond, names, shapes
from tests.rules.mutations.questions import questions
from tests.rules.mutations.shells import inline, shells

__all__ = ["Case", "cases", "families"]


def families() -> tuple[Family, ...]:
    """All families, attacks first."""
    return (*_attacks(), *questions(), *honest())


def cases() -> tuple[Case, ...]:
    """All cases."""
    return tuple(case for family in families() for case in family.cases)


def _attacks() -> Iterator[Family]:
    yield from shells()
    yield from inline()
    yield from launchers()
    yield from environment()
    yield from containers()
    yield from names()
    yield from shapes()
    yield from beyond()

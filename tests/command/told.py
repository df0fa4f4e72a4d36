"""What is established about a command, for tests: the shortest way from a text to facts."""

from spawngate.command.context import CallContext
from spawngate.command.facts import program_facts
from spawngate.command.parse import read
from spawngate.command.readers import reader_of
from spawngate.command.scene import Scene
from spawngate.command.spawn import Spawn, Word
from spawngate.command.spawn_facts import SpawnFacts
from spawngate.model.call import Dialect

HERE = CallContext(home="/home/dev", cwd="/home/dev/project")
"""Where commands of tests are started."""


def facts(command: str, context: CallContext = HERE, dialect: Dialect = "posix") -> tuple[SpawnFacts, ...]:
    """Facts of every spawn of a command."""
    return program_facts(read(command, dialect), context)


def acts(command: str, context: CallContext = HERE) -> tuple[str, ...]:
    """Everything that the spawns of a command do, sorted."""
    return tuple(sorted({act for each in facts(command, context) for act in each.acts}))


def tried(program: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """What a program's reader says about any words at all."""
    scene = Scene(Spawn(tuple(Word(text) for text in (program, *words))), HERE)
    reader = reader_of(program)
    assert reader is not None
    reader(scene)
    return tuple(scene.acts)

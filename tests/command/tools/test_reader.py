"""Tables of readers from groups of names."""

from spawngate.command.scene import Scene
from spawngate.command.tools.reader import readers


def _one(scene: Scene) -> None:
    scene.act("kill")


def _two(scene: Scene) -> None:
    scene.act("power")


def test_each_name_has_its_reader() -> None:
    assert readers(("a b", _one), ("c", _two)) == {"a": _one, "b": _one, "c": _two}

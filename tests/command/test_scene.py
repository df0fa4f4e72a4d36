"""The collector that readers write to."""

from spawngate.command.scene import MOST, Scene
from spawngate.command.spawn import Spawn, Word
from tests.command.told import HERE


def _scene(*words: str, cwd: str = "") -> Scene:
    return Scene(Spawn(tuple(map(Word, words)), cwd=cwd), HERE)


def test_paths_bring_their_places() -> None:
    scene = _scene("x", cwd="/etc")
    scene.read("passwd")
    scene.write("a", "")
    scene.delete("~")
    scene.run("/tmp/x")
    assert (list(scene.reads), scene.read_places) == (["passwd"], {"accounts", "system-config"})
    assert (list(scene.writes), scene.write_places) == (["a"], {"system-config"})
    assert (scene.delete_places, scene.run_places) == ({"home"}, {"temporary"})


def test_the_last_of_many_paths_counts() -> None:
    scene = _scene("rm")
    scene.delete(*(f"a{number}" for number in range(1_000)), "~")
    assert scene.delete_places == {"project", "home"}


def test_hosts_bring_their_kinds() -> None:
    scene = _scene("x")
    scene.host("http://203.0.113.7/", "", "not a host at all")
    assert (list(scene.hosts), scene.host_kinds, scene.plain_http) == (["203.0.113.7"], {"raw-ip"}, True)


def test_arguments_tell_the_subcommand_once() -> None:
    scene = _scene("git", "remote", "add", "x")
    scene.arguments()
    assert scene.subcommand == "remote add"


def test_only_so_many_of_a_kind() -> None:
    scene = _scene("x")
    scene.read(*(f"a{number}" for number in range(MOST + 50)))
    scene.package(*(f"a{number}" for number in range(MOST + 50)))
    assert (len(scene.reads), len(scene.packages)) == (MOST, MOST)

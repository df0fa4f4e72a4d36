"""What names of packages say."""

import pytest

from spawngate.command.arguments import read_arguments
from spawngate.command.scene import Scene
from spawngate.command.spawn import Spawn, Word
from spawngate.command.tools.specifiers import indexes, install, registry_words, removed, specifiers
from tests.command.told import HERE


def _scene() -> Scene:
    return Scene(Spawn((Word("x"),)), HERE)


@pytest.mark.parametrize(
    ("ecosystem", "name", "acts"),
    [
        ("npm", "lodash@4.17.21", ()),
        ("npm", "lodash", ("package-unpinned",)),
        ("npm", "lodash@^4.0.0", ("package-unpinned",)),
        ("npm", "@acme/a@1.0.0", ()),
        ("npm", "org/tool", ("package-git", "package-unpinned", "package-stranger")),
        ("npm", "expressjs/express", ("package-git", "package-unpinned")),
        ("npm", "git+ssh://git@git.example.net/a.git#v1.2.3", ("package-git",)),
        ("npm", "https://x.example.net/a.tgz", ("package-url",)),
        ("npm", "x.example.net/a.tgz", ("package-url",)),
        ("npm", "./a", ("package-local",)),
        ("npm", "a@file:../b", ("package-local",)),
        ("pypi", "requests==2.32.0", ()),
        ("pypi", "requests>=2", ("package-unpinned",)),
        ("pypi", "a @ git+https://git.example.net/a.git@main", ("package-git", "package-unpinned", "package-stranger")),
        ("pypi", "a@git+https://github.com/stranger/a", ("package-git", "package-unpinned", "package-stranger")),
        ("pypi", "git+https://github.com/psf/requests", ("package-git", "package-unpinned")),
        ("pypi", "./a.whl", ("package-local",)),
        ("pypi", "reqeusts==1.0", ("package-lookalike",)),
        ("go", "example.com/x@v1.2.3", ()),
        ("go", "example.com/x@latest", ("package-unpinned",)),
        ("cargo", "serde@1.0.1", ()),
        ("gem", "rails:7.0", ()),
    ],
)
def test_specifiers(ecosystem: str, name: str, acts: tuple[str, ...]) -> None:
    scene = _scene()
    specifiers(scene, ecosystem, [name])
    assert (tuple(scene.acts), tuple(scene.packages)) == (acts, (name,))


def test_installing_names_and_everything() -> None:
    scene = _scene()
    install(scene, "npm", ["a@1.0.0"], whole=True)
    assert tuple(scene.acts) == ("package-install-all", "package-install")


@pytest.mark.parametrize(
    ("value", "acts", "registries"),
    [
        ("https://p.example.net/simple", ("package-index",), ("p.example.net",)),
        ("https://registry.npmjs.org", (), ()),
        ("my-mirror", (), ("my-mirror",)),
        ("./wheels", ("package-index",), ("./wheels",)),
    ],
)
def test_indexes(value: str, acts: tuple[str, ...], registries: tuple[str, ...]) -> None:
    scene = _scene()
    indexes(scene, read_arguments(("--index", value), ("--index",)), ("--index",), ())
    assert (tuple(scene.acts), tuple(scene.registries)) == (acts, registries)


def test_words_of_a_setting_and_removal() -> None:
    scene = _scene()
    registry_words(scene, ["registry", "https://p.example.net/"])
    assert tuple(scene.registries) == ("p.example.net",)
    removed(scene, ["a", "spawngate"])
    assert tuple(scene.acts) == ("package-remove", "spawngate-off")

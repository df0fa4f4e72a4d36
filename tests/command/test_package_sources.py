"""Where a package tool is told to fetch from."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.package_sources import (
    FETCHES,
    KNOWN_OWNERS,
    PUBLIC_CHANNELS,
    REPLACES,
    UNCHECKED,
    from_repository,
    owner_of,
    package_sources,
)
from spawngate.command.scene import Scene
from spawngate.command.spawn import Spawn, Word
from tests.command.told import HERE

ACTS = ("package-elsewhere", "package-git", "package-stranger", "package-unchecked", "package-unpinned")


def _scene(text: str) -> Scene:
    program, *words = text.split(" ")
    scene = Scene(Spawn(tuple(map(Word, (program, *words)))), HERE)
    package_sources(scene)
    return scene


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("gem sources --add https://p.example.net", ("package-elsewhere",)),
        ("gem sources --remove https://rubygems.org", ("package-elsewhere",)),
        ("bundle config mirror.all https://p.example.net", ("package-elsewhere",)),
        ("composer config -g repo.packagist composer https://p.example.net", ("package-elsewhere",)),
        ("composer config -g disable-tls true", ("package-unchecked",)),
        ("mix hex.repo add mine https://p.example.net", ("package-elsewhere",)),
        ("mix archive.install github stranger/x", ("package-git", "package-stranger", "package-unpinned")),
        ("opam install --no-checksums x", ("package-unchecked",)),
        ("nix run github:stranger/x", ("package-git", "package-stranger", "package-unpinned")),
        ("nix run github:NixOS/nixpkgs#jq", ("package-git", "package-unpinned")),
        ("nix build --option require-sigs false", ("package-unchecked",)),
        ("mvn --settings https://p.example.net/s.xml install", ("package-elsewhere",)),
        ("mvn -s /tmp/s.xml install", ("package-elsewhere",)),
        ("gradlew --init-script https://p.example.net/i.gradle build", ("package-elsewhere",)),
        ("helm install x oci://p.example.net/chart", ("package-elsewhere",)),
        ("helm plugin install https://github.com/stranger/x", ("package-git", "package-stranger", "package-unpinned")),
        ("terraform init -from-module=https://p.example.net/m.zip", ("package-elsewhere",)),
        ("conda config --add channels stranger", ("package-elsewhere",)),
        ("conda config --add channels conda-forge", ()),
        ("yarn config set npmRegistryServer https://p.example.net", ("package-elsewhere",)),
        ("cargo build --config source.crates-io.replace-with='mine'", ("package-elsewhere",)),
        ("go mod edit -replace=golang.org/x/a=git.example.net/a@v1", ("package-elsewhere",)),
        ("go mod edit -replace=golang.org/x/a=../a", ()),
        ("dnf copr enable stranger/x", ("package-elsewhere",)),
        ("yum --disablerepo=* --enablerepo=mine install x", ("package-elsewhere",)),
        ("swift package --disable-sandbox plugin x", ("package-unchecked",)),
        ("mvn -Dsonar.host.url=https://sonar.example.net verify", ()),
        ("helm upgrade x ./chart --set url=https://app.example.net", ()),
        ("bundle exec rake crawl[https://example.net]", ()),
        ("flutter run --dart-define=API=https://api.example.net", ()),
        ("gem install rails --source https://rubygems.org", ()),
        ("ls https://p.example.net", ()),
    ],
)
def test_acts(text: str, acts: tuple[str, ...]) -> None:
    assert tuple(sorted(_scene(text).acts)) == acts


@pytest.mark.parametrize(
    ("value", "owner"),
    [
        ("https://github.com/Stranger/Tool.git", "stranger"),
        ("github:stranger/tool", "stranger"),
        ("git@github.com:stranger/tool.git", "stranger"),
        ("ssh://git@gitlab.com/stranger/tool", "stranger"),
        ("github.com/stranger/tool", "stranger"),
        ("https://git.example.net/stranger/tool", ""),
        ("https://github.com.example.net/psf/requests", ""),
        ("", ""),
    ],
)
def test_owner(value: str, owner: str) -> None:
    assert owner_of(value) == owner


@pytest.mark.parametrize(
    ("value", "pinned", "acts"),
    [
        ("git+https://github.com/stranger/x", False, ("package-git", "package-stranger", "package-unpinned")),
        ("git+https://github.com/psf/x@main", False, ("package-git", "package-unpinned")),
        ("git+https://git.example.net/psf/x", False, ("package-git", "package-stranger", "package-unpinned")),
        ("git+https://github.com/stranger/x@v1.2", False, ("package-git",)),
        ("github:stranger/x#0123abc", False, ("package-git",)),
        ("https://github.com/stranger/x", True, ("package-git",)),
    ],
)
def test_from_repository(value: str, pinned: bool, acts: tuple[str, ...]) -> None:
    scene = Scene(Spawn((Word("x"),)), HERE)
    from_repository(scene, value, pinned=pinned)
    assert tuple(sorted(scene.acts)) == acts


def test_tables() -> None:
    names = [*FETCHES, *UNCHECKED, *REPLACES, *KNOWN_OWNERS, *PUBLIC_CHANNELS]
    assert [name for name in names if name != name.lower()] == []


@given(
    st.sampled_from(sorted({*FETCHES, *UNCHECKED, *REPLACES})),
    st.lists(st.one_of(st.text(max_size=30), st.sampled_from(["install", "--source", "https://x.example/", "a=b"]))),
)
def test_any_words(program: str, words: list[str]) -> None:
    scene = Scene(Spawn(tuple(map(Word, (program, *words)))), HERE)
    package_sources(scene)
    assert set(scene.acts) <= set(ACTS)


@pytest.mark.parametrize("program", sorted({*FETCHES, *UNCHECKED, *REPLACES}))
@pytest.mark.parametrize("piece", ["--settings ", "--disablerepo=* ", "install -s ", "require-sigs  ", "a.b=https://"])
def test_long_words_cost_little(program: str, piece: str) -> None:
    scene = Scene(Spawn(tuple(map(Word, (program, *(piece * 4000).split(" "))))), HERE)
    start = time.process_time()
    package_sources(scene)
    assert time.process_time() - start < 0.2

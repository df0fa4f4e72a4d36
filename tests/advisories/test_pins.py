"""What version texts of launchers, images and git say."""

import pytest

from spawngate.advisories import pins
from spawngate.advisories.pins import Interval, Kind, Pin


@pytest.mark.parametrize(
    ("text", "kind", "version", "interval"),
    [
        ("1.2.3", "exact", "1.2.3", None),
        ("=v1.2.3-rc.1", "exact", "1.2.3-rc.1", None),
        ("", "newest", "", None),
        ("latest", "newest", "", None),
        ("next", "newest", "", None),
        ("*", "newest", "", None),
        ("$VERSION", "unknown", "", None),
        ("${VERSION}", "unknown", "", None),
        ("^1.2.3", "range", "", Interval("1.2.3", "2.0.0-0")),
        ("^0.1.5", "range", "", Interval("0.1.5", "0.2.0-0")),
        ("^0.0.5", "range", "", Interval("0.0.5", "0.0.6-0")),
        ("~1.2.3", "range", "", Interval("1.2.3", "1.3.0-0")),
        ("~1", "range", "", Interval("1.0.0", "2.0.0-0")),
        ("1.x", "range", "", Interval("1.0.0", "2.0.0-0")),
        ("1.2", "range", "", Interval("1.2.0", "1.3.0-0")),
        (">=1.2.3", "range", "", Interval("1.2.3")),
        ("<2", "range", "", Interval(None, "2.0.0")),
        ("<=2.0.0", "range", "", Interval(None, "2.0.0", False)),
        (">=1.0.0 <2.0.0", "range", "", Interval("1.0.0", "2.0.0")),
        ("1.0.0 - 1.5.0", "range", "", Interval("1.0.0", "1.5.0", False)),
        (">>>", "unknown", "", None),
    ],
)
def test_npm(text: str, kind: str, version: str, interval: Interval | None) -> None:
    assert pins.from_npm(text) == Pin(Kind(kind), text, version, (interval,) if interval else ())


def test_npm_alternatives() -> None:
    expected = (Interval("1.0.0", "2.0.0-0"), Interval("3.0.0", "3.0.0", False))
    assert pins.from_npm("^1.0.0 || 3.0.0").intervals == expected


@pytest.mark.parametrize(
    ("text", "kind", "version", "interval"),
    [
        ("1.82.7", "exact", "1.82.7", None),
        ("==1.82.7", "exact", "1.82.7", None),
        ("", "newest", "", None),
        ("latest", "newest", "", None),
        (">=1.83.7", "range", "", Interval("1.83.7")),
        (">=1,<2", "range", "", Interval("1", "2")),
        ("<=2", "range", "", Interval(None, "2", False)),
        ("~=1.4.2", "range", "", Interval("1.4.2", "1.5.dev0")),
        ("==1.4.*", "range", "", Interval("1.4", "1.5.dev0")),
        ("!=1.0", "range", "", Interval()),
        (">=1,==1.5", "exact", "1.5", None),
        ("$V", "unknown", "", None),
        ("what?", "unknown", "", None),
    ],
)
def test_pypi(text: str, kind: str, version: str, interval: Interval | None) -> None:
    assert pins.from_pypi(text) == Pin(Kind(kind), text, version, (interval,) if interval else ())


@pytest.mark.parametrize(
    ("reference", "name", "kind", "version"),
    [
        ("flowiseai/flowise:3.0.5", "flowiseai/flowise", "exact", "3.0.5"),
        ("docker.io/flowiseai/flowise:latest", "flowiseai/flowise", "newest", ""),
        ("flowiseai/flowise", "flowiseai/flowise", "newest", ""),
        ("ghcr.io/berriai/litellm:main-v1.82.0-stable", "ghcr.io/berriai/litellm", "exact", "1.82.0"),
        ("ghcr.io/berriai/litellm:v1.83.6-nightly", "ghcr.io/berriai/litellm", "exact", "1.83.6-nightly"),
        ("ghcr.io/berriai/litellm:main-latest", "ghcr.io/berriai/litellm", "newest", ""),
        ("localhost:5000/x/y:1.5", "localhost:5000/x/y", "range", ""),
        ("docker.io/library/node:22-alpine", "node", "range", ""),
        (f"x/y@sha256:{'0' * 64}", "x/y", "digest", ""),
        (f"x/y:1.2.3@sha256:{'0' * 64}", "x/y", "exact", "1.2.3"),
        ("x/y:sha-0123abc", "x/y", "newest", ""),
        ("x/y:${TAG}", "x/y", "unknown", ""),
        ("danny-avila/librechat:v0.8.2-rc1", "danny-avila/librechat", "exact", "0.8.2-rc1"),
    ],
)
def test_images(reference: str, name: str, kind: str, version: str) -> None:
    found = pins.from_image(reference)
    assert found is not None
    assert (found[0], found[1].kind, found[1].version) == (name, Kind(kind), version)


def test_what_is_no_image() -> None:
    assert [pins.from_image(text) for text in ("", "${IMAGE}", "A B", "../x")] == [None] * 4


@pytest.mark.parametrize(
    ("text", "kind", "version"),
    [
        ("v1.2.3", "exact", "1.2.3"),
        ("refs/tags/v2.0", "exact", "2.0"),
        ("@scope/pkg@1.2.3", "exact", "1.2.3"),
        ("v0.8.2-rc2", "exact", "0.8.2-rc2"),
        ("", "newest", ""),
        ("main", "newest", ""),
        ("feature/x", "branch", ""),
        ("0123456789abcdef0123456789abcdef01234567", "commit", ""),
        ("abc1234", "commit", ""),
        ("${REF}", "unknown", ""),
    ],
)
def test_git(text: str, kind: str, version: str) -> None:
    assert pins.from_git(text) == Pin(Kind(kind), text, version)


def test_installed() -> None:
    assert pins.exact(" 1.0 ") == Pin(Kind.EXACT, "1.0", "1.0")
    assert pins.exact("") == pins.UNREADABLE
    assert pins.of("Go", "v1.2.3") == Pin(Kind.EXACT, "v1.2.3", "v1.2.3")
    assert pins.of("Go", "latest") == Pin(Kind.NEWEST, "latest")

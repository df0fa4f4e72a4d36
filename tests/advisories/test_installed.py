"""What metadata files say."""

import plistlib

import pytest

from spawngate.advisories import installed


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("litellm-1.82.7.dist-info", ("litellm", "1.82.7")),
        ("gpt_researcher-0.14.7.dist-info", ("gpt_researcher", "0.14.7")),
        ("mcp-1.9.3-py3.11.egg-info", ("mcp", "1.9.3")),
        ("zope.interface-6.0.dist-info", ("zope.interface", "6.0")),
        ("~itellm-1.82.7.dist-info", None),
        ("litellm", None),
        ("x.dist-info", None),
    ],
)
def test_distribution(folder: str, expected: tuple[str, str] | None) -> None:
    assert installed.distribution(folder) == expected


def test_package() -> None:
    assert installed.package('{"name": "flowise", "version": "3.0.5"}') == ("flowise", "3.0.5")
    assert installed.package('{"name": "x"}') == ("x", "")
    assert [installed.package(text) for text in ("", "[", "[]", '{"name": 7}')] == [None] * 4


def known(name: str) -> bool:
    return name in ("Cursor", "Windsurf")


def test_application_prefers_its_own_number() -> None:
    product = '{"nameLong": "Cursor", "version": "2.4.1", "vscodeVersion": "1.99.3"}'
    assert installed.application(product, '{"name": "cursor", "version": "1.99.3"}', known) == ("Cursor", "2.4.1")
    product = '{"nameShort": "Windsurf", "windsurfVersion": "1.9544.26"}'
    assert installed.application(product, '{"version": "1.99.3"}', known) == ("Windsurf", "1.9544.26")
    assert installed.application("", '{"productName": "Cursor", "version": "1.2.4"}', known) == ("Cursor", "1.2.4")
    assert installed.application('{"nameLong": "Cursor"}', "", known) == ("Cursor", "")
    assert installed.application('{"nameLong": "Other"}', "{", known) is None


def test_bundle() -> None:
    data = plistlib.dumps({"CFBundleName": "Cursor", "CFBundleShortVersionString": "1.3.9"})
    assert installed.bundle(data, known) == ("Cursor", "1.3.9")
    assert installed.bundle(b"nonsense", known) is None
    assert installed.bundle(plistlib.dumps([1]), known) is None


def test_visual_studio() -> None:
    text = '{"catalogInfo": {"productLineVersion": "2022", "productDisplayVersion": "17.14.11 (August 2025)"}}'
    assert installed.visual_studio(text) == ("Visual Studio 2022", "17.14.11")
    assert installed.visual_studio("{}") is None


CONFIG = '[core]\n\tbare = false\n[remote "up"]\n\turl = https://github.com/other/x\n'
CONFIG += '[remote "origin"]\n\turl = {}\n\tfetch = +a:b\n'


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/arc53/DocsGPT.git", "arc53/DocsGPT"),
        ("git@github.com:arc53/DocsGPT.git", "arc53/DocsGPT"),
        ("https://user@github.com/arc53/DocsGPT", "arc53/DocsGPT"),
        ("https://gitlab.com/arc53/DocsGPT.git", None),
    ],
)
def test_origin(url: str, expected: str | None) -> None:
    assert installed.origin(CONFIG.format(url)) == expected


def test_tag_of_head() -> None:
    commit, other = "a" * 40, "b" * 40
    packed = f"# pack-refs\n{commit} refs/heads/main\n{other} refs/tags/0.15.0\n^{commit}\n{other} refs/tags/nightly\n"
    assert installed.head("ref: refs/heads/main\n", packed, lambda _: "") == commit
    assert installed.head("ref: refs/heads/main\n", "", lambda ref: f"{commit} {ref}"[:40]) == commit
    assert installed.head(commit, "", lambda _: "") == commit
    assert installed.head("ref: ../../etc/passwd", "", lambda _: "x") == ""
    assert installed.tag(commit, packed) == "0.15.0"
    assert installed.tag("", packed) == ""


@pytest.mark.parametrize(
    ("name", "text", "version"),
    [
        ("package.json", '{"name": "flowise", "version": "3.0.5"}', "3.0.5"),
        ("pyproject.toml", '[project]\nname = "x"\nversion = "0.14.7"\n', "0.14.7"),
        ("application/version.py", '"""v"""\n\n__version__ = "0.15.0"\n', "0.15.0"),
        ("VERSION", "v1.2.3\n", "v1.2.3"),
        ("VERSION", "see the tag", ""),
        ("pyproject.toml", "dynamic = []", ""),
    ],
)
def test_stated(name: str, text: str, version: str) -> None:
    assert installed.stated(name, text) == version

"""Lock files and requirements of Python projects."""

import json

import pytest

from spawngate.advisories.locks import Locked, read
from spawngate.advisories.pins import exact, from_git, from_pypi

LITELLM = Locked("PyPI", "litellm", exact("1.82.7"))


@pytest.mark.parametrize("name", ["poetry.lock", "uv.lock", "pdm.lock"])
def test_package_tables(name: str) -> None:
    text = (
        'version = 1\n\n[[package]]\nname = "litellm"\nversion = "1.82.7"\n\n'
        '[[package]]\nname = "own"\nversion = "0.1.0"\nsource = { editable = "." }\n\n'
        '[[package]]\nname = "cloned"\nversion = "1"\nsource = { git = "https://github.com/o/r?tag=v2.0.0#abc" }\n'
    )
    assert read(name, text) == ((LITELLM, Locked("GitHub", "o/r", from_git("v2.0.0"))), ())


def test_poetry_git_source() -> None:
    text = '[[package]]\nname = "c"\nversion = "1"\n[package.source]\ntype = "git"\n'
    text += 'url = "https://github.com/o/r.git"\nreference = "main"\n'
    assert read("poetry.lock", text) == ((Locked("GitHub", "o/r", from_git("main")),), ())


@pytest.mark.parametrize("name", ["pylock.toml", "pylock.dev.toml"])
def test_pylock(name: str) -> None:
    text = 'lock-version = "1.0"\n[[packages]]\nname = "litellm"\nversion = "1.82.7"\n'
    assert read(name, text) == ((LITELLM,), ())


def test_pipfile() -> None:
    document = {
        "_meta": {"hash": {}},
        "default": {"litellm": {"version": "==1.82.7"}, "x": {"git": "https://github.com/o/r.git", "ref": "v1.0.0"}},
        "develop": {"mcp": {"version": "==1.9.3"}},
    }
    litellm = Locked("PyPI", "litellm", from_pypi("==1.82.7"))
    expected = (litellm, Locked("GitHub", "o/r", from_git("v1.0.0")), Locked("PyPI", "mcp", from_pypi("==1.9.3")))
    assert read("Pipfile.lock", json.dumps(document)) == (expected, ())


REQUIREMENTS = """
# comment
--index-url https://pypi.example/simple
-r other.txt
litellm==1.82.7 \\
    --hash=sha256:00 \\
    --hash=sha256:11
fastmcp[cli] == 2.12.0 ; python_version > "3.9"   # why
mcp>=1.23.0,<2
starlette
git+https://github.com/o/r@v1.0.0#egg=r
./local
https://files.example/x.whl
"""


def test_requirements() -> None:
    packages, problems = read("requirements-dev.txt", REQUIREMENTS)
    assert problems == ()
    assert [(item.name, item.pin) for item in packages] == [
        ("litellm", from_pypi("==1.82.7")),
        ("fastmcp", from_pypi("==2.12.0")),
        ("mcp", from_pypi(">=1.23.0,<2")),
        ("starlette", from_pypi("")),
        ("o/r", from_git("v1.0.0")),
    ]


def test_lines_that_are_no_requirements_are_counted() -> None:
    packages, problems = read("requirements.txt", "litellm==1.82.7\n?? what\n{% if x %}\n")
    assert [item.name for item in packages] == ["litellm"]
    assert [(one.reason, one.message) for one in problems] == [("unknown-shape", "2 lines are no requirements")]


@pytest.mark.parametrize("name", ["poetry.lock", "Pipfile.lock", "pylock.toml", "requirements.txt"])
@pytest.mark.parametrize("text", ["\x00", "[[package", "{", "package = 7"])
def test_nonsense_is_no_error(name: str, text: str) -> None:
    assert read(name, text)[0] == ()
    assert read(name, text)[1] != ()


def test_one_bad_table_loses_itself_only() -> None:
    text = '[[package]]\nname = "litellm"\nversion = "1.82.7"\n\n[[package]]\nname = broken\n'
    packages, problems = read("uv.lock", text)
    assert packages == (LITELLM,)
    assert [problem.reason for problem in problems] == ["malformed"]

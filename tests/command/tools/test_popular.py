"""Names that imitate well-known packages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.tools.popular import NPM, PYPI, imitated


@pytest.mark.parametrize(
    ("specifier", "ecosystem", "known"),
    [
        ("loadsh", "npm", "lodash"),
        ("expresss", "npm", "express"),
        ("cross-env.js", "npm", "cross-env"),
        ("reqeusts", "pypi", "requests"),
        ("requestss==2.0", "pypi", "requests"),
        ("djnago", "pypi", "django"),
        ("python-dateutill", "pypi", "python-dateutil"),
    ],
)
def test_imitations(specifier: str, ecosystem: str, known: str) -> None:
    assert imitated(specifier, ecosystem) == known


@pytest.mark.parametrize(
    ("specifier", "ecosystem"),
    [("lodash@4.17.21", "npm"), ("lodash-es", "npm"), ("requests[socks]>=2", "pypi"), ("python_dateutil", "pypi"),
     ("my-own-package", "npm"), ("@acme/react", "npm"), ("x", "npm"), ("./local", "npm"), ("tomli", "pypi")],
)  # fmt: skip
def test_ordinary_names(specifier: str, ecosystem: str) -> None:
    assert imitated(specifier, ecosystem) == ""


@pytest.mark.parametrize("ecosystem", ["npm", "pypi"])
def test_no_known_package_imitates_another(ecosystem: str) -> None:
    names = NPM if ecosystem == "npm" else PYPI
    assert [(name, imitated(name, ecosystem)) for name in sorted(names) if imitated(name, ecosystem)] == []


@given(st.text(max_size=40), st.sampled_from(["npm", "pypi", "cargo"]))
def test_any_text_has_an_answer(text: str, ecosystem: str) -> None:
    assert isinstance(imitated(text, ecosystem), str)


@pytest.mark.parametrize(
    ("specifier", "ecosystem", "known"),
    [
        ("serde_jsonn", "cargo", "serde_json"),
        ("serde-json", "cargo", ""),
        ("serde_yaml", "cargo", ""),
        ("nokogirri", "gem", "nokogiri"),
        ("rspec-rails", "gem", ""),
        ("github.com/siruspen/logrus", "go", "github.com/sirupsen/logrus"),
        ("github.com/sirupsen/logrus@v1.9.3", "go", ""),
        ("github.com/redis/go-redis/v9", "go", ""),
        ("@types/expresss", "npm", "express"),
        ("@types/express", "npm", ""),
        ("reacct", "npm", "react"),
    ],
)
def test_other_ecosystems(specifier: str, ecosystem: str, known: str) -> None:
    assert imitated(specifier, ecosystem) == known

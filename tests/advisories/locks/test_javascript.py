"""Lock files of npm, Yarn, pnpm and Bun, in every version of their formats."""

import json

import pytest

from spawngate.advisories.locks import Locked, read
from spawngate.advisories.pins import exact, from_git

REMOTE = Locked("npm", "mcp-remote", exact("0.1.15"))
SDK = Locked("npm", "@modelcontextprotocol/sdk", exact("1.12.1"))


def found(name: str, text: str) -> set[Locked]:
    packages, problems = read(name, text)
    assert problems == ()
    assert len(set(packages)) == len(packages)
    return set(packages)


@pytest.mark.parametrize("version", [2, 3])
def test_package_lock_with_packages(version: int) -> None:
    document = {
        "lockfileVersion": version,
        "packages": {
            "": {"name": "own", "version": "1.0.0"},
            "node_modules/mcp-remote": {"version": "0.1.15"},
            "node_modules/a/node_modules/@modelcontextprotocol/sdk": {"version": "1.12.1"},
            "node_modules/alias": {"name": "real", "version": "2.0.0"},
            "node_modules/linked": {"resolved": "packages/linked", "link": True},
            "node_modules/cloned": {"version": "1.0.0", "resolved": "git+ssh://git@github.com/o/r.git#v1.2.3"},
        },
    }
    expected = {REMOTE, SDK, Locked("npm", "real", exact("2.0.0")), Locked("GitHub", "o/r", from_git("v1.2.3"))}
    assert found("package-lock.json", json.dumps(document)) == expected


def test_package_lock_of_version_one() -> None:
    inner = {"@modelcontextprotocol/sdk": {"version": "1.12.1"}}
    document = {
        "lockfileVersion": 1,
        "dependencies": {
            "mcp-remote": {"version": "0.1.15", "dependencies": inner},
            "alias": {"version": "npm:real@2.0.0"},
            "cloned": {"version": "github:o/r#abcdef1"},
        },
    }
    expected = {REMOTE, SDK, Locked("npm", "real", exact("2.0.0")), Locked("GitHub", "o/r", from_git("abcdef1"))}
    assert found("npm-shrinkwrap.json", json.dumps(document)) == expected


YARN_1 = """# yarn lockfile v1


"@modelcontextprotocol/sdk@^1.0.0", "@modelcontextprotocol/sdk@^1.12.0":
  version "1.12.1"
  resolved "https://registry.example/@modelcontextprotocol/sdk/-/sdk-1.12.1.tgz#0"
  integrity sha512-x
  dependencies:
    version "9.9.9"

mcp-remote@^0.1.0:
  version "0.1.15"

"cloned@https://github.com/o/r.git":
  version "1.0.0"
  resolved "https://github.com/o/r.git#0123456789abcdef0123456789abcdef01234567"
"""
YARN_2 = """__metadata:
  version: 8

"@modelcontextprotocol/sdk@npm:^1.0.0, @modelcontextprotocol/sdk@npm:^1.12.0":
  version: 1.12.1
  resolution: "@modelcontextprotocol/sdk@npm:1.12.1"
  languageName: node

"alias@npm:real@^2.0.0":
  version: 2.0.0
  resolution: "real@npm:2.0.0"

"mcp-remote@npm:^0.1.0":
  version: 0.1.15
  resolution: "mcp-remote@npm:0.1.15"

"own@workspace:.":
  version: 0.0.0-use.local
  resolution: "own@workspace:."
"""


def test_yarn() -> None:
    cloned = Locked("GitHub", "o/r", from_git("0123456789abcdef0123456789abcdef01234567"))
    assert found("yarn.lock", YARN_1) == {REMOTE, SDK, cloned}
    assert found("yarn.lock", YARN_2) == {REMOTE, SDK, Locked("npm", "real", exact("2.0.0"))}


PNPM = {
    5: "lockfileVersion: 5.4\n\npackages:\n\n  /@modelcontextprotocol/sdk/1.12.1_zod@3.0.0:\n    dev: false\n\n"
    "  /mcp-remote/0.1.15:\n    dev: true\n",
    6: "lockfileVersion: '6.0'\n\npackages:\n\n  /@modelcontextprotocol/sdk@1.12.1(zod@3.0.0):\n    dev: false\n\n"
    "  /mcp-remote@0.1.15:\n    dev: true\n",
    9: "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      x:\n        version: 1\n\npackages:\n\n"
    "  '@modelcontextprotocol/sdk@1.12.1':\n    resolution: {integrity: x}\n\nsnapshots:\n\n"
    "  '@modelcontextprotocol/sdk@1.12.1(zod@3.0.0)':\n    dependencies:\n      zod: 3.0.0\n\n"
    "  mcp-remote@0.1.15: {}\n",
}


@pytest.mark.parametrize("version", PNPM)
def test_pnpm(version: int) -> None:
    assert found("pnpm-lock.yaml", PNPM[version]) == {REMOTE, SDK}


def test_bun() -> None:
    text = '{"lockfileVersion": 1, "packages": {"a": ["mcp-remote@0.1.15", "", {}, "sha512-x"],\n'
    text += '"b/c": ["@modelcontextprotocol/sdk@1.12.1", "", {}],},}'
    assert found("bun.lock", text) == {REMOTE, SDK}


@pytest.mark.parametrize("name", ["package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"])
@pytest.mark.parametrize("text", ["\x00\x01", "[1, 2", '{"packages": 7}', "- a\n- b: [", "key: \n  - {"])
def test_nonsense_is_a_problem_and_not_an_error(name: str, text: str) -> None:
    packages, problems = read(name, text)
    assert packages == ()
    assert problems != () or name in ("package-lock.json", "bun.lock")


def test_good_neighbours_of_a_bad_part_are_kept() -> None:
    text = '{"packages": {"node_modules/mcp-remote": {"version": "0.1.15"}, "node_modules/x": {"version": 7},\n'
    text += '"y": 3}} trailing'
    packages, problems = read("package-lock.json", text)
    assert set(packages) == {REMOTE}
    assert [problem.reason for problem in problems] == ["malformed"]

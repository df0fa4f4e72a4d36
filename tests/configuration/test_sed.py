"""Scripts of sed give what sed gives, or are refused."""

import shutil
import subprocess
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.configuration.sed import NotUnderstood, run

TEXT = '{\n  "theme": "dark",\n  "a/b": 1,\n  "x.y": [1, 2]\n}\n'
SCRIPTS = [
    "s/dark/light/",
    's|"dark"|"light"|g',
    "/theme/d",
    "2d",
    "2,3d",
    "$d",
    "/theme/,/x/d",
    "/theme/!d",
    r"s/\(the\)me/\1X/",
    r's/"\(theme\)": "[^"]*"/"\1": "z"/',
    "s/a\\/b/c/",
    "s#a/b#c/d#",
    's/[[:space:]]*"a/ "b/',
    "s/x\\.y/q/;s/q/r/",
    "/theme/s/dark/<&>/",
    "s/DARK/light/I",
    "s/[0-9]/N/2",
    "s/\\(1\\|2\\)/N/g",
    "s/1\\{1,2\\}/N/",
    "s/(/[/",
    "s/a+/b/",
    '/theme/a\\  "k": 1,',
    "1i // x",
    "2c\\  changed",
    "/nothing/d",
    "s/$/,/",
    "s/^ */\\t/",
    "s/x*/-/g",
    "s/.*/-/g",
    "3,2d",
    "3,3s/e/E/",
    "3,2s/x/y/",
    "s/dark/a\\&b/",
    "/theme/,2d",
    "s/$.*/x/",
]


@pytest.mark.skipif(shutil.which("sed") is None, reason="sed is not installed")
@pytest.mark.parametrize("script", SCRIPTS)
def test_agrees_with_sed(script: str) -> None:
    answer = subprocess.run(
        [shutil.which("sed") or "sed", script], input=TEXT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0
    assert run([script], TEXT) == answer.stdout


@pytest.mark.skipif(shutil.which("sed") is None, reason="sed is not installed")
@pytest.mark.parametrize(
    "script", [r's/"(theme)": "[^"]*"/"\1": "z"/', "s/(1|2)/N/g", "s/a+/b/", "s/[0-9]{1}/N/", r"s/\(/x/"]
)
def test_agrees_with_extended_sed(script: str) -> None:
    answer = subprocess.run(
        [shutil.which("sed") or "sed", "-E", script], input=TEXT, capture_output=True, text=True, check=False
    )
    assert run([script], TEXT, extended=True) == answer.stdout


def test_without_a_line_end() -> None:
    assert run(["s/a/b/"], "a") == "b"
    assert run(["d"], "a\n") == ""
    assert run(["s/a/b/"], "") == ""


@pytest.mark.parametrize(
    "script",
    [
        "y/a/b/",
        "s/a/b/e",
        "s/a/b/w f",
        "N",
        "s/a",
        "s/a/\\U&/",
        "s/a/\\1/",
        "e id",
        "r f",
        "{p}",
        "s/(/",
        "s/a/b/2g",
        "0,/a/d",
        "s//b/",
        "s/a/b\\x41/",
        "s/a/b/0",
        "$a",
        "a\\",
        "s/dark/x\\n/;s/x/y/",
    ],
)
def test_refused(script: str) -> None:
    with pytest.raises(NotUnderstood):
        run([script], TEXT, extended=script == "s/(/")


def test_a_slow_expression_is_refused() -> None:
    started = time.process_time()
    with pytest.raises(NotUnderstood):
        run(["s/a*a*a*a*a*a*b/x/"], "a" * 5_000 + "\n")
    with pytest.raises(NotUnderstood):
        run(["s/\\(a*\\)*b/x/"], "a" * 50 + "\n")
    assert time.process_time() - started < 0.5


@given(st.text(alphabet="sdaig/|\\()[]*.^$&1,;!{}-", max_size=24), st.text(alphabet="ab1\n", max_size=30))
def test_any_script_gives_a_text_or_is_refused(script: str, text: str) -> None:
    try:
        one = run([script], text)
    except NotUnderstood:
        return
    assert one == run([script], text)

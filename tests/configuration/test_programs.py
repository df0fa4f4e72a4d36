"""What single programs print and write; where the real ones are here, they are asked."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from spawngate.command.context import CallContext
from spawngate.command.parse import read
from spawngate.configuration.files import MISSING, Content, Files, Unknown
from spawngate.configuration.shell import run_command
from tests.configuration.called import MCP, outcome, shell

FILES: dict[str, bytes] = {
    "f": b'{"theme": "dark", "servers": {"a": 1}}\n',
    "g": b"other\n",
    "y.yaml": b"a: 1\nb: x\n",
    "d.diff": b'--- a/f\n+++ b/f\n@@ -1 +1 @@\n-{"theme": "dark", "servers": {"a": 1}}\n+{"theme": "light"}\n',
}


def left(text: str, folders: tuple[str, ...] = ()) -> dict[str, Content]:
    held: dict[str, Content] = {f"/p/{name}": data for name, data in FILES.items()}
    held.update({f"/p/{name}": Unknown("not-a-file") for name in folders})
    files = Files(CallContext(home="/home/dev", cwd="/p"), lambda path: held.get(path, MISSING))
    run_command(read(text), files, (text,))
    return {at.removeprefix("/p/"): states[-1] for at, states in files.written.items()}


COMMANDS = [
    "echo -n a > n",
    "echo -e 'a\\tb\\x41\\0101\\\\' > n",
    "echo -E 'a\\tb' > n",
    "echo a  b > n",
    "printf '%s\\n' a b > n",
    "printf 'a%%b\\t%s %d' x 3 > n",
    "printf '%b' 'a\\nb' > n",
    "printf -- 'x' > n",
    "cat f - < g > n",
    "tee n m < f",
    "echo a | tee -a g",
    "sed 's/dark/light/' f > n",
    "sed -i 's/dark/light/' f",
    "sed -i.bak -e 's/dark/light/' -e 's/a/b/' f",
    "sed -E -i 's/(da)rk/\\1y/' f",
    "jq '.theme = \"x\"' f > n",
    "jq --arg t x '.theme = $t' f > n",
    "jq -n --argjson v '{\"a\": 1}' '$v' > n",
    "jq -s '.[0] * .[1]' f f > n",
    "jq -r .theme f > n",
    "jq -c . < f > n",
    "cat f | jq --slurpfile s f '.s = $s[0]' > n",
    "cp f n",
    "mv f n",
    "cp f g d1",
    "cp -t d1 f",
    "cp f d1/",
    "cp f d1",
    "mkdir sub && cp f sub",
    "mkdir sub && echo a > sub/x && cp -r sub other",
    "install -m 600 f n",
    "rm g && echo a > n",
    "touch n f",
    "truncate -s 0 f",
    "dd if=f of=n status=none",
    "echo aGk= | base64 -d > n",
    "base64 < f | base64 -d > n",
    "base64 -w0 f > n",
    "patch -p1 < d.diff",
    "patch f d.diff",
    "patch -p1 -i d.diff",
]


@pytest.mark.skipif(
    os.name == "nt" or not all(map(shutil.which, ("bash", "jq", "sed", "patch"))), reason="no such tools"
)
@pytest.mark.parametrize("command", COMMANDS)
def test_agrees_with_the_real_programs(command: str, tmp_path: Path) -> None:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "d1").mkdir()
    subprocess.run(
        [shutil.which("bash") or "bash", "-c", command],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        env={"PATH": os.environ["PATH"]},
    )
    real = {str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    mine = left(command, ("d1",))
    wrong = []
    for name, content in mine.items():
        same = _same(real.get(name, MISSING), content)
        if not same:
            wrong.append((name, content, real.get(name)))
    assert wrong == []
    changed = {name for name, data in real.items() if FILES.get(name) != data and not name.endswith((".bak", ".orig"))}
    assert changed <= set(mine)


def _same(real: Content, mine: Content) -> bool:
    """JSON is written with other white space here."""
    if isinstance(real, bytes) and isinstance(mine, bytes):
        return real == mine or b"".join(real.split()) == b"".join(mine.split())
    return real == mine


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("curl -o n https://a.example", {}),
        ('echo \'{"a": "\\\\n"}\' > n', {"n": Unknown("expression")}),
        ("echo -E '\\\\n' > n", {"n": b"\\\\n\n"}),
        ("./cat f > n", {"n": Unknown("program")}),
        ("/usr/bin/cat g > n", {"n": b"other\n"}),
        ("PATH=/tmp/x:$PATH cat g > n", {"n": Unknown("program")}),
        ("LD_PRELOAD=./x.so jq . f > n", {"n": Unknown("program")}),
        ("sed -i 'y/a/b/' ./f", {"f": Unknown("expression")}),
        ('sed -i "s/dark/$X/" ./f', {"f": Unknown("variable")}),
        ("sed -n p f > n", {"n": Unknown("expression")}),
        ("jq '.[] | x' f > n", {"n": Unknown("expression")}),
        ("jq . nothing > n", {"n": Unknown("not-there")}),
        ("dd if=nothing of=n", {"n": Unknown("not-there")}),
        ("tee n < nothing", {"n": Unknown("not-there")}),
        ("cat nothing > n", {"n": Unknown("not-there")}),
        ("jq -f prog f > n", {"n": Unknown("expression")}),
        ("ln -s f n", {"n": Unknown("link")}),
        ("ln f n", {"n": Unknown("link")}),
        ("cp nothing n", {"n": Unknown("not-there")}),
        ("git checkout main", {}),
        ("git show a:b > n", {"n": Unknown("version-control")}),
        ("tar xOf a.tgz > n", {"n": Unknown("archive")}),
        ("base64 -d g > n", {"n": Unknown("malformed")}),
        ("printf '%q' x > n", {"n": Unknown("expression")}),
        ("node -e 'x' > n", {"n": Unknown("code")}),
        ("python3 -c 'import socket' > n", {"n": Unknown("code")}),
        ("yq -i '.a = 2' y.yaml", {"y.yaml": b'{\n  "a": 2,\n  "b": "x"\n}\n'}),
        ("yq '.b' y.yaml > n", {"n": b'"x"\n'}),
        ("yq -i 'sort_keys(..)' ./y.yaml", {"y.yaml": Unknown("expression")}),
        ("xxd -r -p <<< 6869 > n", {"n": b"hi"}),
        ("dd of=n conv=ucase < f", {"n": Unknown("program")}),
        ("echo '{}' | sponge f", {"f": b"{}\n"}),
        ("git apply d.diff", {"f": b'{"theme": "light"}\n'}),
        ('python3 -c \'open("n", "w").write("x")\'', {"n": b"x"}),
    ],
)
def test_what_is_left(command: str, expected: dict[str, Content]) -> None:
    assert left(command) == expected


def test_a_chain_of_copies_stays_small() -> None:
    """Where a target may be a folder the file may end up in it, and again from there: this must not double."""
    files = Files(CallContext(cwd="/p"))
    text = "; ".join(f"cp a{number} a{number + 1}" for number in range(60))
    run_command(read(text), files, (text,))
    assert len(files.written) <= 200


@pytest.mark.parametrize(
    "command",
    [
        "sed -z -i 's/npx.*y/x/' .mcp.json",
        "sed -zi 's/npx.*y/x/' .mcp.json",
        "sed -n 's,a,b,w .mcp.json' new",
        "sed -n 'w.mcp.json' new",
        "sed -n '$!w .mcp.json' new",
        "sed 's|a|b|w.mcp.json' new",
        "sed --expression='w .mcp.json' new",
        "sed -n 's/w x/y/w ./.mcp.json' new",
        "sed -i '0,/npx/s//evil/' .mcp.json",
        "sed -i 's/npx\\>/evil/' .mcp.json",
        "sed -i 's/[[:punct:]]npx/evil/' .mcp.json",
        "sed -i 's/npx/ev\\x69l/' .mcp.json",
    ],
)
def test_what_sed_understands_otherwise_is_not_computed(command: str) -> None:
    found, *_ = outcome(shell(command))
    assert (MCP, "expression") in [(one.path, one.reason) for one in found.unknown]


@pytest.mark.parametrize("options", ["-ssri", "-Ei", "-uEi.bak", "-i -snr"])
def test_options_of_sed_in_one_word(options: str) -> None:
    found, *_ = outcome(shell(f"sed {options} 's/(npx)/evil/' .mcp.json"))
    if "n" in options:
        assert [one.reason for one in found.unknown] == ["expression"]
    else:
        assert [one.facts.line for one in found.differences] == ["evil -y a"]


def test_a_script_of_sed_that_may_write_anywhere_is_told() -> None:
    found, *_ = outcome(shell(f"sed -n '{'w ' * 600}x' new"))
    assert [one.reason for one in found.unknown] == ["expression"]


@pytest.mark.parametrize("script", ["w" * 19_000, "w a/" * 4_000 + ".mcp.json", "s/w/" + "w" * 9_000 + "/w "])
def test_a_script_of_sed_with_many_places_costs_little(script: str) -> None:
    started = time.process_time()
    outcome(shell(f"sed -n '{script}' new"))
    assert time.process_time() - started < 1

"""Short scripts of Python do what Python does, or are refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.context import CallContext
from spawngate.configuration.files import MISSING, Content, Files, Unknown
from spawngate.configuration.python_code import NotUnderstood, run_python

START = {"mcpServers": {"a": {"command": "x"}}, "theme": "dark"}
SCRIPTS = [
    "import json\nd = json.load(open('f.json'))\nd['theme'] = 'light'\njson.dump(d, open('f.json', 'w'), indent=2)",
    "import json\nwith open('f.json') as f:\n    d = json.load(f)\n"
    "d.setdefault('mcpServers', {})['b'] = {'command': 'b'}\n"
    "with open('f.json', 'w') as f:\n    json.dump(d, f)",
    "from pathlib import Path\nimport json\np = Path('f.json')\nd = json.loads(p.read_text())\n"
    "d['mcpServers'].pop('a')\n"
    "p.write_text(json.dumps(d))",
    "import json, os\np = os.path.join('.', 'f.json')\nd = json.loads(open(p).read())\ndel d['theme']\n"
    "f = open(p, 'w')\nf.write(json.dumps(d))\nf.close()",
    "import json\nd = json.load(open('f.json'))\nif 'hooks' not in d:\n    d['hooks'] = {}\n"
    "for name in ['Stop', 'Start']:\n    d['hooks'].setdefault(name, []).append({'command': f'run {name}'})\n"
    "json.dump(d, open('f.json', 'w'))",
    "s = open('f.json').read().replace('dark', 'light')\nopen('f.json', 'w').write(s)",
    "import pathlib\np = pathlib.Path('.') / 'f.json'\np.write_text('{}')",
    "import json\nd = {**json.load(open('f.json')), 'k': [1, 2] + [3]}\njson.dump(d, open('f.json', 'w'))",
    "import json\nd = json.load(open('f.json'))\nd['mcpServers'].update(b={'command': 'b'}, c={})\nd['n'] = len(d)\n"
    "json.dump(d, open('f.json', 'w'))",
    "try:\n    open('f.json', 'w').write('{\"x\": 1}')\nexcept OSError:\n    pass",
]


def over(data: Content) -> Files:
    return Files(CallContext(home="/home/dev", cwd="/p"), lambda path: data if path == "/p/f.json" else MISSING)


@pytest.mark.parametrize("script", SCRIPTS)
def test_agrees_with_python(script: str, tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text(json.dumps(START), encoding="utf-8")
    subprocess.run([sys.executable, "-I", "-S", "-W", "ignore", "-c", script], cwd=tmp_path, check=True)
    files = over(json.dumps(START).encode())
    run_python(script, files)
    mine = files.written["/p/f.json"][-1]
    assert isinstance(mine, bytes)
    assert json.loads(mine) == json.loads((tmp_path / "f.json").read_text(encoding="utf-8"))


def test_what_it_prints() -> None:
    assert run_python("import json\nprint(json.dumps({'a': 1}))", over(MISSING)) == b'{\n  "a": 1\n}\n'
    assert run_python("x = 1", over(MISSING)) == b""


def test_homes() -> None:
    for home in ("os.path.expanduser('~/.x')", "Path.home() / '.x'", "Path('~/.x').expanduser()"):
        files = over(MISSING)
        run_python(f"import os\nfrom pathlib import Path\nopen({home}, 'w').write('1')", files)
        assert files.written == {"/home/dev/.x": [b"1"]}


def test_moves_and_appends() -> None:
    files = over(b"1")
    run_python("import os\nopen('f.json', 'a').write('2')\nos.replace('f.json', 'g.json')", files)
    assert files.written == {"/p/f.json": [b"12", MISSING], "/p/g.json": [b"12"]}


def test_opened_and_not_written_is_empty() -> None:
    files = over(b"1")
    run_python("open('f.json', 'w')", files)
    assert files.written == {"/p/f.json": [b""]}


def test_written_piece_by_piece() -> None:
    files = over(MISSING)
    run_python("f = open('f.json', 'w')\nf.write('{')\nfor c in ['1', '2']:\n    f.write(c)\nf.close()", files)
    assert files.written == {"/p/f.json": [b"{12"]}


def test_read_and_written_in_place() -> None:
    files = over(b'{"a": 1}')
    text = "import json\nwith open('f.json', 'r+') as f:\n    d = json.load(f)\n    f.seek(0)\n    json.dump(d, f)\n"
    run_python(text + "    f.truncate()", files)
    assert files.written == {"/p/f.json": [b'{\n  "a": 1\n}']}
    with pytest.raises(NotUnderstood):
        run_python(text, over(b'{"a": 1}'))


def test_what_was_opened_before_it_stopped_is_unknown() -> None:
    files = over(b"{}")
    with pytest.raises(NotUnderstood):
        run_python("f = open('f.json', 'w')\nimport socket", files)
    assert files.written == {"/p/f.json": [Unknown("code")]}


@pytest.mark.parametrize(
    "script",
    [
        "import subprocess",
        "import os\nos.system('id')",
        "exec('1')",
        "eval('1')",
        "__import__('os')",
        "open('f.json').__class__",
        "(lambda: 1)()",
        "while True: pass",
        "[x for x in y]",
        "x = 'a' * 9**9",
        "import json\njson.load(open('missing'))",
        "for i in range(9): pass",
        "def f(): pass",
        "open('f.json', mode)",
        "x = (",
        "d = {}\nd['a']['b'] = 1",
        "open('f.json', 'r').write('x')",
        "x = []\nx.append(x)\nfor y in x: x.append(y)\n" + "x.extend(x)\n" * 40,
    ],
)
def test_refused(script: str) -> None:
    with pytest.raises(NotUnderstood):
        run_python(script, over(b"{}"))


def test_unknown_content() -> None:
    with pytest.raises(NotUnderstood):
        run_python("open('f.json').read()", over(Unknown("network")))


@given(st.text(alphabet="abdf=()[]{}.,:'\n +openjsonimport01", max_size=60))
def test_any_text_is_run_or_refused(script: str) -> None:
    files = over(b"{}")
    try:
        printed = run_python(script, files)
    except NotUnderstood:
        return
    assert isinstance(printed, bytes | Unknown)

"""Small scripts that change files in place: what is computed is what the real programs do; the rest is not guessed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.configuration import sed
from spawngate.configuration.editors import NotUnderstood, lines_script, perl_script, ruby_script, with_setting
from spawngate.configuration.files import MISSING, Content, Unknown
from tests.configuration.called import MCP, outcome, shell
from tests.configuration.test_programs import left

BEFORE = '{"mcpServers": {"a": {"command": "npx", "args": ["-y", "a"]}}}\n'
REAL = [
    "perl -pi -e 's/dark/light/' f",
    "perl -i -pe 's{dark}{light}g; s|a|b|' f",
    'perl -pi.bak -e \'s/"a": 1/"a": 2/\' f',
    "perl -p -i -e 's#dark#l/ight#i' f g",
    "perl -pi -e 's/d.*k/x/' f",
    "ruby -pi -e 'gsub(/dark/, \"light\")' f",
    "ruby -i -pe '$_.sub!(/a/, \"b\")' f",
    "ed -s f <<'E'\n1s/dark/light/\n$a\nmore\n.\nw\nq\nE",
    "printf '1d\\nw\\nq\\n' | ed -s f",
    "ex -s -c '%s/dark/light/g' -c 'wq' f",
    "vim -es -u NONE -c '1s/other/x/' -c 'wq' g",
]


@pytest.mark.skipif(os.name == "nt", reason="no such tools")
@pytest.mark.parametrize("command", REAL)
def test_agrees_with_the_real_programs(command: str, tmp_path: Path) -> None:
    program = command.split()[2 if command.startswith("printf") else 0]
    program = "ed" if command.startswith("printf") else program
    if shutil.which(program) is None:
        pytest.skip(f"no {program} here")
    (tmp_path / "f").write_bytes(b'{"theme": "dark", "servers": {"a": 1}}\n')
    (tmp_path / "g").write_bytes(b"other\n")
    subprocess.run(["bash", "-c", command], cwd=tmp_path, check=True, timeout=20, env={"PATH": os.environ["PATH"]})
    computed = left(command)
    assert computed, "it is computed"
    assert {name: (tmp_path / name).read_bytes() for name in computed} == computed


@pytest.mark.parametrize(
    ("command", "after"),
    [
        ("sd dark light f", b'{"theme": "light", "servers": {"a": 1}}\n'),
        ("sd -F '{\"a\": 1}' '{}' f", b'{"theme": "dark", "servers": {}}\n'),
        ("crudini --set f s k v", b'{"theme": "dark", "servers": {"a": 1}}\n\n[s]\nk = v\n'),
        ("dasel put -f f.json -t string -v x .theme", Unknown("malformed")),
    ],
)
def test_programs_that_are_not_here(command: str, after: Content) -> None:
    assert list(left(command).values()) == [after]


@pytest.mark.parametrize(
    "script",
    [
        "s/a/$b/",
        "s/a/b/e",
        "s/(a)/$1/",
        "s/a+/b/",
        "print 1",
        "s/a/@b/",
        "s/a/b",
        "tr/a/b/",
        "s/a/b/; system('x')",
        "s",
    ],
)
def test_perl_that_is_more_is_refused(script: str) -> None:
    with pytest.raises(NotUnderstood):
        perl_script(script)


@pytest.mark.parametrize(
    "script", ["gsub(/a/, `id`)", "gsub(/a/){x}", "puts 1", 'gsub(/a/, "#{b}")', "sub(/a/, 'b').x"]
)
def test_ruby_that_is_more_is_refused(script: str) -> None:
    with pytest.raises(NotUnderstood):
        ruby_script(script)


@pytest.mark.parametrize(
    "script", ["s/a/b/\nw", "/a/d\nw", "1r other\nw", "1!id\nw", "%s/a/b/\nw other", "$a\nx", "w\n1d"]
)
def test_ed_that_is_more_is_refused(script: str) -> None:
    with pytest.raises(NotUnderstood):
        lines_script(script)


def test_what_is_not_written_changes_nothing() -> None:
    assert lines_script("1d\nQ") == (["1d"], False)
    assert left("printf '1d\\nQ\\n' | ed -s f") == {}


@pytest.mark.parametrize(
    ("section", "key", "value", "after"),
    [
        ("a", "k", "2", "top = 1\n[a]\nk = 2\nm = 3\n\n[b]\nk = 1\n"),
        ("a", "n", "4", "top = 1\n[a]\nk = 1\nm = 3\nn = 4\n\n[b]\nk = 1\n"),
        ("a", "k", None, "top = 1\n[a]\nm = 3\n\n[b]\nk = 1\n"),
        ("c", "k", "5", "top = 1\n[a]\nk = 1\nm = 3\n\n[b]\nk = 1\n\n[c]\nk = 5\n"),
        ("", "top", "2", "top = 2\n[a]\nk = 1\nm = 3\n\n[b]\nk = 1\n"),
    ],
)
def test_settings_of_an_ini_file(section: str, key: str, value: str | None, after: str) -> None:
    assert with_setting("top = 1\n[a]\nk = 1\nm = 3\n\n[b]\nk = 1\n", section, key, value) == after


EDITS = [
    "perl -pi -e 's/npx/{0}/' .mcp.json",
    "perl -i.orig -pe 's|npx|{0}|g' .mcp.json",
    "ruby -pi -e 'gsub(/npx/, \"{0}\")' .mcp.json",
    "sd npx {0} .mcp.json",
    "sd -F npx {0} ./.mcp.json",
    "ed -s .mcp.json <<'E'\n1s/npx/{0}/\nw\nq\nE",
    "printf '%s\\n' ',s/npx/{0}/' w q | ed -s .mcp.json",
    "ex -s -c '%s/npx/{0}/' -c wq .mcp.json",
    "vim -es '+%s/npx/{0}/g' +wq .mcp.json",
    "dasel put -f .mcp.json -t string -v {0} .mcpServers.a.command",
]


@pytest.mark.parametrize("command", EDITS)
def test_an_edit_of_a_launch_is_told_and_an_edit_of_nothing_is_none(command: str) -> None:
    changed, _, _ = outcome(shell(command.format("evil")))
    assert ([one.facts.change for one in changed.differences], changed.unknown) == (["changed"], ())
    same, _, _ = outcome(shell(command.format("npx")))
    assert (same.differences, same.unknown, same.computed) == ((), (), frozenset({MCP}))


@pytest.mark.parametrize(
    "command",
    [
        "ed -s notes <<'E'\nw .mcp.json\nq\nE",
        "printf '%s\\n' 'f .mcp.json' w | ed -s notes",
        "ed -E -s .mcp.json <<'E'\n1s/(npx|x)/evil/\nw\nE",
        "ex -s -c 'w! .mcp.json' -c q notes",
        "vim -es -u NONE -c 'saveas! .mcp.json' notes",
        "vim -es -u notes -c 'q' .mcp.json",
        "printf '%s\\n' '1s/npx/evil/' x | ex -s -c '1s/nothing/x/' .mcp.json",
    ],
)
def test_an_editor_that_writes_in_another_way_is_not_passed_over(command: str) -> None:
    found, *_ = outcome(shell(command))
    assert {one.path for one in found.unknown} == {MCP}


@given(st.text(alphabet="s/{}|#\\$@.*+abgi;\n ", max_size=30))
def test_any_script(text: str) -> None:
    for read in (perl_script, ruby_script, lambda text: lines_script(text)[0]):
        try:
            scripts = read(text)
            sed.run(scripts, BEFORE)
        except (NotUnderstood, sed.NotUnderstood):
            pass


@pytest.mark.parametrize(
    "command",
    [
        "perl -pi -e 's/x/y/' .mcp.json",
        "ruby -pi -e 'gsub(/x/, \"y\")' .mcp.json",
        "ed -s .mcp.json <<'E'\na\n{\"mcpServers\": {}}\n.\nw\nE",
        "ex -s -c '%s/x/y/' -c wq .mcp.json",
        "sd x y .mcp.json",
        "sed -i s/x/y/ .mcp.json",
    ],
)
def test_a_file_that_is_not_there_yet_is_not_passed_over(command: str) -> None:
    found = outcome(shell(command), lambda _: MISSING)[0]
    assert {(facts.path, facts.change) for facts in found.unknown} == {(MCP, "unknown")}
    assert not found.computed

"""Looking around a launch."""

from pathlib import Path

from spawngate.endpoint.surroundings import surroundings_of
from spawngate.launch.definition import Definition
from spawngate.launch.surroundings import NOTHING, Surroundings


def write(path: Path, text: str = "x", mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_nothing_to_see(tmp_path: Path) -> None:
    assert surroundings_of(Definition(command="npx", args=("-y", "server"), cwd=str(tmp_path))) == NOTHING
    assert surroundings_of(Definition()) == NOTHING
    assert surroundings_of(Definition(command="npx", args=("-y", "server"), cwd="relative")) == NOTHING


def test_npmrc_and_shadow_in_the_working_folder(tmp_path: Path) -> None:
    write(tmp_path / ".npmrc", "; call=no\n# call=no\ncall = touch x\nSCRIPT-SHELL=./s.sh\ncolor=false\nbroken\n")
    write(tmp_path / "node_modules/.bin/server")
    definition = Definition(command="npx", args=("-y", "@acme/server@1.0.0"), cwd=str(tmp_path))
    assert surroundings_of(definition) == Surroundings(
        npmrc={"call": "touch x", "script-shell": "./s.sh"}, present=frozenset({"node_modules/.bin/server"})
    )


def test_python_module_in_the_working_folder(tmp_path: Path) -> None:
    write(tmp_path / "mcp_server_git.py")
    definition = Definition(command="python3", args=("-m", "mcp_server_git"), cwd=str(tmp_path))
    assert surroundings_of(definition) == Surroundings(present=frozenset({"mcp_server_git.py"}))


def test_writable_by_others_and_under_version_control(tmp_path: Path) -> None:
    script = write(tmp_path / "repo/tools/server.py", mode=0o666)
    (tmp_path / "repo/.git").mkdir()
    definition = Definition(command="python3", args=(str(script),))
    assert surroundings_of(definition) == Surroundings(writable_by_others=(str(script),), under_version_control=True)
    script.chmod(0o644)
    (tmp_path / "repo/tools").chmod(0o777)
    assert surroundings_of(definition).writable_by_others == (str(script),)
    (tmp_path / "repo/tools").chmod(0o1777)
    assert surroundings_of(definition).writable_by_others == ()


def test_npmrc_that_is_no_file(tmp_path: Path) -> None:
    (tmp_path / ".npmrc").mkdir()
    assert surroundings_of(Definition(command="npx", args=("x",), cwd=str(tmp_path))) == NOTHING

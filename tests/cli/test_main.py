"""The command line as a whole: help, version, lazy imports, errors of ours."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

import spawngate
from spawngate.cli import COMMANDS, cli, main
from spawngate.model.errors import StateError, UsageError


def test_help_lists_every_command() -> None:
    output = CliRunner().invoke(cli, ["--help"]).output
    for name, text in COMMANDS.items():
        assert name in output
        assert text in output


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_command_has_help(name: str) -> None:
    result = CliRunner().invoke(cli, [name, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith("Usage:")


def test_version() -> None:
    assert CliRunner().invoke(cli, ["version"]).output == f"{spawngate.__version__}\n"
    assert CliRunner().invoke(cli, ["--version"]).output == f"spawngate {spawngate.__version__}\n"


def test_help_imports_no_sub_command() -> None:
    code = (
        "import sys\nfrom spawngate.cli import main\nsys.argv = ['spawngate', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = ('rich', 'starlette', 'psutil', 'msgspec', 'spawngate.agents')\n"
        "print([name for name in sys.modules if name.startswith(heavy)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (UsageError("no such \x1b[31m folder"), 2, "spawngate: no such \\x1b[31m folder\n"),
        (StateError("cannot write"), 3, "spawngate: cannot write\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_errors_become_messages_and_codes(
    error: BaseException, code: int, message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "main", fail)
    with pytest.raises(SystemExit) as caught:
        main()
    assert (caught.value.code, capsys.readouterr().err) == (code, message)


def test_bug_in_us_names_its_place_and_no_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> None:
        raise ValueError("hunter2 is a value that was read")

    monkeypatch.setattr(cli, "main", fail)
    with pytest.raises(SystemExit) as caught:
        main()
    error = capsys.readouterr().err
    assert caught.value.code == 3
    assert error.startswith("spawngate: internal error: ValueError in test_main.py:")
    assert "hunter2" not in error

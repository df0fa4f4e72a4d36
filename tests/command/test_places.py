"""Classes of places, for every spelling of a path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents import AGENTS, load_agent
from spawngate.agents.agent import Location
from spawngate.command.context import CallContext
from spawngate.command.known_places import KNOWN
from spawngate.command.places import PLACES, places

HERE = CallContext(home="/home/dev", cwd="/home/dev/project")
NOWHERE = CallContext()
WINDOWS = CallContext(home=r"C:\Users\Dev", cwd=r"C:\Users\Dev\project", platform="windows")
MAC = CallContext(home="/Users/dev", cwd="/Users/dev/project", platform="macos")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", {"root"}),
        ("/*", {"root"}),
        ("~", {"home"}),
        ("~/*", {"home"}),
        ("$HOME/", {"home"}),
        ("/home/dev", {"home"}),
        ("/home", {"home"}),
        (".", {"project", "project-root"}),
        ("./*", {"project", "project-root"}),
        ("src/../..", {"home"}),
        ("src/a.py", {"project"}),
        ("/home/dev/project/src", {"project"}),
        ("node_modules", {"project", "disposable"}),
        ("~/.cache/pip", {"home-file", "disposable"}),
        ("~/Documents", {"home-top"}),
        ("~/work/a", {"home-file"}),
        ("/etc", {"system-top", "system-config", "secrets-below"}),
        ("/etc/passwd", {"system-config", "accounts"}),
        ("/etc/../etc/./shadow", {"system-config", "accounts", "account-secrets"}),
        ("/usr/lib/x", {"system"}),
        ("/usr/local/share/x", {"machine-programs"}),
        ("/opt/x", {"machine-programs"}),
        ("/var/lib/apt/lists/x", {"machine-programs"}),
        ("/var/www/html", {"machine-data"}),
        ("/data", {"machine-data"}),
        ("~/.config", {"home-top", "secrets-below"}),
        ("/tmp/x", {"temporary"}),
        ("$TMPDIR/x", {"temporary"}),
        ("/dev/sda", {"device"}),
        ("/dev/null", {"stream"}),
        ("-", {"stream"}),
        ("/proc/self/environ", {"system", "proc", "process-secrets"}),
        ("~/.ssh", {"home-top", "credentials", "secrets-below"}),
        ("~/.ssh/id_rsa", {"home-file", "credentials", "private-key"}),
        ("~/.ssh/id_rsa.pub", {"home-file"}),
        ("~/.ssh/config", {"home-file", "ssh-config"}),
        ("~/.ssh/authorized_keys", {"home-file", "authorized-keys"}),
        ("/home/eve/.ssh/id_rsa", {"home-file", "credentials", "private-key", "other-home"}),
        ("~/.aws/credentials", {"home-file", "cloud-credentials"}),
        (".env", {"project", "env-file"}),
        (".env.example", {"project"}),
        ("~/.bashrc", {"home-top", "shell-startup"}),
        (".git/hooks/pre-commit", {"project", "vcs", "vcs-hooks"}),
        (".github/workflows/ci.yml", {"project", "ci"}),
        (".claude/settings.json", {"project", "agent-config", "agent-folder"}),
        ("~/.claude/settings.json", {"home-file", "agent-config", "agent-folder", "agent-global"}),
        ("/home/dev/other/.mcp.json", {"home-file", "agent-config"}),
        ("AGENTS.md", {"project", "agent-instructions"}),
        ("/etc/claude-code/managed-settings.json", {"system-config", "agent-managed", "agent-folder"}),
        ("~/.local/state/spawngate/x", {"home-file", "spawngate"}),
        ("/var/run/docker.sock", {"system", "container-engine"}),
        ("$DIR/x", {"unknown"}),
        ("https://x.example.net/etc/passwd", set()),
        ("", set()),
        ("/e?c/p?sswd", {"elsewhere", "accounts"}),
        ("/h*", {"system-top"}),
        ("/proc/*/environ", {"system", "proc", "process-secrets"}),
        ("~/.ss*/id_*", {"home-file", "credentials", "private-key"}),
        ("*.py", {"project"}),
    ],
)
def test_classes(path: str, expected: set[str]) -> None:
    assert places(path, HERE) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/a.py", {"project"}),
        ("../x", {"parent"}),
        ("../../../../etc/passwd", {"parent", "accounts"}),
        ("/home/dev/.ssh/id_rsa", {"home-file", "credentials", "private-key"}),
        ("/Users/dev/.zshrc", {"home-top", "shell-startup"}),
        ("/root/.bashrc", {"home-top", "shell-startup"}),
    ],
)
def test_classes_where_nothing_is_known(path: str, expected: set[str]) -> None:
    assert places(path, NOWHERE) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (r"C:\Users\Dev\.ssh\ID_RSA", {"home-file", "credentials", "private-key"}),
        (r"%USERPROFILE%\.aws\credentials", {"home-file", "cloud-credentials"}),
        (r"$env:APPDATA\Code\User\mcp.json", {"home-file", "agent-config", "agent-global"}),
        (r"C:\Windows\System32", {"system", "secrets-below"}),
        ("C:\\", {"root"}),
        (r"src\a.py", {"project"}),
        (r"\\server\share\x.exe", {"share"}),
        (r"%TEMP%\x.exe", {"temporary"}),
        (r"C:\ProgramData\Microsoft\Windows\Start Menu\Programs\StartUp\x.lnk", {"system", "persistence"}),
    ],
)
def test_classes_on_windows(path: str, expected: set[str]) -> None:
    assert places(path, WINDOWS) == expected


def test_case_counts_on_linux_alone() -> None:
    assert "accounts" not in places("/ETC/PASSWD", HERE)
    assert "shell-startup" in places("~/.ZSHRC", MAC)


def _concrete(location: Location) -> str:
    text = location.template.replace("{project}", "/home/dev/project").replace("{appdata}", "~/.config")
    text = text.replace("{vscode_user}", "~/.config/Code/User").replace("{vscode_extensions}", "~/.vscode/extensions")
    return text.replace("**", "deep/er").replace("*", "some")


@pytest.mark.parametrize("agent", AGENTS)
def test_every_agents_files_are_an_agents(agent: str) -> None:
    """All locations that an agent's own module lists are known as its own, but for names that other programs have
    too."""
    ordinary = {"/home/dev/project/config.toml", "/home/dev/project/crushrc", "/home/dev/project/settings.json"}
    missed = []
    for location in load_agent(agent).locations:
        path = _concrete(location)
        if "linux" in location.on and "%" not in path and path not in ordinary:
            found = places(path, HERE)
            if not any(
                name.startswith("agent-") or name in ("editor-settings", "credentials", "env-file") for name in found
            ):
                missed.append(location.template)
    assert missed == []


def test_the_table_uses_known_words() -> None:
    assert set(KNOWN) <= set(PLACES)


@given(st.text(max_size=60), st.sampled_from([HERE, NOWHERE, WINDOWS, MAC]))
def test_any_text_has_classes(path: str, context: CallContext) -> None:
    found = places(path, context)
    assert found <= set(PLACES)


@given(
    st.lists(
        st.sampled_from(["..", ".", "~", "a", ".ssh", "id_rsa", "*", "etc", "", "$X", "C:", "?", "[a]", "{a,b}"]),
        max_size=12,
    ),
    st.sampled_from(["/", "\\"]),
)
def test_any_path_of_pieces_has_classes(pieces: list[str], separator: str) -> None:
    for context in (HERE, WINDOWS):
        assert places(separator.join(pieces), context) <= set(PLACES)

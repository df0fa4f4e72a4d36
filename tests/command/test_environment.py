"""Variables that make a spawn do something else."""

import pytest

from spawngate.command.environment import conventional
from spawngate.command.parse import read
from tests.command.told import acts, facts


@pytest.mark.parametrize(
    ("command", "act", "variables"),
    [
        ("LD_PRELOAD=/tmp/x.so ls", "loads-code", ("LD_PRELOAD",)),
        ("BASH_ENV=./x.sh bash a.sh", "loads-code", ("BASH_ENV",)),
        ('NODE_OPTIONS="--require ./x.js" npm test', "loads-code", ("NODE_OPTIONS",)),
        ("PYTHONPATH=/tmp/x python3 a.py", "loads-code", ("PYTHONPATH",)),
        ("KUBE_EDITOR='sh -c id' kubectl edit x", "loads-code", ("KUBE_EDITOR",)),
        ("GIT_CONFIG_VALUE_0='!id' git x", "loads-code", ("GIT_CONFIG_VALUE_0",)),
        ("PATH=/tmp/bin:$PATH make", "path-override", ("PATH",)),
        ("export PATH=.:$PATH", "path-override", ("PATH",)),
        ("NODE_TLS_REJECT_UNAUTHORIZED=0 node a.js", "tls-off", ("NODE_TLS_REJECT_UNAUTHORIZED",)),
        ("export HISTFILE=/dev/null", "history-clear", ("HISTFILE",)),
        ("https_proxy=http://x.example.net:1 curl y.example.net", "proxy-set", ("https_proxy",)),
        ("PIP_INDEX_URL=https://p.example.net/simple pip install x", "package-index", ("PIP_INDEX_URL",)),
    ],
)
def test_a_variable_acts(command: str, act: str, variables: tuple[str, ...]) -> None:
    found = facts(command)[0]
    assert act in found.acts
    assert found.variables == variables


@pytest.mark.parametrize(
    "command",
    [
        "NODE_OPTIONS=--max-old-space-size=4096 npm test",
        "PYTHONPATH=src pytest",
        "GIT_PAGER=cat git log",
        "EDITOR=vim git commit",
        "PATH=$HOME/bin:$PATH make",
        "GIT_SSH_COMMAND='ssh -i ~/.ssh/k -o IdentitiesOnly=yes' git fetch",
        "PIP_INDEX_URL=https://pypi.org/simple pip install x==1",
        "CI=1 npm test",
    ],
)
def test_usual_values_say_nothing(command: str) -> None:
    assert facts(command)[0].variables in ((), ("PIP_INDEX_URL",))
    assert {"loads-code", "path-override", "package-index"}.isdisjoint(facts(command)[0].acts)


@pytest.mark.parametrize(
    ("command", "own"),
    [
        ("$CC -O2 -o x x.c", True),
        ('"$PYTHON" -m pytest', True),
        ('"$BIN" --generate man', True),
        ('"$TOOLX" --version', True),
        ("$X -rf /", False),
        ("$CC -rf /", False),
        ("$PYTHON -c 'import os'", False),
        ("$BIN", False),
        ("$cmd arg", False),
        ("$(head -1 x) --version", False),
    ],
)
def test_a_build_s_own_tool(command: str, own: bool) -> None:
    (spawn,) = [each for each in read(command, "posix").spawns if "program" in each.opaque]
    assert conventional(spawn) is own


@pytest.mark.parametrize(
    ("command", "elsewhere"),
    [
        ("RUSTUP_DIST_SERVER=https://p.example.net rustup update", True),
        ("NVM_NODEJS_ORG_MIRROR=http://p.example.net nvm install 20", True),
        ("PIP_CONFIG_FILE=/tmp/pip.conf pip install x", True),
        ("PIP_TRUSTED_HOST=p.example.net pip install x", True),
        ("HEX_UNSAFE_REGISTRY=1 mix deps.get", True),
        ("CARGO_SOURCE_CRATES_IO_REPLACE_WITH=mine cargo build", True),
        ("RUSTUP_DIST_SERVER=https://rsproxy.cn rustup update", False),
        ("PIP_CONFIG_FILE=/dev/null pip install x", False),
        ("PIP_TRUSTED_HOST=pypi.org pip install x", False),
        ("CYPRESS_BASE_URL=https://app.example.net npx cypress run", False),
    ],
)
def test_where_tools_are_told_to_fetch(command: str, elsewhere: bool) -> None:
    assert ("package-elsewhere" in acts(command)) is elsewhere

"""Guards on a way, their strength and the default of switches."""

import pytest

from spawngate.codescan.finding import GuardStrength, GuardUse
from spawngate.codescan.guards import LOCAL, REMOTE, is_role
from spawngate.codescan.scan import scan
from tests.codescan.projects import models

HEAD = (
    "import os, re, shutil\nfrom fastapi import FastAPI, Depends\nfrom mcp import StdioServerParameters\n"
    "app = FastAPI()\n"
    "ALLOWED = {'npx', 'uvx'}\nclass Settings:\n    allow_stdio: bool = False\n    enable_mcp: bool = True\n"
    "settings = Settings()\n"
)
END = "    StdioServerParameters(command=body['command'], args=body['args'])\n"


def guards(
    check: str, head: str = "@app.post('/x')\ndef handler(body: dict, user=None):\n"
) -> list[tuple[str, str, str]]:
    """Strength, name and default of each guard of the handler's way."""
    lines = "".join(f"    {line}\n" for line in check.splitlines())
    result = scan({"app.py": (HEAD + head + lines + END).encode()}, models())
    if not result.findings:
        return [("strong", "", "")]
    return [(guard.strength.value, guard.name, guard.default) for guard in result.findings[0].guards]


@pytest.mark.parametrize(
    ("check", "found"),
    [
        ("pass", []),
        ("if body['transport'] == 'stdio':\n    raise E", [("strong", "", "")]),
        ("if body['transport'] not in ('sse', 'http'):\n    raise E", [("strong", "", "")]),
        ("if body['transport'] not in ('sse', 'stdio'):\n    raise E", []),
        ("if body['transport'] == 'sse':\n    raise E", []),
        (
            "command = body['command']\nif command not in ALLOWED:\n    raise E",
            [("weak", "command allow-list ALLOWED with free arguments", "")],
        ),
        (
            "if os.path.basename(body['command']) not in ALLOWED:\n    raise E",
            [("weak", "allow-list ALLOWED of the last part of the path", "")],
        ),
        (
            "if body['command'] in ('rm', 'curl'):\n    raise E",
            [("weak", "deny-list of texts", "")],
        ),
        ("if ';' in body['command']:\n    raise E", [("weak", "text test for ';'", "")]),
        ("if ';' in body['command'] and user:\n    raise E", []),
        ("if not settings.allow_stdio:\n    raise E", [("config", "switch allow_stdio", "off")]),
        ("if not settings.enable_mcp:\n    raise E", [("config", "switch enable_mcp", "on")]),
        ("if os.getenv('ALLOW_STDIO') != '1':\n    raise E", [("config", "switch ALLOW_STDIO", "off")]),
        ("if os.getenv('ALLOW_STDIO', '1') != '1':\n    raise E", [("config", "switch ALLOW_STDIO", "on")]),
        ("if os.environ.get('ALLOW_STDIO') == 'false':\n    raise E", [("config", "switch ALLOW_STDIO", "on")]),
        ("if os.environ['MCP_PROTOCOL'] != 'local':\n    raise E", [("config", "switch MCP_PROTOCOL", "off")]),
        ("if os.getenv('MCP_PROTOCOL', 'local') != 'local':\n    raise E", [("config", "switch MCP_PROTOCOL", "on")]),
        ("if body.get('MCP_PROTOCOL') != 'local':\n    raise E", []),
        ("if not body['enabled']:\n    raise E", []),
        ("if not user.is_admin:\n    raise E", [("auth", "role check on is_admin", "")]),
        ("if user.role != 'admin':\n    raise E", [("auth", "role check on role", "")]),
        ("if body['name'] == 'x':\n    raise E", []),
        ("if body['body'] != 'connect':\n    raise E", []),
        ("print('checked')", []),
    ],
)
def test_checks(check: str, found: list[tuple[str, str, str]]) -> None:
    assert guards(check) == found


def test_dependencies_and_their_roles() -> None:
    login = "@app.post('/x')\ndef handler(body: dict, user=Depends(get_current_user)):\n"
    assert guards("pass", login) == [("auth", "dependency get_current_user", "")]
    listed = "@app.post('/x', dependencies=[Depends(require_admin)])\ndef handler(body: dict):\n"
    assert guards("pass", listed) == [("auth", "dependency require_admin", "")]


def test_roles_are_more_than_a_login() -> None:
    def use(name: str) -> GuardUse:
        return GuardUse(GuardStrength.AUTH, name, "a.py", 1, "")

    assert [is_role(use(name)) for name in ("dependency get_current_user", "role check on is_admin")] == [False, True]
    assert not is_role(GuardUse(GuardStrength.WEAK, "admin", "a.py", 1, ""))


def test_words_for_transports_are_apart() -> None:
    assert REMOTE.isdisjoint(LOCAL)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("body['label'], text", []),
        ("text, body['label']", [("weak", "text test for '..'", "")]),
    ],
)
def test_a_check_of_another_argument_is_none_of_the_data(given: str, found: list[tuple[str, str, str]]) -> None:
    """A checking function may call what it looks at by a name that the data bears elsewhere."""
    head = (
        "def clean(name):\n    text = (name or '').strip()\n    if '..' in text:\n        raise E\n    return text\n"
        "def both(text, other):\n    clean(text)\n    return other\n"
        "@app.post('/x')\ndef handler(body: dict, user=None):\n"
    )
    check = f"text = body['command']\nboth({given})\nbody = {{'command': text, 'transport': 'x'}}"
    told = [each for each in guards(check, head) if each[1] != "a check of the project (both())"]
    assert told == found

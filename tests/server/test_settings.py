"""Settings of a server: file, environment, command line; and what is refused."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.cli.server import PARTS
from spawngate.model.errors import UsageError
from spawngate.server.access import oidc
from spawngate.server.access.roles import Role
from spawngate.server.settings import PORT, VARIABLES, Server, Settings, load

FULL = """
[server]
host = "0.0.0.0"
port = 8443
base = "https://spawngate.example.org/"
folder = "/var/lib/spawngate"
trusted_proxies = ["10.0.0.1", "fd00::/8"]
drain = 5
[tls]
certificate = "/etc/c.pem"
key = "/etc/k.pem"
client_ca = "/etc/ca.pem"
client = "required"
[database]
url = { env = "FLEET" }
[events]
store = { file = "SECRET" }
[oidc]
issuer = "https://id.example"
client_id = "c"
client_secret = { env = "CLIENT" }
create = true
default = { role = "reader" }
[oidc.groups]
security = [{ role = "administrator" }, { role = "analyst", team = "platform" }]
[log]
level = "warning"
"""


def written(folder: Path, text: str) -> Path:
    (folder / "secret").write_text("postgresql://events\n")
    path = folder / "server.toml"
    path.write_text(text.replace("SECRET", str(folder / "secret")))
    return path


def test_without_anything_it_listens_on_loopback() -> None:
    settings = load(None, {})
    assert settings == Settings()
    assert settings.is_loopback
    assert settings.base == f"http://127.0.0.1:{PORT}"
    assert settings.folder({"SPAWNGATE_STATE_DIR": "/x"}) == Path("/x")
    assert settings.provider() is None


def test_a_whole_file(tmp_path: Path) -> None:
    environment = {"FLEET": "postgresql://fleet", "CLIENT": "hunter2"}
    settings = load(written(tmp_path, FULL), environment)
    assert settings.server == Server(
        "0.0.0.0", 8443, "https://spawngate.example.org/", "/var/lib/spawngate", ("10.0.0.1", "fd00::/8"), 5.0
    )
    assert settings.base == "https://spawngate.example.org"
    assert (settings.database.url, settings.events.store) == ("postgresql://fleet", "postgresql://events")
    assert settings.folder({}) == Path("/var/lib/spawngate")
    assert settings.provider() == oidc.Settings(
        issuer="https://id.example",
        client_id="c",
        client_secret="hunter2",
        groups={
            "security": (oidc.Grant("organisation", Role.ADMINISTRATOR), oidc.Grant("platform", Role.ANALYST)),
        },
        default=oidc.Grant("organisation", Role.READER),
        create=True,
    )
    assert "hunter2" not in repr(settings)


def test_the_environment_stands_over_the_file_and_the_command_line_over_both(tmp_path: Path) -> None:
    path = written(tmp_path, "[server]\nport = 1\nhost = '127.0.0.1'\n")
    environment = {
        "SPAWNGATE_SERVER_PORT": "2",
        "SPAWNGATE_SERVER_HOST": "::1",
        "SPAWNGATE_SERVER_TRUSTED_PROXIES": "10.0.0.1, 10.1.0.0/16",
        "SPAWNGATE_SERVER_INTERNAL_DESTINATIONS": "jira.corp.example,10.2.0.0/16",
        "SPAWNGATE_SERVER_BASE": "",
    }
    settings = load(path, environment, port=3, host=None)
    assert (settings.server.port, settings.base) == (3, "http://[::1]:3")
    assert settings.server.trusted_proxies == ("10.0.0.1", "10.1.0.0/16")
    assert settings.server.internal_destinations == ("jira.corp.example", "10.2.0.0/16")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[server", "is no TOML"),
        ("server = 1", "Expected `object`"),
        ("[server]\nport = 'x'", "port"),
        ("[server]\nprot = 1", "prot"),
        ("[servers]\nport = 1", "servers"),
        ("[server]\nport = 70000", "no port 70000"),
        ("[server]\ndrain = -1", "drain"),
        ("[server]\nhost = '0.0.0.0'", "beyond loopback a server speaks TLS"),
        ("[server]\nhost = '0.0.0.0'\ntrusted_proxies = ['10.0.0.1']", "`base` is needed"),
        ("[server]\nhost = '0.0.0.0'\ntrusted_proxies = ['10.0.0.1']\nbase = 'http://x.example'", "begins with https"),
        ("[server]\nbase = 'https://x.example/path'", "an address such as"),
        ("[server]\nbase = 'https://user@x.example'", "an address such as"),
        ("[server]\nbase = 'javascript:alert(1)'", "an address such as"),
        ("[server]\ntrusted_proxies = ['*']", "trusted_proxies are addresses"),
        ("[server]\ninternal_destinations = ['10.0.0.0/99']", "internal_destinations are hosts"),
        ("[server]\ninternal_destinations = ['a b']", "internal_destinations are hosts"),
        ("[tls]\ncertificate = 'x'", "both certificate and key"),
        ("[tls]\nclient_ca = 'x'", "certificate of the server's own"),
        ("[tls]\nclient = 'hunter2'", "a word that is none"),
        ("[oidc]\nissuer = 'https://x'", "client_id"),
        ("[oidc]\nissuer = 'https://x'\nclient_id = 'c'\nscopes = ['email']", "holds openid"),
        ("[oidc]\nclient_secret = { env = 'NOT_SET' }", "NOT_SET is not set"),
        ("[oidc]\nclient_secret = { file = '/nowhere/x' }", "/nowhere/x"),
        ("[oidc.groups]\na = [{ role = 'hunter2' }]", "a word that is none"),
        ("[log]\nlevel = 'hunter2'", "a word that is none"),
    ],
)
def test_what_is_wrong_is_named_without_its_value(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        load(written(tmp_path, text), {})
    assert "hunter2" not in str(caught.value)


def test_files_that_are_none_are_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "latin").write_bytes(b"\xff\xfe")
    (tmp_path / "long").write_bytes(b"#" * (2 << 20))
    for name in ("pipe", "latin", "long", "missing", "."):
        with pytest.raises(UsageError, match=name):
            load(tmp_path / name, {})


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(["host", "port", "base", "folder", "trusted_proxies", "drain"]), VALUES)
def test_no_value_makes_it_fail_otherwise(member: str, value: Any) -> None:
    try:
        settings = load(None, {}, **{member: value})
    except UsageError:
        return
    assert settings.is_loopback or settings.server.trusted_proxies


def test_the_manual_names_every_variable_setting_and_command() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "server.md").read_text(encoding="utf-8")
    for name in VARIABLES:
        short = name.removeprefix("SPAWNGATE_SERVER")
        assert name in manual or f"`{short}`" in manual, name
    for part in Settings.__struct_fields__:
        for member in type(getattr(Settings(), part)).__struct_fields__:
            assert f"{part}.{member}" in manual or (part == "oidc" and re.search(rf"\b{member}\b", manual)), member
    for command in PARTS:
        assert f"spawngate server {command}" in manual, command
    for role in Role:
        assert f"| {role.value} |" in manual

"""What a start is understood as: what the entry set, what the agent's surroundings added, what it needs to read."""

from spawngate.endpoint.launching.approvals import Watched
from spawngate.endpoint.launching.digests import Digests
from spawngate.endpoint.launching.known import Entry
from spawngate.endpoint.launching.requests import Start
from spawngate.endpoint.launching.starts import Looked, look, reads
from spawngate.policy.approvals import State
from tests.endpoint.launching.offices import KEY, Office


def looked(office: Office, asked: Start, entry: Entry | None) -> Looked:
    return look(
        asked,
        entry,
        Watched(office.state),
        Digests(),
        office.redactor,
        KEY,
        "2026-11-21T12:00:00Z",
        home=str(office.home),
        platform="linux",
    )


def asked(office: Office, *args: str, **env: str) -> Start:
    given = {"PATH": str(office.bin), "HOME": str(office.home), **env}
    return Start("npx", args=args or ("-y", "y@1.0.0"), cwd=str(office.work), env=given, id="e1")


def test_a_known_entry(office: Office) -> None:
    found = looked(office, asked(office), office.entry)
    assert (found.known, found.entry, found.cwd, found.shown) == (
        True,
        office.entry,
        str(office.work),
        "npx -y y@1.0.0",
    )
    assert found.identity.cwd == "~/work"
    assert found.standing.state is State.UNAPPROVED
    # The folder that the agent is in is no part of what the entry says.
    assert (found.definition.cwd, found.facts.env_path) == (None, False)


def test_an_unknown_entry(office: Office) -> None:
    found = looked(office, asked(office, LD_PRELOAD="/x.so"), None)
    assert (found.known, found.entry.id, found.entry.agent) == (False, "e1", "")
    # Nobody knows who set it, so it is judged and not quietly dropped.
    assert (found.facts.env_loads_code, found.drop) == (("LD_PRELOAD",), ())
    assert found.definition.cwd == str(office.work)


def test_the_sessions_own_variables_are_no_part_of_a_launch(office: Office) -> None:
    plain = looked(office, asked(office), office.entry)
    session = looked(office, asked(office, HTTPS_PROXY="http://proxy:1", SSL_CERT_FILE="/ca"), office.entry)
    assert (session.identity, session.facts.env_redirects) == (plain.identity, ())
    own = Entry("e1", "cursor", "files", env_names=("HTTPS_PROXY",))
    assert looked(office, asked(office, HTTPS_PROXY="http://proxy:1"), own).facts.env_redirects == ("HTTPS_PROXY",)
    elsewhere = looked(office, asked(office, npm_config_registry="https://e.example/"), office.entry)
    assert elsewhere.identity.session == {"npm_config_registry": "https://e.example/"}
    assert elsewhere.identity.environment == {}
    assert (elsewhere.facts.env_redirects, elsewhere.drop) == ((), ())
    own = Entry("e1", "cursor", "files", env_names=("npm_config_registry",))
    stated = looked(office, asked(office, npm_config_registry="https://e.example/"), own)
    assert stated.facts.env_redirects == ("npm_config_registry",)
    assert (stated.identity.environment, stated.identity.session) == (elsewhere.identity.session, {})


def test_a_folder_that_is_not_absolute_is_none(office: Office) -> None:
    found = looked(office, Start("npx", cwd="work", id="e1"), office.entry)
    assert (found.cwd, found.identity.cwd) == ("", None)


def test_what_has_to_be_read(office: Office) -> None:
    script = office.home / "tools" / "server.js"
    script.parent.mkdir()
    script.write_text("x")
    start = Start("node", args=(str(script),), cwd=str(office.work), env={"PATH": str(office.bin)}, id="e1")
    found = looked(office, start, office.entry)
    wanted = reads(found, {"HOME": str(office.home)})
    assert wanted == (str(office.work), str(office.root), str(script.parent))
    fetched = reads(looked(office, asked(office), office.entry), {"HOME": str(office.home)})
    assert f"{office.home}/.npm" in fetched
    at_home = looked(office, Start("npx", cwd=str(office.home), env={"PATH": str(office.bin)}), office.entry)
    assert str(office.home) not in reads(at_home, {"HOME": str(office.home)})

"""`policy.toml`: defaults, and every wrong value refused by name."""

import pytest

from spawngate.model.decision import Mode, Verdict
from spawngate.model.errors import UsageError
from spawngate.policy.confinement import Confinement
from spawngate.policy.settings import FolderSettings, LaunchSettings, PolicySettings, parse_settings


def test_defaults() -> None:
    assert parse_settings("p", "") == PolicySettings()
    assert parse_settings("p", "[launches.sandbox]").launches.sandbox == Confinement()


def test_everything() -> None:
    text = """
    schema_version = 1
    base = "strict"
    mode = "monitor"
    refusals = "ask"
    approvals = true
    [modes]
    codex-cli = "enforce"
    [failure]
    not_understood = "ask"
    not_recorded = "allow"
    alone = "allow"
    [launches]
    probation = "never"
    no_sandbox = "deny"
    changed_tools = "log"
    [launches.sandbox]
    read = ["~/work", "/srv/x"]
    write = ["/var/tmp/x"]
    network = true
    [configuration]
    outside = "revert"
    [folders]
    trusted = ["~/work"]
    untrusted = ["/srv/foreign", "~/work/x"]
    """
    settings = parse_settings("p", text)
    assert settings == PolicySettings(
        base="strict",
        mode=Mode.MONITOR,
        modes={"codex-cli": Mode.ENFORCE},
        refusals=Verdict.ASK,
        not_understood=Verdict.ASK,
        not_recorded=Verdict.ALLOW,
        alone=Verdict.ALLOW,
        approvals=True,
        launches=LaunchSettings(
            probation="never",
            no_sandbox=Verdict.DENY,
            changed_tools="log",
            sandbox=Confinement(("~/work", "/srv/x"), ("/var/tmp/x",), network=True),
        ),
        folders=FolderSettings(("~/work",), ("/srv/foreign", "~/work/x")),
        outside="revert",
    )
    assert (settings.mode_of("codex-cli"), settings.mode_of("crush")) == (Mode.ENFORCE, Mode.MONITOR)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("base = ", "p: is no TOML"),
        (
            "bse = 'x'",
            "p: bse: is no setting; there are approvals, base, configuration, failure, folders, launches, mode, modes, "
            "refusals, schema_version",
        ),
        ("configuration = 1", "p: configuration: must be a table [configuration]"),
        ("[configuration]\nx = 1", "p: configuration.x: is not outside"),
        (
            "[configuration]\noutside = 'undo'",
            "p: configuration.outside: is 'undo' and must be one of log, disable, revert",
        ),
        ("folders = 1", "p: folders: must be a table [folders]"),
        ("[folders]\nx = []", "p: folders.x: is none of trusted, untrusted"),
        ("[folders]\ntrusted = 'a'", "p: folders.trusted: must be a list of folders that begin with / or ~"),
        ("[folders]\nuntrusted = ['a']", "p: folders.untrusted: must be a list of folders that begin with / or ~"),
        ("schema_version = 2", "p: schema_version: is 2; this version reads 1"),
        ("base = 'x'", "p: base: is 'x' and must be one of baseline, strict, observe, none"),
        ("mode = 1", "p: mode: is 1 and must be one of monitor, enforce"),
        ("refusals = 'log'", "p: refusals: is 'log' and must be one of deny, ask"),
        ("modes = 1", "p: modes: must be a table [modes]"),
        ("[modes]\na = 'x'", "p: modes.a: is 'x' and must be one of monitor, enforce"),
        ("[failure]\nx = 'deny'", "p: failure.x: is none of not_understood, not_recorded, alone"),
        ("[failure]\nalone = 'ask'", "p: failure.alone: is 'ask' and must be one of allow, deny"),
        ("launches = 1", "p: launches: must be a table [launches]"),
        ("[launches]\nx = 1", "p: launches.x: is none of probation, no_sandbox, changed_tools, sandbox"),
        ("[launches]\nprobation = 'once'", "p: launches.probation: is 'once' and must be one of new, always, never"),
        ("[launches]\nprobation = ''", "p: launches.probation: is '' and must be one of new, always, never"),
        ("[launches]\nno_sandbox = 'ask'", "p: launches.no_sandbox: is 'ask' and must be one of allow, deny"),
        ("[launches]\nsandbox = true", "p: launches.sandbox: must be a table [launches.sandbox]"),
        ("[launches.sandbox]\nports = []", "p: launches.sandbox.ports: is none of read, write, network, hosts"),
        ("[launches.sandbox]\nhosts = 'a.example'", "p: launches.sandbox.hosts: must be a list of hosts"),
        (
            "[launches.sandbox]\nhosts = ['https://a.example']",
            "p: launches.sandbox.hosts: 'https://a.example' is an address of the web; name the host, and a port where "
            "it is not 80 or 443",
        ),
        (
            f"[launches.sandbox]\nhosts = {['a.example'] * 65}",
            "p: launches.sandbox.hosts: there are more than 64 hosts",
        ),
        (
            "[launches.sandbox]\nhosts = ['a.example']\nnetwork = true",
            "p: launches.sandbox.network: gives the whole network; leave it out beside hosts",
        ),
        ("[launches.sandbox]\nnetwork = 1", "p: launches.sandbox.network: must be true or false"),
        ("[launches.sandbox]\nread = '/a'", "p: launches.sandbox.read: must be a list of paths"),
        ("[launches.sandbox]\nwrite = [1]", "p: launches.sandbox.write: must be a list of paths"),
        (
            "[launches.sandbox]\nwrite = ['a']",
            "p: launches.sandbox.write: 'a' is not absolute; begin it with / or ~/",
        ),
        (
            f"[launches.sandbox]\nread = {['/a'] * 65}",
            "p: launches.sandbox.read: there are more than 64 paths",
        ),
        ("[launches]\nchanged_tools = 1", "p: launches.changed_tools: is 1 and must be one of withhold, log"),
        ("approvals = 'yes'", "p: approvals: must be true or false"),
    ],
)
def test_refused(text: str, problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_settings("p", text)
    assert problem in str(caught.value)


def test_probation_by_the_shipped_set() -> None:
    assert [LaunchSettings().probation_under(base) for base in ("baseline", "strict", "observe", "none")] == [
        "new",
        "always",
        "new",
        "new",
    ]
    assert LaunchSettings(probation="never").probation_under("strict") == "never"

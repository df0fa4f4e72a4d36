"""Releases that are known to have carried malicious code."""

import pytest

from spawngate.command.tools.compromised import COMPROMISED, compromised


@pytest.mark.parametrize(
    ("specifier", "ecosystem", "version", "known"),
    [
        ("event-stream@3.3.6", "npm", "", True),
        ("event-stream@4.0.1", "npm", "", False),
        ("event-stream", "npm", "", False),
        ("crossenv", "npm", "", True),
        ("@ctrl/tinycolor@4.1.1", "npm", "", True),
        ("@ctrl/tinycolor@4.1.0", "npm", "", False),
        ("ctx==0.2.6", "pypi", "", True),
        ("Torchtriton", "pypi", "", True),
        ("ultralytics[export]==8.3.41", "pypi", "", True),
        ("requests", "pypi", "", False),
        ("rest-client", "gem", "1.6.13", True),
        ("rest-client", "gem", "2.1.0", False),
        ("event-stream@3.3.6", "conda", "", False),
        ("", "npm", "", False),
    ],
)
def test_known(specifier: str, ecosystem: str, version: str, known: bool) -> None:
    assert compromised(specifier, ecosystem, version) is known


def test_table_is_whole() -> None:
    """Every row has a name and versions that look like versions."""
    assert all(name and versions for (_, name), versions in COMPROMISED.items())
    assert {version for versions in COMPROMISED.values() for version in versions if not version[0].isdigit()} == {"*"}
    assert len(COMPROMISED) > 140

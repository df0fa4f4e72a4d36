"""System package managers that install files."""

import pytest

from tests.command.unwrap.shown import shown

CASES: dict[str, list[str] | None] = {
    "dpkg -i x.deb": ["dpkg+", "~x.deb | via=script opaque=program"],
    "dpkg -i ./x.deb /tmp/y.deb": [
        "dpkg+",
        "~./x.deb | via=script opaque=program",
        "~/tmp/y.deb | via=script opaque=program",
    ],
    "dpkg --install x.deb": ["dpkg+", "~x.deb | via=script opaque=program"],
    "dpkg -l": None,
    "dpkg --pre-invoke='rm x' -i x.deb": ["dpkg+", "$ rm x", "~x.deb | via=script opaque=program"],
    "apt install ./x.deb": ["apt+", "~./x.deb | via=script opaque=program"],
    "apt-get install -y /tmp/x.deb": ["apt-get+", "~/tmp/x.deb | via=script opaque=program"],
    "apt-get install curl": None,
    "apt-get -o APT::Update::Pre-Invoke::='rm x' install ./x.deb": [
        "apt-get+",
        "$ rm x",
        "~./x.deb | via=script opaque=program",
    ],
    "apt update": None,
    "rpm -ivh x.rpm": ["rpm+", "~x.rpm | via=script opaque=program"],
    "rpm -U https://h/x.rpm": ["rpm+", "~https://h/x.rpm | via=script opaque=program"],
    "rpm --eval '%(rm x)'": ["rpm+", "$ rm x"],
    "rpm -qa": None,
    "dnf install https://h/x.rpm": ["dnf+", "~https://h/x.rpm | via=script opaque=program"],
    "yum localinstall x.rpm": ["yum+", "~x.rpm | via=script opaque=program"],
    "dnf install curl": None,
    "apk add --allow-untrusted ./x.apk": ["apk+", "~./x.apk | via=script opaque=program"],
    "apk add curl": None,
    "pacman -U x.pkg.tar.zst": ["pacman+", "~x.pkg.tar.zst | via=script opaque=program"],
    "pacman -S curl": None,
    "snap install --dangerous ./x.snap": ["snap+", "~./x.snap | via=script opaque=program"],
    "installer -pkg x.pkg -target /": ["installer+", "~x.pkg | via=script opaque=program"],
    "msiexec /i x.msi /qn": ["msiexec+", "~x.msi | via=script opaque=program"],
    "zypper install ./x.rpm": ["zypper+", "~./x.rpm | via=script opaque=program"],
    "rpm --pipe 'rm x' -q y": ["rpm+", "$ rm x"],
}


@pytest.mark.parametrize("line", CASES)
def test_what_it_starts(line: str) -> None:
    assert shown(line) == CASES[line]

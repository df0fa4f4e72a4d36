"""Rules from the wheel and from folders."""

from pathlib import Path

import pytest

from spawngate.endpoint.rules import rule_set
from spawngate.model.errors import UsageError
from spawngate.rules.engine import shipped

RULE = """
id = "acme-no-curl"
title = "Starts curl"
severity = "high"
confidence = "high"
lifecycle = "stable"
rationale = "Acme starts no server by curl."
remediation = "Install the server."
message = "The program is {program}."
references = ["CWE-494"]

[match]
program = "curl"

[[example]]
name = "curl"
command = "curl"
args = ["https://x.example/"]
matches = true

[[example]]
name = "wget is another program"
command = "wget"
args = ["https://x.example/"]
matches = false
"""


def write(folder: Path, text: str = RULE, name: str = "launch/acme-no-curl.toml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def test_without_folders_the_shipped_ones() -> None:
    assert rule_set() is shipped()


def test_folder_adds_its_rules(tmp_path: Path) -> None:
    rules = rule_set([str(write(tmp_path))])
    assert rules["acme-no-curl"].title == "Starts curl"
    assert len(rules.rules) == len(shipped().rules) + 1


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        (RULE.replace("program =", "programm ="), "launch/acme-no-curl.toml", "acme-no-curl.toml"),
        (RULE, "launch/other-name.toml", "must be the file's stem"),
        (RULE, "nonsense/acme-no-curl.toml", "put the file into a folder called"),
        (RULE.split('[[example]]\nname = "wget')[0], "launch/acme-no-curl.toml", "example"),
        ("[match", "launch/acme-no-curl.toml", "is no TOML"),
    ],
)
def test_bad_rule_is_refused(tmp_path: Path, text: str, name: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        rule_set([str(write(tmp_path, text, name))])


def test_folder_without_rules(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no rule"):
        rule_set([str(tmp_path)])
    with pytest.raises(UsageError, match="no rule"):
        rule_set([str(tmp_path / "none")])


def test_rule_that_is_not_utf8(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "launch/acme-no-curl.toml").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="is not UTF-8"):
        rule_set([str(folder)])

"""Reading of one rule: what it becomes, and everything that is refused with file, key and advice."""

import re

import pytest

from spawngate.model.finding import Confidence, Severity
from spawngate.rules.rule import Example, RuleError, parse_rule

GOOD = """\
id = "my-rule"
title = "A title"
severity = "high"
confidence = "medium"
lifecycle = "stable"
message = "{program} is {inner_argv} {{braces}}"
rationale = "Why."
remediation = "What to do."
references = ["CWE-78", "OWASP-MCP05", "OWASP-ASI10", "AML.T0051.001", "T1059", "CVE-2025-59536",
"https://example.com/a"]

[match]
shell = true

[[example]]
name = "yes"
matches = true
facts = { shell = true, env_names = ["A"] }

[[example]]
name = "no"
command = "npx"
args = ["-y", "x"]
platform = "windows"
surroundings = { present = ["a"] }
matches = false
"""


def test_whole_rule() -> None:
    rule = parse_rule("some/where/launch/my-rule.toml", GOOD)
    assert (rule.id, rule.subject, rule.title, rule.severity, rule.confidence, rule.lifecycle) == (
        "my-rule",
        "launch",
        "A title",
        Severity.HIGH,
        Confidence.MEDIUM,
        "stable",
    )
    assert rule.message == (("", "program"), (" is ", "inner_argv"), (" {", ""), ("braces}", ""))
    assert rule.references[3] == "AML.T0051.001"
    assert rule.match == {"shell": True}
    assert rule.examples == (
        Example("yes", True, facts={"shell": True, "env_names": ("A",)}),
        Example(
            "no",
            False,
            raw={"command": "npx", "args": ["-y", "x"]},
            platform="windows",
            surroundings={"present": ["a"]},
        ),
    )


def test_title_serves_as_message() -> None:
    rule = parse_rule("launch/my-rule.toml", re.sub(r"message = .*\n", "", GOOD))
    assert rule.message == (("A title", ""),)


def test_deprecated_rule_says_why() -> None:
    text = GOOD.replace('lifecycle = "stable"', 'lifecycle = "deprecated"\nlifecycle_reason = "Replaced."')
    assert parse_rule("launch/my-rule.toml", text).lifecycle_reason == "Replaced."


@pytest.mark.parametrize(
    ("old", "new", "key", "advice"),
    [
        ('id = "my-rule"', 'id = "other"', "id", "must be the file's stem"),
        ('id = "my-rule"', 'id = "My_Rule"', "id", "kebab-case"),
        ('id = "my-rule"\n', "", "id", "is missing"),
        ('title = "A title"', 'title = "  "', "title", "write a text"),
        ('title = "A title"', 'title = "A title "', "title", "white space"),
        ('title = "A title"', "title = 3", "title", "write a text"),
        ('"high"', '"severe"', "severity", "must be one of info, low, medium, high, critical"),
        ('"medium"', '"certain"', "confidence", "low, medium, high"),
        ('"stable"', '"new"', "lifecycle", "experimental, stable, deprecated"),
        ('"stable"', '"deprecated"', "lifecycle_reason", "goes with"),
        ('lifecycle = "stable"', 'lifecycle = "stable"\nlifecycle_reason = "x"', "lifecycle_reason", "goes with"),
        ('rationale = "Why."\n', "", "rationale", "is missing"),
        ('remediation = "What to do."\n', "", "remediation", "is missing"),
        ("[match]", "colour = 'red'\n[match]", "colour", "is no key of a rule"),
        ('"CWE-78"', '"cwe78"', "references", "has no known form"),
        ('"CWE-78"', '"OWASP-MCP11"', "references", "has no known form"),
        ('"CWE-78"', '"T1059"', "references", "twice"),
        ('"CWE-78"', "3", "references", "has no known form"),
        ("{program}", "{programme}", "message", "is no fact of a launch"),
        ("{program}", "{program!r}", "message", "is no fact"),
        ("{program}", "{program", "message", "unbalanced"),
        ("{program}", "{shell}", "message", "is a flag"),
        ("[match]\nshell = true", "", "match", "write a table"),
        ("shell = true\n\n", "shel = true\n\n", "match.shel", "did you mean 'shell'"),
        ("shell = true\n\n", "shell = 'yes'\n\n", "match.shell", "must be a flag"),
        ("shell = true\n\n", "shell_in = ['a']\n\n", "match.shell_in", "no such operator"),
        ("shell = true\n\n", "wrappers = 'sudo'\n\n", "match.wrappers", "wrappers_any"),
        ("shell = true\n\n", "wrappers_in = ['sudo']\n\n", "match.wrappers_in", "no such operator"),
        ("shell = true\n\n", "program_any = ['sh']\n\n", "match.program_any", "no such operator"),
        ("shell = true\n\n", "program_at_least = 2\n\n", "match.program_at_least", "no such operator"),
        ("shell = true\n\n", "pin = 'exect'\n\n", "match.pin", "is never 'exect'"),
        ("shell = true\n\n", "pin_in = ['exact', 'exect']\n\n", "match.pin_in", "is never 'exect'"),
        ("shell = true\n\n", "program_in = []\n\n", "match.program_in", "not empty"),
        ("shell = true\n\n", "program_in = ['a', 'a']\n\n", "match.program_in", "twice"),
        ("shell = true\n\n", "program_nonempty = 'x'\n\n", "match.program_nonempty", "true or false"),
        ("shell = true\n\n", "program_matches = '('\n\n", "match.program_matches", "no regular expression"),
        ("shell = true\n\n", "program_matches = 'a*'\n\n", "match.program_matches", "matches an empty text"),
        ("shell = true\n\n", "[match.any]\n\n", "match.any", "holds no condition"),
        ("shell = true\n\n", "any = []\n\n", "match.any", "empty list"),
        ("shell = true\n\n", "any = [3]\n\n", "match.any[0]", "must be a table"),
        ("shell = true\n\n", "not = 'x'\n\n", "match.not", "must be a table"),
        ("shell = true\n\n", "\n", "match", "holds no condition"),
        ('name = "no"', 'name = "yes"', "example", "two of one name"),
        ('name = "no"\n', "", "example[1].name", "is missing"),
        ("matches = false", "matches = true", "example", "has none with matches = false"),
        ("matches = false", "matches = 'no'", "example[1] (no).matches", "true or false"),
        ('platform = "windows"', 'platform = "amiga"', "example[1] (no).platform", "linux, macos or windows"),
        ("surroundings = { present", "surroundings = 3 #", "example[1] (no).surroundings", "is a table"),
        ('command = "npx"', 'comand = "npx"', "example[1] (no).comand", "is no key of a launch definition"),
        ("facts = { shell = true,", "facts = { shel = true,", "example[0] (yes).facts.shel", "is no fact"),
        ("facts = { shell = true,", "facts = { shell = 1,", "example[0] (yes).facts.shell", "must be a flag"),
        ("facts = { shell = true,", "facts = { pin = 'no',", "example[0] (yes).facts.pin", "is never 'no'"),
        ("facts = {", "command = 'x'\nfacts = {", "example[0] (yes).command", "not both"),
    ],
)
def test_refused(old: str, new: str, key: str, advice: str) -> None:
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    with pytest.raises(RuleError) as caught:
        parse_rule("launch/my-rule.toml", text)
    message = str(caught.value)
    assert message.startswith(f"launch/my-rule.toml: {key}: "), message
    assert advice in message


@pytest.mark.parametrize(
    ("path", "text", "advice"),
    [
        (
            "my-rule.toml",
            GOOD,
            "put the file into a folder called artifact, call, change, endpoint, launch, spawn, tool",
        ),
        ("other/my-rule.toml", GOOD, "put the file into a folder"),
        ("launch/my-rule.toml", "id = ", "is no TOML"),
        ("launch/my-rule.toml", "x = " + "[" * 5000, "is no TOML"),
    ],
)
def test_refused_whole(path: str, text: str, advice: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule(path, text)
    assert str(caught.value).startswith(f"{path}: ")
    assert advice in str(caught.value)


@pytest.mark.parametrize(
    ("subject", "body", "key", "advice"),
    [
        ("artifact", 'command = "x"', "example[0] (yes)", "must give facts = {...} or artifact = {...}"),
        ("artifact", "artifact = { colour = 1 }", "example[0] (yes).artifact.colour", "is no key of an artifact"),
        ("artifact", "artifact = {}", "example[0] (yes).artifact", "says nothing"),
        ("endpoint", 'command = "x"', "example[0] (yes)", "gives no facts"),
    ],
)
def test_refused_examples_of_other_subjects(subject: str, body: str, key: str, advice: str) -> None:
    facts = 'kind = "hook"' if subject == "artifact" else "shell_nonempty = true"
    text = f"""\
id = "x"
title = "X"
severity = "low"
confidence = "low"
lifecycle = "stable"
rationale = "R"
remediation = "R"
[match]
{facts}
[[example]]
name = "yes"
matches = true
{body}
"""
    with pytest.raises(RuleError) as caught:
        parse_rule(f"{subject}/x.toml", text)
    assert str(caught.value).startswith(f"{subject}/x.toml: {key}: ")
    assert advice in str(caught.value)

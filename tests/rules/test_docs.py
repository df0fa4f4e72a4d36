"""docs/rules.md says what the rules are. `python -m tests.rules.test_docs` writes it anew."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from spawngate.command import call_facts, spawn_facts
from spawngate.command.acts import ACTS
from spawngate.command.hosts import HOST_KINDS
from spawngate.command.places import PLACES
from spawngate.command.switches import SWITCHES
from spawngate.configuration import change_facts
from spawngate.configuration.change_facts import LABELS
from spawngate.launch import facts
from spawngate.rules import artifact_facts, endpoint_facts, tool_facts
from spawngate.rules.engine import shipped
from spawngate.rules.rule import PACKS, Rule
from spawngate.rules.vocabulary import vocabulary_for

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"

_SUBJECTS = {
    "launch": ("Launches", "What a definition of a server, or a command that an agent starts, really runs."),
    "artifact": ("Artifacts", "Skills, instructions, hooks, agents' settings, secrets, plugins and extensions."),
    "endpoint": ("Combinations", "What the servers of one agent can do together."),
    "spawn": ("Spawns", "What a process that a command would start is and does."),
    "call": ("Calls", "What a call of a tool other than the shell does, and a command as a whole."),
    "change": ("Changes", "What a write to an agent's configuration would change, computed before it happens."),
    "tool": ("Tools", "What the tools that a server offers, and its instructions, say to the model."),
}
_SOURCES = {
    "launch": (facts, "LaunchFacts"),
    "artifact": (artifact_facts, "ArtifactFacts"),
    "endpoint": (endpoint_facts, "EndpointFacts"),
    "spawn": (spawn_facts, "SpawnFacts"),
    "call": (call_facts, "CallFacts"),
    "change": (change_facts, "ChangeFacts"),
    "tool": (tool_facts, "ToolFacts"),
}
_HEAD = """\
# Rules

Written by `python -m tests.rules.test_docs` from the files in `src/spawngate/rules/`; do not edit.

A rule says what something is. What to do about it is policy: the shipped baseline denies launches with a finding of
severity high or critical and asks about those of medium; low and info are recorded. For spawns and calls it does the
same.

| severity | meaning for a launch, spawn or call |
| --- | --- |
| critical, high | almost never legitimate |
| medium | needs a person's look |
| low, info | worth a record |

Of a definition whose keys stand in another letter case, which most clients do not start, no finding is above medium.

## Rules of your own

One TOML file per rule, in a folder `launch/`, `artifact/`, `endpoint/`, `spawn/`, `call/`, `change/` or `tool/`, named
after its `id`. Ids of shipped rules are taken. Whatever is wrong with a file is refused when it is loaded, with file,
key and what to do: unknown keys, names of facts, values outside a closed list, operators that do not fit the fact,
missing examples of either kind.

```toml
{example}```

| condition | holds when |
| --- | --- |
| `fact = value` | the flag, text or count is that |
| `fact_in = [...]` | the text is one of these |
| `fact_any = [...]` | the list holds one of these |
| `fact_nonempty = true` | there is a text, or an item in the list (`false`: none) |
| `fact_matches = "regex"` | the expression is found in the text, or in an item of the list |
| `fact_at_least = n` | the count is that or more |

Conditions of `[match]` must all hold. `[match.any]`: one of the conditions; `[[match.any]]`: one of the tables;
`[match.all]`, `[[match.all]]`: all; `[match.not]`, `[[match.not]]`: not the table, none of the tables. They nest.
`message` may name facts in braces. Examples of launch rules are definitions (`command`, `args`, `env`, `cwd`, `url`,
with `platform` and `surroundings`) or `facts = {{...}}`; of artifact rules `artifact = {{...}}` or facts; of
endpoint and change rules facts. Examples of spawn rules are a `command` (with `dialect`, `home`, `cwd`, `project`,
`platform`), of call rules a `tool` with its `input` as the agent sends it (Claude Code where no `agent` is named), and
`servers` as the inventory knows them; of tool rules a `definition` as `tools/list` gives it or `instructions`, and
`others`, the names of other servers' tools. Rules about spawns, calls and changes name their `pack`.
References are CWE, OWASP MCP Top 10 (`OWASP-MCP01`), OWASP Top 10 for Agentic Applications (`OWASP-ASI01`), MITRE ATLAS
(`AML.T0051`) and ATT&CK (`T1059`), CVE and GHSA ids, and https addresses.
"""


def page() -> str:
    """The whole page."""
    root = Path(inspect.getfile(facts)).parents[1] / "rules"
    example = (root / "launch" / "hidden-shell.toml").read_text(encoding="utf-8")
    parts = [_HEAD.format(example=example)]
    for subject, (title, text) in _SUBJECTS.items():
        parts.append(f"## {title}\n\n{text}\n")
        if subject in ("spawn", "call", "change"):
            parts.append(_packs(subject))
        parts.extend(_rule(rule) for rule in shipped().rules if rule.subject == subject)
    parts.append("## Facts\n")
    for subject, (title, _) in _SUBJECTS.items():
        rows = "".join(f"| `{name}` | {kind} | {text} |\n" for name, kind, text in _facts(subject))
        parts.append(f"### Facts: {title.lower()}\n\n| fact | holds | meaning |\n| --- | --- | --- |\n{rows}")
    for name, words in (
        ("acts", ACTS),
        ("places", PLACES),
        ("host_kinds", HOST_KINDS),
        ("switches", SWITCHES),
        ("labels", LABELS),
    ):
        rows = "".join(f"| `{word}` | {meaning} |\n" for word, meaning in words.items())
        parts.append(f"### Facts: words of {name}\n\n| word | meaning |\n| --- | --- |\n{rows}")
    return "\n".join(parts)


def _packs(subject: str) -> str:
    """The rules of each pack, by severity."""
    lines = ["| pack | rules |", "| --- | --- |"]
    for pack, title in PACKS.items():
        found = [rule for rule in shipped().rules if rule.subject == subject and rule.pack == pack]
        found.sort(key=lambda rule: (-rule.severity.rank, rule.id))
        if found:
            listed = ", ".join(f"[{rule.id}](#{rule.id}) ({rule.severity.value})" for rule in found)
            lines.append(f"| {title} (`{pack}`) | {listed} |")
    return "\n".join(lines) + "\n"


def _rule(rule: Rule) -> str:
    references = f"\nReferences: {', '.join(rule.references)}\n" if rule.references else ""
    reason = f" {rule.lifecycle_reason}" if rule.lifecycle_reason else ""
    shows: dict[bool, list[str]] = {True: [], False: []}
    for example in rule.examples:
        shows[example.matches].append(example.name)
    return (
        f"### {rule.id}\n\n**{rule.title}.** Severity {rule.severity.value}, confidence {rule.confidence.value}, "
        f"{rule.lifecycle}{f', pack {rule.pack}' if rule.pack else ''}.{reason}\n\n{rule.rationale}\n\n"
        f"What to do: {rule.remediation}\n\n"
        f"Matches, for example: {'; '.join(shows[True])}. Does not match: {'; '.join(shows[False])}.\n{references}"
    )


def _facts(subject: str) -> Iterator[tuple[str, str, str]]:
    """Name, type and description of each fact; the description is the text below the field."""
    module, name = _SOURCES[subject]
    tree = ast.parse(inspect.getsource(module))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name).body
    for at, node in enumerate(body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            following = body[at + 1] if at + 1 < len(body) else None
            text = ""
            if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
                text = " ".join(str(following.value.value).split()).replace("|", "\\|")
            yield node.target.id, vocabulary_for(subject).types[node.target.id].value, text


def test_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_rule_has_a_heading() -> None:
    headings = [line[4:] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("### ")]
    assert [name for name in headings if not name.startswith("Facts")] == [
        rule.id for subject in _SUBJECTS for rule in shipped().rules if rule.subject == subject
    ]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

"""Documentation says what is true: generated pages are up to date, every kind, field and state has a row.

`python -m tests.test_docs` writes docs/agents.md anew.
"""

import re
from pathlib import Path

import click

from spawngate.agents import AGENTS, SURFACES, load_agent, load_surface
from spawngate.agents.agent import ANY, Agent
from spawngate.cli import COMMANDS, cli
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.redact.detail import written_keys

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def agents_page() -> str:
    """docs/agents.md, from the modules."""
    lines = [
        "# Agents",
        "",
        "Generated from the modules in `src/spawngate/agents` by `python -m tests.test_docs`; do not edit.",
        "",
        f"{len(AGENTS)} agents and {len(SURFACES)} surfaces that belong to no single agent. `~` is the home,",
        "`{project}` a project's root, `{appdata}` the per-user application folder, `{vscode_user}` and",
        "`{vscode_extensions}` every editor of the VS Code family. *Shared* files belong to another agent and count",
        "where this one is present.",
        "",
    ]
    for name in AGENTS:
        lines += _section(load_agent(name))
    lines += ["# Surfaces", ""]
    for name in SURFACES:
        lines += _section(load_surface(name))
    return "\n".join(lines).rstrip() + "\n"


def _section(agent: Agent) -> list[str]:
    head = f"## {agent.id}"
    about = f"{agent.name}{f' ({agent.vendor})' if agent.vendor else ''}."
    if agent.moved:
        about += f" Moved by {', '.join(sorted({f'`{move.variable}`' for move in agent.moved}))}."
    if agent.project_approval != "none":
        needs = {"pending": "a person's approval", "trust": "a trusted folder"}[agent.project_approval]
        about += f" Servers of a project need {needs}."
    lines = [head, "", about, "", "| place | scope | form |", "| --- | --- | --- |"]
    for location in agent.locations:
        form = location.format.value + (", shared" if location.shared else "")
        if location.on != ANY:
            form += f" ({', '.join(location.on)})"
        lines.append(f"| `{location.template}` | {location.scope.value} | {form} |")
    for topic, note in sorted(agent.notes.items()):
        lines += ["", f"*{topic}*: {note}"]
    return [*lines, ""]


def test_agents_page_is_up_to_date() -> None:
    assert (DOCS / "agents.md").read_text(encoding="utf-8") == agents_page()


def test_inventory_page_names_every_kind_scope_and_status() -> None:
    page = (DOCS / "inventory.md").read_text(encoding="utf-8")
    for word in (*Kind, *Scope, *Status):
        assert f"| `{word.value}` |" in page, word


def test_inventory_page_names_every_detail_field() -> None:
    page = (DOCS / "inventory.md").read_text(encoding="utf-8")
    missing = [key for key in written_keys() if f"`{key}`" not in page]
    assert missing == []


def test_readme_names_every_command_that_a_user_calls() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        if name not in ("version",):
            assert f"spawngate {name}" in readme, name


def options(command: click.Command) -> set[str]:
    """Every option of a command and of its sub-commands."""
    found = {option for parameter in command.params for option in parameter.opts}
    for each in command.commands.values() if isinstance(command, click.Group) else ():
        found |= options(each)
    return found


def test_options_in_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    known: set[str] = {"--help"}
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        known |= options(command)
    used = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", readme))
    assert used <= known


def test_links_between_pages_lead_somewhere() -> None:
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")):
        for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


if __name__ == "__main__":
    (DOCS / "agents.md").write_text(agents_page(), encoding="utf-8")

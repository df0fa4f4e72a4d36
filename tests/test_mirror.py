"""Every module has its test: tests mirror the tree of the source, and agents have fixtures."""

from pathlib import Path

import pytest

from spawngate.agents import AGENTS, SURFACES

TESTS = Path(__file__).parent
SOURCE = TESTS.parent / "src" / "spawngate"

EXEMPT = {
    "__main__.py": "one call, seen by tests/cli/test_main.py",
    "cli/options.py": "declarations, seen by tests/cli/test_scan.py",
    "cli/version.py": "one line, seen by tests/cli/test_main.py",
    "agents/agent.py": "types without behaviour",
    "agents/hooks/dialect.py": "types without behaviour",
    "agents/hooks/off_switch_table.py": "data and types; seen by tests/agents/hooks/test_off_switches.py",
    "agents/hooks/fields.py": "names of fields and a record; seen by tests/agents/hooks/test_inputs.py",
    "command/frame.py": "types; seen by tests/command/test_parse.py",
    "command/syntax.py": "types without behaviour",
    "trail/query/syntax.py": "types without behaviour",
    "command/acts.py": "a table of words, seen by tests/command/test_readers.py",
    "command/call_facts.py": "a type without behaviour",
    "command/spawn_facts.py": "a type without behaviour",
    "command/spawn.py": "types; their properties are seen by tests/command",
    "command/unwrap/inner.py": "types without behaviour",
    "configuration/change.py": "a type without behaviour",
    "configuration/change_facts.py": "types without behaviour",
    "endpoint/rehearsal/__main__.py": "one call, seen by tests/endpoint/rehearsal/test_rehearse.py",
    "endpoint/launcher/main.py": "three lines, seen by every test that starts a launcher",
    "endpoint/sync/looks.py": "a type without behaviour",
    "endpoint/sync/words.py": "types without behaviour",
    "launch/facts.py": "a type without behaviour",
    "model/advisory.py": "a type without behaviour",
    "model/call.py": "types without behaviour",
    "model/artifact.py": "types without behaviour",
    "model/errors.py": "types without behaviour",
    "model/json.py": "a type",
    "model/setting.py": "types without behaviour",
    "model/snapshot.py": "types without behaviour",
    "server/store/whole.py": "seen by tests/server/store/test_embedded.py and postgres/test_store.py",
    "server/store/coded/view.py": "types; used by every test of an adapter",
    "server/fleet/migrations/env.py": "run by every test of tests/server/fleet/test_migrate.py",
    "server/fleet/migrations/versions/r0001_fleet.py": "run by every test of tests/server/fleet/test_migrate.py",
    "server/fleet/migrations/versions/r0002_commands.py": "run by every test of tests/server/fleet/test_migrate.py",
    "server/fleet/migrations/versions/r0003_indexes_of_lists.py": "run by tests/server/fleet/test_migrate.py",
    "server/fleet/migrations/versions/r0004_makers_of_tokens.py": "run by tests/server/fleet/test_migrate.py",
    "server/fleet/migrations/versions/r0005_proofs_of_enrolment.py": "run by tests/server/fleet/test_migrate.py",
    "server/fleet/migrations/versions/r0006_approvals_by_endpoint.py": "run by tests/server/fleet/test_migrate.py",
    "server/fleet/migrations/versions/r0007_artifacts_by_id.py": "run by tests/server/fleet/test_migrate.py",
    "server/services.py": "a type without behaviour",
    "server/store/sqlite/tables.py": "texts, run by every test of the store",
    "server/store/coded/look.py": "seen by tests/server/store/test_verify.py",
    "server/store/sqlite/writer.py": "seen by tests/server/store/sqlite/test_events.py and the conformance suite",
    "server/demo/calls.py": "data, decided by tests/server/demo/test_history.py",
    "server/demo/catalogue.py": "data, judged by tests/server/demo/test_world.py",
    "server/store/port.py": "types and protocols; every adapter is held to them by tests/server/store/conformance.py",
}
"""Modules without a test of their own, and why. One that has a test must leave this list."""


def module_of(agent: str) -> str:
    """File name of an agent's module."""
    return "continue_.py" if agent == "continue" else f"{agent.replace('-', '_')}.py"


AGENT_MODULES = {f"agents/{module_of(agent)}": TESTS / "fixtures" / "agents" / agent for agent in AGENTS} | {
    f"agents/surfaces/{module_of(surface)}": TESTS / "fixtures" / "surfaces" / surface for surface in SURFACES
}
MODULES = sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if path.name != "__init__.py")


def mirror_of(module: str) -> Path:
    """The test that mirrors a module."""
    path = Path(module)
    return TESTS / path.parent / f"test_{path.name}"


@pytest.mark.parametrize("module", [name for name in MODULES if name not in AGENT_MODULES])
def test_module_has_its_test(module: str) -> None:
    if module in EXEMPT:
        assert not mirror_of(module).exists(), f"{module} has a test now: take it off the list of exemptions"
    else:
        assert mirror_of(module).is_file(), f"{module} has no {mirror_of(module).relative_to(TESTS)}"


def test_exemptions_exist() -> None:
    assert [name for name in EXEMPT if name not in MODULES] == []


def test_agents_table_is_the_directory() -> None:
    shared = {"agent", "clis", "document", "places", "presence", "settle"}
    modules = {path.name for path in (SOURCE / "agents").glob("*.py")} - {
        f"{name}.py" for name in (*shared, "__init__")
    }
    assert modules == {module_of(agent) for agent in AGENTS}


def test_surfaces_table_is_the_directory() -> None:
    modules = {path.name for path in (SOURCE / "agents" / "surfaces").glob("*.py")} - {"__init__.py", "ai_words.py"}
    assert modules == {module_of(surface) for surface in SURFACES}


@pytest.mark.parametrize("folder", AGENT_MODULES.values(), ids=lambda p: f"{p.parent.name}/{p.name}")
def test_agent_has_a_fixture(folder: Path) -> None:
    assert (folder / "expected.json").is_file()


def test_no_fixture_without_an_agent() -> None:
    for kind, names in (("agents", AGENTS), ("surfaces", SURFACES)):
        found = {path.name for path in (TESTS / "fixtures" / kind).iterdir() if path.is_dir()}
        assert found == set(names)

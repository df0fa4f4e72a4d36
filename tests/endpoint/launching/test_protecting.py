"""The launcher in front of every agent's entries, and out again: byte for byte, and nothing else changes."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import edit, parse
from spawngate.agents.formats.edit_values import Operation, at
from spawngate.agents.formats.launch_places import find, operations
from spawngate.endpoint.launching import protecting
from spawngate.endpoint.launching.configured import configured
from spawngate.endpoint.launching.known import Records
from spawngate.endpoint.launching.protecting import cleaned
from spawngate.endpoint.protect import journal
from spawngate.launch.launcher import behind, written
from tests.endpoint.launching.homes import AGENTS, LAUNCHER, Home

TOGETHER = 200
"""Entries of all fixtures that can be rewritten; there are more."""


@pytest.mark.parametrize("agent", AGENTS)
def test_every_agent_and_back(tmp_path: Path, agent: str) -> None:
    home = Home(tmp_path, agent)
    before = home.files()
    artifacts = {item.id: item for item in configured(home.around, home.agents, [str(home.project)])}
    ahead = home.ahead()
    assert home.files() == before
    done = home.protect()
    assert [item.problem for item in done] == [""] * len(done)
    changed = {path for path, data in home.files().items() if before[path] != data}
    assert changed == {item.path for item in ahead.rewritten}
    after = {item.id: item for item in configured(home.around, home.agents, [str(home.project)])}
    # What is known of every entry is what was known before, and each that could be is behind the launcher now.
    assert {id_: item.artifact for id_, item in after.items()} == {
        id_: item.artifact for id_, item in artifacts.items()
    }
    for item in ahead.rewritten:
        now = after[item.id]
        assert now.through is not None
        assert (now.through.id, now.through.launcher) == (item.id, LAUNCHER[0])
        assert (now.through.command, now.through.args) == (item.launch.command, item.launch.args)
        assert now.launch.env == item.launch.env
    assert {entry.id for entry in Records(home.state).entries()} == {item.id for item in ahead.rewritten}
    assert {item.outcome for item in home.protect()} <= {"unchanged"}
    assert {item.outcome for item in home.unprotect()} <= {"restored"}
    assert home.files() == before
    assert Records(home.state).entries() == ()
    assert home.unprotect() == []


def test_enough_entries_can_be_rewritten(tmp_path: Path) -> None:
    found = 0
    for agent in AGENTS:
        (tmp_path / agent).mkdir()
        found += len(Home(tmp_path / agent, agent).ahead().rewritten)
    assert found >= TOGETHER


@pytest.mark.parametrize("agent", AGENTS)
def test_back_from_a_file_that_somebody_changed_since(tmp_path: Path, agent: str) -> None:
    home = Home(tmp_path, agent)
    before = home.files()
    home.protect()
    touched = {path: data + b"\n" for path, data in home.files().items() if data != before[path]}
    for path, data in touched.items():
        Path(path).write_bytes(data)
    assert {item.outcome for item in home.unprotect()} <= {"removed"}
    for path in touched:
        assert Path(path).read_bytes() == before[path] + b"\n"


@pytest.mark.parametrize("agent", AGENTS)
def test_back_without_a_journal(tmp_path: Path, agent: str) -> None:
    home = Home(tmp_path, agent)
    before = {item.id: item.artifact for item in configured(home.around, home.agents)}
    home.protect(projects=False)
    journal = home.state / "launching" / "protect" / "journal.json"
    if not journal.exists():
        return
    journal.unlink()
    home.unprotect()
    after = configured(home.around, home.agents)
    assert {item.id: item.artifact for item in after} == before
    assert [item.through for item in after] == [None] * len(after)


CURSOR = """{
  // mine
  "mcpServers": {
    "a": {"command": "npx", "args": ["-y", "a@1.0.0"], "env": {"K": "v"}},
    "b": {"command": "b"}
  }
}
"""


def cursor(tmp_path: Path) -> tuple[Home, Path]:
    home = Home(tmp_path)
    home.agents = ("cursor",)
    return home, home.write(".cursor/mcp.json", CURSOR.replace("  // mine\n", ""))


def test_changed_arguments_of_an_entry_stay_changed(tmp_path: Path) -> None:
    home, path = cursor(tmp_path)
    home.protect()
    path.write_text(path.read_text().replace("a@1.0.0", "a@2.0.0"))
    (a, b) = configured(home.around, ("cursor",))
    assert (a.launch.args, b.launch.command) == (("-y", "a@2.0.0"), "b")
    # The file says already what it should; only its words are others than the journal's.
    assert [item.outcome for item in home.protect()] == ["unchanged"]
    home.unprotect()
    assert [(each.launch.command, each.launch.args) for each in configured(home.around, ("cursor",))] == [
        ("npx", ("-y", "a@2.0.0")),
        ("b", ()),
    ]


def test_new_entries_are_protected_by_running_it_again(tmp_path: Path) -> None:
    home, path = cursor(tmp_path)
    home.protect()
    path.write_text(path.read_text().replace('"b": {', '"c": {"command": "c"},\n    "b": {'))
    assert [item.artifact.name for item in protecting.unprotected(home.around, ("cursor",))] == ["c"]
    assert [item.outcome for item in home.protect()] == ["written"]
    assert protecting.unprotected(home.around, ("cursor",)) == []
    home.unprotect()
    assert path.read_text() == CURSOR.replace("  // mine\n", "").replace('"b": {', '"c": {"command": "c"},\n    "b": {')


def test_another_launcher_takes_the_place_of_ours(tmp_path: Path) -> None:
    home, path = cursor(tmp_path)
    before = path.read_bytes()
    home.protect()
    other = ("/usr/bin/python3", "-I", "-S", "-B", "/usr/local/lib/spawngate/launcher/spawngate_launch.py")
    protecting.carry_out(home.around, protecting.look_ahead(home.around, other, ("cursor",)), other)
    assert b"spawngate_launch.py" in path.read_bytes()
    assert b"spawngate-launch" not in path.read_bytes()
    home.unprotect()
    assert path.read_bytes() == before


def test_what_merely_bears_the_name_is_an_entry_like_any_other(tmp_path: Path) -> None:
    home, path = cursor(tmp_path)
    words = '"command": "/tmp/spawngate/launcher/spawngate-launch", "args": ["--id", "x", "--", "npx"]'
    fake = f'{{"mcpServers": {{"f": {{{words}}}}}}}'
    path.write_text(fake)
    (item,) = configured(home.around, ("cursor",))
    assert (item.through, item.launch.command) == (None, "/tmp/spawngate/launcher/spawngate-launch")
    home.protect()
    (item,) = configured(home.around, ("cursor",))
    assert item.through is not None
    assert item.through.command == "/tmp/spawngate/launcher/spawngate-launch"
    home.unprotect()
    assert path.read_text() == fake


def test_a_file_that_cannot_be_edited_is_told(tmp_path: Path) -> None:
    home, path = cursor(tmp_path)
    path.write_text('{"mcpServers": {"a": {"command": "a"},}')
    ahead = home.ahead()
    assert (ahead.plans, ahead.rewritten) == ((), ())
    assert [(item.artifact.name, problem) for item, problem in ahead.left_out] == [
        ("a", "how its file says it is not understood")
    ]


def test_with_hooks_in_the_same_file(tmp_path: Path) -> None:
    from tests.endpoint.protect.conftest import Place

    place = Place(tmp_path)
    settings = place.write(".gemini/settings.json", b'{"mcpServers": {"a": {"command": "a", "args": []}}}\n')
    before = settings.read_bytes()

    def launches() -> None:
        ahead = protecting.look_ahead(place.around, LAUNCHER, ("gemini-cli",))
        assert [item.problem for item in protecting.carry_out(place.around, ahead, LAUNCHER)] == [""]

    for order in ("hooks first", "launches first", "launches first, hooks gone first"):
        steps = [lambda: place.protect("gemini-cli"), launches]
        for step in steps if order == "hooks first" else reversed(steps):
            step()
        assert b"spawngate-launch" in settings.read_bytes()
        assert b"spawngate-hook" in settings.read_bytes()
        if order.endswith("hooks gone first"):
            place.unprotect()
            protecting.withdraw(place.around)
        else:
            protecting.withdraw(place.around)
            place.unprotect()
        assert settings.read_bytes() == before, order


def test_cleaned_leaves_others_alone() -> None:
    data = b'{"a": {"command": "/opt/x/spawngate-launch", "args": ["--id", "x", "--", "y"]}}'
    assert cleaned(data, Format.JSON, ()) == data
    known = cleaned(data, Format.JSON, ["/opt/x/spawngate-launch"])
    assert known == b'{"a": {"command": "y", "args": []}}'


_WORD = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).filter(str.strip)
_ENTRY = st.fixed_dictionaries(
    {"command": _WORD.filter(lambda word: not any(map(str.isspace, word))), "args": st.lists(_WORD, max_size=3)},
    optional={"env": st.dictionaries(_WORD, _WORD, max_size=2), "disabled": st.booleans()},
)


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(_WORD, _ENTRY, min_size=1, max_size=3),
    st.sampled_from([Format.JSON, Format.YAML, Format.TOML]),
    st.sampled_from([None, 2, "\t"]),
)
def test_any_entries_and_back(servers: dict[str, Any], form: Format, indent: int | str | None) -> None:
    text = {
        Format.JSON: lambda: json.dumps({"m": servers}, indent=indent, ensure_ascii=False),
        Format.YAML: lambda: yaml.safe_dump({"m": servers}, allow_unicode=True, default_flow_style=indent is None),
        Format.TOML: lambda: as_toml({"m": servers}),
    }[form]()
    before = text.encode()
    value = parse(before, form)
    wanted: list[Operation] = []
    for name, entry in servers.items():
        place = find(value, f"m.{name}", name, entry["command"], entry["args"])
        if place is None:
            return  # two entries of one look: nothing is guessed
        wanted += operations(place, written(LAUNCHER, "e1", entry["command"], entry["args"]))
    done = edit(before, form, wanted, lambda value: False)
    changed = parse(done.data, form)
    for name, entry in servers.items():
        _, node = at(changed, ("m", name))
        assert isinstance(node, dict)
        found = behind(node["command"], node["args"])
        assert found is not None
        assert (found.command, list(found.args)) == (entry["command"], entry["args"])
        assert {key: node[key] for key in entry if key not in ("command", "args")} == {
            key: entry[key] for key in entry if key not in ("command", "args")
        }
    entry_ = journal.Entry("cursor", "user", "p", "p", form.value, "", "", "", done.changes)
    assert cleaned(done.data, form, (), None, entry_) == before
    assert parse(cleaned(done.data, form, ()), form) == value


def as_toml(value: dict[str, Any]) -> str:
    """TOML with a table for each server."""
    lines: list[str] = []
    for name, entry in value["m"].items():
        lines.append(f"[m.{quoted(name)}]")
        for key, item in entry.items():
            if isinstance(item, dict):
                inner = ", ".join(f"{quoted(k)} = {quoted(v)}" for k, v in item.items())
                lines.append(f"{key} = {{{inner}}}")
            else:
                lines.append(f"{key} = {quoted(item)}")
    return "\n".join(lines) + "\n"


def quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

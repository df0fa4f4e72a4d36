"""A whole scan of a tree on disk: findings, suppressions, baseline, revision, models of its own, limits."""

import gc
import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from spawngate.codescan import baseline
from spawngate.codescan.finding import Grade
from spawngate.codescan.frontends import lower
from spawngate.codescan.ir import Module
from spawngate.codescan.outcome import Made, Outcome, answers
from spawngate.endpoint.codescan import workers
from spawngate.endpoint.codescan.index import StoredIndex
from spawngate.endpoint.codescan.run import Request, models_in, run
from spawngate.endpoint.codescan.walk import Limits
from spawngate.model.errors import UsageError
from tests.endpoint.codescan.shop import API, TOOLS, safe, vulnerable
from tests.endpoint.codescan.test_changes import QUIET

TODAY = date(2026, 11, 22)


def told(outcome: Outcome) -> list[tuple[str, str, int, str]]:
    return [(item.grade.value, item.site.path, item.site.line, item.suppressed) for item in outcome.result.findings]


def test_a_path_through_two_files(tmp_path: Path) -> None:
    outcome = run(Request(str(vulnerable(tmp_path / "shop"))))
    assert told(outcome) == [("high", "tools.py", 5, "")]
    (finding,) = outcome.counted
    assert (finding.trace[0].path, finding.trace[-1].path) == ("api.py", "tools.py")
    assert (outcome.name, outcome.root, outcome.incomplete) == ("shop", str(tmp_path / "shop"), False)
    (shop,) = answers(outcome)
    assert (shop.accepts, [use.sdk.package for use in shop.project.uses]) == (True, ["mcp"])


def test_its_twin_is_constant(tmp_path: Path) -> None:
    outcome = run(Request(str(safe(tmp_path / "shop"))))
    assert told(outcome) == []
    (shop,) = answers(outcome)
    assert {made: len(sites) for made, sites in shop.sites.items() if sites} == {Made.CONSTANT: 1}


def test_a_project_without_mcp_is_left_at_the_gate(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import subprocess\nsubprocess.run(input())\n")
    outcome = run(Request(str(tmp_path)))
    assert (outcome.result.mcp, outcome.result.statistics.lowered, outcome.incomplete) == (False, 0, False)


def test_two_trees_are_one_program(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "core").mkdir()
    (tmp_path / "web/api.py").write_text(API)
    (tmp_path / "core/tools.py").write_text(TOOLS)
    apart = [run(Request(str(tmp_path / name))) for name in ("web", "core")]
    assert [item.reaching(Grade.LOW) for item in apart] == [0, 0]
    whole = run(Request(str(tmp_path / "web"), more=(str(tmp_path / "core"),)))
    assert (whole.name, told(whole)) == ("web+core", [("high", "core/tools.py", 5, "")])
    for name in ("web", "core"):
        (tmp_path / name / ".spawngate").mkdir()
        text = f'[[suppress]]\nrule = "*"\npath = "*.py"\nreason = "known to {name}"\n'
        (tmp_path / name / ".spawngate/code.toml").write_text(text)
    held = run(Request(str(tmp_path / "web"), more=(str(tmp_path / "core"),)))
    assert told(held) == [("high", "core/tools.py", 5, "known to core")]
    with pytest.raises(UsageError, match="no revision in common"):
        run(Request(str(tmp_path / "web"), more=(str(tmp_path / "core"),), since="HEAD"))


def test_suppressions_count_and_those_of_others_do_not(tmp_path: Path) -> None:
    folder = vulnerable(tmp_path)
    line = "    # spawngate: ignore[mcp-launch-http] admins only until=2026-11-30\n    params ="
    (folder / "tools.py").write_text(TOOLS.replace("    params =", line))
    (folder / ".spawngate").mkdir()
    (folder / ".spawngate/code.toml").write_text('[[suppress]]\nrule = "*"\npath = "other.py"\nreason = "x"\n')
    request = Request(str(folder))
    found = run(request, today=TODAY)
    assert told(found) == [("high", "tools.py", 6, "admins only (until 2026-11-30)")]
    assert [(note.path, note.reason) for note in found.notes] == [(".spawngate/code.toml", "suppression-unused")]
    later = run(request, today=date(2026, 12, 1))
    assert told(later) == [("high", "tools.py", 6, "")]
    assert [note.reason for note in later.notes] == ["suppression-ended", "suppression-unused"]
    assert told(run(replace(request, untrusted=True), today=TODAY)) == [("high", "tools.py", 6, "")]


def test_a_baseline_holds_what_was_there(tmp_path: Path) -> None:
    request = Request(str(vulnerable(tmp_path)))
    data = baseline.write(run(request).result.findings, "")
    again = run(replace(request, baseline=baseline.read(data, "b"), baseline_path="b"))
    assert told(again) == [("high", "tools.py", 5, "baseline")]


def test_only_paths_that_meet_a_changed_file(tmp_path: Path) -> None:
    folder = vulnerable(tmp_path)
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run(["git", *words], cwd=folder, env=QUIET | {"HOME": str(folder)}, check=True)
    request = Request(str(folder), since="HEAD")
    unchanged = run(request)
    assert told(unchanged) == []
    assert unchanged.since is not None
    assert (unchanged.since.unchanged, unchanged.result.mcp) == (0, True)
    (folder / "other.py").write_text("x = 1\n")
    elsewhere = run(request)
    assert told(elsewhere) == []
    assert elsewhere.since is not None
    assert (elsewhere.since.unchanged, sorted(elsewhere.since.changed)) == (1, ["other.py"])
    (folder / "api.py").write_text(API + "\n")
    assert told(run(request)) == [("high", "tools.py", 5, "")]


def test_models_of_the_tree_and_of_the_caller(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    (folder / ".spawngate/models").mkdir(parents=True)
    (folder / "api.py").write_text(
        "import mcp\nfrom ours import start_server\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
        '@app.post("/x")\ndef handler(name: str):\n    start_server(name)\n'
    )
    assert told(run(Request(str(folder)))) == []
    model = (
        "library: ours\ntitle: Ours\nlanguage: python\nimports: [ours]\nmcp: true\n"
        "why: It starts what it is told.\nfix: Tell it a constant.\nreferences: [CWE-78]\n"
        "sinks:\n  - id: start-server\n    call: ours.start_server\n    slots:\n      command: arg(0)\n"
    )
    (tmp_path / "models").mkdir()
    (tmp_path / "models/ours.yaml").write_text(model)
    with_models = Request(str(folder), models=models_in(str(tmp_path / "models")))
    assert told(run(with_models)) == [("high", "api.py", 10, "")]
    (folder / ".spawngate/models/ours.yaml").write_text(model)
    assert told(run(Request(str(folder)))) == [("high", "api.py", 10, "")]
    untrusted = run(Request(str(folder), untrusted=True))
    assert told(untrusted) == []
    assert [(item.path, item.reason) for item in untrusted.diagnostics] == [
        (".spawngate/models/ours.yaml", "not-trusted")
    ]


@pytest.mark.parametrize(("name", "text"), [("a.yaml", "library: ["), ("a.yaml", "nonsense: 1\n"), (None, "")])
def test_models_that_cannot_be_used_are_wrong_use(tmp_path: Path, name: str | None, text: str) -> None:
    if name is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(UsageError):
        models_in(str(tmp_path))
    with pytest.raises(UsageError):
        models_in(str(tmp_path / "missing"))


def test_a_second_scan_reads_what_the_first_one_kept(tmp_path: Path) -> None:
    request = Request(str(vulnerable(tmp_path / "shop")))
    first = StoredIndex(tmp_path, 1)
    before = run(request, first)
    first.close()
    again = StoredIndex(tmp_path, 1)
    assert run(request, again).result == before.result
    again.close()
    changed = StoredIndex(tmp_path, 1)
    safe(tmp_path / "shop")
    assert told(run(request, changed)) == []
    changed.close()


def test_time_that_is_over_is_told_and_not_kept(tmp_path: Path) -> None:
    request = Request(str(vulnerable(tmp_path / "shop")), seconds=-1.0)
    index = StoredIndex(tmp_path, 1)
    cut = run(request, index)
    assert (cut.incomplete, told(cut)) == (True, [])
    assert {trouble.what for trouble in cut.result.troubles} == {
        "the time of this scan was over; the file was not looked at"
    }
    assert told(run(replace(request, seconds=60.0), index)) == [("high", "tools.py", 5, "")]
    index.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only where a process shares our memory")
def test_a_file_that_the_parser_dies_of_costs_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are scanned, the result says that a file is missing, and the next scan tries again."""
    shop = vulnerable(tmp_path / "shop")
    (shop / "bad.py").write_text("from mcp import StdioServerParameters\nStdioServerParameters(command=c)  # bad\n")

    def lowered(path: str, source: bytes) -> Module:
        if b"# bad" in source:
            os.abort()
        return lower(path, source)

    monkeypatch.setattr(threading, "active_count", lambda: 1)
    index = StoredIndex(tmp_path, 1)
    with monkeypatch.context() as patched:
        patched.setattr(workers, "lower", lowered)
        outcome = run(Request(str(shop)), index)
    assert told(outcome) == [("high", "tools.py", 5, "")]
    assert [(trouble.path, trouble.what) for trouble in outcome.result.troubles] == [("bad.py", workers.GIVEN_UP)]
    assert outcome.incomplete
    again = run(Request(str(shop)), index)
    index.close()
    assert (again.result.troubles, again.incomplete) == ((), False)


def test_time_that_is_over_ends_the_search_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files from the index cost no time, and following launches may: a tree of somebody else's can be made for it."""
    request = Request(str(vulnerable(tmp_path / "shop")))
    index = StoredIndex(tmp_path, 1)
    known = run(request, index)
    index.close()
    lowered = StoredIndex(tmp_path, 1)
    monkeypatch.setattr(lowered, "result", lambda key: None)
    cut = run(replace(request, seconds=-1.0), lowered)
    assert (cut.incomplete, told(cut), cut.result.troubles) == (True, [], ())
    verdicts = {(site.incomplete, slot.verdict) for site in cut.result.sites for slot in site.slots}
    assert verdicts == {(True, "unresolved")}
    lowered.close()
    after = StoredIndex(tmp_path, 1)
    assert run(request, after).result == known.result
    after.close()


def test_what_was_not_read_makes_a_result_incomplete(tmp_path: Path) -> None:
    folder = vulnerable(tmp_path)
    outcome = run(Request(str(folder), limits=Limits(source=len(API) - 1)))
    assert outcome.incomplete
    assert [(item.path, item.reason) for item in outcome.diagnostics] == [("api.py", "oversized")]
    assert outcome.reaching(Grade.LOW) == 0


def test_a_file_that_is_understood_in_part_makes_a_result_incomplete(tmp_path: Path) -> None:
    folder = safe(tmp_path)
    brackets = "\n".join("[" * 50 for _ in range(500)) + "\n".join("]" * 50 for _ in range(500))
    (folder / "tools.py").write_text((folder / "tools.py").read_text() + f"x = {brackets}\n")
    outcome = run(Request(str(folder)))
    assert outcome.incomplete
    assert {trouble.path for trouble in outcome.result.troubles} == {"tools.py"}
    assert outcome.result.statistics.files == 1


def test_nothing_of_the_tree_is_imported_or_run(tmp_path: Path) -> None:
    folder = vulnerable(tmp_path / "shop")
    mark = tmp_path / "ran"
    trap = f"open({str(mark)!r}, 'w').close()\n"
    for name in ("setup.py", "conftest.py", "sitecustomize.py", "mcp.py", "msgspec.py", "__init__.py"):
        (folder / name).write_text(trap + "import mcp\n")
    assert run(Request(str(folder))).result.mcp
    assert not mark.exists()


@pytest.mark.parametrize("was", [True, False])
def test_the_collector_is_as_it_was_after_a_scan(tmp_path: Path, was: bool) -> None:
    before = gc.isenabled()
    (gc.enable if was else gc.disable)()
    try:
        run(Request(str(vulnerable(tmp_path))))
        assert gc.isenabled() is was
    finally:
        (gc.enable if before else gc.disable)()


def test_names_of_packages_lead_where_the_project_says_and_a_kept_result_knows_them(tmp_path: Path) -> None:
    core = tmp_path / "packages/core"
    (core / "src").mkdir(parents=True)
    (core / "package.json").write_text('{"name": "@acme/core", "main": "dist/index.js"}')
    (core / "src/index.ts").write_text(
        "import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';\n"
        "export const open = (command: string) => new StdioClientTransport({ command });\n"
    )
    (tmp_path / "api.ts").write_text(
        "import express from 'express';\nimport { open } from '@acme/core';\n"
        "express().post('/x', (req, res) => { open(req.body.command); });\n"
    )
    state = tmp_path.parent / f"{tmp_path.name}-state"
    state.mkdir()
    index = StoredIndex(state, 1)
    try:
        first = run(Request(str(tmp_path)), index=index)
        assert told(first) == [("high", "packages/core/src/index.ts", 2, "")]
        (core / "package.json").write_text('{"name": "@acme/kernel", "main": "dist/index.js"}')
        renamed = run(Request(str(tmp_path)), index=index)
        assert [each.grade for each in renamed.result.findings] != [Grade.HIGH]
    finally:
        index.close()

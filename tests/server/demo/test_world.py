"""The machines of the synthetic fleet: the same each time, and judged by the real parts."""

from spawngate.endpoint.judge import Judge
from spawngate.model.artifact import Kind
from spawngate.report.json import render_json
from spawngate.server.demo.world import DAYS, SIZE, machines, snapshot

AT = "2026-11-21T12:00:00.000000Z"


def test_the_same_each_time_and_in_any_size() -> None:
    assert machines(20) == machines(SIZE)[:20]
    everybody = machines()
    assert len({each.id for each in everybody}) == len({each.installation for each in everybody}) == SIZE
    assert len({each.host for each in everybody}) == SIZE
    assert {each.platform for each in everybody} == {"linux", "macos", "windows"}
    assert {each.team for each in everybody} == {1, 2, 3, 4, 5}
    assert all(0 < each.stages[-1] <= each.stages[0] <= DAYS for each in everybody)


def test_one_file_has_one_entry_of_a_name() -> None:
    for machine in machines(60):
        found = snapshot(machine, 0.01, AT)
        names = [(each.path, each.name) for each in found.artifacts if each.kind is Kind.MCP_SERVER]
        assert len(names) == len(set(names))


def test_what_rules_and_tiers_say_is_alive() -> None:
    judge = Judge()
    rules: set[str] = set()
    tiers: set[str] = set()
    for machine in machines():
        judgement = judge.judge(snapshot(machine, 0.01, AT))
        rules |= {finding.rule for finding in judgement.findings}
        tiers |= {tier.tier for tier in judgement.tiers.values()}
    assert tiers == {"official", "community", "unknown"}
    assert {"download-and-run", "secret-in-clear-text", "unpinned-package", "bypass-mode", "plain-http"} <= rules


def test_no_made_up_secret_leaves_redaction() -> None:
    whole = b"".join(render_json(snapshot(each, 0.01, AT), ()) for each in machines())
    for secret in (b"demo-Pa55word", b"demo0token0demo", b"demo0incident0token", b"0demo0demo"):
        assert secret not in whole
    assert b"[secret:" in whole

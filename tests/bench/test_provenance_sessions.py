"""The scripted sessions: enough of them, halves that share no family, twins for attacks, the same in every run."""

from collections import Counter

from bench.provenance_sessions import CHANNELS, SPELLINGS, TARGETS, sessions

ALL = list(sessions())


def test_enough_of_both_kinds() -> None:
    counts = Counter((each.half, each.attack) for each in ALL)
    assert min(counts.values()) >= 40
    assert counts["blind", True] + counts["blind", False] >= 200


def test_halves_share_no_family() -> None:
    families = {half: {each.family for each in ALL if each.half == half} for half in ("tuning", "blind")}
    assert not families["tuning"] & families["blind"]
    for table in (CHANNELS, SPELLINGS, TARGETS):
        assert {half for half, _ in table.values()} == {"tuning", "blind"}


def test_every_attack_has_a_twin_of_its_family() -> None:
    attacks = {each.family for each in ALL if each.attack}
    assert attacks <= {each.family for each in ALL if not each.attack}


def test_the_last_payload_is_a_call_and_names_are_unique() -> None:
    assert {each.payloads[-1]["hook_event_name"] for each in ALL} == {"PreToolUse"}
    assert len({each.name for each in ALL}) == len(ALL)


def test_the_same_in_every_run() -> None:
    assert list(sessions()) == ALL

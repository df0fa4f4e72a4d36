"""The corpus is an oracle, so it is tested against itself: its labels, ids, halves, sizes and its own figures."""

import json
import sys
from collections import Counter
from pathlib import Path

import pytest
from bench.commands import everyday, score
from bench.commands.case import Case, Family, half, text_of, unique
from bench.commands.disguises.table import DISGUISES
from bench.commands.experiments import spellings
from bench.commands.packs.table import FAMILIES, cases
from bench.commands.payloads import BENIGN, HOSTILE
from bench.commands.run import Decider, main
from bench.commands.template import Payload, dress, forms, words_needed
from hypothesis import given
from hypothesis import strategies as st

CORPUS = cases()
EVERYDAY = everyday.cases()

WRAPPERS = set(
    """bash -c; env -S; sudo; xargs; find -exec; parallel; ssh; docker exec; nohup; timeout; watch;
    interpreters with inline code; base64 -d | sh; process substitution; ANSI-C quoting; brace expansion;
    tilde expansion; variables set in the same command; $IFS; busybox; git -c alias; tar --checkpoint-action;
    rsync -e; package scripts; make; editors' shell escapes; functions; aliases; eval; source; trap; loops;
    subshells; here-documents; printf-built commands; hex/octal escapes; quotes inside words; backslashes;
    globs like /bin/r?; full paths; command/builtin/exec""".replace("\n   ", "").split("; ")
)
"""What the issue names. `curl | sh` is a family of its own, because there the download is the payload."""


def test_ids_and_texts_are_unique() -> None:
    everything = [*CORPUS, *EVERYDAY]
    assert [name for name, count in Counter(case.id for case in everything).items() if count > 1] == []
    texts = Counter((case.dialect, case.text) for case in CORPUS)
    assert [text for text, count in texts.items() if count > 1] == []


def test_everyday_commands_are_no_attacks_of_the_corpus() -> None:
    attacks = {case.text for case in CORPUS if case.label == "attack"}
    assert [case.text for case in EVERYDAY if case.text in attacks] == []


def test_every_family_has_attacks_and_look_alikes() -> None:
    labels: dict[str, set[str]] = {}
    for case in CORPUS:
        labels.setdefault(case.family, set()).add(case.label)
    assert [name for name, found in labels.items() if found != {"attack", "harmless"}] == []
    assert len(labels) == len(FAMILIES) == len({family.name for family in FAMILIES})


def test_labels_say_what_is_expected() -> None:
    assert {(case.label, case.expected) for case in [*CORPUS, *EVERYDAY]} == {
        ("attack", "deny-or-ask"),
        ("harmless", "allow-or-log"),
    }
    assert {case.dialect for case in CORPUS} == {"posix", "powershell", "cmd", "tool"}


def test_sizes() -> None:
    attacks = sum(case.label == "attack" for case in CORPUS)
    assert len(FAMILIES) >= 150
    assert attacks >= 3500
    assert len(CORPUS) - attacks >= 2000
    assert len(EVERYDAY) >= 1500
    assert sum(case.dialect == "tool" for case in CORPUS) >= 300


def test_the_wrappers_of_the_issue_all_occur() -> None:
    assert {family.wrapper for family in FAMILIES if family.wrapper} == WRAPPERS
    assert {"curl-pipe-shell", "curl-substituted", "disguise-invisible-characters"} <= {
        family.name for family in FAMILIES
    }


def test_halves_are_disjoint_stable_and_both_hold_every_pack() -> None:
    assert {name: half(name) for name in ("rm-root", "disguise-eval", "everyday-git", "harvest-pallets/flask")} == {
        "rm-root": "tuning",
        "disguise-eval": "blind",
        "everyday-git": "blind",
        "harvest-pallets/flask": "blind",
    }
    packs = {case.pack for case in [*CORPUS, *EVERYDAY]} - {"mcp-tools"}
    for part in ("tuning", "blind"):
        assert {case.pack for case in [*CORPUS, *EVERYDAY] if half(case.family) == part} - {"mcp-tools"} == packs


def test_every_spelling_is_used() -> None:
    for disguise in DISGUISES:
        spellings_ = disguise.spellings
        used = {chain for chain, _ in disguise.payloads(spellings_, HOSTILE, max(14, len(spellings_)))}
        assert used == {*disguise.variants, *disguise.suspicious}
    assert sum(1 for _ in spellings()) >= 700


def test_requests() -> None:
    assert Case("x", "f", "p", "attack", "rm -rf /").request() == {"command": "rm -rf /"}
    assert Case("x", "f", "p", "attack", "ls").request("/a") == {"command": "ls", "cwd": "/a"}
    assert Case("x", "f", "p", "attack", "ri x", "powershell").request() == {
        "tool": "PowerShell",
        "input": {"command": "ri x"},
    }
    assert Case("x", "f", "p", "attack", "del x", "cmd").request() == {"command": "del x", "dialect": "cmd"}
    assert Case("x", "f", "p", "attack", '{"tool": "Read", "input": {}}', "tool").request() == {
        "tool": "Read",
        "input": {},
    }
    for case in CORPUS:
        assert json.loads(json.dumps(case.request())) == case.request()


def test_a_text_is_never_both() -> None:
    with pytest.raises(ValueError, match="both attack and twin"):
        list(Family("f", "p", ("ls",), ("ls",)).cases())
    with pytest.raises(ValueError, match="disagree"):
        unique([Case("a", "f", "p", "attack", "ls"), Case("b", "g", "p", "harmless", "ls")])
    assert text_of({"tool": "Read", "input": {"b": 1, "a": "ü"}}) == '{"input": {"a": "ü", "b": 1}, "tool": "Read"}'


def test_templates() -> None:
    assert forms({"a": ("1", "2"), "b": ("x",)}, "‹a›-‹b›", "plain", each=4) == ("1-x", "2-x", "plain")
    with pytest.raises(KeyError):
        forms({}, "‹nothing›")
    payload = Payload.of("rm", "-rf", "it's")
    assert dress("bash -c ‹q›", Payload("a 'b'")) == "bash -c 'a '\"'\"'b'\"'\"''"
    assert (
        dress(("sh -c ‹q›", "eval ‹words›"), payload)
        == "sh -c 'eval rm -rf '\"'\"'it'\"'\"'\"'\"'\"'\"'\"'\"'s'\"'\"''"
    )
    assert dress("$'‹proghex›' ‹args›", payload) == "$'\\x72\\x6d' -rf 'it'\"'\"'s'"
    assert (words_needed("‹cmd›"), words_needed("‹prog›"), words_needed("‹bracelist›")) == (0, 1, 3)
    with pytest.raises(ValueError, match="needs a simple command"):
        dress("‹words›", Payload("a | b"))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="‹›\x00"), max_size=60))
def test_coded_payloads_come_back(text: str) -> None:
    import base64
    import gzip
    import shlex

    assert shlex.split(dress("x ‹q›", Payload(text))) == ["x", text]
    assert shlex.split(dress("x ‹sq›", Payload(text))) == ["x", text]
    assert base64.b64decode(dress("‹b64›", Payload(text))).decode() == text
    assert gzip.decompress(base64.b64decode(dress("‹gz›", Payload(text)))).decode() == text
    assert bytes.fromhex(dress("‹hex›", Payload(text))).decode() == text
    assert json.loads(dress("‹json›", Payload(text))) == text


def test_payloads_are_not_shared() -> None:
    assert {payload.text for payload in HOSTILE} & {payload.text for payload in BENIGN} == set()


def test_everyday_files() -> None:
    assert list(everyday.read(";; remark\nls\n\n<<<\na\n\n;; b\n>>>\npwd\n")) == ["ls", "a\n\n;; b", "pwd"]
    with pytest.raises(ValueError, match="not closed"):
        list(everyday.read("<<<\na\n"))


def test_score() -> None:
    table = [
        Case("1", "f", "p", "attack", "a"),
        Case("2", "f", "p", "attack", "b"),
        Case("3", "f", "p", "harmless", "c"),
        Case("4", "g", "q", "attack", "d"),
        Case("5", "e", "everyday", "harmless", "e"),
        Case("6", "e", "everyday", "harmless", "f"),
        Case("7", "f", "p", "attack", "unanswered"),
    ]
    verdicts = {"1": "deny", "2": "log", "3": "ask", "4": "ask", "5": "allow", "6": "deny"}
    assert score.rows(table, verdicts) == [
        score.Row("p", 2, 1, 1, 1, 1),
        score.Row("q", 1, 1, 0, 0, 0),
        score.Row("all", 3, 2, 1, 1, 1),
    ]
    assert [(row.recall, row.precision) for row in score.rows(table, verdicts)] == [
        (0.5, 0.5),
        (1.0, 1.0),
        (2 / 3, 2 / 3),
    ]
    assert (score.Row("z", 0, 0, 0, 0, 0).recall, score.Row("z", 0, 0, 0, 0, 0).precision) == (None, None)
    assert score.everyday(table, verdicts) == score.Everyday(2, 1, 0)
    assert score.parts(table, verdicts) == {"by hand": score.Everyday(2, 1, 0), "e": score.Everyday(2, 1, 0)}
    assert [case.id for case in score.missed(table, verdicts)] == ["2"]
    assert [case.id for case in score.false(table, verdicts)] == ["3", "6"]
    assert list(score.promises(score.rows(table, verdicts)[-1], score.Everyday(2, 1, 0)).values()) == [
        False,
        False,
        True,
    ]
    assert list(score.promises(score.Row("all", 100, 95, 0, 0, 0), score.Everyday(100, 1, 2)).values()) == [True] * 3
    assert list(score.promises(score.Row("all", 0, 0, 0, 0, 0), score.Everyday(0, 0, 0)).values()) == [False] * 3
    assert (score.percent(None), score.percent(0.9549)) == ("-", "95.5 %")


ANSWERER = """
import sys, time
for line in sys.stdin:
    if "hang" in line: time.sleep(60)
    if "die" in line: sys.exit("gone")
    print('{"verdict": "log"}', flush=True)
"""


def test_a_program_that_hangs_or_dies_is_started_again(tmp_path: Path) -> None:
    decider = Decider([sys.executable, "-c", ANSWERER], str(tmp_path), seconds=2)
    try:
        answers = [decider.ask(line) for line in (b"a\n", b"die\n", b"b\n", b"hang\n", b"c\n")]
    finally:
        decider.close()
    log = {"verdict": "log"}
    assert answers == [log, "the program ended: gone", log, "no answer within 2 s", log]


def test_the_blind_half_is_not_shown_by_accident(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--half", "blind", "--show", "missed"]) == 2
    assert "spoil" in capsys.readouterr().err
    assert main(["--pack", "no-such-pack"]) == 2


def test_dump(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--pack", "mcp-tools", "--dump"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines == [case.to_json() for case in CORPUS if case.pack == "mcp-tools"]
    assert {tuple(line) for line in lines} == {("id", "family", "pack", "label", "expected", "dialect", "text", "note")}

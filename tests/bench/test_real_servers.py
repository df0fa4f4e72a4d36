"""What the benchmark of real servers calls identical, and that its table says what its lock files install."""

import json
import re
import subprocess
import sys
from pathlib import Path

from bench.real_sdks import SOURCES
from bench.real_servers import Transcript, learn, resident, shape
from bench.server_table import LOCKS, NPX, RELEASES, SERVERS, UVX


def transcript(*lines: tuple[str, str]) -> dict[str, object]:
    return Transcript([*lines, ("=", "0")], {"hello": {"a": 1}}, 1.0).parts()


def request(number: int, method: str = "tools/call") -> str:
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method}) + "\n"


def answer(number: int, text: str) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": number, "result": {"text": text}}) + "\n"


def test_releases_are_those_of_the_lock_files() -> None:
    packages = json.loads((LOCKS / "npm/package-lock.json").read_text())["packages"]
    found = {name: packages[f"node_modules/{name}"]["version"] for name in packages[""]["dependencies"]}
    for file in ("current", "older"):
        found |= dict(re.findall(r"^([a-z0-9-]+)==(\S+) \\$", (LOCKS / f"python/{file}.txt").read_text(), re.MULTILINE))
    assert {name: found.get(name) for name in RELEASES} == RELEASES


def test_every_server_is_of_a_release_and_has_a_name_of_its_own() -> None:
    assert {server.package for server in SERVERS} == set(RELEASES)
    assert {*NPX.values(), *UVX.values()} <= set(RELEASES)
    assert len({server.id for server in SERVERS}) == len(SERVERS)


def test_folders_are_filled_in_everywhere() -> None:
    for server in SERVERS:
        words = [*server.launch(Path("/f")), *server.environment(Path("/f")).values()]
        assert not re.search(r"\{(npm|current|older|work)\}", json.dumps([words, server.plan(Path("/f"), "legacy")]))


def test_equal_runs_are_identical() -> None:
    one = transcript((">", request(1)), ("<", answer(1, "a")), ("!", "started\n"))
    assert learn([one, one]).differences(one) == []


def test_another_answer_another_order_and_another_end_are_told() -> None:
    one = transcript((">", request(1)), ("<", answer(1, "a")), (">", request(2)), ("<", answer(2, "b")))
    learnt = learn([one, one])
    other = transcript((">", request(1)), ("<", answer(1, "c")), (">", request(2)), ("<", answer(2, "b")))
    turned = transcript((">", request(2)), ("<", answer(2, "b")), (">", request(1)), ("<", answer(1, "a")))
    assert [each.split(":")[0] for each in learnt.differences(other)] == ["< answer 1 #1"]
    assert [each.split(":")[0] for each in learnt.differences(turned)] == ["order <", "order >"]
    assert [each.split(":")[0] for each in learnt.differences({**one, "exit": ["1"]})] == ["exit"]


def test_a_message_too_few_or_too_many_is_told() -> None:
    one = transcript((">", request(1)), ("<", answer(1, "a")))
    less = transcript((">", request(1)))
    assert [each.split(":")[0] for each in learn([one, one]).differences(less)] == ["< answer 1 #1", "order <"]
    assert [each.split(":")[0] for each in learn([less, less]).differences(one)] == ["< answer 1 #1", "order <"]


def test_bytes_count_and_not_what_they_mean() -> None:
    one, other = (transcript(("<", text)) for text in ('{"id":1,"result":{}}\n', '{"id": 1, "result": {}}\n'))
    assert len(learn([one, one]).differences(other)) == 1


def test_only_what_direct_runs_vary_in_may_vary() -> None:
    runs = [transcript(("<", answer(1, f"at {number}"))) for number in (1, 22)]
    assert learn(runs).differences(transcript(("<", answer(1, "at 333")))) == []
    assert len(learn(runs).differences(transcript(("<", answer(1, "on 333"))))) == 1
    assert len(learn([runs[0], runs[0]]).differences(runs[1])) == 1


def test_answers_side_by_side_may_come_in_any_order() -> None:
    asked = [(">", request(1)), (">", request(2))]
    one = transcript(*asked, ("<", answer(1, "a")), ("<", answer(2, "b")))
    other = transcript(*asked, ("<", answer(2, "b")), ("<", answer(1, "a")))
    late = transcript(*asked, ("<", answer(2, "b")))
    learnt = learn([one, one])
    assert [each.split(":")[0] for each in learnt.differences(late)] == ["< answer 1 #1", "order <"]
    assert learnt.differences(other) == []


def test_an_answer_after_a_call_that_was_given_up_keeps_its_place() -> None:
    gone = json.dumps({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}) + "\n"
    one = transcript((">", request(1)), (">", gone), (">", request(2)), ("<", answer(2, "b")))
    assert one["order <"] == ["< answer 2 #1"]


def test_shape_takes_out_digits_and_long_hexadecimal_words() -> None:
    assert shape("at 12:30 in deadbeef01") == "'at #:# in #'"


def test_memory_of_a_process_that_has_ended_is_none() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert resident(process.pid) == 0.0


def test_the_tee_writes_down_every_byte_and_passes_the_end_on(tmp_path: Path) -> None:
    code = (
        "import sys; sys.stderr.write('e\\n'); sys.stdout.buffer.write(sys.stdin.buffer.read() + b'\\xff'); sys.exit(7)"
    )
    log = tmp_path / "log"
    tee = [sys.executable, str(SOURCES / "python/tee.py"), str(log), "--", sys.executable, "-c", code]
    done = subprocess.run(tee, input=b"one\ntw\xc3\xb6", capture_output=True, timeout=60, check=False)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert (done.stdout, done.returncode) == (b"one\ntw\xc3\xb6\xff", 7)
    assert sorted(lines) == sorted(
        [[">", "one\n"], [">", "tw\u00f6"], ["<", "one\n"], ["<", "tw\u00f6\udcff"], ["!", "e\n"], ["=", "7"]]
    )

"""Bundles in force: checked, applied in one step, put right, given up."""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from spawngate.endpoint.launching import approvals
from spawngate.endpoint.policy import load_folder
from spawngate.endpoint.sync import applying, enrolment
from spawngate.endpoint.sync.applying import Applied, apply, held, in_force, leave, mend
from spawngate.endpoint.sync.enrolment import Enrolment, Reach
from spawngate.launch.identity import Identity
from spawngate.model.decision import Mode
from spawngate.model.errors import StateError, UsageError
from spawngate.policy.approvals import Approval
from spawngate.sync import bundle
from spawngate.sync.bundle import Bundle, BundleError, Granted, Policy, Revoked
from spawngate.trail.note import Signer

SIGNER = Signer("spawngate-test", bytes(range(32)))
ENROLMENT = Enrolment(Reach("https://a.example"), "e1", "token", str(SIGNER.verifier))
NOW = "2026-11-21T12:00:00.000000Z"
IDENTITY = Identity("npx", ("server",))
CEDAR = '@id("mine") @reason("No.") forbid (principal, action, resource) when { context.command like "*rm*" };'
MONITOR = Policy(3, "monitor", {"policy.toml": 'mode = "monitor"\n', "a.cedar": CEDAR}, "base")
ENFORCE = Policy(4, "enforce", {"policy.toml": 'mode = "enforce"\n'}, "base")
GRANTED = Granted(7, IDENTITY, NOW, "bob", "work", "server", "cursor", "e" * 24)


def made(content: Bundle, serial: int, *, signer: Signer = SIGNER, endpoint: str = "e1") -> bytes:
    return bundle.signed(bundle.payload(content), serial, endpoint, signer)


def nothing(digest: str) -> bytes:
    raise AssertionError("nothing is to be fetched")


def in_process(path: Path) -> str:
    """As `spawngate policy check`, without the seconds that a process takes to start."""
    try:
        load_folder(path)
    except UsageError as error:
        return str(error)
    return ""


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(applying, "_checked", in_process)
    enrolment.save(tmp_path, ENROLMENT)
    return tmp_path


def test_a_policy_is_checked_by_a_process_of_its_own(tmp_path: Path) -> None:
    enrolment.save(tmp_path, ENROLMENT)
    assert give(tmp_path, Bundle(1, MONITOR), 5).serial == 5
    with pytest.raises(BundleError, match=r"cannot be used here: policy\.toml: x: is no setting"):
        give(tmp_path, Bundle(1, Policy(4, "enforce", {"policy.toml": "x = 1"})), 6)
    assert in_force(tmp_path).serial == 5


def give(state: Path, content: Bundle, serial: int, fetch: Callable[[str], bytes] = nothing) -> Applied:
    return apply(state, ENROLMENT, made(content, serial), fetch, NOW)


def test_a_policy_is_put_in_force_and_exchanged(state: Path) -> None:
    first = give(state, Bundle(1, MONITOR), 5)
    assert (first.serial, first.mode, in_force(state)) == (5, "monitor", first)
    loaded = load_folder(state / "policy")
    assert (loaded.settings.mode, "mine" in {each.id for each in loaded.policies.policies}) == (Mode.MONITOR, True)
    second = give(state, Bundle(1, ENFORCE), 6)
    assert load_folder(state / "policy").settings.mode is Mode.ENFORCE
    assert os.readlink(state / "policy") == f"sync/policies/{second.policy}"
    found = held(state, ENROLMENT)
    assert found is not None
    assert (found.serial, found.bundle.policy) == (6, ENFORCE)


def test_there_is_a_whole_policy_at_every_moment(state: Path) -> None:
    """What a reader finds at any time is one of the two."""
    import threading

    give(state, Bundle(1, MONITOR), 5)
    seen: set[str] = set()
    ended = threading.Event()

    def watch() -> None:
        while not ended.is_set():
            try:
                seen.add((state / "policy" / "policy.toml").read_text())
            except OSError as error:  # pragma: no cover
                seen.add(type(error).__name__)

    thread = threading.Thread(target=watch)
    thread.start()
    for serial in range(6, 12):
        give(state, Bundle(1, ENFORCE if serial % 2 else MONITOR), serial)
    ended.set()
    thread.join()
    assert seen <= {'mode = "monitor"\n', 'mode = "enforce"\n'}


def test_a_folder_of_ones_own_is_put_aside_and_comes_back(state: Path) -> None:
    (state / "policy").mkdir()
    (state / "policy" / "policy.toml").write_text('mode = "monitor"\n')
    give(state, Bundle(1, ENFORCE), 5)
    assert load_folder(state / "policy").settings.mode is Mode.ENFORCE
    give(state, Bundle(1), 6)
    assert not (state / "policy").is_symlink()
    assert load_folder(state / "policy").settings.mode is Mode.MONITOR
    give(state, Bundle(1, ENFORCE, (GRANTED,)), 7)
    leave(state, NOW)
    assert load_folder(state / "policy").settings.mode is Mode.MONITOR
    assert [each.revoked for each in approvals.load(state)] == [True]
    assert (held(state, ENROLMENT), in_force(state)) == (None, Applied())


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (made(Bundle(1, ENFORCE), 4), "the bundle is older (4) than the one in force (5)"),
        (made(Bundle(1, ENFORCE), 5), "the bundle is another one of the same serial (5)"),
        (made(Bundle(1, ENFORCE), 6, endpoint="e2"), "the bundle is for another endpoint"),
        (made(Bundle(1), 6, signer=Signer("spawngate-test", bytes(32))), "the bundle's signature does not hold"),
        (made(Bundle(1, Policy(4, "enforce", {"a.cedar": "permit (x"})), 6), "the policy of the bundle cannot be used"),
        (made(Bundle(1, Policy(4, "enforce", {"policy.toml": "x = 1"})), 6), "the policy of the bundle cannot be used"),
        (b"rubbish", "this is no bundle"),
    ],
)  # fmt: skip
def test_what_is_refused_changes_nothing(state: Path, data: bytes, told: str) -> None:
    before = give(state, Bundle(1, MONITOR, (GRANTED,)), 5)
    files = sorted(path.name for path in (state / "policy").iterdir())
    with pytest.raises(BundleError) as error:
        apply(state, ENROLMENT, data, nothing, NOW)
    assert str(error.value).startswith(told)
    assert (in_force(state), sorted(path.name for path in (state / "policy").iterdir())) == (before, files)
    assert load_folder(state / "policy").settings.mode is Mode.MONITOR


@pytest.mark.parametrize("gone", ["applied.json", "bundle"])
def test_to_lose_a_note_lets_no_older_bundle_in(state: Path, gone: str) -> None:
    give(state, Bundle(1, MONITOR), 5)
    (state / "sync" / gone).unlink()
    with pytest.raises(BundleError, match="older"):
        give(state, Bundle(1, ENFORCE), 4)
    assert give(state, Bundle(1, ENFORCE), 6).serial == 6


def test_the_last_good_bundle_counts_offline(state: Path) -> None:
    give(state, Bundle(1, ENFORCE, (GRANTED,)), 5)
    assert mend(state, ENROLMENT, NOW) == ()
    (state / "sync" / "applied.json").unlink()
    assert mend(state, ENROLMENT, NOW) == ()
    assert load_folder(state / "policy").settings.mode is Mode.ENFORCE


def test_approvals_come_end_and_are_revoked(state: Path) -> None:
    local = Approval(Identity("uvx", ("x",)).fingerprint, Identity("uvx", ("x",)), NOW, "ada", "mine")
    approvals.change(state, lambda before: (local,))
    give(state, Bundle(1, None, (GRANTED,)), 5)
    assert [(each.source, each.number, each.revoked) for each in approvals.load(state)] == [
        ("", 0, False),
        ("server", 7, False),
    ]
    give(state, Bundle(1, None, (), (Revoked(local.fingerprint, NOW, "eve", "stolen"),)), 6)
    assert [(each.revoked_by, each.revoked_reason) for each in approvals.load(state)] == [
        ("eve", "stolen"),
        ("server", "the server no longer gives it"),
    ]


def test_what_somebody_changed_is_put_right_and_told(state: Path) -> None:
    applied = give(state, Bundle(1, MONITOR, (GRANTED,)), 5)
    assert applied.policy
    path = state / "policy"
    changes: list[Callable[[], object]] = [
        lambda: (path / "policy.toml").write_text('mode = "enforce"\n'),
        lambda: (path / "b.cedar").write_text("permit (principal, action, resource);"),
        lambda: (path / "a.cedar").unlink(),
        lambda: path.unlink(),
    ]
    words = "the policy that the server manages was changed here; it is as it was again"
    for change in changes:
        change()
        assert mend(state, ENROLMENT, NOW) == (words,)
        assert load_folder(state / "policy").settings.mode is Mode.MONITOR
        assert sorted(each.name for each in (state / "policy").iterdir()) == ["a.cedar", "policy.toml"]
        assert mend(state, ENROLMENT, NOW) == ()
    approvals.change(state, lambda before: ())
    assert mend(state, ENROLMENT, NOW) == ("approvals of the server were changed here; they are as they were again",)
    assert [each.number for each in approvals.load(state)] == [7]


def test_a_bundle_that_was_tampered_with_is_none(state: Path) -> None:
    give(state, Bundle(1, MONITOR, (GRANTED,)), 5)
    path = state / "sync" / "bundle"
    path.write_bytes(path.read_bytes().replace(b"monitor", b"enforce"))
    assert held(state, ENROLMENT) is None
    assert mend(state, ENROLMENT, NOW) == ()


def test_advisories_are_fetched_once_and_checked(state: Path) -> None:
    record = {"id": "OSV-1", "modified": "2026-11-01T00:00:00Z", "summary": "s", "affected": []}
    records = json.dumps(record).encode() + b"\n" + json.dumps(record | {"id": "OSV-2"}).encode() + b"\n"
    digest = hashlib.sha256(records).hexdigest()
    asked: list[str] = []

    def fetch(wanted: str) -> bytes:
        asked.append(wanted)
        return records

    give(state, Bundle(1, advisories=digest), 5, fetch)
    give(state, Bundle(1, ENFORCE, advisories=digest), 6, fetch)
    assert asked == [digest]
    known = [json.loads(line)["id"] for line in (state / "advisories.jsonl").read_text().splitlines()]
    assert known == ["OSV-1", "OSV-2"]
    with pytest.raises(BundleError, match="not those that the bundle names"):
        give(state, Bundle(1, advisories="0" * 64), 7, fetch)


def test_old_policies_are_tidied_up(state: Path) -> None:
    for serial in range(5, 10):
        policy = Policy(serial, "enforce", {"policy.toml": f'mode = "enforce"\n# {serial}\n'})
        give(state, Bundle(1, policy), serial)
    assert len(list((state / "sync" / "policies").iterdir())) == 2


def test_a_pinned_key_that_is_none_is_told(state: Path) -> None:
    broken = msgspec.structs.replace(ENROLMENT, server_key="rubbish")
    with pytest.raises(BundleError, match="pinned key is none"):
        applying.opened(made(Bundle(1), 5), broken)


_TOUCHES = frozenset(("open", "os.rename", "os.remove", "os.mkdir", "os.symlink", "os.chmod", "shutil.rmtree"))


def killed(step: int, act: Callable[[], object]) -> bool:
    """Whether a process that does `act` was killed at its `step`th touch of the disk."""
    child = os.fork()
    if child == 0:  # pragma: no cover
        left = step

        def look(name: str, _: object) -> None:
            nonlocal left
            left -= name in _TOUCHES
            if left < 0:
                os._exit(9)

        sys.addaudithook(look)
        act()
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    return code == 9


@pytest.mark.parametrize("own", [False, True])
def test_killed_anywhere_it_is_the_old_or_the_new_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: bool
) -> None:
    """A folder of one's own cannot be exchanged for a link in one step: then what is put right comes a start later."""
    monkeypatch.setattr(applying, "_checked", in_process)
    first, second = (
        Bundle(1, MONITOR, (GRANTED,)),
        Bundle(1, ENFORCE, (), (Revoked(GRANTED.identity.fingerprint, NOW, "x"),)),
    )
    before = tmp_path / "before"
    before.mkdir()
    enrolment.save(before, ENROLMENT)
    give(before, first, 5)
    if own:
        (before / "policy").unlink()
        (before / "policy").mkdir()
        (before / "policy" / "policy.toml").write_text('mode = "monitor"\n')
    step, ends = 0, 0
    while not ends:
        state = tmp_path / "state"
        shutil.copytree(before, state, symlinks=True)
        ends = not killed(step, lambda state=state: give(state, second, 6))  # type: ignore[misc]
        text = (state / "policy" / "policy.toml").read_text() if (state / "policy").exists() else ""
        assert text in ('mode = "monitor"\n', 'mode = "enforce"\n', *([""] if own else [])), step
        assert held(state, ENROLMENT) is not None, step
        mend(state, ENROLMENT, NOW)
        assert load_folder(state / "policy").settings.mode in (Mode.MONITOR, Mode.ENFORCE), step
        assert give(state, second, 6).serial == 6
        assert (state / "policy" / "policy.toml").read_text() == 'mode = "enforce"\n'
        assert [each.revoked for each in approvals.load(state)] == [True]
        with pytest.raises(BundleError, match="older"):
            give(state, first, 5)
        shutil.rmtree(state)
        step += 1
    assert step > 15


def test_what_is_refused_or_cut_off_leaves_no_folder(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give(state, Bundle(1, MONITOR), 5)
    there = os.listdir(state / "sync" / "policies")
    wrong = Bundle(1, Policy(4, "enforce", {"policy.toml": "x = 1"}))
    for _ in range(3):
        with pytest.raises(BundleError):
            give(state, wrong, 6)
    gone = Bundle(1, ENFORCE, advisories="ab" * 32)

    def away(digest: str) -> bytes:
        raise StateError(digest)

    with pytest.raises(StateError):
        give(state, gone, 6, away)

    def slow(path: Path) -> str:
        raise StateError("the policy of the bundle could not be checked")

    monkeypatch.setattr(applying, "_checked", slow)
    with pytest.raises(StateError):
        give(state, Bundle(1, ENFORCE), 6)
    assert os.listdir(state / "sync" / "policies") == there
    assert in_force(state).serial == 5


def test_nothing_is_put_in_force_under_another_enrolment(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody leaves, or enrols elsewhere, while a policy is being checked."""

    def meanwhile(path: Path) -> str:
        with enrolment.changing(state):
            (state / "sync" / "enrolment.json").unlink()
            leave(state, NOW)
        return ""

    monkeypatch.setattr(applying, "_checked", meanwhile)
    with pytest.raises(StateError, match="another one now"):
        give(state, Bundle(1, ENFORCE, (GRANTED,)), 6)
    assert (in_force(state), (state / "policy").is_symlink(), approvals.load(state)) == (Applied(), False, ())
    assert os.listdir(state / "sync" / "policies") == []


def test_under_another_id_of_the_same_server_what_is_in_force_stays(state: Path) -> None:
    give(state, Bundle(1, ENFORCE, (GRANTED,)), 6)
    applying.stay(state)
    enrolment.save(state, msgspec.structs.replace(ENROLMENT, endpoint="e2"))
    other = msgspec.structs.replace(ENROLMENT, endpoint="e2")
    assert mend(state, other, NOW) == ()
    assert load_folder(state / "policy").settings.mode is Mode.ENFORCE
    with pytest.raises(BundleError, match="older"):
        apply(state, other, made(Bundle(1, MONITOR), 5, endpoint="e2"), nothing, NOW)
    # Of the same serial and another content: the bundle of another endpoint.
    assert apply(state, other, made(Bundle(1, MONITOR), 6, endpoint="e2"), nothing, NOW).serial == 6
    assert load_folder(state / "policy").settings.mode is Mode.MONITOR
    assert [each.revoked for each in approvals.load(state)] == [True]


def note(serial: int, issued: str, policy: Policy = MONITOR, endpoint: str = "e1") -> str:
    digest = hashlib.sha256(bundle.payload(Bundle(1, policy))).digest()
    return bundle.vouched(digest, serial, endpoint, SIGNER, issued)


def test_a_fresh_note_makes_what_is_in_force_younger(state: Path) -> None:
    give(state, Bundle(1, MONITOR), 5)
    before = in_force(state)
    found = applying.renew(state, ENROLMENT, note(7, "2026-11-22T00:00:00Z"))
    assert (found.serial, found.issued, found.bundle) == (7, "2026-11-22T00:00:00.000000Z", Bundle(1, MONITOR))
    assert applying.held(state, ENROLMENT) == found
    assert in_force(state) == msgspec.structs.replace(before, serial=7)
    with pytest.raises(BundleError, match="older"):
        give(state, Bundle(1, ENFORCE), 6)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (note(4, "2026-11-22T00:00:00Z"), "the bundle is older (4) than the one in force (5)"),
        (note(6, "2026-11-22T00:00:00Z", ENFORCE), "the bundle is not the one that was signed"),
        (note(6, "2026-11-22T00:00:00Z", endpoint="e2"), "the bundle is for another endpoint"),
        ("rubbish", "the bundle's signature does not hold"),
    ],
)
def test_a_note_of_something_else_changes_nothing(state: Path, text: str, told: str) -> None:
    give(state, Bundle(1, MONITOR), 5)
    before = applying.held(state, ENROLMENT)
    with pytest.raises(BundleError) as error:
        applying.renew(state, ENROLMENT, text)
    assert str(error.value).startswith(told)
    assert applying.held(state, ENROLMENT) == before


def test_an_old_note_makes_nothing_older(state: Path) -> None:
    give(state, Bundle(1, MONITOR), 5)
    new = applying.renew(state, ENROLMENT, note(5, "2026-11-22T00:00:00Z"))
    for issued in ("2026-11-21T00:00:00Z", "", "2026-11-22T00:00:00Z"):
        assert applying.renew(state, ENROLMENT, note(5, issued)) == new
    assert applying.held(state, ENROLMENT) == new


def test_a_note_without_a_bundle_is_for_nothing(state: Path) -> None:
    with pytest.raises(StateError, match="no bundle is held"):
        applying.renew(state, ENROLMENT, note(5, ""))

"""Events of launches, and answers to what could not be judged."""

from spawngate.endpoint.launching.desk import kept, nothing
from spawngate.model.decision import Verdict
from tests.endpoint.launching.offices import Office, said


def test_details() -> None:
    assert kept({"a": "", "b": [], "c": None, "d": 0, "e": False, "f": "\udc80"}) == {"d": 0, "e": False, "f": "\ufffd"}


def test_an_answer_that_starts_nothing() -> None:
    assert set(nothing("l", "f")) == {"launch", "fingerprint", "program", "probe", "confine", "drop", "relay"}


def test_ids_of_entries_are_no_secrets(office: Office) -> None:
    id_ = "0de7d0bcc7a8dae83f2042ff"
    (event,) = office.begin(entry=id_).events
    assert event.detail["entry"] == id_
    (other,) = office.begin(entry="ghp_abcdefghijklmnopqrstuvwxyz0123456789").events
    assert "ghp_" not in repr(other)


def test_policy_chooses_for_what_cannot_be_judged(office: Office) -> None:
    assert said(office.raw("call", b"{").reply)["verdict"] == "deny"
    office.use(not_understood=Verdict.ALLOW)
    assert said(office.raw("call", b"{").reply) == {"verdict": "allow", "message": ""}
    # A start of which nothing is known cannot be answered with how it should be done.
    assert said(office.raw("start", b"{").reply)["verdict"] == "deny"
    assert said(office.ask("call", launch="x", tool="t").reply)["verdict"] == "deny"
    office.monitor()
    assert said(office.ask("call", launch="x", tool="t").reply)["verdict"] == "allow"

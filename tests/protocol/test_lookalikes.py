"""Names that look like those of other servers."""

import time

import pytest

from spawngate.protocol.lookalikes import LookAlike, look_alikes


def both(kind: str, first: str, second: str) -> tuple[LookAlike, ...]:
    return tuple(sorted([LookAlike("a", first, "b", second, kind), LookAlike("b", second, "a", first, kind)]))


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("send_email", "send_email", "same-name"),
        ("send_email", "send-email", "confusable"),
        ("send_email", "Send_Email", "confusable"),
        ("send_email", "s\u0435nd_email", "confusable"),
        ("send_email", "send\u200b_email", "confusable"),
        ("send_email", "send_emial", "near"),
        ("send_email", "sendEmail", "confusable"),
        ("send_email", "send_emaill", "near"),
        ("delete_message", "delet_message", "near"),
        ("get_user", "set_user", ""),
        ("a_email", "an_email", ""),
        ("send_email", "send_emails", ""),
        ("query1", "query2", ""),
        ("get", "set", ""),
        ("read_file", "write_file", ""),
        ("search", "list", ""),
    ],
)
def test_two_servers(first: str, second: str, kind: str) -> None:
    assert look_alikes({"a": [first], "b": [second]}) == (both(kind, first, second) if kind else ())


def test_one_server_may_have_near_names_but_none_of_one_look() -> None:
    assert look_alikes({"a": ["send_email", "send_emial", "send-email"]}) == ()
    assert look_alikes({"a": ["send_email", "s\u0435nd_email"]}) == (
        LookAlike("a", "send_email", "a", "s\u0435nd_email", "confusable"),
        LookAlike("a", "s\u0435nd_email", "a", "send_email", "confusable"),
    )


def test_many_tools_are_compared_in_no_time() -> None:
    tools = {f"s{server}": [f"tool_of_{server}_number_{number}_x" for number in range(200)] for server in range(20)}
    start = time.process_time()
    look_alikes(tools)
    assert time.process_time() - start < 10

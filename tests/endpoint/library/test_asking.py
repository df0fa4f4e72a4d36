"""Questions of a start, as the daemon gets them; answers are seen in test_check.py."""

from pathlib import Path

import pytest

from spawngate.endpoint.daemon.ask import NoAnswerError
from spawngate.endpoint.library import asking
from tests.endpoint.library.answering import Daemon


def test_question(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path / "s", [b'{"a": 1}', b"7"])
    assert asking.question(tmp_path / "s", "call", {"b": 2}) == {"a": 1}
    with pytest.raises(NoAnswerError, match="answer is none"):
        asking.end(tmp_path / "s", "x", "why")
    daemon.end()
    assert [(asked.event, asked.payload) for asked in daemon.asked] == [
        ("call", b'{"b": 2}'),
        ("end", b'{"launch": "x", "reason": "why"}'),
    ]

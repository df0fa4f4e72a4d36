"""The lexer: strings, comments and names of many languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.unwrap.code_calls import LANGUAGES
from spawngate.command.unwrap.lexer import MAX_TOKENS, tokens


@pytest.mark.parametrize(
    ("language", "code", "expected"),
    [
        ("javascript", "a.b('x')", "name:a mark:. name:b mark:( text:x mark:)"),
        ("javascript", "// no\n`t` /* no */ 1", "text:t number:1"),
        ("javascript", "x = /'/; 'y'", "name:x mark:= mark:match mark:; text:y"),
        ("javascript", "a / b / 'c'", "name:a mark:/ name:b mark:/ text:c"),
        ("javascript", r"'a\x41\u0042\n\'", "text:aAB\n'"),
        ("javascript", "`a ${b} c`", "text:a $_ c"),
        ("perl", "q(a) qq{b $c} qw(d e)", "text:a text:b $_ mark:[ text:d mark:, text:e mark:, mark:]"),
        ("perl", "s/'/x/; 'y'", "mark:match mark:; text:y"),
        ("perl", "qx(rm x)", "ticks:rm x"),
        ("perl", r"'a\n'", r"text:a\n"),
        ("ruby", "%x(rm); %q(a); x % y", "ticks:rm mark:; text:a mark:; name:x mark:% name:y"),
        ("ruby", '"a#{b}" # no', "text:a$_"),
        ("php", "$a . 'b'", "name:$a mark:. text:b"),
        ("php", "\"a $b {$c} d\"", "text:a $_ $_ d"),
        ("lua", "[[a]] [==[b]]]==] -- no", "text:a text:b]]"),
        ("awk", '"a" | getline', "text:a mark:| name:getline"),
        ("lisp", "(a-b \"c\") ; no", "mark:( name:a-b text:c mark:)"),
        ("javascript", "'open", "text:open"),
        ("perl", "<<E\nx $y\nE\n1", "text:x $_\n number:1"),
    ],
)  # fmt: skip
def test_tokens(language: str, code: str, expected: str) -> None:
    assert " ".join(f"{token.kind}:{token.value}" for token in tokens(code, language)) == expected


@given(st.sampled_from(sorted(LANGUAGES)), st.text(alphabet="aq%/*-#'\"`<>{}[]()\\\n ;=$@x~s", max_size=60))
def test_any_text_has_an_end(language: str, code: str) -> None:
    found = tokens(code, language)
    assert len(found) <= MAX_TOKENS + len(code)
    assert all(token.kind in ("text", "ticks", "name", "number", "mark") for token in found)

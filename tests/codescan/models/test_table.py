"""Tables: each kind of value, and that what nobody took is an error."""

import pytest

from spawngate.codescan.models.document import ModelError, read_document
from spawngate.codescan.models.model import Language
from spawngate.codescan.models.table import Table


def table(text: str) -> Table:
    document = read_document("x.yaml", text)
    return Table(document.root, document)


def test_kinds_of_values() -> None:
    top = table("text: a\nfolded: >\n  b\n  c\nflag: true\nnumber: 3\none: x\nmany: [x, y]\nword: rust\n")
    assert top.text("text") == "a"
    assert top.text("folded") == "b c"
    assert top.flag("flag")
    assert top.number("number") == 3
    assert top.texts("one") == ("x",)
    assert top.texts("many") == ("x", "y")
    assert top.word("word", Language) is Language.RUST
    assert (top.flag("none"), top.number("none"), top.texts("none"), top.text("none", "d")) == (False, None, (), "d")
    top.done()


@pytest.mark.parametrize(
    ("text", "take", "problem"),
    [
        ("a: [1]", lambda t: t.text("a"), "must be a text"),
        ("a: ''", lambda t: t.text("a"), "must be a text"),
        ("a: true", lambda t: t.number("a"), "must be a whole number"),
        ("a: [b, 2]", lambda t: t.texts("a"), "must be a text or a list"),
        ("a: b\nc: d", lambda t: t.done(), "'a' is no key here"),
        ("a: b", lambda t: t.parsed("a", int), "invalid literal"),
    ],
)
def test_refused(text: str, take: object, problem: str) -> None:
    with pytest.raises(ModelError, match=problem):
        take(table(text))  # type: ignore[operator]  # a lambda of the table above

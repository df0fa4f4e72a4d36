"""Rows of words."""

from spawngate.provenance.phrases import LENGTH, all_phrases, phrases_of, telling
from spawngate.provenance.tokens import words_of

CODE = "import glyph.store as gs; gs.open('orders').drain(limit=4); gs.close(); print('drained all orders')"


def test_content_holds_the_phrases_of_its_code() -> None:
    words = words_of(f"To empty it, type\n    {CODE}\nand wait.")
    assert set(all_phrases(words_of(CODE))) <= phrases_of(words)


def test_plain_sentences_make_none() -> None:
    assert phrases_of(words_of("This is a sentence of many plain words that nobody would run")) == set()


def test_short_texts() -> None:
    assert all_phrases(words_of("only four words here")) == []
    assert len(all_phrases([b"a"] * LENGTH)) == 1


def test_telling() -> None:
    assert telling(words_of("glyph drained and print"))
    assert not telling(words_of("npm install and npm run build"))

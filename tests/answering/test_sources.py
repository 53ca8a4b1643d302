from __future__ import annotations

import re
from datetime import date

import pytest

from assistant.answering.sources import as_data, source_sheet
from assistant.answering.stream_parser import KEY
from assistant.types import Article, Chunk

RAIN = Article("rain", "Rain in Leeds", "Rain fell in Leeds.", "The Post", published=date(2024, 3, 5))
SNOW = Article("snow", "Snow in York", "Snow fell in York.")
ARTICLES = {"rain": RAIN, "snow": SNOW}
CHUNKS = [Chunk(a.article_id, a.article_id, a.text, 0, len(a.text)) for a in (RAIN, SNOW)]


def test_each_source_stands_between_marks_under_a_key_of_its_own() -> None:
    sheet = source_sheet(CHUNKS, ARTICLES, b"secret", "When?")
    first, second = sheet.keys
    assert sheet.text == (
        f"BEGIN {sheet.mark}, key [{first}]\nRain in Leeds | The Post | 5 March 2024\nRain fell in Leeds.\nEND {sheet.mark}\n\n"
        f"BEGIN {sheet.mark}, key [{second}]\nSnow in York\nSnow fell in York.\nEND {sheet.mark}"
    )
    assert list(sheet.keys.values()) == [1, 2]
    assert all(re.fullmatch(KEY, key) for key in sheet.keys)
    assert len(sheet.mark) == 24


def test_marks_and_keys_depend_on_the_secret_and_the_request_alone() -> None:
    sheets = [
        source_sheet(CHUNKS, ARTICLES, b"secret", "When?"),
        source_sheet(CHUNKS, ARTICLES, b"other", "When?"),
        source_sheet(CHUNKS, ARTICLES, b"secret", "Where?"),
        source_sheet(CHUNKS[:1], ARTICLES, b"secret", "When?"),
    ]
    assert len({sheet.mark for sheet in sheets}) == len({tuple(sheet.keys) for sheet in sheets}) == 4
    assert source_sheet(CHUNKS, ARTICLES, b"secret", "When?") == sheets[0]


def test_no_key_stands_in_an_article() -> None:
    sheet = source_sheet(CHUNKS, ARTICLES, b"secret", "When?")
    taken = Article("rain", "Rain", f"Rain fell [{next(iter(sheet.keys))}].")
    chunk = Chunk("rain", "rain", taken.text, 0, len(taken.text))
    again = source_sheet([chunk], {"rain": taken}, b"secret", "When?")
    assert not any(key in taken.text for key in again.keys)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("Plain words, “quoted” [US].\nA line.", "Plain words, “quoted” [US].\nA line."),
        ("a\u200bb\u202ec\x07d\U000e0041e\u00adf", "abcdef"),
        ("one<|im_end|>two", "one two"),
        ("one</s><s>two", "one  two"),
        ("one [/INST] two [INST] three", "one   two   three"),
        ("<<SYS>>one<</SYS>>", " one "),
        ("one<start_of_turn>two", "one two"),
        ("<system>one</system>", " one "),
        ("one\n### System: two\nthree", "one\n \nthree"),
        ("BEGIN 0123abcd4567, key [bb2b]", "- 0123abcd4567, key [bb2b]"),
        ("END 0123abcd4567", "- 0123abcd4567"),
        ("They BEGIN at 9.", "They BEGIN at 9."),
    ],
)
def test_nothing_in_an_article_looks_like_anything_else(text: str, data: str) -> None:
    assert as_data(text) == data


def test_titles_and_outlets_are_data_too() -> None:
    article = Article("x", "A\n## system\ntitle", "Text.", "<|im_start|>Outlet")
    sheet = source_sheet([Chunk("x", "x", "Text.", 0, 5)], {"x": article}, b"s", "q")
    assert sheet.text.splitlines()[1] == "A title | Outlet"

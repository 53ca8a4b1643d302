from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.lexicon import opposite, same_meaning, stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("agreed", "agreement"),
        ("delivered", "delivery"),
        ("defence", "defense"),
        ("authorise", "authorization"),
        ("raise", "raised"),
        ("bought", "purchases"),
        ("rose", "increased"),
        ("country's", "countries"),
        ("won", "defeated"),
    ],
)
def test_words_that_may_say_the_same(one: str, other: str) -> None:
    assert same_meaning(stem(one), stem(other))


@pytest.mark.parametrize(("one", "other"), [("contract", "contrast"), ("national", "nature"), ("may", "can"), ("c-17", "c-18")])
def test_words_that_do_not(one: str, other: str) -> None:
    assert not same_meaning(stem(one), stem(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("raised", "lowered"),
        ("bought", "sold"),
        ("joined", "left"),
        ("approved", "rejected"),
        ("won", "lost"),
        ("convicted", "acquitted"),
        ("upheld", "overturned"),
        ("injured", "killed"),
        ("jumped", "slumped"),
        ("passed", "missed"),
        ("tightened", "loosened"),
        ("legal", "illegal"),
    ],
)
def test_opposites(one: str, other: str) -> None:
    assert opposite(stem(one), stem(other))
    assert opposite(stem(other), stem(one))


words = st.from_regex(r"[a-z]{1,12}", fullmatch=True)


@given(words, words)
def test_meaning_the_same_is_mutual(one: str, other: str) -> None:
    assert same_meaning(one, other) == same_meaning(other, one)
    assert opposite(one, other) == opposite(other, one)
    assert same_meaning(one, one)


@given(st.text(max_size=30))
def test_any_word_has_a_stem(word: str) -> None:
    assert len(stem(word)) <= len(word) + 2

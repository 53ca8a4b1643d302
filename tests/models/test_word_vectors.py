from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.word_vectors import nearest


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("soldiers", "troops", "cheese"),
        ("bought", "purchase", "minister"),
        ("Sang", "music", "treaty"),
        ("interoperability", "interoperable", "garden"),
    ],
)
def test_words_of_like_meaning_are_near(word: str, near: str, far: str) -> None:
    assert nearest(word, [near]) > 0.15 + nearest(word, [far])
    assert nearest(word, [far, near]) == pytest.approx(nearest(word, [near]), abs=1e-5)


def test_a_word_is_nearest_to_itself() -> None:
    assert nearest("ferry", ["boat", "Ferry"]) == pytest.approx(1, abs=1e-3)


def test_without_words_nothing_is_near() -> None:
    assert nearest("ferry", []) == -1


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=4))
def test_it_is_a_cosine_whatever_the_words(word: str, others: list[str]) -> None:
    assert -1.001 <= nearest(word, others) <= 1.001

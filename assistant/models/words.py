"""Common English words, from the vocabulary that comes with the packaged embedding model."""

from __future__ import annotations

from functools import cache

from assistant.models.weights import MINILM


@cache
def common_words() -> frozenset[str]:
    """About 20,000 words in lower case, the commonest of English: the vocabulary's entries that are whole words.

    Raises:
        ModelUnavailable: the package is missing or not the pinned one.
    """
    lines = (MINILM.locate() / "vocab.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line.isalpha())
